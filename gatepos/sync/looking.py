"""Looking whether something outside answers, by verified TLS, under a deadline, and sending nothing."""

import ssl
import threading
from collections.abc import Callable
from http.client import HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from gatepos import __version__

DEADLINE_S = 5.0
_FIRST_BROKEN = 500
_WORLD = (OSError, HTTPException, ValueError, OverflowError)
"""What names, networks and others' servers do; a name or a port that is none is one of them."""


class Looker:
    """Looks once when asked, on a thread that is left alone at the deadline: a stalled name is no wait."""

    def __init__(self, context: ssl.SSLContext | None = None, deadline_s: float = DEADLINE_S):
        self._context = context
        self._deadline_s = deadline_s
        self._ended = threading.Event()

    def reaches(self, server: str) -> bool:
        """Whether a server, `host` or `host:port`, proves by a TLS handshake that it is itself."""
        return self._within(lambda: self._handshake(server))

    def answers(self, address: str) -> bool:
        """Whether the server of an HTTPS address proves itself and answers, be it that it wants more."""
        return self._within(lambda: self._answer(address))

    def stop(self) -> None:
        """Wait for nothing that is under way."""
        self._ended.set()

    def _handshake(self, server: str) -> bool:
        connection = self._connection(server)
        try:
            connection.connect()
        finally:
            connection.close()
        return True

    def _answer(self, address: str) -> bool:
        parts = urlsplit(address)
        connection = self._connection(parts.netloc)
        try:
            connection.request("GET", parts.path or "/", headers={"User-Agent": f"gatepos/{__version__}"})
            return connection.getresponse().status < _FIRST_BROKEN
        finally:
            connection.close()

    def _connection(self, server: str) -> HTTPSConnection:
        # Made when it is needed: a till whose list of authorities is damaged starts, and sells.
        context = self._context or ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)
        return HTTPSConnection(server, timeout=self._deadline_s, context=context)

    def _within(self, look: Callable[[], bool]) -> bool:
        found: list[bool] = []
        self._ended = ended = threading.Event()

        def run() -> None:
            try:
                found.append(look())
            except _WORLD:
                found.append(False)
            finally:
                ended.set()

        threading.Thread(target=run, name="look outside", daemon=True).start()
        ended.wait(self._deadline_s)
        return found == [True]

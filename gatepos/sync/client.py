"""Asking central: deadlines and limits on everything, no proxy, no redirect, one request in flight."""

import base64
import socket
import ssl
import threading
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import quote

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as SilentError
from urllib3.poolmanager import PoolManager

from gatepos import __version__
from gatepos.domain import moments
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.seal import keys
from gatepos.sync.address import Address, check_url
from gatepos.wire import forms, gzipped

_PIECE = 64 * 1024
_PACKED = {"Content-Type": "application/json", "Content-Encoding": "gzip"}


class NoAnswer(Trouble):
    """Nothing came back, or not all of it: whether central heard is not known."""

    says = N_("Central does not answer ({why}). What is recorded waits.")


class NotReached(NoAnswer):
    """Nobody listens at central's address, or no line leads there."""

    says = N_("Nothing answers at central's address. What is recorded waits.")


class TooSlow(NoAnswer):
    """It took longer than anybody waits."""

    says = N_("Central answers too slowly. What is recorded waits.")


class LineNotSecure(NoAnswer):
    """Whoever listens at central's address could not prove to be there: nothing was said to them."""

    says = N_(
        "Central's certificate does not hold ({why}). Nothing is sent, and what is recorded waits: look at"
        " this machine's clock, then call the office."
    )


class AnswerTooLarge(Trouble):
    """An answer of more than was agreed, packed or unpacked."""

    says = N_("An answer came that is too large to be central's. It was left alone.")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take: to connect, for the next byte, and in all."""

    connect_s: float = 5
    read_s: float = 15
    total_s: float = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whoever sent it; `asked_ms` is its Retry-After."""

    status: int
    data: bytes = field(repr=False)
    asked_ms: int = 0


class Client:
    """Central as a till calls it; every call on one thread, `stop` from any."""

    def __init__(self, address: Address, limits: Limits | None = None):
        check_url(address.url)
        self._url = address.url
        self._limits = limits or Limits()
        self._certificate = {forms.CERTIFICATE_HEADER: base64.b64encode(address.certificate).decode()}
        self._line = _Line()
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = str(address.authorities) if address.authorities else True
        self._session.mount("http://", _Adapter(self._line))
        self._session.mount("https://", _Adapter(self._line))
        self._session.headers = {  # type: ignore[assignment]
            **({"Authorization": f"Bearer {address.token}"} if address.token else {}),
            **({forms.CENTRAL_HEADER: keys.kid_of(address.key).hex()} if address.key else {}),
            "Accept-Encoding": "gzip",
            "User-Agent": f"gatepos/{__version__}",
        }

    def believe(self, key: bytes) -> None:
        """Central speaks with another key from now on."""
        self._session.headers[forms.CENTRAL_HEADER] = keys.kid_of(key).hex()

    def push(self, till: str, packed: bytes, *, is_known: bool = True) -> Answer:
        """Send a stretch of a journal, gzipped, with the certificate unless central knows the till.

        NoAnswer, AnswerTooLarge.
        """
        return self._sent(f"/v1/tills/{till}/entries", packed, {} if is_known else self._certificate)

    def enrol(self, body: bytes) -> Answer:
        """Ask to join, which needs no token; NoAnswer, AnswerTooLarge."""
        return self._sent("/v1/enrol", gzipped.packed(body), {})

    def feed(self, feed: str, after: int, heard_ms: int = 0) -> Answer:
        """Ask for the page of a feed after a version, told by `heard_ms`; NoAnswer, AnswerTooLarge."""
        return self._asked("GET", _page(feed, after, heard_ms), None, {})

    def remind(self, feed: str, data: bytes, after: int, heard_ms: int) -> Answer:
        """The same, and show a page that central signed and may have forgotten; NoAnswer, AnswerTooLarge."""
        return self._sent(_page(feed, after, heard_ms), gzipped.packed(data), {})

    def entries(self, till: str, after: int) -> Answer:
        """Ask for the till's own entries after a position; NoAnswer, AnswerTooLarge."""
        return self._asked("GET", f"/v1/tills/{till}/entries?after={after}", None, {})

    def ask_phone(self, till: str, body: bytes) -> Answer:
        """Have a phone asked to pay; NoAnswer, AnswerTooLarge."""
        return self._sent(f"/v1/tills/{till}/stk", gzipped.packed(body), {})

    def phone_asked(self, till: str, request: str) -> Answer:
        """Ask what became of it; NoAnswer, AnswerTooLarge."""
        return self._asked("GET", f"/v1/tills/{till}/stk/{quote(request, safe='')}", None, {})

    def stop(self) -> None:
        """Cut what is under way, and ask nothing any more."""
        self._line.end()

    def _sent(self, path: str, packed: bytes, headers: dict[str, str]) -> Answer:
        return self._asked("POST", path, packed, {**_PACKED, **headers})

    def _asked(self, method: str, path: str, packed: bytes | None, headers: dict[str, str]) -> Answer:
        deadline = threading.Timer(self._limits.total_s, self._line.cut)
        deadline.daemon = True
        self._line.begin()
        deadline.start()
        try:
            return self._answered(method, path, packed, headers)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _named(error, is_cut=self._line.is_cut) from error
        finally:
            deadline.cancel()

    def _answered(self, method: str, path: str, packed: bytes | None, headers: dict[str, str]) -> Answer:
        with self._session.request(
            method,
            self._url + path,
            data=packed,
            headers=headers,
            timeout=(self._limits.connect_s, self._limits.read_s),
            allow_redirects=False,
            stream=True,
        ) as response:
            data = _read(response)
            if self._line.is_cut:
                raise TimeoutError
            return Answer(response.status_code, data, _asked_ms(response))


def _page(feed: str, after: int, heard_ms: int) -> str:
    heard = f"&heard={moments.to_text(heard_ms)}" if heard_ms else ""
    return f"/v1/feeds/{feed}?after={after}{heard}"


class _Line:
    """The socket of the request in flight, so that another thread can end it."""

    def __init__(self) -> None:
        self.is_cut = False
        self._is_ended = False
        self._held: socket.socket | None = None
        self._lock = threading.Lock()

    def begin(self) -> None:
        """A request begins; NoAnswer after the end."""
        with self._lock:
            if self._is_ended:
                raise NoAnswer(why="stopped")
            self.is_cut = False

    def hold(self, sock: socket.socket) -> None:
        """A connection was made; a second handle on it stays valid whatever TLS makes of the first."""
        with self._lock:
            if self._held is not None:
                self._held.close()
            self._held = sock.dup()
            if self.is_cut:
                self._shut()

    def cut(self) -> None:
        """End the request in flight, if there is one; a connection that is cut is never used again."""
        with self._lock:
            self.is_cut = True
            self._shut()

    def end(self) -> None:
        """Cut, and let nothing begin."""
        with self._lock:
            self._is_ended = self.is_cut = True
            self._shut()
            if self._held is not None:
                self._held.close()
                self._held = None

    def _shut(self) -> None:
        if self._held is not None:
            try:
                self._held.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended by itself


class _Adapter(HTTPAdapter):
    """Makes connections that a line can cut."""

    def __init__(self, line: _Line):
        self._line = line
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: object, **values: object) -> None:
        super().init_poolmanager(*args, **values)  # type: ignore[arg-type]
        line, manager = self._line, self.poolmanager

        class Plain(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                line.hold(made)
                return made

        class Secure(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                made = super()._new_conn()
                line.hold(made)
                return made

        class PlainPool(HTTPConnectionPool):
            ConnectionCls = Plain

        class SecurePool(HTTPSConnectionPool):
            ConnectionCls = Secure

        assert isinstance(manager, PoolManager)
        manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}


def _named(error: Exception, *, is_cut: bool) -> NoAnswer:
    """What a failed request is called before the clerk."""
    doubt = _doubt(error)
    if doubt is not None:
        return LineNotSecure(why=doubt.verify_message)
    if is_cut or isinstance(error, (requests.Timeout, SilentError, TimeoutError)):
        return TooSlow()
    cause = error.args[0] if error.args else None
    if isinstance(getattr(cause, "reason", None), NewConnectionError):
        return NotReached()
    return NoAnswer(why=type(error).__name__)


def _doubt(error: BaseException | None) -> ssl.SSLCertVerificationError | None:
    """The doubt about a certificate from which an error came."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error


def _read(response: requests.Response) -> bytes:
    """The whole answer; AnswerTooLarge, NoAnswer."""
    packed = bytearray()
    for piece in response.raw.stream(_PIECE, decode_content=False):
        packed += piece
        if len(packed) > forms.DECODED_MAX:
            raise AnswerTooLarge()
    coding = response.headers.get("Content-Encoding", "identity").lower()
    if coding == "identity":
        return bytes(packed)
    if coding != "gzip":
        raise NoAnswer(why=coding[:20])
    try:
        return gzipped.unpacked(bytes(packed), forms.DECODED_MAX)
    except gzipped.TooLarge as error:
        raise AnswerTooLarge() from error
    except gzipped.NotWhole as error:
        raise NoAnswer(why="not whole gzip") from error


def _asked_ms(response: requests.Response) -> int:
    """The wait an answer asks for, ms: in seconds, or until a moment by the clock of who answers."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return int(said[:9]) * 1000
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(response.headers["Date"])
    except (ValueError, KeyError, TypeError):
        return 0
    return max(0, int(wait.total_seconds() * 1000))

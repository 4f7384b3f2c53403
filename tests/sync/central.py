"""A small honest central on loopback, and what may go wrong on the way to it."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler

from gatepos.domain import entry as entries
from gatepos.domain.keyring import KeyRow
from gatepos.seal import entries as entry_seal
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.wire import push as wire
from gatepos.wire.push import Push
from tests import loopback

TOKEN = "canary-7Q2K44MX"
AT = "2026-01-02T07:31:00.000Z"


@dataclass(slots=True)
class Reply:
    """What goes back; `data` None closes the line without a word, `drip` sends it byte by byte, for ever."""

    status: int
    data: bytes | None
    headers: dict[str, str] = field(default_factory=dict)
    drip: bool = False


Honest = Callable[[], Reply]
Fault = Callable[[Honest], Reply]
"""Makes a reply in place of the honest one, which it may ask for first."""


class Central:
    """Keeps what tills send; the next requests meet its `faults`, one each."""

    def __init__(self, till: str, public: bytes) -> None:
        self.key = TillKey(b"\x11" * 32)
        self.till = till
        self.faults: list[Fault] = []
        self.seen: list[Push] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.stored: list[tuple[bytes, bytes]] = []
        self.flags: list[dict[str, object]] = []
        self.outside: list[dict[str, object]] = []
        self.heard = threading.Condition()
        self.dripping = threading.Event()
        self._public = public

    @property
    def head(self) -> int:
        """The last entry it has."""
        return len(self.stored)

    @property
    def head_hash(self) -> bytes:
        """Its hash."""
        if not self.stored:
            return entries.genesis(self.till, self._public)
        return entries.hash_of(self.stored[-1][0])

    def answer(self, push: Push) -> Reply:
        """What an honest central does with a push."""
        if push.from_seq > self.head:
            return self.error(409, "behind", head=self.head, head_hash=self.head_hash.hex())
        for seq, (raw, sig) in enumerate(push.entries, push.from_seq + 1):
            if not entry_seal.holds(self._public, entries.hash_of(raw), sig):
                return self.error(422, "not_authentic")
            if seq == self.head + 1:
                if entries.prev_of(raw) != self.head_hash:
                    return self.error(422, "not_authentic")
                self.stored.append((raw, sig))
        return self.ack(self.head, self.head_hash)

    def ack(self, seq: int, hash_: bytes, key: TillKey | None = None, to: str = "") -> Reply:
        """A signed acknowledgement."""
        fields: dict[str, object] = {
            "kind": "ack", "for": to or self.till, "acked": seq, "acked_hash": hash_.hex(),
            "flagged": list(self.flags), "outside": list(self.outside), "at": AT,
        }  # fmt: skip
        return Reply(200, said.say(key or self.key, fields).body())

    def error(self, status: int, name: str, head: int | None = None, head_hash: str | None = None) -> Reply:
        """A signed error."""
        fields: dict[str, object] = {
            "kind": "error", "for": self.till, "error": name, "says": name, "head": head,
            "head_hash": head_hash, "at": AT,
        }  # fmt: skip
        return Reply(status, said.say(self.key, fields).body())

    def certificate(self, row: KeyRow, token: str = TOKEN) -> bytes:
        """What a till got when it joined."""
        fields: dict[str, object] = {
            "kind": "certificate", "for": row.till, "certificate": row.certificate(), "token": token,
            "central_key": self.key.public.hex(), "at": AT,
        }  # fmt: skip
        return said.say(self.key, fields).body()

    def reply(self, path: str, headers: dict[str, str], body: bytes) -> Reply:
        """What comes back over the line, faults and all."""
        with self.heard:
            self.paths.append(path)
            self.headers.append(headers)
            push = wire.read(gzip.decompress(body))
            self.seen.append(push)
            fault = self.faults.pop(0) if self.faults else None
            honest: Honest = partial(self.answer, push)
            if headers.get("Authorization") != f"Bearer {TOKEN}":
                found = Reply(401, b"")
            else:
                found = fault(honest) if fault else honest()
            self.heard.notify_all()
            return found

    def has(self, seq: int) -> bool:
        """Wait until it has everything up to a position."""
        with self.heard:
            return self.heard.wait_for(lambda: self.head >= seq, 20)

    def was_asked(self, times: int) -> bool:
        """Wait until it was asked so often."""
        with self.heard:
            return self.heard.wait_for(lambda: len(self.seen) >= times, 20)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its address, for as long as it listens."""
        central = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reply = central.reply(self.path, dict(self.headers), body)
                if reply.data is None:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.data)))
                self.end_headers()
                self.wfile.write(reply.data[: 1 if reply.drip else None])
                if reply.drip:
                    self.wfile.flush()
                    central.dripping.set()
                    self.connection.recv(1)  # until the other side ends

            def do_GET(self) -> None:
                central.paths.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        with loopback.listening(Handler) as url:
            yield url

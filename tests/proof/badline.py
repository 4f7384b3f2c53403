"""A line between a till and its central that does what lines do: loses, doubles, delays, cuts, and lies."""

import contextlib
import gzip
import itertools
import os
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler
from urllib.parse import urlsplit

from gatepos.wire import forms
from tests import loopback

STRAIGHT = 0.4
"""The share of requests and answers that come through as they are."""
_RESET = struct.pack("ii", 1, 0)
_KEPT_MAX = 50
_FOR_CENTRAL = (
    "Authorization",
    "Content-Type",
    "Content-Encoding",
    "Accept-Encoding",
    forms.CERTIFICATE_HEADER,
)
_HTML = b"<!doctype html><title>Hotel Wi-Fi</title><p>Room number, please."
_BOMB = gzip.compress(bytes(64 * 1024 * 1024))


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back."""

    status: int
    data: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """Stands between; `faults` are what befalls each request.

    `meanwhile` is done while an answer is held back, `lies` are others' answers.
    """

    chance: random.Random
    faults: "Iterator[Fault]"
    central: str = ""
    meanwhile: Callable[[], object] = lambda: None
    lies: Sequence[bytes] = ()
    met: "Counter[str]" = field(default_factory=Counter)
    paths: set[str] = field(default_factory=set)
    answers: list[Reply] = field(default_factory=list)
    held: "list[Call]" = field(default_factory=list)

    def carry(self, call: "Call") -> None:
        """One request, with what befalls it; then perhaps one that was held back arrives after all."""
        fault = next(self.faults)
        self.met[fault.__name__] += 1
        self.paths.add(call.path)
        late = self.held.pop(0) if self.held and self.chance.random() < 0.5 else None
        fault(call)
        if late is not None:
            late.asked()

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its address, for as long as it listens."""
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle(self) -> None:
                with contextlib.suppress(OSError, HTTPException):  # the till has hung up, or central
                    super().handle()

            def do_POST(self) -> None:
                line.carry(Call(line, self))

            def do_GET(self) -> None:
                line.paths.add(f"GET {self.path}")
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        with loopback.listening(Handler) as url:
            yield url


class Call:
    """One request of the till: what of it reaches central, and what comes back."""

    def __init__(self, line: Line, handler: BaseHTTPRequestHandler):
        self.line = line
        self.path = handler.path
        self._handler = handler
        self._headers = {name: handler.headers[name] for name in _FOR_CENTRAL if name in handler.headers}
        self._body: bytes | None = None

    def body(self) -> bytes:
        """All that the till sent."""
        if self._body is None:
            self._body = self._handler.rfile.read(int(self._handler.headers["Content-Length"]))
        return self._body

    def asked(self, piece: int = 1 << 20) -> Reply:
        """Central's answer to the whole request, sent in pieces of so many bytes."""
        with self._connected(self.body()) as central:
            for at in range(0, len(self.body()), piece):
                central.send(self.body()[at : at + piece])
            answer = central.getresponse()
            named = ("Content-Type", "Content-Encoding", "Retry-After")
            headers = {name: value for name in named if (value := answer.getheader(name))}
            reply = Reply(answer.status, answer.read(), headers)
        self.line.answers = [*self.line.answers[-_KEPT_MAX:], reply]
        return reply

    def asked_in_part(self, share: float) -> None:
        """Central hears the beginning of a request, and then nobody."""
        with self._connected(self.body()) as central:
            central.send(self.body()[: int(len(self.body()) * share)])

    def answer(self, reply: Reply, piece: int = 1 << 20, share: float = 1) -> None:
        """Give the till an answer, in pieces of so many bytes, or only a share of it."""
        head = [f"HTTP/1.1 {reply.status} X", f"Content-Length: {len(reply.data)}"]
        head += [f"{name}: {value}" for name, value in reply.headers.items()]
        data = "\r\n".join([*head, "", ""]).encode() + reply.data
        for at in range(0, int(len(data) * share), piece):
            self._handler.wfile.write(data[at : min(at + piece, int(len(data) * share))])
        if share < 1:
            self.hang_up()

    def hang_up(self) -> None:
        """End the connection in order."""
        self._handler.close_connection = True

    def reset(self) -> None:
        """End the connection as a machine does that has forgotten it."""
        self.hang_up()
        self._handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        os.close(self._handler.connection.detach())

    def half_close(self) -> None:
        """Say no more, and listen until the till ends it."""
        self._handler.connection.shutdown(socket.SHUT_WR)
        self.stall()

    def stall(self) -> None:
        """Neither say nor end anything, until the till gives up."""
        self.hang_up()
        while self._handler.connection.recv(1024):
            pass

    @contextmanager
    def _connected(self, body: bytes) -> Iterator[HTTPConnection]:
        central = HTTPConnection(urlsplit(self.line.central).netloc, timeout=60)
        try:
            central.putrequest("POST", self.path)
            for name, value in {**self._headers, "Content-Length": str(len(body))}.items():
                central.putheader(name, value)
            central.endheaders()
            yield central
        finally:
            central.close()


Fault = Callable[[Call], None]


def drawn(chance: random.Random) -> Iterator[Fault]:
    """Now this, now that."""
    while True:
        yield come_through if chance.random() < STRAIGHT else chance.choice(FAULTS)


def then_well(*faults: Fault) -> Iterator[Fault]:
    """These, and nothing after them."""
    return itertools.chain(faults, itertools.repeat(come_through))


def come_through(call: Call) -> None:
    """Nothing goes wrong."""
    call.answer(call.asked())


def reset_at_once(call: Call) -> None:
    """The connection ends while the till still sends."""
    call.reset()


def lose_request(call: Call) -> None:
    """Central never hears of it."""
    call.body()
    call.hang_up()


def cut_request(call: Call) -> None:
    """Central hears a part."""
    call.asked_in_part(call.line.chance.random())
    call.reset()


def reset_after_sending(call: Call) -> None:
    """Central did it, and the connection is reset."""
    call.asked()
    call.reset()


def lose_answer(call: Call) -> None:
    """Central did it, and the connection ends."""
    call.asked()
    call.hang_up()


def cut_answer(call: Call) -> None:
    """A part of the answer comes."""
    call.answer(call.asked(), share=call.line.chance.random())


def half_close(call: Call) -> None:
    """Central did it, and one half of the connection ends."""
    call.asked()
    call.half_close()


def stall(call: Call) -> None:
    """Central did it, and the line stands still."""
    call.asked()
    call.stall()


def double(call: Call) -> None:
    """Central hears it twice at once."""
    call.body()
    other = threading.Thread(target=call.asked)
    other.start()
    reply = call.asked()
    other.join()
    call.answer(reply)


def repeat(call: Call) -> None:
    """Central hears it again when it has answered."""
    call.asked()
    call.answer(call.asked())


def hold_back(call: Call) -> None:
    """Central hears it after one that the till sends later."""
    call.body()
    call.line.held.append(call)
    call.answer(Reply(502, _HTML))


def delay(call: Call) -> None:
    """The answer comes when the till has sold more."""
    reply = call.asked()
    call.line.meanwhile()
    call.answer(reply)


def trickle(call: Call) -> None:
    """A few bytes at a time, there and back."""
    call.answer(call.asked(piece=100), piece=3)


def page(call: Call) -> None:
    """A page to sign in to somebody's network."""
    call.answer(Reply(200, _HTML, {"Content-Type": "text/html"}))


def broken(call: Call) -> None:
    """A proxy that is broken, after central did it."""
    call.asked()
    call.answer(Reply(500, _HTML))


def busy(call: Call) -> None:
    """Somebody asks to come later."""
    call.answer(Reply(429, b"", {"Retry-After": str(call.line.chance.randrange(900))}))


def bomb(call: Call) -> None:
    """A small answer that unpacks to a large one."""
    call.answer(Reply(200, _BOMB, {"Content-Encoding": "gzip"}))


def flood(call: Call) -> None:
    """An answer that is too large as it is."""
    call.answer(Reply(200, bytes(2 * forms.DECODED_MAX)))


def redirect(call: Call) -> None:
    """Another address, without TLS."""
    call.answer(Reply(307, b"", {"Location": f"http://{call._handler.headers['Host']}/elsewhere"}))


def repeat_old(call: Call) -> None:
    """An answer that central gave some time before."""
    call.answer(call.line.chance.choice(call.line.answers or [Reply(500, b"")]))


def lie(call: Call) -> None:
    """An answer that is another's, or for another."""
    call.answer(Reply(200, call.line.chance.choice(call.line.lies)))


def babble(call: Call) -> None:
    """Something that is not HTTP."""
    call._handler.wfile.write(call.line.chance.randbytes(200))
    call.hang_up()


FAULTS: tuple[Fault, ...] = (
    reset_at_once, lose_request, cut_request, reset_after_sending, lose_answer, cut_answer, half_close, stall,
    double, repeat, hold_back, delay, trickle, page, broken, busy, bomb, flood, redirect, repeat_old, lie,
    babble,
)  # fmt: skip

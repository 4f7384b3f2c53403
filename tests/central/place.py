"""A central for tests: the real one over a real database, spoken to over HTTP as tills do."""

import base64
import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import httpx2 as httpx
import sqlalchemy
import uvicorn
from fastapi import FastAPI
from starlette.testclient import TestClient

from gatepos.central import api, enrolling
from gatepos.central.central import Central
from gatepos.central.store import cases, tills
from gatepos.central.store.engine import Store
from gatepos.domain import canonical, tables
from gatepos.domain import entry as entries
from gatepos.domain.keyring import KeyRow
from gatepos.seal import entries as entry_seal
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from gatepos.wire import forms, push
from gatepos.wire.bundle import Pair
from gatepos.wire.push import Push
from tests.gate import FixedClock

CENTRAL_KEY = TillKey(b"\x51" * 32)
PLACE = ("NNP", "MAIN", "2")
Fields = dict[str, object]


@dataclass
class Place:
    """A central and what tests ask of it."""

    store: Store
    is_sqlite: bool = True
    is_demo: bool = True
    clock: FixedClock = field(default_factory=FixedClock)
    folder: Path = Path("nowhere")
    """Where its key lies."""

    def __post_init__(self) -> None:
        if self.is_demo:
            with self.store.writing() as tx:
                tills.make_demo(tx)
        self.app = api.application(self.store, CENTRAL_KEY, self.clock)
        self.http: httpx.Client = TestClient(self.app)
        self.quiet = TestClient(self.app, raise_server_exceptions=False)
        self.central = cast(Central, self.app.state.central)

    def beside(self) -> FastAPI:
        """The same central once more, for a server: the locks of an application belong to one loop."""
        return api.application(self.store, CENTRAL_KEY, self.clock)

    def code(self, till: str | None = None, place: tuple[str, str, str] = PLACE) -> str:
        """An enrolment code."""
        return enrolling.new_code(self.store, CENTRAL_KEY, place, till, self.clock.wall_ms())

    def enrol(self, code: str, key: TillKey, till: str | None = None) -> httpx.Response:
        """A till asks to join."""
        return self.http.post("/v1/enrol", content=forms.dump(asked(code, key, till)))

    def own(self, token: str, till: str, after: int) -> Push:
        """A till's own entries back."""
        answer = self.http.get(f"/v1/tills/{till}/entries?after={after}", headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return push.read(answer.content)

    def joined(self, row: KeyRow, key: TillKey) -> bytes:
        """A till joins under its own code and place; its certificate as it came."""
        code = self.code(row.till, (row.park, row.gate, row.lane))
        answer = self.enrol(code, key, row.till)
        assert answer.status_code == 200, answer.text
        return answer.content

    def push(self, till: str, token: str, sent: Push, certificate: bytes | None = None) -> httpx.Response:
        """A till sends a stretch of its journal, packed as tills do."""
        headers = {**bearer(token), "Content-Encoding": "gzip"}
        if certificate is not None:
            headers[forms.CERTIFICATE_HEADER] = base64.b64encode(certificate).decode()
        content = gzip.compress(push.body(sent), 1)
        return self.http.post(f"/v1/tills/{till}/entries", content=content, headers=headers)

    def ack(self, till: str, answer: httpx.Response) -> tuple[int, str, list[Fields]]:
        """What an acknowledgement says."""
        assert answer.status_code == 200, answer.text
        fields = said.read(CENTRAL_KEY.public, "ack", till, answer.content)
        return (
            cast(int, fields["acked"]),
            str(fields["acked_hash"]),
            cast("list[Fields]", fields["flagged"]),
        )

    def error(self, answer: httpx.Response, to: str = "*") -> Fields:
        """What an error says."""
        return said.read(CENTRAL_KEY.public, "error", to, answer.content)

    def feed(self, token: str, feed: str, after: int = 0, heard_at: str = "") -> Fields:
        """A page of a feed."""
        heard = f"&heard={heard_at}" if heard_at else ""
        answer = self.http.get(f"/v1/feeds/{feed}?after={after}{heard}", headers=bearer(token))
        assert answer.status_code == 200, answer.text
        return said.read(CENTRAL_KEY.public, "feed", "NNP", answer.content)

    def books(self, till: str | None = None) -> bytes:
        """All books in order of their keys, byte for byte as a till's are; or those of one till."""
        lines: list[str] = []
        with self.store.reading() as tx:
            for table in tables.TABLES:
                columns = ", ".join(column.name for column in table.columns)
                rows = map(tuple, tx.rows(f"SELECT {columns} FROM {table.name} ORDER BY till, seq, line"))
                found = sorted((row for row in rows if till in (None, row[0])), key=lambda row: row[:3])
                lines += [f"{table.name} {row!r}" for row in found]
        return "\n".join(lines).encode()

    def behind(self) -> int:
        """How many entries the books lack."""
        return int(self.http.get("/healthz").json()["behind"])

    def matters(self) -> list[tuple[str, str, int]]:
        """What a person is to look into."""
        with self.store.reading() as tx:
            return [(one.till, one.what, one.first_seq) for one in cases.open_cases(tx, None)]

    def forget(self) -> None:
        """As a backup from before any till."""
        with self.store.writing() as tx:
            names = ["till", "branch", "flag", "feed", "feed_row", *(table.name for table in tables.TABLES)]
            for name in names:
                tx.write(f"DELETE FROM {name}")
            if self.is_sqlite:
                tx.write("DROP TRIGGER journal_no_delete")
                tx.write("DELETE FROM journal")
            else:
                tx.write("TRUNCATE journal")

    def break_storage(self) -> None:
        """No commit is sure from now on."""
        sqlalchemy.event.listen(self.store._engine, "commit", _fail)

    def hide_storage(self) -> None:
        """The database does not answer from now on."""
        sqlalchemy.event.listen(self.store._engine, "before_cursor_execute", _fail_asked)

    def mend_storage(self) -> None:
        """They are again."""
        sqlalchemy.event.remove(self.store._engine, "commit", _fail)

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.store.reading() as tx:
            row = tx.row(f"SELECT count(*) FROM {table}")
        return int(row[0]) if row else 0


@dataclass
class Sender:
    """A till's side of the wire: a key, a chain, and how far central acknowledged it."""

    place: Place
    row: KeyRow
    key: TillKey
    certificate: bytes
    kept: list[Pair]
    acked: int = 0

    @property
    def token(self) -> str:
        """What it shows."""
        raw = said.parsed(self.certificate).raw
        return str(forms.parsed(forms.CERTIFICATE, raw)["token"])

    @property
    def till(self) -> str:
        """Its code."""
        return self.row.till

    def hash_at(self, seq: int) -> bytes:
        """The hash of its entry at a position, or its genesis."""
        return entries.hash_of(self.kept[seq - 1][0]) if seq else entries.genesis(self.till, self.key.public)

    def stretch(self, after: int, to: int | None = None) -> Push:
        """What stands after a position."""
        return Push(after, self.hash_at(after), self.kept[after:to])

    def send(self, after: int, to: int | None = None) -> httpx.Response:
        """Push a stretch."""
        return self.place.push(self.till, self.token, self.stretch(after, to))

    def drain(self, most: int = forms.ENTRIES_MAX) -> list[Fields]:
        """Push until all is acknowledged; what central dislikes."""
        flagged: list[Fields] = []
        while True:
            taken = push.taken(self.kept[self.acked :])[:most]
            answer = self.place.push(self.till, self.token, Push(self.acked, self.hash_at(self.acked), taken))
            acked, acked_hash, flagged = self.place.ack(self.till, answer)
            assert acked_hash == self.hash_at(acked).hex()
            self.acked = acked
            if self.acked == len(self.kept) and not taken:
                return flagged

    def write(self, **changes: object) -> None:
        """Another entry like the first but for its changes."""
        seq, prev = len(self.kept) + 1, self.hash_at(len(self.kept))
        fields = {**entries.known(*self.kept[0]).fields, "seq": seq, "prev": prev.hex(), "id": f"id {seq}"}
        raw = canonical.dump({**fields, **changes})
        self.kept.append((raw, entry_seal.sign(self.key, entries.hash_of(raw))))

    def copied(self, at: int) -> "Sender":
        """The same till on a copied disk, as it was at an entry."""
        return Sender(self.place, self.row, self.key, self.certificate, self.kept[:at], min(self.acked, at))


def sender(place: Place, till: Till, key: TillKey) -> Sender:
    """A real till's journal, ready to be sent by who joined central for it."""
    row = till.desk.own
    return Sender(place, row, key, place.joined(row, key), journal_of(till))


def journal_of(till: Till) -> list[Pair]:
    """raw and sig of all that a till wrote."""
    rows = till.desk.ledger.conn.execute("SELECT raw, sig FROM journal ORDER BY seq")
    return [(raw, sig) for raw, sig in rows]


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """The address at which a real server answers for an application."""
    config = uvicorn.Config(app, port=0, access_log=False, log_level="warning", lifespan="on")
    server, socket = uvicorn.Server(config), config.bind_socket()
    socket.listen()  # who asks before the server has begun waits, and is not refused
    thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def asked(code: str, key: TillKey, till: str | None = None) -> Fields:
    """What a till asks that joins by a code."""
    return {
        "code": code,
        "till": till,
        "public_key": key.public.hex(),
        "proof": said.prove(key, code).hex(),
    }


def bearer(token: str) -> dict[str, str]:
    """The header by which a till says who it is."""
    return {"Authorization": f"Bearer {token}"}


def _fail(_: object) -> None:
    raise sqlalchemy.exc.OperationalError("COMMIT", None, OSError("injected"))


def _fail_asked(*_: object) -> None:
    raise sqlalchemy.exc.OperationalError("SELECT", None, OSError("injected"))

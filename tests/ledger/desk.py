"""A ledger without a till: its folder, its key, and ports that fail when told."""

import errno
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gatepos.domain.entry import Draft
from gatepos.ledger import database
from gatepos.ledger.journal import Context
from gatepos.ledger.ledger import Ledger, Ports, Recorded
from gatepos.ledger.tape import DiskSegment, Segment
from gatepos.seal.keys import TillKey
from tests.gate import FixedClock, counted_ids

TILL = "XNM2"
CONTEXT = Context(TILL, "NNP", "MAIN", "2", "1.0.0")


@dataclass(slots=True)
class Fault:
    """What goes wrong at a statement, how often, with which code, before it is done or after."""

    statement: str
    code: int
    times: int = 1
    is_done: bool = False

    def error(self) -> sqlite3.OperationalError:
        """The error as SQLite raises it."""
        error = sqlite3.OperationalError("injected \x07 \ufeff")  # it may quote any bytes
        error.sqlite_errorcode = self.code
        error.sqlite_errorname = "INJECTED"
        return error


class FailingDisk:
    """The port through which a ledger's file is opened; it fails where its faults say."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def connect(self, path: Path) -> sqlite3.Connection:
        """A connection that looks for faults before each statement."""
        disk = self

        class Failing(sqlite3.Connection):
            def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
                fault = next((f for f in disk.faults if f.times and sql.startswith(f.statement)), None)
                if fault is None:
                    return super().execute(sql, *values)  # type: ignore[arg-type]
                fault.times -= 1
                if fault.is_done:
                    super().execute(sql, *values)  # type: ignore[arg-type]
                raise fault.error()

        return sqlite3.connect(path, isolation_level=None, factory=Failing)


class FailingTapes:
    """The port through which tape segments are opened; folders in `broken` fail."""

    def __init__(self) -> None:
        self.broken: set[Path] = set()
        self.refused = 0

    def check(self, folder: Path) -> None:
        """OSError while the folder is broken."""
        if folder in self.broken:
            self.refused += 1
            raise OSError(errno.EIO, "injected")

    def open(self, path: Path) -> Segment:
        """A segment that fails while its folder is broken."""
        tapes = self
        tapes.check(path.parent)
        segment = DiskSegment(path)

        class Failing:
            def append(self, data: bytes) -> None:
                tapes.check(path.parent)
                segment.append(data)

            def close(self) -> None:
                segment.close()

        return Failing()


@dataclass(slots=True)
class Desk:
    """A folder with a ledger, opened and reopened."""

    folder: Path
    key: TillKey = field(default_factory=TillKey.generate)
    clock: FixedClock = field(default_factory=FixedClock)
    new_id: Callable[[], str] = field(default_factory=counted_ids)
    disk: FailingDisk = field(default_factory=FailingDisk)
    tapes: FailingTapes = field(default_factory=FailingTapes)
    folders: tuple[Path, ...] = ()

    def ports(self) -> Ports:
        """The ports of this desk."""
        return Ports(self.clock, self.new_id, self.disk.connect, self.tapes.open)

    def create(self, entries: int = 0) -> Ledger:
        """A new ledger with so many entries after its first."""
        self.folder.mkdir(parents=True)
        ledger = Ledger.create(self.folder, self.key, CONTEXT, self._tapes(), self.ports())
        for _ in range(entries):
            self.write(ledger)
        return ledger

    def made(self, entries: int) -> None:
        """A ledger with so many entries, closed again."""
        self.create(entries - 1).close()

    def open(self) -> Ledger:
        """The ledger as its folder has it."""
        return Ledger(self.folder, self.key, CONTEXT, self._tapes(), self.ports())

    def write(self, ledger: Ledger, value: str = "1", id: str | None = None) -> Recorded:
        """One more entry."""
        return ledger.append(self.draft(value, id))

    def draft(self, value: str = "1", id: str | None = None) -> Draft:
        """A change of a policy: an entry without money or number."""
        data = {"key": "lane", "value": value, "was": None}
        return Draft("config.changed", id or self.new_id(), data, by="01")

    @property
    def file(self) -> Path:
        """The ledger's file."""
        return self.folder / "ledger.db"

    @property
    def tape(self) -> Path:
        """Its own tape folder."""
        return self.folder / "tape"

    def segments(self) -> list[Path]:
        """The segments of its own tape."""
        return sorted(self.tape.iterdir())

    def _tapes(self) -> tuple[Path, ...]:
        return self.folders or (self.tape,)


def kept(ledger: Ledger) -> list[tuple[int, bytes, bytes]]:
    """Every entry, as bytes."""
    return ledger.journal.kept(0, 1_000_000)


def alter(file: Path, *statements: str) -> None:
    """What somebody with a tool does to a ledger at rest: the triggers out of the way, and back."""
    conn = database.connect(file)
    triggers = conn.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        conn.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        conn.execute(statement)
    for _, sql in triggers:
        conn.execute(sql)
    conn.close()

"""A ledger: one file, one key, one chain, for life. Commit before tape, tape before anything else sees it."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from gatepos import files
from gatepos.domain import clock as clocks
from gatepos.domain import entry as entries
from gatepos.domain import moments
from gatepos.domain.canonical import BadForm
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Draft, Entry
from gatepos.ledger import backup, checks, database, recovery, state
from gatepos.ledger.checks import Behind, Finding
from gatepos.ledger.database import Connect
from gatepos.ledger.journal import Context, Journal
from gatepos.ledger.prints import Prints
from gatepos.ledger.state import State
from gatepos.ledger.tape import DiskSegment, OpenSegment, Reel, Tapes
from gatepos.ledger.troubles import (
    LedgerDamaged,
    LedgerInUse,
    NotRecorded,
    OneCopyLimit,
    Unknown,
    WrongKey,
    named,
)
from gatepos.seal.keys import TillKey

FILE = "ledger.db"
LOCK = "ledger.lock"
ONE_COPY_MAX = 50
_CHECKPOINT_EVERY = 1_000

Recorder = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry that is on disk: on two files, or on one when every tape fails."""

    entry: Entry
    copies: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Ports:
    """What a ledger needs of the world; real by default, failing or counted in proofs."""

    clock: Clock
    new_id: Callable[[], str]
    connect: Connect = database.connect
    open_segment: OpenSegment = DiskSegment


@dataclass(frozen=True, slots=True)
class Gap:
    """What a new ledger says of the one it follows."""

    of_till: str
    from_seq: int
    to_seq: int
    cause: str


class Ledger:
    """The facade of the till's ledger; every call on the one thread that opened it."""

    def __init__(self, folder: Path, key: TillKey, context: Context, tapes: Sequence[Path], ports: Ports):
        self.folder = folder
        self.context = context
        self.findings: list[str] = []
        self._key = key
        self._ports = ports
        self._tape_folders = tuple(tapes)
        self._recorders: list[Recorder] = []
        self._on_one_copy = 0
        self._since_checkpoint = 0
        self._pending: Draft | None = None
        self._damage: Finding | None = None
        try:
            self._lock = files.FolderLock(folder / LOCK)
        except files.InUse as error:
            raise LedgerInUse(folder=folder) from error
        except OSError as error:
            raise named(error, str(folder)) from error
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls,
        folder: Path,
        key: TillKey,
        context: Context,
        tapes: Sequence[Path],
        ports: Ports,
        follows: Gap | None = None,
    ) -> "Ledger":
        """A new ledger in an existing folder, its first entry `till.enrolled`."""
        if (folder / FILE).exists():
            raise FileExistsError(folder / FILE)
        ledger = cls(folder, key, context, tapes, ports)
        enrolled = {"public_key": key.public.hex(), "park": context.park, "certificate": None}
        ledger.append(Draft("till.enrolled", ports.new_id(), enrolled))
        if follows is not None:
            gap = {
                "of_till": follows.of_till,
                "from_seq": follows.from_seq,
                "to_seq": follows.to_seq,
                "cause": follows.cause,
            }
            ledger.append(Draft("ledger.gap", ports.new_id(), gap))
        return ledger

    # Writing.

    def append(self, draft: Draft) -> Recorded:
        """Write an entry: commit, then tape, then publish; the same id again is the same entry.

        Refusals of form, SameIdOtherContent, OneCopyLimit; NotRecorded when it is certain that nothing
        was written; Unknown when it is not.
        """
        if self._damage is not None:
            raise LedgerDamaged(finding=str(self._damage))
        if self._pending is not None:
            self._settle_pending()
        before = self._journal.repeated(draft)
        if before is not None:
            return Recorded(before, 2 if self.tapes.is_whole(before.seq) else 1, repeated=True)
        if self._on_one_copy >= ONE_COPY_MAX and draft.also is None and not self.tapes.record(self.head[0]):
            raise OneCopyLimit()
        return self._published(self._written(draft))

    def subscribe(self, recorder: Recorder) -> None:
        """Call `recorder` with each entry once it is on its files."""
        self._recorders.append(recorder)

    # Reading.

    @property
    def head(self) -> tuple[int, bytes]:
        """Position and hash of the last entry."""
        return self._journal.head

    @property
    def journal(self) -> Journal:
        """The entries."""
        return self._journal

    @property
    def prints(self) -> Prints:
        """The print jobs."""
        return self._journal.prints

    @property
    def conn(self) -> sqlite3.Connection:
        """The one connection, for the queries of this package."""
        return self._conn

    @property
    def public_key(self) -> bytes:
        """With which anybody checks this ledger."""
        return self._key.public

    def entry(self, seq: int) -> Entry:
        """The entry at a position; KeyError when there is none."""
        found = self._journal.entry(seq)
        if found is None:
            raise KeyError(seq)
        return found

    def by_id(self, id_: str) -> Entry | None:
        """The entry of a person's action."""
        return self._journal.by_id(id_)

    def by_number(self, number: str) -> Entry | None:
        """The entry that took a number."""
        return self._journal.by_number(number)

    def of_kind(self, kind: str, after_seq: int = 0) -> list[Entry]:
        """All entries of a kind after a position."""
        return self._journal.of_kind(kind, after_seq)

    # Upkeep, when idle.

    def upkeep(self) -> bool:
        """One slice of what can wait: tape, the chain behind, checkpoint; whether there is more."""
        if self._damage is None and not self._behind.is_done:
            self._damage = self._behind.slice()
            return True
        if self.tapes.catch_up(self.head[0]):
            return True
        if self._since_checkpoint:
            self._checkpoint()
        return False

    @property
    def is_checked(self) -> bool:
        """Whether the whole chain has been checked since the start."""
        return self._behind.is_done and self._damage is None

    @property
    def damage(self) -> Finding | None:
        """What the check behind found."""
        return self._damage

    def backup(self, medium: Path) -> "backup.Backup":
        """Copy the ledger to a medium, read it back and check it."""
        return backup.make(self._conn, self.context.till, self.head, self._key.public, medium)

    def move(self, gate: str, lane: str) -> None:
        """The till now stands elsewhere in its park."""
        self.context = replace(self.context, gate=gate, lane=lane)

    def close(self) -> None:
        """Checkpoint and let go of everything."""
        if hasattr(self, "_conn"):
            try:
                self._checkpoint()
            except sqlite3.Error:
                self.findings.append("the last checkpoint failed; the WAL holds the rest")
            self._conn.close()
            self.tapes.roll()
        self._lock.release()

    # Starting.

    def _start(self) -> None:
        self._open_tapes()
        report = self._open_or_rebuild()
        self.state = self._fold()
        self._behind = Behind(self._conn, self._genesis())
        self._stand_where_last()
        self.prints.after_stop()
        if report is not None:
            self.findings.append(str(report))
            self.append(Draft("ledger.recovered", self._ports.new_id(), report.as_data()))
        elif self.head[0]:
            self.tapes.record(self.head[0])

    def _stand_where_last(self) -> None:
        last = self._journal.entry(self.head[0])
        if last is not None:
            self.move(str(last.fields["gate"]), str(last.fields["lane"]))

    def _open_tapes(self) -> None:
        reels = [Reel(folder, self.context.till, self._ports.open_segment) for folder in self._tape_folders]
        self.tapes = Tapes(reels, lambda after, limit: self._journal.kept(after, limit))

    def _open_or_rebuild(self) -> recovery.Report | None:
        finding = self._try_open()
        if finding is None:
            return None
        till, reels = self.context.till, self.tapes.reels
        report = recovery.rebuild(self.folder, FILE, till, self._key.public, reels, finding)
        again = self._try_open()
        if again is not None:
            raise LedgerDamaged(finding=str(again))
        return report

    def _try_open(self) -> Finding | None:
        path = self.folder / FILE
        if not path.exists() and any(reel.head for reel in self.tapes.reels):
            return Finding(0, "the ledger file is missing")
        try:
            self._connect(path)
            finding = checks.recent(self._conn, self._key.public, self._genesis()) or self._compare_tapes()
        except (sqlite3.DatabaseError, BadForm) as error:
            if isinstance(error, sqlite3.OperationalError) and not _is_damage(error):
                raise named(error, str(self.folder)) from error
            finding = Finding(0, f"the ledger file cannot be read ({error})")
        if finding is None:
            self._check_key()
        elif hasattr(self, "_conn"):
            self._check_key()
            self._conn.close()
        return finding

    def _connect(self, path: Path) -> None:
        self._conn = database.open_profiled(path, self._ports.connect)
        self._journal = Journal(self._conn, self._key, self.context.till)

    def _check_key(self) -> None:
        try:
            first = self._journal.entry(1)
        except (sqlite3.Error, BadForm, AttributeError):
            return
        if first is not None and first.data.get("public_key") != self._key.public.hex():
            raise WrongKey(folder=self.folder)

    def _compare_tapes(self) -> Finding | None:
        seq, _ = self._journal.head
        for reel in self.tapes.reels:
            if reel.head > seq:
                return Finding(seq + 1, "only the tape holds it")
            if reel.head and (mine := self._journal.entry(reel.head)) and mine.hash != reel.head_hash:
                return Finding(reel.head, "journal and tape differ")
            if reel.is_damaged:
                self.findings.append(f"tape {reel.folder.name}: a damaged piece; a new one is begun")
            if seq - reel.head > 1 and not reel.is_broken:
                self.findings.append(
                    f"tape {reel.folder.name}: {seq - reel.head} entries missing; writing them"
                )
        return None

    def _genesis(self) -> bytes:
        return entries.genesis(self.context.till, self._key.public)

    def _fold(self) -> State:
        day = moments.local_day(self._ports.clock.wall_ms())
        last = self._journal.entry(self.head[0])
        found = [self._journal.last_of_kind(kind) for kind in state.KINDS[:2]]
        folded = State(day=day)
        closed = {cast(str, entry.data["closes"]) for entry in self._recent_closes()}
        opened = self._journal.of_kind("shift.opened", self._oldest_open())
        moves = [*opened, *self._journal.of_kind("shift.switched", opened[0].seq if opened else self.head[0])]
        for entry in sorted([*filter(None, found), *moves], key=lambda entry: entry.seq):
            folded = state.fold(folded, entry)
        for number in closed & folded.shifts.keys():
            folded = _without(folded, number)
        return folded.after(last) if last is not None else folded

    def _recent_closes(self) -> list[Entry]:
        return self._journal.of_kind("shift.closed", self._oldest_open())

    def _oldest_open(self) -> int:
        row = self._conn.execute(
            "SELECT min(seq) FROM shift WHERE NOT EXISTS"
            " (SELECT 1 FROM shift_ending WHERE shift_ending.shift = shift.number)"
        ).fetchone()
        return row[0] - 1 if row[0] is not None else self.head[0]

    # Writing, step by step.

    def _written(self, draft: Draft) -> Entry:
        now = clocks.read(self._ports.clock)
        clock = clocks.judge(now, self.state.last)
        if clock not in ("ok", self.state.clock) and draft.kind != "clock.anomaly":
            last_at = moments.to_text(self.state.last.wall_ms) if self.state.last else None
            anomaly = Draft("clock.anomaly", self._ports.new_id(), {"state": clock, "last_at": last_at})
            self._published(self._committed(anomaly, now, clock))
        return self._committed(draft, now, clock)

    def _committed(self, draft: Draft, now: clocks.Reading, clock: str) -> Entry:
        try:
            self._conn.execute("BEGIN IMMEDIATE")
            entry = self._journal.write(draft, self.context, self.state, now, clock)
        except BaseException as error:
            self._rolled_back(error)
            raise
        try:
            self._conn.execute("COMMIT")
        except sqlite3.Error:
            # An error here means unknown, not failed: only a fresh look at the file can tell.
            self._pending = draft
            return self._settle_pending()
        if not self._journal.read_back(entry):
            self._damage = Finding(entry.seq, "the disk gave back other bytes than were written")
            raise LedgerDamaged(finding=str(self._damage))
        return entry

    def _rolled_back(self, error: BaseException) -> None:
        try:
            if self._conn.in_transaction:
                self._conn.execute("ROLLBACK")
        except sqlite3.Error:
            self._reopen()
        if isinstance(error, sqlite3.Error):
            raise NotRecorded(why=str(named(error, str(self.folder)))) from error

    def _settle_pending(self) -> Entry:
        """After an error at COMMIT: reopen, look the entry up by its id, and say which it is."""
        draft = cast(Draft, self._pending)
        self._reopen()
        found = self._journal.by_id(draft.id)
        self._pending = None
        self.state = self._fold()
        if found is None:
            raise NotRecorded(why="")
        return found

    def _reopen(self) -> None:
        try:
            self._conn.close()
            self._connect(self.folder / FILE)
            finding = checks.recent(self._conn, self._key.public, self._genesis())
        except (sqlite3.Error, OSError) as error:
            raise Unknown() from error
        if finding is not None:
            self._damage = finding
            raise LedgerDamaged(finding=str(finding))
        self._behind = Behind(self._conn, self._genesis())

    def _published(self, entry: Entry) -> Recorded:
        self._journal.head = (entry.seq, entry.hash)
        self.state = self.state.after(entry)
        is_on_tape = self.tapes.record(entry.seq)
        self._on_one_copy = 0 if is_on_tape else self._on_one_copy + 1
        self._since_checkpoint += 1
        if entry.kind == "shift.closed":
            self.tapes.roll()
            self._checkpoint()
        elif self._since_checkpoint >= _CHECKPOINT_EVERY:
            self._checkpoint()
        for recorder in self._recorders:
            recorder(entry)
        return Recorded(entry, 2 if is_on_tape else 1)

    def _checkpoint(self) -> None:
        self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._since_checkpoint = 0


def _without(folded: State, number: str) -> State:
    shifts = {n: staff for n, staff in folded.shifts.items() if n != number}
    days = {n: on for n, on in folded.days.items() if n != number}
    return replace(folded, shift=None if folded.shift == number else folded.shift, shifts=shifts, days=days)


def _is_damage(error: sqlite3.OperationalError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)

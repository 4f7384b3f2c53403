"""A ledger: one file, one key, one chain, for life. Commit before tape, tape before anything else sees it."""

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NoReturn, TypeVar

from gatepos.domain import clock as clocks
from gatepos.domain import entry as entries
from gatepos.domain import moments, numbers
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.keyring import KeyRow
from gatepos.i18n import N_
from gatepos.ledger import (
    backup,
    beginning,
    bodies,
    database,
    feeds,
    heard,
    keyring,
    starting,
    statements,
    ticket_lists,
)
from gatepos.ledger.beginning import Gap
from gatepos.ledger.checks import Finding
from gatepos.ledger.database import Connect
from gatepos.ledger.file import FILE, LedgerFile, Owner
from gatepos.ledger.journal import Context, Journal, Moment
from gatepos.ledger.personal import PersonalStore
from gatepos.ledger.prints import Prints
from gatepos.ledger.receivables import Receivables
from gatepos.ledger.recovery import Plan, Report
from gatepos.ledger.sealed import Own
from gatepos.ledger.state import State
from gatepos.ledger.tape import DiskSegment, Kept, OpenSegment, Tapes
from gatepos.ledger.troubles import Held, LedgerDamaged, OneCopyLimit, OtherProcess, named
from gatepos.seal import said as sealed
from gatepos.seal.box import Box
from gatepos.seal.keys import TillKey
from gatepos.wire.bundle import Bundle
from gatepos.wire.feed import Page

ONE_COPY_MAX = 50
_CHECKPOINT_EVERY = 1_000

Recorder = Callable[[Entry], None]
_T = TypeVar("_T")


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


class Ledger:
    """The facade of the till's ledger; every call on the one thread that opened it."""

    def __init__(
        self,
        folder: Path,
        key: TillKey,
        context: Context,
        tapes: Sequence[Path],
        ports: Ports,
        backups: Sequence[Path] = (),
    ):
        self.folder = folder
        self.context = context
        self.findings: list[Finding] = []
        self._key = key
        self._ports = ports
        self._recorders: list[Recorder] = []
        self._since_checkpoint = 0
        self._process = os.getpid()
        self._is_closed = False
        self._is_examined = False
        self._file: LedgerFile | None = None
        self._personal: PersonalStore | None = None
        self._held: Held | None = None
        self._lock = backup.lock(folder)
        try:
            self._start(tapes, backups)
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
        joined: KeyRow | None = None,
    ) -> "Ledger":
        """A new ledger in an existing folder, its first entry `till.enrolled`; FileExistsError.

        `joined` is the certificate by which central let it join.
        """
        now = clocks.read(ports.clock)
        first = beginning.entries(key, context, now, ports.new_id, follows, joined)
        try:
            beginning.begin(folder, FILE, first)
        except FileExistsError:
            raise
        except (sqlite3.Error, OSError) as error:
            raise named(error, str(folder)) from error
        return cls(folder, key, context, tapes, ports)

    def open_personal(self, box: Box, *, is_new: bool = False) -> None:
        """Open the personal data beside the ledger until it closes; what is wrong there is a finding.

        `is_new` where nothing can be missing yet.
        """
        self._personal = PersonalStore(
            self.folder, box, self.state.day, self.findings.append, self._ports.connect, is_new=is_new
        )

    def say(self, fields: dict[str, object]) -> sealed.Said:
        """What the till signs beside its entries; `kind` names it among the fields."""
        return sealed.say(self._key, fields)

    @property
    def own(self) -> Own:
        """Whose ledger it is, and how it signs what it keeps in another's place."""
        return Own(self.context.till, self.public_key, self.say)

    # Writing.

    def append(self, draft: Draft) -> Recorded:
        """Write an entry: commit, then tape, then publish; the same id again is the same entry.

        Refusals of form, SameIdOtherContent, AlreadyEnded, OneCopyLimit; NotRecorded when it is certain
        that nothing was written; Unknown when it is not; LedgerDamaged, Held when selling has stopped.
        """
        self._check_may_write(draft.kind)
        before = self._opened.repeated(draft)
        if before is not None:
            return Recorded(before, 2 if self.tapes.is_whole(before.seq) else 1, repeated=True)
        self._check_copies(draft)
        now = clocks.read(self._ports.clock)
        moment = Moment(now, clocks.judge(now, self.state.last))
        if moment.clock not in ("ok", self.state.clock) and draft.kind != "clock.anomaly":
            self._write(self._anomaly(moment.clock), moment)
        return self._write(draft, moment)

    def hear(self, row: KeyRow, batch: Sequence[Kept]) -> None:
        """Take entries that another till wrote into the books, in one transaction; they were checked before.

        BundleForked when others were heard meanwhile; what the disk says, and then none of them is in.
        """
        self._check_may_write()
        self._opened.hear(row, batch)
        self._since_checkpoint += len(batch)
        if self._since_checkpoint >= _CHECKPOINT_EVERY:
            self._checkpoint()

    def news(self, bundle: Bundle, row: KeyRow, give_way: backup.GiveWay = lambda: None) -> list[Kept]:
        """What a bundle says after what was heard of its till; BundleGap, BundleAltered, BundleForked."""
        with self._opened.noticing():
            return heard.news(self.conn, bundle, row, give_way)

    def take(self, page: Page, number: int) -> None:
        """Take a page of a feed that is a table of its own, in one transaction; what the disk says."""
        self._check_may_write()

        def write(conn: sqlite3.Connection) -> None:
            feeds.insert(conn, page)
            feeds.note(conn, page.feed, _known(page, number))

        self._opened.take(write)

    def note(self, page: Page, number: int) -> None:
        """Note how far a feed is known: all pages of the disk up to `number` are in the books."""
        self._check_may_write()
        self._opened.take(lambda conn: feeds.note(conn, page.feed, _known(page, number)))

    def put(self, write: Callable[[sqlite3.Connection], _T]) -> _T:
        """Commit rows that are in no entry, all or none; what the disk says."""
        self._check_may_write()
        return self._opened.take(write)

    def look(self, till: str, seq: int) -> None:
        """Note that conflicts were looked for up to an entry heard of a till."""
        self._check_may_write()
        self._opened.take(lambda conn: feeds.look(conn, till, seq))

    def settle(self) -> None:
        """Make certain of the entry of which nobody knew whether it was written; Unknown, LedgerDamaged."""
        if not self._opened.is_settled and (found := self._opened.settle()):
            self._published(found)

    def subscribe(self, recorder: Recorder) -> None:
        """Call `recorder` with each entry once it is on its files."""
        self._recorders.append(recorder)

    # Reading.

    @property
    def head(self) -> tuple[int, bytes]:
        """Position and hash of the last entry."""
        return self.journal.head

    @property
    def state(self) -> State:
        """What is in force after the last entry."""
        return self._opened.state

    @property
    def journal(self) -> Journal:
        """The entries."""
        return self._opened.journal

    @property
    def receivables(self) -> Receivables:
        """What is owed on each paper."""
        return self._opened.receivables

    @property
    def prints(self) -> Prints:
        """The print jobs."""
        return self.journal.prints

    @property
    def personal(self) -> PersonalStore:
        """The personal data, which is in no entry."""
        if self._personal is None:
            raise RuntimeError("the personal data are not open yet")
        return self._personal

    @property
    def conn(self) -> sqlite3.Connection:
        """The one connection, for the queries of this package."""
        return self._opened.conn

    @property
    def public_key(self) -> bytes:
        """With which anybody checks this ledger."""
        return self._key.public

    @property
    def on_one_copy(self) -> int:
        """How many of the last entries no tape holds."""
        return self.head[0] - max(self.tapes.head, self._taped)

    def entry(self, seq: int) -> Entry:
        """The entry at a position; KeyError when there is none."""
        with self._opened.noticing():
            found = self.journal.entry(seq)
        if found is None:
            raise KeyError(seq)
        return found

    def by_id(self, id_: str) -> Entry | None:
        """The entry of a person's action."""
        with self._opened.noticing():
            return self.journal.by_id(id_)

    def by_number(self, number: str) -> Entry | None:
        """The entry that took a number."""
        with self._opened.noticing():
            return self.journal.by_number(number)

    def known(self, number: str) -> Entry | None:
        """The entry that took a number, at this till or at one that was heard."""
        with self._opened.noticing():
            return self.journal.by_number(number) or heard.by_number(self.conn, number)

    def at(self, till: str, seq: int) -> Entry | None:
        """The entry at a position of this till or of one that was heard."""
        with self._opened.noticing():
            return self.journal.entry(seq) if till == self.context.till else heard.at(self.conn, till, seq)

    def fed(self, feed: str) -> feeds.Known:
        """How far a feed is known."""
        with self._opened.noticing():
            return feeds.known(self.conn, feed)

    def looked(self, till: str) -> int:
        """The last entry heard of a till up to which conflicts were looked for."""
        with self._opened.noticing():
            return feeds.looked(self.conn, till)

    def told(self, after_seq: int) -> Iterator[tuple[bytes, bytes]]:
        """Raw and signature of the entries after a position, in order."""
        with self._opened.noticing():
            while rows := self.journal.kept(after_seq, heard.BATCH):
                yield from ((raw, sig) for _, raw, sig in rows)
                after_seq = rows[-1][0]

    def hash_at(self, seq: int) -> bytes:
        """The hash of an entry; of the genesis before the first."""
        return self.entry(seq).hash if seq else entries.genesis(self.context.till, self.public_key)

    def of_kind(self, kind: str, after_seq: int = 0) -> list[Entry]:
        """All entries of a kind after a position."""
        with self._opened.noticing():
            return self.journal.of_kind(kind, after_seq)

    def hear_again(self) -> None:
        """What a rebuilt file lacks of the tills that are known comes from the bundles that are kept."""
        rows = {row.till: row for row in keyring.known(self.conn).values()}
        for till, said in bodies.applied(self.of_kind("feed.applied")).items():
            if till not in rows:
                continue
            finding = bodies.recalled(self.conn, self.folder, rows[till], said, self.own, self.hear)
            if finding is not None:
                self.findings.append(finding)

    # Upkeep, when idle.

    def upkeep(self) -> bool:
        """One slice of what can wait: the chain behind, tape, checkpoint; whether there is more."""
        if self._is_closed or self.damage is not None or not self._opened.is_settled:
            return False
        if not self._opened.behind.is_done:
            self.findings += self._opened.check_behind()
            return True
        with self._opened.noticing():
            if self.tapes.catch_up(self.head[0]):
                return True
        self._note_taped()
        if self._since_checkpoint:
            self._checkpoint()
        return False

    def examine(self, is_asked: Callable[[], bool] = lambda: False) -> None:
        """SQLite's own check of the whole file, once, while nobody asks for anything.

        It cannot be cut into slices: it takes 7 s at 500,000 entries, and the first 1.5 s give no way.
        """
        if self._is_closed or self.damage is not None or not self._opened.is_settled:
            return
        self._is_examined = self._is_examined or self._opened.check_pages(is_asked)

    def sweep(self, is_asked: Callable[[], bool] = lambda: False) -> bool:
        """Write the file anew without what was erased; whether it came to its end before somebody asked.

        It cannot be cut into slices: what it had done is done again.
        """
        if self._is_closed or self.damage is not None or not self.is_checked:
            return False
        return self._opened.sweep(is_asked)

    @property
    def is_checked(self) -> bool:
        """Whether the whole chain has been checked since the start."""
        return self._opened.behind.is_done and self.damage is None

    @property
    def damage(self) -> Finding | None:
        """What stopped selling."""
        return self._opened.damage

    @property
    def held(self) -> Held | None:
        """What stands between the till and selling though nothing is damaged; from any thread."""
        return self._held

    def hold(self, held: Held | None) -> None:
        """Selling stops, by this name, until it is taken back."""
        self._held = held

    def stop(self, finding: Finding) -> NoReturn:
        """Selling stops until the next start, which rebuilds; LedgerDamaged, always."""
        self._opened.stop(finding)

    def copy(self, medium: Path, give_way: backup.GiveWay = lambda: None) -> backup.Copied:
        """Copy the ledger to a medium; it is a backup once the copy has been checked."""
        return backup.copy(self.conn, self.context.till, self.head[0], self._key.public, medium, give_way)

    def move(self, gate: str, lane: str) -> None:
        """The till now stands elsewhere in its park."""
        self.context = replace(self.context, gate=gate, lane=lane)

    def close(self) -> None:
        """Checkpoint and let go of everything, once; a child process leaves its parent's alone."""
        if self._is_closed or os.getpid() != self._process:
            return
        self._is_closed = True
        if self._personal is not None:
            self._personal.close()
        if self._file is not None:
            self._note_taped()
            self._checkpoint()
            self.conn.close()
            self.tapes.roll()
        self._lock.release()

    # Starting.

    def _start(self, tapes: Sequence[Path], backups: Sequence[Path]) -> None:
        till, public, connect = self.context.till, self._key.public, self._ports.connect
        reels = starting.open_reels(self.folder, tapes, till, public, self._ports.open_segment)
        self.tapes = Tapes(reels, self._kept, self._ports.clock.mono_ms)
        self.findings += starting.of_reels(reels)
        plan = Plan(self.folder, FILE, till, self.context.park, public, reels, (self.folder, *backups))
        conn, report = starting.open_ledger(plan, connect)
        owner = Owner(self.folder, till, self._key, self._ports.clock, connect)
        self._file = LedgerFile(conn, owner, reels)
        self._note_lag()
        self._taped = self._opened.taped
        with self._opened.noticing():
            self._stand_where_last()
            self.prints.after_stop()
        if report is not None:
            self._say_recovered(plan, report)
        else:
            self.tapes.record(self._kept_head())
        self.hear_again()
        imported = self.of_kind("statement.imported")
        self.findings += statements.recalled(self.conn, self.folder, imported, self.put)
        applied = self.of_kind("feed.applied")
        self.findings += ticket_lists.recalled(self.conn, self.folder, applied, self.own, self.put)

    def _note_lag(self) -> None:
        """One may be missing after a power cut, or was cut off; more were lost with a tape or its medium."""
        lacking = self.head[0] - self.tapes.head
        if lacking == 1 and self.tapes.head:  # the first entry of a new ledger has no tape yet
            self.findings.append(Finding(0, N_("the last entry is on no tape; it is written again")))
        elif lacking > 1:
            says = N_("{n} entries are on no tape; they are written again")
            self.findings.append(Finding(0, says, {"n": lacking}))

    def _stand_where_last(self) -> None:
        last = self.entry(self.head[0])
        self.move(str(last.fields["gate"]), str(last.fields["lane"]))

    def _say_recovered(self, plan: Plan, report: Report) -> None:
        self.findings.append(report.told())
        self.append(Draft("ledger.recovered", self._ports.new_id(), report.as_data()))
        starting.finish(plan, report)

    # Writing, step by step.

    def _check_may_write(self, kind: str = "") -> None:
        if os.getpid() != self._process:
            raise OtherProcess()
        if self.damage is not None:
            raise LedgerDamaged(finding=self.damage)
        held = self._held
        if held is not None and (not held.refuses or kind in held.refuses):
            raise type(held)(**held.values)
        self.settle()

    def _check_copies(self, draft: Draft) -> None:
        """What takes a number needs a second person while too much is on one copy; a bill is no money yet."""
        is_bound = draft.series not in (None, numbers.BILL) and draft.also is None
        if not is_bound or self.on_one_copy < ONE_COPY_MAX:
            return
        if not self.tapes.record(self._kept_head(), insist=True):
            raise OneCopyLimit()

    def _anomaly(self, clock: str) -> Draft:
        last_at = moments.to_text(self.state.last.wall_ms) if self.state.last else None
        return Draft("clock.anomaly", self._ports.new_id(), {"state": clock, "last_at": last_at})

    def _write(self, draft: Draft, moment: Moment) -> Recorded:
        return self._published(self._opened.write(draft, self.context, moment))

    def _published(self, entry: Entry) -> Recorded:
        is_on_tape = self.tapes.record((entry.seq, entry.raw, entry.sig))
        self._since_checkpoint += 1
        if entry.kind == "shift.closed":
            self.tapes.roll()
        if entry.kind == "shift.closed" or self._since_checkpoint >= _CHECKPOINT_EVERY:
            self._checkpoint()
        for recorder in self._recorders:
            recorder(entry)
        return Recorded(entry, 2 if is_on_tape else 1)

    def _checkpoint(self) -> None:
        if self._opened.checkpoint():
            self._since_checkpoint = 0

    def _note_taped(self) -> None:
        """For a next start that finds no tape: how many entries are on one copy must outlive it."""
        if self.tapes.head > self._taped and self._opened.note_taped(self.tapes.head):
            self._taped = self.tapes.head

    @property
    def _opened(self) -> LedgerFile:
        if self._file is None:
            raise RuntimeError("the ledger is not open yet")
        return self._file

    def _kept(self, after_seq: int, limit: int) -> Sequence[Kept]:
        return self.journal.kept(after_seq, limit)

    def _kept_head(self) -> Kept:
        return self._kept(self.head[0] - 1, 1)[0]


def _known(page: Page, number: int) -> feeds.Known:
    return feeds.Known(page.version, number, moments.from_text(page.at))

"""A till whose disk was put back takes its own entries back from central, or learns that it exists twice.

Central's signed word that it has what this disk lacks stops selling; only entries that the till itself signed
are taken, whole, and the next start rebuilds the journal from them (FORMATS.md §6).
"""

from collections.abc import Iterator, Sequence
from functools import partial
from http import HTTPStatus
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain import moments
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Entry
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.ledger import returned, sources
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.returned import Returning
from gatepos.ledger.troubles import Held
from gatepos.sync import address, answers
from gatepos.sync.answers import Ack, CentralAhead
from gatepos.sync.asking import Asking
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.wire import push as wire
from gatepos.wire.bundle import Pair
from gatepos.wire.push import Push

_RECOVERED = "ledger.recovered"
_MARK = b'"kind":"' + _RECOVERED.encode() + b'"'
_MOST_IDLE = 1_000
"""More entries than these nobody writes without selling."""


class EntriesBack(Held):
    """All that the disk lacked lies beside the ledger; the next start takes it."""

    says = N_("This till's entries are back from central. Close the program, start it again, then sell.")


class TillForked(Held):
    """Something was sold on a disk that was put back, or on a copy: central holds two journals."""

    refuses = frozenset({"shift.opened"})
    says = N_(
        "This till's journal exists twice, and central keeps both. Finish this shift and open no other."
        " Start the program again: it offers the spare till. Call the office."
    )


class TwoMachines(Held):
    """Entries were taken back twice in a day: two machines hold the disk of one till."""

    says = N_(
        "Two machines hold the disk of this till: its entries came back twice in a day."
        " This one sells no more. Start the program again: it offers the spare till. Call the office."
    )


class NotReturned(Trouble):
    """What came back is not what central said it has, or not what this till signed."""

    says = N_(
        "What central gave back is not what this till wrote. Nothing of it was taken, and selling stays"
        " stopped: use the spare till, call the office."
    )


def standing(folder: Path, ledger: Ledger) -> Held | None:
    """What central's last word, kept beside the tape, says of a journal before anything is written on it."""
    try:
        found = address.load(folder, ledger)
    except Trouble:
        return None  # whoever asks central says so
    if found is None:
        return None
    cursor = Cursor(folder / "tape", ledger.context.till, found.key, former=found.former)
    last = cursor.last()
    if cursor.is_doubled:
        return TwoMachines()
    if last is None:
        return None
    if last.seq > ledger.head[0] or ledger.hash_at(last.seq) != last.hash:
        return CentralAhead(seq=last.seq)
    return TillForked() if last.is_forked else None


class Takeback:
    """Takes back what central has and this disk lacks; on the sync thread."""

    def __init__(self, ledger: Ledger, asking: Asking, client: Client, cursor: Cursor, clock: Clock):
        self._ledger = ledger
        self._asking = asking
        self._client = client
        self._cursor = cursor
        self._clock = clock

    def take(self, claim: Ack) -> TillForked:
        """Everything after the last entry that both have, up to what central claims.

        EntriesBack when it is all there, TwoMachines; a fork is no error: what was written here is sent too.
        NotReturned, NoAnswer and what else central may answer, what the disk says: then it is tried again.
        """
        if claim.is_forked:
            return TillForked()
        ledger, after = self._ledger, self._cursor.seq
        back = Returning(ledger.folder, self._cursor.till, ledger.public_key)
        shared, recoveries = after, list(self._asking(partial(ledger.of_kind, _RECOVERED)))
        for page in self._pages(after, claim):
            back.add(page.from_seq, page.entries)
            if shared == page.from_seq:
                shared += self._asking(partial(_equal, ledger, page))
            recoveries += [entries.known(raw, sig) for raw, sig in page.entries if _MARK in raw]
        if not returned.is_idle(written := self._asking(partial(_after, ledger, shared))):
            return TillForked()
        if any(self._is_of_today(entry) for entry in (*recoveries, *written)):
            self._cursor.note_doubled()
            raise TwoMachines()
        back.keep()
        raise EntriesBack()

    def _pages(self, after: int, claim: Ack) -> Iterator[Push]:
        """Stretches in order, each hash, link and signature checked, the last one ending on the claim."""
        prev = self._asking(partial(self._ledger.hash_at, after))
        while after < claim.seq:
            answer = self._client.entries(self._cursor.till, after)
            if answer.status != HTTPStatus.OK:
                raise answers.refused(answer.status)
            found = wire.read(answer.data)
            pairs = found.entries[: claim.seq - after]
            if (found.from_seq, found.from_hash) != (after, prev) or not pairs:
                raise NotReturned()
            prev = self._checked(after, prev, pairs)
            yield Push(after, found.from_hash, pairs)
            after += len(pairs)
        if prev != claim.hash:
            raise NotReturned()

    def _checked(self, after: int, prev: bytes, pairs: Sequence[Pair]) -> bytes:
        """The hash of the last one; NotReturned."""
        for seq, (raw, sig) in enumerate(pairs, after + 1):
            if entries.prev_of(raw) != prev or not sources.authentic(self._ledger.public_key, seq, raw, sig):
                raise NotReturned()
            prev = entries.hash_of(raw)
        return prev

    def _is_of_today(self, entry: Entry) -> bool:
        """Whether entries were taken back less than a day ago."""
        if entry.kind != _RECOVERED or not entry.data.get("from_central"):
            return False
        return abs(self._clock.wall_ms() - moments.from_text(entry.at)) < moments.DAY_MS


def _equal(ledger: Ledger, page: Push) -> int:
    """How many entries of a stretch the ledger has too, from its first."""
    same = 0
    for (theirs, _), (own, _) in zip(page.entries, ledger.told(page.from_seq), strict=False):
        if theirs != own:
            break
        same += 1
    return same


def _after(ledger: Ledger, seq: int) -> list[Entry]:
    return ledger.journal.after(seq, _MOST_IDLE)

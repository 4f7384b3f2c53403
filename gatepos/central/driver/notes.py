"""*Something is wrong*: a driver's note on a paper for the managers, under limits that no stranger gets past.

Where it came from is known for an hour, in memory alone, to count by.
"""

from collections.abc import Sequence
from threading import Lock

from gatepos.central.sources import place
from gatepos.central.store import notes
from gatepos.central.store.engine import Transaction
from gatepos.domain import moments, text
from gatepos.errors import Refusal
from gatepos.i18n import N_

TEXT_MIN, TEXT_MAX = 3, 500
OF_PAPER_MAX, FROM_ADDRESS_MAX, AT_ALL_MAX = 3, 5, 300
"""Open notes on one paper; notes in an hour from one address, and from all: a gate may share one address."""
_HOUR_MS = 60 * moments.MINUTE_MS


class NoteTooShort(Refusal):
    """A note that says nothing."""

    says = N_("Write in a few words what is wrong.")


class NotesFull(Refusal):
    """A paper on which enough was said."""

    says = N_("The manager has {n} notes on this paper already. Ask at any gate.")


class NotesWait(Refusal):
    """More notes in an hour than anybody reads."""

    says = N_("Too many notes came just now. Ask at any gate, or write again in an hour.")


class Notes:
    """The notes that central takes; the counts of an hour are its own."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._came: list[tuple[int, str]] = []

    def take(self, tx: Transaction, number: str, typed: str, source: str, now_ms: int) -> None:
        """Keep a note; NoteTooShort, TextTooLong, UnseenCharacters, PhoneInText, NotesFull, NotesWait."""
        written = text.free(typed, TEXT_MAX)
        if len(written) < TEXT_MIN:
            raise NoteTooShort()
        tx.alone()
        if notes.count_open(tx, number, written) >= OF_PAPER_MAX:
            raise NotesFull(n=OF_PAPER_MAX)
        if notes.put(tx, number, written, moments.to_text(now_ms)):
            self._count(place(source), now_ms)

    def _count(self, source: str, now_ms: int) -> None:
        with self._lock:
            self._came = [one for one in self._came if 0 <= now_ms - one[0] < _HOUR_MS]
            if len(self._came) >= AT_ALL_MAX or _count_of(self._came, source) >= FROM_ADDRESS_MAX:
                raise NotesWait()
            self._came.append((now_ms, source))


def _count_of(came: Sequence[tuple[int, str]], source: str) -> int:
    return sum(one == source for _, one in came)

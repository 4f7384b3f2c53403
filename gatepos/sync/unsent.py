"""What of a till central does not have: nothing may take it away (FORMATS.md §6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain import money, numbers
from gatepos.domain.health import Backlog
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger.ledger import Ledger
from gatepos.sync import address
from gatepos.sync.answers import Ack
from gatepos.sync.cursor import Cursor
from gatepos.wire.bundle import Pair

_CHARGED = ("income:", "asset:receivable:")
"""What money is taken for, or owed: what is taken stands against it."""


class UnsentHere(Refusal):
    """Entries that only this till has."""

    says = N_(
        "{count} entries of {till}, KES {amount} taken in them, are only here. Let them be sent, or write"
        " them to a stick with --bundle. Nothing was changed."
    )


class ShiftStillOpen(Refusal):
    """A shift whose cash was not counted."""

    says = N_("Shift {shift} of {till} is open. Close it with its count first. Nothing was changed.")


@dataclass(frozen=True, slots=True)
class Unsent:
    """How many entries of a till follow the last that central has, `minor` KES taken in them, open shifts."""

    till: str
    after: int
    count: int
    minor: int
    shifts: tuple[str, ...]

    def check(self, *, is_carried: bool = False) -> None:
        """UnsentHere, ShiftStillOpen; nothing of a till for demonstration is money."""
        if numbers.is_demo(self.till) or is_carried:
            return
        if self.shifts:
            raise ShiftStillOpen(shift=numbers.printed(self.shifts[0]), till=self.till)
        if self.count:
            raise UnsentHere(count=self.count, till=self.till, amount=money.amount(self.minor))


def of(folder: Path, ledger: Ledger) -> Unsent:
    """What central does not have of a till; everything, where nothing says what it has."""
    after = _acked(folder, ledger)
    count = ledger.head[0] - after
    return Unsent(ledger.context.till, after, count, _taken(ledger.told(after)), tuple(ledger.state.shifts))


def backlog(folder: Path, ledger: Ledger) -> Backlog | None:
    """What a till's close says of central, from what the disk has alone; None where it has joined none."""
    if not _keys(folder):
        return None
    last = _last(folder, ledger)
    return Backlog(ledger.head[0] - (last.seq if last else 0), len(last.flags) if last else 0)


def _acked(folder: Path, ledger: Ledger) -> int:
    last = _last(folder, ledger)
    return last.seq if last else 0


def _last(folder: Path, ledger: Ledger) -> Ack | None:
    """The last acknowledgement, when it is of this very journal."""
    keys = _keys(folder)
    if not keys:
        return None
    last = Cursor(folder / "tape", ledger.context.till, keys[0], former=keys[1:]).last()
    is_own = last is not None and last.seq <= ledger.head[0] and ledger.hash_at(last.seq) == last.hash
    return last if is_own else None


def _keys(folder: Path) -> tuple[bytes, ...]:
    try:
        return tuple(address.central_keys(folder))
    except Trouble:
        return ()


def _taken(told: Iterable[Pair]) -> int:
    return -sum(
        amount
        for raw, sig in told
        for account, currency, amount in entries.known(raw, sig).postings
        if currency == money.KES and account.startswith(_CHARGED)
    )

"""Confirming payments: what M-PESA reported is asked for anew, and counts as confirmed by that answer alone.

A report at a secret address may be anybody's who learnt the secret; an answer about a payment that central
asked for itself, with the organisation's own credentials, is M-PESA's word (FORMATS.md §6).
"""

import logging
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gatepos.central import c2b
from gatepos.central.daraja import Daraja, DarajaRefuses, DarajaSilent
from gatepos.central.store import payments, statements
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.payments import Kept
from gatepos.domain import moments, money
from gatepos.domain.statements import Line
from gatepos.wire.forms import BadBody

MISMATCH, NOT_COMPLETED = "payment_differs", "payment_not_completed"
"""Matters: M-PESA says another amount or paybill than it reported, or that a payment did not stand."""
WAITS_MS = tuple(minutes * moments.MINUTE_MS for minutes in (1, 10, 60, 360, 1440))
"""How long after the last time a payment is asked for again; after these only a statement confirms it."""
_AT_ONCE = 20
_COMPLETED = "Completed"
_FELL = frozenset({"Cancelled", "Declined", "Expired", "Failed", "Reversed"})
"""States in which a payment ends without standing; any other goes on."""
_WELL = "0"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Status:
    """How a payment stands by M-PESA, KES minor units, without anything of who paid.

    `paybill` is None where it does not say to which.
    """

    trans_id: str
    state: str
    amount_minor: int
    paybill: str | None


def ask(store: Store, mpesa: Daraja, now_ms: int) -> None:
    """Ask for the payments whose time has come; what Daraja refuses waits for another. StorageFailed."""
    paybill = mpesa.asks_of
    if paybill is None:
        return
    before = [moments.to_text(now_ms - wait_ms) for wait_ms in WAITS_MS]
    with store.reading() as tx:
        due = payments.to_ask(tx, paybill, before, _AT_ONCE)
    for kept in due:
        with store.writing() as tx:  # before it is asked: the answer may be here first
            payments.ask(tx, kept.id, moments.to_text(now_ms))
        try:
            mpesa.ask_status(kept.paid.trans_id, now_ms)
        except (DarajaRefuses, DarajaSilent) as error:
            _log.warning("M-PESA was not asked how payments stand: %s", error)
            return


def read(data: bytes) -> Status | None:
    """What Daraja reports of a payment that was asked for; None where it could not look. BadBody."""
    result = c2b.parsed(data).get("Result")
    if not isinstance(result, dict):
        raise BadBody(why="no Result")
    if str(result.get("ResultCode")) != _WELL:
        return None
    found = _parameters(result)
    amount, trans_id = found.get("Amount", ""), found.get("ReceiptNo", "").upper()
    if not c2b.is_amount(amount) or not c2b.is_trans_id(trans_id):
        raise BadBody(why="no payment")
    paybill = re.match("[0-9]{5,9}(?= )", found.get("CreditPartyName", ""), re.ASCII)
    state = found.get("TransactionStatus", "")
    return Status(trans_id, state, money.parse(amount), paybill[0] if paybill else None)


def take(store: Store, paybill: str, status: Status, at: str) -> None:
    """Confirm the payment that M-PESA speaks of, or let a person look at it; what central did not ask for, or
    what does not count, changes nothing. StorageFailed.
    """
    with store.writing() as tx:
        tx.alone()
        kept = payments.reported(tx, status.trans_id)
        if len(kept) != 1 or kept[0].paid.paybill != paybill or not payments.was_asked(tx, kept[0].id):
            return
        paid = kept[0].paid
        if status.state in _FELL:
            _take_back(tx, kept[0], payments.STATUS, at)
        elif status.state != _COMPLETED:
            c2b.open_matter(tx, kept[0], NOT_COMPLETED, at)
        elif status.amount_minor != paid.amount_minor or status.paybill not in (None, paid.paybill):
            c2b.open_matter(tx, kept[0], MISMATCH, at)
        else:
            c2b.confirm(tx, kept[0], payments.STATUS, at)


def by_statements(store: Store, codes: Sequence[str], at: str) -> int:
    """Confirm those of some payments that M-PESA reported and a statement holds just so; how many it were.

    A line is one payment by its code. In a statement of the park that the payment is for it confirms it,
    where amount and paybill are the same; what was taken back counts no more, whatever confirmed it. That,
    and what a line tells otherwise, a person looks at. StorageFailed.
    """
    by_code: dict[str, list[Kept]] = defaultdict(list)
    with store.reading() as tx:
        for kept in payments.reported_among(tx, codes):
            by_code[kept.paid.trans_id].append(kept)
        alone = [
            some[0]
            for code, some in by_code.items()
            if len(some) == 1 and statements.of_payment(tx, some[0].park, code)
        ]
    count = 0
    for first in range(0, len(alone), _AT_ONCE):
        with store.writing() as tx:
            tx.alone()
            count += sum(_by_lines(tx, kept, at) for kept in alone[first : first + _AT_ONCE])
    return count


def undo(tx: Transaction, park: str, codes: Sequence[str], at: str) -> None:
    """What a statement of a park said of payments holds no more, as far as none says it any longer.

    Of what it confirmed, and of what by it was taken back.
    """
    for kept in payments.reported_among(tx, codes):
        if kept.park != park:
            continue
        lines = statements.of_payment(tx, park, kept.paid.trans_id)
        paying = [line for line in lines if not line.reverses]
        with c2b.telling(tx, kept, at):
            if len(paying) == len(lines):
                payments.stand_again(tx, kept.id, payments.STATEMENT)
            if not paying or not all(_is_same(line, kept) for line in paying):
                payments.unconfirm(tx, kept.id, payments.STATEMENT)


def _is_same(line: Line, kept: Kept) -> bool:
    return (line.place, line.amount_minor) == (kept.paid.paybill, kept.paid.amount_minor)


def _by_lines(tx: Transaction, kept: Kept, at: str) -> bool:
    """Whether the lines about a payment just confirmed it."""
    lines = statements.of_payment(tx, kept.park, kept.paid.trans_id)
    if len(payments.reported(tx, kept.paid.trans_id)) != 1:
        return False
    if any(line.reverses for line in lines):
        _take_back(tx, kept, payments.STATEMENT, at)
    elif payments.is_confirmed(tx, kept.id):
        return False
    elif not all(_is_same(line, kept) for line in lines):
        c2b.open_matter(tx, kept, MISMATCH, at)
    else:
        c2b.confirm(tx, kept, payments.STATEMENT, at)
        return True
    return False


def _take_back(tx: Transaction, kept: Kept, source: str, at: str) -> None:
    with c2b.telling(tx, kept, at):
        payments.take_back(tx, kept.id, source, at)
    c2b.open_matter(tx, kept, NOT_COMPLETED, at)


def _parameters(result: Mapping[str, object]) -> dict[str, str]:
    """The values of a result by their keys; a key that stands alone has none."""
    whole = result.get("ResultParameters")
    listed = whole.get("ResultParameter") if isinstance(whole, dict) else None
    found: dict[str, str] = {}
    for one in listed if isinstance(listed, list) else [listed]:
        if isinstance(one, dict) and isinstance(one.get("Key"), str) and isinstance(one.get("Value"), str):
            found[one["Key"]] = one["Value"]
    return found

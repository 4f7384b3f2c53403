"""What was paid beyond passes that were sold together with one, and is this one's by central's own rule."""

from collections.abc import Collection
from dataclasses import dataclass

from gatepos.domain import money, spilling
from gatepos.domain.spilling import Left
from gatepos.ledger import feeds, passes, queries
from gatepos.ledger.claims import CONFIRMED
from gatepos.ledger.feeds import Payment
from gatepos.till.desk import Desk


@dataclass(frozen=True, slots=True)
class Spilled:
    """Payments for others of which something is a pass's, and how much there is of all that came for it.

    `minor` counts its own payments too, KES minor units, up to what is due.
    """

    payments: tuple[Payment, ...] = ()
    minor: int = 0


def onto(desk: Desk, number: str, due_minor: int | None = None, without: Collection[str] = ()) -> Spilled:
    """What is a pass's of the payments for its group, as far as central told them; codes `without` aside.

    `due_minor` is what is due on it, where that is not only its price.
    """
    ledger = desk.ledger
    group = passes.together(ledger, number)
    heard = feeds.payments_among(ledger.conn, [*group, *account(desk, number)])
    paid = {one.trans_id: one for one in heard if one.trans_id not in without}
    own = set(chain(desk, number))
    if all(one.account in own for one in paid.values()):
        return Spilled()
    owing = [(one, passes.owed_minor(ledger, one)) for one in group]
    if due_minor is not None:
        owing = [(one, due_minor if one == number else minor) for one, minor in owing]
    money_left = [
        Left(
            one.trans_id, ledger.receivables.last(one.account), left_minor(desk, one), one.state == CONFIRMED
        )
        for one in paid.values()
    ]
    mine = [one for one in spilling.shared(money_left, owing) if one.number == number]
    others = (paid[one.trans_id] for one in mine)
    return Spilled(
        tuple(one for one in others if one.account not in own),
        sum(one.minor for one in mine),
    )


def came(desk: Desk, number: str) -> bool:
    """Whether money came for a pass that this till issued, as far as central told it.

    Under any number that it had, to the account of the bill or the group that it was issued from, or beyond
    what others of its group owe.
    """
    return bool(feeds.payments_among(desk.ledger.conn, accounts(desk, number)) or onto(desk, number).payments)


def accounts(desk: Desk, number: str) -> list[str]:
    """All that money for a pass may have been paid to: its numbers, and the account of its bill or group."""
    return [*chain(desk, number), *account(desk, number)]


def account(desk: Desk, number: str) -> list[str]:
    """The account of the bill or the group that a pass was issued from, where it is of a till of its own."""
    found = passes.account(desk.ledger, number)
    tills = {one[:4] for one in chain(desk, number)}
    return [found] if found is not None and found[:4] in tills else []


def chain(desk: Desk, number: str) -> list[str]:
    """The numbers of a pass: its own, and those whose place it took."""
    return [number, *passes.printed_before(desk.ledger, number)]


def left_minor(desk: Desk, payment: Payment) -> int:
    """What of a payment this till knows to be left, KES minor units in whole shillings."""
    used = queries.used(desk.ledger, "mpesa", payment.trans_id)
    return money.whole(max(payment.amount_minor - used.used_minor, 0))

"""What was paid beyond passes that were sold together with one, and is this one's by central's own rule."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gatepos.domain import money, spilling
from gatepos.domain.spilling import Left
from gatepos.ledger import feeds, passes, queries
from gatepos.ledger.claims import CONFIRMED
from gatepos.ledger.feeds import Payment
from gatepos.till.desk import Desk


def onto(desk: Desk, due: Mapping[str, int]) -> dict[Payment, int]:
    """How much is passes' of the payments for others of their groups, as far as central told them.

    `due` is what each pass owes, with what is due on it beside its price; all KES minor units.
    """
    found: Counter[Payment] = Counter()
    looked: set[str] = set()
    for number in due:
        if number not in looked:
            group = passes.together(desk.ledger, number)
            looked.update(group)
            found.update(_of_group(desk, group, due))
    return dict(found)


def _of_group(desk: Desk, group: Sequence[str], due: Mapping[str, int]) -> dict[Payment, int]:
    """The same of one group, the oldest pass of it first."""
    ledger, here = desk.ledger, [one for one in group if one in due]
    own = {before for number in here for before in chain(desk, number)}
    accounts = {one for number in here for one in account(desk, number)}
    paid = {one.trans_id: one for one in feeds.payments_among(ledger.conn, [*group, *accounts])}
    if own.issuperset(one.account for one in paid.values()):
        return {}
    owing = [(one, due[one] if one in due else passes.owed_minor(ledger, one)) for one in group]
    left = [
        Left(
            one.trans_id, ledger.receivables.last(one.account), left_minor(desk, one), one.state == CONFIRMED
        )
        for one in paid.values()
    ]
    found: Counter[Payment] = Counter()
    for share in spilling.shared(left, owing):
        if share.number in due and paid[share.trans_id].account not in own:
            found[paid[share.trans_id]] += share.minor
    return found


def came(desk: Desk, number: str) -> bool:
    """Whether money came for a pass that this till issued, as far as central told it.

    Under any number that it had, to the account of the bill or the group that it was issued from, or beyond
    what others of its group owe.
    """
    due = {number: passes.owed_minor(desk.ledger, number)}
    return bool(feeds.payments_among(desk.ledger.conn, accounts(desk, number)) or onto(desk, due))


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

"""The passes of one operator in a park, what they owe, and what was paid for them beyond that."""

from collections.abc import Sequence

from gatepos.central import spilling
from gatepos.central.receiving import Place
from gatepos.central.spilling import Left, Share
from gatepos.central.store import journal, papers, payments
from gatepos.central.store.engine import Transaction
from gatepos.central.store.payments import Kept
from gatepos.domain import gatepass, moments, text

OVER = "payment_over"
"""The matter of money that no pass owes which is known of."""
_GROUP_MAX = 500
_SINCE_MS = gatepass.VALID_MAX_S * 1000
"""No pass is for longer."""
_OPERATORS = (
    "WITH RECURSIVE found(name) AS (SELECT min(operator) FROM pass UNION ALL"
    " SELECT (SELECT min(operator) FROM pass WHERE operator > name) FROM found WHERE name IS NOT NULL)"
    " SELECT name FROM found WHERE name IS NOT NULL"
)
"""Every operator as it was typed; each is sought in the index, because passes are many and they few."""


def shares(tx: Transaction, number: str, at: str) -> list[Share]:
    """How the payments for a pass and for those of its operator are shared out, as the books stand.

    Nothing for a pass that the books do not have. Without an operator it stands alone.
    """
    group = _group(tx, number, at)
    paid = _money(tx, group) if group else []
    return spilling.shared(paid, _owing(tx, group)) if paid else []


def look_over(tx: Transaction, kept: Kept, at: str) -> None:
    """Let a person look into a payment for a pass of which something is nobody's."""
    minor = over_minor(tx, kept, at)
    if minor:
        till, place = kept.paid.paybill, Place(kept.id, 0)
        journal.open_matter(tx, till, OVER, place, at)
        journal.say_over(tx, till, OVER, place, minor)


def over_minor(tx: Transaction, kept: Kept, at: str) -> int:
    """What of a payment for a pass no pass owes, KES minor units."""
    found = shares(tx, kept.paid.account, at)
    return sum(one.minor for one in found if (one.trans_id, one.number) == (kept.paid.trans_id, ""))


def _group(tx: Transaction, number: str, at: str) -> list[str]:
    """The passes of the operator of a pass, the oldest first; the pass alone where it names none."""
    row = tx.row("SELECT operator FROM pass WHERE number = :number AND branch = 0", number=number)
    if row is None:
        return []
    if row[0] is None:
        return papers.accounts(tx, papers.last(tx, number))
    names = [name for (name,) in tx.rows(_OPERATORS) if text.alike(name) == text.alike(row[0])]
    since = moments.to_text(moments.from_text(at) - _SINCE_MS)
    found = tx.rows_among(
        "SELECT p.number FROM pass p JOIN till t ON t.till = p.till JOIN till i ON i.park = t.park"
        " WHERE i.till = :till AND p.operator IN :among AND p.branch = 0 AND p.at >= :since"
        " ORDER BY p.at, p.number LIMIT :most",
        names, till=number[:4], since=since, most=_GROUP_MAX,
    )  # fmt: skip
    return [one for (one,) in found]


def _money(tx: Transaction, group: Sequence[str]) -> list[Left]:
    """What is left of the payments for the passes of a group, in the order in which they came."""
    return [
        Left(
            kept.paid.trans_id,
            papers.last(tx, kept.paid.account),
            left_minor,
            payments.is_confirmed(tx, kept.id),
        )
        for kept in payments.counting_among(tx, group)
        if (left_minor := papers.free_minor(tx, kept.paid)) > 0
    ]


def _owing(tx: Transaction, group: Sequence[str]) -> list[tuple[str, int]]:
    """The passes of a group that owe, beside what central signed for and no till has counted yet."""
    owed = ((one, papers.owed_minor(tx, one) - papers.signed_minor(tx, one)) for one in group)
    return [(one, minor) for one, minor in owed if minor > 0]

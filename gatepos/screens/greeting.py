"""What somebody reads who signs in: what they take over, and what was approved in their name."""

from gatepos.domain import money
from gatepos.i18n import N_, Words
from gatepos.till.shift_views import GreetingView, ShiftView, TakenOver


def said(view: GreetingView, words: Words) -> str:
    """A line for each closed shift that was handed over, and one for approvals; nothing where nothing is."""
    handed = N_("Clerk {number} handed over to you: {what}")
    lines = [
        words(handed, number=one.staff, what=left(one, words) or words(N_("nothing that waits")))
        for one in view.taken
    ]
    if view.approvals:
        lines.append(
            words(N_("Approvals given in your name today: {n}. Touch to see them."), n=view.approvals)
        )
    return "\n".join(lines)


def left(of: ShiftView | TakenOver, words: Words) -> str:
    """`bills put aside: 2 · documents: 1 · open passes: 14, KES 612,400`."""
    amount = money.shown(money.KES, of.open_minor)
    parts = (
        (of.bills, N_("bills put aside: {n}")),
        (of.documents, N_("documents: {n}")),
        (of.passes, N_("open passes: {n}, {amount}")),
    )
    return " · ".join(words(says, n=n, amount=amount) for n, says in parts if n)

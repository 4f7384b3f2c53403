"""What the visitor's side shows: of what is at the window what the visitor may see, and nothing else."""

from dataclasses import dataclass

from gatepos.domain import numbers
from gatepos.domain.bill import Line
from gatepos.till.views import PayView, RecordedView, SellView, VehicleView

WELCOME, BILL, PAY, DONE = "welcome", "bill", "pay", "done"


@dataclass(frozen=True, slots=True)
class VisitorView:
    """One page of the visitor's side, KES minor units; nobody's staff number, no other payer's vehicle.

    `minor` is to be paid, was paid, or with `is_owed` is paid on the way out; `back_minor` goes back. The
    `paybill` stands there only while M-PESA is paid to it, `qr` only once the paper is recorded.
    """

    page: str = WELCOME
    lines: tuple[Line, ...] = ()
    plate: str = ""
    group: tuple[VehicleView, ...] = ()
    group_minor: int = 0
    minor: int = 0
    back_minor: int = 0
    paybill: str = ""
    account: str = ""
    parts: tuple[int, ...] = ()
    number: str = ""
    qr: str = ""
    is_owed: bool = False


def of_bill(view: SellView) -> VisitorView:
    """A bill that is tapped together; nothing in it is nobody at the window."""
    if not (view.lines or view.group):
        return VisitorView()
    minor = view.total_minor + view.group_minor - view.moved_minor
    return VisitorView(
        BILL, view.lines, view.plate, view.group, view.group_minor, max(minor, 0), max(-minor, 0)
    )


def of_payment(view: PayView, before: VisitorView) -> VisitorView:
    """What is left to pay and where to; the bill of `before` stays beside it, but not beside a pass."""
    is_same = before.page in (BILL, PAY) and numbers.parse(view.account).series != numbers.PASS
    where = view.paybill if view.rest_minor else None
    return VisitorView(
        PAY,
        before.lines if is_same else (),
        before.plate if is_same else "",
        before.group if is_same else (),
        before.group_minor if is_same else 0,
        view.rest_minor,
        view.change_minor,
        where or "",
        view.account if where else "",
        view.parts if where else (),
    )


def of_recorded(view: RecordedView) -> VisitorView:
    """What stands on the ledger now, with its paper's code."""
    return VisitorView(
        DONE,
        minor=view.total_minor,
        back_minor=view.due_back_minor or view.change_minor,
        number=view.number,
        qr=view.qr,
        is_owed=view.is_owed,
    )

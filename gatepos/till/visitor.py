"""What the visitor's side shows: of what is at the window what the visitor may see, and nothing else."""

from dataclasses import dataclass

from gatepos.domain import labels, money, numbers
from gatepos.domain.bill import Line
from gatepos.domain.labels import Titles
from gatepos.i18n import N_, Words
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


def spoken(view: VisitorView, words: Words, titles: Titles) -> str:
    """The same to be read out: who goes in by category, then the amount; nothing with nobody there."""
    if view.page == WELCOME:
        return ""
    free = sum(line.count for line in view.lines if line.ground is not None)
    said = [_spoken_line(line, words, titles) for line in view.lines if line.ground is None]
    said += [words(N_("{n} free"), n=free)] if free else []
    if view.group:
        said.append(words.plural("{n} more vehicle", "{n} more vehicles", len(view.group)))
    people = f"{', '.join(said)}. " if said else ""
    return people + words(_owed(view), amount=_spoken_minor(view.back_minor or view.minor))


def _spoken_line(line: Line, words: Words, titles: Titles) -> str:
    return f"{line.count} {labels.line(line.as_data(), words, titles)}"


def _owed(view: VisitorView) -> str:
    """What the amount is that is read out last."""
    if view.page == DONE and view.is_owed:
        return N_("Thank you. {amount} shillings are to be paid on exit.")
    if view.back_minor:
        return N_("You get back {amount} shillings.")
    if view.page == DONE:
        return N_("Thank you. {amount} shillings are paid.")
    return N_("To pay: {amount} shillings.")


def _spoken_minor(minor: int) -> str:
    """An amount without commas, at which a voice may stop."""
    return money.amount(minor).replace(",", "")

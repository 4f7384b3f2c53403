"""What somebody is told who signs in: what was approved in their name today, and what they take over."""

from typing import cast

from gatepos.domain import moments, numbers
from gatepos.domain.entry import Entry
from gatepos.ledger import drawers
from gatepos.ledger.drawers import Approval
from gatepos.till import shift_views
from gatepos.till.desk import Desk
from gatepos.till.sign_in import SignIn


class Greeting:
    """Of whoever stands at the window."""

    def __init__(self, desk: Desk, sign_in: SignIn):
        self._desk = desk
        self._sign_in = sign_in

    def view(self) -> shift_views.GreetingView:
        """How much was approved in their name, and what their signing in took over."""
        taken = tuple(_taken(close) for close in self._sign_in.took)
        return shift_views.GreetingView(self._desk.signed_in().number, len(self._approvals()), taken)

    def approved(self) -> tuple[shift_views.ApprovedView, ...]:
        """Each action that was approved in their name today, newest first."""
        return tuple(
            shift_views.ApprovedView(
                one.kind,
                moments.from_text(one.at),
                numbers.printed(one.number) if one.number else "",
                one.asked_by or "",
                self._desk.park.gate_name(one.gate),
                one.how,
            )
            for one in self._approvals()
        )

    def _approvals(self) -> list[Approval]:
        desk = self._desk
        return drawers.approvals(desk.ledger, desk.signed_in().number, desk.today().isoformat())


def _taken(close: Entry) -> shift_views.TakenOver:
    data = close.data
    return shift_views.TakenOver(
        shift=numbers.printed(cast(str, data["closes"])),
        staff=close.by or "",
        bills=len(cast("list[object]", data["aside"])),
        documents=len(cast("list[object]", data["documents"])),
        passes=cast(int, data["open_passes"]),
        open_minor=cast(int, data["open_minor"]),
    )

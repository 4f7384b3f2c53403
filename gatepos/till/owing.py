"""What is to be collected on a pass at the window: its price as it was fixed, its overstay, its paybill."""

from gatepos.domain import gatepass, numbers
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import Payload, Verdict
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.till import judging
from gatepos.till.desk import Desk
from gatepos.till.passes import NothingOwed
from gatepos.till.window import Owed


class OtherPaybill(Refusal):
    """Passes that are paid to several paybills, by one payment."""

    says = N_("{number} is paid to paybill {paybill}, the other to {other}. Collect each by itself.")


def of_paper(
    desk: Desk, payload: Payload, digest: str | None, verdict: Verdict, charge: tuple[Line, ...]
) -> Owed:
    """What a verdict collects on a paper; whoever it says leaves by it when it is paid."""
    found = passes.find(desk.ledger, payload.number)
    issued = desk.ledger.known(payload.number)
    paybill = issued.data.get("paybill") if issued else None
    return Owed(
        paper=payload,
        owed_minor=verdict.owed_minor,
        paybill=str(paybill or desk.pass_paybill()),
        leaving=verdict.people,
        digest=digest if payload.kind == gatepass.OWED else None,
        overstay=charge,
        overstay_days=charge[0].times if charge else 0,
        outage=found.outage if found else None,
    )


def of_number(desk: Desk, number: str, direction: str) -> Owed:
    """The same by a pass's number alone; nobody leaves by it where the lane goes in. NothingOwed."""
    payload = judging.remembered(desk, number)
    if payload is None:
        raise NothingOwed(number=numbers.printed(number))
    past = passes.past(desk.ledger, payload, None)
    owed_minor = gatepass.owed_minor(payload, past)
    if not owed_minor:
        raise NothingOwed(number=numbers.printed(number))
    charge = judging.overstay_of(desk, payload)
    owed_minor += sum(line.kes_minor for line in charge)
    inside = max((past.went_in or payload.heads) - past.went_out, 0)
    leaving = inside if direction == gatepass.OUT else 0
    return of_paper(desk, payload, None, Verdict("not_paid", owed_minor, leaving), charge)


def check_together(settles: tuple[Owed, ...]) -> None:
    """OtherPaybill unless one payment can pay them all."""
    for owed in settles[1:]:
        if owed.paybill != settles[0].paybill:
            number = numbers.printed(owed.paper.number)
            raise OtherPaybill(number=number, paybill=owed.paybill, other=settles[0].paybill)

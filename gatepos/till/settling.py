"""Passes that are paid, in whole or in part: one receipt a pass, by one payer or several."""

from collections.abc import Mapping

from gatepos.domain import gatepass, money, numbers, policy, postings, sale
from gatepos.domain.sale import Settled, ShortTender
from gatepos.ledger.ledger import Recorded
from gatepos.till import tokens
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.window import Owed, PayFirst, Window


class Settling:
    """What the pay panel of the gate ends in."""

    def __init__(self, desk: Desk, window: Window, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._approvals = approvals

    def check(self) -> None:
        """The clerk needs a shift, and somebody must owe; NoOpenShift, PayFirst."""
        self._desk.shift()
        if not self._window.work.settles:
            raise PayFirst()

    def open(self) -> None:
        """A pass has its number already."""
        self.check()

    def record(self, second: Second | None, *, in_part: bool) -> Recorded:
        """A receipt for each pass paid; the last of them. ShortTender unless `in_part`, OverNotCash."""
        work = self._window.work
        settles = work.settles
        rest = self._window.rest_minor()
        if rest > 0 and not (in_part and work.tenders):
            raise ShortTender(missing=money.amount(rest))
        shares = sale.share([owed.owed_minor for owed in settles], work.tenders)
        also = self._also(second)
        done = list(work.recorded)
        for n, (owed, settled) in enumerate(zip(settles, shares, strict=True)):
            if settled.tenders:
                # After a trouble the same again writes what is missing: only what is recorded is behind it.
                work.settles = settles[n:]
                work.tenders = [tender for one in shares[n:] for tender in one.tenders]
                work.recorded = tuple(done)
                done.append(self._write(owed, settled, sale.part_id(work.pay_id, len(done)), also))
        if not done:
            raise PayFirst()
        return done[-1]

    def _also(self, second: Second | None) -> Mapping[str, object] | None:
        """As at a sale: money held that pays has its second person."""
        if second is None and not self._window.spends_held:
            return None
        settles = self._window.work.settles
        about = {"pass": settles[0].paper.number, "owed_minor": self._window.total_minor()}
        return self._approvals.also(second, "pass.settled", about)

    def _write(self, owed: Owed, settled: Settled, id: str, also: object) -> Recorded:
        desk, paper = self._desk, owed.paper
        paid = sum(tender.kes_minor for tender in settled.tenders) - settled.change_minor
        due = max(owed.owed_minor - paid, 0)
        outage = desk.ledger.state.outage
        data = {
            "pass": paper.number,
            "digest": owed.digest,
            "plate": paper.plate,
            "band": paper.band,
            "people": [list(group) for group in paper.people],
            "owed_minor": owed.owed_minor,
            "sight": owed.sight,
            "overstay_days": owed.overstay_days,
            "overstay": [line.as_data() for line in owed.overstay],
            "rate_e4": desk.ledger.state.rate_e4,
            "tenders": [tender.as_data() for tender in settled.tenders],
            "change_minor": settled.change_minor,
            "total_minor": paid,
            "due_minor": due,
            "leaving": 0 if due else owed.leaving,
            "leave_on": max(gatepass.last_day(paper), desk.today()).isoformat(),
            "outage": outage,
            "host": desk.policy.text(policy.PASS_HOST),
        }
        return desk.write(
            "pass.settled",
            data,
            postings=postings.of_settlement(paper.number, owed.overstay, settled, desk.shift()),
            series=numbers.RECEIPT,
            token=tokens.settlement(desk, paper, due),
            id=id,
            also=also,  # type: ignore[arg-type]
            prints=True,
        )

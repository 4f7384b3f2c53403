"""A bill that is paid: the receipt that ends it."""

from collections.abc import Mapping

from gatepos.domain import bill as bills
from gatepos.domain import numbers, policy, postings, sale
from gatepos.domain.sale import Settled
from gatepos.ledger.ledger import Recorded
from gatepos.till import tokens
from gatepos.till.approvals import Approvals, Second
from gatepos.till.checkout import Checkout
from gatepos.till.corrections import Corrections
from gatepos.till.desk import Desk
from gatepos.till.window import Leaf, Window, Work


class Selling:
    """What the pay panel of Sell ends in."""

    def __init__(
        self, desk: Desk, window: Window, checkout: Checkout, corrections: Corrections, approvals: Approvals
    ):
        self._desk = desk
        self._window = window
        self._checkout = checkout
        self._corrections = corrections
        self._approvals = approvals

    def check(self) -> None:
        """Whether the bill in work may be sold; nothing is written."""
        self._desk.shift()
        self._checkout.check()

    def open(self) -> None:
        """Write `bill.opened` unless it is."""
        self._checkout.open()

    def record(self, second: Second | None, *, in_part: bool) -> Recorded:
        """The receipt of the bill in work, after those of its group; the last of them.

        Never paid in part; ShortTender, OverNotCash, NeedsSecond.
        """
        window, work = self._window, self._window.work
        settled = sale.settle(window.total_minor(), work.tenders, window.moved_minor())
        if work.corrects:
            receipt = {**self._checkout.sold(), **self._paid(settled)}
            return self._corrections.replace(work, receipt, settled, second)
        if work.leaf:
            return self._captured(work.leaf, settled, second)
        also = self._also(second, "receipt.issued")
        while work.group:
            self._sell_first(work, also)
        return self._sell(sale.settle(window.total_minor(), work.tenders), also)

    def _sell_first(self, work: Work, also: Mapping[str, object] | None) -> None:
        """The receipt of the first vehicle of a group; what its payer paid beyond it stays for the others.

        Nothing of it goes on before it is recorded: after a trouble the same again writes what is missing.
        """
        first, *others = work.group
        settled, *rest = sale.share(self._window.minor_each(), work.tenders)
        with self._window.serving(first):
            done = self._sell(settled, also)
        work.group, work.recorded = tuple(others), (*work.recorded, done)
        work.tenders = [tender for one in rest for tender in one.tenders]

    def _sell(self, settled: Settled, also: Mapping[str, object] | None) -> Recorded:
        receipt = {**self._checkout.sold(), **self._paid(settled)}
        return self._desk.write(
            "receipt.issued",
            receipt,
            postings=postings.of_receipt(self._window.priced().lines, settled, self._desk.shift()),
            series=numbers.RECEIPT,
            token=tokens.receipt(self._desk, receipt),
            id=self._window.work.pay_id,
            also=also,
            prints=True,
        )

    def _also(self, second: Second | None, kind: str) -> Mapping[str, object] | None:
        """Money held that pays a bill has its second person, as a refund of it would have."""
        if second is None and not self._window.spends_held:
            return None
        about = {"bill": self._window.number(), "total_minor": self._window.total_minor()}
        return self._approvals.also(second, kind, about)

    def _captured(self, leaf: Leaf, settled: Settled, second: Second | None) -> Recorded:
        """A leaf written by hand is its own paper: no token, no print."""
        window = self._window
        data = {
            **self._checkout.sold(),
            "book": leaf.book,
            "leaf": leaf.leaf,
            "written_at": leaf.written_at,
            "reason": leaf.reason,
            "outage": leaf.outage,
            "bill": window.number(),
            "people": [list(group) for group in bills.people(window.priced().lines)],
            "tenders": [tender.as_data() for tender in settled.tenders],
            "change_minor": settled.change_minor,
        }
        return self._desk.write(
            "paper.captured",
            data,
            postings=postings.of_receipt(window.priced().lines, settled, self._desk.shift()),
            series=numbers.PAPER,
            id=window.work.pay_id,
            also=self._also(second, "paper.captured"),
        )

    def _paid(self, settled: Settled) -> dict[str, object]:
        work, priced = self._window.work, self._window.priced()
        enters = self._desk.enters(work.bill.enter_on) and work.corrects is None
        return {
            "bill": self._window.number(),
            "tenders": [tender.as_data() for tender in settled.tenders],
            "change_minor": settled.change_minor,
            "people": [list(group) for group in bills.people(priced.lines)],
            "host": self._desk.policy.text(policy.PASS_HOST),
            "enters": enters or work.left is not None,
            "served_ms": self._window.served_ms(),
        }

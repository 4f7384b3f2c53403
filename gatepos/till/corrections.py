"""Correcting and voiding receipts: only by the till that holds them, and always by appending."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import gatepass, moments, money, numbers, policy, postings, text
from gatepos.domain.entry import Entry
from gatepos.domain.sale import Settled
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import queries, refunds
from gatepos.ledger.ledger import Recorded
from gatepos.till import showing, tokens, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.cash import check_to_hand_back
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.window import Spare, Window, Work

RECEIPTS = ("receipt.issued", "receipt.corrected")


class NoSuchReceipt(Refusal):
    """A receipt that this till does not hold."""

    says = N_("Receipt {number} is not in this till. Only the till that issued it can change it.")


class ReceiptEnded(Refusal):
    """A receipt that was voided or replaced."""

    says = N_("Receipt {number} no longer counts: {by} took its place.")


class IsRefunded(Refusal):
    """A receipt of which something is refunded, or asked to be: the rest is refunded too, or nothing is."""

    says = N_("Receipt {number} has a refund, {refund}. Refund the rest of it as well, or refuse that one.")


class Corrections:
    """A corrected receipt replaces the first, and its payment moves over."""

    def __init__(self, desk: Desk, window: Window, checkout: Checkout, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._checkout = checkout
        self._approvals = approvals

    def correct(self, typed: str, reason: str) -> views.SellView:
        """Bring a receipt's bill back to be changed and paid again; a bill at the window is held first."""
        receipt = self._living(typed)
        why = text.reason(reason)
        self._window.check_no_money()
        self._checkout.make_room()
        bill = bills.from_data(receipt.data)
        self._window.work = replace(self._window.fresh(), bill=bill, corrects=receipt, reason=why)
        return self._checkout.view()

    def replace(
        self, work: Work, sold: Mapping[str, object], settled: Settled, second: Second | None
    ) -> Recorded:
        """Write the receipt that takes the place of `work.corrects`; NeedsSecond where one clerk may not."""
        old = cast(Entry, work.corrects)
        self._check_not_refunded(cast(str, old.number))
        data = {
            **sold,
            "replaces": old.number,
            "replaces_digest": gatepass.digest(cast(str, old.data["token"])),
            "moved_minor": settled.moved_minor,
            "due_back_minor": settled.due_back_minor,
            "reason": work.reason,
        }
        also = None
        is_late_ = is_late(self._desk, self._chain(old)[-1])
        if is_late_ or settled.due_back_minor > 0 or self._window.spends_held or second:
            about = {key: data[key] for key in ("replaces", "total_minor", "due_back_minor", "reason")}
            also = self._approvals.also(second, "receipt.corrected", about)
        return self._desk.write(
            "receipt.corrected",
            data,
            postings=postings.of_correction(
                bills.lines(old.data), self._window.priced().lines, settled, self._desk.shift()
            ),
            series=numbers.RECEIPT,
            token=tokens.receipt(self._desk, sold, old),
            id=work.pay_id,
            also=also,
            prints=True,
        )

    def void(
        self, typed: str, reason: str, second: Second | None, id: str | None = None
    ) -> views.RecordedView:
        """Undo a receipt with a reason and a second person; cash of this shift is handed back.

        NoSuchReceipt, ReceiptEnded, IsRefunded, ReasonMissing, NeedsSecond, NotToHandBack.
        """
        receipt = self._living(typed)
        why = text.reason(reason)
        shift = self._desk.shift()
        number = cast(str, receipt.number)
        total_minor = cast(int, receipt.data["total_minor"])
        chain = [cast(str, one.number) for one in self._chain(receipt)]
        returned_minor = min(total_minor, queries.cash_minor(self._desk.ledger, chain, shift))
        returned = [{"tender": "cash", "currency": money.KES, "amount_minor": returned_minor}]
        data = {
            "receipt": number,
            "digest": gatepass.digest(cast(str, receipt.data["token"])),
            "total_minor": total_minor,
            "returned": returned if returned_minor else [],
            "held_minor": total_minor - returned_minor,
            "reason": why,
        }
        # First the second person: nobody alone may try out what the drawer holds.
        also = self._approvals.also(second, "receipt.voided", data)
        check_to_hand_back(self._desk, shift, returned_minor)
        done = self._desk.write(
            "receipt.voided",
            data,
            postings=postings.of_void(bills.lines(receipt.data), number, returned_minor, shift),
            series=numbers.VOID,
            id=id,
            also=also,
            prints=True,
        )
        self._window.remember(done)
        held_minor = total_minor - returned_minor
        self._window.spare = Spare(numbers.printed(number), held_minor) if held_minor else self._window.spare
        return showing.recorded(done)

    def _living(self, typed: str) -> Entry:
        self._desk.shift()
        number = str(numbers.parse(typed))
        receipt = self._desk.ledger.by_number(number)
        if receipt is None or receipt.kind not in RECEIPTS:
            raise NoSuchReceipt(number=numbers.printed(number))
        ended = queries.receipt_ending(self._desk.ledger, number)
        if ended is not None:
            raise ReceiptEnded(number=numbers.printed(number), by=numbers.printed(ended.ended_by))
        self._check_not_refunded(number)
        return receipt

    def _check_not_refunded(self, number: str) -> None:
        found = refunds.lines_asked(self._desk.ledger, number)
        if found:
            raise IsRefunded(number=numbers.printed(number), refund=numbers.printed(found[0].number))

    def _chain(self, receipt: Entry) -> list[Entry]:
        """The receipt and those it replaced, whose payments moved over to it; the first one last."""
        chain = [receipt]
        while receipt.data.get("replaces"):
            older = self._desk.ledger.by_number(cast(str, receipt.data["replaces"]))
            if older is None:
                break
            receipt = older
            chain.append(receipt)
        return chain


def is_late(desk: Desk, first: Entry) -> bool:
    """Whether what was written first is another clerk's, or too old: a correction makes it no younger."""
    if first.by != desk.signed_in().number:
        return True
    clock, fields = desk.clock, first.fields
    if clock.boot == fields["boot"]:  # no clock that is turned back makes it younger
        age_ms = clock.mono_ms() - cast(int, fields["mono_ms"])
    else:
        age_ms = clock.wall_ms() - moments.from_text(first.at)
    return not 0 <= age_ms <= desk.policy.whole(policy.CORRECT_WITHIN_MIN) * moments.MINUTE_MS

"""Slips: a bill that the driver filled in while queueing, or that a clerk along the queue hands on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from gatepos.domain import bill as bills
from gatepos.domain import fees, numbers, slip, slip_paper, text
from gatepos.domain.bill import Bill, FeeKey
from gatepos.domain.fees import SCHOOL_ENTRY
from gatepos.domain.paper_lines import PaperLine
from gatepos.domain.slip import EXEMPT, Group, LeftOnSlip, NotSoldBySlip, Slip
from gatepos.domain.vocabulary import AGES, CATEGORIES
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words
from gatepos.till import views
from gatepos.till.checkout import Checkout, NoSuchBill
from gatepos.till.desk import Desk
from gatepos.till.window import Brought, Window


class OtherPark(Said):
    """A notice: a slip that was filled in for another park."""

    says = N_("The slip is for park {park}: ask the driver.")


class BandNotSold(Said):
    """A notice: a vehicle of a slip whose price is not certain."""

    says = N_("The vehicle on the slip cannot be sold: choose its seats.")


class NotOnSlip(Refusal):
    """A bill with more than a slip can hold."""

    says = N_("A slip holds people and one vehicle for today. Sell bill {number} here, or clear it.")


class NobodyOnSlip(Refusal):
    """A bill without people, which no slip can hold."""

    says = N_("A slip needs people. Sell bill {number} here, or clear it.")


class Slips:
    """Takes a slip as the bill at the window, and hands a bill that waits to another till."""

    def __init__(self, desk: Desk, window: Window, checkout: Checkout):
        self._desk = desk
        self._window = window
        self._checkout = checkout

    def take(self, scanned: str) -> views.SellView:
        """Make a slip the bill in work, by the schedule in force; the one there is held if it has lines.

        Where the next vehicle of a group is awaited it is that one. The same slip again changes nothing while
        its bill stands there. NotSignedIn, SlipTooNew, SlipUnread, MoneyTaken, NotAllowed, the refusals of
        `hold`.
        """
        self._desk.allowed("sell")
        self._window.check_no_money()
        work = self._window.work
        if work.slip is not None and work.slip.text == scanned:
            return self._checkout.view()
        said, left = slip.read(scanned)
        is_next = bool(work.group) and not self._window.priced().lines
        if not is_next:
            self._checkout.make_room()
        bill, named = self._filled(said)
        asks = {AGES[age]: n for category, age, n in said.people if category == EXEMPT}
        if not is_next:
            self._checkout.leave("left")
        before, work = self._window.work, self._window.fresh()
        if is_next:
            work.group, work.account, work.exits = before.group, before.account, before.exits
        work.bill, work.slip = bill, Brought(scanned, asks, (*left, *named))
        self._window.work = work
        self._window.begin()
        try:
            return self._checkout.view()
        except Refusal:
            self._window.work = before
            raise

    def bill(self, scanned: str) -> Bill:
        """What can be sold of a slip, without those who ask to enter free; SlipTooNew, SlipUnread."""
        return self._filled(slip.read(scanned)[0])[0]

    def hand_over(self, typed: str, id: str | None = None) -> views.HandedView:
        """End a bill that waits here as a slip for another till; those who enter free are looked at there.

        NoSuchBill, NobodyOnSlip; NotOnSlip for more than people and one vehicle for today.
        """
        self._desk.shift()
        number = str(numbers.parse(typed))
        waiting = [one for one in self._checkout.waiting() if one.number == number]
        entry = self._desk.ledger.by_number(number) if waiting else None
        if entry is None:
            raise NoSuchBill(number=typed[:20])
        brought = self._window.slips.get(number)
        asks = brought.asks if brought else {}
        bill = bills.from_data(entry.data)
        written = slip.write(_slip(bill, asks, self._desk.park.code, number, self._desk.today()))
        data = {"bill": number, "reason": "handed_over", "slip": written}
        done = self._desk.write("bill.abandoned", data, id=id)
        self._window.slips.pop(number, None)
        return views.HandedView(numbers.printed(number), waiting[0].plate, written, done.copies)

    def paper(self, view: views.HandedView, words: Words) -> tuple[PaperLine, ...]:
        """The slip on paper, of which no entry is the original: its code says all of it."""
        context = self._desk.ledger.context
        place = (context.gate, context.lane)
        return slip_paper.handed(view.slip, view.number, self._desk.park, place, context.till, words)

    def _filled(self, said: Slip) -> tuple[Bill, tuple[Said, ...]]:
        """The bill of a slip as far as it can be sold, and what cannot be taken."""
        named: list[Said] = []
        if said.park and said.park != self._desk.park.code:
            named.append(OtherPark(park=said.park))
        bill = self._window.fresh().bill
        bill = replace(bill, plate=said.plate, operator=self._operator(said, named))
        for group in said.people:
            if group[0] != EXEMPT:
                key, n = _key(group), group[2]
                if self._is_sold(replace(bill, counts={key: n}, band=0)):
                    bill = bill.counted(key, n)
                else:
                    named.append(NotSoldBySlip(group))
        if said.band and self._is_sold(replace(bill, counts={}, band=said.band)):
            bill = replace(bill, band=said.band)
        elif said.band:
            named.append(BandNotSold())
        return bill, tuple(named)

    def _operator(self, said: Slip, named: list[Said]) -> str | None:
        """The operator, spelt as this till knows it of the vehicle: a slip has capitals only."""
        try:
            operator = text.kept(said.operator)
        except Refusal:
            named.append(LeftOnSlip(part=said.operator[:4]))
            return None
        last = self._checkout.last(said.plate)
        is_known = last is not None and slip.plain(last.operator) == operator
        return (last.operator if last is not None and is_known else operator) or None

    def _is_sold(self, bill: Bill) -> bool:
        try:
            bills.price(bill, self._desk.schedule(), self._desk.ledger.state.rate_e4)
        except Refusal:
            return False
        return True


def _key(group: Group) -> FeeKey:
    category, age = CATEGORIES[group[0]], AGES[group[1]]
    return (SCHOOL_ENTRY if category == "school" else fees.PARK_ENTRY), category, age


def _slip(bill: Bill, asks: Mapping[str, int], park: str, number: str, today: date) -> Slip:
    """A bill as a slip; NobodyOnSlip, NotOnSlip."""
    printed = numbers.printed(number)
    if any(fee not in fees.ENTRY for fee, _, _ in bill.counts) or (
        (bill.product, bill.days, bill.nights) != (park, 1, 0) or bill.enter_on > today
    ):
        raise NotOnSlip(number=printed)
    people = [
        (CATEGORIES.index(category), AGES.index(age), n) for (_, category, age), n in bill.counts.items()
    ]
    for age in ("adult", "child"):
        looked_at = sum(free for ground, free in bill.free.items() if bills.age_of(ground) == age)
        n = max(looked_at, asks.get(age, 0))
        if n:
            people.append((EXEMPT, AGES.index(age), n))
    if not people:
        raise NobodyOnSlip(number=printed)
    return Slip(tuple(people), park, bill.plate, bill.band, bill.operator or "")

"""Sell: who is in the vehicle and what it owes. Hold puts a bill aside; Pay is in `payments`.

Pay or Hold writes `bill.opened`, whose number is the M-PESA account; the bill then ends exactly once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import fees, labels, moments, plates, staff, text
from gatepos.domain.bill import Bill, FeeKey, NothingInBill
from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import NOT_VISITORS
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words
from gatepos.ledger import queries, vehicles
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.vehicles import Vehicle
from gatepos.till import showing, views
from gatepos.till.desk import Desk
from gatepos.till.window import Window, Work

_AHEAD_DAYS = 365
_VEHICLES_MAX = 20
_OFFERED = 3
"""Vehicles that are offered while a plate is typed."""


class NotSoldHere(Refusal):
    """A destination that this gate does not sell."""

    says = N_("{product} is not sold at this gate.")


class EnterOnPast(Refusal):
    """An entry day that is over, or too far ahead."""

    says = N_("Enter on today or a later day within a year.")


class NoSuchBill(Refusal):
    """A bill that is not waiting."""

    says = N_("Bill {number} is not waiting here.")


class FinishCorrection(Refusal):
    """A correction cannot be put aside."""

    says = N_("Finish the correction first, or clear it.")


class ScheduleWaits(Said):
    """A notice to who may switch: a later schedule has begun and is not in force here."""

    says = N_("Fee schedule {schedule} has begun and waits: accept it in Set-up.")


class PlateMissing(Refusal):
    """A vehicle without a plate."""

    says = N_("Type the vehicle's plate first.")


class UnusualBill(Refusal):
    """So many enter free that the clerk is asked once."""

    says = N_("{free} of {people} enter free. If that is right, pay again.")


class VehicleCounted(Refusal):
    """A vehicle counted like people: it has one band, and a plate."""

    says = N_("A vehicle is chosen by its seats, once a bill.")


class LetterMissing(Refusal):
    """School fees without the school whose letter was seen."""

    says = N_("Type the school whose letter was seen first.")


class EntryClosed(Refusal):
    """A warning: the hours of entry are over."""

    says = N_("Entry is open {enter_from}–{enter_until}.")


class NotLookedAt(Refusal):
    """People of a slip who ask to enter free, and nobody looked at them."""

    says = N_("{n} on the slip ask to enter free: touch their ground. If they do not go in free, pay again.")


class LowerBand(Refusal):
    """A vehicle that came with more seats last time."""

    says = N_("{plate} came with {last} last time. If it has fewer now, pay again.")

    def said(self, words: Words, /) -> str:
        last = words(labels.BANDS[cast(int, self.values["last"])])
        return words(self.says, plate=plates.shown(cast(str, self.values["plate"])), last=last)


class SoldAlone(Refusal):
    """Something in work that no other vehicle can be paid with."""

    says = N_("A ticket, a correction or a written leaf is paid alone: record it first.")


class TooManyVehicles(Refusal):
    """More vehicles than one payer pays for at once."""

    says = N_("One payer pays for at most {most} vehicles at once: record these first.")


class LookAtSlip(Said):
    """A notice: nobody has looked at what a slip says."""

    says = N_("From a slip: look at the documents and the people.")


class AskToEnterFree(Said):
    """A notice: whom a slip says to enter free, the clerk still has to look at."""

    says = N_("{n} ask to enter free: look, then touch their ground.")


class Checkout:
    """The bill in work, tapped together at one window; what stands at the one beside it does not wait."""

    def __init__(self, desk: Desk, window: Window, beside: Window):
        self._desk = desk
        self._window = window
        self._beside = beside
        self._leave_unfinished_corrections()

    def tap(self, key: FeeKey, step: int = 1) -> views.SellView:
        """One more, or one fewer, of a fee; a price that is not set refuses by name."""
        return self.count(key, max(self._bill.counts.get(key, 0) + step, 0))

    def count(self, key: FeeKey, n: int) -> views.SellView:
        """Exactly `n` of a fee; a fee a night sets one night when there is none. VehicleCounted."""
        return self._change(self._counted(self._bill.counted(key, n), key))

    def free(self, ground: str, step: int = 1) -> views.SellView:
        """One more, or one fewer, free on a ground."""
        return self.count_free(ground, max(self._bill.free.get(ground, 0) + step, 0))

    def count_free(self, ground: str, n: int) -> views.SellView:
        """Exactly `n` free on a ground."""
        return self._change(self._bill.freed(ground, n))

    def none_apart(self) -> views.SellView:
        """Nobody in it is other than a visitor after all."""
        free = {ground: n for ground, n in self._bill.free.items() if ground not in NOT_VISITORS}
        return self._change(replace(self._bill, free=free))

    def evidence(self, ground: str, shown: str) -> views.SellView:
        """What was shown for a ground, when it is not the usual paper."""
        return self._change(self._bill.shown(ground, shown))

    def vehicle(self, band: int) -> views.SellView:
        """The vehicle's band; the same again takes it away with its plate: they are on foot."""
        bill = self._bill
        if band == bill.band:
            return self._change(replace(bill, band=0, plate=""))
        if band:
            self._desk.schedule().sellable(bill.product, fees.vehicle_key(band))
        return self._change(replace(bill, band=band))

    def plate(self, typed: str) -> views.SellView:
        """The plate; empty on foot."""
        return self._change(replace(self._bill, plate=plates.parse(typed) if typed.strip() else ""))

    def operator(self, typed: str) -> views.SellView:
        """The tour operator, optional."""
        return self._change(replace(self._bill, operator=text.kept(typed) or None))

    def institution(self, typed: str) -> views.SellView:
        """The school whose letter was seen, once a bill."""
        return self._change(replace(self._bill, institution=text.kept(typed) or None))

    def stay(self, days: int, nights: int) -> views.SellView:
        """Days multiply entry and vehicle, nights multiply camping."""
        return self._change(self._bill.staying(days, nights))

    def enter_on(self, on: date) -> views.SellView:
        """The day of entry, today or later; EnterOnPast."""
        self._check_day(on)
        return self._change(replace(self._bill, enter_on=on))

    def product(self, code: str) -> views.SellView:
        """Sell another destination or package of this gate; the counts begin anew."""
        self._check_product(code)
        return self._change(replace(self._bill, product=code, counts={}))

    def take(self, bill: Bill) -> views.SellView:
        """A whole bill at once in the place of the one in work; the refusals of each touch."""
        self._check_product(bill.product)
        if bill.enter_on != self._bill.enter_on:
            self._check_day(bill.enter_on)
        for key in bill.counts:
            bill = self._counted(bill, key)
        return self._change(bill)

    def add(self) -> views.SellView:
        """Keep the vehicle with its payer, and begin the next for which the same one pays; as `check`.

        SoldAlone, TooManyVehicles, MoneyTaken.
        """
        self._desk.signed_in()
        self._window.check_no_money()
        work = self._window.work
        if work.corrects or work.replaces or work.ticket or work.leaf:
            raise SoldAlone()
        if len(self._window.works) >= _VEHICLES_MAX:
            raise TooManyVehicles(most=_VEHICLES_MAX)
        if not self._window.priced().lines:
            raise NothingInBill()
        group = self._kept()
        fresh = self._window.fresh()
        self._window.work = replace(
            fresh, bill=work.bill.after(), exits=work.exits, group=group, account=_account(group)
        )
        return self.view()

    def turn_to(self, typed: str) -> views.SellView:
        """Take another vehicle of the group to work, by its bill; the one in work stays with its payer.

        NoSuchBill, MoneyTaken, as `check`.
        """
        self._desk.signed_in()
        self._window.check_no_money()
        number = re.sub(r"[ .-]", "", typed).upper()
        if number not in [work.number for work in self._window.works]:
            raise NoSuchBill(number=typed[:20])
        self._bring(number, self._kept())
        return self.view()

    def clear(self) -> views.SellView:
        """Begin anew, or go back to the vehicle before it of its group; an opened bill is abandoned.

        The journal says so. MoneyTaken.
        """
        self._desk.signed_in()
        self._window.check_no_money()
        group = self._window.work.group
        if group:
            self._abandon("cleared")
            self._bring(group[-1].number, group)
        else:
            self.leave("cleared")
        return self.view()

    def leave(self, reason: str, id: str | None = None) -> Recorded | None:
        """Leave the bill in work and its group, and abandon in the journal what was opened; MoneyTaken."""
        self._window.check_no_money()
        for work in self._window.work.group:
            with self._window.serving(work):
                self._abandon(reason)
        done = self._abandon(reason, id)
        self._window.work = self._window.fresh()
        return done

    def hold(self) -> views.SellView:
        """Put the bill aside under its number, a group with it; the next vehicle at once; MoneyTaken."""
        self._desk.signed_in()
        self._drop_empty()
        if self._window.work.corrects or self._window.work.replaces:
            raise FinishCorrection()
        self._window.check_no_money()
        if self._window.is_changed():
            self._abandon("changed")
        self.open(holds=True)
        self._window.keep_slip()
        self._window.work = self._window.fresh()
        return self.view()

    def waiting(self) -> tuple[views.Waiting, ...]:
        """The bills put aside, oldest first."""
        in_work = {work.number for work in (*self._window.works, *self._beside.works)}
        return tuple(
            views.Waiting(row.number, row.plate, row.total_minor, moments.from_text(row.at))
            for row in queries.waiting_bills(self._desk.ledger)
            if row.number not in in_work
        )

    def resume(self, typed: str) -> views.SellView:
        """Take a waiting bill, by number or plate, to the window; the one there is held if it has lines.

        The other vehicles of its group that wait come with it. NoSuchBill, MoneyTaken.
        """
        self._desk.signed_in()
        self._window.check_no_money()
        wanted = re.sub(r"[ .-]", "", typed).upper()
        found = [w for w in self.waiting() if wanted and wanted in (w.number, w.plate)]
        entry = self._desk.ledger.by_number(found[0].number) if found else None
        if entry is None:
            raise NoSuchBill(number=typed[:20])
        self.make_room()
        before = self._window.work
        self._bring(cast(str, entry.number), self._waited(entry))
        self._window.begin()
        try:
            return self.view()
        except Refusal:
            # Another schedule may be in force by now, without these prices.
            self._window.work = before
            raise

    def make_room(self) -> None:
        """Hold the bill in work if it has lines; FinishCorrection, MoneyTaken, the refusals of `check`."""
        if self._window.priced().lines or self._window.work.group:
            self.hold()

    def like(self, typed: str) -> tuple[Vehicle, ...]:
        """The vehicles that came before and whose plate begins so, who came last first."""
        begun = re.sub(r"[ .-]", "", typed).upper()
        return tuple(vehicles.beginning(self._desk.ledger, begun, _OFFERED))

    def last(self, plate: str) -> Vehicle | None:
        """A vehicle as it came last, to this till or to those that were heard."""
        return vehicles.last(self._desk.ledger, plate) if plate else None

    def come_again(self, plate: str) -> views.SellView:
        """A vehicle with the seats and the operator with which it came last; BadPlate."""
        plate = plates.parse(plate)
        last = self.last(plate) or Vehicle(plate, 0, "")
        bill = replace(self._bill, plate=plate, band=last.band or self._bill.band)
        if bill.band:
            self._desk.schedule().sellable(bill.product, fees.vehicle_key(bill.band))
        return self._change(replace(bill, operator=last.operator or bill.operator))

    def open(self, id: str | None = None, *, holds: bool = False) -> None:
        """Write `bill.opened` unless it is: from here on the bill has a number and outlives a restart.

        A bill that was changed since is looked at again: nothing is sold that could not be opened.
        """
        self._desk.shift()
        self._drop_empty()
        work = self._window.work
        if work.opened is None or self._window.is_changed():
            self.check(holds=holds)
        if work.opened is not None:
            return
        corrects = work.corrects.number if work.corrects else None
        data = {**self.sold(), "corrects": corrects, "group": work.account or None}
        work.opened = self._desk.write("bill.opened", data, series="B", id=id).entry

    def sold(self) -> dict[str, object]:
        """What is sold, as bills and receipts hold it."""
        bill, priced = self._bill, self._window.priced()
        return {
            "park": self._desk.park.code,
            "product": bill.product,
            "enter_on": bill.enter_on.isoformat(),
            "days": bill.days,
            "nights": bill.nights,
            "plate": bill.plate,
            "band": bill.band,
            "operator": bill.operator,
            "institution": bill.institution,
            "lines": [line.as_data() for line in priced.lines],
            "usd_minor": priced.usd_minor,
            "rate_e4": priced.rate_e4,
            "total_minor": priced.total_minor,
        }

    def view(self) -> views.SellView:
        """All that the Sell screen shows; a bill left from another day is for today."""
        today = self._desk.today()
        for work in self._window.works:
            if work.bill.enter_on < today and work.corrects is None:
                work.bill = replace(work.bill, enter_on=today)
        return showing.sell(self._desk, self._window, self.waiting(), self._warnings())

    @property
    def _bill(self) -> Bill:
        return self._window.work.bill

    def _counted(self, bill: Bill, key: FeeKey) -> Bill:
        """The bill, if a fee may be counted on it, with a night where there is none and the fee needs one."""
        if key[0] == fees.VEHICLE:
            raise VehicleCounted()
        fee = self._desk.schedule().sellable(bill.product, fees.priced_as(key))
        is_counted_by_night = fee.per == fees.Per.NIGHT and key in bill.counts
        return bill.staying(bill.days, 1) if is_counted_by_night and not bill.nights else bill

    def _check_product(self, code: str) -> None:
        if code not in self._desk.park.products:
            raise NotSoldHere(product=code[:4])

    def _check_day(self, on: date) -> None:
        if not 0 <= (on - self._desk.today()).days <= _AHEAD_DAYS:
            raise EnterOnPast()

    def _change(self, bill: Bill) -> views.SellView:
        work = self._window.work
        before, work.bill = work.bill, bill
        try:
            view = self.view()
        except Refusal:
            work.bill = before
            raise
        work.is_confirmed = work.is_confirmed and bill.free == before.free
        if (bill.free, bill.plate, bill.band) != (before.free, before.plate, before.band):
            work.asked.clear()
        self._window.begin()
        return view

    def _kept(self) -> tuple[Work, ...]:
        """The vehicles of the group with the one in work, opened as it is; without it where it is empty."""
        work = self._window.work
        if not self._window.priced().lines:
            self._abandon("cleared")
            return work.group
        account = self._window.account() or ""
        if self._window.is_changed():
            self._abandon("changed")
        work.account = account
        self.open()
        return (*work.group, replace(work, group=(), account=account or work.number))

    def _bring(self, number: str, group: tuple[Work, ...]) -> None:
        """Let one of these vehicles be in work, and the others its group."""
        work = next(one for one in group if one.number == number)
        others = tuple(one for one in group if one is not work)
        self._window.work = replace(work, group=others, account=_account(group))

    def _drop_empty(self) -> None:
        """An empty bill behind the vehicles of a group is nobody: the last of them is in work again."""
        work = self._window.work
        if work.group and not self._window.priced().lines:
            self._abandon("cleared")
            self._bring(work.group[-1].number, work.group)
            self._window.work.tenders, self._window.work.kind = work.tenders, work.kind

    def _waited(self, entry: Entry) -> tuple[Work, ...]:
        """A bill that waits and those of its group that do, in the order in which they were opened."""
        account = _group_of(entry)
        waiting = (self._desk.ledger.by_number(one.number) for one in self.waiting())
        found = [one for one in waiting if one and _group_of(one) == account]
        is_group = len(found) > 1 or account != entry.number
        return tuple(self._back(one, account if is_group else "") for one in found)

    def _back(self, entry: Entry, account: str) -> Work:
        work = replace(self._window.fresh(), bill=bills.from_data(entry.data), opened=entry, has_waited=True)
        work.slip, work.account = self._window.slips.get(cast(str, entry.number)), account
        return work

    def _abandon(self, reason: str, id: str | None = None) -> Recorded | None:
        """End the bill in work without a sale, when it was opened and has not ended."""
        opened, self._window.work.opened = self._window.work.opened, None
        # It may have ended in a sale of which nobody could say at first whether it was recorded.
        if opened is None or opened.number not in self._desk.ledger.state.bills:
            return None
        return self._desk.write("bill.abandoned", {"bill": opened.number, "reason": reason}, id=id)

    def check(self, *, holds: bool = False) -> None:
        """Whether the bill in work may be sold, or put aside: whoever asks to enter free is looked at later.

        NothingInBill, PlateMissing, LetterMissing; once each UnusualBill, NotLookedAt, LowerBand.
        """
        self._drop_empty()
        work = self._window.work
        bill = work.bill
        if not self._window.priced().lines:
            raise NothingInBill()
        if (bill.band or bill.not_visitors) and not bill.plate:
            raise PlateMissing()
        if bill.is_school and not bill.institution:
            raise LetterMissing()
        for question in self._questions(holds):
            if not work.is_confirmed and question.name not in work.asked:
                work.asked.add(question.name)
                raise question

    def _questions(self, holds: bool) -> Iterator[Refusal]:
        """What the clerk is asked once, before it is sold."""
        bill = self._bill
        if bill.is_unusual():
            free = bill.free_visitors + bill.crew
            yield UnusualBill(free=free, people=free + bill.paying)
        asking = sum(n for _, n in showing.asking(self._window.work))
        if asking and not holds:
            yield NotLookedAt(n=asking)
        is_new = not (self._window.work.corrects or self._window.work.replaces)
        last = self.last(bill.plate) if is_new else None
        if last is not None and bill.band < last.band:
            yield LowerBand(plate=bill.plate, last=last.band)

    def _warnings(self) -> tuple[Said, ...]:
        return (*self._of_hours(), *self._of_schedule(), *self._of_slip())

    def _of_slip(self) -> Iterator[Said]:
        """What the clerk looks at of a slip, and what was left of it."""
        slip = self._window.work.slip
        if slip is not None:
            yield LookAtSlip()
            yield from slip.left
            asking = sum(n for _, n in showing.asking(self._window.work))
            if asking:
                yield AskToEnterFree(n=asking)

    def _of_schedule(self) -> tuple[Said, ...]:
        """That a schedule waits, to who may accept it, while no vehicle waits at the window."""
        person, is_idle = self._desk.person, not self._window.priced().lines
        if person is None or not staff.may(person.roles, "switch") or not is_idle:
            return ()
        proposed = self._desk.proposed()
        return (ScheduleWaits(schedule=proposed.id),) if proposed is not None else ()

    def _of_hours(self) -> tuple[Said, ...]:
        hours = self._desk.park.hours
        now = moments.local(self._desk.clock.wall_ms()).time()
        if hours.enter_from <= now <= hours.enter_until:
            return ()
        return (
            EntryClosed(enter_from=f"{hours.enter_from:%H:%M}", enter_until=f"{hours.enter_until:%H:%M}"),
        )

    def _leave_unfinished_corrections(self) -> None:
        for row in queries.waiting_bills(self._desk.ledger):
            if row.corrects:
                self._desk.write("bill.abandoned", {"bill": row.number, "reason": "left"})


def _account(group: Sequence[Work]) -> str:
    """The account of the vehicles of a group: the number that the first of them was given first."""
    return group[0].account if group else ""


def _group_of(entry: Entry) -> str:
    """The account of the group of an opened bill; its own number where it is alone, or the first."""
    return cast(str, entry.data.get("group") or entry.number)

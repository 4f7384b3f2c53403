"""A clerk lets somebody out: paid before, paying now, in part, owing, on foot, or to come back."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from gatepos.domain import moments, money, numbers
from gatepos.domain.payment import MPESA_MOST_MINOR
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.vocabulary import CAMPING
from gatepos.rehearsal import admitting, lane, park
from gatepos.rehearsal.arrivals import HOUR_MS, Arrival
from gatepos.rehearsal.lane import Lane
from gatepos.rehearsal.served import Hands, Hours
from gatepos.rehearsal.tally import Tally
from gatepos.till.approvals import Second
from gatepos.till.views import PassRow, ScanView

LAST_MS = moments.from_text("2026-01-02T15:50:00.000Z")
"""After this nobody is served."""
PAID, PAYS, IN_PART, OWING = "paid before", "pays a pass", "pays a part", "leaves owing"
ANEW, ON_FOOT, TO_COME_BACK = "pays at the new price", "on foot", "goes to come back"
TOGETHER = "pays for its group"
COMES_BACK = "comes back: "
_STAYS, _PART, _FAILS = 0.05, 0.04, 0.04
"""How many stay overnight, pay a part, cannot pay; the rest pay in full."""
_OUTSIDE_MS = 96 * moments.MINUTE_MS
"""How long a doctor takes, or the shop: a stick went to the entry meanwhile."""


@dataclass(slots=True)
class Visit:
    """Somebody inside: what their paper's code says, the number of its pass or receipt.

    `back_on` is the ground on which they go out and come back; `is_anew` where the pass was priced anew and
    nobody had its newer paper to give. `group` are the vehicles that came with it, itself among them;
    `is_paid` where one of them paid its pass.
    """

    arrival: Arrival
    lane: Lane
    operator: str
    code: str
    number: str
    back_on: str = ""
    group: "list[Visit]" = field(default_factory=list, repr=False, compare=False)
    is_anew: bool = False
    is_out: bool = False
    is_paid: bool = False


_Collect = Callable[[Visit, int], None]
"""Collects what is owed by a vehicle, KES minor units, or lets it out without."""


class Leaving:
    """The gate out, which is the last of the lanes, and the way back in by the others."""

    def __init__(self, lanes: Sequence[Lane], tally: Tally, hours: Hours, chance: random.Random):
        *self._entries, self._out = lanes
        self._tally = tally
        self._hours = hours
        self._chance = chance
        self._lots = itertools.chain((0.0, _FAILS), iter(chance.random, None))
        """How somebody with a pass pays: the first cannot, the second pays a part."""

    def leave(self, visit: Visit, at_ms: int) -> None:
        """Unless they stay overnight or are gone; whoever goes out to come back has the time."""
        comes_ms = at_ms + (_OUTSIDE_MS if visit.back_on else 0)
        stays = not visit.arrival.back_on and self._chance.random() < _STAYS
        if visit.is_out or comes_ms > LAST_MS or stays:
            return
        visit.is_out = True
        if not visit.arrival.van.plate:
            hands, action = Hands(2, scans=1, papers=0), partial(_walk_out, visit)
            self._hours.serve("out", ON_FOOT, visit.lane, at_ms, hands, action)
            return
        if visit.arrival.pays_together and len(rows := self._owing(visit)) > 1:
            hands, action = self._hands_of_together(rows), partial(self._pay_together, visit, rows)
            self._hours.serve("out", TOGETHER, self._out, at_ms, hands, action)
        kind, hands, collect = self._way_out(visit)
        self._hours.serve("out", kind, self._out, at_ms, hands, partial(self._through, visit, collect))

    def _way_out(self, visit: Visit) -> tuple[str, Hands, _Collect]:
        """What the clerk does, and how what is owed is collected."""
        if visit.back_on:
            return TO_COME_BACK, Hands(2, scans=1, papers=0), self._pay
        if visit.number not in self._tally.issued:
            return PAID, Hands(scans=1, papers=0), self._pay  # a receipt: there is nothing to collect
        if visit.is_paid:
            return PAID, Hands(int(visit.is_anew), scans=1, papers=0), self._pay
        touches, keys, lot = 2 + visit.is_anew, admitting.CODE_KEYS, next(self._lots)
        if lot < _FAILS:
            return OWING, Hands(touches, scans=1), self._let_out
        if lot < _FAILS + _PART:
            return IN_PART, _hands_in_part(touches, keys), self._pay_in_part
        return ANEW if visit.is_anew else PAYS, Hands(touches, keys, scans=1), self._pay

    def _through(self, visit: Visit, collect: _Collect) -> None:
        gate = self._out.till.gate
        view = gate.scan(visit.code)
        if view.may_follow:
            view = gate.follow()
        self._compare(visit, view)
        if view.owed_minor:
            collect(visit, view.owed_minor)
        if visit.back_on:
            gate.coming_back(visit.back_on)
            self._hours.at(self._out.clock.now_ms + _OUTSIDE_MS, partial(self._come_back, visit))
        gate.leave()

    def _owing(self, visit: Visit) -> list[PassRow]:
        """What the exit knows to be owed on the passes of a group, whose papers are with their drivers."""
        if visit.number not in self._tally.issued:
            return []
        mine = {numbers.printed(one.number) for one in visit.group if not one.is_out or one is visit}
        rows = self._out.till.pass_lists.find(visit.operator)
        return [row for row in rows if row.number in mine and row.owed_minor]

    def _hands_of_together(self, rows: Sequence[PassRow]) -> Hands:
        """Passes, one of the operator's, Pay together, those left out, Collect, how it pays, Next."""
        others = len(self._out.till.pass_lists.owing_with(rows[0].number)) - len(rows)
        return Hands(6 + others, 3 + admitting.CODE_KEYS, looks=2, papers=len(rows))

    def _pay_together(self, visit: Visit, rows: Sequence[PassRow]) -> None:
        """One tender for all that the group owes; each goes out on its own paper then."""
        gate, tally = self._out.till.gate, self._tally
        total_minor = 0
        for row in rows:
            number = str(numbers.parse(row.number))
            if not tally.waived[number]:
                tally.compare(number, row.owed_minor, tally.left(number))
            tally.settled[number] += row.owed_minor
            total_minor += row.owed_minor
        view = gate.collect(*(row.number for row in rows))
        tally.compare(f"the group of {visit.number}", view.pay.rest_minor if view.pay else 0, total_minor)
        self._take(visit, total_minor)
        gate.leave()
        paid = {row.number for row in rows}
        for one in visit.group:
            one.is_paid = one.is_paid or numbers.printed(one.number) in paid

    def _compare(self, visit: Visit, view: ScanView) -> None:
        """What the exit asks for is what is owed by hand; a waiver it may not have heard of yet."""
        number, tally = visit.number, self._tally
        if not tally.waived[number]:
            tally.compare(number, view.owed_minor, tally.left(number) if number in tally.issued else 0)

    def _come_back(self, visit: Visit, at_ms: int) -> None:
        """A scan at the entry; from a doctor they leave again, campers stay the night."""
        entry, kind = lane.next_free(self._entries), COMES_BACK + visit.back_on
        hands, action = Hands(scans=1, papers=0), partial(_let_in_again, entry, visit)
        self._hours.serve("in", kind, entry, at_ms, hands, action)
        visit.is_out = False
        if visit.back_on != CAMPING:
            visit.back_on = ""
            self._hours.at(at_ms + HOUR_MS, partial(self.leave, visit))

    def _pay(self, visit: Visit, minor: int) -> None:
        """All that the exit asks for, or a part."""
        self._take(visit, minor)
        self._tally.settled[visit.number] += minor

    def _take(self, visit: Visit, minor: int) -> None:
        """By M-PESA, or by card what no such payment carries."""
        settlements, code = self._out.till.settlements, visit.arrival.van.reference
        tender = "mpesa" if minor <= MPESA_MOST_MINOR else "card"
        settlements.pay(tender)
        if tender == "card":
            settlements.card(code[-6:], "4242", money.amount(minor))
        else:
            settlements.mpesa(code, money.amount(minor))
        self._tally.pays(self._out.code, tender, minor)

    def _pay_in_part(self, visit: Visit, owed: int) -> None:
        """Half now, the rest on an undertaking."""
        self._pay(visit, owed // 2 // money.MINOR * money.MINOR)
        self._out.till.settlements.record(in_part=True)
        rest = self._out.till.gate.look_again(visit.number).owed_minor
        self._let_out(visit, rest)

    def _let_out(self, visit: Visit, _owed: int) -> None:
        """No network on the driver's phone: nobody is kept in."""
        till = self._out.till
        try:
            till.passes.let_out(till.gate.owed(), "M-PESA does not answer", operator=visit.operator)
        except NeedsSecond:
            second = Second(park.SUPERVISOR.number, park.SUPERVISOR.pin)
            till.passes.let_out(till.gate.owed(), "M-PESA does not answer", second, visit.operator)
        self._tally.undertaken.add(visit.number)


def _hands_in_part(touches: int, keys: int) -> Hands:
    touches, keys = touches + admitting.PART_TOUCHES, keys + admitting.PART_KEYS
    return Hands(touches, keys, looks=2, scans=1, papers=2)


def _walk_out(visit: Visit) -> None:
    """Who came on foot goes out where they came in: the lane goes the other way for once."""
    gate = visit.lane.till.gate
    gate.turn()
    _expect(gate.scan(visit.code).word, "let_out")
    gate.turn()


def _let_in_again(entry: Lane, visit: Visit) -> None:
    _expect(entry.till.gate.scan(visit.code).word, "coming_back")
    entry.till.gate.leave()


def _expect(word: str, wanted: str) -> None:
    if word != wanted:
        raise RuntimeError(f"the lane says {word}, not {wanted}")

"""A day with an outage, played through real tills: two lanes in, a gate out that hears nothing till night."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from gatepos.domain import moments, money
from gatepos.domain.entry import Entry
from gatepos.domain.staff import NeedsSecond
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal import park, selling, vans
from gatepos.rehearsal.lane import Lane, hands_s
from gatepos.rehearsal.park import Player, Post
from gatepos.rehearsal.tally import Tally
from gatepos.rehearsal.vans import Van
from gatepos.till import shift_sums, shifts, views
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.till import Till

DAY = "2026-01-02"
_OPENS, _BACK, _LAST_OUT, _NIGHT = (f"{DAY}T{at}:00.000Z" for at in ("03:00", "11:00", "15:50", "16:30"))
PAYBILL, AUTHORITY = "600000", "KWS/OPS/2026/1"
_OPERATORS = tuple(f"Operator {letter}" for letter in "ABCDEFGHIJKL")
_STAYS, _PART, _FAILS, _HAS_OPERATOR = 0.05, 0.04, 0.04, 0.4
"""How many stay overnight, pay a part, cannot pay, come with an operator; the rest pay in full."""
_HOUR_MS = 60 * moments.MINUTE_MS
_SECOND_COMES_MS = 2 * moments.MINUTE_MS


@dataclass(frozen=True, slots=True)
class Visit:
    """A vehicle inside: what its paper's code says, the number of its pass or receipt, when it leaves."""

    van: Van
    operator: str
    code: str
    number: str
    leaves_ms: int


_Collect = Callable[[Visit, int], None]
"""Collects what is owed by a vehicle, KES minor units, or lets it out without."""


class Morning:
    """The three tills, what happens at them, and the tally beside them."""

    def __init__(self, folder: Path, vehicles: int, seed: int):
        self.chance = random.Random(seed)
        self.vehicles, self.seed = vehicles, seed
        posts = (Post("XNM1", "MAIN", "1"), Post("XNM2", "MAIN", "2"), Post("XNE1", "EAST", "1"))
        clerks = (park.CLERK, park.SECOND_CLERK, park.CLERK)
        self.lanes = [
            lanes.opened(folder / post.code, post, _OPENS, clerk)
            for post, clerk in zip(posts, clerks, strict=True)
        ]
        self._introduce()
        self.tally = Tally()
        self.visits: list[Visit] = []
        self.closed: list[Entry] = []
        self.seconds_ms: list[int] = []
        """When a second person was asked for because of a limit."""

    def _introduce(self) -> None:
        """The day before, each till was given the certificates of the others."""
        for lane in self.lanes:
            park.sign_in(lane.till, park.MANAGER)
            for other in self.lanes:
                if other is not lane:
                    lane.till.keys.trust(other.till.desk.own, second_person(park.SUPERVISOR))
            park.sign_in(lane.till, lane.clerk)
            lane.till.shifts.to_window()

    @property
    def entries(self) -> list[Lane]:
        """The two lanes in."""
        return self.lanes[:2]

    @property
    def out(self) -> Lane:
        """The gate out."""
        return self.lanes[2]

    def play(self) -> None:
        """From the first van to the last one out."""
        for lane in self.lanes:
            second = second_person(park.SUPERVISOR)
            lane.till.outages.open("platform", AUTHORITY, PAYBILL, down_min=90, second=second)
        self.out.till.gate.turn()
        back_ms, queue = moments.from_text(_BACK), vans.queue(self.seed)
        for at_ms in self._arrivals():
            if at_ms >= back_ms:
                self._close_outages()
            self._enter(next(queue), at_ms)
        self._close_outages()
        self._change_papers()
        for visit in sorted(self.visits, key=lambda one: one.leaves_ms):
            self._leave(visit)

    # In.

    def _arrivals(self) -> list[int]:
        """Most come early: from six to half past five, the peak before seven."""
        opens_ms = moments.from_text(_OPENS)
        return sorted(
            opens_ms + int(self.chance.triangular(0, 11.5, 0.75) * _HOUR_MS) for _ in range(self.vehicles)
        )

    def _enter(self, van: Van, at_ms: int) -> None:
        lane = min(self.entries, key=lambda one: one.free_ms)
        is_down = lane.till.desk.outage() is not None
        operator = self.chance.choice(_OPERATORS) if self.chance.random() < _HAS_OPERATOR else ""
        taps = sum(n for _, n in van.people) + van.crew + van.toddlers + 2  # the vehicle, and F5 or paid
        keys = len(van.plate) + 1 + (3 if operator else 0)
        if not is_down:
            keys += 11  # the code from the driver's phone, and Enter
        seconds = hands_s(taps, keys)
        if is_down:
            done = lane.serve(at_ms, seconds, lambda: self._issue(lane, van, operator))
        else:
            done = lane.serve(at_ms, seconds, lambda: selling.sell(lane.till, van))
        if is_down:
            self.tally.issued[done.number] = done.total_minor
        else:
            self.tally.sold[lane.code] += done.total_minor
        leaves_ms = lane.free_ms + int(self.chance.triangular(1, 9, 4) * _HOUR_MS)
        self.visits.append(Visit(van, operator, done.qr, done.number, leaves_ms))

    def _issue(self, lane: Lane, van: Van, operator: str) -> views.RecordedView:
        selling.fill(lane.till, van)
        if operator:
            lane.till.checkout.operator(operator)
        try:
            return lane.till.passes.issue()
        except NeedsSecond:
            self.seconds_ms.append(lane.clock.now_ms)
            lane.clock.now_ms += _SECOND_COMES_MS
            return lane.till.passes.issue(second_person(park.SUPERVISOR))

    def _close_outages(self) -> None:
        """The platform is back: each till's supervisor closes its outage, which prints the statement."""
        for lane in self.lanes:
            if lane.till.desk.outage() is not None:
                lane.clock.now_ms = max(lane.free_ms, moments.from_text(_BACK))
                self.closed.append(lane.till.outages.close(second_person(park.SUPERVISOR)).entry)

    def _change_papers(self) -> None:
        """What goes wrong on any day: one paper lost, one pass for nobody, one fee let go by an order."""
        mine = [visit for visit in self.visits if visit.number in self.tally.issued]
        lost, nobody, ambulance = self.chance.sample(mine, 3)
        second = second_person(park.MANAGER)
        new = self._till_of(lost).passes.reissue(lost.number, "the paper blew away", second)
        self.tally.moves(lost.number, new.number)
        self.visits[self.visits.index(lost)] = replace(lost, number=new.number, code=new.qr)
        self._till_of(ambulance).passes.waive(ambulance.number, "", "KWS order 4 of 2026", second)
        self.tally.waived[ambulance.number] += self.tally.issued[ambulance.number]
        self._till_of(nobody).passes.waive(nobody.number, "", "turned back at the barrier", second)
        self._till_of(nobody).passes.revoke(nobody.number, "turned back at the barrier", second)
        self.tally.waived[nobody.number] += self.tally.issued[nobody.number]
        self.visits.remove(nobody)

    def _till_of(self, visit: Visit) -> Till:
        return next(lane.till for lane in self.entries if visit.number.startswith(lane.code))

    # Evening.

    def evening(self) -> None:
        """Every clerk counts what the shift took, rightly, and closes it."""
        for lane in self.lanes:
            lane.clock.now_ms = max(lane.clock.now_ms, lane.free_ms, moments.from_text(_LAST_OUT))
            park.sign_in(lane.till, lane.clerk)
            desk = lane.till.desk
            sums = shift_sums.expected(desk, desk.own_shift())
            others = {tender: minor for (tender, _), minor in sums.items() if tender in shifts.OTHERS}
            lane.till.shifts.close(Counted((), others))

    # Night.

    def night(self) -> None:
        """Sticks go from gate to gate: every till hears all that the others wrote."""
        bundles = {lane.code: lane.till.hearing.bundle()[0] for lane in self.lanes}
        night_ms = moments.from_text(_NIGHT)
        for lane in self.lanes:
            lane.clock.now_ms = max(lane.clock.now_ms, night_ms)
            for code, data in bundles.items():
                if code != lane.code:
                    lane.till.hearing.read_bundle(data)

    def statement(self, lane: Lane) -> Mapping[str, object]:
        """What a till's outage came to, by all that it has heard."""
        closed = next(one for one in self.closed if one.fields["till"] == lane.code)
        opened = lane.till.desk.ledger.by_id(str(closed.data["outage"]))
        assert opened is not None
        return lane.till.outages.statement(opened)

    # Out.

    def _leave(self, visit: Visit) -> None:
        if visit.leaves_ms > moments.from_text(_LAST_OUT) or self.chance.random() < _STAYS:
            return
        seconds, collect = self._way_out(visit, self.chance.random())
        self.out.serve(visit.leaves_ms, seconds, lambda: self._through(visit, collect))

    def _way_out(self, visit: Visit, lot: float) -> tuple[float, _Collect]:
        """The seconds of the hands, and how what is owed is collected."""
        if visit.number not in self.tally.issued:
            return hands_s(scans=1, papers=0), self._pays  # a receipt: there is nothing to collect
        seconds = hands_s(touches=2, keys=11, scans=1)
        if lot < _FAILS:
            return seconds, self._let_out
        if lot < _FAILS + _PART:
            return seconds + hands_s(touches=4, keys=5), self._in_part
        return seconds, self._pays

    def _through(self, visit: Visit, collect: _Collect) -> None:
        gate = self.out.till.gate
        owed = gate.scan(visit.code).owed_minor
        if owed:
            collect(visit, owed)
        gate.leave()

    def _pays(self, visit: Visit, minor: int) -> None:
        settlements = self.out.till.settlements
        settlements.pay("mpesa")
        settlements.mpesa(visit.van.reference, money.amount(minor))
        self.tally.settled[visit.number] += minor

    def _in_part(self, visit: Visit, owed: int) -> None:
        """Half now, the rest on an undertaking."""
        self._pays(visit, owed // 2 // money.MINOR * money.MINOR)
        self.out.till.settlements.record(in_part=True)
        rest = self.out.till.gate.scan(visit.code).owed_minor
        self._let_out(visit, rest)

    def _let_out(self, visit: Visit, _owed: int) -> None:
        """No network on the driver's phone: nobody is kept in."""
        till = self.out.till
        try:
            till.passes.let_out(till.gate.owed(), "M-PESA does not answer", operator=visit.operator)
        except NeedsSecond:
            second = second_person(park.SUPERVISOR)
            till.passes.let_out(till.gate.owed(), "M-PESA does not answer", second, visit.operator)
        self.tally.undertaken.add(visit.number)


def second_person(player: Player) -> Second:
    """A player who comes to the window for one action."""
    return Second(player.number, player.pin)

"""A mixed day with an outage, played through real tills: two lanes in, a gate out, a stay at eleven.

What the tills wrote goes from gate to gate on sticks, each hour.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gatepos.domain import moments, money, numbers, tickets
from gatepos.domain.entry import Entry
from gatepos.domain.payment import MPESA_MOST_MINOR
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.vocabulary import CAMPING
from gatepos.rehearsal import admitting, arrivals, by_hand, park, stay
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.admitting import Admitted, Hands, Turn
from gatepos.rehearsal.arrivals import HOUR_MS, Arrival
from gatepos.rehearsal.lane import Lane
from gatepos.rehearsal.park import Player, Post
from gatepos.rehearsal.tally import Tally
from gatepos.seal.pins import Profile
from gatepos.till import shift_sums, shifts
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted

DAY, PARK = "2026-01-02", "LNK"
_OPENS, _ENTERED, _BACK, _LAST_OUT, _NIGHT = (
    moments.from_text(f"{DAY}T{at}:00.000Z") for at in ("03:00", "08:40", "11:00", "15:50", "16:30")
)
_DOWN_MIN = 10
"""So long the platform is down when the gate opens at six."""
PAYBILL, AUTHORITY = "600000", "KWS/OPS/2026/1"
_OPERATORS = tuple(f"Operator {letter}" for letter in "ABCDEFGHIJKL")
_STAYS, _PART, _FAILS, _HAS_OPERATOR = 0.05, 0.04, 0.04, 0.4
"""How many stay overnight, pay a part, cannot pay, come with an operator; the rest pay in full."""
_SECOND_COMES_MS = 2 * moments.MINUTE_MS
_SWITCH_MS = 4 * moments.MINUTE_MS
_OUTSIDE_MS = 96 * moments.MINUTE_MS
"""How long a doctor takes, or the shop: a stick went to the entry meanwhile."""
PAID, PAYS, IN_PART, OWING = "paid before", "pays a pass", "pays a part", "leaves owing"
ANEW, ON_FOOT, TO_COME_BACK = "pays at the new price", "on foot", "goes to come back"
COMES_BACK = "comes back: "


@dataclass(slots=True)
class Visit:
    """Somebody inside: what their paper's code says, the number of its pass or receipt, when they leave.

    `is_anew` where the pass was priced anew and nobody had its newer paper to give.
    """

    arrival: Arrival
    lane: Lane
    operator: str
    code: str
    number: str
    leaves_ms: int
    back_on: str = ""
    is_anew: bool = False
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who was served, in or out: what the hands did, what the till took, how long they waited."""

    way: str
    kind: str
    hands: Hands
    own_s: float
    waited_s: float

    @property
    def took_s(self) -> float:
        """From their turn to the paper."""
        return self.hands.seconds + self.own_s


_Collect = Callable[[Visit, int], None]
"""Collects what is owed by a vehicle, KES minor units, or lets it out without."""


class Morning:
    """The three tills, what happens at them, and the tally beside them."""

    def __init__(self, folder: Path, vehicles: int, seed: int, pins: Profile | None = None):
        self.chance = random.Random(seed)
        self.vehicles, self.seed = vehicles, seed
        posts = (("XLM1", "MAIN", "1"), ("XLM2", "MAIN", "2"), ("XLL1", "LANE", "1"))
        clerks = (park.CLERK, park.SECOND_CLERK, park.CLERK)
        self.lanes = [
            lanes.opened(folder / post[0], Post(*post, PARK), moments.to_text(_OPENS), clerk, pins)
            for post, clerk in zip(posts, clerks, strict=True)
        ]
        self._introduce()
        self.prices = by_hand.TARIFF
        self.tally = Tally()
        self.listed = ""
        """The list of the evening before: who paid at home."""
        self.visits: list[Visit] = []
        self.served: list[Served] = []
        self.anew: list[tuple[str, str, int]] = []
        """Passes priced anew: the old number, the new one, KES minor units."""
        self.closed: list[Entry] = []
        self.zs: list[Entry] = []
        self.seconds_ms: list[int] = []
        """When a second person was asked for because of a limit."""
        self._lots = itertools.chain((0.0, _FAILS), iter(self.chance.random, None))
        """How somebody with a pass pays at the exit: the first cannot, the second pays a part."""
        self._events: list[tuple[int, int, Callable[[int], None]]] = []
        self._order = itertools.count()
        self._carried = {lane.code: 0 for lane in self.lanes}

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
            lane.till.outages.open("platform", AUTHORITY, PAYBILL, down_min=_DOWN_MIN, second=second)
        self.out.till.gate.turn()
        who = arrivals.come(self.vehicles, _OPENS, self.seed)
        self.listed = _listed([arrival for _, arrival in who if arrival.kind == arrivals.LISTED])
        self._load()
        for at_ms, arrival in who:
            self._at(at_ms, partial(self._enter, arrival))
        for at_ms in range(_OPENS + HOUR_MS, _LAST_OUT, HOUR_MS):
            self._at(at_ms, self._carry)
        self._at(_ENTERED, self._stay)
        self._at(_BACK, self._come_up)
        while self._events:
            at_ms, _, happens = heapq.heappop(self._events)
            happens(at_ms)

    def _at(self, at_ms: int, happens: Callable[[int], None]) -> None:
        """Let something happen when it is its time."""
        heapq.heappush(self._events, (at_ms, next(self._order), happens))

    def _load(self) -> None:
        """Each entry takes in the list of the evening before."""
        for lane in self.entries:
            found = tickets.read(self.listed, lane.till.desk.today(), (PARK,))
            lane.till.ticket_lists.load(found, second_person(park.SUPERVISOR))

    # In.

    def _enter(self, arrival: Arrival, at_ms: int) -> None:
        lane = min(self.entries, key=lambda one: one.free_ms)
        is_owing = arrival.kind in (arrivals.VAN, arrivals.SLIP)
        operator = self.chance.choice(_OPERATORS) if is_owing and self.chance.random() < _HAS_OPERATOR else ""
        is_down = lane.till.desk.outage() is not None
        turn = Turn(lane, arrival, operator, self.prices, is_down, self._second_came)
        hands = admitting.hands(turn)
        self._serve(
            "in", arrival.kind, lane, at_ms, hands, lambda: self._admitted(turn, admitting.admit(turn))
        )

    def _admitted(self, turn: Turn, admitted: Admitted) -> None:
        """Count what was recorded; they leave, or go out to come back."""
        lane, arrival, done = turn.lane, turn.arrival, admitted.done
        number = str(numbers.parse(done.number))
        self.tally.compare(number, done.total_minor, admitted.owed_minor)
        if done.is_owed:
            self.tally.issued[number] = admitted.owed_minor
        else:
            self.tally.sold[lane.code] += admitted.owed_minor
            self.tally.pays(lane.code, admitted.tender, admitted.owed_minor)
        stays_ms = 2 * HOUR_MS if arrival.back_on else int(self.chance.triangular(1, 9, 4) * HOUR_MS)
        leaves_ms = lane.clock.now_ms + stays_ms
        visit = Visit(arrival, lane, turn.operator, done.qr, number, leaves_ms, arrival.back_on)
        self.visits.append(visit)
        self._at(leaves_ms, lambda _: self._leave(visit))

    def _serve(
        self, way: str, kind: str, lane: Lane, at_ms: int, hands: Hands, action: Callable[[], None]
    ) -> None:
        lane.serve(at_ms, hands.seconds, action)
        self.served.append(Served(way, kind, hands, lane.own_ms[-1] / 1000, lane.waited_s[-1]))

    def _second_came(self, lane: Lane) -> Second:
        self.seconds_ms.append(lane.clock.now_ms)
        lane.clock.now_ms += _SECOND_COMES_MS
        return second_person(park.SUPERVISOR)

    # What happens once.

    def _carry(self, at_ms: int) -> None:
        """A stick goes round: every till hears what the others wrote since the last one."""
        bundles = {}
        for lane in self.lanes:
            _wait(lane, at_ms)
            bundles[lane.code], self._carried[lane.code] = lane.till.hearing.bundle(self._carried[lane.code])
        for lane in self.lanes:
            for code, data in bundles.items():
                if code != lane.code:
                    lane.till.hearing.read_bundle(data)

    def _stay(self, at_ms: int) -> None:
        """The order of eleven is entered at every till, and the entries price anew what is unpaid since."""
        self._carry(at_ms)
        for lane in self.lanes:
            if lane in self.entries:
                stay.confirm(lane, PARK)
            stay.switch(lane)
            _wait(lane, at_ms + _SWITCH_MS)
        self.prices = by_hand.STAYED
        for lane in self.entries:
            for old, new, minor in stay.price_anew(lane):
                self._price_anew(str(numbers.parse(old)), new, minor)
        self._carry(at_ms + _SWITCH_MS)

    def _price_anew(self, old: str, new: str, said_minor: int) -> None:
        visit = next(one for one in self.visits if one.number == old)
        owed_minor = self.prices.owed_minor(visit.arrival.counts, visit.arrival.van.band)
        self.tally.compare(new, said_minor, owed_minor)
        self.tally.moves(old, new, owed_minor)
        visit.number, visit.is_anew = new, True
        self.anew.append((old, new, owed_minor))

    def _come_up(self, at_ms: int) -> None:
        """The platform is back: each till's supervisor closes its outage, which prints the statement."""
        for lane in self.lanes:
            _wait(lane, at_ms)
            self.closed.append(lane.till.outages.close(second_person(park.SUPERVISOR)).entry)
        self._change_papers()

    def _change_papers(self) -> None:
        """What goes wrong on any day: one paper lost, one pass for nobody, one fee let go by an order."""
        mine = [one for one in self.visits if one.number in self.tally.issued and not one.is_out]
        lost, nobody, ambulance = self.chance.sample(mine, 3)
        second = second_person(park.MANAGER)
        new = lost.lane.till.passes.reissue(lost.number, "the paper blew away", second)
        number = str(numbers.parse(new.number))
        self.tally.moves(lost.number, number)
        lost.number, lost.code, lost.is_anew = number, new.qr, False
        ambulance.lane.till.passes.waive(ambulance.number, "", "KWS order 4 of 2026", second)
        self.tally.waived[ambulance.number] += self.tally.issued[ambulance.number]
        nobody.lane.till.passes.waive(nobody.number, "", "turned back at the barrier", second)
        nobody.lane.till.passes.revoke(nobody.number, "turned back at the barrier", second)
        self.tally.waived[nobody.number] += self.tally.issued[nobody.number]
        nobody.is_out = True

    # Out.

    def _leave(self, visit: Visit) -> None:
        """At the exit, unless they stay overnight or are gone; whoever goes out to come back has the time."""
        comes_ms = visit.leaves_ms + (_OUTSIDE_MS if visit.back_on else 0)
        stays = not visit.arrival.back_on and self.chance.random() < _STAYS
        if visit.is_out or comes_ms > _LAST_OUT or stays:
            return
        visit.is_out = True
        if not visit.arrival.van.plate:
            hands = Hands(2, scans=1, papers=0)
            self._serve("out", ON_FOOT, visit.lane, visit.leaves_ms, hands, lambda: self._walk_out(visit))
            return
        kind, hands, collect = self._way_out(visit)
        self._serve("out", kind, self.out, visit.leaves_ms, hands, lambda: self._through(visit, collect))

    def _way_out(self, visit: Visit) -> tuple[str, Hands, _Collect]:
        """What the clerk does, and how what is owed is collected."""
        if visit.back_on:
            return TO_COME_BACK, Hands(2, scans=1, papers=0), self._pays
        if visit.number not in self.tally.issued:
            return PAID, Hands(scans=1, papers=0), self._pays  # a receipt: there is nothing to collect
        touches, keys = 2 + visit.is_anew, admitting.CODE_KEYS
        lot = next(self._lots)
        if lot < _FAILS:
            return OWING, Hands(touches, scans=1), self._let_out
        if lot < _FAILS + _PART:
            return IN_PART, Hands(touches + 4, keys + 5, looks=2, scans=1, papers=2), self._in_part
        return ANEW if visit.is_anew else PAYS, Hands(touches, keys, scans=1), self._pays

    def _through(self, visit: Visit, collect: _Collect) -> None:
        gate = self.out.till.gate
        view = gate.scan(visit.code)
        if view.may_follow:
            view = gate.follow()
        if view.owed_minor:
            collect(visit, view.owed_minor)
        if visit.back_on:
            gate.coming_back(visit.back_on)
            self._at(self.out.clock.now_ms + _OUTSIDE_MS, partial(self._come_back, visit))
        gate.leave()

    def _walk_out(self, visit: Visit) -> None:
        """Who came on foot goes out where they came in: the lane goes the other way for once."""
        gate = visit.lane.till.gate
        gate.turn()
        _expect(gate.scan(visit.code).word, "let_out")
        gate.turn()

    def _come_back(self, visit: Visit, at_ms: int) -> None:
        """A scan at the entry; from a doctor they leave again, campers stay the night."""
        lane = min(self.entries, key=lambda one: one.free_ms)
        kind = COMES_BACK + visit.back_on
        self._serve(
            "in", kind, lane, at_ms, Hands(scans=1, papers=0), lambda: _let_in_again(lane, visit.code)
        )
        visit.is_out = False
        if visit.back_on != CAMPING:
            visit.back_on, visit.leaves_ms = "", at_ms + HOUR_MS
            self._at(visit.leaves_ms, lambda _: self._leave(visit))

    def _pays(self, visit: Visit, minor: int) -> None:
        """By M-PESA, or by card what no such payment carries."""
        settlements, code, amount = (
            self.out.till.settlements,
            visit.arrival.van.reference,
            money.amount(minor),
        )
        tender = "mpesa" if minor <= MPESA_MOST_MINOR else "card"
        settlements.pay(tender)
        if tender == "card":
            settlements.card(code[-6:], "4242", amount)
        else:
            settlements.mpesa(code, amount)
        self.tally.settled[visit.number] += minor
        self.tally.pays(self.out.code, tender, minor)

    def _in_part(self, visit: Visit, owed: int) -> None:
        """Half now, the rest on an undertaking."""
        self._pays(visit, owed // 2 // money.MINOR * money.MINOR)
        self.out.till.settlements.record(in_part=True)
        rest = self.out.till.gate.look_again(visit.number).owed_minor
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

    # Evening.

    def evening(self) -> None:
        """Every clerk counts what the shift took, rightly, and closes it."""
        for lane in self.lanes:
            _wait(lane, _LAST_OUT)
            park.sign_in(lane.till, lane.clerk)
            desk = lane.till.desk
            sums = shift_sums.expected(desk, desk.own_shift())
            others = {tender: minor for (tender, _), minor in sums.items() if tender in shifts.OTHERS}
            self.zs.append(lane.till.shifts.close(Counted((), others)).entry)

    # Night.

    def night(self) -> None:
        """Once more, after the last Z."""
        self._carry(_NIGHT)

    def statement(self, lane: Lane) -> Mapping[str, object]:
        """What a till's outage came to, by all that it has heard."""
        closed = next(one for one in self.closed if one.fields["till"] == lane.code)
        opened = lane.till.desk.ledger.by_id(str(closed.data["outage"]))
        assert opened is not None
        return lane.till.outages.statement(opened)


def second_person(player: Player) -> Second:
    """A player who comes to the window for one action."""
    return Second(player.number, player.pin)


def _listed(found: Sequence[Arrival]) -> str:
    """Who paid at home, as a list of tickets."""
    rows = [
        f"{one.ticket},{DAY},{PARK},"
        + "; ".join(f"{n} {category} {age}" for (_, category, age), n in one.van.people)
        + f",{one.van.band},{one.van.plate}"
        for one in found
    ]
    return "\n".join([",".join(tickets.COLUMNS), *rows])


def _wait(lane: Lane, until_ms: int) -> None:
    """The lane serves nobody before a moment."""
    lane.free_ms = lane.clock.now_ms = max(lane.clock.now_ms, lane.free_ms, until_ms)


def _let_in_again(lane: Lane, code: str) -> None:
    _expect(lane.till.gate.scan(code).word, "coming_back")
    lane.till.gate.leave()


def _expect(word: str, wanted: str) -> None:
    if word != wanted:
        raise RuntimeError(f"the lane says {word}, not {wanted}")

"""A mixed day with an outage, played through real tills: two lanes in, a gate out, a stay at eleven.

What the tills wrote goes from gate to gate on sticks, each hour.
"""

import random
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from gatepos.domain import moments, numbers, tickets
from gatepos.domain.entry import Entry
from gatepos.rehearsal import arrivals, by_hand, kinds, park, stay
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.admitting import Admitted, Turn
from gatepos.rehearsal.arrivals import HOUR_MS, Arrival
from gatepos.rehearsal.lane import Lane
from gatepos.rehearsal.leaving import LAST_MS, Leaving, Visit
from gatepos.rehearsal.park import Player, Post
from gatepos.rehearsal.served import Hours
from gatepos.rehearsal.tally import Tally
from gatepos.seal.pins import Profile
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted

DAY, PARK = "2026-01-02", "LNK"
_OPENS, _ENTERED, _BACK, _NIGHT = (
    moments.from_text(f"{DAY}T{at}:00.000Z") for at in ("03:00", "08:40", "11:00", "16:30")
)
_DOWN_MIN = 10
"""So long the platform is down when the gate opens at six."""
PAYBILL, AUTHORITY = "600000", "KWS/OPS/2026/1"
_OPERATORS = tuple(f"Operator {letter}" for letter in "ABCDEFGHIJKL")
_HAS_OPERATOR = 0.4
"""How many come with an operator."""
_SECOND_COMES_MS = 2 * moments.MINUTE_MS
_SWITCH_MS = 4 * moments.MINUTE_MS


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
        self.hours = Hours()
        self.leaving = Leaving(self.lanes, self.tally, self.hours, self.chance)
        self.anew: list[tuple[str, str, int]] = []
        """Passes priced anew: the old number, the new one, KES minor units."""
        self.closed: list[Entry] = []
        self.zs: list[Entry] = []
        self.seconds_ms: list[int] = []
        """When a second person was asked for because of a limit."""
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
        who = kinds.come(self.vehicles, _OPENS, self.seed)
        self.listed = _listed([arrival for _, arrival in who if arrival.kind == arrivals.LISTED])
        self._load()
        for at_ms, arrival in who:
            self.hours.at(at_ms, partial(self._enter, arrival))
        for at_ms in range(_OPENS + HOUR_MS, LAST_MS, HOUR_MS):
            self.hours.at(at_ms, self._carry)
        self.hours.at(_ENTERED, self._stay)
        self.hours.at(_BACK, self._come_up)
        self.hours.pass_by()

    def _load(self) -> None:
        """Each entry takes in the list of the evening before."""
        for lane in self.entries:
            found = tickets.read(self.listed, lane.till.desk.today(), (PARK,))
            lane.till.ticket_lists.load(found, second_person(park.SUPERVISOR))

    # In.

    def _enter(self, arrival: Arrival, at_ms: int) -> None:
        lane = lanes.next_free(self.entries)
        is_owing = arrival.kind in (arrivals.VAN, arrivals.SLIP)
        has_operator = arrival.kind == arrivals.GROUP or (is_owing and self.chance.random() < _HAS_OPERATOR)
        operator = self.chance.choice(_OPERATORS) if has_operator else ""
        is_down = lane.till.desk.outage() is not None
        turn = Turn(lane, arrival, operator, self.prices, is_down, self._second_came)
        hands = kinds.KINDS[arrival.kind].hands(turn)
        admit = partial(self._admit, turn)
        self.hours.serve("in", arrival.kind, lane, at_ms, hands, admit)

    def _admit(self, turn: Turn) -> None:
        """Count what is recorded of each vehicle; they leave, or go out to come back."""
        admitted = kinds.KINDS[turn.arrival.kind].admit(turn)
        each, done = turn.arrival.each, admitted.done
        self.tally.compare(done.number, done.total_minor, sum(map(turn.owed_minor, each)))
        group: list[Visit] = []
        for arrival, (printed, code) in zip(each, (*done.before, (done.number, done.qr)), strict=True):
            number = str(numbers.parse(printed))
            self._count(turn, admitted, number, turn.owed_minor(arrival))
            group.append(Visit(arrival, turn.lane, turn.operator, code, number, arrival.back_on, group))
            self._let_in(group[-1])

    def _count(self, turn: Turn, admitted: Admitted, number: str, owed_minor: int) -> None:
        """What a vehicle owes, or paid."""
        lane = turn.lane
        entry = lane.till.desk.ledger.by_number(number)
        assert entry is not None
        self.tally.compare(number, int(str(entry.data["total_minor"])), owed_minor)
        if admitted.done.is_owed:
            self.tally.issued[number] = owed_minor
        else:
            self.tally.sold[lane.code] += owed_minor
            self.tally.pays(lane.code, admitted.tender, owed_minor)

    def _let_in(self, visit: Visit) -> None:
        """They are inside for some hours."""
        arrival = visit.arrival
        stays_ms = 2 * HOUR_MS if arrival.back_on else int(self.chance.triangular(1, 9, 4) * HOUR_MS)
        leaves_ms = visit.lane.clock.now_ms + stays_ms
        self.visits.append(visit)
        self.hours.at(leaves_ms, partial(self.leaving.leave, visit))

    def _second_came(self, lane: Lane) -> Second:
        self.seconds_ms.append(lane.clock.now_ms)
        lane.clock.now_ms += _SECOND_COMES_MS
        return second_person(park.SUPERVISOR)

    # What happens once.

    def _carry(self, at_ms: int) -> None:
        """A stick goes round: every till hears what the others wrote since the last one."""
        bundles = {}
        for lane in self.lanes:
            lane.wait(at_ms)
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
            lane.wait(at_ms + _SWITCH_MS)
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
            lane.wait(at_ms)
            self.closed.append(lane.till.outages.close(second_person(park.SUPERVISOR)).entry)
        self._change_papers()

    def _change_papers(self) -> None:
        """What goes wrong on any day: one paper lost, one pass for nobody, one fee let go by an order."""
        issued = [one for one in self.visits if one.number in self.tally.issued]
        mine = [one for one in issued if not one.is_out and not one.is_paid]
        happens = (self._lose, self._let_go, self._turn_back)
        for what, visit in zip(happens, self.chance.sample(mine, min(len(mine), 3)), strict=False):
            what(visit, second_person(park.MANAGER))

    def _lose(self, visit: Visit, second: Second) -> None:
        new = visit.lane.till.passes.reissue(visit.number, "the paper blew away", second)
        number = str(numbers.parse(new.number))
        self.tally.moves(visit.number, number)
        visit.number, visit.code, visit.is_anew = number, new.qr, False

    def _let_go(self, visit: Visit, second: Second, ground: str = "KWS order 4 of 2026") -> None:
        visit.lane.till.passes.waive(visit.number, "", ground, second)
        self.tally.waived[visit.number] += self.tally.issued[visit.number]

    def _turn_back(self, visit: Visit, second: Second) -> None:
        self._let_go(visit, second, "turned back at the barrier")
        visit.lane.till.passes.revoke(visit.number, "turned back at the barrier", second)
        visit.is_out = True

    # Evening.

    def evening(self) -> None:
        """Every clerk counts what was taken, rightly, and closes the shift."""
        for lane in self.lanes:
            lane.wait(LAST_MS)
            park.sign_in(lane.till, lane.clerk)
            others = self.tally.by_tender(lane.code)
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

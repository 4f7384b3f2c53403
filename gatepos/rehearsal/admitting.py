"""A clerk lets somebody in: each kind of arrival on the till as it is served at the window."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from gatepos.domain import money
from gatepos.domain.payment import MPESA_MOST_MINOR
from gatepos.domain.staff import NeedsSecond
from gatepos.rehearsal import selling
from gatepos.rehearsal.arrivals import Arrival
from gatepos.rehearsal.by_hand import Prices
from gatepos.rehearsal.lane import Lane
from gatepos.rehearsal.served import Hands
from gatepos.rehearsal.vans import Van
from gatepos.till import views
from gatepos.till.approvals import Second

CODE_KEYS = 11
"""An M-PESA code from the driver's phone, and Enter."""
PART_TOUCHES, PART_KEYS = 4, 5
"""To say that a code pays a part, and how much."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """What was recorded for somebody; `tender` is empty where nothing was paid, for a pass or for staff."""

    done: views.RecordedView
    tender: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's turn at a lane: by which prices, whether passes are issued, who says that a second came."""

    lane: Lane
    arrival: Arrival
    operator: str
    prices: Prices
    is_down: bool
    second_came: Callable[[Lane], Second]

    def owed_minor(self, one: Arrival) -> int:
        """What a vehicle owes, counted by hand."""
        return self.prices.owed_minor(one.counts, one.van.band, one.days, one.nights)


def tender_of(van: Van, minor: int) -> str:
    """By what a driver pays: the card where no M-PESA payment carries so much."""
    return "card" if van.tender == "mpesa" and minor > MPESA_MOST_MINOR else van.tender


# What the hands do.


def _typed(turn: Turn) -> int:
    """Keys of the plate and its Enter, and of an operator found by three letters."""
    van = turn.arrival.van
    return (len(van.plate) + 1 if van.plate else 0) + (3 if turn.operator else 0)


def _end(turn: Turn, touches: int, keys: int = 0, scans: int = 0, looks: int = 1) -> Hands:
    """A pass by F5, or a code after F1."""
    return Hands(touches + 1, keys if turn.is_down else keys + CODE_KEYS, looks, scans)


def hands_of_van(turn: Turn) -> Hands:
    """Everybody is tapped, and the plate typed."""
    return _end(turn, turn.arrival.taps, _typed(turn))


def hands_of_group(turn: Turn) -> Hands:
    """Everybody is tapped, looked at and their plate typed, vehicle by vehicle; a second code too."""
    each = turn.arrival.each
    taps = sum(one.taps for one in each) + len(each) - 1  # and one for each vehicle that is added
    plates = sum(len(one.van.plate) + 1 for one in each[1:])
    owed_minor = sum(map(turn.owed_minor, each))
    more = 0 if turn.is_down else len(_parts(owed_minor, turn.arrival.codes)) - 1
    keys = _typed(turn) + plates + more * (CODE_KEYS + PART_KEYS)
    hands = _end(turn, taps + more * PART_TOUCHES, keys, looks=len(each) + more)
    return replace(hands, papers=len(each))


def hands_of_slip(turn: Turn) -> Hands:
    """The bill is there: whoever enters free is looked at and touched."""
    van = turn.arrival.van
    return _end(turn, van.crew + van.toddlers, scans=1, looks=2)


def hands_of_listed(_turn: Turn) -> Hands:
    """One touch."""
    return Hands(1, scans=1)


def hands_of_claimed(turn: Turn) -> Hands:
    """Everybody is tapped, the vehicle is said to be on the ticket."""
    return Hands(turn.arrival.taps + 2, _typed(turn), scans=1)


def hands_of_copied(turn: Turn) -> Hands:
    """Red; then as everybody else."""
    return _end(turn, turn.arrival.taps, _typed(turn), scans=1, looks=2)


def hands_of_staff(turn: Turn) -> Hands:
    """The tile and the ground for each of them; Enter."""
    return Hands(2 * turn.arrival.staff + 1, _typed(turn))


def hands_of_school(turn: Turn) -> Hands:
    """The tile, the name, 62 on the keypad, the teachers, back, the bus."""
    return _end(turn, 8, _typed(turn) + len(turn.arrival.institution) + 4)


def hands_of_campers(turn: Turn) -> Hands:
    """The page of camping and back, the days, the nights, how they pay."""
    return Hands(turn.arrival.taps + 5, _typed(turn) + 4 + CODE_KEYS)


def hands_of_walkers(turn: Turn) -> Hands:
    """Everybody is tapped, and pays."""
    return Hands(turn.arrival.taps + 1, CODE_KEYS)


# What the till does.


def by_pass_or_paid(turn: Turn) -> Admitted:
    """Tapped together at the window."""
    selling.fill(turn.lane.till, turn.arrival.van)
    return _ended(turn)


def by_slip(turn: Turn) -> Admitted:
    till, van = turn.lane.till, turn.arrival.van
    till.read(turn.arrival.slip, "wedge")
    for ground, n in (("tra_crew", van.crew), ("under_6", van.toddlers)):
        for _ in range(n):
            till.checkout.free(ground)
    till.window.work.is_confirmed = True
    return _ended(turn)


def by_list(turn: Turn) -> Admitted:
    """On the list of the evening before: one touch."""
    till = turn.lane.till
    _shown(turn, "ticket_listed")
    done = till.prepaid.record()
    till.prepaid.finish()
    return Admitted(done, "ecitizen")


def by_claim(turn: Turn) -> Admitted:
    """On no list: who is on the ticket is tapped, and the vehicle is said to be."""
    till, van = turn.lane.till, turn.arrival.van
    _shown(turn, "ticket_claimed")
    for key, n in van.people:
        till.filling.count(key, n)
    till.filling.vehicle(van.band)
    till.filling.plate(van.plate)
    till.prepaid.cover(has_vehicle=True)
    done = till.prepaid.record()
    till.prepaid.finish()
    return Admitted(done, "ecitizen")


def by_copy(turn: Turn) -> Admitted:
    """Used before: red, and they pay like everybody else."""
    _shown(turn, "ticket_used")
    turn.lane.till.gate.leave()
    return by_pass_or_paid(turn)


def _shown(turn: Turn, word: str) -> None:
    view = turn.lane.till.scan(f"https://kwspay.ecitizen.go.ke/ticket/{turn.arrival.ticket}", "wedge")
    if view.word != word:
        raise RuntimeError(f"ticket {turn.arrival.ticket} is {view.word}, not {word}")


def as_staff(turn: Turn) -> Admitted:
    """No visitors: the plate, the ground, nothing to pay."""
    till = turn.lane.till
    till.checkout.count_free("staff", turn.arrival.staff)
    till.checkout.plate(turn.arrival.van.plate)
    done, _ = till.payments.at_once(())
    return Admitted(done, "")


def as_school(turn: Turn) -> Admitted:
    """The letter once, the bus, its pupils and teachers."""
    till, van = turn.lane.till, turn.arrival.van
    till.checkout.institution(turn.arrival.institution)
    selling.fill(till, van)
    return _ended(turn)


def as_campers(turn: Turn) -> Admitted:
    """With camping, and paid."""
    till, one = turn.lane.till, turn.arrival
    till.checkout.stay(one.days, one.nights)
    selling.fill(till, one.van)
    return _paid(turn)


def as_walkers(turn: Turn) -> Admitted:
    """On foot they pay as they go in: nobody waits for them at another gate."""
    till = turn.lane.till
    for key, n in turn.arrival.van.people:
        till.checkout.count(key, n)
    return _paid(turn)


def as_group(turn: Turn) -> Admitted:
    """One operator and one bill: each vehicle has its pass, or its receipt, paid by one code or two."""
    till, each = turn.lane.till, turn.arrival.each
    till.checkout.operator(turn.operator)
    for one in each[:-1]:
        selling.fill(till, one.van)
        till.checkout.add()
    selling.fill(till, each[-1].van)
    if turn.is_down:
        return _passed(turn)
    till.payments.pay("mpesa")
    for one, part in zip(each, _parts(till.window.rest_minor(), turn.arrival.codes), strict=False):
        done = till.payments.mpesa(one.van.reference, money.amount(part))
    if not isinstance(done, views.RecordedView):
        raise RuntimeError(f"the group of {each[0].van.plate} still owes {done.rest_minor}")
    return Admitted(done, "mpesa")


def _parts(minor: int, codes: int) -> list[int]:
    """What each of the M-PESA payments carries that pay a group, in whole shillings."""
    each = min(-(-minor // (codes * money.MINOR)) * money.MINOR, MPESA_MOST_MINOR)
    return [min(each, minor - paid) for paid in range(0, minor, each)]


def _ended(turn: Turn) -> Admitted:
    """A pass while the platform is down, else a receipt."""
    if not turn.is_down:
        return _paid(turn)
    till = turn.lane.till
    if turn.operator:
        till.checkout.operator(turn.operator)
    return _passed(turn)


def _passed(turn: Turn) -> Admitted:
    """A second person comes where a limit asks for one."""
    till = turn.lane.till
    try:
        done = till.passes.issue()
    except NeedsSecond:
        done = till.passes.issue(turn.second_came(turn.lane))
    return Admitted(done, "")


def _paid(turn: Turn) -> Admitted:
    till, van = turn.lane.till, turn.arrival.van
    tender = tender_of(van, till.window.total_minor())
    till.payments.pay(tender)
    return Admitted(selling.pay(till, van), tender)

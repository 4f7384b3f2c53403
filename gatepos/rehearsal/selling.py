"""Selling to a queue through the real till, as fast as it goes: the load of benches and proofs."""

from gatepos.domain import money, policy
from gatepos.domain.payment import MPESA_MOST_MINOR
from gatepos.rehearsal import park, timing
from gatepos.rehearsal.vans import Van
from gatepos.till import views
from gatepos.till.approvals import Second
from gatepos.till.payments import Payments
from gatepos.till.station import Station
from gatepos.till.till import Till

_TICKETS = "1000000"


def fill(till: Till, van: Van) -> None:
    """Tap a van's bill together."""
    for key, count in van.people:
        till.checkout.count(key, count)
    for _ in range(van.crew):
        till.checkout.free("tra_crew")
    for _ in range(van.toddlers):
        till.checkout.free("under_6")
    till.checkout.vehicle(van.band)
    till.checkout.plate(van.plate)
    till.window.work.is_confirmed = True


def sell(till: Till, van: Van) -> views.RecordedView:
    """Sell to a van; what the clerk then sees."""
    fill(till, van)
    till.payments.pay(van.tender)
    return pay(till, van)


def pay(till: Till, van: Van) -> views.RecordedView:
    """Take the van's payment for the bill that is open."""
    return taken(till.payments, van, till.window.rest_minor())


def taken(payments: Payments, van: Van, rest_minor: int) -> views.RecordedView:
    """Take all of the rest, for a bill or for a pass: by card where no M-PESA payment carries so much."""
    is_beyond = van.tender == "mpesa" and rest_minor > MPESA_MOST_MINOR
    match "card" if is_beyond else van.tender:
        case "card":
            done = payments.card(van.reference[-6:], "4242")
        case "ecitizen":
            done = payments.ticket(van.reference)
        case _:
            done = payments.mpesa(van.reference, money.amount(rest_minor))
    if isinstance(done, views.PayView) and not done.rest_minor:
        done = payments.record()  # a code of another day is looked at first
    if not isinstance(done, views.RecordedView):
        raise RuntimeError(f"{van.plate} still owes {done.rest_minor}")
    return done


def begin(till: Till) -> None:
    """Open a shift at a new till, in which a load may type more tickets than a clerk."""
    park.sign_in(till, park.MANAGER)
    second = Second(park.SUPERVISOR.number, park.SUPERVISOR.pin)
    till.set_up.configure(policy.TICKETS_TYPED_MAX, _TICKETS, second)
    park.sign_in(till, park.CLERK)
    till.shifts.open()


def to_window(till: Till) -> None:
    """Put the clerk at the window, in an open shift."""
    park.sign_in(till, park.CLERK)
    till.shifts.to_window()
    if till.shifts.view().number is None:
        till.shifts.open()


def timed(station: Station, van: Van) -> float:
    """Milliseconds from the touch that records to RECORDED, across the ledger's thread."""
    till = station.till

    def open_() -> None:
        fill(till, van)
        till.payments.pay(van.tender)

    timing.asked(station, open_)
    return timing.timed(lambda: timing.asked(station, lambda: pay(till, van)))

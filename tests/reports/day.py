"""A day with a bit of everything, sold at a real till."""

from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, ordinary_van, permit
from tests.till.test_passes import SECOND, outage, van_in
from tests.till.test_totals import car_in, go_out


def sold(till: Till, kind: str = "mpesa", code: str = "", amount: str | None = None, n: int = 1) -> str:
    """A car with some citizens, paid in one way; its number."""
    till.checkout.tap(EA_CITIZEN, n)
    till.checkout.plate("KDA 412M")
    till.window.work.is_confirmed = True  # it came with seats before
    till.payments.pay("cash" if kind in ("cash", "usd") else kind)
    if kind == "mpesa":
        done = till.payments.mpesa(code, amount)
    elif kind == "card":
        done = till.payments.card(code or "AB12CD", "4242")
    elif kind == "ecitizen":
        done = till.payments.ticket(code)
    else:
        done = till.payments.cash("USD" if kind == "usd" else "KES", amount or "5000")
    assert isinstance(done, RecordedView)
    return done.number


def played(till: Till) -> None:
    """Cash moved, every way of paying, a correction, two voids, passes of every end, free entries."""
    for key in ("allow_cash", "cash_usd"):
        permit(till, key, "yes")
    till.cash.move("paid_in", "6000", "change for dollars")
    till.cash.move("paid_out", "250", "fuel for the generator")
    sold(till, code="UA26X1Y2ZA")
    sold(till, "cash")
    sold(till, "usd", amount="50")
    sold(till, "card")
    sold(till, "ecitizen", "EC-001")
    till.corrections.correct(sold(till, code="UA26X1Y2ZB", n=2), "one more")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZC")
    till.corrections.void(sold(till, code="UA26X1Y2ZD"), "turned back", SECOND)
    till.corrections.void(sold(till, "cash", n=3), "turned back", SECOND)
    ordinary_van(till)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZE")
    outage(till)
    paid, part, waived, revoked, torn = van_in(till).number, *(car_in(till, f"KDB 11{n}A") for n in range(4))
    owing = car_in(till, "KDC 900Z")
    till.passes.waive(waived, "", "KWS/W/1", SECOND)
    till.passes.revoke(revoked, "turned back", SECOND)
    till.passes.reissue(torn, "torn", SECOND)
    go_out(till, paid, part, owing)
    till.gate.turn()
    till.outages.close()


def closed(till: Till) -> None:
    """The drawer is counted, and short."""
    till.shifts.close(Counted(others={"mpesa": 4_454_000}), "short, and counted twice")


PEOPLE = (MANAGER, MANAGER_PIN)

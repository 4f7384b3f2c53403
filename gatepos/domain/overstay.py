"""What a stay past a pass's end costs: a pure function of the token and the schedule (source: policy)."""

from datetime import date

from gatepos.domain import bill as bills
from gatepos.domain import fees
from gatepos.domain.bill import Bill, Line
from gatepos.domain.fees import Schedule
from gatepos.domain.gatepass import Payload
from gatepos.domain.vocabulary import AGES, CATEGORIES, DAYS_MAX

_DAY_S = 86_400
_EXEMPT = CATEGORIES.index("exempt")
_SCHOOL = CATEGORIES.index("school")


def days(payload: Payload, until_s: int) -> int:
    """Days begun past its end, until the first exit scan; 0 when it left in time."""
    over_s = until_s - payload.valid_until
    return min(-(-over_s // _DAY_S), DAYS_MAX) if over_s > 0 else 0


def charge(
    payload: Payload, schedule: Schedule, product: str, rate_e4: int | None, n_days: int, on: date
) -> tuple[Line, ...]:
    """Entry and vehicle lines for so many days, at the schedule in force; refusals as of `bill.price`."""
    counts = {
        (fees.PARK_ENTRY, CATEGORIES[category], AGES[age]): n
        for category, age, n in payload.people
        if category not in (_EXEMPT, _SCHOOL)
    }
    bill = Bill(product, on, counts=counts, band=payload.band, plate=payload.plate, days=n_days)
    return bills.price(bill, schedule, rate_e4).lines

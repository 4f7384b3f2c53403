"""Fee schedules and lists of tickets for tests."""

from collections.abc import Callable
from dataclasses import replace

from gatepos.domain import fees, moments
from gatepos.domain.fees import Fee, Schedule, Status
from gatepos.domain.tickets import COLUMNS

CF2025 = fees.shipped()["CF2025"]
NOW_MS = moments.from_text("2026-01-02T03:31:00.000Z")
TICKETS = ",".join(COLUMNS) + "\n"
VAN = "WQBG-PWRR,2026-01-02,NNP,2 non_resident adult; 1 non_resident child,2,kda 412m\n"


def tariff(
    id_: str = "CF2026", begins_ms: int = NOW_MS, changed: Callable[[Fee], Fee | None] = lambda fee: fee
) -> Schedule:
    """The whole tariff of 2025 under another name, but for what is changed in it."""
    kept = [made for fee in fees.rows(CF2025) if (made := changed(fee)) is not None]
    head = replace(CF2025, id=id_, title="Another tariff", legal="LN 1/2026", begins_ms=begins_ms)
    return fees.filled(head, kept, id_)


def dearer(fee: Fee) -> Fee:
    """Each price a tenth more."""
    return replace(fee, amount_minor=fee.amount_minor and fee.amount_minor * 11 // 10)


def without_students(fee: Fee) -> Fee | None:
    """Students are struck out, and nobody knows what a bus costs."""
    if fee.key == fees.vehicle_key(5):
        return replace(fee, status=Status.CONFLICT)
    return None if fee.key[2] == "student" else fee


def wild(fee: Fee) -> Fee:
    """A zero too many for a child."""
    is_child = fee.key == ("park_entry", "ea_citizen", "child")
    return replace(fee, amount_minor=fee.amount_minor and fee.amount_minor * 100) if is_child else fee


def renamed(fee: Fee) -> Fee:
    return replace(fee, fee="moon_walk") if fee.fee == "photo_session" else fee

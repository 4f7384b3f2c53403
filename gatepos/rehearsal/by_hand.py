"""What people and vehicles owe at Lake Nakuru, counted apart from the till: two price lists and sums.

Prices are whole shillings or dollars as somebody at the gate reads them from the two notices and the order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain import money
from gatepos.domain.bill import FeeKey
from gatepos.domain.fees import PARK_ENTRY, SCHOOL_ENTRY

_RATE_CENTS = 12_950
CAMPING = "camping_public"
NEW, OLD = "CF2025", "CF2016"


@dataclass(frozen=True, slots=True)
class Prices:
    """A price list: (currency, units) of each fee, shillings a day of each band of vehicle."""

    fees: Mapping[FeeKey, tuple[str, int]]
    vehicles: tuple[int, ...]

    def owed_minor(self, counts: Mapping[FeeKey, int], band: int = 0, days: int = 1, nights: int = 0) -> int:
        """KES minor units: all dollars are changed together, down to whole shillings."""
        units = {money.KES: self.vehicles[band - 1] * days if band else 0, money.USD: 0}
        for key, n in counts.items():
            currency, unit = self.fees[key]
            units[currency] += unit * n * (nights if key[0] == CAMPING else days)
        return (units[money.KES] + units[money.USD] * _RATE_CENTS // 100) * money.MINOR


def _entry(currency: str, category: str, adult: int, child: int) -> dict[FeeKey, tuple[str, int]]:
    """The prices of a category; students pay what children do."""
    ages = (("adult", adult), ("child", child), ("student", child))
    return {(PARK_ENTRY, category, age): (currency, units) for age, units in ages}


ORDERED: Mapping[FeeKey, tuple[str, int]] = {
    **_entry(money.KES, "kenya_resident", 1_030, 515),
    **_entry(money.USD, "african_citizen", 30, 15),
    (SCHOOL_ENTRY, "school", "student"): (money.KES, 100),
    (SCHOOL_ENTRY, "school", "adult"): (money.KES, 860),
    (CAMPING, "ea_citizen", "adult"): (money.KES, 200),
}
"""What the old schedule lacks and the order names, with the vehicles."""
TARIFF = Prices(
    {
        **_entry(money.USD, "non_resident", 90, 45),
        **_entry(money.USD, "african_citizen", 50, 25),
        **_entry(money.KES, "kenya_resident", 2_025, 1_050),
        **_entry(money.KES, "ea_citizen", 1_500, 750),
        (SCHOOL_ENTRY, "school", "student"): (money.KES, 500),
        (SCHOOL_ENTRY, "school", "adult"): (money.KES, 1_500),
        (CAMPING, "ea_citizen", "adult"): (money.KES, 250),
    },
    (600, 1_500, 3_000, 4_500, 5_000),
)
STAYED = Prices(
    {**ORDERED, **_entry(money.USD, "non_resident", 60, 35), **_entry(money.KES, "ea_citizen", 860, 215)},
    (300, 500, 1_000, 2_500, 3_000),
)

"""Fees that two persons of a park confirmed where its schedule has none that may be charged (FORMATS.md).

One stands until a schedule that names its row is put in force; it never takes the place of a gazetted price.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.domain.fees import EVERYWHERE, Fee, FeeKey, Per, Schedule, Status

KIND = "fee.confirmed"
ACTS = ("schedule.switched", KIND)
"""The entries that say which confirmed fees stand."""


def fee(data: Mapping[str, object]) -> Fee:
    """The row that a `fee.confirmed` says; its note is the legal reference."""
    product, name, category, age, currency = (
        cast(str, data[field]) for field in ("product", "fee", "category", "age", "currency")
    )
    amount, per = cast(int, data["amount_minor"]), Per(cast(str, data["per"]))
    return Fee(
        product, name, category, age, currency, amount, per, Status.CONFIRMED, cast(str, data["legal"])
    )


def standing(acts: Iterable[Entry], schedules: Mapping[str, Schedule]) -> list[Fee]:
    """The confirmed fees that stand after some entries of ACTS, in their order."""
    found: dict[tuple[str, FeeKey], Fee] = {}
    for act in acts:
        if act.kind == KIND:
            row = fee(act.data)
            found[row.product, row.key] = row
        elif (named := schedules.get(cast(str, act.data["schedule"]))) is not None:
            found = {place: row for place, row in found.items() if not names(named, *place)}
    return list(found.values())


def names(schedule: Schedule, product: str, key: FeeKey) -> bool:
    """Whether a schedule itself has a price that may be charged for a row."""
    every = schedule.fees.values() if product == EVERYWHERE else (schedule.fees.get(product, {}),)
    return any(key in fees and fees[key].is_sellable for fees in every)


def over(schedule: Schedule, confirmed: Iterable[Fee], products: Iterable[str]) -> Schedule:
    """A schedule with what was confirmed for some products, wherever it has no price that may be charged."""
    made = {product: dict(fees) for product, fees in schedule.fees.items()}
    for one in confirmed:
        for product in products if one.product == EVERYWHERE else (one.product,):
            rows = made.setdefault(product, {})
            if one.key not in rows or not rows[one.key].is_sellable:
                rows[one.key] = one
    return replace(schedule, fees=made)

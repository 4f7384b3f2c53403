"""Vans as they come to a gate, from one seed: who is in them, what they drive, how they pay."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gatepos.domain.bill import FeeKey
from gatepos.domain.fees import PARK_ENTRY

_CATEGORIES = (("non_resident", 45), ("ea_citizen", 30), ("kenya_resident", 15), ("african_citizen", 10))
_AGES = (("adult", 75), ("child", 18), ("student", 7))
_SEATS = ((1, 4), (2, 9), (3, 20), (4, 40))
_CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Van:
    """One vehicle and how it pays."""

    plate: str
    band: int
    people: tuple[tuple[FeeKey, int], ...]
    crew: int
    toddlers: int
    tender: str
    reference: str


def ordinary() -> Van:
    """The van of every example."""
    people: tuple[tuple[FeeKey, int], ...] = (
        ((PARK_ENTRY, "non_resident", "adult"), 3),
        ((PARK_ENTRY, "non_resident", "student"), 1),
        ((PARK_ENTRY, "african_citizen", "adult"), 1),
        ((PARK_ENTRY, "ea_citizen", "adult"), 1),
    )
    return Van("KDA412M", 2, people, 1, 1, "mpesa", "UA26X1Y2ZQ")


def code_of(on: date, tail: str) -> str:
    """An M-PESA code of a day: year, month and day in three characters, then seven of its own."""
    return chr(ord("L") + on.year - 2017) + chr(ord("A") + on.month - 1) + _DAYS[on.day - 1] + tail


def queue(seed: int) -> Iterator[Van]:
    """Vans without end, the same for the same seed."""
    chance = random.Random(seed)
    n = 0
    while True:
        n += 1
        yield _van(chance, n)


def _van(chance: random.Random, n: int) -> Van:
    band = chance.choices((1, 2, 3, 4), (50, 38, 9, 3))[0]
    people: dict[FeeKey, int] = {}
    for _ in range(chance.randint(*_SEATS[band - 1])):
        key = (PARK_ENTRY, _drawn(chance, _CATEGORIES), _drawn(chance, _AGES))
        people[key] = people.get(key, 0) + 1
    tender = chance.choices(("mpesa", "card", "ecitizen"), (75, 15, 10))[0]
    reference = "UA2" + "".join(chance.choices(_CODE_LETTERS, k=3)) + _base32(n)
    letters = "".join(chance.choices(_PLATE_LETTERS, k=2))
    plate = f"K{letters}{chance.randint(100, 999)}{chance.choice(_PLATE_LETTERS)}"
    return Van(
        plate, band, tuple(people.items()), int(band > 1), int(chance.random() < 0.15), tender, reference
    )


def _drawn(chance: random.Random, weights: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([word for word, _ in weights], [weight for _, weight in weights])[0]


def _base32(n: int) -> str:
    """Four letters that no other van of the queue has."""
    text = ""
    for _ in range(4):
        n, rest = divmod(n, len(_CODE_LETTERS))
        text = _CODE_LETTERS[rest] + text
    return text

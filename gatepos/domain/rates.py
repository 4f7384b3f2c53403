"""The published USD rate: how a month and a rate are typed, and which one may follow another."""

import re
from dataclasses import dataclass

from gatepos.domain import money
from gatepos.domain.shapes import MONTH, RATE
from gatepos.errors import Refusal
from gatepos.i18n import N_

_TYPED = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,4}))?", re.ASCII)
_FACTOR_MAX = 2
"""A rate that is so many times the one in force, or its part, is a slip of somebody's hand."""


class BadRate(Refusal):
    """A rate or month that cannot be."""

    says = N_("Type the month as 2026-01 and the rate as 129.50.")


@dataclass(frozen=True, slots=True)
class Rate:
    """KES per USD × 10,000, as published for a month."""

    month: str
    rate_e4: int

    @property
    def text(self) -> str:
        """As it is published: `129.50`."""
        return money.rate_text(self.rate_e4)

    def is_before(self, other: "Rate") -> bool:
        """Whether it is for an earlier month."""
        return self.month < other.month

    def is_far_from(self, other: "Rate") -> bool:
        """Whether no month brings it after the other."""
        now = other.rate_e4
        return not now <= self.rate_e4 * _FACTOR_MAX <= now * _FACTOR_MAX**2


def parse(month: str, typed: str) -> Rate:
    """A month and a rate as somebody typed them; BadRate."""
    match, month = _TYPED.fullmatch(typed.strip()), month.strip()
    if match is None or not MONTH.holds(month):
        raise BadRate()
    whole, decimals = match.groups()
    rate_e4 = int(whole) * money.RATE_ONE + int((decimals or "0").ljust(4, "0"))
    if not RATE.holds(rate_e4):
        raise BadRate()
    return Rate(month, rate_e4)

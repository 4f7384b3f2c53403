"""Money: integers in minor units, parsed from decimal text, split without losing a shilling."""

import re
from collections.abc import Sequence

from gatepos.errors import Refusal
from gatepos.i18n import N_

KES, USD = "KES", "USD"
MINOR = 100  # cents in a shilling, cents in a dollar
AMOUNT_MAX = 10**12 - 1
RATE_ONE = 10_000

_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,10})(?:\.([0-9]{1,2}))?")
_CURRENCY = re.compile(r"^(KES|KSH|USD|US\$|\$)\.?\s*")


class BadAmount(Refusal):
    """An amount that cannot be read as money."""

    says = N_("{typed} is not an amount. Type digits only, for example 43,940 or 320.50.")


def parse(typed: str) -> int:
    """Minor units from decimal text such as `43,940`, `KES 43940` or `320.50`; never through a float."""
    # ASCII before folding: the long s would upper-case into A-Z.
    text = _CURRENCY.sub("", typed.strip().upper()) if typed.isascii() and len(typed) < 40 else ""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise BadAmount(typed=typed[:20])
    whole, cents = match.groups()
    minor = int(whole.replace(",", "")) * MINOR + int((cents or "0").ljust(2, "0"))
    if minor > AMOUNT_MAX:
        raise BadAmount(typed=typed[:20])
    return minor


def amount(minor: int, *, cents: bool = False) -> str:
    """`43,940`, with cents only when there are any or when asked."""
    sign, minor = ("−" if minor < 0 else ""), abs(minor)
    whole, rest = divmod(minor, MINOR)
    return f"{sign}{whole:,}.{rest:02d}" if cents or rest else f"{sign}{whole:,}"


def shown(currency: str, minor: int) -> str:
    """`KES 43,940`, `USD 240.00`."""
    return f"{currency} {amount(minor, cents=currency == USD)}"


def rate_text(rate_e4: int) -> str:
    """`129.50` from KES per USD × 10,000; four decimals only when needed."""
    whole, rest = divmod(rate_e4, RATE_ONE)
    decimals = f"{rest:04d}"
    return f"{whole}.{decimals[:2] if decimals.endswith('00') else decimals}"


def whole(minor: int) -> int:
    """Whole shillings, in minor units: the cents are left off."""
    return minor - minor % MINOR


def kes_of_usd(usd_minor: int, rate_e4: int) -> int:
    """Whole shillings, in minor units, rounded down: nobody pays a shilling more than gazetted."""
    return whole(usd_minor * rate_e4 // RATE_ONE)


def split(total_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """`total_minor` (whole shillings) shared by weight in whole shillings, by largest remainder.

    Ties go to the first. The shares sum to the total.
    """
    whole = sum(weights)
    if not whole:
        return tuple(0 for _ in weights)
    total = total_minor // MINOR
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return tuple(share * MINOR for share in shares)

"""Phone numbers as people type them: brought to one form at the edge, or refused by name."""

import re

from gatepos.errors import Refusal
from gatepos.i18n import N_

_TYPED_MAX = 40
_BETWEEN = re.compile(r"[ .()-]")
_KENYAN = re.compile(r"(?:0|254|\+254)([17][0-9]{8})")
_FOREIGN = re.compile(r"\+(?!254)[1-9][0-9]{6,11}")  # at most 12 digits: longer ones could be a card's
_IN_TEXT = re.compile(r"(?<![0-9+])(?:\+?254[ -]?|0)[17][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}(?![0-9])")


class PhoneInText(Refusal):
    """A phone in a text that an entry keeps for ever; it is not repeated."""

    says = N_("No phone here: it could never be erased. A driver's phone goes beside the pass.")


class BadPhone(Refusal):
    """Text that cannot be a phone; it is not repeated, because it may be somebody's."""

    says = N_("That is not a phone: type 0712 345 678, or another country's with 00 and its code.")


def parse(typed: str) -> str:
    """`+254712345678` from whatever spaces and beginning were typed; BadPhone."""
    short = len(typed) <= _TYPED_MAX and typed.isascii()
    digits = re.sub(r"^00", "+", _BETWEEN.sub("", typed)) if short else ""
    kenyan = _KENYAN.fullmatch(digits)
    if kenyan is not None:
        return f"+254{kenyan[1]}"
    if _FOREIGN.fullmatch(digits) is None:
        raise BadPhone()
    return digits


def refuse_in(text: str) -> None:
    """PhoneInText when a Kenyan phone stands in a text."""
    if _IN_TEXT.search(text):
        raise PhoneInText()


def shown(phone: str) -> str:
    """`0712 345 678` of a Kenyan phone as it is dialled here; another country's as it is."""
    kenyan = _KENYAN.fullmatch(phone)
    return f"0{kenyan[1][:3]} {kenyan[1][3:6]} {kenyan[1][6:]}" if kenyan else phone

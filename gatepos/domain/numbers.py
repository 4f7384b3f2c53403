"""Numbers on paper: `TTTTSNNNNNNC`, till code, series, six digits, check character (FORMATS.md §1)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from stdnum.iso7064 import mod_37_36

from gatepos.errors import Refusal
from gatepos.i18n import N_

BILL, RECEIPT, PASS, VOID, SHIFT, PAPER = "B", "R", "P", "V", "Z", "M"
SERIES = BILL + RECEIPT + PASS + VOID + SHIFT + PAPER
LAST = 999_999

_TILL = re.compile(r"[A-HJ-NP-Z][A-HJ-NP-Z0-9]{3}")
_DIGIT_FOR_LETTER = str.maketrans("OI", "01")
_WRITTEN = re.compile(rf"({_TILL.pattern}[{SERIES}](?!000000)[0-9]{{6}})([0-9A-Z])")


class BadNumber(Refusal):
    """A number that no till can have printed."""

    says = N_("{typed} is not a gatepos number: check each character and type it again.")


class NumbersUsedUp(Refusal):
    """The last number of a series is taken."""

    says = N_("This till has used all its numbers. It needs a new code: call the manager.")


@dataclass(frozen=True, slots=True)
class Number:
    """A number taken apart."""

    till: str
    series: str
    n: int

    def __str__(self) -> str:
        return make(self.till, self.series, self.n)


def is_till(code: str) -> bool:
    """Whether `code` can be a till's code."""
    return _TILL.fullmatch(code) is not None


def is_demo(till: str) -> bool:
    """Whether the till is a demonstration or training ledger."""
    return till.startswith("X")


def is_training(till: str) -> bool:
    """Whether the till is a training ledger."""
    return till.startswith("XT")


def proposed_till(park: str, gate: str, lane: str) -> str:
    """A till's code until central gives one: `XNM2` for lane 2 of NNP's Main Gate. XT is for training."""
    letters = (next((c for c in park if c != "T"), ""), gate[:1], lane[-1:])
    code = "X" + "".join(c if c.isascii() and c.isalnum() else "1" for c in letters)
    return code.upper().translate(_DIGIT_FOR_LETTER)


def make(till: str, series: str, n: int) -> str:
    """The twelve characters of the n-th number of a series; NumbersUsedUp past the last."""
    if n > LAST:
        raise NumbersUsedUp()
    body = f"{till}{series}{n:06d}"
    return body + str(mod_37_36.calc_check_digit(body))


@lru_cache(maxsize=1024)
def is_number(text: str) -> bool:
    """Whether a text is a number exactly as `make` writes it."""
    found = _WRITTEN.fullmatch(text)
    return found is not None and found[2] == mod_37_36.calc_check_digit(found[1])


@lru_cache(maxsize=1024)
def parse(typed: str) -> Number:
    """The number that was typed or scanned: any case, hyphens and spaces ignored.

    O counts as 0 and I as 1 where a digit must stand, and in the till's code, which has neither. The check
    character is what it is: folded too, it would let one wrong character in three hundred pass.
    BadNumber when the form or the check character is wrong.
    """
    text = re.sub(r"[\s-]", "", typed)
    if not text.isascii() or len(text) != 12:
        raise BadNumber(typed=typed[:20])
    text = text.upper()
    till = text[:4].translate(_DIGIT_FOR_LETTER)
    digits = text[5:11].translate(_DIGIT_FOR_LETTER)
    if not (is_till(till) and text[4] in SERIES and digits.isdigit() and int(digits)):
        raise BadNumber(typed=typed[:20])
    body = till + text[4] + digits
    if text[11] != str(mod_37_36.calc_check_digit(body)):
        raise BadNumber(typed=typed[:20])
    return Number(till, text[4], int(digits))


def reads(typed: str) -> bool:
    """Whether what was typed or scanned is a number, in whatever writing `parse` takes."""
    try:
        parse(typed)
    except BadNumber:
        return False
    return True


def ordinal(number: str) -> int:
    """Which number of its series one is that `make` wrote: 771 of `NMG2R000771T`."""
    return int(number[5:11])


def printed(number: str) -> str:
    """`NMG2-R000771-T`."""
    return f"{number[:4]}-{number[4:11]}-{number[11]}"

"""Number plates: ASCII letters and digits without spaces, and how they are shown."""

import re

from gatepos.errors import Refusal
from gatepos.i18n import N_

_PLATE = re.compile(r"[A-Z0-9]{2,10}")
_KENYAN = re.compile(r"([A-Z]{3})([0-9]{3}[A-Z]?)")
_LETTERS_DIGITS = re.compile(r"([A-Z]{1,4})([0-9]{1,4})([A-Z]{0,3})")


class BadPlate(Refusal):
    """Text that cannot be a plate."""

    says = N_("{typed} is not a plate: use the letters A–Z and digits, for example KDA 412M.")


def parse(typed: str) -> str:
    """`KDA412M` from whatever case, spaces and hyphens were typed; BadPlate."""
    # ASCII before folding: the dotless i and the long s would upper-case into A-Z.
    plate = re.sub(r"[ .-]", "", typed).upper() if typed.isascii() and len(typed) < 40 else ""
    if not _PLATE.fullmatch(plate):
        shown = "".join(c for c in typed[:12] if c.isprintable())
        raise BadPlate(typed=shown)
    return plate


def shown(plate: str) -> str:
    """`KDA 412M`: grouped as on the vehicle where the form is known."""
    match = _KENYAN.fullmatch(plate) or _LETTERS_DIGITS.fullmatch(plate)
    return " ".join(part for part in match.groups() if part) if match else plate

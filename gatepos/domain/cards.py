"""Card numbers: whatever could be a full one is refused, wherever somebody types it, and never repeated."""

import re

from gatepos.errors import Refusal
from gatepos.i18n import N_

_SEEN_MAX = 2_400
"""Characters looked at: more than any text that is kept."""
_NUMBER = re.compile(r"(?:\d[ -]?){12,18}\d")


class FullCardNumber(Refusal):
    """A full card number; never stored, never repeated."""

    says = N_("Never type a full card number. Type the approval code and the last four digits only.")


def refuse_number(text: str, between: str = "") -> None:
    """FullCardNumber when anything in `text` could be one, with any of `between` among its digits."""
    looked_at = text[:_SEEN_MAX]
    if _NUMBER.search(re.sub(f"[{between}]", "", looked_at) if between else looked_at):
        raise FullCardNumber()

"""What payers type as the account of a payment, brought to the one form in which it is compared."""

import re

from gatepos.domain import numbers, phones

_MOST = 20


def kept(typed: str) -> str:
    """An account as it is compared: a number as it was printed, else letters and digits in upper case.

    Payers type their phones and names too: what cannot be a reference is not kept.
    """
    try:
        return str(numbers.parse(typed))
    except numbers.BadNumber:
        found = re.sub(r"[^A-Z0-9]", "", typed.upper() if typed.isascii() else "")[:_MOST]
    return found if re.search("[0-9]", found) and not _is_phone(found) else ""


def _is_phone(text: str) -> bool:
    try:
        phones.parse(text)
    except phones.BadPhone:
        return False
    return True

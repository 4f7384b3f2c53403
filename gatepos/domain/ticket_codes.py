"""The reference in the code of a ticket of eCitizen or KWSPay: their form is published nowhere.

A code is an address, a text with names in it, or the reference alone.
"""

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qsl, urlsplit

from gatepos.domain import payment, scanned
from gatepos.domain.scanned import Kind
from gatepos.errors import Refusal
from gatepos.i18n import N_

_NAMES = re.compile(r"ref|ticket|invoice|bill|receipt|order|booking", re.IGNORECASE)
_OTHER_NAMES = re.compile(r"code|number|no|id|q", re.IGNORECASE)
_NAMED = re.compile(
    r"(?:ref(?:erence)?|ticket|invoice|bill|receipt|order|booking)(?:[\s_-]*(?:no|number|code|id|ref))?\b"
    r"[\s\"'.:#=-]*([A-Z0-9][A-Z0-9./-]{3,40})",
    re.IGNORECASE,
)
_WORD = re.compile(r"[\s\"'{}()\[\],;|=:#]+")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_PLAIN = frozenset((
    "KWSPAY", "ECITIZEN", "E-CITIZEN", "KENYA", "WILDLIFE", "SERVICE", "PARK", "ENTRY", "TICKET", "TICKETS",
    "INVOICE", "INVOICES", "RECEIPT", "RECEIPTS", "VERIFY", "INDEX.HTML", "PAYMENT", "PAYMENTS", "PAID",
    "BOOKING", "BOOKINGS", "ORDER", "ORDERS", "BILL", "BILLS", "REFERENCE", "CHECKOUT", "HOME", "NUMBER",
))  # fmt: skip
"""Words that stand beside references and are none."""


class NoReference(Refusal):
    """A ticket's code in which nothing can be its reference."""

    says = N_("No reference is in this code. Type the one that stands on the ticket.")


def is_ticket(text: str) -> bool:
    """Whether a text says that it is of eCitizen or KWSPay."""
    return scanned.kind_of(text) is Kind.ECITIZEN_TICKET


def reference(text: str) -> str:
    """The reference in the code of a ticket, in its one form; NoReference."""
    text = text.strip()
    is_address = _SCHEME.match(text) is not None or ("/" in text and not re.search(r"\s", text))
    found = next(filter(None, map(_form, _of_address(text) if is_address else _of_text(text))), None)
    if found is None:
        raise NoReference()
    return found


def alone(text: str) -> str | None:
    """The text itself as a reference, where it can be one."""
    try:
        return payment.ticket(text.strip())
    except Refusal:
        return None


def _of_address(text: str) -> Iterator[str]:
    """What a parameter names first, then the last part of the path, likeliest first."""
    try:
        parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
    except ValueError:
        return
    pairs = parse_qsl(parts.query)
    # What a parameter names is no word of a language, in whichever case.
    yield from (value.upper() for name, value in pairs if _NAMES.search(name))
    yield from (value.upper() for name, value in pairs if _OTHER_NAMES.fullmatch(name))
    yield from _last_parts(parts)


def _last_parts(parts: SplitResult) -> Iterator[str]:
    for path in (parts.fragment, parts.path):
        named = [part for part in path.split("/") if part]
        yield from named[-1:]


def _of_text(text: str) -> Iterator[str]:
    """What is named, then the last word that can be one."""
    yield from (found[1] for found in _NAMED.finditer(text))
    yield from reversed(_WORD.split(text))


def _form(value: str) -> str | None:
    """A reference in its one form; a word of a language is none."""
    is_word = value.upper() in _PLAIN or (not any(map(str.isdigit, value)) and value != value.upper())
    return None if is_word else alone(value)

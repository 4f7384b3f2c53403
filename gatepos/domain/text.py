"""Text that people type: brought to one form at the edge, or refused by name."""

import re
import unicodedata
from datetime import date

from gatepos.domain import cards, phones
from gatepos.domain.canonical import FORBIDDEN
from gatepos.domain.shapes import FREE_MAX, TEXT_MAX
from gatepos.errors import Refusal
from gatepos.i18n import N_

_SPACE = re.compile(r"\s+")
_WHOLE = re.compile(r"[0-9]{1,6}")
_DAY = re.compile(r"([0-9]{1,2})[./-]([0-9]{1,2})[./-]([0-9]{4})|([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class TextTooLong(Refusal):
    """More characters than the field holds."""

    says = N_("That text is too long: at most {most} characters.")


class UnseenCharacters(Refusal):
    """Characters that cannot be seen or that turn text around."""

    says = N_("That text has characters that cannot be seen. Type it by hand.")


class NotText(Refusal):
    """A file that is no text, or not as everybody reads it."""

    says = N_("That file is not text in UTF-8. Save it as “CSV UTF-8” and try again.")


class NotWhole(Refusal):
    """A count that is no whole number."""

    says = N_("Type a whole number.")


class NoDay(Refusal):
    """A day that is in no calendar."""

    says = N_("Type the day as 24.12.2026.")


class ReasonMissing(Refusal):
    """A change without a reason."""

    says = N_("Give a reason.")


def decoded(data: bytes) -> str:
    """What a file says; NotText."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise NotText() from error


def whole(typed: str) -> int:
    """A count from 0 to 999,999; NotWhole."""
    if _WHOLE.fullmatch(typed.strip()) is None:
        raise NotWhole()
    return int(typed)


def day(typed: str) -> date:
    """A day typed as 24.12.2026 or 2026-12-24; NoDay."""
    match = _DAY.fullmatch(typed.strip())
    if match is None:
        raise NoDay()
    d1, m1, y1, y2, m2, d2 = match.groups()
    try:
        return date(int(y1 or y2), int(m1 or m2), int(d1 or d2))
    except ValueError as error:
        raise NoDay() from error


def shown_day(on: date) -> str:
    """`24.12.2026`, as `day` reads it."""
    return f"{on.day}.{on.month}.{on.year}"


def line(typed: str, most: int = TEXT_MAX) -> str:
    """One line of text in NFC, trimmed; TextTooLong, UnseenCharacters."""
    if len(typed) > 4 * most:
        raise TextTooLong(most=most)
    text = unicodedata.normalize("NFC", typed).strip()
    if FORBIDDEN.search(text):
        raise UnseenCharacters()
    text = _SPACE.sub(" ", text)
    if len(text) > most:
        raise TextTooLong(most=most)
    return text


def kept(typed: str, most: int = TEXT_MAX) -> str:
    """One line that an entry will keep: as `line`, and no card number; FullCardNumber."""
    text = line(typed, most)
    cards.refuse_number(text)
    return text


def free(typed: str, most: int = FREE_MAX) -> str:
    """Free text that an entry will keep: as `kept`, with no phone, and line breaks and tabs count as spaces.

    PhoneInText: whose it is must be erased one day, and no entry ever is.
    """
    if len(typed) > 4 * most:
        raise TextTooLong(most=most)
    text = kept(re.sub(r"[\t\r\n]+", " ", typed), most)
    phones.refuse_in(text)
    return text


def reason(typed: str) -> str:
    """The reason for what is never done without one, as `free`; ReasonMissing."""
    text = free(typed)
    if not text:
        raise ReasonMissing()
    return text


def alike(name: str) -> str:
    """What two ways to type a name, such as an operator's, have in common."""
    return "".join(name.split()).casefold()

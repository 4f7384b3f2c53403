"""Text that people type: brought to one form at the edge, or refused by name."""

import re
import unicodedata

from gatepos.domain.canonical import FORBIDDEN
from gatepos.domain.shapes import FREE_MAX, TEXT_MAX
from gatepos.errors import Refusal
from gatepos.i18n import N_

_SPACE = re.compile(r"\s+")


class TextTooLong(Refusal):
    """More characters than the field holds."""

    says = N_("That text is too long: at most {most} characters.")


class UnseenCharacters(Refusal):
    """Characters that cannot be seen or that turn text around."""

    says = N_("That text has characters that cannot be seen. Type it by hand.")


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


def free(typed: str, most: int = FREE_MAX) -> str:
    """Free text: the same, and line breaks and tabs count as spaces."""
    if len(typed) > 4 * most:
        raise TextTooLong(most=most)
    return line(re.sub(r"[\t\r\n]+", " ", typed), most)

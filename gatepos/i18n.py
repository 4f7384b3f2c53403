"""Words in English and Swahili, and how days and times are written.

English is the source text. Nothing here is global: whoever shows words holds a `Words`.
"""

import gettext
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol, runtime_checkable

from gatepos import resources

ENGLISH = "en"
"""The language of the source, and of all that has no other."""
LANGUAGES = {ENGLISH: "English", "sw": "Kiswahili"}
EAT = timezone(timedelta(hours=3), "EAT")  # Kenya keeps no summer time


def N_(text: str) -> str:
    """Mark `text` for translation where it is written; it is translated where it is shown."""
    return text


def plural(one: str, many: str) -> tuple[str, str]:
    """Mark both forms of a text that has `{n}`; `Words.plural` shows the one that fits."""
    return one, many


_DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
_MONTHS = (
    N_("Jan"), N_("Feb"), N_("Mar"), N_("Apr"), N_("May"), N_("Jun"),
    N_("Jul"), N_("Aug"), N_("Sep"), N_("Oct"), N_("Nov"), N_("Dec"),
)  # fmt: skip

_HOURS_MAX = 48
_ENVIRONMENT = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@runtime_checkable
class Sayable(Protocol):
    """What has words of its own, such as the trouble behind a trouble; its `str` is English."""

    def said(self, words: "Words", /) -> str:
        """The same in the reader's language."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language: call it with a source text to get what is shown.

    A value that is Sayable is shown in the same language.
    """

    language: str
    catalog: gettext.NullTranslations

    def __call__(self, text: str, /, **values: object) -> str:
        shown = self.catalog.gettext(text) if text else ""
        if not values:
            return shown
        return shown.format(
            **{
                name: value.said(self) if isinstance(value, Sayable) else value
                for name, value in values.items()
            }
        )

    def plural(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form of the text for `n`, which also fills `{n}`."""
        return self.catalog.ngettext(one, many, n).format(n=n, **values)

    def day(self, on: date) -> str:
        """`Fri 2 Jan 2026`."""
        return f"{self(_DAYS[on.weekday()])} {on.day} {self(_MONTHS[on.month - 1])} {on.year}"

    def month(self, year_month: str) -> str:
        """`Jan 2026` from `2026-01`."""
        year, month = year_month.split("-")
        return f"{self(_MONTHS[int(month) - 1])} {year}"

    def moment(self, at_ms: int) -> str:
        """`2 Jan 10:31` in East Africa Time, from milliseconds since 1970 UTC."""
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(EAT)
        return f"{local.day} {self(_MONTHS[local.month - 1])} {local:%H:%M}"

    def age(self, minutes: int) -> str:
        """`12 min`, `4 h 33 min`, from two days on `3 days`; what is still to come is 0 minutes old."""
        hours, rest = divmod(max(minutes, 0), 60)
        if not hours:
            return self(N_("{n} min"), n=rest)
        if hours < _HOURS_MAX:
            return self(N_("{hours} h {min} min"), hours=hours, min=rest)
        return self.plural("{n} day", "{n} days", hours // 24)


def of_environment(environment: Mapping[str, str]) -> str | None:
    """The first of LANGUAGES that the environment asks for, by the rules of gettext; None where none is."""
    said = next((environment[name] for name in _ENVIRONMENT if environment.get(name)), "")
    for one in said.split(":"):
        language = re.split(r"[_.@]", one)[0]
        if language in LANGUAGES:
            return language
    return None


def words(language: str) -> Words:
    """The words of `language`, one of LANGUAGES; English when it is not."""
    catalog = gettext.translation(
        "gatepos", resources.folder() / "locale", languages=[language], fallback=True
    )
    return Words(language if language in LANGUAGES else ENGLISH, catalog)

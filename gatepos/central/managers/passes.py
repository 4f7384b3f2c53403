"""The open passes of a park, and how long each has been open."""

from dataclasses import dataclass

from gatepos.central.store.takings import Owing
from gatepos.domain import moments
from gatepos.i18n import Words

_OLD_MS = moments.DAY_MS


@dataclass(frozen=True, slots=True)
class OpenPass:
    """An open pass as the page lists it: `is_over` past its end, `is_old` after a day."""

    owing: Owing
    age: str
    is_over: bool
    is_old: bool


def listed(passes: list[Owing], now_ms: int, words: Words) -> list[OpenPass]:
    """Each with its age."""
    now = moments.to_text(now_ms)
    return [
        OpenPass(
            one,
            words.age((now_ms - moments.from_text(one.at)) // moments.MINUTE_MS),
            one.valid_until < now,
            now_ms - moments.from_text(one.at) > _OLD_MS,
        )
        for one in passes
    ]

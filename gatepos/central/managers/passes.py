"""The open passes of a park, and how long each has been open."""

from dataclasses import dataclass

from gatepos.central.store.takings import Owing
from gatepos.domain import moments
from gatepos.i18n import N_, Words

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
            age(now_ms - moments.from_text(one.at), words),
            one.valid_until < now,
            now_ms - moments.from_text(one.at) > _OLD_MS,
        )
        for one in passes
    ]


def age(ms: int, words: Words) -> str:
    """`12 min`, `4 h 33 min`, `3 d 4 h`."""
    minutes = max(ms, 0) // moments.MINUTE_MS
    hours, rest = divmod(minutes, 60)
    if hours >= 24:
        return words(N_("{days} d {hours} h"), days=hours // 24, hours=hours % 24)
    return words(N_("{hours} h {min} min"), hours=hours, min=rest) if hours else words(N_("{n} min"), n=rest)

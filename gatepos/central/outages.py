"""The outages of a park's tills: those that overlap are one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Outage:
    """Outages of tills as one: from the earliest beginning to the latest end, moments as text.

    `until` is None while one of them is open; `ids` are those of their openings.
    """

    since: str
    until: str | None
    ids: tuple[str, ...]
    tills: tuple[str, ...]
    causes: tuple[str, ...]
    paybills: tuple[str, ...]


def joined(outages: Iterable[Outage]) -> list[Outage]:
    """Those that overlap, or touch, as one; the earliest first."""
    found: list[Outage] = []
    for one in sorted(outages, key=lambda one: one.since):
        last = found[-1] if found else None
        if last is not None and (last.until is None or one.since <= last.until):
            found[-1] = _with(last, one)
        else:
            found.append(one)
    return found


def _with(first: Outage, other: Outage) -> Outage:
    until = None if None in (first.until, other.until) else max(str(first.until), str(other.until))
    return replace(
        first,
        until=until,
        ids=first.ids + other.ids,
        tills=_each(first.tills + other.tills),
        causes=_each(first.causes + other.causes),
        paybills=_each(first.paybills + other.paybills),
    )


def _each(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))

"""What somebody asks a report for: which days, in which formats, where to; and its writing as a version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from gatepos.errors import Refusal
from gatepos.i18n import N_, Words
from gatepos.ledger import media
from gatepos.ledger.takings import Span
from gatepos.reports import export, versions
from gatepos.reports.daily import Made
from gatepos.reports.export import Exported, Make, Progress
from gatepos.reports.manifest import Signer
from gatepos.reports.sheet import Report
from gatepos.reports.versions import Version

DAYS_MAX = 400


class BadRange(Refusal):
    """Days that are none, or too many, or in the wrong order."""

    says = N_("{first} to {last} is no range: days as 2026-01-02, at most {most} of them, the first first.")


class NoDays(Refusal):
    """No days, or days said in two ways."""

    says = N_("Say of which days: one day, one month, or the first and the last day.")


class UnknownFormat(Refusal):
    """A format that nothing writes."""

    says = N_("{format} is not a format. These are: {formats}.")


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed to ask for a report, none of it looked at yet."""

    day: str | None
    month: str | None
    first: str | None
    last: str | None
    formats: str
    out: Path
    language: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for: days, formats, where to, in whose words."""

    first: str
    last: str
    formats: tuple[str, ...]
    out: Path
    words: Words

    def span(self, tills: Sequence[str]) -> Span:
        """Its days of some tills."""
        return Span(tuple(tills), self.first, self.last)


def asked(typed: Typed, words: Words) -> Asked:
    """What somebody asks for by what they typed; NoDays, BadRange, UnknownFormat."""
    named = tuple(name.strip() for name in typed.formats.split(","))
    for name in named:
        if name not in export.FORMATS:
            raise UnknownFormat(format=name[:20], formats=", ".join(export.FORMATS))
    return Asked(*_range(typed), named, typed.out, words)


def exported(
    folder: Path, wanted: Asked, made: Made, span: Span, signer: Signer, progress: Progress = lambda _: None,
    make: Make = export.make,
) -> Exported:  # fmt: skip
    """Write a report as its next version, and keep in `folder` that it was; NoMedium, MediumInside."""
    media.check(wanted.out, folder)
    history = versions.read(folder, span, signer.public)
    number = history.next(made.said)
    report = made.versioned(number, history.since(made.said, wanted.words))
    done = written(wanted, report, signer, progress, make)
    versions.keep(folder, span, history, Version(number, signer.at, made.said), signer)
    return done


def written(
    wanted: Asked, report: Report, signer: Signer | None, progress: Progress = lambda _: None,
    make: Make = export.make,
) -> Exported:  # fmt: skip
    """Write a report to where it was asked for; what `export.write` raises."""
    return export.write(report, wanted.out, wanted.formats, wanted.words, signer, progress, make)


def _range(typed: Typed) -> tuple[str, str]:
    """First and last day, ISO; BadRange, and NoDays unless exactly one way of saying them is used."""
    said = (typed.day, typed.day), _month(typed.month), (typed.first, typed.last)
    ways = [one for one in said if any(one)]
    if len(ways) != 1:
        raise NoDays()
    told = ways[0]
    try:
        days = [date.fromisoformat(one or "") for one in told]
    except ValueError:
        days = []
    if not days or not timedelta(0) <= days[1] - days[0] < timedelta(DAYS_MAX):
        raise BadRange(first=(told[0] or "?")[:20], last=(told[1] or "?")[:20], most=DAYS_MAX)
    return days[0].isoformat(), days[1].isoformat()


def _month(month: str | None) -> tuple[str | None, str | None]:
    if month is None:
        return None, None
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month, month
    return first.isoformat(), ((first + timedelta(31)).replace(day=1) - timedelta(1)).isoformat()

"""Which version of a range's report the next export is: it goes up when the figures changed (FORMATS.md §7).

What was exported is kept in a small signed file beside the ledger, which no rebuild touches.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gatepos import files
from gatepos.domain import moments, money, shapes
from gatepos.domain.shapes import Field, Table
from gatepos.i18n import N_, Words
from gatepos.ledger.takings import Span
from gatepos.reports.manifest import Signer
from gatepos.reports.sheet import Column, Note, Sheet
from gatepos.seal import said
from gatepos.wire import forms

FOLDER, KIND = "exported", "exported"
_KEPT_MAX = 100
_FIGURES_MAX = 40
_NAMES = {
    "collected_kes_minor": N_("collected here, KES"),
    "collected_usd_minor": N_("collected here, USD"),
    "papers": N_("papers"),
    "back_minor": N_("handed back, KES"),
    "tickets": N_("tickets"),
    "prepaid_minor": N_("prepaid elsewhere, KES"),
    "unlisted": N_("tickets on no list"),
    "claimed_codes": N_("codes claimed"),
    "claimed_minor": N_("claimed, KES"),
    "confirmed_codes": N_("codes confirmed"),
    "confirmed_minor": N_("confirmed, KES"),
    "charged_minor": N_("charged, KES"),
    "people": N_("visitors"),
    "vehicles": N_("vehicles"),
    "waived_minor": N_("waived, KES"),
    "free": N_("went in free"),
    "crew": N_("crew"),
    "over_kes_minor": N_("over or short, KES"),
    "over_usd_minor": N_("over or short, USD"),
    "open_passes": N_("open passes"),
    "open_minor": N_("owed on them, KES"),
    "ended": N_("receipts that no longer count"),
}
_SINCE = N_("Since version {version}, {at}: {changes}.")
_MORE = N_("and {n} more")
_CHANGED = N_("What changed since version {version}, {at}")
_AT_A_LOOK = 3
"""How many changes a glance takes in."""
_ALTERED = N_("The record of earlier versions was altered, and counts for nothing.")
_NUMBER = shapes.Type("whole number", lambda value: type(value) is int)
_FIGURE: Table = {"name": Field(shapes.WORD, ""), "value": Field(_NUMBER, "")}
_VERSION: Table = {
    "version": Field(shapes.whole(1, 10**6), "of the range's report"),
    "at": Field(shapes.MOMENT, "when it was exported"),
    "figures": Field(shapes.many(shapes.record("figure", _FIGURE), _FIGURES_MAX), "as they were"),
}
RECORD: Table = {
    "kind": Field(shapes.one_of(KIND), "what is signed"),
    "first": Field(shapes.DAY, "business day"),
    "last": Field(shapes.DAY, "business day"),
    "tills": Field(shapes.many(shapes.TILL, 1000), "of which it is"),
    "versions": Field(shapes.many(shapes.record("version", _VERSION), _KEPT_MAX), "the oldest first"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was exported, with its figures."""

    version: int
    at: str
    figures: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Change:
    """A figure that is another now, as people read it; the least `weight` is said first."""

    label: str
    was: str
    now: str
    weight: tuple[bool, int]


@dataclass(frozen=True, slots=True)
class History:
    """The versions of a range that were exported; `notes` say what is wrong with the record of them."""

    versions: tuple[Version, ...] = ()
    notes: tuple[Note, ...] = ()

    def next(self, figures: Mapping[str, int]) -> int:
        """The version of these figures: the last one's while they are the same."""
        if not self.versions:
            return 1
        last = self.versions[-1]
        return last.version + bool(_changes(last, figures))

    def since(self, figures: Mapping[str, int], words: Words) -> tuple[Note, ...]:
        """All that changed since the last version with other figures, and what is wrong with the record."""
        return self._said(figures, words, len(_NAMES))

    def at_a_look(self, figures: Mapping[str, int], words: Words) -> tuple[Note, ...]:
        """The weightiest of it, and how much more there is."""
        return self._said(figures, words, _AT_A_LOOK)

    def sheet(self, figures: Mapping[str, int], words: Words) -> Sheet | None:
        """The paper of all that changed; None when nothing did."""
        before = self._before(figures)
        if before is None:
            return None
        heads = (Column("figure", N_("Figure")), Column("was", N_("Was")), Column("now", N_("Now")))
        rows = tuple((words(one.label), one.was, one.now) for one in _changes(before, figures))
        at = words.moment(moments.from_text(before.at))
        return Sheet("changed", words(_CHANGED, version=before.version, at=at), heads, rows)

    def _before(self, figures: Mapping[str, int]) -> Version | None:
        """The last version with other figures."""
        return next((one for one in reversed(self.versions) if _changes(one, figures)), None)

    def _said(self, figures: Mapping[str, int], words: Words, most: int) -> tuple[Note, ...]:
        before = self._before(figures)
        if before is None:
            return self.notes
        found = _changes(before, figures)
        told = [f"{words(one.label)} {one.was} → {one.now}" for one in found[:most]]
        if len(found) > most:
            told.append(words(_MORE, n=len(found) - most))
        at = words.moment(moments.from_text(before.at))
        changes = "; ".join(told)
        return (*self.notes, Note(_SINCE, {"version": before.version, "at": at, "changes": changes}))


def read(folder: Path, span: Span, public: bytes) -> History:
    """What was exported of a range, when the key signed the record."""
    try:
        data = _path(folder, span).read_bytes()
    except FileNotFoundError:
        return History()
    try:
        signed = said.parsed(data)
        fields = forms.parsed(RECORD, signed.raw) if said.holds(public, KIND, signed) else None
    except forms.BadBody:
        fields = None
    if fields is None or tuple(cast("list[str]", fields["tills"])) != span.tills:
        return History((), (Note(_ALTERED),))
    return History(tuple(map(_version, cast("list[dict[str, object]]", fields["versions"]))))


def keep(folder: Path, span: Span, history: History, new: Version, signer: Signer) -> None:
    """Sign that a version was exported, after those before it; OSError."""
    kept = [one for one in history.versions if one.version != new.version]
    fields: dict[str, object] = {
        "kind": KIND,
        "first": span.first,
        "last": span.last,
        "tills": [*span.tills],
        "versions": [_said(one) for one in [*kept, new][-_KEPT_MAX:]],
    }
    path = _path(folder, span)
    path.parent.mkdir(exist_ok=True)
    files.write_whole(path, signer.say(fields).body())


def _path(folder: Path, span: Span) -> Path:
    """The record of a range and of the tills that it is of."""
    of = hashlib.sha256(" ".join(span.tills).encode()).hexdigest()[:8]
    return folder / FOLDER / f"{span.first}-{span.last}-{of}.json"


def _said(one: Version) -> dict[str, object]:
    figures = [{"name": name, "value": value} for name, value in sorted(one.figures.items())]
    return {"version": one.version, "at": one.at, "figures": figures}


def _version(fields: Mapping[str, object]) -> Version:
    figures = cast("list[dict[str, object]]", fields["figures"])
    return Version(
        cast(int, fields["version"]),
        cast(str, fields["at"]),
        {cast(str, one["name"]): cast(int, one["value"]) for one in figures},
    )


def _changes(before: Version, figures: Mapping[str, int]) -> list[_Change]:
    """The weightiest first: money before counts, more before less."""
    found = []
    for name, label in _NAMES.items():
        was, now = before.figures.get(name, 0), figures.get(name, 0)
        if now != was:
            weight = (not name.endswith("_minor"), -abs(now - was))
            found.append(_Change(label, _shown(name, was), _shown(name, now), weight))
    return sorted(found, key=lambda one: one.weight)


def _shown(name: str, value: int) -> str:
    return money.amount(value) if name.endswith("_minor") else f"{value:,}"

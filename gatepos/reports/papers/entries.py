"""Some entries as a paper: what stands behind a figure that somebody asks about."""

from collections.abc import Sequence

from gatepos.domain import labels, numbers
from gatepos.domain.entry import Entry
from gatepos.i18n import N_, Words
from gatepos.reports.papers import columns
from gatepos.reports.sheet import Column, Kind, Sheet

_COLUMNS = (
    columns.TILL,
    Column("seq", N_("Entry"), Kind.COUNT),
    columns.AT,
    Column("what", N_("What")),
    Column("number", N_("Number")),
    Column("staff", N_("Staff number")),
    Column("agreed", N_("Second person")),
)


def sheet(found: Sequence[Entry], title: str, words: Words) -> Sheet:
    """Each with when it was written, by whom, and who agreed."""
    rows = tuple(
        (
            entry.till, entry.seq, entry.at, words(labels.ENTRIES.get(entry.kind, entry.kind)),
            numbers.printed(entry.number) if entry.number else None, entry.by, _agreed(entry),
        )
        for entry in found
    )  # fmt: skip
    return Sheet("entries", title, _COLUMNS, rows)


def _agreed(entry: Entry) -> str | None:
    also = entry.fields["also"]
    return str(also["staff"]) if isinstance(also, dict) else None

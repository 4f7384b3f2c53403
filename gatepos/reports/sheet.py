"""A paper of a report as a value: columns, rows, what is summed; every export is made of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from gatepos.i18n import Words

Cell = str | int | None
"""Text, a whole number, minor units of money; None where there is nothing."""
Row = tuple[Cell, ...]
COLUMNS = "columns"
"""The file that describes all columns; no paper has its name."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")


class Kind(StrEnum):
    """What a column's cells are.

    COUNT: a whole number. KES and USD: minor units. RATE: KES per USD × 10,000. DAY: ISO.
    MOMENT: UTC as entries hold it. SECONDS: whole seconds.
    """

    TEXT = "text"
    COUNT = "count"
    KES = "kes"
    USD = "usd"
    RATE = "rate"
    MOMENT = "moment"
    DAY = "day"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files, its title for people (an N_ text), and whether its sum says something.

    One that is not printed stands in every file but those of pages, which hold fewer.
    """

    name: str
    title: str
    kind: Kind = Kind.TEXT
    is_summed: bool = False
    is_printed: bool = True


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence beside figures (an N_ text); `values` fill its braces."""

    says: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, words: Words, /) -> str:
        """The sentence in the reader's language."""
        return words(self.says, **self.values)

    def __str__(self) -> str:
        return self.says.format(**self.values)


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of a paper's own columns: a bar a row, named by the column `by`, stacked of the columns `of`.

    A row whose cell in the column `shaded` is neither 0 nor nothing stands on a shaded ground.
    """

    by: str
    of: tuple[str, ...]
    shaded: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One paper: `name` for files, `title` (an N_ text) for people, `notes` and a chart beside it.

    Each row has a cell for each column. Where there may be many they are `packed.Packed`.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    notes: tuple[Note, ...] = ()
    bars: Bars | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(f"{self.name!r} cannot be the name of a file")
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of {self.name} has not {len(self.columns)} cells")

    def place(self, column: str) -> int:
        """Where a column stands; ValueError when there is none of that name."""
        return [one.name for one in self.columns].index(column)

    @property
    def totals(self) -> tuple[int | None, ...]:
        """The sum of each column that has one."""
        sums = [0 if column.is_summed else None for column in self.columns]
        summed = [place for place, column in enumerate(self.columns) if column.is_summed]
        for row in self.rows if summed else ():
            for place in summed:
                if isinstance(cell := row[place], int):
                    sums[place] = (sums[place] or 0) + cell
        return tuple(sums)


@dataclass(frozen=True, slots=True)
class Head:
    """The chain of a till as far as a report has read it."""

    till: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Two figures that must be the same; `note` says which and of what they are made, `kind` their unit."""

    note: Note
    left: int
    right: int
    kind: Kind = Kind.KES


@dataclass(frozen=True, slots=True)
class Report:
    """The papers of a range of business days: whose, as of when, and what they cover.

    `version` counts how often this range was reported with other figures; `coverage` says of which tills the
    figures are and until when each was heard; `identities` what must hold before anything is written. One
    that is not of takings says `what` it is, for the name of its folder.
    """

    park: str
    first: str
    last: str
    as_of: str
    version: int
    heads: tuple[Head, ...]
    coverage: tuple[Note, ...]
    sheets: tuple[Sheet, ...]
    identities: tuple[Identity, ...] = ()
    what: str = ""

    def __post_init__(self) -> None:
        names = [sheet.name for sheet in self.sheets]
        if len({*names, COLUMNS}) != len(names) + 1:
            raise ValueError(f"two papers have one name: {names}")

    def about(self) -> dict[str, object]:
        """What it is of, as of when and from which entries, as documents say it."""
        return {
            "park": self.park,
            "first": self.first,
            "last": self.last,
            "as_of": self.as_of,
            "version": self.version,
            "heads": [asdict(head) for head in self.heads],
        }

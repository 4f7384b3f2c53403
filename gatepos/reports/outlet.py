"""What every writer of a report is given: where files go, the reader's words, who hears how far it is."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from gatepos.i18n import Words
from gatepos.reports.sheet import Cell, Sheet

_ROWS = 500


@dataclass(frozen=True, slots=True)
class Outlet:
    """A folder for the files of one export; `wrote` is told how many rows more are written."""

    folder: Path
    words: Words
    wrote: Callable[[int], object]

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        """A new file, on the disk when this ends; OSError."""
        with (self.folder / name).open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())

    def rows(self, sheet: Sheet) -> Iterator[tuple[Cell, ...]]:
        """The rows of a paper, counted as they are taken."""
        for place, row in enumerate(sheet.rows, 1):
            yield row
            if not place % _ROWS:
                self.wrote(_ROWS)
        self.wrote(len(sheet.rows) % _ROWS)

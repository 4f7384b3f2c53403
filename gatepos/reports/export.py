"""Writes a report out: its formats and a signed manifest in a folder that has its name when it was read back.

No ledger is held meanwhile: the rows stand in the report. `apart.make` does the work in another process.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatepos import files, i18n
from gatepos.i18n import N_, Words
from gatepos.reports import identities, manifest, medium
from gatepos.reports.manifest import File, Signer
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import Report

XLSX, PDF, CSV, JSON = "xlsx", "pdf", "csv", "json"
FORMATS = (XLSX, PDF, CSV, JSON)
READING_BACK = N_("Reading back")


@dataclass(frozen=True, slots=True)
class Step:
    """How far an export is: what is done now (a format, or READING_BACK), and how much of all of it."""

    what: str
    done: int
    of: int


Progress = Callable[[Step], object]
Make = Callable[[Report, Path, Sequence[str], str, Progress], list[File]]
"""Makes the files of a report in a folder, by format and language, and says how they were written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """An export that is on its medium: read back, so that the medium may be taken away."""

    folder: Path
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.size for file in self.files)


def make(
    report: Report, place: Path, formats: Sequence[str], language: str, progress: Progress
) -> list[File]:
    """The files of a report, each on the disk when this returns; OSError, KeyError for an unknown format."""
    words, writers = i18n.words(language), _writers()
    rows = sum(len(sheet.rows) for sheet in report.sheets)
    for turn, name in enumerate(formats):
        written = turn * rows

        def wrote(more: int, name: str = name) -> None:
            nonlocal written
            written += more
            progress(Step(name, written, rows * len(formats)))

        writers[name](report, Outlet(place, words, wrote))
    return [manifest.hashed(path) for path in sorted(place.iterdir())]


def _writers() -> dict[str, Callable[[Report, Outlet], None]]:
    # Their libraries take a tenth of a second to load, for which no till that starts waits.
    from gatepos.reports import csv_files, document, pages, workbook

    return {XLSX: workbook.write, PDF: pages.write, CSV: csv_files.write, JSON: document.write}


def write(
    report: Report,
    folder: Path,
    formats: Sequence[str],
    words: Words,
    signer: Signer | None,
    progress: Progress,
    make: Make = make,
) -> Exported:
    """Write a report into a new folder in `folder`, in these FORMATS; where nobody signs, its name says so.

    DoesNotAddUp when an identity of the report does not hold; MediumFull, MediumReadOnly, MediumGone,
    MediumFault for what the medium says. On any error nothing is left that could be taken for whole.
    """
    identities.check(report.identities)
    with medium.staged(folder, folder_name(report, signer)) as place:
        made = make(report, place, formats, words.language, progress)
        if signer is not None:
            manifest.write(place, report, made, signer)
        read_back(folder, place, made, progress, is_signed=signer is not None)
        return Exported(medium.finish(place), tuple(made))


def folder_name(report: Report, signer: Signer | None) -> str:
    """`nmg2-2026-01-02-v2`, or with the last day: `nmg2-2026-01-01-to-2026-01-31-v1`; `unsigned-…`."""
    days = report.first if report.first == report.last else f"{report.first}-to-{report.last}"
    by = signer.by.lower() if signer is not None else f"unsigned-{report.heads[0].till.lower()}"
    what = f"-{report.what}" if report.what else ""
    return f"{by}{what}-{days}-v{report.version}"


def read_back(
    folder: Path, place: Path, made: Sequence[File], progress: Progress, *, is_signed: bool
) -> None:
    """Every file from the medium itself and not from memory; MediumFault when one is not as written."""
    for done, file in enumerate(made):
        progress(Step(READING_BACK, done, len(made)))
        path = place / file.name
        files.forget(path)
        if manifest.hashed(path) != file:
            raise medium.MediumFault(folder=folder, code=file.name)
    if is_signed and manifest.check(place).findings:
        raise medium.MediumFault(folder=folder, code=manifest.NAME)
    progress(Step(READING_BACK, len(made), len(made)))

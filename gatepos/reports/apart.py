"""Makes the files of a report in a process of its own, so that a kiosk sells on meanwhile."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.reports import export
from gatepos.reports.export import Progress, Step
from gatepos.reports.manifest import File
from gatepos.reports.sheet import Report


class ExportEnded(Trouble):
    """The process that made the files ended before it was done."""

    says = N_("The export ended before it was done (code {code}). Nothing was kept of it: try again.")


@contextmanager
def spawned(work: Callable[..., object], *args: object) -> Iterator[tuple[Connection, BaseProcess]]:
    """A process that does `work` while the block lasts, and what it says: its first argument says it.

    All of `args` must be picklable; EOFError is heard when it ended.
    """
    spawn = multiprocessing.get_context("spawn")
    hears, says = spawn.Pipe(duplex=False)
    process = spawn.Process(target=work, args=(says, *args), daemon=True)
    process.start()
    says.close()
    try:
        yield hears, process
    finally:
        process.kill()
        process.join()
        hears.close()


def make(
    report: Report, place: Path, formats: Sequence[str], language: str, progress: Progress
) -> list[File]:
    """As `export.make`, in a spawned process; also ExportEnded. What `progress` raises ends that process."""
    with spawned(_work, report, place, tuple(formats), language) as (hears, process):
        try:
            return _heard(hears, progress)
        except EOFError as error:
            process.join()
            raise ExportEnded(code=process.exitcode) from error


def _heard(hears: Connection, progress: Progress) -> list[File]:
    while True:
        heard = hears.recv()
        if isinstance(heard, Step):
            progress(heard)
        elif isinstance(heard, list):
            return heard
        else:
            raise heard


def _work(says: Connection, report: Report, place: Path, formats: Sequence[str], language: str) -> None:
    """What the process does: the files, or the error that stopped it."""
    try:
        says.send(export.make(report, place, formats, language, says.send))
    except OSError as error:
        says.send(error)

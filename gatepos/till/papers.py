"""The printer's own thread: papers after the ledger, one by one; a dead printer waits and delays nobody."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Protocol, TypeVar

from gatepos.devices.printer import PrintBroken, Printer, Status
from gatepos.domain.paper_lines import PaperLine
from gatepos.errors import Trouble
from gatepos.ledger.prints import Job
from gatepos.till.printing import Page, Printing

PRINTED, REFUSED, DOUBTED = "printed", "refused", "doubted"
_LOOK_EVERY_S = 5.0
_T = TypeVar("_T")


class Ask(Protocol):
    """Runs an action on the ledger's thread and waits for its answer."""

    def __call__(self, action: Callable[[], _T], /) -> _T: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a paper, and what the printer said last; `entry_seq` is 0 when there was no paper."""

    entry_seq: int
    outcome: str
    status: Status


def print_next(ask: Ask, printing: Printing, printer: Printer) -> tuple[Job, str] | None:
    """Print one waiting paper; the job with what became of it, None when none waits."""
    page: Page | None = ask(printing.next)
    if page is None:
        return None
    job = page.job
    try:
        printer.print(page.lines, f"{job.entry_seq:07d}-{job.copy}")
    except PrintBroken:
        ask(lambda: printing.doubted(job))
        return job, DOUBTED
    except Trouble as trouble:
        cause = trouble.name.lower()
        ask(lambda: printing.failed(job, cause))
        return job, REFUSED
    ask(lambda: printing.printed(job))
    return job, PRINTED


class PrinterThread:
    """Prints whenever it is woken, and looks at the printer in between.

    `has_printed` says that the printer took the last paper since it was chosen: some never say how they are.
    """

    def __init__(
        self, ask: "Callable[[Callable[[], object]], Future[object]]", printing: Printing, printer: Printer
    ):
        self._asked = ask
        self._printing = printing
        self._printer = printer
        self._told: Callable[[Told], None] = lambda told: None
        self._woken = threading.Event()
        self._errands: SimpleQueue[tuple[Callable[[Printer], None], Future[None]]] = SimpleQueue()
        self._is_stopping = False
        self.has_printed = False
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)

    def start(self, told: Callable[[Told], None]) -> None:
        """Begin; `told` hears on this thread what became of each paper."""
        self._told = told
        self._thread.start()

    def wake(self) -> None:
        """There may be a paper."""
        self._woken.set()

    def test(self, lines: Sequence[PaperLine]) -> "Future[None]":
        """Print a page of which no entry knows; the printer's own trouble when it does not."""

        def print_(printer: Printer) -> None:
            printer.print(lines, "test")
            self.has_printed = True

        return self._run_for(print_)

    def kick(self) -> "Future[None]":
        """Open the drawer that hangs on the printer; DrawerStays."""
        return self._run_for(lambda printer: printer.kick())

    def use(self, printer: Printer) -> None:
        """Print on another printer from the next paper on."""
        self._printer = printer
        self.has_printed = False
        self._woken.set()

    def stop(self) -> None:
        """Finish the paper in hand, then end."""
        self._is_stopping = True
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run_for(self, errand: Callable[[Printer], None]) -> "Future[None]":
        answer: Future[None] = Future()
        self._errands.put((errand, answer))
        self._woken.set()
        return answer

    def _run(self) -> None:
        while not self._is_stopping:
            self._run_errands()
            self._print_all()
            self._told(Told(0, "", self._printer.status()))
            self._woken.wait(_LOOK_EVERY_S)
            self._woken.clear()

    def _run_errands(self) -> None:
        while not self._errands.empty():
            errand, answer = self._errands.get()
            try:
                errand(self._printer)
            except Trouble as trouble:
                answer.set_exception(trouble)
            else:
                answer.set_result(None)

    def _print_all(self) -> None:
        while not self._is_stopping:
            try:
                done = print_next(self._ask, self._printing, self._printer)
            except Trouble:
                return  # the ledger's own trouble, which its screens tell; the next look tries again
            if done is None:
                return
            job, outcome = done
            self.has_printed = outcome == PRINTED
            self._told(Told(job.entry_seq, outcome, Status.OK if outcome == PRINTED else Status.UNKNOWN))
            if outcome != PRINTED:
                return

    def _ask(self, action: Callable[[], _T], /) -> _T:
        return self._asked(action).result()  # type: ignore[return-value]

"""An export from the window: written in a process of its own, read back, and stopped when somebody wants."""

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gatepos.errors import Refusal
from gatepos.i18n import N_, Words
from gatepos.ledger.takings import Span
from gatepos.reports import apart
from gatepos.reports.asked import Asked, exported
from gatepos.reports.daily import Made
from gatepos.reports.export import Exported, Step
from gatepos.reports.manifest import Signer
from gatepos.till.station import Station


class ExportStopped(Refusal):
    """Somebody stopped an export."""

    says = N_("The export was stopped. Nothing was kept of it.")


class Exporting(QObject):
    """One export at a time; `stepped` says how far it is."""

    stepped = Signal(object)

    def __init__(self, station: Station):
        super().__init__()
        self._station = station
        self._stopped = threading.Event()

    def begin(self) -> None:
        """Somebody asks for an export: from here on it may be stopped."""
        self._stopped.clear()

    def stop(self) -> None:
        """Let go of what is being read or written."""
        self._stopped.set()

    def check(self) -> None:
        """ExportStopped when somebody wants no more of it."""
        if self._stopped.is_set():
            raise ExportStopped()

    def write(self, made: Made, span: Span, wanted: Asked, at: str) -> Exported:
        """Beside the window: the export on its medium, signed by the till; what `export.write` raises."""
        self.check()
        ledger = self._station.till.desk.ledger
        return exported(ledger.folder, wanted, made, span, Signer.of(ledger, at), self._step, apart.make)

    def _step(self, step: Step) -> None:
        self.check()
        self.stepped.emit(step)


def progress(step: Step) -> Callable[[Words], str]:
    """How far an export is, in words."""
    percent = 100 * step.done // max(step.of, 1)
    says = N_("Writing {what}: {percent} %. Do not take the stick out.")
    return lambda words: words(says, what=words(step.what), percent=percent)

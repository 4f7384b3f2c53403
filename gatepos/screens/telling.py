"""What a floor tells whoever is at the window: that it is recorded, printed, backed up, or went wrong."""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from gatepos.devices.printer import PrintBroken
from gatepos.domain.paper_lines import PaperLine
from gatepos.errors import Said, Trouble
from gatepos.i18n import N_, Words
from gatepos.ledger.backup import Backup
from gatepos.reports.export import Exported
from gatepos.screens.bridge import Bridge
from gatepos.screens.page import Page
from gatepos.screens.receipts import ReceiptsScreen
from gatepos.screens.scan import ScanScreen
from gatepos.screens.sell import SellScreen
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.pages import Pages
from gatepos.till import papers
from gatepos.till.papers import Told
from gatepos.till.station import TRAINING, Station
from gatepos.till.views import RecordedView


class ProgramFault(Trouble):
    """A bug: what is recorded stays recorded."""

    says = N_("Something is wrong in the program ({what}). What is RECORDED stays. Start it again.")


class Recording(Said):
    """The ledger's thread has not answered yet."""

    says = N_("Recording…")


class Telling:
    """The words on the banner that no screen says by itself; what was recorded last, and its paper."""

    def __init__(self, station: Station, bridge: Bridge, banner: Banner, stack: Pages):
        self._station = station
        self._bridge = bridge
        self._banner = banner
        self._stack = stack
        self._last_seq = 0
        self._recorded_on: SellScreen | ScanScreen | None = None
        self._recording = Recording()

    def show_recorded(self, screen: SellScreen | ScanScreen, view: RecordedView) -> None:
        """Something is on its files; its paper comes."""
        self._banner.clear()
        screen.show_paper("waits")
        self._recorded_on, self._last_seq = screen, view.seq
        self._station.papers.wake()

    def show_paper(self, told: Told) -> None:
        """What became of a paper."""
        screen, shown = self._recorded_on, self._stack.currentWidget()
        if screen and told.entry_seq == self._last_seq and screen.is_recorded:
            screen.show_paper("printed" if told.outcome == papers.PRINTED else "none")
            if told.outcome == papers.REFUSED and shown is screen:
                screen.done.show_code()
        if told.outcome == papers.DOUBTED:
            self._banner.tell(PrintBroken())
        if isinstance(shown, ReceiptsScreen):
            shown.show_waiting()

    def show_failed(self, error: BaseException) -> None:
        """The program did something wrong."""
        traceback.print_exception(error, file=sys.stderr)
        self._banner.tell(ProgramFault(what=type(error).__name__))

    def show_slow(self, is_slow: bool) -> None:
        """Only what is being recorded is worth a word; a look around may take its time."""
        screen = self._stack.currentWidget()
        if not is_slow:
            self._banner.take_back(self._recording)
        elif isinstance(screen, Page) and screen.is_acting:
            self._banner.tell(self._recording)

    def print_page(self, lines: Sequence[PaperLine]) -> None:
        """A page of which no entry knows."""
        self._bridge.follow(self._station.papers.test(lines))

    def open_drawer(self, told: Callable[[Words], str]) -> None:
        """It is recorded; now the drawer opens, or somebody opens it with its key."""

        def by_key(said: Said) -> None:
            self._banner.warn(lambda words: f"{told(words)}\n{said.said(words)}")

        self._banner.inform(told)
        self._bridge.follow(self._station.papers.kick(), None, by_key)

    def back_up(self) -> None:
        """A backup at each shift's close, where a folder for it was chosen; what is practised is not kept."""
        medium = self._station.settings.backup
        if medium and self._station.practice != TRAINING:
            self._bridge.follow(self._station.back_up(Path(medium)), self._show_backed_up)

    def show_stick(self, made: Exported) -> None:
        """An audit stick is whole."""
        says = N_("The audit stick is written and read back: {folder}. You may take it out.")
        self._banner.inform(lambda words: words(says, folder=made.folder))

    def _show_backed_up(self, made: Backup) -> None:
        says = N_("Backed up and read back: {n} entries, {file}.")
        self._banner.inform(lambda words: words(says, n=made.seq, file=made.path.name))

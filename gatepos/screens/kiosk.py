"""The kiosk's window: the till at work, or in front of it the one for training."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from gatepos.errors import Trouble
from gatepos.screens.floor import Floor
from gatepos.screens.kit import Kit
from gatepos.screens.look import WINDOW_LEAST
from gatepos.screens.widgets.wedge import Wedge
from gatepos.till.station import Station, training_code

NAME = "gatepos"


class Kiosk(QMainWindow):
    """Holds the floor of the till at work: the real one, or in front of it the one for training."""

    _heard = Signal(str)
    _told = Signal(object)

    def __init__(self, kit: Kit, station: Station):
        super().__init__()
        self.setWindowTitle(NAME)
        self.setMinimumSize(*WINDOW_LEAST)
        self.kit = kit
        self.real = Floor(kit, station)
        self.training: Floor | None = None
        self.wedge = Wedge(self)
        self.wedge.scanned.connect(self._on_typed)
        self.wedge.listen()
        self._trouble: Trouble | None = None
        self._heard.connect(self._on_heard)
        self._told.connect(self._on_told)
        self.real.practice_wanted.connect(self._on_practice)
        self.setCentralWidget(self.real)
        self.real.start()
        station.scanner.start(self._heard.emit, self._told.emit)

    @property
    def floor(self) -> Floor:
        """The till in front."""
        return self.training or self.real

    def tell(self, error: BaseException) -> None:
        """Show an error that nobody caught, from whichever thread."""
        self.floor.bridge.tell(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let go of everything in order: the scanner, the paper in hand, the ledger."""
        self.wedge.stop()
        self.real.station.scanner.stop()
        if self.training is not None:
            self.training.leave()
            self.training = None
            self.real.bridge.ask(self.real.till.training.end_left)
        self.real.leave()
        event.accept()

    def _on_typed(self, text: str) -> None:
        self.floor.read(text, "wedge")

    def _on_heard(self, text: str) -> None:
        self.floor.read(text, "serial")

    def _on_told(self, trouble: Trouble | None) -> None:
        """A scanner that went away is said until it is back."""
        if self._trouble is not None:
            self.floor.banner.take_back(self._trouble)
        self._trouble = trouble
        if trouble is not None:
            self.floor.banner.tell(trouble)

    def _on_practice(self) -> None:
        """The real till journals that a training begins, and waits behind it."""
        till = self.real.till
        code = training_code(till.desk.ledger.context.till)
        self.real.set_up.act(lambda: till.training.begin(code), lambda _: self._practise())

    def _practise(self) -> None:
        practise = self.real.station.practise
        if practise is None or self.training is not None:
            return
        station = practise()
        self.real.rest()
        self.takeCentralWidget()
        self.training = Floor(self.kit, station)
        self.training.practice_over.connect(self._on_practice_over)
        self.setCentralWidget(self.training)
        self.training.start()

    def _on_practice_over(self) -> None:
        training, self.training = self.training, None
        if training is not None:
            code = training.till.desk.ledger.context.till
            training.leave()
            self.setCentralWidget(self.real)
            self.real.bridge.ask(lambda: self.real.till.training.end(code), lambda _: self.real.resume())

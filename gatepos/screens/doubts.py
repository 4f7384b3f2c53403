"""Papers in doubt: shown before Sell after a stop, one by one, because nothing prints twice by itself."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens import page
from gatepos.screens.bridge import Bridge
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, label
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.paper import Paper
from gatepos.screens.widgets.tile import Ground
from gatepos.till.printing import Page
from gatepos.till.till import Till


class DoubtsScreen(page.Page):
    """`settled` when no paper is in doubt any more; `queued` when one is to be printed again."""

    settled = Signal()
    queued = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        home, side = QWidget(), QFrame()
        super().__init__(kit, bridge, till, home, side)
        self._paper: Page | None = None
        title = label("", HEAD, BOLD, wraps=True)
        kit.speech.say(title.setText, N_("Did this paper come out?"))
        told = label("", LABEL, meaning="second", wraps=True)
        why = N_("The till stopped before it knew. The sale is recorded; only the paper is in doubt.")
        kit.speech.say(told.setText, why)
        self.yes = self._button(N_("Yes, it came out"), Ground.PLAIN)
        self.no = self._button(N_("No, print it"), Ground.DO)
        self.yes.clicked.connect(lambda: self._resolve(was_printed=True))
        self.no.clicked.connect(lambda: self._resolve(was_printed=False))
        home.setLayout(column(title, told, row(self.yes, self.no), 1, gap=16, margins=(32, 28, 32, 28)))
        self.picture = Paper()
        inside = QWidget()
        inside.setLayout(column(self.picture, 1))
        side.setLayout(column(scrolling(inside), margins=(20, 12, 20, 12)))

    def start(self) -> None:
        """Show the oldest paper in doubt, or that there is none."""
        self.bridge.ask(self.till.printing.doubted_papers, self._show)

    def _show(self, papers: tuple[Page, ...]) -> None:
        if not papers:
            self.settled.emit()
            return
        self._paper = papers[0]
        self.picture.show_lines(self._paper.lines, self.side.width() - 60)
        self.no.setFocus()

    def _resolve(self, *, was_printed: bool) -> None:
        if self._paper is None:
            return
        job, printing = self._paper.job, self.till.printing
        self.act(
            lambda: printing.resolve(job, was_printed=was_printed),
            lambda _: self._resolved(was_printed),
            self._refused,
        )

    def _resolved(self, was_printed: bool) -> None:
        if not was_printed:
            self.queued.emit()
        self.start()

    def _refused(self, said: Said) -> None:
        self.bridge.tell(said)
        self.start()

    def _button(self, text: str, ground: Ground) -> TouchButton:
        made = TouchButton(self.kit, height=64, ground=ground, px=LARGE - 2)
        self.kit.speech.say(made.set_text, text)
        return made

"""The right of Takings: exports, the papers, the outage, reconciliation, and how the ledger stands."""

from PySide6.QtWidgets import QFrame

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, SEMIBOLD, TEXT, label, mean
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import column, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground


class TakingsSide(QFrame):
    """While an export is written, how far it is, and a way to stop it, stand in its place."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self.xlsx, self.pdf = self._way(N_("Excel workbook"), Ground.DO), self._way(N_("PDF report"))
        self.csv, self.stick = self._way(N_("CSV files")), self._way(N_("All of it to a USB stick…"))
        self.ways = (self.xlsx, self.pdf, self.csv, self.stick)
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.told.hide()
        self.stop = self._way(N_("Stop the export"), Ground.REFUSED)
        self.stop.hide()
        self.papers = self._way(N_("Receipt register and the others…"))
        self.outage = self._way(N_("Outage statement"))
        self.tills = self._way(N_("Other tills…"))
        self.audit = self._way(N_("Audit stick…"))
        self.reconcile = self._way(N_("M-PESA statement…"))
        self.health = label("", TEXT, meaning="second", wraps=True)
        inside = QFrame()
        inside.setLayout(
            column(
                self._heading(N_("Export")), self.xlsx, row(self.pdf, self.csv), self.stick, self.told,
                self.stop, self._heading(N_("Papers")), self.papers, self.outage,
                row(self.tills, self.audit),
                self._heading(N_("Reconcile")), self.reconcile, 1, self._heading(N_("Ledger")), self.health,
                gap=9, margins=(18, 14, 18, 14),
            )
        )  # fmt: skip
        self.setLayout(column(scrolling(inside)))

    def tell(self, says: Text, *, is_running: bool = False) -> None:
        """Say how an export goes, or how it went."""
        self.told.setText(self._kit.speech.text(says) if says else "")
        self.told.setVisible(bool(says))
        self.stop.setVisible(is_running)
        for way in self.ways:
            way.setVisible(not is_running)

    def _way(self, says: str, ground: Ground = Ground.PLAIN) -> TouchButton:
        made = TouchButton(self._kit, ground=ground)
        self._kit.speech.say(made.set_text, says)
        return made

    def _heading(self, says: str) -> QFrame:
        heading = label("", TEXT, SEMIBOLD, "second")
        self._kit.speech.say(heading.setText, says)
        frame = QFrame()
        frame.setLayout(row(heading))
        return frame

"""Before a shift closes: each document that the clerk keeps is found in its place, or handed on by name."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import labels, plates
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, TEXT, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.till.list_views import HeldView

_HEIGHT = 60


class HeldList(QWidget):
    """A touch says that an envelope was found; `handing` gives the document that somebody else shall keep."""

    handing = Signal(object)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._kept: tuple[HeldView, ...] = ()
        self._found: set[str] = set()
        self.tiles: dict[str, ChoiceTile] = {}
        self.hand_on: dict[str, TouchButton] = {}
        heading = label("", TEXT, SEMIBOLD, "second", wraps=True)
        kit.speech.say(heading.setText, N_("Documents that you keep: touch each that is in its place"))
        self._list = column()
        self.setLayout(column(heading, self._list))
        kit.speech.changed.connect(self._speak)
        self.hide()

    def show_kept(self, kept: tuple[HeldView, ...]) -> None:
        """Show what the clerk keeps; what was found before stays found."""
        self._kept = kept
        self._found &= {one.id for one in kept}
        empty(self._list)
        self.tiles = {one.id: self._tile(one) for one in kept}
        self.hand_on = {one.id: self._handing(one) for one in kept}
        for one in kept:
            line = row(self.tiles[one.id], self.hand_on[one.id])
            line.setStretch(0, 1)
            self._list.addLayout(line)
        moving.chain([part for one in kept for part in (self.tiles[one.id], self.hand_on[one.id])])
        self.setVisible(bool(kept))
        self._speak()

    def listed(self) -> tuple[str, ...]:
        """The envelopes that were found in their place."""
        return tuple(one.envelope for one in self._kept if one.id in self._found)

    def _tile(self, one: HeldView) -> ChoiceTile:
        made = ChoiceTile(self._kit, _HEIGHT)
        made.clicked.connect(lambda: self._turn(one.id))
        return made

    def _handing(self, one: HeldView) -> TouchButton:
        made = TouchButton(self._kit, height=_HEIGHT).snug()
        made.clicked.connect(lambda: self.handing.emit(one))
        return made

    def _turn(self, id_: str) -> None:
        self._found ^= {id_}
        self._speak()

    def _speak(self) -> None:
        words = self._kit.speech.words
        for one in self._kept:
            is_found = one.id in self._found
            name = words(N_("Envelope {place}"), place=one.envelope)
            state = words(N_("✓ in its place")) if is_found else words(N_("not looked for yet"))
            what = (words(labels.DOCUMENTS[one.document]), one.holder, plates.shown(one.plate), one.number)
            below = " · ".join(part for part in what if part)
            self.tiles[one.id].show_choice(f"{name} · {state}", below, is_chosen=is_found)
            self.hand_on[one.id].set_text(words(N_("Hand on…")))

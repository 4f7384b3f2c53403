"""The first run in a folder without a till: where it stands, who its first manager is."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gatepos.domain import numbers
from gatepos.domain.parks import Park
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import WINDOW_LEAST, mean
from gatepos.screens.sign_in import NewPinCard
from gatepos.screens.start_form import StartForm, beside, chosen
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Keys
from gatepos.seal.enrolment import Joins
from gatepos.till.station import Plan

PARK, GATE, LANE, CODE, MANAGER = "park", "gate", "lane", "code", "manager"
URL, JOIN = "url", "join"
_CAPTIONS = {
    URL: N_("Central's address; empty to practise alone"),
    JOIN: N_("Enrolment code from central"),
    PARK: N_("Park"),
    GATE: N_("Gate"),
    LANE: N_("Lane"),
    CODE: N_("Till code, X until enrolled"),
    MANAGER: N_("Staff number of the first manager"),
}
_KEYS = {URL: Keys.TEXT, JOIN: Keys.CODE, LANE: Keys.CODE, CODE: Keys.CODE, MANAGER: Keys.DIGITS}
_SCHEDULE = "CF2025"


class FirstRun(QWidget):
    """Asks until the till is made; `make` refuses by name what cannot be."""

    made = Signal()
    spare_wanted = Signal()

    def __init__(
        self, kit: Kit, parks: Mapping[str, Park], make: Callable[[Plan], object], *, has_spare: bool = False
    ):
        super().__init__()
        mean(self, "paper")
        self.setMinimumSize(*WINDOW_LEAST)
        self._kit = kit
        self._parks = parks
        self._make = make
        park = next(iter(parks.values()))
        self.values = {PARK: park.code, GATE: park.gates[0].code, LANE: "1", CODE: "", MANAGER: "01"}
        self.values |= {URL: "", JOIN: ""}
        self._propose()
        self.form = StartForm(kit, self, _CAPTIONS, 60)
        self.form.touched.connect(self.ask)
        self.fields, self.choosing = self.form.tiles, self.form.choosing
        self.pin = NewPinCard(kit)
        self.pin.chosen.connect(self._on_pin)
        self.banner = Banner(kit)
        self.bar = Bar(kit, ())
        self.spare = TouchButton(kit)
        self.spare.setVisible(has_spare)
        self.spare.clicked.connect(self.spare_wanted)
        kit.speech.say(self.spare.set_text, N_("A till died here: start the spare"))
        says = N_("Touch what is not right; then choose the first manager's PIN. The rest is in Set-up.")
        self.form.lay_out(N_("A new till"), says, self.spare, gap=10)
        self.setLayout(beside(kit, self.banner, self.form, self.pin, self.bar))
        kit.speech.follow(self, self._speak)
        self.pin.begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.form.typing.isVisible():
            self.form.place()

    def ask(self, name: str) -> None:
        """Ask for one of the values."""
        now, take = self.values[name], partial(self.take, name)
        if name == PARK:
            parks = ((park.name, code, code) for code, park in self._parks.items())
            self.form.choose(name, chosen(parks, now), take)
        elif name == GATE:
            gates = self._parks[self.values[PARK]].gates
            self.form.choose(name, chosen(((one.name, one.code, one.code) for one in gates), now), take)
        else:
            self.form.type_in(name, _KEYS[name], now, take)

    def take(self, name: str, value: str) -> None:
        """Keep one of the values; another park has other gates, another place another code."""
        self.values[name] = value
        if name == PARK:
            self.values[GATE] = self._parks[value].gates[0].code
        if name in (PARK, GATE, LANE):
            self._propose()
        self._speak()

    def _propose(self) -> None:
        values = self.values
        values[CODE] = numbers.proposed_till(values[PARK], values[GATE], values[LANE])

    def _on_pin(self, pin: str) -> None:
        values = self.values
        code, manager = values[CODE].upper(), values[MANAGER]
        joins = Joins(values[URL], values[JOIN]) if values[URL] else None
        plan = Plan(code, values[PARK], values[GATE], values[LANE], manager, pin, _SCHEDULE, joins)
        try:
            self._make(plan)
        except Said as said:
            self.banner.tell(said)
            self.pin.begin()
            return
        self.made.emit()

    def _speak(self) -> None:
        words, park = self._kit.speech.words, self._parks[self.values[PARK]]
        gate = next(gate.name for gate in park.gates if gate.code == self.values[GATE])
        shown = {**self.values, PARK: park.name, GATE: gate}
        if self.values[URL]:
            shown |= dict.fromkeys((PARK, GATE, LANE, CODE), words(N_("as central says")))
        for name, tile in self.fields.items():
            tile.show_field(words(_CAPTIONS[name]), shown[name])

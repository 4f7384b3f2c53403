"""Sign in and the lock: who is at the window, by number and PIN; the first time with a start code."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import labels
from gatepos.domain.staff import Person
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, GAP, HEAD, LABEL, LARGE, MONEY, SEMIBOLD, TEXT, label
from gatepos.screens.speech import Text
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, holding, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.entry import Entry, Keys, Line
from gatepos.screens.widgets.keyboard import Keyboard
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Ground
from gatepos.till.sign_in import ChoosePin
from gatepos.till.till import Till

_COLUMNS = 2
_CARD_WIDE = 400
_PEOPLE_EVERY_MS = 5_000


class SignInScreen(QWidget):
    """Shown until somebody is at the window; `entered` says who, `started` that a start code was right."""

    entered = Signal(object)
    started = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till, hints: Text = ""):
        super().__init__()
        self._kit = kit
        self._bridge = bridge
        self._till = till
        self._locked = ""
        self._people: tuple[Person, ...] = ()
        self.number = ""
        self.start_code = ""
        self.heading = label("", HEAD, BOLD, wraps=True)
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.hints = label("", TEXT, SEMIBOLD, "owed", wraps=True)
        self.hints.setVisible(bool(hints))
        kit.speech.say(self.hints.setText, hints)
        self.tiles: dict[str, ChoiceTile] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        self.other = TouchButton(kit)
        self.other.clicked.connect(self.leave)
        kit.speech.say(self.other.set_text, N_("Another clerk"))
        self.pin = PinCard(kit)
        self.pin.given.connect(self._on_given)
        self.new_pin = NewPinCard(kit)
        self.new_pin.chosen.connect(self._on_chosen)
        self.cards = Pages()
        self._lay_out()
        kit.speech.changed.connect(self._speak)
        timer = QTimer(self, interval=_PEOPLE_EVERY_MS)
        timer.timeout.connect(self.look_again)
        timer.start()

    def start(self, locked: str = "") -> None:
        """Ask who it is; `locked` is the number of whoever locked the screen."""
        self._locked = locked
        self._bridge.ask(self._till.sign_in.people, self._show_people)

    def look_again(self) -> None:
        """Central may have said meanwhile who works here; what somebody types is not taken away."""
        is_free = self.cards.currentWidget() is self.pin and not self.pin.line.text()
        if self.isVisible() and is_free:
            self._bridge.ask(self._till.sign_in.people, self._show_changed)

    def _show_changed(self, people: tuple[Person, ...]) -> None:
        if people != self._people:
            self._show_people(people)

    def choose(self, number: str) -> None:
        """This clerk; the PIN is next."""
        self.number = number
        self._show_chosen()
        self.cards.setCurrentWidget(self.pin)
        self.pin.begin(number)

    def leave(self) -> None:
        """Unlock for somebody else: whoever locked the screen leaves the window, their shift stays open."""
        self._bridge.ask(self._till.sign_in.sign_out, lambda _: self.start())

    def _show_people(self, people: tuple[Person, ...]) -> None:
        self._people = people
        empty(self._grid)
        numbers = [p.number for p in people if self._locked in ("", p.number)]
        self.tiles = {number: self._tile(number) for number in numbers}
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain(list(self.tiles.values()))
        self.other.setVisible(bool(self._locked))
        self._speak()
        if numbers:
            self.choose(self._locked or (self.number if self.number in numbers else numbers[0]))

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        left = column(self.heading, self.told, scrolling(inside), self.other, self.hints, gap=12)
        for card in (self.pin, self.new_pin):
            self.cards.addWidget(card)
        self.cards.setFixedWidth(_CARD_WIDE)
        layout = row(left, self.cards, gap=32, margins=(32, 24, 32, 24))
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def _tile(self, number: str) -> ChoiceTile:
        made = ChoiceTile(self._kit, 64)
        made.clicked.connect(lambda: self.choose(number))
        return made

    def _speak(self) -> None:
        words = self._kit.speech.words
        self.heading.setText(words(N_("Locked")) if self._locked else words(N_("Who is at the window?")))
        locked = words(N_("The bill is kept. Your PIN opens the lock."))
        self.told.setText(locked if self._locked else words(N_("Touch your number, then type your PIN.")))
        self._show_chosen()

    def _show_chosen(self) -> None:
        words = self._kit.speech.words
        for person in self._people:
            if person.number in self.tiles:
                roles = ", ".join(words(labels.ROLES[role]) for role in sorted(person.roles))
                name = words(N_("Clerk {number}"), number=person.number)
                chosen = person.number == self.number
                self.tiles[person.number].show_choice(name, roles, is_chosen=chosen)

    def _on_given(self, pin: str) -> None:
        number, sign_in, is_locked = self.number, self._till.sign_in, self._locked

        def refused(said: Said) -> None:
            if not isinstance(said, ChoosePin):
                self._bridge.refused.emit(said)
                return
            self.start_code = pin
            self.cards.setCurrentWidget(self.new_pin)
            self.new_pin.begin()
            self.started.emit()

        def enter() -> Person:
            return sign_in.unlock(pin) if is_locked else sign_in.sign_in(number, pin)

        self._bridge.ask(enter, self.entered.emit, refused)

    def _on_chosen(self, pin: str) -> None:
        number, code = self.number, self.start_code
        self._bridge.ask(lambda: self._till.sign_in.choose_pin(number, code, pin), self.entered.emit)


class PinCard(QWidget):
    """One PIN, with keys."""

    given = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.title = label("", LARGE, SEMIBOLD)
        self.line = Line(Keys.PIN, HEAD)
        self.line.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.line.returnPressed.connect(self.submit)
        self.keyboard = Keyboard(kit, Keys.PIN)
        self.keyboard.type_into(self.line)
        self.keyboard.entered.connect(self.submit)
        kit.speech.say(self.line.setAccessibleName, N_("PIN"))
        frame = holding(column(self.title, self.line, self.keyboard, gap=12, margins=(20, 16, 20, 20)), "box")
        self.setLayout(column(frame, 1))
        self._number = ""
        kit.speech.changed.connect(self._speak)

    def begin(self, number: str) -> None:
        """Ask this clerk for the PIN."""
        self._number = number
        self.line.clear()
        self._speak()
        self.line.setFocus()

    def submit(self) -> None:
        """Hand over what was typed, and forget it here."""
        pin = self.line.text()
        self.line.clear()
        self.given.emit(pin)

    def _speak(self) -> None:
        self.title.setText(self._kit.speech.words(N_("PIN of clerk {number}"), number=self._number))


class NewPinCard(QWidget):
    """A PIN of one's own, typed twice."""

    chosen = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.first = Entry(kit, N_("New PIN"), Keys.PIN)
        self.again = Entry(kit, N_("The same again"), Keys.PIN)
        self.differs = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.keyboard = Keyboard(kit, Keys.PIN)
        self.keyboard.entered.connect(self._on_enter)
        self.save = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO)
        self.save.clicked.connect(self.submit)
        for entry in (self.first, self.again):
            entry.line.touched.connect(self.keyboard.type_into)
            entry.entered.connect(self._on_enter)
        kit.speech.say(self.title.setText, N_("Choose your own PIN: six digits or more"))
        kit.speech.say(self.differs.setText, N_("The two are not the same. Type both again."))
        kit.speech.say(self.save.set_text, N_("Keep this PIN"))
        parts = (self.title, self.first, self.again, self.differs, self.keyboard, self.save)
        frame = holding(column(*parts, gap=10, margins=(20, 16, 20, 20)), "box")
        self.setLayout(column(frame, 1))

    def begin(self) -> None:
        """Empty."""
        self.first.set_text("")
        self.again.set_text("")
        self.differs.hide()
        self._to(self.first)

    def submit(self) -> None:
        """Hand over the PIN when both are the same."""
        first, again = self.first.text, self.again.text
        if first != again:
            self.differs.show()
            self.first.set_text("")
            self.again.set_text("")
            self._to(self.first)
            return
        self.chosen.emit(first)

    def _on_enter(self) -> None:
        if self.again.text:
            self.submit()
        elif self.first.text:
            self._to(self.again)

    def _to(self, entry: Entry) -> None:
        entry.line.setFocus()
        self.keyboard.type_into(entry.line)

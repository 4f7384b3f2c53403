"""Starting a spare where a till cannot go on: which, why, and who says so, here or by radio."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gatepos.domain.parks import Park
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice, ChoosingSheet
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, MONEY, SEMIBOLD, WINDOW_LEAST, label, mean
from gatepos.screens.second import RadioForm
from gatepos.screens.sign_in import NewPinCard, PinCard
from gatepos.screens.widgets.arrange import column, holding, row
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import FieldTile
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.keyboard import Keyboard
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Ground
from gatepos.screens.widgets.typing import Typing
from gatepos.till.approvals import Second
from gatepos.till.radio import QuestionAsked
from gatepos.till.set_up import Started
from gatepos.till.spare import CAUSES, Spare, Wish

SPARE, FOLLOWS, CAUSE, STAFF, AGREES = "spare", "follows", "cause", "staff", "agrees"
SUPERVISOR, THEIR_TILL = "supervisor", "their_till"
HERE, BY_RADIO = "here", "radio"
_CAPTIONS = {
    SPARE: N_("Spare till"),
    FOLLOWS: N_("Till that cannot go on"),
    CAUSE: N_("Why"),
    STAFF: N_("Your staff number"),
    AGREES: N_("Who agrees"),
    SUPERVISOR: N_("The supervisor's staff number"),
    THEIR_TILL: N_("The till where they answer"),
}
_AGREES = {HERE: N_("You, by your PIN"), BY_RADIO: N_("A supervisor by radio")}
_KEYS = {FOLLOWS: Keys.CODE, STAFF: Keys.DIGITS, SUPERVISOR: Keys.DIGITS, THEIR_TILL: Keys.CODE}
_CARD_WIDE = 400

Begin = Callable[[str, Wish], Sequence[Started]]
"""Starts the spare of a code as somebody wishes; the start codes of those who sell there."""


class StartSpare(QWidget):
    """Asks until a spare has begun; `begin` refuses by name who may not."""

    opened = Signal(str)
    left_alone = Signal()

    def __init__(self, kit: Kit, offers: Mapping[str, Spare], parks: Mapping[str, Park], begin: Begin):
        super().__init__()
        mean(self, "paper")
        self.setMinimumSize(*WINDOW_LEAST)
        self._kit = kit
        self._offers = offers
        self._parks = parks
        self._begin = begin
        self._pin = ""
        first = next(iter(offers))
        self.values = dict.fromkeys(_CAPTIONS, "")
        self.values |= {SPARE: first, FOLLOWS: offers[first].follows, CAUSE: next(iter(CAUSES))}
        self.values |= {STAFF: "01", AGREES: HERE}
        self.fields = {name: self._field(name) for name in _CAPTIONS}
        self.choosing = ChoosingSheet(kit)
        self.pin, self.new_pin = PinCard(kit), NewPinCard(kit)
        self.answer, self.done = AnswerCard(kit), DoneCard(kit)
        self.cards = Pages()
        self.back = TouchButton(kit)
        self.banner = Banner(kit)
        self.bar = Bar(kit, ())
        self.typing = Typing(kit, self)
        self._lay_out()
        self._wire()
        kit.speech.follow(self, self._speak)
        self._show_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.typing.isVisible():
            self.typing.place(self.left.geometry())

    def ask(self, name: str) -> None:
        """Ask for one of the values."""
        caption = _CAPTIONS[name]
        if name == SPARE:
            self._choose(caption, [(self._place(till), till) for till in self._offers], name)
        elif name in (CAUSE, AGREES):
            choices = CAUSES if name == CAUSE else _AGREES
            self._choose(caption, [(says, value) for value, says in choices.items()], name)
        else:
            self.typing.ask(
                caption, _KEYS[name], self.values[name], lambda typed: self.take(name, typed.strip())
            )
            self.typing.place(self.left.geometry())

    def take(self, name: str, value: str) -> None:
        """Keep one of the values; another spare would follow another till."""
        self.values[name] = value.upper() if _KEYS.get(name) == Keys.CODE else value
        if name == SPARE:
            self.values[FOLLOWS] = self._offers[value].follows or self.values[FOLLOWS]
        self._speak()
        self._show_card()

    def _choose(self, title: str, found: list[tuple[str, str]], name: str) -> None:
        now = self.values[name]
        choices = [Choice(shown, "", value, is_chosen=value == now) for shown, value in found]
        self.left.setCurrentWidget(self.choosing)
        self.choosing.ask(title, choices, lambda value: self.take(name, str(value)))

    def _on_pin(self, pin: str) -> None:
        self._pin = pin
        self._try()

    def _on_answer(self, answer: str) -> None:
        self._try(answer)

    def _try(self, answer: str = "") -> None:
        values = self.values
        by_radio = Second(values[SUPERVISOR], radio=values[THEIR_TILL], answer=answer)
        second = by_radio if values[AGREES] == BY_RADIO else None
        wish = Wish(values[FOLLOWS], values[CAUSE], values[STAFF], self._pin, second)
        try:
            codes = self._begin(values[SPARE], wish)
        except QuestionAsked as asked:
            self.answer.ask(asked)
            self.cards.setCurrentWidget(self.answer)
            return
        except Said as said:
            self.banner.tell(said)
            if not answer:
                self._show_card()
            return
        self.banner.clear()
        self.left.setEnabled(False)
        self.back.hide()
        self.done.show_begun(values[SPARE], codes)
        self.cards.setCurrentWidget(self.done)

    def _show_card(self) -> None:
        """The PIN of who may start it, or the one that a clerk chooses whom somebody agrees with."""
        if self.values[AGREES] == HERE:
            self.cards.setCurrentWidget(self.pin)
            self.pin.begin(self.values[STAFF])
        else:
            self.cards.setCurrentWidget(self.new_pin)
            self.new_pin.begin()

    def _lay_out(self) -> None:
        self.left = Pages()
        home = QWidget()
        home.setLayout(self._form())
        for page in (home, self.choosing):
            self.left.addWidget(page)
        self.choosing.closed.connect(lambda: self.left.setCurrentWidget(home))
        for card in (self.pin, self.new_pin, self.answer, self.done):
            self.cards.addWidget(card)
        self.cards.setFixedWidth(_CARD_WIDE)
        middle = row(self.left, self.cards, gap=32, margins=(24, 16, 24, 16))
        middle.setStretch(0, 1)
        whole = column(self.banner, middle, self.bar, gap=0)
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _wire(self) -> None:
        self.pin.given.connect(self._on_pin)
        self.new_pin.chosen.connect(self._on_pin)
        self.answer.given.connect(self._on_answer)
        self.done.opening.clicked.connect(lambda: self.opened.emit(self.values[SPARE]))
        self.back.clicked.connect(self.left_alone)
        self.bar.show_places(())
        self.bar.language_touched.connect(lambda: self._kit.speech.use(self._kit.speech.other))

    def _form(self) -> QVBoxLayout:
        title = label("", HEAD, BOLD, wraps=True)
        told = label("", LABEL, meaning="second", wraps=True)
        self._kit.speech.say(title.setText, N_("Start the spare"))
        says = N_("It goes on in place of a till that cannot. What that till recorded stays where it is.")
        self._kit.speech.say(told.setText, says)
        self._kit.speech.say(self.back.set_text, N_("Not now"))
        return column(title, told, *self.fields.values(), 1, self.back, gap=8)

    def _field(self, name: str) -> FieldTile:
        made = FieldTile(self._kit, 56)
        made.clicked.connect(lambda: self.ask(name))
        return made

    def _place(self, till: str) -> str:
        row = self._offers[till].row
        park = self._parks.get(row.park)
        return f"{till} · {park.gate_name(row.gate) if park else row.gate}"

    def _speak(self) -> None:
        words, values = self._kit.speech.words, self.values
        shown = {
            **values,
            SPARE: self._place(values[SPARE]),
            CAUSE: words(CAUSES[values[CAUSE]]),
            AGREES: words(_AGREES[values[AGREES]]),
        }
        for name, tile in self.fields.items():
            tile.show_field(words(_CAPTIONS[name]), shown[name], words(N_("touch to type")))
        for name in (SUPERVISOR, THEIR_TILL):
            self.fields[name].setVisible(values[AGREES] == BY_RADIO)


class AnswerCard(QWidget):
    """What is read out by radio, and the answer with its keys."""

    given = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self.radio = RadioForm(kit)
        self.keyboard = Keyboard(kit, Keys.DIGITS)
        self.start = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO)
        kit.speech.say(self.start.set_text, N_("Start the spare"))
        self.start.clicked.connect(self.submit)
        self.keyboard.entered.connect(self.submit)
        self.radio.answer.entered.connect(self.submit)
        frame = holding(
            column(self.radio, self.keyboard, self.start, gap=10, margins=(20, 16, 20, 20)), "box"
        )
        self.setLayout(column(frame, 1))

    def ask(self, asked: QuestionAsked) -> None:
        """Show a question and wait for its answer."""
        self.radio.show_question(asked)
        self.keyboard.type_into(self.radio.answer.line)
        self.radio.answer.line.setFocus()

    def submit(self) -> None:
        """Hand over what was typed, and forget it here."""
        answer = self.radio.answer.text
        self.radio.answer.set_text("")
        if answer:
            self.given.emit(answer)


class DoneCard(QWidget):
    """The spare has begun: with which codes who sells there chooses a PIN."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._till = ""
        self._codes: Sequence[Started] = ()
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.codes = label("", LABEL, wraps=True)
        self.opening = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO)
        kit.speech.say(self.opening.set_text, N_("Open the till"))
        frame = holding(column(self.title, self.codes, self.opening, gap=14, margins=(20, 16, 20, 20)), "box")
        self.setLayout(column(frame, 1))
        kit.speech.changed.connect(self._speak)

    def show_begun(self, till: str, codes: Sequence[Started]) -> None:
        """Say what goes on from now, and the codes, this once."""
        self._till, self._codes = till, codes
        self._speak()
        self.opening.setFocus()

    def _speak(self) -> None:
        words = self._kit.speech.words
        self.title.setText(words(N_("{till} goes on. Sign in and open a shift."), till=self._till))
        says = N_("{number} chooses a PIN with the start code {code}")
        told = [words(says, number=one.person.number, code=one.start_code) for one in self._codes]
        self.codes.setText("\n".join(told))
        self.codes.setVisible(bool(told))

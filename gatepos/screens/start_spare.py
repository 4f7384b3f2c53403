"""Starting a spare where a till cannot go on: which, why, and who says so, here or by radio."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from gatepos.domain.parks import Park
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, MONEY, SEMIBOLD, WINDOW_LEAST, label, mean
from gatepos.screens.second import RadioForm
from gatepos.screens.sign_in import NewPinCard, PinCard
from gatepos.screens.start_form import StartForm, beside, chosen
from gatepos.screens.widgets.arrange import column, holding
from gatepos.screens.widgets.banner import Banner
from gatepos.screens.widgets.bar import Bar
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.keyboard import Keyboard
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Ground
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
        self.form = StartForm(kit, self, _CAPTIONS, 56)
        self.form.touched.connect(self.ask)
        self.fields, self.choosing = self.form.tiles, self.form.choosing
        self.pin, self.new_pin = PinCard(kit), NewPinCard(kit)
        self.answer, self.done = AnswerCard(kit), DoneCard(kit)
        self.cards = Pages()
        self.back = TouchButton(kit)
        self.banner = Banner(kit)
        self.bar = Bar(kit, ())
        self._lay_out()
        self._wire()
        kit.speech.follow(self, self._speak)
        self._show_card()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.form.typing.isVisible():
            self.form.place()

    def ask(self, name: str) -> None:
        """Ask for one of the values."""
        now, take = self.values[name], partial(self.take, name)
        if name == SPARE:
            self.form.choose(
                name, chosen(((self._place(till), "", till) for till in self._offers), now), take
            )
        elif name in (CAUSE, AGREES):
            choices = CAUSES if name == CAUSE else _AGREES
            self.form.choose(name, chosen(((says, "", value) for value, says in choices.items()), now), take)
        else:
            self.form.type_in(name, _KEYS[name], now, take)

    def take(self, name: str, value: str) -> None:
        """Keep one of the values; another spare would follow another till."""
        self.values[name] = value.upper() if _KEYS.get(name) == Keys.CODE else value
        if name == SPARE:
            self.values[FOLLOWS] = self._offers[value].follows or self.values[FOLLOWS]
        self._speak()
        self._show_card()

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
        self.form.setEnabled(False)
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
        says = N_("It goes on in place of a till that cannot. What that till recorded stays where it is.")
        self.form.lay_out(N_("Start the spare"), says, self.back, gap=8)
        self._kit.speech.say(self.back.set_text, N_("Not now"))
        for card in (self.pin, self.new_pin, self.answer, self.done):
            self.cards.addWidget(card)
        self.setLayout(beside(self._kit, self.banner, self.form, self.cards, self.bar))

    def _wire(self) -> None:
        self.pin.given.connect(self._on_pin)
        self.new_pin.chosen.connect(self._on_pin)
        self.answer.given.connect(self._on_answer)
        self.done.opening.clicked.connect(lambda: self.opened.emit(self.values[SPARE]))
        self.back.clicked.connect(self.left_alone)

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

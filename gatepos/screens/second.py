"""The second person for the one action that is asked for: their PIN here, or their answer by radio."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import labels
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, MONEY, SEMIBOLD, label, mean
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.sheet import Sheet
from gatepos.screens.widgets.tile import Ground
from gatepos.till.approvals import Second
from gatepos.till.radio import LIST, QuestionAsked


class SecondSheet(Sheet):
    """Stands until the action went through, or the clerk goes back."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("A second person"))
        self._then: Callable[[Second], object] | None = None
        self._why: Said | None = None
        self.why = label("", LABEL, meaning="second", wraps=True)
        self.at_till, self.by_radio = TouchButton(kit), TouchButton(kit)
        kit.speech.say(self.at_till.set_text, N_("At this till"))
        kit.speech.say(self.by_radio.set_text, N_("By radio"))
        self.number = Entry(kit, N_("Staff number"), Keys.DIGITS)
        self.pin = Entry(kit, N_("PIN"), Keys.PIN)
        self.radio = RadioForm(kit)
        self.agree = TouchButton(kit, key="↵", height=MONEY, ground=Ground.DO, px=LARGE - 2)
        self._wire()
        self.body.addWidget(self.why)
        self.body.addLayout(row(self.at_till, self.by_radio))
        self.body.addLayout(row(self.number, self.pin, self.radio.till))
        self.body.addWidget(self.radio)
        self.body.addWidget(self.agree)
        self.body.addStretch(1)
        kit.speech.changed.connect(self._speak)
        self.choose(is_radio=False)

    def ask(self, why: Said, then: Callable[[Second], object]) -> None:
        """Ask for a second person; `then` gets who it is, as often as they try."""
        self._then, self._why = then, why
        self.number.set_text("")
        self.pin.set_text("")
        self.radio.begin()
        self.choose(is_radio=False)

    def choose(self, *, is_radio: bool) -> None:
        """Whether the second person stands here, or speaks by radio."""
        self._is_radio = is_radio
        self.at_till.set_ground(Ground.PLAIN if is_radio else Ground.CHOSEN)
        self.by_radio.set_ground(Ground.CHOSEN if is_radio else Ground.PLAIN)
        self.pin.setVisible(not is_radio)
        self.radio.till.setVisible(is_radio)
        self.radio.setVisible(is_radio and self.radio.is_asked)
        self._speak()
        self.number.line.setFocus()

    def show_question(self, asked: QuestionAsked) -> None:
        """Show what is read out, and wait for the answer."""
        self.radio.show_question(asked)
        self.radio.show()
        self._speak()
        self.radio.answer.line.setFocus()

    def submit(self) -> None:
        """Hand over who agrees; a bounce of the key that did finds no PIN and no answer any more."""
        second = self._by_radio() if self._is_radio else self._by_pin()
        if second is not None and self._then is not None:
            self._then(second)

    def _by_pin(self) -> Second | None:
        if not (self.number.text and self.pin.text):
            (self.pin if self.number.text else self.number).line.setFocus()
            return None
        pin = self.pin.text
        self.pin.set_text("")
        return Second(self.number.text.strip(), pin)

    def _by_radio(self) -> Second | None:
        if not self.number.text:
            self.number.line.setFocus()
            return None
        if self.radio.is_asked and not self.radio.answer.text:
            self.radio.answer.line.setFocus()
            return None
        answer = self.radio.answer.text
        self.radio.answer.set_text("")
        return Second(self.number.text.strip(), radio=self.radio.till.text.strip() or LIST, answer=answer)

    def _wire(self) -> None:
        self.at_till.clicked.connect(lambda: self.choose(is_radio=False))
        self.by_radio.clicked.connect(lambda: self.choose(is_radio=True))
        self.agree.clicked.connect(self.submit)
        self.number.entered.connect(self._on_number)
        for entry in (self.pin, self.radio.till, self.radio.answer):
            entry.entered.connect(self.submit)
        for asked in (self.number, self.radio.till):
            asked.line.textEdited.connect(self._on_another)

    def _on_number(self) -> None:
        (self.radio.till if self._is_radio else self.pin).line.setFocus()

    def _on_another(self) -> None:
        """A question to somebody else is another question."""
        self.radio.begin()
        self.radio.hide()
        self._speak()

    def _speak(self) -> None:
        words = self.kit.speech.words
        if self._why is not None:
            self.why.setText(self.kit.speech.said(self._why))
        is_asking = self._is_radio and not self.radio.is_asked
        self.agree.set_text(words(N_("Show the question") if is_asking else N_("Agree")))


class RadioForm(QWidget):
    """What is read out, and what is heard."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._asked: QuestionAsked | None = None
        self.till = Entry(kit, N_("Code of their till; empty: their list of codes"), Keys.CODE)
        self.told = label("", LABEL, SEMIBOLD, "told", wraps=True)
        self.question = label("", HEAD, BOLD, "told")
        self.answer = Entry(kit, N_("Their answer"), Keys.DIGITS)
        box = QFrame()
        mean(box, "told-box")
        box.setLayout(column(self.told, self.question, gap=4, margins=(14, 10, 14, 10)))
        self.setLayout(column(box, self.answer))
        kit.speech.changed.connect(self._speak)

    @property
    def is_asked(self) -> bool:
        """Whether a question waits."""
        return self._asked is not None

    def begin(self) -> None:
        """Nothing was asked."""
        self._asked = None
        self.answer.set_text("")

    def show_question(self, asked: QuestionAsked) -> None:
        """Show a question and what it is for."""
        self._asked = asked
        self.answer.set_text("")
        self._speak()

    def _speak(self) -> None:
        if self._asked is None:
            return
        words, values = self._kit.speech.words, self._asked.values
        what = words(labels.ACTIONS[str(values["kind"])])
        if values["radio"] == LIST:
            says = N_("Read out: {what}, and the question; they look up the line of its first two digits.")
        else:
            says = N_("Read out: {what}, till {till}, and the question.")
        self.told.setText(words(says, what=what, till=values["till"]))
        self.question.setText(str(values["question"]))

"""The right of Reconciliation: the totals of the days, or one thing with what can be said of it."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain import claims as states
from gatepos.domain import labels, moments, money, plates
from gatepos.domain.claims import Match
from gatepos.i18n import N_, Words
from gatepos.reports.reconcile import HELD, Total
from gatepos.screens.kit import Kit
from gatepos.screens.look import LABEL, LARGE, SEMIBOLD, label, mean, unbroken
from gatepos.screens.reconcile_list import receipts
from gatepos.screens.speech import Text
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.lines import LinesArea, LineText
from gatepos.screens.widgets.tile import Ground


class MatchPanel(QFrame):
    """`decided` gives the decision and the code of a line; `disputed` that a claim does not hold."""

    decided = Signal(str, str)
    disputed = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._match: Match | None = None
        self._totals: Sequence[Total] = ()
        self._told: Text = ""
        self.told = label("", LABEL, SEMIBOLD, "chosen", wraps=True)
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.state = label("", LABEL, SEMIBOLD, "owed", wraps=True)
        self.lines = LinesArea(kit)
        self.suggested = [self._button("", Ground.DO) for _ in range(3)]
        for place, button in enumerate(self.suggested):
            button.clicked.connect(partial(self._on_suggested, place))
        self.decisions = {decision: self._button(says) for decision, says in labels.DECIDING.items()}
        for decision, button in self.decisions.items():
            button.clicked.connect(partial(self.decided.emit, decision, ""))
        self.dispute = self._button(N_("Dispute…"), Ground.REFUSED)
        self.dispute.clicked.connect(self.disputed)
        self.close_it = self._button(N_("Totals"))
        self.read, self.export = self._button(N_("Read a statement…"), Ground.DO), self._button(N_("Export…"))
        self.withdraw = self._button(N_("Withdraw one…"))
        self.back = self._button(N_("Back to takings"))
        self.of_one, self.of_all = QWidget(), QWidget()
        self._lay()
        kit.speech.changed.connect(self._speak)

    def tell(self, said: Text) -> None:
        """What was just done."""
        self._told = said
        self._speak()

    def show_totals(self, totals: Sequence[Total]) -> None:
        """The totals of the days, with nothing opened."""
        self._totals, self._match = totals, None
        self._speak()

    def show_match(self, match: Match | None) -> None:
        """One thing; None: the totals again."""
        self._match, self._told = match, ""
        self._speak()

    def _lay(self) -> None:
        decisions = list(self.decisions.values())
        self.of_one.setLayout(
            column(
                *self.suggested, row(*decisions[:2]), row(*decisions[2:4]), row(decisions[4], self.dispute),
                self.close_it,
            )
        )  # fmt: skip
        self.of_all.setLayout(column(row(self.read, self.withdraw), row(self.export, self.back)))
        parts = (self.told, self.title, self.state, self.lines, self.of_one, self.of_all)
        layout = column(*parts, gap=8, margins=(20, 12, 20, 14))
        layout.setStretch(3, 1)
        self.setLayout(layout)
        self._speak()

    def _speak(self) -> None:
        words, match = self._kit.speech.words, self._match
        self.told.setText(self._kit.speech.text(self._told))
        self.told.setVisible(bool(self._told))
        self.of_one.setVisible(match is not None)
        self.of_all.setVisible(match is None)
        self.state.setVisible(match is not None)
        if match is None:
            self.title.setText(words(N_("Statement and takings")))
            self.lines.lines.show_lines(tuple(_of_totals(self._totals, words)))
            return
        self.title.setText(unbroken(match.code))
        self.state.setText(_state(match, words))
        self.lines.lines.show_lines(tuple(_of_match(match, words)))
        self._show_buttons(match)

    def _show_buttons(self, match: Match) -> None:
        for decision, button in self.decisions.items():
            button.setVisible(decision in match.may)
        is_disputable = match.kind == "mpesa" and match.judged in states.DISPUTED and bool(match.claims)
        self.dispute.setVisible(is_disputable and not any(one.is_disputed for one in match.claims))
        words = self._kit.speech.words
        for place, button in enumerate(self.suggested):
            is_shown = place < len(match.suggestions)
            button.setVisible(is_shown)
            if is_shown:
                line = match.suggestions[place].line
                button.set_text(words(N_("It is {code}…"), code=line.code))

    def _on_suggested(self, place: int) -> None:
        if self._match is not None:
            self.decided.emit(states.IS_LINE, self._match.suggestions[place].line.code)

    def _button(self, says: str, ground: Ground = Ground.PLAIN) -> TouchButton:
        made = TouchButton(self._kit, ground=ground)
        if says:
            self._kit.speech.say(made.set_text, says)
        return made


def _of_totals(totals: Sequence[Total], words: Words) -> list[LineText]:
    """Of each paybill what was taken, what the statement holds, and of what the difference is made."""
    found: list[LineText] = []
    for kind, place in dict.fromkeys((one.kind, one.place) for one in totals):
        here = [one for one in totals if (one.kind, one.place) == (kind, place)]
        used, paid = sum(one.used_minor for one in here), sum(one.paid_minor for one in here)
        name = f"{words(labels.TENDERS[kind])} {place}".strip()
        meaning = "owed_words" if paid != used else "ink"
        found.append(LineText(name, _signed(paid - used), words(N_("difference")), meaning))
        found.append(LineText(words(N_("On the statement")), money.shown(money.KES, paid)))
        found.append(LineText(words(N_("Taken at the gates")), money.shown(money.KES, used)))
        if held := sum(one.held_minor for one in here):
            found.append(LineText(words(HELD), money.shown(money.KES, held)))
        for one in here:
            state = words(labels.CLAIM_STATES[one.state])
            says = N_("{state}: {claims} taken, {lines} paid")
            counted = words(says, state=state, claims=one.claims, lines=one.lines)
            found.append(LineText(counted, _signed(one.difference_minor)))
    return found


def _of_match(match: Match, words: Words) -> list[LineText]:
    found = []
    for claim in match.claims:
        below = " · ".join(
            (words.moment(moments.from_text(claim.at)), words(N_("Clerk {number}"), number=claim.staff))
        )
        found.append(LineText(_named(claim.code, words(N_("taken"))), _minor(claim.used_minor), below))
    found += [LineText(receipt, "") for receipt in receipts(match)]
    shown = sorted({plates.shown(plate) for claim in match.claims for plate in claim.plates})
    found += [LineText(plate, "") for plate in shown]
    for line in match.lines:
        says = words(N_("taken back") if line.reverses else N_("on the statement"))
        below = " · ".join(filter(None, (words.moment(moments.from_text(line.at)), line.account)))
        found.append(LineText(_named(line.code, says), _minor(line.amount_minor), below))
    for one in match.suggestions:
        below = f"{words(labels.ALIKE[one.why])} · {one.line.account}".rstrip(" ·")
        name = _named(one.line.code, words(N_("perhaps")))
        found.append(LineText(name, _minor(one.line.amount_minor), below, "owed_words"))
    return found


def _state(match: Match, words: Words) -> str:
    lines = [f"{words(labels.CLAIM_STATES[match.state])} · {_signed(match.difference_minor)}"]
    if any(claim.is_told for claim in match.claims) and match.state == states.WAITING:
        lines.append(words(N_("M-PESA itself says that it was paid.")))
    if any(claim.is_disputed for claim in match.claims):
        lines.append(words(N_("Disputed by its till.")))
    if match.decision is not None:
        decision = match.decision
        said = words(labels.DECISIONS[decision.decision])
        lines.append(words(N_("{decision}: {reason} ({number})"), decision=said, reason=decision.reason,
                           number=decision.by))  # fmt: skip
    return "\n".join(lines)


def _named(code: str, says: str) -> str:
    return f"{unbroken(code)}, {says}"


def _minor(minor: int | None) -> str:
    return "" if minor is None else money.shown(money.KES, minor)


def _signed(minor: int) -> str:
    return f"{'+' if minor > 0 else ''}{money.shown(money.KES, minor)}"

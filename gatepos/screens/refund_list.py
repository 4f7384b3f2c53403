"""The left of Refunds: what waits for a decision or for payment, the money held, and how old each is."""

from gatepos.domain import money, numbers
from gatepos.i18n import N_, Words
from gatepos.screens.finding import FoundList
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, TEXT, label, unbroken
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.button import TouchButton
from gatepos.till.list_views import RefundRow

STATES = {
    "requested": N_("asked for"),
    "approved": N_("to be paid back"),
    "held": N_("money held"),
    "paid": N_("paid back"),
    "refused": N_("refused"),
}


class RefundList(FoundList[RefundRow]):
    """The refunds of this till and what was not asked for yet; `back` leads to the receipts."""

    def __init__(self, kit: Kit):
        none = N_("No refund is waiting here, and no money is held.")
        super().__init__(kit, N_("Number of a refund or a receipt"), none)
        self.sum = label("", TEXT, SEMIBOLD, "second")
        self.back = TouchButton(kit)
        kit.speech.say(self.back.set_text, N_("Back to receipts"))
        parts = (self.words, self.sum, self.area, self.back)
        self.setLayout(column(*parts, gap=10, margins=(18, 12, 18, 12)))
        self._speak()

    def _speak(self) -> None:
        words = self._kit.speech.words
        for found in self._rows:
            self.tiles[found.number].show_found(
                unbroken(numbers.printed(found.number)),
                _below(found, words),
                words.age(found.age_min) if found.left_minor else "",
                money.shown(money.KES, found.left_minor or found.amount_minor),
                words(STATES[found.state]),
                is_chosen=found.number == self._chosen,
            )
        left = money.shown(money.KES, sum(found.left_minor for found in self._rows))
        self.sum.setText(words(N_("{amount} to go back"), amount=left))
        self.none.setVisible(not self._rows)


def _below(found: RefundRow, words: Words) -> str:
    """Of what it is and who asked; of money held, since when."""
    if found.state == "held":
        return words.moment(found.at_ms)
    subject = words(N_("of {number}"), number=unbroken(numbers.printed(found.subject)))
    return f"{subject} · {words(N_('Clerk {number}'), number=found.by)}"

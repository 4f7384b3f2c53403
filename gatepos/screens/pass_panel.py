"""The right of Passes: one pass as it was printed, what is owed on it now, and what can be done with it."""

from gatepos.domain import labels, money, plates
from gatepos.i18n import N_, Words
from gatepos.screens.finding import PaperPanel
from gatepos.screens.kit import Kit
from gatepos.screens.look import unbroken
from gatepos.screens.pass_list import STATES, stay
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.tile import Ground
from gatepos.till.list_views import Conflict, Seen
from gatepos.till.pass_lists import OpenedPass


class PassPanel(PaperPanel[OpenedPass]):
    """Shows what only the till that issued a pass can do, where it is that till."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self.reissue, self.waive = self._button(N_("Print anew")), self._button(N_("Waive"))
        self.revoke = self._button(N_("Revoke"), Ground.REFUSED)
        self.collect = self._button(N_("Collect"), Ground.DO)
        self.together = self._button(N_("Pay together…"))
        self._begin(column(
            row(self.collect, self.together), row(self.reprint, self.code), row(self.reissue, self.correct),
            row(self.waive, self.revoke),
        ))  # fmt: skip

    def _speak(self) -> None:
        words, opened = self._kit.speech.words, self._opened
        if opened is None:
            self.title.setText(words(N_("Touch a pass to see its paper.")))
            return
        self.title.setText(unbroken(opened.row.number))
        self.state.setText(self._state(opened))
        self.state.show()
        self.picture.setVisible(opened.is_ours)
        if opened.is_ours:
            self._show_paper(opened.paper)
        self._show_buttons(opened)

    def _show_buttons(self, opened: OpenedPass) -> None:
        """Whoever left owing may pay at any till that heard of the pass."""
        is_ours, is_owing = opened.is_ours, opened.row.owed_minor > 0
        is_living = is_ours and opened.row.state in ("open", "paid")
        for button in (self.reprint, self.code):
            button.setVisible(is_ours)
        for button in (self.reissue, self.correct, self.revoke):
            button.setVisible(is_living)
        self.waive.setVisible(is_living and is_owing)
        may_collect = is_owing and opened.row.is_gone
        self.collect.setVisible(may_collect)
        may_join = is_owing and bool(opened.row.operator) and opened.row.state == "open"
        self.together.setVisible(may_join)
        self.buttons.setVisible(is_ours or may_collect or may_join)

    def _state(self, opened: OpenedPass) -> str:
        words, found = self._kit.speech.words, opened.row
        owed = words(N_("{amount} owed"), amount=money.shown(money.KES, found.owed_minor))
        state = owed if found.state == "story" else words(STATES[found.state]) or owed
        lines = [f"{state} · {stay(found, words)}", found.operator]
        if opened.driver:
            lines.append(words(N_("Driver: {phone}"), phone=unbroken(opened.driver)))
        lines += [_conflict(one, words) for one in opened.conflicts]
        if not opened.is_ours and found.state != "story":
            lines.append(words(N_("Another till issued it: only that till can change it.")))
        return "\n".join(filter(None, lines))


def _conflict(conflict: Conflict, words: Words) -> str:
    """`Admitted twice: Main Gate lane 2, 07:31, clerk 07, KDA 412M / East Gate …`, by each till's clock."""
    first, second = _seen(conflict.first, words), _seen(conflict.second, words)
    return words(
        N_("{what}: {first} / {second}"),
        what=words(labels.CONFLICTS[conflict.what]),
        first=first,
        second=second,
    )


def _seen(seen: Seen, words: Words) -> str:
    says = N_("{gate} lane {lane}, {at}, clerk {staff}, {plate}")
    at, plate = words.moment(seen.at_ms), plates.shown(seen.plate) or words(N_("on foot"))
    return words(says, gate=seen.gate, lane=seen.lane, at=at, staff=seen.staff or "—", plate=plate)

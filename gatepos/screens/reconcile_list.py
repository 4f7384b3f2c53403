"""The left of Reconciliation: from which day to which, what is shown of it, and each thing one by one."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from gatepos.domain import claims as states
from gatepos.domain import labels, moments, money, numbers
from gatepos.domain.claims import Match
from gatepos.i18n import N_, Words
from gatepos.screens.finding import FoundList
from gatepos.screens.kit import Kit
from gatepos.screens.look import SEMIBOLD, TEXT, label, unbroken
from gatepos.screens.widgets.arrange import column, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.tile import Ground

OPEN, WAITING, ALL = "open", "waiting", "all"
_LISTS = {OPEN: N_("To look at"), WAITING: N_("No statement yet"), ALL: N_("All")}
SHOWN_MAX = 100
"""More than anybody scrolls through; what is typed finds the others."""


@dataclass(frozen=True, slots=True)
class MatchRow:
    """A match as the list shows it; `number` tells it from all others."""

    number: str
    match: Match


class ReconcileList(FoundList[MatchRow]):
    """`asked` when another list, other days or something typed is wanted."""

    def __init__(self, kit: Kit):
        super().__init__(kit, N_("Code, receipt, account or amount"), N_("Nothing here."))
        self.which = OPEN
        self._all: tuple[MatchRow, ...] = ()
        self.first = Entry(kit, N_("From"), Keys.AMOUNT, N_("24.12.2026"))
        self.last = Entry(kit, N_("To"), Keys.AMOUNT, N_("24.12.2026"))
        self.lists = {which: self._list_tile(which) for which in _LISTS}
        self.sum = label("", TEXT, SEMIBOLD, "second")
        top = row(self.words, self.first, self.last)
        for place, share in enumerate((2, 1, 1)):
            top.setStretch(place, share)
        parts = (row(*self.lists.values()), top, self.sum, self.area)
        self.setLayout(column(*parts, gap=10, margins=(18, 12, 18, 12)))
        self._speak()

    def show_matches(self, matches: Sequence[Match]) -> None:
        """Show these, by the list that is chosen."""
        self._all = tuple(MatchRow(f"{n}", match) for n, match in enumerate(matches))
        self.show_chosen()

    def show_chosen(self) -> None:
        """Show those of the list that is chosen which hold what is typed."""
        typed = _plain(self.words.text)
        found = [one for one in self._all if self._is_shown(one.match) and typed in _plain(_said(one.match))]
        self._count = len(found)
        self.show_rows(tuple(found[:SHOWN_MAX]))

    def opened(self, number: str) -> Match:
        """The match of a row."""
        return self._all[int(number)].match

    def choose(self, which: str) -> None:
        """Show another list."""
        self.which = which
        self.show_chosen()

    _count = 0

    def _is_shown(self, match: Match) -> bool:
        if self.words.text.strip() or self.which == ALL:
            return True
        return match.is_open if self.which == OPEN else match.state == states.WAITING

    def _list_tile(self, which: str) -> TouchButton:
        made = TouchButton(self._kit)
        made.clicked.connect(lambda: self.choose(which))
        return made

    def _before(self) -> list[QWidget]:
        return [*self.lists.values(), self.words.line, self.first.line, self.last.line]

    def _speak(self) -> None:
        words = self._kit.speech.words
        counts = {
            OPEN: sum(one.match.is_open for one in self._all),
            WAITING: sum(one.match.state == states.WAITING for one in self._all),
            ALL: len(self._all),
        }
        for which, tile in self.lists.items():
            tile.set_text(f"{words(_LISTS[which])} · {counts[which]}")
            is_chosen = which == self.which and not self.words.text.strip()
            tile.set_ground(Ground.CHOSEN if is_chosen else Ground.PLAIN)
        for one in self._rows:
            self._show(one, words)
        hidden = self._count - len(self._rows)
        self.sum.setText(words(N_("{n} more: type to find them"), n=hidden) if hidden > 0 else "")
        self.sum.setVisible(hidden > 0)
        self.none.setVisible(not self._rows)

    def _show(self, one: MatchRow, words: Words) -> None:
        match = one.match
        self.tiles[one.number].show_found(
            unbroken(match.code),
            _below(match, words),
            words(labels.CLAIM_STATES[match.state]),
            _amount(match),
            _beside(match, words),
            is_chosen=one.number == self._chosen,
        )


def receipts(match: Match) -> list[str]:
    """The receipts of its claims, as they are printed."""
    found = {part.receipt for claim in match.claims for part in claim.parts}
    return [numbers.printed(receipt) for receipt in sorted(found)]


def _below(match: Match, words: Words) -> str:
    at = words.moment(moments.from_text(match.at))
    if not match.claims:
        return " · ".join(filter(None, (at, match.lines[0].account)))
    papers = receipts(match)
    more = f" +{len(papers) - 1}" if len(papers) > 1 else ""
    return f"{at} · {unbroken(papers[0])}{more}"


def _amount(match: Match) -> str:
    if match.is_open or match.decision is not None:
        return f"{'+' if match.difference_minor > 0 else ''}{money.shown(money.KES, match.difference_minor)}"
    return money.shown(money.KES, match.paid_minor or match.used_minor)


def _beside(match: Match, words: Words) -> str:
    """What was decided, what is thought, or how long it waits."""
    if match.decision is not None:
        return words(labels.DECISIONS[match.decision.decision])
    if match.suggestions:
        return words(N_("perhaps {code}"), code=match.suggestions[0].line.code)
    if match.state == states.WAITING and match.age_days:
        return words.plural("{n} day", "{n} days", match.age_days)
    return ""


def _said(match: Match) -> str:
    codes = [claim.code for claim in match.claims] + [line.code for line in match.lines]
    accounts = [line.account for line in match.lines]
    accounts += [one for claim in match.claims for one in (*claim.accounts, *claim.plates)]
    sums = [money.amount(match.paid_minor), money.amount(match.used_minor)]
    return " ".join((*codes, *accounts, *receipts(match), *sums))


def _plain(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))

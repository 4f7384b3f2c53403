"""The facts of a paper: its plate large, what it says, the story so far, what is held for it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gatepos.domain import labels, moments, money, plates
from gatepos.domain.vocabulary import AGES, CATEGORIES
from gatepos.i18n import N_, Words
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, REGULAR, SEMIBOLD, TEXT, label, mean, unbroken
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground
from gatepos.till.list_views import HeldView
from gatepos.till.views import ScanView, TicketView, Told

Fact = tuple[str, str, str]
"""A caption, a value, the meaning that colours the value."""


class FactsCard(QFrame):
    """Shows a ScanView; `returned` gives the id of a document that goes back to its holder."""

    returned = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "box")
        self._kit = kit
        self._view: ScanView | None = None
        self._held: tuple[HeldView, ...] = ()
        self.plate = label("", HEAD, BOLD, wraps=True)
        self.number = label("", LARGE - 3, SEMIBOLD, "second")
        self.back: dict[str, TouchButton] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._papers = column()
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        self.buttons = QGridLayout()
        self.buttons.setSpacing(8)
        top = row(self.plate, self.number)
        top.setStretch(0, 1)
        layout = column(
            top, scrolling(inside), self._papers, self.buttons,
            gap=10, margins=(24, 14, 24, 14),
        )  # fmt: skip
        layout.setStretch(1, 1)
        self.setLayout(layout)
        kit.speech.changed.connect(self._speak)

    def show_view(self, view: ScanView) -> None:
        """Show a paper; what is held for it is told after."""
        self._view, self._held = view, ()
        self._speak()

    def show_held(self, held: tuple[HeldView, ...]) -> None:
        """The documents that are kept for it."""
        self._held = held
        self._speak()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is shown, in the language in force."""
        return facts(self._view, self._kit.speech.words) if self._view else ()

    @property
    def held_text(self) -> str:
        """What is said of the documents."""
        return "\n".join(self._held_line(one) for one in self._held)

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        if view is None:
            return
        on_foot = words(N_("on foot") if view.number or view.ticket else N_("Nothing to show of this paper"))
        self.plate.setText(plates.shown(view.plate) or on_foot)
        what = N_("Pass {number}") if view.number[5:6] == "P" else N_("Receipt {number}")
        number = words(what, number=unbroken(view.number)) if view.number else ""
        if view.ticket is not None:
            number = words(N_("Ticket {reference}"), reference=unbroken(view.ticket.reference))
        self.number.setText(number)
        self._lay(self.facts)
        self._lay_held()

    def _lay(self, found: Sequence[Fact]) -> None:
        empty(self._grid)
        for place, (caption, value, meaning) in enumerate(found):
            says = label(caption, LABEL, REGULAR, "second")
            self._grid.addWidget(says, place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(label(value, LABEL, SEMIBOLD, meaning, wraps=True), place, 1)

    def _lay_held(self) -> None:
        empty(self._papers)
        self.back = {one.id: self._returned(one) for one in self._held if one.is_here}
        for one in self._held:
            line = label(self._held_line(one), TEXT, SEMIBOLD, "owed", wraps=True)
            beside = row(line, *([self.back[one.id]] if one.is_here else []))
            beside.setStretch(0, 1)
            self._papers.addLayout(beside)

    def _held_line(self, one: HeldView) -> str:
        """Where a document lies; whose it is only here."""
        words = self._kit.speech.words
        says = N_("{document}: collect at {gate}, envelope {envelope}")
        if one.is_here:
            says = N_("{document} {holder}: here, envelope {envelope}")
        name = words(labels.DOCUMENTS[one.document])
        return words(says, document=name, holder=one.holder, gate=one.gate, envelope=one.envelope)

    def _returned(self, one: HeldView) -> TouchButton:
        made = TouchButton(
            self._kit, self._kit.speech.words(N_("Returned")) + " ✓", ground=Ground.OWED
        ).snug()
        made.setAccessibleName(made.text())
        made.clicked.connect(lambda: self.returned.emit(one.id))
        return made


def facts(view: ScanView, words: Words) -> tuple[Fact, ...]:
    """What the paper says, and below what was heard of it."""
    if view.ticket is not None:
        return _of_ticket(view, view.ticket, words)
    if not view.number:
        return ()
    found: list[Fact] = []
    if view.people:
        found.append((words(N_("Visitors")), labels.people(view.people, words), "ink"))
    if view.band:
        found.append((words(N_("Vehicle")), words(labels.BANDS[view.band]), "ink"))
    issuer = ", ".join(filter(None, (view.issuer, view.issuer_gate)))
    issued = words(N_("{time} by {till}"), time=words.moment(view.issued_ms), till=issuer)
    found.append((words(N_("Issued")), issued, "ink"))
    found.append((words(N_("Valid")), _valid(view, words), "ink"))
    if view.exits:
        found.append((words(N_("Leaves by")), ", ".join(view.exits), "ink"))
    if view.verified_ms is not None:
        found.append(_verified(view.verified_ms, words))
    story = [told for told in view.story if told.what != "issued"]
    found += [(words(labels.STORY[told.what]), _told(told, words), "ink") for told in story]
    found.append(_heard(view, words, knows=bool(story)))
    return tuple(found)


def _of_ticket(view: ScanView, ticket: TicketView, words: Words) -> tuple[Fact, ...]:
    """Who comes with a ticket, whom the list says it is for, how it was read, what it became."""
    found: list[Fact] = []
    if view.people:
        found.append((words(N_("Visitors")), labels.people(view.people, words), "ink"))
    if view.band:
        found.append((words(N_("Vehicle")), words(labels.BANDS[view.band]), "ink"))
    if ticket.day is not None:
        listed = words(
            N_("{people} · for {day} · list of {time}"),
            people=labels.people([*map(_coded, ticket.people)], words),
            day=words.day(ticket.day), time=words.moment(ticket.listed_ms),
        )  # fmt: skip
        found.append((words(N_("On the list")), listed, "ink"))
    elif not ticket.used_ms:
        found.append((words(N_("On the list")), words(N_("no: claimed, not verified")), "owed"))
    if ticket.is_typed:
        found.append((words(N_("Reference")), words(N_("typed, not scanned")), "owed"))
    if ticket.used_ms and ticket.used_at is not None:
        used = f"{words.moment(ticket.used_ms)} · {ticket.used_at.said(words)}"
        found.append((words(N_("Used")), used, "refused"))
    if ticket.receipt:
        found.append((words(N_("Recorded")), unbroken(ticket.receipt), "ink"))
    return tuple(found)


def _coded(group: tuple[str, str, int]) -> list[int]:
    category, age, count = group
    return [CATEGORIES.index(category), AGES.index(age), count]


def _verified(at_ms: int, words: Words) -> Fact:
    """Whether a list has the ticket of a prepaid paper by now."""
    if not at_ms:
        return words(N_("Prepaid")), words(N_("not verified")), "owed"
    says = words(N_("verified by the list of {time}"), time=words.moment(at_ms))
    return words(N_("Prepaid")), says, "ink"


def _valid(view: ScanView, words: Words) -> str:
    until = words(N_("to {time}"), time=words.moment(view.valid_until_ms))
    says = N_("made out after closing, {time}") if view.is_late else N_("leave by {time}")
    return f"{until} · {words(says, time=f'{view.leave_by:%H:%M}')}"


def _told(told: Told, words: Words) -> str:
    """`2 Jan 10:33 · Main Gate · 8 people`."""
    parts = [words.moment(told.at_ms), told.place]
    if told.people:
        parts.append(words.plural("{n} person", "{n} people", told.people))
    if told.minor:
        parts.append(unbroken(money.shown(money.KES, told.minor)))
    parts += [words(labels.PAID_BY[kind]) for kind in told.tenders]
    return " · ".join([*parts, unbroken(told.number)] if told.number else parts)


def _heard(view: ScanView, words: Words, *, knows: bool) -> Fact:
    """How old what this till knows is, amber past policy."""
    time, meaning = _moment(view.heard_ms, view, words), "owed" if view.is_old else "ink"
    if view.is_own:
        says = N_("from the other tills, last {time}")
        return words(N_("Heard")), words(says, time=time), meaning
    if knows:
        return words(N_("Heard")), words(N_("from {till}, last {time}"), till=view.issuer, time=time), meaning
    says = N_("this till last heard from {till} at {time}: no payment, no entry, no document known here")
    return words(N_("Nothing else heard")), words(says, till=view.issuer, time=time), meaning


def _moment(at_ms: int, view: ScanView, words: Words) -> str:
    is_today = moments.local_day(at_ms) == moments.local_day(view.now_ms)
    return f"{moments.local(at_ms):%H:%M}" if is_today else words.moment(at_ms)

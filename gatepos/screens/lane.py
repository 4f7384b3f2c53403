"""The left of Scan: the verdict over the facts of the paper, or before any what to do; the lane's keys."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import gatepass, plates, verdicts
from gatepos.i18n import N_
from gatepos.screens.facts import FactsCard
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, HEAD, LABEL, LARGE, TEXT, label
from gatepos.screens.verdict_box import VerdictBox
from gatepos.screens.widgets.arrange import column, empty, holding, row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.camera import Camera
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.tile import Ground
from gatepos.till.views import ScanView

TURN_KEY, ASIDE_KEY, NO_PASS_KEY = "F7", "F6", "F8"
_DIRECTIONS = {gatepass.IN: N_("Entry lane"), gatepass.OUT: N_("Exit lane")}
_CAMERA_HIGH = 240
_COLUMNS = 3


class LanePanel(QWidget):
    """Shows a ScanView or the calm before one; its buttons are touched, the page decides what they do."""

    typed = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._view: ScanView | None = None
        self._direction, self._aside, self._kept = gatepass.IN, 0, 0
        self._is_counting = self._is_prepaid = False
        self.verdict = VerdictBox(kit)
        self.card = FactsCard(kit)
        self.last = label("", TEXT, meaning="second", wraps=True)
        self.heading = label("", HEAD, BOLD, wraps=True)
        self.how = label("", LARGE, meaning="second", wraps=True)
        self.number = Entry(kit, N_("Number of the paper"), Keys.CODE)
        self.number.entered.connect(self._on_number)
        self.kept = label("", LABEL, meaning="second", wraps=True)
        self.camera = Camera()
        self.camera.setFixedHeight(_CAMERA_HIGH)
        self.camera.hide()
        self.camera.begun.connect(self.camera.show)
        self.camera.failed.connect(self.camera.hide)
        self._make_buttons()
        self._lay_out()
        kit.speech.changed.connect(self._speak)
        self._speak()

    def show_view(self, view: ScanView | None) -> None:
        """Show a paper, or with None what to do now."""
        self._view = view
        self.verdict.show_view(view)
        if view is not None:
            self.card.show_view(view)
        self.number.set_text("")
        self._speak()

    def show_lane(
        self, direction: str, aside: int, kept: int, *, is_counting: bool, is_prepaid: bool
    ) -> None:
        """Which way the lane goes, how many wait aside, how many documents this till keeps.

        `is_counting` when the people of the vehicle at the lane are to be counted; `is_prepaid` where policy
        keeps the lane for who has paid elsewhere.
        """
        self._direction, self._aside, self._kept = direction, aside, kept
        self._is_counting, self._is_prepaid = is_counting, is_prepaid
        self._speak()

    def show_camera(self, *, is_on: bool) -> None:
        """Whether the camera is wanted; its picture stands while there is one."""
        if not is_on:
            self.camera.hide()
        self.look.set_ground(Ground.CHOSEN if is_on else Ground.PLAIN)

    def _make_buttons(self) -> None:
        kit = self._kit
        self.plate, self.accept = TouchButton(kit, ground=Ground.OWED), TouchButton(kit, ground=Ground.OWED)
        self.readmit, self.only = TouchButton(kit), TouchButton(kit)
        self.proof, self.pull = TouchButton(kit), TouchButton(kit, key=ASIDE_KEY)
        self.count = TouchButton(kit, ground=Ground.OWED)
        self.back, self.differ = TouchButton(kit), TouchButton(kit)
        self.ticket = TouchButton(kit, key="F4")
        self.ask, self.look = TouchButton(kit), TouchButton(kit)
        self.turn = TouchButton(kit, key=TURN_KEY)
        self.waiting = TouchButton(kit, ground=Ground.OWED)
        self.follow = TouchButton(kit, ground=Ground.OWED)
        self.see, self.from_sight = TouchButton(kit, ground=Ground.OWED), TouchButton(kit)
        self.no_pass, self.without = TouchButton(kit, key=NO_PASS_KEY), TouchButton(kit, key=NO_PASS_KEY)
        self.answers = (
            self.plate, self.accept, self.see, self.without, self.readmit, self.only, self.proof, self.pull,
            self.count, self.differ, self.follow, self.back,
        )  # fmt: skip
        for button in self.answers:
            button.setParent(self.card)  # also while a verdict asks for none of them
            button.hide()
        say = kit.speech.say
        say(self.plate.set_text, N_("Type the plate's last three"))
        say(self.accept.set_text, N_("I looked: accept the paper"))
        say(self.readmit.set_text, N_("Re-admit, with a ground"))
        say(self.only.set_text, N_("Only some go through now"))
        say(self.proof.set_text, N_("Driver shows payment proof: scan it"))
        say(self.follow.set_text, N_("Its price changed: collect the new one"))
        say(self.pull.set_text, N_("Pull aside"))
        say(self.count.set_text, N_("Count heads"))
        say(self.differ.set_text, N_("People or vehicle differ"))
        say(self.ticket.set_text, N_("Type a ticket"))
        say(self.back.set_text, N_("Coming back?"))
        for sight in (self.see, self.from_sight):
            say(sight.set_text, N_("Settle from sight"))
        for none in (self.no_pass, self.without):
            say(none.set_text, N_("No pass"))
        say(self.ask.set_text, N_("Type a number"))
        say(self.look.set_text, N_("Camera"))

    def _lay_out(self) -> None:
        self.calm = holding(
            column(
                1, self.heading, self.how, self.camera, self.number,
                row(self.ticket, self.from_sight, self.no_pass), 1, self.kept,
                gap=14, margins=(32, 16, 32, 16),
            ),
            "box",
        )  # fmt: skip
        looked = QWidget()
        layout = column(self.card, self.last, gap=10)
        layout.setStretch(0, 1)
        looked.setLayout(layout)
        self.looked = looked
        self.pages = Pages()
        for page in (self.calm, looked):
            self.pages.addWidget(page)
        tools = row(self.ask, self.look, self.turn, self.waiting)
        whole = column(self.verdict, self.pages, tools, gap=12, margins=(18, 14, 18, 14))
        whole.setStretch(1, 1)
        self.setLayout(whole)

    def _speak(self) -> None:
        words, view = self._kit.speech.words, self._view
        self.pages.setCurrentWidget(self.calm if view is None else self.looked)
        is_out = self._direction == gatepass.OUT
        heading = words(N_("{lane}: scan the paper"), lane=words(_DIRECTIONS[self._direction]))
        if self._is_prepaid and not is_out:
            heading = words(N_("Prepaid lane: scan the ticket"))
        self.heading.setText(heading)
        self.ticket.setVisible(not is_out)
        self.how.setText(words(N_("Scan it, hold it to the camera, or type its number.")))
        kept = words.plural("{n} document is kept here.", "{n} documents are kept here.", self._kept)
        self.kept.setText(kept if self._kept else "")
        self.turn.set_text(words(N_("Lane: out") if is_out else N_("Lane: in")))
        self.ask.setVisible(view is not None)
        self.waiting.set_text(words(N_("{n} aside"), n=self._aside))
        self.waiting.setVisible(self._aside > 0)
        if view is not None:
            self._show_ways(view)

    def _show_ways(self, view: ScanView) -> None:
        """What the paper's own verdict leaves to do."""
        self.last.setText(self._last(view))
        shown = {
            self.plate: view.asks_plate,
            self.accept: view.may_accept,
            self.follow: view.may_follow,
            self.see: view.may_see,
            self.without: view.may_see,
            self.readmit: view.may_readmit,
            self.only: view.passing > 1,
            self.proof: bool(view.settles),
            self.count: self._is_counting,
            self.differ: view.ticket is not None and view.ticket.is_open,
            self.back: bool(view.back_grounds),
            self.pull: bool(view.number) and not view.passing and not verdicts.lets_through(view.word),
        }
        self._lay_buttons([button for button, is_shown in shown.items() if is_shown])

    def _lay_buttons(self, shown: Sequence[TouchButton]) -> None:
        grid = self.card.buttons
        for button in self.answers:
            button.hide()
        empty(grid, keep=self.answers)
        for place, button in enumerate(shown):
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
            button.show()

    def _last(self, view: ScanView) -> str:
        """What vouches for the paper, and what to compare."""
        words = self._kit.speech.words
        parts = []
        if not view.is_recorded:
            parts.append(words(N_("NOT RECORDED: the ledger does not take it.")))
        if view.how != "typed" and view.issuer and view.word != "does_not_verify":
            parts.append(words(N_("Signature of {till} holds"), till=view.issuer))
        if view.plate:
            parts.append(words(N_("plate to compare: {plate}"), plate=plates.shown(view.plate)))
        if self._kept:
            parts.append(
                words.plural("{n} document is kept here.", "{n} documents are kept here.", self._kept)
            )
        return " · ".join(parts)

    def _on_number(self) -> None:
        self.typed.emit(self.number.text)

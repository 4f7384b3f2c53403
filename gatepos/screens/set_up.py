"""Set-up, for managers: each touch changes one thing; the till decides who may and what is right."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.domain import text
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.by_radio import RadioSection
from gatepos.screens.in_force import FeesSection, PlaceSection, PolicySection
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP
from gatepos.screens.machine import BackupSection, LookSection, PrinterSection, ScannerSection
from gatepos.screens.page import Page
from gatepos.screens.sections import Field, Section
from gatepos.screens.staff import StaffSection
from gatepos.screens.this_till import TillPanel
from gatepos.screens.ticket_list import TicketsSection
from gatepos.screens.training import TrainingSection
from gatepos.screens.voice import Voice
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.choice import ChoiceTile, FieldTile
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.till.station import Station
from gatepos.till.views import SetUpView

FEES, TICKETS, PLACE, POLICY, STAFF, RADIO, PRINTER, SCANNER, BACKUP, LOOK, PRACTICE = (
    "fees", "tickets", "place", "policy", "staff", "radio", "printer", "scanner", "backup", "look",
    "practice",
)  # fmt: skip
SECTIONS = {
    FEES: N_("Fees and rate"),
    TICKETS: N_("Prepaid tickets"),
    PLACE: N_("Gate and lane"),
    POLICY: N_("Policy"),
    STAFF: N_("Staff"),
    RADIO: N_("By radio"),
    PRINTER: N_("Printer"),
    SCANNER: N_("Scanner"),
    BACKUP: N_("Backup"),
    LOOK: N_("Look and language"),
    PRACTICE: N_("Training"),
}
_SECTION_WIDE, _FIELD_HIGH = 180, 76
_COLUMNS = 2
_WIDE = 800
"""Two columns of fields from this width on, px."""


class SetUpScreen(Page):
    """Sections at the left, their fields beside them; at the right this till and what was just done."""

    viewed = Signal()
    looks_changed = Signal(object)
    practice_wanted = Signal()
    practice_over = Signal()
    drill_wanted = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, station: Station, voice: Voice):
        home, side = QWidget(), TillPanel(kit)
        super().__init__(kit, bridge, station.till, home, side)
        self.station = station
        self._voice = voice
        self.is_drilling = False
        self.panel = side
        self.view: SetUpView | None = None
        self.section = FEES
        self.sections = self._sections()
        self.tabs = {name: self._tab(name) for name in SECTIONS}
        self.fields: list[FieldTile] = []
        self.scanned = Entry(kit, N_("Scan anything: what the scanner types stands here"), Keys.TEXT)
        self.scanned.entered.connect(self._on_scanned)
        self._grid = QGridLayout()
        self._lay_out(home)
        kit.speech.changed.connect(self._show)

    def start(self) -> None:
        """Show what is in force."""
        self.go_home()
        self.panel.tell("")
        self._refresh()

    def open(self, section: str) -> None:
        """Show one section, a key of SECTIONS."""
        self.section = section
        self.go_home()
        self._show()

    def show_drill(self, *, is_on: bool) -> None:
        """Whether a drill is under way."""
        self.is_drilling = is_on
        self._show()

    def _refresh(self) -> None:
        self.bridge.ask(self.till.set_up.view, self._show_view)

    def _show_view(self, view: SetUpView) -> None:
        self.view = view
        self.panel.show_view(view)
        self._show()
        self.viewed.emit()

    def _show(self) -> None:
        view, words = self.view, self.kit.speech.words
        if view is None:
            return
        for name, tab in self.tabs.items():
            tab.show_choice(words(SECTIONS[name]), is_chosen=name == self.section)
        is_scanning = self.section == SCANNER
        self._lay(self.sections[self.section].fields(view))
        self.scanned.setVisible(is_scanning)
        (self.scanned.line if is_scanning else self.tabs[self.section]).setFocus()

    def _lay(self, fields: Sequence[Field]) -> None:
        empty(self._grid)
        self.fields = [self._field(one) for one in fields]
        columns = _COLUMNS if self.left.width() >= _WIDE else 1
        for place, tile in enumerate(self.fields):
            self._grid.addWidget(tile, place // columns, place % columns, 1, _COLUMNS // columns)
        moving.chain(self.fields)

    @property
    def is_testing(self) -> bool:
        """Whether what a scanner reads is to stand here."""
        return self.isVisible() and self.section == SCANNER

    def show_scanned(self, typed: str) -> None:
        """Show what a scanner read."""
        self.bridge.ask(lambda: text.line(typed), self._tell_read)

    def _on_scanned(self) -> None:
        typed = self.scanned.text
        self.scanned.set_text("")
        self.show_scanned(typed)

    def _tell_read(self, read: str) -> None:
        self.panel.tell(lambda words: words(N_("Read: {text}"), text=read))

    def _sections(self) -> dict[str, Section]:
        within = (self, self.station, self.panel, self._refresh)
        return {
            FEES: FeesSection(*within),
            TICKETS: TicketsSection(*within),
            PLACE: PlaceSection(*within),
            POLICY: PolicySection(*within),
            STAFF: StaffSection(*within),
            RADIO: RadioSection(*within),
            PRINTER: PrinterSection(*within),
            SCANNER: ScannerSection(*within),
            BACKUP: BackupSection(*within),
            LOOK: LookSection(*within, changed=self.looks_changed.emit, voice=self._voice),
            PRACTICE: TrainingSection(
                *within,
                begin=self.practice_wanted.emit,
                end=self.practice_over.emit,
                drill=self.drill_wanted.emit,
                is_drilling=lambda: self.is_drilling,
            ),
        }

    def _lay_out(self, home: QWidget) -> None:
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        inside = QWidget()
        inside.setLayout(column(self._grid, self.scanned, 1))
        tabs = QWidget()
        tabs.setLayout(column(*self.tabs.values(), 1))
        tabs.setFixedWidth(_SECTION_WIDE)
        layout = row(tabs, scrolling(inside), gap=16, margins=(18, 12, 18, 12))
        layout.setStretch(1, 1)
        home.setLayout(layout)
        self.follow_lines(inside)

    def _tab(self, name: str) -> ChoiceTile:
        made = ChoiceTile(self.kit)
        made.clicked.connect(lambda: self.open(name))
        return made

    def _field(self, one: Field) -> FieldTile:
        made = FieldTile(self.kit, _FIELD_HIGH)
        made.show_field(one.caption, one.value, one.hint)
        made.clicked.connect(one.act)
        return made

"""Set-up, for managers: each touch changes one thing; the till decides who may and what is right."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from gatepos.devices import printer
from gatepos.domain import kinds, labels, money, policy, receipt, text
from gatepos.i18n import LANGUAGES, N_
from gatepos.ledger.backup import Backup
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LABEL, LARGE, SEMIBOLD, TEXT, label, mean
from gatepos.screens.page import Page
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.choice import ChoiceTile, FieldTile
from gatepos.screens.widgets.entry import Entry, Keys
from gatepos.settings import THEMES, Settings
from gatepos.till.set_up import Started
from gatepos.till.station import TRAINING, Station
from gatepos.till.views import SettingView, SetUpView

FEES, PLACE, POLICY, STAFF, PRINTER, SCANNER, BACKUP, LOOK, PRACTICE = (
    "fees", "place", "policy", "staff", "printer", "scanner", "backup", "look", "practice",
)  # fmt: skip
SECTIONS = {
    FEES: N_("Fees and rate"),
    PLACE: N_("Gate and lane"),
    POLICY: N_("Policy"),
    STAFF: N_("Staff"),
    PRINTER: N_("Printer"),
    SCANNER: N_("Scanner"),
    BACKUP: N_("Backup"),
    LOOK: N_("Look and language"),
    PRACTICE: N_("Training"),
}
_THEMES = {"light": N_("Light"), "dark": N_("Dark, for the night")}
_SCALES = (100, 110, 125, 150, 175, 200)
_PAPERS = (80, 58)
_SECTION_WIDE = 180
_COLUMNS = 2
_WIDE = 800
"""Two columns of fields from this width on, px."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that can be touched: its caption, its value, and what the touch asks or does."""

    caption: str
    value: str
    act: Callable[[], object]
    hint: str = ""


class SetUpScreen(Page):
    """Sections at the left, their fields beside them; at the right this till and what was just done."""

    viewed = Signal()
    looks_changed = Signal(object)
    practice_wanted = Signal()
    practice_over = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, station: Station):
        home, side = QWidget(), TillPanel(kit)
        super().__init__(kit, bridge, station.till, home, side)
        self.station = station
        self.panel = side
        self.view: SetUpView | None = None
        self.section = FEES
        self.tabs = {name: self._tab(name) for name in SECTIONS}
        self.fields: list[FieldTile] = []
        self.scanned = Entry(kit, N_("Scan anything: what the scanner types stands here"), Keys.TEXT)
        self.scanned.entered.connect(self._on_scanned)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)
        inside = QWidget()
        inside.setLayout(column(self._grid, self.scanned, 1))
        sections = column(*self.tabs.values(), 1)
        self._tabs_box = QWidget()
        self._tabs_box.setLayout(sections)
        self._tabs_box.setFixedWidth(_SECTION_WIDE)
        layout = row(self._tabs_box, scrolling(inside), gap=16, margins=(18, 12, 18, 12))
        layout.setStretch(1, 1)
        home.setLayout(layout)
        self.follow_lines(inside)
        kit.speech.changed.connect(self._show)

    def start(self) -> None:
        """Show what is in force."""
        self.go_home()
        self.panel.tell("")
        self._refresh()

    def open(self, section: str) -> None:
        """Show one section."""
        self.section = section
        self.go_home()
        self._show()

    def _refresh(self, _: object = None) -> None:
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
        sections: dict[str, Callable[[SetUpView], Sequence[Field]]] = {
            FEES: self._fees, PLACE: self._place, POLICY: self._policy, STAFF: self._staff,
            PRINTER: self._printer, BACKUP: self._backup, LOOK: self._look, PRACTICE: self._practice,
        }  # fmt: skip
        make = sections.get(self.section)
        self._lay(make(view) if make is not None else ())
        is_scanning = self.section == SCANNER
        self.scanned.setVisible(is_scanning)
        (self.scanned.line if is_scanning else self.tabs[self.section]).setFocus()

    def _lay(self, fields: Sequence[Field]) -> None:
        empty(self._grid)
        self.fields = [self._field(one) for one in fields]
        columns = _COLUMNS if self.left.width() >= _WIDE else 1
        for place, tile in enumerate(self.fields):
            self._grid.addWidget(tile, place // columns, place % columns, 1, _COLUMNS // columns)
        moving.chain(self.fields)

    # The sections.

    def _fees(self, view: SetUpView) -> list[Field]:
        words = self.kit.speech.words
        month = words.month(view.rate_month) if view.rate_month else ""
        rate = f"{money.rate_text(view.rate_e4)} · {month}" if view.rate_e4 is not None else ""
        found = [
            Field(words(N_("Fee schedule in force")), view.schedule, self._ask_schedule),
            Field(words(N_("Published rate, KES for a dollar")), rate, self._ask_rate, words(N_("not set"))),
        ]
        if view.proposed:
            proposed = view.proposed
            caption = words(N_("A newer schedule begins: accept it"))
            found.append(Field(caption, proposed, lambda: self._switch(proposed)))
        return found

    def _place(self, view: SetUpView) -> list[Field]:
        words = self.kit.speech.words
        gate = dict(view.gates).get(view.gate, view.gate)
        return [
            Field(words(N_("Gate")), gate, self._ask_gate),
            Field(words(N_("Lane")), view.lane, lambda: self._ask_policy(policy.LANE, view.lane, N_("Lane"))),
        ]

    def _policy(self, view: SetUpView) -> list[Field]:
        return [self._policy_field(setting) for setting in view.policy]

    def _policy_field(self, setting: SettingView) -> Field:
        words = self.kit.speech.words
        if setting.form != "flag":
            return Field(
                words(setting.sentence), setting.value,
                lambda: self._ask_policy(setting.key, setting.value, setting.sentence),
            )  # fmt: skip
        is_on = setting.value == "yes"
        shown = words(N_("yes")) if is_on else words(N_("no"))
        return Field(
            words(setting.sentence), shown, lambda: self._configure(setting.key, "no" if is_on else "yes")
        )

    def _staff(self, view: SetUpView) -> list[Field]:
        words = self.kit.speech.words
        found = [Field(words(N_("Somebody new")), "", self._ask_new, words(N_("Add…")))]
        for person in view.staff:
            roles = ", ".join(words(labels.ROLES[role]) for role in person.roles)
            caption = roles if person.has_pin else words(N_("{roles} · no PIN yet"), roles=roles)
            found.append(Field(caption, person.number, partial(self._ask_about, person.number)))
        return found

    def _printer(self, view: SetUpView) -> list[Field]:
        words, settings = self.kit.speech.words, self.station.settings
        return [
            Field(words(N_("Printer")), settings.printer, self._ask_printer),
            Field(words(N_("Paper, mm")), str(settings.paper_mm), self._turn_paper),
            Field(words(N_("Test")), words(N_("Print a test page")), self._print_test),
        ]

    def _backup(self, view: SetUpView) -> list[Field]:
        words = self.kit.speech.words
        folder, hint = self.station.settings.backup, words(N_("not chosen"))
        return [
            Field(
                words(N_("Backup folder, on another disk")),
                folder,
                self._ask_backup,
                hint,
            ),
            Field(words(N_("Backup")), words(N_("Back up now")), self._back_up),
        ]

    def _look(self, view: SetUpView) -> list[Field]:
        words, settings = self.kit.speech.words, self.station.settings
        language = LANGUAGES[settings.language]
        return [
            Field(words(N_("Theme")), words(_THEMES[settings.theme]), self._turn_theme),
            Field(words(N_("Language at start")), language, self._turn_language),
            Field(
                words(N_("Size of everything, % (at the next start)")),
                str(settings.scale_percent),
                self._turn_scale,
            ),
        ]

    def _practice(self, view: SetUpView) -> list[Field]:
        words = self.kit.speech.words
        if self.station.practice == TRAINING:
            return [Field(words(N_("Training")), words(N_("End the training")), self.practice_over.emit)]
        told = words(N_("Begin a training"))
        return [Field(words(N_("A till of its own: nothing counts")), told, self.practice_wanted.emit)]

    # Asking and doing.

    def _done(self, says: str) -> Callable[[object], None]:
        def done(_: object) -> None:
            self.panel.tell(self.kit.speech.words(says))
            self._refresh()

        return done

    def _configure(self, key: str, value: str) -> None:
        set_up = self.till.set_up
        self.with_second(lambda second: set_up.configure(key, value, second), self._done(N_("Set.")))

    def _ask_policy(self, key: str, value: str, sentence: str) -> None:
        keys = Keys.TEXT if policy.SETTINGS[key].form == "text" else Keys.DIGITS
        question = self.kit.speech.words(sentence)
        self.ask_text(question, keys, value, lambda typed: self._configure(key, typed))

    def _ask_gate(self) -> None:
        view, words = self.view, self.kit.speech.words
        if view is not None:
            choices = [Choice(name, code, code, is_chosen=code == view.gate) for code, name in view.gates]
            self.ask_choice(words(N_("Gate")), choices, lambda c: self._configure(policy.GATE, str(c)))

    def _ask_schedule(self) -> None:
        view, words = self.view, self.kit.speech.words
        if view is not None:
            schedules = self.till.desk.book.schedules
            choices = [
                Choice(code, schedules[code].title, code, is_chosen=code == view.schedule)
                for code in view.schedules
            ]
            self.ask_choice(words(N_("Fee schedule in force")), choices, lambda c: self._switch(str(c)))

    def _switch(self, schedule: str) -> None:
        set_up, words = self.till.set_up, self.kit.speech.words

        def switch(why: str) -> None:
            self.with_second(
                lambda second: set_up.switch_schedule(schedule, why, second), self._done(N_("Set."))
            )

        self.ask_text(words(N_("Why is the schedule switched?")), Keys.TEXT, "", switch)

    def _ask_rate(self) -> None:
        words = self.kit.speech.words

        def ask_rate(month: str) -> None:
            self.ask_text(
                words(N_("KES for a dollar, as published")),
                Keys.AMOUNT,
                "",
                lambda rate: self._apply(month, rate),
            )

        self.ask_text(words(N_("Month of the rate, as 2026-01")), Keys.CODE, "", ask_rate)

    def _apply(self, month: str, rate: str) -> None:
        set_up = self.till.set_up
        self.bridge.ask(lambda: set_up.switch_rate(month.strip(), rate), self._done(N_("Set.")))

    def _ask_new(self) -> None:
        self.ask_text(self.kit.speech.words(N_("Staff number")), Keys.DIGITS, "", self._ask_role)

    def _ask_role(self, number: str) -> None:
        words, set_up = self.kit.speech.words, self.till.set_up
        choices = [Choice(words(labels.ROLES[role]), "", role) for role in kinds.ROLES]
        self.ask_choice(
            words(N_("What does {number} do?"), number=number), choices,
            lambda role: self.bridge.ask(lambda: set_up.employ(number, [str(role)]), self._started),
        )  # fmt: skip

    def _started(self, started: Started) -> None:
        says = N_("Clerk {number} signs in once with {code} and then chooses a PIN. It is shown only now.")
        number = started.person.number
        self.panel.tell(self.kit.speech.words(says, number=number, code=started.start_code))
        self._refresh()

    def _ask_about(self, number: str) -> None:
        words, set_up = self.kit.speech.words, self.till.set_up
        choices = [
            Choice(words(N_("New start code")), words(N_("the old PIN ends")), "anew"),
            Choice(words(N_("May no longer sign in")), "", "dismiss"),
        ]

        def act(what: object) -> None:
            if what == "anew":
                self._ask_role(number)
            else:
                self.bridge.ask(lambda: set_up.dismiss(number), self._done(N_("Set.")))

        self.ask_choice(words(N_("Clerk {number}"), number=number), choices, act)

    def _ask_printer(self) -> None:
        words, now = self.kit.speech.words, self.station.settings.printer
        self.ask_text(
            words(N_("network:ADDRESS:9100, usb:ID:ID, serial:PORT, file:PATH, pdf:FOLDER or none")),
            Keys.TEXT, now, self._use_printer,
        )  # fmt: skip

    def _use_printer(self, typed: str) -> None:
        def checked() -> Settings:
            settings = replace(self.station.settings, printer=text.line(typed))
            self.station.papers.use(printer.named(settings.printer, settings.paper_mm))
            return settings

        self.bridge.ask(checked, self._keep)

    def _turn_paper(self) -> None:
        settings = self.station.settings
        turned = replace(settings, paper_mm=_next(_PAPERS, settings.paper_mm))
        self.station.papers.use(printer.named(turned.printer, turned.paper_mm))
        self._keep(turned)

    def _print_test(self) -> None:
        self.station.papers.test(receipt.test_page(self.till.desk.park, self.kit.speech.words))
        self.panel.tell(self.kit.speech.words(N_("Sent to the printer: look at the paper.")))

    def _ask_backup(self) -> None:
        question = self.kit.speech.words(N_("Backup folder, on another disk"))
        self.ask_text(question, Keys.TEXT, self.station.settings.backup, self._use_backup)

    def _use_backup(self, typed: str) -> None:
        self._keep(replace(self.station.settings, backup=typed.strip()))

    def _back_up(self) -> None:
        folder = self.station.settings.backup
        if not folder:
            self._ask_backup()
            return
        self.panel.tell(self.kit.speech.words(N_("Copying, then reading it back…")))
        self.bridge.ask(lambda: self.till.set_up.backup(Path(folder)), self._backed_up)

    def _backed_up(self, made: Backup) -> None:
        says = N_("Backed up and read back: {n} entries, {file}.")
        self.panel.tell(self.kit.speech.words(says, n=made.seq, file=made.path.name))

    def _turn_theme(self) -> None:
        self._keep(replace(self.station.settings, theme=_next(THEMES, self.station.settings.theme)))

    def _turn_language(self) -> None:
        languages = tuple(LANGUAGES)
        self._keep(replace(self.station.settings, language=_next(languages, self.station.settings.language)))

    def _turn_scale(self) -> None:
        settings = self.station.settings
        self._keep(replace(settings, scale_percent=_next(_SCALES, settings.scale_percent)))

    def _keep(self, settings: Settings) -> None:
        self.station.settings = settings
        self.bridge.ask(lambda: self.station.save(settings), self._done(N_("Set.")))
        self.looks_changed.emit(settings)

    def _on_scanned(self) -> None:
        typed, words = self.scanned.text, self.kit.speech.words
        self.scanned.set_text("")
        self.bridge.ask(
            lambda: text.line(typed), lambda read: self.panel.tell(words(N_("Read: {text}"), text=read))
        )

    def _tab(self, name: str) -> ChoiceTile:
        made = ChoiceTile(self.kit)
        made.clicked.connect(lambda: self.open(name))
        return made

    def _field(self, one: Field) -> FieldTile:
        made = FieldTile(self.kit, 76)
        made.show_field(one.caption, one.value, one.hint)
        made.clicked.connect(one.act)
        return made


class TillPanel(QFrame):
    """This till, and what was just done."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        self._kit = kit
        self._view: SetUpView | None = None
        self.told = label("", LABEL, SEMIBOLD, "chosen", wraps=True)
        self.title = label("", LARGE, SEMIBOLD, wraps=True)
        self.about = label("", TEXT, meaning="second", wraps=True)
        self.setLayout(column(self.told, self.title, self.about, 1, gap=12, margins=(20, 16, 20, 16)))
        kit.speech.changed.connect(self._speak)

    def tell(self, said: str) -> None:
        """What was just done."""
        self.told.setText(said)
        self.told.setVisible(bool(said))

    def show_view(self, view: SetUpView) -> None:
        """This till."""
        self._view = view
        self._speak()

    def _speak(self) -> None:
        view, words = self._view, self._kit.speech.words
        if view is None:
            return
        self.title.setText(words(N_("Till {code}"), code=view.till))
        checked = N_("The whole ledger was checked since the start.")
        self.about.setText(
            "\n".join(
                (
                    view.park,
                    words(N_("{n} entries, check code {code}"), n=view.entries, code=view.head),
                    words(checked if view.is_checked else N_("The ledger is being checked.")),
                )
            )
        )


def _next(values: Sequence[_T], now: _T) -> _T:
    """The value after `now`, round and round."""
    return values[(list(values).index(now) + 1) % len(values)] if now in values else values[0]

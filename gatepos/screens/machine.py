"""Sections of Set-up that are this machine's own settings: its printer, its backup, its looks."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from gatepos.devices import printer
from gatepos.domain import text
from gatepos.errors import Said
from gatepos.i18n import LANGUAGES, N_
from gatepos.ledger.backup import Backup
from gatepos.screens.page import Page
from gatepos.screens.sections import Field, Section
from gatepos.screens.this_till import TillPanel
from gatepos.screens.voice import Voice
from gatepos.screens.widgets.entry import Keys
from gatepos.settings import (
    AUTO,
    NATIVE,
    OFF,
    QR_CODES,
    RASTER,
    THEMES,
    TYPING,
    VISITOR_DISPLAYS,
    Settings,
)  # fmt: skip
from gatepos.till.station import Station
from gatepos.till.views import SetUpView

_THEMES = {"light": N_("Light"), "dark": N_("Dark, for the night")}
_SCALES = (100, 110, 125, 150, 175, 200)
_PAPERS = (80, 58)
_QR_CODES = {NATIVE: N_("drawn by the printer"), RASTER: N_("sent as a picture")}
_VISITOR_DISPLAYS = {AUTO: N_("when there is one"), OFF: N_("off")}
_T = TypeVar("_T")


class MachineSection(Section):
    """Settings are in force at once, and kept in the settings file."""

    @property
    def _settings(self) -> Settings:
        return self._station.settings

    def _keep(self, settings: Settings) -> None:
        self._station.settings = settings
        self._page.bridge.ask(lambda: self._station.save(settings), self._done)

    def _refused(self, said: Said) -> None:
        self._panel.tell("")
        self._page.bridge.tell(said)


class PrinterSection(MachineSection):
    """The printer and its paper."""

    def fields(self, view: SetUpView) -> list[Field]:
        words, settings = self._words, self._settings
        return [
            Field(words(N_("Printer")), settings.printer, self._ask_printer),
            Field(words(N_("Paper, mm")), str(settings.paper_mm), self._turn_paper),
            Field(words(N_("QR code")), words(_QR_CODES[settings.qr]), self._turn_qr),
            Field(words(N_("Test")), words(N_("Print a test page")), self._print_test),
        ]

    def _ask_printer(self) -> None:
        says = N_("network:ADDRESS:9100, usb:ID:ID, serial:PORT, file:PATH, pdf:FOLDER or none")
        self._page.ask_text(says, Keys.TEXT, self._settings.printer, self._on_printer)

    def _on_printer(self, typed: str) -> None:
        self._use(lambda: replace(self._settings, printer=text.line(typed)))

    def _turn_paper(self) -> None:
        self._use(lambda: replace(self._settings, paper_mm=_next(_PAPERS, self._settings.paper_mm)))

    def _turn_qr(self) -> None:
        self._use(lambda: replace(self._settings, qr=_next(QR_CODES, self._settings.qr)))

    def _use(self, change: Callable[[], Settings]) -> None:
        """Print as changed settings say, unless they name no printer."""

        def use() -> Settings:
            settings = change()
            self._station.papers.use(printer.of(settings))
            return settings

        self._page.act(use, self._keep)

    def _print_test(self) -> None:
        self._panel.tell(N_("Printing…"))
        self._page.bridge.follow(self._station.test_printer(self._words), self._printed, self._refused)

    def _printed(self, _: object) -> None:
        self._panel.tell(N_("Sent to the printer: look at the paper."))


class ScannerSection(MachineSection):
    """Which scanner is read; one that types like a keyboard is heard in any case."""

    def fields(self, view: SetUpView) -> list[Field]:
        words, settings = self._words, self._settings
        is_typing = settings.scanner == TYPING
        value = words(N_("types like a keyboard")) if is_typing else settings.scanner
        return [Field(words(N_("Scanner")), value, self._ask_scanner)]

    def _ask_scanner(self) -> None:
        says = N_("typing, serial:PORT, hid:PATH or file:PATH")
        self._page.ask_text(says, Keys.TEXT, self._settings.scanner, self._on_scanner)

    def _on_scanner(self, typed: str) -> None:
        def use() -> Settings:
            settings = replace(self._settings, scanner=text.line(typed))
            self._station.scanner.use(settings.scanner)
            return settings

        self._page.act(use, self._keep)


class BackupSection(MachineSection):
    """Where backups go; one is made and read back at a touch."""

    def fields(self, view: SetUpView) -> list[Field]:
        words, folder = self._words, self._settings.backup
        caption = words(N_("Backup folder, on another disk"))
        return [
            Field(caption, folder, self._ask_folder, words(N_("not chosen"))),
            Field(words(N_("Backup")), words(N_("Back up now")), self._back_up),
        ]

    def _ask_folder(self) -> None:
        question = N_("Backup folder, on another disk")
        self._page.ask_text(question, Keys.TEXT, self._settings.backup, self._on_folder)

    def _on_folder(self, typed: str) -> None:
        self._page.act(lambda: replace(self._settings, backup=text.line(typed)), self._keep)

    def _back_up(self) -> None:
        folder = self._settings.backup
        if not folder:
            self._ask_folder()
            return
        self._panel.tell(N_("Copying, then reading it back…"))
        self._page.bridge.follow(self._station.back_up(Path(folder)), self._backed_up, self._refused)

    def _backed_up(self, made: Backup) -> None:
        says = N_("Backed up and read back: {n} entries, {file}.")
        self._panel.tell(lambda words: words(says, n=made.seq, file=made.path.name))


class LookSection(MachineSection):
    """Theme, language, size, the second display; `changed` hears of each at once."""

    def __init__(
        self, page: Page, station: Station, panel: TillPanel, refresh: Callable[[], object],
        changed: Callable[[Settings], object], voice: Voice,
    ):  # fmt: skip
        super().__init__(page, station, panel, refresh)
        self._changed = changed
        self._voice = voice

    def fields(self, view: SetUpView) -> list[Field]:
        words, settings = self._words, self._settings
        spoken = ", ".join(LANGUAGES[code] for code in self._voice.languages) or words(N_("no voice"))
        size = words(N_("Size of everything, % (at the next start)"))
        return [
            Field(words(N_("Theme")), words(_THEMES[settings.theme]), self._turn_theme),
            Field(words(N_("Language at start")), LANGUAGES[settings.language], self._turn_language),
            Field(size, str(settings.scale_percent), self._turn_scale),
            Field(words(N_("Read out to the visitor")), spoken, self._try_voice),
            Field(
                words(N_("The visitor's side, on a second display")),
                words(_VISITOR_DISPLAYS[settings.visitor_display]),
                self._turn_visitor,
            ),
        ]

    def _turn_theme(self) -> None:
        self._turn(replace(self._settings, theme=_next(THEMES, self._settings.theme)))

    def _turn_language(self) -> None:
        self._turn(replace(self._settings, language=_next(tuple(LANGUAGES), self._settings.language)))

    def _turn_scale(self) -> None:
        self._turn(replace(self._settings, scale_percent=_next(_SCALES, self._settings.scale_percent)))

    def _turn_visitor(self) -> None:
        now = self._settings.visitor_display
        self._turn(replace(self._settings, visitor_display=_next(VISITOR_DISPLAYS, now)))

    def _try_voice(self) -> None:
        """Say a word in the language of the screen, and by name what is not there to speak."""
        self._voice.say(self._words(N_("Welcome")), self._words.language)
        self._panel.tell(lambda words: self._voice.lacking(words) or words(N_("It said: Welcome")))

    def _turn(self, settings: Settings) -> None:
        self._keep(settings)
        self._changed(settings)


def _next(values: Sequence[_T], now: _T) -> _T:
    """The value after `now`, round and round."""
    return values[(list(values).index(now) + 1) % len(values)] if now in values else values[0]

"""The morning card: one green line when the till is ready, else what is to be done, each with its touch."""

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from gatepos.devices.printer import Status
from gatepos.domain import money
from gatepos.domain.health import Age
from gatepos.i18n import N_, Words
from gatepos.screens import set_up
from gatepos.screens.dots import PRINTER
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, GAP, HEAD, LABEL, LARGE, label
from gatepos.screens.widgets import moving
from gatepos.screens.widgets.arrange import column, empty, row, scrolling
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.choice import ChoiceTile
from gatepos.screens.widgets.tile import Ground
from gatepos.till.morning import MorningView
from gatepos.till.station import Kept

CENTRAL, TEST = "central", "test"
"""Where the dots of the strip lead, and a test page; every other place is a section of Set-up."""
_COLUMNS, _TILE_HIGH = 2, 72


@dataclass(frozen=True, slots=True)
class Point:
    """One thing of the morning: how it stands, whether it is well, and the place of its touch."""

    name: str
    value: str
    is_well: bool
    place: str


@dataclass(frozen=True, slots=True)
class Found:
    """All that was looked at on a morning; of a printer also whether it took a paper since it was chosen."""

    view: MorningView
    kept: Kept
    printer: Status
    has_printed: bool
    now_ms: int


def points(found: Found, words: Words) -> tuple[Point, ...]:
    """Each thing in the reader's language, in the order in which a clerk needs it."""
    return (
        _rate(found.view, words), _schedule(found.view, words), _paper(found, words),
        Point(words(N_("Prepaid, expected today")), str(found.view.tickets), True, set_up.TICKETS),
        _heard(found.view, words), _disk(found.kept, words), _backup(found, words),
        _radio(found.view, words),
    )  # fmt: skip


def said(found: Found, words: Words) -> str:
    """`Ready` with all of it in one line, or what is to be done by name."""
    shown = points(found, words)
    lacking = [point.name for point in shown if not point.is_well]
    if lacking:
        return words(N_("Before the first vehicle: {what}. Touch to see."), what=", ".join(lacking))
    return words(N_("Ready: {what}"), what=" · ".join(f"{point.name} {point.value}" for point in shown))


def is_ready(found: Found, words: Words) -> bool:
    """Whether nothing is to be done."""
    return all(point.is_well for point in points(found, words))


def _rate(view: MorningView, words: Words) -> Point:
    if not view.rate_month:
        return Point(words(N_("USD rate")), words(N_("none")), False, set_up.FEES)
    value = f"{words.month(view.rate_month)}, {money.rate_text(view.rate_e4)}"
    old = words(N_("{value}: old"), value=value) if view.rate_is_old else value
    return Point(words(N_("USD rate")), old, not view.rate_is_old, set_up.FEES)


def _schedule(view: MorningView, words: Words) -> Point:
    waits = words(N_("{old}; {new} waits to be accepted"), old=view.schedule, new=view.proposed)
    return Point(
        words(N_("Fee schedule")), waits if view.proposed else view.schedule, not view.proposed, set_up.FEES
    )


def _paper(found: Found, words: Words) -> Point:
    name, waiting = words(N_("Paper")), found.view.papers_waiting
    if waiting:
        return Point(name, words(N_("printer · {n} wait"), n=waiting), False, set_up.PRINTER)
    if found.printer is not Status.UNKNOWN:
        is_well = found.printer is Status.OK
        return Point(name, words(PRINTER[found.printer]), is_well, set_up.PRINTER)
    if not found.has_printed:
        return Point(name, words(N_("not known: print a test")), False, TEST)
    return Point(name, words(N_("sent to the printer: look at it")), True, TEST)


def _heard(view: MorningView, words: Words) -> Point:
    value = words(N_("never heard")) if view.heard_ms is None else Age(view.heard_ms).said(words)
    return Point(words(N_("Papers that no longer count")), value, not view.heard_is_old, CENTRAL)


def _disk(kept: Kept, words: Words) -> Point:
    value = words(N_("{n} MB free"), n=f"{kept.free_mb:,}")
    return Point(words(N_("Disk")), value, kept.has_room, set_up.BACKUP)


def _backup(found: Found, words: Words) -> Point:
    name, kept = words(N_("Backup stick")), found.kept
    if not kept.has_folder:
        return Point(name, words(N_("not chosen")), False, set_up.BACKUP)
    if kept.backup_ms is None:
        return Point(name, words(N_("not plugged in")), False, set_up.BACKUP)
    if not kept.backup_ms:
        return Point(name, words(N_("no backup yet")), False, set_up.BACKUP)
    age = Age(found.now_ms - kept.backup_ms).said(words)
    return Point(name, age, kept.is_kept(found.now_ms), set_up.BACKUP)


def _radio(view: MorningView, words: Words) -> Point:
    value = ", ".join(view.radio) or words(N_("nobody"))
    return Point(words(N_("Approves by radio")), value, bool(view.radio), set_up.RADIO)


class MorningCard(QWidget):
    """All points over the screen, what is to be done first; `wanted` is the place of the one touched."""

    closed = Signal()
    wanted = Signal(str)

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._found: Found | None = None
        self.tiles: dict[str, ChoiceTile] = {}
        self.title = label("", HEAD, BOLD, wraps=True)
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.back = TouchButton(kit, key="Esc", height=64, ground=Ground.DO, px=LARGE - 2)
        kit.speech.say(self.back.set_text, N_("To work"))
        self.back.clicked.connect(self.closed)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP)
        inside = QWidget()
        inside.setLayout(column(self._grid, 1))
        whole = column(self.title, self.told, scrolling(inside), row(self.back), gap=12,
                       margins=(32, 20, 32, 16))  # fmt: skip
        whole.setStretch(2, 1)
        self.setLayout(whole)
        kit.speech.changed.connect(self._speak)

    def show_found(self, found: Found) -> None:
        """Show how the till was found."""
        self._found = found
        self._speak()
        self.back.setFocus()

    def show_printed(self) -> None:
        """The printer took a test page."""
        if self._found is not None:
            self.show_found(replace(self._found, has_printed=True))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _speak(self) -> None:
        if self._found is None:
            return
        words = self._kit.speech.words
        shown = sorted(points(self._found, words), key=lambda point: point.is_well)
        is_well = all(point.is_well for point in shown)
        self.title.setText(words(N_("Ready")) if is_well else words(N_("Before the first vehicle")))
        self.told.setText(words(N_("Nothing here stops selling. Touch what is to be done.")))
        self.told.setVisible(not is_well)
        empty(self._grid)
        self.tiles = {point.name: self._tile(point) for point in shown}
        for place, tile in enumerate(self.tiles.values()):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        moving.chain(list(self.tiles.values()))

    def _tile(self, point: Point) -> ChoiceTile:
        made = ChoiceTile(self._kit, _TILE_HIGH)
        sign = "✓" if point.is_well else "⚠"
        made.show_choice(
            f"{sign} {point.name}", point.value, is_chosen=point.is_well, is_blocked=not point.is_well
        )
        made.clicked.connect(lambda: self.wanted.emit(point.place))
        return made

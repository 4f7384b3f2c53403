"""Central, opened from the strip: what is reached, what waits, what is disliked, what was heard."""

from typing import cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from gatepos.domain.health import Health
from gatepos.domain.outside import MPESA, PLATFORM
from gatepos.i18n import N_, Words
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.kit import Kit
from gatepos.screens.look import HEAD, LABEL, LARGE, MONEY, SEMIBOLD, label, mean
from gatepos.screens.page import Page
from gatepos.screens.widgets.arrange import column
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.lines import LinesArea, LineText
from gatepos.till.station import Station

CENTRAL_KEY = "F10"
_EVERY_MS = 1_000
_FEEDS = {
    "schedules": N_("fee schedules"),
    "rates": N_("USD rates"),
    "staff": N_("staff"),
    "keyring": N_("keys of tills"),
    "revocations": N_("papers that no longer count"),
    "passes": N_("other tills' papers"),
    "payments": N_("payments seen"),
    "prepaid": N_("prepaid tickets"),
    "policy": N_("policy"),
}
_WHYS = {
    "form": N_("its form is not right"),
    "kind": N_("central does not know its kind"),
    "unbalanced": N_("its sums do not balance"),
    "not_own": N_("it speaks for another till"),
    "fork": N_("two journals part here"),
    "revoked": N_("this till is revoked"),
}
"""Why central dislikes an entry, as it names it."""


class CentralScreen(Page):
    """Looks every second while it is shown; it decides nothing."""

    left_over = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, station: Station):
        lines, panel = LinesArea(kit), CentralPanel(kit)
        super().__init__(kit, bridge, station.till, _home(kit, lines), panel)
        self.lines = lines
        self.panel = panel
        self._station = station
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self.panel.now.clicked.connect(self._try_now)
        self.panel.offline.clicked.connect(self._toggle)
        self.panel.say.clicked.connect(self._ask_word)
        self.panel.back.clicked.connect(self.left_over)
        kit.speech.changed.connect(self.look)

    def start(self) -> None:
        """Begin to look."""
        self.go_home()
        self.look()
        self.panel.back.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left_over.emit()
        else:
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def look(self) -> None:
        """Show how it is now."""
        online, words = self._station.online, self.kit.speech.words
        health = online.health() if online else None
        self.lines.show_lines(_lines(health, words) if health else ())
        self.panel.show_health(health, words)

    def _try_now(self) -> None:
        if self._station.online is not None:
            self._station.online.try_now()
        self.look()

    def _ask_word(self) -> None:
        choices = [
            Choice(N_("M-PESA works"), "", (MPESA, True)),
            Choice(N_("M-PESA is down"), "", (MPESA, False)),
            Choice(N_("The payment platform works"), "", (PLATFORM, True)),
            Choice(N_("The payment platform is down"), "", (PLATFORM, False)),
        ]
        self.ask_choice(N_("What did you see?"), choices, self._say)

    def _say(self, word: object) -> None:
        """A person's word; it stays at this till."""
        if self._station.online is not None:
            what, works = cast("tuple[str, bool]", word)
            self._station.online.say(what, works=works)
        self.go_home()
        self.look()

    def _toggle(self) -> None:
        online, room = self._station.online, self.till.offline
        if online is None or not online.health().is_paused:
            self.ask_text(N_("Why does this till work offline?"), Keys.TEXT, "", self._pause)
        else:
            self.act(room.resume, lambda _: self.look())

    def _pause(self, reason: str) -> None:
        self.act(lambda: self.till.offline.pause(reason), lambda _: self.look())


class CentralPanel(QFrame):
    """What stands in the way, in a sentence, and what one may do about it."""

    def __init__(self, kit: Kit):
        super().__init__()
        mean(self, "side")
        title = label("", LARGE, SEMIBOLD, wraps=True)
        kit.speech.say(title.setText, N_("Selling never waits for central"))
        self.told = label("", LABEL, meaning="second", wraps=True)
        self.now = TouchButton(kit, height=MONEY)
        kit.speech.say(self.now.set_text, N_("Try now"))
        self.say = TouchButton(kit, height=MONEY)
        kit.speech.say(self.say.set_text, N_("Say what works…"))
        self.offline = TouchButton(kit, height=MONEY)
        self.back = TouchButton(kit, height=MONEY)
        kit.speech.say(self.back.set_text, N_("Back"))
        parts = (title, self.told, 1, self.now, self.say, self.offline, self.back)
        self.setLayout(column(*parts, gap=10, margins=(20, 16, 20, 14)))

    def show_health(self, health: Health | None, words: Words) -> None:
        """What it says of the one line to central; None where this till has joined none."""
        self.told.setText(_told(health, words))
        self.now.setVisible(health is not None and not health.is_paused)
        self.say.setVisible(health is not None)
        self.offline.setVisible(health is not None)
        is_paused = health is not None and health.is_paused
        self.offline.set_text(words(N_("Work online again") if is_paused else N_("Work offline…")))


def _told(health: Health | None, words: Words) -> str:
    if health is None:
        return words(N_("This till has joined no central. What is recorded stays here and on bundles."))
    if health.is_paused:
        return words(N_("This till works offline by choice. What is recorded waits."))
    if health.trouble is not None:
        return health.trouble.said(words)
    return words(N_("What is recorded goes to central by itself; nothing is to be done."))


def _lines(health: Health, words: Words) -> tuple[LineText, ...]:
    return (*_four(health, words), *_queue(health, words), *_feeds(health, words), *_flags(health, words))


def _four(health: Health, words: Words) -> list[LineText]:
    return [
        LineText(one.name, one.state, one.by, "refused_words" if one.is_down else "ink")
        for one in health.four(words)
    ]


def _queue(health: Health, words: Words) -> list[LineText]:
    oldest = words(N_("the oldest for {age}"), age=health.oldest) if health.waiting else ""
    shown = [LineText(words(N_("Entries that wait")), str(health.waiting), oldest)]
    if health.left is not None:
        below = words(N_("{n} a second"), n=health.pace)
        shown.append(LineText(words(N_("Time left at this pace")), health.left.said(words), below))
    heard = health.heard.said(words) if health.heard else words(N_("not since the start"))
    return [*shown, LineText(words(N_("Central answered, ago")), heard)]


def _feeds(health: Health, words: Words) -> list[LineText]:
    return [
        LineText(
            words(N_("Heard: {feed}"), feed=words(_FEEDS[feed.feed])),
            feed.age.said(words) if feed.age else words(N_("never")),
            feed.trouble.said(words) if feed.trouble else "",
            "owed_words" if feed.trouble else "ink",
        )
        for feed in health.feeds
    ]


def _flags(health: Health, words: Words) -> list[LineText]:
    says = N_("Entry {seq}, stored and disliked")
    return [
        LineText(words(says, seq=flag.seq), "", words(_WHYS.get(flag.why, flag.why)), "owed_words")
        for flag in health.flags
    ]


def _home(kit: Kit, lines: LinesArea) -> QWidget:
    title = label("", HEAD, SEMIBOLD)
    kit.speech.say(title.setText, N_("Central"))
    home = QWidget()
    layout = column(title, lines, gap=10, margins=(18, 12, 18, 12))
    layout.setStretch(1, 1)
    home.setLayout(layout)
    return home

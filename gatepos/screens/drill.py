"""The outage drill on the screen: counts touches and refusals, says how it stands, prints the score."""

from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words
from gatepos.screens.bridge import Bridge
from gatepos.screens.set_up import SetUpScreen
from gatepos.screens.speech import Speech
from gatepos.screens.widgets.banner import Banner
from gatepos.till import drill
from gatepos.till.drill import DrillView, Score
from gatepos.till.station import Station

_LOOK_EVERY_MS = 2_000


class DrillWatch(QObject):
    """Looks again and again while a drill is under way; `scored` when its score is there."""

    scored = Signal(object)

    def __init__(self, station: Station, bridge: Bridge, speech: Speech, banner: Banner, set_up: SetUpScreen):
        super().__init__(banner)
        self._station, self._bridge, self._speech = station, bridge, speech
        self._banner, self._set_up = banner, set_up
        self._touches = 0
        self._last_touch = -1
        self._shown = ""
        self._refused: Counter[str] = Counter()
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        bridge.refused.connect(self._on_refused)

    def turn(self) -> None:
        """Begin a drill, or end the one under way."""
        room = self._station.till.drill
        if self._timer.isActive():
            self._end()
        else:
            self._set_up.act(room.begin, self._on_begun)

    def look(self) -> None:
        """Whether it is over by now."""
        self._bridge.ask(self._station.till.drill.view, self._on_view)

    def stop(self) -> None:
        """Nobody plays any more."""
        self._timer.stop()
        self._set_up.show_drill(is_on=False)
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A touch goes to a window, its widget and those around it: all of them bear one moment."""
        if event.type() == QEvent.Type.MouseButtonPress:
            moment = event.timestamp()  # type: ignore[attr-defined]
            self._touches += moment != self._last_touch
            self._last_touch = moment
        return False

    def _on_begun(self, view: DrillView) -> None:
        self._touches, self._refused = 0, Counter()
        self._timer.start()
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._set_up.show_drill(is_on=True)
        self._show(lambda words: told(view, words))

    def _on_view(self, view: DrillView) -> None:
        if not self._timer.isActive():
            return
        if view.is_over:
            self._end()
        elif not self._banner.isVisible() or self._banner.words.text() == self._shown:
            self._show(lambda words: progress(view, words))

    def _show(self, text: Callable[[Words], str]) -> None:
        """Say it where nothing else is said."""
        self._banner.inform(text)
        self._shown = self._banner.words.text()

    def _end(self) -> None:
        self.stop()
        room, words = self._station.till.drill, self._speech.words
        touches, refused = self._touches, dict(self._refused)
        self._bridge.ask(lambda: room.end(touches, refused, words), self._on_score)

    def _on_score(self, score: Score) -> None:
        self._banner.inform(lambda words: came_out(score, words))
        self._bridge.follow(self._station.papers.test(drill.paper(score, self._speech.words)))
        self.scored.emit(score)

    def _on_refused(self, said: Said) -> None:
        if self._timer.isActive() and isinstance(said, Refusal):
            self._refused[said.said(self._speech.words)] += 1


def told(view: DrillView, words: Words) -> str:
    """What is to be played."""
    says = N_(
        "The drill runs: the platform is down. Let three vehicles in on passes, take the payment of one at"
        " the exit, and enter leaf {pad} {leaf}. It ends by itself, after ten minutes at most."
    )
    return words(says, pad=drill.PAD, leaf=view.leaf)


def progress(view: DrillView, words: Words) -> str:
    """What of it is played, and how long it runs."""
    steps = " · ".join(f"{words(step.name)} {step.done}/{step.of}" for step in view.steps)
    says = N_("Drill, {time}: {steps} ({pad} {leaf})")
    return words(says, time=drill.clock(view.seconds), steps=steps, pad=drill.PAD, leaf=view.leaf)


def came_out(score: Score, words: Words) -> str:
    """The score in one line."""
    says = (
        N_("Drill done in {time}: {touches} touches, {n} mistakes. The score is printed.")
        if score.view.is_whole
        else N_("Drill ended, not all was played: {time}, {touches} touches, {n} mistakes.")
    )
    count = sum(n for _, n in score.mistakes)
    return words(says, time=drill.clock(score.view.seconds), touches=score.touches, n=count)

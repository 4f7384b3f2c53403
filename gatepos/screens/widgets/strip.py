"""The strip on top of every screen: where we are, what works, who is here, what time it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import BOLD, LABEL, MEDIUM, SEMIBOLD, SMALL, label, mean
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import row
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.tile import Ground

HEIGHT = 56
_GAP = 16
_ROWS_MAX = 2


@dataclass(frozen=True, slots=True)
class Dot:
    """Whether something works: a source text with its values, round when it does, square when it does not."""

    text: str
    is_well: bool
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where this till stands, which way its lane goes, by which fee schedule it sells.

    `practice` says whether it only practises (`DEMO`, `TRAINING`).
    """

    park: str
    gate: str
    lane: str
    practice: str = ""
    is_exit: bool = False
    schedule: str = ""


class Strip(QFrame):
    """Always there; it shows what it is told and reads no clock."""

    waiting_touched = Signal()
    outage_touched = Signal()
    dots_touched = Signal()

    def __init__(self, kit: Kit, place: Place):
        super().__init__()
        mean(self, "strip")
        self.setFixedHeight(HEIGHT)
        self._kit = kit
        self._place = place
        self._clerk = ""
        self._waiting = 0
        self._outage = ("", "")
        self._proposed = ""
        self.park = label("", LABEL, BOLD, "strip")
        self.gate = label("", SMALL, MEDIUM, "strip-second")
        self.practice = label("", SMALL, BOLD, "practice")
        self.practice.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.waiting = TouchButton(kit, ground=Ground.OWED).snug()
        self.waiting.clicked.connect(self.waiting_touched)
        self.outage = TouchButton(kit, ground=Ground.OWED).snug()
        self.outage.clicked.connect(self.outage_touched)
        for button in (self.waiting, self.outage):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a finger leaves the focus where it types
        self.dots = Dots(kit)
        self.dots.touched.connect(self.dots_touched)
        self.clerk = label("", SMALL, MEDIUM, "strip-second")
        self.clock = label("", LABEL, BOLD, "strip")
        self.setLayout(
            row(
                self.park, self.gate, self.practice, self.outage, self.waiting, 1,
                self.dots, self.clerk, self.clock, gap=_GAP, margins=(18, 4, 18, 4),
            )
        )  # fmt: skip
        kit.speech.follow(self, self._speak)

    def show_place(self, place: Place) -> None:
        """Park, gate, lane."""
        self._place = place
        self._speak()

    def show_clerk(self, number: str) -> None:
        """Who is at the window; empty when nobody is."""
        self._clerk = number
        self._speak()

    def show_clock(self, time: str) -> None:
        """`10:31`."""
        self.clock.setText(time)

    def show_waiting(self, count: int) -> None:
        """How many bills wait."""
        self._waiting = count
        self._speak()

    def show_outage(self, since: str, paybill: str) -> None:
        """Since when an outage is open, as `04:30`, and the paybill inside it; empty when none is."""
        self._outage = (since, paybill)
        self._speak()

    def propose_outage(self, cause: str) -> None:
        """For what an outage may be opened, a source text; empty for nothing."""
        if self._proposed != cause:
            self._proposed = cause
            self._speak()

    def show_dots(self, dots: tuple[Dot, ...]) -> None:
        """What works and what does not."""
        self.dots.show_dots(dots)

    def _speak(self) -> None:
        words, place = self._kit.speech.words, self._place
        self.park.setText(place.park)
        where = N_("{gate} · exit lane {lane}") if place.is_exit else N_("{gate} · lane {lane}")
        at = words(where, gate=place.gate, lane=place.lane)
        self.gate.setText("\n".join(filter(None, (at, place.schedule))))
        self.practice.setText(words(place.practice))
        self.practice.setVisible(bool(place.practice))
        self.waiting.set_text(words(N_("{n} waiting"), n=self._waiting))
        self.waiting.setVisible(self._waiting > 0)
        self._speak_outage()
        self.clerk.setText(words(N_("Clerk {number}"), number=self._clerk) if self._clerk else "")
        self.clerk.setVisible(bool(self._clerk))

    def _speak_outage(self) -> None:
        """The outage that is open, else the one that is proposed."""
        words, (since, paybill), cause = self._kit.speech.words, self._outage, self._proposed
        if since:
            self.outage.set_text(words(N_("Outage since {time}"), time=since))
            self.outage.set_note(words(N_("paybill {paybill}"), paybill=paybill))
        elif cause:
            self.outage.set_text(words(N_("Open an outage?")))
            self.outage.set_note(words(cause))
        self.outage.setVisible(bool(since or cause))


class Dots(QWidget):
    """Signs with words: round and green where it works, square and amber where it does not."""

    touched = Signal()

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self._dots: tuple[Dot, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        kit.speech.changed.connect(self._resize)

    def show_dots(self, dots: tuple[Dot, ...]) -> None:
        """Show these."""
        self._dots = dots
        self._resize()

    def texts(self) -> list[str]:
        """What the dots say in the language in force."""
        return [self._kit.speech.words(dot.text, **dot.values) for dot in self._dots]

    def rows(self, width: int) -> list[list[tuple[Dot, str]]]:
        """The dots with their words, in two rows of a width at most: what is well gives way, last first."""
        shown = list(zip(self._dots, self.texts(), strict=True))
        while len(rows := _rows(shown, width)) > _ROWS_MAX:
            well = [one for one in shown if one[0].is_well]
            if not well:
                break
            shown.remove(well[-1])
        return rows

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.touched.emit()

    def sizeHint(self) -> QSize:
        return QSize(sum(map(_width, self.texts())), HEIGHT - 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(map(_width, self.texts())) // 2 + 20 if len(self._dots) > 1 else 0, HEIGHT - 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = self.rows(self.width())
        high = self.height() // max(1, len(rows))
        for y, dots in enumerate(rows):
            x = 0
            for dot, text in dots:
                self._paint_dot(painter, QRect(x, y * high, _width(text), high), dot, text)
                x += _width(text)

    def _paint_dot(self, painter: QPainter, box: QRect, dot: Dot, text: str) -> None:
        look = self._kit.look
        sign = QRect(box.left(), box.center().y() - 5, 10, 10)
        painter.setPen(look.colour("strip"))
        painter.setBrush(look.colour("strip_well" if dot.is_well else "strip_warns"))
        if dot.is_well:
            painter.drawEllipse(sign)
        else:
            painter.drawRect(sign)
        paint.words(
            painter, box.adjusted(16, 0, 0, 0), text, look.colour("strip_words"), SMALL, SEMIBOLD, paint.LEFT
        )

    def _resize(self) -> None:
        self.updateGeometry()
        self.update()


def _rows(dots: list[tuple[Dot, str]], width: int) -> list[list[tuple[Dot, str]]]:
    rows: list[list[tuple[Dot, str]]] = []
    x = width + 2
    for dot, text in dots:
        if x + _width(text) > width + 1:
            rows.append([])
            x = 0
        rows[-1].append((dot, text))
        x += _width(text)
    return rows


def _width(text: str) -> int:
    return paint.width(text, SMALL, SEMIBOLD) + 16 + 14

"""The visitor's side, on a second display: who goes in, what it costs, where to pay, and the paper's code."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QScreen, QShowEvent
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from gatepos import i18n
from gatepos.domain import money
from gatepos.i18n import N_
from gatepos.screens.bill import group_texts, line_texts
from gatepos.screens.kit import Kit
from gatepos.screens.look import MEDIUM, SEMIBOLD, mean, unbroken
from gatepos.screens.payments import spaced
from gatepos.screens.scan import ScanScreen
from gatepos.screens.sell import SellScreen
from gatepos.screens.voice import Voice
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.arrange import column, holding, row
from gatepos.screens.widgets.large import LargeLines, LargeWords
from gatepos.screens.widgets.pages import Pages
from gatepos.screens.widgets.qr import QrCode
from gatepos.screens.widgets.strip import Place
from gatepos.settings import OFF
from gatepos.till import visitor
from gatepos.till.station import Station
from gatepos.till.views import PayView, RecordedView, ScanView, SellView
from gatepos.till.visitor import DONE, PAY, WELCOME, VisitorView

_EDGE = 24


class VisitorWindow(QFrame):
    """Shows a VisitorView to whoever stands outside; nothing on it can be touched. It goes with `till`."""

    def __init__(self, kit: Kit, place: Place, till: QWidget):
        flags = Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint
        super().__init__(till, flags | Qt.WindowType.WindowDoesNotAcceptFocus)
        self._kit = kit
        self._place = place
        self.view = VisitorView()
        self.setWindowTitle(place.park)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        mean(self, "paper")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.park = LargeWords(kit, "strip_words", SEMIBOLD)
        self.practice = LargeWords(kit, "practice_words", SEMIBOLD, paint.CENTRE)
        self.pages = Pages()
        self.welcome, self.bill, self.done = WelcomePage(kit, place), BillPage(kit), DonePage(kit)
        for page in (self.welcome, self.bill, self.done):
            self.pages.addWidget(page)
        self._lay()
        kit.speech.changed.connect(self._speak)

    def show_view(self, view: VisitorView) -> None:
        """Show one page."""
        self.view = view
        self._speak()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._speak()

    def closeEvent(self, event: QCloseEvent) -> None:
        """It comes and goes with the till's window alone."""
        event.ignore()

    def _lay(self) -> None:
        head = holding(row(self.park, margins=(_EDGE, 6, _EDGE, 6)), "strip")
        tag = holding(row(self.practice, margins=(_EDGE, 4, _EDGE, 4)), "practice-band")
        whole = column(head, tag, self.pages, gap=0)
        for place, stretch in enumerate((9, 6, 85)):
            whole.setStretch(place, stretch)
        whole.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # as large as its display
        self.setLayout(whole)
        if not self._place.practice:
            tag.hide()

    def _speak(self) -> None:
        if not self.isVisible():
            return
        words, view = self._kit.speech.words, self.view
        self.park.show_text(f"{self._place.park} · {self._place.gate}")
        if self._place.practice:
            says = N_("{practice}: nothing is sold or paid here.")
            self.practice.show_text(words(says, practice=words(self._place.practice)))
        if view.page == WELCOME:
            self.pages.setCurrentWidget(self.welcome)
        elif view.page == DONE:
            self.done.show_view(view)
            self.pages.setCurrentWidget(self.done)
        else:
            self.bill.show_view(view)
            self.pages.setCurrentWidget(self.bill)


class WelcomePage(QWidget):
    """Nobody is at the window."""

    def __init__(self, kit: Kit, place: Place):
        super().__init__()
        self.welcome = LargeWords(kit, "second", MEDIUM, paint.CENTRE)
        self.park = LargeWords(kit, "ink", SEMIBOLD, paint.CENTRE)
        self.park.show_text(place.park)
        layout = column(3, self.welcome, self.park, 4, margins=(_EDGE, _EDGE, _EDGE, _EDGE))
        layout.setStretch(1, 2)
        layout.setStretch(2, 3)
        self.setLayout(layout)
        kit.speech.say(self.welcome.show_text, N_("Welcome"))


class BillPage(QWidget):
    """People by category at the left, what is to be paid at the right, and below it where to."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.lines = LargeLines(kit)
        self.caption = LargeWords(kit, "second", SEMIBOLD)
        self.amount = LargeWords(kit, align=paint.LEFT)
        self.heading = LargeWords(kit, "told_words", MEDIUM)
        self.paybill, self.account = LargeWords(kit, "told_words"), LargeWords(kit, "told_words")
        self.parts = LargeWords(kit, "told_words", SEMIBOLD)
        inside = column(self.heading, self.paybill, self.account, self.parts, gap=4, margins=(20, 12, 20, 12))
        for place, stretch in enumerate((3, 5, 5, 4)):
            inside.setStretch(place, stretch)
        self.where = holding(inside, "told-box")
        # It keeps its place while it is hidden: the amount does not jump when M-PESA is touched.
        keeps = self.where.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.where.setSizePolicy(keeps)
        right = column(self.caption, self.amount, self.where)
        for place, stretch in enumerate((2, 5, 8)):
            right.setStretch(place, stretch)
        whole = row(self.lines, right, gap=2 * _EDGE, margins=(_EDGE, _EDGE, _EDGE, _EDGE))
        for place in range(2):
            whole.setStretch(place, 1)
        self.setLayout(whole)

    def show_view(self, view: VisitorView) -> None:
        """Show a bill and what is left to pay on it."""
        words = self._kit.speech.words
        group = group_texts(view.group, view.group_minor, self._kit)
        self.lines.show_lines((*group, *line_texts(view.lines, view.plate, self._kit)))
        owed = N_("Left to pay") if view.page == PAY else N_("To pay")
        self.caption.show_text(words(N_("To refund") if view.back_minor else owed))
        self.amount.show_text(unbroken(money.shown(money.KES, view.back_minor or view.minor)))
        self.heading.show_text(words(N_("Pay by M-PESA")))
        self.paybill.show_text(words(N_("Paybill {paybill}"), paybill=unbroken(spaced(view.paybill))))
        self.account.show_text(words(N_("Account {account}"), account=view.account))
        parts = ", ".join(map(money.amount, view.parts))
        self.parts.show_text(words(N_("In {n} parts: KES {parts}"), n=len(view.parts), parts=parts))
        self.parts.setVisible(len(view.parts) > 1)
        self.where.setVisible(bool(view.paybill))


class DonePage(QWidget):
    """The paper's code, to be photographed, and thanks."""

    def __init__(self, kit: Kit):
        super().__init__()
        self._kit = kit
        self.code = QrCode()
        self.thanks = LargeWords(kit, "chosen_words")
        self.number = LargeWords(kit, weight=SEMIBOLD)
        self.amount = LargeWords(kit)
        self.back = LargeWords(kit, "owed_words")
        self.ask = LargeWords(kit, "second", SEMIBOLD)
        side = column(1, self.thanks, self.amount, self.back, self.number, self.ask, 1)
        for place, stretch in enumerate((1, 4, 3, 3, 2, 4, 1)):
            side.setStretch(place, stretch)
        whole = row(self.code, side, gap=2 * _EDGE, margins=(_EDGE, _EDGE, _EDGE, _EDGE))
        for place in range(2):
            whole.setStretch(place, 1)
        self.setLayout(whole)

    def show_view(self, view: VisitorView) -> None:
        """Show what was recorded."""
        words = self._kit.speech.words
        self.code.show_text(view.qr)
        self.code.setVisible(bool(view.qr))
        self.thanks.show_text(words(N_("Thank you")))
        caption, amount = N_("To pay on exit") if view.is_owed else N_("Paid"), view.minor
        self.amount.show_text(f"{words(caption)} {unbroken(money.shown(money.KES, amount))}")
        back = unbroken(money.shown(money.KES, view.back_minor))
        self.back.show_text(words(N_("You get back {amount}"), amount=back))
        self.back.setVisible(view.back_minor > 0)
        self.number.show_text(unbroken(view.number))
        self.ask.show_text(words(N_("Photograph this code: it counts like the paper.")))
        self.ask.setVisible(bool(view.qr))


class VisitorSide(QObject):
    """Keeps the window on a display that is not the till's own, while there is one and it is wanted."""

    def __init__(self, kit: Kit, station: Station, place: Place, till: QWidget, voice: Voice):
        super().__init__(till)
        self._kit = kit
        self.window = VisitorWindow(kit, place, till)
        self.voice = voice
        self._till = till
        self._station = station
        self._is_open = False
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._on_plugged)
            app.screenRemoved.connect(self.look)
        for screen in QGuiApplication.screens():
            screen.virtualGeometryChanged.connect(self.look)

    def follow(self, sell: SellScreen, scan: ScanScreen) -> None:
        """From now on it shows what is to be paid at the window, and what is paid."""
        sell.viewed.connect(lambda view: None if sell.is_recorded else self.show_bill(view))
        sell.paying.connect(self.show_payment)
        sell.recorded.connect(self.show_recorded)
        sell.bill.offer_to_read(self.voice.languages)
        sell.bill.read_wanted.connect(self.read_out)
        scan.viewed.connect(self._on_looked)
        scan.seen.connect(self.show_bill)
        scan.money.shown.connect(self.show_payment)
        scan.recorded.connect(self.show_recorded)

    def start(self) -> None:
        """From now on it is shown wherever there is a display for it."""
        self._is_open = True
        self.look()

    def stop(self) -> None:
        """It goes with the till that stood before it."""
        self._is_open = False
        self.welcome()
        self.look()

    def welcome(self) -> None:
        """Nobody is at the window, or the till is about something else."""
        self.voice.stop()
        self.window.show_view(VisitorView())

    def show_bill(self, view: SellView) -> None:
        """A bill is tapped together."""
        self.window.show_view(visitor.of_bill(view))

    def show_payment(self, view: PayView) -> None:
        """A bill, or a pass, is being paid."""
        self.window.show_view(visitor.of_payment(view, self.window.view))

    def show_recorded(self, view: RecordedView) -> None:
        """It stands on the ledger; this stays until something else is done."""
        self.window.show_view(visitor.of_recorded(view))

    def read_out(self, language: str) -> None:
        """Say what is shown, as the visitor asked; with or without a display."""
        said = visitor.spoken(self.window.view, i18n.words(language), self._kit.titles)
        self.voice.say(said, language)

    def look(self) -> None:
        """Find the display anew: one was plugged in or out, moved, or the setting was changed."""
        is_wanted = self._is_open and self._station.settings.visitor_display != OFF
        screen = beside(QGuiApplication.screens(), self._till.screen()) if is_wanted else None
        if screen is None:
            self.window.hide()
        elif not self.window.isVisible() or self.window.screen() is not screen:
            self.window.setScreen(screen)
            self.window.setGeometry(screen.geometry())
            self.window.setWindowState(Qt.WindowState.WindowFullScreen)
            self.window.show()
            self._till.activateWindow()  # what is typed is the till's, whatever a window manager thinks

    def _on_looked(self, view: ScanView | None) -> None:
        """What the lane shows of a paper; its driver sees what is to be paid on it."""
        if view is not None and view.pay is not None:
            self.show_payment(view.pay)
        else:
            self.welcome()

    def _on_plugged(self, screen: QScreen) -> None:
        screen.virtualGeometryChanged.connect(self.look)
        self.look()


def beside(screens: Sequence[QScreen], own: QScreen) -> QScreen | None:
    """The first display that is not the till's own and does not mirror it."""
    taken = (own if own in screens else QGuiApplication.primaryScreen()).geometry()
    return next((one for one in screens if not one.geometry().intersects(taken)), None)

"""Starting Qt: one application, the look and the language of the settings, and the window on a station."""

import os
import signal as signals
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QWidget

from gatepos.domain.fees import FeeTitle
from gatepos.domain.parks import Park
from gatepos.errors import Said
from gatepos.screens import collecting
from gatepos.screens.first_run import FirstRun
from gatepos.screens.kiosk import Kiosk
from gatepos.screens.kit import Kit
from gatepos.screens.look import Look
from gatepos.screens.speech import Speech
from gatepos.screens.start_spare import Begin, StartSpare
from gatepos.settings import Settings
from gatepos.till.spare import Spare
from gatepos.till.station import Plan, Station


def application(settings: Settings) -> QApplication:
    """The one application of this process, at the size of the settings."""
    running = QApplication.instance()
    if not isinstance(running, QApplication):
        if settings.scale_percent != 100:
            os.environ.setdefault("QT_SCALE_FACTOR", f"{settings.scale_percent / 100:.2f}")
        running = QApplication(["gatepos"])
    collecting.only_here(running)
    return running


def kit(app: QApplication, settings: Settings, titles: Mapping[str, FeeTitle]) -> Kit:
    """The look and the language of the settings."""
    return Kit(Look(app, settings.theme), Speech(settings.language), titles)


def shown(station: Station, size: tuple[int, int] | None = None) -> Kiosk:
    """The kiosk on a station, over the whole screen or in a window of `size`, px."""
    made = kit(application(station.settings), station.settings, station.till.desk.book.titles)
    window = Kiosk(made, station)
    _show(window, made, size)
    return window


def run(station: Station, *, size: tuple[int, int] | None = None) -> int:
    """Show the kiosk until it is closed; Qt's exit code. KeyboardInterrupt."""
    window = shown(station, size)
    try:
        with last_resort(window.tell):
            return _looped()
    finally:
        window.close()


def _looped() -> int:
    """Qt's loop until it ends, its exit code; KeyboardInterrupt where Ctrl-C at the terminal ended it.

    Raised inside whatever Qt calls just then, it would only be printed.
    """
    before = signals.signal(signals.SIGINT, lambda *_: QApplication.exit(_INTERRUPTED))
    try:
        code = QApplication.exec()
    finally:
        signals.signal(signals.SIGINT, before)
    if code == _INTERRUPTED:
        raise KeyboardInterrupt
    return code


_INTERRUPTED = 128 + signals.SIGINT
CLOSED, MADE, SPARE = "closed", "made", "spare"
"""How a first run ends: its window was closed, its till is made, a spare is to be started."""


def first_run(
    parks: Mapping[str, Park],
    titles: Mapping[str, FeeTitle],
    make: Callable[[Plan], object],
    *,
    has_spare: bool = False,
    size: tuple[int, int] | None = None,
) -> str:
    """Ask what a new till needs until `make` has made it; how that ended."""
    page = first_page(parks, titles, make, Settings(), has_spare=has_spare, size=size)
    ended = [CLOSED]
    for signal, how in ((page.made, MADE), (page.spare_wanted, SPARE)):
        signal.connect(partial(ended.insert, 0, how))
        signal.connect(page.close)
    try:
        _looped()
    finally:
        end(page)
    return ended[0]


def start_spare(
    offers: Mapping[str, Spare],
    parks: Mapping[str, Park],
    begin: Begin,
    settings: Settings,
    why: Said | None = None,
    *,
    size: tuple[int, int] | None = None,
) -> str | None:
    """Ask who starts which spare until one has begun; its code, None where nobody wanted to.

    `why` is what the till in its place said.
    """
    page = spare_page(offers, parks, begin, settings, why, size=size)
    opened: list[str] = []
    page.opened.connect(opened.append)
    for signal in (page.opened, page.left_alone):
        signal.connect(page.close)
    try:
        _looped()
    finally:
        end(page)
    return opened[0] if opened else None


def spare_page(
    offers: Mapping[str, Spare],
    parks: Mapping[str, Park],
    begin: Begin,
    settings: Settings,
    why: Said | None = None,
    *,
    size: tuple[int, int] | None = None,
) -> StartSpare:
    """The page on which a spare is started, shown."""
    made = kit(application(settings), settings, {})
    page = StartSpare(made, offers, parks, begin)
    if why is not None:
        page.banner.tell(why)
    _show(page, made, size)
    return page


def first_page(
    parks: Mapping[str, Park],
    titles: Mapping[str, FeeTitle],
    make: Callable[[Plan], object],
    settings: Settings,
    *,
    has_spare: bool = False,
    size: tuple[int, int] | None = None,
) -> FirstRun:
    """The page that asks what a new till needs, shown."""
    made = kit(application(settings), settings, titles)
    page = FirstRun(made, parks, make, has_spare=has_spare)
    _show(page, made, size)
    return page


def end(window: QWidget) -> None:
    """End a window and all that is in it at once.

    Left to Python's collector its widgets end one by one in any order, on which Qt falls over.
    """
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)


def _show(window: QWidget, kit: Kit, size: tuple[int, int] | None) -> None:
    """Place and focus are said outright: a kiosk may have no window manager that would see to them."""
    kit.look.dress()
    if size is None:
        window.setGeometry(window.screen().geometry())
        window.showFullScreen()
    else:
        window.resize(*size)
        window.show()
    window.activateWindow()


@contextmanager
def last_resort(tell: Callable[[BaseException], object]) -> Iterator[None]:
    """Tell what nobody caught, in a slot of Qt or on another thread: without this only stderr would know."""
    slots, threads = sys.excepthook, threading.excepthook

    def in_slot(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, Exception):
            tell(error)
        else:
            slots(kind, error, trace)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is None:
            threads(args)
        else:
            tell(args.exc_value)

    sys.excepthook, threading.excepthook = in_slot, in_thread
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = slots, threads

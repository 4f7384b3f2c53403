"""Ending what Python left in rings, on the thread of the screens alone.

Python's collector runs on whichever thread happens to make something. Where that is the ledger's and a ring
holds a widget, Qt ends it on a thread that may not touch it, and the process with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000


class Collector(QObject):
    """Collects in the breaks of Qt's loop, by Python's own limits."""

    def __init__(self, app: QObject) -> None:
        super().__init__(app)
        timer = QTimer(self, interval=_EVERY_MS)
        timer.timeout.connect(collect)
        timer.start()


def only_here(app: QObject) -> None:
    """From now on rings end on the thread of `app`, in its breaks, and on no other."""
    gc.disable()
    if app.findChild(Collector) is None:
        gc.freeze()  # what was imported stays and need not be looked through
        Collector(app)


def collect() -> None:
    """End the rings of the oldest generation that is over its limit, and of those younger."""
    over = [made > limit > 0 for made, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
    if any(over):
        gc.collect(max(generation for generation, is_over in enumerate(over) if is_over))

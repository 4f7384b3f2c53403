"""A till as a kiosk runs it: on the ledger's thread, with its printer and this machine's settings."""

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from gatepos.devices.scanner import Plugged
from gatepos.domain import moments, receipt
from gatepos.domain.health import Health
from gatepos.i18n import Words
from gatepos.ledger import backup, media
from gatepos.ledger.backup import Backup
from gatepos.ledger.thread import LedgerThread
from gatepos.seal.enrolment import Joins
from gatepos.settings import Settings
from gatepos.till.papers import PrinterThread
from gatepos.till.till import Till

DEMO, TRAINING = "DEMO", "TRAINING"
_FREE_LEAST_MB = 1_000
_BACKUP_OLD_MS = 2 * moments.DAY_MS
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a new till needs; the PIN is the first manager's.

    Where it `joins` central, that gives the code and the place.
    """

    code: str
    park: str
    gate: str
    lane: str
    manager: str
    pin: str = field(repr=False)
    schedule: str
    joins: Joins | None = None


class Online(Protocol):
    """What a till does beside the window, with whoever is outside; the window only looks at it."""

    def health(self) -> Health:
        """What is reached and what waits; at once."""

    def say(self, what: str, *, works: bool) -> None:
        """A person at this till says how M-PESA or the platform stands."""

    def try_now(self) -> None:
        """Somebody does not want to wait."""

    def stop(self) -> None:
        """End, before the ledger closes."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The room left for the ledger, MB, whether a backup folder is chosen, and its newest backup, ms.

    `backup_ms` is 0 where there is none yet, None where the folder's medium is not here.
    """

    free_mb: int
    has_folder: bool
    backup_ms: int | None

    @property
    def has_room(self) -> bool:
        """Whether the disk has room for some days."""
        return self.free_mb >= _FREE_LEAST_MB

    def is_kept(self, now_ms: int) -> bool:
        """Whether there is a backup of yesterday or today."""
        return bool(self.backup_ms) and now_ms - (self.backup_ms or 0) <= _BACKUP_OLD_MS


@dataclass(slots=True)
class Station:
    """What the kiosk's window stands on; `practice` is empty where real money is taken.

    The one `scanner` of a machine is that of its training till as well: the window starts and stops it.

    `practise` opens the training till of this one; it is None at a till that is itself for training.
    `online` is None where the till is not enrolled.
    """

    till: Till
    thread: LedgerThread
    papers: PrinterThread
    scanner: Plugged
    settings: Settings
    save: Callable[[Settings], None]
    practice: str = ""
    hints: Callable[[Words], str] | None = None
    practise: "Callable[[], Station] | None" = None
    online: Online | None = None

    def back_up(self, medium: Path) -> "Future[Backup]":
        """Copy on the ledger's thread, giving way to whoever sells, and read back on a thread of its own.

        NoMedium, MediumInside.
        """
        ledger = self.till.desk.ledger
        copy = partial(ledger.copy, medium, self.thread.give_way)

        def made() -> Backup:
            media.check(medium, ledger.folder)
            return self.thread.ask(copy).result().checked()

        return self.beside(made)

    def test_printer(self, words: Words) -> "Future[None]":
        """Print a test page; the printer's own trouble when it does not."""
        return self.papers.test(receipt.test_page(self.till.desk.park, words))

    def kept(self) -> "Future[Kept]":
        """Look at the ledger's disk and at the backup medium, which may be slow to answer."""
        ledger, medium = self.till.desk.ledger, self.settings.backup
        folder, code = ledger.folder, ledger.context.till

        def look() -> Kept:
            free_mb = shutil.disk_usage(folder).free // 1_000_000
            return Kept(free_mb, bool(medium), backup.newest_ms(Path(medium), code) if medium else None)

        return self.beside(look)

    def beside(self, action: Callable[[], _T]) -> "Future[_T]":
        """Run what takes its time on a thread of its own; what it needs of the till it asks for."""
        answer: Future[_T] = Future()

        def run() -> None:
            try:
                answer.set_result(action())
            except BaseException as error:
                answer.set_exception(error)

        threading.Thread(target=run, name="beside", daemon=True).start()
        return answer

    def close(self) -> None:
        """Finish the paper in hand, checkpoint, let go of everything."""
        if self.online is not None:
            self.online.stop()
        self.papers.stop()
        self.thread.ask(self.till.desk.ledger.close).result()
        self.thread.stop()


def training_code(code: str) -> str:
    """The till code of a till's training ledger: an X ledger, whose papers say so."""
    return f"XT{code[-2:]}"

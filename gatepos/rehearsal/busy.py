"""A kiosk that sells while what waits leaves for central, and while a long feed comes: what is felt there."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from gatepos import app, joining, settings
from gatepos.central.store import feeds
from gatepos.domain import canonical, moments, numbers
from gatepos.rehearsal import park, selling, timing, vans
from gatepos.rehearsal.serving import Serving
from gatepos.rehearsal.timing import Figure
from gatepos.rehearsal.vans import Van
from gatepos.seal.enrolment import Joins
from gatepos.till.station import Station
from gatepos.wire import feed

FEED_ROWS = 100_000
_REST_S = 0.2
_TICK_MS = 2
_LEAVING, _COMING = "leaving", "coming"
_SIZE = (1366, 768)


@dataclass(frozen=True, slots=True)
class Felt:
    """Seconds that something took; the sales meanwhile; for how long the window stood still at most, ms."""

    took_s: float
    sales: Figure
    still_ms: float


def leaving(serving: Serving, till: Path, seed: int) -> Felt:
    """While a till's whole ledger leaves; the kiosk in a process of its own."""
    return _felt(serving, till, seed, _LEAVING)


def coming(serving: Serving, till: Path, seed: int) -> Felt:
    """While a long feed comes to a till of which little waits."""
    _publish(serving)
    return _felt(serving, till, seed, _COMING)


def _felt(serving: Serving, till: Path, seed: int, what: str) -> Felt:
    joins = serving.joins(park.CODE)
    command = [
        sys.executable,
        "-m",
        "gatepos.rehearsal.busy",
        str(till),
        joins.url,
        joins.code,
        str(seed),
        what,
    ]
    took_s, sales, still_ms = json.loads(subprocess.check_output(command, text=True))
    return Felt(took_s, Figure(*sales), still_ms)


def _publish(serving: Serving) -> None:
    """So many papers of a till that are revoked."""
    rows = [_revocation(n) for n in range(1, FEED_ROWS + 1)]
    now = moments.to_text(app.SystemClock().wall_ms())
    with serving.store.writing() as tx:
        feeds.publish(tx, feed.REVOCATIONS, "NNP", rows, now)


def _revocation(n: int) -> str:
    row = {
        "number": numbers.make("XAA1", numbers.PASS, n), "digest": f"{n:064x}", "state": "revoked",
        "at": "2026-01-02T05:00:00.000Z",
    }  # fmt: skip
    return canonical.encode(row).decode()


@dataclass(slots=True)
class _Pulse:
    """How long the window's own thread let a tick of its timer wait at most, ms."""

    at_s: float = field(default_factory=time.monotonic)
    longest_ms: float = 0

    def tick(self) -> None:
        now_s = time.monotonic()
        self.longest_ms = max(self.longest_ms, (now_s - self.at_s) * 1000 - _TICK_MS)
        self.at_s = now_s


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("url")
@click.argument("code")
@click.argument("seed", type=int)
@click.argument("what", type=click.Choice([_LEAVING, _COMING]))
def main(folder: Path, url: str, code: str, seed: int, what: str) -> None:
    """Open the kiosk of the till in FOLDER, join, sell until all has left or come, and say what was felt."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from gatepos.screens import running

    # A receipt printer takes ESC/POS; the demonstration's PDF costs a hundred times as much.
    app.save(folder, replace(settings.load(folder), printer=f"file:{folder / 'paper'}"))
    till = app.open_till(folder)
    with closing(till.desk.ledger):
        joining.again(folder, till, Joins(url, code))
    station = app.open_station(folder)
    kiosk = running.shown(station, _SIZE)
    timing.asked(station, lambda: selling.to_window(station.till))
    kiosk.floor.go("sell")
    pulse, took, timer = _Pulse(), list[float](), QTimer()
    timer.timeout.connect(pulse.tick)
    timer.start(_TICK_MS)
    is_over = _has_left(station) if what == _LEAVING else _has_come(station)
    began_s = time.monotonic()
    clerk = threading.Thread(target=_sell, args=(station, vans.queue(seed * 13 + 3), is_over, took))
    clerk.start()
    while clerk.is_alive():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    sales = timing.figure(took)
    found = (time.monotonic() - began_s, (sales.median, sales.p99, sales.n), pulse.longest_ms)
    click.echo(json.dumps(found))
    kiosk.close()


def _sell(station: Station, queue: Iterator[Van], is_over: Callable[[], bool], took: list[float]) -> None:
    """A van as soon as the one before has gone, until something is over."""
    while not took or not is_over():
        took.append(selling.timed(station, next(queue)))
        time.sleep(_REST_S)


def _has_left(station: Station) -> Callable[[], bool]:
    """Nearly nothing waits: the clerk still sells."""
    return lambda: station.online is not None and station.online.health().waiting < 10


def _has_come(station: Station) -> Callable[[], bool]:
    def has_come() -> bool:
        known = station.online.health().feeds if station.online is not None else ()
        return any(one.feed == feed.REVOCATIONS and one.version >= FEED_ROWS for one in known)

    return has_come


if __name__ == "__main__":
    main()

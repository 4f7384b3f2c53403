"""What the till takes, and what central does: medians and 99th percentiles, beside the machine's own limits.

`scripts/bench [--only PART …]` makes ledgers of some ages through the real till, once, in the cache folder,
and prints tables. Every ledger here is an X ledger. Central stands on its own file and, where Debian's
PostgreSQL is installed, on that; or on the new, empty database at `--database postgresql://…`.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import tables
from gatepos.ledger import backup, source
from gatepos.ledger.database import SQLITE_VERSION
from gatepos.ledger.file import FILE
from gatepos.rehearsal import park, postgresql, scanning, selling, timing, vans, years
from gatepos.rehearsal.measured import Databases, Measured
from gatepos.rehearsal.postgresql import WhyNot
from gatepos.rehearsal.timing import Figure, asked, figure, timed
from gatepos.till.station import Station

SEED = 20250103
AGES = (0, 10_000, 500_000)
WAITING = (10_000, 60_000)
"""The latter is what a till writes in 30 days without central."""
SIZE = 1_000_000
PARTS = TILL, SENDING, SELLING, MANY, SIZED, PAPERS = (
    "till", "sending", "selling", "many", "size", "papers"
)  # fmt: skip
_SALE_BYTES = 2_200
"""About what one receipt adds to each of the two files."""
_BARE = "  two bare append + fdatasync of a sale's bytes"
_SEARCHES = 40
_FRAMES = 100


@click.command()
@click.option("--only", type=click.Choice(PARTS), multiple=True, default=PARTS, help="  [default: all]")
@click.option("--entries", "ages", type=int, multiple=True, default=AGES, show_default=True)
@click.option("--sales", default=400, show_default=True, help="Sales measured at each age.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--waiting", type=int, multiple=True, default=WAITING, show_default=True)
@click.option(
    "--size",
    type=click.IntRange(10_000, 2_500_000),
    default=SIZE,
    show_default=True,
    help="To which central grows.",
)
@click.option("--chart", type=click.Path(path_type=Path), help="The SVG file of how it grew.")
@click.option("--database", help="Of central; it is filled.")
@click.option("--kiosk", type=click.Path(path_type=Path), hidden=True)
def main(
    only: tuple[str, ...],
    ages: tuple[int, ...],
    sales: int,
    seed: int,
    waiting: tuple[int, ...],
    size: int,
    chart: Path | None,
    database: str | None,
    kiosk: Path | None,
) -> None:
    """Measure the till at each age of its ledger, how fast what waits leaves, and what central takes."""
    if kiosk is not None:
        click.echo(json.dumps(_kiosk(kiosk)))
        return
    click.echo(
        f"Python {sys.version.split()[0]}, SQLite {SQLITE_VERSION}, {os.cpu_count()} cores, seed {seed}"
    )
    if TILL in only:
        click.echo(f"{'milliseconds':44}{'median':>8} {'p99':>8}")
        for age in ages:
            _measure(age, sales, seed)
    if PAPERS in only:
        _measure_papers(max(ages), seed)
    with _databases(database) as new:
        central = Measured(seed, lambda age: _aged(age, seed), new)
        if SENDING in only:
            for count in waiting:
                central.sending(count)
        if SELLING in only:
            central.selling(max(waiting))
        if MANY in only:
            central.many()
        if SIZED in only:
            central.growing(size, chart)


@contextmanager
def _databases(given: str | None) -> Iterator[Databases]:
    """Under what name central stands on what, each time a new one."""
    with ExitStack() as running:
        if given is not None:
            yield {"the database": lambda: given}
            return
        found: dict[str, Callable[[], str | None]] = {"SQLite": lambda: None}
        with suppress(WhyNot):
            found["PostgreSQL"] = running.enter_context(postgresql.started(is_synced=True)).new_database
        yield found


def _measure(age: int, sales: int, seed: int) -> None:
    click.echo(f"\n{age:,} entries")
    folder = _aged(age, seed)
    bare = _bare(folder, sales)
    _row(_BARE, bare)
    report = app.verified(folder)
    rate = report.rate_mb_s
    click.echo(
        f"  verify: {report.entries:,} entries, chain {rate:.0f} MB/s of raw, {_found(report.findings)}"
    )
    started = _started(folder)
    click.echo(
        f"  second start to window: {started['start_ms']:.0f} ms, memory {started['memory_mb']:.0f} MB"
    )
    _row("  tap to bill shown", Figure(started["tap_ms"], started["tap_p99_ms"], int(started["taps"])))
    with _station(folder) as station:
        checked_s, meanwhile = _checked(station, sales, seed)
        click.echo(f"  whole chain checked behind in {checked_s:.1f} s while selling")
        _row("  tap to RECORDED meanwhile", meanwhile)
        _row("  tap to RECORDED", _sold(station, sales, seed + age))
        click.echo(f"    promise: median at most {2 * bare.median + 1:.2f} ms, p99 under 20 ms")
        _row("  receipts found", _searched(station))
    _measure_scans(age, sales, seed)


def _measure_scans(age: int, scans: int, seed: int) -> None:
    """At the exit gate, on a ledger of the age of which a fifth of the entries are passes."""
    n = max(age // scanning.ENTRIES_A_PASS, scans)
    folder = timing.cached(f"bench-{seed}-{n}-passes", lambda made: scanning.make(made, n, seed))
    click.echo(f"\n{n:,} passes in {n * scanning.ENTRIES_A_PASS:,} entries")
    _row(_BARE, _bare(folder, scans))
    with _station(folder) as station:
        codes = scanning.codes(station, n, scans, seed)
        _row("  scan to verdict", scanning.scanned(station, codes))
        click.echo("    promise: median under 3 ms, p99 under 20 ms")
        frames, verdicts = scanning.framed(station, codes[:_FRAMES], seed)
        _row("  camera frame 1280 x 720 to text", frames)
        _row("  camera frame 1280 x 720 to verdict", verdicts)
        click.echo("    promise: under 30 ms")


def _measure_papers(age: int, seed: int) -> None:
    """Reports of a ledger of the acts of one of that age, spread over years."""

    def make(folder: Path) -> None:
        with backup.reading(_aged(age, seed) / FILE) as conn:
            years.make(folder, backup.entries(conn), source.owner(conn)[0])

    folder = timing.cached(f"bench-{seed}-{age}-years-{tables.VERSION}", make)
    with backup.reading(folder / FILE) as conn:
        till = source.owner(conn)[0]
    click.echo(
        f"\nreports of {age:,} entries over years; promised: day 30 ms, month 100, year 1,000;"
        " a month's workbook 3 s and 150 MB, a year's CSV 2 s"
    )
    for took in years.measured(folder, till):
        memory = f", {took.memory_mb:.0f} MB" if took.memory_mb else ""
        click.echo(f"  {took.what}: {took.ms:.0f} ms of CPU{memory}")


def _row(name: str, figure: Figure) -> None:
    click.echo(f"{name:44}{figure}")


def _found(findings: object) -> str:
    return f"findings {findings}" if findings else "nothing found"


# Ledgers of an age.


def _aged(age: int, seed: int) -> Path:
    return timing.cached(f"bench-{seed}-{age}", lambda folder: make(folder, age, seed))


def make(folder: Path, age: int, seed: int) -> None:
    """A till with so many entries."""
    till = park.make(folder, app.real_world())
    selling.begin(till)
    queue = vans.queue(seed)
    while till.desk.ledger.head[0] < age:
        selling.sell(till, next(queue))
        if till.desk.ledger.head[0] % 2_000 < 2:
            till.desk.ledger.upkeep()
    till.desk.ledger.close()


# What is measured.


@contextmanager
def _station(folder: Path) -> Iterator[Station]:
    station = app.open_station(folder)
    asked(station, lambda: selling.to_window(station.till))
    try:
        yield station
    finally:
        station.thread.ask(station.till.desk.ledger.close).result()
        station.thread.stop()


def _sold(station: Station, sales: int, seed: int) -> Figure:
    """From the touch that records to the answer that says RECORDED, across the ledger's thread."""
    queue = vans.queue(seed * 7 + 1)
    return figure(selling.timed(station, next(queue)) for _ in range(sales))


def _bare(folder: Path, n: int) -> Figure:
    """Two files, each appended and synced: what the disk itself takes for a sale's bytes."""
    data = random.Random(SEED).randbytes(_SALE_BYTES)
    paths = [folder / "bare-1", folder / "bare-2"]
    opened = [os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) for path in paths]

    def both() -> None:
        for fd in opened:
            os.write(fd, data)
            os.fdatasync(fd)

    found = figure(timed(both) for _ in range(n))
    for fd, path in zip(opened, paths, strict=True):
        os.close(fd)
        path.unlink()
    return found


def _searched(station: Station) -> Figure:
    """By number, plate, code, amount and day."""
    till = station.till
    rows = station.thread.ask(till.history.find).result()
    words = [
        word for row in rows for word in (row.number, row.plate, *row.codes, str(row.total_minor // 100))
    ]
    random.Random(SEED).shuffle(words)
    today = till.desk.today()

    def search(typed: str, on: date | None = None) -> float:
        return timed(lambda: asked(station, lambda: till.history.find(typed, on)))

    found = [search(word) for word in words[:_SEARCHES]]
    return figure(iter([*found, search("", today), search("ZZZZ")]))


def _checked(station: Station, sales: int, seed: int) -> tuple[float, Figure]:
    """How long the check behind takes from a fresh start while somebody sells, and what a sale takes then."""
    began_s = time.monotonic()
    queue = vans.queue(seed * 11 + 5)
    took = [selling.timed(station, next(queue))]
    while not station.till.desk.ledger.is_checked:
        if len(took) < sales:
            took.append(selling.timed(station, next(queue)))
        time.sleep(0.05)
    return time.monotonic() - began_s, figure(iter(took))


def _started(folder: Path) -> dict[str, float]:
    """A second start of the kiosk in a process of its own, offscreen; the first warms the disk."""
    command = [sys.executable, "-m", "gatepos.rehearsal.bench", "--kiosk", str(folder)]
    env = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    for _ in range(2):
        began_ns = time.time_ns()
        told = subprocess.run(command, env=env, check=True, capture_output=True, text=True).stdout
        found: dict[str, float] = json.loads(told)
    found["start_ms"] = (found["shown_at_ns"] - began_ns) / 1e6
    return found


def _kiosk(folder: Path) -> dict[str, float]:
    """Open the kiosk, sell a few, and say when it stood and how much memory it holds."""
    from gatepos.screens import running
    from gatepos.screens.playing import Hands

    station = app.open_station(folder)
    hands = Hands(running.shown(station, (1366, 768)))
    hands.until(lambda: bool(hands.floor.sign_in.tiles))
    hands.kiosk.grab()
    shown_at_ns = time.time_ns()
    station.thread.ask(lambda: selling.to_window(station.till)).result()
    hands.floor.go("sell")
    hands.settle()
    cell = next(iter(hands.floor.sell.people.cells.values()))
    taps = figure(timed(lambda: hands.tap_and_paint(cell)) for _ in range(100))
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    hands.kiosk.close()
    return {
        "shown_at_ns": shown_at_ns, "memory_mb": memory_mb,
        "tap_ms": taps.median, "tap_p99_ms": taps.p99, "taps": taps.n,
    }  # fmt: skip


if __name__ == "__main__":
    main()

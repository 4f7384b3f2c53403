"""Central measured part by part, over each database, and printed beside what was promised."""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import click

from gatepos import app
from gatepos.rehearsal import busy, chart, growing, reconnecting, scanning, sending, serving, timing
from gatepos.rehearsal.busy import Felt
from gatepos.rehearsal.growing import Point
from gatepos.wire.bundle import Pair

Databases = Mapping[str, Callable[[], str | None]]
"""By what a database is called, how to come by a new, empty one; None is central's own file."""
_TILLS, _EACH = 300, 60
_PASSES = 2_000
_AGES = (60_000, 500_000)
"""Of ledgers whose acts each lane repeats."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures with ledgers of an age, which `aged` copies."""

    seed: int
    aged: Callable[[int], Path]
    databases: Databases

    def sending(self, count: int) -> None:
        """From a till to a central, beside what no program can do faster on this machine."""
        limit = sending.limit(self.aged(count))
        click.echo(f"\n{count:,} entries wait for central; promised for 60,000: 6 s, in the books 15 s")
        click.echo(f"  hashes and signatures checked, bare: {limit.checked_s:.2f} s of one core")
        click.echo(f"  the same bytes over the loopback, bare: {limit.loopback_s:.2f} s")
        for name, new in self.databases.items():
            found = sending.drained(self.aged(count), new())
            click.echo(
                f"  over {name}: acknowledged in {found.acked_s:.2f} s,"
                f" {found.entries / found.acked_s:,.0f} a second; in the books after {found.booked_s:.2f} s;"
                f" CPU of the till {found.till_cpu_s:.2f} s, of central {found.central_cpu_s:.2f} s"
            )

    def selling(self, count: int) -> None:
        """At a kiosk that sells meanwhile."""
        click.echo(
            f"\na kiosk sells; promised: p99 30 ms, window still 100 ms, {busy.FEED_ROWS:,} rows in 5 s"
        )
        for name, new in self.databases.items():
            with serving.served(new()) as central:
                leaving = busy.leaving(central, self.aged(count), self.seed)
            with serving.served(new()) as central:
                coming = busy.coming(central, self.aged(0), self.seed)
            click.echo(f"  over {name}: while {count:,} entries leave, {_felt(leaving)}")
            click.echo(f"  over {name}: while {busy.FEED_ROWS:,} rows of a feed come, {_felt(coming)}")

    def many(self) -> None:
        """Many tills at one moment."""
        kept = self._kept(max(10_000, _TILLS * _EACH), _TILLS * _EACH)
        click.echo(f"\n{_TILLS} tills at once, {_EACH} entries each; promised: p99 of an answer 2,000 ms")
        for name, new in self.databases.items():
            with serving.served(new()) as central:
                waiting = reconnecting.waiting(central, kept, _TILLS, self.seed)
                found = reconnecting.reconnected(central, waiting)
            before_mb, most_mb = found.memory_mb
            click.echo(
                f"  over {name}: {found.entries:,} entries acknowledged in {found.acked_s:.1f} s,"
                f" in the books after {found.booked_s:.1f} s; answers, ms: {found.answers};"
                f" memory {before_mb:.0f} MB before, {most_mb:.0f} MB at most"
            )

    def growing(self, size: int, drawing: Path | None) -> None:
        """What an entry costs from the first to the last, and the pages at the end."""
        name, new = next(iter(self.databases.items()))
        click.echo(f"\ncentral over {name} grows to {size:,} entries, {growing.LANES} lanes of a park")
        each = size // growing.LANES
        age = next(age for age in _AGES if age >= each)
        with tempfile.TemporaryDirectory(prefix="gatepos-grown-", dir=self.aged(0).parent) as made:
            folder, database = Path(made) / "central", new()
            points = list(growing.grown(folder, database, self._kept(age, each)))
            for point in points[:: max(1, len(points) // 8)] + points[-1:]:
                click.echo(f"  at {_cost(point)}")
            if drawing is not None:
                chart.drawn(points, drawing)
            passes = timing.cached(
                f"bench-{self.seed}-{_PASSES}-passes", lambda made: scanning.make(made, _PASSES, self.seed)
            )
            paper = growing.with_passes(folder, database, passes)
            click.echo("  pages, ms; promised: a day 200, a pass 30")
            for page, figure in growing.looked(folder, database, size, paper).items():
                click.echo(f"    {page:34}{figure}")

    def _kept(self, age: int, count: int) -> list[Pair]:
        ledger = app.open_till(self.aged(age)).desk.ledger
        found = list(islice(ledger.told(0), count))
        ledger.close()
        return found


def _felt(felt: Felt) -> str:
    return (
        f"{felt.took_s:.1f} s: tap to RECORDED, ms: {felt.sales}; the window still for {felt.still_ms:.0f} ms"
    )


def _cost(point: Point) -> str:
    return f"{point.entries:>9,}: taken in {point.received_us:.0f} us, booked {point.booked_us:.0f} us each"

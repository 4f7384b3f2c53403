"""`scripts/outage_day`: the morning of 3 January, set on Friday 2 January 2026, and what it came to."""

import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from gatepos import app
from gatepos.devices import printer
from gatepos.domain import money
from gatepos.rehearsal import closing
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.morning import Morning
from gatepos.rehearsal.timing import percentile

SEED, VEHICLES = 20260102, 320


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--vehicles", default=VEHICLES, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
@click.option("--close", "is_closed", is_flag=True, help="And let the manager close the day at the kiosk.")
def main(folder: Path | None, vehicles: int, seed: int, is_closed: bool) -> None:
    """Play the day in FOLDER, which is new or empty, and compare every sum; exit 1 on any difference.

    The platform is down from 04:30 to 14:00. Two lanes of Main Gate let vehicles in, East Gate lets them out
    and hears nothing of the others until evening.
    """
    place = folder or Path(tempfile.mkdtemp(prefix="gatepos-outage-"))
    if place.exists() and any(place.iterdir()):
        raise click.BadParameter(f"{place} is not empty. Name a folder that is new or empty.")
    click.echo(f"Friday 2 January 2026, {vehicles} vehicles, seed {seed}, in {place}")
    day = Morning(place, vehicles, seed)
    day.play()
    day.evening()
    day.night()
    _print_statements(day, place / "statements")
    differences = [*stated(day)]
    _told(day)
    if is_closed:
        differences += _close(day, place / "closing")
    differences += verified(day)
    for difference in differences:
        click.echo(f"DIFFERENCE: {difference}")
    click.echo("Every sum equal to the shilling." if not differences else "The sums differ.")
    sys.exit(bool(differences))


def _print_statements(day: Morning, folder: Path) -> None:
    """The paper of each outage as it was closed at 14:00."""
    paper = printer.named(f"pdf:{folder}")
    for lane, closed in zip(day.lanes, day.closed, strict=True):
        paper.print(lane.till.printing.paper(closed), lane.code)


def stated(day: Morning) -> Iterator[str]:
    """The statements against the tally."""
    for lane in day.entries:
        yield from day.tally.differences(lane.code, day.statement(lane))


def verified(day: Morning) -> Iterator[str]:
    """The ledgers against themselves; they are closed then."""
    for lane in day.lanes:
        lane.till.desk.ledger.close()
        yield from (f"{lane.code}: {finding}" for finding in app.verified(lane.folder).findings)


def _told(day: Morning) -> None:
    sums = Counter[str]()
    for lane in day.entries:
        sums.update(day.tally.of(lane.code))
    click.echo(f"{sums['passes']} passes issued, KES {money.amount(sums['passes_minor'])}")
    for name, title in _TITLES.items():
        click.echo(f"  {title:24}{money.amount(sums[name]):>14}")
    click.echo(f"  {'less what was paid twice':24}{money.amount(sums['owed_back_minor']):>14}")
    click.echo(
        f"{len(day.visits)} vehicles inside; sold after 14:00: KES {money.amount(day.tally.sold.total())}"
    )
    most = _most_an_hour(day.seconds_ms)
    click.echo(f"A second person for a limit: {len(day.seconds_ms)} times, at most {most} an hour")
    click.echo(f"\n{'seconds a vehicle':28}{'median':>8}{'p95':>8}{'n':>6}")
    _row("entry, hands and till", [took for lane in day.entries for took in lane.took_s])
    _row("exit, hands and till", day.out.took_s)
    _row("entry, the till alone", [ms / 1000 for lane in day.entries for ms in lane.own_ms])
    _row("exit, the till alone", [ms / 1000 for ms in day.out.own_ms])
    _row("entry, waiting in line", [s for lane in day.entries for s in lane.waited_s])
    _row("exit, waiting in line", day.out.waited_s)
    click.echo(
        f"The hands are played: {lanes.TOUCH_S} s a touch, {lanes.KEY_S} s a key, {lanes.LOOK_S} s a look, "
        f"{lanes.SCAN_S} s a scan, {lanes.PAPER_S} s a paper."
    )


def _close(day: Morning, folder: Path) -> list[str]:
    """How the manager closed the day, and what differs then."""
    done = closing.close(day, folder)
    took_s = done.machine_s + done.hands_s
    click.echo(
        f"\nClosed by the manager in {took_s:.0f} s: {done.touches} touches, {done.keys} keys, "
        f"{done.machine_s:.0f} s of the machine; {done.decided} differences with the statements explained, "
        f"{done.left} left; {done.files} files written, signed and checked, in {folder}."
    )
    return [
        *done.findings,
        *(f"central has {done.central.get(name)} {name}, the kiosk {n}"
          for name, n in done.kiosk.items() if done.central.get(name) != n),
    ]  # fmt: skip


_TITLES = {
    "settled_minor": "paid",
    "waived_minor": "waived",
    "undone_minor": "revoked or replaced",
    "undertaken_minor": "left on an undertaking",
    "open_minor": "open, still inside",
}


def _row(name: str, seconds: Sequence[float]) -> None:
    p95 = percentile(seconds, 95)
    click.echo(f"  {name:26}{statistics.median(seconds):8.3f}{p95:8.3f}{len(seconds):6}")


def _most_an_hour(at_ms: Sequence[int]) -> int:
    return max((sum(0 <= other - one < 3_600_000 for other in at_ms) for one in at_ms), default=0)


if __name__ == "__main__":
    main()

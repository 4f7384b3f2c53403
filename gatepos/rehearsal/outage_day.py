"""`scripts/outage_day`: a whole mixed day, set on Friday 2 January 2026, and what it came to."""

import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from gatepos import app
from gatepos.devices import printer
from gatepos.domain import money
from gatepos.rehearsal import adding_up, arrivals, closing, leaving
from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.morning import Morning
from gatepos.rehearsal.served import Served
from gatepos.rehearsal.timing import percentile

SEED, VEHICLES = 20260102, 320


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--vehicles", default=VEHICLES, show_default=True)
@click.option("--seed", default=SEED, show_default=True)
@click.option("--close", "is_closed", is_flag=True, help="And let the manager close the day at the kiosk.")
def main(folder: Path | None, vehicles: int, seed: int, is_closed: bool) -> None:
    """Play the day in FOLDER, which is new or empty, and compare every sum; exit 1 on any difference.

    The platform is down from 05:50 to 14:00. Two lanes of Main Gate let people in, Lanet Gate lets vehicles
    out; a stick goes round each hour. The tariff is stayed at 11:00, which is entered at 11:40. A group
    counts as one vehicle.
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
    differences = [*adding_up.differences(day)]
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


def verified(day: Morning) -> Iterator[str]:
    """The ledgers against themselves; they are closed then."""
    for lane in day.lanes:
        lane.till.desk.ledger.close()
        yield from (f"{lane.code}: {finding}" for finding in app.verified(lane.folder).findings)


def _told(day: Morning) -> None:
    _tell_passes(day)
    _tell_takings(day)
    most = _most_an_hour(day.seconds_ms)
    click.echo(f"A second person for a limit: {len(day.seconds_ms)} times, at most {most} an hour")
    _tell_served("in", "seconds at entry", day.hours.served)
    _tell_served("out", "seconds at exit", day.hours.served)
    click.echo(f"\n{'the till and the line':28}{'median':>8}{'p95':>8}{'n':>6}")
    for way, title in (("in", "entry"), ("out", "exit")):
        those = [one for one in day.hours.served if one.way == way]
        _row(f"{title}, the till alone", [one.own_s for one in those])
        _row(f"{title}, waiting in line", [one.waited_s for one in those])
    click.echo(
        f"The hands are played: {lanes.TOUCH_S} s a touch, {lanes.KEY_S} s a key, {lanes.LOOK_S} s a look, "
        f"{lanes.SCAN_S} s a scan, {lanes.PAPER_S} s a paper."
    )


def _tell_passes(day: Morning) -> None:
    sums = Counter[str]()
    for lane in day.entries:
        sums.update(day.tally.of(lane.code))
    click.echo(f"{sums['passes']} passes issued, KES {money.amount(sums['passes_minor'])}")
    for name, title in _TITLES.items():
        click.echo(f"  {title:24}{money.amount(sums[name]):>14}")
    click.echo(f"  {'less what was paid twice':24}{money.amount(sums['owed_back_minor']):>14}")
    anew_minor = sum(minor for _, _, minor in day.anew)
    click.echo(
        f"Of them priced anew by the stay of eleven: {len(day.anew)}, KES {money.amount(anew_minor)} now"
    )
    inside = sum(not visit.is_out for visit in day.visits)
    click.echo(f"{len(day.visits)} came in, {inside} are inside")


def _tell_takings(day: Morning) -> None:
    """What each Z says, and the park."""
    park = Counter[str]()
    for z in day.zs:
        till = str(z.fields["till"])
        came = day.tally.by_tender(till)
        park.update(came, charged=int(str(z.data["sold_minor"])))
        click.echo(
            f"Z of {till}: charged KES {money.amount(int(str(z.data['sold_minor'])))}{_by_tender(came)}"
        )
    click.echo(f"The park: charged KES {money.amount(park.pop('charged', 0))}{_by_tender(park)}")


def _by_tender(came: Mapping[str, int]) -> str:
    return "".join(f", {tender} {money.amount(minor)}" for tender, minor in sorted(came.items()))


def _tell_served(way: str, title: str, served: Sequence[Served]) -> None:
    """Seconds and touches of each kind, in the order of how many they are; RECORDED is before the paper."""
    click.echo(f"\n{title:28}{'median':>8}{'p95':>8}{'n':>6}{'touches':>9}{'keys':>6}{'RECORDED':>10}")
    those = [one for one in served if one.way == way]
    for kind, _ in Counter(one.kind for one in those).most_common():
        alike = [one for one in those if one.kind == kind]
        _kind(kind, alike)
        if kind in _SHARED:
            _kind(_SHARED[kind], alike, is_shared=True)
    _kind("all", those)


def _kind(kind: str, those: Sequence[Served], *, is_shared: bool = False) -> None:
    """A kind's row; touches and keys are medians. Shared, it is that of each vehicle, which has a paper."""
    papers = [one.hands.papers if is_shared else 1 for one in those]
    seconds = [one.took_s / n for one, n in zip(those, papers, strict=True)]
    touches = statistics.median(one.hands.touches / n for one, n in zip(those, papers, strict=True))
    keys = statistics.median(one.hands.keys / n for one, n in zip(those, papers, strict=True))
    p95 = percentile(seconds, 95)
    recorded_s = statistics.median(
        (one.took_s - one.hands.papers * lanes.PAPER_S) / n for one, n in zip(those, papers, strict=True)
    )
    click.echo(
        f"  {kind:26}{statistics.median(seconds):8.3f}{p95:8.3f}{len(those):6}{touches:9.0f}{keys:6.0f}"
        f"{recorded_s:10.3f}"
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


_SHARED = {arrivals.GROUP: "  a vehicle of it", leaving.TOGETHER: "  a pass of it"}
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

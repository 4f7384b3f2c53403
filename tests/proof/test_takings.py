"""Random days, entries of all kinds: a second reader over raw entries finds every total of every paper."""

import json
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos import i18n
from gatepos.central.store import reported
from gatepos.domain import fees, moments, parks
from gatepos.errors import Refusal
from gatepos.ledger import source as sources
from gatepos.ledger.source import Source, Standing
from gatepos.ledger.takings import Span
from gatepos.reports import daily, identities
from gatepos.reports.scope import Prices, Scope
from gatepos.till.till import Till
from tests.central.place import journal_of
from tests.gate import Gate
from tests.proof import simulated
from tests.proof.conftest import Rounds
from tests.proof.simulated import World
from tests.proof.test_money import Walker
from tests.reports import day, second
from tests.reports.second import Entry, Reader

pytestmark = pytest.mark.proof
MEMORY = Path("/dev/shm")
PRICES = Prices(fees.shipped(), fees.titles())


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def reported_of(source: Source, standings: list[Standing], span: Span, at: str) -> daily.Made:
    """The report of a span; DoesNotAddUp."""
    park, words = parks.shipped().park("NNP"), i18n.words("en")
    made = daily.made(Scope(source, span, at, tuple(standings), PRICES, park, words, is_own=True))
    identities.check(made.report.identities)
    return made


def of_till(till: Till, span: Span) -> daily.Made:
    """As the till has it."""
    ledger, code = till.desk.ledger, till.desk.own.till
    source = sources.of_ledger(ledger.conn, code, ledger.receivables)
    at = moments.to_text(till.desk.clock.wall_ms())
    return reported_of(source, sources.standings(ledger.conn, code, None), span, at)


def entries(till: Till) -> list[Entry]:
    return [json.loads(raw) for raw, _ in journal_of(till)]


def totals(made: daily.Made) -> dict[str, dict[str, int]]:
    """The totals of all papers, as a file has them."""
    return {
        sheet.name: {
            column.name: total
            for column, total in zip(sheet.columns, sheet.totals, strict=True)
            if total is not None
        }
        for sheet in made.report.sheets
        if sheet.name != "days"
    }


def spans(known: list[Entry], *tills: str) -> Iterator[Span]:
    """Every day of some entries, and all of them."""
    days = sorted({entry["day"] for entry in known})
    for one in days:
        yield Span(tills, one, one)
    yield Span(tills, days[0], days[-1])


def read(known: list[Entry], span: Span) -> dict[str, dict[str, int]]:
    return second.Reader(known, span.first, span.last, {*span.tills}).totals()


def test_whatever_clerks_do_the_papers_of_their_till_say_it(folder: Path, seed: int, rounds: Rounds) -> None:
    kinds: Counter[str] = Counter()
    for n in range(rounds(2, 70)):
        walker = Walker(Gate(folder / str(n)), random.Random(seed + n))
        for _ in range(700):
            walker.step()
            if walker.chance.random() < 0.004:
                walker.gate.clock.pass_by(moments.DAY_MS // 2)
        known = entries(walker.till)
        for span in spans(known, "XNM2"):
            assert totals(of_till(walker.till, span)) == read(known, span), (seed + n, span)
        kinds.update(entry["kind"] for entry in known)
        walker.till.desk.ledger.close()
    print(f"\ntakings of clerks, seeds from {seed}: {sum(kinds.values())} entries of {len(kinds)} kinds")


def test_a_days_own_variety_is_said_whatever_else_happened(folder: Path, seed: int) -> None:
    walker = Walker(Gate(folder / "park"), random.Random(seed))
    walker.till.sign_in.sign_in("07", "246813")
    walker.open()
    walker.till.shifts.to_window()
    day.played(walker.till)
    assert walker.till.window.last is not None
    walker.carried[walker.till.window.last.entry.id] = 0
    for _ in range(200):
        walker.step()
    known = entries(walker.till)
    for span in spans(known, "XNM2"):
        assert totals(of_till(walker.till, span)) == read(known, span)
    walker.till.desk.ledger.close()


def test_a_park_is_reported_alike_by_its_tills_and_by_central(
    folder: Path, seed: int, rounds: Rounds
) -> None:
    simulated.template(folder / "made")
    for n in range(rounds(1, 30)):
        world = World(folder / str(seed + n), folder / "made", seed + n)
        world.day()
        world.night()
        with_refusals(world)
        known = [entry for lane in world.lanes.values() for entry in entries(lane.till)]
        tills = tuple(sorted(world.lanes))
        for span in spans(known, *tills):
            expected = read(known, span)
            with world.place.store.reading() as tx:
                found = reported_of(
                    reported.source(tx, tills, ["NNP"]),
                    reported.standings(tx, "NNP"),
                    span,
                    world.place.central.now(),
                )
            assert totals(found) == expected, (seed + n, span)
            for lane in world.lanes.values():
                assert totals(of_till(lane.till, span)) == expected, (seed + n, lane.gate.code)
        world.close()


def with_refusals(world: World) -> None:
    """One more day, as far as it comes."""
    try:
        world.day()
    except Refusal:
        world.all_told()


def test_a_reader_that_misses_an_entry_differs(folder: Path, seed: int) -> None:
    walker = Walker(Gate(folder / "park"), random.Random(seed))
    walker.till.sign_in.sign_in("07", "246813")
    walker.open()
    walker.till.shifts.to_window()
    day.sold(walker.till, code="UA26X1Y2ZA")
    known = entries(walker.till)
    (span,) = [span for span in spans(known, "XNM2") if span.first == span.last][-1:]
    assert read(known[:-1], span) != totals(of_till(walker.till, span))
    assert isinstance(Reader(known, span.first, span.last, {"XNM2"}).totals(), dict)
    walker.till.desk.ledger.close()

"""The mixed day with an outage in small: every sum of three tills equal to a tally kept beside them."""

import copy
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from click.testing import CliRunner

from gatepos import app
from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.rehearsal import adding_up, arrivals, kinds, leaving, outage_day
from gatepos.rehearsal.morning import Morning
from gatepos.rehearsal.tally import Tally
from tests.gate import CHEAP
from tests.proof.conftest import rounds_of, seed_of

pytestmark = pytest.mark.proof
EXITS = {
    leaving.PAID, leaving.PAYS, leaving.IN_PART, leaving.OWING, leaving.ANEW, leaving.ON_FOOT,
    leaving.TO_COME_BACK, leaving.TOGETHER,
}  # fmt: skip
BACK = {f"{leaving.COMES_BACK}{ground}" for ground in ("camping", "medical")}


@pytest.fixture(scope="module")
def day(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    """A day played to its end; its ledgers are open."""
    vehicles, seed = rounds_of(request.config)(24, 320), seed_of(request.config)
    day = Morning(tmp_path_factory.mktemp("outage"), vehicles, seed, CHEAP)
    day.play()
    day.evening()
    day.night()
    print(f"\n{vehicles} vehicles, {len(day.tally.issued)} passes; seed {seed}")
    yield day
    for lane in day.lanes:
        lane.till.desk.ledger.close()


def test_everybody_who_comes_to_a_gate_came(day: Morning) -> None:
    came = {way: {one.kind for one in day.hours.served if one.way == way} for way in ("in", "out")}
    assert came == {"in": {*kinds.KINDS, *BACK}, "out": EXITS}


def test_the_day_closes_to_the_shilling(day: Morning) -> None:
    assert [*adding_up.differences(day)] == []
    assert len(day.zs) == len(day.lanes)
    assert {lane.till.desk.ledger.state.schedule for lane in day.lanes} == {"CF2016"}
    sums = [day.tally.of(lane.code) for lane in day.entries]
    for became in ("settled_minor", "waived_minor", "undertaken_minor"):
        assert sum(one[became] for one in sums) > 0, became


def test_the_unpaid_passes_since_eleven_are_paid_at_the_stayed_price(day: Morning) -> None:
    assert len(day.anew) >= 2
    paid = [new for _, new, minor in day.anew if day.tally.settled[new] == minor]
    assert paid


def groups(day: Morning, series: str) -> list[list[leaving.Visit]]:
    """The groups whose vehicles have passes, or receipts."""
    found = [visit.group for visit in day.visits if visit.arrival.kind == arrivals.GROUP]
    return [group for group in found if {numbers.parse(one.number).series for one in group} == {series}]


def by_reference(entries: list[Entry]) -> dict[str, list[Entry]]:
    """What each payment paid."""
    found = defaultdict(list)
    for entry in entries:
        for tender in cast("list[dict[str, Any]]", entry.data["tenders"]):
            found[tender["reference"]].append(entry)
    return found


def test_a_group_has_a_receipt_for_each_vehicle_and_is_paid_by_one_code_or_two(day: Morning) -> None:
    paid, codes = groups(day, numbers.RECEIPT), set()
    for group in paid:
        ledger = group[0].lane.till.desk.ledger
        entries = [entry for one in group if (entry := ledger.by_number(one.number))]
        assert 3 <= len({str(entry.data["plate"]) for entry in entries}) == len(group) <= 6
        assert len({entry.data["operator"] for entry in entries}) == 1
        codes.add(len(by_reference(entries)))
    assert codes == {1, 2}


def test_a_group_has_a_pass_for_each_vehicle_and_one_tender_pays_them(day: Morning) -> None:
    issued = [{one.number for one in group} for group in groups(day, numbers.PASS)]
    assert issued
    paid = by_reference(day.out.till.desk.ledger.of_kind("pass.settled"))
    together = [{str(entry.data["pass"]) for entry in entries} for entries in paid.values()]
    assert [passes for passes in together if len(passes) > 2 and any(passes <= group for group in issued)]


def test_the_ledgers_of_the_day_verify(day: Morning, tmp_path: Path) -> None:
    for lane in day.lanes:
        copied = shutil.copytree(lane.folder, tmp_path / lane.code)
        assert app.verified(copied).findings == []


def _sold(tally: Tally) -> None:
    tally.sold["XLM1"] += 100


def _issued(tally: Tally) -> None:
    tally.issued[next(iter(tally.issued))] += 100


def _settled(tally: Tally) -> None:
    tally.settled[next(iter(tally.issued))] -= 100


def _waived(tally: Tally) -> None:
    tally.waived[next(iter(tally.issued))] += 100


def _undertaken(tally: Tally) -> None:
    tally.undertaken.clear()


def _taken(tally: Tally) -> None:
    tally.taken["XLL1", "mpesa"] += 100


def _price(tally: Tally) -> None:
    tally.compare("XLM1R0000010", 4_394_100, 4_394_000)


def test_a_pass_of_a_group_that_is_off_by_a_shilling_is_a_difference(
    day: Morning, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day, "tally", copy.deepcopy(day.tally))
    for group in groups(day, numbers.PASS):
        for vehicle in group:
            day.tally.issued[vehicle.number] += 100
            assert [*adding_up.differences(day)] != []
            day.tally.issued[vehicle.number] -= 100
    assert [*adding_up.differences(day)] == []


@pytest.mark.parametrize("broken", [_sold, _issued, _settled, _waived, _undertaken, _taken, _price])
def test_a_sum_that_is_off_by_a_shilling_is_a_difference(
    day: Morning, monkeypatch: pytest.MonkeyPatch, broken: Callable[[Tally], None]
) -> None:
    monkeypatch.setattr(day, "tally", copy.deepcopy(day.tally))
    broken(day.tally)
    assert [*adding_up.differences(day)] != []


def test_what_is_paid_in_part_after_a_waiver_nobody_had_heard_of_is_owed_back_and_not_undertaken() -> None:
    tally = Tally(issued={"XLM2P000029R": 1_883_200}, undertaken={"XLM2P000029R"})
    tally.waived["XLM2P000029R"] = 1_883_200
    tally.settled["XLM2P000029R"] = 941_600
    sums = tally.of("XLM2")
    assert (sums["undertaken_minor"], sums["open_minor"], sums["owed_back_minor"]) == (0, 0, 941_600)


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "takings.txt"
    kept.write_text("KES 43,940")
    told = CliRunner().invoke(outage_day.main, [str(tmp_path)])
    assert (told.exit_code, f"{tmp_path} is not empty" in told.output) == (2, True)
    assert list(tmp_path.iterdir()) == [kept]

"""The kiosk opens a spare where a till cannot go on: its disk is gone, or its journal exists twice."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from gatepos import app, opening, spares
from gatepos.errors import Said, Trouble
from gatepos.ledger.troubles import LedgerInUse
from gatepos.screens import running
from gatepos.sync.returning import TillForked
from gatepos.till.spare import Spare, Wish
from gatepos.till.station import Station
from tests.gate import MANAGER, MANAGER_PIN
from tests.spare_gate import Park, park_in

Begin = Callable[[str, Wish], object]


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Park]:
    """A gate whose till is stopped, and a spare of it."""
    with park_in(tmp_path) as made:
        made.till().desk.ledger.close()
        made.spare()
        yield made


@pytest.fixture
def sold_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tills at which the kiosk opened; a hand starts whichever spare is offered."""
    codes: list[str] = []

    def shown(station: Station, *, size: object) -> int:
        codes.append(station.till.desk.own.till)
        station.close()
        return 0

    def started(
        offers: Mapping[str, Spare], _: object, begin: Begin, looks: object, why: Said | None, *, size: object
    ) -> str:
        codes.append(type(why).__name__)
        till = next(iter(offers))
        begin(till, Wish(offers[till].follows, "disk", MANAGER, MANAGER_PIN))
        return till

    monkeypatch.setattr(running, "run", shown)
    monkeypatch.setattr(running, "start_spare", started)
    return codes


def test_a_till_that_opens_needs_no_spare(park: Park, sold_at: list[str]) -> None:
    assert opening.run(park.folder / "till") == 0
    assert sold_at == ["NMG2"]


def test_where_the_disk_lost_everything_the_spare_is_offered(park: Park, sold_at: list[str]) -> None:
    for path in ("ledger.db", "tape"):
        whole = park.folder / "till" / path
        shutil.rmtree(whole) if whole.is_dir() else whole.unlink()
    assert opening.run(park.folder / "till") == 0
    assert sold_at == ["NoLedger", "NMS1"]


def test_a_spares_own_folder_starts_it(park: Park, sold_at: list[str]) -> None:
    assert opening.run(park.folder / "spare") == 0
    assert sold_at == ["NoneType", "NMS1"]


def test_an_empty_folder_beside_a_spare_offers_it_on_its_first_page(
    park: Park, sold_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def first_run(*_: object, has_spare: bool, size: object) -> str:
        asked.append(has_spare)
        return running.SPARE

    monkeypatch.setattr(running, "first_run", first_run)
    assert opening.run(park.folder / "new disk") == 0
    assert (asked, sold_at) == ([True], ["NoneType", "NMS1"])


def test_a_till_in_use_is_no_reason_for_a_spare(park: Park, sold_at: list[str]) -> None:
    till = park.opened("till")
    with pytest.raises(LedgerInUse):
        opening.run(park.folder / "till")
    till.desk.ledger.close()
    assert sold_at == []


def test_without_a_spare_the_trouble_is_said(park: Park, sold_at: list[str]) -> None:
    shutil.rmtree(park.folder / "spare")
    (park.folder / "till" / app.KEY).unlink()
    with pytest.raises(Trouble):
        opening.run(park.folder / "till")


def test_a_journal_that_exists_twice_goes_on_at_the_spare_once_its_shift_is_closed(park: Park) -> None:
    station = app.open_station(park.folder / "till")
    ledger = station.till.desk.ledger
    assert opening.over(station) is None
    station.thread.ask(lambda: ledger.hold(TillForked())).result()
    assert isinstance(opening.over(station), TillForked)
    station.close()


def test_spares_are_found_on_a_stick(park: Park, tmp_path: Path) -> None:
    stick = tmp_path / "media" / "user" / "STICK"
    stick.mkdir(parents=True)
    shutil.move(park.folder / "spare", stick / "spare")
    found = spares.offered(park.folder / "till", (tmp_path / "media",))
    assert [offer.folder for offer in found] == [stick / "spare"]


def test_a_till_that_starts_loads_nothing_that_only_exports_need() -> None:
    names = {"xlsxwriter", "reportlab", "openpyxl"}
    loaded = f"import sys, gatepos.opening; print(sorted({names!r} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"

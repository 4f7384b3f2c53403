"""A backup at the shift's close: copied while others sell, read back, and told."""

from concurrent.futures import Future
from pathlib import Path

import pytest

from gatepos.ledger import backup
from gatepos.ledger.media import NoMedium
from gatepos.screens.playing import Hands
from gatepos.till.views import RecordedView
from tests.gate import NON_RESIDENT
from tests.screens.conftest import asked


def test_closing_a_shift_backs_up_where_a_folder_was_chosen(selling: Hands, tmp_path: Path) -> None:
    floor, medium = selling.floor, tmp_path / "stick"
    medium.mkdir()
    floor.station.settings = floor.station.settings.__class__(backup=str(medium))
    selling.touch(floor.bar.tabs["shift"])
    selling.touch(floor.shift.count.close_shift)
    selling.until(lambda: "read back" in floor.banner.words.text())
    copies = list(medium.glob("*.backup.db"))
    assert len(copies) == 1
    assert backup.check(copies[0]).is_whole


def test_a_sale_goes_on_between_two_slices_of_a_backup(
    selling: Hands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_PAGES", 5)
    floor = selling.floor
    thread, ledger = floor.station.thread, floor.till.desk.ledger
    selling.add(floor.sell.people.cells[NON_RESIDENT])
    sold: list[Future[object]] = []

    def sell() -> object:
        floor.till.payments.pay("mpesa")
        return floor.till.payments.mpesa("UA26X1Y2ZQ", "10360")

    def give_way() -> None:
        if not sold:
            sold.append(thread.ask(sell))
        thread.give_way()

    (tmp_path / "stick").mkdir()
    copied = asked(selling, lambda: ledger.copy(tmp_path / "stick", give_way))
    assert isinstance(sold[0].result(timeout=0), RecordedView)
    made = copied.checked()
    assert made.seq == asked(selling, lambda: ledger.head)[0]


def test_a_stick_that_was_taken_out_is_said_and_no_folder_takes_its_place(
    selling: Hands, tmp_path: Path
) -> None:
    medium = tmp_path / "taken" / "out"
    with pytest.raises(NoMedium):
        selling.floor.station.back_up(medium).result()
    assert not medium.exists()

"""Reconciliation with real touches: a statement is read, things are decided, the sheet is exported."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.reports import manifest, places
from gatepos.reports.reconcile import Total
from gatepos.screens.playing import Hands
from gatepos.screens.reconcile import ReconcileScreen
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, OTHER, OTHER_PIN
from tests.reports.statement_files import COLUMNS, as_csv, as_xlsx, heading, paid, taken_back
from tests.screens.conftest import Opened, asked, at_work

CODES = ("UA26X1Y2ZQ", "UA26X1Y20R", "UA26X1Y2ZS", "UA26X1Y2ZT")
AT = "02-01-2026 10:25:00"
ROWS = (
    paid("UA26X1Y2ZQ", "1,000.00", "KDA412M", AT),
    paid("UA26X1Y2OR", "1,000.00", "", AT),
    paid("UA26X1Y2ZS", "700.00", "", AT),
    paid("UA26X1Y2ZX", "2,500.00", "LODGE 7", AT),
    paid("UA26X1Y2ZT", "1,000.00", "", AT),
    taken_back("UA26X1Y2ZU", "-1,000.00", "UA26X1Y2ZT"),
)


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stick with a statement of the day, and something else."""
    folder = tmp_path / "stick"
    folder.mkdir()
    (folder / "statement.xlsx").write_bytes(as_xlsx([*heading("222222"), COLUMNS, *ROWS]))
    (folder / "holiday.jpg").write_bytes(b"")
    monkeypatch.setattr(places, "folders", lambda: [folder])
    return folder


@pytest.fixture
def screen(opened: Opened, stick: Path) -> tuple[Hands, ReconcileScreen]:
    """Four receipts by M-PESA, and a manager at Reconciliation."""
    hands = opened()
    till = hands.floor.till

    def sell() -> None:
        till.sign_in.sign_in("07", "246813")
        till.shifts.open("0")
        for code in CODES:
            till.checkout.tap(EA_CITIZEN)
            till.payments.pay("mpesa")
            till.payments.mpesa(code, "1,000")
            if till.window.number() is not None:
                till.payments.record()
        till.sign_in.sign_out()
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)
        agreed = {"staff": OTHER, "roles": ["supervisor"], "from_on": None, "until_on": None}
        till.desk.employ(till.desk.write("staff.changed", {**agreed, "feed_version": None}).entry)
        till.sign_in.sign_out()

    asked(hands, sell)
    at_work(hands, MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["takings"])
    hands.touch(hands.floor.takings.panel.reconcile)
    room = hands.floor.reconcile
    hands.until(lambda: len(room.matches) == len(CODES))
    return hands, room


def states(room: ReconcileScreen) -> dict[str, str]:
    return {match.code: match.state for match in room.matches}


def read_in(hands: Hands, room: ReconcileScreen, found: int = len(ROWS)) -> None:
    """Read the statement of six payments on the stick; after it so many things are shown."""
    hands.touch(room.panel.read)
    hands.until(lambda: room.left.currentWidget() is room.choosing)
    assert [tile.accessibleName().split()[0] for tile in room.choosing.tiles] == ["statement.xlsx", "Another"]
    hands.touch(room.choosing.tiles[0])
    hands.until(lambda: "Read: 6 payments" in room.panel.told.text() and len(room.matches) == found)
    hands.settle()


def open_(hands: Hands, room: ReconcileScreen, code: str) -> None:
    (number,) = [row.number for row in room.found._rows if row.match.code == code]
    hands.touch(room.found.tiles[number])


def test_the_statement_on_a_stick_is_read_and_the_rest_is_listed(
    screen: tuple[Hands, ReconcileScreen],
) -> None:
    hands, room = screen
    assert set(states(room).values()) == {"waiting"}
    read_in(hands, room)
    assert "confirmed: 1" in room.panel.told.text()
    assert states(room) == {
        "UA26X1Y2ZQ": "confirmed", "UA26X1Y20R": "unknown", "UA26X1Y2OR": "unmatched",
        "UA26X1Y2ZS": "short", "UA26X1Y2ZX": "unmatched", "UA26X1Y2ZT": "reversed",
    }  # fmt: skip
    assert [row.match.is_open for row in room.found._rows] == [True] * 5
    totals = room.panel.lines.lines.accessibleName()
    assert "M-PESA 222222 +KES 1,200" in totals
    assert "On the statement KES 5,200" in totals
    assert "Taken at the gates KES 4,000" in totals
    assert "Held" not in totals
    room.panel.show_totals([Total("mpesa", "222222", "over", 1, 1, 100_000, 150_000, 1, held_minor=50_000)])
    assert "Held: refund or reuse KES 500" in room.panel.lines.lines.accessibleName()


def test_only_a_difference_is_a_warning_in_the_totals(screen: tuple[Hands, ReconcileScreen]) -> None:
    _, room = screen
    same = Total("mpesa", "222222", "confirmed", claims=1, lines=1, used_minor=100_000, paid_minor=100_000)
    for total, meaning in ((same, "ink"), (replace(same, paid_minor=90_000), "owed_words")):
        room.panel.show_totals([total])
        assert room.panel.lines.lines._lines[0].meaning == meaning


def test_enter_at_the_days_and_the_search_puts_the_keys_away(screen: tuple[Hands, ReconcileScreen]) -> None:
    hands, room = screen
    for entry in (room.found.words, room.found.first, room.found.last):
        hands.touch(entry.line)
        assert room.typing.isVisible()
        hands.enter()
        assert not room.typing.isVisible()


def test_each_thing_is_decided_with_a_reason_until_nothing_is_left(
    screen: tuple[Hands, ReconcileScreen],
) -> None:
    hands, room = screen
    read_in(hands, room)
    open_(hands, room, "UA26X1Y20R")
    hands.touch(room.panel.suggested[0])
    hands.type("read it on his phone")
    hands.enter()
    hands.until(lambda: states(room).get("UA26X1Y20R") == "confirmed")
    open_(hands, room, "UA26X1Y2ZX")
    hands.touch(room.panel.decisions["not_ours"])
    hands.type("the lodge")
    hands.enter()
    hands.until(lambda: states(room)["UA26X1Y2ZX"] == "not_ours")
    open_(hands, room, "UA26X1Y2ZS")
    hands.touch(room.panel.decisions["written_off"])
    hands.type("he had no more")
    hands.enter()
    hands.until(lambda: room.left.currentWidget() is room.second)
    hands.type(OTHER)
    hands.enter()
    hands.type(OTHER_PIN)
    hands.enter()
    hands.until(lambda: sum(match.is_open for match in room.matches) == 1)
    open_(hands, room, "UA26X1Y2ZT")
    hands.touch(room.panel.dispute)
    hands.type("sent back to himself")
    hands.enter()
    hands.until(lambda: any(claim.is_disputed for match in room.matches for claim in match.claims))
    ledger = hands.floor.till.desk.ledger
    decided = asked(hands, lambda: ledger.of_kind("claim.decided"))
    assert [(entry.data["decision"], entry.fields["also"] is not None) for entry in decided] == [
        ("is_line", False), ("not_ours", False), ("written_off", True),
    ]  # fmt: skip


def test_a_statement_without_a_payment_that_another_has_is_told(
    screen: tuple[Hands, ReconcileScreen], stick: Path
) -> None:
    hands, room = screen
    read_in(hands, room)
    rows = [*ROWS[1:], paid("UA26X1Y2ZY", "5.00", "", "02-01-2026 12:00:00")]
    (stick / "statement.xlsx").write_bytes(as_xlsx([*heading("222222"), COLUMNS, *rows]))
    read_in(hands, room, len(ROWS) + 1)
    assert "New: 1." in room.panel.told.text()
    assert "has not: UA26X1Y2ZQ. One of the two is false." in room.panel.told.text()


def test_a_statement_is_withdrawn_by_two_and_its_payments_count_nowhere(
    screen: tuple[Hands, ReconcileScreen],
) -> None:
    hands, room = screen
    hands.touch(room.panel.withdraw)
    hands.until(lambda: room.panel.told.text() == "No statement was read here.")
    read_in(hands, room)
    hands.touch(room.panel.withdraw)
    hands.until(lambda: room.left.currentWidget() is room.choosing)
    (tile,) = room.choosing.tiles
    assert tile.accessibleName().startswith("M-PESA 222222 · ")
    assert "6 payments · read" in tile.accessibleName()
    hands.touch(tile)
    hands.type("forged")
    hands.enter()
    hands.until(lambda: room.left.currentWidget() is room.second)
    hands.type(OTHER)
    hands.enter()
    hands.type(OTHER_PIN)
    hands.enter()
    hands.until(lambda: set(states(room).values()) == {"waiting"})
    assert room.panel.told.text() == "WITHDRAWN. Its payments count nowhere."


def test_the_signed_sheet_goes_to_the_stick_and_checks(
    screen: tuple[Hands, ReconcileScreen], stick: Path
) -> None:
    hands, room = screen
    read_in(hands, room)
    hands.touch(room.panel.export)
    hands.touch(room.choosing.tiles[0])
    hands.until(lambda: "read back" in room.panel.told.text() and "Written" in room.panel.told.text())
    (folder,) = [path for path in stick.iterdir() if path.is_dir()]
    found = manifest.check(folder)
    assert found.findings == ()
    assert {file.name for file in found.files} >= {
        "paybill_reconciliation.csv", "reconciliation_items.csv",
    }  # fmt: skip


def test_a_file_that_says_no_paybill_is_asked_of_which_it_is(
    screen: tuple[Hands, ReconcileScreen], stick: Path
) -> None:
    hands, room = screen
    (stick / "statement.xlsx").unlink()
    (stick / "a.csv").write_bytes(as_csv([COLUMNS, *ROWS]))
    hands.touch(room.panel.read)
    hands.touch(room.choosing.tiles[0])
    hands.until(lambda: room.typing.isVisible())
    hands.settle()
    hands.type("222222")
    hands.enter()
    hands.until(lambda: "Read: 6 payments" in room.panel.told.text())


def test_the_columns_of_a_card_settlement_are_touched(
    screen: tuple[Hands, ReconcileScreen], stick: Path
) -> None:
    hands, room = screen
    (stick / "statement.xlsx").write_bytes(as_csv([("Wann", "Nummer", "Betrag"), (AT, "A1B2C3", "500")]))
    hands.touch(room.panel.read)
    hands.touch(room.choosing.tiles[0])
    hands.until(lambda: room.choosing.tiles[0].accessibleName().startswith("Yes"))
    hands.touch(room.choosing.tiles[0])
    for name in ("Nummer", "Betrag", "Wann"):
        hands.until(lambda name=name: any(t.accessibleName() == name for t in room.choosing.tiles))  # type: ignore[misc]
        hands.touch(next(tile for tile in room.choosing.tiles if tile.accessibleName() == name))
    hands.until(lambda: "Read: 1 payments" in room.panel.told.text())


def test_a_clerk_does_not_see_the_way_there(selling: Hands) -> None:
    assert not selling.floor.bar.tabs["takings"].isVisible()

"""Takings with real touches: the figures are the ledger's, the papers open, exports are whole."""

import threading
from datetime import date
from pathlib import Path

import pytest

from gatepos.domain import money
from gatepos.ledger import takings as sums
from gatepos.ledger.takings import Span
from gatepos.reports import daily, days, export, manifest, outage_statement, places
from gatepos.reports.days import Unit
from gatepos.reports.papers import register
from gatepos.reports.scope import Scope
from gatepos.screens.look import TEXT
from gatepos.screens.playing import Hands
from gatepos.screens.takings import LookedAway, TakingsScreen
from gatepos.screens.widgets import paint
from gatepos.screens.widgets.button import TouchButton
from gatepos.till import carrying
from gatepos.till.station import Station
from tests.gate import MANAGER, MANAGER_PIN, Gate, selling
from tests.reports import day
from tests.screens.conftest import Opened, asked, at_work


@pytest.fixture
def screen(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Hands, TakingsScreen]:
    """A day with everything in it, and a manager at Takings; a stick is in."""
    (tmp_path / "stick").mkdir()
    for name in ("folders", "sticks"):
        monkeypatch.setattr(places, name, lambda: [tmp_path / "stick"])
    return at_takings(opened())


def looks(room: TakingsScreen) -> list[TouchButton]:
    """The things to look at that can be touched."""
    items = (room.face.looks.itemAt(place) for place in range(room.face.looks.count()))
    return [widget for item in items if item and isinstance(widget := item.widget(), TouchButton)]


def at_takings(hands: Hands) -> tuple[Hands, TakingsScreen]:
    till = hands.floor.till

    def live() -> None:
        till.sign_in.sign_in("07", "246813")
        till.shifts.open("2000")
        day.played(till)
        till.sign_in.sign_out()

    asked(hands, live)
    at_work(hands, MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["takings"])
    room = hands.floor.takings
    hands.until(lambda: room.seen is not None)
    return hands, room


def test_what_was_collected_is_what_the_ledger_holds(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    ledger = hands.floor.till.desk.ledger

    def taken() -> int:
        span = Span((ledger.context.till,), "2026-01-02", "2026-01-02")
        found = sums.taken(sums.of_ledger(ledger.conn), span, "currency", but="ecitizen")
        return next(one.minor for one in found if one.by == ("KES",))

    assert room.face.collected.figure.replace("\xa0", " ") == money.shown("KES", asked(hands, taken))
    assert room.face.prepaid.figure == "1 ticket"
    assert room.face.owed.figure != "–"
    found = daily.made(room.scopes.of(days.of(Unit.DAY, date(2026, 1, 2)), lambda: None))
    (visitors,) = (row[1] for row in found.report.sheets[0].rows if row[0] == "Visitors")
    assert room.face.people_title.text() == f"Visitors admitted: {visitors}"
    assert found.said["people"] == visitors
    assert found.said["crew"] > 0
    free = f"crew: {found.said['crew']}, counted apart"
    assert free in room.face.people.accessibleName(), "no number of them stands under an age"
    assert room.face.held.isVisible()
    assert "Held, to be refunded or to pay the next bill" in room.face.held.text()
    assert "not exported yet" in room.face.version.text()
    assert "M-PESA" in room.face.ways.accessibleName()
    assert "Collected here" in room.face.ways.accessibleName()


def test_another_day_has_nothing_and_the_month_has_the_day(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    of_day = room.face.collected.figure
    hands.touch(room.face.earlier)
    hands.until(lambda: room.seen is not None)
    assert room.days is not None
    assert room.days.first == date(2026, 1, 1)
    assert room.face.collected.figure == "KES\xa00"
    hands.touch(room.face.units["month"])  # type: ignore[index]
    hands.until(lambda: room.seen is not None)
    assert (room.days.first, room.days.last) == (date(2026, 1, 1), date(2026, 1, 31))
    assert room.face.collected.figure == of_day
    assert "by day" in room.face.charts.title.text()


def test_a_range_in_the_wrong_order_is_refused(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    hands.touch(room.face.units["range"])  # type: ignore[index]
    hands.type("3.1.2026")
    hands.enter()
    hands.type("1.1.2026")
    hands.enter()
    hands.until(lambda: "is no range" in hands.floor.banner.words.text())
    assert room.days is not None
    assert room.days.is_day


def test_every_paper_of_the_day_opens(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    assert room.seen is not None
    made = daily.made(room.scopes.of(days.of(Unit.DAY, date(2026, 1, 2)), lambda: None))
    papers = [paper for paper in made.report.sheets if paper.name not in outage_statement.TITLES]
    for place, paper in enumerate(papers):
        hands.touch(room.panel.papers)
        hands.until(lambda: len(room.choosing.tiles) == len(papers))
        room.choosing.tiles[place].click()
        hands.until(room.paper.isVisible)
        assert room.paper.title.text() == paper.title
        assert room.paper.table.model().rowCount() >= len(paper.rows)
        hands.touch(room.paper.back)


def test_the_statement_of_the_days_outages_opens(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    hands.touch(room.panel.outage)
    hands.until(lambda: bool(room.choosing.tiles))
    room.choosing.tiles[0].click()
    hands.until(room.paper.isVisible)
    assert room.paper.title.text() == "Outages"
    assert room.paper.table.model().rowCount() >= 1


def test_what_stands_out_opens_its_entries(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    hands.until(lambda: bool(looks(room)))
    tile = looks(room)[0]
    hands.touch(tile)
    hands.until(room.paper.isVisible)
    assert room.paper.table.model().rowCount() > 0


def test_an_export_to_a_stick_is_whole_and_is_the_next_version(
    screen: tuple[Hands, TakingsScreen], tmp_path: Path
) -> None:
    hands, room = screen
    hands.touch(room.panel.csv)
    hands.until(lambda: bool(room.choosing.tiles))
    room.choosing.tiles[0].click()
    hands.until(lambda: "may be taken out" in room.panel.told.text())
    (folder,) = (tmp_path / "stick").iterdir()
    till = hands.floor.till.desk.own
    checked = manifest.check(folder, {till.till: till.public})
    assert (checked.first, checked.findings) == ("2026-01-02", ())
    hands.until(lambda: room.seen is not None and "not exported" not in room.face.version.text())


def test_what_changed_after_an_export_is_a_short_line_that_opens_it_all(
    screen: tuple[Hands, TakingsScreen],
) -> None:
    hands, room = screen
    hands.touch(room.panel.csv)
    hands.until(lambda: bool(room.choosing.tiles))
    room.choosing.tiles[0].click()
    hands.until(lambda: "may be taken out" in room.panel.told.text())
    assert not room.face.changes.isVisible()
    asked(hands, lambda: [day.sold(hands.floor.till, "cash", n=n) for n in (1, 2)])
    room.look(days.of(Unit.DAY, date(2026, 1, 2)))
    hands.until(lambda: room.seen is not None and "Since version 1" in room.face.version.text())
    assert room.face.version.text().count("Since version 1") == 1
    assert room.face.version.text().count("→") == 3
    hands.touch(room.face.changes)
    hands.until(room.paper.isVisible)
    assert room.paper.table.model().rowCount() > 3


def test_a_stick_that_is_gone_is_named_and_nothing_is_kept(
    screen: tuple[Hands, TakingsScreen], tmp_path: Path
) -> None:
    hands, room = screen
    (tmp_path / "stick").rmdir()
    hands.touch(room.panel.stick)
    hands.until(lambda: bool(room.choosing.tiles))
    room.choosing.tiles[0].click()
    hands.until(lambda: "There is no folder" in hands.floor.banner.words.text())
    assert room.panel.told.text() == ""
    assert room.panel.xlsx.isVisible()


def test_a_clerk_does_not_see_takings(selling: Hands) -> None:
    assert not selling.floor.bar.tabs["takings"].isVisible()


def test_an_export_that_is_stopped_while_the_ledger_is_read_writes_nothing(
    screen: tuple[Hands, TakingsScreen], tmp_path: Path
) -> None:
    hands, room = screen
    go_on = threading.Event()
    hands.floor.station.thread.ask(go_on.wait)
    room.export((export.CSV,), tmp_path / "stick")
    assert "Reading" in room.panel.told.text()
    room.panel.stop.click()
    go_on.set()
    hands.until(lambda: "was stopped" in hands.floor.banner.words.text())
    assert list((tmp_path / "stick").iterdir()) == []
    assert room.panel.xlsx.isVisible()


def test_each_chart_is_there_and_seconds_are_read_when_they_are_wanted(
    screen: tuple[Hands, TakingsScreen],
) -> None:
    hands, room = screen
    charts = room.face.charts
    assert charts.upright.accessibleName().startswith("10 ")
    hands.touch(charts)
    assert "M-PESA 222222" in charts.across.accessibleName()
    hands.touch(charts)
    assert "Non-resident" in charts.across.accessibleName()
    for title in ("at entry", "on exit"):
        hands.touch(charts)
        hands.until(lambda: any("half within 0 s" in name for _, name, _ in charts.upright.legend))
        assert title in charts.title.text()
    hands.touch(charts)
    assert "by hour" in charts.title.text()


@pytest.mark.parametrize("language", ["en", "sw"])
def test_no_name_of_a_legend_is_cut_in_a_narrow_window(
    opened: Opened, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, room = at_takings(opened((1024, 768), language))
    chart = room.face.charts.upright
    assert len(chart.legend) == 3
    for box, name, _ in chart.legend:
        assert box.left() >= 0
        assert box.right() < chart.width()
        assert box.width() >= 18 + paint.width(name, TEXT)
    boxes = [box for box, _, _ in chart.legend]
    assert not any(a.intersects(b) for place, a in enumerate(boxes) for b in boxes[place + 1 :])


def test_a_look_makes_no_paper_and_an_export_takes_those_that_were_opened(
    screen: tuple[Hands, TakingsScreen], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, room = screen
    made: list[str] = []
    sheet = register.sheet

    def counted(scope: Scope) -> object:
        made.append("register")
        return sheet(scope)

    monkeypatch.setattr(register, "sheet", counted)
    room.start()
    hands.until(lambda: room.seen is not None)
    hands.touch(room.panel.papers)
    assert made == []
    tile = next(tile for tile in room.choosing.tiles if tile.name == "Receipt register")
    tile.click()
    hands.until(room.paper.isVisible)
    room.export((export.CSV,), tmp_path / "stick")
    hands.until(lambda: "may be taken out" in room.panel.told.text())
    assert made == ["register"]


def test_what_is_recorded_after_a_paper_is_in_the_next(
    screen: tuple[Hands, TakingsScreen],
) -> None:
    hands, room = screen
    till = hands.floor.till

    def opened() -> int:
        room.go_home()
        hands.touch(room.panel.papers)
        next(tile for tile in room.choosing.tiles if tile.name == "By fee").click()
        hands.until(room.paper.isVisible)
        model = room.paper.table.model()
        return sum(int(str(model.index(row, 5).data() or 0)) for row in range(model.rowCount() - 1))

    before = opened()
    assert opened() == before
    room.go_home()
    asked(hands, lambda: day.sold(till, "card", "CD34EF"))
    assert opened() == before + 1


def test_days_that_nobody_looks_at_any_more_are_read_no_further(screen: tuple[Hands, TakingsScreen]) -> None:
    hands, room = screen
    go_on = threading.Event()
    hands.floor.station.thread.ask(go_on.wait)
    room.look(days.of(Unit.MONTH, date(2026, 1, 2)))
    check = room._checking()
    room.look(days.of(Unit.DAY, date(2026, 1, 1)))
    go_on.set()
    with pytest.raises(LookedAway):
        check()
    hands.until(lambda: room.seen is not None)
    assert room.face.collected.figure == "KES\xa00"
    assert hands.floor.banner.words.text() == ""


def test_bundles_of_other_tills_are_taken_in_from_a_folder_and_summed_till_by_till(
    opened: Opened, station: Station, tmp_path: Path
) -> None:
    other = Gate(tmp_path / "east", code="XNE1", place="EAST")
    east = selling(other.built())
    day.sold(east, code="UA26X1Y2ZN")
    stick = tmp_path / "stick"
    stick.mkdir()
    [*carrying.written(east.hearing, east.desk.ledger, stick, 0)]
    row = {**east.desk.own.certificate(), "is_revoked": False}
    hands, room = at_takings(opened())
    till = hands.floor.till
    asked(hands, lambda: till.desk.trust(till.desk.write("keyring.changed", row).entry))
    room.others.look_in(stick)
    hands.until(lambda: bool(room.choosing.tiles))
    assert [tile.name for tile in room.choosing.tiles] == ["XNE1"]
    assert "known here to 0" in room.choosing.tiles[0].below
    room.choosing.tiles[0].click()
    hands.until(lambda: "XNE1" in room.face.version.text())
    assert "new entries" in room.panel.told.text()
    room.others.wanted.emit()
    hands.until(room.paper.isVisible)
    model = room.paper.table.model()
    rows = [[model.index(row, column).data() for column in range(7)] for row in range(model.rowCount())]
    assert [row[0] for row in rows] == ["XNM2", "XNE1", ""]
    assert (rows[1][1], rows[1][5]) == ("East Gate", "1,000.00")
    assert "XNE1, gate East Gate: heard until" in room.paper.notes.text()
    east.desk.ledger.close()


def test_bundles_of_a_till_that_is_not_known_are_named_and_change_nothing(
    opened: Opened, tmp_path: Path
) -> None:
    other = Gate(tmp_path / "east", code="XNE1", place="EAST")
    east = selling(other.built())
    (tmp_path / "stick").mkdir()
    [*carrying.written(east.hearing, east.desk.ledger, tmp_path / "stick", 0)]
    east.desk.ledger.close()
    hands, room = at_takings(opened())
    room.others.look_in(tmp_path / "stick")
    hands.until(lambda: bool(room.choosing.tiles))
    assert "does not know it" in room.choosing.tiles[0].below
    room.choosing.tiles[0].click()
    hands.until(lambda: "not taken in" in room.panel.told.text())
    assert "XNE1" not in room.face.version.text()
    room.others.look_in(tmp_path / "nowhere")
    hands.until(lambda: "No bundle" in room.panel.told.text())

"""The visitor's side: what stands on a second display while the clerk works, and what never does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from gatepos import settings
from gatepos.rehearsal import day, vans
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from gatepos.screens.visitor import VisitorWindow
from gatepos.screens.widgets.large import LargeLines, LargeWords
from tests.gate import CLERK, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_passes import outage

_CODE = "UA26X1Y2ZQ"
_HERE = Path(__file__).parent


def seen(hands: Hands, size: tuple[int, int] = (1024, 768)) -> VisitorWindow:
    """The visitor's side as if it had a display of its own; what is typed stays the till's."""
    window = hands.floor.visitor.window
    window.resize(*size)
    window.show()
    hands.kiosk.activateWindow()
    hands.settle()
    return window


def said(window: VisitorWindow) -> str:
    """Every word in sight."""
    shown = [*window.findChildren(LargeWords), *window.findChildren(LargeLines)]
    words = " | ".join(one.accessibleName() for one in shown if one.isVisible())
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NON-BREAKING HYPHEN}", "-")


def cut(window: VisitorWindow) -> list[str]:
    """What does not fit."""
    window.grab()
    shown = [*window.findChildren(LargeWords), *window.findChildren(LargeLines)]
    return [one.accessibleName() for one in shown if one.isVisible() and one.is_cut]


def test_with_nobody_at_the_window_the_park_says_welcome(selling: Hands) -> None:
    window = seen(selling)
    assert "Welcome | Nairobi National Park" in said(window)
    selling.add(selling.floor.sell.people.cells[EA_CITIZEN])
    assert "Welcome" not in said(window)
    selling.touch(selling.floor.sell.bill.clear)
    assert "Welcome" in said(window)


def test_the_visitor_sees_the_people_the_amount_and_where_to_pay(selling: Hands) -> None:
    window = seen(selling)
    day.fill(selling, vans.ordinary())
    for words in ("3 × Non-resident adult USD 240.00", "To pay", "KES 43,940", "KDA 412M"):
        assert words in said(window)
    assert "Paybill" not in said(window)
    selling.press(Qt.Key.Key_F1)
    account = asked(selling, selling.floor.till.window.number)
    for words in ("Left to pay", "KES 43,940", "Paybill", f"Account {account}"):
        assert words in said(window)
    selling.touch(selling.floor.sell.payments.kinds["card"])
    assert "Paybill" not in said(window)


def test_the_code_stands_there_only_once_it_is_recorded_and_goes_with_the_next(selling: Hands) -> None:
    window, sell = seen(selling), selling.floor.sell
    selling.add(sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    assert not window.done.code.isVisible()
    selling.type(_CODE)
    selling.enter()
    selling.until(lambda: sell.is_recorded)
    assert window.done.code.isVisible()
    assert window.view.qr.startswith("GP:")
    number = sell.done.number.text()
    for words in ("Thank you", "Paid KES 10,360", number):
        assert words in said(window)
    selling.add(sell.people.cells[EA_CITIZEN])
    assert number not in said(window)
    assert "KES 1,000" in said(window)


def test_a_pass_is_paid_on_the_way_out(selling: Hands) -> None:
    asked(selling, lambda: outage(selling.floor.till))
    selling.floor.sell.start()
    window = seen(selling)
    day.fill(selling, vans.ordinary())
    selling.press(Qt.Key.Key_F5)
    selling.until(lambda: selling.floor.sell.is_recorded)
    assert "To pay on exit KES 43,940" in said(window)
    assert window.done.code.isVisible()


@pytest.mark.parametrize("left", ["lock", "receipts"])
def test_no_bill_and_no_code_outlasts_the_clerks_looking_away(selling: Hands, left: str) -> None:
    window, bar = seen(selling), selling.floor.bar
    selling.add(selling.floor.sell.people.cells[NON_RESIDENT])
    selling.press(Qt.Key.Key_F1)
    selling.type(_CODE)
    selling.enter()
    selling.until(window.done.isVisible)
    selling.touch(bar.lock if left == "lock" else bar.tabs[left])
    assert "Welcome" in said(window)
    assert window.view.qr == ""


def test_the_staff_number_and_bills_that_wait_are_not_for_the_visitor(selling: Hands) -> None:
    window, sell = seen(selling), selling.floor.sell
    day.fill(selling, vans.ordinary())
    selling.touch(sell.ways.hold)
    selling.add(sell.people.cells[EA_CITIZEN])
    assert "412M" not in said(window)
    assert CLERK not in said(window).replace(",", "").split()


def test_a_demonstration_says_so_there_too(selling: Hands) -> None:
    assert "DEMO: nothing is sold or paid here." in said(seen(selling))


def test_it_speaks_the_language_of_the_till(selling: Hands) -> None:
    window = seen(selling)
    selling.add(selling.floor.sell.people.cells[EA_CITIZEN])
    selling.touch(selling.floor.bar.language)
    assert "Kulipa" in said(window)


@pytest.mark.parametrize("size", [(800, 480), (1024, 768), (1920, 1080)], ids=str)
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_on_it_is_cut(opened: Opened, size: tuple[int, int], language: str) -> None:
    hands = opened((1366, 768), language)
    window = seen(hands, size)
    assert cut(window) == []
    at_work(hands)
    day.fill(hands, vans.ordinary())
    hands.floor.sell.people.cells[NON_RESIDENT].setFocus()
    hands.type("62")
    assert cut(window) == []
    hands.press(Qt.Key.Key_F1)
    assert window.bill.parts.isVisible()
    assert cut(window) == []


def test_more_lines_than_there_is_room_for_are_counted(selling: Hands) -> None:
    window, people = seen(selling, (800, 480)), selling.floor.sell.people
    for cell in people.cells.values():
        selling.add(cell)
    assert cut(window) == []
    assert "more" in window.bill.lines.rows()[-1].left


def test_set_up_turns_it_off_and_keeps_that(opened: Opened, gate: Gate) -> None:
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(hands.floor.set_up.tabs[set_up.LOOK])
    field = hands.floor.set_up.fields[-1]
    assert (field.caption, field.value) == ("The visitor's side, on a second display", "when there is one")
    hands.touch(field)
    assert settings.load(gate.folder).visitor_display == "off"


def test_without_a_second_display_there_is_no_second_window(selling: Hands) -> None:
    selling.floor.visitor.look()
    assert not selling.floor.visitor.window.isVisible()


@pytest.mark.parametrize(("second_x", "named"), [(1366, "beside"), (0, "mirrored")])
def test_displays_that_are_plugged_in(tmp_path: Path, second_x: int, named: str) -> None:
    """Qt offscreen takes its displays from a file, at its start: so the tests of two run on their own."""
    screens = [
        {"name": name, "x": x, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96,
         "logicalBaseDpi": 96, "dpr": 1}
        for name, x in (("till", 0), ("visitor", second_x))
    ]  # fmt: skip
    (tmp_path / "displays.json").write_text(json.dumps({"screens": screens}), encoding="utf-8")
    platform = f"offscreen:configfile={tmp_path / 'displays.json'}"
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", named,
         str(_HERE / "two_displays.py")],
        cwd=_HERE.parent.parent, env={**os.environ, "QT_QPA_PLATFORM": platform},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout

"""The prepaid lane with real touches: a ticket is scanned on any screen, one touch records it."""

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Qt

from gatepos.screens import places
from gatepos.screens.playing import Hands
from gatepos.screens.scan import ScanScreen
from gatepos.till.shifts import Counted
from gatepos.till.views import ScanView
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, permit
from tests.lists import TICKETS, VAN
from tests.screens.conftest import Opened, asked, at_work
from tests.till.test_prepaid import CODE, last, load, tenders

VAN_MINOR = 2_740_000
"""Two non-resident adults, a child and their van."""


def read(hands: Hands, text: str) -> ScanView:
    """A scanner reads a code, whatever stands on the screen."""
    scan = hands.floor.scan
    before = scan.view
    hands.floor.read(text, "wedge")
    hands.until(lambda: scan.view is not before)
    hands.settle()
    assert scan.view is not None
    return scan.view


def box(scan: ScanScreen) -> tuple[str, str, str]:
    """Colour, sign and words of the verdict."""
    shown = scan.lane.verdict
    assert not shown.is_cut
    return shown.tone, shown.sign, shown.title


def listed(hands: Hands, rows: str = VAN) -> Hands:
    """A till to which a list came."""
    asked(hands, lambda: load(hands.floor.till, rows))
    return hands


def test_a_ticket_scanned_at_sell_opens_at_the_lane_and_enter_records_it(selling: Hands) -> None:
    hands, scan = listed(selling), selling.floor.scan
    read(hands, CODE)
    assert hands.floor.stack.currentWidget() is scan
    assert box(scan) == ("green", "✓", "On the list of 10:31 — admit")
    assert scan.settle.total.amount == "KES 27,400"
    hands.enter()
    hands.until(lambda: scan.is_recorded)
    assert hands.touches == 1
    assert asked(hands, lambda: last(hands.floor.till)).data["total_minor"] == VAN_MINOR
    assert scan.lane.card.plate.text() == "KDA 412M"


def test_a_used_ticket_is_red_with_its_time_and_lane(gate: Gate, selling: Hands) -> None:
    hands = listed(selling)
    read(hands, CODE)
    hands.enter()
    gate.clock.pass_by(60_000)
    read(hands, CODE)
    assert box(hands.floor.scan) == ("red", "✕", "Used 10:31 at lane 2")
    assert hands.floor.scan.lane.card.plate.text() == "KDA 412M"
    assert not hands.floor.scan.ticketed.is_on


def test_a_claimed_ticket_asks_who_it_is_for_beside_its_verdict(selling: Hands) -> None:
    hands, scan = selling, selling.floor.scan
    read(hands, "KWSPAY:AB-1001")
    assert (scan.settle.slim.tone, scan.settle.slim.title) == ("amber", "Not on the list — claimed")
    hands.add(scan.seeing.people.cells[EA_CITIZEN], 2)
    assert scan.settle.total.amount == "KES 2,000"
    hands.touch(scan.ticketed.ways.record)
    hands.until(lambda: scan.is_recorded)
    assert hands.touches == 3
    (paid,) = tenders(asked(hands, lambda: last(hands.floor.till)))
    assert (paid["kes_minor"], paid.get("listed_at")) == (200_000, None)


def test_an_exit_says_of_a_claimed_ticket_that_it_is_prepaid_and_not_verified(selling: Hands) -> None:
    hands, scan = selling, selling.floor.scan
    read(hands, "KWSPAY:AB-1001")
    hands.add(scan.seeing.people.cells[EA_CITIZEN], 2)
    hands.touch(scan.ticketed.ways.record)
    hands.until(lambda: scan.is_recorded)
    paper = asked(hands, lambda: last(hands.floor.till))
    hands.touch(scan.done.next)
    hands.touch(scan.lane.turn)
    read(hands, f"GP:{paper.data['token']}")
    assert box(scan) == ("amber", "⧗", "Prepaid, not verified")
    assert scan.lane.verdict.next.endswith("2 people. Compare the plate, open the barrier.")
    assert not scan.lane.pull.isVisible()


def test_the_vehicle_of_a_claimed_ticket_is_a_top_up_unless_the_ticket_has_it(selling: Hands) -> None:
    hands, scan = selling, selling.floor.scan
    ways = scan.ticketed.ways
    read(hands, "KWSPAY:AB-1001")
    hands.add(scan.seeing.people.cells[EA_CITIZEN], 2)
    hands.touch(scan.seeing.people.vehicles[2])
    hands.type("KDA 412M")
    hands.enter()
    assert (scan.settle.total.amount, ways.record.isVisible()) == ("KES 1,500", False)
    hands.touch(ways.covers)
    hands.touch(next(tile for tile in scan.choosing.tiles if tile.name == "People and vehicle"))
    assert (scan.settle.total.amount, ways.record.isVisible()) == ("KES 3,500", True)
    hands.touch(ways.record)
    hands.until(lambda: scan.is_recorded)


def test_who_comes_beside_is_paid_on_the_same_receipt(selling: Hands) -> None:
    hands, scan = listed(selling), selling.floor.scan
    read(hands, CODE)
    hands.touch(scan.lane.differ)
    hands.add(scan.seeing.people.cells[EA_CITIZEN], 1)
    hands.press(Qt.Key.Key_F1)
    assert scan.settle.total.amount == "KES 1,000"
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(lambda: scan.is_recorded)
    paid = [(one["kind"], one["kes_minor"]) for one in tenders(asked(hands, lambda: last(hands.floor.till)))]
    assert paid == [("ecitizen", VAN_MINOR), ("mpesa", 100_000)]


def test_a_plate_that_the_list_lacks_is_asked_for_by_the_touch_that_records(selling: Hands) -> None:
    hands, scan = listed(selling, VAN.replace("kda 412m", "")), selling.floor.scan
    read(hands, CODE)
    hands.enter()
    hands.until(scan.typing.isVisible)
    hands.settle()
    hands.type("KDA 412M")
    hands.enter()
    hands.until(lambda: scan.lane.card.plate.text() == "KDA 412M")
    hands.enter()
    hands.until(lambda: scan.is_recorded)
    assert asked(hands, lambda: last(hands.floor.till)).data["plate"] == "KDA412M"


def test_a_typed_reference_over_the_limit_asks_a_second_person(selling: Hands) -> None:
    hands, scan = selling, selling.floor.scan
    asked(hands, lambda: permit(hands.floor.till, "tickets_typed_max", "0"))
    hands.touch(hands.floor.bar.tabs[places.SCAN])
    hands.press(Qt.Key.Key_F4)
    hands.type("AB-1001")
    hands.enter()
    hands.add(scan.seeing.people.cells[EA_CITIZEN], 1)
    hands.touch(scan.ticketed.ways.record)
    hands.until(lambda: scan.left.currentWidget() is scan.second)
    for text in (MANAGER, MANAGER_PIN):
        hands.type(text)
        hands.enter()
    hands.until(lambda: scan.is_recorded)
    assert tenders(asked(hands, lambda: last(hands.floor.till)))[0]["is_typed"] is True


def test_escape_leaves_a_ticket_and_nothing_is_recorded(selling: Hands) -> None:
    hands = listed(selling)
    read(hands, CODE)
    hands.press(Qt.Key.Key_Escape)
    assert hands.floor.scan.view is None
    assert not asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("bill.opened"))
    assert read(hands, CODE).word == "ticket_listed"


def test_over_the_lock_a_ticket_shows_its_verdict_alone(selling: Hands) -> None:
    hands = listed(selling)
    hands.floor.lock()
    hands.settle()
    hands.floor.read(CODE, "wedge")
    hands.until(hands.floor.over.isVisible)
    assert hands.floor.over.tone == "green"
    hands.type(CLERK_PIN)
    hands.enter()
    hands.until(hands.floor.scan.ticketed.ways.record.isVisible)


@pytest.mark.parametrize(("plate", "lane"), [("KDA 412M", "Lane 2"), ("KDA 411M", "Lane 1")])
def test_the_arrow_says_the_lane_and_its_rule(opened: Opened, plate: str, lane: str) -> None:
    hands = at_work(opened((1024, 768)))
    asked(hands, lambda: permit(hands.floor.till, "prepaid_arrow", "plate"))
    read(listed(hands, VAN.replace("kda 412m", plate)), CODE)
    shown = hands.floor.scan.lane.verdict
    assert (shown.onward, shown.is_cut) == ((lane, "last digit of the plate: odd 1, even 2"), False)


def test_by_turns_the_arrow_stays_once_it_is_recorded(selling: Hands) -> None:
    hands, scan = listed(selling), selling.floor.scan
    asked(hands, lambda: permit(hands.floor.till, "prepaid_arrow", "alternate"))
    read(hands, CODE)
    before = scan.lane.verdict.onward
    hands.enter()
    hands.until(lambda: scan.is_recorded)
    assert (before, scan.lane.verdict.onward) == (("Lane 1", "by turns"),) * 2


def test_a_list_is_loaded_in_set_up_from_a_file(opened: Opened, tmp_path: Path) -> None:
    hands = opened()
    at_work(hands, MANAGER, MANAGER_PIN)
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS + VAN, encoding="utf-8")
    set_up = hands.floor.set_up
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    hands.touch(set_up.tabs["tickets"])
    hands.touch(set_up.fields[1])
    hands.touch(set_up.choosing.tiles[-1])
    hands.type(str(path))
    hands.enter()
    hands.until(lambda: set_up.panel.told.text() == "Loaded: 1 ticket.")
    hands.until(lambda: set_up.fields[0].value == "1 ticket · list of 2 Jan 10:31")


def test_a_lane_is_set_to_prepaid_by_a_touch(opened: Opened) -> None:
    hands = opened()
    at_work(hands, MANAGER, MANAGER_PIN)
    set_up = hands.floor.set_up
    hands.touch(hands.floor.bar.tabs[places.SET_UP])
    hands.touch(set_up.tabs["policy"])
    hands.touch(next(field for field in set_up.fields if field.caption == "What this lane is for"))
    hands.touch(next(tile for tile in set_up.choosing.tiles if tile.name.startswith("Prepaid")))
    hands.until(lambda: asked(hands, lambda: hands.floor.till.desk.policy.text("lane_use")) == "prepaid")


# The journey.

VANS, REUSED, CLAIMED = 60, (7, 23, 41), (5, 31)
"""Of sixty vans three come with a reference that was used, two are on no list."""


def van(n: int) -> str:
    """A line of the list: two citizens, or a family from abroad every third van."""
    people = "2 non_resident adult; 1 non_resident child" if n % 3 == 0 else "4 ea_citizen adult"
    return f"WQ-{n:04},2026-01-02,NNP,{people},2,KDA {100 + n}M\n"


def test_journey_the_prepaid_lane_60_vans_3_reused_references(gate: Gate, opened: Opened) -> None:
    hands = opened()
    scan, till = hands.floor.scan, hands.floor.till
    hands.until(lambda: CLERK in hands.floor.sign_in.tiles)
    asked(hands, lambda: permit(till, "lane_use", "prepaid"))
    hands.touch(hands.floor.sign_in.tiles[CLERK])
    hands.type(CLERK_PIN)
    hands.enter()
    hands.touch(hands.floor.shift.float.open)
    hands.until(lambda: hands.floor.stack.currentWidget() is scan)  # Scan is home
    listed(hands, "".join(van(n) for n in range(VANS) if n not in CLAIMED))
    hands.touches, expected_minor, per_van, verdicts = 0, 0, [], []
    for n in range(VANS):
        gate.clock.pass_by(30_000)
        before = hands.touches
        shown = read(hands, f"https://kwspay.ecitizen.go.ke/ticket/WQ-{n - 1 if n in REUSED else n:04}")
        verdicts.append(shown.word)
        if shown.word == "ticket_used":
            continue  # turned away; the next is scanned at once
        if shown.word == "ticket_claimed":
            hands.add(scan.seeing.people.cells[EA_CITIZEN], 4)
        expected_minor += shown.ticket.covered_minor if shown.ticket and shown.people else 400_000
        (hands.touch(scan.ticketed.ways.record) if n in CLAIMED else hands.enter())
        hands.until(lambda: scan.is_recorded)
        per_van.append(hands.touches - before)
    assert [n for n, word in enumerate(verdicts) if word == "ticket_used"] == list(REUSED)
    assert [n for n, word in enumerate(verdicts) if word == "ticket_claimed"] == list(CLAIMED)
    assert (sorted(set(per_van)), per_van.count(1)) == ([1, 5], VANS - len(REUSED) - len(CLAIMED))
    receipts = asked(hands, lambda: till.desk.ledger.of_kind("receipt.issued"))
    paid_minor = sum(int(str(one["kes_minor"])) for entry in receipts for one in tenders(entry))
    assert (len(receipts), paid_minor) == (VANS - len(REUSED), expected_minor)
    closed = asked(hands, lambda: till.shifts.close(Counted(others={"ecitizen": paid_minor}))).entry
    assert closed.data["sold_minor"] == paid_minor
    assert [row["amount_minor"] for row in cast("list[dict[str, int]]", closed.data["difference"])] == [0, 0]

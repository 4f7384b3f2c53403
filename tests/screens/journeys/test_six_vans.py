"""Six vans, one payer, two codes: each van is tapped, one total is paid, six receipts are recorded."""

from typing import Any, cast

from PySide6.QtCore import Qt

from gatepos.domain.entry import Entry
from gatepos.screens.playing import Hands
from tests.gate import NON_RESIDENT
from tests.screens.conftest import asked

VAN = 6_366_000


def fill(hands: Hands, n: int) -> None:
    """The n-th van: six visitors, a vehicle of 6-12 seats, its plate."""
    sell = hands.floor.sell
    hands.add(sell.people.cells[NON_RESIDENT], 6)
    hands.touch(sell.people.vehicles[2])
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type(f"KDA10{n}A")
    hands.enter()
    hands.settle()


def add(hands: Hands) -> None:
    """The next vehicle of the same payer."""
    sell = hands.floor.sell
    before = len(sell.view.group) if sell.view else 0
    hands.touch(sell.ways.add)
    hands.until(lambda: sell.view is not None and len(sell.view.group) == before + 1)
    hands.settle()


def used(receipts: list[Entry]) -> dict[str, int]:
    """What was used of each code, KES minor units."""
    found: dict[str, int] = {}
    for entry in receipts:
        for tender in cast("list[dict[str, Any]]", entry.data["tenders"]):
            found[tender["reference"]] = found.get(tender["reference"], 0) + tender["kes_minor"]
    return found


def test_six_vans_one_payer_two_codes(selling: Hands) -> None:
    hands, sell = selling, selling.floor.sell
    for n in range(1, 7):
        fill(hands, n)
        if n < 6:
            add(hands)
    assert sell.bill.total.amount == "KES 381,960"
    assert sell.bill.vehicles.isVisible()
    hands.touch(sell.ways.tenders["mpesa"])
    hands.until(lambda: sell.is_paying)
    hands.settle()
    assert "250,000, 131,960" in sell.payments.account.parts.text()
    for code in ("UA26X1Y2ZQ", "UA26X1Y2ZR"):
        hands.type(code)
        hands.enter()
        hands.settle()
    hands.until(lambda: sell.is_recorded)
    assert sell.done.amount.text() == "KES 381,960"
    receipts = asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("receipt.issued"))
    assert [entry.data["total_minor"] for entry in receipts] == [VAN] * 6
    assert used(receipts) == {"UA26X1Y2ZQ": 25_000_000, "UA26X1Y2ZR": 13_196_000}
    assert hands.touches <= 13 * 6, hands.touches


def test_a_van_of_the_group_is_chosen_and_goes_on(selling: Hands) -> None:
    hands, sell = selling, selling.floor.sell
    fill(hands, 1)
    hands.press(Qt.Key.Key_F7)
    hands.until(lambda: sell.view is not None and len(sell.view.group) == 1)
    fill(hands, 2)
    hands.touch(sell.bill.vehicles)
    hands.until(sell.choosing.isVisible)
    hands.settle()
    hands.touch(sell.choosing.tiles[0])
    hands.until(lambda: sell.view is not None and sell.view.plate == "KDA101A")
    assert sell.bill.total.amount == "KES 127,320"
    hands.touch(sell.bill.clear)
    hands.until(lambda: sell.view is not None and sell.view.plate == "KDA102A")
    assert sell.bill.total.amount == "KES 63,660"
    assert not sell.bill.vehicles.isVisible()


def test_without_paper_each_code_of_a_group_is_shown_in_turn(selling: Hands) -> None:
    hands, sell = selling, selling.floor.sell
    fill(hands, 1)
    add(hands)
    fill(hands, 2)
    hands.touch(sell.ways.tenders["mpesa"])
    hands.until(lambda: sell.is_paying)
    hands.settle()
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(lambda: sell.is_recorded)
    shown = []
    sell.code_wanted.connect(lambda number, qr: shown.append(number))
    for _ in range(3):
        sell.done.show_code()
    assert len(set(shown)) == 2
    assert shown[0] == shown[2]

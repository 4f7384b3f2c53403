"""What central saw paid, on the screens: taken by one touch, or why somebody looks first."""

from typing import cast

import pytest
from PySide6.QtCore import Qt

from gatepos.domain import keyring
from gatepos.screens.playing import Hands
from gatepos.seal.keys import kid_of
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, permit
from tests.screens.conftest import Opened, asked, at_work
from tests.screens.test_scan import Lane, in_sight, issued
from tests.till.test_central_papers import CENTRAL
from tests.till.test_passes import at_exit, outage, sold_together, token
from tests.till.test_seen import CODE, told

SIZES = [(1024, 768), (1366, 768)]


def lane_of(hands: Hands, state: str = "seen") -> Lane:
    """An exit lane whose first pass central saw paid."""
    till = hands.floor.till
    lane = Lane(hands, asked(hands, lambda: issued(at_exit(till))))
    number = asked(hands, lambda: till.desk.ledger.of_kind("pass.issued")[0].number)
    asked(hands, lambda: told(till, (CODE, str(number), "43940.00", state)))
    return lane


@pytest.mark.parametrize(("size", "language", "theme"), [
    ((1366, 768), "en", "light"), ((1024, 768), "sw", "light"), ((1366, 768), "en", "dark"),
])  # fmt: skip
def test_a_payment_that_central_saw_lets_out_by_one_touch(
    opened: Opened, size: tuple[int, int], language: str, theme: str
) -> None:
    hands = at_work(opened(size, language, theme))
    lane = lane_of(hands)
    lane.scan(lane.papers[0])
    seen = lane.screen.ways.seen
    assert in_sight(hands, seen.take)
    assert not lane.screen.lane.verdict.is_cut
    assert CODE in seen.told.text()
    if language == "en":
        assert lane.screen.lane.verdict.title == "Payment seen at central"
        assert seen.take.accessibleName() == "Take KES 43,940 seen at central"
    assert seen.take.hasFocus(), "the next key lets them out"
    hands.touch(seen.take)
    hands.until(lambda: lane.screen.is_recorded)
    hands.settle()
    (paid,) = lane.entries("pass.settled")
    assert paid.data["due_minor"] == 0
    assert lane.screen.lane.verdict.tone == "green"


def test_a_payment_that_arrives_while_the_pass_is_shown_is_offered_by_itself(opened: Opened) -> None:
    hands = at_work(opened((1366, 768), "en", "light"))
    till = hands.floor.till
    lane = Lane(hands, asked(hands, lambda: issued(at_exit(till))))
    lane.scan(lane.papers[0])
    ways = lane.screen.ways
    assert not ways.seen.take.isVisible()
    assert ways.tenders["mpesa"].hasFocus()
    number = asked(hands, lambda: till.desk.ledger.of_kind("pass.issued")[0].number)
    asked(hands, lambda: told(till, (CODE, str(number), "43940.00", "seen")))
    hands.until(ways.seen.take.isVisible)
    assert lane.screen.lane.verdict.title == "Payment seen at central"
    assert ways.seen.take.hasFocus(), "the next key lets them out"
    hands.touch(ways.seen.take)
    hands.until(lambda: lane.screen.is_recorded)


@pytest.mark.parametrize(("size", "language"), [((1366, 768), "en"), ((1024, 768), "sw")])
def test_a_part_paid_too_much_for_another_van_is_taken_by_a_touch_and_the_rest_asked(
    opened: Opened, size: tuple[int, int], language: str
) -> None:
    hands = at_work(opened(size, language))
    till = hands.floor.till
    know(till)
    asked(hands, lambda: outage(at_exit(till)))
    first, second = asked(hands, lambda: sold_together(till, "KDA 1A", "KDA 2A"))
    lane = Lane(hands, [asked(hands, lambda: token(till, second))])
    asked(hands, lambda: told(till, (CODE, first, "53940.00", "confirmed")))
    lane.scan(lane.papers[0])
    seen, verdict = lane.screen.ways.seen, lane.screen.lane.verdict
    assert in_sight(hands, seen.take)
    assert not verdict.is_cut
    if language == "en":
        assert seen.take.accessibleName() == "Take KES 10,000 seen at central"
        assert verdict.title == "Genuine pass — not paid"
        assert verdict.next.replace("\xa0", " ") == "Take it, then collect KES 33,940 and let them out."
    hands.touch(seen.take)
    panel = lane.screen.settle.payments
    hands.until(panel.isVisible)
    assert lane.screen.settle.total.amount == "KES 33,940"
    assert not panel.seen.take.isVisible()
    assert in_sight(hands, panel.account.account), "the driver reads where to pay the rest"
    assert lane.entries("pass.settled") == []
    lane.tender("UA26X1Y2ZR", "33940")
    hands.until(lambda: lane.screen.is_recorded)
    (paid,) = lane.entries("pass.settled")
    assert [row["kes_minor"] for row in cast("list[dict[str, int]]", paid.data["tenders"])] == [
        1_000_000, 3_394_000,
    ]  # fmt: skip
    assert lane.screen.lane.verdict.tone == "green"


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_above_the_limit_the_verdict_says_what_to_do_and_nothing_is_taken_by_touch(
    opened: Opened, size: tuple[int, int]
) -> None:
    hands = at_work(opened(size))
    asked(hands, lambda: permit(hands.floor.till, "seen_max", "0"))
    lane = lane_of(hands)
    lane.scan(lane.papers[0])
    assert "look at the driver's M-PESA message" in lane.screen.lane.verdict.next
    assert not lane.screen.lane.verdict.is_cut
    assert not lane.screen.ways.seen.take.isVisible()
    hands.press(Qt.Key.Key_F1)
    hands.type(CODE)
    hands.settle()
    assert "It is enough." in lane.screen.settle.payments.told.text()
    hands.enter()
    hands.until(lambda: lane.screen.is_recorded)


@pytest.mark.parametrize(("size", "theme"), [((1024, 768), "light"), ((1366, 768), "dark")])
def test_a_code_says_while_it_is_typed_what_central_knows_of_it(
    opened: Opened, size: tuple[int, int], theme: str
) -> None:
    hands = at_work(opened(size, "en", theme))
    sell = hands.floor.sell
    hands.add(sell.people.cells[EA_CITIZEN])
    hands.press(Qt.Key.Key_F1)
    hands.until(sell.payments.isVisible)
    account = asked(hands, lambda: hands.floor.till.payments.view().account)
    asked(hands, lambda: told(hands.floor.till, (CODE, account, "900.00", "seen")))
    hands.type(CODE[:9])
    assert sell.payments.told.text() == ""
    hands.type(CODE[9:])
    hands.settle()
    assert sell.payments.told.text() == f"Seen at central: {CODE} paid KES 900, not KES 1,000."
    assert in_sight(hands, sell.payments.take)
    sell.payments.form.needed[0].set_text("UA2")
    assert sell.payments.told.text() == ""


@pytest.mark.parametrize(("size", "theme"), [((1024, 768), "light"), ((1366, 768), "dark")])
def test_a_supervisor_reads_the_days_figure_from_the_shift_screen(
    opened: Opened, size: tuple[int, int], theme: str
) -> None:
    hands = at_work(opened(size, "en", theme), MANAGER, MANAGER_PIN)
    asked(hands, lambda: know(hands.floor.till))
    hands.touch(hands.floor.bar.tabs["shift"])
    panel = hands.floor.shift.panel
    hands.until(panel.telephone.isVisible)
    hands.touch(panel.telephone)
    hands.until(panel.figure.isVisible)
    told_now = asked(hands, hands.floor.till.telephone.figure)
    assert panel._figure == told_now
    assert in_sight(hands, panel.figure)


def know(till: Till) -> None:
    """The till has joined a central."""
    till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)

"""The school bus of 62: the letter once, the keypad once, the bus and its teachers, one payment."""

from gatepos.screens.playing import Hands

PUPIL, TEACHER = ("park_entry_school", "school", "student"), ("park_entry_school", "school", "adult")


def test_the_school_bus_of_62(selling: Hands) -> None:
    hands, sell = selling, selling.floor.sell
    hands.touch(sell.people.school)
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type("Langata Primary")
    hands.enter()
    tiles = sell.more.tiles
    assert set(tiles) == {PUPIL, TEACHER}
    tiles[PUPIL].setFocus()
    hands.type("62")
    hands.enter()
    hands.add(tiles[TEACHER], 4)
    hands.touch(sell.more.back)
    hands.touch(sell.people.vehicles[5])
    hands.until(lambda: sell.typing.is_asking)
    hands.settle()
    hands.type("KBZ 045S")
    hands.enter()
    assert sell.view is not None
    total = 62 * 40_000 + 4 * 100_000 + 500_000
    assert (sell.view.total_minor, sell.view.visitors) == (total, 66)
    hands.touch(sell.ways.tenders["mpesa"])
    hands.type("UA26X1Y2ZQ")
    hands.enter()
    hands.until(lambda: sell.is_recorded)
    assert sell.done.amount.text() == "KES 33,800"
    assert hands.touches <= 14, hands.touches

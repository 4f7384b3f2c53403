"""Counting heads at the exit: a quiet key on the paper, tiles to touch, and nobody waits for it."""

import pytest
from PySide6.QtCore import Qt

from gatepos.screens.playing import Hands
from tests.gate import permit
from tests.screens.conftest import Opened, asked, at_work
from tests.screens.test_scan import Lane, issued
from tests.till.test_passes import at_exit


def counting(hands: Hands) -> Lane:
    """An exit lane where every vehicle is to be counted."""
    till = hands.floor.till
    asked(hands, lambda: permit(till, "heads_one_in", "1"))
    return Lane(hands, asked(hands, lambda: issued(at_exit(till))))


def test_the_clerk_counts_by_touch_and_then_the_key_is_gone(selling: Hands) -> None:
    lane = counting(selling)
    screen = lane.screen
    lane.scan(lane.papers[0])
    selling.touch(screen.lane.count)
    tiles = screen.heads.tiles
    selling.add(tiles["non_resident", "adult"], 3)
    selling.touch(tiles["exempt", "child"])
    tiles["ea_citizen", "adult"].setFocus()
    selling.type("2")
    assert screen.heads.sum.text() == "6 people counted"
    selling.touch(screen.heads.done)
    (entry,) = lane.entries("heads.counted")
    assert entry.data["counted"] == [[0, 0, 2], [3, 0, 3], [4, 1, 1]]
    assert screen.left.currentWidget() is screen.lane
    assert not screen.lane.count.isVisible()


def test_the_queue_goes_on_without_a_count_and_not_counting_asks_why(selling: Hands) -> None:
    lane = counting(selling)
    lane.scan(lane.papers[0])
    lane.tender("UA26X1Y2ZQ", "43,940")
    selling.until(lambda: lane.screen.is_recorded)
    assert lane.screen.lane.count.isVisible(), "still to be counted while they pay"
    lane.next()
    (entry,) = lane.entries("heads.counted")
    assert (entry.data["counted"], entry.data["reason"]) == (None, None)
    lane.scan(lane.papers[1])
    selling.touch(lane.screen.lane.count)
    selling.touch(lane.screen.heads.skip)
    tiles = lane.screen.choosing.tiles
    selling.touch(next(tile for tile in tiles if tile.name == "The queue is too long"))
    assert lane.entries("heads.counted")[1].data["reason"] == "The queue is too long"
    assert not lane.screen.lane.count.isVisible()


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768)])
@pytest.mark.parametrize("language", ["en", "sw"])
def test_every_tile_can_be_touched_and_read_at_both_sizes(
    opened: Opened, size: tuple[int, int], language: str
) -> None:
    hands = at_work(opened(size, language))
    lane = counting(hands)
    lane.scan(lane.papers[0])
    hands.touch(lane.screen.lane.count)
    for tile in lane.screen.heads.tiles.values():
        assert tile.isVisible()
        assert tile.height() >= 48
        assert not tile.visibleRegion().isEmpty()
    hands.press(Qt.Key.Key_Escape)
    assert lane.screen.left.currentWidget() is lane.screen.lane

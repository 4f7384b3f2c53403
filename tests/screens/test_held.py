"""A shift's close on the screen: each document that is kept is found in its place, or handed on."""

import pytest

from gatepos.ledger.ledger import Recorded
from gatepos.screens.playing import Hands
from tests.gate import OTHER, permit
from tests.screens.conftest import asked


@pytest.fixture
def keeping(selling: Hands) -> Hands:
    """A clerk who keeps two passports, on the Shift screen."""
    till = selling.floor.till

    def hold() -> list[Recorded]:
        permit(till, "custody", "yes")
        return [till.custody.hold("passport", "J M", "4471", place) for place in ("17", "18")]

    asked(selling, hold)
    selling.touch(selling.floor.bar.tabs["shift"])
    selling.until(lambda: len(selling.floor.shift.count.held.tiles) == 2)
    return selling


def closed(hands: Hands) -> list[list[str]]:
    """The envelopes of each close."""
    entries = asked(hands, lambda: hands.floor.till.desk.ledger.of_kind("shift.closed"))
    return [entry.data["documents"] for entry in entries]  # type: ignore[misc]


def test_a_shift_closes_when_each_document_was_found_or_handed_on(keeping: Hands) -> None:
    shift = keeping.floor.shift
    first, second = list(shift.count.held.tiles)
    keeping.touch(shift.count.close_shift)
    assert "17, 18" in keeping.floor.banner.words.text()
    assert closed(keeping) == []
    keeping.touch(shift.count.held.tiles[first])
    keeping.touch(shift.count.held.hand_on[second])
    keeping.type(OTHER)
    keeping.enter()
    keeping.until(lambda: list(shift.count.held.tiles) == [first])
    keeping.touch(shift.count.close_shift)
    keeping.until(lambda: closed(keeping) == [["17"]])


def test_nobody_who_keeps_nothing_is_asked(selling: Hands) -> None:
    selling.touch(selling.floor.bar.tabs["shift"])
    assert not selling.floor.shift.count.held.isVisible()

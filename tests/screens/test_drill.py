"""The outage drill on the screen: begun in Set-up, counted while it is played, scored and printed."""

import pytest
from PySide6.QtCore import Qt

from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from gatepos.till.drill import Score
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, Gate
from tests.screens.conftest import Opened, asked, at_work
from tests.screens.test_floor import begin_training


@pytest.fixture
def drilling(opened: Opened) -> Hands:
    """A supervisor at the training till who has begun a drill."""
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    begin_training(hands)
    at_work(hands, MANAGER, MANAGER_PIN)
    floor = hands.floor
    hands.touch(floor.bar.tabs["set_up"])
    hands.touch(floor.set_up.tabs[set_up.PRACTICE])
    hands.touch(floor.set_up.fields[1])
    hands.until(lambda: floor.set_up.is_drilling)
    hands.settle()
    return hands


def test_it_says_what_to_play_counts_touches_and_refusals_and_prints_the_score(
    drilling: Hands, gate: Gate
) -> None:
    hands, floor = drilling, drilling.floor
    assert "Let three vehicles in on passes" in floor.banner.words.text()
    assert floor.set_up.fields[1].value == "End the drill"
    scores: list[Score] = []
    floor.drill.scored.connect(scores.append)
    hands.touch(floor.bar.tabs["sell"])
    hands.press(Qt.Key.Key_F5)
    refused = floor.banner.words.text()
    hands.add(floor.sell.people.cells[EA_CITIZEN])
    hands.touch(floor.bar.tabs["set_up"])
    hands.touch(floor.set_up.tabs[set_up.PRACTICE])
    hands.touch(floor.set_up.fields[1])
    hands.until(lambda: bool(scores))
    hands.settle()
    (score,) = scores
    assert score.touches == 5
    assert score.mistakes == ((refused, 1),)
    assert "Drill ended, not all was played" in floor.banner.words.text()
    printed = gate.folder / "printed"
    hands.until(lambda: printed.is_file() and b"OUTAGE DRILL" in printed.read_bytes())
    assert not floor.set_up.is_drilling


def test_it_ends_by_itself_after_ten_minutes(drilling: Hands, gate: Gate) -> None:
    scores: list[Score] = []
    drilling.floor.drill.scored.connect(scores.append)
    gate.clock.pass_by(600_000)
    drilling.floor.drill.look()
    drilling.until(lambda: bool(scores))
    assert scores[0].view.seconds == 600
    paused = asked(drilling, lambda: drilling.floor.till.desk.ledger.of_kind("sync.paused"))
    assert [entry.data["is_paused"] for entry in paused] == [True, False]


def test_a_training_left_in_the_midst_of_a_drill_leaves_nothing_counting(drilling: Hands) -> None:
    training = drilling.floor
    drilling.touch(training.bar.tabs["set_up"])
    drilling.touch(training.set_up.tabs[set_up.PRACTICE])
    drilling.touch(training.set_up.fields[0])
    drilling.until(lambda: drilling.floor is not training)
    assert not training.set_up.is_drilling


def test_how_far_it_is_stands_on_every_screen_and_gives_way_to_what_is_refused(drilling: Hands) -> None:
    hands, floor = drilling, drilling.floor
    hands.touch(floor.bar.tabs["sell"])
    floor.drill.look()
    hands.settle()
    assert "Vehicles let in on a pass 0/3" in floor.banner.words.text()
    assert floor.banner.words.text().endswith("(DRILL 1)")
    hands.press(Qt.Key.Key_F5)
    refused = floor.banner.words.text()
    floor.drill.look()
    hands.settle()
    assert floor.banner.words.text() == refused

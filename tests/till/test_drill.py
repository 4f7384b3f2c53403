"""The outage drill: played in the training's ledger, scored in seconds and mistakes; none of it is real."""

from collections.abc import Iterator

import pytest

from gatepos import app, i18n
from gatepos.domain.paper_lines import Columns, Small
from gatepos.domain.staff import NotAllowed
from gatepos.till import drill
from gatepos.till.drill import NoDrill, NoTraining
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate
from tests.till.test_passes import at_exit, token

WORDS = i18n.words("en")


@pytest.fixture
def training(gate: Gate) -> Iterator[Till]:
    """The training till of a real one, a manager at its window with a shift."""
    real = gate.built()
    till = app.open_training(real, gate.folder, gate.world())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.shifts.open("0")
    yield till
    for one in (till, real):
        one.desk.ledger.close()


def let_in(till: Till, plate: str) -> str:
    """A vehicle with one in it, on a pass."""
    till.checkout.tap(EA_CITIZEN)
    till.checkout.vehicle(1)
    till.checkout.plate(plate)
    return till.passes.issue().number


def played(gate: Gate, till: Till) -> None:
    """All of a drill, a minute each."""
    leaf = till.drill.begin().leaf
    numbers = []
    for plate in ("KDA 412M", "KDB 413N", "KDC 414P"):
        gate.clock.pass_by(60_000)
        numbers.append(let_in(till, plate))
    gate.clock.pass_by(60_000)
    at_exit(till).gate.scan(token(till, numbers[0]), "wedge")
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZQ")
    till.gate.turn()
    gate.clock.pass_by(60_000)
    till.capture.begin(drill.PAD, leaf, "06:40", "platform was down")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZR")


def test_a_drill_is_over_once_all_of_it_was_played_and_says_how_long_each_took(
    gate: Gate, training: Till
) -> None:
    played(gate, training)
    view = training.drill.view()
    assert view.is_over
    assert [(step.done, step.after_s) for step in view.steps] == [(3, 180), (1, 240), (1, 300)]
    score = training.drill.end(41, {"No outage is open.": 2}, WORDS)
    assert (score.view.seconds, score.touches, score.mistakes) == (300, 41, (("No outage is open.", 2),))
    lines = drill.paper(score, WORDS)
    assert Columns("Vehicles let in on a pass 3/3", "3:00") in lines
    assert Small("2 × No outage is open.", indent=True) in lines
    with pytest.raises(NoDrill):
        training.drill.view()


def test_ten_minutes_end_a_drill_that_was_not_played_and_what_was_taken_back_is_a_mistake(
    gate: Gate, training: Till
) -> None:
    training.drill.begin()
    training.checkout.tap(EA_CITIZEN)
    training.payments.pay("mpesa")
    training.checkout.leave("cleared")
    gate.clock.pass_by(599_000)
    assert not training.drill.view().is_over
    gate.clock.pass_by(1_000)
    assert training.drill.view().is_over
    score = training.drill.end(3, {}, WORDS)
    assert not score.view.is_whole
    assert score.mistakes == (("Bill left unpaid", 1),)


def test_the_same_vehicle_twice_counts_once(training: Till) -> None:
    training.drill.begin()
    number = let_in(training, "KDA 412M")
    assert number
    assert training.drill.view().steps[0].done == 1


def test_the_cable_is_pulled_and_plugged_in_again_in_the_trainings_ledger_alone(
    gate: Gate, training: Till
) -> None:
    for _ in range(2):
        played_leaf = training.drill.begin().leaf
        training.drill.end(0, {}, WORDS)
    assert played_leaf == 2, "each drill has a leaf of its own"
    paused = [entry.data["is_paused"] for entry in training.desk.ledger.of_kind("sync.paused")]
    assert paused == [True, False, True, False]
    assert len(training.desk.ledger.of_kind("outage.opened")) == 1


def test_nothing_of_a_drill_is_in_the_real_ledger(gate: Gate) -> None:
    real = gate.built()
    head = real.desk.ledger.head
    till = app.open_training(real, gate.folder, gate.world())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.shifts.open("0")
    played(gate, till)
    till.drill.end(0, {}, WORDS)
    assert real.desk.ledger.head == head
    for one in (till, real):
        one.desk.ledger.close()


def test_only_a_supervisor_begins_one(training: Till) -> None:
    training.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(NotAllowed):
        training.drill.begin()


def test_no_drill_where_money_counts(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    with pytest.raises(NoTraining):
        till.drill.begin()

"""Training: its beginning and its end stand in the real journal, whatever ends it."""

from gatepos.till.till import Till
from tests.gate import MANAGER, MANAGER_PIN, Gate


def told(till: Till) -> list[str]:
    ledger = till.desk.ledger
    found = [entry for kind in ("training.begun", "training.ended") for entry in ledger.of_kind(kind)]
    return [entry.kind for entry in sorted(found, key=lambda entry: entry.seq)]


def test_a_training_that_a_stop_cut_short_is_ended_at_the_next_start(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.training.begin("XTM2")
    till = gate.reopened(till)
    assert told(till) == ["training.begun", "training.ended"]
    till = gate.reopened(till)
    assert told(till) == ["training.begun", "training.ended"]


def test_a_training_that_ended_is_not_ended_again(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.training.begin("XTM2")
    till.training.end("XTM2")
    assert told(gate.reopened(till)) == ["training.begun", "training.ended"]

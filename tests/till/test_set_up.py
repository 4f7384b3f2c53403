"""Set-up: a date only proposes, people decide; policy is recorded before it holds."""

import pytest

from gatepos import app
from gatepos.domain.parks import UnknownGate
from gatepos.domain.policy import BadPolicyValue, UnknownPolicy
from gatepos.domain.rates import BadRate
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.till.approvals import Second
from gatepos.till.desk import Locked, NotInTraining
from gatepos.till.set_up import LastInCharge, UnknownSchedule
from gatepos.till.sign_in import LockedOut, WrongPin
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, selling


@pytest.fixture
def manager(gate: Gate) -> Till:
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = till.set_up.employ("03", ["supervisor"]).start_code
    till.sign_in.choose_pin("03", code, "864209")
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    return till


SECOND = Second("03", "864209")


def test_a_paybill_needs_two_people(manager: Till) -> None:
    with pytest.raises(NeedsSecond):
        manager.set_up.configure("paybill", "600000")
    manager.set_up.configure("paybill", "600000", SECOND)
    assert manager.desk.policy.text("paybill") == "600000"


def test_policy_survives_a_restart(gate: Gate, manager: Till) -> None:
    manager.set_up.configure("paybill", "600000", SECOND)
    assert gate.reopened(manager).desk.policy.text("paybill") == "600000"


@pytest.mark.parametrize(
    ("key", "value"), [("paybill", "12"), ("allow_cash", "perhaps"), ("lock_after_s", "-1")]
)
def test_a_bad_policy_value_is_refused(manager: Till, key: str, value: str) -> None:
    with pytest.raises(BadPolicyValue):
        manager.set_up.configure(key, value, SECOND)


def test_an_unknown_policy_is_refused(manager: Till) -> None:
    with pytest.raises(UnknownPolicy):
        manager.set_up.configure("free_for_all", "yes", SECOND)


def test_the_gate_is_one_of_the_parks(manager: Till) -> None:
    with pytest.raises(UnknownGate):
        manager.set_up.configure("gate", "NOWH")
    manager.set_up.configure("gate", "EAST")
    manager.set_up.configure("lane", "4")
    manager.set_up.configure("lock_after_s", "240")
    entry = manager.desk.ledger.entry(manager.desk.ledger.head[0])
    assert (entry.fields["gate"], entry.fields["lane"]) == ("EAST", "4")


def test_switching_the_schedule_takes_two_people_and_changes_the_price_at_once(manager: Till) -> None:
    with pytest.raises(NeedsSecond):
        manager.set_up.switch_schedule("CF2016", "order of the court")
    with pytest.raises(UnknownSchedule):
        manager.set_up.switch_schedule("CF1999", "order", SECOND)
    manager.set_up.switch_schedule("CF2016", "order of the court", SECOND)
    till = selling(manager, CLERK, CLERK_PIN)
    assert till.checkout.tap(EA_CITIZEN).total_minor == 43_000


def test_a_later_schedule_is_only_proposed(manager: Till) -> None:
    manager.set_up.switch_schedule("CF2016", "order of the court", SECOND)
    proposed = manager.desk.proposed()
    assert proposed is not None
    assert (proposed.id, manager.desk.ledger.state.schedule) == ("CF2025", "CF2016")


def test_a_schedule_that_waits_is_named_to_who_may_accept_it_while_nobody_is_served(manager: Till) -> None:
    def told() -> list[str]:
        return [str(said) for said in manager.checkout.view().warnings]

    assert told() == []
    manager.set_up.switch_schedule("CF2016", "order of the court", SECOND)
    assert told() == ["Fee schedule CF2025 has begun and waits: accept it in Set-up."]
    manager.checkout.tap(EA_CITIZEN)
    assert told() == [], "a vehicle stands at the window"
    selling(manager, CLERK, CLERK_PIN)
    assert told() == [], "a clerk can do nothing about it"


@pytest.mark.parametrize(
    ("month", "rate"),
    [
        ("2026-13", "129.50"),
        ("Jan", "1"),
        *(
            ("2026-01", rate)
            for rate in ("12,9", "0", "1e3", "129.12345", "129.²", "١٢٩", "9" * 5_000, "", "-1")
        ),
    ],
)
def test_a_rate_has_its_form(manager: Till, month: str, rate: str) -> None:
    with pytest.raises(BadRate):
        manager.set_up.switch_rate(month, rate)


def test_an_old_rate_stays_in_force_and_says_so(gate: Gate, sell: Till) -> None:
    assert not sell.checkout.view().rate_is_old
    gate.clock.pass_by(40 * 86_400_000)
    view = sell.checkout.view()
    assert view.rate_is_old
    assert view.rate_e4 == 1_295_000


def test_the_last_who_may_set_up_stays(manager: Till) -> None:
    with pytest.raises(LastInCharge):
        manager.set_up.dismiss(MANAGER)
    with pytest.raises(LastInCharge):
        manager.set_up.employ(MANAGER, ["clerk"])
    manager.set_up.employ("04", ["manager"], SECOND)
    manager.set_up.dismiss(MANAGER, SECOND)


def test_nobody_makes_a_second_person_alone(manager: Till) -> None:
    with pytest.raises(NeedsSecond):
        manager.set_up.employ("04", ["supervisor"])
    assert "04" not in manager.desk.staff
    manager.set_up.employ("04", ["supervisor"], SECOND)
    manager.set_up.employ("05", ["clerk"])


def test_nobody_loses_removes_or_starts_anew_the_second_person_alone(manager: Till) -> None:
    for act in (
        lambda: manager.set_up.dismiss("03"),
        lambda: manager.set_up.employ("03", ["clerk"]),
        lambda: manager.set_up.employ("03", ["supervisor"]),
    ):
        with pytest.raises(NeedsSecond):
            act()
    manager.set_up.configure("paybill", "600000", SECOND)
    manager.set_up.dismiss("03", SECOND)
    assert not manager.desk.staff["03"].roles


def test_whoever_takes_a_role_from_themselves_has_it_no_longer(manager: Till) -> None:
    manager.set_up.employ("04", ["manager"], SECOND)
    manager.set_up.employ(MANAGER, ["clerk"], SECOND)
    with pytest.raises(NotAllowed):
        manager.set_up.employ("05", ["clerk"])


def test_an_older_rate_needs_two_people(manager: Till) -> None:
    manager.set_up.switch_rate("2026-02", "140")
    with pytest.raises(NeedsSecond):
        manager.set_up.switch_rate("2026-01", "129.50")
    manager.set_up.switch_rate("2026-01", "129.50", SECOND)
    manager.set_up.switch_rate("2026-01", "129.60")
    assert manager.desk.ledger.state.rate_e4 == 1_296_000


def test_a_rate_that_no_month_brings_needs_two_people(manager: Till) -> None:
    with pytest.raises(NeedsSecond):
        manager.set_up.switch_rate("2026-02", "1295")
    assert manager.desk.ledger.state.rate_e4 == 1_295_000
    manager.set_up.switch_rate("2026-02", "1295", SECOND)


def test_in_training_nobody_is_added_removed_or_given_a_pin(gate: Gate, manager: Till) -> None:
    kept = (gate.folder / "pins.json").read_bytes()
    training = app.open_training(manager, gate.folder, gate.world())
    training.sign_in.sign_in(MANAGER, MANAGER_PIN)
    for act in (
        lambda: training.set_up.employ("03", ["clerk"], SECOND),
        lambda: training.set_up.employ("09", ["clerk"]),
        lambda: training.set_up.dismiss(CLERK),
        lambda: training.sign_in.choose_pin(CLERK, "ABCDEFGH23", "975318"),
    ):
        with pytest.raises(NotInTraining):
            act()
    assert (gate.folder / "pins.json").read_bytes() == kept
    training.desk.ledger.close()


def test_wrong_pins_in_training_are_counted_at_the_real_till(gate: Gate, manager: Till) -> None:
    for _ in range(3):
        with pytest.raises(WrongPin):
            manager.sign_in.sign_in(CLERK, "999998")
    training = app.open_training(manager, gate.folder, gate.world())
    with pytest.raises(WrongPin):
        training.sign_in.sign_in(CLERK, "999998")
    with pytest.raises(LockedOut):
        training.sign_in.sign_in(CLERK, "999998")
    for till in (training, manager):
        with pytest.raises(LockedOut):
            till.sign_in.sign_in(CLERK, CLERK_PIN)
    training.desk.ledger.close()
    with pytest.raises(LockedOut):
        gate.reopened(manager).sign_in.sign_in(CLERK, CLERK_PIN)


def test_a_locked_till_ends_no_training(manager: Till) -> None:
    manager.training.begin("XTM2")
    manager.sign_in.lock()
    with pytest.raises(Locked):
        manager.training.end("XTM2")
    manager.sign_in.unlock(MANAGER_PIN)
    manager.training.end("XTM2")

"""What a till says of itself at the first sign-in of a day, and to nobody after."""

from gatepos.domain import moments
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, OTHER, OTHER_PIN, Gate
from tests.lists import VAN
from tests.till.test_commands import told
from tests.till.test_prepaid import load


def test_only_the_first_who_signs_in_on_a_day_is_told(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    assert till.morning.begins() is None, "the manager was here before"
    gate.clock.pass_by(moments.DAY_MS)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    assert till.morning.begins() is not None
    till.sign_in.lock()
    till.sign_in.unlock(CLERK_PIN)
    assert till.morning.begins() is None
    till.sign_in.sign_in(OTHER, OTHER_PIN)
    assert till.morning.begins() is None


def test_it_says_the_rate_the_tickets_of_the_day_and_who_answers_by_radio(gate: Gate) -> None:
    till = gate.built()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    load(till, VAN)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    view = till.morning.view()
    assert (view.rate_month, view.rate_is_old, view.schedule) == ("2026-01", False, "CF2025")
    assert (view.tickets, view.radio, view.heard_ms) == (1, (), None)
    till.radio.make_codes()
    assert till.morning.view().radio == (MANAGER,)
    gate.clock.pass_by(60 * moments.DAY_MS)
    assert till.morning.view().rate_is_old


def test_a_till_that_never_joined_central_waits_for_no_word_of_it(gate: Gate) -> None:
    assert not gate.built().morning.view().heard_is_old


def test_the_command_says_the_same(sell: Till) -> None:
    assert told(sell, "morning")["rate_month"] == "2026-01"

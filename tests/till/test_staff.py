"""What whoever works at a gate might do with passes alone, and may not, or not unseen."""

import pytest

from gatepos.domain import moments
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.till.till import Till
from tests import park
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, OTHER, OTHER_PIN, Gate
from tests.till.conftest import Tills
from tests.till.test_hearing import SECOND, van
from tests.till.test_passes import OWED, at_exit, outage, van_in
from tests.till.test_passes import token as code_of
from tests.till.test_sight import conflicts_of, see

AUDITOR, AUDITOR_PIN = "20", "864209"


@pytest.fixture
def down(sell: Till) -> Till:
    """A till in an outage, its clerk at the window."""
    outage(sell)
    return sell


# To owe less.


def test_a_pass_is_corrected_to_owe_less_only_by_two_whatever_its_plate(down: Till) -> None:
    number = van_in(down).number
    down.passes.correct(number, "fewer people")
    down.checkout.count(NON_RESIDENT, 0)
    down.checkout.plate("KDA 412N")
    with pytest.raises(NeedsSecond):
        down.passes.issue()
    assert down.desk.ledger.receivables.owed(number.replace("-", "")) == OWED
    done = down.passes.issue(SECOND)
    entry = down.desk.ledger.by_number(done.number.replace("-", ""))
    assert entry is not None
    assert entry.fields["also"] == {"staff": MANAGER, "how": "pin"}


def test_a_clerk_alone_puts_a_pass_of_theirs_right_that_owes_no_less(down: Till) -> None:
    number = van_in(down).number
    down.passes.correct(number, "one more adult")
    down.checkout.tap(EA_CITIZEN)
    assert down.passes.limits() == ()
    assert down.passes.issue().total_minor > OWED


@pytest.mark.parametrize("why", ["late", "another's"])
def test_a_pass_of_another_or_of_long_ago_is_corrected_by_two(gate: Gate, down: Till, why: str) -> None:
    number = van_in(down).number
    if why == "late":
        gate.clock.pass_by(11 * moments.MINUTE_MS)
    else:
        down.sign_in.sign_in(OTHER, OTHER_PIN)
        down.shifts.open()
    down.passes.correct(number, "the plate was wrong")
    down.checkout.plate("KDA 412N")
    with pytest.raises(NeedsSecond):
        down.passes.issue()
    assert down.passes.issue(SECOND).total_minor == OWED


@pytest.mark.parametrize("where", ["here", "elsewhere"])
def test_a_pass_that_left_unseen_at_its_entry_is_no_unused_one(tills: Tills, where: str) -> None:
    entry, _, far = tills
    number = van(entry)
    exit_ = at_exit(entry if where == "here" else far)
    exit_.gate.scan(code_of(entry, number))
    exit_.passes.let_out(exit_.gate.owed(), "no network to pay by", SECOND)
    exit_.gate.leave()
    done = entry.passes.revoke(number, "turned back", SECOND)
    is_kept = done.entry.data["undone_minor"] == 0
    assert is_kept == (where == "here")
    park.tell_all([entry, far])
    assert conflicts_of(entry) == (set() if is_kept else {"used_and_revoked"})


# Who lets out.


def test_who_only_looks_lets_nobody_out(down: Till) -> None:
    code = van_in(down).qr
    down.sign_in.sign_in(MANAGER, MANAGER_PIN)
    start = down.set_up.employ(AUDITOR, ["auditor"]).start_code
    down.sign_in.choose_pin(AUDITOR, start, AUDITOR_PIN)
    down.sign_in.sign_in(AUDITOR, AUDITOR_PIN)
    at_exit(down).gate.scan(code)
    with pytest.raises(NotAllowed):
        down.passes.let_out(down.gate.owed(), "no network to pay by")
    down.gate.leave()
    see(down)
    with pytest.raises(NotAllowed):
        down.sight.let_out("lost it at the picnic site")
    assert down.desk.ledger.of_kind("pass.let_out") == down.desk.ledger.of_kind("exit.without_pass") == []

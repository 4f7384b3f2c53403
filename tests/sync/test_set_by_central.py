"""From central's pages to the gate: what an office sets holds at each till once it has asked."""

import re
from html import unescape

import pytest

from gatepos.central.managers.people import People
from gatepos.domain import moments
from gatepos.domain.staff import NotAllowed
from gatepos.ledger import pages
from gatepos.seal.passwords import Passwords
from gatepos.seal.pins import StartCodeTooOld
from gatepos.till import views
from gatepos.till.desk import UnknownClerk
from gatepos.till.set_up import OnCentralsList
from gatepos.till.shifts import counted
from gatepos.till.sign_in import ChoosePin, WrongPin
from tests.central.managers.conftest import Browser, Office
from tests.gate import CHEAP, CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN
from tests.sync.test_pull import Joined, Park, nnp
from tests.till.test_corrections import sold

__all__ = ["nnp"]
NEW, NEW_PIN = "31", "864209"


@pytest.fixture
def one(nnp: Park) -> Joined:
    """A till of the park, its clerk at the window with a shift."""
    return nnp.join("XNM1")


@pytest.fixture
def boss(nnp: Park) -> Browser:
    """An administrator at central's pages."""
    return Office(nnp.place, People(nnp.place.store, Passwords(CHEAP))).signed_in("boss", "administrator")


def hidden(page: str) -> dict[str, str]:
    """The form of a preview, as it would be sent."""
    preview = page.split('id="preview"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview)
    return {name: unescape(value) for name, value in found}


def published(boss: Browser, path: str, fields: dict[str, str]) -> None:
    """A form, looked at and confirmed."""
    assert boss.post(path, hidden(boss.post(path, fields).text)).status_code == 200


def listed(boss: Browser, number: str = NEW, role: str = "clerk", **more: str) -> str:
    """Somebody is put on the list of the park; their start code as the page shows it."""
    page = boss.post("/staff", {"park": "NNP", "number": number, "role": role, **more}).text
    return page.split('class="given">')[1].split("<")[0]


def test_a_rate_holds_at_the_till_from_its_moment_and_not_before(
    nnp: Park, one: Joined, boss: Browser
) -> None:
    published(boss, "/rates", {"month": "2026-02", "rate": "130.10", "from": "2026-02-01 00:00"})
    one.pull()
    assert one.till.desk.ledger.state.rate == "2026-01"
    nnp.place.clock.pass_by(moments.parse_local("2026-02-01 00:00") - nnp.place.clock.wall_ms())
    one.pull()
    state = one.till.desk.ledger.state
    assert (state.rate, state.rate_e4) == ("2026-02", 1_301_000)
    boss.sign_in("boss")
    published(boss, "/rates", {"month": "2026-02", "rate": "131"})
    one.pull()
    assert (one.till.desk.ledger.state.rate_e4, one.trouble("rates")) == (1_310_000, "")


def test_a_policy_holds_at_the_tills_of_its_park_alone(nnp: Park, one: Joined, boss: Browser) -> None:
    published(boss, "/policy", {"park": "TSE", "allow_card": "no"})
    published(boss, "/policy", {"park": "NNP", "allow_cash": "yes", "pass_host": "pay.test"})
    one.pull()
    assert not one.till.desk.policy.allows("cash"), "another administrator agrees first"
    chief = Office(nnp.place, People(nnp.place.store, Passwords(CHEAP))).signed_in("chief", "administrator")
    chief.post("/policy/answer", {"park": "NNP", "key": "allow_cash", "value": "yes", "do": "agree"})
    one.pull()
    policy = one.till.desk.policy
    assert policy.allows("cash")
    assert policy.allows("card")
    assert policy.text("pass_host") == "pay.test"
    published(boss, "/policy", {"park": "NNP", "pass_host": ""})
    one.pull()
    assert (one.till.desk.policy.text("pass_host"), one.trouble("policy")) == ("", "")


# Staff.


def test_somebody_put_on_the_list_signs_in_with_the_code_and_chooses_a_pin_there(
    nnp: Park, one: Joined, boss: Browser
) -> None:
    code = listed(boss, name="A. Person")
    other = nnp.join("XNE1")
    for each in (one, other):
        each.pull()
        with pytest.raises(ChoosePin):
            each.till.sign_in.sign_in(NEW, code)
        each.till.sign_in.choose_pin(NEW, code, NEW_PIN)
        with pytest.raises(WrongPin):
            each.till.sign_in.sign_in(NEW, code)
        assert each.till.sign_in.sign_in(NEW, NEW_PIN).roles == {"clerk"}
        assert each.trouble("staff") == ""
    one.restart()
    assert one.till.sign_in.sign_in(NEW, NEW_PIN).number == NEW


def test_neither_code_nor_name_is_in_a_feed_an_entry_or_a_file(nnp: Park, one: Joined, boss: Browser) -> None:
    code = listed(boss, name="A. Person")
    one.pull()
    one.till.sign_in.choose_pin(NEW, code, NEW_PIN)
    one.till.desk.ledger.close()
    one.restart()
    kept = b"".join(path.read_bytes() for path in one.gate.folder.rglob("*") if path.is_file())
    kept += str(nnp.place.feed(one.sender.token, "staff")).encode() + boss.see("/changes").encode()
    assert pages.FOLDER in {path.name for path in one.gate.folder.iterdir()}
    for secret in (code, code.replace(" ", ""), "A. Person"):
        assert secret.encode() not in kept


def test_a_code_is_good_for_a_week(one: Joined, boss: Browser) -> None:
    code = listed(boss)
    one.pull()
    one.gate.clock.pass_by(8 * moments.DAY_MS)
    with pytest.raises(StartCodeTooOld):
        one.till.sign_in.sign_in(NEW, code)


def test_who_left_the_list_signs_in_no_more_and_may_close_the_shift(one: Joined, boss: Browser) -> None:
    code = listed(boss, CLERK)
    one.pull()
    one.till.sign_in.choose_pin(CLERK, code, NEW_PIN)
    boss.post("/staff", {"park": "NNP", "number": CLERK, "do": "end"})
    one.pull()
    assert one.till.sign_in.sign_in(CLERK, NEW_PIN).roles == frozenset()
    with pytest.raises(NotAllowed):
        sold(one.till)
    one.till.shifts.close(counted([], []))
    one.till.sign_in.sign_out()
    with pytest.raises(UnknownClerk):
        one.till.sign_in.sign_in(CLERK, NEW_PIN)
    assert CLERK not in {person.number for person in one.till.sign_in.people()}


def test_who_left_with_money_on_a_bill_finishes_it_first(one: Joined, boss: Browser) -> None:
    code = listed(boss, CLERK)
    one.pull()
    one.till.sign_in.choose_pin(CLERK, code, NEW_PIN)
    one.till.checkout.count(EA_CITIZEN, 2)
    one.till.payments.pay("card")
    one.till.payments.card("AB12CD", "4242", "1000")
    boss.post("/staff", {"park": "NNP", "number": CLERK, "do": "end"})
    one.pull()
    assert one.trouble("staff") == "NotNow"
    assert one.till.desk.signed_in().roles
    assert isinstance(one.till.payments.card("AB12CE", "4242", "1000"), views.RecordedView)
    one.pull()
    assert (one.trouble("staff"), one.till.desk.signed_in().roles) == ("", frozenset())


def test_days_are_the_tills_to_know_without_central(one: Joined, boss: Browser) -> None:
    code = listed(boss, from_on="2026-01-04", until_on="2026-01-05")
    one.pull()
    with pytest.raises(UnknownClerk):
        one.till.sign_in.sign_in(NEW, code)
    one.gate.clock.pass_by(2 * moments.DAY_MS)
    one.till.sign_in.choose_pin(NEW, code, NEW_PIN)
    one.restart()
    one.till.sign_in.sign_in(NEW, NEW_PIN)
    one.gate.clock.pass_by(2 * moments.DAY_MS)
    with pytest.raises(UnknownClerk):
        one.till.sign_in.sign_in(NEW, NEW_PIN)


def test_a_number_that_was_added_here_for_other_work_is_named_and_left_alone(
    one: Joined, boss: Browser
) -> None:
    listed(boss, MANAGER, "clerk")
    one.pull()
    assert one.trouble("staff") == "OtherPerson"
    assert one.till.sign_in.sign_in(MANAGER, MANAGER_PIN).roles == {"manager", "supervisor"}
    boss.post("/staff", {"park": "NNP", "number": MANAGER, "do": "end"})
    one.pull()
    assert one.till.sign_in.sign_in(MANAGER, MANAGER_PIN).roles == {"manager", "supervisor"}


def test_the_same_work_under_the_same_number_is_the_same_person_whose_old_pin_ends(
    one: Joined, boss: Browser
) -> None:
    code = listed(boss, CLERK, "clerk")
    one.pull()
    with pytest.raises(WrongPin):
        one.till.sign_in.sign_in(CLERK, CLERK_PIN)
    one.till.sign_in.choose_pin(CLERK, code, NEW_PIN)


def test_what_somebody_on_the_list_does_is_not_changed_at_a_till(one: Joined, boss: Browser) -> None:
    listed(boss)
    one.pull()
    one.till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    with pytest.raises(OnCentralsList):
        one.till.set_up.employ(NEW, ["manager"])
    own = one.till.set_up.employ(NEW, ["clerk"]).start_code
    one.till.sign_in.choose_pin(NEW, own, NEW_PIN)
    boss.post("/staff", {"park": "NNP", "number": NEW, "role": "supervisor"})
    one.pull()
    assert one.till.sign_in.sign_in(NEW, NEW_PIN).roles == {"supervisor"}
    boss.post("/staff", {"park": "NNP", "number": NEW, "do": "end"})
    one.pull()
    with pytest.raises(UnknownClerk):
        one.till.sign_in.sign_in(NEW, NEW_PIN)


def test_a_till_whose_file_was_lost_knows_the_list_and_spends_no_code_twice(
    one: Joined, boss: Browser
) -> None:
    code = listed(boss)
    one.pull()
    one.till.sign_in.choose_pin(NEW, code, NEW_PIN)
    for page in one.folder.glob("staff-*"):
        page.unlink()
    one.restart(without_file=True)
    one.pull()
    assert one.till.sign_in.sign_in(NEW, NEW_PIN).number == NEW
    with pytest.raises(WrongPin):
        one.till.sign_in.choose_pin(NEW, code, "975310")

"""Cases stand until somebody decides them with a reason, and are kept after."""

from typing import cast

from gatepos.domain import numbers
from gatepos.till.till import Till
from tests import park
from tests.central.driver.phone import Driver
from tests.central.managers.conftest import Heard, Office
from tests.central.place import Sender
from tests.gate import FixedClock
from tests.till.test_hearing import paid_at, van
from tests.till.test_passes import OWED, outage, token, van_in


def case_of(page: str) -> str:
    """The first case to decide on a page."""
    return page.split('name="case" value="')[1].split('"')[0]


def test_a_fork_is_decided_once_with_a_reason_and_stays_decided(office: Office, till: Sender) -> None:
    till.drain()
    copied = till.copied(3)
    copied.write()
    copied.acked = 3
    copied.drain()
    browser = office.signed_in("warden", "manager", "NNP")
    page = browser.see("/cases")
    assert "folder was copied" in page
    case = case_of(page)
    assert browser.post("/cases", {"case": case, "reason": " "}).status_code == 400
    assert "folder was copied" in browser.see("/cases").split("Decided")[0]
    browser.post("/cases", {"case": case, "reason": "The old disk went back in; it is broken up <now>."})
    left, decided = browser.see("/cases").split("Decided")
    assert "Nothing to decide" in left
    assert "it is broken up &lt;now&gt;." in decided
    assert "warden" in decided
    assert browser.post("/cases", {"case": case, "reason": "again"}).status_code == 400
    copied.drain()
    assert office.place.matters() == []


def test_a_payment_of_which_something_is_over_says_how_much(office: Office, till: Sender, sell: Till) -> None:
    outage(sell)
    driver = Driver(till.place, till, sell, van_in(sell).number.replace("-", ""))
    driver.tell()
    driver.pay(f"{OWED // 100 + 1250}")
    page = office.signed_in("warden", "manager", "NNP").see("/cases")
    assert f"KES {OWED // 100 + 1250:,}" in page
    assert "KES 1,250 of it is over" in page


def test_entries_that_are_not_in_the_books_are_one_case_until_more_come(office: Office, till: Sender) -> None:
    for _ in range(3):
        till.write(kind="no.such", data={})
    till.drain()
    browser = office.signed_in("warden")
    page = browser.see("/cases")
    assert "3 entries" in page
    browser.post("/cases", {"case": case_of(page), "reason": "A newer till; central is updated tonight."})
    assert "Nothing to decide" in browser.see("/cases")
    till.write(kind="no.such", data={})
    till.drain()
    assert "4 entries" in browser.see("/cases").split("Decided")[0]


def test_a_conflict_that_tills_found_is_one_case_of_the_park(office: Office, heard: Heard) -> None:
    entry, beside, far = heard.tills
    outage(entry)
    number = van(entry)
    code = token(entry, number)
    for till in (beside, far):
        till.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ")
    paid_at(far, code, "UA26X1Y2ZR")
    park.tell_all(heard.tills)
    heard.sent()
    elsewhere, here = office.signed_in("a", "manager", "TSE"), office.signed_in("b", "manager", "NNP")
    assert "Nothing to decide" in elsewhere.see("/cases")
    page = here.see("/cases")
    assert page.count("Paid twice") == 1
    assert elsewhere.post("/cases", {"case": case_of(page), "reason": "not mine"}).status_code == 403
    here.post("/cases", {"case": case_of(page), "reason": "Refunded."})
    left, decided = here.see("/cases").split("Decided")
    assert ("Paid twice" in left, "Paid twice" in decided) == (False, True)
    assert "Let out twice" in left


def switched(till: Till, schedule: str) -> None:
    cast(FixedClock, till.desk.clock).pass_by(60_000)
    was = till.desk.ledger.state.schedule
    data = {"schedule": schedule, "was": was, "reason": "order", "ordered_at": None, "unpaid": "ask"}
    till.desk.write("schedule.switched", data)


def test_a_till_that_did_not_follow_to_another_schedule_is_a_case_until_it_has(
    office: Office, heard: Heard
) -> None:
    entry, beside, far = heard.tills
    heard.sent()
    warden = office.signed_in("warden", "manager", "NNP")
    assert "Nothing to decide" in warden.see("/cases")
    for till in (entry, beside):
        switched(till, "CF2016")
    heard.sent()
    page = warden.see("/cases")
    assert page.count("sell by two schedules") == 1
    assert "CF2025 ↔ CF2016" in page
    for till in (entry, far):
        assert till.desk.ledger.context.till in page
    switched(far, "CF2016")
    heard.sent()
    assert "Nothing to decide" in warden.see("/cases")


def test_a_person_closes_the_case_of_a_till_that_will_not_follow(office: Office, heard: Heard) -> None:
    entry, beside, far = heard.tills
    switched(entry, "CF2016")
    switched(beside, "CF2016")
    heard.sent()
    warden = office.signed_in("warden", "manager", "NNP")
    warden.post("/cases", {"case": case_of(warden.see("/cases")), "reason": "Its disk is dead."})
    left, decided = warden.see("/cases").split("Decided")
    assert ("two schedules" in left, "two schedules" in decided) == (False, True)
    switched(far, "CF2025")
    heard.sent()
    assert "two schedules" in warden.see("/cases").split("Decided")[0], "it was decided of what stood then"


def test_a_drivers_note_is_a_case_of_its_park_until_a_manager_closes_it(
    office: Office, till: Sender, sell: Till
) -> None:
    outage(sell)
    driver = Driver(till.place, till, sell, van_in(sell).number.replace("-", ""))
    wrong = "We were five people and not six; the clerk was gone <quickly>."
    answer = till.place.http.post(f"/P/{driver.token}", data={"wrong": wrong})
    assert "The park&#39;s manager has your note" in answer.text
    elsewhere, here = office.signed_in("a", "manager", "TSE"), office.signed_in("b", "manager", "NNP")
    assert "Nothing to decide" in elsewhere.see("/cases")
    page = here.see("/cases")
    assert "A driver writes that something is wrong" in page
    assert "the clerk was gone &lt;quickly&gt;." in page
    assert f"<strong>{numbers.printed(driver.number)}</strong>" in page
    here.post("/cases", {"case": case_of(page), "reason": "Looked at: they were six."})
    assert "Nothing to decide" in here.see("/cases").split("Decided")[0]

"""One page on a driver's phone for several passes: one total, and one account for those sold together."""

import os

import pytest
import sqlalchemy.event
from playwright.sync_api import Browser, expect

from gatepos.till.till import Till
from tests.central.driver.phone import Driver, four, said, wait_until_kept
from tests.central.place import Sender, served
from tests.till.test_passes import OWED, sold_together

TOTAL = f"KES {3 * OWED // 100:,}"


@pytest.fixture
def vans(till: Sender, sell: Till) -> list[Driver]:
    """Drivers of three vans sold together and of one that names the same operator."""
    return four(till, sell, "KDA 101A", "KDA 102A", "KDA 103A", "KDA 104A")


def beside(*vans: Driver) -> str:
    return "?" + "&".join(f"with={van.token}" for van in vans)


def test_one_total_and_one_account_for_those_sold_together(vans: list[Driver]) -> None:
    first, second, third, _ = vans
    shown = said(first.opened(beside(second, third, second) + "&with=ABC"))
    assert f"You owe {TOTAL}" in shown
    assert shown.count("Account ") == 1
    assert f"Account {first.number}" in shown
    assert "Amount 131,820" in shown
    assert "Paid together, to one account" in shown
    assert "What it is made of: KDA 101A" in shown
    for plate in ("KDA 102A", "KDA 103A"):
        assert shown.count(plate) == 1
    assert len(first.opened(beside(second, third)).content) <= 14 * 1024


def test_nobody_is_told_to_pay_a_total_under_a_number_that_does_not_reach_the_others(
    vans: list[Driver],
) -> None:
    first, second, _, stranger = vans
    shown = said(first.opened(beside(second, stranger)))
    assert f"You owe {TOTAL}" in shown
    assert "Each is paid under its own account" in shown
    assert "Amount 131,820" not in shown
    pay = shown.partition("Pay by M-PESA")[2]
    assert pay.count("Paybill 600000") == 1
    for van, plate in ((first, "KDA 101A"), (second, "KDA 102A"), (stranger, "KDA 104A")):
        assert f"{plate} Account {van.number} Copy Amount {OWED // 100:,}" in pay


def test_a_total_is_paid_under_one_account_only_where_every_open_pass_of_the_group_is_there(
    vans: list[Driver],
) -> None:
    first, second, third, _ = vans
    shown = said(second.opened(beside(third)))
    assert "Each is paid under its own account" in shown
    for van, plate in ((second, "KDA 102A"), (third, "KDA 103A")):
        assert f"{plate} Account {van.number} Copy Amount {OWED // 100:,}" in shown
    shown = said(second.opened(beside(third, first) + f"&out={first.number}"))
    assert "Each is paid under its own account" in shown, "one that is left out is open too"
    first.pay(f"{OWED // 100}")
    shown = said(second.opened(beside(third)))
    assert "Paid together, to one account" in shown
    second.pay(f"{2 * OWED // 100}", "UA26X1Y2ZR")
    assert all("Payment has arrived" in said(van.opened()) for van in (first, second, third))


def test_what_is_paid_already_needs_no_account_of_its_own(vans: list[Driver]) -> None:
    first, second, third, stranger = vans
    stranger.pay(f"{OWED // 100}", "UA26X1Y2ZR")
    shown = said(first.opened(beside(second, third, stranger)))
    assert "Paid together, to one account" in shown
    assert f"Account {first.number}" in shown
    assert f"You owe {TOTAL}" in shown
    assert "KDA 104A Payment has arrived" in shown
    alone = said(first.opened(beside(stranger)))
    assert "Passes on this page" in alone
    assert "Paid together" not in alone


def test_a_pass_that_central_has_not_heard_of_is_paid_under_its_own_number(
    vans: list[Driver], sell: Till
) -> None:
    (unheard,) = sold_together(sell, "KDA 105A")
    driver = Driver(vans[0].place, vans[0].till, sell, unheard)
    pay = said(vans[0].opened(beside(driver))).partition("Pay by M-PESA")[2]
    assert f"KDA 105A Paybill on your paper Account {unheard}" in pay
    assert f"KDA 101A Paybill 600000 Copy Account {vans[0].number}" in pay


def test_more_passes_than_one_page_shows_are_named(vans: list[Driver], sell: Till) -> None:
    more = [
        Driver(vans[0].place, vans[0].till, sell, number)
        for number in sold_together(sell, *(f"KDB 1{n:02}A" for n in range(20)))
    ]
    vans[0].tell()
    shown = said(vans[0].opened(beside(*more)))
    assert "Only 20 passes are shown on one page." in shown
    assert "KDB 118A" in shown
    assert "KDB 119A" not in shown
    assert "Only 20" not in said(vans[0].opened(beside(*more[:19])))
    assert "Paid together, to one account" in said(more[0].opened(beside(*more[1:])))


def test_one_payment_of_the_total_pays_all_of_them(vans: list[Driver]) -> None:
    first, second, third, _ = vans
    first.pay(f"{3 * OWED // 100}")
    assert all("Payment has arrived" in said(van.opened()) for van in (first, second, third))
    shown = said(first.opened(beside(second, third)))
    assert "KDA 102A: " in shown, "each has its own code on its own page"
    assert "You owe" not in shown


def test_many_passes_on_one_page_are_read_in_one_transaction_and_their_group_once(
    vans: list[Driver],
) -> None:
    first, second, third, _ = vans
    first.pay(f"{OWED // 100 + 1000}")
    asked: list[str] = []
    begun: list[object] = []
    engine = first.place.store._engine

    def ask(*about: object) -> None:
        asked.append(str(about[2]))

    def begin(conn: object) -> None:
        begun.append(conn)

    sqlalchemy.event.listen(engine, "before_cursor_execute", ask)
    sqlalchemy.event.listen(engine, "begin", begin)
    shown = said(second.opened(beside(third)))
    sqlalchemy.event.remove(engine, "before_cursor_execute", ask)
    sqlalchemy.event.remove(engine, "begin", begin)
    assert f"You owe KES {2 * OWED // 100 - 1000:,}" in shown
    assert len(begun) == 1
    assert len([sql for sql in asked if "WHERE together" in sql]) == 1


def test_above_what_one_payment_carries_the_page_says_the_parts(vans: list[Driver], sell: Till) -> None:
    numbers = sold_together(sell, *(f"KDA 11{n}A" for n in range(7)))
    first, *others = [Driver(vans[0].place, vans[0].till, sell, number) for number in numbers]
    first.tell()
    shown = said(first.opened(beside(*others)))
    assert "carries KES 250,000: pay 250,000 + 57,580." in shown


@pytest.mark.parametrize("place", ["sqlite"], indirect=True)
def test_a_phone_that_scanned_three_pays_them_by_one_touch_and_keeps_the_page(
    vans: list[Driver], browser: Browser
) -> None:
    with served(vans[0].place.beside()) as url:
        context = browser.new_context(viewport={"width": 390, "height": 844})
        page = context.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        for van in (*vans[1:3], vans[0]):
            page.goto(f"{url}/P/{van.token}?lang=en")
        page.get_by_role("link", name="Pay with the other passes that this phone scanned (2)").click()
        expect(page.locator(".owed")).to_have_text(TOTAL)
        expect(page.locator(".vans div")).to_have_count(3)
        expect(page.get_by_role("alert")).to_have_count(0)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        boxes = [key.bounding_box() for key in page.locator(".key:visible").all()]
        assert all(box is not None and box["height"] >= 48 for box in boxes)
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=f"{shots}/phone.png", full_page=True)
            page.set_viewport_size({"width": 1366, "height": 768})
            page.screenshot(path=f"{shots}/wide.png", full_page=True)
        wait_until_kept(page)
        context.set_offline(True)
        page.reload()
        expect(page.locator(".owed")).to_have_text(TOTAL)
        context.set_offline(False)
        page.get_by_role("button", name="Leave out: KDA 102A").click()
        expect(page.locator(".owed")).to_have_text(f"KES {2 * OWED // 100:,}")
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(f"{url}/P/{vans[3].token}?lang=en")
        page.get_by_role("link", name="Pay with the other passes that this phone scanned").click()
        expect(page.get_by_role("button", name="Copy: KDA 101A, Account")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        if shots := os.environ.get("SHOTS"):
            page.screenshot(path=f"{shots}/each.png", full_page=True)
            page.goto(page.url.replace("lang=en", "lang=sw"))
            page.screenshot(path=f"{shots}/each-sw.png", full_page=True)
        context.close()
        assert complaints == []

"""One page on a driver's phone for several passes: those of one operator have one total and one account."""

import os

import pytest
from playwright.sync_api import Browser, expect

from gatepos.till.till import Till
from tests.central.driver.phone import Driver, four, said, wait_until_kept
from tests.central.place import Sender, served
from tests.gate import ordinary_van
from tests.till.test_passes import OWED, SECOND

TOTAL = f"KES {3 * OWED // 100:,}"


@pytest.fixture
def vans(till: Sender, sell: Till) -> list[Driver]:
    """Drivers of three vans of one operator and one of another."""
    return four(till, sell, "KDA 101A", "KDA 102A", "KDA 103A", "KDA 104A")


def beside(*vans: Driver) -> str:
    return "?" + "&".join(f"with={van.token}" for van in vans)


def test_one_total_and_one_account_for_those_of_one_operator(vans: list[Driver]) -> None:
    first, second, third, other = vans
    shown = said(first.opened(beside(second, third, second, other)))
    assert f"You owe {TOTAL}" in shown
    assert f"Account {first.number}" in shown
    assert "Amount 131,820" in shown
    for plate in ("KDA 102A", "KDA 103A"):
        assert shown.count(plate) == 1
    assert "KDA 104A" not in shown
    assert len(first.opened(beside(second, third)).content) <= 14 * 1024
    assert f"Paid by itself: {other.number[:4]}-{other.number[4:11]}" in shown


def test_nothing_of_another_operator_or_of_no_paper_is_added(vans: list[Driver]) -> None:
    shown = said(vans[3].opened(beside(vans[0]) + "&with=ABC"))
    assert f"You owe KES {OWED // 100:,}" in shown
    assert "Paid together" not in shown


def test_one_payment_of_the_total_pays_all_of_them(vans: list[Driver]) -> None:
    first, second, third, _ = vans
    first.pay(f"{3 * OWED // 100}")
    assert all("Payment has arrived" in said(van.opened()) for van in (first, second, third))
    shown = said(first.opened(beside(second, third)))
    assert "KDA 102A: " in shown, "each has its own code on its own page"
    assert "You owe" not in shown


def test_above_what_one_payment_carries_the_page_says_the_parts(vans: list[Driver], sell: Till) -> None:
    more = []
    for n in range(5, 9):
        ordinary_van(sell)
        sell.checkout.plate(f"KDA 10{n}A")
        sell.checkout.operator("Bonfire")
        number = sell.passes.issue(SECOND).number.replace("-", "")
        more.append(Driver(vans[0].place, vans[0].till, sell, number))
    vans[0].tell()
    shown = said(vans[0].opened(beside(*vans[1:3], *more)))
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
        for van in (*vans[1:], vans[0]):
            page.goto(f"{url}/P/{van.token}?lang=en")
        page.get_by_role("link", name="Pay with the other passes that this phone scanned (3)").click()
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
        context.close()
        assert complaints == []

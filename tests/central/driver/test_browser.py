"""The driver's page in a real browser: on a phone, without script, without network."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.central.driver.phone import Driver, wait_until_kept

PHONE = (390, 844)
TOUCH_MIN = 48
# What a page looks like does not come from the database.
pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """Opens the page; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def look(query: str = "", size: tuple[int, int] = PHONE, *, scripts: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address + query)
        return page

    yield look
    for context in contexts:
        context.close()
    assert complaints == []


def test_buttons_copy_what_mpesa_asks_for(driver: Driver, opened: Opened) -> None:
    driver.tell()
    page = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.bring_to_front()  # what is copied is read by the page in front alone
    for name, copied in (("Paybill", "600000"), ("Account", driver.number), ("Amount", "43940")):
        button = page.get_by_role("button", name=f"Copy: {name}")
        button.click()
        expect(button).to_have_text("Copied")
        assert page.evaluate("navigator.clipboard.readText()") == copied


@pytest.mark.parametrize("width", [320, 390, 1366])
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_is_cut_and_every_button_is_for_a_finger(
    driver: Driver, opened: Opened, width: int, language: str
) -> None:
    driver.tell()
    page = opened(f"?lang={language}&check=1", (width, 844))
    assert page.evaluate("document.documentElement.scrollWidth") == width
    boxes = [key.bounding_box() for key in page.locator(".key:visible").all()]
    assert len(boxes) == 7
    assert all(box is not None and box["height"] >= TOUCH_MIN for box in boxes)


def test_without_script_everything_but_copying_works(driver: Driver, opened: Opened) -> None:
    driver.tell()
    page = opened(scripts=False)
    expect(page.locator(".pay button")).to_have_count(3)
    expect(page.locator(".pay button:visible")).to_have_count(0)
    page.get_by_role("button", name="Check whether my payment has arrived").click()
    expect(page.get_by_role("status")).to_contain_text("Not yet")
    page.get_by_text("Turn my M-PESA message into a code to scan").click()
    page.get_by_role("textbox").fill("UA26X1Y2ZQ Confirmed. Ksh43,940.00 paid to KENYA WILDLIFE SERVICE")
    page.get_by_role("button", name="Make the code").click()
    expect(page.locator("svg[role=img]")).to_be_visible()
    page.get_by_role("link", name="Kiswahili").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")


def test_once_seen_the_page_opens_without_network(driver: Driver, opened: Opened) -> None:
    driver.pay()
    page = opened()
    wait_until_kept(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Payment has arrived")
    expect(page.locator("svg[role=img]")).to_be_visible()
    page.context.set_offline(False)


def test_a_note_to_the_manager_is_sent_without_script(driver: Driver, opened: Opened) -> None:
    page = opened(scripts=False)
    page.get_by_text("Something is wrong…").click()
    page.get_by_label("Write to the park's manager").fill("The clerk counted six of us.")
    page.get_by_role("button", name="Send to the manager").click()
    expect(page.get_by_role("status")).to_contain_text("has your note on this paper")
    assert driver.place.count("note") == 1

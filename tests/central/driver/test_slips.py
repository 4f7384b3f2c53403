"""The page of the driver's slip in a real browser: filled in without network, its code read by a scanner."""

import gzip
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from gatepos.devices import decoder
from gatepos.devices.decoder import Frame
from gatepos.domain import slip
from gatepos.domain.slip import Slip
from tests.central.driver.phone import wait_until_kept
from tests.central.driver.test_browser import PHONE, TOUCH_MIN
from tests.central.place import Place, served

# What a page looks like does not come from the database.
pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
FIRST_MAX = 14 * 1024
Opened = Callable[..., Page]


@pytest.fixture
def address(place: Place) -> Iterator[str]:
    """Where a real server shows the page."""
    with served(place.beside()) as url:
        yield f"{url}/S"


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Opened]:
    """Opens the page; whatever the browser complains of, and whatever it asks of others, fails the test."""
    complaints: list[str] = []
    contexts = []

    def look(query: str = "", size: tuple[int, int] = PHONE, language: str = "en") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((address, "data:")) and asked.method == "GET"
                else complaints.append(asked.url)
            ),
        )
        page.goto(address + query)
        return page

    yield look
    for context in contexts:
        context.close()
    assert complaints == []


def add(page: Page, group: str, times: int = 1) -> None:
    for _ in range(times):
        page.locator(f"[data-group='{group}'] [data-by='1']").click()


def fill(page: Page) -> None:
    """The ordinary van: six who pay, a toddler, a driver."""
    for group, n in (("30", 3), ("32", 1), ("20", 1), ("00", 1), ("41", 1), ("40", 1)):
        add(page, group, n)
    page.locator("[data-band='2']").click()
    page.locator("#plate").fill("kda 412m")
    page.locator("#operator").fill("Büsch & Söhne: Safaris")


def scanned(page: Page) -> str:
    """What a scanner reads of the code on the page."""
    grey = Image.open(BytesIO(page.locator("#shown svg").screenshot())).convert("L")
    (text,) = decoder.texts(Frame(grey.tobytes(), *grey.size))
    return text


def test_once_seen_a_slip_is_filled_in_without_network(opened: Opened) -> None:
    page = opened("#nnp")
    wait_until_kept(page, "gatepos-slip", 3)
    page.context.set_offline(True)
    page.reload()
    fill(page)
    page.locator("#show").click()
    assert scanned(page) == slip.write(
        Slip(
            ((0, 0, 1), (2, 0, 1), (3, 0, 3), (3, 2, 1), (4, 0, 1), (4, 1, 1)),
            "NNP", "KDA412M", 2, "Büsch & Söhne: Safaris",
        )
    )  # fmt: skip
    page.context.set_offline(False)


def test_a_slip_without_people_says_what_is_missing(opened: Opened) -> None:
    page = opened()
    page.locator("#show").click()
    expect(page.get_by_role("alert")).to_be_visible()
    add(page, "02")
    expect(page.get_by_role("alert")).to_be_hidden()
    page.locator("#show").click()
    assert scanned(page) == "GB:1::::021"


def test_what_was_filled_in_stays_until_it_is_emptied(opened: Opened) -> None:
    page = opened()
    fill(page)
    page.reload()
    expect(page.locator("[data-group='30'] output")).to_have_text("3")
    expect(page.locator("#plate")).to_have_value("kda 412m")
    page.locator("#show").click()
    page.locator("#change").click()
    page.locator("[data-group='30'] [data-by='-1']").click()
    expect(page.locator("[data-group='30'] output")).to_have_text("2")
    page.locator("#empty").click()
    page.locator("#show").click()
    expect(page.locator("#shown")).to_be_hidden()


@pytest.mark.parametrize("width", [320, 390, 1366])
@pytest.mark.parametrize("language", ["en", "sw"])
def test_nothing_is_cut_and_every_key_is_for_a_finger(opened: Opened, width: int, language: str) -> None:
    page = opened("", (width, 844), language)
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == width
    boxes = [key.bounding_box() for key in page.locator("button:visible, input:visible, summary").all()]
    assert len(boxes) == 2 * 16 + 6 + 2 + 4
    assert all(box is not None and box["height"] >= TOUCH_MIN for box in boxes)


def test_the_language_turns_without_asking_for_a_page(opened: Opened) -> None:
    page = opened()
    page.get_by_role("button", name="Kiswahili").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    expect(page.get_by_role("button", name="English")).to_be_visible()


def test_the_first_answer_is_small_and_nothing_is_of_anybody(place: Place) -> None:
    page = place.http.get("/S")
    assert len(gzip.compress(page.content, 4)) <= FIRST_MAX
    assert len(page.content) <= FIRST_MAX
    assert "set-cookie" not in page.headers
    assert place.http.get("/s", follow_redirects=False).headers["location"] == "/S"

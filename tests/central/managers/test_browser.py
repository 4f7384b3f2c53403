"""The pages in a real browser: live, without script, on a desk and on a phone, by day and by night."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from gatepos.central.managers import app
from gatepos.seal.passwords import Passwords
from gatepos.till.till import Till
from tests.central.managers.conftest import PASSWORD, Office
from tests.central.place import CENTRAL_KEY, Sender, journal_of, served
from tests.gate import CHEAP
from tests.till.test_corrections import sold

# What a page looks like does not come from the database.
pytestmark = pytest.mark.parametrize("place", ["sqlite"], indirect=True)
DESK, PHONE = (1366, 768), (390, 844)
PAGES = (
    "takings",
    "tills",
    "till?code=XNM2",
    "passes",
    "practice?first=2026-01-02",
    "statement?first=2026-01-02",
    "entries?of=XNM2.1.2.3",
    "reconciliation?first=2026-01-02&last=2026-01-02&state=confirmed",
    "cases",
    "outside",
    "changes",
    "administration",
    "schedules",
    "prepaid",
    "rates",
    "policy",
    "staff",
    "gates",
    "keys",
)
PERIOD_MS = 15_000
Opened = Callable[..., Page]


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Where a real server shows the pages."""
    made = app.application(
        office.place.store, office.place.folder, CENTRAL_KEY, office.place.clock, Passwords(CHEAP)
    )
    with served(made) as url:
        yield url


@pytest.fixture
def opened(browser: Browser, address: str, office: Office) -> Iterator[Opened]:
    """Opens a page as somebody new; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def look(
        path: str,
        size: tuple[int, int] = DESK,
        *,
        role: str = "administrator",
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, java_script_enabled=scripts, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if scripts:
            page.clock.install()
        name = f"somebody {len(contexts)}"
        page.goto(f"{address}/start")
        page.get_by_label("Name or number").fill(name)
        page.get_by_label("Start code").fill(office.start_code(name, role))
        page.get_by_label("Password, 12 characters or more").fill(PASSWORD)
        page.get_by_label("The same again").fill(PASSWORD)
        page.get_by_role("button", name="Choose it").click()
        page.goto(f"{address}/{path}")
        return page

    yield look
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_sale_arrives_without_a_reload(
    opened: Opened, till: Sender, sell_again: Callable[[], None]
) -> None:
    till.drain()
    page = opened("takings")
    expect(page.locator("#collected .value")).to_have_text("KES 0")
    page.evaluate("window.stayed = true")
    sell_again()
    page.clock.run_for(PERIOD_MS)
    expect(page.locator("#collected .value")).to_have_text("KES 1,000")
    assert page.evaluate("window.stayed")


def test_what_somebody_types_is_not_taken_away(opened: Opened, till: Sender) -> None:
    _fork(till)
    page = opened("cases")
    reason = page.get_by_role("textbox")
    reason.fill("The old disk")
    page.clock.run_for(3 * PERIOD_MS)
    expect(reason).to_have_value("The old disk")
    page.get_by_role("button", name="Close the case").click()
    expect(page.locator("#decided")).to_contain_text("The old disk")


def test_without_script_everything_else_works(opened: Opened, till: Sender) -> None:
    _fork(till)
    page = opened("takings", role="manager", scripts=False)
    page.get_by_role("link", name="Cases").click()
    page.get_by_role("textbox").fill("Found and broken up.")
    page.get_by_role("button", name="Close the case").click()
    expect(page.locator("#open")).to_contain_text("Nothing to decide.")
    page.get_by_role("link", name="Kiswahili").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    page.locator("header button").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


@pytest.mark.parametrize("size", [DESK, PHONE, (320, 700)], ids=lambda size: str(size[0]))
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_cut_on_any_page(
    opened: Opened,
    till: Sender,
    sell_again: Callable[[], None],
    size: tuple[int, int],
    scheme: Literal["light", "dark"],
) -> None:
    sell_again()
    _fork(till)
    page = opened("takings", size, scheme=scheme)
    root = page.url.removesuffix("/takings")
    for language in ("en", "sw"):
        page.goto(f"{root}/language/{language}")
        for path in PAGES:
            page.goto(f"{root}/{path}")
            assert page.evaluate("document.documentElement.scrollWidth") == size[0], path
            for card in page.locator(".card").all():
                assert card.evaluate("one => one.scrollWidth <= one.clientWidth"), path


@pytest.mark.parametrize("language", ["en", "sw"])
def test_on_a_small_desk_every_tab_is_in_sight_whole(opened: Opened, till: Sender, language: str) -> None:
    _fork(till)
    page = opened("takings", (1024, 768))
    page.goto(page.url.replace("/takings", f"/language/{language}?to=/takings"))
    tabs = page.locator("header nav")
    assert tabs.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("path", ["takings", "outages", "cases", "changes", "keys"])
def test_on_a_phone_the_tab_of_the_page_is_in_sight(opened: Opened, till: Sender, path: str) -> None:
    till.drain()
    page = opened(path, PHONE)
    tab = page.locator("nav [aria-current]").bounding_box()
    assert tab is not None
    assert tab["x"] >= 0
    assert tab["x"] + tab["width"] <= PHONE[0]


@pytest.fixture
def sell_again(till: Sender, sell: Till) -> Callable[[], None]:
    """One more sale of KES 1,000, sent."""

    def sale() -> None:
        sold(sell)
        till.kept = journal_of(sell)
        till.drain()

    return sale


def _fork(till: Sender) -> None:
    """The till's folder was copied, and both go on."""
    till.drain()
    copied = till.copied(3)
    copied.write()
    copied.drain()

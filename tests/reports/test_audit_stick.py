"""An audit stick in a real browser, opened as a file: whole when nothing was touched, else named."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gatepos import i18n
from gatepos.domain import moments, receipt
from gatepos.reports import audit_sheets, audit_stick, csv_files, manifest
from gatepos.reports.manifest import Signer
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, Gate, selling
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in

SEED = 4711
PART = 30
"""Several files even of a short day."""
Looked = Callable[[Path], Page]


@pytest.fixture(scope="module")
def stick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The stick of a day with sales, a void, passes, and a close that was short; made once."""
    place = tmp_path_factory.mktemp("stick")
    patch = pytest.MonkeyPatch()
    patch.setattr(audit_stick, "PART", PART)
    till = selling(Gate(tmp_path_factory.mktemp("gate") / "park").built(), float_kes="500")
    day(till)
    try:
        yield written(till, place)
    finally:
        till.desk.ledger.close()
        patch.undo()


def day(till: Till) -> None:
    numbers = [sold(till, n) for n in range(27)]
    till.corrections.void(numbers[3], "turned back", SECOND)
    outage(till)
    paid = van_in(till).number
    at_exit(till).gate.scan(token(till, paid))
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    till.shifts.close(Counted(others={"mpesa": 100}), "the code did not come")
    till.shifts.open("300")
    sold(till, 90)


def sold(till: Till, n: int) -> str:
    till.checkout.tap(EA_CITIZEN, 1 + n % 3)
    till.checkout.vehicle(1)
    till.checkout.plate(f"KDA {n:03d}M")
    till.payments.pay("mpesa")
    minor = till.checkout.view().total_minor
    till.payments.mpesa(f"UA26X1Y{n:03d}".replace("0", "Z"), str(minor // 100))
    assert till.window.last is not None
    return str(till.window.last.entry.number)


def written(till: Till, place: Path) -> Path:
    ledger = till.desk.ledger
    at = moments.to_text(till.desk.now_ms())
    signer = Signer(till.desk.own.till, ledger.public_key, at, ledger.say)
    audited = audit_stick.of(ledger, till.keys.rows(), till.desk.book.schedules.values(), SEED)
    return audit_stick.write(audited, place, i18n.words("en"), signer, lambda _: None).folder


@pytest.fixture
def copy(stick: Path, tmp_path: Path) -> Path:
    """The stick, to be spoilt."""
    return Path(shutil.copytree(stick, tmp_path / "stick"))


@pytest.fixture
def looked(browser: Browser) -> Iterator[Looked]:
    """Opens the page of a stick in a browser that has no network, and waits until it has checked."""
    context = browser.new_context(viewport={"width": 1100, "height": 768}, offline=True)

    def look(folder: Path) -> Page:
        page = context.new_page()
        page.goto((folder / "check.html").as_uri())
        page.evaluate("window.done")
        return page

    yield look
    context.close()


def word(page: Page) -> str:
    return page.locator("#word").inner_text()


def lines(folder: Path) -> tuple[Path, list[str]]:
    """A file of the journal and its entries, a line each."""
    path = folder / "journal_002.js"
    return path, path.read_text("utf-8").splitlines(keepends=True)


def test_an_untouched_stick_is_whole_in_a_browser_and_by_command(stick: Path, looked: Looked) -> None:
    page = looked(stick)
    assert word(page) == "WHOLE", page.locator("#findings").inner_text()
    assert not page.locator("#wrong").is_visible()
    assert manifest.check(stick).findings == ()
    assert (stick / "journal_003.js").exists(), "the day is long enough for several files"


def test_the_page_shows_the_codes_that_the_papers_and_the_till_show(stick: Path, looked: Looked) -> None:
    page = looked(stick)
    rows = csv_files.read((stick / "shifts.csv").read_bytes())
    codes = [dict(zip(rows[0], row, strict=True))["code"] for row in rows[1:]]
    keys = csv_files.read((stick / "keys.csv").read_bytes())
    anchors = page.locator("#anchors").inner_text()
    assert codes[0] is not None
    assert codes[0] in anchors
    assert str(keys[1][5]) in anchors
    head = manifest.check(stick).heads[0]
    assert receipt.check_code(bytes.fromhex(head.hash)) in anchors


def test_the_same_number_draws_the_same_receipts_here_and_there(stick: Path, looked: Looked) -> None:
    page = looked(stick)
    written = csv_files.read((stick / "sample.csv").read_bytes())[1:]
    assert len(written) == audit_sheets.DRAWN
    assert shown(page) == [(str(row[0]), str(row[6])) for row in written], "dashes and all"
    page.locator("#seed").fill("12")
    page.get_by_role("button", name="Draw 25").click()
    page.wait_for_function("before => document.querySelector('#receipts tbody').innerText !== before", arg="")
    numbers = [(number, 0) for number, _ in shown(page)]
    assert len(numbers) == audit_sheets.DRAWN
    assert numbers != [(str(row[0]), 0) for row in written]


def test_the_page_adds_up_what_the_shifts_say(stick: Path, looked: Looked) -> None:
    rows = csv_files.read((stick / "shifts.csv").read_bytes())
    first = dict(zip(rows[0], rows[1], strict=True))
    shown_ = looked(stick).locator("#shifts tbody tr").first.inner_text().replace(",", "").replace("−", "-")
    assert str(first["sold"]) in shown_
    assert str(first["over_short"]) in shown_


def shown(page: Page) -> list[tuple[str, str]]:
    """Receipts and their codes, as they stand in the table."""
    cells = page.locator("#receipts tbody tr").all()
    texts = [row.locator("td").all_inner_texts() for row in cells]
    return [(text[0], text[6]) for text in texts]


def altered(folder: Path) -> None:
    path, found = lines(folder)
    place = next(n for n, line in enumerate(found) if "receipt.issued" in line)
    found[place] = re.sub(r'total_minor\\":(\d)', lambda m: f'total_minor\\":{9 - int(m[1])}', found[place])
    path.write_text("".join(found), "utf-8")


def removed(folder: Path) -> None:
    path, found = lines(folder)
    path.write_text("".join(found[:7] + found[8:]), "utf-8")


def reordered(folder: Path) -> None:
    path, found = lines(folder)
    path.write_text("".join([*found[:7], found[8], found[7], *found[9:]]), "utf-8")


def cut_short(folder: Path) -> None:
    path = sorted(folder.glob("journal_*.js"))[-1]
    found = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*found[:-2], found[-1]]), "utf-8")


def other_statement(folder: Path) -> None:
    path = folder / "stick.js"
    path.write_text(path.read_text("utf-8").replace(f'seed\\":{SEED}', 'seed\\":1'), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (altered, "it was altered: the till did not sign these bytes"),
        (removed, "one is missing, or their order is another"),
        (reordered, "one is missing, or their order is another"),
        (cut_short, "entries are missing at its end"),
        (other_statement, "the till did not sign what it says"),
    ],
)
def test_what_was_done_to_a_stick_is_found_and_named(
    copy: Path, looked: Looked, spoil: Callable[[Path], None], says: str
) -> None:
    spoil(copy)
    page = looked(copy)
    assert word(page) == "ALTERED"
    assert says in page.locator("#findings").inner_text()
    assert manifest.check(copy).findings


def test_a_stick_that_lacks_a_file_is_not_said_to_be_whole(copy: Path, looked: Looked) -> None:
    (copy / "journal_002.js").unlink()
    page = looked(copy)
    assert word(page) == "NOT CHECKED"
    assert "journal_002.js is missing" in page.locator("#why").inner_text()


def test_the_staff_register_says_numbers_and_never_names(stick: Path) -> None:
    rows = csv_files.read((stick / "staff.csv").read_bytes())
    numbers = {row[0] for row in rows[1:]}
    assert {"01", "07", "08"} <= numbers
    assert rows[0][:4] == ["staff", "roles", "from_on", "until_on"]


def test_on_a_telephone_nothing_stands_beside_the_screen(stick: Path, looked: Looked) -> None:
    page = looked(stick)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = (
        "[...document.querySelectorAll('.table')].filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert page.evaluate(wide) == 0
    receipt = page.locator("#receipts tbody tr").first.locator("td")
    assert receipt.first.get_attribute("data-title") == "Receipt"
    check = receipt.nth(6)
    assert check.get_attribute("data-title") == "Check on its paper"
    assert check.is_visible()

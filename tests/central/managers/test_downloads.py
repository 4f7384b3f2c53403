"""What is downloaded is what the command writes: signed, whole, and of the parks that somebody sees."""

import io
import json
import zipfile
from pathlib import Path

import httpx2 as httpx
import pytest

from gatepos.central import folder as places
from gatepos.central.apart import Apart
from gatepos.central.store import looks
from gatepos.reports import manifest
from tests.central.managers.conftest import Browser, Heard, Office
from tests.central.managers.test_takings import a_morning, day_of
from tests.central.place import CENTRAL_KEY
from tests.central.test_reported import asked, totals

DAY = "2026-01-02"


@pytest.fixture
def office(office: Office, heard: Heard) -> Office:
    """A morning of three tills that central has, its key in its folder."""
    a_morning(heard)
    heard.sent()
    CENTRAL_KEY.save(office.place.folder / places.KEY)
    return office


def order(browser: Browser, park: str = "NNP", **changes: str) -> httpx.Response:
    """Ask for the day as JSON, or for something else."""
    typed = {"park": park, "first": DAY, "last": DAY, "format_json": "1", **changes}
    return browser.post("/takings/download", typed)


def taken(answer: httpx.Response, out: Path) -> Path:
    """The folder in the file of an answer."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        file.extractall(out)
    (folder,) = out.iterdir()
    assert f'filename="{folder.name}.zip"' in answer.headers["content-disposition"]
    return folder


def test_a_day_of_a_park_is_downloaded_as_the_command_writes_it_and_signed(
    office: Office, tmp_path: Path
) -> None:
    office.apart = Apart()
    browser = office.signed_in("eye", "auditor", "NNP")
    every = {f"format_{name}": "1" for name in ("xlsx", "pdf", "csv")}
    folder = taken(order(browser, **every), tmp_path / "taken")
    checked = manifest.check(folder, {"central": CENTRAL_KEY.public})
    assert (checked.by, checked.first, checked.findings) == ("central", DAY, ())
    assert {"report.xlsx", "report.pdf", "report.json", "columns.csv"} <= {
        one.name for one in folder.iterdir()
    }
    found = json.loads((folder / "report.json").read_bytes())
    own = tmp_path / "command"
    own.mkdir()
    CENTRAL_KEY.save(own / places.KEY)
    assert totals(found) == totals(asked(office.place, own, "--park", "NNP", "--format", "json"))
    assert [one["till"] for one in found["heads"]] == ["XNE1", "XNM1", "XNM2"]
    assert len(found["coverage"]) >= 3
    figures = {row["figure"]: row for row in found["papers"][0]["rows"]}
    assert figures["Collected here"]["kes_minor"] == day_of(office.place).collected_kes_minor


def test_the_same_figures_downloaded_again_are_the_same_version_in_the_readers_language(
    office: Office, tmp_path: Path
) -> None:
    browser = office.signed_in("boss", "administrator")
    browser.get("/language/sw")
    first, again = (taken(order(browser, "*"), tmp_path / name) for name in ("a", "b"))
    assert first.name == again.name == f"central-{DAY}-v1"
    assert "Jumla" in (again / "report.json").read_text() or "Lango" in (again / "report.json").read_text()
    with office.place.store.reading() as tx:
        kept = [(one.who, one.about) for one in looks.last(tx) if one.page == looks.EXPORT]
    assert ("boss", f"* {DAY}–{DAY}") in kept


def test_whoever_sees_one_park_downloads_no_other_and_not_all(office: Office) -> None:
    browser = office.signed_in("warden", "manager", "NNP")
    assert "All parks" not in browser.see("/takings").partition('id="download"')[2]
    for park in ("TSE", "*"):
        assert order(browser, park).status_code == 403
    assert order(browser, "XYZ").status_code == 400


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"first": "2026-01-03"}, "is no range"),
        ({"first": "yesterday"}, "is no range"),
        ({"first": "2024-01-01"}, "is no range"),
    ],
)
def test_what_is_no_order_is_refused_by_name(office: Office, changes: dict[str, str], says: str) -> None:
    answer = order(office.signed_in("a"), **changes)
    assert (answer.status_code, says in answer.text) == (400, True)


def test_a_report_in_no_format_is_refused(office: Office) -> None:
    answer = office.signed_in("a").post("/takings/download", {"park": "NNP", "first": DAY, "last": DAY})
    assert (answer.status_code, "Tick at least one format." in answer.text) == (400, True)


def test_nobody_downloads_who_is_not_signed_in_or_did_not_use_the_page(office: Office) -> None:
    assert office.browser().http.post("/takings/download", data={"park": "NNP"}).url.path == "/sign-in"
    browser = office.signed_in("a")
    answer = browser.post("/takings/download", {"park": "NNP"}, form="0" * 64)
    assert answer.status_code == 403

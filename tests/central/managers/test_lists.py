"""Fee schedules and prepaid tickets on the pages: looked at, published, loaded, by who may."""

import re
from html import unescape

import httpx2 as httpx
import pytest

from gatepos import resources
from gatepos.central.store import people
from tests.central.managers.conftest import FORM, Browser, Office
from tests.lists import TICKETS, VAN

CSV = resources.text("fees/CF2025.csv")
HEADER = {"id": "cf2026", "title": "Another  tariff", "legal": "LN 1/2026", "begins": "2026-01-02T11:00"}


def send(browser: Browser, path: str, rows: str | bytes, fields: dict[str, str]) -> httpx.Response:
    """A form with a file, as a browser sends it."""
    found = FORM.search(browser.get("/tills").text)
    named = {**fields, "form": found.group(1) if found else ""}
    return browser.http.post(path, data=named, files={"rows": ("Ushuru.csv", rows, "text/csv")})


def preview(browser: Browser, rows: str | bytes = CSV, **fields: str) -> httpx.Response:
    return send(browser, "/schedules/preview", rows, {**HEADER, **fields})


def confirm(browser: Browser, seen: str) -> httpx.Response:
    """The form of a preview, with what stands in it."""
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', seen)
    }
    rows = re.search(r'<textarea name="rows" hidden>\n(.*?)</textarea>', seen, re.DOTALL)
    assert rows is not None
    return browser.post("/schedules/publish", {**fields, "rows": unescape(rows[1])})


def audit(office: Office) -> list[tuple[str, str, str, str]]:
    """What was changed, but for who came in."""
    with office.place.store.reading() as tx:
        found = people.changes(tx)
    return [
        (one.who, one.what, one.about, one.detail)
        for one in found
        if one.what not in ("person", "password", "sign.in")
    ]


def test_a_schedule_is_seen_and_only_then_published(office: Office) -> None:
    browser = office.signed_in("boss", "administrator")
    adult = "NNP,park_entry,ea_citizen,adult,KES"
    dearer = CSV.replace(f"{adult},1000", f"{adult},1100")
    without = re.sub("NNP,park_entry,ea_citizen,child.*\n", "", dearer)
    seen = preview(browser, without).text
    assert "Cannot be sold any more after the switch: 1." in seen
    assert "EA citizen adult" in seen
    assert "KES 1,000" in seen
    assert "KES 1,100" in seen
    assert "CF2026" not in browser.see("/schedules")
    assert confirm(browser, seen).url.path == "/schedules"
    assert "CF2026" in browser.see("/schedules")
    count = len(without.splitlines()) - 1
    assert audit(office) == [("boss", "schedule", "CF2026", f"{count} · 2026-01-02 11:00 · *")]


def test_only_the_parks_that_were_ticked_are_meant(office: Office) -> None:
    browser = office.signed_in("boss", "administrator")
    confirm(browser, preview(browser, park_NNP="1", park_AMB="1").text)
    assert audit(office)[0][3].endswith(" · NNP AMB")


def test_who_sees_one_park_publishes_and_loads_for_that_alone(office: Office) -> None:
    browser = office.signed_in("warden", "administrator", "TSE")
    seen = preview(browser).text
    assert preview(browser, park_NNP="1").status_code == 403
    assert (
        confirm(browser, seen.replace('name="parks" value="TSE"', 'name="parks" value=""')).status_code == 403
    )
    assert confirm(browser, seen).status_code == 200
    assert audit(office)[0][3].endswith(" · TSE")
    assert send(browser, "/prepaid/load", TICKETS + VAN, {}).status_code == 200
    assert "NotThatPark" not in browser.see("/prepaid")
    assert office.place.count("ticket") == 0


@pytest.mark.parametrize(
    ("rows", "fields"),
    [
        (CSV.replace("KES,1000", "KES,0"), {}),
        (CSV.replace("product,", "park,"), {}),
        (CSV.encode("utf-16"), {}),
        ("", {}),
        (CSV, {"begins": "soon"}),
        (CSV, {"begins": "9999-12-31T23:59"}),
        (CSV, {"id": "cf 2026"}),
        (CSV, {"title": ""}),
        (CSV, {"title": "a\u202eb"}),
        (CSV, {"park_XYZ": "1"}),
        (CSV, {"id": "CF2016"}),
    ],
)
def test_a_schedule_that_is_none_is_refused_on_the_page(
    office: Office, rows: str | bytes, fields: dict[str, str]
) -> None:
    browser = office.signed_in("boss", "administrator")
    assert preview(browser, rows, **fields).status_code == 400
    assert audit(office) == []


def test_a_list_is_loaded_and_a_wrong_one_is_named_line_by_line(office: Office) -> None:
    browser = office.signed_in("boss", "administrator")
    seen = send(browser, "/prepaid/load", TICKETS + "W,1,NNP,,,\n" + VAN + "ABCD,2026-01-02,XX,,,\n", {}).text
    assert ("line 2: " in seen, "line 3: " in seen, "line 4: " in seen) == (True, False, True)
    assert office.place.count("ticket") == 0
    answer = send(browser, "/prepaid/load", TICKETS + VAN, {})
    assert answer.url.path == "/prepaid"
    assert "2026-01-02" in answer.text
    browser.post("/prepaid/withdraw", {"reference": "wqbg pwrr"})
    assert [one[:3] for one in audit(office)] == [
        ("boss", "prepaid.withdrawn", "NNP"),
        ("boss", "prepaid", "NNP"),
    ]
    changes = browser.see("/changes")
    assert "Took a prepaid ticket off its list" in changes


@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_others_neither_see_nor_change_them(office: Office, role: str) -> None:
    browser = office.signed_in("somebody", role)
    for path in ("/schedules", "/prepaid"):
        assert browser.get(path).status_code == 403
    for path in ("/schedules/preview", "/schedules/publish", "/prepaid/load", "/prepaid/withdraw"):
        assert send(browser, path, CSV, HEADER).status_code == 403
    assert audit(office) == []


def test_a_form_from_elsewhere_or_of_no_form_is_refused(office: Office) -> None:
    browser = office.signed_in("boss", "administrator")
    files = {"rows": ("a.csv", TICKETS + VAN, "text/csv")}
    assert browser.http.post("/prepaid/load", data={"form": "0" * 64}, files=files).status_code == 403
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary=é"):
        for body in (b"", b"--x\r\n\r\n--x--", b"--x\r\nContent-Type: multipart/mixed\r\n\r\nx\r\n--x--"):
            headers = {b"content-type": kind.encode()}
            assert browser.http.post("/prepaid/load", content=body, headers=headers).status_code == 403
    large = send(browser, "/prepaid/load", TICKETS + VAN * 20_000, {})
    assert large.status_code == 413
    assert office.place.count("ticket") == 0

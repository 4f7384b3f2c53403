"""What a manager may ask about, the statement of outages and the entries behind: the tills' own, per park."""

import re

import pytest

from gatepos.central.store import looks
from gatepos.reports import outage_statement, practice
from gatepos.till.till import Till
from tests import park
from tests.central.managers.conftest import Browser, Heard, Office
from tests.central.managers.test_truth import words
from tests.gate import CLERK
from tests.reports.looked import scope
from tests.reports.test_practice import other_clerk, printed, sold
from tests.till.test_hearing import paid_at
from tests.till.test_passes import SECOND, outage, token, van_in
from tests.till.test_totals import car_in

DAY = "2026-01-02"
DAYS = f"first={DAY}&last={DAY}"
ENTRIES = re.compile(r'href="/entries\?of=([A-Z0-9.-]+)"')


@pytest.fixture
def warden(office: Office) -> Browser:
    return office.signed_in("warden", "manager", "NNP")


def voided(till: Till) -> None:
    number = sold(till, "UA26X1Y2ZA")
    printed(till)
    till.corrections.void(number, "turned back", SECOND)


def test_what_people_did_is_counted_as_at_their_till_and_opens_its_entries(
    heard: Heard, warden: Browser
) -> None:
    entry, _, far = heard.tills
    voided(entry)
    sold(far, "UA26X1Y2ZB")
    heard.sent()
    page = warden.see(f"/practice?park=NNP&{DAYS}")
    (own,) = [one for one in practice.counted(scope(entry, DAY)) if one.measure == "voided"]
    text = words(page)
    assert "Voids after the paper was printed" in text
    assert (own.n, own.minor) == (1, 260_000)
    assert f"XNM1 {CLERK}" in text
    assert "2,600.00" in text
    seq = own.seqs[0]
    assert f"XNM1.{seq}" in ENTRIES.findall(page)
    opened = words(warden.see(f"/entries?of=XNM1.{seq}"))
    assert f"XNM1 {seq}" in opened
    assert "Void" in opened


def test_a_clerk_is_compared_with_those_of_the_same_gate_alone(heard: Heard, warden: Browser) -> None:
    entry, beside, far = heard.tills
    other_clerk(beside)
    for n, till in enumerate((entry, beside, far)):
        sold(till, f"UA26X1Y2Z{n}", adults=8, free=2 - n)
    heard.sent()
    page = warden.see(f"/practice?park=NNP&{DAYS}")
    table = page.partition('id="practice"')[2]
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr") if "Let in free" in row]
    assert {row[1]: (row[4], row[6]) for row in rows} == {"XNM1": ("200", "111"), "XNM2": ("111", "200")}
    mix = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in table.split("<tr") if "EA citizen, of" in row]
    assert {row[1]: row[6] for row in mix}["XNE1"] == "", "nobody else worked at East Gate"


def test_the_statement_of_an_outage_is_its_tills_to_the_shilling(heard: Heard, warden: Browser) -> None:
    entry, beside, _ = heard.tills
    outage(entry)
    code = token(entry, van_in(entry).number)
    car_in(entry, "KDB 111A")
    beside.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ", "43,940")
    entry.outages.close(SECOND)
    park.tell_all(heard.tills)
    heard.sent()
    outages = warden.see("/outages?park=NNP")
    (link,) = re.findall(r'href="(/statement\?[^"]*)"', outages)
    page = words(warden.see(link.replace("&amp;", "&")))
    of_day = scope(entry, DAY)
    statement, *_ = outage_statement.sheets(of_day, outage_statement.between(of_day))
    issued, owed = (statement.totals[statement.place(name)] for name in ("issued_minor", "owed_minor"))
    assert (issued, owed) == (4_394_000 + 160_000, 160_000)
    assert "45,540.00" in page
    assert "1,600.00" in page


def test_other_parks_are_seen_by_nobody_who_sees_one(heard: Heard, office: Office, warden: Browser) -> None:
    heard.sent()
    elsewhere = office.signed_in("other", "manager", "TSE")
    for path in (f"/practice?park=NNP&{DAYS}", f"/statement?park=NNP&{DAYS}", "/entries?of=XNM1.1"):
        assert elsewhere.get(path).status_code == 403, path
        assert warden.get(path).status_code == 200, path


@pytest.mark.parametrize(
    "days", ["first=2026-01-02&last=2026-01-01", "first=x", "first=2025-01-01&last=2026-01-01"]
)
def test_days_that_are_none_are_refused_by_name(heard: Heard, warden: Browser, days: str) -> None:
    for path in ("practice", "statement"):
        answer = warden.get(f"/{path}?park=NNP&{days}")
        assert (answer.status_code, "is no range" in answer.text) == (400, True)


@pytest.mark.parametrize("of", ["", "-", "XNM1", "XNM1.x", "XNM1.99999999999999999999", "XNM1.-1", "%00.1"])
def test_entries_that_are_none_open_an_empty_page(heard: Heard, office: Office, of: str) -> None:
    heard.sent()
    assert "Nothing here." in office.signed_in("boss", "administrator").see(f"/entries?of={of}")


def test_each_look_at_how_people_worked_is_kept(heard: Heard, office: Office, warden: Browser) -> None:
    heard.sent()
    warden.see(f"/practice?park=NNP&{DAYS}")
    with office.place.store.reading() as tx:
        assert [(one.who, one.page) for one in looks.last(tx)] == [("warden", "/practice")]
    assert "What a manager may ask about" in office.signed_in("all").see("/changes")

"""A statement on the pages: what it holds is compared, the rest decided with a reason, the sheet signed."""

import io
import json
import re
import zipfile
from html import unescape
from pathlib import Path

import httpx2 as httpx
import pytest

from gatepos.central import folder as places
from gatepos.central import publishing
from gatepos.central.apart import Apart
from gatepos.central.publishing import Difference
from gatepos.central.store import looks, payments, people, staff
from gatepos.central.store import statements as kept
from gatepos.central.store.staff import Member
from gatepos.domain import claims, moments
from gatepos.domain.staff import Person
from gatepos.ledger import reconciliation
from gatepos.reports import manifest
from gatepos.till.approvals import Second
from gatepos.till.till import Till
from tests.central.managers.conftest import FORM, PASSWORD, Browser, Heard, Office
from tests.central.managers.test_truth import words
from tests.central.place import CENTRAL_KEY, Place, Sender, journal_of
from tests.central.test_c2b import Daraja
from tests.gate import MANAGER, MANAGER_PIN, Gate
from tests.reports.statement_files import (
    COLUMNS,
    SHORTER,
    Row,
    as_csv,
    as_xlsx,
    heading,
    only,
    paid,
    taken_back,
)
from tests.till.test_reconciliation import SETTLED, managing, matches, settled_twice, sold
from tests.till.test_reconciliation import statement as told_till

DAY = "2026-01-02"
PAYBILL = "222222"
ONE, TWO, THREE, FOUR = (f"UA26X1Y2Z{letter}" for letter in "QRST")
AT = "02-01-2026 10:25:00"


def statement(*rows: Row, paybill: str = PAYBILL, **more: str) -> bytes:
    return as_csv([*heading(paybill, **more), COLUMNS, *rows])


def send(browser: Browser, file: bytes, **fields: str) -> httpx.Response:
    """Import a statement, as a browser sends it."""
    found = FORM.search(browser.get("/tills").text)
    named = {"park": "NNP", **fields, "form": found.group(1) if found else ""}
    name = "taarifa.xlsx" if file.startswith(b"PK") else "taarifa.csv"
    return browser.http.post("/reconciliation/import", data=named, files={"statement": (name, file)})


def items(page: str) -> dict[str, str]:
    """The things on a page by their code: the fields of what may be decided of each."""
    parts = re.split(r'<section class="card item" id="[a-z]+-', page)[1:]
    return {part.partition('"')[0]: part for part in parts}


def fields_of(item: str) -> dict[str, str]:
    """What the form of a thing sends, with nothing chosen yet."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', item)
    return {name: unescape(value) for name, value in found}


def decide(browser: Browser, of: str, decision: str, reason: str = "seen", **more: str) -> httpx.Response:
    """Say something of a thing that is shown."""
    item = items(browser.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}"))[of]
    sent = {**fields_of(item), "decision": decision, "reason": reason, **more}
    return browser.http.post("/reconciliation/decide", data=sent)


def states(page: str) -> dict[str, str]:
    return {code: words(f"<{item}").split(" KES")[0].split("> ")[-1] for code, item in items(page).items()}


@pytest.fixture
def warden(office: Office) -> Browser:
    return office.signed_in("warden", "manager", "NNP")


@pytest.fixture
def sent(till: Sender, sell: Till) -> Sender:
    """Two receipts: one paid by ONE, another by TWO."""
    sold(sell, ONE)
    sold(sell, TWO, 2)
    till.kept = journal_of(sell)
    till.drain()
    return till


def test_two_statements_of_the_same_time_that_tell_otherwise_are_told(sent: Sender, warden: Browser) -> None:
    first, last = paid(ONE, "1,000.00", "", AT), paid(THREE, "700.00", "", "02-01-2026 12:00:00")
    send(warden, statement(first, last))
    answer = send(warden, statement(first, paid(FOUR, "9.00", "", "02-01-2026 11:00:00"), last))
    assert f"has not: {FOUR}. One of the two is false." in answer.text
    assert 'class="notice late" role="status"' in answer.text


@pytest.mark.parametrize("form", ["csv", "xlsx", "shorter"])
def test_each_claim_and_each_line_ends_in_its_one_state(sent: Sender, warden: Browser, form: str) -> None:
    rows = [paid(ONE, "1,000.00", "", AT), paid(TWO, "1,500.00", "", AT), paid(THREE, "700.00", "", AT)]
    file = {
        "csv": statement(*rows),
        "xlsx": as_xlsx([*heading(PAYBILL), COLUMNS, *rows]),
        "shorter": as_csv([*heading(PAYBILL), *only(SHORTER, rows)]),
    }[form]
    answer = send(warden, file)
    assert (answer.status_code, "Read: 3 payments. New: 3." in answer.text) == (200, True), answer.text
    page = warden.see("/reconciliation")
    assert {*items(page)} == {TWO, THREE}, "what is confirmed is not to be looked at"
    assert "To look at: 2" in page
    assert "Paid too little" in items(page)[TWO]
    assert "Paid, and nobody took it" in items(page)[THREE]
    confirmed = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}&state=confirmed")
    assert ONE in items(confirmed.partition('id="others"')[2])


def test_what_was_imported_again_or_overlaps_changes_nothing(sent: Sender, warden: Browser) -> None:
    rows = [paid(ONE, "1,000.00", "", AT), paid(TWO, "2,000.00", "", AT)]
    send(warden, statement(*rows))
    place = sent.place
    before = [place.count(name) for name in ("statement", "statement_line", "audit")]
    again = send(warden, statement(*rows))
    assert "New: 0." in again.text
    assert [place.count(name) for name in ("statement", "statement_line", "audit")] == before
    send(warden, statement(*reversed(rows), paid(THREE, "5.00", "", AT)))
    assert (place.count("statement"), place.count("statement_line")) == (2, 3)


def test_a_line_told_in_two_ways_is_refused_and_nothing_of_it_is_kept(sent: Sender, warden: Browser) -> None:
    send(warden, statement(paid(ONE, "1,000.00", "", AT)))
    answer = send(warden, statement(paid(ONE, "1,001.00", "", AT), paid(THREE, "5.00", "", AT)))
    assert (answer.status_code, f"{ONE} stands in an earlier statement" in answer.text) == (400, True)
    assert sent.place.count("statement_line") == 1


@pytest.mark.parametrize(
    ("file", "says"),
    [
        (b"", "That file is empty."),
        (b"a,b\n1,2\n", "no M-PESA statement and no list of tickets"),
        (as_csv([COLUMNS, paid(ONE, "1.00")]), "does not say of which paybill"),
        (as_csv([*heading(), COLUMNS, paid(ONE, "x")]), "cannot be read"),
        (as_csv([*heading(), COLUMNS[:6]]), "has no column"),
        (b"PK\x03\x04broken", "That workbook cannot be read."),
        (b"\xd0\xcf\x11\xe0", "old or locked Excel file"),
        (b"\x00\xff\xfe\x00", "text"),
    ],
)
def test_a_bad_file_is_named_on_the_page_and_nothing_is_taken(
    sent: Sender, warden: Browser, file: bytes, says: str
) -> None:
    answer = send(warden, file)
    assert (answer.status_code, says in unescape(answer.text)) == (400, True), words(answer.text)
    assert 'id="problem"' in answer.text
    assert sent.place.count("statement") == 0


def test_a_file_is_read_in_a_process_of_its_own_that_says_what_is_wrong(sent: Sender, office: Office) -> None:
    office.apart = Apart()
    warden = office.signed_in("warden", "manager", "NNP")
    assert "Read: 1 payments." in send(warden, statement(paid(ONE, "1,000.00", "", AT))).text
    assert "That file is empty." in send(warden, b"").text


def test_a_file_larger_than_any_statement_is_refused(sent: Sender, warden: Browser) -> None:
    answer = send(warden, b"x" * (16 * 1024 * 1024 + 1))
    assert (answer.status_code, "too large for a statement" in answer.text) == (400, True)


def test_the_paybill_that_a_file_does_not_say_is_typed(sent: Sender, warden: Browser) -> None:
    file = as_csv([COLUMNS, paid(ONE, "1,000.00", "", AT)])
    assert "five to nine digits" in send(warden, file, paybill="22x").text
    assert "Read: 1 payments." in send(warden, file, paybill=PAYBILL).text
    assert "Confirmed: 1" in warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")


def test_a_statement_of_a_paybill_that_was_never_the_parks_is_refused_and_nothing_of_it_is_kept(
    sent: Sender, warden: Browser
) -> None:
    answer = send(warden, statement(paid(ONE, "1,000.00", "", AT), paybill="999999"))
    assert (answer.status_code, "is of paybill 999999" in unescape(answer.text)) == (400, True)
    assert (sent.place.count("statement"), sent.place.count("statement_line")) == (0, 0)


def test_a_statement_of_a_paybill_that_central_or_a_till_once_set_is_read(
    till: Sender, sell: Till, warden: Browser
) -> None:
    for value, was in (("999999", None), (PAYBILL, "999999")):
        data = {"key": "paybill", "value": value, "was": was, "feed_version": None}
        sell.desk.note("config.changed", data)
    till.kept = journal_of(sell)
    till.drain()
    with till.place.store.writing() as tx:
        for value in ("888888", PAYBILL):
            publishing.tell_policy(
                tx, "NNP", [Difference("paybill", None, value)], "chief", "2026-01-02T07:00:00.000Z"
            )
    for code, paybill in ((ONE, "999999"), (TWO, "888888")):
        assert send(warden, statement(paid(code, "5.00", "", AT), paybill=paybill)).status_code == 200


def test_columns_of_a_card_settlement_are_asked_for_once(sent: Sender, warden: Browser) -> None:
    file = b"Ref,Kiasi,Siku\nAB12CD,1000.00,02/01/2026\n"
    asks = send(warden, file, is_card="1")
    assert (asks.status_code, "Which column holds the amount?" in asks.text) == (400, True)
    named = {"column_code": "Ref", "column_amount": "Kiasi", "column_date": "Siku"}
    assert "Read: 1 payments." in send(warden, file, **named).text
    later = b"Ref,Kiasi,Siku\nAB12CE,500.00,03/01/2026\n"
    assert "Read: 1 payments." in send(warden, later, is_card="1").text


def test_what_is_decided_holds_with_its_reason_until_it_is_opened_again(
    sent: Sender, warden: Browser
) -> None:
    send(warden, statement(paid(ONE, "1,000.00", "", AT), paid(TWO, "2,000.00", "", AT), paid(THREE, "7.00")))
    assert decide(warden, THREE, "not_ours", "a lodge's own bill").status_code == 200
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}&state=not_ours")
    assert "To look at: 0" in page
    assert "Not for this park: a lodge&#39;s own bill (warden)" in items(page)[THREE]
    sent_ = {**fields_of(items(page)[THREE]), "decision": "reopened", "reason": "it was ours"}
    warden.http.post("/reconciliation/decide", data=sent_)
    assert "To look at: 1" in warden.see("/reconciliation")


@pytest.mark.parametrize(
    ("decision", "more", "says"),
    [
        ("not_ours", {}, "cannot be said of it"),
        ("explained", {"reason": " "}, "reason"),
        ("explained", {"difference": "1"}, "stands otherwise by now"),
        ("explained", {"code": "NOTHING"}, "stands otherwise by now"),
        ("is_line", {"line": ""}, "cannot be said of it"),
        ("nonsense", {}, "cannot be said of it"),
        ("written_off", {}, "another manager agrees"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_by_name(
    sent: Sender, warden: Browser, decision: str, more: dict[str, str], says: str
) -> None:
    send(warden, statement(paid(TWO, "1,500.00", "", AT)))
    answer = decide(warden, TWO, decision, **{"reason": "seen", **more})
    assert (answer.status_code, says in unescape(answer.text)) == (400, True), words(answer.text)
    assert sent.place.count("decided") == 0


def test_money_is_written_off_by_two_who_see_the_park_alone(
    sent: Sender, office: Office, warden: Browser
) -> None:
    send(warden, statement(paid(TWO, "1,500.00", "", AT)))
    for name, role, park in (
        ("other", "manager", "NNP"),
        ("eye", "auditor", "NNP"),
        ("far", "manager", "TSE"),
    ):
        office.signed_in(name, role, park)
    for second, password in (
        ("warden", PASSWORD),
        ("eye", PASSWORD),
        ("far", PASSWORD),
        ("other", "wrong wrong"),
    ):
        answer = decide(warden, TWO, "written_off", second=second, password=password)
        assert answer.status_code == 400, second
    assert (
        decide(warden, TWO, "written_off", "too small", second="Other", password=PASSWORD).status_code == 200
    )
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}&state=short")
    assert "Written off: too small (warden + other)" in page


@pytest.fixture
def large(sent: Sender, sell: Till, warden: Browser) -> Browser:
    """A claim of KES 6,000 by THREE that no statement has."""
    sold(sell, THREE, 6)
    sent.kept = journal_of(sell)
    sent.drain()
    send(warden, statement(paid(ONE, "1,000.00", "", AT), paid(TWO, "2,000.00", "", AT)))
    return warden


def test_a_large_claim_is_explained_by_two(large: Browser, office: Office) -> None:
    office.signed_in("other", "manager", "NNP")
    for more in ({}, {"second": "warden", "password": PASSWORD}):
        answer = decide(large, THREE, "explained", "the driver showed the message", **more)
        assert (answer.status_code, "another manager agrees" in unescape(answer.text)) == (400, True)
    assert "explain or link more than KES 5,000 in a day" in items(large.see("/reconciliation"))[THREE]
    agreed = {"second": "other", "password": PASSWORD}
    assert decide(large, THREE, "explained", "the driver showed the message", **agreed).status_code == 200
    assert "To look at: 0" in large.see("/reconciliation")


def test_the_parks_own_policy_says_what_one_alone_explains(large: Browser, sent: Sender) -> None:
    with sent.place.store.writing() as tx:
        publishing.tell_policy(
            tx, "NNP", [Difference("explained_max", None, "6000")], "a + b", "2026-01-02T08:00:00.000Z"
        )
    assert decide(large, THREE, "explained", "the driver showed the message").status_code == 200


def test_what_one_manager_explains_alone_is_summed_over_a_day_with_what_they_said_at_a_till(
    till: Sender, sell: Till, office: Office
) -> None:
    for code in (ONE, TWO, FOUR):
        sold(sell, code, 2)
    managing(sell).reconciliation.take(told_till(paid(THREE, "5.00", "", AT)))
    sell.reconciliation.decide(claim_of(sell, ONE), claims.EXPLAINED, "the message was shown")
    till.kept = journal_of(sell)
    till.drain()
    warden = office.signed_in("warden", "manager", "NNP", MANAGER)
    other = office.signed_in("other", "manager", "NNP", "12")
    send(warden, statement(paid(THREE, "5.00", "", AT)))
    assert decide(warden, TWO, "explained").status_code == 200
    answer = decide(warden, FOUR, "explained")
    assert (answer.status_code, "another manager agrees" in unescape(answer.text)) == (400, True)
    assert decide(other, FOUR, "explained").status_code == 200
    with till.place.store.reading() as tx:
        sums = [
            reconciliation.alone_minor(
                kept.kept(tx, "NNP"), ["warden", MANAGER], f"2026-01-0{day}T09:00:00.000Z"
            )
            for day in (2, 3)
        ]
    assert sums == [400_000, 0]


@pytest.mark.parametrize("name", ["warden", "other"])
def test_who_took_a_claim_neither_decides_it_nor_agrees(
    large: Browser, office: Office, sent: Sender, name: str
) -> None:
    office.signed_in("other", "manager", "NNP")
    with sent.place.store.writing() as tx:
        clerk = Member(Person("07", frozenset(("clerk",))), name.title())
        staff.put(tx, "NNP", clerk, "2026-01-02T08:00:00.000Z")
    agreed = {"second": "other", "password": PASSWORD}
    answer = decide(large, THREE, "explained", "the driver showed the message", **agreed)
    assert (answer.status_code, "Whoever took a code" in unescape(answer.text)) == (400, True)
    assert sent.place.count("decided") == 0


def claim_of(till: Till, code: str) -> claims.Match:
    return next(match for match in matches(till) if match.code == code)


def own(place: Place) -> list[str]:
    """Decisions of which the audit says that nobody can tell whether somebody decided on their own."""
    with place.store.reading() as tx:
        return [f"{one.who}: {one.about}" for one in people.changes(tx) if one.what == "claim.own"]


@pytest.mark.parametrize(("name", "park"), [("warden", "NNP"), ("other", "NNP"), ("other", None)])
def test_who_has_the_number_that_took_a_claim_neither_decides_it_nor_agrees(
    large: Browser, office: Office, sent: Sender, name: str, park: str | None
) -> None:
    office.signed_in("other", "manager", park)
    office.start_code(name, "manager", park, "07")
    browser = office.signed_in("warden", "manager", "NNP")
    office.signed_in("other", "manager", park)
    agreed = {"second": "other", "password": PASSWORD}
    answer = decide(browser, THREE, "explained", "the driver showed the message", **agreed)
    assert (answer.status_code, "Whoever took a code" in unescape(answer.text)) == (400, True)
    assert sent.place.count("decided") == 0, "a new start code alone ends no number"


@pytest.mark.parametrize(("numbers", "told"), [((None, "12"), 1), (("11", "12"), 0)])
def test_the_audit_says_where_nobody_can_tell_who_took_what_is_decided(
    large: Browser, office: Office, sent: Sender, numbers: tuple[str | None, str], told: int
) -> None:
    browser = office.signed_in("warden", "manager", "NNP", numbers[0])
    office.signed_in("other", "manager", "NNP", numbers[1])
    agreed = {"second": "other", "password": PASSWORD}
    answer = decide(browser, THREE, "explained", "the driver showed the message", **agreed)
    assert answer.status_code == 200
    assert own(sent.place) == [f"warden + other: NNP {THREE}"] * told


def test_a_slip_is_suggested_and_a_person_makes_it_certain(till: Sender, sell: Till, warden: Browser) -> None:
    sold(sell, "UA26X1Y20Q")
    till.kept = journal_of(sell)
    till.drain()
    send(warden, statement(paid("UA26X1Y2OQ", "1,000.00", "", AT)))
    item = items(warden.see("/reconciliation"))["UA26X1Y20Q"]
    assert "UA26X1Y2OQ · KES 1,000 · O and 0, or I and 1" in item
    assert decide(warden, "UA26X1Y20Q", "is_line", "mistyped", line="UA26X1Y2OQ").status_code == 200
    assert "Confirmed: 1" in warden.see("/reconciliation")


def test_a_large_claim_is_called_a_line_by_two_and_no_line_that_was_taken(
    large: Browser, office: Office, sent: Sender
) -> None:
    send(large, statement(paid(FOUR, "6,000.00", "", AT)))
    answer = decide(large, THREE, "is_line", "mistyped", line=FOUR)
    assert (answer.status_code, "another manager agrees" in unescape(answer.text)) == (400, True)
    office.signed_in("other", "manager", "NNP")
    agreed = {"second": "other", "password": PASSWORD}
    answer = decide(large, THREE, "is_line", "mistyped", line=ONE, **agreed)
    assert (answer.status_code, f"{ONE} was taken as paid" in unescape(answer.text)) == (400, True)
    assert sent.place.count("decided") == 0
    assert decide(large, THREE, "is_line", "mistyped", line=FOUR, **agreed).status_code == 200
    assert "To look at: 0" in large.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")


def test_what_a_manager_said_after_a_till_holds_though_the_tills_clock_was_ahead(
    till: Sender, sell: Till, gate: Gate, warden: Browser
) -> None:
    sold(sell, ONE)
    managing(sell)
    sell.reconciliation.take(told_till(paid(TWO, "9.00", "", AT)))
    gate.clock.wall += 400 * moments.DAY_MS
    match = next(one for one in matches(sell) if one.code == ONE)
    sell.reconciliation.decide(match, claims.EXPLAINED, "fine")
    till.kept = journal_of(sell)
    till.drain()
    send(warden, statement(paid(TWO, "9.00", "", AT)))
    days = f"park=NNP&first={DAY}&last={DAY}"
    assert ONE not in items(warden.see(f"/reconciliation?{days}"))
    item = items(warden.see(f"/reconciliation?{days}&state=unknown"))[ONE]
    again = {**fields_of(item), "decision": "reopened", "reason": "the auditor asks"}
    assert warden.http.post("/reconciliation/decide", data=again).status_code == 200
    assert ONE in items(warden.see(f"/reconciliation?{days}"))


def test_codes_that_the_statement_lacks_are_what_a_manager_may_ask_about(
    sent: Sender, warden: Browser
) -> None:
    send(warden, statement(paid(TWO, "2,000.00", "", AT)))
    page = words(warden.see(f"/practice?park=NNP&first={DAY}"))
    assert "Codes unknown to the statement: clerk 07" in page
    decide(warden, ONE, "explained", "the driver showed M-PESA's message")
    assert "Codes unknown to the statement" not in words(warden.see(f"/practice?park=NNP&first={DAY}"))


def test_the_sheet_is_signed_and_says_what_was_decided(sent: Sender, warden: Browser, tmp_path: Path) -> None:
    CENTRAL_KEY.save(sent.place.folder / places.KEY)
    send(warden, statement(paid(ONE, "1,000.00", "", AT), paid(TWO, "1,500.00", "", AT)))
    decide(warden, TWO, "explained", "the rest came in cash")
    answer = warden.post("/reconciliation/sheet", {"park": "NNP", "first": DAY, "last": DAY})
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        file.extractall(tmp_path / "taken")
    (folder,) = (tmp_path / "taken").iterdir()
    assert folder.name == f"central-reconciliation-{DAY}-v1"
    checked = manifest.check(folder, {"central": CENTRAL_KEY.public})
    assert (checked.by, checked.findings) == ("central", ())
    totals, one_by_one = json.loads((folder / "report.json").read_bytes())["papers"]
    assert totals["totals"]["difference_minor"] == -50_000
    (row,) = one_by_one["rows"]
    assert (row["codes"], row["reason"], row["by"]) == (TWO, "the rest came in cash", "warden")


# What it does to payments.


def confirmed(place: Place, token: str) -> list[str]:
    rows = place.feed(token, "payments")["body"]
    assert isinstance(rows, list)
    return [row["state"] for row in rows]


@pytest.mark.parametrize(
    ("row", "told", "matter"),
    [
        (paid(ONE, "1,000.00", "", AT), ["seen", "confirmed"], None),
        (paid(ONE, "1,001.00", "", AT), ["seen"], "payment_differs"),
        (paid(TWO, "1,000.00", "", AT), ["seen"], None),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_what_mpesa_reported_is_confirmed_by_the_very_line_alone_whichever_came_first(
    till: Sender, sell: Till, warden: Browser, row: Row, told: list[str], matter: str | None, is_first: bool
) -> None:
    account = sold(sell, ONE)
    till.kept = journal_of(sell)
    till.drain()
    daraja = Daraja(till.place, PAYBILL)
    report = {"TransID": ONE, "BillRefNumber": account, "TransAmount": "1000", "BusinessShortCode": PAYBILL}
    if is_first:
        daraja.confirm(**report)
    send(warden, statement(row))
    if not is_first:
        daraja.confirm(**report)
    send(warden, statement(row))
    assert confirmed(till.place, till.token) == told
    assert [what for _, what, _ in till.place.matters()] == ([matter] if matter else [])


def test_no_decision_confirms_a_payment_at_a_till(till: Sender, sell: Till, warden: Browser) -> None:
    account = sold(sell, ONE)
    till.kept = journal_of(sell)
    till.drain()
    Daraja(till.place, PAYBILL).confirm(
        TransID=ONE, BillRefNumber=account, TransAmount="1000", BusinessShortCode=PAYBILL
    )
    send(warden, statement(paid(TWO, "1.00", "", AT)))
    decide(warden, ONE, "explained", "the driver showed the message")
    assert confirmed(till.place, till.token) == ["seen"]


# A statement that was imported is withdrawn.


FALSE = statement(paid(ONE, "1,000.00", "", AT), paid(TWO, "9.00", "", AT), paid(THREE, "5.00", "", AT))
TRUE = statement(paid(ONE, "900.00", "", AT), paid(TWO, "2,000.00", "", AT))


def withdraw(browser: Browser, second: str = "other", reason: str = "forged", **more: str) -> httpx.Response:
    """Withdraw the statement that was imported last and counts, with somebody who agrees."""
    page = browser.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    form = page.partition('action="/reconciliation/withdraw"')[2]
    found = re.search(r'<option value="(\d+)"', form)
    sent = {**fields_of(form), "statement": found[1] if found else "", "second": second, "reason": reason}
    return browser.http.post("/reconciliation/withdraw", data={**sent, "password": PASSWORD, **more})


def test_a_false_statement_is_withdrawn_by_two_and_the_true_one_is_imported(
    sent: Sender, warden: Browser, office: Office
) -> None:
    office.signed_in("other", "manager", "NNP")
    send(warden, FALSE)
    assert "stands in an earlier statement" in send(warden, TRUE).text
    for more, says in (
        ({"second": ""}, "another manager agrees"),
        ({"second": "warden"}, "another manager agrees"),
        ({"password": "wrong wrong"}, "not right"),
        ({"reason": " "}, "reason"),
        ({"statement": "77"}, "No such statement"),
        ({"statement": "x"}, "No such statement"),
    ):
        answer = withdraw(warden, **more)
        assert (answer.status_code, says in unescape(answer.text)) == (400, True), words(answer.text)
    assert sent.place.count("statement_withdrawn") == 0
    assert withdraw(warden).status_code == 200
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    assert "No statement yet: 2" in page
    assert "Withdrawn: forged (warden + other)" in page
    assert "New: 2." in send(warden, TRUE).text
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    assert "Paid too little" in items(page)[ONE]
    assert "Confirmed: 1" in page


def test_what_was_decided_because_a_withdrawn_statement_lacked_a_payment_lapses_too(
    sent: Sender, warden: Browser, office: Office
) -> None:
    office.signed_in("other", "manager", "NNP")
    send(warden, statement(paid(THREE, "5.00", "", AT)))
    decide(warden, TWO, "explained", "a slip")
    assert withdraw(warden).status_code == 200
    send(warden, statement(paid("UA26X1Y2ZW", "6.00", "", AT)))
    assert TWO in items(warden.see("/reconciliation"))


def test_lines_of_another_statement_stay_and_what_was_decided_of_the_others_lapses(
    sent: Sender, warden: Browser, office: Office
) -> None:
    office.signed_in("other", "manager", "NNP")
    send(warden, statement(paid(THREE, "5.00", "", AT)))
    send(warden, FALSE)
    decide(warden, TWO, "explained", "a slip")
    decide(warden, THREE, "not_ours", "the lodge")
    assert "To look at: 0" in warden.see("/reconciliation")
    assert withdraw(warden).status_code == 200
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    assert {*items(page)} == {ONE, TWO}, "of these nothing is on the statement that stands"
    assert "Not for this park: 1" in page
    assert "Two people withdrew this statement" in unescape(send(warden, FALSE).text)
    assert {*items(warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}"))} == {ONE, TWO}
    send(warden, statement(paid(ONE, "1,000.00", "", AT), paid(TWO, "9.00", "", AT)))
    assert {*items(warden.see("/reconciliation"))} == {TWO}
    with office.place.store.reading() as tx:
        lines = reconciliation.found(kept.kept(tx, "NNP"), DAY, DAY).lines
    assert sorted(line.code for line in lines) == [ONE, TWO, THREE]


def test_what_a_withdrawn_statement_confirmed_is_seen_again_at_the_tills(
    till: Sender, sell: Till, warden: Browser, office: Office
) -> None:
    office.signed_in("other", "manager", "NNP")
    account = sold(sell, ONE)
    till.kept = journal_of(sell)
    till.drain()
    report = {"TransID": ONE, "BillRefNumber": account, "TransAmount": "1000", "BusinessShortCode": PAYBILL}
    Daraja(till.place, PAYBILL).confirm(**report)
    send(warden, FALSE)
    assert withdraw(warden).status_code == 200
    assert confirmed(till.place, till.token) == ["seen", "confirmed", "seen"]
    send(warden, statement(paid(ONE, "1,000.00", "", AT)))
    assert confirmed(till.place, till.token)[-1] == "confirmed"


@pytest.fixture
def reported(till: Sender, sell: Till, office: Office) -> Daraja:
    """A payment of KES 1,000 by ONE that a till claimed and M-PESA reported; somebody who agrees."""
    office.signed_in("other", "manager", "NNP")
    account = sold(sell, ONE)
    till.kept = journal_of(sell)
    till.drain()
    daraja = Daraja(till.place, PAYBILL)
    daraja.confirm(TransID=ONE, BillRefNumber=account, TransAmount="1000", BusinessShortCode=PAYBILL)
    return daraja


def test_what_a_later_statement_says_was_taken_back_counts_no_more_until_that_is_withdrawn(
    till: Sender, reported: Daraja, warden: Browser
) -> None:
    send(warden, statement(paid(ONE, "1,000.00", "", AT)))
    back = statement(taken_back(FOUR, "-1,000.00", ONE))
    for _ in range(2):
        assert send(warden, back).status_code == 200
    assert confirmed(till.place, till.token) == ["seen", "confirmed", "withdrawn"]
    assert till.place.matters() == [(PAYBILL, "payment_not_completed", 1)]
    assert withdraw(warden).status_code == 200
    assert confirmed(till.place, till.token)[3:] == ["confirmed"]


def test_a_statement_that_holds_a_payment_and_its_reversal_is_withdrawn_whole(
    till: Sender, reported: Daraja, warden: Browser
) -> None:
    send(warden, statement(paid(ONE, "1,000.00", "", AT), taken_back(FOUR, "-1,000.00", ONE)))
    assert confirmed(till.place, till.token) == ["seen", "withdrawn"]
    assert [what for _, what, _ in till.place.matters()] == ["payment_not_completed"]
    assert withdraw(warden).status_code == 200
    assert confirmed(till.place, till.token)[2:] == ["seen"]


def test_no_withdrawn_statement_revives_a_payment_that_was_reported_in_two_ways(
    till: Sender, reported: Daraja, warden: Browser
) -> None:
    send(warden, FALSE)
    with till.place.store.reading() as tx:
        (first,) = payments.reported(tx, ONE)
    reported.confirm(
        TransID=ONE, BillRefNumber=first.paid.account, TransAmount="2000", BusinessShortCode=PAYBILL
    )
    assert withdraw(warden).status_code == 200
    assert confirmed(till.place, till.token) == ["seen", "confirmed", "withdrawn"]


def test_a_statement_of_before_bodies_were_kept_is_imported_again_before_it_is_withdrawn(
    sent: Sender, warden: Browser, office: Office
) -> None:
    office.signed_in("other", "manager", "NNP")
    send(warden, FALSE)
    with sent.place.store.writing() as tx:
        tx.write("UPDATE statement SET body = NULL")
    answer = withdraw(warden)
    assert (answer.status_code, "no longer kept here" in unescape(answer.text)) == (400, True)
    assert "New: 0." in send(warden, FALSE).text
    assert withdraw(warden).status_code == 200


# Who may.


def test_an_auditor_looks_and_takes_the_sheet_and_decides_nothing(
    sent: Sender, office: Office, warden: Browser
) -> None:
    file = statement(paid(TWO, "1,500.00", "", AT))
    send(warden, file)
    eye = office.signed_in("eye", "auditor", "NNP")
    page = eye.see("/reconciliation")
    assert "/reconciliation/import" not in page
    assert "/reconciliation/decide" not in page
    assert send(eye, file).status_code == 403
    sent_ = {**fields_of(items(warden.see("/reconciliation"))[TWO]), "decision": "explained", "reason": "x"}
    assert eye.post("/reconciliation/decide", sent_).status_code == 403
    assert eye.post("/reconciliation/withdraw", {**sent_, "statement": "1"}).status_code == 403
    with office.place.store.reading() as tx:
        assert ("eye", "/reconciliation") in [(one.who, one.page) for one in looks.last(tx)]


def test_other_parks_statements_are_seen_by_nobody_who_sees_one_and_match_nothing_there(
    sent: Sender, office: Office, warden: Browser
) -> None:
    far = office.signed_in("far", "manager", "TSE")
    file = statement(paid(ONE, "1,000.00", "", AT))
    assert send(far, file).status_code == 403
    assert send(far, file, park="TSE").status_code == 200
    assert far.get("/reconciliation?park=NNP").status_code == 403
    assert "No statement yet: 2" in warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")


@pytest.fixture
def visited(sent: Sender, sell: Till) -> Sender:
    """Another receipt, of a plate that is easy to know again, paid by THREE."""
    sell.checkout.plate("KZZ 777Z")
    sold(sell, THREE)
    sent.kept = journal_of(sell)
    sent.drain()
    return sent


@pytest.mark.parametrize("amount", ["1.00", "1,000.00"])
def test_a_park_hears_of_a_code_that_another_used_only_that_it_did(
    visited: Sender, office: Office, amount: str, tmp_path: Path
) -> None:
    CENTRAL_KEY.save(visited.place.folder / places.KEY)
    far = office.signed_in("far", "manager", "TSE")
    send(far, statement(paid(THREE, amount, "", AT), paid(FOUR, "5.00", "", AT)), park="TSE")
    days = f"park=TSE&first={DAY}&last={DAY}"
    page = far.see(f"/reconciliation?{days}&state=other_park")
    item = items(page)[THREE]
    assert "Used in another park" in item
    assert 'action="/reconciliation/decide"' not in item
    assert "To look at: 1" in page, "what nobody took at all is still to be looked at"
    answer = far.post("/reconciliation/sheet", {"park": "TSE", "first": DAY, "last": DAY})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        sheet = "".join(file.read(name).decode() for name in file.namelist() if name.endswith("report.json"))
    assert THREE in sheet
    for told in (words(page), sheet):
        for secret in ("KZZ", "777Z", "Clerk 07", '"07"', "XNM2"):
            assert secret not in told, secret
    shown = words(f"<{item}")
    assert {*re.findall(r"KES [\d,.]+", shown)} == {f"KES {amount.removesuffix('.00')}"}, (
        "the statement's own"
    )


def test_a_payment_of_which_another_park_used_a_part_is_looked_at_and_not_how_much_it_was(
    visited: Sender, office: Office
) -> None:
    far = office.signed_in("far", "manager", "TSE")
    send(far, statement(paid(THREE, "9,000.00", "", AT)), park="TSE")
    page = far.see(f"/reconciliation?park=TSE&first={DAY}&last={DAY}")
    shown = words(f"<{items(page)[THREE]}")
    assert ("To look at: 1" in page, "Used in another park" in shown) == (True, True)
    assert {*re.findall(r"KES [\d,.]+", shown)} == {"KES 9,000"}


def test_a_payment_whose_use_in_another_park_was_voided_is_looked_at(
    visited: Sender, office: Office, sell: Till
) -> None:
    number = str(sell.desk.ledger.of_kind("receipt.issued")[-1].number)
    sell.corrections.void(number, "wrong van", Second(MANAGER, MANAGER_PIN))
    visited.kept = journal_of(sell)
    visited.drain()
    far = office.signed_in("far", "manager", "TSE")
    send(far, statement(paid(THREE, "1,000.00", "", AT)), park="TSE")
    assert "To look at: 1" in far.see(f"/reconciliation?park=TSE&first={DAY}&last={DAY}")


def test_who_sees_all_parks_sees_what_used_it(visited: Sender, office: Office) -> None:
    chief = office.signed_in("chief", "manager")
    send(chief, statement(paid(THREE, "1,000.00", "", AT)), park="TSE")
    page = chief.see(f"/reconciliation?park=TSE&first={DAY}&last={DAY}&state=other_park")
    item = words(f"<{items(page)[THREE]}")
    for told in ("Used in another park", "KZZ 777Z", "Clerk 07", "XNM2"):
        assert told in item, item


def test_nobody_imports_or_decides_who_is_not_signed_in_or_did_not_use_the_page(
    sent: Sender, office: Office
) -> None:
    nobody = office.browser()
    assert nobody.http.post("/reconciliation/decide", data={"park": "NNP"}).url.path == "/sign-in"
    browser = office.signed_in("a")
    for path in ("/reconciliation/decide", "/reconciliation/sheet", "/reconciliation/withdraw"):
        assert browser.post(path, {"park": "NNP"}, form="0" * 64).status_code == 403
    named = {"park": "NNP", "form": "0" * 64}
    answer = browser.http.post("/reconciliation/import", data=named, files={"statement": b"x"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "days", ["first=2026-01-02&last=2026-01-01", "first=x&last=x", "first=2025-01-01&last=2026-01-01"]
)
def test_days_that_are_none_are_refused_by_name(sent: Sender, warden: Browser, days: str) -> None:
    assert warden.get(f"/reconciliation?park=NNP&{days}").status_code == 400


def test_a_code_used_at_two_tills_is_one_payment_used_twice(heard: Heard, office: Office) -> None:
    for till in heard.tills[:2]:
        sold(till, ONE)
    heard.sent()
    warden = office.signed_in("warden", "manager", "NNP")
    send(warden, statement(paid(ONE, "1,000.00", "", AT)))
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    assert "Used more than once" in items(page)[ONE]
    assert "XNM1" in items(page)[ONE]
    assert "XNM2" in items(page)[ONE]


@pytest.mark.parametrize("again", [0, 1])
def test_passes_settled_together_are_one_use_of_a_code_at_central_too(
    heard: Heard, office: Office, again: int
) -> None:
    settled_twice(heard.tills[0], heard.tills[again])
    heard.sent()
    warden = office.signed_in("warden", "manager", "NNP")
    send(warden, statement(*SETTLED, paybill="600000"))
    page = warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}")
    assert states(page) == {ONE: "Paid too little", TWO: "Used more than once"}


def test_the_totals_say_what_of_the_difference_is_held_of_a_voided_sale(
    till: Sender, sell: Till, warden: Browser
) -> None:
    sold(sell, ONE)
    sell.corrections.void(sell.history.find("", None)[0].number, "wrong van", Second(MANAGER, MANAGER_PIN))
    till.kept = journal_of(sell)
    till.drain()
    send(warden, statement(paid(ONE, "1,500.00", "", AT)))
    page = words(warden.see(f"/reconciliation?park=NNP&first={DAY}&last={DAY}"))
    assert "Difference Held: refund or reuse To look at" in page
    assert "Refund due 1 1 0.00 1,500.00 1,500.00 1,000.00 1" in page

"""The driver's page: it speaks for the paper itself, names every failure, and lets out who has paid."""

import logging
import re
from dataclasses import replace

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from gatepos.central import api, enrolling
from gatepos.domain import entry as entries
from gatepos.domain import keyring, moments, numbers, payment, postings
from gatepos.domain.keyring import KeyRow
from gatepos.domain.payment import Message
from gatepos.domain.verdicts import LOOKS
from gatepos.seal import checking, token
from gatepos.seal.keys import TillKey, kid_of
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from gatepos.wire import forms
from tests.central.driver.phone import Driver, said, scanned
from tests.central.place import CENTRAL_KEY, Place, Sender, bearer
from tests.gate import Gate
from tests.till.test_corrections import sold
from tests.till.test_hearing import paid_at, van
from tests.till.test_passes import SECOND, at_exit, outage, van_in
from tests.till.test_passes import token as text_of

FIRST_ANSWER_MAX = 14 * 1024


def test_a_pass_that_central_never_heard_of_is_read_by_its_signature(driver: Driver) -> None:
    answer = driver.opened()
    shown = said(answer)
    assert answer.status_code == 200
    for words in (
        "Not paid yet", "Leave by 19:00 today.", "KES 43,940", "KDA 412M · 6–12 seats · ",
        "3 non-resident adults", "Paybill on your paper", f"Account {driver.number}",
        "Amount 43,940", "Nairobi National Park",
        "Keep the M-PESA message: it opens the gate even without network.", "signed by XNM2, Main Gate",
        "As of 10:31.",
    ):  # fmt: skip
        assert words in shown


def test_once_central_heard_of_it_the_page_has_the_outages_paybill_and_the_lines(driver: Driver) -> None:
    driver.tell()
    shown = said(driver.opened())
    assert "Paybill 600000 Copy" in shown
    assert re.search(r"3 × Non-resident adult \d\d,\d{3} ", shown)
    assert 'data-copy="43940"' in driver.opened().text


def test_a_pass_issued_after_closing_names_no_hour_that_is_past(gate: Gate, till: Sender, sell: Till) -> None:
    gate.clock.pass_by(moments.at_local(moments.local_day(gate.clock.wall), 20) - gate.clock.wall)
    outage(sell)
    driver = Driver(till.place, till, sell, van_in(sell).number.replace("-", ""))
    shown = said(driver.opened())
    assert "Made out after closing, 19:00 today: ask at the gate when to leave." in shown
    assert "Leave by" not in shown


def test_part_of_the_payment_is_taken_off(driver: Driver) -> None:
    driver.tell()
    driver.pay("30000")
    shown = said(driver.opened())
    for words in ("Part paid", "M-PESA reported KES 30,000.", "You owe KES 13,940", "Amount 13,940"):
        assert words in shown


@pytest.mark.parametrize("is_told", [True, False])
def test_a_pass_that_is_paid_shows_a_code_that_lets_out_at_a_till_that_heard_nothing(
    driver: Driver, is_told: bool
) -> None:
    if is_told:
        driver.tell()
    driver.pay("30000", "UA26X1Y2ZQ")
    driver.pay("13940", "UA26X1Y2ZR")
    answer = driver.opened()
    assert "Payment has arrived" in said(answer)
    text = scanned(answer)
    driver.sell.desk.keyring[kid_of(CENTRAL_KEY.public)] = keyring.of_central(CENTRAL_KEY.public)
    view = at_exit(driver.sell).gate.scan(text)
    assert (view.word, view.owed_minor, view.number) == ("let_out", 0, numbers.printed(driver.number))
    assert said(driver.opened(text=text.removeprefix("GP:"))).count("Payment has arrived") == 1


@pytest.mark.parametrize("is_distrusted", [False, True])
def test_the_old_key_signs_until_each_till_of_the_park_knows_the_new_one(
    driver: Driver, is_distrusted: bool
) -> None:
    driver.tell()
    driver.pay()
    place, new = driver.place, TillKey(b"\x52" * 32)
    at = place.central.now()
    enrolling.succeed(place.store, CENTRAL_KEY, new.public, at)
    place.http = TestClient(api.application(place.store, new, place.clock, None, (CENTRAL_KEY,)))

    def signer() -> bytes:
        known = {one.kid: keyring.of_central(one.public) for one in (CENTRAL_KEY, new)}
        return checking.read(scanned(driver.opened()), known).signer.public

    assert signer() == CENTRAL_KEY.public
    if is_distrusted:
        enrolling.distrust(place.store, new, CENTRAL_KEY.kid.hex(), at)
    else:
        pulled = {**bearer(driver.till.token), forms.CENTRAL_HEADER: new.kid.hex()}
        place.http.get("/v1/feeds/keyring", headers=pulled)
    assert signer() == new.public


def shows_code(answer: httpx.Response) -> bool:
    """Whether a page has a code to scan."""
    return 'aria-label="QR"' in answer.text


@pytest.mark.parametrize("is_told", [True, False])
def test_a_code_that_central_signed_is_only_shown_again_and_not_once_its_payment_is_withdrawn(
    driver: Driver, is_told: bool
) -> None:
    if is_told:
        driver.tell()
    driver.pay()
    text = scanned(driver.opened())
    driver.place.clock.pass_by(60_000)
    again = driver.opened(text=text.removeprefix("GP:"))
    assert scanned(again) == text
    driver.pay("43941")
    after = driver.opened(text=text.removeprefix("GP:"))
    assert "Not paid yet" in said(after)
    assert "You owe KES 43,940" in said(after)
    assert not shows_code(after)


def test_no_code_is_shown_while_central_cannot_ask_its_books(driver: Driver) -> None:
    driver.pay()
    text = scanned(driver.opened())
    driver.place.hide_storage()
    for paper in (None, text.removeprefix("GP:")):
        answer = driver.opened(text=paper)
        assert "Central cannot ask now. Keep the M-PESA message." in said(answer)
        assert not shows_code(answer)


def test_a_code_that_a_till_has_counted_is_not_counted_again(driver: Driver) -> None:
    paid_at(at_exit(driver.sell), text_of(driver.sell, driver.number), "UA26X1Y2ZQ", "30,000")
    driver.tell()
    driver.pay("30000", "UA26X1Y2ZQ")
    shown = said(driver.opened())
    assert "You owe KES 13,940" in shown
    assert "Payment has arrived" not in shown


@pytest.mark.parametrize("is_told", [True, False])
def test_a_receipt_for_a_part_lets_nobody_out_by_the_payment_that_it_is_for(
    driver: Driver, is_told: bool
) -> None:
    number = paid_at(at_exit(driver.sell), text_of(driver.sell, driver.number), "UA26X1Y2ZQ", "30,000")
    receipt = text_of(driver.sell, number).removeprefix("GP:")
    if is_told:
        driver.tell()
    driver.pay("30000", "UA26X1Y2ZQ")
    assert "You owe KES 13,940" in said(driver.opened(text=receipt))
    driver.pay("13940", "UA26X1Y2ZR")
    assert ("Payment has arrived" in said(driver.opened(text=receipt))) is is_told


def stranger(place: Place, code: str, park: str, gate: str) -> Sender:
    """Another till that central knows, with a key of its own."""
    key = TillKey(code.encode() * 8)
    row = KeyRow(code, key.public, park, gate, "9")
    return Sender(place, row, key, place.joined(row, key), [])


def test_a_till_of_another_park_lowers_no_debt(driver: Driver) -> None:
    driver.tell()
    other = stranger(driver.place, "XAM1", "ANP", "KIMA")
    other.kept = driver.till.kept[:1]
    debt = [[postings.receivable(driver.number), "KES", -4_393_900], ["income:x", "KES", 4_393_900]]
    fields: dict[str, object] = {"till": "XAM1", "gate": "KIMA", "lane": "9", "seq": 1, "postings": debt}
    other.write(**fields, prev=entries.genesis("XAM1", other.key.public).hex())
    other.kept = other.kept[1:]
    other.drain()
    with driver.place.store.reading() as tx:
        assert tx.row("SELECT 1 FROM posting WHERE till = 'XAM1'") is None
    assert "You owe KES 43,940" in said(driver.opened())
    driver.pay("1")
    assert not shows_code(driver.opened())


def test_a_payment_that_lets_out_one_pass_and_is_counted_for_another_is_a_matter_once(
    driver: Driver,
) -> None:
    other = van(driver.sell)
    driver.tell()
    driver.pay()
    text = scanned(driver.opened())
    paid_at(at_exit(driver.sell), text_of(driver.sell, other), "UA26X1Y2ZQ", "43,940")
    for _ in range(2):
        driver.tell()
    (matter,) = driver.place.matters()
    assert matter[:2] == (driver.till.till, "payment_used_elsewhere")
    assert scanned(driver.opened(text=text.removeprefix("GP:"))) == text


@pytest.mark.parametrize("is_anew", [True, False])
def test_a_payment_counted_for_the_pass_that_it_lets_out_is_no_matter(driver: Driver, is_anew: bool) -> None:
    driver.tell()
    driver.pay()
    assert shows_code(driver.opened())
    if is_anew:
        driver.number = driver.sell.passes.reissue(driver.number, "torn", SECOND).number.replace("-", "")
    paid_at(at_exit(driver.sell), text_of(driver.sell, driver.number), "UA26X1Y2ZQ", "43,940")
    driver.tell()
    assert driver.place.matters() == []
    assert "Paid Nothing is owed on this paper." in said(driver.opened())


def test_who_left_owing_can_still_pay(driver: Driver) -> None:
    at_exit(driver.sell).gate.scan(text_of(driver.sell, driver.number))
    driver.sell.passes.let_out(driver.sell.gate.owed(), "phone is dead")
    driver.tell()
    assert "You owe KES 43,940" in said(driver.opened())


def test_a_payment_reported_in_two_ways_lets_nobody_out(driver: Driver) -> None:
    driver.pay("43940")
    driver.pay("43941")
    assert "Not paid yet" in said(driver.opened())


def test_money_for_the_old_number_counts_for_the_pass_printed_anew(driver: Driver) -> None:
    driver.pay()
    driver.number = driver.sell.passes.reissue(driver.number, "torn", SECOND).number.replace("-", "")
    driver.tell()
    assert "Payment has arrived" in said(driver.opened())


def test_who_asks_is_told_found_or_not_yet_or_that_nobody_can_say(driver: Driver) -> None:
    assert "as of" not in said(driver.opened())
    assert "Not yet: no payment has arrived, as of 10:31." in said(driver.opened("?check=1"))
    driver.pay("1")
    assert "M-PESA reported KES 1." in said(driver.opened("?check=1"))
    driver.place.hide_storage()
    answer = driver.opened("?check=1")
    assert answer.status_code == 200
    assert "Central cannot ask now. Keep the M-PESA message." in said(answer)


@pytest.mark.parametrize(
    ("end", "word"),
    [
        (lambda sell, number: sell.passes.revoke(number, "never came in", SECOND), "revoked"),
        (lambda sell, number: sell.passes.reissue(number, "torn", SECOND), "replaced"),
    ],
)
def test_a_pass_that_ended_asks_for_no_money(driver: Driver, end: object, word: str) -> None:
    assert callable(end)
    end(driver.sell, driver.number)
    driver.tell()
    shown = said(driver.opened())
    assert LOOKS[word].title in shown
    assert "Paybill" not in shown


def changed(text: str) -> str:
    """A token with another character near its end."""
    return text[:-20] + ("A" if text[-20] != "A" else "B") + text[-19:]


def test_every_failure_is_named_as_the_till_names_it(driver: Driver) -> None:
    stranger = TillKey(b"\x33" * 32)
    payload = checking.read(f"GP:{driver.token}", driver.sell.desk.keyring).payload
    for text, status, word in (
        ("HELLO", 400, "unreadable"),
        ("no-token", 400, "not_ours"),
        (driver.token[:-8], 400, "unreadable"),
        (changed(driver.token), 400, "does_not_verify"),
        (token.make(payload, stranger), 404, "unknown_till"),
        (driver.token * 4, 400, "not_ours"),
    ):
        answer = driver.opened(text=text)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert LOOKS[word].title in said(answer)
        assert "Paybill" not in answer.text


def test_a_paper_of_a_revoked_till_counts_only_when_it_was_heard_of(driver: Driver) -> None:
    enrolling.revoke(driver.place.store, driver.till.till, driver.place.central.now())
    assert LOOKS["does_not_verify"].title in said(driver.opened())


def test_a_paper_of_a_revoked_till_that_was_heard_of_counts(driver: Driver) -> None:
    driver.tell()
    enrolling.revoke(driver.place.store, driver.till.till, driver.place.central.now())
    assert "Not paid yet" in said(driver.opened())


@pytest.mark.parametrize("is_told", [True, False])
def test_central_lets_nobody_out_by_a_till_that_it_revoked(driver: Driver, is_told: bool) -> None:
    driver.pay()
    text = scanned(driver.opened()).removeprefix("GP:")
    if is_told:
        driver.tell()
    enrolling.revoke(driver.place.store, driver.till.till, driver.place.central.now())
    for paper in (None, text):
        answer = driver.opened(text=paper)
        assert not shows_code(answer)
        assert (LOOKS["does_not_verify"].title in said(answer)) is not is_told


@pytest.mark.parametrize(
    ("parks", "lets_out"), [(("NNP", "ZZZ"), ("NNP",)), (("ANP",), None), (("ANP", "NNP"), None)]
)
def test_central_lets_out_of_the_park_of_the_till_alone(
    driver: Driver, parks: tuple[str, ...], lets_out: tuple[str, ...] | None
) -> None:
    found = checking.read(f"GP:{driver.token}", driver.sell.desk.keyring)
    driver.pay()
    answer = driver.opened(text=token.make(replace(found.payload, parks=parks), driver.till.key))
    assert shows_code(answer) is (lets_out is not None)
    if lets_out:
        known = {kid_of(CENTRAL_KEY.public): keyring.of_central(CENTRAL_KEY.public)}
        assert checking.read(scanned(answer), known).payload.parks == lets_out


def test_a_receipt_is_paid(driver: Driver) -> None:
    number = sold(driver.sell).replace("-", "")
    driver.tell()
    shown = said(driver.opened(text=text_of(driver.sell, number).removeprefix("GP:")))
    assert "Paid Nothing is owed on this paper." in shown


@pytest.mark.parametrize(("query", "accepts"), [("?lang=sw", "en"), ("", "sw-KE,sw;q=0.9,en;q=0.8")])
def test_the_language_is_the_one_asked_for_or_the_browsers(driver: Driver, query: str, accepts: str) -> None:
    answer = driver.place.http.get(f"/P/{driver.token}{query}", headers={"Accept-Language": accepts})
    assert answer.headers["content-language"] == "sw"
    assert "leo" in said(answer)
    assert '<a class="key" href="?lang=en"' in answer.text


@pytest.mark.parametrize("language", ["en", "sw"])
def test_the_first_answer_is_at_most_14_kib_in_every_state(driver: Driver, language: str) -> None:
    driver.tell()
    sizes = [len(driver.opened(f"?lang={language}&check=1").content)]
    driver.pay()
    sizes.append(len(driver.opened(f"?lang={language}").content))
    assert max(sizes) <= FIRST_ANSWER_MAX, sizes


def test_the_page_names_no_other_place_and_says_so_to_the_browser(driver: Driver) -> None:
    answer = driver.opened()
    assert not re.search(r"https?://", answer.text)
    headers = answer.headers
    assert (headers["referrer-policy"], headers["x-content-type-options"]) == ("no-referrer", "nosniff")
    assert (headers["cache-control"], headers["x-robots-tag"]) == ("no-store", "noindex")
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]


def test_a_lower_case_address_leads_to_the_page(driver: Driver) -> None:
    answer = driver.place.http.get(f"/p/{driver.token.lower()}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, f"/P/{driver.token}")


def test_the_scripts_come_from_central(driver: Driver) -> None:
    for name in ("page.js", "worker.js"):
        answer = driver.opened(text=name)
        assert answer.headers["content-type"].startswith("text/javascript")
        assert not re.search(r"https?://", answer.text)


SMS = (
    "UA26X1Y2ZQ Confirmed. Ksh43,940.00 paid to KENYA WILDLIFE SERVICE for account {account} on 2/1/26"
    " at 12:45 PM. New M-PESA balance is Ksh1,234.00. Transaction cost, Ksh0.00."
)


def test_a_pasted_message_becomes_a_code_that_a_till_reads_as_that_payment(driver: Driver) -> None:
    pasted = SMS.format(account=driver.number)
    answer = driver.place.http.post(f"/P/{driver.token}", data={"message": pasted})
    text = scanned(answer)
    assert "1,234" not in text
    assert payment.typed(text) == Message("UA26X1Y2ZQ", 4_394_000, "KENYA WILDLIFE SERVICE", driver.number)
    at_exit(driver.sell).gate.scan(text_of(driver.sell, driver.number))
    driver.sell.settlements.pay("mpesa")
    assert isinstance(driver.sell.settlements.mpesa(text), RecordedView)
    assert driver.place.count("payment") == 0


def test_what_is_no_message_is_refused_in_a_sentence(driver: Driver) -> None:
    for pasted in ("hello", "x" * 9_000, "4111 1111 1111 1111"):
        answer = driver.place.http.post(f"/P/{driver.token}", data={"message": pasted})
        assert answer.status_code == 200
        assert 'role="alert"' in answer.text
        assert "4111" not in said(answer)


def test_no_log_holds_what_was_looked_at(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="gatepos")
    driver.opened("?check=1")
    driver.opened(text=changed(driver.token))
    assert driver.token[:40] not in caplog.text

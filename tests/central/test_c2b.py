"""Payments as Daraja reports them: kept once, told to the park, and nothing of who paid."""

import json
import logging
import threading

import httpx2 as httpx
import pytest

from gatepos.central import c2b
from gatepos.central.c2b import BadPaybill
from gatepos.central.store import payments
from gatepos.domain import numbers
from tests.central.place import Fields, Place, Sender

PAYBILL = "600000"
PASS = numbers.make("XNM2", "P", 318)
REPORT: Fields = {
    "TransactionType": "Pay Bill", "TransID": "UA26X1Y2ZQ", "TransTime": "20260102124500",
    "TransAmount": "43940.00", "BusinessShortCode": PAYBILL, "BillRefNumber": PASS, "InvoiceNumber": "",
    "OrgAccountBalance": "", "ThirdPartyTransID": "", "MSISDN": "25470****149", "FirstName": "Wanjiku",
    "MiddleName": "", "LastName": "Canary",
}  # fmt: skip
ACCEPTED = {"ResultCode": "0", "ResultDesc": "Accepted"}


class Daraja:
    """Safaricom's side: a secret address, and what is reported there."""

    def __init__(self, place: Place, paybill: str = PAYBILL) -> None:
        self.place, self.paybill = place, paybill
        self.secret = c2b.new_secret(place.store, paybill, place.central.now())

    def own(self, *, is_strict: bool) -> None:
        """Whether the paybill is the gates' alone."""
        now = self.place.central.now()
        self.secret = c2b.new_secret(self.place.store, self.paybill, now, is_strict=is_strict)

    def send(self, content: bytes, what: str = "confirmation") -> httpx.Response:
        """Bytes where a report belongs."""
        return self.place.http.post(f"/v1/c2b/{self.secret}/{what}", content=content)

    def report(self, **changes: object) -> httpx.Response:
        """Report a payment like REPORT but for its changes."""
        return self.send(json.dumps({**REPORT, **changes}).encode())

    def validate(self, **changes: object) -> httpx.Response:
        """Ask whether such a payment may be made."""
        return self.send(json.dumps({**REPORT, **changes}).encode(), "validation")

    def confirm(self, **changes: object) -> None:
        """A payment that is accepted."""
        answer = self.report(**changes)
        assert (answer.status_code, answer.json()) == (200, ACCEPTED)


@pytest.fixture
def daraja(place: Place) -> Daraja:
    return Daraja(place)


def heard(till: Sender) -> list[Fields]:
    """What the tills of the park hear of payments."""
    body = till.place.feed(till.token, "payments")["body"]
    assert isinstance(body, list)
    return body


def counted(place: Place, account: str = PASS) -> list[int]:
    """The amounts that count for an account."""
    with place.store.reading() as tx:
        return [kept.paid.amount_minor for kept in payments.counting(tx, account)]


def test_a_payment_is_told_to_the_tills_of_its_park(daraja: Daraja, till: Sender) -> None:
    daraja.confirm()
    row = {"trans_id": "UA26X1Y2ZQ", "account": PASS, "amount": "43940.00", "at": "2026-01-02T09:45:00.000Z"}
    assert heard(till) == [{**row, "state": "seen"}]
    assert till.place.matters() == []


def test_the_same_report_again_is_answered_the_same_and_changes_nothing(daraja: Daraja, till: Sender) -> None:
    for _ in range(3):
        daraja.confirm()
        daraja.confirm(TransAmount="43940", BillRefNumber=numbers.printed(PASS).lower())
    assert (daraja.place.count("payment"), len(heard(till))) == (1, 1)


@pytest.mark.parametrize(
    "change", [{"TransAmount": "43941"}, {"BillRefNumber": numbers.make("XNM2", "P", 1)}]
)
def test_one_code_with_two_contents_counts_neither_and_is_a_matter(
    daraja: Daraja, till: Sender, change: Fields
) -> None:
    daraja.confirm()
    daraja.confirm(**change)
    daraja.confirm()
    assert [row["state"] for row in heard(till)] == ["seen", "withdrawn"]
    assert (daraja.place.count("payment"), counted(daraja.place)) == (2, [])
    assert till.place.matters() == [(PAYBILL, "payment_twice", 2)]


def test_one_code_at_two_paybills_counts_at_neither_and_is_a_matter(daraja: Daraja, till: Sender) -> None:
    daraja.confirm()
    other = Daraja(daraja.place, "600001")
    for _ in range(2):
        other.confirm(BusinessShortCode="600001")
        daraja.confirm()
    assert [row["state"] for row in heard(till)] == ["seen", "withdrawn"]
    assert (daraja.place.count("payment"), counted(daraja.place)) == (2, [])
    assert till.place.matters() == [("600001", "payment_twice", 2)]


@pytest.mark.parametrize("account", ["HOUSE 7", numbers.make("XNE1", "P", 3), numbers.make("XNM2", "R", 3)])
def test_money_for_an_unknown_account_is_kept_as_a_matter_and_told_to_nobody(
    daraja: Daraja, till: Sender, account: str
) -> None:
    daraja.confirm(BillRefNumber=account)
    assert (daraja.place.count("payment"), heard(till)) == (1, [])
    assert till.place.matters() == [(PAYBILL, "payment_unknown", 1)]


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("10", 1000), ("5.00", 500), ("0.1", 10), ("70368744177.67", None), (5, 500), (7.25, 725)],
)
def test_amounts_are_decimal_text_to_the_cent(
    daraja: Daraja, till: Sender, typed: object, minor: int | None
) -> None:
    daraja.report(TransAmount=typed)
    assert counted(daraja.place) == ([] if minor is None else [minor])


def test_nothing_of_who_paid_is_kept(daraja: Daraja, till: Sender) -> None:
    daraja.confirm()
    for n, typed in enumerate(("0712345678", "+254 712 345 678", "Wanjiku Canary")):
        daraja.confirm(TransID=f"UA26X1Y2Z{n}", BillRefNumber=typed)
    with daraja.place.store.reading() as tx:
        kept = repr(
            [
                list(row)
                for table in ("payment", "feed_row", "matter")
                for row in tx.rows(f"SELECT * FROM {table}")
            ]
        )
    for canary in ("25470", "712345678", "Wanjiku", "WANJIKU", "Canary"):
        assert canary not in kept


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"BillRefNumber": "HOUSE7"}, "C2B00012"),
        ({"BillRefNumber": PASS[:-1] + ("0" if PASS[-1] != "0" else "1")}, "C2B00012"),
        ({"TransAmount": "0"}, "C2B00013"),
        ({"TransAmount": "-5"}, "C2B00013"),
        ({"TransAmount": "1e3"}, "C2B00013"),
        ({"BusinessShortCode": "600001"}, "C2B00015"),
        ({"TransID": "' OR 1=1"}, "C2B00016"),
        ({"TransTime": "20260231000000"}, "C2B00016"),
        ({"TransTime": None}, "C2B00016"),
    ],
)
def test_what_cannot_be_right_is_refused_before_it_is_paid(
    daraja: Daraja, till: Sender, change: Fields, code: str
) -> None:
    daraja.own(is_strict=True)
    answer = daraja.validate(**change)
    assert (answer.status_code, answer.json()) == (200, {"ResultCode": code, "ResultDesc": "Rejected"})
    assert daraja.place.count("payment") == 0


def test_a_shared_paybill_takes_what_is_no_gates_and_a_person_looks_into_it(
    daraja: Daraja, till: Sender
) -> None:
    assert daraja.validate(BillRefNumber="HOUSE7").json() == ACCEPTED
    daraja.confirm(BillRefNumber="HOUSE7")
    assert (daraja.place.count("payment"), heard(till)) == (1, [])
    assert [what for _, what, _ in daraja.place.matters()] == [c2b.UNKNOWN]
    daraja.own(is_strict=True)
    assert daraja.validate(BillRefNumber="HOUSE7").json()["ResultCode"] == "C2B00012"
    daraja.own(is_strict=False)
    assert daraja.validate(BillRefNumber="HOUSE7").json() == ACCEPTED


def test_a_payment_that_is_right_is_let_through_and_not_yet_kept(daraja: Daraja, till: Sender) -> None:
    assert daraja.validate().json() == ACCEPTED
    assert daraja.place.count("payment") == 0


@pytest.mark.parametrize("content", [b"", b"[]", b"[" * 100_000, b'{"TransID":NaN}', b"\xff\xfe", b"{}"])
def test_another_form_is_refused_in_darajas_words(daraja: Daraja, content: bytes) -> None:
    answer = daraja.send(content)
    assert (answer.status_code, answer.json()["ResultCode"]) == (400, "C2B00016")


def test_only_the_last_secret_of_a_paybill_reports_and_only_for_it(daraja: Daraja, till: Sender) -> None:
    old, other = daraja.secret, Daraja(daraja.place, "600001")
    daraja.secret = c2b.new_secret(daraja.place.store, PAYBILL, daraja.place.central.now())
    assert len(old) * 5 >= 128
    for secret in (old, "", "A" * 26):
        assert daraja.place.http.post(f"/v1/c2b/{secret}/confirmation", json=REPORT).status_code == 404
    assert other.report().json()["ResultCode"] == "C2B00015"
    daraja.confirm()
    assert daraja.place.count("payment") == 1


def test_no_secret_is_kept_or_logged(daraja: Daraja, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="gatepos")
    daraja.report()
    daraja.report(TransAmount="no")
    with daraja.place.store.reading() as tx:
        kept = repr([tuple(row) for row in tx.rows("SELECT * FROM shortcode")])
    assert daraja.secret not in kept + caplog.text
    assert "Canary" not in caplog.text


def test_a_paybill_is_digits(place: Place) -> None:
    for bad in ("", "12", "NMG2", "1234567890"):
        with pytest.raises(BadPaybill):
            c2b.new_secret(place.store, bad, place.central.now())


def test_one_report_sent_at_once_from_many_places_is_kept_once(daraja: Daraja, till: Sender) -> None:
    threads = [threading.Thread(target=daraja.confirm) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (daraja.place.count("payment"), len(heard(till))) == (1, 1)


def test_a_storage_that_fails_accepts_no_payment(daraja: Daraja, till: Sender) -> None:
    daraja.place.break_storage()
    assert daraja.report().status_code == 503
    daraja.place.mend_storage()
    daraja.confirm()
    assert counted(daraja.place) == [4_394_000]

"""Payments that M-PESA is asked for anew: confirmed by that answer alone, and told to the tills."""

import json
import logging

import httpx2 as httpx
import pytest

from gatepos.central import c2b, confirming, daraja
from gatepos.central.daraja import Credentials, Daraja
from gatepos.central.store import engine, payments
from tests.central.place import Fields, Sender
from tests.central.safaricom import SECRET, Safaricom
from tests.central.test_c2b import ACCEPTED, PASS, PAYBILL, heard
from tests.central.test_c2b import Daraja as Reporting

CREDENTIAL, PAYER = "V8sAcanary", "254708374149 - Wanjiku Canary"
TAKEN: Fields = {
    "OriginatorConversationID": "1236-7134259-1", "ConversationID": "AG_20260102_1234409f86436c583e3f",
    "ResponseCode": "0", "ResponseDescription": "Accept the service request successfully.",
}  # fmt: skip
STANDS: Fields = {
    "DebitPartyName": PAYER, "CreditPartyName": f"{PAYBILL} - KWS", "InitiatedTime": 20260102124500,
    "DebitPartyCharges": None, "TransactionStatus": "Completed", "FinalisedTime": 20260102124500,
    "Amount": 43940.00, "ReceiptNo": "UA26X1Y2ZQ", "ReasonType": "Pay Bill Online",
}  # fmt: skip


class Asking:
    """Central with the organisation's own initiator, a payment reported, and Daraja's answers."""

    def __init__(self, till: Sender, safaricom: Safaricom):
        self.till, self.place, self.safaricom = till, till.place, safaricom
        self.reporting = Reporting(till.place)
        url = f"http://127.0.0.1:{safaricom.server_port}"
        callback = f"https://central/v1/c2b/{self.reporting.secret}/stk"
        own = Credentials(url, "key", SECRET, PAYBILL, "passkey", callback, "kws-api", CREDENTIAL)
        self.mpesa = Daraja(own)
        safaricom.says("query", TAKEN)

    def ask(self, after_ms: int = 0) -> int:
        """Time goes by and central asks; how often it has asked so far."""
        self.place.clock.pass_by(after_ms)
        confirming.ask(self.place.store, self.mpesa, self.place.clock.wall_ms())
        return len(self.safaricom.asked)

    def answer(self, code: object = 0, **changes: object) -> httpx.Response:
        """Daraja answers in its documented form; a value of None is a key without any."""
        values = [
            {"Key": key} if value is None else {"Key": key, "Value": value}
            for key, value in {**STANDS, **changes}.items()
        ]
        result: Fields = {
            "ResultType": 0, "ResultCode": code, "ResultDesc": "", "OriginatorConversationID": "1",
            "ConversationID": "AG_1", "TransactionID": "OEI0000000",
            "ResultParameters": {"ResultParameter": values},
            "ReferenceData": {"ReferenceItem": {"Key": "Occasion"}},
        }  # fmt: skip
        return self.reporting.send(json.dumps({"Result": result}).encode(), "status")

    def states(self) -> list[object]:
        """What the tills hear of the payment, in order."""
        return [row["state"] for row in heard(self.till)]


@pytest.fixture
def asking(till: Sender, safaricom: Safaricom) -> Asking:
    return Asking(till, safaricom)


def test_a_payment_is_asked_for_in_darajas_shape_and_confirmed_by_its_answer(asking: Asking) -> None:
    asking.reporting.confirm()
    assert asking.ask() == 0, "M-PESA may not have it yet"
    assert asking.ask(60_000) == 1
    beside = f"https://central/v1/c2b/{asking.reporting.secret}"
    assert asking.safaricom.asked[0] == (
        "/mpesa/transactionstatus/v1/query",
        {
            "Initiator": "kws-api", "SecurityCredential": CREDENTIAL, "CommandID": "TransactionStatusQuery",
            "TransactionID": "UA26X1Y2ZQ", "PartyA": PAYBILL, "IdentifierType": "4",
            "ResultURL": f"{beside}/status", "QueueTimeOutURL": f"{beside}/timeout",
            "Remarks": "Park entry", "Occasion": "",
        },
    )  # fmt: skip
    for _ in range(2):
        assert asking.answer().json() == ACCEPTED
    assert asking.states() == ["seen", "confirmed"]
    assert asking.ask(86_400_000) == 1, "what is confirmed is not asked for again"
    assert asking.place.matters() == []


def test_an_answer_that_nobody_asked_for_confirms_nothing(asking: Asking) -> None:
    asking.reporting.confirm()
    early = asking.answer()
    assert early.json() == ACCEPTED
    asking.ask(60_000)
    Reporting(asking.place, "600001").send(early.request.content, "status")
    assert asking.answer(ReceiptNo="UA26X1Y2ZR").json() == ACCEPTED
    assert asking.states() == ["seen"]


@pytest.mark.parametrize(
    ("change", "matter"),
    [
        ({"Amount": 43_939}, "payment_differs"),
        ({"CreditPartyName": "600001 - Somebody"}, "payment_differs"),
        ({"TransactionStatus": "Authorized"}, "payment_not_completed"),
    ],
)
def test_an_answer_that_contradicts_the_report_is_a_matter(
    asking: Asking, change: Fields, matter: str
) -> None:
    asking.reporting.confirm()
    asking.ask(60_000)
    asking.answer(**change)
    assert (asking.states(), asking.place.matters()) == (["seen"], [(PAYBILL, matter, 1)])


@pytest.mark.parametrize("state", ["Reversed", "Cancelled", "Failed"])
def test_a_payment_that_ended_without_standing_counts_no_more(asking: Asking, state: str) -> None:
    asking.reporting.confirm()
    asking.ask(60_000)
    for _ in range(2):
        assert asking.answer(TransactionStatus=state).json() == ACCEPTED
    assert (asking.states(), asking.place.matters()) == (
        ["seen", "withdrawn"], [(PAYBILL, "payment_not_completed", 1)],
    )  # fmt: skip
    with asking.place.store.writing() as tx:
        payments.stand_again(tx, 1, payments.STATEMENT)
        assert payments.counting(tx, PASS) == [], "no statement undoes what M-PESA answered"
    assert asking.ask(86_400_000) == 1, "nor is it asked for again"


def test_what_is_not_answered_is_asked_for_again_ever_more_seldom(asking: Asking) -> None:
    asking.reporting.confirm()
    asking.answer(code=2001)
    times = [asking.ask(minutes * 60_000) for minutes in (1, 9, 1, 59, 1, 359, 1, 1439, 1, 9999)]
    assert times == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert asking.reporting.send(b"{}", "timeout").json() == ACCEPTED


def test_daraja_that_refuses_or_is_silent_holds_up_nobody(
    asking: Asking, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asking.reporting.confirm()
    asking.reporting.confirm(TransID="UA26X1Y2ZR")
    asking.safaricom.says("query", {"errorCode": "400.002.02"}, 400)
    assert asking.ask(60_000) == 1
    asking.safaricom.answers["query"] = (200, b"<html>")
    assert asking.ask(1) == 2, "the next one is asked for, the first waits"
    assert "Canary" not in caplog.text
    assert CREDENTIAL not in caplog.text + repr(asking.mpesa._own)


def test_nothing_of_who_paid_is_kept_of_an_answer(asking: Asking) -> None:
    asking.reporting.confirm()
    asking.ask(60_000)
    asking.answer()
    with asking.place.store.reading() as tx:
        tables = ("confirmed", "asked", "feed_row", "matter")
        kept = repr([list(row) for name in tables for row in tx.rows(f"SELECT * FROM {name}")])
    for canary in ("25470", "Canary"):
        assert canary not in kept


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"Result":{"ResultCode":0}}', b'{"Result":[]}'])
def test_an_answer_of_another_form_is_refused_in_darajas_words(asking: Asking, content: bytes) -> None:
    answer = asking.reporting.send(content, "status")
    assert (answer.status_code, answer.json()["ResultCode"]) == (400, "C2B00016")


def test_a_statement_confirms_a_payment_by_itself(asking: Asking) -> None:
    asking.reporting.confirm()
    for _ in range(2):
        with asking.place.store.writing() as tx:
            c2b.confirm(tx, payments.counting(tx, PASS)[0], payments.STATEMENT, asking.place.central.now())
    assert asking.states() == ["seen", "confirmed"]
    assert asking.ask(60_000) == 0


def test_what_statements_took_back_before_answers_could_stays_so(asking: Asking) -> None:
    store = asking.place.store
    asking.reporting.confirm()
    with store.writing() as tx:
        tx.write("DROP TABLE taken_back")
        tx.write("CREATE TABLE taken_back(payment INTEGER PRIMARY KEY, at TEXT NOT NULL)")
        tx.write("INSERT INTO taken_back(payment, at) VALUES (1, :at)", at=asking.place.central.now())
        tx.write("UPDATE form SET version = version - 1 WHERE name = 'step'")
    engine.opened(store.url).close()
    with store.writing() as tx:
        assert payments.counting(tx, PASS) == []
        payments.stand_again(tx, 1, payments.STATEMENT)
        assert [kept.id for kept in payments.counting(tx, PASS)] == [1]


def test_without_an_initiator_nothing_is_asked(asking: Asking, safaricom: Safaricom) -> None:
    names = dict.fromkeys(daraja._VARIABLES.values(), "x")
    mpesa = daraja.from_environment({**names, "GATEPOS_DARAJA_URL": "https://daraja"})
    assert mpesa is not None
    assert mpesa.asks_of is None
    asking.reporting.confirm()
    asking.place.clock.pass_by(60_000)
    confirming.ask(asking.place.store, mpesa, asking.place.clock.wall_ms())
    assert safaricom.asked == []


def test_two_reports_of_one_code_are_not_asked_for_and_never_confirmed(asking: Asking) -> None:
    asking.reporting.confirm()
    asking.ask(60_000)
    asking.reporting.confirm(TransAmount="1")
    asking.answer()
    assert asking.states() == ["seen", "withdrawn"]
    assert asking.ask(86_400_000) == 1

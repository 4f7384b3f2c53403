"""A phone is asked to pay by central, which alone holds Daraja's credentials."""

import base64
import json
import logging

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from gatepos.central import api, daraja, enrolling
from gatepos.central.daraja import Credentials, Daraja
from gatepos.domain import numbers
from gatepos.seal import said
from gatepos.wire import forms
from gatepos.wire.urls import InTheOpen
from tests.central.place import CENTRAL_KEY, Fields, Place, Sender, bearer
from tests.central.safaricom import NAME, SECRET, Safaricom
from tests.central.test_c2b import Daraja as Reporting

PHONE, PASSKEY = "254712345678", "bfb279canary"
ASKED: Fields = {
    "phone": PHONE,
    "account": numbers.make("XNM2", "P", 318),
    "amount_minor": 4_394_000,
    "paybill": "600000",
}
IN_HAND: Fields = {
    "requestId": "1",
    "errorCode": "500.001.1001",
    "errorMessage": "The transaction is being processed",
}


@pytest.fixture
def asking(safaricom: Safaricom, till: Sender) -> Sender:
    """A till whose central has credentials."""
    place = till.place
    url = f"http://127.0.0.1:{safaricom.server_port}"
    mpesa = Daraja(Credentials(url, "key", SECRET, "600000", PASSKEY, "https://central/v1/c2b/x/stk"))
    place.http = TestClient(api.application(place.store, CENTRAL_KEY, place.clock, mpesa))
    return till


def ask(till: Sender, **changes: object) -> httpx.Response:
    """The till asks a phone to pay."""
    body = forms.dump({**ASKED, **changes})
    return till.place.http.post(f"/v1/tills/{till.till}/stk", content=body, headers=bearer(till.token))


def state(till: Sender) -> object:
    """What became of it."""
    answer = till.place.http.get(f"/v1/tills/{till.till}/stk/{NAME}", headers=bearer(till.token))
    assert answer.status_code == 200, answer.text
    return said.read(CENTRAL_KEY.public, "stk", till.till, answer.content)["state"]


def test_a_phone_is_asked_in_darajas_own_shape(asking: Sender, safaricom: Safaricom) -> None:
    fields = said.read(CENTRAL_KEY.public, "stk", asking.till, ask(asking).content)
    assert (fields["request"], fields["state"]) == (NAME, "waiting")
    (path, sent) = safaricom.asked[0]
    password = base64.b64encode(f"600000{PASSKEY}20260102103100".encode()).decode()
    assert path == "/mpesa/stkpush/v1/processrequest"
    assert sent == {
        "BusinessShortCode": "600000", "Password": password, "Timestamp": "20260102103100",
        "TransactionType": "CustomerPayBillOnline", "Amount": 43940, "PartyA": PHONE, "PartyB": "600000",
        "PhoneNumber": PHONE, "CallBackURL": "https://central/v1/c2b/x/stk",
        "AccountReference": ASKED["account"], "TransactionDesc": "Park entry",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status", "word"),
    [
        (IN_HAND, 500, "waiting"),
        *(
            ({"ResponseCode": "0", "ResultCode": code, "ResultDesc": ""}, 200, word)
            for code, word in (
                ("0", "paid"), ("1", "no_money"), ("1032", "cancelled"), ("1037", "no_answer"),
                ("2001", "wrong_pin"), ("9999", "failed"), (0, "paid"),
            )
        ),
    ],
)  # fmt: skip
def test_what_became_of_it_is_asked_and_said_in_a_word(
    asking: Sender, safaricom: Safaricom, answer: Fields, status: int, word: str
) -> None:
    safaricom.says("query", answer, status)
    assert state(asking) == word
    assert safaricom.asked[0][1]["CheckoutRequestID"] == NAME


def test_the_access_token_is_asked_for_again_before_it_ends(asking: Sender, safaricom: Safaricom) -> None:
    for passes_ms in (0, 3_000_000, 600_000):
        asking.place.clock.pass_by(passes_ms)
        ask(asking)
    assert safaricom.tokens == 2


def test_what_daraja_refuses_and_what_it_does_not_answer_are_named(
    asking: Sender, safaricom: Safaricom
) -> None:
    safaricom.says("processrequest", {"errorCode": "400.002.02", "errorMessage": PHONE}, 400)
    answer = ask(asking)
    error = asking.place.error(answer, asking.till)
    assert (answer.status_code, error["error"]) == (409, "daraja_refuses")
    assert "400.002.02" in str(error["says"])
    assert PHONE not in answer.text
    for body in (b"<html>", b"[]", b""):
        safaricom.answers["processrequest"] = (200, body)
        answer = ask(asking)
        assert (answer.status_code, asking.place.error(answer, asking.till)["error"]) == (
            502,
            "daraja_silent",
        )


def test_a_form_that_is_none_asks_nobody(asking: Sender, safaricom: Safaricom) -> None:
    for change in (
        {"paybill": "mine"},
        {"phone": "0712345678"},
        {"amount_minor": 1.5},
        {"account": "HOUSE7"},
        {"pin": "1234"},
    ):
        assert ask(asking, **change).status_code == 400
    assert safaricom.asked == []


def test_no_phone_is_asked_for_another_paybill_than_central_has(asking: Sender, safaricom: Safaricom) -> None:
    answer = ask(asking, paybill="222222")
    assert (answer.status_code, asking.place.error(answer, asking.till)["error"]) == (409, "other_paybill")
    assert safaricom.asked == []


def test_without_credentials_central_says_so(till: Sender) -> None:
    answer = ask(till)
    assert (answer.status_code, till.place.error(answer, till.till)["error"]) == (404, "no_daraja")
    assert daraja.from_environment({"GATEPOS_DARAJA_URL": "https://daraja"}) is None


def test_credentials_go_nowhere_in_the_open() -> None:
    found = dict.fromkeys(("KEY", "SECRET", "SHORTCODE", "PASSKEY", "CALLBACK"), "x")
    names = {f"GATEPOS_DARAJA_{name}": value for name, value in {**found, "URL": "http://daraja"}.items()}
    with pytest.raises(InTheOpen):
        daraja.from_environment(names)


def test_a_callback_is_taken_and_nothing_of_it_kept(place: Place) -> None:
    reporting = Reporting(place)
    body: Fields = {
        "Body": {"stkCallback": {"ResultCode": 0, "CallbackMetadata": {"Item": [{"Value": PHONE}]}}}
    }
    assert reporting.send(json.dumps(body).encode(), "stk").json()["ResultCode"] == "0"
    assert place.count("payment") == 0


def test_no_log_and_no_repr_holds_a_phone_or_a_secret(
    asking: Sender, safaricom: Safaricom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ask(asking)
    said_ = caplog.text + repr(Credentials("url", "key", SECRET, "600000", PASSKEY, "callback"))
    for canary in (PHONE, SECRET, PASSKEY):
        assert canary not in said_


def test_only_a_trusted_till_asks_and_only_for_papers_of_its_park(
    asking: Sender, safaricom: Safaricom
) -> None:
    assert (
        asking.place.error(ask(asking, account=numbers.make("XNM9", "P", 1)), asking.till)["error"]
        == "other_account"
    )
    enrolling.revoke(asking.place.store, asking.till, asking.place.central.now())
    assert asking.place.error(ask(asking), asking.till)["error"] == "revoked"
    assert safaricom.asked == []

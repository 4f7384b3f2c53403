"""What central knows of M-PESA by dealing with it, and says with every acknowledgement."""

import pytest
from starlette.testclient import TestClient

from gatepos.central import api
from gatepos.central.daraja import Credentials, Daraja
from gatepos.domain import moments
from gatepos.seal import said
from tests.central.place import CENTRAL_KEY, Fields, Sender
from tests.central.safaricom import SECRET, Safaricom
from tests.central.test_c2b import Daraja as Reporting
from tests.central.test_stk import ask, state

MINUTE_MS = 60_000


@pytest.fixture
def asking(safaricom: Safaricom, till: Sender) -> Sender:
    """A till whose central asks phones."""
    url = f"http://127.0.0.1:{safaricom.server_port}"
    mpesa = Daraja(Credentials(url, "key", SECRET, "600000", "passkey", "https://central/v1/c2b/x/stk"))
    till.place.app = api.application(till.place.store, CENTRAL_KEY, till.place.clock, mpesa)
    till.place.http = TestClient(till.place.app)
    return till


def told(till: Sender) -> list[Fields]:
    """What an acknowledgement says of the outside."""
    answer = till.place.push(till.till, till.token, till.stretch(0, 1))
    assert answer.status_code == 200, answer.text
    fields = said.read(CENTRAL_KEY.public, "ack", till.till, answer.content)["outside"]
    assert isinstance(fields, list)
    return fields


def mpesa(state: str, since_ms: int, at_ms: int) -> Fields:
    since, at = moments.to_text(since_ms), moments.to_text(at_ms)
    return {"what": "mpesa", "state": state, "by": "traffic", "since": since, "at": at}


def test_a_central_that_knows_nothing_says_nothing(till: Sender) -> None:
    assert told(till) == []


def test_a_reported_payment_shows_that_mpesa_works_since_the_first_of_them(till: Sender) -> None:
    place, reporting = till.place, Reporting(till.place)
    first_ms = place.clock.wall_ms()
    reporting.confirm()
    place.clock.pass_by(MINUTE_MS - 1)
    reporting.confirm(TransID="UA26AAAAA1")
    assert told(till) == [mpesa("works", first_ms, first_ms)]  # for each payment it would be written anew
    place.clock.pass_by(1)
    reporting.confirm(TransID="UA26AAAAA2")
    assert told(till) == [mpesa("works", first_ms, place.clock.wall_ms())]


def test_a_report_that_is_none_shows_nothing(till: Sender) -> None:
    reporting = Reporting(till.place)
    reporting.report(BusinessShortCode="700000")
    reporting.send(b"{}")
    assert told(till) == []


def test_daraja_silent_four_times_in_a_row_is_down_since_the_first_and_one_answer_is_works(
    asking: Sender, safaricom: Safaricom
) -> None:
    clock, honest = asking.place.clock, safaricom.answers["processrequest"]
    safaricom.answers["processrequest"] = (200, b"<html>")
    first_ms = clock.wall_ms()
    for n in range(4):
        assert told(asking) == [], n
        assert ask(asking).status_code == 502
        clock.pass_by(MINUTE_MS)
    assert told(asking) == [mpesa("down", first_ms, clock.wall_ms() - MINUTE_MS)]
    safaricom.answers["processrequest"] = honest
    assert ask(asking).status_code == 200
    assert told(asking) == [mpesa("works", clock.wall_ms(), clock.wall_ms())]
    safaricom.says("query", {"ResponseCode": "0", "ResultCode": "0"})
    clock.pass_by(5 * MINUTE_MS)
    assert state(asking) == "paid"
    assert told(asking)[0]["at"] == asking.place.central.now()


def test_what_daraja_refuses_is_no_outage(asking: Sender, safaricom: Safaricom) -> None:
    safaricom.says("processrequest", {"errorCode": "400.002.02"}, 400)
    for _ in range(8):
        assert ask(asking).status_code == 409
    assert told(asking) == []


def test_a_till_that_was_asked_for_is_answered_although_what_it_shows_cannot_be_kept(
    asking: Sender, safaricom: Safaricom
) -> None:
    asking.place.break_storage()
    assert ask(asking).status_code == 200
    asking.place.mend_storage()
    assert told(asking) == []

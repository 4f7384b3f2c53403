"""Somebody at central says how M-PESA or the platform stands, and the tills of their parks hear it."""

import pytest

from tests.central.managers.conftest import Office
from tests.central.place import Sender
from tests.central.test_outside import MINUTE_MS, told


def test_a_managers_word_is_told_with_since_when_and_the_newest_counts(office: Office, till: Sender) -> None:
    warden = office.signed_in("warden", "manager", "NNP")
    answer = warden.post("/outside", {"what": "platform", "state": "down", "since": "05:50"})
    assert answer.url.path == "/outside"
    assert "warden" in answer.text
    now = office.place.central.now()
    down = {"what": "platform", "state": "down", "by": "office", "since": "2026-01-02T02:50:00.000Z"}
    assert told(till) == [{**down, "at": now}]
    office.place.clock.pass_by(MINUTE_MS)
    office.signed_in("chief").post("/outside", {"what": "platform", "state": "works", "since": ""})
    now = office.place.central.now()
    assert told(till) == [{**down, "state": "works", "since": now, "at": now}]
    assert "platform" in office.signed_in("auditor", "auditor").see("/changes")


def test_a_time_that_is_still_to_come_was_yesterday(office: Office, till: Sender) -> None:
    office.signed_in("chief").post("/outside", {"what": "mpesa", "state": "down", "since": "23:10"})
    assert told(till)[0]["since"] == "2026-01-01T20:10:00.000Z"


def test_the_word_of_one_park_is_not_told_in_another(office: Office, till: Sender) -> None:
    office.signed_in("far", "manager", "TSE").post("/outside", {"what": "mpesa", "state": "down"})
    assert told(till) == []
    assert "far" in office.signed_in("chief").see("/outside")
    assert "far" not in office.signed_in("near", "manager", "NNP").see("/outside")


@pytest.mark.parametrize(
    "fields",
    [
        {"what": "mpesa", "state": "asleep"},
        {"what": "internet", "state": "down"},
        {"state": "down"},
        {"what": "mpesa", "state": "down", "since": "25:00"},
        {"what": "mpesa", "state": "down", "since": "now"},
    ],
)
def test_what_says_nothing_is_refused_and_changes_nothing(
    office: Office, till: Sender, fields: dict[str, str]
) -> None:
    assert office.signed_in("chief").post("/outside", fields).status_code == 400
    assert told(till) == []


def test_an_auditor_looks_and_says_nothing(office: Office, till: Sender) -> None:
    auditor = office.signed_in("auditor", "auditor")
    assert 'name="state"' not in auditor.see("/outside")
    assert auditor.post("/outside", {"what": "mpesa", "state": "down"}).status_code == 403
    assert told(till) == []

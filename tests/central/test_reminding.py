"""Central that was put back hears from tills whom it had revoked, by its own signature alone."""

import pytest

from gatepos.central import enrolling
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from tests.central.place import CENTRAL_KEY, Place, Sender, bearer

AT = "2026-01-02T07:31:00.000Z"
STRANGER = TillKey(b"\x09" * 32)


def page(
    till: Sender, key: TillKey = CENTRAL_KEY, to: str = "NNP", changes: dict[str, object] | None = None
) -> bytes:
    """A page by which central once said that a till is revoked."""
    row: dict[str, object] = {**till.row.certificate(), "is_revoked": True, **(changes or {})}
    fields = {"kind": "feed", "for": to, "feed": "keyring", "from": 6, "version": 7, "more": False}
    return said.say(key, {**fields, "body": [row], "at": AT}).body()


def remind(till: Sender, data: bytes) -> int:
    """What central answers."""
    answer = till.place.http.post("/v1/feeds/keyring?after=7", content=data, headers=bearer(till.token))
    return int(answer.status_code)


def test_a_page_that_central_signed_opens_one_case_and_answers_as_the_feed_does(till: Sender) -> None:
    place = till.place
    for _ in range(2):
        answer = place.http.post("/v1/feeds/keyring?after=7", content=page(till), headers=bearer(till.token))
        fields = said.read(CENTRAL_KEY.public, "feed", "NNP", answer.content)
        assert fields == place.feed(till.token, "keyring", 7)
    assert place.matters() == [(till.till, "revoked_before", 0)]
    row = place.central.known(till.till).row
    assert not row.is_revoked, "a person decides"


def test_a_till_that_central_forgot_whole_has_its_case_before_it_comes_back(till: Sender) -> None:
    gone: dict[str, object] = {"till": "XNM7", "public_key": STRANGER.public.hex()}
    assert remind(till, page(till, changes=gone)) == 200
    assert till.place.matters() == [("XNM7", "revoked_before", 0)]


def test_whom_central_has_revoked_anew_needs_no_case(till: Sender) -> None:
    enrolling.revoke(till.place.store, till.till, AT)
    assert remind(till, page(till)) == 200
    assert till.place.matters() == []


@pytest.mark.parametrize("what", ["other key", "other park", "not revoked", "another key under the code"])
def test_what_central_never_said_of_this_till_changes_nothing(till: Sender, what: str) -> None:
    data = {
        "other key": page(till, STRANGER),
        "other park": page(till, to="AMB"),
        "not revoked": page(till, changes={"is_revoked": False}),
        "another key under the code": page(till, changes={"public_key": STRANGER.public.hex()}),
    }[what]
    assert (remind(till, data), till.place.matters()) == (200, [])


def test_what_is_no_page_of_the_keyring_is_refused_by_name(till: Sender) -> None:
    payment = {
        "trans_id": "UA26X1Y2ZQ", "account": "XNM1P000001", "amount": "1.00", "at": AT, "state": "seen",
    }  # fmt: skip
    other = said.say(CENTRAL_KEY, {
        "kind": "feed", "for": "NNP", "feed": "payments", "from": 0, "version": 1, "more": False,
        "body": [payment], "at": AT,
    }).body()  # fmt: skip
    for data in (other, b"", b"{}", b"[]", said.parsed(page(till)).raw):
        assert remind(till, data) == 400
    assert till.place.http.post("/v1/feeds/keyring", content=page(till)).status_code == 401
    assert till.place.matters() == []


def test_a_key_that_counts_no_more_reminds_of_nothing(place: Place, till: Sender) -> None:
    new = TillKey(b"\x52" * 32)
    enrolling.succeed(place.store, CENTRAL_KEY, new.public, AT)
    enrolling.distrust(place.store, new, CENTRAL_KEY.kid.hex(), AT)
    later = type(place.central)(place.store, new, place.clock, (CENTRAL_KEY,))
    later.remind(later.known(till.till), page(till))
    assert place.matters() == []
    later.remind(later.known(till.till), page(till, new))
    assert place.matters() == [(till.till, "revoked_before", 0)]

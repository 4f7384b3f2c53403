"""What central says counts only under its signature, as what it was said, and for whom."""

import pytest

from gatepos.seal import said
from gatepos.seal.keys import TillKey, WeakKey
from gatepos.seal.said import NotSaid
from gatepos.wire import forms
from gatepos.wire.forms import BadBody

CENTRAL, OTHER = TillKey(b"\x01" * 32), TillKey(b"\x02" * 32)
ACK: dict[str, object] = {
    "kind": "ack", "for": "NMG2", "acked": 7, "acked_hash": "ab" * 32,
    "flagged": [{"seq": 5, "why": "fee_unknown"}], "at": "2026-01-02T07:31:00.000Z",
}  # fmt: skip


def test_an_answer_is_read_as_it_was_said() -> None:
    assert said.read(CENTRAL.public, "ack", "NMG2", said.say(CENTRAL, ACK).body()) == ACK


def test_an_answer_of_another_key_for_another_till_or_of_another_kind_is_none() -> None:
    body = said.say(CENTRAL, ACK).body()
    for public, kind, to in (
        (OTHER.public, "ack", "NMG2"), (CENTRAL.public, "ack", "NMG1"), (CENTRAL.public, "feed", "NMG2"),
    ):  # fmt: skip
        with pytest.raises(NotSaid):
            said.read(public, kind, to, body)


def test_a_changed_answer_is_none() -> None:
    body = said.say(CENTRAL, ACK).body().replace(b'\\"acked\\":7', b'\\"acked\\":8')
    with pytest.raises(NotSaid):
        said.read(CENTRAL.public, "ack", "NMG2", body)


@pytest.mark.parametrize("field", ACK)
def test_a_signed_answer_that_lacks_a_field_is_refused(field: str) -> None:
    if field != "kind":
        fields = {name: value for name, value in ACK.items() if name != field}
        with pytest.raises(BadBody):
            said.read(CENTRAL.public, "ack", "NMG2", said.say(CENTRAL, fields).body())


@pytest.mark.parametrize("data", [b"", b"[]", b"<html>", b'{"raw":1,"sig":""}', b"{" * 100, b" " * 2**21])
def test_what_is_no_answer_is_refused(data: bytes) -> None:
    with pytest.raises(BadBody):
        said.read(CENTRAL.public, "ack", "NMG2", data)


def test_a_till_proves_its_key_for_one_code() -> None:
    proof = said.prove(OTHER, "7Q2K-44MX")
    assert said.is_proved(OTHER.public, "7Q2K-44MX", proof)
    assert not said.is_proved(OTHER.public, "7Q2K-44MY", proof)
    assert not said.is_proved(CENTRAL.public, "7Q2K-44MX", proof)
    with pytest.raises(WeakKey):
        said.is_proved(b"\x00" * 32, "7Q2K-44MX", proof)


def test_each_kind_says_its_name_first() -> None:
    assert all(table["kind"].type.name == kind for kind, table in forms.SAID.items())

"""What a till sends: 500 entries or 1 MiB at most, read as it was written, refused in any other form."""

import json

import pytest

from gatepos.wire import forms, push
from gatepos.wire.forms import BadBody
from gatepos.wire.push import Push

RAW = json.dumps({"kind": "boot", "text": 'a "quoted" \\ one'}).encode()
SIG = b"\x07" * 64
PUSH = Push(3, b"\x01" * 32, ((RAW, SIG), (RAW, SIG)))


def test_a_push_is_read_as_it_was_written() -> None:
    read = push.read(push.body(PUSH))
    assert (read.from_seq, read.from_hash, tuple(read.entries), read.to_seq) == (
        3,
        b"\x01" * 32,
        PUSH.entries,
        5,
    )


def test_as_many_entries_are_taken_as_a_body_holds() -> None:
    assert len(push.taken([(RAW, SIG)] * 600)) == forms.ENTRIES_MAX
    large = b'"\\' * 20_000
    taken = push.taken([(large, SIG)] * 600)
    body = push.body(Push(0, b"\x00" * 32, taken))
    assert len(body) <= forms.DECODED_MAX
    assert len(body) + 2 * len(large) + 200 > forms.DECODED_MAX


@pytest.mark.parametrize(
    "change",
    [
        {"from": -1}, {"from": True}, {"from_hash": "zz"}, {"entries": {}}, {"entries": [{}]}, {"more": 1},
        {"entries": [{"raw": "x", "sig": "00"}]}, {"entries": [{"raw": 1, "sig": "00" * 64}]},
        {"entries": [{"raw": "x", "sig": "00" * 64}] * 501},
    ],
    ids=str,
)  # fmt: skip
def test_another_form_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(BadBody):
        push.read(json.dumps({**json.loads(push.body(PUSH)), **change}).encode())

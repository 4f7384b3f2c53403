"""Traps for whoever writes or reads entries: each is refused, none is read as something else."""

import pytest

from gatepos.domain import canonical
from gatepos.domain.canonical import BadForm

pytestmark = pytest.mark.proof


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":2}',
        b'{"a":1,"a":1}',
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b' {"a":1}',
        b'{"a":-0}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":0.5}',
        b'{"a":01}',
        b'{"a":+1}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":-9007199254740992}',
        b'{"a":18446744073709551616}',
        b'{"a":' + b"9" * 5_000 + b"}",
        b'{"a":-' + b"9" * 5_000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\/"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xed\xa0\x80"}',
        b'{"a":"\xff"}',
        b'{"a":"\xc0\x80"}',
        b'{"A":1}',
        '{"é":1}'.encode(),
        b'{"":1}',
        b'{"' + b"a" * 41 + b'":1}',
        b'{"a":"' + b"x" * 601 + b'"}',
        b"\xef\xbb\xbf{}",
        b"[]",
        b"1",
        b"null",
        b'"a"',
        b"",
        b"{",
        b"{}{}",
        b"[" * 16_000,
        b'{"a":' + b"[" * 16_000,
        b'{"a":' + b"[" * 16_000 + b"]" * 16_000 + b"}",
        b'{"a":[[[[[[1]]]]]]}',
        b'{"a":"' + b"x" * 70_000 + b'"}',
    ],
    ids=lambda raw: repr(raw[:24]),
)
def test_any_other_writing_is_refused(raw: bytes) -> None:
    with pytest.raises(BadForm) as told:
        canonical.decode(raw)
    assert len(str(told.value)) < 120


@pytest.mark.parametrize(
    "value",
    [
        1.0, 0.5, float("nan"), float("inf"), 2**53, -(2**53), 10**5_000, b"bytes", {1, 2}, object(),
        {"A": 1}, {1: 1}, "\ud800", "x" * 601, nested(6), nested(5_000),
    ],
    ids=lambda value: type(value).__name__,
)  # fmt: skip
def test_what_has_no_written_form_is_not_written(value: object) -> None:
    with pytest.raises(BadForm):
        canonical.encode({"a": value})


def test_true_is_no_number_and_one_is_no_yes() -> None:
    assert canonical.encode({"a": True}) == b'{"a":true}'
    assert canonical.encode({"a": 1}) == b'{"a":1}'
    assert canonical.decode(b'{"a":true}')["a"] is True

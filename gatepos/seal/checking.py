"""Checking a scanned paper: from text to a payload whose signature holds, or a named refusal.

The checks stand in the order of FORMATS.md §4; the first failure names the verdict.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import cast

import cbor2

from gatepos.domain import gatepass, keyring
from gatepos.domain.gatepass import Payload
from gatepos.domain.keyring import Keyring, KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import keys, token

LENGTH_MAX = 700
_DEPTH_MAX = 4
_TEXT = re.compile(r"(?:HTTPS://([A-Z0-9.-]{1,100})/P/|GP:)([A-Z2-7]+)")
_KID_AT, _BODY_AT = len(token.HEAD), len(token.HEAD) + keys.KID_BYTES + len(token.PAYLOAD_MARK) + 1
_TAIL = len(token.SIGNATURE_MARK) + keys.SIGNATURE_BYTES


class NotOurs(Refusal):
    """Something else than one of our papers."""

    says = N_("This is not one of our passes. Scan the code on the receipt or pass.")


class Unreadable(Refusal):
    """One of our papers, read in part or changed."""

    says = N_("The code cannot be read whole. Scan it again or type the number.")


class UnknownTill(Refusal):
    """A key that this till has not heard of."""

    says = N_("Signed by a till this one does not know. Do not admit on it; call the supervisor.")


class DoesNotVerify(Refusal):
    """A signature that does not hold."""

    says = N_("This paper does not verify. Do not accept it: take payment or call the supervisor.")


class UpdateNeeded(Refusal):
    """A paper of a newer form."""

    says = N_("This paper is newer than this program. An update is needed; call the supervisor.")


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper whose signature holds."""

    payload: Payload
    signer: KeyRow
    digest: str
    host: str | None


def read(text: str, known: Keyring) -> Paper:
    """The paper that was scanned, signed by a key that may sign it. Raises only the refusals above.

    The papers of a revoked key are read too: they count where they were heard of before.
    """
    if len(text) > LENGTH_MAX or not text.isascii():
        raise NotOurs()
    match = _TEXT.fullmatch(text.strip().upper())
    if match is None:
        raise NotOurs()
    whole = _decoded(match[2])
    kid, body = _taken_apart(whole)
    row = known.get(kid)
    if row is None:
        raise UnknownTill()
    if not keys.verify(row.public, token.to_be_signed(kid, body), whole[-keys.SIGNATURE_BYTES :]):
        raise DoesNotVerify()
    payload = _payload(body)
    if not keyring.may_sign(row, payload, known):
        raise DoesNotVerify()
    return Paper(payload, row, hashlib.sha256(whole).hexdigest(), match[1])


def _decoded(text: str) -> bytes:
    try:
        whole = base64.b32decode(text + "=" * (-len(text) % 8))
    except binascii.Error as error:
        raise Unreadable() from error
    if base64.b32encode(whole).decode().rstrip("=") != text:
        raise Unreadable()
    return whole


def _taken_apart(whole: bytes) -> tuple[bytes, bytes]:
    kid, body = whole[_KID_AT : _KID_AT + keys.KID_BYTES], whole[_BODY_AT:-_TAIL]
    form = token.HEAD + kid + token.PAYLOAD_MARK + bytes([len(body) & 0xFF]) + body + token.SIGNATURE_MARK
    is_sized = token.PAYLOAD_MIN <= len(body) <= token.PAYLOAD_MAX
    if not is_sized or whole[: -keys.SIGNATURE_BYTES] != form:
        raise Unreadable()
    return kid, body


def _payload(body: bytes) -> Payload:
    fields = _parsed(body)
    if not isinstance(fields, list) or not fields or type(fields[0]) is not int:
        raise DoesNotVerify()
    if fields[0] != token.VERSION:
        raise UpdateNeeded()
    payload = _typed(fields)
    if payload is None or not gatepass.is_legal(payload):
        raise DoesNotVerify()
    return payload


def _parsed(body: bytes) -> object:
    """What the bytes say, when they are the one way to say it."""
    try:
        value = cbor2.loads(body, max_depth=_DEPTH_MAX, allow_indefinite=False)
        if cbor2.dumps(value, canonical=True) != body:
            raise DoesNotVerify()
    except (cbor2.CBORError, ValueError, TypeError, ArithmeticError) as error:
        raise DoesNotVerify() from error
    return value


def _typed(fields: list[object]) -> Payload | None:
    """The payload when every field has its type; booleans are not integers."""
    if len(fields) != len(_TYPES) or any(not _TYPES[i](field) for i, field in enumerate(fields)):
        return None
    _, number, kind, issued, valid_from, valid_until, parks, exits, plate, band, people, due = cast(
        "tuple[int, str, int, int, int, int, list[str], list[str], str, int, list[list[int]], int]", fields
    )
    groups = tuple((category, age, n) for category, age, n in people)
    return Payload(
        kind, issued, valid_from, valid_until, tuple(parks), tuple(exits), plate, band, groups, due, number
    )


def _whole(value: object) -> bool:
    return type(value) is int


def _text(value: object) -> bool:
    return type(value) is str


def _codes(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _groups(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_group, value))


def _is_group(group: object) -> bool:
    return isinstance(group, list) and len(group) == 3 and all(map(_whole, group))


_TYPES = (
    _whole, _text, _whole, _whole, _whole, _whole, _codes, _codes, _text, _whole, _groups, _whole,
)  # fmt: skip

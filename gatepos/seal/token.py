"""The signed token on every paper: COSE_Sign1 in one fixed outer form (source: FORMATS.md §4)."""

import base64

import cbor2

from gatepos.domain import gatepass
from gatepos.domain.canonical import BadForm
from gatepos.domain.gatepass import Payload
from gatepos.seal.keys import TillKey

VERSION = 1
HEAD = bytes.fromhex("8449a201270444")
PAYLOAD_MARK = bytes.fromhex("a058")
SIGNATURE_MARK = bytes.fromhex("5840")
PAYLOAD_MIN, PAYLOAD_MAX = 24, 255
"""Lengths that CBOR writes as 58 and one byte; every legal payload has one of them."""
AAD = b"gatepos/pass/1"


def make(payload: Payload, key: TillKey) -> str:
    """The token's base32 text, without padding; BadForm when no till would read it."""
    if not gatepass.is_legal(payload):
        raise BadForm(why="a field of the paper's token is out of its range")
    body = encode(payload)
    sig = key.sign(to_be_signed(key.kid, body))
    whole = HEAD + key.kid + PAYLOAD_MARK + bytes([len(body)]) + body + SIGNATURE_MARK + sig
    return base64.b32encode(whole).decode().rstrip("=")


def encode(payload: Payload) -> bytes:
    """Deterministic CBOR of the payload array."""
    return cbor2.dumps(
        [
            VERSION, payload.number, payload.kind, payload.issued, payload.valid_from, payload.valid_until,
            list(payload.parks), list(payload.exits), payload.plate, payload.band,
            [list(group) for group in payload.people], payload.due,
        ],
        canonical=True,
    )  # fmt: skip


def to_be_signed(kid: bytes, body: bytes) -> bytes:
    """The Sig_structure of RFC 9052 §4.4."""
    protected = HEAD[2:] + kid
    return cbor2.dumps(["Signature1", protected, AAD, body], canonical=True)

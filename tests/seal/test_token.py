"""The token of a paper: read by a library that is not ours, and refused when a bit of it is another."""

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepos.domain import gatepass, numbers
from gatepos.domain.canonical import BadForm
from gatepos.domain.gatepass import Payload
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.seal import checking, keys, token
from gatepos.seal.checking import DoesNotVerify, NotOurs, UnknownTill, Unreadable, UpdateNeeded
from gatepos.seal.keys import TillKey

KEY = TillKey(bytes(range(32)))
OTHER = TillKey(bytes(range(1, 33)))
ROW = KeyRow("XNM2", KEY.public, "NNP", "MAIN", "2")
KEYRING = {KEY.kid: ROW}
VAN = Payload(
    kind=gatepass.PAID,
    issued=1_767_339_060,
    valid_from=1_767_339_060,
    valid_until=1_767_425_460,
    parks=("NNP",),
    exits=(),
    plate="KDA412M",
    band=2,
    people=((0, 0, 1), (3, 0, 3), (4, 1, 1)),
    due=0,
    number=numbers.make("XNM2", "R", 1),
)
LARGEST = Payload(
    kind=gatepass.PREPAID,
    issued=2**40 - 1,
    valid_from=2**40 - 1 - gatepass.VALID_MAX_S,
    valid_until=2**40 - 1,
    parks=("LONG",) * 8,
    exits=("EXIT",) * 8,
    plate="ABCDEFGHIJ",
    band=5,
    people=tuple((c, a, 25_000) for c in range(6) for a in range(3)),
    due=10**12 - 1,
    number=numbers.make("XNM2", "P", 999_999),
)

VECTOR_DIGEST = "e03cd8a218675bb1cce746e1c2f8b0996fb2ccdd968d1f2b90636cfcd598a2da"
"""Of the van's token: papers in drivers' hands are known by it."""


def raw(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def text_of(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


def signed(body: bytes, key: TillKey = KEY) -> str:
    """A token around any payload at all."""
    sig = key.sign(sig_structure(key.kid, body))
    return text_of(
        bytes.fromhex("8449a201270444")
        + key.kid
        + b"\xa0\x58"
        + bytes([len(body)])
        + body
        + b"\x58\x40"
        + sig
    )


def sig_structure(kid: bytes, body: bytes) -> bytes:
    """`["Signature1", protected, external_aad, payload]` of RFC 9052 §4.4, byte by byte."""
    return (
        b"\x84\x6aSignature1"
        + b"\x49\xa2\x01\x27\x04\x44" + kid
        + b"\x4egatepos/pass/1"
        + (b"\x58" + bytes([len(body)]) if len(body) > 23 else bytes([0x40 + len(body)])) + body
    )  # fmt: skip


def cbor(value: object) -> bytes:
    """Deterministic CBOR of whole numbers, yes and no, text and lists, written from RFC 8949 alone."""
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return _head(0, value)
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    assert isinstance(value, list)
    return _head(4, len(value)) + b"".join(map(cbor, value))


def _head(major: int, n: int) -> bytes:
    if n < 24:
        return bytes([major << 5 | n])
    size = next(size for size in (1, 2, 4, 8) if n < 256**size)
    return bytes([major << 5 | 24 + (1, 2, 4, 8).index(size)]) + n.to_bytes(size, "big")


def fields_of(payload: Payload) -> list[object]:
    return [
        1,
        payload.number,
        payload.kind,
        payload.issued,
        payload.valid_from,
        payload.valid_until,
        list(payload.parks),
        list(payload.exits),
        payload.plate,
        payload.band,
        [list(group) for group in payload.people],
        payload.due,
    ]


@pytest.mark.parametrize("payload", [VAN, LARGEST], ids=["van", "largest"])
def test_another_library_reads_and_verifies_a_token(payload: Payload) -> None:
    whole = raw(token.make(payload, KEY))
    body = cbor(fields_of(payload))
    kid = hashlib.sha256(KEY.public).digest()[:4]
    assert whole[:-64] == (
        b"\x84\x49\xa2\x01\x27\x04\x44" + kid + b"\xa0\x58" + bytes([len(body)]) + body + b"\x58\x40"
    )
    Ed25519PublicKey.from_public_bytes(KEY.public).verify(whole[-64:], sig_structure(kid, body))


def test_a_known_token_stays_the_same_for_ever() -> None:
    text = token.make(VAN, KEY)
    assert hashlib.sha256(raw(text)).hexdigest() == gatepass.digest(text)
    assert gatepass.digest(text) == VECTOR_DIGEST


@given(st.text("ABCYZ27", max_size=40) | st.text("AZ27018a_- é", max_size=9))
def test_a_paper_is_known_by_the_bytes_of_its_text_and_what_has_none_by_nothing(text: str) -> None:
    try:
        known = hashlib.sha256(raw(text)).hexdigest()
    except ValueError:
        with pytest.raises(ValueError, match="base32"):
            gatepass.digest(text)
    else:
        assert gatepass.digest(text) == known


@pytest.mark.parametrize("payload", [VAN, LARGEST], ids=["van", "largest"])
@pytest.mark.parametrize("prefix", ["GP:", "gp:", "HTTPS://GATE.EXAMPLE/P/", "https://gate.example/p/"])
def test_what_was_signed_is_read_back(payload: Payload, prefix: str) -> None:
    row = replace(ROW, park=payload.parks[0])
    paper = checking.read(prefix + token.make(payload, KEY), {KEY.kid: row})
    assert (paper.payload, paper.signer) == (payload, row)
    assert paper.digest == gatepass.digest(token.make(payload, KEY))
    assert paper.host == ("GATE.EXAMPLE" if "//" in prefix else None)


def test_every_bit_changed_is_refused_by_name() -> None:
    whole = raw(token.make(VAN, KEY))
    verdicts = set()
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Unreadable, UnknownTill, DoesNotVerify)) as told:
            checking.read("GP:" + text_of(bytes(changed)), KEYRING)
        verdicts.add(told.type)
    assert verdicts == {Unreadable, UnknownTill, DoesNotVerify}


def test_a_token_cut_short_or_drawn_out_is_refused() -> None:
    whole = raw(token.make(VAN, KEY))
    for n in range(len(whole)):
        with pytest.raises(Refusal):
            checking.read("GP:" + text_of(whole[:n]), KEYRING)
    for more in (b"\x00", whole, b"\xff" * 60):
        with pytest.raises(Unreadable):
            checking.read("GP:" + text_of(whole + more), KEYRING)


@pytest.mark.parametrize("plate", ["", "K", "KD", "KDA", "KDA4"])
def test_every_other_last_character_is_refused(plate: str) -> None:
    """The unused bits of base32 are no place to hide a second paper."""
    text = token.make(replace(VAN, plate=plate), KEY)
    for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567":
        if last != text[-1]:
            with pytest.raises((Unreadable, DoesNotVerify)):
                checking.read("GP:" + text[:-1] + last, KEYRING)


def test_a_strangers_key_is_named_as_one() -> None:
    with pytest.raises(UnknownTill):
        checking.read("GP:" + token.make(VAN, OTHER), KEYRING)


def test_a_stranger_who_borrows_a_known_key_id_does_not_verify() -> None:
    with pytest.raises(DoesNotVerify):
        checking.read("GP:" + token.make(VAN, OTHER), {OTHER.kid: ROW})


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "GP:",
        "hello",
        "HTTPS://GATE.EXAMPLE/P/",
        "https://evil.example/?q=GP:ABC",
        "GP:ABC1",
        "GP:ÄBC",
        "WIFI:S:x;;",
        "GP:" + "A" * 700,
        "GP:ABC GP:ABC",
        "HTTPS://A B/P/ABC",
        "GP:\u202eABC",
        "ＧＰ：ABC",
    ],
)
def test_something_else_is_not_ours(scanned: str) -> None:
    with pytest.raises(NotOurs):
        checking.read(scanned, KEYRING)


@given(st.text(max_size=750))
@settings(max_examples=100)
def test_nothing_scanned_is_ever_more_than_refused(scanned: str) -> None:
    with pytest.raises(Refusal):
        checking.read(scanned, KEYRING)


@given(st.binary(min_size=24, max_size=255))
@settings(max_examples=100)
def test_signed_nonsense_is_ever_only_refused(body: bytes) -> None:
    with pytest.raises((DoesNotVerify, UpdateNeeded)):
        checking.read("GP:" + signed(body), KEYRING)


def changed(**fields: object) -> bytes:
    """The van's payload with fields that no till would write."""
    names = (
        "version",
        "number",
        "kind",
        "issued",
        "valid_from",
        "valid_until",
        "parks",
        "exits",
        "plate",
        "band",
        "people",
        "due",
    )
    values = fields_of(VAN)
    for name, value in fields.items():
        values[names.index(name)] = value
    return cbor(values)


@pytest.mark.parametrize(
    "body",
    [
        changed(number="XNM2R000001A"),
        changed(number=numbers.make("XNM2", "B", 1)),
        changed(number="xnm2r000001l"),
        changed(kind=4),
        changed(kind=gatepass.OWED),
        changed(issued=2**40),
        changed(valid_until=1_767_339_060),
        changed(valid_until=1_767_339_060 + gatepass.VALID_MAX_S + 1),
        changed(parks=[]),
        changed(parks=["nnp"]),
        changed(parks=["NNP"] * 9),
        changed(parks="NNP"),
        changed(exits=["MAIN"] * 9),
        changed(plate="KDA 412M"),
        changed(plate="K" * 11),
        changed(band=6),
        changed(people=[[3, 0, 3], [0, 0, 1]]),
        changed(people=[[3, 0, 3], [3, 0, 1]]),
        changed(people=[[3, 0, 0]]),
        changed(people=[[6, 0, 1]]),
        changed(people=[[3, 3, 1]]),
        changed(people=[[3, 0]]),
        changed(people=[[3, 0, 25_001]]),
        changed(due=10**12),
        changed(version=True),
        changed(kind=True),
        changed(band=True),
        changed(due=False),
        changed(people=[[0, False, 1], [3, False, 3]]),
        changed(people=[[3, 0, True]]),
        changed(valid_from=False),
        cbor(fields_of(VAN)[:-1]),
        cbor([*fields_of(VAN), 0]),
        cbor(fields_of(VAN))[:-1] + b"\x18\x00",
        cbor(fields_of(VAN))[:-1] + b"\xf9\x00\x00",
        b"\x9f" + cbor(fields_of(VAN))[1:] + b"\xff",
        cbor(fields_of(VAN)) + b"\x00",
        b"\x81" * 100 + b"\x01",
    ],
    ids=range(38),
)
def test_a_signed_payload_out_of_its_range_does_not_verify(body: bytes) -> None:
    with pytest.raises(DoesNotVerify):
        checking.read("GP:" + signed(body), KEYRING)


USUAL = "84 49 a2012704 44 K a0 58 L B 58 40 S"
OUTER = {
    "tagged": "d2 84 49 a2012704 44 K a0 58 L B 58 40 S",
    "tagged twice": "d9d9f7 d2 84 49 a2012704 44 K a0 58 L B 58 40 S",
    "key id not protected": "84 43 a10127 a104 44 K 58 L B 58 40 S",
    "key id before the algorithm": "84 49 a204 44 K 0127 a0 58 L B 58 40 S",
    "key id in both": "84 49 a2012704 44 K a104 44 K 58 L B 58 40 S",
    "another algorithm": "84 49 a2012604 44 K a0 58 L B 58 40 S",
    "long length of the header": "84 58 09 a2012704 44 K a0 58 L B 58 40 S",
    "long length of the payload": "84 49 a2012704 44 K a0 59 00 L B 58 40 S",
    "long length of the signature": "84 49 a2012704 44 K a0 58 L B 59 00 40 S",
    "payload in pieces": "84 49 a2012704 44 K a0 5f 58 L B ff 58 40 S",
    "payload not there": "84 49 a2012704 44 K a0 f6 58 40 S",
    "list without an end": "9f 49 a2012704 44 K a0 58 L B 58 40 S ff",
    "map without an end": "84 49 a2012704 44 K bf ff 58 L B 58 40 S",
    "more in it": "85 49 a2012704 44 K a0 58 L B 58 40 S 00",
    "more behind it": "84 49 a2012704 44 K a0 58 L B 58 40 S 00",
}
"""What another library might write around a payload: hex; K, L, B, S are key id, length, body, signature."""


@pytest.mark.parametrize("outer", OUTER.values(), ids=OUTER)
def test_a_paper_has_one_outer_form(outer: str) -> None:
    """Whoever signs rightly and writes it otherwise would hand out a second paper with the same words."""
    body = cbor(fields_of(VAN))
    sig = KEY.sign(sig_structure(KEY.kid, body))
    parts = {"K": KEY.kid, "L": bytes([len(body)]), "B": body, "S": sig}
    usual, other = (
        b"".join(parts.get(part) or bytes.fromhex(part) for part in form.split()) for form in (USUAL, outer)
    )
    assert checking.read("GP:" + text_of(usual), KEYRING).payload == VAN
    with pytest.raises(Unreadable):
        checking.read("GP:" + text_of(other), KEYRING)


def test_a_signature_of_nothing_does_not_verify() -> None:
    whole = raw(token.make(VAN, KEY))
    for sig in (bytes(64), whole[-64:-32] + bytes(32), bytes(32) + whole[-32:]):
        with pytest.raises(DoesNotVerify):
            checking.read("GP:" + text_of(whole[:-64] + sig), KEYRING)


def test_a_newer_paper_asks_for_an_update() -> None:
    with pytest.raises(UpdateNeeded):
        checking.read("GP:" + signed(changed(version=2)), KEYRING)


def test_no_token_is_made_that_nobody_would_read() -> None:
    for wrong in (VAN.numbered(""), VAN.numbered(numbers.make("XNM2", "B", 1))):
        with pytest.raises(BadForm):
            token.make(wrong, KEY)


def test_the_largest_token_fits_its_limits() -> None:
    text = token.make(LARGEST, KEY)
    assert len(token.encode(LARGEST)) <= token.PAYLOAD_MAX
    assert len("HTTPS://" + "H" * 100 + "/P/" + text) <= checking.LENGTH_MAX


def test_a_key_is_named_by_its_digest() -> None:
    assert KEY.kid == hashlib.sha256(KEY.public).digest()[:4] == keys.kid_of(KEY.public)

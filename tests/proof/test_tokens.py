"""Forged, changed and misplaced papers: none is accepted, none is more than refused.

Small changes of tokens are tried whole, structured ones by lot, and another COSE library says the same of
good and bad. Counts, seeds and the slowest refusal are printed.
"""

import base64
import hashlib
import itertools
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import cbor2
import pytest
from pycose.keys.curves import Ed25519
from pycose.keys.okp import OKPKey
from pycose.messages.sign1message import Sign1Message

from gatepos.domain import gatepass, numbers
from gatepos.domain.gatepass import Payload
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.seal import checking, entries, token
from gatepos.seal.checking import DoesNotVerify, UnknownTill
from gatepos.seal.keys import TillKey
from tests.proof.conftest import Rounds

pytestmark = pytest.mark.proof

ROOT = Path(__file__).parents[2]

KEY, NEXT_LANE, OTHER_PARK, STRANGER = (TillKey(bytes([n]) * 32) for n in range(1, 5))
KEYRING = {
    KEY.kid: KeyRow("XNM2", KEY.public, "NNP", "MAIN", "2"),
    NEXT_LANE.kid: KeyRow("XNM3", NEXT_LANE.public, "NNP", "MAIN", "3"),
    OTHER_PARK.kid: KeyRow("XNK2", OTHER_PARK.public, "NAK", "MAIN", "2"),
}
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of Ed25519's base point: S + ORDER signs the same under a careless check."""
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)
"""The points of order 1, 2, 4 and 8 of the curve, and other spellings of theirs."""


@dataclass(slots=True)
class Tried:
    """What became of the changed papers."""

    known: set[bytes]
    refused: Counter[str] = field(default_factory=Counter)
    accepted: list[str] = field(default_factory=list)
    slowest_ms: float = 0.0

    def read(self, text: str) -> None:
        """Have one read as a gate reads it; anything but a refusal by name is an error of the test."""
        begun = time.perf_counter()
        try:
            checking.read(text, KEYRING)
        except Refusal as refusal:
            self.refused[type(refusal).__name__] += 1
        else:
            self.accepted.append(text)
        self.slowest_ms = max(self.slowest_ms, (time.perf_counter() - begun) * 1000)

    def bytes(self, whole: bytes) -> None:
        """Have the paper of these bytes read, unless they are a genuine one's."""
        if whole not in self.known:
            self.read(f"GP:{text_of(whole)}")

    def told(self, what: str, seed: int) -> str:
        """One line of figures."""
        n = sum(self.refused.values()) + len(self.accepted)
        named = ", ".join(f"{name} {count}" for name, count in sorted(self.refused.items()))
        counts = f"{n} papers, {len(self.accepted)} accepted, slowest {self.slowest_ms:.2f} ms"
        return f"\n{what}: {counts} ({named}); seed {seed}"


def test_no_bit_or_byte_of_a_token_can_be_another(seed: int, rounds: Rounds) -> None:
    """Every bit flipped, every byte left out, and at every place a byte put in."""
    lot, n = random.Random(seed), rounds(50, 50)
    tokens = [raw(token.make(_any_payload(lot), KEY)) for _ in range(n)]
    tried = Tried(set(tokens))
    for whole in tokens:
        for changed in _small_changes(whole, lot):
            tried.bytes(changed)
    print(tried.told(f"{n} tokens, every small change", seed))
    assert tried.accepted == []


def test_no_structured_mutant_is_accepted(seed: int, rounds: Rounds) -> None:
    """Fields of another value or type, parts of two papers, other signatures, other outer forms."""
    lot, n = random.Random(seed), rounds(60_000, 10_000_000)
    tokens = [raw(token.make(_any_payload(lot), KEY)) for _ in range(50)]
    tried = Tried(set(tokens))
    for _ in range(n):
        tried.bytes(_mutant(lot.choice(tokens), lot.choice(tokens), lot))
    print(tried.told("structured mutants", seed))
    assert tried.accepted == []


def test_another_cose_library_says_the_same_of_good_and_bad(seed: int, rounds: Rounds) -> None:
    """It verifies each token of ours, and none whose payload or signature has another bit."""
    lot, n = random.Random(seed), rounds(200, 20_000)
    for _ in range(n):
        whole = raw(token.make(_any_payload(lot), KEY))
        at = lot.choice((*range(14, len(whole) - 66), *range(len(whole) - 64, len(whole))))
        bad = whole[:at] + bytes([whole[at] ^ 1 << lot.randrange(8)]) + whole[at + 1 :]
        assert (_theirs(whole), _is_read(text_of(whole))) == (True, True)
        assert (_theirs(bad), _is_read(text_of(bad))) == (False, False)
    print(f"\nanother COSE library agrees on {n} tokens and a change of each; seed {seed}")


def test_only_the_right_pairs_of_number_key_park_series_and_kind_are_read() -> None:
    """The whole table of who may sign what: each till its own papers, and payments for passes of its park.

    Of all others the signature holds and the verdict is that they do not verify.
    """
    signers = {key.kid: key for key in (KEY, NEXT_LANE, OTHER_PARK)}
    read = set[tuple[str, str, str, int, str]]()
    for (kid, row), till, series, kind, park in itertools.product(
        KEYRING.items(), ("XNM2", "XNM3", "XNK2", "XZZ9"), numbers.SERIES, range(4), ("NNP", "NAK")
    ):
        payload = replace(VAN, kind=kind, parks=(park,), number=numbers.make(till, series, 7))
        verdict = _verdict(_signed(token.encode(payload), signers[kid]))
        if verdict is None:
            read.add((row.till, till, series, kind, park))
        else:
            assert verdict is DoesNotVerify
    own = {(till, till, series, kind, park) for till, park in PLACES for series, kind in OWN}
    paid = {(till, other, "P", gatepass.PAID, park) for till, park in PLACES for other in PAID_FOR[till]}
    assert read == own | paid


def test_a_fuzzer_that_follows_the_code_finds_no_paper_that_nobody_signed(
    seed: int, rounds: Rounds, tmp_path: Path
) -> None:
    pytest.importorskip("atheris", reason="it comes for Linux on x86-64, Python 3.11 to 3.13")
    fuzzer = str(Path(__file__).with_name("fuzz_tokens.py"))
    n, chosen = rounds(20_000, 5_000_000), seed % 2**31 or 1
    options = [f"-runs={n}", f"-seed={chosen}", f"-artifact_prefix={tmp_path}/"]
    done = subprocess.run(
        [sys.executable, fuzzer, str(tmp_path), *options],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    last = done.stderr.splitlines()[-1:]
    print(f"\nfuzzed: {last}; seed {chosen}")
    assert done.returncode == 0, done.stderr[-2_000:] + done.stdout[-2_000:]
    assert f"Done {n} runs" in done.stderr


PLACES = (("XNM2", "NNP"), ("XNM3", "NNP"), ("XNK2", "NAK"))
OWN = (("P", 0), ("P", 1), ("P", 2), ("R", 1), ("R", 2))
PAID_FOR = {"XNM2": ("XNM3", "XZZ9"), "XNM3": ("XNM2", "XZZ9"), "XNK2": ("XZZ9",)}
"""Whose passes a till may sign as paid: those of its park, and of a till that nobody has heard of."""


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_of_small_order_signs_nothing(point: str) -> None:
    """With such a key R = A, S = 0 would sign anything."""
    public = bytes.fromhex(point)
    kid = b"kid!"
    body = token.encode(VAN)
    for r in (public, *map(bytes.fromhex, SMALL_ORDER)):
        whole = token.HEAD + kid + token.PAYLOAD_MARK + bytes([len(body)]) + body
        text = text_of(whole + token.SIGNATURE_MARK + r + bytes(32))
        with pytest.raises(DoesNotVerify):
            checking.read(f"GP:{text}", {kid: KeyRow("XNM2", public, "NNP", "MAIN", "2")})


def test_a_signature_written_another_way_does_not_verify() -> None:
    whole = raw(token.make(VAN, KEY))
    s = int.from_bytes(whole[-32:], "little")
    for n in range(1, 8):
        with pytest.raises(DoesNotVerify):
            checking.read(f"GP:{text_of(whole[:-32] + (s + n * ORDER).to_bytes(32, 'little'))}", KEYRING)


def test_a_signature_of_another_domain_signs_no_paper() -> None:
    """What a till signs for its journal or another use is no pass, whatever bytes it holds."""
    body = token.encode(VAN)
    as_entry = entries.sign(KEY, hashlib.sha256(body).digest())
    with pytest.raises(DoesNotVerify):
        checking.read(f"GP:{text_of(_whole(body, KEY.kid, as_entry))}", KEYRING)
    for aad in (b"", b"gatepos/pass/2", b"gatepos/entry/1", b"gatepos/pass/1\x00"):
        signed = cbor2.dumps(["Signature1", token.HEAD[2:] + KEY.kid, aad, body], canonical=True)
        for what in (signed, body, token.HEAD + KEY.kid + body):
            text = text_of(_whole(body, KEY.kid, KEY.sign(what)))
            with pytest.raises(DoesNotVerify):
                checking.read(f"GP:{text}", KEYRING)


def test_the_key_of_one_till_under_the_name_of_another_does_not_verify() -> None:
    body = token.encode(VAN)
    for signer, named in itertools.permutations((KEY, NEXT_LANE, OTHER_PARK, STRANGER), 2):
        sig = signer.sign(token.to_be_signed(named.kid, body))
        with pytest.raises(UnknownTill if named is STRANGER else DoesNotVerify):
            checking.read(f"GP:{text_of(_whole(body, named.kid, sig))}", KEYRING)


VAN = Payload(
    kind=gatepass.OWED,
    issued=1_767_339_060,
    valid_from=1_767_339_060,
    valid_until=1_767_425_460,
    parks=("NNP",),
    exits=("EAST", "MAIN"),
    plate="KDA412M",
    band=2,
    people=((0, 0, 1), (3, 0, 3), (4, 1, 1)),
    due=4_394_000,
    number=numbers.make("XNM2", "P", 14),
)


def raw(text: str) -> bytes:
    """The bytes of a token's text."""
    return base64.b32decode(text + "=" * (-len(text) % 8))


def text_of(whole: bytes) -> str:
    """The text of a token's bytes."""
    return base64.b32encode(whole).decode().rstrip("=")


def _any_payload(lot: random.Random) -> Payload:
    kind = lot.choice((0, 0, 1, 2))
    series = lot.choice("PR") if kind else "P"
    issued = lot.randrange(1_700_000_000, 1_900_000_000)
    groups = sorted(lot.sample([(c, a) for c in range(6) for a in range(3)], lot.randrange(1, 8)))
    return Payload(
        kind=kind,
        issued=issued,
        valid_from=issued,
        valid_until=issued + 86_400 * lot.randrange(1, 61),
        parks=("NNP", *(("NAK",) if lot.random() < 0.2 else ())),
        exits=tuple(lot.sample(("MAIN", "EAST", "LGTA"), lot.randrange(3))),
        plate=lot.choice(("", "KDA412M", "KBX001A", "GK1234567")),
        band=lot.randrange(6),
        people=tuple((c, a, lot.choice((1, 2, 62, 500))) for c, a in groups),
        due=lot.choice((0, 4_394_000, 10**9)),
        number=numbers.make("XNM2", series, lot.randrange(1, 999_999)),
    )


def _small_changes(whole: bytes, lot: random.Random) -> Iterator[bytes]:
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        yield bytes(changed)
    for at in range(len(whole)):
        yield whole[:at] + whole[at + 1 :]
    for at in range(len(whole) + 1):
        for byte in {0, 255, 0x80, whole[at - 1], *lot.sample(range(256), 4)}:
            yield whole[:at] + bytes([byte]) + whole[at:]


_HEADS = tuple(
    bytes.fromhex(head)
    for head in ("8449a201270444", "d28449a201270444", "8443a10127", "8449a204440127", "9f49a201270444")
)
_MARKS = (b"\xa0\x58", b"\xa0\x59\x00", b"\xa1\x04\x44kid!\x58", b"\xbf\xff\x58")
_ENDS = (b"\x58\x40", b"\x59\x00\x40")
_ODD: tuple[object, ...] = (
    True,
    False,
    None,
    -1,
    1.0,
    2**40,
    2**64,
    "",
    "XNM2",
    b"NNP",
    [],
    [[]],
    {},
    [True],
    "KDA 412M",
    0,
    9,
)


def _mutant(one: bytes, two: bytes, lot: random.Random) -> bytes:
    """A paper with something of another: signed by nobody who may."""
    kid, body, sig = one[7:11], one[14:-66], one[-64:]
    way = lot.randrange(7)
    if way == 0:
        return _whole(two[14:-66], kid, sig)
    if way == 1:
        at, end = sorted(lot.sample(range(len(one)), 2))
        return one[:at] + two[at:end] + one[end:]
    if way == 2:
        return _whole(body, lot.choice((NEXT_LANE, OTHER_PARK, STRANGER)).kid, sig)
    if way == 3:
        head, mark, tail = lot.choice(_HEADS), lot.choice(_MARKS), lot.choice(_ENDS)
        return head + kid + mark + bytes([len(body)]) + body + tail + sig + lot.randbytes(lot.randrange(2))
    fields = cbor2.loads(body)
    at = lot.randrange(len(fields))
    fields[at] = lot.choice((*_ODD, cbor2.loads(two[14:-66])[at]))
    if way == 4:
        fields.insert(lot.randrange(len(fields) + 1), lot.choice(_ODD))
    changed: bytes = cbor2.dumps(fields, canonical=lot.random() < 0.8)[:255].ljust(24, b"\x00")
    if way == 6:  # signed indeed, by a key that nobody here knows, under its own name or a known one
        named = lot.choice((KEY, STRANGER)).kid
        return _whole(changed, named, STRANGER.sign(token.to_be_signed(named, changed)))
    return _whole(changed, kid, sig)


def _whole(body: bytes, kid: bytes, sig: bytes) -> bytes:
    return token.HEAD + kid + token.PAYLOAD_MARK + bytes([len(body)]) + body + token.SIGNATURE_MARK + sig


def _signed(body: bytes, key: TillKey) -> str:
    return text_of(_whole(body, key.kid, key.sign(token.to_be_signed(key.kid, body))))


def _verdict(text: str) -> type[Refusal] | None:
    """The refusal of a paper; None when it is read."""
    try:
        checking.read(f"GP:{text}", KEYRING)
    except Refusal as refusal:
        return type(refusal)
    return None


def _is_read(text: str) -> bool:
    return _verdict(text) is None


def _theirs(whole: bytes) -> bool:
    """What pycose says of the signature. It opens tuples as lists only: the CBOR is taken apart for it."""
    message = Sign1Message.from_cose_obj(list(cbor2.loads(whole)), True)
    message.external_aad = token.AAD  # type: ignore[misc]
    message.key = OKPKey(crv=Ed25519, x=KEY.public)
    return bool(message.verify_signature())

"""What central says, what tills prove or export, under signatures that name their kind (FORMATS.md §6)."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import keys
from gatepos.seal.keys import TillKey
from gatepos.wire import feed, forms
from gatepos.wire.feed import Page, Row

PROOF, SUCCESSOR, DISTRUSTED = "proof", "successor", "distrusted"


class NotSaid(Refusal):
    """An answer that central did not sign, or not for this till."""

    says = N_("An answer came that central did not sign for this till. It was left alone.")


@dataclass(frozen=True, slots=True)
class Said:
    """Bytes and the signature over them."""

    raw: bytes
    sig: bytes

    def body(self) -> bytes:
        """As it goes over the network."""
        return forms.dump({"raw": self.raw.decode(), "sig": self.sig.hex()})


def say(key: TillKey, fields: dict[str, object]) -> Said:
    """Sign what is said; its `kind` and `for` stand among the fields."""
    raw = forms.dump(fields)
    return Said(raw, key.sign(_message(cast(str, fields["kind"]), raw)))


def read(public: bytes, kind: str, to: str, data: bytes, most: int = forms.DECODED_MAX) -> dict[str, object]:
    """What was said, when the key said it, as that kind and to that till or park; NotSaid, BadBody."""
    said = parsed(data, most)
    if not holds(public, kind, said):
        raise NotSaid()
    fields = forms.parsed(forms.SAID[kind], said.raw, most)
    if fields["for"] != to:
        raise NotSaid()
    return fields


def holds(public: bytes, kind: str, said: Said) -> bool:
    """Whether the key signed these bytes, as that kind."""
    return keys.verify(public, _message(kind, said.raw), said.sig)


def page(public: bytes, park: str, data: bytes) -> Page:
    """A page of a feed, when the key said it to that park; NotSaid, BadBody."""
    fields = read(public, "feed", park, data)
    return feed.page(fields, parsed(data).body())


def is_erased(public: bytes, data: bytes) -> bool:
    """Whether a till erased what it keeps, and signed it; BadBody."""
    return holds(public, forms.ERASED, parsed(data, forms.ERASED_PAGE_MAX))


def erased_page(public: bytes, till: str, data: bytes) -> Page:
    """A page that a till erased and keeps under its own key; NotSaid, BadBody."""
    fields = read(public, forms.ERASED, till, data, forms.ERASED_PAGE_MAX)
    return feed.page(fields, data, is_erased=True)


def signer(publics: Sequence[bytes], kind: str, data: bytes) -> bytes:
    """Which of central's keys said what is kept; the first where none did. BadBody."""
    said = parsed(data)
    message = _message(kind, said.raw)
    return next((one for one in publics if keys.verify(one, message, said.sig)), publics[0])


def succession(old: TillKey, new: bytes) -> dict[str, object]:
    """The row of `keyring` by which central's old key names the one after it."""
    sig = old.sign(_message(SUCCESSOR, new))
    return {"central": new.hex(), "was": old.public.hex(), "sig": sig.hex()}


def successors(public: bytes, rows: Iterable[Row]) -> list[bytes]:
    """The keys that follow one, each signed by the one before it; rows about others are history."""
    found: list[bytes] = []
    for row in filter(feed.is_succession, rows):
        new, sig = bytes.fromhex(cast(str, row["central"])), bytes.fromhex(cast(str, row["sig"]))
        is_next = row["was"] == public.hex() and keys.verify(public, _message(SUCCESSOR, new), sig)
        if is_next and keys.is_public(new):
            public = new
            found.append(new)
    return found


def predecessors(public: bytes, rows: Sequence[Row]) -> list[bytes]:
    """The keys before one by what it says itself, the nearest first: their papers may still be about."""
    found: list[bytes] = []
    for row in reversed([row for row in rows if feed.is_succession(row)]):
        was, sig = bytes.fromhex(cast(str, row["was"])), bytes.fromhex(cast(str, row["sig"]))
        is_before = row["central"] == public.hex() and keys.is_public(was)
        if is_before and keys.verify(was, _message(SUCCESSOR, public), sig):
            public = was
            found.append(was)
    return found


def is_by(publics: Sequence[bytes], kind: str, data: bytes) -> bool:
    """Whether one of these keys signed what came, as that kind; BadBody."""
    said = parsed(data)
    return any(holds(one, kind, said) for one in publics)


def distrust(key: TillKey, old: bytes) -> dict[str, object]:
    """The row of `keyring` by which a key of central says that one before it counts no more."""
    sig = key.sign(_message(DISTRUSTED, old))
    return {"distrusted": old.hex(), "by": key.public.hex(), "sig": sig.hex()}


def distrusted(publics: Sequence[bytes], rows: Iterable[Row]) -> list[bytes]:
    """Which of central's keys, the present one first, one after them says to believe no more."""
    found: list[bytes] = []
    for row in filter(feed.is_distrust, rows):
        old, by = (bytes.fromhex(cast(str, row[name])) for name in ("distrusted", "by"))
        is_later = by in publics and old in publics[publics.index(by) + 1 :]
        if is_later and keys.verify(by, _message(DISTRUSTED, old), bytes.fromhex(cast(str, row["sig"]))):
            found.append(old)
    return found


def parsed(data: bytes, most: int = forms.DECODED_MAX) -> Said:
    """The bytes and the signature of an answer; BadBody."""
    fields = forms.parsed(forms.SIGNED, data, most)
    return Said(cast(str, fields["raw"]).encode(), bytes.fromhex(cast(str, fields["sig"])))


def prove(key: TillKey, code: str) -> bytes:
    """The signature by which a till shows that it holds its key, for one enrolment code."""
    return key.sign(_message(PROOF, _proved(code, key.public)))


def is_proved(public: bytes, code: str, proof: bytes) -> bool:
    """Whether the owner of a key asks to be enrolled by a code; WeakKey."""
    keys.check_public(public)
    return keys.verify(public, _message(PROOF, _proved(code, public)), proof)


def _proved(code: str, public: bytes) -> bytes:
    return hashlib.sha256(code.encode()).digest() + public


def _message(kind: str, raw: bytes) -> bytes:
    return b"gatepos/" + kind.encode() + b"/1\x00" + hashlib.sha256(raw).digest()

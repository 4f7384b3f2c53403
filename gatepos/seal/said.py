"""What central says, what tills prove or export, under signatures that name their kind (FORMATS.md §6)."""

import hashlib
from dataclasses import dataclass
from typing import cast

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import keys
from gatepos.seal.keys import TillKey
from gatepos.wire import feed, forms
from gatepos.wire.feed import Page

PROOF = "proof"


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


def read(public: bytes, kind: str, to: str, data: bytes) -> dict[str, object]:
    """What was said, when the key said it, as that kind and to that till or park; NotSaid, BadBody."""
    said = parsed(data)
    if not holds(public, kind, said):
        raise NotSaid()
    fields = forms.parsed(forms.SAID[kind], said.raw)
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


def parsed(data: bytes) -> Said:
    """The bytes and the signature of an answer; BadBody."""
    fields = forms.parsed(forms.SIGNED, data)
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

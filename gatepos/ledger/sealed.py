"""What a till erased of a file that it keeps, signed by itself in place of whoever wrote the file."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from gatepos.errors import Refusal
from gatepos.seal import said as sealed
from gatepos.seal.said import Said
from gatepos.wire import forms

_BEGINS = b"{"
"""No file that is kept as it came begins so."""


@dataclass(frozen=True, slots=True)
class Own:
    """The till that keeps files: its code, its key, and how it signs."""

    till: str
    public: bytes
    say: Callable[[dict[str, object]], Said]


def seal(own: Own, name: str, data: bytes) -> bytes:
    """What is left of the file of a name, under the till's own signature."""
    said = own.say({"kind": forms.ERASED_FILE, "for": own.till, "of": name, "digest": _digest(data)})
    return said.body() + b"\n" + data


def is_sealed(data: bytes) -> bool:
    """Whether a till erased something of a file; whose signature it is, `opened` looks."""
    return data.startswith(_BEGINS)


def opened(own: Own, name: str, data: bytes) -> bytes | None:
    """What is left of the file of a name; None unless this till says so."""
    line, _, left = data.partition(b"\n")
    try:
        fields = sealed.read(own.public, forms.ERASED_FILE, own.till, line)
    except Refusal:
        return None
    return left if (fields["of"], fields["digest"]) == (name, _digest(left)) else None


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

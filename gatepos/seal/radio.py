"""A second person by radio: an 8-digit question bound to one action, and the answer that only they can give.

The answer comes from the second person's own till, with which this one shares a secret because each knows
the other's public key, or from a printed list of codes, each of which is used once.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from gatepos.domain.figures import Figure
from gatepos.seal import digits, lot, pepper, telephone
from gatepos.seal.keys import TillKey

CODES = 100
"""Codes on a list: a question begins with the two digits of its line."""
_LINE_DIGITS = 2
_QUESTION, _SHARED, _LIST = b"radio/question", b"radio/shared", b"radio/list"
"""Purposes of the hashes (BLAKE2b), at most 16 bytes each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is bound to: which till asks which, whose agreement, for what kind of action."""

    asking: str
    answering: str
    staff: str
    kind: str
    question: str


def digest(action: bytes, nonce: str) -> bytes:
    """What stands for an action and a word that is used once."""
    return hashlib.blake2b(nonce.encode() + b"\x00" + action, person=_QUESTION, digest_size=32).digest()


def question(digest: bytes, line: int | None = None) -> str:
    """Eight digits of a digest; with a `line` of a list the first two are that line's."""
    all_ = digits.of(digest)
    return all_ if line is None else f"{line:0{_LINE_DIGITS}d}{all_[_LINE_DIGITS:]}"


class Secrets:
    """The secrets of one till: one with each other till, and one of its device for its lists of codes."""

    def __init__(self, key: TillKey, device: bytes, till: str):
        self._key = key
        self._device = device
        self._till = till

    @classmethod
    def of_device(cls, folder: Path, key: TillKey, till: str) -> "Secrets":
        """The secrets of the device whose till is in `folder`; PepperDamaged."""
        return cls(key, pepper.load(folder), till)

    def answer(self, asked: Asked, other: bytes) -> str:
        """The answer to a question, the same at both tills; `other` is the other's public key. WeakKey."""
        fields = (asked.asking, asked.answering, asked.staff, asked.kind, asked.question)
        return digits.keyed(self._key.shared_with(other), _SHARED, fields)

    def figure_code(self, figure: Figure, central: bytes) -> str:
        """The check code of a figure that is read out to central's people. WeakKey."""
        return telephone.code(self._key, central, figure)

    def falls(self, day: str, number: str, one_in: int) -> bool:
        """Whether the lot of a business day falls on a paper, one in so many; always the same answer."""
        return lot.falls(self._key, day, number, one_in)

    def code(self, list_id: str, line: int) -> str:
        """One code of a list, eight digits; another till of the same device has others."""
        return digits.keyed(self._device, _LIST, (self._till, list_id, str(line)))

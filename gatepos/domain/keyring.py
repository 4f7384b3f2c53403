"""The keys of the tills that this one knows, and what each may sign (source: FORMATS.md §4)."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain import gatepass, numbers
from gatepos.domain.gatepass import Payload
from gatepos.errors import Refusal
from gatepos.i18n import N_


class ForeignKey(Refusal):
    """A key that this ledger may not trust: a demonstration's at a real till, or the other way round."""

    says = N_("A till that is for demonstration knows only such tills, and a real one none.")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A till's certificate: its code, its public key, where it stands."""

    till: str
    public: bytes
    park: str
    gate: str
    lane: str
    is_revoked: bool = False


Keyring = Mapping[bytes, KeyRow]
"""Rows by kid, the first four bytes of SHA-256 of the public key."""


def check_kind(own_till: str, other: str) -> None:
    """ForeignKey unless both tills are real or both are for demonstration."""
    if numbers.is_demo(own_till) != numbers.is_demo(other):
        raise ForeignKey()


def may_sign(row: KeyRow, payload: Payload, keyring: Keyring) -> bool:
    """Whether the key of `row` may have signed this paper.

    The number's till and park are the row's own; only a payment for a pass may be signed by another till of
    that park. What central alone signs, no till may.
    """
    if payload.kind == gatepass.SEEN or row.park not in payload.parks:
        return False
    issuer = payload.number[:4]
    if issuer == row.till:
        return True
    if payload.kind != gatepass.PAID or not payload.is_pass:
        return False
    known = next((other for other in keyring.values() if other.till == issuer), None)
    return known is None or known.park in payload.parks

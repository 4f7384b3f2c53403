"""The keys of the tills that this one knows, and what each may sign (source: FORMATS.md §4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from gatepos.domain import canonical, gatepass, numbers, records, shapes, vocabulary
from gatepos.domain.canonical import BadForm
from gatepos.domain.gatepass import Payload
from gatepos.errors import Refusal
from gatepos.i18n import N_

SPARE = "SPARE"
"""The lane of a till that joined in advance and stands at none: it goes on where another cannot."""


class ForeignKey(Refusal):
    """A key that this ledger may not trust: a demonstration's at a real till, or the other way round."""

    says = N_("A till that is for demonstration knows only such tills, and a real one none.")


class BadCertificate(Refusal):
    """Something else than a till's certificate."""

    says = N_("This is not the certificate of a till: {why}.")


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A till's certificate: its code, its public key, where it stands."""

    till: str
    public: bytes
    park: str
    gate: str
    lane: str
    is_revoked: bool = False

    @property
    def is_spare(self) -> bool:
        """Whether it joined as a spare of its gate, begun by now or not."""
        return self.lane == SPARE

    def certificate(self) -> dict[str, object]:
        """What other tills and central take as this row."""
        return {
            "till": self.till,
            "public_key": self.public.hex(),
            "park": self.park,
            "gate": self.gate,
            "lane": self.lane,
        }


Keyring = Mapping[bytes, KeyRow]
"""Rows by kid, the first four bytes of SHA-256 of the public key."""


def row(data: Mapping[str, object]) -> KeyRow:
    """The row that a `keyring.changed` or a certificate holds; its fields were checked before."""
    till, public, park, gate, lane = (cast(str, data[name]) for name in records.CERTIFICATE)
    return KeyRow(till, bytes.fromhex(public), park, gate, lane, cast(bool, data.get("is_revoked", False)))


def certified(data: object) -> KeyRow:
    """The row of a certificate; BadCertificate unless it has exactly its fields."""
    why = shapes.why_not(records.CERTIFICATE, data)
    if why is not None:
        raise BadCertificate(why=why)
    return row(cast("dict[str, object]", data))


def of_central(public: bytes, *, is_revoked: bool = False) -> KeyRow:
    """The row of central itself, which stands at no gate; revoked, where central distrusts that key."""
    return KeyRow(vocabulary.CENTRAL, public, "", "", "", is_revoked)


def read(line: bytes) -> KeyRow:
    """The row of a certificate as it was exported, one line; BadCertificate."""
    try:
        return certified(canonical.decode(line.strip()))
    except BadForm as error:
        raise BadCertificate(why=error.values["why"]) from error


def check_kind(own_till: str, other: str) -> None:
    """ForeignKey unless both tills are real or both are for demonstration."""
    if numbers.is_demo(own_till) != numbers.is_demo(other):
        raise ForeignKey()


def may_sign(row: KeyRow, payload: Payload, keyring: Keyring) -> bool:
    """Whether the key of `row` may have signed this paper.

    The number's till and park are the row's own; only a payment for a pass may be signed by another till of
    that park. What central alone signs, no till may, and central nothing else.
    """
    is_central = row.till == vocabulary.CENTRAL
    if is_central or payload.kind == gatepass.SEEN:
        return is_central and payload.kind == gatepass.SEEN
    if row.park not in payload.parks:
        return False
    issuer = payload.number[:4]
    if issuer == row.till:
        return True
    if payload.kind != gatepass.PAID or not payload.is_pass:
        return False
    known = of_till(keyring, issuer)
    # What parks a paper names its signer wrote: of a till nobody knows, the signer's own park alone.
    return payload.parks == (row.park,) if known is None else known.park == row.park


def of_till(keyring: Keyring, till: str) -> KeyRow | None:
    """The row of a till."""
    return next((found for found in keyring.values() if found.till == till), None)

"""A scanned text read as a paper, whatever keyboard typed it; and what the paper alone says."""

from dataclasses import dataclass

from gatepos.domain import gatepass, scanned
from gatepos.domain.gatepass import Here, Past, Payload, Verdict
from gatepos.domain.keyring import Keyring, KeyRow
from gatepos.errors import Refusal
from gatepos.seal import checking
from gatepos.seal.checking import DoesNotVerify, NotOurs, Paper, UnknownTill, Unreadable, UpdateNeeded
from gatepos.seal.keys import kid_of

VERDICTS = {
    NotOurs: "not_ours",
    Unreadable: "unreadable",
    UnknownTill: "unknown_till",
    DoesNotVerify: "does_not_verify",
    UpdateNeeded: "update_needed",
}
"""The verdict of each refusal to read."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a paper alone says, with no ledger to ask; without a payload it is none of ours."""

    verdict: Verdict
    payload: Payload | None = None
    signer: KeyRow | None = None


def paper_of(typed: str, keyring: Keyring) -> Paper | type[Refusal]:
    """The paper in a text, whatever keyboard layout typed it: the signature decides."""
    refused: type[Refusal] = NotOurs
    for reading in scanned.readings(typed):
        try:
            return checking.read(reading, keyring)
        except tuple(VERDICTS) as refusal:
            if refused is NotOurs:
                refused = type(refusal)
    return refused


def checked(typed: str, rows: list[KeyRow], direction: str, now: int, gate: str, park: str = "") -> Checked:
    """The verdict at a gate that has heard of nothing; without a park or gate, those of the paper itself."""
    found = paper_of(typed, {kid_of(row.public): row for row in rows})
    if not isinstance(found, Paper):
        return Checked(Verdict(VERDICTS[found]))
    payload, row = found.payload, found.signer
    here = Here(park or payload.parks[0], gate or row.gate, direction, now)
    return Checked(gatepass.decide(payload, row.gate, here, Past()), payload, row)

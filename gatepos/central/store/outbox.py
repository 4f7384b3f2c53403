"""How far each receiver was forwarded what tills wrote: a place in every branch of every till."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.central.receiving import Place
from gatepos.central.store.engine import Transaction


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An entry as its till signed it; receivers know one they have by (till, hash)."""

    till: str
    place: Place
    hash: bytes
    raw: bytes
    sig: bytes


def due(tx: Transaction, receiver: str, most: int) -> list[Forwarded]:
    """What a receiver has not accepted yet, each branch's in order."""
    found = tx.rows(
        "SELECT j.till, j.seq, j.branch, j.hash, j.raw, j.sig FROM journal j"
        " LEFT JOIN forwarded f ON f.receiver = :receiver AND f.till = j.till AND f.branch = j.branch"
        " WHERE j.seq > coalesce(f.seq, 0) ORDER BY j.till, j.branch, j.seq LIMIT :most",
        receiver=receiver, most=most,
    )  # fmt: skip
    return [
        Forwarded(till, Place(seq, branch), bytes(hash_), bytes(raw), bytes(sig))
        for till, seq, branch, hash_, raw, sig in found
    ]


def accepted(tx: Transaction, receiver: str, entries: Sequence[Forwarded]) -> None:
    """What a receiver has from now on, in order."""
    tx.write_all(
        "INSERT INTO forwarded(receiver, till, branch, seq) VALUES (:receiver, :till, :branch, :seq)"
        " ON CONFLICT(receiver, till, branch) DO UPDATE SET seq = excluded.seq",
        [
            {"receiver": receiver, "till": one.till, "branch": one.place.branch, "seq": one.place.seq}
            for one in entries
        ],
    )

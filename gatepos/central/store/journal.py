"""The journals as they came, what was refused of them, and the matters that a person looks into."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gatepos.central.receiving import Branch, New, Place, Refused
from gatepos.central.store.engine import Transaction
from gatepos.wire.bundle import Pair

EVIDENCE_MAX = 1_000
"""Refused entries that are kept of one till."""
REVOKED = "revoked"
"""Why a stored entry is disliked, beside forms.FORK and books.DISLIKED."""
FLAGS_MAX = 500


def places(tx: Transaction, till: str, tree: Sequence[Branch], first: int, last: int) -> dict[bytes, Place]:
    """Where the entries stand that central has of a till between two positions, by hash.

    By position and not by hash: of what is new, which is nearly all, one look at the end of a branch tells.
    """
    return {
        bytes(hash_): Place(seq, branch.number)
        for branch in tree
        for hash_, seq in tx.rows(
            "SELECT hash, seq FROM journal WHERE till = :till AND branch = :branch"
            " AND seq BETWEEN :first AND :last",
            till=till, branch=branch.number, first=first, last=last,
        )
    }  # fmt: skip


def tree(tx: Transaction, till: str) -> list[Branch]:
    """The branches of a till, none before its first entry."""
    found = tx.rows(
        "SELECT branch, base, base_seq, head_seq, head_hash FROM branch WHERE till = :till ORDER BY branch",
        till=till,
    )
    return [Branch(number, base, base_seq, seq, bytes(hash_)) for number, base, base_seq, seq, hash_ in found]


def hash_at(tx: Transaction, till: str, place: Place) -> bytes | None:
    """The hash of the entry at a place."""
    row = tx.row(
        "SELECT hash FROM journal WHERE till = :till AND branch = :branch AND seq = :seq",
        till=till, branch=place.branch, seq=place.seq,
    )  # fmt: skip
    return bytes(row[0]) if row else None


def stretch(tx: Transaction, till: str, after: int, most: int) -> Iterator[Pair]:
    """raw and sig of a till's entries on its first branch, in order."""
    found = tx.rows(
        "SELECT raw, sig FROM journal WHERE till = :till AND branch = 0 AND seq > :after"
        " ORDER BY seq LIMIT :most",
        till=till, after=after, most=most,
    )  # fmt: skip
    return ((bytes(raw), bytes(sig)) for raw, sig in found)


def store(tx: Transaction, till: str, new: Iterable[New], tree: Iterable[Branch], at: str) -> None:
    """Entries and how far each branch reaches with them."""
    tx.insert_all(
        "journal",
        ("till", "hash", "seq", "branch", "raw", "sig", "at"),
        [(till, one.hash, one.place.seq, one.place.branch, one.raw, one.sig, at) for one in new],
    )
    tx.write_all(
        "INSERT INTO branch(till, branch, base, base_seq, head_seq, head_hash, booked_seq, told_seq)"
        " VALUES (:till, :branch, :base, :base_seq, :head_seq, :head_hash, :base_seq, :base_seq)"
        " ON CONFLICT(till, branch) DO UPDATE"
        " SET head_seq = excluded.head_seq, head_hash = excluded.head_hash",
        [
            {"till": till, "branch": one.number, "base": one.base, "base_seq": one.base_seq,
             "head_seq": one.head_seq, "head_hash": one.head_hash}
            for one in tree
        ],
    )  # fmt: skip


def flag(tx: Transaction, till: str, found: Mapping[Place, str]) -> None:
    """What is disliked about stored entries."""
    tx.write_all(
        "INSERT INTO flag(till, branch, seq, why) VALUES (:till, :branch, :seq, :why) ON CONFLICT DO NOTHING",
        [
            {"till": till, "branch": place.branch, "seq": place.seq, "why": why}
            for place, why in found.items()
        ],
    )


def unflag(tx: Transaction, till: str, why: str, to_seq: int) -> None:
    """What is disliked no longer, up to a position."""
    tx.write(
        "DELETE FROM flag WHERE till = :till AND why = :why AND seq <= :to_seq",
        till=till, why=why, to_seq=to_seq,
    )  # fmt: skip


def flagged(tx: Transaction, till: str) -> list[dict[str, object]]:
    """All that is disliked of a till, the last FLAGS_MAX in order."""
    found = tx.rows(
        "SELECT DISTINCT seq, why FROM flag WHERE till = :till ORDER BY seq DESC, why LIMIT :most",
        till=till, most=FLAGS_MAX,
    )  # fmt: skip
    return [{"seq": seq, "why": why} for seq, why in reversed(found)]


def keep_evidence(tx: Transaction, till: str, refused: Refused, at: str) -> None:
    """The bytes of a refused entry, once, as long as there is room."""
    kept = tx.row("SELECT count(*) FROM evidence WHERE till = :till", till=till)
    if kept and kept[0] >= EVIDENCE_MAX:
        return
    tx.write(
        "INSERT INTO evidence(till, digest, seq, why, raw, sig, at)"
        " VALUES (:till, :digest, :seq, :why, :raw, :sig, :at) ON CONFLICT DO NOTHING",
        till=till, digest=hashlib.sha256(refused.raw + refused.sig).hexdigest(), seq=refused.seq,
        why=refused.why, raw=refused.raw, sig=refused.sig, at=at,
    )  # fmt: skip


def open_matter(tx: Transaction, till: str, what: str, place: Place, at: str) -> None:
    """Something that a person looks into, once."""
    tx.write(
        "INSERT INTO matter(till, what, seq, branch, at) VALUES (:till, :what, :seq, :branch, :at)"
        " ON CONFLICT DO NOTHING",
        till=till, what=what, seq=place.seq, branch=place.branch, at=at,
    )  # fmt: skip


def say_over(tx: Transaction, till: str, what: str, place: Place, over_minor: int) -> None:
    """How much of the payment of a matter is nobody's, KES minor units, as the books stand now."""
    tx.write(
        "UPDATE matter SET over_minor = :over_minor"
        " WHERE till = :till AND what = :what AND seq = :seq AND branch = :branch",
        till=till, what=what, seq=place.seq, branch=place.branch, over_minor=over_minor,
    )  # fmt: skip

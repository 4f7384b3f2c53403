"""What central makes of a push, from what it has: pure, by the table of FORMATS.md §6.

A till's entries are a tree by `prev`. It is one chain, branch 0, unless a folder was copied and both went on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gatepos.domain import canonical
from gatepos.domain import entry as entries
from gatepos.domain.keyring import KeyRow
from gatepos.seal import entries as entry_seal
from gatepos.wire.push import Push

BRANCHES_MAX = 64
CHAIN, SIGNATURE, OTHERS, BRANCHES, LONG = "chain", "signature", "not_own_till", "branches", "too_long"
"""Why bytes are refused."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of a till's tree: it follows the entry `base_seq` of the branch `base`."""

    number: int
    base: int
    base_seq: int
    head_seq: int
    head_hash: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands."""

    seq: int
    branch: int


@dataclass(frozen=True, slots=True)
class New:
    """An entry to store."""

    place: Place
    hash: bytes
    raw: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class Refused:
    """Bytes that are not what the till wrote; they are kept, and what stands before them too."""

    seq: int
    why: str
    raw: bytes
    sig: bytes


@dataclass(frozen=True, slots=True)
class Behind:
    """The push begins after what central has: send again from the head, or from the beginning."""

    head: int
    head_hash: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """What of a push depends on its bytes alone: the hash of each entry, and whether the till signed it."""

    hashes: Sequence[bytes]
    hold: Sequence[bool]


@dataclass(slots=True)
class Taken:
    """What is stored of a push, where its last entry stands, the branches that began with it."""

    last: Place
    branches: dict[int, Branch]
    new: list[New] = field(default_factory=list)
    forks: list[Place] = field(default_factory=list)
    refused: Refused | None = None

    def acked(self) -> Place:
        """The highest entry that surely stands in the journal of the till that sent this.

        Where two journals part after its last entry, that is the last that both share.
        """
        parts = [
            branch.base_seq
            for branch in self.branches.values()
            if branch.number and branch.base == self.last.branch and branch.base_seq >= self.last.seq
        ]
        head = self.branches[self.last.branch].head_seq
        return Place(min([head, *parts]), self.last.branch)


def genesis(row: KeyRow) -> bytes:
    """The hash before a till's first entry."""
    return entries.genesis(row.till, row.public)


def trunk(row: KeyRow) -> Branch:
    """The tree of a till that sent nothing yet."""
    return Branch(0, 0, 0, 0, genesis(row))


def checked(row: KeyRow, push: Push) -> Checked:
    """The hashes and signatures of a push: most of its work, for which nobody else need wait."""
    hashes = [entries.hash_of(raw) for raw, _ in push.entries]
    return Checked(hashes, entry_seal.which_hold(row.public, hashes, [sig for _, sig in push.entries]))


def received(
    row: KeyRow, push: Push, checked: Checked, places: Mapping[bytes, Place], tree: Sequence[Branch]
) -> Taken | Behind:
    """What to do with a push; `places` are those of central's entries at its positions."""
    branches = {branch.number: branch for branch in tree or (trunk(row),)}
    begin = Place(0, 0) if push.from_hash == genesis(row) else places.get(push.from_hash)
    if begin is None or begin.seq != push.from_seq:
        return _behind(row, push, branches)
    taken = Taken(begin, branches)
    prev = push.from_hash
    stretch = zip(checked.hashes, checked.hold, push.entries, strict=True)
    for seq, (hash_, holds, (raw, sig)) in enumerate(stretch, push.from_seq + 1):
        why = CHAIN if entries.seq_of(raw) != seq or entries.prev_of(raw) != prev else None
        place = places.get(hash_)
        if why is None and place is None:
            why = _why_not(row, raw) if holds else SIGNATURE
            place = _grown(taken, seq, prev, hash_) if why is None else None
            if place is not None:
                taken.new.append(New(place, hash_, raw, sig))
        if why is not None or place is None:
            taken.refused = Refused(seq, why or BRANCHES, raw, sig)
            break
        taken.last, prev = place, hash_
    return taken


def _behind(row: KeyRow, push: Push, branches: Mapping[int, Branch]) -> Behind:
    """The head, when the push is past it; the beginning where nobody can tell which entries both have."""
    if len(branches) == 1 and push.from_seq > branches[0].head_seq:
        return Behind(branches[0].head_seq, branches[0].head_hash)
    return Behind(0, genesis(row))


def _why_not(row: KeyRow, raw: bytes) -> str | None:
    if len(raw) > canonical.RAW_MAX:
        return LONG  # no page of a feed could carry it to the other tills
    # Bytes that name no till are kept, and the books dislike their form.
    return OTHERS if entries.till_of(raw) not in ("", row.till) else None


def _grown(taken: Taken, seq: int, prev: bytes, hash_: bytes) -> Place | None:
    """The place of a new entry: the tip of its branch, or a branch of its own; None past BRANCHES_MAX."""
    branch = taken.branches[taken.last.branch]
    if branch.head_seq == seq - 1 and branch.head_hash == prev:
        taken.branches[branch.number] = Branch(branch.number, branch.base, branch.base_seq, seq, hash_)
        return Place(seq, branch.number)
    number = len(taken.branches)
    if number >= BRANCHES_MAX:
        return None
    taken.branches[number] = Branch(number, branch.number, seq - 1, seq, hash_)
    place = Place(seq, number)
    taken.forks.append(place)
    return place

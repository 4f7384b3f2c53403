"""Rebuilding a damaged ledger: aside first, then a new file from every source, never a repair in place.

An entry is taken only when it follows the one before it and its own signature holds: a row whose header
looks right is no proof of anything.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain.entry import Entry
from gatepos.i18n import N_
from gatepos.ledger import building, returned, sources, tape
from gatepos.ledger.checks import Finding
from gatepos.ledger.sources import Film, Source
from gatepos.ledger.tape import Reel
from gatepos.ledger.troubles import LedgerForked, LedgerGap, NoLedger

BACKUPS = "*.backup.db"
_TOLD = N_(
    "{finding}. {n} of {n} entries rebuilt ({from_ledger} ledger, {from_tape} tape, {from_backup} backup)."
    " Lost: none. The damaged files are in {aside}."
)
_BACK = N_(
    "{finding}. {from_central} of {n} entries came back from central. Lost: none."
    " What was here is in {aside}; written since and left there: {left}."
)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found and what was rebuilt; numbers are of entries, `left` the kinds of those left aside."""

    finding: Finding
    entries: int
    from_ledger: int
    from_tape: int
    from_backup: int
    from_central: int
    left: Sequence[str]
    aside: Path

    def told(self) -> Finding:
        """The report as a sentence in either language."""
        counts = {
            "n": self.entries,
            "from_ledger": self.from_ledger,
            "from_tape": self.from_tape,
            "from_backup": self.from_backup,
            "from_central": self.from_central,
            "left": ", ".join(self.left) or "–",
        }
        place = f"{tape.ASIDES}/{self.aside.name}"
        says = _BACK if self.from_central else _TOLD
        return Finding(0, says, {"finding": self.finding, "aside": place, **counts})

    def as_data(self) -> dict[str, object]:
        """The report as `ledger.recovered` holds it."""
        return {
            "entries": self.entries,
            "from_tape": self.from_tape,
            "from_backup": self.from_backup,
            "from_central": self.from_central,
            "left": len(self.left),
            "finding": str(self.finding)[:500],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be rebuilt: whose ledger, in which folder, and where else its entries may be."""

    folder: Path
    name: str
    till: str
    park: str
    public: bytes
    reels: Sequence[Reel]
    backups: Sequence[Path] = ()

    def returned(self) -> Reel:
        """What central gave back of this till."""
        return returned.reel(self.folder, self.till, self.public)


def rebuild(plan: Plan, finding: Finding) -> Report:
    """Put a whole ledger in place of a damaged one; LedgerGap, LedgerForked, NoLedger when none can be."""
    with _chain(plan) as chain:  # before anything is moved
        if not chain.top:
            raise NoLedger(folder=plan.folder)
        if not returned.is_idle(chain.left.values()):
            raise LedgerForked(seq=min(entry.seq for entry in chain.left.values()))
    aside = building.set_aside(plan.folder, plan.name)
    with _chain(plan) as chain:
        building.build(building.new_path(plan.folder, plan.name), chain.followed())
    building.put_in_place(plan.folder, plan.name)
    if chain.left:
        for reel in plan.reels:
            reel.part(chain.left, aside.name)
    taken = chain.taken
    return Report(
        finding, chain.top, taken[sources.LEDGER], taken[sources.TAPE], taken[sources.BACKUP],
        taken[sources.CENTRAL], [entry.kind for entry in chain.left.values()], aside,
    )  # fmt: skip


class Chain:
    """The one chain from the first entry to the highest authentic one, from whatever source holds each.

    Where central gave entries back its chain is the till's; `left` is what others hold beside it, by hash.
    """

    def __init__(self, found: Sequence[Source], till: str, public: bytes):
        self.taken: Counter[str] = Counter()
        self._sources = found
        self._public = public
        self._genesis = entries.genesis(till, public)
        self.left: dict[bytes, Entry] = {}
        for theirs in (source for source in found if source.name == sources.CENTRAL):
            for source in found:
                self.left |= sources.parted(source, theirs, public)
        heads = (source.head() for source in found)
        self._heads = [(seq, hash_) for seq, hash_ in heads if seq and hash_ not in self.left]
        self.top = max((seq for seq, _ in self._heads), default=0)

    def followed(self) -> Iterator[Entry]:
        """Every entry in order, each signature checked; LedgerGap, LedgerForked."""
        self._check_end()
        heads, prev = set(self._heads), self._genesis
        ends = {seq for seq, _ in heads}
        for seq in range(1, self.top + 1):
            found = self._next(seq, prev)
            if found is None:
                raise self._broken_at(seq)
            prev = found.hash
            if seq in ends and any(at == seq and hash_ != prev for at, hash_ in heads):
                raise LedgerForked(seq=seq)
            yield found

    def _next(self, seq: int, prev: bytes) -> Entry | None:
        for source in self._sources:
            for raw, sig in source.read(seq):
                if entries.prev_of(raw) != prev or (self.left and entries.hash_of(raw) in self.left):
                    continue
                if sources.authentic(self._public, seq, raw, sig):
                    self.taken[source.name] += 1
                    return entries.known(raw, sig)
        return None

    def _broken_at(self, seq: int) -> LedgerGap | LedgerForked:
        """Authentic bytes that do not fit are another history; none at all are a gap."""
        found = (pair for source in self._sources for pair in source.read(seq))
        if any(sources.authentic(self._public, seq, raw, sig) for raw, sig in found):
            return LedgerForked(seq=seq)
        return LedgerGap(seq=seq)

    def _check_end(self) -> None:
        """LedgerGap when more may have been written than any source still shows."""
        films = [source for source in self._sources if source.name in (sources.TAPE, sources.CENTRAL)]
        ledgers = [source for source in self._sources if source.name == sources.LEDGER]
        is_known = any(one.ends_whole for one in ledgers) or (films and all(one.ends_whole for one in films))
        # A backup shows what was written before it was made, and never where the ledger ended.
        is_seen = any(source.head()[0] == self.top for source in (*films, *ledgers))
        if not is_known or not is_seen or any(source.claims(self.top + 1) for source in self._sources):
            raise LedgerGap(seq=self.top + 1)


@contextmanager
def _chain(plan: Plan) -> Iterator[Chain]:
    """The chain from all that holds its entries now, their files open meanwhile."""
    with ExitStack() as opened:
        found = _sources(plan)
        for source in found:
            opened.callback(source.close)
        yield Chain(found, plan.till, plan.public)


def _sources(plan: Plan) -> list[Source]:
    """In its place the ledger's file may be a source too, as long as it has not been set aside."""
    places = [plan.folder, *reversed(building.unfinished(plan.folder))]
    # SQLite deletes the WAL of an empty file, so it must not open one.
    ledgers = [path for place in places if (path := place / plan.name).exists() and path.stat().st_size]
    return [
        *sources.of_files(ledgers, sources.LEDGER, plan.public),
        *(Film(reel, plan.public) for reel in plan.reels),
        *sources.of_files(backups(plan), sources.BACKUP, plan.public),
        *(Film(reel, plan.public, sources.CENTRAL) for reel in [plan.returned()] if reel.head),
    ]


def backups(plan: Plan) -> list[Path]:
    """The backups that can be seen, newest first."""
    found = (path for folder in plan.backups for path in _listed(folder))
    return sorted(found, key=lambda path: path.name, reverse=True)


def newest_backup(plan: Plan) -> tuple[int, bytes]:
    """Position and hash of the head of this till's newest backup in sight; (0, b"") when there is none."""
    own = (path for path in backups(plan) if path.name.startswith(f"{plan.till}-"))
    heads = (head for path in own for head in sources.head_of(path, plan.public))
    return next(heads, (0, b""))


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.glob(BACKUPS))
    except OSError:
        return []

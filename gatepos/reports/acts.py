"""The things that people did and may be asked about, found in the journal one by one."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import UNDERTAKING
from gatepos.ledger import feeds, practice
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.practice import Stretch


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did: who, in which shift, in which entry; KES minor units."""

    measure: str
    staff: str
    shift: str | None
    seq: int
    n: int = 1
    minor: int = 0


def of_stretch(ledger: Ledger, of: Stretch) -> Iterator[Act]:
    """The acts in a stretch of entries."""
    for entry in practice.entries(ledger, of, tuple(_OF_KIND)):
        made = _OF_KIND[entry.kind](ledger, entry)
        if made is not None:
            yield made
    for entry in practice.from_sight(ledger, of):
        if _has_other_band(ledger, entry, "pass"):
            yield _act("band", entry)
    for entry in practice.prepaid(ledger, of):
        yield _act("prepaid", entry)


def of_codes(ledger: Ledger, first: str, last: str, unknown: Collection[int]) -> Iterator[Act]:
    """Those of some entries on business days whose payment codes a statement does not know."""
    for entry in map(ledger.entry, sorted(unknown)):
        if first <= entry.day <= last:
            yield _act("unknown_code", entry)


def of_leaves(ledger: Ledger, first: str, last: str) -> Iterator[Act]:
    """The leaves that nobody named to the end of some business days."""
    for entry, leaves in practice.leaves_skipped(ledger, first, last):
        yield Act("leaves", cast(str, entry.data["to"]), None, entry.seq, len(leaves))


def _act(measure: str, entry: Entry, minor: object = 0) -> Act:
    return Act(measure, entry.by or "", entry.shift, entry.seq, minor=cast(int, minor))


def _undone(measure: str, of: str, amount: str, ledger: Ledger, entry: Entry) -> Act | None:
    if not practice.was_printed(ledger, cast(str, entry.data[of]), entry.seq):
        return None
    return _act(measure, entry, entry.data[amount])


def _let_out(ledger: Ledger, entry: Entry) -> Act | None:
    is_owing = entry.data["how"] == UNDERTAKING
    return _act("undertaking", entry, entry.data["owed_minor"]) if is_owing else None


def _reissued(ledger: Ledger, entry: Entry) -> Act | None:
    return _act("reissued_band", entry) if _has_other_band(ledger, entry, "replaces") else None


def _has_other_band(ledger: Ledger, entry: Entry, of: str) -> bool:
    """Whether a vehicle has another size than on the pass that the entry names, where that is known."""
    issued = ledger.known(cast(str, entry.data[of]))
    return issued is not None and issued.data["band"] != entry.data["band"]


def _heads(ledger: Ledger, entry: Entry) -> Act | None:
    counted_, reason = entry.data["counted"], entry.data["reason"]
    if counted_ is None:
        return _act("heads_silent" if reason is None else "heads_refused", entry)
    paper = sorted(cast("list[list[int]]", entry.data["people"]))
    return None if sorted(cast("list[list[int]]", counted_)) == paper else _act("heads_differ", entry)


_GOES_ON = ("changed", "handed_over")
"""Why a bill ends whose vehicle is sold to under another."""


def _abandoned(ledger: Ledger, entry: Entry) -> Act | None:
    if feeds.payments(ledger.conn, cast(str, entry.data["bill"])):
        return _act("abandoned_paid", entry)
    return None if entry.data["reason"] in _GOES_ON else _act("abandoned", entry)


def _wrong_pin(ledger: Ledger, entry: Entry) -> Act:
    return Act("wrong_pin", cast("str | None", entry.data["staff"]) or "", entry.shift, entry.seq)


_OF_KIND: dict[str, Callable[[Ledger, Entry], Act | None]] = {
    "receipt.corrected": lambda ledger, entry: _undone("corrected", "replaces", "total_minor", ledger, entry),
    "receipt.voided": lambda ledger, entry: _undone("voided", "receipt", "total_minor", ledger, entry),
    "pass.waived": lambda ledger, entry: _act("waived", entry, entry.data["amount_minor"]),
    "pass.let_out": _let_out,
    "pass.reissued": _reissued,
    "exit.without_pass": lambda ledger, entry: _act(
        f"without_pass:{entry.data['entry_gate'] or ''}", entry, entry.data["owed_minor"]
    ),
    "heads.counted": _heads,
    "bill.abandoned": _abandoned,
    "drawer.opened": lambda ledger, entry: _act("drawer", entry),
    "reprint": lambda ledger, entry: _act("reprint", entry),
    "clock.anomaly": lambda ledger, entry: _act("clock", entry),
    "auth.failed": _wrong_pin,
    "auth.locked": lambda ledger, entry: replace(_wrong_pin(ledger, entry), measure="locked"),
}

"""The things that people did and may be asked about, found one by one."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import UNDERTAKING
from gatepos.ledger import listings, practice, registers
from gatepos.ledger.practice import Unit
from gatepos.reports.scope import Scope

Place = tuple[str, int]
"""An entry: its till, its position."""


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody did: who, in which shift, in which entry; KES minor units."""

    measure: str
    unit: Unit
    seq: int
    n: int = 1
    minor: int = 0


def done(scope: Scope) -> Iterator[Act]:
    """What was done in a scope."""
    source, span = scope.source, scope.span
    entries = scope.of(registers.acts(scope.rows, span, *_OF_KIND))
    for entry in [*entries.values(), *practice.heads(source, span)]:
        made = _OF_KIND[entry.kind](scope, entry)
        if made is not None:
            yield made
    yield from (
        _act("band", entry) for entry in practice.seen(source, span) if _is_other(scope, entry, "pass")
    )
    yield from (_act("prepaid", entry) for entry in practice.prepaid(source, span))


def with_codes(scope: Scope, unknown: Collection[Place]) -> Iterator[Act]:
    """The entries in a scope among those whose payment codes a statement does not know."""
    span = scope.span
    for till in span.tills:
        for entry in scope.source.entries(till, sorted(seq for of, seq in unknown if of == till)):
            if span.first <= entry.day <= span.last:
                yield _act("unknown_code", entry)


def with_leaves(scope: Scope) -> Iterator[Act]:
    """The leaves that nobody named to the end of the days of a scope."""
    for pad, leaves in practice.leaves_skipped(scope.rows, scope.span, scope.moments[1]):
        yield Act("leaves", (pad.till, pad.keeper, None), pad.seq, leaves)


def _act(measure: str, entry: Entry, minor: object = 0) -> Act:
    return Act(measure, (entry.till, entry.by or "", entry.shift), entry.seq, minor=cast(int, minor))


def _undone(measure: str, of: str, amount: str, scope: Scope, entry: Entry) -> Act | None:
    if not practice.was_printed(scope.source, entry.till, cast(str, entry.data[of]), entry.seq):
        return None
    return _act(measure, entry, entry.data[amount])


def _let_out(_: Scope, entry: Entry) -> Act | None:
    is_owing = entry.data["how"] == UNDERTAKING
    return _act("undertaking", entry, entry.data["owed_minor"]) if is_owing else None


def _reissued(scope: Scope, entry: Entry) -> Act | None:
    return _act("reissued_band", entry) if _is_other(scope, entry, "replaces") else None


def _is_other(scope: Scope, entry: Entry, of: str) -> bool:
    """Whether a vehicle has another size than on the pass that the entry names, where that is known."""
    number = cast(str, entry.data[of])
    for issued in listings.passes_among(scope.rows, [number]):
        for paper in scope.source.entries(issued.till, [issued.seq]):
            return paper.data["band"] != entry.data["band"]
    return False


def _heads(_: Scope, entry: Entry) -> Act | None:
    counted, reason = entry.data["counted"], entry.data["reason"]
    if counted is None:
        return _act("heads_silent" if reason is None else "heads_refused", entry)
    paper = sorted(cast("list[list[int]]", entry.data["people"]))
    return None if sorted(cast("list[list[int]]", counted)) == paper else _act("heads_differ", entry)


_GOES_ON = ("changed", "handed_over")
"""Why a bill ends whose vehicle is sold to under another."""


def _abandoned(scope: Scope, entry: Entry) -> Act | None:
    bill = cast(str, entry.data["bill"])
    if scope.source.paid_to([bill]):
        return _act("abandoned_paid", entry)
    return None if entry.data["reason"] in _GOES_ON else _act("abandoned", entry)


def _wrong_pin(_: Scope, entry: Entry) -> Act:
    staff = cast("str | None", entry.data["staff"]) or ""
    return Act("wrong_pin", (entry.till, staff, entry.shift), entry.seq)


_OF_KIND: dict[str, Callable[[Scope, Entry], Act | None]] = {
    "receipt.corrected": lambda scope, entry: _undone("corrected", "replaces", "total_minor", scope, entry),
    "receipt.voided": lambda scope, entry: _undone("voided", "receipt", "total_minor", scope, entry),
    "pass.waived": lambda _, entry: _act("waived", entry, entry.data["amount_minor"]),
    "pass.let_out": _let_out,
    "pass.reissued": _reissued,
    "exit.without_pass": lambda _, entry: _act(
        f"without_pass:{entry.data['entry_gate'] or ''}", entry, entry.data["owed_minor"]
    ),
    "heads.counted": _heads,
    "bill.abandoned": _abandoned,
    "drawer.opened": lambda _, entry: _act("drawer", entry),
    "reprint": lambda _, entry: _act("reprint", entry),
    "clock.anomaly": lambda _, entry: _act("clock", entry),
    "auth.failed": _wrong_pin,
    "auth.locked": lambda scope, entry: replace(_wrong_pin(scope, entry), measure="locked"),
}

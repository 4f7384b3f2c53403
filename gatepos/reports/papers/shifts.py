"""The shift sheets: float, what was counted and expected by tender, over or short; and the open shifts."""

from collections.abc import Mapping
from typing import cast

from gatepos.domain import numbers
from gatepos.domain.entry import Entry
from gatepos.domain.money import KES, USD
from gatepos.i18n import N_
from gatepos.ledger import registers
from gatepos.reports import identities
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Identity, Kind, Sheet

_CASH = "cash"
_SHIFTS = (
    columns.SHIFT, *columns.unprinted(columns.TILL, columns.GATE, columns.DAY), columns.STAFF,
    Column("opened_at", N_("Opened"), Kind.MOMENT),
    Column("closed_at", N_("Closed"), Kind.MOMENT),
    columns.count("receipts", N_("Receipts")),
    columns.kes("sold", N_("Sold, KES")),
    columns.kes("float", N_("Float, KES")),
    columns.usd("float_usd", N_("Float, USD")),
    columns.kes("moved", N_("Moved in the shift, KES")),
    columns.kes("over", N_("Cash over or short, KES")),
    columns.usd("over_usd", N_("Cash over or short, USD")),
    columns.count("documents", N_("Documents kept")),
    Column("note", N_("Note")),
    columns.kes("perpetual", N_("Perpetual total, KES"), is_summed=False),
    Column("head", N_("Ledger to entry"), Kind.COUNT),
    Column("hash", N_("Its hash"), is_printed=False),
)  # fmt: skip
_COUNTS = (
    columns.SHIFT, columns.STAFF,
    Column("tender", N_("Tender")),
    columns.kes("expected", N_("Expected, KES")),
    columns.kes("counted", N_("Counted, KES")),
    columns.kes("difference", N_("Over or short, KES")),
    columns.usd("expected_usd", N_("Expected, USD")),
    columns.usd("counted_usd", N_("Counted, USD")),
    columns.usd("difference_usd", N_("Over or short, USD")),
)  # fmt: skip
Sums = dict[tuple[str, str], int]


def sheets(scope: Scope) -> tuple[list[Sheet], list[Identity]]:
    """The shifts, what was counted in them, and that the Zs say what the days took."""
    opened, closed = (_entries(scope, kind) for kind in ("shift.opened", "shift.closed"))
    shifts = sorted({*opened, *closed})
    rows = tuple(_shift(scope, number, opened.get(number), closed.get(number)) for number in shifts)
    counts = tuple(row for number in shifts if number in closed for row in _counts(scope, closed[number]))
    return [
        Sheet("shifts", N_("Shift sheets"), _SHIFTS, rows),
        Sheet("counts", N_("Counted in the shifts"), _COUNTS, counts),
    ], [_same(scope, closed)]


def of_closes(scope: Scope) -> list[tuple[str, int | None, int, int]]:
    """What closed shifts expected and counted by every way of paying, over or short: KES and USD of each."""
    closed = _entries(scope, "shift.closed").values()

    def both(name: str) -> tuple[int, int]:
        found = [_sums(entry.data[name]) for entry in closed]
        return sum(_in(KES, one) for one in found), sum(_in(USD, one) for one in found)

    return [
        (N_("Expected in closed shifts"), len(closed), *both("expected")),
        (N_("Counted in closed shifts"), len(closed), *both("counted")),
        (N_("Over or short"), None, *both("difference")),
    ]


def _entries(scope: Scope, kind: str) -> dict[str, Entry]:
    """The entries that opened or closed shifts of the range, by the shift's number."""
    found = scope.of(registers.acts(scope.rows, scope.span, kind)).values()
    return {str(entry.data.get("number") or entry.data.get("closes")): entry for entry in found}


def _shift(scope: Scope, number: str, opened: Entry | None, closed: Entry | None) -> tuple[Cell, ...]:
    one = cast(Entry, opened or closed)
    data = opened.data if opened else {}
    floats = [cast(int, data.get(f"float_{currency}_minor", 0)) for currency in ("kes", "usd")]
    head = (
        numbers.printed(number), one.till, scope.gate(str(one.fields["gate"])), one.day,
        cast(str, data.get("staff", one.by)), opened.at if opened else None, closed.at if closed else None,
    )  # fmt: skip
    if closed is None:
        return (*head, 0, 0, *floats, 0, 0, 0, 0, None, None, None, None)
    said = closed.data
    over = _sums(said["difference"])
    return (
        *head, cast(int, said["receipts"]), cast(int, said["sold_minor"]), *floats,
        _moved(scope, closed, floats[0]), over.get((_CASH, KES), 0), over.get((_CASH, USD), 0),
        len(cast("list[str]", said["documents"])), cast("str | None", said["note"]),
        cast(int, said["perpetual_minor"]), cast(int, said["head_seq"]), cast(str, said["head_hash"]),
    )  # fmt: skip


def _counts(scope: Scope, closed: Entry) -> list[tuple[Cell, ...]]:
    said = [_sums(closed.data[name]) for name in ("expected", "counted", "difference")]
    tenders = sorted({kind for sums in said for kind, _ in sums})
    shift = numbers.printed(str(closed.data["closes"]))
    return [
        (
            shift, closed.by, scope.tender(kind),
            *(sums.get((kind, currency), 0) for currency in (KES, USD) for sums in said),
        )
        for kind in tenders
    ]  # fmt: skip


def _same(scope: Scope, closed: Mapping[str, Entry]) -> Identity:
    """KES that the Zs say to have been taken, and what the books took in these shifts before they closed."""
    on_zs = takings = 0
    for number, entry in closed.items():
        expected = _in(KES, _sums(entry.data["expected"]))
        taken = registers.taken_in(scope.rows, scope.span, number, entry.seq)
        cash = registers.drawer(scope.rows, number, entry.till, entry.seq).get(KES, 0)
        on_zs += expected - cash + taken.get((_CASH, KES), 0)
        takings += _in(KES, taken)
    return identities.shifts(on_zs, takings)


def _moved(scope: Scope, closed: Entry, float_minor: int) -> int:
    """KES that went into the drawer of a shift and out of it beside sales and its float."""
    number = str(closed.data["closes"])
    taken = registers.taken_in(scope.rows, scope.span, number, closed.seq)
    drawer = registers.drawer(scope.rows, number, closed.till, closed.seq)
    return drawer.get(KES, 0) - float_minor - taken.get((_CASH, KES), 0)


def _in(currency: str, sums: Sums) -> int:
    return sum(minor for (_, of), minor in sums.items() if of == currency)


def _sums(said: object) -> Sums:
    """Minor units by (tender, currency)."""
    return {
        (str(one["tender"]), str(one["currency"])): cast(int, one["amount_minor"])
        for one in cast("list[dict[str, object]]", said)
    }

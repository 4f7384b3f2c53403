"""The gate passes: those issued in a range and those that are still open from before; what was waived."""

from datetime import date
from typing import cast

from gatepos.domain import labels, moments
from gatepos.i18n import N_
from gatepos.ledger import listings, registers
from gatepos.reports import takings
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Kind, Sheet

_PASSES = (
    Column("number", N_("Pass")),
    *columns.WRITTEN,
    columns.PLATE,
    Column("operator", N_("Operator")), columns.PEOPLE,
    columns.kes("issued", N_("Issued, KES")),
    columns.kes("paid", N_("Paid, KES")),
    columns.kes("waived", N_("Waived, KES")),
    columns.kes("undone", N_("Undone, KES")),
    columns.kes("owed", N_("Owed, KES")),
    columns.STATE,
    Column("next", N_("Printed anew as")),
    Column("age", N_("Days open"), Kind.COUNT),
    Column("before", N_("Carried over"), Kind.COUNT, is_printed=False),
)  # fmt: skip
_WAIVERS = (
    *columns.WRITTEN, columns.SECOND,
    Column("pass", N_("Pass")),
    columns.kes("waived", N_("Waived, KES")),
    columns.kes("overstay", N_("Overstay not charged, KES")),
    Column("ground", N_("Ground")),
)  # fmt: skip


def sheets(scope: Scope) -> list[Sheet]:
    """The passes and the waivers."""
    return [_passes(scope), _waivers(scope)]


def _passes(scope: Scope) -> Sheet:
    rows, span = scope.rows, scope.span
    issued = listings.passes(rows, span)
    numbers = {one.number for one in issued}
    before = [one for one in takings.opened(scope.source, span.tills) if one.day < span.first]
    found = [*(one for one in before if one.number not in numbers), *issued]
    known = [one.number for one in found]
    paid, waived, undone = (listings.sums_of_passes(rows, *what, known) for what in _CREDITS)
    endings, let_out = listings.endings_of_passes(rows, known), listings.let_out(rows, known)
    made: list[tuple[Cell, ...]] = []
    for one in found:
        number = one.number
        owed = max(scope.source.owed.owed(number), 0)
        how, anew = endings.get(number, ("", None))
        state = how or _state(owed, paid.get(number, 0), waived.get(number, 0), let_out.get(number))
        made.append((
            scope.printed(number), one.at, one.day, one.till, scope.gate(one.gate), scope.printed(one.shift),
            one.staff, one.plate, one.operator, one.people, one.total_minor, paid.get(number, 0),
            waived.get(number, 0), undone.get(number, 0), owed, scope.words(labels.PASS_STATES[state]),
            scope.printed(anew), _days(one.day, scope.at) if owed else None, int(one.day < span.first),
        ))  # fmt: skip
    return Sheet("passes", N_("Gate passes"), _PASSES, tuple(made))


_CREDITS = (("settlement", "paid_minor"), ("waiver", "amount_minor"), ("pass_ending", "undone_minor"))


def _state(owed: int, paid: int, waived: int, let_out: str | None) -> str:
    if owed:
        return "undertaken" if let_out == "undertaking" else "part" if paid else "open"
    return "waived" if waived and not paid else "settled"


def _days(day: str, at: str) -> int:
    return (moments.local_day(moments.from_text(at)) - date.fromisoformat(day)).days


def _waivers(scope: Scope) -> Sheet:
    acts = registers.acts(scope.rows, scope.span, "pass.waived")
    entries = scope.of(acts)
    rows = tuple(
        (
            act.at, act.day, act.till, scope.gate(act.gate), scope.printed(act.shift), act.staff, act.also,
            scope.printed(str(data["pass"])), cast(int, data["amount_minor"]),
            cast("int | None", data.get("overstay_minor")) or 0, str(data["ground"]),
        )
        for act in acts
        for data in (entries[act.till, act.seq].data,)
    )  # fmt: skip
    return Sheet("waivers", N_("Waivers"), _WAIVERS, rows)

"""A fee schedule as rows of a feed: its fees, and last the row that names it (FORMATS.md §6)."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from gatepos.domain import fees, moments, money, shapes
from gatepos.domain.fees import BadSchedule, Fee, Per, Schedule, Status
from gatepos.domain.shapes import Field, Table
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import forms

FEES_MAX = 10_000
_PARKS_MAX = 200
_FIRST_LINE = 2

FEE: Table = {
    "product": Field(shapes.CODE, "what it is sold for: a park, a package, or `ALL`"),
    "fee": Field(shapes.WORD, "its id"),
    "category": Field(shapes.one_of(*fees.CATEGORIES_PRICED), "who it is for"),
    "age": Field(shapes.one_of(*fees.AGES_PRICED), "of a vehicle its band, 1 to 5"),
    "currency": Field(shapes.CURRENCY, "of the price"),
    "amount_minor": Field(shapes.whole(1, money.AMOUNT_MAX), "the price, where it is set", null=True),
    "per": Field(shapes.one_of(*fees.Per), "what it is charged by"),
    "status": Field(
        shapes.one_of(*fees.GAZETTED), "how sure it is; sold only when verified or unit inferred"
    ),
    "note": Field(shapes.TEXT, "may be empty"),
}
HEAD: Table = {
    "id": Field(shapes.SCHEDULE, "by which receipts name it, for ever"),
    "title": Field(shapes.TEXT, "what it is called"),
    "legal": Field(shapes.TEXT, "the notice, as receipts cite it"),
    "begins_at": Field(shapes.MOMENT, "from when it may be put in force"),
    "effective_to": Field(shapes.DAY, "its last day, where the notice names one", null=True),
    "parks": Field(shapes.many(shapes.CODE, _PARKS_MAX), "whose tills it is for; empty for all"),
    "fees": Field(shapes.whole(1, FEES_MAX), "how many fees it has"),
}
ROW: Table = {
    "digest": Field(shapes.HASH, "of the whole schedule, the same in each of its rows"),
    "line": Field(shapes.whole(1, FEES_MAX + 1), "fees from 2 on, in order; 1 for the last row"),
    "fee": Field(shapes.record("fee", FEE), "null in the last row", null=True),
    "head": Field(shapes.record("head", HEAD), "in the last row alone", null=True),
}
Row = Mapping[str, object]


class ScheduleCut(Refusal):
    """Rows that are not all rows of one schedule, or not as they were published."""

    says = N_("A fee schedule of central is not whole. It was left alone.")


def rows(schedule: Schedule) -> list[Row]:
    """The rows of a schedule, the one that names it last; BadSchedule when they are too many."""
    found = fees.rows(schedule)
    if len(found) > FEES_MAX:
        raise BadSchedule(name=schedule.id, line=FEES_MAX, why="it has too many rows")
    said = [_said(fee) for fee in found]
    head: dict[str, object] = {
        "id": schedule.id,
        "title": schedule.title,
        "legal": schedule.legal,
        "begins_at": moments.to_text(schedule.begins_ms),
        "effective_to": schedule.effective_to and schedule.effective_to.isoformat(),
        "parks": list(schedule.parks),
        "fees": len(said),
    }
    digest = _digest(head, said)
    lines = [
        {"digest": digest, "line": line, "fee": fee, "head": None}
        for line, fee in enumerate(said, _FIRST_LINE)
    ]
    return [*lines, {"digest": digest, "line": 1, "fee": None, "head": head}]


def schedule(rows: Sequence[Row]) -> Schedule:
    """The schedule whose rows these are, in the order of their lines; ScheduleCut, BadSchedule."""
    if not rows or rows[0]["head"] is None or any(row["fee"] is None for row in rows[1:]):
        raise ScheduleCut()
    head = cast("dict[str, object]", rows[0]["head"])
    said = [cast("dict[str, object]", row["fee"]) for row in rows[1:]]
    if len(said) != head["fees"] or _digest(head, said) != rows[0]["digest"]:
        raise ScheduleCut()
    last = cast("str | None", head["effective_to"])
    bare = Schedule(
        cast(str, head["id"]),
        cast(str, head["title"]),
        cast(str, head["legal"]),
        moments.from_text(cast(str, head["begins_at"])),
        date.fromisoformat(last) if last else None,
        {},
        tuple(cast("list[str]", head["parks"])),
    )
    return fees.filled(bare, map(_fee, said), bare.id)


def _digest(head: dict[str, object], said: Sequence[dict[str, object]]) -> str:
    """SHA-256 over the last row's `head` and each `fee`, as JSON a line each."""
    return hashlib.sha256(b"\n".join(map(forms.dump, (head, *said)))).hexdigest()


def _said(fee: Fee) -> dict[str, object]:
    return {name: getattr(fee, name) for name in FEE}


def _fee(said: dict[str, object]) -> Fee:
    per, status = Per(cast(str, said["per"])), Status(cast(str, said["status"]))
    return Fee(**cast("dict[str, Any]", {**said, "per": per, "status": status}))

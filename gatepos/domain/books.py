"""The books, defined once: from an entry to rows, at the till and at central alike.

Rows are only ever inserted, keyed (till, seq, line). State is a sum or an EXISTS over them, so that the
same entries in any order give the same books.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from gatepos.domain import entry as entries
from gatepos.domain import gatepass
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry, Unbalanced
from gatepos.domain.kinds import UnknownKind
from gatepos.domain.payment import folded

VERSION = 10
"""Goes up when TABLES or inserts change: the books are then made anew from the journal."""

TEXT, INTEGER = "TEXT", "INTEGER"
Row = tuple[str, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a book."""

    name: str
    type: str
    null: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A book; every one begins with till, seq, line, its primary key."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[tuple[str, ...], ...] = ()


_KEY = (Column("till", TEXT), Column("seq", INTEGER), Column("line", INTEGER))


def _table(name: str, columns: str, *indexes: str) -> Table:
    """A table from `name:TEXT other:INTEGER?`, where `?` allows null."""
    own = tuple(
        Column(column, kind.rstrip("?"), kind.endswith("?"))
        for column, kind in (word.split(":") for word in columns.split())
    )
    return Table(name, _KEY + own, tuple(tuple(index.split()) for index in indexes))


TABLES = (
    _table(
        "posting",
        "account:TEXT currency:TEXT amount_minor:INTEGER day:TEXT shift:TEXT?",
        "account currency amount_minor",
        "day account currency amount_minor",
    ),
    _table(
        "charge",
        "number:TEXT at:TEXT day:TEXT gate:TEXT shift:TEXT? staff:TEXT? schedule:TEXT? fee:TEXT category:TEXT"
        " age:TEXT ground:TEXT? count:INTEGER times:INTEGER currency:TEXT amount_minor:INTEGER"
        " kes_minor:INTEGER",
        "day",
        "number",
    ),
    _table(
        "taken",
        "number:TEXT at:TEXT day:TEXT gate:TEXT shift:TEXT? staff:TEXT? place:TEXT kind:TEXT paybill:TEXT?"
        " currency:TEXT amount_minor:INTEGER",
        "day",
    ),
    _table(
        "bill",
        "number:TEXT at:TEXT day:TEXT shift:TEXT? plate:TEXT total_minor:INTEGER corrects:TEXT?",
        "number",
        "plate",
    ),
    _table("bill_ending", "bill:TEXT how:TEXT ended_by:TEXT?", "bill"),
    _table(
        "receipt",
        "number:TEXT bill:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? plate:TEXT"
        " total_minor:INTEGER digest:TEXT replaces:TEXT?",
        "number",
        "day",
        "plate",
        "total_minor",
        "shift",
    ),
    _table("receipt_ending", "receipt:TEXT how:TEXT ended_by:TEXT digest:TEXT day:TEXT", "receipt", "day"),
    _table(
        "tender",
        "receipt:TEXT kind:TEXT currency:TEXT amount_minor:INTEGER kes_minor:INTEGER reference:TEXT?"
        " folded:TEXT? paid_minor:INTEGER? paybill:TEXT? day:TEXT shift:TEXT?",
        "folded",
        "receipt",
        "shift kind",
    ),
    _table(
        "confirmation",
        "receipt:TEXT reference:TEXT folded:TEXT amount_minor:INTEGER paid_at:TEXT day:TEXT",
        "folded",
        "day",
    ),
    _table(
        "pass",
        "number:TEXT digest:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? gate:TEXT plate:TEXT operator:TEXT?"
        " people:INTEGER total_minor:INTEGER valid_until:TEXT outage:TEXT?",
        "number",
        "plate",
        "operator",
        "outage",
    ),
    _table(
        "pass_ending",
        "pass:TEXT how:TEXT ended_by:TEXT? digest:TEXT? at:TEXT undone_minor:INTEGER day:TEXT",
        "pass",
        "ended_by",
        "day",
    ),
    _table(
        "settlement",
        "number:TEXT pass:TEXT at:TEXT day:TEXT shift:TEXT? paid_minor:INTEGER overstay_minor:INTEGER"
        " due_minor:INTEGER digest:TEXT outage:TEXT?",
        "number",
        "pass",
        "shift",
        "outage",
    ),
    _table("waiver", "pass:TEXT amount_minor:INTEGER overstay_minor:INTEGER day:TEXT at:TEXT", "pass"),
    _table(
        "let_out", "pass:TEXT how:TEXT owed_minor:INTEGER plate:TEXT operator:TEXT? at:TEXT", "pass", "plate"
    ),
    _table(
        "passage",
        "subject:TEXT direction:TEXT people:INTEGER at:TEXT gate:TEXT lane:TEXT staff:TEXT?",
        "subject",
    ),
    _table(
        "scan",
        "subject:TEXT? digest:TEXT? paper:INTEGER? direction:TEXT verdict:TEXT due_minor:INTEGER? at:TEXT"
        " gate:TEXT lane:TEXT count:INTEGER",
        "subject",
        "digest",
    ),
    _table(
        "conflict",
        "subject:TEXT what:TEXT first_till:TEXT first_seq:INTEGER second_till:TEXT second_seq:INTEGER",
        "subject",
        "first_till first_seq",
    ),
    _table("outage", "id:TEXT at:TEXT since:TEXT cause:TEXT paybill:TEXT is_standing:INTEGER", "id"),
    _table("outage_ending", "outage:TEXT at:TEXT", "outage"),
    _table(
        "document",
        "id:TEXT document:TEXT pass:TEXT? plate:TEXT envelope:TEXT gate:TEXT shift:TEXT? staff:TEXT? at:TEXT",
        "id",
        "pass",
        "shift",
    ),
    _table("document_moved", "held:TEXT keeper:TEXT at:TEXT", "held"),
    _table("document_ending", "held:TEXT at:TEXT gate:TEXT", "held"),
    _table("pad", "book:TEXT first:INTEGER last:INTEGER keeper:TEXT at:TEXT", "book"),
    _table("leaf", "book:TEXT leaf:INTEGER how:TEXT number:TEXT? at:TEXT", "book leaf"),
    _table("shift", "number:TEXT staff:TEXT day:TEXT at:TEXT", "number"),
    _table("shift_ending", "shift:TEXT", "shift"),
)


def inserts(entry: Entry) -> list[Row]:
    """The rows that an entry adds, as (table, values in the order of its columns)."""
    make = _ROWS.get(entry.kind)
    made = make(entry, entry.data) if make else []
    till, seq, day, shift = entry.till, entry.seq, entry.day, entry.shift
    money = [("posting", (*posting, day, shift)) for posting in entry.postings]
    lines: dict[str, int] = {}
    rows: list[Row] = []
    for table, values in [*money, *_taken(entry), *made]:
        line = lines[table] = lines.get(table, -1) + 1
        rows.append((table, (till, seq, line, *values)))
    return rows


def heard(raw: bytes, sig: bytes) -> list[Row]:
    """The rows that another till's entry adds: none when its form is not known here or it speaks for others.

    Only the bytes decide, so that every till and central have the same books.
    """
    found = judged(raw, sig)
    return [] if isinstance(found, str) else found.rows


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of another till, and the rows that it adds."""

    entry: Entry
    rows: list[Row]


def judged(raw: bytes, sig: bytes, hash_: bytes | None = None) -> Booked | str:
    """What another till's entry adds to the books, or why nothing: one of DISLIKED."""
    try:
        entry = entries.read(raw, sig, hash_)
        rows = inserts(entry)
    except Unbalanced:
        return UNBALANCED
    except UnknownKind:
        return UNKNOWN_KIND
    except (BadForm, ValueError):  # a token that is no base32, too
        return BAD_FORM
    till, shift = entry.till, entry.shift
    is_in_own_shift = shift is None or shift.startswith(till)
    is_own = is_in_own_shift and _pays(entry) and all(_is_own(till, *row) for row in rows)
    return Booked(entry, rows) if is_own else NOT_OWN


DISLIKED = BAD_FORM, UNKNOWN_KIND, UNBALANCED, NOT_OWN = "form", "kind", "unbalanced", "not_own"
"""Why an authentic entry is not for the books: NOT_OWN speaks for another till's numbers or drawer."""


def _pays(entry: Entry) -> bool:
    """Whether what another till's paper owes is moved by a payment alone."""
    own = _OWED + entry.till
    is_moved = any(one.startswith(_OWED) and not one.startswith(own) for one, _, _ in entry.postings)
    return not is_moved or (
        entry.kind == "pass.settled" and all(one.startswith(_PAYING) for one, _, _ in entry.postings)
    )


_PAYING = ("asset:", "income:", "equity:fx")


def _is_own(till: str, table: str, values: tuple[object, ...]) -> bool:
    """Whether a till numbers, ends, waives and takes money for itself alone."""
    if table == "posting":
        account = str(values[_NAMED])
        return not account.startswith(_DRAWER) or account.startswith(_DRAWER + till)
    return table not in _OWN or str(values[_NAMED]).startswith(till)


_NAMED = 3
"""The place of a row's first column after its key."""
_DRAWER = "asset:cash:"
_OWN = frozenset((
    "bill", "bill_ending", "charge", "confirmation", "receipt", "receipt_ending", "taken", "tender",
    "pass", "pass_ending", "settlement", "waiver", "shift", "shift_ending",
))  # fmt: skip
"""Books in which that column is a number of the till that writes."""

_Data = Mapping[str, object]

ENTRY, EXIT, BACK = "entry", "exit", "back"
"""Where money was taken: for going in, on a pass, or it was handed back."""
_PLACES = {
    "receipt.issued": ENTRY,
    "receipt.corrected": ENTRY,
    "paper.captured": ENTRY,
    "pass.settled": EXIT,
    "receipt.voided": BACK,
}
_OWED = "asset:receivable:"
_ASSET = "asset:"


def _taken(entry: Entry) -> list[Row]:
    """What came into the till for a paper, change taken off, by the asset it went to."""
    place = _PLACES.get(entry.kind)
    if place is None:
        return []
    head = (entry.data["number"], entry.at, entry.day, entry.fields["gate"], entry.shift, entry.by, place)
    return [
        ("taken", (*head, *_asset(account), currency, amount))
        for account, currency, amount in entry.postings
        if account.startswith(_ASSET) and not account.startswith(_OWED)
    ]


def _asset(account: str) -> tuple[str, str | None]:
    """The way of paying that an account is of, and its paybill."""
    kind, _, rest = account.removeprefix(_ASSET).partition(":")
    return kind, rest if kind == "mpesa" else None


def _charges(entry: Entry, number: object, lines: object) -> list[Row]:
    """What each line of a paper charges, and for how many."""
    fields = entry.fields
    head = (number, entry.at, entry.day, fields["gate"], entry.shift, entry.by, fields["schedule"])
    return [
        ("charge", (*head, *(line[name] for name in _LINE)))
        for line in cast("list[dict[str, object]]", lines)
    ]


_LINE = (
    "fee", "category", "age", "ground", "count", "times", "currency", "amount_minor", "kes_minor",
)  # fmt: skip


def _bill(entry: Entry, data: _Data) -> list[Row]:
    values = (data["plate"], data["total_minor"], data["corrects"])
    return [("bill", (data["number"], entry.at, entry.day, entry.shift, *values))]


def _abandoned(entry: Entry, data: _Data) -> list[Row]:
    return [("bill_ending", (data["bill"], "abandoned", None))]


def _receipt(entry: Entry, data: _Data) -> list[Row]:
    number = data["number"]
    digest = gatepass.digest(cast(str, data["token"]))
    head = (number, data["bill"], entry.at, entry.day, entry.shift, entry.by, data["plate"])
    rows: list[Row] = [
        ("receipt", (*head, data["total_minor"], digest, data.get("replaces"))),
        ("bill_ending", (data["bill"], "receipt", number)),
    ]
    if data["enters"]:
        rows.append(_passage(entry, number, "in", max(_heads(data), 1)))
    return [*rows, *_tenders(entry, data), *_charges(entry, number, data["lines"])]


def _tenders(entry: Entry, data: _Data) -> list[Row]:
    rows: list[Row] = []
    for tender in cast("list[dict[str, object]]", data["tenders"]):
        reference = cast("str | None", tender["reference"])
        values = (
            data["number"], tender["kind"], tender["currency"], tender["amount_minor"], tender["kes_minor"],
            reference, _folded(tender["kind"], reference), tender["paid_minor"], tender["paybill"],
            entry.day, entry.shift,
        )  # fmt: skip
        rows.append(("tender", values))
    return rows


def _passage(entry: Entry, subject: object, direction: str, people: int) -> Row:
    fields = entry.fields
    values = (subject, direction, people, entry.at, fields["gate"], fields["lane"], entry.by)
    return ("passage", values)


def _heads(data: _Data) -> int:
    return sum(n for _, _, n in cast("list[list[int]]", data["people"]))


def _pass(entry: Entry, data: _Data) -> list[Row]:
    number = data["number"]
    digest = gatepass.digest(cast(str, data["token"]))
    head = (number, digest, entry.at, entry.day, entry.shift, entry.by, entry.fields["gate"])
    what = (data["plate"], data["operator"], _heads(data), data["total_minor"], data["valid_until"])
    rows: list[Row] = [("pass", (*head, *what, data["outage"]))]
    if data["bill"] is not None:
        rows.append(("bill_ending", (data["bill"], "pass", number)))
    if data["enters"]:
        rows.append(_passage(entry, number, "in", max(_heads(data), 1)))
    return [*rows, *_charges(entry, number, data["lines"])]


def _reissued(entry: Entry, data: _Data) -> list[Row]:
    ending = (data["replaces"], "reissued", data["number"], data["replaces_digest"], entry.at, 0, entry.day)
    return [*_pass(entry, data), ("pass_ending", ending)]


def _revoked(entry: Entry, data: _Data) -> list[Row]:
    what = (data["pass"], "revoked", None, data["digest"], entry.at, data["undone_minor"], entry.day)
    return [("pass_ending", what)]


def _scanned(entry: Entry, data: _Data) -> list[Row]:
    fields = entry.fields
    seen = (data["subject"], data["digest"], data["paper"], data["direction"], data["verdict"])
    rows: list[Row] = [
        ("scan", (*seen, data["due_minor"], entry.at, fields["gate"], fields["lane"], data["count"]))
    ]
    if data["people"]:
        rows.append(_passage(entry, data["subject"], cast(str, data["direction"]), cast(int, data["people"])))
    return rows


def _settled(entry: Entry, data: _Data) -> list[Row]:
    digest = gatepass.digest(cast(str, data["token"]))
    when = (entry.at, entry.day, entry.shift)
    overstay = cast("list[dict[str, int]]", data["overstay"])
    charged = sum(line["kes_minor"] for line in overstay)
    paid = (cast(int, data["total_minor"]) - charged, charged, data["due_minor"], digest, data["outage"])
    rows: list[Row] = [("settlement", (data["number"], data["pass"], *when, *paid))]
    if data["leaving"]:
        rows.append(_passage(entry, data["pass"], "out", cast(int, data["leaving"])))
    return [*rows, *_tenders(entry, data), *_charges(entry, data["number"], overstay)]


def _waived(entry: Entry, data: _Data) -> list[Row]:
    overstay_minor = data.get("overstay_minor") or 0
    return [("waiver", (data["pass"], data["amount_minor"], overstay_minor, entry.day, entry.at))]


def _let_out(entry: Entry, data: _Data) -> list[Row]:
    values = (data["pass"], data["how"], data["owed_minor"], data["plate"], data["operator"], entry.at)
    return [("let_out", values), _passage(entry, data["pass"], "out", cast(int, data["people"]))]


def _left(entry: Entry, data: _Data) -> list[Row]:
    if data["receipt"] is None:
        return [("let_out", ("", "story", data["owed_minor"], data["plate"], None, entry.at))]
    return [_passage(entry, data["receipt"], "out", cast(int, data["people"]))]


def _conflict(entry: Entry, data: _Data) -> list[Row]:
    first, second = cast("dict[str, object]", data["first"]), cast("dict[str, object]", data["second"])
    places = (first["till"], first["seq"], second["till"], second["seq"])
    return [("conflict", (data["subject"], data["what"], *places))]


def _outage(entry: Entry, data: _Data) -> list[Row]:
    values = (
        entry.id,
        entry.at,
        data["since"],
        data["cause"],
        data["paybill"],
        int(cast(bool, data["is_standing"])),
    )
    return [("outage", values)]


def _outage_over(entry: Entry, data: _Data) -> list[Row]:
    return [("outage_ending", (data["outage"], entry.at))]


def _held(entry: Entry, data: _Data) -> list[Row]:
    what = (data["document"], data["pass"], data["plate"], data["envelope"])
    return [("document", (entry.id, *what, entry.fields["gate"], entry.shift, entry.by, entry.at))]


def _moved_on(entry: Entry, data: _Data) -> list[Row]:
    return [("document_moved", (data["held"], data["to"], entry.at))]


def _returned(entry: Entry, data: _Data) -> list[Row]:
    return [("document_ending", (data["held"], entry.at, entry.fields["gate"]))]


def _pad(entry: Entry, data: _Data) -> list[Row]:
    return [("pad", (data["book"], data["first"], data["last"], data["to"], entry.at))]


def _captured(entry: Entry, data: _Data) -> list[Row]:
    rows: list[Row] = [("leaf", (data["book"], data["leaf"], "captured", data["number"], entry.at))]
    if data["bill"] is not None:
        rows.append(("bill_ending", (data["bill"], "paper", data["number"])))
    return [*rows, *_tenders(entry, data), *_charges(entry, data["number"], data["lines"])]


def _leaves(entry: Entry, data: _Data) -> list[Row]:
    first, last = cast(int, data["first"]), cast(int, data["last"])
    return [("leaf", (data["book"], n, data["how"], None, entry.at)) for n in range(first, last + 1)]


def _folded(kind: object, reference: str | None) -> str | None:
    return f"{kind}:{folded(reference)}" if reference else None


def _corrected(entry: Entry, data: _Data) -> list[Row]:
    ending = (data["replaces"], "corrected", data["number"], data["replaces_digest"], entry.day)
    return [*_receipt(entry, data), ("receipt_ending", ending)]


def _voided(entry: Entry, data: _Data) -> list[Row]:
    return [("receipt_ending", (data["receipt"], "voided", data["number"], data["digest"], entry.day))]


def _confirmed(entry: Entry, data: _Data) -> list[Row]:
    reference = cast(str, data["reference"])
    head = (data["receipt"], reference, _folded("mpesa", reference))
    return [("confirmation", (*head, data["amount_minor"], data["paid_at"], entry.day))]


def _shift(entry: Entry, data: _Data) -> list[Row]:
    return [("shift", (data["number"], data["staff"], data["day"], entry.at))]


def _closed(entry: Entry, data: _Data) -> list[Row]:
    return [("shift_ending", (data["closes"],))]


_ROWS: dict[str, Callable[[Entry, _Data], list[Row]]] = {
    "bill.opened": _bill,
    "bill.abandoned": _abandoned,
    "receipt.issued": _receipt,
    "receipt.corrected": _corrected,
    "receipt.voided": _voided,
    "pass.issued": _pass,
    "pass.reissued": _reissued,
    "pass.revoked": _revoked,
    "pass.scanned": _scanned,
    "pass.settled": _settled,
    "pass.waived": _waived,
    "pass.let_out": _let_out,
    "pass.conflict": _conflict,
    "exit.without_pass": _left,
    "payment.confirmed": _confirmed,
    "document.held": _held,
    "document.moved": _moved_on,
    "document.returned": _returned,
    "paper.issued": _pad,
    "paper.captured": _captured,
    "paper.ended": _leaves,
    "outage.opened": _outage,
    "outage.closed": _outage_over,
    "shift.opened": _shift,
    "shift.closed": _closed,
}

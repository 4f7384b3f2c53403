"""The tables of the books, at the till and at central alike."""

from dataclasses import dataclass

VERSION = 21
"""Goes up when TABLES or inserts change: the books are then made anew from the journal."""

TEXT, INTEGER = "TEXT", "INTEGER"


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
        "till day account currency amount_minor",
    ),
    _table(
        "charge",
        "number:TEXT at:TEXT day:TEXT gate:TEXT shift:TEXT? staff:TEXT? schedule:TEXT? fee:TEXT category:TEXT"
        " age:TEXT ground:TEXT? count:INTEGER times:INTEGER currency:TEXT amount_minor:INTEGER"
        " kes_minor:INTEGER product:TEXT? evidence:TEXT? foregone_minor:INTEGER?",
        "till day",
        "number",
    ),
    _table(
        "taken",
        "number:TEXT at:TEXT day:TEXT gate:TEXT shift:TEXT? staff:TEXT? place:TEXT kind:TEXT paybill:TEXT?"
        " currency:TEXT amount_minor:INTEGER",
        "till day",
    ),
    _table(
        "bill",
        "number:TEXT at:TEXT day:TEXT shift:TEXT? plate:TEXT total_minor:INTEGER corrects:TEXT? account:TEXT",
        "number",
        "plate",
    ),
    _table("bill_ending", "bill:TEXT how:TEXT ended_by:TEXT?", "bill"),
    _table(
        "receipt",
        "number:TEXT bill:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? plate:TEXT"
        " total_minor:INTEGER digest:TEXT replaces:TEXT?",
        "number",
        "till day",
        "plate",
        "total_minor",
        "shift",
    ),
    _table(
        "receipt_ending", "receipt:TEXT how:TEXT ended_by:TEXT digest:TEXT day:TEXT", "receipt", "till day"
    ),
    _table(
        "refund",
        "number:TEXT subject:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? amount_minor:INTEGER used:INTEGER"
        " by_line:INTEGER",
        "number",
        "subject",
    ),
    _table(
        "refund_decision",
        "refund:TEXT subject:TEXT is_approved:INTEGER at:TEXT day:TEXT",
        "refund",
        "subject",
    ),
    _table(
        "refund_line",
        "receipt:TEXT refund:TEXT fee:TEXT category:TEXT age:TEXT count:INTEGER amount_minor:INTEGER"
        " kes_minor:INTEGER day:TEXT",
        "receipt",
        "till day",
    ),
    _table(
        "refund_paid",
        "refund:TEXT subject:TEXT kind:TEXT amount_minor:INTEGER reference:TEXT? folded:TEXT? at:TEXT"
        " day:TEXT shift:TEXT?",
        "refund",
        "subject",
        "folded",
        "shift",
    ),
    _table(
        "tender",
        "receipt:TEXT kind:TEXT currency:TEXT amount_minor:INTEGER kes_minor:INTEGER reference:TEXT?"
        " folded:TEXT? paid_minor:INTEGER? paybill:TEXT? day:TEXT shift:TEXT? is_typed:INTEGER?",
        "folded",
        "receipt",
        "shift kind",
        "till day",
    ),
    _table(
        "confirmation",
        "receipt:TEXT reference:TEXT folded:TEXT amount_minor:INTEGER paid_at:TEXT day:TEXT counts:INTEGER",
        "folded",
        "till day",
    ),
    _table(
        "dispute",
        "receipt:TEXT reference:TEXT folded:TEXT why:TEXT reason:TEXT staff:TEXT? at:TEXT day:TEXT",
        "folded",
    ),
    _table(
        "claim_decision",
        "tender:TEXT subject:TEXT code:TEXT decision:TEXT paid_as:TEXT? state:TEXT difference_minor:INTEGER"
        " reason:TEXT staff:TEXT? at:TEXT day:TEXT alone_minor:INTEGER",
        "code",
        "paid_as",
    ),
    _table(
        "pass",
        "number:TEXT digest:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? gate:TEXT plate:TEXT operator:TEXT?"
        " people:INTEGER total_minor:INTEGER valid_until:TEXT outage:TEXT? together:TEXT?",
        "number",
        "plate",
        "operator",
        "outage",
        "together",
        "till day",
    ),
    _table(
        "pass_ending",
        "pass:TEXT how:TEXT ended_by:TEXT? digest:TEXT? at:TEXT undone_minor:INTEGER day:TEXT",
        "pass",
        "ended_by",
        "till day",
    ),
    _table(
        "settlement",
        "number:TEXT pass:TEXT at:TEXT day:TEXT shift:TEXT? paid_minor:INTEGER overstay_minor:INTEGER"
        " due_minor:INTEGER digest:TEXT outage:TEXT? seen:INTEGER payment:TEXT",
        "number",
        "pass",
        "shift",
        "outage",
        "till day",
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
    _table("coming_back", "subject:TEXT ground:TEXT people:INTEGER until:TEXT at:TEXT gate:TEXT", "subject"),
    _table(
        "headcount",
        "subject:TEXT at:TEXT day:TEXT shift:TEXT? staff:TEXT? people:INTEGER counted:INTEGER?"
        " differs:INTEGER",
        "subject",
        "day",
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
    _table(
        "act",
        "kind:TEXT number:TEXT? at:TEXT day:TEXT gate:TEXT shift:TEXT? staff:TEXT? also:TEXT? how:TEXT?",
        "till day",
        "kind",
        "also day",
    ),
    _table("in_force", "schedule:TEXT at:TEXT"),
    _table("shift", "number:TEXT staff:TEXT day:TEXT at:TEXT", "number"),
    _table("shift_ending", "shift:TEXT handed_to:TEXT? at:TEXT", "shift", "handed_to"),
    _table("taken_over", "shift:TEXT staff:TEXT at:TEXT", "shift"),
    _table(
        "cash_moved",
        "shift:TEXT? day:TEXT staff:TEXT? at:TEXT gate:TEXT how:TEXT currency:TEXT amount_minor:INTEGER",
        "shift",
        "day",
    ),
    _table("drawer_opened", "shift:TEXT? day:TEXT staff:TEXT? at:TEXT gate:TEXT", "shift", "day"),
    _table("vehicle", "plate:TEXT head:TEXT band:INTEGER operator:TEXT? at:TEXT", "head at", "plate at"),
    _table("served", "number:TEXT at:TEXT day:TEXT gate:TEXT served_ms:INTEGER", "till day"),
)

"""The questions that a till asks of its books about documents in custody and leaves written by hand."""

from dataclasses import dataclass

from gatepos.ledger.ledger import Ledger

_SELECT = (
    "SELECT id, document, pass, plate, envelope, gate, coalesce((SELECT keeper FROM document_moved"
    " WHERE document_moved.held = document.id ORDER BY at DESC LIMIT 1), staff) AS keeper, at, till"
    " FROM document"
)
_STILL = "NOT EXISTS (SELECT 1 FROM document_ending WHERE document_ending.held = document.id)"


@dataclass(frozen=True, slots=True)
class Held:
    """A document that is kept: by which entry, beside which pass, in which envelope, where, by whom."""

    id: str
    document: str
    of_pass: str | None
    plate: str
    envelope: str
    gate: str
    keeper: str | None
    at: str
    till: str


@dataclass(frozen=True, slots=True)
class Pad:
    """A pad of hand-written leaves, and who has it."""

    book: str
    first: int
    last: int
    keeper: str


def held(ledger: Ledger) -> list[Held]:
    """Every document that is still kept, here or at another gate that was heard, oldest first."""
    return [Held(*row) for row in ledger.conn.execute(f"{_SELECT} WHERE {_STILL} ORDER BY at")]


def held_of_pass(ledger: Ledger, number: str) -> list[Held]:
    """The documents that are kept beside a pass."""
    return [Held(*row) for row in ledger.conn.execute(f"{_SELECT} WHERE pass = ? AND {_STILL}", (number,))]


def held_by_id(ledger: Ledger, id_: str) -> Held | None:
    """A document that is still kept, by the entry by which it is."""
    row = ledger.conn.execute(f"{_SELECT} WHERE id = ? AND {_STILL}", (id_,)).fetchone()
    return Held(*row) if row else None


def pads(ledger: Ledger) -> list[Pad]:
    """The pads that this till gave out."""
    rows = ledger.conn.execute(
        "SELECT book, first, last, keeper FROM pad WHERE till = ? ORDER BY seq", (ledger.context.till,)
    )
    return [Pad(*row) for row in rows]


def pads_named(ledger: Ledger, book: str) -> list[Pad]:
    """The pads of a name that any till known here gave out."""
    rows = ledger.conn.execute(
        "SELECT book, first, last, keeper FROM pad WHERE book = ? ORDER BY till, seq", (book,)
    )
    return [Pad(*row) for row in rows]


def leaf_ended(ledger: Ledger, book: str, leaf: int) -> tuple[str, str | None] | None:
    """How a leaf of this till's pads ended, and the number that it was captured under."""
    select = "SELECT how, number FROM leaf WHERE book = ? AND leaf = ? AND till = ?"
    row = ledger.conn.execute(select, (book, leaf, ledger.context.till)).fetchone()
    return (str(row[0]), row[1]) if row else None


def leaves_ended(ledger: Ledger, book: str) -> set[int]:
    """The leaves of a pad of this till's of which it is known what became of them."""
    rows = ledger.conn.execute(
        "SELECT leaf FROM leaf WHERE book = ? AND till = ?", (book, ledger.context.till)
    )
    return {leaf for (leaf,) in rows}

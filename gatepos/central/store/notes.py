"""What drivers wrote of their papers, for the managers: a number, a text, a moment, and nothing of who."""

import hashlib

from gatepos.central.store.engine import Transaction


def put(tx: Transaction, number: str, text: str, at: str) -> bool:
    """Keep a note on a paper, whether it is new: the same text on the same paper is one note."""
    made = tx.row(
        "INSERT INTO note(id, number, text, at) VALUES (:id, :number, :text, :at)"
        " ON CONFLICT DO NOTHING RETURNING id",
        id=_id(number, text), number=number, text=text, at=at,
    )  # fmt: skip
    return made is not None


def count_open(tx: Transaction, number: str, text: str) -> int:
    """How many other notes on a paper nobody has decided."""
    row = tx.row(
        "SELECT count(*) FROM note n LEFT JOIN decision d ON d.matter = 'note:' || n.id"
        " WHERE n.number = :number AND n.id <> :id AND d.matter IS NULL",
        number=number, id=_id(number, text),
    )  # fmt: skip
    return int(row[0]) if row else 0


def _id(number: str, text: str) -> str:
    return hashlib.sha256(f"{number}\n{text}".encode()).hexdigest()[:24]

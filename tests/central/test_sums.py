"""Sums at the limits of money are exact on both databases: no overflow, and never a float."""

from typing import cast

from gatepos.central.store import announced
from gatepos.central.store.engine import Transaction
from gatepos.domain import tables
from gatepos.ledger import listings, registers, takings
from gatepos.ledger.takings import Span
from gatepos.reports import takings as reported
from gatepos.reports.sheet import Column, Kind, Sheet
from tests.central.place import Place

MOST_MINOR = 10**12 - 1
"""The largest amount that an entry may hold."""
ROWS = 10_001
"""So many of them are more than a float counts exactly."""
TILL, DAY = "NMG2", "2026-01-02"
SPAN = Span((TILL,), DAY, DAY)
WHOLE = ROWS * MOST_MINOR
_PLAIN: dict[str, object] = {"TEXT": "x", "INTEGER": 1}


def filled(tx: Transaction, table: str, **own: object) -> None:
    """Rows of a book, an entry each, that are all alike."""
    (made,) = [one for one in tables.TABLES if one.name == table]
    fixed = {"till": TILL, "day": DAY, "line": 0, "branch": 0, "at": f"{DAY}T03:31:02.123Z", **own}
    columns = (*(column.name for column in made.columns), "branch")
    plain = [fixed.get(column.name, _PLAIN[column.type]) for column in made.columns]
    rows = [(*plain[:1], seq, *plain[2:], 0) for seq in range(1, ROWS + 1)]
    tx.insert_all(table, columns, rows)


def test_sums_of_the_largest_amounts_are_whole_numbers_and_exact(place: Place) -> None:
    assert 2**53 < WHOLE < 2**63
    assert 900_000 * MOST_MINOR < 2**63, "nor does a ledger of 900,000 receipts overflow"
    money = {"currency": "KES", "amount_minor": MOST_MINOR, "kes_minor": MOST_MINOR}
    with place.store.writing() as tx:
        filled(tx, "taken", kind="cash", place="entry", **money)
        filled(tx, "charge", fee="vehicle", ground="under_6", times=1, **money)
        filled(tx, "posting", account="expense:paid_out", **money)
        filled(tx, "tender", kind="mpesa", folded="mpesa:UA26", **money)
        filled(tx, "settlement", paid_minor=MOST_MINOR, **{"pass": "NMG2P000318T"})
    with place.store.reading() as tx:
        rows = announced.rows_of(tx)
        (charged,) = takings.charged(rows, SPAN)
        (by_till,) = takings.charged(rows, Span((TILL, "NMG3"), DAY, DAY), "till", is_free=True)
        (taken,) = takings.taken(rows, SPAN, "currency")
        (claimed,) = takings.claimed(rows, SPAN)
        sums: list[object] = [
            charged.kes_minor, charged.amount_minor, by_till.kes_minor, taken.minor, claimed.minor,
            registers.posted(rows, SPAN, "expense:", "KES"),
            registers.expenses(rows, SPAN)["expense:paid_out", "KES"],
            takings.figure(rows, TILL, DAY, ROWS).kes_minor,
            listings.sums_of_passes(rows, "settlement", "paid_minor", ["NMG2P000318T"])["NMG2P000318T"],
            reported.regrouped([charged])[0].kes_minor,
        ]  # fmt: skip
        one = registers.paid(rows, TILL, [7])[7]
    assert sums == [WHOLE] * len(sums)
    assert {type(value) for value in (*sums, one.kes_minor)} == {int}
    assert one.kes_minor == MOST_MINOR


def test_a_paper_adds_them_up_exactly_too() -> None:
    columns = (Column("n", "No."), Column("kes_minor", "KES", Kind.KES, is_summed=True))
    sheet = Sheet("large", "Large", columns, [(str(n), MOST_MINOR) for n in range(ROWS)])
    assert cast(int, sheet.totals[1]) == WHOLE

"""What a report is asked of at central: the books of a park's tills, or of all, and their entries."""

from collections.abc import Iterator, Sequence

from gatepos.central.store import announced, glance, journal, payments, statements, takings, tickets
from gatepos.central.store.engine import Transaction
from gatepos.domain import entry as written
from gatepos.domain.entry import Entry
from gatepos.ledger.source import Source, Standing, batches


def source(tx: Transaction, tills: Sequence[str], parks: Sequence[str]) -> Source:
    """The books of these tills, and the statements of these parks."""
    return Source(
        announced.rows_of(tx),
        lambda till, seqs: entries(tx, till, seqs),
        takings.receivables(tx, tills),
        lambda folded: {*tickets.parks(tx, folded)},
        lambda accounts: {kept.paid.account for kept in payments.counting_among(tx, accounts)},
        tuple(statements.kept(tx, park) for park in parks),
    )


def standings(tx: Transaction, park: str | None) -> list[Standing]:
    """The tills of a park, or of all, as far as central heard them; spares that wait are none of them."""
    found: list[Standing] = []
    for one in glance.tills(tx, park):
        if one.waits:
            continue
        branch = next(iter(journal.tree(tx, one.till)), None)
        head = branch.head_hash.hex() if branch else ""
        seq = branch.head_seq if branch else 0
        found.append(
            Standing(one.till, one.gate, one.lane, seq, head, one.heard_at or "", one.waiting, one.park)
        )
    return found


def entries(tx: Transaction, till: str, seqs: Sequence[int]) -> Iterator[Entry]:
    """The entries of a till at positions, in order."""
    for some in batches(sorted(seqs)):
        rows = tx.rows_among(
            "SELECT raw, sig FROM journal WHERE till = :till AND seq IN :among ORDER BY branch DESC, seq",
            some, till=till,
        )  # fmt: skip
        yield from (written.known(bytes(raw), bytes(sig)) for raw, sig in rows)

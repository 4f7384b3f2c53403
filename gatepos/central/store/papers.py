"""What central's books know of a paper that somebody shows, and of the money for it."""

from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.central.store.engine import Transaction
from gatepos.central.store.payments import Paid
from gatepos.domain import entry as entries
from gatepos.domain import money, numbers, postings
from gatepos.domain.entry import Entry
from gatepos.domain.gatepass import OWED, Past, Payload
from gatepos.domain.payment import folded

_CHAIN_MAX = 20
"""Times that a pass is printed anew, at most, before its older numbers are left aside."""

_PARK_TILLS = (
    "(SELECT own.till FROM till own JOIN till issuer ON issuer.park = own.park"
    " WHERE issuer.till = substr(:number, 1, 4))"
)
_OF_ITS_PARK = f"till IN {_PARK_TILLS}"
"""Entries by tills of the park that issued a number: a till of another park changes nothing of it."""


@dataclass(frozen=True, slots=True)
class Issued:
    """The paper that took a number: its digest, and the entry that wrote it."""

    digest: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Part:
    """An M-PESA payment, or what is left of it, KES minor units."""

    trans_id: str
    amount_minor: int
    is_confirmed: bool = False


def issued(tx: Transaction, number: str) -> Issued | None:
    """The paper that a number was issued with, when the books have it."""
    table = "pass" if number[4] == numbers.PASS else "receipt"
    row = tx.row(
        f"SELECT p.digest, j.raw, j.sig FROM {table} p JOIN journal j ON j.till = p.till AND j.seq = p.seq"
        " AND j.branch = p.branch WHERE p.number = :number ORDER BY p.branch LIMIT 1",
        number=number,
    )
    return Issued(row[0], entries.known(bytes(row[1]), bytes(row[2]))) if row else None


def is_known(tx: Transaction, number: str, digest: str) -> bool:
    """Whether this very paper is in the books."""
    row = tx.row(
        "SELECT 1 FROM pass WHERE number = :number AND digest = :digest"
        " UNION ALL SELECT 1 FROM receipt WHERE number = :number AND digest = :digest"
        " UNION ALL SELECT 1 FROM settlement WHERE pass = :number AND digest = :digest LIMIT 1",
        number=number, digest=digest,
    )  # fmt: skip
    return row is not None


def past(tx: Transaction, payload: Payload, digest: str, found: Issued | None) -> Past:
    """What the books know of a paper beside what it says; not who went through: who left may still owe."""
    number = payload.number
    is_first = payload.kind == OWED or not payload.is_pass
    return Past(
        is_known=found is not None and payload.is_pass,
        owed_minor=owed_minor(tx, number),
        ended=_ended(tx, number),
        has_other=is_first and found is not None and found.digest != digest,
        is_skipped=found is None and _is_skipped(tx, number),
    )


def owed_minor(tx: Transaction, number: str) -> int:
    """What is owed on a paper, by the tills of its park, KES minor units; below zero, owed to the visitor."""
    row = tx.row(
        "SELECT coalesce(sum(amount_minor), 0) FROM posting"
        f" WHERE account = :account AND currency = :currency AND {_OF_ITS_PARK}",
        account=postings.receivable(number), currency=money.KES, number=number,
    )  # fmt: skip
    return int(row[0]) if row else 0


def accounts(tx: Transaction, number: str) -> list[str]:
    """The accounts to which a pass may have been paid: its number, and those whose place it took."""
    found = [number]
    while len(found) < _CHAIN_MAX:
        row = tx.row(
            "SELECT pass FROM pass_ending WHERE ended_by = :number AND how = 'reissued'"
            f" AND substr(pass, 1, 4) IN {_PARK_TILLS} ORDER BY seq LIMIT 1",
            number=found[-1],
        )
        if row is None or row[0] in found:
            break
        found.append(str(row[0]))
    return found


def left_minor(tx: Transaction, paid: Paid, passes: Sequence[str]) -> int:
    """How much of an M-PESA payment is still to be counted for a pass under all its numbers, KES minor units.

    For what central signed once, the payment is that pass's and no other's, whatever tills count it for.
    """
    own = max((minor for number, minor in _given(tx, paid.trans_id) if number in passes), default=0)
    if not own:
        return free_minor(tx, paid)
    return min(own, paid.amount_minor - sum(_used_minor(tx, paid.trans_id, number) for number in passes))


def free_minor(tx: Transaction, paid: Paid) -> int:
    """What of a payment nobody has counted, and central has signed for nothing, KES minor units."""
    return paid.amount_minor - _taken_minor(tx, paid.trans_id)


def given_parts(tx: Transaction, number: str) -> list[str]:
    """The codes for which central signed that a pass is paid."""
    rows = tx.rows("SELECT trans_id FROM given WHERE pass = :number ORDER BY at, trans_id", number=number)
    return [trans_id for (trans_id,) in rows]


def signed_minor(tx: Transaction, number: str) -> int:
    """For how much central signed that a pass is paid beyond what tills counted for it, KES minor units.

    Under any of its numbers: one payment is signed for once, however often the pass is printed anew.
    """
    given: dict[str, int] = {}
    for one in accounts(tx, number):
        for code, minor in tx.rows("SELECT trans_id, amount_minor FROM given WHERE pass = :one", one=one):
            given[code] = max(given.get(code, 0), int(minor))
    return sum(max(minor - _used_for(tx, code, number), 0) for code, minor in given.items())


def last(tx: Transaction, number: str) -> str:
    """The pass that took this one's place at last; itself when none did."""
    for _ in range(_CHAIN_MAX):
        row = tx.row(
            "SELECT ended_by FROM pass_ending WHERE pass = :number AND how = 'reissued'"
            f" AND {_OF_ITS_PARK} ORDER BY seq LIMIT 1",
            number=number,
        )
        if row is None or row[0] is None:
            break
        number = str(row[0])
    return number


def used_elsewhere(tx: Transaction, till: str, branch: int, first: int, last: int) -> list[int]:
    """The entries of a stretch by which a payment is counted for more than it was, where central signed that
    another pass is paid by it.
    """
    rows = tx.rows(
        "SELECT DISTINCT t.seq, s.pass, g.pass, g.trans_id FROM tender t JOIN given g ON g.folded = t.folded"
        f" LEFT {_SETTLEMENT} WHERE t.till = :till AND t.branch = :branch"
        " AND t.seq BETWEEN :first AND :last ORDER BY t.seq",
        till=till, branch=branch, first=first, last=last,
    )  # fmt: skip
    return [
        seq
        for seq, number, given, trans_id in rows
        if (number is None or not _is_one(tx, number, given)) and _is_over(tx, trans_id)
    ]


def give(tx: Transaction, number: str, parts: Sequence[Part], at: str) -> None:
    """Keep for which payments central signs that a pass is paid."""
    for part in parts:
        tx.write(
            "INSERT INTO given(pass, trans_id, folded, amount_minor, at)"
            " VALUES (:number, :trans_id, :folded, :amount_minor, :at) ON CONFLICT DO NOTHING",
            number=number, trans_id=part.trans_id, folded=_folded(part.trans_id),
            amount_minor=part.amount_minor, at=at,
        )  # fmt: skip


def given_minor(tx: Transaction, number: str) -> int | None:
    """For how much central signed that a pass is paid, KES minor units; None where it did not."""
    row = tx.row("SELECT sum(amount_minor) FROM given WHERE pass = :number", number=number)
    return int(row[0]) if row and row[0] is not None else None


_SETTLEMENT = (
    "JOIN settlement s ON s.number = t.receipt AND s.till = t.till AND s.seq = t.seq AND s.branch = t.branch"
)


def _given(tx: Transaction, trans_id: str) -> list[tuple[str, int]]:
    """For which passes central signed that a payment pays them, and how much of it."""
    rows = tx.rows("SELECT pass, amount_minor FROM given WHERE trans_id = :trans_id", trans_id=trans_id)
    return [(str(number), int(minor)) for number, minor in rows]


def _taken_minor(tx: Transaction, trans_id: str) -> int:
    """What of a payment tills counted, and what central signed for that is still owed on its passes."""
    given: dict[str, int] = {}
    for number, minor in _given(tx, trans_id):
        newest = last(tx, number)
        given[newest] = max(given.get(newest, 0), minor)
    signed_minor = sum(
        min(max(minor - _used_for(tx, trans_id, number), 0), _open_minor(tx, number))
        for number, minor in given.items()
    )
    return _used_minor(tx, trans_id) + signed_minor


def _open_minor(tx: Transaction, number: str) -> int:
    """What is still owed on a pass: what central signed for one that was paid or ended since is nobody's.

    As much as anybody can owe where the books do not have the pass.
    """
    if tx.row("SELECT 1 FROM pass WHERE number = :number", number=number) is None:
        return money.AMOUNT_MAX
    return max(owed_minor(tx, number), 0)


def _used_for(tx: Transaction, trans_id: str, number: str) -> int:
    """How much of a payment the tills have counted for a pass, under all its numbers."""
    return sum(_used_minor(tx, trans_id, one) for one in accounts(tx, last(tx, number)))


def _is_over(tx: Transaction, trans_id: str) -> bool:
    """Whether more of a payment is taken than it was."""
    row = tx.row("SELECT max(amount_minor) FROM payment WHERE trans_id = :trans_id", trans_id=trans_id)
    return row is None or row[0] is None or _taken_minor(tx, trans_id) > int(row[0])


def _used_minor(tx: Transaction, trans_id: str, number: str | None = None) -> int:
    """How much of an M-PESA payment the tills have counted, for anything or for one pass."""
    row = tx.row(
        f"SELECT coalesce(sum(t.kes_minor), 0) FROM tender t LEFT {_SETTLEMENT}"
        " WHERE t.folded = :folded AND (CAST(:number AS TEXT) IS NULL OR s.pass = :number)",
        folded=_folded(trans_id), number=number,
    )  # fmt: skip
    return int(row[0]) if row else 0


def _is_one(tx: Transaction, number: str, other: str) -> bool:
    """Whether two numbers are of one pass that was printed anew."""
    return other in accounts(tx, number) or number in accounts(tx, other)


def _folded(trans_id: str) -> str:
    """A payment's code as the books compare it."""
    return f"mpesa:{folded(trans_id)}"


def _ended(tx: Transaction, number: str) -> str | None:
    table, column = ("pass_ending", "pass") if number[4] == numbers.PASS else ("receipt_ending", "receipt")
    row = tx.row(
        f"SELECT how FROM {table} WHERE {column} = :number AND {_OF_ITS_PARK} ORDER BY seq LIMIT 1",
        number=number,
    )
    return str(row[0]) if row else None


def _is_skipped(tx: Transaction, number: str) -> bool:
    """Whether its till wrote later numbers and never this one."""
    tables = ("pass",) if number[4] == numbers.PASS else ("receipt", "settlement")
    above = {"number": number, "end": number[:4] + chr(ord(number[4]) + 1)}
    return any(
        tx.row(f"SELECT 1 FROM {table} WHERE number > :number AND number < :end LIMIT 1", **above)
        for table in tables
    )

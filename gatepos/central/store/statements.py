"""Statements of a park as managers imported them, their lines, and what managers decided beside the tills."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gatepos.central.store.engine import Transaction
from gatepos.domain import moments
from gatepos.domain.claims import Decision
from gatepos.domain.statements import CARD, Line, Statement
from gatepos.ledger import statements
from gatepos.ledger.reconciliation import Kept

LISTED_MAX = 100
_AMONG = 1_000
_LINE = "kind, place, code, at, amount_minor, account, reverses, n"
_DECISION = "tender, subject, code, decision, paid_as, state, difference_minor, reason, alone_minor"
_COUNTS = "NOT EXISTS (SELECT 1 FROM statement_withdrawn w WHERE w.statement = s.id)"
_READ = (
    "SELECT s.id, s.kind, s.place, s.from_at, s.to_at, s.is_whole, s.lines, s.fresh, s.aside, s.paid_minor,"
    " s.back_minor, s.who, s.at, w.reason || ' (' || w.who || ')' FROM statement s"
    " LEFT JOIN statement_withdrawn w ON w.statement = s.id WHERE s.park = :park"
)
_TENDER = (
    "SELECT d.kind, d.paybill, d.reference, d.receipt, d.till, d.day, d.kes_minor, d.folded FROM tender d"
)
_OF_PARK = "JOIN till o ON o.till = {0}.till WHERE o.park = :park"
_OF_OTHERS = "JOIN till o ON o.till = {0}.till WHERE o.park <> :park"


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that was imported: how many lines, how many of them new; by whom and when.

    `withdrawn` says why it counts no more and by whom; it is None where it does.
    """

    id: int
    kind: str
    place: str
    from_at: str
    to_at: str
    is_whole: int
    lines: int
    new: int
    left: int
    paid_minor: int
    back_minor: int
    who: str
    at: str
    withdrawn: str | None = None


def kept(tx: Transaction, park: str) -> Kept:
    """Where the statements of a park are, with the papers of its tills.

    A code of M-PESA is one payment wherever it was used; a card's approval code is another's elsewhere.
    """

    def rows(sql: str, **values: object) -> Iterable[tuple[Any, ...]]:
        return (tuple(row) for row in tx.rows(sql, **values, park=park))

    return Kept(
        rows,
        lines=f"(SELECT pays, day, {_LINE} FROM statement_line WHERE park = :park)",
        read="(SELECT id AS seq, kind, place, from_at, is_whole,"
        " CASE WHEN s.at < s.to_at THEN s.at ELSE s.to_at END AS to_at FROM statement s"
        f" WHERE park = :park AND {_COUNTS})",
        decisions=(
            f"(SELECT {_DECISION}, staff, c.at AS at, j.at AS arrived_at, 0 AS of_central, c.seq AS n"
            " FROM claim_decision c"
            " JOIN journal j ON j.till = c.till AND j.branch = c.branch AND j.seq = c.seq"
            f" {_OF_PARK.format('c')} UNION ALL SELECT {_DECISION}, who, at, at, 1, id FROM decided"
            " WHERE park = :park)"
        ),
        taken=f"(SELECT k.number, k.day, k.kind FROM taken k {_OF_PARK.format('k')})",
        tenders=f"({_TENDER} {_OF_PARK.format('d')})",
        elsewhere=f"({_TENDER} {_OF_OTHERS.format('d')} AND d.kind = 'mpesa')",
    )


def paybills(tx: Transaction, park: str) -> set[str]:
    """Those to which tills of a park took payments, or let pay inside an outage."""
    found = tx.rows(
        f"SELECT d.paybill FROM tender d {_OF_PARK.format('d')} AND d.paybill IS NOT NULL"
        f" UNION SELECT u.paybill FROM outage u {_OF_PARK.format('u')}",
        park=park,
    )
    return {str(paybill) for (paybill,) in found}


def changed(tx: Transaction, park: str) -> dict[str, list[int]]:
    """Where tills of a park wrote that settings changed."""
    found: dict[str, list[int]] = defaultdict(list)
    select = f"SELECT k.till, k.seq FROM act k {_OF_PARK.format('k')} AND k.kind = 'config.changed'"
    for till, seq in tx.rows(select, park=park):
        found[str(till)].append(int(seq))
    return found


def known(tx: Transaction, park: str, lines: Sequence[Line]) -> dict[str, Line]:
    """Those of the lines that stand already, by their id, as they stand."""
    ids = [line.id for line in lines]
    found: dict[str, Line] = {}
    for first in range(0, len(ids), _AMONG):
        select = f"SELECT id, {_LINE} FROM statement_line WHERE park = :park AND id IN :among"
        for id_, *values in tx.rows_among(select, ids[first : first + _AMONG], park=park):
            found[str(id_)] = Line(*values)
    return found


def of_digest(tx: Transaction, park: str, digest: str) -> Read | None:
    """The statement of a park that was imported with these lines, where it counts."""
    row = tx.row(f"{_READ} AND s.digest = :digest AND {_COUNTS}", park=park, digest=digest)
    return Read(*row) if row else None


def is_withdrawn(tx: Transaction, park: str, digest: str) -> bool:
    """Whether a statement was imported before and withdrawn."""
    select = f"SELECT 1 FROM statement s WHERE park = :park AND digest = :digest AND NOT ({_COUNTS})"
    return tx.row(select, park=park, digest=digest) is not None


def insert(tx: Transaction, park: str, lines: Sequence[Line]) -> None:
    """Lines that are new, and the accounts that shorter forms lacked; none that stands is changed else."""
    tx.write_all(
        f"INSERT INTO statement_line(park, id, pays, day, {_LINE})"
        " VALUES (:park, :id, :pays, :day, :kind, :place, :code, :at, :amount_minor, :account, :reverses, :n)"
        " ON CONFLICT(park, id) DO UPDATE SET account = excluded.account WHERE statement_line.account = ''",
        [
            {
                "park": park, "id": one.id, "pays": one.pays, "day": one.day, "kind": one.kind,
                "place": one.place, "code": one.code, "at": one.at, "amount_minor": one.amount_minor,
                "account": one.account, "reverses": one.reverses, "n": one.n,
            }
            for one in lines
        ],
    )  # fmt: skip


def note(
    tx: Transaction, park: str, statement: Statement, new: int, body: bytes, digest: str, who: str, at: str
) -> None:
    """All lines of a statement are in; its body is kept."""
    tx.write(
        "INSERT INTO statement(id, park, kind, place, from_at, to_at, is_whole, lines, fresh, aside,"
        " paid_minor, back_minor, titles, file, digest, who, at, body)"
        " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM statement), :park, :kind, :place, :from_at, :to_at,"
        " :is_whole, :lines, :fresh, :aside, :paid_minor, :back_minor, :titles, :file, :digest, :who, :at,"
        " :body)",
        park=park, body=body, kind=statement.kind, place=statement.place, from_at=statement.from_at,
        to_at=statement.to_at, is_whole=int(statement.is_whole), lines=len(statement.lines), fresh=new,
        aside=statement.left, paid_minor=statement.paid_minor, back_minor=statement.back_minor,
        titles=orjson.dumps(statement.columns).decode(), file=statement.digest, digest=digest, who=who, at=at,
    )  # fmt: skip


def keep_body(tx: Transaction, park: str, digest: str, body: bytes) -> None:
    """The body of a statement that was imported before bodies were kept."""
    tx.write(
        "UPDATE statement SET body = :body WHERE park = :park AND digest = :digest AND body IS NULL",
        park=park, digest=digest, body=body,
    )  # fmt: skip


def imported(tx: Transaction, park: str) -> list[Read]:
    """The last statements of a park, the newest first, those too that were withdrawn."""
    found = tx.rows(f"{_READ} ORDER BY s.id DESC LIMIT :most", park=park, most=LISTED_MAX)
    return [Read(*row) for row in found]


def of_id(tx: Transaction, park: str, id_: int) -> Read | None:
    """A statement of a park, where it counts."""
    row = tx.row(f"{_READ} AND s.id = :id AND {_COUNTS}", park=park, id=id_)
    return Read(*row) if row else None


def beside(tx: Transaction, park: str, read: Read) -> list[Read]:
    """Others that count and may have lines of one: of the same payments, from about the same days."""
    found = tx.rows(
        f"{_READ} AND s.kind = :kind AND s.place = :place AND s.id <> :id AND s.from_at <= :to_at"
        f" AND s.to_at >= :from_at AND {_COUNTS} ORDER BY s.id",
        park=park, kind=read.kind, place=read.place, id=read.id,
        from_at=moments.to_text(moments.from_text(read.from_at) - 2 * statements.AROUND_MS),
        to_at=moments.to_text(moments.from_text(read.to_at) + 2 * statements.AROUND_MS),
    )  # fmt: skip
    return [Read(*row) for row in found]


def whole(tx: Transaction, read: Read) -> Statement | None:
    """A statement with all of its lines; None where nobody kept them."""
    row = tx.row("SELECT body FROM statement WHERE id = :id", id=read.id)
    return statements.of_body(bytes(row[0])) if row and row[0] is not None else None


def withdraw(tx: Transaction, read: Read, reason: str, who: str, at: str) -> None:
    """A statement counts no more; who imported it and what it said stays."""
    tx.write(
        "INSERT INTO statement_withdrawn(statement, reason, who, at) VALUES (:id, :reason, :who, :at)",
        id=read.id, reason=reason, who=who, at=at,
    )  # fmt: skip


def forget(tx: Transaction, park: str, lines: Sequence[Line]) -> None:
    """These lines stand no more."""
    tx.write_all(
        "DELETE FROM statement_line WHERE park = :park AND id = :id",
        [{"park": park, "id": line.id} for line in lines],
    )


def columns(tx: Transaction, park: str) -> tuple[str, ...]:
    """What somebody called the columns of the last card settlement of a park."""
    row = tx.row(
        "SELECT titles FROM statement WHERE park = :park AND kind = :kind ORDER BY id DESC LIMIT 1",
        park=park, kind=CARD,
    )  # fmt: skip
    return tuple(orjson.loads(row[0])) if row else ()


def of_payment(tx: Transaction, park: str | None, code: str) -> list[Line]:
    """The lines about an M-PESA payment in the statements of the park that it is for."""
    select = f"SELECT {_LINE} FROM statement_line WHERE pays = :code AND kind = 'mpesa' AND park = :park"
    found = tx.rows(select, code=code, park=park)
    return [Line(*row) for row in found]


def decide(tx: Transaction, park: str, made: Decision) -> None:
    """Keep what a manager said, for ever."""
    tx.write(
        f"INSERT INTO decided(id, park, {_DECISION}, who, at)"
        " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM decided), :park, :tender, :subject, :code, :decision,"
        " :paid_as, :state, :difference_minor, :reason, :alone_minor, :who, :at)",
        park=park, tender=made.kind, subject=made.subject, code=made.code, decision=made.decision,
        paid_as=made.line or None, state=made.state, difference_minor=made.difference_minor,
        reason=made.reason, alone_minor=made.alone_minor, who=made.by, at=made.at,
    )  # fmt: skip

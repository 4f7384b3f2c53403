"""Statements of a park as managers imported them, their lines, and what managers decided beside the tills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from gatepos.central.store.engine import Transaction
from gatepos.domain.claims import Decision
from gatepos.domain.statements import CARD, Line, Statement
from gatepos.ledger.reconciliation import Kept

LISTED_MAX = 100
_AMONG = 1_000
_LINE = "kind, place, code, at, amount_minor, account, reverses, n"
_DECISION = "tender, subject, code, decision, paid_as, state, difference_minor, reason"
_TENDER = (
    "SELECT d.kind, d.paybill, d.reference, d.receipt, d.till, d.day, d.kes_minor, d.folded FROM tender d"
)
_OF_PARK = "JOIN till o ON o.till = {0}.till WHERE o.park = :park"
_OF_OTHERS = "JOIN till o ON o.till = {0}.till WHERE o.park <> :park"


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that was imported: how many lines, how many of them new; by whom and when."""

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


def kept(tx: Transaction, park: str) -> Kept:
    """Where the statements of a park are, with the papers of its tills.

    A code of M-PESA is one payment wherever it was used; a card's approval code is another's elsewhere.
    """

    def rows(sql: str, **values: object) -> Iterable[tuple[Any, ...]]:
        return (tuple(row) for row in tx.rows(sql, **values, park=park))

    return Kept(
        rows,
        lines=f"(SELECT pays, day, {_LINE} FROM statement_line WHERE park = :park)",
        read="(SELECT id AS seq, kind, place, from_at, to_at, is_whole FROM statement WHERE park = :park)",
        decisions=(
            f"(SELECT {_DECISION}, staff, c.at AS at FROM claim_decision c {_OF_PARK.format('c')}"
            f" UNION ALL SELECT {_DECISION}, who, at FROM decided WHERE park = :park)"
        ),
        taken=f"(SELECT k.number, k.day, k.kind FROM taken k {_OF_PARK.format('k')})",
        tenders=f"({_TENDER} {_OF_PARK.format('d')})",
        elsewhere=f"({_TENDER} {_OF_OTHERS.format('d')} AND d.kind = 'mpesa')",
    )


def known(tx: Transaction, park: str, lines: Sequence[Line]) -> dict[str, Line]:
    """Those of the lines that stand already, by their id, as they stand."""
    ids = [line.id for line in lines]
    found: dict[str, Line] = {}
    for first in range(0, len(ids), _AMONG):
        select = f"SELECT id, {_LINE} FROM statement_line WHERE park = :park AND id IN :among"
        for id_, *values in tx.rows_among(select, ids[first : first + _AMONG], park=park):
            found[str(id_)] = Line(*values)
    return found


def is_known(tx: Transaction, park: str, digest: str) -> bool:
    """Whether a statement was imported before."""
    select = "SELECT 1 FROM statement WHERE park = :park AND digest = :digest"
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


def note(tx: Transaction, park: str, statement: Statement, new: int, digest: str, who: str, at: str) -> None:
    """All lines of a statement are in."""
    tx.write(
        "INSERT INTO statement(id, park, kind, place, from_at, to_at, is_whole, lines, fresh, aside,"
        " paid_minor, back_minor, titles, file, digest, who, at)"
        " VALUES ((SELECT coalesce(max(id), 0) + 1 FROM statement), :park, :kind, :place, :from_at, :to_at,"
        " :is_whole, :lines, :fresh, :aside, :paid_minor, :back_minor, :titles, :file, :digest, :who, :at)",
        park=park, kind=statement.kind, place=statement.place, from_at=statement.from_at,
        to_at=statement.to_at, is_whole=int(statement.is_whole), lines=len(statement.lines), fresh=new,
        aside=statement.left, paid_minor=statement.paid_minor, back_minor=statement.back_minor,
        titles=orjson.dumps(statement.columns).decode(), file=statement.digest, digest=digest, who=who, at=at,
    )  # fmt: skip


def imported(tx: Transaction, park: str) -> list[Read]:
    """The last statements of a park, the newest first."""
    found = tx.rows(
        "SELECT kind, place, from_at, to_at, is_whole, lines, fresh, aside, paid_minor, back_minor, who, at"
        " FROM statement WHERE park = :park ORDER BY id DESC LIMIT :most",
        park=park, most=LISTED_MAX,
    )  # fmt: skip
    return [Read(*row) for row in found]


def columns(tx: Transaction, park: str) -> tuple[str, ...]:
    """What somebody called the columns of the last card settlement of a park."""
    row = tx.row(
        "SELECT titles FROM statement WHERE park = :park AND kind = :kind ORDER BY id DESC LIMIT 1",
        park=park, kind=CARD,
    )  # fmt: skip
    return tuple(orjson.loads(row[0])) if row else ()


def has_line(tx: Transaction, park: str, kind: str, code: str) -> bool:
    """Whether a statement of a park has a payment."""
    select = "SELECT 1 FROM statement_line WHERE park = :park AND pays = :code AND kind = :kind"
    return tx.row(select, park=park, code=code, kind=kind) is not None


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
        " :paid_as, :state, :difference_minor, :reason, :who, :at)",
        park=park, tender=made.kind, subject=made.subject, code=made.code, decision=made.decision,
        paid_as=made.line or None, state=made.state, difference_minor=made.difference_minor,
        reason=made.reason, who=made.by, at=made.at,
    )  # fmt: skip

"""Statements beside what this till took: read once, confirmed where they hold it, decided by a person.

The lines of a statement are heard, and posted by nobody; a till says of its own claims alone that they hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from gatepos.domain import claims as states
from gatepos.domain import moments, money, policy, text
from gatepos.domain.claims import Match, NoSuchLine, NotThatDecision
from gatepos.domain.entry import Entry
from gatepos.domain.statements import CARD, MPESA, Statement
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import claims, reconciliation, statements
from gatepos.ledger.feeds import Payment
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.reconciliation import Asked, Kept
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay


class NotOurClaim(Refusal):
    """A claim of another till."""

    says = N_("Another till took this code: only that till can dispute it.")


@dataclass(frozen=True, slots=True)
class Imported:
    """A statement that was read, how many of its lines were new; `is_known` where it was read before."""

    statement: Statement
    new: int
    is_known: bool


class Reconciliation:
    """For managers; the parsing and the papers are elsewhere."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def columns(self) -> Sequence[str]:
        """What somebody called the columns of the last card settlement."""
        for entry in reversed(self._imported()):
            if entry.data["statement"] == CARD and entry.data["columns"]:
                return tuple(map(str, entry.data["columns"]))  # type: ignore[call-overload]
        return ()

    def last(self) -> Entry | None:
        """The statement that was read last."""
        return next(reversed(self._imported()), None)

    def take(self, statement: Statement, give_way: GiveWay = lambda: None) -> Imported:
        """Read a statement in, once, however often it comes; NotAllowed, Contradicts, what the disk says."""
        self._desk.allowed("reconcile")
        ledger = self._desk.ledger
        data = statements.body(statement)
        digest = statements.digest(data)
        known = statements.known(ledger.conn, statement.lines)
        for line in statement.lines:
            line.check_same(known.get(line.id, line))
        new = len(statement.lines) - len(known)
        before = next((one for one in self._imported() if one.data["digest"] == digest), None)
        # Kept and read in again also where it is known: what a disk refused the first time comes in now.
        statements.keep(ledger.folder, data)
        entry = before or self._desk.write("statement.imported", _told(statement, new, digest)).entry
        for batch in statements.batches(statement.lines):
            ledger.put(partial(statements.insert, lines=batch))
            give_way()
        ledger.put(partial(statements.note, entry=entry))
        return Imported(statement, new, before is not None)

    def around(self, statement: Statement, give_way: GiveWay = lambda: None) -> Asked:
        """What belongs to the days of a statement."""
        return self._asked(*statement.days, give_way)

    def confirm(self, matches: Iterable[Match], give_way: GiveWay = lambda: None) -> int:
        """Write of each payment that this till claimed and a statement holds that it does, once; how many.

        The matches are made elsewhere: they may take their time, and nobody waits for them here.
        """
        held = (states.CONFIRMED, states.OVER)
        found = (one for one in matches if one.kind == MPESA and one.judged in held and one.lines)
        count = 0
        for payment in (payment for match in found for payment in _payments(match)):
            claim = claims.of_confirmed(self._desk.ledger, payment)
            if claim is not None:
                self._desk.note("payment.confirmed", claim.as_data())
                count += 1
            give_way()
        return count

    def asked(self, first: date, last: date, give_way: GiveWay = lambda: None) -> Asked:
        """What belongs to a range of days; NotAllowed, TooManyDays."""
        self._desk.allowed("look")
        reconciliation.check_days(first, last)
        return self._asked(first.isoformat(), last.isoformat(), give_way)

    def decide(
        self,
        match: Match,
        decision: str,
        reason: str,
        line: str | None = None,
        second: Second | None = None,
        id: str | None = None,
    ) -> Recorded:
        """What a person says of a match as they see it; `line` the code of the line that a claim is.

        NotAllowed, OwnClaim, ReasonMissing, NotThatDecision, NoSuchLine, and NeedsSecond to write money off,
        or to explain more than the policy lets by.
        """
        match.check_decider(self._desk.allowed("reconcile").number)
        data = {
            "tender": match.kind,
            "subject": match.subject,
            "code": match.code,
            "decision": decision,
            "line": line,
            "state": match.judged,
            "difference_minor": match.difference_minor,
            "reason": text.reason(reason),
        }
        match.check_decision(decision, line)
        if line is not None and not self._has_line(match.kind, line):
            raise NoSuchLine(code=line[:20])
        return self._desk.write("claim.decided", data, id=id, also=self._also(match, data, second))

    def _also(
        self, match: Match, data: Mapping[str, object], second: Second | None
    ) -> Mapping[str, object] | None:
        alone_max_minor = self._desk.policy.whole(policy.EXPLAINED_MAX) * money.MINOR
        if not match.needs_second(str(data["decision"]), alone_max_minor):
            return None
        if second is not None:
            match.check_decider(second.staff)
        return self._approvals.also(second, "claim.decided", data)

    def dispute(self, match: Match, reason: str) -> Recorded:
        """Say of a claim of this till that it does not hold; NotAllowed, NotThatDecision, NotOurClaim."""
        self._desk.allowed("reconcile")
        if match.kind != MPESA or match.judged not in states.DISPUTED or not match.claims:
            raise NotThatDecision()
        own = [part for part in match.claims[0].parts if part.till == self._desk.own.till]
        if not own:
            raise NotOurClaim()
        data = {
            "reference": match.claims[0].code,
            "receipt": min(part.receipt for part in own),
            "why": match.judged,
            "claimed_minor": match.used_minor,
            "paid_minor": match.paid_minor,
            "reason": text.reason(reason),
        }
        return self._desk.write("payment.disputed", data)

    def _asked(self, first: str, last: str, give_way: GiveWay) -> Asked:
        conn = self._desk.ledger.conn

        def rows(sql: str, **values: object) -> Iterable[tuple[Any, ...]]:
            give_way()
            return conn.execute(sql, values).fetchall()

        at = moments.to_text(self._desk.now_ms())
        return reconciliation.asked(Kept(rows), first, last, at)

    def _has_line(self, kind: str, code: str) -> bool:
        return bool(statements.paying(self._desk.ledger.conn, kind, code))

    def _imported(self) -> list[Entry]:
        return self._desk.ledger.of_kind("statement.imported")


def _told(statement: Statement, new: int, digest: str) -> dict[str, object]:
    return {
        "statement": statement.kind,
        "paybill": statement.place or None,
        "from_at": statement.from_at,
        "to_at": statement.to_at,
        "lines": len(statement.lines),
        "new": new,
        "left": statement.left,
        "paid_minor": statement.paid_minor,
        "back_minor": statement.back_minor,
        "is_whole": statement.is_whole,
        "columns": [text.line(title) for title in statement.columns],
        "file": statement.digest,
        "digest": digest,
    }


def _payments(match: Match) -> Iterable[Payment]:
    """The payments that are confirmed by it, under the codes by which they were claimed."""
    by_code = {line.code: line for line in match.lines if not line.reverses}
    for claim in match.claims:
        line = by_code.get(claim.code)
        exact = line or min(by_code.values(), key=lambda one: one.key, default=None)
        if exact is not None:
            paid = (exact.amount_minor or 0) if line or len(match.claims) == 1 else claim.used_minor
            yield Payment(claim.code, exact.account, paid, exact.at, claims.CONFIRMED)

"""Statements beside what this till took: read once, confirmed where they hold it, decided by a person.

The lines of a statement are heard, and posted by nobody; a till says of its own claims alone that they hold.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from gatepos.domain import claims as states
from gatepos.domain import moments, money, policy, text
from gatepos.domain.claims import Match, NotThatDecision
from gatepos.domain.entry import Entry
from gatepos.domain.statements import CARD, MPESA, Line, Statement
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import claims, reconciliation, statements
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.reconciliation import Asked, Kept
from gatepos.till.approvals import Approvals, Second
from gatepos.till.confirmations import Confirmations, days
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay


class NotOurClaim(Refusal):
    """A claim of another till."""

    says = N_("Another till took this code: only that till can dispute it.")


@dataclass(frozen=True, slots=True)
class Imported:
    """A statement that was read, how many of its lines were new; `is_known` where it was read before.

    `contested` are the codes of payments of which another statement tells otherwise.
    """

    statement: Statement
    new: int
    is_known: bool
    contested: frozenset[str]


class Reconciliation:
    """For managers; the parsing and the papers are elsewhere."""

    def __init__(self, desk: Desk, approvals: Approvals, confirmations: Confirmations):
        self._desk = desk
        self._approvals = approvals
        self._confirmations = confirmations

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
        """Read a statement in, once, however often it comes.

        NotAllowed, StrangePaybill, Contradicts, what the disk says, and WasWithdrawn: one person undoes
        nothing of two.
        """
        self._desk.allowed("reconcile")
        ledger = self._desk.ledger
        statement.check_place(self._paybills())
        data = statements.body(statement)
        digest = statements.digest(data)
        self._check_not_withdrawn(digest)
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
        return Imported(statement, new, before is not None, self._contested(statement, entry, give_way))

    def imports(self) -> Sequence[Entry]:
        """The statements that were read and count, the last first."""
        return tuple(reversed(self._imported()))

    def of_body(self, statement: Statement) -> Entry:
        """The import of a statement that was read before; NoSuchStatement."""
        digest = statements.digest(statements.body(statement))
        for entry in self.imports():
            if entry.data["digest"] == digest:
                return entry
        raise statements.NoSuchStatement()

    def withdraw(
        self,
        import_id: str,
        reason: str,
        second: Second | None = None,
        id: str | None = None,
        give_way: GiveWay = lambda: None,
    ) -> Recorded:
        """A statement that was read counts no more: two people say so; what was decided of its lines lapses.

        What nothing else holds is confirmed no more. What is cut off once it is written is done at the next
        start. NotAllowed, ReasonMissing, NoSuchStatement, NeedsSecond, and OwnClaim for who took a claim that
        it does not bear out.
        """
        person = self._desk.allowed("reconcile")
        withdrawn = next((one for one in self._imported() if one.id == import_id), None)
        if withdrawn is None:
            raise statements.NoSuchStatement()
        data = {**withdrawn.data, "new": 0, "withdraws": withdrawn.id, "reason": text.reason(reason)}
        about = {name: data[name] for name in ("withdraws", "digest", "reason")}
        if second is not None:
            for match in self.around_import(import_id).matches():
                if match.judged in states.DISPUTED:
                    match.check_decider(person.number)
                    match.check_decider(second.staff)
        also = self._approvals.also(second, "statement.imported", about)
        done = self._desk.write("statement.imported", data, id=id, also=also)
        self._end(withdrawn, str(data["reason"]), give_way)
        return done

    def go_on(self) -> None:
        """End the withdrawals that were cut off."""
        read = statements.read(self._desk.ledger.conn)
        for entry in self._desk.ledger.of_kind("statement.imported"):
            withdrawn = self._desk.ledger.by_id(str(entry.data.get("withdraws") or ""))
            if withdrawn is not None and withdrawn.seq in read:
                self._end(withdrawn, str(entry.data["reason"]), lambda: None)

    def _end(self, withdrawn: Entry, reason: str, give_way: GiveWay) -> None:
        """What was said over its lines ends before they are forgotten: so it can be done again."""
        ledger, others, kind = self._desk.ledger, self._imported(), str(withdrawn.data["statement"])
        gone = statements.alone(ledger.conn, ledger.folder, withdrawn, others)
        codes = {line.pays for line in gone} | self._unspoken(withdrawn, kind, give_way)
        self._reopen(kind, codes, reason, give_way)
        if kind == MPESA:
            self._confirmations.without(gone, reason, give_way)
        statements.clear(ledger.conn, ledger.folder, withdrawn, others, ledger.put, give_way)

    def _unspoken(self, withdrawn: Entry, kind: str, give_way: GiveWay) -> set[str]:
        """The codes of claims of which it alone spoke, by not having them."""
        others = f"(SELECT * FROM statement_read WHERE seq <> {withdrawn.seq})"
        kept = replace(self._kept(give_way), read=others)
        first, last = (day.isoformat() for day in statements.days(withdrawn))
        at = moments.to_text(self._desk.now_ms())
        return reconciliation.waiting(reconciliation.asked(kept, first, last, at), kind)

    def around(self, statement: Statement, give_way: GiveWay = lambda: None) -> Asked:
        """What belongs to the days of a statement."""
        return self._asked(*statement.days, give_way)

    def around_import(self, import_id: str, give_way: GiveWay = lambda: None) -> Asked:
        """What belongs to the days of a statement that was read, withdrawn or not; NoSuchStatement."""
        entry = self._desk.ledger.by_id(import_id)
        if entry is None or entry.kind != "statement.imported":
            raise statements.NoSuchStatement()
        first, last = (day.isoformat() for day in statements.days(entry))
        return self._asked(first, last, give_way)

    def confirm(self, matches: Iterable[Match], give_way: GiveWay = lambda: None) -> int:
        """Write of each payment that this till claimed and a statement holds that it does, once; how many.

        Of what nothing holds any more it is written that it is not confirmed. The matches are made elsewhere:
        they may take their time, and nobody waits for them here.
        """
        return self._confirmations.settle(matches, give_way)

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

        NotAllowed, OwnClaim, ReasonMissing, NotThatDecision, NoSuchLine, LineClaimed, and NeedsSecond to
        write money off, or to explain, or to call a line, more in a day than the policy lets by.
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
        lines: Sequence[Line] = []
        if line is not None:
            at = moments.to_text(self._desk.now_ms())
            reconciliation.check_free(self._kept(lambda: None), match.kind, line, at)
            lines = statements.paying(self._desk.ledger.conn, match.kind, line)
        also = self._also(match, data, second)
        alone_minor = match.alone_minor(decision) if also is None else 0
        data["alone_minor"] = alone_minor or None
        done = self._desk.write("claim.decided", data, id=id, also=also)
        if match.kind == MPESA and decision in (states.IS_LINE, states.REOPENED):
            first, last = days(match, *lines)
            self.confirm(self._asked(first, last, lambda: None).matches())
        return done

    def _also(
        self, match: Match, data: Mapping[str, object], second: Second | None
    ) -> Mapping[str, object] | None:
        most_minor = self._desk.policy.whole(policy.EXPLAINED_MAX) * money.MINOR
        at, by = moments.to_text(self._desk.now_ms()), self._desk.signed_in().number
        before_minor = reconciliation.alone_minor(self._kept(lambda: None), [by], at)
        if not match.needs_second(str(data["decision"]), before_minor, most_minor):
            return None
        if second is not None:
            match.check_decider(second.staff)
        return self._approvals.also(second, "claim.decided", data)

    def dispute(self, match: Match, reason: str) -> Recorded:
        """Say of a claim of this till that it does not hold.

        NotAllowed, OwnClaim, NotThatDecision, NotOurClaim.
        """
        match.check_decider(self._desk.allowed("reconcile").number)
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
        at = moments.to_text(self._desk.now_ms())
        return reconciliation.asked(self._kept(give_way), first, last, at)

    def _kept(self, give_way: GiveWay) -> Kept:
        return reconciliation.of_ledger(self._desk.ledger.conn, give_way)

    def _reopen(self, kind: str, codes: set[str], reason: str, give_way: GiveWay) -> None:
        """What was decided of payments that no statement holds any more is to be decided again."""
        for one in reconciliation.decided(self._kept(give_way), kind, codes):
            data = {
                "tender": one.kind, "subject": one.subject, "code": one.code, "decision": states.REOPENED,
                "line": None, "state": one.state, "difference_minor": one.difference_minor, "reason": reason,
                "alone_minor": None,
            }  # fmt: skip
            self._desk.write("claim.decided", data)
            give_way()

    def _check_not_withdrawn(self, digest: str) -> None:
        imported = self._desk.ledger.of_kind("statement.imported")
        if any(one.data.get("withdraws") and one.data["digest"] == digest for one in imported):
            raise statements.WasWithdrawn()

    def _contested(self, statement: Statement, entry: Entry, give_way: GiveWay) -> frozenset[str]:
        def others() -> Iterator[Statement]:
            for near in statements.beside(entry, self._imported()):
                give_way()
                other = statements.whole(self._desk.ledger.folder, near)
                if other is not None:
                    yield other

        return statement.contested(others())

    def _paybills(self) -> set[str]:
        """The paybills that were ever paid to here: by policy, in outages, for passes from elsewhere."""
        ledger = self._desk.ledger
        changed = ((entry.data["key"], entry.data["value"]) for entry in ledger.of_kind("config.changed"))
        outages = {str(entry.data["paybill"]) for entry in ledger.of_kind("outage.opened")}
        return policy.paybills(changed) | outages | claims.paybills(ledger)

    def _imported(self) -> list[Entry]:
        return statements.standing(self._desk.ledger.of_kind("statement.imported"))


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

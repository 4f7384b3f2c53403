"""Which of this till's claims it says are confirmed: one place says it, and says where it holds no more."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from gatepos.domain import claims as states
from gatepos.domain import moments
from gatepos.domain.claims import Match
from gatepos.domain.entry import Entry
from gatepos.domain.payment import folded
from gatepos.domain.statements import MPESA, Line
from gatepos.ledger import claims, reconciliation
from gatepos.ledger.feeds import Payment
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay


class Confirmations:
    """What central or a statement holds is said once; what neither holds any more is undone."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def say(self, payment: Payment) -> bool:
        """Say of a payment that it is confirmed, where this till claimed it; whether that is new."""
        claim = claims.of_confirmed(self._desk.ledger, payment)
        if claim is not None:
            self._desk.note("payment.confirmed", claim.as_data())
        return claim is not None

    def settle(self, matches: Iterable[Match], give_way: GiveWay = lambda: None) -> int:
        """Say what statements hold by these matches, and undo what nothing holds; how many are said anew."""
        count, doubted = 0, []
        for match in (one for one in matches if one.kind == MPESA):
            if _holds(match):
                count += sum(map(self.say, _payments(match)))
            else:
                doubted += [entry for claim in match.claims if (entry := self._of_statement(claim.code))]
            give_way()
        self.undo(doubted, "", give_way)
        return count

    def without(self, gone: Collection[Line], why: str, give_way: GiveWay = lambda: None) -> None:
        """Undo what these lines confirmed, which count no more, unless central or other lines hold it."""
        codes, at = {folded(line.pays) for line in gone}, {line.at for line in gone}
        found = claims.said_within(self._desk.ledger, min(at), max(at)) if at else []
        found += [entry for line in gone if (entry := claims.said(self._desk.ledger, line.pays))]
        doubted = [
            entry for entry in {one.seq: one for one in found}.values()
            if (folded(_code(entry)) in codes or entry.data["paid_at"] in at)
            and self._of_statement(_code(entry))
        ]  # fmt: skip
        self.undo(doubted, why, give_way, gone={line.id for line in gone})

    def undo(
        self, doubted: Iterable[Entry], why: str, give_way: GiveWay = lambda: None, gone: Collection[str] = ()
    ) -> None:
        """Say of each that it is confirmed no more, unless a statement holds it.

        `why`, or how it stands; lines by the ids in `gone` count no more.
        """
        by_days: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in doubted:
            by_days[self._days(entry)].append(entry)
        for days, entries in by_days.items():
            stood = self._stood(*days, gone, give_way)
            for entry in entries:
                matches = stood.get(folded(_code(entry)), [])
                if not any(map(_holds, matches)):
                    how = matches[0].judged if matches else states.UNKNOWN
                    self._desk.note("payment.confirmed", {**entry.data, "undone": why or how})
                    give_way()

    def _of_statement(self, code: str) -> Entry | None:
        """What was said of a code where central does not say it."""
        central = claims.of_code(self._desk.ledger, code)
        is_central = central is not None and central.state == claims.CONFIRMED
        return None if is_central else claims.said(self._desk.ledger, code)

    def _days(self, entry: Entry) -> tuple[str, str]:
        """The first and the last on which it was paid or claimed."""
        paid_on = moments.local_day(moments.from_text(str(entry.data["paid_at"]))).isoformat()
        days = sorted({paid_on, *claims.days(self._desk.ledger, _code(entry))})
        return days[0], days[-1]

    def _stood(
        self, first: str, last: str, gone: Collection[str], give_way: GiveWay
    ) -> Mapping[str, list[Match]]:
        """How claims stand, by their codes, O read as 0 and I as 1."""
        at = moments.to_text(self._desk.now_ms())
        kept = reconciliation.of_ledger(self._desk.ledger.conn, give_way)
        asked = reconciliation.asked(kept, first, last, at)
        asked.found.lines = [line for line in asked.found.lines if line.id not in gone]
        stood: dict[str, list[Match]] = defaultdict(list)
        for match in (one for one in asked.matches() if one.kind == MPESA):
            for claim in match.claims:
                stood[folded(claim.code)].append(match)
        return stood


def days(match: Match, *lines: Line) -> tuple[str, str]:
    """The first and the last day of a match, and of lines that are to belong to it."""
    found = [part.day for claim in match.claims for part in claim.parts]
    found += [line.day for line in (*match.lines, *lines)]
    return min(found), max(found)


def _holds(match: Match) -> bool:
    return bool(match.lines) and match.judged in (states.CONFIRMED, states.OVER)


def _code(entry: Entry) -> str:
    return str(entry.data["reference"])


def _payments(match: Match) -> Iterable[Payment]:
    """The payments that are confirmed by it, under the codes by which they were claimed."""
    by_code = {line.code: line for line in match.lines if not line.reverses}
    for claim in match.claims:
        line = by_code.get(claim.code)
        exact = line or min(by_code.values(), key=lambda one: one.key, default=None)
        if exact is not None:
            paid = (exact.amount_minor or 0) if line or len(match.claims) == 1 else claim.used_minor
            yield Payment(claim.code, exact.account, paid, exact.at, claims.CONFIRMED)

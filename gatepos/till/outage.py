"""An outage: a person opens it under an authority, sells on inside it, and closes it with a statement."""

from collections.abc import Mapping
from typing import cast

from gatepos.domain import moments, money, policy, staff, text
from gatepos.domain.entry import Entry
from gatepos.domain.records import DEBTS_MAX, SERVED_MAX
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.vocabulary import CAUSES
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import outages, totals
from gatepos.ledger import source as sources
from gatepos.ledger.ledger import Recorded
from gatepos.till import state_views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk

_COUNTERSIGN_WITHIN_MS = moments.DAY_MS
_KEPT = ("cause", "authority", "paybill", "since", "cash_max_minor", "is_standing")
"""The terms of an outage that its statement repeats."""
LIMITS = tuple(key for key in policy.SETTINGS if key.endswith(("_soft", "_hard")))
"""The limits that an outage's authority may set for it."""


class OutageOpen(Refusal):
    """One outage at a time."""

    says = N_("An outage is open since {since}. Close it before you open another.")


class NoOutage(Refusal):
    """Something that is done only inside an outage."""

    says = N_("No outage is open. A supervisor opens one, or you under the standing order.")


class NoOrder(NeedsSecond):
    """A clerk alone, and no standing order that holds now: a supervisor beside them may."""

    says = N_("No standing order lets you open an outage now: {why}. Call a supervisor.")


class AuthorityMissing(Refusal):
    """An outage without the order under which the other paybill is used."""

    says = N_("Say under whose order the other paybill is used.")


class NotSince(Refusal):
    """An outage that begins in the future, or too long ago."""

    says = N_("An outage begins now or within the last day.")


class UnknownCause(Refusal):
    """A cause that is none of the known ones."""

    says = N_("The cause is one of {causes}.")


class UnknownLimit(Refusal):
    """A limit that an outage cannot have."""

    says = N_("There is no limit {key}.")


class NothingToCountersign(Refusal):
    """An outage that needs nobody's agreement, or has it."""

    says = N_("No outage waits for a countersignature.")


class Outages:
    """The outage of this till."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def open(
        self,
        cause: str,
        authority: str = "",
        paybill: str = "",
        cash_max: str = "0",
        down_min: int = 0,
        limits: Mapping[str, int] | None = None,
        second: Second | None = None,
        id: str | None = None,
    ) -> Recorded:
        """Open an outage that began `down_min` minutes ago: a supervisor, or a clerk by the standing order.

        Refusals: OutageOpen, UnknownCause, NotSince, AuthorityMissing, NoOrder, BadPolicyValue, UnknownLimit.
        """
        desk = self._desk
        person = desk.allowed("sell")
        if (outage := desk.outage()) is not None:
            raise OutageOpen(since=_since(outage))
        if cause not in CAUSES:
            raise UnknownCause(causes=", ".join(CAUSES))
        if not 0 <= down_min <= 24 * 60:
            raise NotSince()
        is_own = staff.may(person.roles, "outage") or second is not None
        terms = self._terms(authority, paybill, cash_max, limits or {}) if is_own else self._order(down_min)
        since_ms = desk.clock.wall_ms() - down_min * moments.MINUTE_MS
        data = {"cause": cause, "since": moments.to_text(since_ms), **terms, "is_standing": not is_own}
        also = self._approvals.also(second, "outage.opened", {"cause": cause, **terms}) if second else None
        return desk.write("outage.opened", data, id=id, also=also)

    def countersign(self, note: str = "", second: Second | None = None) -> Recorded:
        """A supervisor agrees to what a clerk opened; NothingToCountersign, NotAllowed, NeedsSecond."""
        opened = self._unsigned()
        if opened is None:
            raise NothingToCountersign()
        data = {"outage": opened.id, "note": text.free(note) or None}
        also = None
        if second is not None or self._desk.allowed("outage").number == opened.by:
            also = self._approvals.also(second, "outage.countersigned", data)
        return self._desk.write("outage.countersigned", data, also=also)

    def close(self, second: Second | None = None, id: str | None = None) -> Recorded:
        """Close it with its statement; whoever opened it, or a supervisor. NoOutage, NeedsSecond."""
        desk = self._desk
        person, opened = desk.allowed("sell"), desk.outage()
        if opened is None:
            raise NoOutage()
        is_own = staff.may(person.roles, "outage") or person.number == opened.by
        also = None
        if second or not is_own:
            also = self._approvals.also(second, "outage.closed", {"outage": opened.id})
        data = {
            "outage": opened.id,
            **{name: opened.data[name] for name in _KEPT},
            "opened_by": opened.by,
            "agreed_by": self._agreed_by(opened),
            "countersigned_by": self._countersigned_by(opened),
            "until": moments.to_text(desk.clock.wall_ms()),
            **self.statement(opened),
        }
        return desk.write("outage.closed", data, id=id, also=also, prints=True)

    def statement(self, opened: Entry) -> dict[str, object]:
        """What was sold and issued inside it so far, to the shilling, as its closing holds it."""
        ledger = self._desk.ledger
        receipts, receipts_minor = totals.sold_since(ledger, opened.seq)
        tendered = totals.tendered_since(ledger, opened.seq)
        return {
            "receipts": receipts,
            "receipts_minor": receipts_minor,
            "collected_minor": totals.collected_since(ledger, opened.seq),
            **totals.of_outage(ledger, opened.id).as_fields(),
            "tendered": [
                {"tender": tender, "currency": currency, "amount_minor": minor}
                for (tender, currency), minor in sorted(tendered.items())
            ],
            **self._listed(opened),
        }

    def _listed(self, opened: Entry) -> dict[str, object]:
        """What its statement lists beside its sums: leaves, its paybill, who owes the most, who served."""
        ledger = self._desk.ledger
        source = sources.of_ledger(ledger.conn, ledger.context.till, ledger.receivables)
        outage = outages.Outage(opened)
        leaves = outages.leaves(source, outage)
        debts = outages.debts(source, outages.passes(source, outage))[:DEBTS_MAX]
        served = [one.staff for one in outages.served(source, outage) if one.staff]
        inside = (paid.kes_minor for paid in outages.paid(source, outage) if paid.is_inside)
        return {
            "leaves": len(leaves),
            "leaves_minor": sum(cast(int, leaf.data["total_minor"]) for leaf in leaves),
            "paybill_minor": sum(inside),
            "owed": [
                {
                    "plate": debt.plate,
                    "operator": debt.operator or None,
                    "passes": debt.passes,
                    "owed_minor": debt.owed_minor,
                }
                for debt in debts
            ],
            "staff": served[:SERVED_MAX],
        }

    def view(self) -> state_views.OutageView:
        """The outage that is open, and what the standing order would let a clerk do."""
        desk, opened = self._desk, self._desk.outage()
        unsigned = self._unsigned()
        age_ms = desk.clock.wall_ms() - moments.from_text(unsigned.at) if unsigned else 0
        may_open = desk.person is not None and staff.may(desk.person.roles, "outage")
        return state_views.OutageView(
            is_open=opened is not None,
            since_ms=moments.from_text(_since(opened)) if opened else 0,
            cause=cast(str, opened.data["cause"]) if opened else "",
            paybill=desk.paybill(),
            authority=cast(str, opened.data["authority"]) if opened else "",
            cash_max_minor=cast(int, opened.data["cash_max_minor"]) if opened else 0,
            opened_by=(opened.by or "") if opened else "",
            agreed_by=(self._agreed_by(opened) or "") if opened else "",
            needs_countersign=unsigned is not None,
            is_overdue=age_ms > _COUNTERSIGN_WITHIN_MS,
            order=desk.policy.text(policy.ORDER),
            order_paybill=desk.policy.text(policy.ORDER_PAYBILL),
            order_after_min=desk.policy.whole(policy.ORDER_AFTER_MIN),
            may_open=may_open,
            statement=self.statement(opened) if opened else {},
        )

    def _terms(
        self, authority: str, paybill: str, cash_max: str, limits: Mapping[str, int]
    ) -> dict[str, object]:
        under = text.free(authority) or self._desk.policy.text(policy.ORDER)
        if not under:
            raise AuthorityMissing()
        for key in limits:
            if key not in LIMITS:
                raise UnknownLimit(key=key[:40])
        return {
            "paybill": policy.parse(policy.PAYBILL, paybill or self._desk.policy.text(policy.ORDER_PAYBILL)),
            "authority": under,
            "cash_max_minor": money.parse(cash_max),
            "limits": [{"key": key, "value": value} for key, value in sorted(limits.items())],
        }

    def _order(self, down_min: int) -> dict[str, object]:
        """What the manager's standing order says, when it holds now; NoOrder."""
        rules, clock = self._desk.policy, moments.local(self._desk.clock.wall_ms())
        after_min, now = rules.whole(policy.ORDER_AFTER_MIN), f"{clock:%H:%M}"
        begins, ends = rules.text(policy.ORDER_FROM), rules.text(policy.ORDER_UNTIL)
        if not rules.text(policy.ORDER):
            raise NoOrder(why="—")
        if not begins <= now <= ends:
            raise NoOrder(why=f"{begins}–{ends}")
        if down_min < after_min:
            raise NoOrder(why=f"{down_min} < {after_min} min")
        return {
            "paybill": rules.text(policy.ORDER_PAYBILL),
            "authority": rules.text(policy.ORDER),
            "cash_max_minor": rules.whole(policy.ORDER_CASH_MAX) * money.MINOR,
            "limits": [],
        }

    def _agreed_by(self, opened: Entry) -> str | None:
        """The second person with whom it was opened, or who countersigned it later."""
        return self._countersigned_by(opened) or _second(opened)

    def _countersigned_by(self, opened: Entry) -> str | None:
        """Who agreed after a clerk opened it alone: whoever stood beside the clerk, else who signed."""
        signed = self._desk.ledger.of_kind("outage.countersigned")
        later = next((entry for entry in signed if entry.data["outage"] == opened.id), None)
        return (_second(later) or later.by) if later else None

    def _unsigned(self) -> Entry | None:
        """The first outage that a clerk opened alone and nobody has agreed to, however many came after."""
        ledger = self._desk.ledger
        signed = {entry.data["outage"] for entry in ledger.of_kind("outage.countersigned")}
        opened = (entry for entry in ledger.of_kind("outage.opened") if entry.data["is_standing"])
        return next((entry for entry in opened if entry.id not in signed), None)


def _second(entry: Entry) -> str | None:
    also = cast("Mapping[str, str] | None", entry.fields["also"])
    return also["staff"] if also else None


def _since(opened: Entry) -> str:
    return cast(str, opened.data["since"])

"""Temporary gate passes: enter now, pay on exit; from the bill at the window, changed only by appending."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import gatepass, limits, moments, money, numbers, phones, policy, postings, text
from gatepos.domain.bill import Priced
from gatepos.domain.entry import Entry
from gatepos.domain.limits import Passed
from gatepos.domain.vocabulary import GROUND, UNDERTAKING
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.ledger.ledger import Ledger, Recorded
from gatepos.till import drivers, showing, tokens, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.checkout import Checkout
from gatepos.till.corrections import is_late
from gatepos.till.desk import Desk
from gatepos.till.outage import LIMITS, NoOutage
from gatepos.till.window import Owed, Window, Work

ISSUED = ("pass.issued", "pass.reissued")
_STORIES_DAYS = 30


class NoSuchPass(Refusal):
    """A pass that this till does not hold."""

    says = N_("Pass {number} is not in this till. Only the till that issued it can change it.")


class PassEnded(Refusal):
    """A pass that was revoked or replaced."""

    says = N_("Pass {number} no longer counts.")


class NothingOwed(Refusal):
    """A pass on which nothing is owed."""

    says = N_("Nothing is owed on {number}.")


class UnknownExit(Refusal):
    """A gate that the park does not have."""

    says = N_("There is no gate {gate} to leave by.")


class OnFoot(Refusal):
    """A pass on foot that would leave by another gate."""

    says = N_("Whoever came in on foot leaves by {gate} only.")


class TooMuchWaived(Refusal):
    """More than is owed."""

    says = N_("At most KES {owed} can be waived.")


class NobodyLeaves(Refusal):
    """Letting somebody out where nobody goes out."""

    says = N_("Nobody leaves on {number} here: they left already, or the lane goes in.")


class Passes:
    """The passes of this till."""

    def __init__(self, desk: Desk, window: Window, checkout: Checkout, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._checkout = checkout
        self._approvals = approvals

    # Issuing.

    def leave_by(self, exits: Sequence[str]) -> views.SellView:
        """The gates by which the passes for the bill at the window and its group may leave, none for any.

        UnknownExit; OnFoot, because nobody walks through a park.
        """
        here = self._desk.ledger.context.gate
        known = {gate.code for gate in self._desk.park.gates}
        for gate in exits:
            if gate not in known:
                raise UnknownExit(gate=gate[:4])
            if gate != here and self._window.work.bill.is_on_foot:
                raise OnFoot(gate=self._desk.park.gate_name(here))
        for work in self._window.works:
            work.exits = tuple(sorted(set(exits)))
        return self._checkout.view()

    def driver(self, typed: str) -> views.SellView:
        """The driver's phone, optional, kept beside the pass and never in it; BadPhone."""
        self._window.work.driver = phones.parse(typed) if typed.strip() else ""
        return self._checkout.view()

    def issue(self, second: Second | None = None, id: str | None = None) -> views.RecordedView:
        """End the bill at the window as a pass, or as the one that takes the place of another.

        So do those of its group, each as a pass of its own, before it.
        NoOutage outside one; MoneyTaken; NeedsSecond past a hard limit; what the bill itself refuses.
        """
        desk, window = self._desk, self._window
        if desk.outage() is None and window.work.replaces is None:
            raise NoOutage()
        window.check_no_money()
        desk.shift()
        self._checkout.check()
        if window.work.group:
            self._checkout.open()
        work = window.work
        also = self._also(self.limits(), second)
        while work.group:
            first, *others = work.group
            with window.serving(first):
                done = self._issue(also, None)
            work.group, work.recorded = tuple(others), (*work.recorded, done)
        done = self._issue(also, id)
        window.remember(done, work.recorded)
        window.work = window.fresh()
        return showing.recorded(done, work.recorded)

    def _issue(self, also: Mapping[str, object] | None, id: str | None) -> Recorded:
        """The pass of the vehicle in work."""
        window, work = self._window, self._window.work
        data = {**self._issued(), "passed": [one.key for one in self._passed()]}
        if work.replaces is None:
            done = self._write("pass.issued", data, postings.of_pass(window.priced().lines), also, id)
        else:
            done = self._reissued(work.replaces, data, work.reason, also, id)
        drivers.keep(self._desk, done, work.driver, work.replaces)
        return done

    def limits(self) -> tuple[Passed, ...]:
        """The limits that a pass for the bill at the window would pass, and for the others of its group."""
        found: dict[str, Passed] = {}
        before: list[tuple[Work, int]] = []
        for work, minor in zip(self._window.works, self._window.minor_each(), strict=True):
            with self._window.serving(work):
                found |= {one.key: one for one in self._passed(before)}
            before.append((work, minor))
        return tuple(found.values())

    def _passed(self, before: Sequence[tuple[Work, int]] = ()) -> tuple[Passed, ...]:
        """The limits that a pass for the vehicle in work would pass after those `before` it, KES minor."""
        bill, replaced = self._window.work.bill, self._window.work.replaces
        number = replaced.number if replaced else None
        known = passes.standing(self._desk.ledger, bill.plate, bill.operator, number)
        operator = text.alike(bill.operator or "")
        alike = [work for work, _ in before if operator and text.alike(work.bill.operator or "") == operator]
        standing = replace(
            known,
            till_count=known.till_count + len(before),
            till_minor=known.till_minor + sum(minor for _, minor in before),
            operator_count=known.operator_count + len(alike),
            of_plate=known.of_plate + tuple(_numbers_of(bill.plate, before)),
        )
        return limits.passed(self._window.priced().total_minor, standing, self._limits())

    def warnings(self) -> tuple[Said, ...]:
        """What the clerk should know before giving this vehicle a pass, one line each."""
        known = tuple(self._left_before(self._window.work.bill.plate))
        if self._desk.outage() is None:
            return known
        return (*known, *(one.said for one in self.limits()))

    def _left_before(self, plate: str) -> Iterator[Said]:
        """What this vehicle left owing, on an undertaking or, in the last month, on a story."""
        if not plate:
            return
        left = passes.undertakings(self._desk.ledger, plate)
        if left:
            yield LeftOwing(passes=", ".join(map(numbers.printed, left)))
        since_ms = moments.at_local(self._desk.today(), 0) - _STORIES_DAYS * moments.DAY_MS
        times, minor = passes.left_without(self._desk.ledger, plate, moments.to_text(since_ms))
        if times:
            yield LeftWithoutPass(n=times, amount=money.amount(minor))

    # Changing.

    def reissue(
        self, typed: str, reason: str, second: Second | None = None, id: str | None = None
    ) -> views.RecordedView:
        """Print the pass anew under a new number: the old paper dies, what was paid on it moves over."""
        old = self._living(typed)
        data = {name: old.data[name] for name in _KEPT} | self._place(old.data)
        why = text.reason(reason)
        about = {"pass": old.number, "reason": why}
        also = self._approvals.also(second, "pass.reissued", about)
        phone = drivers.phone(self._desk, old)
        data = {**data, "bill": None, "passed": []}
        done = self._reissued(old, data, why, also, id or self._desk.new_id())
        self._window.remember(done)
        drivers.keep(self._desk, done, phone, old)
        return showing.recorded(done)

    def reprice(self, typed: str, priced: Priced, reason: str, also: Mapping[str, object] | None) -> Recorded:
        """Issue a pass anew at another price; its paper is printed when the vehicle is there."""
        old = self._living(typed)
        price = {
            "lines": [line.as_data() for line in priced.lines],
            "usd_minor": priced.usd_minor,
            "rate_e4": priced.rate_e4,
            "total_minor": priced.total_minor,
        }
        data = {name: old.data[name] for name in _KEPT} | self._place(old.data) | price
        phone = drivers.phone(self._desk, old)
        data = {**data, "bill": None, "passed": [], "priced_anew": True}
        done = self._reissued(old, data, reason, also, self._desk.new_id(), prints=False)
        drivers.keep(self._desk, done, phone, old)
        return done

    def correct(self, typed: str, reason: str) -> views.SellView:
        """Bring a pass's bill back to be changed; F5 then issues the one that takes its place.

        `issue` NeedsSecond when it is late, another clerk's, or would owe less.
        """
        old, why = self._living(typed), text.reason(reason)
        self._window.check_no_money()
        self._checkout.make_room()
        work = self._window.fresh()
        work.bill, work.replaces, work.reason = bills.from_data(old.data), old, why
        work.exits = tuple(cast("list[str]", old.data["exits"]))
        work.driver = drivers.phone(self._desk, old)
        self._window.work = work
        return self._checkout.view()

    def revoke(self, typed: str, reason: str, second: Second | None, id: str | None = None) -> Recorded:
        """Make a pass count no longer; the debt stays when they went in with it, or out."""
        old, why = self._living(typed), text.reason(reason)
        number = cast(str, old.number)
        found = passes.find(self._desk.ledger, number)
        owed = self._desk.ledger.receivables.owed(number)
        was_used = found is not None and bool(found.went_in or found.went_out)
        undone = 0 if was_used else cast(int, old.data["total_minor"])
        data = {
            "pass": number,
            "digest": gatepass.digest(cast(str, old.data["token"])),
            "undone_minor": undone,
            "kept_minor": owed - undone,
            "reason": why,
        }
        return self._desk.write(
            "pass.revoked",
            data,
            postings=postings.of_revocation(bills.lines(old.data), number, undone),
            id=id,
            also=self._approvals.also(second, "pass.revoked", {"pass": number, "reason": why}),
        )

    def waive(
        self, typed: str, amount: str, ground: str, second: Second | None, id: str | None = None
    ) -> Recorded:
        """Let go what is owed, or a part of it, under a law or an order; TooMuchWaived, NothingOwed."""
        number = self._owing(typed)
        owed = self._desk.ledger.receivables.owed(number)
        minor = money.parse(amount) if amount else owed
        if not 0 < minor <= owed:
            raise TooMuchWaived(owed=money.amount(owed))
        data = {"pass": number, "amount_minor": minor, "overstay_minor": None, "ground": text.reason(ground)}
        entry_postings = postings.of_waiver(number, minor)
        also = self._approvals.also(second, "pass.waived", data)
        return self._desk.write("pass.waived", data, postings=entry_postings, id=id, also=also)

    def let_out(
        self,
        owed: Owed,
        reason: str,
        second: Second | None = None,
        operator: str = "",
        how: str = UNDERTAKING,
        id: str | None = None,
    ) -> Recorded:
        """Nobody is kept in: they leave owing, on an undertaking or on a ground.

        Alone up to policy's amount on an undertaking; above it, or on a ground, NeedsSecond; NotAllowed;
        NobodyLeaves.
        """
        if not owed.leaving:
            raise NobodyLeaves(number=numbers.printed(owed.paper.number))
        most = self._desk.policy.whole(policy.UNDERTAKING_MAX) * money.MINOR
        needs_second = how == GROUND or owed.owed_minor > most
        found = passes.find(self._desk.ledger, owed.paper.number)
        data = {
            "pass": owed.paper.number,
            "digest": owed.digest,
            "how": how,
            "owed_minor": owed.owed_minor,
            "plate": owed.paper.plate,
            "operator": text.kept(operator) or (found.operator if found else None),
            "people": owed.leaving,
            "reason": text.reason(reason),
        }
        self._desk.allowed("sell")
        also = None
        if needs_second or second:
            about = {key: data[key] for key in ("pass", "how", "owed_minor", "plate", "reason")}
            also = self._approvals.also(second, "pass.let_out", about)
        return self._desk.write("pass.let_out", data, id=id, also=also, prints=True)

    # Step by step.

    def _issued(self) -> dict[str, object]:
        desk, window = self._desk, self._window
        exits = () if window.work.bill.is_on_foot else window.work.exits
        sold = {**self._checkout.sold(), "people": [list(g) for g in bills.people(window.priced().lines)]}
        bill = window.work.number or None
        return {
            **sold,
            "bill": bill,
            "exits": list(exits),
            **self._place(sold),
            "enters": desk.enters(window.work.bill.enter_on),
            "served_ms": window.served_ms(),
            "group": window.work.account or None,
        }

    def _place(self, sold: Mapping[str, object]) -> dict[str, object]:
        outage, rules = self._desk.outage(), self._desk.policy
        return {
            "paybill": self._desk.paybill(),
            "outage": outage.id if outage else sold.get("outage"),
            "outage_since": outage.data["since"] if outage else sold.get("outage_since"),
            "authority": outage.data["authority"] if outage else sold.get("authority"),
            "phone": rules.text(policy.GATE_PHONE),
            "kept_days": rules.whole(policy.PERSONAL_DAYS),
            "host": rules.text(policy.PASS_HOST),
        }

    def _write(
        self,
        kind: str,
        data: dict[str, object],
        entry_postings: Sequence[tuple[str, str, int]],
        also: Mapping[str, object] | None,
        id: str | None,
        owed_minor: int | None = None,
        since_s: int | None = None,
        *,
        prints: bool = True,
    ) -> Recorded:
        total = cast(int, data["total_minor"])
        exits = cast("list[str]", data["exits"])
        due_minor = total if owed_minor is None else owed_minor
        token = tokens.gate_pass(self._desk, data, exits, due_minor, since_s)
        times = {
            "valid_from": moments.to_text(token.valid_from * 1000),
            "valid_until": moments.to_text(token.valid_until * 1000),
        }
        return self._desk.write(
            kind, {**data, **times}, postings=entry_postings, series=numbers.PASS, token=token,
            id=id or self._window.work.pay_id, also=also, prints=prints,
        )  # fmt: skip

    def _reissued(
        self,
        old: Entry,
        data: dict[str, object],
        reason: str,
        also: Mapping[str, object] | None,
        id: str | None,
        *,
        prints: bool = True,
    ) -> Recorded:
        number = cast(str, old.number)
        owed = self._desk.ledger.receivables.owed(number)
        new = bills.lines(data)
        found = passes.find(self._desk.ledger, number)
        total = sum(line.kes_minor for line in new)
        paid = cast(int, old.data["total_minor"]) - owed
        data = {
            **data,
            "enters": found is not None and found.went_in > 0,
            "replaces": number,
            "replaces_digest": gatepass.digest(cast(str, old.data["token"])),
            "moved_minor": owed,
            "reason": reason,
            "group": gatepass.together(old.data),
        }
        moved = postings.of_reissue(bills.lines(old.data), new, number, owed)
        since_s = moments.from_text(cast(str, old.data["valid_from"])) // 1000
        is_same_day = data["enter_on"] == old.data["enter_on"]
        due_minor, begins_s = max(total - paid, 0), since_s if is_same_day else None
        return self._write("pass.reissued", data, moved, also, id, due_minor, begins_s, prints=prints)

    def _limits(self) -> dict[str, int]:
        """The limits in force: policy's, or those of the outage's own authority."""
        found = {key: self._desk.policy.whole(key) for key in LIMITS}
        outage = self._desk.outage()
        own = cast("list[dict[str, object]]", outage.data["limits"]) if outage else []
        return {**found, **{cast(str, limit["key"]): cast(int, limit["value"]) for limit in own}}

    def _also(self, passed: Sequence[Passed], second: Second | None) -> Mapping[str, object] | None:
        work, total_minor = self._window.work, self._window.total_minor()
        is_hard = any(one.is_hard for one in passed)
        if not second and not is_hard and not self._is_beyond_one(work.replaces, total_minor):
            return None
        about = {
            "plate": work.bill.plate,
            "total_minor": total_minor,
            "passed": [one.key for one in passed],
        }
        if work.replaces is None:
            return self._approvals.also(second, "pass.issued", about)
        about |= {"replaces": work.replaces.number, "reason": work.reason}
        return self._approvals.also(second, "pass.reissued", about)

    def _is_beyond_one(self, replaced: Entry | None, total_minor: int) -> bool:
        """Whether one clerk may not correct a pass so: it is late, not theirs, or would owe less."""
        if replaced is None:
            return False
        chain = [cast(str, replaced.number)]
        chain += passes.printed_before(self._desk.ledger, chain[0])
        first = issued(self._desk.ledger, chain[-1])
        return is_late(self._desk, first) or total_minor < cast(int, replaced.data["total_minor"])

    def _living(self, typed: str) -> Entry:
        self._desk.shift()
        entry = issued(self._desk.ledger, typed)
        number = cast(str, entry.number)
        found = passes.find(self._desk.ledger, number)
        if found is not None and found.ended is not None:
            raise PassEnded(number=numbers.printed(number))
        return entry

    def _owing(self, typed: str) -> str:
        number = cast(str, self._living(typed).number)
        if self._desk.ledger.receivables.owed(number) <= 0:
            raise NothingOwed(number=numbers.printed(number))
        return number


class LeftWithoutPass(Said):
    """A warning: the vehicle was let out on a story before, and nobody charged it."""

    says = N_("This vehicle was let out without a pass {n}×, KES {amount} not charged.")


class LeftOwing(Said):
    """A warning: the vehicle left on an undertaking before, and still owes."""

    says = N_("This vehicle left owing on {passes}.")


_KEPT = (
    "park", "product", "enter_on", "days", "nights", "plate", "band", "operator", "institution", "lines",
    "usd_minor", "rate_e4", "total_minor", "people", "exits", "outage", "outage_since",
    "authority",
)  # fmt: skip
"""What a pass that is printed anew takes over as it was."""


def issued(ledger: Ledger, typed: str) -> Entry:
    """The entry by which this till issued a pass; NoSuchPass."""
    number = str(numbers.parse(typed))
    entry = ledger.by_number(number)
    if entry is None or entry.kind not in ISSUED:
        raise NoSuchPass(number=numbers.printed(number))
    return entry


def _numbers_of(plate: str | None, before: Sequence[tuple[Work, int]]) -> Iterator[str]:
    """The bills of a plate among vehicles of one payer that get their passes first."""
    for work, _ in before:
        if plate and work.bill.plate == plate and work.number:
            yield work.number

"""What a lane makes of a paper by all that is known here: its verdict, and what an overstay costs."""

from dataclasses import replace
from typing import cast

from gatepos.domain import gatepass, moments, overstay, policy
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import Here, Past, Payload, Verdict
from gatepos.domain.vocabulary import COMING_BACK
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.seal import checking
from gatepos.till import seen, tickets
from gatepos.till.desk import Desk


def judged(
    desk: Desk, payload: Payload, issuer_gate: str, direction: str, digest: str | None
) -> tuple[Verdict, tuple[Line, ...]]:
    """The verdict on a paper whose signature holds, and what its overstay costs where it is collected."""
    here = _here(desk, payload, direction)
    if (
        payload.kind == gatepass.SEEN
        and direction == gatepass.OUT
        and not seen.holds(desk, payload, here.now)
    ):
        known = remembered(desk, payload.number)
        if known is None:
            return Verdict("seen_stale"), ()
        payload, digest = known, None
    past = past_of(desk, payload, digest)
    charge = overstay_of(desk, payload) if direction == gatepass.OUT else ()
    extra = sum(line.kes_minor for line in charge)
    verdict = gatepass.decide(payload, _gate_of(desk, payload, issuer_gate), here, past, extra)
    if verdict.word == "prepaid" and verified_at(desk, payload):
        verdict = replace(verdict, word="admit" if direction == gatepass.IN else "let_out")
    return verdict, charge if verdict.owed_minor else ()


def past_of(desk: Desk, payload: Payload, digest: str | None) -> Past:
    """What is known here of a paper, as far as it is of this park."""
    elsewhere = {row.till for row in desk.keyring.values() if row.park != desk.park.code}
    return passes.past(desk.ledger, payload, digest, elsewhere if len(payload.parks) > 1 else ())


def _gate_of(desk: Desk, payload: Payload, issuer_gate: str) -> str:
    """The gate by which whoever is on foot must go: where another park sold the package, any of this one."""
    issuer = next((row for row in desk.keyring.values() if row.till == payload.number[:4]), None)
    is_elsewhere = issuer is not None and issuer.park != desk.park.code
    return desk.ledger.context.gate if is_elsewhere else issuer_gate


def after(desk: Desk, payload: Payload, digest: str | None, before: Verdict) -> Verdict:
    """What is said of a paper that was paid, or let out owing, since the verdict `before`."""
    past = past_of(desk, payload, digest)
    owed_minor = gatepass.owed_minor(payload, past)
    if not owed_minor:
        return Verdict("let_out", people=before.people)
    if not before.people:
        return Verdict(before.word, owed_minor)
    if (past.went_in or payload.heads) - past.went_out <= 0:
        return Verdict("left_owing", people=before.people)
    return Verdict("part_paid", owed_minor, before.people)


def verified_at(desk: Desk, payload: Payload) -> str | None:
    """The moment of the list that by now has the ticket of a paper that says *not verified*."""
    entry = desk.ledger.known(payload.number) if payload.kind == gatepass.PREPAID else None
    return tickets.verified_at(desk, entry) if entry is not None and "enter_on" in entry.data else None


class NotOnThatGround(Refusal):
    """A ground on which policy lets nobody come back."""

    says = N_("Nobody comes back on that ground here. Grounds: {grounds}.")


def back_grounds(desk: Desk) -> tuple[str, ...]:
    """The grounds on which policy lets who leaves come back, in their usual order; past the gate's closing
    nobody comes back today.
    """
    named = set(desk.policy.grounds(policy.BACK_STAYING))
    if desk.now_ms() < _closes_ms(desk):
        named |= set(desk.policy.grounds(policy.BACK_TODAY))
    return tuple(ground for ground in COMING_BACK if ground in named)


def back_until_s(desk: Desk, payload: Payload, ground: str) -> int:
    """Until when who leaves on a ground may come back, unix seconds: the gate's closing, or the stay's end.

    NotOnThatGround.
    """
    if ground not in back_grounds(desk):
        raise NotOnThatGround(grounds=", ".join(back_grounds(desk)))
    if ground in desk.policy.grounds(policy.BACK_STAYING):
        return payload.valid_until
    return min(_closes_ms(desk) // 1000, payload.valid_until)


def _closes_ms(desk: Desk) -> int:
    return desk.park.hours.closes_ms(moments.local_day(desk.now_ms()))


def remembered(desk: Desk, number: str) -> Payload | None:
    """What the paper of a number says, as its till wrote it, when this till has its entry or heard it.

    None where it was erased since.
    """
    entry = desk.ledger.known(number)
    if entry is None or entry.is_erased or "token" not in entry.data or entry.kind == "pass.settled":
        return None
    return checking.read("GP:" + cast(str, entry.data["token"]), desk.keyring).payload


def named(desk: Desk, number: str) -> str:
    """The number of the paper that a number leads to: of a receipt for a pass, the pass."""
    entry = desk.ledger.known(number)
    return cast(str, entry.data["pass"]) if entry is not None and entry.kind == "pass.settled" else number


def is_strange(desk: Desk, host: str | None) -> bool:
    """Whether a code leads to a host that is not the park's, now or before."""
    if host is None:
        return False
    changes = desk.ledger.of_kind("config.changed")
    ours = {str(e.data["value"]).lower() for e in changes if e.data["key"] == policy.PASS_HOST}
    return host.lower() not in ours


def _here(desk: Desk, payload: Payload, direction: str) -> Here:
    """Where and when; by a wrong clock every paper of the business day is in its time."""
    now = desk.clock.wall_ms() // 1000
    if desk.ledger.state.clock != "ok":
        begins = moments.at_local(desk.today(), 0) // 1000
        now = min(max(payload.valid_from, begins), begins + 86_399)
    return Here(desk.park.code, desk.ledger.context.gate, direction, now)


def overstay_of(desk: Desk, payload: Payload) -> tuple[Line, ...]:
    """What the time past its end costs: nothing until policy names a regulation."""
    ledger = desk.ledger
    if not desk.policy.text(policy.OVERSTAY_UNDER) or not payload.is_pass:
        return ()
    first = passes.first_out_at(ledger, payload.number)
    until_s = (moments.from_text(first) if first else desk.clock.wall_ms()) // 1000
    n_days = overstay.days(payload, until_s)
    if not n_days or passes.is_overstay_done(ledger, payload.number):
        return ()
    sold = (p for p in desk.park.products if desk.book.parks.product(p).parks == payload.parks)
    product = next(sold, desk.park.code)
    return overstay.charge(payload, desk.schedule(), product, ledger.state.rate_e4, n_days, desk.today())

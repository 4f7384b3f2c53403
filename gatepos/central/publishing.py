"""What central sets for tills: the USD rate of everybody, the policy of a park (FORMATS.md §6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.central.store import feeds, people, planned, proposals
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.central.store.proposals import Proposal
from gatepos.domain import moments, policy
from gatepos.domain.rates import Rate
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import feed, forms

_RATES = (feed.RATES, feeds.EVERYBODY)


class MonthBefore(Refusal):
    """A rate for a month before the one that it would follow."""

    says = N_("A rate for {month} would follow the one for {now}: no till takes an earlier month.")


class RateNotTaken(Refusal):
    """A rate so far from the one before it that tills leave it alone."""

    says = N_("{rate} is twice {now} or more, or half of it or less: no till takes such a step. Check it.")


class RateInForce(Refusal):
    """A rate that is there already."""

    says = N_("The rate for {month} is {rate} already. Nothing was changed.")


class NotPlanned(Refusal):
    """A rate that waits no more."""

    says = N_("This rate does not wait any more: it was published or withdrawn. Look again.")


class NothingNew(Refusal):
    """A policy of which nothing differs."""

    says = N_("All of this is in force already. Nothing was changed.")


class ChangedMeanwhile(Refusal):
    """What was looked at before confirming is not what is in force now."""

    says = N_("Somebody changed this meanwhile. Look again at what your change would do.")


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate in force and those that wait; `seen` names this state to whoever confirms a change of it."""

    now: Rate | None
    waiting: tuple[tuple[int, str, Rate], ...]
    seen: str

    def before(self, from_at: str) -> Rate | None:
        """The rate that one from a moment on would follow."""
        earlier = [rate for _, at, rate in self.waiting if at <= from_at]
        return earlier[-1] if earlier else self.now


@dataclass(frozen=True, slots=True)
class Difference:
    """A policy that would change; `was` is None where central did not set it yet."""

    key: str
    was: str | None
    value: str

    @property
    def needs_second(self) -> bool:
        """Whether another administrator has to agree, as a second person at a till."""
        return policy.SETTINGS[self.key].needs_second

    @property
    def said(self) -> str:
        """As it stands in the audit."""
        return f"{self.key}: {self.was or '–'} → {self.value or '–'}"


@dataclass(frozen=True, slots=True)
class ParkPolicy:
    """What central set for a park, and the name of this state."""

    values: Mapping[str, str]
    seen: str


def rates(tx: Transaction, at: str) -> Rates:
    """The published rates; one whose moment has come is in force, whether a till asked or not."""
    said = [_rate(row) for row in feeds.bodies(tx, *_RATES)]
    rows = planned.waiting(tx, *_RATES)
    due = [_rate(one.row) for one in rows if one.from_at <= at]
    waiting = tuple((one.id, one.from_at, _rate(one.row)) for one in rows if one.from_at > at)
    seen = ".".join(map(str, (len(said) + len(due), *(id_ for id_, _, _ in waiting))))
    return Rates(next(reversed([*said, *due]), None), waiting, seen)


def check_rate(found: Rates, new: Rate, from_at: str) -> Rate | None:
    """The rate that a new one would follow; MonthBefore, RateNotTaken, RateInForce."""
    before = found.before(from_at)
    if before is None:
        return None
    if new == before:
        raise RateInForce(month=new.month, rate=new.text)
    if new.is_before(before):
        raise MonthBefore(month=new.month, now=before.month)
    if new.is_far_from(before):
        raise RateNotTaken(rate=new.text, now=before.text)
    return before


def publish_rate(store: Store, new: Rate, from_at: str, who: str, at: str, seen: str | None = None) -> None:
    """Let tills take a rate from a moment on: at once when it has passed. ChangedMeanwhile, as `check_rate`.

    `seen` is the state that was confirmed.
    """
    with store.writing() as tx:
        tx.alone()
        found = rates(tx, at)
        _check_seen(found.seen, seen)
        check_rate(found, new, from_at)
        planned.plan(tx, *_RATES, from_at, _row({"rate": new.month, "rate_e4": new.rate_e4}))
        planned.publish_due(tx, *_RATES, at)
        begins = moments.local_text(moments.from_text(from_at))
        people.changed(tx, Change(at, who, "rate", new.month, f"{new.text} · {begins}"))


def withdraw_rate(store: Store, id_: int, who: str, at: str, seen: str | None = None) -> None:
    """Let a rate that waits be; NotPlanned, ChangedMeanwhile."""
    with store.writing() as tx:
        tx.alone()
        found = rates(tx, at)
        rate = next((rate for waiting, _, rate in found.waiting if waiting == id_), None)
        if rate is None:
            raise NotPlanned()
        _check_seen(found.seen, seen)
        planned.withdraw(tx, id_)
        people.changed(tx, Change(at, who, "rate.withdrawn", rate.month, rate.text))


def publish_due(store: Store, feed_: str, audience: str, at: str) -> None:
    """Publish what waited for its moment, before somebody is told a feed."""
    with store.reading() as tx:
        is_due = planned.is_due(tx, feed_, audience, at)
    if is_due:
        with store.writing() as tx:
            planned.publish_due(tx, feed_, audience, at)


def policy_of(tx: Transaction, park: str) -> ParkPolicy:
    """What central set for a park; the tills' own settings and defaults hold for the rest."""
    rows = feeds.bodies(tx, feed.POLICY, park)
    return ParkPolicy({str(row["key"]): str(row["value"]) for row in rows}, str(len(rows)))


def in_force(tx: Transaction, park: str) -> policy.Policy:
    """The policy of a park, as central set it or as shipped."""
    return policy.Policy(policy_of(tx, park).values)


def differences(found: ParkPolicy, typed: Mapping[str, str]) -> list[Difference]:
    """What typed values would change; UnknownPolicy, BadPolicyValue, NothingNew.

    A setting that central did not set and that is left empty stays the tills' own.
    """
    changes: list[Difference] = []
    for key, text in typed.items():
        if key in policy.OF_TILL:
            raise policy.UnknownPolicy(key=key)
        was = found.values.get(key)
        if was is None and key in policy.SETTINGS and not text.strip():
            continue
        value = policy.parse(key, text)
        if value != was:
            changes.append(Difference(key, was, value))
    if not changes:
        raise NothingNew()
    return changes


def publish_policy(
    store: Store, park: str, typed: Mapping[str, str], who: str, at: str, seen: str | None = None
) -> Sequence[Difference]:
    """Let the tills of a park take settings, or another administrator agree first; what would change.

    ChangedMeanwhile, as `differences`.
    """
    with store.writing() as tx:
        tx.alone()
        found = policy_of(tx, park)
        _check_seen(found.seen, seen)
        changes = differences(found, typed)
        tell_policy(tx, park, [one for one in changes if not one.needs_second], who, at)
        for one in changes:
            if one.needs_second:
                proposals.put(tx, Proposal(park, one.key, one.was, one.value, who, at))
                people.changed(tx, Change(at, who, "policy.proposed", park, one.said))
    return changes


def tell_policy(tx: Transaction, park: str, changes: Sequence[Difference], who: str, at: str) -> None:
    """Let the tills of a park take settings that were judged, and keep who said so."""
    if changes:
        rows = [_row({"key": one.key, "value": one.value}) for one in changes]
        feeds.publish(tx, feed.POLICY, park, rows, at)
    for one in changes:
        people.changed(tx, Change(at, who, "policy", park, one.said))


def moment(typed: str, now_ms: int) -> str:
    """A moment typed as `2026-02-01 00:00` in Kenya, now where nothing is typed; BadMoment."""
    text = typed.strip().replace("T", " ")
    if not text:
        return moments.to_text(now_ms)
    try:
        return moments.to_text(moments.parse_local(text))
    except ValueError as error:
        raise BadMoment() from error


class BadMoment(Refusal):
    """A moment that cannot be."""

    says = N_("Type the day and time as 2026-02-01 00:00, or leave it empty for now.")


def _check_seen(found: str, seen: str | None) -> None:
    if seen is not None and seen != found:
        raise ChangedMeanwhile()


def _rate(row: Mapping[str, object]) -> Rate:
    return Rate(cast(str, row["rate"]), cast(int, row["rate_e4"]))


def _row(fields: dict[str, object]) -> str:
    return forms.dump(fields).decode()

"""Statements of a park at central: imported once, compared with what its tills took, decided by managers.

What a manager decides here changes no till. A line that is just what M-PESA reported confirms the payment.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatepos.central import confirming, publishing
from gatepos.central.store import feeds, people, reported, staff
from gatepos.central.store import statements as kept
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.central.store.statements import Read
from gatepos.domain import claims as states
from gatepos.domain import money, policy, text
from gatepos.domain.claims import Decision, Match, OwnClaim
from gatepos.domain.statements import MPESA, Line, Statement, days_of
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import reconciliation, statements
from gatepos.ledger.reconciliation import Asked
from gatepos.ledger.statements import NoSuchStatement
from gatepos.wire import feed


class NeedsAnother(Refusal):
    """Money that one person alone wants to write off, or to explain."""

    says = N_(
        "To write money off, or to explain or link more than KES {most} in a day, another manager"
        " agrees: they type their name and password."
    )


class NeedsTwo(Refusal):
    """A statement that one person alone wants to withdraw."""

    says = N_("To withdraw a statement, another manager agrees: they type their name and password.")


class SameManager(Refusal):
    """Whoever says it agrees with themselves."""

    says = N_("You say this yourself: another manager agrees.")


class GoneMeanwhile(Refusal):
    """Something that stands otherwise by now."""

    says = N_("It stands otherwise by now, or somebody decided it. Look again.")


@dataclass(frozen=True, slots=True)
class Imported:
    """A statement that was read: how many of its lines were new, and payments that it confirmed just now.

    `is_known` where the same was imported before. `contested` are the codes of payments of which another
    statement tells otherwise.
    """

    statement: Statement
    new: int
    confirmed: int
    is_known: bool
    contested: frozenset[str]


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a match: `line` is the code of the line that a claim is, `also` who agrees."""

    decision: str
    reason: str
    who: str
    line: str = ""
    also: str = ""


def take(store: Store, park: str, statement: Statement, who: str, at: str) -> Imported:
    """Read a statement of a park in, once, however often it comes.

    StrangePaybill, WasWithdrawn, Contradicts, StorageFailed.
    """
    body = statements.body(statement)
    digest = statements.digest(body)
    with store.writing() as tx:
        tx.alone()
        statement.check_place(_paybills(tx, park))
        if kept.is_withdrawn(tx, park, digest):
            raise statements.WasWithdrawn()
        found = kept.known(tx, park, statement.lines)
        for line in statement.lines:
            line.check_same(found.get(line.id, line))
        is_known = kept.of_digest(tx, park, digest) is not None
        new = len(statement.lines) - len(found)
        if not is_known:
            kept.insert(tx, park, statement.lines)
            kept.note(tx, park, statement, new, body, digest, who, at)
            about = f"{park} {statement.kind} {statement.place}".strip()
            detail = f"{' – '.join(statement.days)}: {len(statement.lines)} (+{new})"
            people.changed(tx, Change(at, who, "statement", about, detail))
        else:
            kept.keep_body(tx, park, digest, body)
    contested = _contested(store, park, statement, digest)
    return Imported(statement, new, _confirmed(store, statement, at), is_known, contested)


def withdraw(store: Store, park: str, id_: int, reason: str, who: str, also: str, at: str) -> None:
    """A statement of a park counts no more, by two people; what was decided of its lines lapses.

    Lines that another statement has stay. Payments that it alone confirmed are only seen. NeedsTwo,
    SameManager, ReasonMissing, NoSuchStatement, StatementGone, StorageFailed.
    """
    if not also:
        raise NeedsTwo()
    if also == who:
        raise SameManager()
    reason, both = text.reason(reason), f"{who} + {also}"
    with store.writing() as tx:
        tx.alone()
        read = kept.of_id(tx, park, id_)
        if read is None:
            raise NoSuchStatement()
        gone = _forgotten(tx, park, read)
        kept.withdraw(tx, read, reason, both, at)
        codes = {line.pays for line in gone}
        first, last = (day.isoformat() for day in days_of(read.from_at, read.to_at))
        now = kept.kept(tx, park)
        unspoken = reconciliation.waiting(reconciliation.asked(now, first, last, at), read.kind)
        for one in reconciliation.decided(now, read.kind, codes | unspoken):
            kept.decide(
                tx, park, replace(one, decision=states.REOPENED, line="", reason=reason, by=both, at=at)
            )
        if read.kind == MPESA:
            confirming.undo(tx, park, sorted(codes), at)
        about, detail = f"{park} {read.kind} {read.place}".strip(), f"{first} – {last}: {reason}"
        people.changed(tx, Change(at, both, "statement.withdrawn", about, detail))
    if read.kind == MPESA:
        confirming.by_statements(store, sorted(codes), at)


def _paybills(tx: Transaction, park: str) -> set[str]:
    """The paybills that were ever paid to at a park, as central set it or as its tills say."""
    changes = [(row["key"], row["value"]) for row in feeds.bodies(tx, feed.POLICY, park)]
    for till, seqs in kept.changed(tx, park).items():
        changes += [(one.data["key"], one.data["value"]) for one in reported.entries(tx, till, seqs)]
    return policy.paybills(changes) | kept.paybills(tx, park)


def _contested(store: Store, park: str, statement: Statement, digest: str) -> frozenset[str]:
    # In a transaction of its own: years of lines are looked through, and tills need not wait for that.
    with store.reading() as tx:
        read = kept.of_digest(tx, park, digest)
        near = kept.beside(tx, park, read) if read is not None else []
        others = [other for one in near if (other := kept.whole(tx, one)) is not None]
    return statement.contested(others)


def _forgotten(tx: Transaction, park: str, read: Read) -> list[Line]:
    """The lines that one statement alone had; the others stand as the others have them."""
    lines = {line.id: line for line in _lines(tx, read)}
    shared = [line for other in kept.beside(tx, park, read) for line in _lines(tx, other) if line.id in lines]
    kept.forget(tx, park, [*lines.values()])
    kept.insert(tx, park, shared)
    held = {line.id for line in shared}
    return [line for id_, line in lines.items() if id_ not in held]


def _lines(tx: Transaction, read: Read) -> Sequence[Line]:
    statement = kept.whole(tx, read)
    if statement is None:
        raise statements.gone(read.from_at, read.to_at)
    return statement.lines


def _confirmed(store: Store, statement: Statement, at: str) -> int:
    codes = dict.fromkeys(line.pays for line in statement.lines if line.kind == MPESA)
    return confirming.by_statements(store, [*codes], at)


def asked(store: Store, park: str, first: str, last: str, at: str) -> Asked:
    """What belongs to the days of a park from one to another, as it stands at a moment; StorageFailed."""
    with store.reading() as tx:
        return reconciliation.asked(kept.kept(tx, park), first, last, at)


def decide(store: Store, park: str, match: Match, said: Said, at: str) -> None:
    """Keep what a manager says of a match as it stands, for this park's sheet.

    NotThatDecision, ReasonMissing, OwnClaim, SameManager, NeedsAnother, NoSuchLine, LineClaimed,
    StorageFailed.
    """
    match.check_decision(said.decision, said.line or None)
    if said.also == said.who:
        raise SameManager()
    made = Decision(
        match.kind, match.subject, match.code, said.decision, said.line, match.judged,
        match.difference_minor, text.reason(said.reason), f"{said.who} + {said.also}".rstrip(" +"), at,
        alone_minor=0 if said.also else match.alone_minor(said.decision),
    )  # fmt: skip
    with store.writing() as tx:
        tx.alone()
        is_told = _check_people(tx, park, match, said, at)
        if said.line:
            reconciliation.check_free(kept.kept(tx, park), match.kind, said.line, at)
        kept.decide(tx, park, made)
        people.changed(
            tx, Change(at, made.by, "claim", f"{park} {made.code}", f"{made.decision}: {made.reason}")
        )
        if not is_told:
            people.changed(tx, Change(at, made.by, "claim.own", f"{park} {made.code}", ""))


def explained_max(tx: Transaction, park: str) -> int:
    """KES minor units that one manager of a park alone explains, as central set it, or as shipped."""
    return publishing.in_force(tx, park).whole(policy.EXPLAINED_MAX) * money.MINOR


def _check_people(tx: Transaction, park: str, match: Match, said: Said, at: str) -> bool:
    """OwnClaim, NeedsAnother; whether it could be told of each person that they took nothing of it.

    By their staff number, else by the names on the park's list.
    """
    names = [name for name in (said.who, said.also) if name]
    numbers = [known.staff for name in names if (known := people.of_name(tx, name)) and known.staff]
    for number in numbers:
        match.check_decider(number)
    takers = [_name_of(tx, park, number) for number in match.takers]
    if {_plain(name) for name in names} & {*filter(None, takers)}:
        raise OwnClaim()
    most_minor = explained_max(tx, park)
    if not said.also and match.needs_second(
        said.decision, reconciliation.alone_minor(kept.kept(tx, park), [said.who, *numbers], at), most_minor
    ):
        raise NeedsAnother(most=money.amount(most_minor))
    return all(takers) or len(numbers) == len(names)


def _name_of(tx: Transaction, park: str, number: str) -> str:
    """The name of somebody on a park's list; empty where it has none."""
    member = staff.of_number(tx, park, number)
    return _plain(member.name) if member is not None else ""


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()

"""The questions that a till asks of its books about passes: its own, and those that it heard of."""

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from gatepos.domain import fees, gatepass, moments, numbers, text
from gatepos.domain.entry import Entry
from gatepos.domain.gatepass import Past, Payload
from gatepos.domain.limits import Standing
from gatepos.ledger import database, feeds, shown
from gatepos.ledger.ledger import Ledger

_GROUP_MAX = 500
"""Passes of a group with those whose place they took."""


@dataclass(frozen=True, slots=True)
class PassFound:
    """A pass as lists show it; `went_in` and `went_out` are people."""

    number: str
    at: str
    gate: str
    staff: str | None
    plate: str
    operator: str | None
    people: int
    total_minor: int
    valid_until: str
    outage: str | None
    owed_minor: int = 0
    ended: str | None = None
    went_in: int = 0
    went_out: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a paper: a key of what is told, when, where, and its values."""

    what: str
    at: str
    gate: str
    till: str
    people: int = 0
    minor: int = 0
    number: str | None = None


def past(ledger: Ledger, payload: Payload, digest: str | None, elsewhere: Collection[str] = ()) -> Past:
    """What is known of a paper beside what it says; without a digest nobody could read it.

    `elsewhere` are the tills of other parks: a paper that opens several is used once at each.
    """
    number = payload.number
    issued = _issued(ledger, number)
    went_in, went_out = _moved(ledger, number, elsewhere)
    back, back_until = coming_back(ledger, number, elsewhere)
    return Past(
        is_known=issued is not None and payload.is_pass,
        owed_minor=ledger.receivables.owed(number),
        seen_due_minor=shown.due(ledger, number) if payload.is_pass else None,
        went_in=went_in,
        went_out=went_out,
        refunded=refunded(ledger, number),
        ended=_ended(ledger, number) or _ended_by_central(ledger, number, digest),
        has_other=digest is not None and _has_other(ledger, payload, digest, issued),
        is_skipped=issued is None and _is_skipped(ledger, number),
        back=back,
        back_until=back_until,
    )


def coming_back(ledger: Ledger, number: str, elsewhere: Collection[str] = ()) -> tuple[int, int]:
    """How many left to come back and have not, and until when they may, unix seconds.

    Whoever went in since is back, on whichever ground.
    """
    rows = ledger.conn.execute(
        "SELECT at, till, people, until FROM coming_back WHERE subject = ?1"
        " UNION ALL SELECT at, till, -people, '' FROM passage WHERE subject = ?1 AND direction = 'in'"
        " AND at > (SELECT min(at) FROM coming_back WHERE subject = ?1) ORDER BY 1",
        (number,),
    ).fetchall()
    people, until = 0, ""
    for _, till, moved, ends in rows:
        if till not in elsewhere:
            people, until = max(people + moved, 0), max(until, ends)
    return people, moments.from_text(until) // 1000 if until else 0


_IS_ENTRY = " OR ".join(f"fee = '{fee}'" for fee in fees.ENTRY)
_REFUNDED = (
    "SELECT 'refunded', d.at, '', d.till, (SELECT coalesce(sum(count), 0) FROM refund_line l"
    f" WHERE l.refund = d.refund AND ({_IS_ENTRY})), (SELECT coalesce(sum(kes_minor), 0) FROM refund_line l"
    " WHERE l.refund = d.refund), d.refund FROM refund_decision d"
    " WHERE d.subject = ?1 AND d.is_approved = 1 AND substr(d.subject, 1, 4) = d.till"
)


def refunded(ledger: Ledger, number: str) -> int:
    """How many people of a receipt got their money back."""
    row = ledger.conn.execute(
        f"SELECT coalesce(sum(count), 0) FROM refund_line WHERE receipt = ? AND ({_IS_ENTRY})", (number,)
    ).fetchone()
    return int(row[0])


def went_in(ledger: Ledger, number: str) -> int:
    """How many people went in on a paper."""
    return _moved(ledger, number)[0]


def _ended_by_central(ledger: Ledger, number: str, digest: str | None) -> str | None:
    return "revoked" if feeds.is_revoked(ledger.conn, number, digest) else None


def was_heard(ledger: Ledger, number: str, digest: str) -> bool:
    """Whether this very paper is in the books: issued by a till that was heard, or found good in a scan."""
    if digest == _issued(ledger, number):
        return True
    found = ledger.conn.execute(
        "SELECT 1 FROM settlement WHERE pass = ? AND digest = ?"
        " UNION ALL SELECT 1 FROM scan WHERE digest = ? AND subject IS NOT NULL"
        f" AND {shown.IS_GENUINE} LIMIT 1",
        (number, digest, digest),
    ).fetchone()
    return found is not None


def issued_by(number: str) -> str:
    """The select of at, till, seq and digest of the paper that took a number; a payment takes one too."""
    tables = ("pass",) if number[4] == numbers.PASS else ("receipt", "settlement")
    return " UNION ALL ".join(
        f"SELECT at, till, seq, digest FROM {name} WHERE number = ?1" for name in tables
    )


def story(ledger: Ledger, number: str) -> list[Event]:
    """All that happened to a paper, from its issue to its end, and what central saw paid; by the clocks."""
    rows = ledger.conn.execute(
        "SELECT 'issued', at, gate, till, people, total_minor, number FROM pass WHERE number = ?1"
        " UNION ALL SELECT direction, at, gate, till, people, 0, NULL FROM passage WHERE subject = ?1"
        " UNION ALL SELECT 'paid', at, '', till, 0, paid_minor + overstay_minor, number"
        " FROM settlement WHERE pass = ?1"
        " UNION ALL SELECT how, at, '', till, 0, owed_minor, NULL FROM let_out WHERE pass = ?1"
        " UNION ALL SELECT how, at, '', till, 0, 0, ended_by FROM pass_ending WHERE pass = ?1"
        f" UNION ALL {_REFUNDED}"
        " UNION ALL SELECT state, at, '', 'M-PESA ' || trans_id, 0, amount_minor, NULL"
        " FROM heard_payment WHERE account = ?1 ORDER BY 2",
        (number,),
    )
    return [Event(*row) for row in rows]


def find(ledger: Ledger, number: str) -> PassFound | None:
    """A pass by its number."""
    row = ledger.conn.execute(
        "SELECT number, at, gate, staff, plate, operator, people, total_minor, valid_until, outage"
        " FROM pass WHERE number = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    went_in, went_out = _moved(ledger, number)
    found = PassFound(*row)
    return replace(
        found,
        owed_minor=owed_minor(ledger, number),
        ended=_ended(ledger, number),
        went_in=went_in,
        went_out=went_out,
    )


def open_passes(ledger: Ledger, limit: int) -> list[PassFound]:
    """Passes on which something is owed, oldest first."""
    found = (find(ledger, number) for number in ledger.receivables.open())
    known = sorted((one for one in found if one is not None and one.owed_minor), key=lambda one: one.at)
    return known[:limit]


def issued_between(ledger: Ledger, since: str, before_seq: int) -> list[str]:
    """The numbers of this till's own passes since a moment and before an entry, oldest first."""
    rows = ledger.conn.execute(
        "SELECT number, at FROM pass WHERE till = ? AND seq < ? ORDER BY seq DESC",
        (ledger.context.till, before_seq),
    )
    return [number for number, _ in itertools.takewhile(lambda row: row[1] >= since, rows)][::-1]


def of_plate(ledger: Ledger, beginning: str, limit: int = 50) -> list[PassFound]:
    """Passes of the plates that begin so, newest first."""
    return _listed(ledger, "plate >= ? AND plate < ?", (beginning, beginning + "\U0010ffff"), limit)


def of_operators(ledger: Ledger, part: str, limit: int) -> list[PassFound]:
    """Passes of the operators whose name holds `part`, in any case."""
    meant = [name for name in _operators(ledger) if part.casefold() in name.casefold()]
    found = [one for name in meant[:limit] for one in _listed(ledger, "operator = ?", (name,), limit)]
    return found[:limit]


def of_operator(ledger: Ledger, operator: str, limit: int) -> list[PassFound]:
    """Passes of one operator, however its name was typed, oldest first."""
    meant = [name for name in _operators(ledger) if text.alike(name) == text.alike(operator)]
    found = [one for name in meant for one in _listed(ledger, "operator = ?", (name,), limit)]
    return sorted(found, key=lambda one: (one.at, one.number))[-limit:]


def together(ledger: Ledger, number: str) -> list[str]:
    """The passes that its till sold together with one, itself among them, the oldest first."""
    rows = ledger.conn.execute(
        "SELECT number FROM pass WHERE together = (SELECT together FROM pass WHERE number = ?1)"
        " AND till = substr(?1, 1, 4) ORDER BY number LIMIT ?2",
        (number, _GROUP_MAX),
    )
    return sorted({number, *printed_before(ledger, number), *(one for (one,) in rows)})


def account(ledger: Ledger, number: str) -> str | None:
    """The number of the bill or the group that a pass was issued from; None without."""
    row = ledger.conn.execute("SELECT together FROM pass WHERE number = ?", (number,)).fetchone()
    return row[0] if row else None


def owed_minor(ledger: Ledger, number: str) -> int:
    """What is owed on a known pass, KES minor units, by its postings and the receipts shown for it."""
    return max(_owed(ledger, number), 0)


def inside(ledger: Ledger, since: str, limit: int) -> list[PassFound]:
    """Passes issued since a business day with which somebody is still in the park, oldest first."""
    rows = [row for till in database.tills(ledger.conn, "pass") for row in _newer(ledger, till, since)]
    found = (find(ledger, number) for at, number, went in sorted(rows) if went > 0)
    return [one for one in found if one is not None and one.ended != "reissued"][:limit]


def settled_on(ledger: Ledger, day: str, limit: int) -> list[PassFound]:
    """Passes on which something was paid on a business day, newest first."""
    paid: dict[str, str] = {}
    for till in database.tills(ledger.conn, "settlement"):
        rows = ledger.conn.execute(
            "SELECT pass, at, day FROM settlement WHERE till = ? ORDER BY seq DESC", (till,)
        )
        for number, at, on in itertools.takewhile(lambda row: row[2] >= day, rows):
            if on == day:
                paid.setdefault(number, at)
    newest = sorted(paid, key=lambda number: paid[number], reverse=True)[:limit]
    return [one for number in newest if (one := find(ledger, number)) is not None]


def undertaken(ledger: Ledger, limit: int) -> list[PassFound]:
    """Passes with which somebody left on an undertaking, and still owes, oldest first."""
    rows = ledger.conn.execute(
        "SELECT pass, min(at) FROM let_out WHERE how = 'undertaking' GROUP BY pass ORDER BY 2"
    )
    owing = [number for number, _ in rows if ledger.receivables.owed(number) > 0]
    return [one for number in owing[:limit] if (one := find(ledger, number)) is not None]


def without_pass(ledger: Ledger, since: str, limit: int) -> list[Entry]:
    """Who left since a moment with no pass on a story, or owing or paid on one never heard of; newest first.

    Of several such entries about one number the last; whoever owed and paid since is left out.
    """
    rows = ledger.conn.execute(
        "SELECT till, seq, pass, at FROM let_out WHERE at >= ?1 AND (how = 'story' OR NOT EXISTS"
        " (SELECT 1 FROM pass WHERE pass.number = let_out.pass))"
        " UNION ALL SELECT till, seq, pass, at FROM settlement WHERE at >= ?1 AND NOT EXISTS"
        " (SELECT 1 FROM pass WHERE pass.number = settlement.pass) ORDER BY at DESC, seq DESC",
        (since,),
    )
    last: dict[str, tuple[str, int]] = {}
    for till, seq, number, _ in rows:
        last.setdefault(number or f"{till}.{seq}", (till, seq))
    known = (entry for till, seq in last.values() if (entry := ledger.at(till, seq)) is not None)
    meant = (entry for entry in known if entry.kind != "pass.settled" or entry.data["sight"])
    return list(itertools.islice(meant, limit))


def went_in_at(ledger: Ledger, number: str) -> str | None:
    """When somebody first went in with a pass."""
    row = ledger.conn.execute(
        "SELECT min(at) FROM passage WHERE subject = ? AND direction = 'in'", (number,)
    ).fetchone()
    return str(row[0]) if row[0] else None


def of_outage(ledger: Ledger, outage: str, limit: int = 2_000) -> list[PassFound]:
    """Passes issued in an outage, newest first."""
    return _listed(ledger, "outage = ?", (outage,), limit)


def standing(ledger: Ledger, plate: str, operator: str | None, replaced: str | None = None) -> Standing:
    """What is open before one more pass of this plate and operator, beside the one that it replaces."""
    owing = ledger.receivables.of_till(ledger.context.till)
    off_minor = max(ledger.receivables.owed(replaced), 0) if replaced else 0
    mine = _open_of(ledger, "plate", plate, replaced) if plate else []
    return Standing(
        till_count=owing.count - (off_minor > 0),
        till_minor=owing.minor - off_minor,
        operator_count=sum(
            len(_open_of(ledger, "operator", name, replaced))
            for name in (_operators(ledger) if operator else ())
            if text.alike(name) == text.alike(operator or "")
        ),
        of_plate=tuple(mine),
        seen_paid=bool(mine) and all(shown.due(ledger, number) == 0 for number in mine),
    )


def undertakings(ledger: Ledger, plate: str) -> list[str]:
    """The passes that this vehicle left owing on an undertaking, and still owes."""
    rows = ledger.conn.execute(
        "SELECT pass FROM let_out WHERE plate = ? AND how = 'undertaking' ORDER BY at", (plate,)
    )
    return [number for (number,) in rows if _still_owes(ledger, number)]


def left_without(ledger: Ledger, plate: str, since: str) -> tuple[int, int]:
    """How often this vehicle was let out on a story since a moment, without a pass; what was seen, KES."""
    row = ledger.conn.execute(
        "SELECT count(*), coalesce(sum(owed_minor), 0) FROM let_out"
        " WHERE plate = ? AND how = 'story' AND at >= ?",
        (plate, since),
    ).fetchone()
    return int(row[0]), int(row[1])


def _still_owes(ledger: Ledger, number: str) -> bool:
    """Whether what somebody left owing is not paid; of a pass never heard of, by what they signed for."""
    if ledger.known(number) is not None:
        return ledger.receivables.owed(ledger.receivables.last(number)) > 0
    row = ledger.conn.execute(
        "SELECT owed_minor - (SELECT coalesce(sum(paid_minor), 0) FROM settlement"
        " WHERE settlement.pass = let_out.pass AND settlement.at >= let_out.at)"
        " FROM let_out WHERE pass = ? AND how = 'undertaking' ORDER BY at DESC LIMIT 1",
        (number,),
    ).fetchone()
    return bool(row[0] > 0)


def first_out_at(ledger: Ledger, number: str) -> str | None:
    """When a paper was first scanned on its way out: there the clock of an overstay stops."""
    row = ledger.conn.execute(
        f"SELECT min(at) FROM scan WHERE subject = ? AND direction = 'out' AND {shown.IS_GENUINE}", (number,)
    ).fetchone()
    return str(row[0]) if row[0] else None


def is_overstay_done(ledger: Ledger, number: str) -> bool:
    """Whether an overstay was charged on a pass already, or waived."""
    row = ledger.conn.execute(
        "SELECT 1 FROM settlement WHERE pass = ?1 AND overstay_minor > 0"
        " UNION ALL SELECT 1 FROM waiver WHERE pass = ?1 AND overstay_minor > 0 LIMIT 1",
        (number,),
    ).fetchone()
    return row is not None


def _newer(ledger: Ledger, till: str, since: str) -> Iterator[tuple[str, str, int]]:
    """When, number, and how many are inside, of a till's passes back to a day, newest first."""
    rows = ledger.conn.execute(  # a clock that was wrong for a while does not turn the days
        "SELECT day, at, number, (SELECT sum(CASE direction WHEN 'in' THEN people ELSE -people END)"
        " FROM passage WHERE subject = pass.number) FROM pass WHERE till = ? ORDER BY seq DESC",
        (till,),
    )
    for _, at, number, went in itertools.takewhile(lambda row: row[0] >= since, rows):
        yield at, number, went or 0


def _listed(ledger: Ledger, where: str, values: tuple[object, ...], limit: int) -> list[PassFound]:
    rows = ledger.conn.execute(
        f"SELECT number FROM pass WHERE {where} ORDER BY till, seq DESC LIMIT ?", (*values, limit)
    ).fetchall()
    found = (find(ledger, number) for (number,) in rows)
    return [one for one in found if one is not None]


def _operators(ledger: Ledger) -> list[str]:
    """Every operator, as it was typed; each is sought in the index, because passes are many and they few."""
    rows = ledger.conn.execute(
        "WITH RECURSIVE found(name) AS (SELECT min(operator) FROM pass UNION ALL"
        " SELECT (SELECT min(operator) FROM pass WHERE operator > name) FROM found WHERE name IS NOT NULL)"
        " SELECT name FROM found WHERE name IS NOT NULL"
    )
    return [name for (name,) in rows]


def _open_of(ledger: Ledger, column: str, value: str, replaced: str | None) -> list[str]:
    rows = ledger.conn.execute(f"SELECT number FROM pass WHERE {column} = ? ORDER BY till, seq", (value,))
    return [n for (n,) in rows if n != replaced and ledger.receivables.owed(n) > 0]


def _issued(ledger: Ledger, number: str) -> str | None:
    """The digest of the paper that a number was issued with."""
    row = ledger.conn.execute(issued_by(number), (number,)).fetchone()
    return str(row[3]) if row else None


def _ended(ledger: Ledger, number: str) -> str | None:
    table, column = ("pass_ending", "pass") if number[4] == numbers.PASS else ("receipt_ending", "receipt")
    row = ledger.conn.execute(f"SELECT how FROM {table} WHERE {column} = ?", (number,)).fetchone()
    return str(row[0]) if row else None


def printed_before(ledger: Ledger, number: str) -> list[str]:
    """The passes whose place a pass took, the newest first."""
    found: list[str] = []
    select = "SELECT pass FROM pass_ending WHERE ended_by = ? AND how = 'reissued'"
    while row := ledger.conn.execute(select, (found[-1] if found else number,)).fetchone():
        if not row[0] < (found[-1] if found else number):
            break  # numbers that a till made up
        found.append(str(row[0]))
    return found


def _moved(ledger: Ledger, number: str, elsewhere: Collection[str] = ()) -> tuple[int, int]:
    """How many went in and out on a paper, and on those whose place it took; not at the tills `elsewhere`."""
    went_in, carried, went_out = _passages(ledger, number, elsewhere)
    all_in, all_out = went_in, went_out
    for older in printed_before(ledger, number):
        older_in, _, older_out = _passages(ledger, older, elsewhere)
        all_in, all_out = all_in + older_in, all_out + older_out
    # A pass printed anew says that they were in; where that was scanned may not have been heard.
    return max(all_in, carried + went_in), all_out


def _passages(ledger: Ledger, number: str, elsewhere: Collection[str]) -> tuple[int, int, int]:
    """In and out on one paper alone; between them, who was in when it was printed anew."""
    found = ledger.conn.execute(
        "SELECT till, direction, people, EXISTS (SELECT 1 FROM pass_ending"
        " WHERE pass_ending.till = passage.till AND pass_ending.seq = passage.seq)"
        " FROM passage WHERE subject = ?",
        (number,),
    ).fetchall()
    rows = [row for till, *row in found if till not in elsewhere]
    went_in = sum(n for direction, n, is_carried in rows if direction == gatepass.IN and not is_carried)
    carried = sum(n for _, n, is_carried in rows if is_carried)
    return went_in, carried, sum(n for direction, n, _ in rows if direction == gatepass.OUT)


def _owed(ledger: Ledger, number: str) -> int:
    """What is owed on a known pass, by its postings and by the receipts that were shown for it."""
    owed, seen = ledger.receivables.owed(number), shown.credible_due(ledger, number)
    return owed if seen is None else min(owed, seen)


def _has_other(ledger: Ledger, payload: Payload, digest: str, issued: str | None) -> bool:
    """Whether another paper bears this number; several payments of one pass are no others."""
    if payload.is_pass and payload.kind != gatepass.OWED:
        return False
    if issued is not None:
        return issued != digest
    row = ledger.conn.execute(
        f"SELECT 1 FROM scan WHERE subject = ? AND paper = ? AND digest <> ? AND {shown.IS_GENUINE} LIMIT 1",
        (payload.number, payload.kind, digest),
    ).fetchone()
    return row is not None


def _is_skipped(ledger: Ledger, number: str) -> bool:
    """Whether its till never wrote this number: this one's own, or one that was heard past it."""
    till, series = number[:4], number[4]
    if till == ledger.context.till:
        return ledger.by_number(number) is None
    above = (number, till + chr(ord(series) + 1))
    tables = ("pass",) if series == numbers.PASS else ("receipt", "settlement")
    return any(
        ledger.conn.execute(f"SELECT 1 FROM {t} WHERE number > ? AND number < ? LIMIT 1", above).fetchone()
        for t in tables
    )

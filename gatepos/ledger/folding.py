"""The state of a ledger at its start, from what still matters of its journal: open shifts, waiting bills."""

import sqlite3
from datetime import date

from gatepos.domain.entry import Entry
from gatepos.ledger import state
from gatepos.ledger.journal import Journal
from gatepos.ledger.state import State

_STANDING = ("schedule.switched", "rate.switched", "outage.opened", "outage.closed")
_SHIFTS = ("shift.opened", "shift.switched", "shift.closed")
_WAITING_MAX = 20_000
"""A bill waits for a day, never for so many entries."""


def folded(conn: sqlite3.Connection, journal: Journal, till: str, today: date) -> State:
    """The state after the last entry; `today` stands for the business day of a ledger without entries."""
    after_seq = _before_open_shifts(conn, till, journal.head[0])
    found = [entry for kind in _STANDING if (entry := journal.last_of_kind(kind))]
    found += [entry for kind in _SHIFTS for entry in journal.of_kind(kind, after_seq)]
    made = State(day=today)
    for entry in sorted(found, key=lambda entry: entry.seq):
        made = state.fold(made, entry)
    last = journal.entry(journal.head[0])
    if last is None:
        return made
    return state.resumed(made, last, _last_right(journal, last), _waiting(conn, till, journal.head[0]))


def _last_right(journal: Journal, last: Entry) -> Entry:
    """The last entry whose clock was ok: an anomaly stands before whatever a wrong clock says."""
    right, skip = last, 0
    while right.fields["clock"] != "ok":
        anomaly = journal.last_of_kind("clock.anomaly", skip)
        before = journal.entry(anomaly.seq - 1) if anomaly else None
        if before is None:
            return last
        right, skip = before, skip + 1
    return right


def _before_open_shifts(conn: sqlite3.Connection, till: str, head: int) -> int:
    row = conn.execute(
        "SELECT min(seq) FROM shift WHERE till = ? AND NOT EXISTS"
        " (SELECT 1 FROM shift_ending WHERE shift_ending.shift = shift.number)",
        (till,),
    ).fetchone()
    return head if row[0] is None else int(row[0]) - 1


def _waiting(conn: sqlite3.Connection, till: str, head: int) -> tuple[str, ...]:
    rows = conn.execute(
        "SELECT number FROM bill WHERE till = ? AND seq > ? AND NOT EXISTS"
        " (SELECT 1 FROM bill_ending WHERE bill_ending.bill = bill.number) ORDER BY seq",
        (till, head - _WAITING_MAX),
    )
    return tuple(number for (number,) in rows)

"""What a person has to look into: matters, flagged entries, conflicts, drivers' notes; what was decided."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction
from gatepos.domain import booked

CASES_MAX = 300
CONFLICT, FLAGGED, MATTER = "conflict", "flagged", "matter"
SCHEDULES = "schedules"
_DISLIKED = ", ".join(f"'{why}'" for why in booked.DISLIKED)
_STANDING = """
SELECT f.till, f.seq, f.schedule, f.at, t.park FROM in_force f
JOIN till t ON t.till = f.till AND t.revoked_at IS NULL
WHERE f.seq = (SELECT max(g.seq) FROM in_force g WHERE g.till = f.till)
"""
"""What each till that counts sells by, and since when."""
_NEWEST = f"""
SELECT park, schedule FROM (SELECT s.park, s.schedule,
  row_number() OVER (PARTITION BY s.park ORDER BY s.at DESC, s.till) AS place FROM ({_STANDING}) s) r
WHERE place = 1
"""
_FIRST = f"""
SELECT park, till, seq, schedule, at FROM (SELECT s.park, s.till, s.seq, s.schedule, s.at,
  row_number() OVER (PARTITION BY s.park ORDER BY s.at, s.till) AS place
  FROM ({_STANDING}) s JOIN ({_NEWEST}) n ON n.park = s.park AND n.schedule = s.schedule) r
WHERE place = 1
"""
"""The first till of each park that went over to the schedule that was put in force there last."""
_SCHEDULES = f"""
SELECT 'schedules:' || l.till || ':' || CAST(l.seq AS TEXT) || ':' || n.till || ':' || CAST(n.seq AS TEXT),
  'schedules', 'schedules_differ', l.till, l.seq, l.seq, 1, NULL, n.till, n.seq, n.at, NULL,
  l.schedule || ' ↔ ' || n.schedule
FROM ({_STANDING}) l JOIN ({_FIRST}) n ON n.park = l.park AND n.schedule <> l.schedule
"""
"""Each till that sells by another schedule; it is gone as soon as the till has followed."""
_ALL = f"""
SELECT 'matter:' || m.till || ':' || m.what || ':' || CAST(m.seq AS TEXT) || ':' || CAST(m.branch AS TEXT)
    AS id,
  'matter' AS kind, m.what AS what, m.till AS till, m.seq AS first_seq, m.seq AS last_seq, 1 AS count,
  CAST(NULL AS TEXT) AS subject, CAST(NULL AS TEXT) AS other, CAST(NULL AS BIGINT) AS other_seq, m.at AS at,
  m.over_minor AS over_minor, CAST(NULL AS TEXT) AS detail
FROM matter m
UNION ALL
SELECT 'flagged:' || f.till || ':' || f.why || ':' || CAST(f.branch AS TEXT) || ':'
    || CAST(max(f.seq) AS TEXT),
  'flagged', f.why, f.till, min(f.seq), max(f.seq), count(*), NULL, NULL, NULL, NULL, NULL, NULL
FROM flag f WHERE f.why IN ({_DISLIKED}) GROUP BY f.till, f.why, f.branch
UNION ALL
SELECT 'conflict:' || c.what || ':' || c.first_till || ':' || CAST(c.first_seq AS TEXT) || ':'
    || c.second_till || ':' || CAST(c.second_seq AS TEXT),
  'conflict', c.what, c.first_till, c.first_seq, c.first_seq, 1, min(c.subject), c.second_till,
  c.second_seq, NULL, NULL, NULL
FROM conflict c GROUP BY c.what, c.first_till, c.first_seq, c.second_till, c.second_seq
UNION ALL
SELECT 'note:' || n.id, 'note', 'note', substr(n.number, 1, 4), 0, 0, 1, n.number, NULL, NULL, n.at, NULL,
  n.text
FROM note n
UNION ALL {_SCHEDULES}
"""
_FROM = (
    f"FROM ({_ALL}) a LEFT JOIN till t ON t.till = a.till LEFT JOIN decision d ON d.matter = a.id"
    " LEFT JOIN payment p ON a.kind = 'matter' AND p.paybill = a.till AND p.id = a.first_seq"
)
_OPEN = "d.matter IS NULL AND coalesce(a.over_minor, 1) > 0"
"""What is to be decided: of money that was over nothing is, once a pass owes it or a till counted it."""
_PARK = "coalesce(t.park, p.park)"
_IN_PARK = f"(CAST(:park AS TEXT) IS NULL OR {_PARK} = :park)"
_CASE = (
    "SELECT a.id, a.kind, a.what, a.till, a.first_seq, a.last_seq, a.count, a.subject, a.other, a.other_seq,"
    f" a.at, {_PARK}, d.reason, d.who, d.at, p.trans_id, p.account, p.amount_minor,"
    f" a.over_minor, a.detail {_FROM}"
)


@dataclass(frozen=True, slots=True)
class Case:
    """Something to look into: `what` happened at a till's entries, perhaps against another till's.

    `park` is None where no till is meant; `reason`, `who` and `decided_at` once it is decided. `till` is
    the paybill of a payment; its code, its account and its KES minor units are there,
    `over_minor` of them nobody's. `detail` are the two schedules of two tills, or what a driver wrote of the
    paper `subject`, whose till's entries are not meant: `first_seq` is 0.
    """

    id: str
    kind: str
    what: str
    till: str
    first_seq: int
    last_seq: int
    count: int
    subject: str | None
    other: str | None
    other_seq: int | None
    at: str | None
    park: str | None
    reason: str | None
    who: str | None
    decided_at: str | None
    trans_id: str | None = None
    account: str | None = None
    amount_minor: int | None = None
    over_minor: int | None = None
    detail: str | None = None


def open_cases(tx: Transaction, park: str | None) -> list[Case]:
    """What is to be decided in a park, or anywhere; conflicts first."""
    return _cases(tx, f"{_OPEN} AND {_IN_PARK}", "a.kind, a.what, a.id", park=park)


def decided(tx: Transaction, park: str | None) -> list[Case]:
    """What was decided, newest first."""
    return _cases(tx, f"d.matter IS NOT NULL AND {_IN_PARK}", "d.at DESC, a.id", park=park)


def of_id(tx: Transaction, case: str) -> Case | None:
    """A case, decided or not."""
    return next(iter(_cases(tx, "a.id = :id", "a.id", id=case)), None)


def count_open(tx: Transaction, park: str | None) -> int:
    """How many are to be decided."""
    row = tx.row(
        f"SELECT count(*) {_FROM} WHERE {_OPEN} AND {_IN_PARK}",
        park=park,
    )
    return int(row[0]) if row else 0


def decide(tx: Transaction, case: str, reason: str, who: str, at: str) -> None:
    """Close a case; what was decided before stands."""
    tx.write(
        "INSERT INTO decision(matter, reason, who, at) VALUES (:id, :reason, :who, :at)"
        " ON CONFLICT DO NOTHING",
        id=case, reason=reason, who=who, at=at,
    )  # fmt: skip


def _cases(tx: Transaction, where: str, order: str, **values: object) -> list[Case]:
    found = tx.rows(f"{_CASE} WHERE {where} ORDER BY {order} LIMIT :most", most=CASES_MAX, **values)
    return [Case(*row) for row in found]

"""The reconciliation as a paper: totals per paybill, every shilling of the difference in a row."""

import dataclasses

from gatepos import i18n
from gatepos.domain import claims as states
from gatepos.domain.claims import Match
from gatepos.domain.matching import reconcile
from gatepos.reports import identities
from gatepos.reports import reconcile as papers
from tests.domain.test_matching import ALL_DAY, NOW, back, claim, line, said

EN = i18n.words("en")
DAY = "2026-01-02"
CLAIMS = [
    claim("UA2AAAAAA1", 1000),
    claim("UA2AAAAAA2", 1000),
    claim("UA2AAAAAA3", 500),
    claim("UA2AAAAAA4", 700),
]
LINES = [
    line("UA2AAAAAA1", 1000),
    line("UA2AAAAAA2", 900),
    line("UA2AAAAAA4", 700),
    back("UA2BBBBBB4", 700, "UA2AAAAAA4"),
    line("UA2CCCCCC1", 2500),
]  # fmt: skip


def matches() -> list[Match]:
    return reconcile(CLAIMS, LINES, [], ALL_DAY, NOW)


def test_the_difference_is_explained_to_the_shilling() -> None:
    found = papers.totals(matches(), DAY, DAY)
    assert [(one.state, one.claims, one.lines, one.used_minor, one.paid_minor) for one in found] == [
        ("confirmed", 1, 1, 100_000, 100_000),
        ("short", 1, 1, 100_000, 90_000),
        ("unknown", 1, 0, 50_000, 0),
        ("reversed", 1, 2, 70_000, 0),
        ("unmatched", 0, 1, 0, 250_000),
    ]
    assert sum(one.difference_minor for one in found) == 440_000 - 320_000
    identities.check(papers.identities(matches(), DAY, DAY))


def test_money_of_receipts_that_ended_is_named_as_held_beside_the_difference_that_it_makes() -> None:
    claims = [claim("UA2AAAAAA1", 1000, dead=1), claim("UA2AAAAAA2", 1000, 500, dead=1)]
    found = reconcile(claims, [line("UA2AAAAAA1", 1000), line("UA2AAAAAA2", 1500)], [], ALL_DAY, NOW)
    rows = papers.totals(found, DAY, DAY)
    assert [(one.state, one.used_minor, one.difference_minor, one.held_minor) for one in rows] == [
        ("over", 100_000, 50_000, 50_000),
        ("refund_due", 0, 100_000, 100_000),
    ]
    sheet = papers.sheet(rows, EN)
    assert sheet.totals[sheet.place("held_minor")] == sheet.totals[sheet.place("difference_minor")] == 150_000


def test_what_was_paid_on_another_day_or_to_another_paybill_has_a_row_of_its_own() -> None:
    late = dataclasses.replace(line("UA2AAAAAA1", 1000), at="2026-01-02T21:30:00.000Z")
    other = dataclasses.replace(line("UA2AAAAAA2", 1000), place="222222")
    found = reconcile(CLAIMS[:2], [late, other], [], ALL_DAY, NOW)
    rows = [(one.place, one.state, one.difference_minor) for one in papers.totals(found, DAY, DAY)]
    assert rows == [("222222", "elsewhere", 100_000), ("600000", "elsewhere", -200_000)]
    identities.check(papers.identities(found, DAY, DAY))


def test_the_sheets_name_each_thing_with_what_was_decided() -> None:
    unknown = next(one for one in matches() if one.state == "unknown")
    decided = reconcile(CLAIMS, LINES, [said(states.WRITTEN_OFF, unknown)], ALL_DAY, NOW)
    totals, items = papers.sheets(decided, DAY, DAY, EN)
    assert totals.totals[totals.place("difference_minor")] == 120_000
    assert items.totals[items.place("difference_minor")] == 120_000
    (row,) = [row for row in items.rows if row[items.place("codes")] == "UA2AAAAAA3"]
    assert row[items.place("decision") :] == ("Written off", "seen", "01")
    assert row[items.place("state")] == "Not on the statement"

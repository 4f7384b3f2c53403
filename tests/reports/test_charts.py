"""The charts say what the books say: hours without a sale stand empty, seconds are those of the entries."""

from gatepos.domain import moments
from gatepos.ledger import takings as books
from gatepos.reports import charts, daily, glance
from gatepos.reports import takings as sums
from gatepos.reports.papers import takings as papers
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests.gate import EA_CITIZEN, Gate
from tests.reports import day
from tests.reports.looked import scope
from tests.till.test_passes import outage

DAY = "2026-01-02"
HOUR_MS = 60 * moments.MINUTE_MS


def sold(gate: Gate, till: Till, code: str, seconds: int) -> None:
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    gate.clock.pass_by(seconds * 1_000)
    till.payments.mpesa(code)


def test_hours_without_a_sale_stand_empty_and_an_outage_shades_them(gate: Gate, sell: Till) -> None:
    day.sold(sell, code="UA26X1Y2ZA")
    gate.clock.pass_by(HOUR_MS)
    outage(sell)
    gate.clock.pass_by(HOUR_MS)
    sell.outages.close()
    gate.clock.pass_by(HOUR_MS)
    day.sold(sell, code="UA26X1Y2ZB")
    looked = glance.of(scope(sell, DAY))
    hour, entry, shaded = (looked.bars.place(name) for name in ("hour", "entry_minor", "outage"))
    rows = [(row[hour], row[entry], row[shaded]) for row in looked.bars.rows]
    assert rows[0][:2] == ("10:00", 100_000)
    assert [row[:2] for row in rows[1:3]] == [("11:00", 0), ("12:00", 0)]
    assert rows[3] == ("13:00", 100_000, 0)
    assert [row[2] for row in rows[1:3]] == [1, 1]


def test_seconds_are_the_median_and_what_95_of_100_took_by_the_hour(gate: Gate, sell: Till) -> None:
    for place, seconds in enumerate((9, 4, 30)):
        sold(gate, sell, f"UA26X1Y2Z{place}", seconds)
    gate.clock.pass_by(2 * HOUR_MS)
    sold(gate, sell, "UA26X1Y2ZX", 7)
    sell.corrections.correct(str(sell.window.last.entry.number), "one more")  # type: ignore[union-attr]
    sheet = charts.at_entry(scope(sell, DAY), ())
    assert [row[:5] for row in sheet.rows] == [
        ("10:00", 3, 9, 0, 9), ("11:00", 0, None, None, None), ("12:00", 1, 7, 0, 7)
    ]  # fmt: skip
    assert str(sheet.notes[0]).startswith("4 measured: half within 7 s")


def test_each_chart_sums_to_the_figure_that_it_is_of(sell: Till) -> None:
    day.played(sell)
    looked = glance.of(scope(sell, DAY))
    tenders, categories = charts.tenders(looked), charts.categories(looked)
    assert sum(int(row[1] or 0) for row in tenders.rows) == looked.figures.collected_kes_minor
    assert sum(int(row[1] or 0) for row in categories.rows) == looked.figures.charged_minor
    assert charts.at_exit(scope(sell, DAY), ()).rows


def test_many_days_are_drawn_by_month_and_closed_days_stand_empty(gate: Gate, sell: Till) -> None:
    day.sold(sell, "card")
    sell.shifts.close(Counted(others={"card": 100_000}))
    gate.clock.pass_by(40 * moments.DAY_MS)
    sell.shifts.open("0")
    sell.shifts.to_window()
    day.sold(sell, "card", "CD34EF")
    by_day = papers.days(scope(sell, DAY, "2026-02-11"))
    assert len(by_day.rows) == 41
    assert sum(1 for row in by_day.rows if row[1]) == 2
    year = glance.of(scope(sell, "2026-01-01", "2026-12-31"))
    assert [row[:2] for row in year.bars.rows] == [("2026-01", 100_000), ("2026-02", 100_000)]


def test_a_code_that_two_weeks_count_is_one_code_of_both(gate: Gate, sell: Till) -> None:
    for shift in range(2):
        sell.checkout.tap(EA_CITIZEN)
        sell.payments.pay("mpesa")
        if not isinstance(sell.payments.mpesa("UA26X1Y2ZQ", None if shift else "2500"), RecordedView):
            sell.payments.record()
        sell.shifts.close(Counted(others={"mpesa": 100_000}), "as paid")
        gate.clock.pass_by(10 * moments.DAY_MS)
        sell.shifts.open("0")
        sell.shifts.to_window()
    both = scope(sell, DAY, "2026-01-12")
    (whole,) = books.claimed(both.rows, both.span)
    assert sums.claims(both.rows, both.span) == [whole]
    assert daily.figures(both).claimed_codes == 1


def test_a_paper_is_made_once_and_all_that_are_offered_are_made(sell: Till) -> None:
    day.played(sell)
    made = daily.Papers(scope(sell, DAY))
    fees = made.sheet("fees")
    report = made.made().report
    assert any(sheet is fees for sheet in report.sheets)
    assert {sheet.name: sheet.title for sheet in report.sheets} == daily.offered(made.scope)
    week = scope(sell, DAY, "2026-01-08")
    assert {sheet.name: sheet.title for sheet in daily.made(week).report.sheets} == daily.offered(week)


def test_what_versions_differ_by_is_the_same_at_a_look_and_in_an_export(sell: Till) -> None:
    day.played(sell)
    assert glance.of(scope(sell, DAY)).said == daily.made(scope(sell, DAY)).said

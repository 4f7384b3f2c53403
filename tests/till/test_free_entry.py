"""Free-entry notices: whom they let in, for which days and hours, and what is reported of it."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from gatepos.domain import moments
from gatepos.domain.fees import NoSuchFee
from gatepos.domain.free_entry import BadNotice, Notice, NoticeTooLong
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.till.approvals import Second
from gatepos.till.checkout import PlateMissing
from gatepos.till.free_entry import NoSuchNotice, NoticeElsewhere
from gatepos.till.till import Till
from gatepos.till.views import RecordedView, SellView
from tests.gate import (
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    OTHER,
    OTHER_PIN,
    Gate,
    selling,
)

TODAY = date(2026, 1, 2)
KENYAN = ("park_entry", "kenyan_citizen", "adult")
FREE_DAY = Notice(
    "KWS/FE/1/2026", "Wildlife Day", TODAY, TODAY, time(6), time(18, 30), ("NNP",), ("kenyan_citizen",), False
)
SECOND = Second(MANAGER, MANAGER_PIN)


def noticed(till: Till, notice: Notice = FREE_DAY) -> None:
    """Two persons begin free entry, and the clerk has the window again."""
    supervised(till)
    till.free_entry.begin(notice, Second("03", "864209"))
    back(till)


def supervised(till: Till) -> None:
    """The manager at the window, and somebody else who may agree."""
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    if "03" not in till.desk.staff:
        code = till.set_up.employ("03", ["supervisor"]).start_code
        till.sign_in.choose_pin("03", code, "864209")
        till.sign_in.sign_in(MANAGER, MANAGER_PIN)


def back(till: Till) -> None:
    """The clerk at the window again."""
    till.sign_in.sign_in("07", "246813")
    till.shifts.to_window()


def recorded(till: Till) -> RecordedView:
    """A bill on which nothing is to pay."""
    done, _ = till.payments.at_once(())
    return done


def books(till: Till) -> tuple[takings.Rows, Span]:
    """The books of a till, and its day."""
    return takings.of_ledger(till.desk.ledger.conn), Span((till.desk.own.till,), "2026-01-02", "2026-01-02")


def of(view: SellView, category: str) -> list[bool]:
    """Which cells of a category read that they are free."""
    return [cell.is_free for row in view.rows if row.category == category for cell in row.cells]


def test_free_entry_takes_two_persons_and_a_whole_notice(sell: Till) -> None:
    with pytest.raises(NotAllowed):
        sell.free_entry.begin(FREE_DAY, SECOND)
    supervised(sell)
    with pytest.raises(NeedsSecond):
        sell.free_entry.begin(FREE_DAY)
    for wrong in (
        replace(FREE_DAY, title=""), replace(FREE_DAY, reference=""), replace(FREE_DAY, categories=()),
        replace(FREE_DAY, categories=("dogs",)), replace(FREE_DAY, until_time=time(6)),
        replace(FREE_DAY, last_on=TODAY - timedelta(days=1)),
    ):  # fmt: skip
        with pytest.raises(BadNotice):
            sell.free_entry.begin(wrong, Second("03", "864209"))
    with pytest.raises(NoticeTooLong):
        sell.free_entry.begin(replace(FREE_DAY, last_on=TODAY + timedelta(days=31)), Second("03", "864209"))
    with pytest.raises(NoticeElsewhere):
        sell.free_entry.begin(replace(FREE_DAY, parks=("AMB",)), Second("03", "864209"))
    assert not sell.desk.ledger.of_kind("free_entry.noticed")


def test_kenyans_are_told_apart_and_other_east_africans_pay(sell: Till) -> None:
    noticed(sell)
    view = sell.checkout.view()
    assert (of(view, "kenyan_citizen"), of(view, "ea_citizen")) == ([True] * 3, [False] * 3)
    sell.checkout.count(KENYAN, 5)
    sell.checkout.count(EA_CITIZEN, 2)
    view = sell.checkout.vehicle(2)
    assert view.total_minor == 2 * 100_000 + 150_000
    free = next(line for line in view.lines if line.ground)
    assert (free.category, free.count, free.amount_minor, free.notice, free.foregone_minor) == (
        "ea_citizen", 5, 0, "KWS/FE/1/2026", 500_000,
    )  # fmt: skip
    sell.checkout.plate("KDA 412M")
    held = sell.checkout.hold().waiting[0]
    again = sell.checkout.resume(held.number)
    assert (again.total_minor, again.visitors) == (350_000, 7), "Kenyans stay Kenyans on a bill put aside"


def test_vehicles_and_whole_categories_go_free_where_the_notice_says_so(sell: Till) -> None:
    noticed(sell, replace(FREE_DAY, categories=("ea_citizen", "non_resident"), vehicles=True))
    for key in (EA_CITIZEN, NON_RESIDENT):
        sell.checkout.tap(key)
    view = sell.checkout.vehicle(1)
    assert (view.total_minor, view.owes_nothing) == (0, True)
    assert all(cell.is_free for cell in view.vehicles)
    assert not of(view, "kenyan_citizen"), "they are in the row of the East Africans"
    assert [line.foregone_minor for line in view.lines] == [1_036_000, 100_000, 60_000]
    sell.checkout.plate("KDA 412M")
    assert recorded(sell).total_minor == 0


def test_a_stay_is_charged_for_the_days_that_no_notice_covers(sell: Till) -> None:
    noticed(sell)
    sell.checkout.count(KENYAN, 2)
    view = sell.checkout.stay(3, 0)
    (line,) = view.lines
    assert (line.times, line.amount_minor, line.ground, line.foregone_minor) == (2, 400_000, None, 200_000)
    assert sell.checkout.stay(1, 0).total_minor == 0
    assert sell.checkout.enter_on(TODAY + timedelta(days=1)).total_minor == 200_000


def test_over_the_hours_and_the_days_end_nothing_stays_free(gate: Gate, sell: Till) -> None:
    noticed(sell)
    sell.checkout.count(KENYAN, 2)
    sell.checkout.plate("KDA 412M")
    sell.checkout.hold()
    sell.checkout.count(KENYAN, 2)
    gate.clock.pass_by(moments.at_local(TODAY, 18, 31) - gate.clock.wall_ms())
    view = sell.checkout.view()
    assert (view.total_minor, of(view, "kenyan_citizen")) == (200_000, [False] * 3)
    sell.checkout.clear()
    assert not of(sell.checkout.view(), "kenyan_citizen")
    held = sell.checkout.waiting()[0].number
    assert sell.checkout.resume(held).total_minor == 0, "it was opened while entry was free"
    assert sell.checkout.enter_on(TODAY + timedelta(days=1)).total_minor == 200_000


def test_a_notice_is_ended_and_another_of_its_reference_takes_its_place(sell: Till) -> None:
    noticed(sell)
    noticed(sell, replace(FREE_DAY, categories=("kenya_resident",)))
    assert of(sell.checkout.view(), "kenya_resident") == [True] * 3
    assert not of(sell.checkout.view(), "kenyan_citizen")
    supervised(sell)
    assert [one.title for one in sell.set_up.view().notices] == ["Wildlife Day"]
    with pytest.raises(NoSuchNotice):
        sell.free_entry.end("KWS/FE/9/2026", Second("03", "864209"))
    sell.free_entry.end("KWS/FE/1/2026", Second("03", "864209"))
    back(sell)
    assert of(sell.checkout.view(), "kenya_resident") == [False] * 3


def test_a_notice_outlives_a_restart(gate: Gate, sell: Till) -> None:
    noticed(sell)
    sell = gate.reopened(sell)
    assert of(sell.checkout.view(), "kenyan_citizen") == [True] * 3
    sell.desk.ledger.close()


def test_a_correction_keeps_what_was_free_when_it_was_sold(gate: Gate, sell: Till) -> None:
    noticed(sell)
    sell.checkout.count(KENYAN, 3)
    sell.checkout.plate("KDA 412M")
    number = recorded(sell).number
    gate.clock.pass_by(moments.at_local(TODAY, 18, 31) - gate.clock.wall_ms())
    view = sell.corrections.correct(number, "one fewer")
    assert view.total_minor == 0
    assert sell.checkout.count(KENYAN, 2).total_minor == 0


def test_revenue_foregone_is_what_they_would_have_paid(sell: Till) -> None:
    noticed(sell)
    sell.checkout.count(KENYAN, 3)
    sell.checkout.plate("KDA 412M")
    recorded(sell)
    rows, span = books(sell)
    (free,) = takings.charged(rows, span, "ground", is_free=True)
    assert (free.by, free.people, free.foregone_minor, free.kes_minor) == (("free_entry",), 3, 300_000, 0)


def test_staff_police_and_supplies_go_in_by_their_plate_and_count_as_no_visitors(sell: Till) -> None:
    view = sell.checkout.free("lodge_supply")
    assert (view.visitors, view.total_minor, view.owes_nothing) == (0, 0, True)
    with pytest.raises(PlateMissing):
        recorded(sell)
    sell.checkout.vehicle(1)
    sell.checkout.plate("KAB 100C")
    assert sell.checkout.view().total_minor == 0, "nor is their vehicle charged"
    recorded(sell)
    entry = sell.desk.ledger.of_kind("receipt.issued")[-1]
    assert entry.data["people"] == [[4, 0, 1]]
    rows, span = books(sell)
    (all_,) = takings.charged(rows, span)
    assert (all_.people, all_.vehicles, all_.kes_minor) == (0, 0, 0)


def test_a_visitor_in_the_same_vehicle_pays_and_so_does_the_vehicle(sell: Till) -> None:
    sell.checkout.free("police")
    sell.checkout.tap(EA_CITIZEN)
    view = sell.checkout.vehicle(1)
    assert (view.visitors, view.total_minor, dict(view.apart)["police"]) == (1, 160_000, 1)
    assert sell.checkout.none_apart().total_minor == 160_000


def test_what_no_schedule_has_stays_unknown(sell: Till) -> None:
    with pytest.raises(NoSuchFee):
        sell.checkout.tap(("park_entry", "martian", "adult"))


def test_another_clerk_finds_the_day_free_too(sell: Till) -> None:
    noticed(sell)
    selling(sell, OTHER, OTHER_PIN)
    assert of(sell.checkout.view(), "kenyan_citizen") == [True] * 3


def test_who_comes_too_late_for_a_notice_is_not_on_a_bill_kept_from_before(gate: Gate, sell: Till) -> None:
    noticed(sell, replace(FREE_DAY, until_time=time(11), categories=("ea_citizen", "non_resident")))
    sell.checkout.count(EA_CITIZEN, 1)
    sell.checkout.hold()
    kept = sell.checkout.waiting()[0].number
    gate.clock.pass_by(3 * 60 * moments.MINUTE_MS)
    assert sell.checkout.resume(kept).total_minor == 0
    late = sell.checkout.count(NON_RESIDENT, 6)
    assert late.total_minor == 100_000 + 6 * 80 * 129_50

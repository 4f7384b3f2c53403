"""Fee schedules and prepaid tickets from the office to the gate: told by central, used by people."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from gatepos.central import prepaid, schedules
from gatepos.domain import fees, moments
from gatepos.domain.fees import Schedule
from gatepos.domain.payment import BadTicket
from gatepos.domain.staff import NeedsSecond
from gatepos.ledger import pages
from gatepos.seal.keys import TillKey
from gatepos.sync.client import Answer
from gatepos.till.approvals import Second
from gatepos.till.set_up import UnknownSchedule
from gatepos.wire import feed, forms
from gatepos.wire import schedules as wire
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, MANAGER, MANAGER_PIN
from tests.lists import CF2025, NOW_MS, TICKETS, VAN, dearer, renamed, tariff, wild, without_students
from tests.sync.test_pull import AT, Joined, Park, nnp, page
from tests.sync.test_pull import two as two

__all__ = ["nnp"]
SECOND = Second("03", "864209")


def publish(nnp: Park, schedule: Schedule) -> None:
    schedules.publish(nnp.place.store, schedule, "boss", AT)


def in_charge(one: Joined) -> None:
    """The manager stands at the window, and a supervisor works here."""
    one.till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    code = one.till.set_up.employ("03", ["supervisor"]).start_code
    one.till.sign_in.choose_pin("03", code, "864209")
    one.till.sign_in.sign_in(MANAGER, MANAGER_PIN)


# Fee schedules.


def test_a_tariff_of_2561_rows_is_at_the_gate_and_two_people_put_it_in_force(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    publish(nnp, tariff(changed=dearer))
    far.pull()
    in_charge(far)
    assert far.version("schedules") == 2_562
    assert far.trouble("schedules") == ""
    proposed = far.till.desk.proposed()
    assert (proposed and proposed.id, far.till.desk.schedule().id) == ("CF2026", "CF2025")
    with pytest.raises(NeedsSecond):
        far.till.set_up.switch_schedule("CF2026", "LN 1/2026")
    far.till.set_up.switch_schedule("CF2026", "LN 1/2026", SECOND)
    far.till.sign_in.sign_in(CLERK, CLERK_PIN)
    far.till.shifts.to_window()
    assert far.till.checkout.tap(EA_CITIZEN).total_minor == 110_000


def test_nothing_is_for_sale_by_a_tariff_of_which_a_page_is_missing_still(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    publish(nnp, tariff())
    far.gate.clock.pass_by(300_000)
    for _ in range(2):
        far.puller.round()
        assert "CF2026" not in far.till.desk.book.schedules
    far.puller.round()
    assert "CF2026" in far.till.desk.book.schedules


def test_a_tariff_in_force_holds_after_a_start_and_after_the_ledgers_file_was_lost(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    publish(nnp, tariff(changed=dearer))
    far.pull()
    in_charge(far)
    far.till.set_up.switch_schedule("CF2026", "LN 1/2026", SECOND)
    for without_file in (False, True):
        far.restart(without_file=without_file)
        assert far.till.checkout.tap(EA_CITIZEN).total_minor == 110_000
        far.till.checkout.clear()


def test_a_tariff_is_not_proposed_before_its_moment(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    begins_ms = far.gate.clock.wall_ms() + 60 * moments.MINUTE_MS
    publish(nnp, tariff(begins_ms=begins_ms))
    far.pull()
    assert far.till.desk.proposed() is None
    far.gate.clock.pass_by(begins_ms - far.gate.clock.wall_ms() - 1)
    assert far.till.desk.proposed() is None
    far.gate.clock.pass_by(1)
    proposed = far.till.desk.proposed()
    assert proposed is not None
    assert proposed.id == "CF2026"


def test_what_cannot_be_sold_after_a_switch_is_listed_before_it(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    publish(nnp, tariff(changed=without_students))
    far.pull()
    lost = {one.key for one in far.till.tariff.unsold("CF2026")}
    assert ("park_entry", "non_resident", "student") in lost
    assert fees.vehicle_key(5) in lost
    assert EA_CITIZEN not in lost
    assert {key[2] for key in lost if key[0] in ("park_entry", "vehicle")} == {"student", "5"}
    with pytest.raises(UnknownSchedule):
        far.till.tariff.unsold("CF2099")


def test_a_tariff_of_another_park_is_none_of_this_ones(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    publish(nnp, replace(tariff("CF2026A"), parks=("TSE",)))
    publish(nnp, replace(tariff("CF2026B"), parks=("AMB", "NNP")))
    far.pull()
    known = far.till.desk.book.schedules
    assert ("CF2026A" in known, "CF2026B" in known) == (False, True)


@pytest.mark.parametrize(
    ("made", "trouble"),
    [
        (tariff(changed=wild), "ScheduleTooFar"),
        (tariff(changed=renamed), "ScheduleNewer"),
        (tariff("CF2025", changed=dearer), "ScheduleDiffers"),
    ],
)
def test_a_tariff_that_cannot_be_is_refused_by_name_and_the_one_in_force_stays(
    two: tuple[Joined, Joined], nnp: Park, made: Schedule, trouble: str
) -> None:
    _, far = two
    nnp.publish("schedules", *map(dict, wire.rows(made)))
    far.pull()
    assert far.trouble("schedules") == trouble
    assert far.till.desk.schedule() == CF2025
    assert far.till.desk.proposed() is None
    far.restart(without_file=True)
    assert far.till.desk.schedule() == CF2025
    nnp.publish("schedules", *map(dict, wire.rows(tariff("CF2027"))))
    far.pull()
    assert "CF2027" in far.till.desk.book.schedules


def test_rows_that_are_not_the_ones_published_make_no_tariff(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    rows = [dict(row) for row in wire.rows(tariff())]
    nnp.publish("schedules", *rows[:7], *rows[8:])
    far.pull()
    assert far.trouble("schedules") == "ScheduleCut"
    assert "CF2026" not in far.till.desk.book.schedules
    nnp.publish("schedules", *rows)
    far.pull()
    assert "CF2026" in far.till.desk.book.schedules


def instead(body: bytes) -> Callable[[Answer], Answer]:
    """The line on which something else comes."""
    return lambda answer: replace(answer, data=body)


def test_a_page_of_fees_that_is_unsigned_foreign_old_or_too_large_is_refused_by_name(
    two: tuple[Joined, Joined],
) -> None:
    _, far = two
    far.pull()
    rows: list[object] = [dict(row) for row in wire.rows(tariff())[-2:]]
    other = TillKey.generate()
    for body, trouble in [
        (page("schedules", 0, 2, rows, other), "NotSaid"),
        (page("schedules", 0, 2, rows, to="TSE"), "NotSaid"),
        (page("schedules", 7, 9, rows), "OldPage"),
        (page("schedules", 0, 1_001, rows[:1] * 1_001), "BadBody"),
        (page("schedules", 0, 1, [{"digest": "x"}]), "BadBody"),
    ]:
        far.line.faults["schedules"] = instead(body)
        far.pull()
        assert (far.trouble("schedules"), far.version("schedules")) == (trouble, 0)
    assert list(pages.kept(far.gate.folder, "schedules")) == []


def test_every_page_of_the_whole_tariff_fits_its_limits(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    publish(nnp, tariff())
    far.pull()
    kept = [data for _, data in pages.kept(far.gate.folder, "schedules")]
    assert max(map(len, kept)) <= forms.DECODED_MAX
    assert len(kept) == 3


# Prepaid tickets.


def load(nnp: Park, rows: str, parks: tuple[str, ...] = ("NNP", "TSE"), at_ms: int = NOW_MS) -> None:
    prepaid.load(nnp.place.store, TICKETS + rows, parks, "boss", at_ms)


def test_a_ticket_on_the_list_is_known_at_the_gate_however_it_is_typed(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    load(nnp, VAN)
    far.pull()
    for without_file in (False, True):
        found = far.till.feeds.prepaid("wqbg pwrr")
        assert found is not None
        assert found.people == (("non_resident", "adult", 2), ("non_resident", "child", 1))
        assert (found.day, found.band, found.plate) == (date(2026, 1, 2), 2, "KDA412M")
        assert found.listed_at == far.till.feeds.listed_at() == moments.to_text(NOW_MS)
        assert far.till.feeds.prepaid("WQBGPWRS") is None
        far.restart(without_file=without_file)
    with pytest.raises(BadTicket):
        far.till.feeds.prepaid("?")


def test_a_zero_for_the_letter_finds_the_ticket_all_the_same(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    load(nnp, VAN.replace("WQBG", "WOIG"))
    far.pull()
    assert far.till.feeds.prepaid("W01GPWRR") == far.till.feeds.prepaid("WOIG-PWRR") is not None


def test_another_parks_tickets_stay_there(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    load(nnp, VAN.replace("NNP", "TSE"))
    far.pull()
    assert (far.till.feeds.prepaid("WQBGPWRR"), far.till.feeds.listed_at()) == (None, None)


def test_the_last_list_holds_and_a_ticket_taken_off_is_on_none(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    load(nnp, VAN)
    evening_ms = NOW_MS + 60 * moments.MINUTE_MS
    load(nnp, VAN.replace("2 non", "4 non"), at_ms=evening_ms)
    far.pull()
    found = far.till.feeds.prepaid("WQBGPWRR")
    assert found is not None
    assert found.people[0] == ("non_resident", "adult", 4)
    prepaid.withdraw(nnp.place.store, "wqbgpwrr", ("NNP",), "boss", evening_ms + 1)
    far.pull()
    assert far.till.feeds.prepaid("WQBGPWRR") is None


def test_a_ticket_is_found_by_one_look_into_an_index(two: tuple[Joined, Joined]) -> None:
    _, far = two
    plan = far.till.desk.ledger.conn.execute(
        "EXPLAIN QUERY PLAN SELECT reference FROM heard_ticket WHERE folded = ? AND is_listed = 1", ("X",)
    ).fetchall()
    assert [row[3] for row in plan] == [
        "SEARCH heard_ticket USING INDEX sqlite_autoindex_heard_ticket_1 (folded=?)"
    ]


def test_a_list_longer_than_a_page_comes_whole(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    day = (date(2026, 1, 2) + timedelta(1)).isoformat()
    load(nnp, "".join(f"KWS{n:06d},{day},NNP,1 ea_citizen adult,,\n" for n in range(2_300)))
    far.pull()
    assert far.version(feed.PREPAID) == 2_300
    assert far.till.feeds.prepaid("KWS002299") is not None

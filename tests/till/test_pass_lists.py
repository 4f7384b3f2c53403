"""The lists of passes: who owes, who is inside, who paid today, who left owing."""

from gatepos.domain import moments
from gatepos.till.pass_lists import INSIDE, OPEN, SETTLED, UNDERTAKEN
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests.gate import EA_CITIZEN, Gate
from tests.till.test_passes import OWED, SECOND, at_exit, outage, token, van_in


def walker(till: Till, operator: str = "") -> RecordedView:
    """Somebody on foot, let in on a pass."""
    till.checkout.tap(EA_CITIZEN)
    till.checkout.operator(operator)
    return till.passes.issue()


def numbers_of(till: Till, which: str) -> list[str]:
    return [row.number for row in till.pass_lists.listed(which)]


def test_open_passes_stand_oldest_first_with_the_time_in_the_park(gate: Gate, sell: Till) -> None:
    outage(sell)
    van = van_in(sell).number
    gate.clock.pass_by(75 * moments.MINUTE_MS)
    foot = walker(sell).number
    rows = sell.pass_lists.listed(OPEN)
    assert [(row.number, row.plate, row.owed_minor, row.inside, row.inside_min) for row in rows] == [
        (van, "KDA412M", OWED, 8, 75),
        (foot, "", 100_000, 1, 0),
    ]


def test_what_is_paid_goes_from_open_and_inside_to_settled_today(sell: Till) -> None:
    outage(sell)
    van, foot = van_in(sell).number, walker(sell).number
    gate = at_exit(sell).gate
    gate.scan(token(sell, van))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    assert numbers_of(sell, OPEN) == numbers_of(sell, INSIDE) == [foot]
    (settled,) = sell.pass_lists.listed(SETTLED)
    assert (settled.number, settled.state, settled.inside) == (van, "paid", 0)


def test_who_left_owing_stands_under_undertakings_until_it_is_paid(sell: Till) -> None:
    outage(sell)
    van = van_in(sell).number
    gate = at_exit(sell).gate
    gate.scan(token(sell, van))
    sell.passes.let_out(gate.owed(), "the code did not come")
    assert numbers_of(sell, UNDERTAKEN) == numbers_of(sell, OPEN) == [van]
    assert numbers_of(sell, INSIDE) == []
    sell.passes.waive(van, "", "KWS/W/1", SECOND)
    assert numbers_of(sell, UNDERTAKEN) == []


def test_a_pass_printed_anew_is_inside_once(sell: Till) -> None:
    outage(sell)
    old = van_in(sell).number
    new = sell.passes.reissue(old, "torn", SECOND).number
    assert numbers_of(sell, INSIDE) == numbers_of(sell, OPEN) == [new]
    assert [row.state for row in sell.pass_lists.find(old)] == ["reissued"]


def test_a_pass_is_found_by_plate_number_and_a_part_of_the_operator(sell: Till) -> None:
    outage(sell)
    van, foot = van_in(sell).number, walker(sell, "Savannah Tours").number
    lists = sell.pass_lists
    for typed in ("kda 4", van, van.replace("-", "").lower()):
        assert [row.number for row in lists.find(typed)] == [van], typed
    assert [row.number for row in lists.find("vannah t")] == [foot]
    assert lists.find("nobody") == ()


def test_a_pass_opens_as_it_was_printed_and_is_copied(sell: Till) -> None:
    outage(sell)
    van = van_in(sell).number
    opened = sell.pass_lists.open(van)
    assert (opened.is_ours, opened.qr) == (True, token(sell, van))
    assert opened.paper
    assert sell.pass_lists.reprint(van).entry.data["copy"] == 1

"""What was issued and what became of it adds up: at a close, and over all tills that were heard."""

from gatepos.ledger import totals
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
from tests.gate import EA_CITIZEN
from tests.till.conftest import Tills
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in


def adds_up(sums: totals.PassSums) -> bool:
    became = (
        sums.settled_minor,
        sums.waived_minor,
        sums.undone_minor,
        sums.undertaken_minor,
        sums.open_minor,
    )
    return sums.passes_minor == sum(became) - sums.owed_back_minor


def car_in(till: Till, plate: str) -> str:
    """An EA citizen in a car, KES 1,600."""
    till.checkout.tap(EA_CITIZEN)
    till.checkout.vehicle(1)
    till.checkout.plate(plate)
    return till.passes.issue().number


def go_out(till: Till, paid: str, part: str, owing: str) -> None:
    """At the exit the van pays its pass, a car some of its own, another leaves on its undertaking."""
    gate = at_exit(till).gate
    gate.scan(token(till, paid))
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    gate.scan(token(till, part))
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZR", "600")
    till.settlements.record(in_part=True)
    gate.leave()
    gate.scan(token(till, owing))
    till.passes.let_out(gate.owed(), "the code did not come")


def test_a_close_says_what_became_of_the_passes_of_its_day(sell: Till) -> None:
    outage(sell)
    paid, part, waived, revoked, owing = van_in(sell).number, *(car_in(sell, f"KDB 11{n}A") for n in range(4))
    car_in(sell, "KDC 900Z")
    sell.passes.waive(waived, "", "KWS/W/1", SECOND)
    sell.passes.revoke(revoked, "turned back", SECOND)
    go_out(sell, paid, part, owing)
    closed = sell.shifts.close(Counted(others={"mpesa": 4_454_000})).entry
    assert closed.data["passes"] == {
        "passes": 6, "settled": 1, "part": 1, "waived": 1, "revoked": 1, "undertaken": 1, "open": 1,
        "passes_minor": 5_194_000, "settled_minor": 4_454_000, "waived_minor": 160_000, "undone_minor": 0,
        "undertaken_minor": 160_000, "open_minor": 420_000,
        "owed_back_minor": 0,
    }, "who went in on a pass that is revoked still owes"  # fmt: skip
    printed = str(sell.printing.paper(closed)).replace(r"\xa0", " ")
    assert "Passes issued today, over all tills heard: 6" in printed
    assert "Paid, in whole + in part: 1 + 1" in printed


def test_a_pass_printed_anew_is_counted_once_with_what_was_paid_on_the_first(sell: Till) -> None:
    outage(sell)
    first = car_in(sell, "KDB 111A")
    at_exit(sell).gate.scan(token(sell, first))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZR", "600")
    sell.settlements.record(in_part=True)
    sell.gate.leave()
    sell.passes.reissue(first, "wet", SECOND)
    sums = totals.of_day(sell.desk.ledger, sell.desk.today().isoformat())
    assert (sums.passes, sums.states["part"], sums.settled_minor, sums.open_minor) == (1, 1, 60_000, 100_000)
    assert adds_up(sums)


def test_passes_of_other_tills_count_once_they_are_heard(tills: Tills) -> None:
    entry, beside, east = tills
    outage(beside)
    car_in(entry, "KDB 111A")
    car_in(beside, "KDB 112A")
    day = east.desk.today().isoformat()
    assert totals.of_day(east.desk.ledger, day).passes == 0
    park.tell_all(tills)
    sums = totals.of_day(east.desk.ledger, day)
    assert (sums.passes, sums.passes_minor) == (2, 320_000)
    assert adds_up(sums)
    assert totals.of_day(east.desk.ledger, "2026-01-03").passes == 0

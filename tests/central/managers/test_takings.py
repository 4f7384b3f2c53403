"""The page's sums are the tills' own, to the shilling, on both databases."""

from datetime import date

from gatepos import i18n
from gatepos.central.managers import takings
from gatepos.central.managers.takings import Day
from gatepos.domain import fees, moments, money, parks
from gatepos.ledger import totals
from gatepos.till.shifts import Counted
from tests import park
from tests.central.managers.conftest import Heard, Office
from tests.central.place import Place
from tests.gate import EA_CITIZEN, permit
from tests.till.test_corrections import sold
from tests.till.test_hearing import paid_at, van
from tests.till.test_passes import SECOND, outage, token
from tests.till.test_totals import car_in

TODAY = date(2026, 1, 2)


def day_of(place: Place, on: date = TODAY) -> Day:
    """A day of the park as the page has it."""
    with place.store.reading() as tx:
        return takings.of_day(
            tx, parks.shipped().park("NNP"), on, place.clock.wall_ms(), fees.titles(), i18n.words("en")
        )


def a_morning(heard: Heard) -> None:
    """Sales, a void, a refund, passes waived, revoked, printed anew, paid elsewhere; a drawer emptied."""
    entry, beside, far = heard.tills
    permit(entry, "allow_cash", "yes")
    sold(entry)
    sold(entry, kind="cash")
    entry.corrections.void(sold(entry, 2, "cash"), "turned back", SECOND)
    refund = far.refunds.request(sold(far, 3), {EA_CITIZEN: 1}, "one never came").entry.number
    far.refunds.approve(str(refund), SECOND)
    far.refunds.pay(str(refund), "mpesa", "UA36X1Y2ZQ")
    outage(entry)
    code, other = token(entry, van(entry)), token(entry, van(entry, "KDC 222B"))
    waived, revoked, torn, _ = (car_in(entry, f"KDD 11{n}A") for n in range(4))
    entry.passes.waive(waived, "", "KWS/W/1", SECOND)
    entry.passes.revoke(revoked, "turned back", SECOND)
    entry.passes.reissue(torn, "torn", SECOND)
    for till in (beside, far):
        till.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ", "30,000")
    park.tell_all(heard.tills)
    paid_at(far, other, "UA26X1Y2ZS")
    entry.shifts.close(Counted(others={"mpesa": 100_000}), "the cash is in the safe")
    park.tell_all(heard.tills)


def test_the_sums_are_those_of_the_tills(heard: Heard, place: Place) -> None:
    a_morning(heard)
    heard.sent()
    day = day_of(place)
    collected = {money.KES: 0, money.USD: 0}
    by_tender: dict[str, int] = {}
    for till in heard.tills:
        for (tender, currency), minor in totals.tendered_since(till.desk.ledger, 0).items():
            collected[currency] += minor
            by_tender[tender] = by_tender.get(tender, 0) + minor
    assert collected[money.KES] > 0
    assert (day.collected_kes_minor, day.collected_usd_minor) == (collected[money.KES], collected[money.USD])
    by_paybill = [row for row in day.tenders if row.label.startswith("M-PESA ")]
    assert sum(row.kes_minor for row in by_paybill) == by_tender["mpesa"]
    assert {row.label: row.kes_minor for row in day.tenders if row not in by_paybill} == {
        "Cash": by_tender["cash"]
    }
    sold_here = [totals.sold_since(till.desk.ledger, 0) for till in heard.tills]
    assert day.receipts == sum(count for count, _ in sold_here)
    assert {row.till: row.receipts for row in day.tills} == {
        till.desk.own.till: count for till, (count, _) in zip(heard.tills, sold_here, strict=True)
    }
    assert sum(row.kes_minor for row in day.tills) == day.collected_kes_minor
    assert sum(row.kes_minor for row in day.gates) == day.collected_kes_minor
    in_hours = sum(sum(column.values) for column in day.hours)
    assert in_hours - day.back_minor == day.collected_kes_minor


def test_what_is_open_is_what_every_till_reckons(heard: Heard, place: Place) -> None:
    a_morning(heard)
    heard.sent()
    day = day_of(place)
    for till in heard.tills:
        receivables = till.desk.ledger.receivables
        assert {one.number: one.owed_minor for one in day.open.passes} == {
            number: receivables.owed(number) for number in receivables.open()
        }
    assert day.open.minor == sum(one.owed_minor for one in day.open.passes)
    assert day.open.count == len(day.open.passes)


def test_what_was_charged_is_what_was_sold_and_issued(heard: Heard, place: Place) -> None:
    a_morning(heard)
    heard.sent()
    day = day_of(place)
    sold_minor = sum(totals.sold_since(till.desk.ledger, 0)[1] for till in heard.tills)
    sums = totals.of_day(heard.tills[0].desk.ledger, TODAY.isoformat())
    assert day.charged_minor == sold_minor + sums.passes_minor - sums.undone_minor
    assert "Non-resident adult" in {row.label for row in day.fees}


def test_another_day_has_none_of_it(heard: Heard, place: Place) -> None:
    a_morning(heard)
    heard.sent()
    day = day_of(place, date(2026, 1, 1))
    assert (day.receipts, day.collected_kes_minor, day.tenders, day.people) == (0, 0, [], 0)


def test_a_gate_that_is_not_heard_is_named_with_its_last_moment(office: Office, heard: Heard) -> None:
    main, beside, east = heard.sent()
    browser = office.signed_in("warden")
    assert "2 of 2 gates" in browser.see("/takings")
    office.place.clock.pass_by(20 * moments.MINUTE_MS)
    main.drain()
    beside.drain()
    page = browser.see("/takings")
    assert "1 of 2 gates" in page
    assert "last heard 2 Jan 10:31" in page
    office.place.clock.pass_by(moments.DAY_MS)
    east.drain()
    browser.sign_in("warden")
    past = browser.see("/takings?day=2026-01-02")
    assert "1 of 2 gates" in past, "the till at Main that was heard last was heard on that day"
    for till in (main, beside):
        till.drain()
    assert "2 of 2 gates" in browser.see("/takings?day=2026-01-02")


def test_money_held_on_a_void_is_named_beside_what_was_collected(office: Office, heard: Heard) -> None:
    entry, _, _ = heard.tills
    kept, voided = sold(entry), sold(entry, 2)
    entry.corrections.void(voided, "turned back", SECOND)
    assert kept
    heard.sent()
    day = day_of(office.place)
    assert day.held.papers == 1
    assert day.collected_kes_minor == day.charged_minor + day.held.minor
    page = office.signed_in("warden").see("/takings")
    assert "Held, to be refunded or to pay the next bill" in page

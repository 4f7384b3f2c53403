"""Takings, by whatever they are grouped, are what the postings say; a paper that ended is taken off."""

from dataclasses import replace

from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.reports import daily
from gatepos.reports import takings as reported
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN
from tests.reports import looked
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in
from tests.till.test_totals import car_in


def span(till: Till) -> Span:
    day = till.desk.today().isoformat()
    return Span((till.desk.own.till,), day, day)


def postings(till: Till, accounts: str) -> int:
    """KES minor units on accounts that begin like this."""
    row = till.desk.ledger.conn.execute(
        "SELECT coalesce(sum(amount_minor), 0) FROM posting WHERE account LIKE ? AND currency = 'KES'",
        (accounts,),
    ).fetchone()
    return int(row[0])


def sold(till: Till, code: str) -> str:
    till.checkout.tap(EA_CITIZEN, 2)
    till.checkout.vehicle(1)
    till.checkout.plate("KDA 412M")
    till.payments.pay("mpesa")
    till.payments.mpesa(code, "2,600")
    assert till.window.last is not None
    return str(till.window.last.entry.number)


def test_a_day_of_sales_and_passes_is_charged_and_taken_as_its_postings_say(sell: Till) -> None:
    outage(sell)
    kept, voided = sold(sell, "UA26X1Y2ZA"), sold(sell, "UA26X1Y2ZB")
    sell.corrections.void(voided, "turned back", SECOND)
    paid, turned_back = van_in(sell).number, car_in(sell, "KDB 111A")
    sell.passes.revoke(turned_back, "turned back", SECOND)
    at_exit(sell).gate.scan(token(sell, paid))
    sell.settlements.pay("mpesa")
    sell.settlements.mpesa("UA26X1Y2ZQ", "43,940")
    ask, today = takings.of_ledger(sell.desk.ledger.conn), span(sell)

    (total,) = takings.charged(ask, today)
    assert total.kes_minor == -postings(sell, "income:%")
    by_fee = {one.by: one for one in takings.charged(ask, today, "fee", "category", "age")}
    assert sum(one.kes_minor for one in by_fee.values()) == total.kes_minor
    assert by_fee["park_entry", "ea_citizen", "adult"].people >= 2
    assert by_fee["park_entry", "ea_citizen", "adult"].vehicles == 0

    taken = {one.by: one for one in takings.taken(ask, today, "place", "kind", "currency")}
    assert taken["exit", "mpesa", "KES"].minor == 4_394_000
    assert taken["entry", "mpesa", "KES"].papers == 2, "a voided code's money stays with the provider"
    assert sum(one.minor for one in taken.values()) == postings(sell, "asset:mpesa:%")
    assert kept

    among_others = replace(today, tills=(*today.tills, "NMG2"))
    for by in (("fee", "age"), ("day", "gate", "shift")):
        assert takings.charged(ask, today, *by) == takings.charged(ask, among_others, *by)
    all_ = takings.charged(ask, today, *reported.CHARGED_BY)
    assert reported.regrouped(all_, "fee", "category", "age") == [*by_fee.values()]
    assert reported.regrouped(all_) == [total]


def test_money_held_on_a_void_is_a_figure_until_it_pays_the_next_bill(sell: Till) -> None:
    outage(sell)
    sold(sell, "UA26X1Y2ZA")
    voided = sold(sell, "UA26X1Y2ZB")
    sell.corrections.void(voided, "turned back", SECOND)
    van_in(sell)
    named = figures(sell)
    assert named["Held, to be refunded or to pay the next bill"] == (1, 260_000)
    assert adds_up(named)
    refund = str(sell.refunds.request(voided, {}, "turned back").entry.number)
    sell.refunds.approve(refund, SECOND)
    sell.refunds.pay(refund, "mpesa", "UA36X1Y2ZQ")
    named = figures(sell)
    assert named["Held, to be refunded or to pay the next bill"] == (0, 0)
    assert adds_up(named)


def figures(till: Till) -> dict[str, tuple[int | None, int]]:
    """The takings of today by name: how many, and KES minor units."""
    sheet = daily.Papers(looked.scope(till, till.desk.today().isoformat())).sheet("figures")
    return {str(row[0]): (row[1], int(row[2] or 0)) for row in sheet.rows}  # type: ignore[misc]


def adds_up(named: dict[str, tuple[int | None, int]]) -> bool:
    """What came in and is owed is what was charged and what is held."""
    came_in = ("Collected here", "Prepaid elsewhere", "Owed on open passes")
    charged = ("Charged", "Held, to be refunded or to pay the next bill")
    return sum(named[name][1] for name in came_in) == sum(named[name][1] for name in charged)

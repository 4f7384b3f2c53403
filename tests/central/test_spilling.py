"""Money beyond what a pass owes: on to the open passes sold together with it, or a matter for a person."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos import app
from gatepos.central import reconciling
from gatepos.central.store import cases, feeds
from gatepos.domain import keyring, policy
from gatepos.domain.spilling import Left, Share, shared
from gatepos.reports.statements.reading import Hints, read
from gatepos.seal.keys import TillKey, kid_of
from gatepos.till.till import Till
from gatepos.till.views import PayView
from gatepos.wire import forms
from tests import park
from tests.central.driver.phone import Driver, four, said, scanned
from tests.central.place import Place, Sender, journal_of, sender
from tests.central.test_c2b import Daraja
from tests.gate import ordinary_van, permit
from tests.reports.statement_files import COLUMNS, Row, as_csv, heading, taken_back
from tests.reports.statement_files import paid as paid_row
from tests.till.test_central_papers import CENTRAL
from tests.till.test_hearing import paid_at
from tests.till.test_passes import OWED, SECOND, at_exit, outage, sold_together
from tests.till.test_passes import token as text_of
from tests.till.test_seen import told

A, B, C = "A", "B", "C"
WHOLE = f"{OWED // 100}"


def test_what_is_over_goes_to_the_oldest_that_owes() -> None:
    money = [Left("T1", B, 900, True), Left("T2", A, 100, False)]
    assert shared(money, [(A, 300), (B, 500), (C, 200)]) == [
        Share("T1", B, 500, True), Share("T2", A, 100, False), Share("T1", A, 200, True),
        Share("T1", C, 200, True),
    ]  # fmt: skip


def test_what_nobody_owes_is_named() -> None:
    assert shared([Left("T1", A, 900, False)], []) == [Share("T1", "", 900, False)]


_numbers = st.sampled_from("ABCD")


@given(
    st.lists(st.tuples(_numbers, st.integers(1, 1000)), max_size=6),
    st.dictionaries(_numbers, st.integers(1, 1000)),
)
def test_no_shilling_is_made_or_lost_and_nobody_gets_more_than_is_owed(
    paid: list[tuple[str, int]], owing: dict[str, int]
) -> None:
    money = [Left(f"T{n}", number, minor, False) for n, (number, minor) in enumerate(paid)]
    shares = shared(money, sorted(owing.items()))
    for left in money:
        assert sum(one.minor for one in shares if one.trans_id == left.trans_id) == left.minor
    for number, minor in owing.items():
        assert sum(one.minor for one in shares if one.number == number) <= minor
    over = sum(one.minor for one in shares if not one.number)
    owed = sum(owing.values()) - sum(one.minor for one in shares if one.number)
    assert not (over and owed), "nothing is over while somebody owes"


@pytest.fixture
def vans(till: Sender, sell: Till) -> list[Driver]:
    """Drivers of three vans sold together and of one that names the same operator."""
    return four(till, sell, "KDA 1A", "KDA 2A", "KDA 3A", "KDA 4A")


def standing(driver: Driver) -> str:
    """The title of the driver's page."""
    shown = said(driver.opened())
    titles = ("Payment has arrived, not confirmed", "Payment has arrived", "Part paid", "Not paid yet")
    return next((title for title in titles if title in shown), shown)


def test_one_payment_for_three_lets_out_what_was_sold_together_and_nobody_else(vans: list[Driver]) -> None:
    vans[1].pay(f"{OWED * 5 // 200}")
    assert [standing(van) for van in vans] == [
        "Payment has arrived", "Payment has arrived", "Part paid", "Not paid yet",
    ]  # fmt: skip
    assert vans[0].place.matters() == []
    for van in vans[:2]:
        scanned(van.opened())
    assert f"You owe KES {OWED // 200:,}" in said(vans[2].opened()), "what was signed for is nobody else's"


def over_minor(place: Place) -> list[int | None]:
    """How much of the payments that are to be looked into is nobody's."""
    with place.store.reading() as tx:
        return [one.over_minor for one in cases.open_cases(tx, None)]


def test_what_no_pass_sold_together_owes_is_a_matter_and_no_strangers(vans: list[Driver]) -> None:
    vans[0].pay(f"{OWED * 4 // 100}")
    assert vans[0].place.matters() == [("600000", "payment_over", 1)]
    assert over_minor(vans[0].place) == [OWED]
    assert standing(vans[3]) == "Not paid yet"


def test_money_that_came_before_its_pass_was_known_is_looked_at_then(till: Sender, sell: Till) -> None:
    outage(sell)
    ordinary_van(sell)
    driver = Driver(till.place, till, sell, sell.passes.issue().number.replace("-", ""))
    driver.pay(f"{OWED // 100 + 1}")
    assert till.place.matters() == []
    driver.tell()
    assert till.place.matters() == [("600000", "payment_over", 1)]
    assert over_minor(till.place) == [100]


def test_a_till_counts_the_rest_of_a_payment_without_a_matter_and_more_than_that_with_one(
    vans: list[Driver],
) -> None:
    vans[0].pay(f"{OWED * 2 // 100}")
    scanned(vans[0].opened())
    sell = at_exit(vans[0].sell)
    paid_at(sell, text_of(sell, vans[3].number), "UA26X1Y2ZQ", f"{OWED * 2 // 100:,}")
    vans[0].tell()
    assert vans[0].place.matters() == [], "the rest was nobody's yet"
    assert standing(vans[1]) == "Not paid yet", "and is the other van's now"
    paid_at(sell, text_of(sell, vans[2].number), "UA26X1Y2ZQ", f"{OWED * 2 // 100:,}")
    vans[0].tell()
    assert [what for _, what, _ in vans[0].place.matters()] == ["payment_used_elsewhere"]


def test_an_exit_takes_the_same_part_as_the_drivers_page_and_asks_the_same_rest(vans: list[Driver]) -> None:
    paid, rest = OWED * 5 // 200, OWED // 200
    vans[0].pay(f"{paid}")
    assert f"You owe KES {rest:,}" in said(vans[2].opened())
    sell = at_exit(vans[0].sell)
    sell.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    told(sell, ("UA26X1Y2ZQ", vans[0].number, f"{paid}.00", "seen"))
    sell.gate.scan(text_of(sell, vans[2].number))
    sell.settlements.pay("mpesa")
    view = sell.settlements.mpesa("UA26X1Y2ZQ")
    assert isinstance(view, PayView)
    assert view.rest_minor == rest * 100
    sell.settlements.mpesa("UA26X1Y2ZR", f"{rest}")
    vans[0].tell()
    assert [standing(van) for van in vans[:2]] == ["Payment has arrived"] * 2, "nothing of theirs was taken"
    assert vans[0].place.matters() == []


def test_a_till_that_names_anothers_group_gets_none_of_its_money(place: Place, tmp_path: Path) -> None:
    gates = park.gates(tmp_path / "park")
    entry, liar, far = park.built(gates)
    for till in (entry, liar):
        outage(till)
    first, second = sold_together(entry, "KDA 1A", "KDA 2A")
    liar.window.work.account = str(entry.desk.ledger.of_kind("bill.opened")[0].number)
    (other,) = sold_together(liar, "KDA 9Z")
    drivers = []
    for till, number in ((entry, first), (entry, second), (liar, other)):
        key = TillKey.load(till.desk.ledger.folder / app.KEY)
        drivers.append(Driver(place, sender(place, till, key), till, number))
    for driver in drivers[1:]:
        driver.tell()
    drivers[0].pay(f"{3 * OWED // 100}")
    assert [standing(one) for one in drivers] == [
        "Payment has arrived",
        "Payment has arrived",
        "Not paid yet",
    ]
    assert over_minor(place) == [OWED]
    for till in (entry, liar, far):
        till.desk.ledger.close()


def test_a_pass_printed_anew_is_still_of_its_group(vans: list[Driver]) -> None:
    sell = vans[0].sell
    vans[1].number = sell.passes.reissue(vans[1].number, "paper is wet", SECOND).number.replace("-", "")
    vans[0].tell()
    vans[0].pay(f"{OWED * 2 // 100}")
    assert [standing(van) for van in vans] == [
        "Payment has arrived", "Not paid yet", "Payment has arrived", "Not paid yet",
    ], "its number is the last of them now"  # fmt: skip
    vans[0].pay(f"{OWED // 100}", "UA26X1Y2ZR")
    assert standing(vans[1]) == "Payment has arrived"


def test_what_central_signed_for_a_pass_is_its_own_under_the_number_that_it_was_printed_anew_with(
    vans: list[Driver],
) -> None:
    vans[1].pay(f"{OWED * 2 // 100}")
    scanned(vans[0].opened())
    for van in (vans[0], vans[2]):
        van.number = van.sell.passes.reissue(van.number, "paper is wet", SECOND).number.replace("-", "")
    vans[0].tell()
    vans[1].pay(WHOLE, "UA26X1Y2ZR")
    assert standing(vans[2]) == "Payment has arrived", "whether the first van's new page was opened or not"
    assert standing(vans[0]) == "Payment has arrived"
    assert vans[0].place.matters() == []


def test_the_rest_is_looked_at_again_when_the_others_of_the_group_pay_on_their_own(
    vans: list[Driver],
) -> None:
    vans[0].pay(f"{OWED * 2 // 100}")
    scanned(vans[1].opened())
    assert vans[0].place.matters() == []
    sell = at_exit(vans[0].sell)
    for van, code in ((vans[1], "UA26X1Y2ZA"), (vans[2], "UA26X1Y2ZB")):
        paid_at(sell, text_of(sell, van.number), code, WHOLE)
    vans[0].tell()
    assert vans[0].place.matters() == [("600000", "payment_over", 1)]
    assert over_minor(vans[0].place) == [OWED]


def test_the_rest_is_looked_at_again_when_another_payment_for_the_group_comes(vans: list[Driver]) -> None:
    vans[0].pay(f"{OWED * 3 // 100}")
    assert vans[0].place.matters() == []
    vans[1].pay(WHOLE, "UA26X1Y2ZR")
    assert over_minor(vans[0].place) == [OWED], "of the first payment, whose rest the second made nobody's"
    vans[1].pay("1", "UA26X1Y2ZR")
    assert [what for _, what, _ in vans[0].place.matters()] == ["payment_twice"], "then it is owed again"


def test_what_central_signed_for_a_pass_that_ends_without_owing_is_the_next_ones(
    till: Sender, sell: Till
) -> None:
    permit(sell, policy.CHECKS_SEPARATELY, "yes")
    vans = four(till, sell, "KDA 1A", "KDA 2A", "KDA 3A", "KDA 4A")
    vans[0].pay(f"{OWED * 2 // 100}")
    scanned(vans[1].opened())
    sell.passes.revoke(vans[1].number, "never went in", SECOND)
    vans[0].tell()
    assert standing(vans[2]) == "Payment has arrived"
    assert till.place.matters() == []
    scanned(vans[2].opened())
    sell.passes.revoke(vans[2].number, "never went in", SECOND)
    vans[0].tell()
    assert over_minor(till.place) == [OWED]


def test_what_was_over_is_no_matter_once_the_rest_of_the_group_is_heard_of(till: Sender, sell: Till) -> None:
    outage(sell)
    first, second = (
        Driver(till.place, till, sell, number) for number in sold_together(sell, "KDA 1A", "KDA 2A")
    )
    entry, _ = sell.desk.ledger.of_kind("pass.issued")
    till.kept = journal_of(sell)[: entry.seq]
    till.drain()
    first.pay(f"{OWED * 2 // 100}")
    assert over_minor(till.place) == [OWED]
    second.tell()
    assert standing(second) == "Payment has arrived"
    assert till.place.matters() == []


# The account of the bill or the group, once passes were made of it.


def after_account(till: Sender, sell: Till, *plates: str) -> tuple[str, list[Driver]]:
    """The account that was shown for some vans, and the drivers with the passes made of them after it."""
    outage(sell)
    for n, plate in enumerate(plates):
        if n:
            sell.checkout.add()
        ordinary_van(sell)
        sell.checkout.plate(plate)
    account = sell.payments.pay("mpesa").account.replace("-", "")
    sell.passes.issue(SECOND)
    entries = sell.desk.ledger.of_kind("pass.issued")
    return account, [Driver(till.place, till, sell, str(entry.number)) for entry in entries]


def pay_to(place: Place, account: str, shillings: int, code: str = "UA26X1Y2ZQ") -> None:
    Daraja(place).confirm(BillRefNumber=account, TransAmount=str(shillings), TransID=code)


def test_what_was_paid_to_the_bill_before_its_pass_is_the_passs(till: Sender, sell: Till) -> None:
    account, (driver,) = after_account(till, sell, "KDA 1A")
    driver.tell()
    pay_to(till.place, account, OWED // 100)
    assert standing(driver) == "Payment has arrived"
    assert till.place.matters() == []
    scanned(driver.opened())
    driver.pay(WHOLE, "UA26X1Y2ZR")
    assert over_minor(till.place) == [OWED], "what is paid twice is looked into"


def test_what_was_paid_to_the_group_is_its_passes_the_oldest_first(till: Sender, sell: Till) -> None:
    account, drivers = after_account(till, sell, "KDA 1A", "KDA 2A", "KDA 3A")
    pay_to(till.place, account, OWED * 5 // 200)
    drivers[0].tell()
    assert [standing(one) for one in drivers] == ["Payment has arrived", "Payment has arrived", "Part paid"]
    pay_to(till.place, account, OWED // 100, "UA26X1Y2ZR")
    assert standing(drivers[2]) == "Payment has arrived"
    assert over_minor(till.place) == [OWED // 2]


def test_what_was_paid_to_the_bill_too_much_before_its_pass_was_known_is_looked_at_then(
    till: Sender, sell: Till
) -> None:
    account, (driver,) = after_account(till, sell, "KDA 1A")
    pay_to(till.place, account, OWED // 100 + 1)
    assert till.place.matters() == []
    driver.tell()
    assert over_minor(till.place) == [100]


# The park's limit for what is seen.


def limit(driver: Driver, shillings: int) -> None:
    """Central publishes the limit for the park."""
    row = forms.dump({"key": policy.SEEN_MAX, "value": str(shillings)}).decode()
    with driver.place.store.writing() as tx:
        feeds.publish(tx, "policy", "NNP", [row], driver.place.central.now())


def test_above_the_parks_limit_central_lets_nobody_out_until_it_is_confirmed(vans: list[Driver]) -> None:
    limit(vans[0], OWED // 100)
    vans[0].pay(WHOLE)
    assert standing(vans[0]) == "Payment has arrived"
    text = scanned(vans[0].opened())
    vans[3].pay(WHOLE, "UA26X1Y2ZR")
    shown = said(vans[3].opened())
    assert "Payment has arrived, not confirmed" in shown
    assert "Show your M-PESA message" in shown
    assert 'aria-label="QR"' not in vans[3].opened().text
    assert scanned(vans[0].opened(text=text.removeprefix("GP:"))) == text, "what was signed is shown again"
    with vans[0].place.store.writing() as tx:
        tx.write("INSERT INTO confirmed(payment, source, at) VALUES (1, 'status', 'x')")
    assert standing(vans[3]) == "Payment has arrived"


def test_a_code_of_some_hours_is_signed_anew_as_long_as_the_payment_stands(vans: list[Driver]) -> None:
    vans[0].pay(WHOLE)
    text = scanned(vans[0].opened())
    vans[0].place.clock.pass_by(7 * 3_600_000)
    anew = scanned(vans[0].opened(text=text.removeprefix("GP:")))
    assert anew != text
    vans[0].pay("1")
    assert 'aria-label="QR"' not in vans[0].opened(text=anew.removeprefix("GP:")).text


# What M-PESA took back.

PAID = paid_row("UA26X1Y2ZQ", f"{OWED // 100:,}.00", "", "02-01-2026 10:25:00")
BACK = taken_back("UA26X1Y2ZR", f"-{OWED // 100:,}.00", "UA26X1Y2ZQ")


def imported(driver: Driver, *rows: Row) -> None:
    """A statement of the park's paybill is read in."""
    file = as_csv([*heading("600000", "02-01-2026"), COLUMNS, *rows])
    statement = read(file, Hints(date(2026, 1, 2), ("NNP",)))
    reconciling.take(driver.place.store, "NNP", statement, "warden", driver.place.central.now())


@pytest.mark.parametrize("statements", [[(PAID, BACK)], [(PAID,), (BACK,)], [(BACK,)]])
def test_a_payment_that_was_taken_back_lets_nobody_out(
    vans: list[Driver], statements: list[tuple[Row, ...]]
) -> None:
    vans[0].pay(f"{OWED * 2 // 100}" if len(statements) == 1 and len(statements[0]) == 1 else WHOLE)
    text = scanned(vans[0].opened())
    for rows in statements:
        imported(vans[0], *rows)
    assert [standing(van) for van in vans] == ["Not paid yet"] * 4
    for page in (vans[0].opened(), vans[0].opened(text=text.removeprefix("GP:"))):
        assert 'aria-label="QR"' not in page.text
    assert ("600000", "payment_not_completed", 1) in vans[0].place.matters()


def test_the_rest_is_looked_at_again_when_a_payment_is_taken_back_and_when_it_stands_again(
    vans: list[Driver],
) -> None:
    place = vans[0].place
    vans[0].pay(f"{OWED * 3 // 100}")
    vans[1].pay(WHOLE, "UA26X1Y2ZB")
    assert over_minor(place) == [OWED]
    imported(vans[0], taken_back("UA26X1Y2ZC", f"-{OWED // 100:,}.00", "UA26X1Y2ZB"))
    assert [what for _, what, _ in place.matters()] == ["payment_not_completed"]
    reconciling.withdraw(place.store, "NNP", 1, "forged", "warden", "other", place.central.now())
    assert {what for _, what, _ in place.matters()} == {"payment_not_completed", "payment_over"}
    assert OWED in over_minor(place)

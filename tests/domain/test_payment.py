"""What clerks type for a payment, and what is never kept of it."""

from datetime import date

import pytest

from gatepos.domain import payment
from gatepos.domain.bill import NoRate
from gatepos.domain.cards import FullCardNumber
from gatepos.domain.payment import (
    AccountIsAnother,
    BadApproval,
    BadMpesaCode,
    BadTicket,
    BeyondMpesa,
    CodeNotToday,
    Message,
    NotShillings,
    PayeeIsAnother,
)
from gatepos.errors import Refusal

TODAY = date(2026, 1, 2)
CARD = "4242424242424242"
ENGLISH = (
    "UA26X1Y2ZQ Confirmed. Ksh43,940.00 paid to KENYA WILDLIFE SERVICE. on 2/1/26 at 10:29 AM"
    " New M-PESA balance is Ksh1,120.00. Transaction cost, Ksh0.00."
)
ENGLISH_ACCOUNT = (
    "UA26X1Y2ZQ Confirmed. Ksh43,940.00 sent to KENYA WILDLIFE SERVICE for account XNM2B0000011"
    " on 2/1/26 at 10:29 AM New M-PESA balance is Ksh1,120.00."
)
SWAHILI = (
    "UA26X1Y2ZQ Imethibitishwa. Ksh43,940.00 zimetumwa kwa KENYA WILDLIFE SERVICE kwa akaunti"
    " XNM2B0000011 tarehe 2/1/26 saa 10:29 AM. Salio lako la M-PESA ni Ksh1,120.00."
)


@pytest.mark.parametrize(
    "typed", ["UA26X1Y2ZQ", "ua26x1y2zq", " UA26 X1Y2 ZQ ", "UA26-X1Y2-ZQ", "UA26X1Y2ZQ\n"]
)
def test_a_code_in_any_case_and_spacing(typed: str) -> None:
    assert payment.typed(typed) == Message("UA26X1Y2ZQ")


@pytest.mark.parametrize(
    ("message", "account"),
    [(ENGLISH, None), (ENGLISH_ACCOUNT, "XNM2B0000011"), (SWAHILI, "XNM2B0000011")],
)
def test_a_pasted_message_says_code_amount_payee_and_account(message: str, account: str | None) -> None:
    expected = Message("UA26X1Y2ZQ", 4_394_000, "KENYA WILDLIFE SERVICE", account)
    assert payment.typed(message) == expected
    assert payment.typed(message.replace(". ", ".\n")) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "UA26X1Y2Z",
        "UA26X1Y2ZQQ",
        "0712345678",
        "SETTLEMENT",
        "Settlement confirmed",
        "Transferred imethibitishwa Ksh5",
        "UA26X1Y2Z!",
        "ſſſſſſſſſſ",
        "ıııııııııı",
        "Ksh500 sent to KWS",
        "x" * 10_000,
        "UA26X1Y2Zſ Confirmed. Ksh5",
        "UA26X1Y2Z\u212a Confirmed. Ksh5",
    ],
)
def test_what_holds_no_code_is_refused(typed: str) -> None:
    with pytest.raises(BadMpesaCode):
        payment.typed(typed)


def test_codes_that_differ_only_by_o_and_0_or_i_and_1_are_one() -> None:
    assert payment.folded("UA26XOY2ZI") == payment.folded("UA26X0Y2Z1")
    assert payment.folded("UA26X0Y2Z1") != payment.folded("UA26X0Y2Z7")


@pytest.mark.parametrize(
    ("code", "on"),
    [
        ("TCO3V7DGN3", date(2025, 3, 24)),
        ("RKL51ZDR4F", date(2023, 11, 21)),
        ("NLJ7RT61SV", date(2019, 12, 19)),
        ("MBN31H462N", date(2018, 2, 23)),
        ("UA26X1Y2ZQ", TODAY),
        ("UBV6X1Y2ZQ", None),
        ("UZ26X1Y2ZQ", None),
        ("0000000000", None),
        ("UA06X1Y2ZQ", None),
    ],
)
def test_the_day_that_a_code_spells(code: str, on: date | None) -> None:
    assert payment.date_of(code, TODAY) == on


def test_another_day_another_payee_and_another_account_warn_and_refuse_nothing() -> None:
    told = payment.warnings(Message("UA16X1Y2ZQ", 100, "SHOP LTD", "ELSE"), "XNM2B000001Q", TODAY, TODAY)
    assert [type(warning) for warning in told] == [CodeNotToday, PayeeIsAnother, AccountIsAnother]
    assert "2026-01-01" in str(told[0])


@pytest.mark.parametrize("payee", ["KWS", "Kenya Wildlife Service", "eCitizen", "E-CITIZEN 222222"])
def test_the_parks_own_message_of_today_does_not_warn(payee: str) -> None:
    message = Message("UA26X1Y2ZQ", 100, payee, "xnm2bOOOOO1q")
    assert payment.warnings(message, "XNM2B000001Q", TODAY, TODAY) == ()


@pytest.mark.parametrize(
    "typed",
    [
        CARD,
        "4242 4242 4242 4242",
        "4242-4242-4242-4242",
        "4242  4242  4242  4242",
        "4242.4242.4242.4242",
        "4242/4242/4242/4242",
        "4242\t4242\n4242 4242",
        "card 4242 4242 4242 4242 thanks",
        "TICKET" + CARD,
        "3782 822463 10005",
        "6304000000000000000",
        "4000000000006",
    ],
)
def test_a_full_card_number_is_refused_as_a_ticket_and_never_repeated(typed: str) -> None:
    with pytest.raises(FullCardNumber) as told:
        payment.ticket(typed)
    assert "42" not in str(told.value)
    assert told.value.values == {}


def test_a_full_card_number_is_refused_wherever_a_card_is_asked_for() -> None:
    for approval, last4 in (
        (CARD, "4242"),
        ("AB12", CARD),
        ("4242 4242 4242 4242", ""),
        ("AB12", "4242.4242.4242.4242"),
    ):
        with pytest.raises(FullCardNumber):
            payment.card(approval, last4, 100)
    with pytest.raises(FullCardNumber):
        payment.typed("4242 4242 4242 4242")


def test_a_phone_number_in_a_message_is_no_card_number() -> None:
    text = "UA26X1Y2ZQ Confirmed. Ksh500.00 sent to JOHN DOE 0712345678 on 2/1/26 at 10:29 AM"
    assert payment.typed(text).amount_minor == 50_000


@pytest.mark.parametrize(
    ("approval", "last4"),
    [("AB1", "4242"), ("AB12CD345", "4242"), ("AB12", "424"), ("AB12", "42٤٢"), ("ſſſſ", "4242"), ("", "")]
)  # fmt: skip
def test_an_approval_of_another_form_is_refused(approval: str, last4: str) -> None:
    with pytest.raises(BadApproval):
        payment.card(approval, last4, 100)


def test_of_a_card_only_the_approval_and_four_digits_are_kept() -> None:
    tender = payment.card(" ab12cd ", "4242", 100_000)
    assert (tender.reference, tender.last4, tender.state) == ("AB12CD", "4242", "taken")


@pytest.mark.parametrize(
    ("typed", "kept"), [("kwsp-778 12", "KWSP77812"), ("wqbg pwrr", "WQBGPWRR"), ("TRA3/3/A20", "TRA3/3/A20")]
)
def test_a_ticket_has_one_form(typed: str, kept: str) -> None:
    assert payment.ticket(typed) == kept


@pytest.mark.parametrize("typed", ["", "abc", "a b", "x" * 31, "tickęt", "ſſſſ", "WQBG;PWRR", "y" * 10_000])
def test_what_is_no_ticket_is_refused(typed: str) -> None:
    with pytest.raises(BadTicket):
        payment.ticket(typed)


def test_a_code_and_a_ticket_are_claimed_until_confirmed() -> None:
    assert payment.mpesa("UA26X1Y2ZQ", 100, 500, "222222").state == "claimed"
    assert payment.ecitizen("WQBGPWRR", 100).state == "claimed"


def test_cash_is_whole_shillings_and_dollars_round_down() -> None:
    assert payment.cash("KES", 150_000, None).kes_minor == 150_000
    assert payment.cash("USD", 773, 1_295_000).kes_minor == 100_100
    with pytest.raises(NotShillings):
        payment.cash("KES", 150_050, None)


def test_a_card_and_a_ticket_are_whole_shillings_too() -> None:
    with pytest.raises(NotShillings):
        payment.card("AB12", "4242", 99_950)
    with pytest.raises(NotShillings):
        payment.ecitizen("WQBGPWRR", 99_950)


def test_dollars_without_a_rate_are_refused() -> None:
    with pytest.raises(NoRate):
        payment.cash("USD", 10_000, None)


@pytest.mark.parametrize("minor", [0, 99, 25_000_100, 9_999_999_900])
def test_what_no_single_payment_carries_is_refused(minor: int) -> None:
    with pytest.raises(BeyondMpesa):
        payment.carried(minor)


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        (0, ()),
        (100, (100,)),
        (25_000_000, (25_000_000,)),
        (25_000_100, (25_000_000, 100)),
        (60_000_000, (25_000_000, 25_000_000, 10_000_000)),
    ],
)
def test_more_than_a_quarter_million_is_paid_in_parts(total: int, parts: tuple[int, ...]) -> None:
    assert payment.mpesa_parts(total) == parts


def test_every_refusal_says_what_to_do_without_what_was_typed() -> None:
    for refusal in (BadMpesaCode, BadTicket, BadApproval, FullCardNumber, NotShillings):
        assert issubclass(refusal, Refusal)
        assert "{" not in refusal.says

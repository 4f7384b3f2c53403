"""Amounts: typed, shown, converted and shared without losing or finding a shilling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatepos.domain import money
from gatepos.domain.money import BadAmount


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("43,940", 4_394_000),
        ("43940", 4_394_000),
        (" KES 43,940 ", 4_394_000),
        ("Ksh. 43,940.00", 4_394_000),
        ("USD 7.73", 773),
        ("$320.5", 32_050),
        ("0", 0),
        ("9,999,999,999.99", money.AMOUNT_MAX),
    ],
)
def test_an_amount_as_people_type_it(typed: str, minor: int) -> None:
    assert money.parse(typed) == minor


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "-5", "+5", "1e3", "NaN", "Infinity", "0x10", "1_000", "1.005", "1.", ".5", "1,00", "1,2345",
        "12,34", "1 000", "5 KES", "EUR 5", "KES", "٤٣", "４３", "1\u200b0", "10,000,000,000", "9" * 5_000,
        "1" * 41,
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(BadAmount) as told:
        money.parse(typed)
    assert len(str(told.value)) < 120


@given(st.integers(0, money.AMOUNT_MAX))
def test_what_is_shown_can_be_typed_back(minor: int) -> None:
    assert money.parse(money.amount(minor)) == minor
    assert money.parse(money.shown("USD", minor)) == minor


@pytest.mark.parametrize(
    ("rate_e4", "text"), [(1_295_000, "129.50"), (1_290_000, "129.00"), (1_295_025, "129.5025")]
)
def test_a_rate_shows_two_decimals_and_four_only_when_needed(rate_e4: int, text: str) -> None:
    assert money.rate_text(rate_e4) == text


@given(st.integers(0, 10**9), st.integers(1, 10**8))
def test_dollars_become_whole_shillings_rounded_down(usd_minor: int, rate_e4: int) -> None:
    kes = money.kes_of_usd(usd_minor, rate_e4)
    exact = usd_minor * rate_e4  # in 10^-4 of a cent
    assert kes % 100 == 0
    assert kes * money.RATE_ONE <= exact < (kes + 100) * money.RATE_ONE


@given(st.lists(st.integers(0, 10**9), max_size=50), st.integers(1, 10**6))
def test_shares_sum_to_the_total_and_nobody_is_off_by_a_shilling(weights: list[int], rate_e4: int) -> None:
    total = money.kes_of_usd(sum(weights), rate_e4)
    shares = money.split(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert share % 100 == 0
        assert abs(share * sum(weights) - total * weight) < 100 * sum(weights) or not weight
        assert share or not weight or total * weight < 100 * sum(weights)


def test_among_equals_the_first_line_gets_the_odd_shilling() -> None:
    assert money.split(1_000, [1, 1, 1]) == (400, 300, 300)


def test_the_largest_remainder_gets_the_odd_shilling() -> None:
    assert money.split(100, [1, 2]) == (0, 100)
    assert money.split(1_000, [10, 18, 12]) == (300, 400, 300)

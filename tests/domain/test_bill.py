"""What a vehicle owes: lines, days, nights, limits, and people who enter free."""

import itertools
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gatepos.domain import bill as bills
from gatepos.domain import entry, fees, gatepass, money, numbers, vocabulary
from gatepos.domain.bill import (
    Bill,
    BillTooLarge,
    NegativeCount,
    NightsNotSet,
    NoRate,
    TooMany,
    TooManyDays,
    TooManyLines,
    UnknownGround,
    price,
)
from gatepos.domain.fees import FeeKey, Per
from gatepos.domain.gatepass import Payload

CF2025 = fees.shipped()["CF2025"]
RATE_E4 = 1_295_000
EMPTY = Bill("TSE", date(2026, 1, 2))
NON_RESIDENT: FeeKey = ("park_entry", "non_resident", "adult")
AFRICAN: FeeKey = ("park_entry", "african_citizen", "child")
CITIZEN: FeeKey = ("park_entry", "ea_citizen", "adult")
PUPIL: FeeKey = ("park_entry_school", "school", "student")
CAMPING: FeeKey = ("camping_public", "non_resident", "adult")
RECOVERY: FeeKey = ("vehicle_recovery", "any", "any")
SELLABLE = [key for key, fee in CF2025.fees["TSE"].items() if fee.is_sellable and fee.fee != fees.VEHICLE]
DOLLARS = [key for key in SELLABLE if CF2025.fee("TSE", key).currency == money.USD]


def times_of(bill: Bill) -> dict[str, int]:
    return {line.fee: line.times for line in price(bill, CF2025, RATE_E4).lines}


@settings(max_examples=50)
@given(
    st.dictionaries(st.sampled_from(SELLABLE), st.integers(1, 500), min_size=1, max_size=40),
    st.integers(1, 60),
    st.integers(1, 60),
    st.integers(1, 10**7),
)
def test_the_lines_sum_to_the_total_and_no_line_is_off_by_a_shilling(
    counts: dict[FeeKey, int], days: int, nights: int, rate_e4: int
) -> None:
    priced = price(replace(EMPTY, counts=counts, days=days, nights=nights), CF2025, rate_e4)
    usd = [line for line in priced.lines if line.currency == money.USD]
    kes = [line for line in priced.lines if line.currency == money.KES]
    assert priced.total_minor == sum(line.kes_minor for line in priced.lines)
    assert priced.total_minor == money.kes_of_usd(priced.usd_minor, rate_e4) + priced.kes_part_minor
    assert all(line.kes_minor == line.amount_minor for line in kes)
    shared = sum(line.kes_minor for line in usd)
    for line in usd:
        share = shared * line.amount_minor
        assert abs(line.kes_minor * priced.usd_minor - share) < 100 * priced.usd_minor
        assert line.kes_minor * money.RATE_ONE < line.amount_minor * rate_e4 + 100 * money.RATE_ONE


def test_days_multiply_entry_and_vehicle_and_nights_only_camping() -> None:
    counts = {CITIZEN: 2, PUPIL: 3, CAMPING: 2, RECOVERY: 1}
    bill = replace(EMPTY, counts=counts, band=2, days=3, nights=2)
    assert times_of(bill) == {
        "park_entry": 3,
        "park_entry_school": 3,
        "vehicle": 3,
        "camping_public": 2,
        "vehicle_recovery": 1,
    }


def test_every_fee_is_multiplied_by_its_own_and_nothing_else() -> None:
    for key in SELLABLE:
        fee = CF2025.fee("TSE", key)
        (line,) = price(replace(EMPTY, counts={key: 2}, days=3, nights=5), CF2025, RATE_E4).lines
        own = {Per.ACCESS: 3, Per.DAY: 3, Per.NIGHT: 5, Per.EACH: 1}[fee.per]
        assert (line.times, line.amount_minor) == (own, 2 * own * (fee.amount_minor or 0))


def test_camping_without_nights_is_asked_about() -> None:
    with pytest.raises(NightsNotSet):
        price(EMPTY.counted(CAMPING, 1), CF2025, RATE_E4)


def test_dollars_need_a_rate_and_shillings_do_not() -> None:
    assert price(EMPTY.counted(CITIZEN, 1), CF2025, None).total_minor == 100_000
    with pytest.raises(NoRate):
        price(EMPTY.counted(NON_RESIDENT, 1), CF2025, None)


def test_a_line_holds_500_and_the_501st_is_refused_by_name() -> None:
    assert EMPTY.counted(CITIZEN, 500).counts[CITIZEN] == 500
    with pytest.raises(TooMany):
        EMPTY.counted(CITIZEN, 501)
    with pytest.raises(TooMany):
        EMPTY.freed("under_6", 501)
    with pytest.raises(NegativeCount):
        EMPTY.counted(CITIZEN, -1)


def test_a_stay_is_at_most_60_days_and_60_nights() -> None:
    assert EMPTY.staying(60, 60).days == 60
    for days, nights in ((61, 0), (1, 61), (0, 0), (1, -1), (10**30, 0)):
        with pytest.raises(TooManyDays):
            EMPTY.staying(days, nights)


def test_a_bill_has_50_lines_and_the_51st_is_refused_by_name() -> None:
    fifty = dict.fromkeys(SELLABLE[:50], 1)
    assert len(price(replace(EMPTY, counts=fifty, nights=1), CF2025, RATE_E4).lines) == 50
    with pytest.raises(TooManyLines):
        price(replace(EMPTY, counts=fifty, nights=1).freed("under_6", 1), CF2025, RATE_E4)


def test_a_count_of_none_leaves_no_line() -> None:
    assert EMPTY.counted(CITIZEN, 3).counted(CITIZEN, 0).counts == {}


def test_a_total_that_no_amount_can_hold_is_refused() -> None:
    bill = replace(EMPTY, counts=dict.fromkeys(DOLLARS[:40], 500), days=60, nights=60)
    with pytest.raises(BillTooLarge):
        price(bill, CF2025, 10**8)


def test_the_largest_legal_bill_fits_an_entry_and_a_token() -> None:
    free = dict.fromkeys(vocabulary.GROUNDS, 500)
    keys = sorted(SELLABLE, key=lambda key: -sum(map(len, key)))[:45]
    bill = replace(EMPTY, counts=dict.fromkeys(keys, 500), free=free, band=5, days=60, nights=60)
    bill = replace(bill, operator="🦁" * 200, institution="🦁" * 200, plate="KDA412MKDA")
    priced = price(bill, CF2025, 129_5025)
    assert len(priced.lines) == vocabulary.LINES_MAX
    groups = bills.people(priced.lines)
    number = numbers.make("XNM2", "R", 999_999)
    payload = Payload(
        kind=1, issued=2**35, valid_from=2**35, valid_until=2**35 + gatepass.VALID_MAX_S, parks=("NNP",) * 8,
        exits=(), plate="KDA412MKDA", band=5, people=groups, due=0, number=number,
    )  # fmt: skip
    assert gatepass.is_legal(payload)
    tender = {
        "kind": "mpesa", "currency": "KES", "amount_minor": money.AMOUNT_MAX, "kes_minor": money.AMOUNT_MAX,
        "reference": "U" * 40, "paid_minor": money.AMOUNT_MAX, "paybill": "2" * 40, "last4": None,
        "state": "claimed",
    }  # fmt: skip
    data = {
        "number": number, "bill": numbers.make("XNM2", "B", 999_999), "park": "NNP", "product": "TSE",
        "enter_on": "2026-01-02", "days": 60, "nights": 60, "plate": bill.plate, "band": 5,
        "operator": bill.operator, "institution": bill.institution,
        "lines": [line.as_data() for line in priced.lines], "usd_minor": priced.usd_minor,
        "rate_e4": priced.rate_e4, "total_minor": priced.total_minor, "tenders": [tender] * 10,
        "change_minor": 0, "people": [list(group) for group in groups], "token": "A" * 600, "host": "h" * 200,
        "enters": True,
        "replaces": number, "replaces_digest": "a" * 64, "moved_minor": 0, "due_back_minor": 0,
        "reason": "🦁" * 500,
    }  # fmt: skip
    accounts = [f"income:{line.fee}:{line.category}:{line.age}" for line in priced.lines]
    amounts = itertools.cycle((-money.AMOUNT_MAX, money.AMOUNT_MAX))
    postings = [[account, "KES", amount] for account, amount in zip(accounts, amounts, strict=False)]
    fields = {
        "also": {"staff": "0001", "how": "pin"}, "app": "a" * 200, "at": "2026-01-02T03:31:02.123Z",
        "boot": "b" * 200, "by": "0001", "clock": "unset", "data": data, "day": "2026-01-02", "gate": "MAIN",
        "id": "i" * 200, "kind": "receipt.corrected", "lane": "l" * 200, "mono_ms": 2**52,
        "postings": postings, "prev": "a" * 64, "rate": "2026-01", "schedule": "S" * 20, "seq": 2**50,
        "shift": numbers.make("XNM2", "Z", 1), "till": "XNM2", "v": 1,
    }  # fmt: skip
    assert 20_000 < len(entry.write(fields)) <= 64 * 1024


def test_who_is_in_the_vehicle_is_counted_by_category_and_age() -> None:
    counts = {NON_RESIDENT: 3, AFRICAN: 1, CITIZEN: 2, PUPIL: 30, CAMPING: 3}
    bill = replace(EMPTY, counts=counts, nights=1).freed("under_6", 2).freed("tra_crew", 1)
    found = bills.people(price(bill, CF2025, RATE_E4).lines)
    assert found == ((0, 0, 2), (2, 1, 1), (3, 0, 3), (4, 0, 1), (4, 1, 2), (5, 2, 30))


@settings(max_examples=40)
@given(
    st.dictionaries(st.sampled_from(SELLABLE), st.integers(1, 500), max_size=20),
    st.dictionaries(st.sampled_from(vocabulary.GROUNDS), st.integers(1, 500)),
    st.integers(0, 5),
)
def test_a_bill_comes_back_from_its_entry_as_it_was(
    counts: dict[FeeKey, int], free: dict[str, int], band: int
) -> None:
    bill = replace(EMPTY, counts=counts, free=free, band=band, plate="KDA412M", nights=2)
    priced = price(bill, CF2025, RATE_E4)
    data = {
        "product": "TSE", "enter_on": "2026-01-02", "band": band, "plate": "KDA412M", "operator": None,
        "institution": None, "days": 1, "nights": 2, "lines": [line.as_data() for line in priced.lines],
    }  # fmt: skip
    again = bills.from_data(data)
    assert price(again, CF2025, RATE_E4) == priced
    assert (again.counts, again.free) == (counts, free)


def test_a_ground_that_the_law_does_not_name_frees_nobody() -> None:
    with pytest.raises(UnknownGround):
        EMPTY.freed("friend", 1)


@pytest.mark.parametrize(
    ("paying", "children", "crew", "is_unusual"),
    [
        (7, 1, 1, False),
        (2, 2, 0, True),
        (1, 1, 0, True),
        (40, 0, 3, True),
        (40, 0, 2, False),
        (5, 0, 0, False),
    ],
)
def test_when_the_clerk_is_asked_once(paying: int, children: int, crew: int, is_unusual: bool) -> None:
    bill = EMPTY.counted(CITIZEN, paying).freed("under_6", children).freed("tra_crew", crew)
    assert bill.is_unusual() is is_unusual

"""What the shipped schedules say, and what may not be sold from them."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest

from gatepos import resources
from gatepos.domain import fees, moments
from gatepos.domain.bill import Bill, price
from gatepos.domain.fees import BadSchedule, NoSuchFee, Per, PriceNotSet, Schedule, Status

ON = date(2026, 1, 2)
SCHEDULES = fees.shipped()
CF2025, CF2016 = SCHEDULES["CF2025"], SCHEDULES["CF2016"]
HEADER = 'id = "T1"\ntitle = "T"\nlegal = "T"\neffective_from = 2025-10-01\n'
COLUMNS = "product,fee,category,age,currency,amount,per,status,note\n"
ADULT = "NNP,park_entry,ea_citizen,adult,KES,1000,access,verified,\n"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(resources.text(f"fees/{name}.csv"))))


def unit(schedule: Schedule, product: str, category: str, age: str) -> tuple[str, int | None]:
    fee = schedule.fee(product, ("park_entry", category, age))
    return fee.currency, fee.amount_minor


def test_every_row_of_the_tariff_is_there() -> None:
    written = rows("CF2025")
    assert len(written) == 2561
    own = {(r["product"], r["fee"], r["category"], r["age"]) for r in written if r["product"] != "ALL"}
    everywhere = {(r["fee"], r["category"], r["age"]) for r in written if r["product"] == "ALL"}
    loaded = {(product, *key) for product, found in CF2025.fees.items() for key in found}
    assert own <= loaded
    assert loaded - own == {(product, *key) for product in CF2025.fees for key in everywhere}


@pytest.mark.parametrize(
    ("product", "category", "adult", "child"),
    [
        ("NNP", "non_resident", ("USD", 80_00), ("USD", 40_00)),
        ("NNP", "african_citizen", ("USD", 40_00), ("USD", 20_00)),
        ("NNP", "kenya_resident", ("KES", 1_350_00), ("KES", 675_00)),
        ("NNP", "ea_citizen", ("KES", 1_000_00), ("KES", 500_00)),
        ("AMB", "kenya_resident", ("KES", 2_025_00), ("KES", 1_050_00)),
        ("MER", "ea_citizen", ("KES", 800_00), ("KES", 500_00)),
        ("MKE", "non_resident", ("USD", 70_00), ("USD", 35_00)),
        ("TSE", "non_resident", ("USD", 80_00), ("USD", 40_00)),
    ],
)
def test_gazetted_entry_fees(
    product: str, category: str, adult: tuple[str, int], child: tuple[str, int]
) -> None:
    assert unit(CF2025, product, category, "adult") == adult
    assert unit(CF2025, product, category, "child") == child


def test_the_vehicle_bands_are_verified_and_by_the_day_everywhere() -> None:
    for product in CF2025.fees:
        found = CF2025.vehicles(product)
        assert [fee.amount_minor for fee in found] == [600_00, 1_500_00, 3_000_00, 4_500_00, 5_000_00]
        assert {(fee.status, fee.per, fee.currency) for fee in found} == {(Status.VERIFIED, Per.DAY, "KES")}


@pytest.mark.parametrize("product", ["WAT", "KMP", "MAL", "MSA", "KIU", "DIA"])
@pytest.mark.parametrize(
    "key",
    [("fishing_line_outside_marine", "non_resident", "any"), ("marine_annual_pass", "any", "any")],
)
def test_what_one_transcription_alone_says_is_not_sold(product: str, key: fees.FeeKey) -> None:
    assert CF2025.fee(product, key).status == Status.UNVERIFIED
    with pytest.raises(PriceNotSet):
        CF2025.sellable(product, key)


def test_the_old_rates_are_the_ones_that_a_stay_brings_back() -> None:
    assert unit(CF2016, "NNP", "non_resident", "adult") == ("USD", 43_00)
    assert unit(CF2016, "AMB", "non_resident", "adult") == ("USD", 60_00)
    assert unit(CF2016, "AMB", "ea_citizen", "adult") == ("KES", 860_00)
    assert CF2016.effective_to == CF2025.effective_from - timedelta(days=1)


def test_what_the_old_schedule_does_not_print_is_not_sold_under_it() -> None:
    missing = Bill("NNP", ON).counted(("park_entry", "african_citizen", "adult"), 1)
    with pytest.raises(NoSuchFee) as told:
        price(missing, CF2016, 1_295_000)
    assert "CF2016" in str(told.value)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=lambda s: s.id)
def test_only_a_row_that_is_sure_can_be_sold_and_the_others_say_why(schedule: Schedule) -> None:
    seen: Counter[Status] = Counter()
    for product, found in schedule.fees.items():
        for key, fee in found.items():
            seen[fee.status] += 1
            if fee.status in (Status.VERIFIED, Status.INFERRED):
                assert schedule.sellable(product, key).amount_minor
                continue
            with pytest.raises(PriceNotSet) as told:
                schedule.sellable(product, key)
            assert fee.status.value in str(told.value)
    assert seen[Status.VERIFIED] > 0


def test_all_three_uncertain_states_stand_in_the_tariff() -> None:
    statuses = {fee.status for found in CF2025.fees.values() for fee in found.values()}
    assert {Status.NOT_SET, Status.CONFLICT, Status.UNVERIFIED} <= statuses


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=lambda s: s.id)
def test_a_blank_price_is_never_zero(schedule: Schedule) -> None:
    for found in schedule.fees.values():
        for fee in found.values():
            assert fee.amount_minor != 0
            assert (fee.amount_minor is None) <= (fee.status is Status.NOT_SET)


@pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=lambda s: s.id)
def test_every_fee_has_a_title_in_both_languages(schedule: Schedule) -> None:
    titles = fees.titles()
    named = {fee.fee for found in schedule.fees.values() for fee in found.values()}
    assert not {fee for fee in named if fee not in titles or not (titles[fee].en and titles[fee].sw)}


def test_a_fee_is_found_by_words_of_either_language() -> None:
    others, titles = [fee.key for fee in CF2025.others("TSE")], fees.titles()
    english = fees.search(others, "camping public", titles)
    assert english
    assert all(fee.startswith("camping_public") for fee, _, _ in english)
    swahili = fees.search(others, "kukwamua gari", titles)
    assert {fee for fee, _, _ in swahili} == {"vehicle_recovery"}
    assert fees.search(others, "camping zebra", titles) == ()


@pytest.mark.parametrize(
    ("in_force", "on", "proposed"),
    [
        ("CF2016", date(2025, 9, 30), None),
        ("CF2016", date(2025, 10, 1), "CF2025"),
        ("CF2025", date(2030, 1, 1), None),
        (None, date(2020, 1, 1), "CF2016"),
        (None, date(2026, 1, 1), "CF2025"),
    ],
)
def test_a_date_proposes_only_a_later_schedule(in_force: str | None, on: date, proposed: str | None) -> None:
    found = fees.proposed(SCHEDULES, in_force, moments.at_local(on, 0))
    assert (found.id if found else None) == proposed


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (COLUMNS + ADULT + ADULT, 3),
        (COLUMNS + ADULT.replace("1000", ""), 2),
        (COLUMNS + ADULT.replace("1000", "0"), 2),
        (COLUMNS + ADULT.replace("1000", "-1000"), 2),
        (COLUMNS + ADULT.replace("1000", "1e3"), 2),
        (COLUMNS + ADULT.replace("1000", "10.005"), 2),
        (COLUMNS + ADULT.replace("KES", "EUR"), 2),
        (COLUMNS + ADULT.replace("verified", "sure"), 2),
        (COLUMNS + ADULT.replace("access", "week"), 2),
        (COLUMNS + ADULT.replace("adult", "elder"), 2),
        (COLUMNS + ADULT.replace("ea_citizen", "martian"), 2),
        (COLUMNS + ADULT.replace("NNP", "n n"), 2),
        (COLUMNS + ADULT.rstrip() + ",more\n", 2),
        (COLUMNS.replace("per", "unit") + ADULT, 1),
        ("", 1),
    ],
)
def test_a_damaged_schedule_is_refused_and_the_line_named(text: str, line: int) -> None:
    with pytest.raises(BadSchedule) as told:
        fees.parse("T", HEADER, text)
    assert told.value.values["line"] == line


def test_a_schedule_without_its_date_is_refused() -> None:
    with pytest.raises(BadSchedule):
        fees.parse("T", HEADER.replace("effective_from", "from"), COLUMNS + ADULT)

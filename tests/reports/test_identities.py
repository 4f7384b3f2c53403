"""A report that does not add up is not written, and says which figures are not the same."""

from pathlib import Path

import pytest

from gatepos.domain import numbers
from gatepos.reports import identities
from gatepos.reports.identities import DoesNotAddUp
from tests.reports import papers


def test_what_was_paid_is_what_was_earned_and_is_not_owed_or_waived() -> None:
    whole = identities.money(payments=900, refunds=100, income=1000, waivers=150, owed_more=50)
    over = identities.money(payments=920, refunds=100, income=1000, waivers=150, owed_more=50, over=15, fx=5)
    identities.check((whole, over))


TERMS = {"payments": 90_000, "refunds": 10_000, "income": 100_000, "waivers": 15_000, "owed_more": 5_000}


@pytest.mark.parametrize("wrong", [*TERMS, "over", "fx"])
def test_a_cent_in_any_term_stops_the_export_and_both_figures_are_named(wrong: str) -> None:
    with pytest.raises(DoesNotAddUp) as caught:
        identities.check((identities.money(**{**TERMS, wrong: TERMS.get(wrong, 0) + 1}),))
    assert "800.00" in str(caught.value)
    assert "799.99" in str(caught.value) or "800.01" in str(caught.value)


@pytest.mark.parametrize("currency", ["KES", "USD"])
def test_what_was_spent_out_of_drawers_is_named_and_lacks_in_what_the_tills_have(currency: str) -> None:
    whole = identities.kept(currency, grew=70_000, payments=90_000, refunds=10_000, spent=9_500, over=-500)
    identities.check((whole,))
    assert "paid out 95" in str(whole.note)
    with pytest.raises(DoesNotAddUp, match=currency):
        identities.check((identities.kept(currency, 70_000, 90_000, 10_000, spent=9_400, over=-500),))


def test_a_register_that_lacks_a_number_is_named_by_its_first_and_last() -> None:
    first, last = numbers.make("NMG2", "R", 7), numbers.make("NMG2", "R", 16)
    identities.check((identities.register(first, last, 10),))
    with pytest.raises(DoesNotAddUp, match=rf"{numbers.printed(first)}.*9.*10"):
        identities.check((identities.register(first, last, 9),))


def test_nothing_at_all_is_written_of_a_report_that_does_not_add_up(tmp_path: Path) -> None:
    wrong = papers.report(papers.register(3), identities_=(identities.shifts(100, 101),))
    with pytest.raises(DoesNotAddUp, match=r"Z reports.*1\.00.*1\.01"):
        papers.written(tmp_path, wrong, "csv")
    assert list(tmp_path.iterdir()) == []

"""Facts that cannot both be right: which pairs, in which order, and what is no conflict."""

from gatepos.domain import conflicts
from gatepos.domain.conflicts import Fact

NINE, TEN, NOON = (f"2026-01-02T{hour}:00:00.000Z" for hour in ("09", "10", "12"))


def test_each_fact_too_many_is_paired_with_the_one_before_it() -> None:
    first, second, third = Fact(NINE, "NMG1", 9, 8), Fact(TEN, "NMG2", 3, 8), Fact(NOON, "NME1", 5, 8)
    assert conflicts.beyond([third, first, second], 8) == [(first, second), (second, third)]


def test_parts_that_come_to_no_more_than_the_whole_are_right() -> None:
    assert conflicts.beyond([Fact(NINE, "NMG1", 9, 5), Fact(TEN, "NMG2", 3, 3)], 8) == []


def test_one_fact_alone_is_no_conflict_however_large() -> None:
    assert conflicts.beyond([Fact(NINE, "NMG1", 9, 9)], 8) == []


def test_people_taken_back_are_off_their_own_tills_count_though_its_clock_went_back() -> None:
    taken_back = Fact(NINE, "NMG1", 10, -3)
    said, other = Fact(TEN, "NMG1", 9, 8), Fact(NOON, "NMG2", 3, 3)
    assert conflicts.net([taken_back, other, said]) == [Fact(TEN, "NMG1", 9, 5), other]
    assert conflicts.beyond(conflicts.net([taken_back, other, said]), 8) == []


def test_who_did_not_go_through_after_all_is_no_fact() -> None:
    assert conflicts.net([Fact(NINE, "NMG1", 9, 8), Fact(NINE, "NMG1", 10, -8)]) == []


def test_a_pair_stands_in_the_order_of_the_clocks() -> None:
    early, late = Fact(NINE, "NMG2", 9), Fact(TEN, "NMG1", 3)
    assert conflicts.pair(late, early) == (early, late)


def test_of_several_papers_the_first_sight_of_each_counts() -> None:
    written, copy, again = Fact(TEN, "NMG1", 9), Fact(NINE, "NMG2", 3), Fact(NOON, "NMG2", 4)
    assert conflicts.first_of_each([(written, "aa"), (copy, "bb"), (again, "bb")]) == [written, copy]

"""Packed rows are the rows that were given, in their order and by place, and take a tenth of the room."""

import marshal
import pickle

import pytest

from gatepos.reports.packed import Packed
from gatepos.reports.sheet import Row
from tests.reports import papers

ROWS: list[Row] = [*papers.register(1_234).rows, ("", None, -1, 2**62, "Ngũgĩ 🦏", None, None, "a\nb")]


def test_the_rows_are_those_that_were_given() -> None:
    packed = Packed(iter(ROWS))
    assert len(packed) == len(ROWS)
    assert [*packed] == ROWS
    assert [*packed] == ROWS, "a second reading begins anew"
    assert not Packed([])


@pytest.mark.parametrize("place", [0, 499, 500, 1_234, -1, -1_235])
def test_a_row_is_found_by_its_place(place: int) -> None:
    assert Packed(ROWS)[place] == ROWS[place]


def test_a_stretch_is_found_and_there_is_nothing_past_the_end() -> None:
    packed = Packed(ROWS)
    assert packed[490:510] == ROWS[490:510]
    with pytest.raises(IndexError):
        packed[len(ROWS)]


def test_they_travel_small_to_another_process() -> None:
    sent = pickle.dumps(Packed(ROWS))
    assert [*pickle.loads(sent)] == ROWS
    assert len(sent) * 5 < len(marshal.dumps(ROWS))

"""Documents in custody: off unless the park turns it on, and never kept back."""

import pytest

from gatepos.till.custody import CustodyOff, HolderMissing, LeavesElsewhere, NotHeld
from gatepos.till.shifts import Counted, DocumentsKept
from gatepos.till.till import Till
from tests.gate import OTHER, permit
from tests.till.test_passes import outage, van_in


@pytest.fixture
def keeping(sell: Till) -> Till:
    """A till of a park that keeps documents."""
    permit(sell, "custody", "yes")
    return sell


def held(till: Till, envelope: str = "17") -> str:
    """A passport in an envelope; the id of its entry."""
    return till.custody.hold("passport", "J M", "4471", envelope).entry.id


def test_without_the_parks_word_no_document_is_kept(sell: Till) -> None:
    with pytest.raises(CustodyOff):
        sell.custody.hold("passport", "J M", "4471", "17")


def test_whose_it_is_stands_in_no_entry(keeping: Till) -> None:
    id_ = held(keeping)
    entry = keeping.desk.ledger.by_id(id_)
    assert entry is not None
    assert b"4471" not in entry.raw
    assert [one.holder for one in keeping.custody.kept()] == ["J M 4471"]
    with pytest.raises(HolderMissing):
        keeping.custody.hold("passport", "", "4471", "18")


def test_it_goes_back_once_whatever_is_owed(keeping: Till) -> None:
    outage(keeping)
    number = van_in(keeping).number
    with pytest.raises(LeavesElsewhere):
        keeping.custody.hold("national_id", "A O", "9921", "3", of_pass=number)
    id_ = keeping.custody.hold("national_id", "A O", "9921", "3", of_pass=number, is_sure=True).entry.id
    shown = keeping.custody.of_pass(number.replace("-", ""))
    assert [(one.envelope, one.is_here, one.plate) for one in shown] == [("3", True, "KDA412M")]
    keeping.custody.give_back(id_)
    assert keeping.custody.kept() == ()
    assert keeping.desk.ledger.personal.get(id_, "holder") is None
    with pytest.raises(NotHeld):
        keeping.custody.give_back(id_)


def test_a_shift_does_not_close_over_a_document_that_nobody_lists(keeping: Till) -> None:
    held(keeping)
    with pytest.raises(DocumentsKept):
        keeping.shifts.close(Counted())
    closed = keeping.shifts.close(Counted(), listed=["17"])
    assert closed.entry.data["documents"] == ["17"]


def test_a_document_handed_on_by_name_is_the_other_clerks(keeping: Till) -> None:
    keeping.custody.hand_on(held(keeping), OTHER)
    assert [one.keeper for one in keeping.custody.kept()] == [OTHER]
    assert keeping.shifts.close(Counted()).entry.data["documents"] == []

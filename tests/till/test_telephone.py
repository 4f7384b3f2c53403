"""The figure that a supervisor reads out: the day's takings, with a code that the till and central make."""

from dataclasses import replace

import pytest

from gatepos.domain import keyring
from gatepos.domain.staff import NotAllowed
from gatepos.seal import telephone
from gatepos.seal.keys import TillKey, kid_of
from gatepos.till.shift_views import FigureView
from gatepos.till.shifts import Counted
from gatepos.till.telephone import NotJoined
from gatepos.till.till import Till
from tests.gate import MANAGER, MANAGER_PIN, permit
from tests.till.test_central_papers import CENTRAL
from tests.till.test_corrections import sold
from tests.till.test_passes import SECOND


def said(till: Till) -> FigureView:
    """What the manager reads out."""
    till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    return till.telephone.figure()


def test_the_figure_is_what_was_taken_today_up_to_the_last_entry(sell: Till) -> None:
    permit(sell, "allow_cash", "yes")
    first, second = sold(sell), sold(sell, 2, "cash")
    sell.corrections.void(second, "turned back", SECOND)
    figure = said(sell).figure
    assert first != second
    assert (figure.till, figure.day, figure.seq) == ("XNM2", "2026-01-02", sell.desk.ledger.head[0])
    assert (figure.papers, figure.kes_minor, figure.usd_minor) == (3, 100_000, 0)


def test_central_makes_the_same_code_and_another_for_any_change(sell: Till) -> None:
    sold(sell)
    told = said(sell)
    public = sell.desk.own.public
    assert telephone.code(CENTRAL, public, told.figure) == told.code
    changed = (
        replace(told.figure, till="XNM1"), replace(told.figure, day="2026-01-03"),
        replace(told.figure, seq=1), replace(told.figure, papers=9), replace(told.figure, kes_minor=1),
        replace(told.figure, usd_minor=1),
    )  # fmt: skip
    codes = {telephone.code(CENTRAL, public, figure) for figure in changed}
    assert len({*codes, told.code}) == 7
    assert telephone.code(TillKey.generate(), public, told.figure) != told.code


def test_a_clerk_whose_count_is_blind_is_not_told(sell: Till) -> None:
    sell.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    with pytest.raises(NotAllowed):
        sell.telephone.figure()
    assert not sell.shifts.view().may_telephone


def test_without_a_central_there_is_nobody_to_check_it(sell: Till) -> None:
    sell.shifts.close(Counted())
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    assert sell.shifts.view().may_telephone
    with pytest.raises(NotJoined):
        sell.telephone.figure()

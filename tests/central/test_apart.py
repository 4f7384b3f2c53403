"""What keeps a core busy is done in another process, and what ends there ends nothing here."""

import os

import pytest

from gatepos.central.apart import Apart, WorkEnded
from gatepos.reports.asked import BadRange


def refuse() -> None:
    raise BadRange(first="2", last="1", most=400)


def test_it_is_another_process_whose_answer_and_refusal_come_back() -> None:
    apart = Apart()
    assert apart.do(os.getpid) != os.getpid()
    with pytest.raises(BadRange, match="2 to 1 is no range"):
        apart.do(refuse)


def test_one_that_ends_is_named_and_the_next_is_done() -> None:
    apart = Apart()
    with pytest.raises(WorkEnded):
        apart.do(os._exit, 3)
    assert apart.do(abs, -1) == 1

"""Hands that play a day wait for what a slow machine has still to do."""

import itertools
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from gatepos.screens import playing
from gatepos.screens.playing import PATIENT_S, Hands, Stuck


def at_look(n: int) -> Callable[[], bool]:
    """What is so when it is looked at for the n-th time."""
    looks = itertools.count(1)
    return lambda: next(looks) >= n


def test_a_machine_that_takes_minutes_for_an_answer_is_not_stuck_for_who_plays_a_day(
    selling: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = itertools.count(0, 90)  # each look takes a minute and a half
    monkeypatch.setattr(playing, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))
    with pytest.raises(Stuck):
        selling.until(at_look(4))
    patient = Hands(selling.kiosk, longest_s=PATIENT_S)
    patient.until(at_look(4))
    with pytest.raises(Stuck):
        patient.until(lambda: False)

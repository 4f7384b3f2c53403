"""The colours can be read in the sun and at night."""

import pytest
from PySide6.QtWidgets import QLineEdit

from gatepos.screens import palette
from gatepos.screens.palette import THEMES, Palette
from tests.screens.conftest import Opened


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_words_stand_out_from_their_ground(theme: Palette) -> None:
    colours = theme.colours()
    poor = {
        pair: round(palette.contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in palette.WORDS_ON
        if palette.contrast(colours[pair[0]], colours[pair[1]]) < palette.TEXT_LEAST
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)
def test_controls_stand_out_from_what_lies_beside_them(theme: Palette) -> None:
    colours = theme.colours()
    poor = {
        pair: round(palette.contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in palette.CONTROLS_ON
        if palette.contrast(colours[pair[0]], colours[pair[1]]) < palette.CONTROL_LEAST
    }
    assert not poor


@pytest.mark.parametrize("theme", THEMES)
def test_what_a_line_asks_for_is_read_as_well_as_other_words(opened: Opened, theme: str) -> None:
    line = opened(theme=theme).floor.receipts.findChildren(QLineEdit)[0]
    line.ensurePolished()
    asks, ground = line.palette().placeholderText().color(), THEMES[theme].card
    assert asks.alpha() == 255, "Qt fades it unless told"
    assert palette.contrast(asks.name(), ground) >= palette.TEXT_LEAST


def test_contrast_is_that_of_the_standard() -> None:
    assert palette.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)

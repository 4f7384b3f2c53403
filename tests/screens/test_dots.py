"""What the strip says of central: enough to understand an outage from the strip alone."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gatepos.devices.printer import Status
from gatepos.domain import moments
from gatepos.domain.breaker import State
from gatepos.domain.health import Age, Alarm, Health
from gatepos.domain.outside import By, Outside, Standing
from gatepos.errors import Trouble
from gatepos.i18n import words
from gatepos.screens.dots import dots
from gatepos.screens.kit import Kit
from gatepos.screens.look import Look
from gatepos.screens.speech import Speech
from gatepos.screens.widgets.strip import Dots

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("reached", "text", "is_well"),
    [
        (Health(central=State.CLOSED), "central", True),
        (Health(central=State.CLOSED, waiting=412, oldest=Age(HOUR_MS)), "central · 412 wait · 1 h", True),
        (Health(central=State.UNKNOWN, waiting=2), "central", False),
        (Health(central=State.OPEN, trouble=Trouble()), "no central", False),
        (
            Health(central=State.FAILING, waiting=3, oldest=Age(60_000), trouble=Trouble()),
            "no central · 3 wait · 1 min", False,
        ),
        (Health(alarm=Alarm.STOPPED, waiting=1), "central stopped · 1 wait · 0 min", False),
        (Health(central=State.CLOSED, alarm=Alarm.FORKED), "this till exists twice", False),
        (Health(central=State.OPEN, alarm=Alarm.AHEAD), "STOP selling · entries missing", False),
        (Health(central=State.CLOSED, alarm=Alarm.RETURNED), "entries are back · start again", False),
    ],
)  # fmt: skip
def test_central_is_one_dot_with_what_waits_and_how_long(reached: Health, text: str, is_well: bool) -> None:
    dot = dots(None, Status.OK, reached)[0]
    assert (words("en")(dot.text, **dot.values), dot.is_well) == (text, is_well)


SINCE_MS = moments.from_text("2026-01-02T02:50:00.000Z")


def _said(outside: Outside) -> list[str]:
    shown = dots(None, Status.OK, Health(central=State.CLOSED, outside=outside))
    return [words("en")(dot.text, **dot.values) + ("" if dot.is_well else " !") for dot in shown]


def test_what_is_not_known_is_not_spoken_of_and_the_internet_only_when_it_is_down() -> None:
    works, down = Standing(State.CLOSED, By.LOOK), Standing(State.OPEN, By.LOOK, SINCE_MS)
    failing = Standing(State.FAILING, By.LOOK, SINCE_MS)
    assert _said(Outside(internet=works)) == ["central", "2 copies", "printer"]
    assert _said(Outside(works, works, works))[:3] == ["central", "platform", "M-PESA"]
    assert _said(Outside(down, failing, down))[1:4] == [
        "no platform since 05:50 !", "M-PESA fails at times !", "no internet since 05:50 !",
    ]  # fmt: skip


def test_where_there_is_no_room_for_all_what_is_well_gives_way_last_first(
    qapp: QApplication, qtbot: QtBot
) -> None:
    shown = Dots(Kit(Look(qapp), Speech("en"), {}))
    qtbot.addWidget(shown)
    outside = Outside(platform=Standing(State.OPEN, By.LOOK, SINCE_MS), mpesa=Standing(State.CLOSED, By.LOOK))
    shown.show_dots(dots(None, Status.PAPER_OUT, Health(central=State.CLOSED, outside=outside)))
    seen: list[list[str]] = []
    for width in range(1000, 150, -10):
        left = [text for row in shown.rows(width) for _, text in row]
        if left not in seen:
            seen.append(left)
    bad = ["no platform since 05:50", "printer · no paper"]
    assert seen == [
        ["central", bad[0], "M-PESA", "2 copies", bad[1]],
        ["central", bad[0], "M-PESA", bad[1]],
        bad,
    ]


def test_a_till_without_a_central_does_not_speak_of_one() -> None:
    assert [dot.text for dot in dots(None, Status.OK)] == ["2 copies", "printer"]

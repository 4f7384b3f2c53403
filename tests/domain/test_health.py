"""The four in plain words, and how old things are."""

from gatepos import i18n
from gatepos.domain import moments
from gatepos.domain.breaker import State
from gatepos.domain.health import Age, Health, Stands
from gatepos.domain.outside import By, Outside, Standing

ENGLISH = i18n.words("en")
SINCE_MS = moments.from_text("2026-01-02T02:50:00.000Z")


def test_an_age_is_short() -> None:
    ages = {-5: "0 min", 59_000: "0 min", 3_540_000: "59 min", 3_600_000: "1 h", 172_800_000: "2 days"}
    assert {ms: Age(ms).said(ENGLISH) for ms in ages} == ages


def test_the_four_are_said_in_plain_words_with_since_when_and_by_whose_word() -> None:
    platform = Standing(State.OPEN, By.OFFICE, SINCE_MS, 600_000)
    health = Health(State.CLOSED, outside=Outside(mpesa=Standing(State.CLOSED, By.LOOK), platform=platform))
    assert health.four(ENGLISH) == (
        Stands("central", "works", "", False),
        Stands("internet", "not known", "", False),
        Stands("M-PESA", "works", "this till looked 0 min ago", False),
        Stands("payment platform", "down since 2 Jan 05:50", "said at central 10 min ago", True),
    )

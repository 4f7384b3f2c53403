"""Whose word counts of M-PESA and the platform: the newest, as long as it is fresh."""

from gatepos.domain.breaker import State
from gatepos.domain.outside import FRESH_MS, MPESA, PLATFORM, By, Outside, Proposal, Standing, Word, standing

HOUR_MS = 3_600_000


def word(state: State, by: By, said_ms: int, seen_ms: int | None = None) -> Word:
    return Word(state, by, 0, said_ms, said_ms if seen_ms is None else seen_ms)


def test_the_newest_word_counts_whoever_said_it() -> None:
    clerk, office = word(State.CLOSED, By.CLERK, 10), word(State.OPEN, By.OFFICE, 20)
    for words in ((clerk, office), (office, clerk)):
        assert standing(words, 30) == Standing(State.OPEN, By.OFFICE, 0, 10)


def test_a_look_that_finds_the_same_again_does_not_overrule_a_person() -> None:
    looks = word(State.CLOSED, By.LOOK, 0, seen_ms=HOUR_MS)
    clerk = word(State.OPEN, By.CLERK, 10)
    assert standing((looks, clerk), HOUR_MS).by is By.CLERK
    assert standing((looks,), HOUR_MS) == Standing(State.CLOSED, By.LOOK, 0, 0)


def test_a_word_that_is_old_counts_no_more_and_none_older_comes_back() -> None:
    office, traffic = word(State.OPEN, By.OFFICE, 0), word(State.CLOSED, By.TRAFFIC, 10)
    assert standing((office, traffic), 10 + HOUR_MS).state is State.CLOSED
    assert standing((office, traffic), 11 + HOUR_MS) == Standing()
    assert standing((office,), FRESH_MS[By.OFFICE]).is_down
    assert standing((), 0) == Standing()


def test_an_outage_is_proposed_for_the_platform_before_mpesa_and_not_for_what_fails_at_times() -> None:
    down, failing = Standing(State.OPEN, By.LOOK, 7), Standing(State.FAILING, By.LOOK, 5)
    assert Outside(mpesa=down, platform=down).proposal() == Proposal(PLATFORM, 7)
    assert Outside(mpesa=down, platform=failing).proposal() == Proposal(MPESA, 7)
    assert Outside(internet=down, mpesa=failing, platform=failing).proposal() is None

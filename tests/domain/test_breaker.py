"""What fails is let be for longer and longer, by chance, so that tills do not all come at once."""

from gatepos.domain.breaker import ASKED_MAX_MS, LONGEST_MS, Breaker, State
from gatepos.domain.clock import Reading


def _failed(times: int, random: float = 0.999, asked_ms: int = 0) -> Breaker:
    breaker = Breaker()
    for n in range(times):
        breaker = breaker.failed(Reading(1_000 * (n + 1), 0, "boot"), random, asked_ms)
    return breaker


def test_waits_double_up_to_five_minutes() -> None:
    waits = [_failed(n).wait_ms(0) for n in range(1, 12)]
    assert waits[:3] == [1_998, 3_996, 7_992]
    assert waits == sorted(waits)
    assert LONGEST_MS - 1_000 <= waits[-1] <= LONGEST_MS
    assert _failed(500).wait_ms(0) == waits[-1]


def test_chance_spreads_the_tills_over_the_whole_wait_and_a_second_is_the_least() -> None:
    assert _failed(8, random=0.0).wait_ms(0) == 1_000
    assert _failed(8, random=0.5).wait_ms(0) == 128_000


def test_the_wait_that_was_asked_for_is_kept_but_not_for_ever() -> None:
    assert _failed(1, asked_ms=120_000).wait_ms(0) == 120_000
    assert _failed(1, asked_ms=10**12).wait_ms(0) == ASKED_MAX_MS


def test_it_opens_after_a_few_failures_closes_at_once_and_remembers_since_when() -> None:
    states = [_failed(n).state for n in range(5)]
    assert states == [State.UNKNOWN, State.FAILING, State.FAILING, State.FAILING, State.OPEN]
    assert _failed(5).since_ms == 1_000
    assert _failed(5).worked() == Breaker(State.CLOSED)
    assert _failed(5).wait_ms(10**9) == 0

"""The internet, M-PESA and the platform each stand for themselves, by whoever said it last."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gatepos.domain import moments, policy
from gatepos.domain.breaker import LONGEST_MS, OPEN_AFTER, State
from gatepos.domain.outside import INTERNET, MPESA, PLATFORM, By, Standing
from gatepos.domain.policy import Policy
from gatepos.sync import looking
from gatepos.sync.looking import Looker
from gatepos.sync.lookout import EVERY_MS, Lookout, Told
from tests.gate import MORNING_MS, FixedClock
from tests.sync.secure import Secure, secure

MINUTE_MS = moments.MINUTE_MS


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Secure]:
    """A server that proves to be localhost."""
    with secure(tmp_path) as made:
        yield made


@dataclass
class Watched:
    """A lookout over a clock that stands still, and what policy says."""

    looker: Looker
    values: dict[str, str] = field(default_factory=dict)
    clock: FixedClock = field(default_factory=FixedClock)

    def __post_init__(self) -> None:
        self.lookout = Lookout(lambda: Policy(self.values), self.looker, self.clock, lambda: 0.5)

    def round(self, passes_ms: int = LONGEST_MS) -> int:
        """A round after a while."""
        self.clock.pass_by(passes_ms)
        return self.lookout.round()

    def of(self, what: str) -> Standing:
        """How one of them stands."""
        found: Standing = getattr(self.lookout.outside(), what)
        return found


@pytest.fixture
def watched(server: Secure) -> Watched:
    """One that believes the server."""
    return Watched(Looker(server.context))


def test_where_policy_names_nothing_nobody_is_looked_at(watched: Watched, server: Secure) -> None:
    assert watched.round() == EVERY_MS
    assert watched.of(INTERNET) == Standing()
    assert server.shaken == 0


def test_a_verified_handshake_shows_the_internet_and_asks_nothing(watched: Watched, server: Secure) -> None:
    watched.values[policy.INTERNET_HOST] = server.name
    watched.round()
    assert watched.of(INTERNET) == Standing(State.CLOSED, By.LOOK, watched.clock.wall, 0)
    assert watched.of(MPESA) == watched.of(PLATFORM) == Standing()
    assert server.shook.acquire(timeout=20), "the client may be done with it first"
    assert server.shaken == 1
    assert not server.asked


def test_whoever_cannot_prove_its_name_is_not_the_internet(tmp_path: Path) -> None:
    with secure(tmp_path, "elsewhere.example") as captive:
        for looker in (Looker(captive.context), Looker()):
            assert not looker.reaches(captive.name)
            assert not looker.answers(f"https://{captive.name}/")


def test_an_answer_counts_whatever_it_says_unless_it_says_that_it_is_broken(
    watched: Watched, server: Secure
) -> None:
    for status, is_well in ((200, True), (302, True), (401, True), (404, True), (500, False), (503, False)):
        server.status = status
        assert watched.looker.answers(f"https://{server.name}/up") is is_well
    path, headers = server.asked[0]
    assert path == "/up"
    assert set(headers) == {"Host", "Accept-Encoding", "User-Agent"}


@pytest.mark.parametrize("name", ["localhost:1", "localhost:99999", "a..b", "no-such-host.invalid"])
def test_what_cannot_be_reached_is_named_down_and_breaks_nothing(name: str) -> None:
    assert not Looker(deadline_s=2).reaches(name)


def test_without_its_list_of_authorities_nothing_is_believed_and_nothing_breaks(
    server: Secure, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(looking, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "gone.pem"))
    assert not Looker().reaches(server.name)


def test_a_server_that_says_nothing_is_left_at_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not Looker(deadline_s=0.05).reaches(f"localhost:{silent.getsockname()[1]}")


def test_a_few_failures_in_a_row_are_down_since_the_first_and_one_success_is_works(
    watched: Watched, server: Secure
) -> None:
    watched.values[policy.PLATFORM_PROBE] = f"https://{server.name}/"
    server.status = 503
    watched.round()
    first_ms = watched.clock.wall
    assert watched.of(PLATFORM).state is State.FAILING
    for _ in range(OPEN_AFTER - 1):
        watched.round()
    assert (watched.of(PLATFORM).state, watched.of(PLATFORM).since_ms) == (State.OPEN, first_ms)
    asked = len(server.asked)
    watched.round(passes_ms=0)
    assert len(server.asked) == asked  # it is let be
    server.status = 200
    watched.round()
    assert (watched.of(PLATFORM).state, watched.of(PLATFORM).since_ms) == (State.CLOSED, watched.clock.wall)


def test_each_breaker_is_its_own(watched: Watched, server: Secure) -> None:
    watched.values |= {
        policy.INTERNET_HOST: server.name,
        policy.MPESA_PROBE: "https://localhost:1/",
        policy.PLATFORM_PROBE: f"https://{server.name}/",
    }
    for _ in range(OPEN_AFTER):
        watched.round()
    states = [watched.of(what).state for what in (INTERNET, MPESA, PLATFORM)]
    assert states == [State.CLOSED, State.OPEN, State.CLOSED]


def test_a_word_of_central_is_as_old_as_central_says_whatever_this_clock_shows(watched: Watched) -> None:
    watched.clock.wall -= 3 * 3_600_000
    told = Told(PLATFORM, State.OPEN, By.OFFICE, since_ago_ms=50 * MINUTE_MS, said_ago_ms=10 * MINUTE_MS)
    watched.lookout.hear([told])
    since_ms = watched.clock.wall - 50 * MINUTE_MS
    assert watched.of(PLATFORM) == Standing(State.OPEN, By.OFFICE, since_ms, 10 * MINUTE_MS)
    watched.lookout.hear([])
    assert watched.of(PLATFORM) == Standing()


def test_the_newest_of_central_this_till_and_its_clerk_counts(watched: Watched, server: Secure) -> None:
    watched.values[policy.MPESA_PROBE] = f"https://{server.name}/"
    watched.round()
    watched.clock.pass_by(MINUTE_MS)
    watched.lookout.say(MPESA, works=False)
    watched.round(passes_ms=EVERY_MS)
    assert (watched.of(MPESA).is_down, watched.of(MPESA).by) == (True, By.CLERK)
    watched.lookout.hear([Told(MPESA, State.CLOSED, By.TRAFFIC, 5 * MINUTE_MS, MINUTE_MS)])
    assert (watched.of(MPESA).is_down, watched.of(MPESA).by) == (False, By.TRAFFIC)
    server.status = 500
    watched.round()
    assert watched.of(MPESA).by is By.LOOK


def test_a_wall_clock_set_back_makes_no_word_fresh(watched: Watched) -> None:
    watched.lookout.say(MPESA, works=True)
    watched.clock.pass_by(13 * 3_600_000)
    watched.clock.wall = MORNING_MS
    assert watched.of(MPESA) == Standing()

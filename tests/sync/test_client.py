"""A request: whom it trusts, what it takes from the environment (nothing), and how it ends."""

import gzip
import threading
import tracemalloc
from pathlib import Path

import pytest

from gatepos.sync.address import Address, NotPrivate
from gatepos.sync.client import Client, Limits
from gatepos.sync.push import HEARTBEAT_MS
from tests.sync.central import TOKEN, Reply
from tests.sync.conftest import Line, name


def test_proxies_and_netrc_of_the_environment_are_ignored(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login a password b\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")
    line.met()
    assert line.central.head == line.head
    assert {headers["Authorization"] for headers in line.central.headers} == {f"Bearer {TOKEN}"}


def test_an_answer_of_one_byte_at_a_time_ends_at_the_deadline(line: Line) -> None:
    line.limits = Limits(total_s=0.2)
    pusher = line.pusher()
    line.central.faults = [lambda honest: Reply(200, b"{" * 1000, drip=True)]
    pusher.round()
    assert name(pusher.health().trouble) == "TooSlow"
    line.limits = Limits()
    line.wait()
    assert line.pusher().round() == HEARTBEAT_MS


def test_a_small_answer_cannot_fill_the_memory(line: Line) -> None:
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    line.central.faults = [lambda honest: Reply(200, bomb, {"Content-Encoding": "gzip"})]
    pusher = line.pusher()
    tracemalloc.start()
    try:
        pusher.round()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert name(pusher.health().trouble) == "AnswerTooLarge"
    assert most < 16 * 1024 * 1024


def test_stopping_cuts_the_request_in_flight(line: Line) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: Reply(200, b"{" * 1000, drip=True)]
    running = threading.Thread(target=pusher.round)
    running.start()
    assert line.central.dripping.wait(20)
    pusher.stop()
    running.join(10)
    assert not running.is_alive()
    assert pusher.health().trouble is None


def test_after_stopping_nothing_is_asked(line: Line) -> None:
    pusher = line.met()
    asked = len(line.central.seen)
    pusher.stop()
    line.write()
    pusher.round()
    assert len(line.central.seen) == asked


def test_nobody_there_is_said_in_plain_words(line: Line) -> None:
    pusher = line.pusher(Address("http://127.0.0.1:9", line.central.key.public, TOKEN))
    pusher.round()
    assert name(pusher.health().trouble) == "NotReached"


@pytest.mark.parametrize(
    "url", ["http://central.example", "http://10.0.0.1", "ftp://127.0.0.1", "http://1.2.3.4"]
)
def test_a_token_never_travels_in_the_open(url: str) -> None:
    with pytest.raises(NotPrivate):
        Client(Address(url, b"\x01" * 32, TOKEN))

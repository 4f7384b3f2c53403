"""What a till makes of each answer: the table of the formats from its side, row by row."""

import gzip
import logging
from collections.abc import Callable

import pytest

from gatepos.domain.breaker import State
from gatepos.domain.health import Alarm
from gatepos.seal.keys import TillKey
from gatepos.sync.push import HEARTBEAT_MS
from gatepos.wire import forms
from tests.sync.central import TOKEN, Honest, Reply
from tests.sync.conftest import Line, name


def test_all_that_is_recorded_arrives_once_and_in_order(line: Line) -> None:
    line.write(600)
    pusher = line.pusher()
    assert pusher.round() == HEARTBEAT_MS
    assert line.central.stored == line.thread.ask(lambda: list(line.ledger.told(0))).result()
    assert [len(push.entries) for push in line.central.seen] == [0, 500, 110]
    assert pusher.health().waiting == 0
    assert pusher.health().central is State.CLOSED


def test_one_push_is_never_over_a_mebibyte(line: Line) -> None:
    value = "x" * 200
    line.thread.ask(lambda: [line.desk.write(line.ledger, value) for _ in range(30)]).result()
    line.pusher().round()
    assert all(sum(len(raw) for raw, _ in push.entries) < forms.DECODED_MAX for push in line.central.seen)
    assert line.central.head == line.head


def test_the_first_push_of_a_start_is_empty_and_then_one_every_five_minutes(line: Line) -> None:
    pusher = line.met()
    asked = len(line.central.seen)
    assert pusher.round() == HEARTBEAT_MS
    assert len(line.central.seen) == asked
    line.desk.clock.pass_by(HEARTBEAT_MS)
    pusher.round()
    assert [len(push.entries) for push in line.central.seen] == [0, 10, 0]


def test_after_a_restart_only_what_is_new_is_sent(line: Line) -> None:
    line.met()
    line.write()
    line.pusher().round()
    assert [push.from_seq for push in line.central.seen] == [0, 0, 10, 10]
    assert line.central.head == line.head


@pytest.mark.parametrize("damage", [b"", b"{", b"\x00" * 300])
def test_a_damaged_acknowledgement_means_from_the_start_and_central_says_what_it_has(
    line: Line, damage: bytes
) -> None:
    line.met()
    line.cursor().path.write_bytes(damage)
    assert line.met().health().waiting == 0
    assert [len(push.entries) for push in line.central.seen] == [0, 10, 0]


def test_an_acknowledgement_file_of_another_chain_moves_nothing(line: Line) -> None:
    line.cursor().path.write_bytes(line.central.ack(10, b"\x07" * 32).data or b"")
    line.pusher().round()
    assert line.central.seen[0].from_seq == 0
    assert line.central.head == line.head


def test_a_lost_answer_is_asked_again_and_nothing_is_stored_twice(line: Line) -> None:
    def lose(honest: Honest) -> Reply:
        honest()
        return Reply(200, None)

    pusher = line.pusher()
    line.central.faults = [lambda honest: honest(), lose]
    pusher.round()
    assert name(pusher.health().trouble) == "NoAnswer"
    assert pusher.health().waiting == 10
    line.wait()
    pusher.round()
    assert line.central.head == 10
    assert pusher.health().waiting == 0


def test_a_push_that_arrives_twice_changes_nothing(line: Line) -> None:
    def twice(honest: Honest) -> Reply:
        honest()
        return honest()

    line.central.faults = [twice, twice]
    assert line.met().health().waiting == 0
    assert line.central.head == 10


def test_central_restored_from_a_backup_gets_again_what_it_lost(line: Line) -> None:
    pusher = line.met()
    line.write()
    del line.central.stored[4:]
    pusher.round()
    assert line.central.head == line.head == 11
    assert pusher.health().waiting == 0


def test_behind_with_a_head_that_is_not_ours_sends_everything(line: Line) -> None:
    pusher = line.met()
    line.write()
    other = line.central.error(409, "behind", head=4, head_hash="07" * 32)
    line.central.faults = [lambda honest: other]
    pusher.round()
    assert line.central.seen[-1].from_seq == 0
    assert pusher.health().waiting == 0


def test_behind_for_ever_is_no_central(line: Line) -> None:
    pusher = line.met()
    line.write()
    behind = line.central.error(409, "behind", head=0, head_hash=line.hash_at(0).hex())
    line.central.faults = [lambda honest: behind] * 50
    pusher.round()
    assert name(pusher.health().trouble) == "OldAnswer"
    assert len(line.central.faults) == 48
    assert line.central.head == 10


def test_where_central_knows_more_than_the_till_nothing_of_the_till_is_sent(line: Line) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: line.central.ack(12, b"\x07" * 32)] * 2
    for _ in range(2):
        pusher.round()
        assert name(line.ledger.held) == "CentralAhead"
        line.wait()
    line.central.faults = [lambda honest: Reply(500, b"")]
    pusher.round()
    assert pusher.health().alarm is Alarm.AHEAD
    assert [len(push.entries) for push in line.central.seen] == [0, 0, 0]
    assert pusher.health().waiting == 10


def test_what_is_not_authentic_stops_the_push_until_somebody_tries_again(line: Line) -> None:
    pusher = line.met()
    line.write()
    line.central.faults = [lambda honest: line.central.error(422, "not_authentic")]
    assert pusher.round() == HEARTBEAT_MS
    assert pusher.health().alarm is Alarm.STOPPED
    line.wait()
    asked = len(line.central.seen)
    pusher.round()
    assert len(line.central.seen) == asked
    pusher.again()
    pusher.round()
    assert line.central.head == line.head
    assert pusher.health().trouble is None


def test_a_422_that_central_did_not_sign_stops_nothing(line: Line) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: Reply(422, b"{}")]
    pusher.round()
    assert name(pusher.health().trouble) == "NotCentral"
    line.wait()
    pusher.round()
    assert line.central.head == line.head


_BOMB = gzip.compress(b" " * (64 * 1024 * 1024))


@pytest.mark.parametrize(
    ("reply", "named"),
    [
        (Reply(200, b"<html>Sign in to the network</html>"), "BadBody"),
        (Reply(200, b""), "BadBody"),
        (Reply(204, b""), "NotCentral"),
        (Reply(302, b"", {"Location": "/elsewhere"}), "NotCentral"),
        (Reply(307, b"", {"Location": "http://127.0.0.1:9/"}), "NotCentral"),
        (Reply(401, b""), "NotAdmitted"),
        (Reply(403, b""), "NotAdmitted"),
        (Reply(404, b""), "NotCentral"),
        (Reply(409, b"{}"), "NotCentral"),
        (Reply(429, b""), "CentralBusy"),
        (Reply(500, b"<html>"), "CentralBusy"),
        (Reply(503, b""), "CentralBusy"),
        (Reply(200, None), "NoAnswer"),
        (Reply(200, _BOMB, {"Content-Encoding": "gzip"}), "AnswerTooLarge"),
        (Reply(200, b"x" * (forms.DECODED_MAX + 1)), "AnswerTooLarge"),
        (Reply(200, b"\x1f\x8b\x08", {"Content-Encoding": "gzip"}), "NoAnswer"),
        (Reply(200, b"no gzip", {"Content-Encoding": "gzip"}), "NoAnswer"),
        (Reply(200, b"", {"Content-Encoding": "br"}), "NoAnswer"),
    ],
)
def test_whatever_else_answers_is_named_and_moves_nothing(line: Line, reply: Reply, named: str) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: honest(), lambda honest: reply]
    assert 1_000 <= pusher.round() <= 300_000
    health = pusher.health()
    assert name(health.trouble) == named
    assert health.central is State.FAILING
    assert health.waiting == 10
    assert line.central.paths == ["/v1/tills/XNM2/entries"] * 2
    line.wait()
    pusher.round()
    assert pusher.health().waiting == 0


def _other_till(line: Line) -> Reply:
    return line.central.ack(10, line.hash_at(10), to="XNM3")


def _other_key(line: Line) -> Reply:
    return line.central.ack(10, line.hash_at(10), key=TillKey(b"\x12" * 32))


def _other_hash(line: Line) -> Reply:
    return line.central.ack(10, b"\x07" * 32)


def _old(line: Line) -> Reply:
    return line.central.ack(0, line.hash_at(0))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [(_other_till, "NotSaid"), (_other_key, "NotSaid"), (_other_hash, "CentralAhead"), (_old, "OldAnswer")],
)
def test_an_acknowledgement_that_is_not_for_this_is_refused_by_name(
    line: Line, wrong: Callable[[Line], Reply], named: str
) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: honest(), lambda honest: wrong(line)]
    pusher.round()
    assert name(pusher.health().trouble) == named
    assert pusher.health().waiting == 10
    line.wait()
    pusher.round()
    assert pusher.health().waiting == 0


def test_what_central_dislikes_is_kept_and_holds_up_nothing(line: Line) -> None:
    line.central.flags = [{"seq": 3, "why": "form"}, {"seq": 5, "why": "kind"}]
    health = line.met().health()
    assert (health.waiting, len(health.flags)) == (0, 2)
    kept = line.cursor().last()
    assert kept is not None
    assert [(flag.seq, flag.why) for flag in kept.flags] == [(3, "form"), (5, "kind")]
    line.central.flags = []
    line.write()
    health = line.met().health()
    assert (health.waiting, health.flags) == (0, ())


def test_a_disk_that_takes_no_acknowledgement_delays_and_loses_nothing(line: Line) -> None:
    line.cursor().path.mkdir()
    pusher = line.met()
    assert name(pusher.health().trouble) == "AckNotKept"
    line.cursor().path.rmdir()
    line.wait()
    pusher.round()
    assert line.central.head == line.head
    assert pusher.health().trouble is None


def test_the_wait_that_central_asks_for_is_kept(line: Line) -> None:
    pusher = line.pusher()
    line.central.faults = [lambda honest: Reply(429, b"", {"Retry-After": "240"})]
    assert pusher.round() == 240_000
    moment = {"Date": "Fri, 02 Jan 2026 07:31:00 GMT", "Retry-After": "Fri, 02 Jan 2026 07:33:00 GMT"}
    line.central.faults = [lambda honest: Reply(503, b"", moment)]
    line.desk.clock.pass_by(240_000)
    assert pusher.round() == 120_000


def test_the_token_is_in_no_log_and_no_word(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        pusher = line.pusher()
        line.central.faults = [lambda honest: honest(), lambda honest: Reply(200, None)]
        pusher.round()
    assert caplog.records
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(line.address()) + str(pusher.health())

"""A disk that was put back: the till takes its entries back from central, or learns that it exists twice."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatepos.domain import moments
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.health import Alarm
from gatepos.errors import Said
from gatepos.ledger import building, returned, verification
from gatepos.wire import push as wire
from gatepos.wire.push import Push
from tests.central.place import Place
from tests.gate import counted_ids
from tests.ledger.desk import TILL, Desk, kept
from tests.sync.conftest import name
from tests.sync.test_with_central import Sending, central_in, joined, sending, served


@dataclass
class PutBack:
    """A till of which central has 15 entries, an image of its disk with the first ten, the line between."""

    desk: Desk
    image: Desk
    place: Place
    certificate: bytes
    url: str
    answer: Callable[[bytes], bytes] = bytes

    @contextmanager
    def running(self, desk: Desk | None = None) -> Iterator[Sending]:
        """A machine with a disk, the one that was put back by default."""
        with sending(desk or self.image, self.url, self.certificate) as till:
            yield till

    def journal(self) -> list[tuple[int, bytes, bytes]]:
        """What stands on the disk that was not put back."""
        ledger = self.desk.open()
        try:
            return kept(ledger)
        finally:
            ledger.close()


@pytest.fixture
def put_back(desk: Desk, tmp_path: Path) -> Iterator[PutBack]:
    """A disk with the first ten of a till's 15 entries takes the place of the till's own."""
    desk.made(10)
    shutil.copytree(desk.folder, tmp_path / "image")
    image = Desk(tmp_path / "image", desk.key, new_id=counted_ids("image"))
    with central_in(tmp_path / "central") as place:
        made: list[PutBack] = []
        beside = place.beside()

        async def between(scope: Scope, receive: Receive, send: Send) -> None:
            await _altered(beside, scope, receive, send, lambda body: made[0].answer(body))

        with served(between) as url:
            made.append(PutBack(desk, image, place, joined(place, desk), url))
            with made[0].running(desk) as till:
                till.write(5)
                assert till.round() == ""
            yield made[0]


async def _altered(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, alter: Callable[[bytes], bytes]
) -> None:
    """What an application answers when it is asked for entries, altered on the way."""
    begun: list[Message] = []

    async def answer(message: Message) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await send(message)
        elif message["type"] == "http.response.start":
            begun.append(message)
        else:
            body = alter(message["body"])
            headers = [(key, value) for key, value in begun[0]["headers"] if key != b"content-length"]
            await send({**begun[0], "headers": [*headers, (b"content-length", b"%d" % len(body))]})
            await send({**message, "body": body})

    plain = [one for one in scope.get("headers", ()) if one[0] != b"accept-encoding"]
    await app({**scope, "headers": plain}, receive, answer)


def _boot(till: Sending) -> None:
    """What the program writes when it starts."""
    data = {"system": "Debian", "sqlite": "3"}
    till.thread.ask(lambda: till.ledger.append(Draft("boot", till.desk.new_id(), data))).result()


def _kept(till: Sending) -> list[tuple[int, bytes, bytes]]:
    """The whole journal."""
    return till.thread.ask(lambda: kept(till.ledger)).result()


def _refused(till: Sending) -> str:
    """Why the till records nothing."""
    try:
        till.write(1)
    except Said as error:
        return error.name
    return ""


def _recoveries(till: Sending) -> list[Entry]:
    return till.thread.ask(lambda: till.ledger.of_kind("ledger.recovered")).result()


def _recovered(till: Sending) -> dict[str, object]:
    (entry,) = _recoveries(till)
    return {**entry.data, "seq": entry.seq}


def _check_whole(till: Sending) -> None:
    """Nothing is wrong with journal, books and tape."""
    ledger, tape = till.ledger, till.desk.tape
    assert till.thread.ask(lambda: verification.verify(ledger.conn, [tape])).result().findings == []


def test_a_disk_put_back_gets_its_entries_back_and_goes_on(put_back: PutBack) -> None:
    with put_back.running() as till:
        assert till.round() == "EntriesBack"
        assert till.pusher.health().alarm is Alarm.RETURNED
        assert _refused(till) == "EntriesBack"
    with put_back.running() as till:
        assert _kept(till)[:15] == put_back.journal()
        found = _recovered(till)
        assert (found["seq"], found["entries"], found["from_central"], found["left"]) == (16, 15, 5, 0)
        assert "5 of 15 entries came back from central" in str(till.ledger.findings[-1])
        till.write(3)
        assert till.round() == ""
        assert till.pusher.health().alarm is None
        till.thread.ask(lambda: till.ledger.upkeep()).result()
        _check_whole(till)
    assert put_back.place.count("journal") == 15 + 1 + 3
    assert ("ledger.recovered", 16) in [(why, seq) for _, why, seq in put_back.place.matters()]


@pytest.mark.parametrize("starts", [1, 2, 5, 6, 9])
def test_starts_before_the_first_contact_are_left_aside_however_many_they_were(
    put_back: PutBack, starts: int
) -> None:
    with put_back.running() as till:
        for _ in range(starts):
            _boot(till)
        assert till.round() == "EntriesBack"
    with put_back.running() as till:
        assert _kept(till)[:15] == put_back.journal()
        found = _recovered(till)
        assert (found["seq"], found["left"]) == (16, starts)
        assert "left there: boot" in str(till.ledger.findings[-1])
        assert till.round() == ""
        _check_whole(till)
    assert (put_back.image.tape / "asides" / "1").is_dir()
    with put_back.running() as till:
        assert till.ledger.findings == []
        assert till.round() == ""


def test_one_entry_that_is_lacking_is_enough(desk: Desk, tmp_path: Path) -> None:
    desk.made(10)
    shutil.copytree(desk.folder, tmp_path / "image")
    image = Desk(tmp_path / "image", desk.key, new_id=counted_ids("image"))
    with central_in(tmp_path / "central") as place:
        certificate = joined(place, desk)
        with served(place.beside()) as url:
            with sending(desk, url, certificate) as till:
                till.write(1)
                assert till.round() == ""
            with sending(image, url, certificate) as till:
                _boot(till)
                assert till.round() == "EntriesBack"
            with sending(image, url, certificate) as till:
                assert _recovered(till)["from_central"] == 1
                assert till.round() == ""
        assert place.count("journal") == 12


@pytest.mark.parametrize("written", [1, 5, 8])
def test_what_was_done_on_a_disk_put_back_is_kept_beside_the_rest_and_no_other_shift_opens(
    put_back: PutBack, written: int
) -> None:
    with put_back.running() as till:
        till.write(written)
        assert till.round() == ""
        assert till.pusher.health().alarm is Alarm.FORKED
        assert till.pusher.health().waiting == 0
        assert name(till.ledger.held) == "TillForked"
        with pytest.raises(Said, match="spare till"):
            till.thread.ask(lambda: till.ledger.append(_opened(till))).result()
        till.write(1)  # the shift that is open is finished
        assert till.round() == ""
    assert put_back.place.count("journal") == 15 + written + 1
    assert not put_back.image.folder.joinpath(returned.FOLDER).exists()


def _opened(till: Sending) -> Draft:
    return Draft("shift.opened", till.desk.new_id(), {}, series="Z")


def _cut(body: bytes) -> bytes:
    found = wire.read(body)
    return wire.body(Push(found.from_seq, found.from_hash, found.entries[:2] if found.from_seq < 11 else []))


def _signed_by_another(body: bytes) -> bytes:
    found = wire.read(body)
    forged = [(raw, bytes(64)) for raw, _ in found.entries]
    return wire.body(Push(found.from_seq, found.from_hash, forged))


def _from_elsewhere(body: bytes) -> bytes:
    found = wire.read(body)
    return wire.body(Push(found.from_seq, b"\x07" * 32, found.entries))


@pytest.mark.parametrize(
    ("alter", "named"),
    [
        (_cut, "NotReturned"),
        (_signed_by_another, "NotReturned"),
        (_from_elsewhere, "NotReturned"),
        (lambda body: body.replace(b"config", b"c0nfig"), "NotReturned"),
        (lambda body: b"<html>", "BadBody"),
    ],
)
def test_what_the_till_did_not_sign_is_not_taken_and_the_truth_is_once_it_comes(
    put_back: PutBack, alter: Callable[[bytes], bytes], named: str
) -> None:
    put_back.answer = alter
    with put_back.running() as till:
        _boot(till)
        assert till.round() == named
        assert till.pusher.health().alarm is Alarm.AHEAD
        assert _refused(till) == "CentralAhead"
        assert not put_back.image.folder.joinpath(returned.FOLDER).exists()
        put_back.answer = bytes
        assert till.round() == "EntriesBack"


def test_a_program_that_ends_before_all_is_back_asks_for_all_of_it_again(put_back: PutBack) -> None:
    put_back.answer = _cut
    with put_back.running() as till:
        assert till.round() == "NotReturned"
    put_back.answer = bytes
    with put_back.running() as till:
        assert _recoveries(till) == []
        assert till.round() == "EntriesBack"
    with put_back.running() as till:
        assert _recovered(till)["from_central"] == 5


@pytest.mark.parametrize("step", ["set_aside", "build", "put_in_place", "mark_finished"])
def test_a_rebuild_from_central_that_is_stopped_is_finished_at_the_next_start(
    put_back: PutBack, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with put_back.running() as till:
        _boot(till)
        assert till.round() == "EntriesBack"
    done = getattr(building, step)

    def stopped(*values: object) -> None:
        done(*values)
        raise KeyboardInterrupt

    monkeypatch.setattr(building, step, stopped)
    with suppress(KeyboardInterrupt):
        put_back.image.open()
        raise AssertionError(step)
    monkeypatch.undo()
    with put_back.running() as till:
        assert _kept(till)[:15] == put_back.journal()
        assert _recoveries(till)[0].seq == 16
        assert till.round() == ""
        _check_whole(till)


def test_entries_that_came_back_twice_in_a_day_are_two_machines_and_this_one_stops_for_good(
    put_back: PutBack, tmp_path: Path
) -> None:
    shutil.copytree(put_back.image.folder, tmp_path / "second")
    second = Desk(tmp_path / "second", put_back.desk.key, new_id=counted_ids("second"))
    with put_back.running() as till:
        assert till.round() == "EntriesBack"
    with put_back.running() as till:
        till.write(4)
        assert till.round() == ""
    with put_back.running(second) as till:
        assert till.round() == "TwoMachines"
        assert till.pusher.health().alarm is Alarm.FORKED
        assert _refused(till) == "TwoMachines"
    second.clock.pass_by(2 * moments.DAY_MS)
    with put_back.running(second) as till:
        assert till.round() == "TwoMachines"
        assert _refused(till) == "TwoMachines"
    with put_back.running() as till:
        till.write(1)
        assert till.round() == ""


def test_a_disk_put_back_again_the_next_week_is_no_second_machine(put_back: PutBack, tmp_path: Path) -> None:
    shutil.copytree(put_back.image.folder, tmp_path / "second")
    second = Desk(tmp_path / "second", put_back.desk.key, new_id=counted_ids("second"))
    with put_back.running() as till:
        assert till.round() == "EntriesBack"
    with put_back.running() as till:
        assert till.round() == ""
    second.clock.pass_by(7 * moments.DAY_MS)
    with put_back.running(second) as till:
        assert till.round() == "EntriesBack"


def test_what_central_and_till_both_lost_stays_missing_and_the_rest_is_sent(
    put_back: PutBack, tmp_path: Path
) -> None:
    acknowledged = put_back.desk.tape / f"{TILL}.ack"
    shutil.copy(acknowledged, put_back.image.tape)
    with central_in(tmp_path / "restored") as place, served(place.beside()) as url:
        with sending(put_back.image, url, put_back.certificate) as till:
            assert till.round() == ""
            assert till.pusher.health().alarm is Alarm.AHEAD
        assert place.count("journal") == 10
    assert (put_back.image.tape / f"{TILL}.ack").read_bytes() == acknowledged.read_bytes()

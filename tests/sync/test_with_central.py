"""A till and the real central, over HTTP: nothing is lost, nothing is there twice, whatever either forgot."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gatepos.domain.health import Alarm
from gatepos.domain.keyring import KeyRow
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.thread import LedgerThread
from gatepos.seal import said
from gatepos.sync.address import Address
from gatepos.sync.client import Client, Limits
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from gatepos.wire import forms
from tests.central import stores
from tests.central.place import CENTRAL_KEY, Place
from tests.gate import counted_ids
from tests.ledger.desk import TILL, Desk
from tests.sync.conftest import name


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp):
        super().__init__(uvicorn.Config(app, log_level="warning", access_log=False))
        self.is_up = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """An application on loopback; its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = _Server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        assert server.is_up.wait(20)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def central_in(folder: Path, *, is_demo: bool = True) -> Iterator[Place]:
    """The real central over a database in a folder."""
    folder.mkdir(exist_ok=True)
    store = stores.in_folder(folder)
    try:
        yield Place(store, is_demo=is_demo)
    finally:
        store.close()


def joined(place: Place, desk: Desk) -> bytes:
    """The certificate with which a till may send."""
    row = KeyRow(TILL, desk.key.public, "NNP", "MAIN", "2")
    return place.enrol(place.code(TILL, ("NNP", "MAIN", "2")), desk.key, row.till).content


@dataclass
class Sending:
    """A till's ledger on its thread, and its push."""

    desk: Desk
    ledger: Ledger
    thread: LedgerThread
    pusher: Pusher

    def write(self, count: int) -> None:
        """More entries."""
        self.thread.ask(lambda: [self.desk.write(self.ledger, "2") for _ in range(count)]).result()

    def round(self) -> str:
        """A round; what stands in the way after it."""
        self.desk.clock.pass_by(300_000)
        self.pusher.round()
        return name(self.pusher.health().trouble)


@contextmanager
def sending(desk: Desk, url: str, certificate: bytes, limits: Limits | None = None) -> Iterator[Sending]:
    """A till that opens its ledger and sends it to an address."""
    thread = LedgerThread()
    ledger = thread.ask(desk.open).result()
    fields = said.read(CENTRAL_KEY.public, "certificate", TILL, certificate)
    address = Address(url, CENTRAL_KEY.public, str(fields["token"]), certificate, is_demo=True)
    cursor = Cursor(desk.tape, TILL, CENTRAL_KEY.public)
    pusher = Pusher(ledger, thread.ask, Client(address, limits), cursor, desk.clock, random=lambda: 0.5)
    try:
        yield Sending(desk, ledger, thread, pusher)
    finally:
        pusher.stop()
        thread.ask(ledger.close).result()
        thread.stop()


def journal_of(place: Place) -> list[bytes]:
    """What central has of all tills, in order."""
    with place.store.reading() as tx:
        return [bytes(row[0]) for row in tx.rows("SELECT raw FROM journal ORDER BY till, seq, branch")]


def test_what_was_written_is_there_exactly(desk: Desk, tmp_path: Path) -> None:
    desk.made(620)
    with central_in(tmp_path / "central") as place:
        certificate = joined(place, desk)
        with served(place.beside()) as url, sending(desk, url, certificate) as till:
            assert till.round() == ""
            assert till.pusher.health().waiting == 0
            assert journal_of(place) == [
                raw for raw, _ in till.thread.ask(lambda: list(till.ledger.told(0))).result()
            ]


def test_answers_that_are_lost_double_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.made(620)
    lost = [True, False, True, False, False, True] + [False] * 20

    with central_in(tmp_path / "central") as place:
        beside = place.beside()

        async def losing(scope: Scope, receive: Receive, send: Send) -> None:
            is_lost = scope["type"] == "http" and lost.pop(0)

            async def answer(message: Message) -> None:
                if not is_lost:
                    await send(message)

            await beside(scope, receive, answer)

        certificate = joined(place, desk)
        with served(losing) as url, sending(desk, url, certificate) as till:
            while till.round():
                assert lost
            assert place.count("journal") == 620


def test_a_central_that_forgot_the_till_lets_it_in_by_its_certificate_and_gets_everything(
    desk: Desk, tmp_path: Path
) -> None:
    desk.made(20)
    with central_in(tmp_path / "central") as place:
        certificate = joined(place, desk)
        with served(place.beside()) as url, sending(desk, url, certificate) as till:
            assert till.round() == ""
    with central_in(tmp_path / "restored") as place:
        with served(place.beside()) as url, sending(desk, url, certificate) as till:
            assert till.round() == ""
            assert till.pusher.health().waiting == 0
        assert place.count("journal") == 20


def test_a_central_restored_while_the_till_runs_is_filled_again(desk: Desk, tmp_path: Path) -> None:
    desk.made(20)
    with central_in(tmp_path / "old") as old, central_in(tmp_path / "new") as new:
        certificate = joined(old, desk)
        now = [old.beside()]

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            await now[0](scope, receive, send)

        with served(either) as url, sending(desk, url, certificate) as till:
            assert till.round() == ""
            now[0] = new.beside()
            till.write(1)
            assert till.round() == "NotAdmitted"
            assert till.round() == ""
        assert new.count("journal") == 21


def test_two_machines_with_one_disk_are_found_and_the_entries_of_both_are_kept(
    desk: Desk, tmp_path: Path
) -> None:
    desk.made(10)
    with central_in(tmp_path / "central") as place:
        certificate = joined(place, desk)
        with served(place.beside()) as url:
            with sending(desk, url, certificate) as till:
                assert till.round() == ""
            shutil.copytree(desk.folder, tmp_path / "image")
            image = Desk(tmp_path / "image", desk.key, new_id=counted_ids("image"))
            with sending(desk, url, certificate) as till:
                till.write(5)
                assert till.round() == ""
                assert till.pusher.health().alarm is None
            with sending(image, url, certificate) as till:
                till.write(6)
                till.round()
                assert till.round() == ""
                assert till.pusher.health().waiting == 0
                assert till.pusher.health().alarm is Alarm.FORKED
        assert place.count("journal") == 10 + 5 + 6


def test_a_till_whose_token_is_anothers_is_not_let_in(desk: Desk, tmp_path: Path) -> None:
    desk.made(3)
    with central_in(tmp_path / "central") as place:
        fields = forms.parsed(forms.CERTIFICATE, said.parsed(joined(place, desk)).raw)
        other = said.say(CENTRAL_KEY, {**fields, "token": "ab" * 32, "at": "2020-01-02T07:31:00.000Z"}).body()
        with served(place.beside()) as url, sending(desk, url, other) as till:
            assert till.round() == "NotAdmitted"
        assert place.count("journal") == 0

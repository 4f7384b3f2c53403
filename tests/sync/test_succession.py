"""Central gets a new key: tills learn it from the old one, however late, and what is kept stays good."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from gatepos import app
from gatepos.central import api, enrolling, publishing
from gatepos.domain import gatepass
from gatepos.domain.entry import Entry
from gatepos.seal import checking, said
from gatepos.seal import token as tokens
from gatepos.seal.keys import TillKey
from gatepos.sync import address as addresses
from gatepos.sync.background import Background
from gatepos.sync.cursor import Cursor
from tests import park
from tests.central.place import CENTRAL_KEY
from tests.sync.test_pull import AT, Joined, Park
from tests.sync.test_with_central import central_in, served
from tests.till.test_hearing import van
from tests.till.test_passes import outage, token

SECOND, THIRD = TillKey(b"\x52" * 32), TillKey(b"\x53" * 32)


@dataclass
class Changing:
    """A park whose central gets other keys."""

    park: Park
    app: FastAPI

    def speak(self, key: TillKey, *former: TillKey) -> None:
        """Central starts anew with a key, and those before it that are left."""
        place = self.park.place
        self.app = api.application(place.store, key, place.clock, None, former)

    def succeed(self, old: TillKey, new: TillKey) -> None:
        """The old key names the new one."""
        enrolling.succeed(self.park.place.store, old, new.public, AT)

    def hears(self, one: Joined, key: str, value: str) -> None:
        """A running kiosk takes a policy that is published now."""
        station = app.open_station(one.gate.folder, one.gate.world())
        heard = threading.Event()

        def recorded(entry: Entry) -> None:
            if entry.kind == "config.changed" and entry.data["value"] == value:
                heard.set()

        station.thread.ask(lambda: station.till.desk.ledger.subscribe(recorded)).result()
        publishing.publish_policy(self.park.place.store, "NNP", {key: value}, "x", AT)
        cast(Background, station.online).try_now()
        assert heard.wait(20)
        assert not station.till.desk.ledger.findings
        station.close()


@pytest.fixture
def changing(tmp_path: Path) -> Iterator[Changing]:
    """A central with its first key."""
    with central_in(tmp_path / "central") as place:

        async def now(scope: Scope, receive: Receive, send: Send) -> None:
            await made.app(scope, receive, send)

        made = Changing(Park(place, "", park.gates(tmp_path)), place.app)
        with served(now) as url:
            made.park.url = url
            yield made


def till(changing: Changing) -> Joined:
    """A till that joined, and stands in a drawer."""
    one = changing.park.join("XNM1")
    one.push()
    one.till.desk.ledger.close()
    return one


def test_a_till_goes_from_key_to_key_and_believes_the_last_alone(changing: Changing) -> None:
    one = till(changing)
    changing.hears(one, "pass_hard", "400001")
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.speak(SECOND, CENTRAL_KEY)
    changing.hears(one, "pass_hard", "400002")
    assert addresses.central_keys(one.gate.folder) == (SECOND.public, CENTRAL_KEY.public)
    changing.speak(SECOND)
    changing.hears(one, "pass_hard", "400003")
    changing.succeed(SECOND, THIRD)
    changing.speak(THIRD, SECOND)
    changing.hears(one, "pass_hard", "400004")


def test_a_till_that_missed_two_keys_learns_both_from_the_first(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.succeed(SECOND, THIRD)
    changing.speak(THIRD, SECOND, CENTRAL_KEY)
    changing.hears(one, "pass_hard", "400001")
    assert addresses.central_keys(one.gate.folder)[0] == THIRD.public
    cursor = Cursor(one.gate.folder / "tape", "XNM1", THIRD.public, former=(CENTRAL_KEY.public,))
    assert cursor.last() is not None


def test_a_paper_of_either_key_lets_out(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.speak(SECOND, CENTRAL_KEY)
    changing.hears(one, "pass_hard", "400001")
    one.till = opened = park.opened(one.gate)
    outage(opened)
    for key, plate in ((CENTRAL_KEY, "KDB 111A"), (SECOND, "KDB 112A")):
        number = van(opened, plate)
        issued = checking.read(token(opened, number), opened.desk.keyring).payload
        seen = tokens.make(replace(issued, kind=gatepass.SEEN, due=0), key)
        opened.gate.turn()
        assert opened.gate.scan(f"GP:{seen}").word == "let_out"
        opened.gate.turn()
    opened.desk.ledger.close()


def test_a_till_that_joins_later_is_not_led_back_by_what_was_before(changing: Changing) -> None:
    changing.succeed(CENTRAL_KEY, SECOND)
    row = said.succession(CENTRAL_KEY, SECOND.public)
    assert said.successors(SECOND.public, [row]) == []
    assert said.successors(CENTRAL_KEY.public, [row]) == [SECOND.public]


def test_only_the_key_that_is_believed_names_the_next_and_none_that_is_weak() -> None:
    row = said.succession(CENTRAL_KEY, SECOND.public)
    assert said.successors(CENTRAL_KEY.public, [{**row, "central": THIRD.public.hex()}]) == []
    forged = {**said.succession(THIRD, SECOND.public), "was": CENTRAL_KEY.public.hex()}
    assert said.successors(CENTRAL_KEY.public, [forged]) == []
    weak = said.succession(CENTRAL_KEY, bytes(32))
    assert said.successors(CENTRAL_KEY.public, [weak]) == []

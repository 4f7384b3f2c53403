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
from gatepos.central.central import Central, UnknownToken
from gatepos.domain import gatepass
from gatepos.domain.entry import Entry
from gatepos.seal import checking, said
from gatepos.seal import token as tokens
from gatepos.seal.keys import TillKey
from gatepos.sync import address as addresses
from gatepos.sync.background import Background
from gatepos.sync.cursor import Cursor
from gatepos.till.till import Till
from gatepos.wire import forms
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

    def distrust(self, key: TillKey, old: TillKey) -> None:
        """The present key says that one before it counts no more."""
        enrolling.distrust(self.park.place.store, key, old.kid.hex(), AT)

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

        made = Changing(Park(place, "", park.gates(tmp_path)), place.beside())
        with served(now) as url:
            made.park.url = url
            yield made


def till(changing: Changing) -> Joined:
    """A till that joined, and stands in a drawer."""
    one = changing.park.join("XNM1")
    one.push()
    one.till.desk.ledger.close()
    return one


def verdicts(opened: Till, number: str, *signers: TillKey) -> dict[str, str]:
    """What an exit says of a pass that either key of central, or one of them, signed as paid."""
    issued = checking.read(token(opened, number), opened.desk.keyring).payload
    found: dict[str, str] = {}
    opened.gate.turn()
    for key in signers or (CENTRAL_KEY, SECOND):
        seen = tokens.make(replace(issued, kind=gatepass.SEEN, due=0), key)
        found["old" if key is CENTRAL_KEY else "new"] = opened.gate.scan(f"GP:{seen}").word
    opened.gate.turn()
    return found


def test_a_till_goes_from_key_to_key_and_believes_the_last_alone(changing: Changing) -> None:
    one = till(changing)
    changing.hears(one, "over_short_note_over", "400001")
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.speak(SECOND, CENTRAL_KEY)
    changing.hears(one, "over_short_note_over", "400002")
    assert addresses.central_keys(one.gate.folder) == (SECOND.public, CENTRAL_KEY.public)
    changing.speak(SECOND)
    changing.hears(one, "over_short_note_over", "400003")
    changing.succeed(SECOND, THIRD)
    changing.speak(THIRD, SECOND)
    changing.hears(one, "over_short_note_over", "400004")


def test_a_till_that_missed_two_keys_learns_both_from_the_first(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.succeed(SECOND, THIRD)
    changing.speak(THIRD, SECOND, CENTRAL_KEY)
    changing.hears(one, "over_short_note_over", "400001")
    assert addresses.central_keys(one.gate.folder)[0] == THIRD.public
    cursor = Cursor(one.gate.folder / "tape", "XNM1", THIRD.public, former=(CENTRAL_KEY.public,))
    assert cursor.last() is not None


def test_a_paper_of_either_key_lets_out(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.speak(SECOND, CENTRAL_KEY)
    changing.hears(one, "over_short_note_over", "400001")
    one.till = opened = park.opened(one.gate)
    outage(opened)
    assert verdicts(opened, van(opened, "KDB 111A"))["old"] == "let_out"
    assert verdicts(opened, van(opened, "KDB 112A"), SECOND)["new"] == "let_out"
    opened.desk.ledger.close()


def test_a_key_that_somebody_copied_lets_nobody_out_any_more(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.distrust(SECOND, CENTRAL_KEY)
    changing.speak(SECOND, CENTRAL_KEY)
    changing.hears(one, "over_short_note_over", "400001")
    assert addresses.distrusted_keys(one.gate.folder) == (CENTRAL_KEY.public,)
    one.till = opened = park.opened(one.gate)
    outage(opened)
    number = van(opened, "KDB 111A")
    assert verdicts(opened, number) == {"old": "does_not_verify", "new": "let_out"}
    opened.desk.ledger.close()
    (one.gate.folder / "ledger.db").unlink()
    one.till = opened = park.opened(one.gate)
    number = van(opened, "KDB 112A")
    assert verdicts(opened, number) == {"old": "does_not_verify", "new": "let_out"}
    opened.desk.ledger.close()


def test_an_answer_under_a_key_that_counts_no_more_is_named(changing: Changing) -> None:
    one = changing.park.join("XNM1")
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.distrust(SECOND, CENTRAL_KEY)
    changing.speak(SECOND, CENTRAL_KEY)
    one.push()
    one.pull()
    assert one.line.believed.key == SECOND.public
    # Whoever copied the old key answers with it, whichever is asked for.
    changing.speak(CENTRAL_KEY)
    one.pull()
    assert one.trouble("keyring") == one.trouble("policy") == "KeyDistrusted"
    changing.speak(SECOND, CENTRAL_KEY)
    one.pull()
    assert one.trouble("policy") == ""
    one.till.desk.ledger.close()


def test_central_readmits_nobody_by_a_key_that_counts_no_more(changing: Changing) -> None:
    one = till(changing)
    changing.park.place.forget()
    changing.succeed(CENTRAL_KEY, SECOND)
    central = Central(changing.park.place.store, SECOND, changing.park.place.clock, (CENTRAL_KEY,))
    changing.distrust(SECOND, CENTRAL_KEY)
    with pytest.raises(UnknownToken):
        central.till_of(one.sender.token, one.sender.certificate)


def test_only_a_later_key_ends_one_before_it() -> None:
    first, second = CENTRAL_KEY.public, SECOND.public
    row = said.distrust(SECOND, first)
    assert said.distrusted([second, first], [row]) == [first]
    assert said.distrusted([first, second], [row]) == []
    assert said.distrusted([second], [row]) == []
    assert said.distrusted([second, first], [{**row, "sig": said.distrust(THIRD, first)["sig"]}]) == []
    assert said.distrusted([second, first], [said.distrust(CENTRAL_KEY, second)]) == []


def test_a_till_that_joins_later_is_not_led_back_by_what_was_before(changing: Changing) -> None:
    changing.succeed(CENTRAL_KEY, SECOND)
    row = said.succession(CENTRAL_KEY, SECOND.public)
    assert said.successors(SECOND.public, [row]) == []
    assert said.successors(CENTRAL_KEY.public, [row]) == [SECOND.public]


def test_a_till_that_joins_later_knows_papers_of_the_keys_before(changing: Changing) -> None:
    one = till(changing)
    changing.succeed(CENTRAL_KEY, SECOND)
    changing.speak(SECOND, CENTRAL_KEY)
    # As one that got its certificate from the new key: it never believed the old one.
    later = one.line.believed.address
    certificate = said.say(SECOND, forms.parsed(forms.CERTIFICATE, said.parsed(later.certificate).raw)).body()
    addresses.save(one.gate.folder, replace(later, key=SECOND.public, certificate=certificate))
    changing.hears(one, "over_short_note_over", "400001")
    one.till = opened = park.opened(one.gate)
    outage(opened)
    assert verdicts(opened, van(opened, "KDB 111A"), CENTRAL_KEY) == {"old": "let_out"}
    opened.desk.ledger.close()


def test_only_the_key_that_is_believed_names_the_next_and_none_that_is_weak() -> None:
    row = said.succession(CENTRAL_KEY, SECOND.public)
    assert said.successors(CENTRAL_KEY.public, [{**row, "central": THIRD.public.hex()}]) == []
    forged = {**said.succession(THIRD, SECOND.public), "was": CENTRAL_KEY.public.hex()}
    assert said.successors(CENTRAL_KEY.public, [forged]) == []
    weak = said.succession(CENTRAL_KEY, bytes(32))
    assert said.successors(CENTRAL_KEY.public, [weak]) == []

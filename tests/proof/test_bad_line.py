"""A till and the real central over a line that does everything wrong: each entry is there once, in order."""

import itertools
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gatepos.central.receiving import New
from gatepos.central.store import journal
from gatepos.central.store.engine import Transaction
from gatepos.domain.breaker import State
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.sync import answers
from gatepos.sync.client import Limits
from gatepos.wire import forms
from gatepos.wire.bundle import Pair
from tests.central.place import CENTRAL_KEY, Place
from tests.ledger.desk import TILL, Desk
from tests.proof import badline
from tests.proof.badline import Line
from tests.proof.conftest import Rounds
from tests.sync.test_with_central import Sending, central_in, joined, sending, served

pytestmark = pytest.mark.proof
LIMITS = Limits(read_s=1)
WRITTEN = 40
"""Entries between two rounds, at most."""
ROUNDS_MAX = 200
"""Rounds to empty the queue when nothing is written any more."""
MEMORY = Path("/dev/shm")
_PAGE = 10_000


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder in memory where there is one: the line is on trial here, not the disk."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


@pytest.fixture
def desk(folder: Path) -> Desk:
    """A folder for a ledger."""
    return Desk(folder / "park")


def lies(key: TillKey) -> list[bytes]:
    """Acknowledgements by a key that is not central's, for another till, and under no signature."""
    fields = {
        "kind": "ack", "for": TILL, "acked": 1, "acked_hash": "ab" * 32, "flagged": [],
        "at": "2026-01-02T07:31:00.000Z",
    }  # fmt: skip
    return [
        said.say(key, fields).body(),
        said.say(CENTRAL_KEY, {**fields, "for": "XNM3"}).body(),
        forms.dump({"raw": "{}", "sig": "00" * 64}),
    ]


@contextmanager
def over(line: Line, desk: Desk, folder: Path) -> Iterator[tuple[Place, Sending]]:
    """A till that sends over a line to a central in a folder."""
    with (
        central_in(folder) as place,
        served(place.beside()) as line.central,
        line.listening() as url,
        sending(desk, url, joined(place, desk), LIMITS) as till,
    ):
        line.meanwhile = lambda: till.write(3)
        line.lies = lies(desk.key)
        yield place, till


def drained(till: Sending) -> bool:
    """Whether the queue gets empty, and the till's health clean, within ROUNDS_MAX rounds."""
    return any(till.round() == "" and till.pusher.health().waiting == 0 for _ in range(ROUNDS_MAX))


def difference(place: Place, till: Sending) -> str:
    """Where central's rows are not the till's entries, in their order, once each; nothing when they are."""
    own = till.thread.ask(lambda: list(till.ledger.told(0))).result()
    for seq, (has, wrote) in enumerate(itertools.zip_longest(_stored(place), own), 1):
        if has != wrote:
            return f"entry {seq} of {len(own)}"
    return "" if place.count("journal") == len(own) else "more rows than entries"


def _stored(place: Place) -> Iterator[Pair]:
    after = -1
    while True:
        with place.store.reading() as tx:
            found = tx.rows(
                "SELECT seq, raw, sig FROM journal WHERE seq > :after ORDER BY seq, branch LIMIT :most",
                after=after, most=_PAGE,
            )  # fmt: skip
        if not found:
            return
        yield from ((bytes(raw), bytes(sig)) for _, raw, sig in found)
        after = found[-1][0]


def test_over_a_bad_line_each_entry_is_at_central_once_and_in_order(
    desk: Desk, folder: Path, seed: int, rounds: Rounds, caplog: pytest.LogCaptureFixture
) -> None:
    count = rounds(5_000, 1_000_000)
    desk.made(count * 2 // 5)
    chance = random.Random(seed)
    line = Line(chance, badline.drawn(chance))
    with over(line, desk, folder / "central") as (place, till):
        while till.ledger.head[0] < count:
            till.write(chance.randrange(WRITTEN))
            till.round()
        is_drained = drained(till)
        health, found = till.pusher.health(), difference(place, till)
        print(
            f"\nbad line: seed {seed}, {till.ledger.head[0]} entries, {line.met.total()} requests,"
            f" {line.met.total() - line.met['come_through']} of them spoilt in {len(line.met) - 1} ways,"
            f" {place.count('journal')} rows, {found or 'no difference'}"
        )
    assert is_drained
    assert found == ""
    assert (health.central, health.alarm, health.flags) == (State.CLOSED, None, ())
    assert line.paths == {f"/v1/tills/{TILL}/entries"}
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
    assert set(line.met) >= {fault.__name__ for fault in badline.FAULTS}


@pytest.mark.parametrize("fault", badline.FAULTS, ids=lambda fault: fault.__name__)
def test_after_each_fault_alone_the_next_round_mends_it(
    desk: Desk, folder: Path, fault: badline.Fault
) -> None:
    desk.made(30)
    line = Line(random.Random(1), badline.then_well())
    with over(line, desk, folder / "central") as (place, till):
        assert drained(till)
        till.write(20)
        line.faults = badline.then_well(fault)
        assert drained(till)
        assert difference(place, till) == ""


# Controls: with a part broken on purpose, the proof must see it.


def test_a_central_that_does_not_know_what_it_has_is_seen(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.made(30)
    line = Line(random.Random(1), badline.then_well(badline.come_through, badline.repeat))
    monkeypatch.setattr(journal, "places", lambda *_: {})
    with over(line, desk, folder / "central") as (place, till):
        with place.store.writing() as tx:  # its keys would tell as well
            tx.write("ALTER TABLE journal RENAME TO keyed")
            tx.write("CREATE TABLE journal AS SELECT * FROM keyed")
        drained(till)
        assert difference(place, till) == "entry 2 of 30"


def test_a_central_that_stores_less_than_it_acknowledges_is_seen(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.made(30)
    line = Line(random.Random(1), badline.then_well())
    store = journal.store

    def all_but_one(tx: Transaction, till: str, new: list[New], *rest: object) -> None:
        store(tx, till, [*new[:10], *new[11:]], *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "store", all_but_one)
    with over(line, desk, folder / "central") as (place, till):
        assert drained(till)
        assert difference(place, till) == "entry 11 of 30"


def test_a_till_that_believes_any_answer_is_seen(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.made(1)
    line = Line(random.Random(1), itertools.repeat(badline.lie))
    monkeypatch.setattr(
        said,
        "read",
        lambda _key, kind, _to, data: forms.parsed(forms.SAID[kind], said.parsed(data).raw),
    )
    monkeypatch.setattr(answers, "weigh", lambda found, *_: found.seq)
    with over(line, desk, folder / "central") as (place, till):
        line.lies = line.lies[:1]
        assert till.round() == ""
        assert difference(place, till) == "entry 1 of 1"

"""The demonstration's central: made, joined and found again, and what the till records arrives there."""

from contextlib import closing
from pathlib import Path

import pytest

from gatepos import app
from gatepos.central import folder as places
from gatepos.ledger.thread import LedgerThread
from gatepos.rehearsal import head_office
from gatepos.rehearsal.head_office import HeadOffice, NoHeadOffice
from gatepos.sync import address
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from tests.gate import Gate


def _pushed(gate: Gate) -> int:
    """Send what the till of a gate has recorded; its head."""
    thread = LedgerThread()
    till = thread.ask(lambda: app.open_till(gate.folder, gate.world())).result()
    ledger = till.desk.ledger
    found = address.load(gate.folder, ledger)
    assert found is not None
    cursor = Cursor(gate.folder / "tape", ledger.context.till, found.key)
    pusher = Pusher(ledger, thread.ask, Client(found), cursor, gate.clock, lambda: 0.5)
    pusher.round()
    assert pusher.health().waiting == 0, pusher.health().trouble
    pusher.stop()
    thread.ask(ledger.close).result()
    thread.stop()
    return cursor.seq


def _stored(folder: Path) -> int:
    with closing(places.opened(folder)) as store, store.reading() as tx:
        row = tx.row("SELECT count(*) FROM journal")
        return int(row[0]) if row else 0


def test_a_till_joins_it_and_finds_it_again_where_it_listens_next(gate: Gate, tmp_path: Path) -> None:
    gate.make()
    folder = tmp_path / "office"
    urls = []
    for is_first in (True, False):
        office = HeadOffice(folder)
        assert bool(office.start_code) is is_first
        assert office.pages.startswith("http://127.0.0.1:")
        head_office.follow(gate.folder, office)
        head = _pushed(gate)
        urls.append(office.url)
        office.stop()
    assert urls[0] != urls[1]
    assert _stored(folder) == head


def test_one_that_cannot_start_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "office"
    first = HeadOffice(folder)
    with pytest.raises(NoHeadOffice):
        HeadOffice(folder)
    first.stop()

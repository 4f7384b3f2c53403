"""A till's ledger on its thread, its central on loopback, and the push between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gatepos.errors import Said
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.thread import LedgerThread
from gatepos.sync.address import Address
from gatepos.sync.client import Client, Limits
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from tests.ledger.desk import TILL, Desk
from tests.sync.central import TOKEN, Central


@dataclass(slots=True)
class Line:
    """A till and its central, and a pusher that is run round by round."""

    desk: Desk
    thread: LedgerThread
    ledger: Ledger
    central: Central
    url: str
    limits: Limits = field(default_factory=Limits)

    def write(self, count: int = 1) -> None:
        """More entries."""
        self.thread.ask(lambda: [self.desk.write(self.ledger) for _ in range(count)]).result()

    def address(self) -> Address:
        """Where central is."""
        return Address(self.url, self.central.key.public, TOKEN, is_demo=True)

    def cursor(self) -> Cursor:
        """What is kept of central's acknowledgements."""
        return Cursor(self.desk.tape, TILL, self.central.key.public)

    def pusher(self, address: Address | None = None) -> Pusher:
        """A push that begins as after a start of the till."""
        client = Client(address or self.address(), self.limits)
        return Pusher(
            self.ledger, self.thread.ask, client, self.cursor(), self.desk.clock, random=lambda: 0.5
        )

    def met(self) -> Pusher:
        """A push that has spoken with central once."""
        pusher = self.pusher()
        pusher.round()
        return pusher

    def hash_at(self, seq: int) -> bytes:
        """Of the till's own entry."""
        return self.thread.ask(lambda: self.ledger.hash_at(seq)).result()

    @property
    def head(self) -> int:
        """The till's last entry."""
        return self.ledger.head[0]

    def wait(self) -> None:
        """Time goes by until central may be tried again."""
        self.desk.clock.pass_by(300_000)


def name(trouble: Said | None) -> str:
    """What stands in the way, by name."""
    return trouble.name if trouble else ""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A folder for a ledger."""
    return Desk(tmp_path / "park")


@pytest.fixture
def line(desk: Desk) -> Iterator[Line]:
    """A till with ten entries that central has not heard of."""
    thread = LedgerThread()
    ledger = thread.ask(lambda: desk.create(9)).result()
    central = Central(TILL, desk.key.public)
    with central.listening() as url:
        yield Line(desk, thread, ledger, central, url)
    thread.ask(ledger.close).result()
    thread.stop()

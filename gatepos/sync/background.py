"""The background job of one till, put together: it pushes, and says how it goes."""

from collections.abc import Callable
from pathlib import Path

from gatepos.domain import numbers
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Entry
from gatepos.domain.health import Health
from gatepos.ledger.ledger import Ledger
from gatepos.sync import address
from gatepos.sync.address import Address
from gatepos.sync.asking import Ask
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from gatepos.sync.schedule import Schedule


class Background:
    """Sync of one till on its own threads; nothing at the window ever waits for it."""

    def __init__(self, pusher: Pusher, schedule: Schedule):
        self._pusher = pusher
        self._schedule = schedule

    def health(self) -> Health:
        """What is reached and what waits; at once, from any thread."""
        return self._pusher.health()

    def try_now(self) -> None:
        """Somebody does not want to wait for the next round."""
        self._pusher.again()
        self._schedule.wake()

    def stop(self) -> None:
        """End, before the ledger closes; what is under way is cut."""
        self._pusher.stop()
        self._schedule.stop()


def begun(
    folder: Path, ledger: Ledger, ask: Ask, clock: Clock, random: Callable[[], float]
) -> Background | None:
    """Sync of the till in a folder, running; None where it is not enrolled. BadAddress, NotPrivate.

    A demonstration ledger goes only to a central that only plays, and a real one never does.
    """
    found = address.load(folder, ledger)
    if found is None or found.is_demo != numbers.is_demo(ledger.context.till):
        return None
    return _running(folder, ledger, ask, clock, random, found)


def _running(
    folder: Path, ledger: Ledger, ask: Ask, clock: Clock, random: Callable[[], float], found: Address
) -> Background:
    cursor = Cursor(folder / "tape", ledger.context.till, found.key)
    pusher = Pusher(ledger, ask, Client(found), cursor, clock, random)
    schedule = Schedule(pusher.round, clock.mono_ms)

    def recorded(entry: Entry) -> None:
        pusher.queue.recorded(entry)
        schedule.wake()

    ask(lambda: ledger.subscribe(recorded))
    schedule.start()
    return Background(pusher, schedule)

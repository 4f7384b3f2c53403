"""The background job of one till, put together: it pushes, then pulls, and says how it goes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from gatepos.domain import numbers
from gatepos.domain.clock import Clock
from gatepos.domain.entry import Entry
from gatepos.domain.health import Health
from gatepos.domain.kinds import PAUSED
from gatepos.domain.policy import Policy
from gatepos.domain.prompts import Barred, MpesaDown, NotReached
from gatepos.ledger.ledger import Ledger
from gatepos.sync import address
from gatepos.sync.address import Address
from gatepos.sync.asking import Ask
from gatepos.sync.believed import Believed
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.sync.looking import Looker
from gatepos.sync.lookout import Lookout
from gatepos.sync.phones import LIMITS as PHONE_LIMITS
from gatepos.sync.phones import Phones
from gatepos.sync.pull import Puller, Take
from gatepos.sync.push import Pusher
from gatepos.sync.schedule import Schedule


class Background:
    """Sync of one till on its own threads; nothing at the window ever waits for it."""

    def __init__(self, pusher: Pusher, puller: Puller, lookout: Lookout, phones: Phones, schedule: Schedule):
        self.phones = phones
        self._pusher = pusher
        self._puller = puller
        self._lookout = lookout
        self._schedule = schedule

    def health(self) -> Health:
        """What is reached and what waits; at once, from any thread."""
        health, outside = self._pusher.health(), self._lookout.outside()
        heard = [age for age in (health.heard, self._puller.heard) if age is not None]
        last = min(heard, key=lambda age: age.ms, default=None)
        return replace(health, feeds=self._puller.health(), outside=outside, heard=last)

    def say(self, what: str, *, works: bool) -> None:
        """A person at this till says how M-PESA or the platform stands."""
        self._lookout.say(what, works=works)

    def try_now(self) -> None:
        """Somebody does not want to wait for the next round."""
        self._pusher.again()
        self._puller.again()
        self._lookout.again()
        self.phones.again()
        self._schedule.wake()

    def stop(self) -> None:
        """End, before the ledger closes; what is under way is cut."""
        self.phones.stop()
        self._lookout.stop()
        self._puller.stop()
        self._pusher.stop()
        self._schedule.stop()


def begun(
    folder: Path,
    ledger: Ledger,
    ask: Ask,
    take: Take,
    policy: Callable[[], Policy],
    clock: Clock,
    random: Callable[[], float],
) -> Background | None:
    """Sync of the till in a folder, running; None where it is not enrolled. BadAddress, NotPrivate.

    `take` puts what central says into use, on the ledger's thread, giving way to whoever sells;
    `policy` is the policy in force, from any thread.

    A demonstration ledger goes only to a central that only plays, and a real one never does.
    """
    found = address.load(folder, ledger)
    if found is None or found.is_demo != numbers.is_demo(ledger.context.till):
        return None
    cursor = Cursor(folder / "tape", ledger.context.till, found.key, former=found.former)
    client = Client(found)
    lookout = Lookout(policy, Looker(), clock, random)
    pusher = Pusher(ledger, ask, client, cursor, clock, random, lookout.hear)

    def keep(made: Address) -> None:
        address.keep(folder, made)
        cursor.key, cursor.former = made.key, made.former
        client.believe(made.key)

    believed = Believed(found, keep)
    puller = Puller(ledger, ask, take, client, believed, clock, random)

    def round() -> int:
        wait_ms = pusher.round()
        if pusher.is_heard:
            wait_ms = min(wait_ms, puller.round())
        return wait_ms if pusher.is_paused else min(wait_ms, lookout.round())

    schedule = Schedule(round, clock.mono_ms)

    def recorded(entry: Entry) -> None:
        pusher.queue.recorded(entry)
        if entry.kind == PAUSED:
            pusher.is_paused = bool(entry.data["is_paused"])
        schedule.wake()

    def barred() -> Barred | None:
        if not pusher.is_heard:
            return NotReached()
        return MpesaDown() if lookout.outside().mpesa.is_down else None

    def hurry() -> None:
        puller.again()
        schedule.wake()

    def begin() -> None:
        pusher.is_paused = _is_paused(ledger)
        ledger.subscribe(recorded)

    ask(begin).result()
    schedule.start()

    def connect() -> Client:
        return Client(believed.address, PHONE_LIMITS)

    phones = Phones(ledger.context.till, lambda: believed.key, connect, barred, hurry)
    return Background(pusher, puller, lookout, phones, schedule)


def _is_paused(ledger: Ledger) -> bool:
    """Whether somebody chose to work offline, and nobody to end it."""
    said = ledger.of_kind(PAUSED)
    return bool(said and said[-1].data["is_paused"])

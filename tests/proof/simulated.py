"""A whole park in one thread: four tills, central, drivers, a bad line, wrong clocks, from one seed."""

import random
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx2 as httpx
from anyio.from_thread import start_blocking_portal
from fastapi import FastAPI

from gatepos import app
from gatepos.central import c2b, confirming, enrolling
from gatepos.central.confirming import Status
from gatepos.central.store import copying, engine, following, payments
from gatepos.central.store.engine import Store
from gatepos.domain import moments, numbers
from gatepos.errors import Refusal
from gatepos.seal.keys import TillKey
from gatepos.sync import address as addresses
from gatepos.sync.address import Address
from gatepos.sync.believed import Believed
from gatepos.sync.client import Answer, Client, NoAnswer
from gatepos.sync.cursor import Cursor
from gatepos.sync.pull import Puller
from gatepos.sync.push import Pusher
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.station import Plan
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from gatepos.wire import forms
from tests import park
from tests.central.place import CENTRAL_KEY, Place, journal_of, sender
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    FixedClock,
    Gate,
    counted_ids,
)

ENTRIES, EXIT = ("XNM1", "XNM2", "XNM3"), "XNE1"
PLACES = {**dict.fromkeys(ENTRIES, "MAIN"), EXIT: "EAST"}
SECOND = Second(MANAGER, MANAGER_PIN)
PAYBILL = "600000"
STEPS = 14
"""What happens in a day, at least."""
ROUNDS_MAX = 60
"""Rounds until every till has told and heard all over a line that is well."""


class Broken(AssertionError):
    """What must hold of a park does not."""


class Door:
    """Central's application on one loop: a loop for each request took most of a park's time."""

    def __init__(self, app: FastAPI):
        self._running = ExitStack()
        self._portal = self._running.enter_context(start_blocking_portal())
        way_in = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._client = httpx.AsyncClient(transport=way_in, base_url="http://central")

    def ask(
        self, method: str, path: str, content: bytes | None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """One request, and what it left to be done after its answer."""
        asking = partial(self._client.request, method, path, content=content, headers=headers)
        return self._portal.call(asking)

    def close(self) -> None:
        """Nobody asks any more."""
        self._running.close()


class Line(Client):
    """The till's own client; what it asks comes to central in this thread, or does not, or twice."""

    def __init__(self, address: Address, world: "World"):
        super().__init__(address)
        self.believed = Believed(address, lambda made: self.believe(made.key))
        self._world = world

    def _asked(self, method: str, path: str, packed: bytes | None, headers: dict[str, str]) -> Answer:
        fault = self._world.fault()
        if fault == "lost":
            raise NoAnswer(why="simulated")
        own = {**{name: str(value) for name, value in self._session.headers.items()}, **headers}
        for _ in range(2 if fault == "doubled" else 1):
            answer = self._world.door.ask(method, path, packed, own)
        if fault == "answer lost":
            raise NoAnswer(why="simulated")
        return Answer(answer.status_code, answer.content)


FAULTS = ("lost", "answer lost", "doubled", "disk full")


@dataclass
class Lane:
    """A till at its gate, with its push and its pull."""

    gate: Gate
    till: Till
    line: Line
    pusher: Pusher = field(init=False)
    puller: Puller = field(init=False)

    def __post_init__(self) -> None:
        ledger, key, clock = self.till.desk.ledger, CENTRAL_KEY.public, self.gate.clock
        cursor = Cursor(self.gate.folder / "tape", self.gate.code, key)
        self.pusher = Pusher(ledger, _at_once, self.line, cursor, clock, lambda: 0.5)
        self.puller = Puller(
            ledger, _at_once, self.till.feeds.take, self.line, self.line.believed, clock, lambda: 0.5
        )

    def sync(self) -> None:
        """Time goes by, and the till tells and hears what it can."""
        self.gate.clock.pass_by(300_000)
        self.pusher.round()
        if self.pusher.is_heard:
            while self.puller.round() == 0:
                pass

    def state(self) -> tuple[object, ...]:
        """What changes as long as there is something to tell or to hear."""
        ledger = self.till.desk.ledger
        return ledger.head, self.pusher.health().waiting, ledger.fed("passes")

    @property
    def acked(self) -> int:
        """Up to where the till believes that central has all."""
        return self.till.desk.ledger.head[0] - self.pusher.health().waiting


def _at_once(action: Callable[[], object]) -> "Future[object]":
    answer: Future[object] = Future()
    try:
        answer.set_result(action())
    except Exception as error:
        answer.set_exception(error)
    return answer


def template(folder: Path) -> None:
    """A park on its first morning: every till has joined, every clerk's shift is still to be opened."""
    (folder / "central").mkdir(parents=True)
    store = engine.in_folder(folder / "central")
    place = Place(store)
    for n, gate in enumerate(gates(folder).values(), 1):
        _join(place, gate, TillKey(bytes([n]) * 32))
    store.close()


def _join(place: Place, gate: Gate, key: TillKey) -> None:
    """A till is made and joins, its clerk has a PIN."""
    gate.folder.mkdir()
    key.save(gate.folder / app.KEY)
    plan = Plan(gate.code, "NNP", gate.place, "2", MANAGER, MANAGER_PIN, "CF2025")
    till = app.begin_till(gate.folder, plan, key, gate.world())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.set_up.switch_rate("2026-01", "129.50")
    code = till.set_up.employ(CLERK, ["clerk"]).start_code
    till.sign_in.choose_pin(CLERK, code, CLERK_PIN)
    sent = sender(place, till, key)
    to = Address("http://127.0.0.1", CENTRAL_KEY.public, sent.token, sent.certificate, is_demo=True)
    addresses.save(gate.folder, to)
    till.desk.ledger.close()


def gates(folder: Path) -> dict[str, Gate]:
    """The gates of the park, each with a clock and ids of its own."""
    return {
        code: Gate(folder / code, new_id=counted_ids(code), code=code, place=place)
        for code, place in PLACES.items()
    }


class World:
    """The park of one seed, and an observer who sees all that its drivers pay."""

    def __init__(
        self, folder: Path, made: Path, seed: int, store: Callable[[], Store] | None = None, life: str = "+"
    ):
        self.folder, self.chance = folder, random.Random(seed)
        self._store = store or (lambda: engine.in_folder(folder / "central"))
        shutil.copytree(made, folder)
        self.counts: Counter[str] = Counter()
        self.is_well = self.is_put_back = False
        self.passes: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.paid_minor = 0
        self._code = 0
        self._copy = folder / "copy.db"
        self.clock = FixedClock()
        self._is_full = False
        self._open_central()
        self.secret = c2b.new_secret(self.place.store, PAYBILL, self.place.central.now())
        self.lanes: dict[str, Lane] = {}
        for code, gate in gates(folder).items():
            gate.new_id = counted_ids(f"{code}{seed}"[:5] + life)
            self.lanes[code] = self.opened(gate)

    # What a day is.

    def day(self, steps: int = STEPS) -> None:
        """Shifts open, drivers come, the line fails; in the evening it is well, and all is told."""
        self.morning()
        self.copy_central()
        self.is_well = self.is_put_back = False
        for _ in range(steps):
            self.chance.choice(_ACTS)(self)
        for lane in self.lanes.values():
            if lane.gate.code != EXIT:
                lane.till.outages.close()
            lane.till.shifts.close(Counted(), "counted elsewhere")
        self.is_well = True
        self.all_told()

    def morning(self) -> None:
        """Every clerk opens a shift."""
        for lane in self.lanes.values():
            lane.till.shifts.open("0")
            if lane.gate.code != EXIT:
                lane.till.outages.open("platform", authority="O/1", paybill=PAYBILL, second=SECOND)
            elif lane.till.gate.direction == "in":
                lane.till.gate.turn()

    def all_told(self) -> None:
        """Every till tells and hears until nothing is new anywhere."""
        for _ in range(ROUNDS_MAX):
            before = self._state()
            for lane in self.lanes.values():
                lane.sync()
            following.catch_up_all(self.place.store, self.place.central.now())
            if self._state() == before:
                return
        raise Broken("the park does not come to rest")

    def night(self) -> None:
        """Until the next morning; a machine may have been switched off, a clock set wrong and right again."""
        for lane in self.lanes.values():
            lane.gate.clock.pass_by(moments.DAY_MS // 2)
        self.clock.pass_by(moments.DAY_MS)

    def close(self) -> None:
        """The park ends."""
        for lane in self.lanes.values():
            lane.pusher.stop()
            lane.till.desk.ledger.close()
        self._close_central()
        shutil.rmtree(self.folder, ignore_errors=True)

    # What happens on the line and to machines.

    def fault(self) -> str:
        """What befalls the next request."""
        found = "" if self.is_well or self.chance.random() < 0.5 else self.chance.choice(FAULTS)
        self.counts[found or "came through"] += 1
        if found == "disk full":
            self.place.break_storage()
        elif self._is_full:
            self.place.mend_storage()
        self._is_full = found == "disk full"
        return found

    def sync(self) -> None:
        """A till tells and hears; what it takes for acknowledged is at central."""
        lane = self._lane()
        lane.sync()
        if not self.is_put_back:  # else a till may not have heard yet that it has to send again
            self.check_acknowledged(lane)

    def restart_central(self) -> None:
        """Central is killed between two requests, and started."""
        self._close_central()
        self._open_central()
        self.counts["central restarted"] += 1

    def copy_central(self) -> None:
        """Copy central's database while it is served."""
        copying.copy(self.folder / "central", self._copy)

    def put_back_central(self) -> None:
        """Central's disk is lost, the last copy takes its place, and an hour has gone."""
        self._close_central()
        copying.put_back(self._copy, self.folder / "central", self.folder / f"aside-{self.clock.wall}")
        self.clock.pass_by(60 * moments.MINUTE_MS)
        self._open_central()
        self.is_put_back = True
        self.counts["central put back"] += 1

    def join(self, code: str, place: str) -> Lane:
        """One more till joins, and its clerk opens a shift."""
        gate = Gate(self.folder / code, new_id=counted_ids(code), code=code, place=place)
        _join(self.place, gate, TillKey(bytes([99]) * 32))
        self.lanes[code] = self.opened(gate)
        self.lanes[code].till.shifts.open("0")
        return self.lanes[code]

    def revoke(self, code: str) -> None:
        """Central trusts a till no longer."""
        enrolling.revoke(self.place.store, code, self.place.central.now())
        self.revoked.add(code)

    def restart_till(self) -> None:
        """A till is switched off without a word, and on."""
        self.reopen(self.chance.choice([*self.lanes]))
        self.counts["till restarted"] += 1

    def reopen(self, code: str, meanwhile: Callable[[Path], object] = lambda folder: None) -> Lane:
        """A till stops, something is done to its folder, and it starts."""
        lane = self.lanes[code]
        lane.pusher.stop()
        lane.till.desk.ledger.close()
        meanwhile(lane.gate.folder)
        lane.gate.clock.restart()
        self.lanes[code] = self.opened(lane.gate)
        return self.lanes[code]

    def step_clock(self) -> None:
        """Somebody sets a clock."""
        self._lane().gate.clock.wall += self.chance.choice((-3, -1, 1, 2)) * 3_600_000
        self.counts["clock set"] += 1

    # What drivers and clerks do.

    def sell(self) -> None:
        """A van pays and goes in."""
        self.sell_at(self._lane(ENTRIES))

    def sell_at(self, lane: Lane) -> None:
        """The same at a till."""
        till = lane.till
        self._fill(till)
        till.payments.pay("mpesa")
        self.pay(till.payments, till.window.rest_minor())
        self.counts["sold"] += 1

    def issue(self) -> None:
        """A van goes in, and pays when it leaves."""
        self.issue_at(self._lane(ENTRIES))

    def issue_at(self, lane: Lane) -> str:
        """The same at a till; the pass's number."""
        self._fill(lane.till)
        number = lane.till.passes.issue(SECOND).number.replace("-", "")
        self._printed(lane, number)
        return number

    def leave(self) -> None:
        """A van comes to the exit: it pays, pays a part, or leaves owing; or nobody knows its till yet."""
        till = self.lanes[EXIT].till
        if not self.passes:
            return
        view = till.gate.scan(self.passes[self.chance.choice([*self.passes])])
        self.counts[f"exit: {view.word}"] += 1
        how = self.chance.choice(("all", "all", "part", "undertaking"))
        if view.owed_minor and how == "undertaking":
            with suppress(Refusal):
                till.passes.let_out(till.gate.owed(), "no network", SECOND)
        elif view.owed_minor:
            till.settlements.pay("mpesa")
            self.pay(till.settlements, view.owed_minor // (2 if how == "part" else 1))
        till.gate.leave()

    def change(self) -> None:
        """A clerk prints a pass anew, a manager revokes it or waives some of it."""
        if not self.passes:
            return
        number = self.chance.choice([*self.passes])
        lane = self.lanes[number[:4]]
        with suppress(Refusal):
            match self.chance.choice(("reissue", "revoke", "waive")):
                case "reissue":
                    anew = lane.till.passes.reissue(number, "wet", SECOND).number.replace("-", "")
                    self._printed(lane, anew)
                case "revoke":
                    lane.till.passes.revoke(number, "turned back", SECOND)
                case _:
                    lane.till.passes.waive(number, "10", "Order 7", SECOND)
            self.counts["changed"] += 1

    def report(self) -> None:
        """M-PESA tells central of a payment for a pass, perhaps twice."""
        if not self.passes:
            return
        self.report_of(self.chance.choice([*self.passes]), 10_000)

    def report_of(self, account: str, amount_minor: int) -> str:
        """The same of an account and an amount; its code."""
        code = self._reference()
        body: dict[str, object] = {
            "TransID": code, "TransTime": "20260102124500", "TransAmount": f"{amount_minor // 100}.00",
            "BusinessShortCode": PAYBILL, "BillRefNumber": account,
        }  # fmt: skip
        for _ in range(self.chance.choice((1, 1, 2))):
            self.door.ask("POST", f"/v1/c2b/{self.secret}/confirmation", forms.dump(body))
        return code

    def confirm(self, code: str) -> None:
        """M-PESA answers central that a payment stands, perhaps twice."""
        store, at = self.place.store, self.place.central.now()
        with store.writing() as tx:
            (kept,) = payments.reported(tx, code)
            payments.ask(tx, kept.id, at)
        for _ in range(self.chance.choice((1, 2))):
            confirming.take(store, PAYBILL, Status(code, "Completed", kept.paid.amount_minor, PAYBILL), at)

    # What must hold.

    def check(self) -> None:
        """Broken where a till and central differ, money is made or lost, or a number is missing."""
        for code, lane in self.lanes.items():
            self.check_acknowledged(lane)
            health = lane.pusher.health()
            _hold((health.waiting, health.trouble, health.alarm, health.flags) == (0, None, None, ()), code)
            _hold(_stored(self.place, code) == journal_of(lane.till), f"{code}'s journal differs at central")
            _hold(_is_whole(lane.till), f"{code} lacks a number")
        trusted = [lane for code, lane in self.lanes.items() if code not in self.revoked]
        books = {park.books_of(lane.till) for lane in trusted} | {self.place.books()}
        _hold(len(books) == 1, "the books differ")
        self.check_sums()
        self._check_debts()

    def check_sums(self) -> None:
        """Broken where central's sums are not those of all that tills wrote, or of what drivers paid."""
        own: Counter[str] = Counter()
        for lane in self.lanes.values():
            own.update(_own_sums(lane))
        _hold(_sums(self.place) == own, "the sums differ")
        _hold(sum(own.values()) == 0, "money was made or lost")
        _hold(self.taken() == self.paid_minor, "what drivers paid is not what central counts")

    def taken(self) -> int:
        """What central counts as paid with M-PESA."""
        with self.place.store.reading() as tx:
            (total,) = tx.row(_TAKEN) or (0,)
        return int(total or 0)

    def check_acknowledged(self, lane: Lane) -> None:
        """What a till takes for acknowledged, central has."""
        stored = self.place.count(f"journal WHERE till = '{lane.gate.code}'")
        _hold(stored >= lane.acked, f"{lane.acked - stored} acknowledged and missing")

    def _check_debts(self) -> None:
        """What is owed on receivables is what the passes that are open lack."""
        with self.place.store.reading() as tx:
            (owed,) = tx.row(_OWED) or (0,)
        ledger = self.lanes[EXIT].till.desk.ledger
        last = {ledger.receivables.last(number) for number in self.passes}
        _hold(int(owed or 0) == sum(map(ledger.receivables.owed, last)), "debts without a pass")

    # Step by step.

    def _open_central(self) -> None:
        self.place = Place(
            self._store(), is_demo=False, clock=self.clock
        )  # it was made one of demonstrations
        self.door = Door(self.place.app)
        self._is_full = False

    def _close_central(self) -> None:
        self.door.close()
        self.place.store.close()

    def opened(self, gate: Gate) -> Lane:
        """A till starts, its clerk at the window."""
        till = app.open_till(gate.folder, gate.world())
        found = addresses.load(gate.folder, till.desk.ledger)
        assert found is not None
        till.sign_in.sign_in(CLERK, CLERK_PIN)
        with suppress(Refusal):
            till.shifts.to_window()
        return Lane(gate, till, Line(found, self))

    def _lane(self, among: tuple[str, ...] = tuple(PLACES)) -> Lane:
        return self.lanes[self.chance.choice(among)]

    def _fill(self, till: Till) -> None:
        till.checkout.clear()
        till.checkout.tap(self.chance.choice((EA_CITIZEN, NON_RESIDENT)), self.chance.randrange(1, 4))
        till.checkout.vehicle(1)
        till.checkout.plate(f"KD{self.chance.choice('ABC')} {self.chance.randrange(100, 999)}Z")

    def pay(self, payments: object, amount_minor: int) -> None:
        """A driver pays with M-PESA, in part where it is too little."""
        whole = max(amount_minor // 100, 1)
        done = payments.mpesa(self._reference(), str(whole))  # type: ignore[attr-defined]
        if not isinstance(done, RecordedView):
            payments.record(in_part=True)  # type: ignore[attr-defined]
        self.paid_minor += whole * 100

    def _reference(self) -> str:
        self._code += 1
        return f"UA2{self._code:07d}"

    def _printed(self, lane: Lane, number: str) -> None:
        entry = lane.till.desk.ledger.by_number(number)
        assert entry is not None
        self.passes[number] = "GP:" + str(entry.data["token"])
        self.counts["passes"] += 1

    def _state(self) -> Mapping[str, object]:
        return {
            code: (
                lane.till.desk.ledger.head,
                lane.pusher.health().waiting,
                lane.till.desk.ledger.fed("passes"),
            )
            for code, lane in self.lanes.items()
        }


_ACTS: tuple[Callable[[World], None], ...] = (
    World.sell, World.issue, World.issue, World.leave, World.leave, World.leave, World.change, World.report,
    World.sync, World.sync, World.sync, World.restart_central, World.restart_till, World.step_clock,
    World.put_back_central,
)  # fmt: skip
_TAKEN = "SELECT sum(amount_minor) FROM posting WHERE account LIKE 'asset:mpesa%'"
_OWED = "SELECT sum(p.amount_minor) FROM posting p JOIN pass s ON p.account = 'asset:receivable:' || s.number"


def _hold(holds: bool, what: str) -> None:
    if not holds:
        raise Broken(what)


def _stored(place: Place, till: str) -> list[tuple[bytes, bytes]]:
    with place.store.reading() as tx:
        rows = tx.rows("SELECT raw, sig FROM journal WHERE till = :till ORDER BY seq, branch", till=till)
    return [(bytes(raw), bytes(sig)) for raw, sig in rows]


def _is_whole(till: Till) -> bool:
    """Whether each series of a till's numbers runs from 1 without a gap or a double."""
    rows = till.desk.ledger.conn.execute("SELECT number FROM journal WHERE number IS NOT NULL ORDER BY seq")
    series: dict[str, list[int]] = {}
    for (text,) in rows:
        number = numbers.parse(text)
        series.setdefault(number.series, []).append(number.n)
    return all(found == [*range(1, len(found) + 1)] for found in series.values())


def _sums(place: Place) -> Counter[str]:
    with place.store.reading() as tx:
        rows = tx.rows("SELECT account, sum(amount_minor) FROM posting GROUP BY account")
    return Counter({account: int(total) for account, total in rows})


def _own_sums(lane: Lane) -> dict[str, int]:
    rows = lane.till.desk.ledger.conn.execute(
        "SELECT account, sum(amount_minor) FROM posting WHERE till = ? GROUP BY account", (lane.gate.code,)
    )
    return dict(rows)

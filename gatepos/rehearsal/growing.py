"""A central that grows to a million entries: what each costs at every size, and its pages at the largest."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

import requests

from gatepos import app
from gatepos.central import enrolling
from gatepos.central import folder as places
from gatepos.central.central import Central
from gatepos.central.managers.people import People
from gatepos.central.store.engine import Store
from gatepos.domain import entry as entries
from gatepos.rehearsal import rewriting, serving, timing
from gatepos.rehearsal.timing import Figure
from gatepos.seal import enrolment, said
from gatepos.seal.keys import TillKey
from gatepos.seal.passwords import Passwords
from gatepos.wire.bundle import Pair
from gatepos.wire.push import Push

LANES = 5
FIRST_DAY = date(2026, 1, 1)
_PLACE = ("NNP", "MAIN", "2")
_PASSWORD = "bench of a long day"
_STRETCH = 500
_POINTS = 40
_ASKED = 20


@dataclass(frozen=True, slots=True)
class Point:
    """At so many entries: microseconds that one more costs to take in, and to bring into the books."""

    entries: int
    received_us: float
    booked_us: float


def grown(folder: Path, database: str | None, kept: Sequence[Pair]) -> Iterator[Point]:
    """Fill a new central by its own hands: lanes of one park, day by day, in each the acts of a journal."""
    key = places.create(folder, database, is_demo=True)
    with closing(places.opened(folder, database)) as store:
        central = Central(store, key, app.SystemClock())
        lanes = [_lane(central, i, kept) for i in range(LANES)]
        costs, count = _costs(central, lanes), 0
        while found := list(islice(costs, max(1, LANES * len(kept) // _STRETCH // _POINTS))):
            here, received_s, booked_s = (sum(part) for part in zip(*found, strict=True))
            count += here
            yield Point(count, received_s / here * 1e6, booked_s / here * 1e6)


def _costs(central: Central, lanes: list[Iterator[tuple[str, Push]]]) -> Iterator[tuple[int, float, float]]:
    """Of stretch by stretch: its entries, and the seconds until it was taken in and was in the books."""
    for code, sent in (stretch for stretches in zip(*lanes, strict=True) for stretch in stretches):
        began_s = time.perf_counter()
        central.receive(central.known(code).row, sent)
        received_s = time.perf_counter()
        while central.follow(code):
            pass
        yield len(sent.entries), received_s - began_s, time.perf_counter() - received_s


def _lane(central: Central, index: int, kept: Sequence[Pair]) -> Iterator[tuple[str, Push]]:
    key, code = TillKey((index + 1).to_bytes(32, "big")), f"XGR{index + 1}"
    _join(central, key, code)
    return _stretches(rewriting.rewritten(kept, code, key, FIRST_DAY), code, key)


def _stretches(kept: Iterator[Pair], code: str, key: TillKey) -> Iterator[tuple[str, Push]]:
    seq, prev = 0, entries.genesis(code, key.public)
    while found := list(islice(kept, _STRETCH)):
        yield code, Push(seq, prev, found)
        seq, prev = seq + len(found), entries.hash_of(found[-1][0])


def _join(central: Central, key: TillKey, code: str) -> None:
    """Let a till join without a line."""
    now_ms = central.clock.wall_ms()
    given = enrolment.read(enrolling.new_code(central.store, central.key, _PLACE, code, now_ms))
    proof = said.prove(key, given).hex()
    central.enrol({"code": given, "till": code, "public_key": key.public.hex(), "proof": proof})


def with_passes(folder: Path, database: str | None, till: Path) -> str:
    """Add a till with passes as it is; the token of one."""
    ledger = app.open_till(till).desk.ledger
    kept, code = list(ledger.told(0)), ledger.context.till
    paper = str(ledger.of_kind("pass.issued")[-1].data["token"])
    ledger.close()
    key = TillKey.load(till / app.KEY)
    with closing(places.opened(folder, database)) as store:
        central = Central(store, places.key_of(folder), app.SystemClock())
        _join(central, key, code)
        for _ in _costs(central, [_stretches(iter(kept), code, key)]):
            pass
    return paper


def looked(folder: Path, database: str | None, size: int, paper: str) -> dict[str, Figure]:
    """Milliseconds of a manager's pages, of a day in the middle, and of a driver's; over HTTP, one by one."""
    day = FIRST_DAY + timedelta(size // LANES // rewriting.A_DAY // 2)
    with serving.served(database, folder) as central:
        session = requests.Session()
        session.cookies.set("gatepos", _signed_in(central.store))
        takings = f"{central.pages}/takings?park=NNP"
        return {
            f"the day page of {day}": _asked(session, f"{takings}&day={day}"),
            "the day page of today": _asked(session, takings),
            "the tills": _asked(session, f"{central.pages}/tills?park=NNP"),
            "the open passes": _asked(session, f"{central.pages}/passes?park=NNP"),
            "the driver's page": _asked(session, f"{central.url}/P/{paper}"),
        }


def _signed_in(store: Store) -> str:
    """The token of a manager's sign-in."""
    known, now_ms = People(store, Passwords()), app.SystemClock().wall_ms()
    code = known.give_start("bench", "manager", None, enrolling.COMMAND, now_ms)
    return known.start("bench", code, _PASSWORD, _PASSWORD, now_ms, "bench")


def _asked(session: requests.Session, url: str) -> Figure:
    def ask() -> None:
        answer = session.get(url)
        if answer.status_code != 200 or answer.url != url:
            raise RuntimeError(f"{url}: {answer.status_code} {answer.url}")

    return timing.figure(timing.timed(ask) for _ in range(_ASKED))

"""What waits at a till after a long outage goes to a central on loopback, each in a process of its own."""

import json
import random
import resource
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import entry as entries
from gatepos.rehearsal import park, serving
from gatepos.seal import entries as entry_seal
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.sync import enrol
from gatepos.sync.address import Address
from gatepos.sync.client import Client
from gatepos.sync.cursor import Cursor
from gatepos.sync.push import Pusher
from gatepos.till.station import Station

_LOOK_S = 0.01
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Drained:
    """Seconds from the first request: until the till had every acknowledgement, and central's books all.

    The CPU of both processes until then, central's with its start.
    """

    entries: int
    acked_s: float
    booked_s: float
    till_cpu_s: float
    central_cpu_s: float


def drained(till: Path, database: str | None) -> Drained:
    """Send all of a till's ledger to a new central, over an empty database at an address or its own."""
    with serving.served(database) as central:
        told = _till(till, central.joins(park.CODE))
        booked_s = central.booked_s() - told["began_s"]
        central_cpu_s = central.ended_cpu_s()
    return Drained(int(told["entries"]), told["acked_s"], booked_s, told["cpu_s"], central_cpu_s)


def _till(folder: Path, joins: Joins) -> dict[str, float]:
    command = [sys.executable, "-m", "gatepos.rehearsal.sending", str(folder), joins.url, joins.code]
    told: dict[str, float] = json.loads(subprocess.check_output(command, text=True))
    return told


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("url")
@click.argument("code")
def main(folder: Path, url: str, code: str) -> None:
    """Let the till in FOLDER join, send everything, and say how long it took."""
    station = app.open_station(folder)
    ledger = station.till.desk.ledger
    joined = enrol.enrol(Joins(url, code), TillKey.load(folder / app.KEY), park.CODE)
    while not ledger.is_checked:
        time.sleep(_LOOK_S)
    click.echo(json.dumps(_sent(folder, station, joined.address)))
    station.thread.ask(ledger.close).result()
    station.thread.stop()


def _sent(folder: Path, station: Station, address: Address) -> dict[str, float]:
    """The till's push alone, as fast as it goes."""
    ledger, ask = station.till.desk.ledger, station.thread.ask
    cursor = Cursor(folder / "tape", park.CODE, address.key)
    pusher = Pusher(ledger, ask, Client(address), cursor, app.SystemClock(), random.random)
    began, began_s = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    pusher.round()
    acked_s, ended = time.monotonic() - began_s, resource.getrusage(resource.RUSAGE_SELF)
    if pusher.health().waiting or pusher.health().trouble:
        raise RuntimeError(str(pusher.health().trouble))
    pusher.stop()
    cpu_s = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    return {"entries": ledger.head[0], "began_s": began_s, "acked_s": acked_s, "cpu_s": cpu_s}


# The machine's own limits.


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds that one core takes to hash and verify a till's entries, and a loopback to carry them."""

    checked_s: float
    loopback_s: float


def limit(folder: Path) -> Limit:
    """Of a till's whole ledger."""
    ledger = app.open_till(folder).desk.ledger
    kept = list(ledger.told(0))
    ledger.close()
    began_s = time.perf_counter()
    for raw, sig in kept:
        if not entry_seal.holds(ledger.public_key, entries.hash_of(raw), sig):
            raise RuntimeError("a signature does not hold")
    return Limit(time.perf_counter() - began_s, _loopback_s(sum(len(raw) for raw, _ in kept)))


def _loopback_s(count: int) -> float:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sending = socket.create_connection(listening.getsockname())
        receiving, _ = listening.accept()

    def send() -> None:
        with sending:
            sending.sendall(bytes(count))

    thread = threading.Thread(target=send)
    began_s = time.perf_counter()
    thread.start()
    with receiving:
        while receiving.recv(_PIECE):
            pass
    thread.join()
    return time.perf_counter() - began_s


if __name__ == "__main__":
    main()

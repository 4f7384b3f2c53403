"""A central in a process of its own for a bench, over its own file or a database, and what it takes."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from gatepos import app
from gatepos.central import enrolling
from gatepos.central import folder as places
from gatepos.central.store import following
from gatepos.central.store.engine import Store
from gatepos.rehearsal import timing
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey

_LOOK_S = 0.01
_PLACE = ("NNP", "MAIN", "2")


@dataclass(frozen=True, slots=True)
class Serving:
    """A central that listens at `url`, and for browsers at `pages`; its store as this process sees it."""

    store: Store
    key: TillKey
    url: str
    pages: str
    process: "subprocess.Popen[str]"

    def joins(self, till: str) -> Joins:
        """What lets a till join."""
        now_ms = app.SystemClock().wall_ms()
        return Joins(self.url, enrolling.new_code(self.store, self.key, _PLACE, till, now_ms))

    def booked_s(self) -> float:
        """When its books had everything, by this machine's monotonic clock."""
        while True:
            with self.store.reading() as tx:
                if not following.behind(tx):
                    return time.monotonic()
            time.sleep(_LOOK_S)

    def memory_mb(self, which: str = "VmRSS") -> float:
        """What it holds now, or at most held (`VmHWM`)."""
        return timing.memory_mb(which, self.process.pid)

    def ended_cpu_s(self) -> float:
        """Stop it; the CPU it took with its start."""
        self.process.send_signal(signal.SIGTERM)
        _, _, used = os.wait4(self.process.pid, 0)
        return used.ru_utime + used.ru_stime


@contextmanager
def served(database: str | None, folder: Path | None = None) -> Iterator[Serving]:
    """A new central for demonstration tills, over an empty database at an address or its own; or that of a
    folder.
    """
    with tempfile.TemporaryDirectory(prefix="gatepos-central-") as name:
        folder = folder or Path(name) / "central"
        if not (folder / places.KEY).exists():
            places.create(folder, database, is_demo=True)
        key = places.key_of(folder)
        with closing(places.opened(folder, database)) as store, _listening(folder, database) as process:
            url, pages = _said(process), _said(process)
            yield Serving(store, key, url, pages, process)


@contextmanager
def _listening(folder: Path, database: str | None) -> Iterator["subprocess.Popen[str]"]:
    where = ["--database", database] if database else []
    ports = ["--port", "0", "--pages-port", "0"]
    command = [sys.executable, "-m", "gatepos", "central", "serve", str(folder), *ports, *where]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _said(process: "subprocess.Popen[str]") -> str:
    """The address on which the next line ends."""
    return process.stdout.readline().split()[-1] if process.stdout else ""

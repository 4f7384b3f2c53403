"""Timing for benches: medians and 99th percentiles, and folders that are made once and kept in the cache."""

import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import platformdirs

from gatepos import files
from gatepos.till.station import Station

_MEMORY_FOLDER = Path("/dev/shm")


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds: the median and the 99th percentile of so many."""

    median: float
    p99: float
    n: int

    def __str__(self) -> str:
        return f"{self.median:8.2f} {self.p99:8.2f}  n={self.n}"


def figure(took: Iterable[float]) -> Figure:
    """Of milliseconds."""
    found = list(took)
    return Figure(statistics.median(found), percentile(found, 99), len(found))


def percentile(took: Iterable[float], n: int) -> float:
    """What `n` in a hundred of them stay under."""
    found = sorted(took)
    return found[min(len(found) * n // 100, len(found) - 1)]


def timed(action: Callable[[], object], /) -> float:
    """Milliseconds."""
    began_ns = time.perf_counter_ns()
    action()
    return (time.perf_counter_ns() - began_ns) / 1e6


def asked(station: Station, action: Callable[[], object]) -> None:
    """Run an action where the till runs."""
    station.thread.ask(action).result()


def memory_mb(field: str, process: int | str = "self") -> float:
    """What a process holds now (`VmRSS`), or at most held (`VmHWM`)."""
    status = Path(f"/proc/{process}/status").read_text("ascii", "replace")
    line = next(line for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) / 1024


def cached(name: str, make: Callable[[Path], None]) -> Path:
    """A copy of a folder that is made the first time only, in memory, where a sync is free."""
    cache = platformdirs.user_cache_path("gatepos") / name
    if not cache.exists():
        began_s = time.monotonic()
        base = _MEMORY_FOLDER if _MEMORY_FOLDER.is_dir() else cache.parent
        made = base / f"gatepos-bench-{os.getpid()}"
        make(made)
        cache.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(made, cache.with_suffix(".new"))
        cache.with_suffix(".new").rename(cache)
        shutil.rmtree(made)
        click.echo(f"  made in {time.monotonic() - began_s:.0f} s")
    work = cache.with_name(cache.name + "-work")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(cache, work)
    files.sync_folder(work)
    return work

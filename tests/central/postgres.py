"""A PostgreSQL server for tests, from Debian's binaries, in a folder of its own, on a socket alone."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

_USER = "postgres"
_OPTIONS = "-F -c listen_addresses='' -c max_connections=50"
"""Without syncs: what tests ask of it is whether the SQL is right; the disk is SQLite's matter here."""


class WhyNot(Exception):
    """There can be no server here."""


@dataclass
class Cluster:
    """A running server."""

    sockets: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"central_{next(self.numbers)}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as conn:
            conn.execute(f'CREATE DATABASE "{name}"'.encode())
        return self._address(name)

    def _address(self, name: str) -> str:
        return f"postgresql://{_USER}@/{name}?host={self.sockets}"


@contextmanager
def started() -> Iterator[Cluster]:
    """A server until the block ends; WhyNot where Debian's postgresql is not installed."""
    control = _control()
    folder = Path(tempfile.mkdtemp(prefix="central-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, _USER)
        data = folder / "data"
        _run(control, "initdb", "-D", str(data), "-o", f"-U {_USER} -A trust -E UTF8 --locale=C --no-sync")
        _run(
            control,
            "start",
            "-w",
            "-D",
            str(data),
            "-l",
            str(folder / "log"),
            "-o",
            f"{_OPTIONS} -k {folder}",
        )
        try:
            yield Cluster(folder)
        finally:
            _run(control, "stop", "-m", "immediate", "-D", str(data))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _control() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: path.parts[4].zfill(4))
    if not found:
        raise WhyNot("PostgreSQL is not installed (Debian: postgresql)")
    return str(found[-1])


def _run(control: str, *arguments: str) -> None:
    """pg_ctl, which no root may run."""
    as_user = ["runuser", "-u", _USER, "--"] if os.getuid() == 0 else []
    done = subprocess.run([*as_user, control, *arguments], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)

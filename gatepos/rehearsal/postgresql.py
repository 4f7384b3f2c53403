"""A PostgreSQL server for a while, from Debian's binaries, in a folder of its own, on a socket alone."""

import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_USER = "postgres"
_OPTIONS = "-c listen_addresses='' -c max_connections=100"
_UNSYNCED = " -F"


class WhyNot(Exception):
    """There can be no server here."""


@dataclass(eq=False)
class Cluster:
    """A running server."""

    sockets: Path
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The address of a new, empty database."""
        name = f"central_{next(self.numbers)}"
        _run("createdb", "-h", str(self.sockets), "-U", _USER, name)
        return f"postgresql://{_USER}@/{name}?host={self.sockets}"


@contextmanager
def started(*, is_synced: bool = False) -> Iterator[Cluster]:
    """A server until the block ends; WhyNot where Debian's postgresql is not installed.

    Without syncs it can be asked whether SQL is right, not how long it takes.
    """
    folder = Path(tempfile.mkdtemp(prefix="central-"))
    try:
        if os.getuid() == 0:
            shutil.chown(folder, _USER)
        data = str(folder / "data")
        options = f"{_OPTIONS}{'' if is_synced else _UNSYNCED} -k {folder}"
        _run("pg_ctl", "initdb", "-D", data, "-o", f"-U {_USER} -A trust -E UTF8 --locale=C --no-sync")
        _run("pg_ctl", "start", "-w", "-D", data, "-l", str(folder / "log"), "-o", options)
        try:
            yield Cluster(folder)
        finally:
            _run("pg_ctl", "stop", "-m", "immediate", "-D", data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(program: str, *arguments: str) -> None:
    """One of its programs, most of which no root may run."""
    as_user = ["runuser", "-u", _USER, "--"] if os.getuid() == 0 else []
    done = subprocess.run([*as_user, _program(program), *arguments], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)


def _program(name: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: path.parts[4].zfill(4))
    if not found:
        raise WhyNot("PostgreSQL is not installed (Debian: postgresql)")
    return str(found[-1])

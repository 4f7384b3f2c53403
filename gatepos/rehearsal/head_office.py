"""A head office for the demonstration: a central that only plays, in a process of its own."""

import importlib.util
import subprocess
import sys
from pathlib import Path

from gatepos import app, joining
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.seal.enrolment import Joins
from gatepos.sync import address
from gatepos.till.till import Till

ADMINISTRATOR = "01"
_KEY = "central.key"
_GATEPOS = (sys.executable, "-m", "gatepos", "central")
_STOP_S = 10


class NoHeadOffice(Trouble):
    """A central that could not be made or does not answer."""

    says = N_("The demonstration's central does not start: {why}. The till sells without it.")


class HeadOffice:
    """A central that listens until it is stopped: `url` to tills, `pages` to whoever may look.

    `start_code` is that of the pages' first administrator, once, when the central is made.
    """

    def __init__(self, folder: Path):
        self.start_code = ""
        if not (folder / _KEY).exists():
            _said("init", folder, "--demo")
            self.start_code = _said("person", folder, ADMINISTRATOR, "--role", "administrator")
        self._folder = folder
        command = [*_GATEPOS, "serve", str(folder), "--port", "0", "--pages-port", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.url, self.pages = self._address(), self._address()
        if not self.pages:
            self.stop()
            raise NoHeadOffice(why=folder)

    def code(self, row: KeyRow) -> str:
        """A code by which one till joins at its own place."""
        place = ("--park", row.park, "--gate", row.gate, "--lane", row.lane)
        return _said("code", self._folder, *place, "--till", row.till)

    def _address(self) -> str:
        """What the next line that it says ends on; empty where it says none."""
        said = self._process.stdout.readline() if self._process.stdout else ""
        return said.strip().rpartition(" ")[2]

    def stop(self) -> None:
        """Listen no longer."""
        self._process.terminate()
        self._process.wait(_STOP_S)
        if self._process.stdout:
            self._process.stdout.close()


def is_installed() -> bool:
    """Whether this machine has what a central needs."""
    return importlib.util.find_spec("fastapi") is not None


def join(folder: Path, till: Till, office: HeadOffice) -> None:
    """Let a demonstration till join."""
    joining.again(folder, till, Joins(office.url, office.code(till.desk.own)))


def follow(folder: Path, office: HeadOffice) -> None:
    """Let a till find the head office where it listens now; one that has not joined joins."""
    if (folder / address.FILE).exists():
        address.move(folder, office.url)
        return
    till = app.open_till(folder)
    try:
        join(folder, till, office)
    finally:
        till.desk.ledger.close()


def _said(command: str, folder: Path, *arguments: str) -> str:
    done = subprocess.run([*_GATEPOS, command, str(folder), *arguments], capture_output=True, text=True)
    if done.returncode:
        raise NoHeadOffice(why=done.stderr.strip()[:200])
    return done.stdout.strip()

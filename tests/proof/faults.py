"""A small till whose files are damaged one at a time, and what a start then makes of it."""

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gatepos import app
from gatepos.errors import Said
from gatepos.ledger import verification
from gatepos.ledger.ledger import Ledger
from gatepos.rehearsal import selling as rehearsal
from gatepos.rehearsal import vans
from tests.gate import Gate, selling

Kept = list[tuple[int, bytes, bytes]]
SOLD = 12


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a till made of a damage: the word for it, and the acknowledged entries that it no longer has."""

    word: str
    lost: int
    is_silent: bool


def template(folder: Path) -> tuple[Gate, Kept]:
    """A till that stopped while selling, half of its entries still in the WAL; all of them acknowledged."""
    gate = Gate(folder.with_name("running"))
    till = selling(gate.built())
    queue = vans.queue(1)
    ledger = till.desk.ledger
    for n in range(SOLD):
        rehearsal.sell(till, next(queue))
        while n == SOLD // 2 and ledger.upkeep():
            pass
    acknowledged = ledger.journal.kept(0, 10_000)
    shutil.copytree(gate.folder, folder)
    ledger.close()
    return Gate(folder, gate.clock, gate.new_id), acknowledged


def copied(gate: Gate, folder: Path) -> Gate:
    """The same till in another folder."""
    shutil.copytree(gate.folder, folder)
    return Gate(folder, gate.clock, gate.new_id)


def flipped(path: Path, chance: random.Random) -> str:
    """One bit of a file turned over."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return f"{path.name} byte {at}"


def truncated(path: Path, chance: random.Random) -> str:
    """A file cut at some byte."""
    size = chance.randrange(path.stat().st_size)
    with path.open("r+b") as file:
        file.truncate(size)
    return f"{path.name} to {size}"


def deleted(path: Path, chance: random.Random) -> str:
    """A file gone."""
    path.unlink()
    return path.name


DAMAGES: tuple[Callable[[Path, random.Random], str], ...] = (flipped, truncated, deleted)


def outcome(gate: Gate, acknowledged: Kept) -> Outcome:
    """Start the till, check it to the end, start again after a finding, and compare."""
    words = []
    for _ in range(3):
        try:
            till = app.open_till(gate.folder, gate.world())
        except Said as said:
            words.append(said.name)
            continue
        ledger = till.desk.ledger
        try:
            while ledger.upkeep():
                pass
            ledger.examine()
            if ledger.damage is not None:
                words.append("stopped")
                continue
            return _compared(gate, ledger, acknowledged, words)
        finally:
            ledger.close()
    return Outcome(" ".join(words), len(acknowledged), False)


def _compared(gate: Gate, ledger: Ledger, acknowledged: Kept, words: list[str]) -> Outcome:
    has = set(ledger.journal.kept(0, 10_000))
    lost = sum(entry not in has for entry in acknowledged)
    report = verification.verify(ledger.conn, [gate.folder / "tape"])
    if ledger.of_kind("ledger.recovered"):
        words.append("rebuilt")
    elif ledger.findings:
        words.append("noted")
    # An auditor's word comes months later: what only verify finds, the till kept to itself.
    is_silent = bool(lost or report.findings) and not words
    if is_silent and report.findings:
        words.append(f"only verify finds it ({report.findings[0]})")
    return Outcome(" ".join(words) or "harmless", lost, is_silent)

"""One action of a till in a process of its own, and strace that sees, fails or kills it at its calls."""

import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.proof.running import ROOT

_MOST = 500


@dataclass(frozen=True, slots=True)
class Traced:
    """What the process said of its action, whether it was killed, and what strace wrote, line by line."""

    said: str
    was_killed: bool
    log: list[str]


def calls_of(step: int, seed: int, *, is_long: bool) -> range:
    """At which of its calls an action is hit: at each; in the short form every so many, from one by lot."""
    return range(1, _MOST) if is_long else range(1 + seed % step, _MOST, step)


def traced(folder: Path, action: str, calls: str, *options: str) -> Traced:
    """Run an action of `one_action` on a folder; `options` of strace say what it does at the calls."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.proof.one_action", str(folder), action],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    log = folder.with_name(f"{folder.name}.strace")
    tracer = subprocess.Popen(
        ["strace", "-f", "-p", str(process.pid), "-e", f"trace={calls}", *options, "-o", str(log)],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert tracer.stderr is not None
    assert "attached" in tracer.stderr.readline()
    said, _ = process.communicate("go\n")
    tracer.communicate()
    was_killed = process.returncode == -signal.SIGKILL
    return Traced(said.strip(), was_killed, log.read_text().splitlines())

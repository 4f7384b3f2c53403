"""A till in a process of its own, driven by JSON lines, that can be killed at any moment."""

import json
import os
import select
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Running:
    """`gatepos till run` on a folder."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gatepos", "till", "run", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )
        self.ready = self.answer()

    def tell(self, command: dict[str, Any]) -> None:
        """Send a command without waiting."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """The next answer; what the process said on its error output when it died."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.stderr.read().decode())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def ask(self, command: dict[str, Any]) -> dict[str, Any]:
        """Send a command and wait for its answer."""
        self.tell(command)
        return self.answer()

    def answers_within(self, seconds: float) -> list[dict[str, Any]]:
        """The answers that arrive in time."""
        assert self.process.stdout is not None
        fd, data = self.process.stdout.fileno(), b""
        while select.select([fd], [], [], seconds)[0]:
            chunk = os.read(fd, 65536)
            if not chunk:
                break
            data += chunk
            if data.endswith(b"\n"):
                break
        return [json.loads(line) for line in data.splitlines() if line.endswith(b"}")]

    def kill(self) -> list[dict[str, Any]]:
        """kill -9; the answers that it had given and nobody had read."""
        self.process.kill()
        out, _ = self.process.communicate()
        return [json.loads(line) for line in out.splitlines() if line.endswith(b"}")]

    def stop(self) -> None:
        """Let it end by itself."""
        self.process.communicate()


def sale(id_: str, code: str, count: int = 1) -> dict[str, Any]:
    """A sale to `count` citizens on foot, paid by a code of its own."""
    lines = [["park_entry", "ea_citizen", "adult", count]]
    return {"do": "sell", "id": id_, "lines": lines, "pay": [{"kind": "mpesa", "code": code}]}

"""A network of its own in the kernel, whose loopback loses packets or is slow; named where there is none."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CLONE_NEWNET = 0x40000000
_MTU = "1500"
"""As on a real line: loopback's own packets would be too large to lose."""


class NotPossible(Exception):
    """This machine has no such network; what it lacks."""


@contextmanager
def made(quality: str) -> Iterator[str]:
    """The name of a network whose loopback has a quality in the words of `tc qdisc`; NotPossible."""
    name = f"gatepos-{os.getpid()}"
    _run("ip", "netns", "add", name)
    try:
        _run("ip", "-n", name, "link", "set", "lo", "mtu", _MTU, "up")
        _run("tc", "-n", name, "qdisc", "add", "dev", "lo", "root", *quality.split())
        yield name
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False)


@contextmanager
def inside(name: str) -> Iterator[None]:
    """This thread, and what it starts, talks there until the block ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(Path("/run/netns") / name, os.O_RDONLY)
    try:
        if libc.setns(there, _CLONE_NEWNET) != 0:
            raise NotPossible(f"setns: {os.strerror(ctypes.get_errno())}")
        yield
    finally:
        libc.setns(own, _CLONE_NEWNET)
        os.close(own)
        os.close(there)


def _run(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise NotPossible(f"{command[0]}: {error.strerror}") from error
    if done.returncode != 0:
        raise NotPossible(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")

"""What waits on an event loop, in a process where a browser has one of its own."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_T = TypeVar("_T")


def apart(work: Coroutine[object, object, _T]) -> _T:
    """Done on a thread of its own: a browser that tests drove before leaves its loop running on this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, work).result()

"""How much central does at once: a few pushes, the books between them; whoever is too many comes again.

Threads beside each other only wait for each other's turn, and what waits takes memory.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from gatepos.errors import Trouble
from gatepos.i18n import N_

AT_ONCE = 2
"""While one push is checked the other is stored."""
INSIDE_MAX = 64
"""Pushes that were let in and wait their turn: the last of them still has its answer within two seconds."""
PATIENCE_S = 1.0
"""So long a batch of the books lets pushes go before it."""
NEXT_S = 0.25
"""Within it the next push of a till that has more is here, over any line on which waiting for it pays."""
_LOOK_S = 0.01
_T = TypeVar("_T")


class CentralFull(Trouble):
    """More tills at once than central lets in."""

    says = N_("Central takes in what many tills wrote just now. The till sends again by itself.")


class Pace:
    """The doors of one central; all on its event loop."""

    def __init__(self) -> None:
        self._inside = 0
        self._next_by_s = 0.0
        self._pushes = asyncio.Semaphore(AT_ONCE)
        self._books = asyncio.Lock()

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[None]:
        """Room for one more push while the block lasts; CentralFull."""
        if self._inside >= INSIDE_MAX:
            raise CentralFull()
        self._inside += 1
        self._next_by_s = 0.0
        try:
            yield
        finally:
            self._inside -= 1

    async def push(self, work: Callable[[], _T]) -> _T:
        """Do the work of a push when its turn has come."""
        async with self._pushes:
            return await run_in_threadpool(work)

    def expect(self) -> None:
        """A till has more and sends it at once: the books let that go first, too."""
        self._next_by_s = asyncio.get_running_loop().time() + NEXT_S

    async def books(self, batch: Callable[[], bool]) -> None:
        """Do batches until there is none, one at a time, pushes before them."""
        async with self._books:
            while await run_in_threadpool(batch):
                await self._give_way()

    async def _give_way(self) -> None:
        waited_s = 0.0
        while self._is_awaited() and waited_s < PATIENCE_S:
            await asyncio.sleep(_LOOK_S)
            waited_s += _LOOK_S

    def _is_awaited(self) -> bool:
        return self._inside > 0 or asyncio.get_running_loop().time() < self._next_by_s

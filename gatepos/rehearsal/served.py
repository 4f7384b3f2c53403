"""What happens at lanes in its time, and how long each who was served took."""

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from gatepos.rehearsal import lane as lanes
from gatepos.rehearsal.lane import Lane


@dataclass(frozen=True, slots=True)
class Hands:
    """What a clerk does for somebody: touches, keys, looks, scans and papers handed over."""

    touches: int = 0
    keys: int = 0
    looks: int = 1
    scans: int = 0
    papers: int = 1

    @property
    def seconds(self) -> float:
        """As `lane` plays them."""
        return lanes.hands_s(self.touches, self.keys, self.looks, self.scans, self.papers)


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody who was served, in or out: what the hands did, what the till took, how long they waited."""

    way: str
    kind: str
    hands: Hands
    own_s: float
    waited_s: float

    @property
    def took_s(self) -> float:
        """From their turn to the paper."""
        return self.hands.seconds + self.own_s


class Hours:
    """What is to happen, each at its moment, and who was served by then."""

    def __init__(self) -> None:
        self.served: list[Served] = []
        self._order = itertools.count()
        self._waiting: list[tuple[int, int, Callable[[int], None]]] = []

    def at(self, at_ms: int, happens: Callable[[int], None]) -> None:
        """Let something happen when it is its time; it is told the moment."""
        heapq.heappush(self._waiting, (at_ms, next(self._order), happens))

    def pass_by(self) -> None:
        """Let all happen, and what comes of it, one after another."""
        while self._waiting:
            at_ms, _, happens = heapq.heappop(self._waiting)
            happens(at_ms)

    def serve(
        self, way: str, kind: str, lane: Lane, at_ms: int, hands: Hands, action: Callable[[], None]
    ) -> None:
        """Serve somebody at a lane once it is free."""
        lane.serve(at_ms, hands.seconds, action)
        self.served.append(Served(way, kind, hands, lane.own_ms[-1] / 1000, lane.waited_s[-1]))

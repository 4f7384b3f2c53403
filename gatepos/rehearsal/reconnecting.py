"""Many tills that find central again at one moment, each with what it wrote meanwhile, on its own line."""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from gatepos import app
from gatepos.domain import clock as clocks
from gatepos.domain import entry as entries
from gatepos.domain.breaker import Breaker
from gatepos.rehearsal import rewriting, timing
from gatepos.rehearsal.serving import Serving
from gatepos.rehearsal.timing import Figure
from gatepos.seal.keys import TillKey
from gatepos.sync import answers, enrol
from gatepos.sync.address import Address
from gatepos.sync.answers import Behind, CentralBusy
from gatepos.sync.client import Client
from gatepos.wire import gzipped, push
from gatepos.wire.bundle import Pair
from gatepos.wire.push import Push

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Reconnected:
    """Seconds until all had everything acknowledged, and until it was in the books; answers in ms.

    `memory_mb` central held before, and at most.
    """

    entries: int
    acked_s: float
    booked_s: float
    answers: Figure
    memory_mb: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A till that has joined and what it has to send, packed."""

    code: str
    address: Address
    stretches: Sequence[tuple[Push, bytes]] = field(repr=False)


def reconnected(serving: Serving, tills: Sequence[Waiting]) -> Reconnected:
    """Let all send at once, each one request at a time until all that it has is acknowledged."""
    before_mb = serving.memory_mb()
    together = threading.Barrier(len(tills))
    began_s = time.monotonic()
    with ThreadPoolExecutor(len(tills)) as threads:
        took = [ms for part in threads.map(partial(_sent, together), tills) for ms in part]
    acked_s = time.monotonic() - began_s
    booked_s = serving.booked_s() - began_s
    count = sum(len(sent.entries) for till in tills for sent, _ in till.stretches)
    memory_mb = (before_mb, serving.memory_mb("VmHWM"))
    return Reconnected(count, acked_s, booked_s, timing.figure(took), memory_mb)


def _sent(together: threading.Barrier, till: Waiting) -> list[float]:
    """Milliseconds of every answer, also of those that asked to come again later."""
    client, clock = Client(till.address), app.SystemClock()
    breaker, took, left = Breaker(), list[float](), list(till.stretches)
    together.wait()
    while left:
        time.sleep(breaker.wait_ms(clock.mono_ms()) / 1000)
        began_ms = clock.mono_ms()
        answer = client.push(till.code, left[0][1])
        took.append(clock.mono_ms() - began_ms)
        try:
            found = answers.read(till.address.key, till.code, answer)
        except CentralBusy:
            breaker = breaker.failed(clocks.read(clock), random.random(), answer.asked_ms)
            continue
        if isinstance(found, Behind) or found.seq != left[0][0].to_seq:
            raise RuntimeError(f"central has {found.seq} of {till.code}")
        breaker, left = breaker.worked(), left[1:]
    client.stop()
    return took


def waiting(serving: Serving, kept: Sequence[Pair], tills: int, seed: int) -> list[Waiting]:
    """So many tills that have joined, a journal dealt out as if each had written its part."""
    each = len(kept) // tills
    return [_waiting(serving, kept[i * each : (i + 1) * each], i, seed) for i in range(tills)]


def _waiting(serving: Serving, kept: Sequence[Pair], index: int, seed: int) -> Waiting:
    key = TillKey((seed + index).to_bytes(32, "big"))
    code = f"X{_LETTERS[index // 100]}{index % 100:02d}"
    joined = enrol.enrol(serving.joins(code), key, code)
    return Waiting(
        code, joined.address, list(_stretches(list(rewriting.rewritten(kept, code, key)), code, key))
    )


def _stretches(kept: list[Pair], code: str, key: TillKey) -> Iterator[tuple[Push, bytes]]:
    """All of a journal, stretch by stretch, the first one empty as after a start."""
    begin = Push(0, entries.genesis(code, key.public), [])
    yield begin, gzipped.packed(push.body(begin))
    seq, prev = 0, begin.from_hash
    while rest := push.taken(kept[seq:]):
        sent = Push(seq, prev, rest)
        yield sent, gzipped.packed(push.body(sent))
        seq, prev = sent.to_seq, entries.hash_of(rest[-1][0])

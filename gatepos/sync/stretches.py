"""The stretches of a journal, read and packed: the next one while central works on the one before."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

from gatepos.ledger.ledger import Ledger
from gatepos.sync.asking import Asking
from gatepos.wire import gzipped
from gatepos.wire import push as wire
from gatepos.wire.push import Push


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch as it stands in the journal and as it is sent."""

    push: Push
    packed: bytes = field(repr=False)


class Stretches:
    """What a ledger has after a position; asked on one thread, read on the ledger's in one short slice."""

    def __init__(self, ledger: Ledger, asking: Asking):
        self._ledger = ledger
        self._asking = asking
        self._beside = ThreadPoolExecutor(1, "sync stretch")
        self._next: dict[int, Future[Stretch]] = {}

    def after(self, seq: int, head: int) -> Stretch:
        """As much of the entries after `seq` to `head` as one body holds; Stopping, LedgerTroubled."""
        next_ = self._next.pop(seq, None)
        self._next.clear()
        found = self._read(seq, head) if next_ is None else next_.result()
        if (to_seq := found.push.to_seq) < head:
            self._next[to_seq] = self._beside.submit(self._read, to_seq, head)
        return found

    def _read(self, seq: int, head: int) -> Stretch:
        push = self._asking(partial(_read, self._ledger, seq, head))
        return Stretch(push, gzipped.packed(wire.body(push)))


def _read(ledger: Ledger, seq: int, head: int) -> Push:
    return Push(seq, ledger.hash_at(seq), wire.taken(islice(ledger.told(seq), head - seq)))

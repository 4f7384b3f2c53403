"""What central knows of M-PESA and the national platform: by its own dealings, and by a person's word."""

import logging
import threading
from collections.abc import Callable
from typing import TypeVar

from gatepos.central.daraja import DarajaSilent
from gatepos.central.store import outside as kept
from gatepos.central.store.engine import StorageFailed, Store, Transaction
from gatepos.central.store.outside import EVERYWHERE, Spoken
from gatepos.domain import breaker, moments
from gatepos.domain.outside import MPESA, TOLD, By
from gatepos.wire import forms

AGAIN_MS = moments.MINUTE_MS
"""That something still works is kept so often, not for each payment."""
_log = logging.getLogger(__name__)
_OWN = MPESA, By.TRAFFIC.value
_T = TypeVar("_T")


class Dealings:
    """What central's own dealings with M-PESA say of it, from any thread."""

    def __init__(self, store: Store):
        self._store = store
        self._lock = threading.Lock()
        self._failures, self._failing_since = 0, ""
        self._kept_ms: int | None = None

    def asked(self, ask: Callable[[], _T], now_ms: int) -> _T:
        """What M-PESA answers; nothing, a few times in a row, means that it is down. DarajaSilent, others."""
        try:
            answer = ask()
        except DarajaSilent:
            self._failed(now_ms)
            raise
        self.worked(now_ms)
        return answer

    def worked(self, now_ms: int) -> None:
        """M-PESA reported a payment, or did what it was asked."""
        with self._lock:
            self._failures = 0
            if self._kept_ms is not None and 0 <= now_ms - self._kept_ms < AGAIN_MS:
                return
            self._kept_ms = now_ms
        self._keep(forms.WORKS, moments.to_text(now_ms), now_ms)

    def _failed(self, now_ms: int) -> None:
        with self._lock:
            self._failures += 1
            if self._failures == 1:
                self._failing_since = moments.to_text(now_ms)
            if self._failures < breaker.OPEN_AFTER:
                return
            self._kept_ms = None
            since = self._failing_since
        self._keep(forms.DOWN, since, now_ms)

    def _keep(self, state: str, since: str, now_ms: int) -> None:
        """Where it is as it was, it stands so since before; that it cannot be kept costs no answer."""
        try:
            self._kept(state, since, now_ms)
        except StorageFailed:
            _log.warning("what M-PESA did could not be kept: the database failed")

    def _kept(self, state: str, since: str, now_ms: int) -> None:
        with self._store.writing() as tx:
            tx.alone()
            before = [word for word in kept.every(tx) if (word.what, word.spoken) == _OWN]
            if before and before[0].state == state:
                since = before[0].since
            kept.keep(tx, Spoken(MPESA, EVERYWHERE, _OWN[1], state, since, moments.to_text(now_ms)))


def told(tx: Transaction, park: str) -> list[dict[str, object]]:
    """The newest word about each thing that counts in a park, as an acknowledgement says it."""
    words: dict[str, Spoken] = {}
    for word in kept.heard(tx, park):
        words.setdefault(word.what, word)
    return [
        {"what": word.what, "state": word.state, "by": word.spoken, "since": word.since, "at": word.at}
        for word in (words[what] for what in TOLD if what in words)
    ]

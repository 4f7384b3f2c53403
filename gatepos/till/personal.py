"""Personal data at this till: it goes when its time has come, and the journal says that it went."""

from datetime import timedelta

from gatepos.domain import policy
from gatepos.till.desk import Desk


class Personal:
    """What is done with personal data beside keeping it, which is the ledger's."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def erase_due(self) -> int:
        """Erase what policy keeps no longer, at start and before a shift closes; how much it was.

        A wrong clock erases nothing early. The entry comes first: a stop before the
        erasure makes one more entry at the next start, and nothing is erased without any.
        """
        store = self._desk.ledger.personal
        before = self._desk.day_now() - timedelta(days=self._desk.policy.whole(policy.PERSONAL_DAYS))
        count = store.due(before)
        if not count:
            return 0
        self._desk.write("personal.erased", {"count": count, "before": before.isoformat()})
        return store.erase(before)

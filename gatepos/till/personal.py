"""Personal data at this till: it goes when its time has come, and the journal says that it went."""

from datetime import timedelta

from gatepos.domain import policy
from gatepos.till.desk import Desk
from gatepos.till.erasing import ERASED, Erasing


class Personal:
    """What is done with personal data beside keeping it, which is the ledger's."""

    def __init__(self, desk: Desk, erasing: Erasing):
        self._desk = desk
        self._erasing = erasing

    def erase_due(self) -> int:
        """Erase what policy keeps no longer, at start and before a shift closes; how much it was.

        What is of other tills is erased behind the window. A wrong clock erases nothing early. The entry
        comes first: a stop before the erasure makes one more entry at the next start, and nothing is erased
        without any.
        """
        store = self._desk.ledger.personal
        before = self._desk.day_now() - timedelta(days=self._desk.policy.whole(policy.PERSONAL_DAYS))
        count, plates = store.due(before), self._erasing.due()
        if count or plates:
            data = {"count": count, "before": before.isoformat(), "plates_before": plates}
            self._desk.write(ERASED, data)
        self._erasing.begin(plates)
        return store.erase(before) if count else 0

"""Free entry by notice: begun and ended by two persons, and of itself over when its hours are."""

from gatepos.domain import free_entry
from gatepos.domain.free_entry import Notice
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk

KIND = "free_entry.noticed"


class NoSuchNotice(Refusal):
    """A notice that does not stand here."""

    says = N_("No free-entry notice {reference} stands here.")


class NoticeElsewhere(Refusal):
    """A notice that is not for this park."""

    says = N_("That notice is not for {park}.")


class FreeEntry:
    """The free-entry notices of a till."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def begin(self, notice: Notice, second: Second | None = None, id: str | None = None) -> Recorded:
        """Let in free whom a notice names; another of the same reference takes its place.

        BadNotice, NoticeTooLong, NoticeElsewhere, NeedsSecond.
        """
        self._desk.allowed("switch")
        free_entry.check(notice)
        if not notice.is_for((self._desk.park.code,)):
            raise NoticeElsewhere(park=self._desk.park.name)
        return self._write(notice, second, id, is_ended=False)

    def end(self, reference: str, second: Second | None = None, id: str | None = None) -> Recorded:
        """A notice stands no more, from the next line on; NoSuchNotice, NeedsSecond."""
        self._desk.allowed("switch")
        notice = self._desk.notices.get(reference)
        if notice is None:
            raise NoSuchNotice(reference=reference[:40])
        return self._write(notice, second, id, is_ended=True)

    def _write(self, notice: Notice, second: Second | None, id: str | None, *, is_ended: bool) -> Recorded:
        data = notice.as_data(is_ended=is_ended)
        also = self._approvals.also(second, KIND, data)
        done = self._desk.write(KIND, data, id=id, also=also)
        self._desk.notices = free_entry.standing(entry.data for entry in self._desk.ledger.of_kind(KIND))
        return done

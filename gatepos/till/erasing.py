"""Plates, names and words of other tills and of lists: gone from this till once their time has passed.

The journal says from which day on they are here; all that is on the disk follows it, slice by slice, whatever
was put back or came again meanwhile.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import cast

from gatepos.domain import policy
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.ledger import bodies, building, database, erasing, ticket_lists
from gatepos.ledger.checks import Finding
from gatepos.ledger.file import FILE
from gatepos.till.central_pages import CentralPages
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay

ERASED = "personal.erased"
_EVERY_DAYS = 30
"""All that is kept is looked through each time."""
_NOT_ERASED = N_("plates past their time could not be erased ({why}); the next start tries again")


class Erasing:
    """What is erased of what was heard, and how far that has come."""

    def __init__(self, desk: Desk, pages: CentralPages):
        self._desk = desk
        self._pages = pages
        self._give_way: GiveWay = lambda: None
        self._steps: Iterator[None] | None = None
        said = (entry.data.get("plates_before") for entry in desk.ledger.of_kind(ERASED))
        desk.erased_before = max((cast(str, day) for day in said if day is not None), default="")

    def due(self) -> str | None:
        """The day before which all is to be erased from now on; None while that can wait."""
        desk = self._desk
        before = desk.day_now() - timedelta(days=desk.policy.whole(policy.PLATES_DAYS))
        if desk.erased_before and (before - date.fromisoformat(desk.erased_before)).days < _EVERY_DAYS:
            return None
        return before.isoformat() if erasing.is_any_due(desk.ledger.conn, before.isoformat()) else None

    def begin(self, before: str | None) -> None:
        """Let `go_on` erase what the journal says is erased, by its last word `before`, or None as it said.

        What was put back, or was cut off by a stop, is erased again.
        """
        desk = self._desk
        desk.erased_before = before or desk.erased_before
        is_left = desk.erased_before and not erasing.is_erased(desk.ledger.conn, desk.erased_before)
        if is_left and self._steps is None and self._pages.is_readable:
            self._steps = self._run(desk.erased_before)

    def go_on(self, give_way: GiveWay = lambda: None) -> bool:
        """Erase a little more; whether there is more. What the disk says is a finding."""
        ledger = self._desk.ledger
        if self._steps is None or ledger.damage is not None or ledger.held is not None:
            return False
        self._give_way = give_way
        try:
            next(self._steps)
        except StopIteration:
            self._steps = None
        except Trouble as trouble:
            self._steps = None
            self._find(trouble)
        return self._steps is not None

    def sweep(self, is_asked: Callable[[], bool] = lambda: False) -> None:
        """Let the bytes of what was erased go from the ledger's file too, while nobody asks for anything."""
        ledger, before = self._desk.ledger, self._desk.erased_before
        if not before or not erasing.is_erased(ledger.conn, before) or erasing.is_swept(ledger.conn, before):
            return
        try:
            if ledger.sweep(is_asked):
                ledger.put(lambda conn: erasing.set_swept(conn, before))
        except Trouble as trouble:
            self._find(trouble)

    def _run(self, before: str) -> Iterator[None]:
        """First what lies beside the ledger's file, from which the file could be made again."""
        desk, ledger = self._desk, self._desk.ledger
        yield from bodies.erase(ledger.folder, before, ledger.own, desk.heard, lambda: self._give_way())
        yield from ticket_lists.erase(ledger.folder, before, ledger.own)
        yield from self._pages.erase(before)
        for till in database.tills(ledger.conn, "heard"):
            after: int | None = 0
            while after is not None:
                after = ledger.put(partial(erasing.erase_some, till=till, before=before, after_seq=after))
                yield
        ledger.put(lambda conn: erasing.erase_tickets(conn, before))
        building.forget(ledger.folder, FILE, self._names_before())
        ledger.put(lambda conn: erasing.set_erased(conn, before))

    def _names_before(self) -> date:
        """What lies aside is kept as long as names and phones are."""
        return self._desk.day_now() - timedelta(days=self._desk.policy.whole(policy.PERSONAL_DAYS))

    def _find(self, trouble: Trouble) -> None:
        self._desk.ledger.findings.append(Finding(0, _NOT_ERASED, {"why": trouble}))

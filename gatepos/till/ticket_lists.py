"""A list of prepaid tickets that is brought where no feed comes: loaded by a manager or by two people."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from gatepos.domain import moments, staff, text, tickets
from gatepos.domain.tickets import Ticket
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import feeds, ticket_lists
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.ticket_lists import LISTS
from gatepos.till import views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay

_FILE_MAX = 16 * 1024 * 1024


class ListGone(Refusal):
    """A file that is not there, or cannot be read."""

    says = N_("{name} cannot be read: {why}")


class ListTooLarge(Refusal):
    """A file that is no list of tickets."""

    says = N_("{name} is too large for a list of tickets.")


class TicketLists:
    """The lists that this till has, of central or loaded here."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def view(self) -> views.Lists:
        """What this till knows."""
        conn = self._desk.ledger.conn
        at = feeds.listed_at(conn)
        return views.Lists(
            feeds.tickets_on(conn, self._desk.today().isoformat()), moments.from_text(at) if at else 0
        )

    def reader(self) -> Callable[[Path], list[Ticket]]:
        """What reads a list for this park, anywhere; ListGone, ListTooLarge, BadTicketList."""
        today, parks = self._desk.today(), (self._desk.park.code,)
        return lambda path: tickets.read(text.decoded(_bytes(path)), today, parks)

    def load(
        self,
        found: Sequence[Ticket],
        second: Second | None = None,
        id: str | None = None,
        give_way: GiveWay = lambda: None,
    ) -> Recorded:
        """Take a list in, once however often it comes; who may not set up this till NeedsSecond.

        Its tickets stand on the list of this moment; what the disk says.
        """
        desk, ledger = self._desk, self._desk.ledger
        person = desk.signed_in()
        rows = [ticket.as_row() for ticket in found]
        data = ticket_lists.body(rows)
        digest = ticket_lists.digest(data)
        now = moments.to_text(desk.clock.wall_ms())
        told = {
            "feed": LISTS, "from_till": desk.own.till, "to_seq": len(rows), "to_at": now, "digest": digest,
        }  # fmt: skip
        is_alone = staff.may(person.roles, "set_up") and second is None
        about = {"digest": digest, "to_seq": len(rows)}
        also = None if is_alone else self._approvals.also(second, "feed.applied", about)
        ticket_lists.keep(ledger.folder, data)
        done = desk.write("feed.applied", told, id=id, also=also)
        for batch in ticket_lists.batches(rows):
            ledger.put(partial(ticket_lists.insert, rows=batch, listed_at=done.entry.at))
            give_way()
        ledger.put(partial(ticket_lists.note, entry=done.entry))
        return done


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _FILE_MAX:
            raise ListTooLarge(name=path.name)
        return path.read_bytes()
    except OSError as error:
        raise ListGone(name=path.name, why=error.strerror) from error

"""Lists of prepaid tickets: loaded whole or not at all, told to the tills of their park (FORMATS.md §6)."""

from collections import Counter
from collections.abc import Collection

from gatepos.central.store import feeds, people, tickets
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.domain import moments, payment
from gatepos.domain import tickets as lists
from gatepos.domain.tickets import Ticket, Wrong
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import forms

PREPAID = "prepaid"


class ListedElsewhere(Refusal):
    """A ticket that another park's list has."""

    says = N_("{reference} stands on the list of {park}. Take it off there first.")


class NotListed(Refusal):
    """A ticket that is on no list."""

    says = N_("{reference} stands on no list.")


def load(store: Store, rows: str, parks: Collection[str], who: str, at_ms: int) -> dict[str, int]:
    """Tell the tills of parks who has paid for which day; how many tickets for each park.

    BadTicketList with every wrong line: then none of them is told.
    """
    found = lists.read(rows, moments.local_day(at_ms), parks)
    at = moments.to_text(at_ms)
    with store.writing() as tx:
        tx.alone()
        _check_parks(tx, found)
        tickets.put(tx, found)
        counts = Counter(ticket.park for ticket in found)
        for park, count in sorted(counts.items()):
            own = [_row(ticket, at, "listed") for ticket in found if ticket.park == park]
            feeds.publish(tx, PREPAID, park, own, at)
            people.changed(tx, Change(at, who, "prepaid", park, str(count)))
    return dict(counts)


def withdraw(store: Store, typed: str, parks: Collection[str], who: str, at_ms: int) -> str:
    """Take a ticket off its park's list; its park. BadTicket, NotListed."""
    reference, at = payment.ticket(typed), moments.to_text(at_ms)
    with store.writing() as tx:
        tx.alone()
        found = tickets.of(tx, payment.folded(reference))
        if found is None or found.park not in parks:
            raise NotListed(reference=reference)
        tickets.drop(tx, found)
        feeds.publish(tx, PREPAID, found.park, [_row(found, at, "withdrawn")], at)
        people.changed(tx, Change(at, who, "prepaid.withdrawn", found.park, found.reference))
    return found.park


def _check_parks(tx: Transaction, found: list[Ticket]) -> None:
    """BadTicketList for the lines whose reference stands on another park's list."""
    at = tickets.parks(tx, [ticket.folded for ticket in found])
    lists.check(
        Wrong(line, ListedElsewhere(reference=ticket.reference, park=at[ticket.folded]))
        for line, ticket in enumerate(found, start=2)
        if at.get(ticket.folded, ticket.park) != ticket.park
    )


def _row(ticket: Ticket, at: str, state: str) -> str:
    return forms.dump({**ticket.as_row(), "listed_at": at, "state": state}).decode()

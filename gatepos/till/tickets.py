"""Tickets paid elsewhere: whether a list has one, who used it, and the bill that it opens."""

from dataclasses import dataclass, replace
from datetime import date
from typing import cast

from gatepos.domain import fees, moments, policy, ticket_codes
from gatepos.domain.bill import UNDER_6, Bill
from gatepos.domain.entry import Entry
from gatepos.domain.gatepass import Verdict
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import feeds, queries, refunds
from gatepos.ledger.feeds import Prepaid
from gatepos.till.desk import Desk
from gatepos.till.window import Ticket

LISTED, OTHER_DAY, CLAIMED, USED = "ticket_listed", "ticket_other_day", "ticket_claimed", "ticket_used"
"""Verdicts on a ticket, keys of `verdicts.LOOKS`."""


class Lane(Said):
    """A lane of this gate."""

    says = N_("lane {lane}")


class LaneThere(Said):
    """A lane of another gate."""

    says = N_("{gate}, lane {lane}")


class IsListed(Refusal):
    """What a ticket covers, where a list says it already."""

    says = N_("The list says what this ticket covers. What is more is paid here.")


@dataclass(frozen=True, slots=True)
class Use:
    """When and where a ticket let somebody in, by which receipt."""

    at_ms: int
    place: Said
    number: str

    def when(self, desk: Desk) -> str:
        """`06:41`, with its day where that was another."""
        at = moments.local(self.at_ms)
        is_today = at.date() == moments.local_day(desk.clock.wall_ms())
        return f"{at:%H:%M}" if is_today else f"{at:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of a ticket that is shown: the verdict, its row on a list, its use, the bill it opens."""

    verdict: Verdict
    ticket: Ticket
    bill: Bill | None = None
    listed: Prepaid | None = None
    use: Use | None = None


def in_code(desk: Desk, text: str) -> str | None:
    """The reference in what was scanned, where that is a ticket: it says so, or a list or a till knows it.

    NoReference in the code of eCitizen or KWSPay.
    """
    if ticket_codes.is_ticket(text):
        return ticket_codes.reference(text)
    found = ticket_codes.alone(text)
    if found is None:
        return None
    is_known = feeds.prepaid(desk.ledger.conn, found) or queries.ticket_use(desk.ledger, found)
    return found if is_known else None


def listed(desk: Desk, reference: str, on: date) -> Prepaid | None:
    """The ticket of a reference, if it stands on a list for a day."""
    found = feeds.prepaid(desk.ledger.conn, reference)
    return found if found is not None and found.day == on else None


def use(desk: Desk, reference: str) -> Use | None:
    """Where a ticket was used, here or at a till that was heard."""
    entry = queries.ticket_use(desk.ledger, reference)
    if entry is None:
        return None
    gate, lane = str(entry.fields["gate"]), str(entry.fields["lane"])
    is_here = gate == desk.ledger.context.gate
    place = Lane(lane=lane) if is_here else LaneThere(gate=desk.park.gate_name(gate), lane=lane)
    return Use(moments.from_text(entry.at), place, str(entry.number))


def find(desk: Desk, reference: str, bill: Bill, *, is_typed: bool) -> Found:
    """The verdict on a ticket, and `bill` as the list fills it in; what the schedule refuses."""
    row = feeds.prepaid(desk.ledger.conn, reference)
    used = use(desk, reference)
    if used is not None and refunds.held_by(desk.ledger, "ecitizen", reference) is None:
        return Found(Verdict(USED), Ticket(reference, is_typed=is_typed), None, row, used)
    if row is None:
        return Found(Verdict(CLAIMED), Ticket(reference, is_typed=is_typed), bill)
    filled = _filled(desk, row, bill)
    is_today = row.day == bill.enter_on
    ticket = Ticket(reference, filled, row.listed_at if is_today else None, is_typed)
    return Found(Verdict(LISTED if is_today else OTHER_DAY), ticket, filled, row)


def verified_at(desk: Desk, receipt: Entry) -> str | None:
    """The moment of the last list that by now has all tickets of a receipt that had none when it was sold.

    None where there is no such ticket, or one that still stands on no list.
    """
    on = date.fromisoformat(str(receipt.data["enter_on"]))
    rows = [listed(desk, reference, on) for reference in claimed(desk, receipt)]
    if not rows or None in rows:
        return None
    return max(row.listed_at for row in rows if row is not None)


def claimed(desk: Desk, receipt: Entry) -> list[str]:
    """The tickets that paid a receipt, or those it took the place of, and stood on no list then."""
    found: list[str] = []
    one: Entry | None = receipt
    while one is not None and "tenders" in one.data:
        found += unlisted(one.data["tenders"])
        older = one.data.get("replaces")
        one = desk.ledger.known(str(older)) if older else None
    return found


def unlisted(tenders: object) -> list[str]:
    """The references among an entry's tenders of tickets that stood on no list."""
    rows = cast("list[dict[str, object]]", tenders)
    return [
        str(row["reference"]) for row in rows if row["kind"] == "ecitizen" and row.get("listed_at") is None
    ]


def onward(desk: Desk, plate: str, *, is_recorded: bool) -> tuple[int, str]:
    """To which lane a prepaid vehicle goes on, 1 or 2, and by which rule of policy; lane 0: to none.

    By turns the vehicle counts after those that were recorded before it.
    """
    rule = desk.policy.text(policy.PREPAID_ARROW)
    if rule == policy.NONE:
        return 0, rule
    if rule == policy.ALTERNATE:
        shift = desk.ledger.state.shift
        taken = queries.tickets_taken(desk.ledger, shift) if shift else 0
        return 1 + (taken - int(is_recorded)) % 2, rule
    digits = [char for char in plate if char.isdigit()]
    return (2 if int(digits[-1]) % 2 == 0 else 1, rule) if digits else (0, rule)


def _filled(desk: Desk, row: Prepaid, bill: Bill) -> Bill:
    """People, vehicle and plate as the list says; whoever is free on another ground than age is tapped."""
    made = replace(bill, counts={}, free={}, band=row.band, plate=row.plate)
    for category, age, count in row.people:
        key = _key(category, age)
        if key is not None:
            desk.schedule().sellable(made.product, key)
            made = made.counted(key, count)
        elif age == "child":
            made = made.freed(UNDER_6, count)
    return made


def _key(category: str, age: str) -> fees.FeeKey | None:
    if category == "exempt":
        return None
    return (fees.SCHOOL_ENTRY if category == "school" else fees.PARK_ENTRY, category, age)

"""What the token on a paper says, from what was sold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import cast

from gatepos.domain import gatepass, moments
from gatepos.domain.entry import Entry
from gatepos.domain.gatepass import Payload
from gatepos.till import tickets
from gatepos.till.desk import Desk

_DAY_S = 86_400


def receipt(desk: Desk, sold: Mapping[str, object], replaced: Entry | None = None) -> Payload:
    """The token of a receipt, nothing owed: paid, or prepaid and not verified where no list has its ticket.

    `replaced` is the receipt whose place it takes: what paid that pays this one.
    """
    unlisted = tickets.unlisted(sold["tenders"]) or (
        replaced is not None
        and tickets.claimed(desk, replaced)
        and tickets.verified_at(desk, replaced) is None
    )
    return _paper(desk, sold, gatepass.PREPAID if unlisted else gatepass.PAID, (), 0)


def gate_pass(
    desk: Desk, sold: Mapping[str, object], exits: Sequence[str], due_minor: int, since_s: int | None = None
) -> Payload:
    """The kind-0 token of a pass: what is owed, and through which gates it leaves.

    `since_s` is when the pass began whose place it takes: printed anew it holds no longer, unix seconds.
    """
    paper = _paper(desk, sold, gatepass.OWED, tuple(exits), due_minor)
    if since_s is None or since_s >= paper.valid_from:
        return paper
    return replace(paper, valid_from=since_s, valid_until=paper.valid_until - paper.valid_from + since_s)


def settlement(desk: Desk, paper: Payload, due_minor: int) -> Payload:
    """The kind-1 token of a payment: it names the pass, and what remains owed on it.

    It holds no longer than the pass, or it would let in where nobody heard that they left; past its end, for
    a day in which to leave.
    """
    issued = _now_s(desk)
    until = paper.valid_until if paper.valid_until > issued else issued + _DAY_S
    return Payload(
        gatepass.PAID, issued, issued, min(until, issued + gatepass.VALID_MAX_S), paper.parks, paper.exits,
        paper.plate, paper.band, paper.people, due_minor, paper.number,
    )  # fmt: skip


def _paper(desk: Desk, sold: Mapping[str, object], kind: int, exits: tuple[str, ...], due: int) -> Payload:
    """24 h a day from now, or from the day of entry."""
    issued = _now_s(desk)
    enter_on = date.fromisoformat(cast(str, sold["enter_on"]))
    valid_from = _opening_s(desk, enter_on) if enter_on > desk.today() else issued
    return Payload(
        kind=kind,
        issued=issued,
        valid_from=valid_from,
        valid_until=valid_from + cast(int, sold["days"]) * _DAY_S,
        parks=desk.book.parks.product(cast(str, sold["product"])).parks,
        exits=exits,
        plate=cast(str, sold["plate"]),
        band=cast(int, sold["band"]),
        people=tuple((category, age, n) for category, age, n in cast("list[list[int]]", sold["people"])),
        due=due,
    )


def _now_s(desk: Desk) -> int:
    """A clock that is wrong cannot say when now is: the gate's opening on the business day stands for it."""
    if desk.ledger.state.clock != "ok":
        return _opening_s(desk, desk.today())
    return desk.clock.wall_ms() // 1000


def _opening_s(desk: Desk, on: date) -> int:
    opens = desk.park.hours.enter_from
    return moments.at_local(on, opens.hour, opens.minute) // 1000

"""What was looked at in a lane, and how it is shown: what the paper says, and what was heard beside it."""

from dataclasses import dataclass
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import gatepass, moments, numbers, policy, verdicts
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import Payload, Verdict
from gatepos.ledger import database, feeds, heard, passes
from gatepos.till import judging, showing, tickets, views
from gatepos.till.desk import Desk
from gatepos.till.tickets import Found
from gatepos.till.window import Owed, Window
from gatepos.wire import feed

_UNREAD = (
    "unreadable",
    "unknown_till",
    "not_known",
    "does_not_verify",
    "wrong_park",
    "not_ours",
    "seen_stale",
)
"""Verdicts on a paper that gives no price to collect: at an exit they pay by what is seen."""


@dataclass(slots=True)
class Looked:
    """The paper that was looked at last, and what came of it; of a ticket the `receipt` that it became."""

    verdict: Verdict
    how: str
    payload: Payload | None = None
    digest: str | None = None
    issuer: str | None = None
    issuer_gate: str = ""
    what: str = ""
    asks_plate: bool = False
    is_sticker: bool = False
    charge: tuple[Line, ...] = ()
    is_recorded: bool = False
    passed: int = 0
    at_ms: int = 0
    repeats: int = 0
    ticket: Found | None = None
    receipt: str = ""
    back: str = ""


@dataclass(frozen=True, slots=True)
class _Shown:
    """Which vehicle and who in it is shown: of a paper, of a ticket's bill, of what a ticket became."""

    plate: str = ""
    band: int = 0
    people: tuple[tuple[int, int, int], ...] = ()

    @classmethod
    def of_paper(cls, payload: Payload) -> "_Shown":
        return cls(payload.plate, payload.band, payload.people)

    @classmethod
    def of_ticket(cls, desk: Desk, window: Window, looked: Looked) -> "_Shown":
        found, work = looked.ticket, window.work
        if found is None:
            return cls()
        if work.ticket is not None:
            return cls(work.bill.plate, work.bill.band, bills.people(window.priced().lines))
        entry = desk.ledger.known(looked.receipt or (found.use.number if found.use else ""))
        if entry is None:
            return cls()
        groups = cast("list[tuple[int, int, int]]", entry.data["people"])
        people = tuple((category, age, n) for category, age, n in groups)
        return cls(cast(str, entry.data["plate"]), cast(int, entry.data["band"]), people)


def view(
    desk: Desk,
    window: Window,
    looked: Looked,
    direction: str,
    *,
    may_readmit: bool,
    may_follow: bool,
    may_come_back: bool,
) -> views.ScanView:
    """All that the Scan screen shows of a paper."""
    payload, verdict = looked.payload, looked.verdict
    shown = _Shown.of_ticket(desk, window, looked) if payload is None else _Shown.of_paper(payload)
    look = verdicts.LOOKS[verdict.word]
    is_typed_green = look.tone == verdicts.GREEN and looked.how == "typed"
    heard_ms = _heard_ms(desk, looked.issuer)
    old_ms = desk.policy.whole(policy.HEARD_OLD_AFTER_H) * 60 * moments.MINUTE_MS
    return views.ScanView(
        word=verdict.word,
        tone=verdicts.AMBER if is_typed_green else look.tone,
        direction=direction,
        how=looked.how,
        what=looked.what,
        number=numbers.printed(payload.number) if payload else "",
        plate=shown.plate,
        band=shown.band,
        people=shown.people,
        issuer=looked.issuer or "",
        issuer_gate=desk.park.gate_name(looked.issuer_gate),
        is_own=looked.issuer == desk.own.till,
        exits=tuple(map(desk.park.gate_name, payload.exits)) if payload else (),
        issued_ms=payload.issued * 1000 if payload else 0,
        valid_from_ms=payload.valid_from * 1000 if payload else 0,
        valid_until_ms=payload.valid_until * 1000 if payload else 0,
        now_ms=desk.clock.wall_ms(),
        leave_by=desk.park.hours.leave_by,
        is_late=payload is not None and gatepass.is_late(payload, desk.park.hours),
        story=_story(desk, payload),
        heard_ms=heard_ms,
        keys_ms=_keys_ms(desk) if verdict.word == "unknown_till" else 0,
        is_old=desk.clock.wall_ms() - heard_ms > old_ms,
        owed_minor=verdict.owed_minor,
        overstay_minor=sum(line.kes_minor for line in looked.charge),
        passing=looked.passed,
        paybill=window.paybill(),
        settles=tuple(map(_settled, window.work.settles)),
        pay=showing.pay(desk, window, ()) if window.work.settles else None,
        asks_plate=looked.asks_plate,
        may_accept=looked.is_sticker,
        may_readmit=may_readmit,
        may_follow=may_follow,
        may_leave=verdict.people > 0,
        may_see=direction == gatepass.OUT and verdict.word in _UNREAD,
        is_recorded=looked.is_recorded,
        verified_ms=_verified_ms(desk, payload),
        ticket=_ticket(desk, window, looked, shown.plate),
        back=looked.back,
        back_grounds=judging.back_grounds(desk) if may_come_back else (),
        back_until_ms=passes.coming_back(desk.ledger, payload.number)[1] * 1000 if payload else 0,
    )


def _verified_ms(desk: Desk, payload: Payload | None) -> int | None:
    """Of a prepaid paper the moment of the list that has its ticket, 0 where none does; None of others."""
    if payload is None or payload.kind != gatepass.PREPAID:
        return None
    at = judging.verified_at(desk, payload)
    return moments.from_text(at) if at else 0


def _ticket(desk: Desk, window: Window, looked: Looked, plate: str) -> views.TicketView | None:
    found = looked.ticket
    if found is None:
        return None
    is_open = window.work.ticket is not None
    lane, rule = 0, policy.NONE
    if is_open or looked.receipt:
        lane, rule = tickets.onward(desk, plate, is_recorded=bool(looked.receipt))
    total_minor = window.total_minor() if is_open else 0
    covered_minor = window.ticket_minor() if is_open else 0
    return views.TicketView(
        reference=found.ticket.reference,
        is_typed=found.ticket.is_typed,
        listed_ms=moments.from_text(found.listed.listed_at) if found.listed else 0,
        known_ms=_moment(feeds.listed_at(desk.ledger.conn)),
        day=found.listed.day if found.listed else None,
        people=found.listed.people if found.listed else (),
        used_ms=found.use.at_ms if found.use else 0,
        used_at=found.use.place if found.use else None,
        has_vehicle=bool(window.work.ticket and window.work.ticket.has_vehicle),
        lines=window.priced().lines if is_open else (),
        total_minor=total_minor,
        covered_minor=covered_minor,
        rest_minor=total_minor - covered_minor,
        tenders=showing.tenders(desk, window),
        is_open=is_open,
        lane=lane,
        rule=rule,
        receipt=numbers.printed(looked.receipt) if looked.receipt else "",
    )


def _moment(at: str | None) -> int:
    return moments.from_text(at) if at else 0


def aside(desk: Desk, looked: Looked) -> views.Aside:
    """A paper that was pulled aside."""
    payload = cast(Payload, looked.payload)
    since_ms = desk.clock.wall_ms() - (desk.clock.mono_ms() - looked.at_ms)
    return views.Aside(payload.number, payload.plate, looked.verdict.owed_minor, since_ms)


def _settled(owed: Owed) -> views.Settles:
    overstay_minor = sum(line.kes_minor for line in owed.overstay)
    number = numbers.printed(owed.paper.number)
    return views.Settles(number, owed.paper.plate, owed.owed_minor - overstay_minor, overstay_minor)


def _story(desk: Desk, payload: Payload | None) -> tuple[views.Told, ...]:
    if payload is None:
        return ()
    return tuple(
        views.Told(
            event.what,
            moments.from_text(event.at),
            desk.park.gate_name(event.gate) or event.till,
            event.people,
            event.minor,
            numbers.printed(event.number) if event.number else "",
            _tenders(desk, event.number) if event.what == "paid" else (),
        )
        for event in passes.story(desk.ledger, payload.number)
    )


def _tenders(desk: Desk, receipt: str | None) -> tuple[str, ...]:
    """How a receipt was paid, each way once."""
    entry = desk.ledger.known(receipt) if receipt else None
    rows = cast("list[dict[str, str]]", entry.data["tenders"]) if entry else []
    return tuple(dict.fromkeys(row["kind"] for row in rows))


def _keys_ms(desk: Desk) -> int:
    """When the keys known here were last added to or confirmed; its enrolment when they never were."""
    ledger = desk.ledger
    changed = [ledger.entry(1), *ledger.of_kind("keyring.changed")][-1]
    return max(moments.from_text(changed.at), feeds.known(ledger.conn, feed.KEYRING).at_ms)


def _heard_ms(desk: Desk, issuer: str | None) -> int:
    """The last moment that this till heard of from a paper's own, or from any where the paper is its own.

    Its own enrolment when it never did.
    """
    conn = desk.ledger.conn
    tills = database.tills(conn, "heard") if issuer in (None, desk.own.till) else [issuer]
    told = [at for till in tills if (at := heard.last_at(conn, till)) is not None]
    return moments.from_text(max(told, default=desk.ledger.entry(1).at))

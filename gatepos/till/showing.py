"""From the window's state to what screens show: plain values, decided here so that Qt decides nothing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from gatepos.domain import drawer, fees, numbers, payment, phones, receipt, shift_paper
from gatepos.domain.bill import Bill, FeeKey, age_of
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Fee, Schedule
from gatepos.domain.free_entry import Freed
from gatepos.domain.vocabulary import EA_CITIZEN, GROUNDS, KENYAN, NOT_VISITORS, TENDERS, UNDERTAKING
from gatepos.errors import Said
from gatepos.ledger.ledger import Recorded
from gatepos.till import seen, shift_views, views
from gatepos.till.desk import Desk
from gatepos.till.window import PayFirst, Window, Work


def sell(
    desk: Desk, window: Window, waiting: tuple[views.Waiting, ...], warnings: tuple[Said, ...]
) -> views.SellView:
    """All that the Sell screen shows."""
    bill, schedule, priced = window.work.bill, desk.schedule(), window.priced()
    state = desk.ledger.state
    return views.SellView(
        schedule=schedule.id,
        product=bill.product,
        products=desk.park.products,
        ages=schedule.ages(bill.product),
        rows=_grid(schedule, bill, window.freed()),
        free=tuple((ground, bill.free.get(ground, 0)) for ground in GROUNDS),
        vehicles=tuple(
            _cell(fee, int(fee.age == str(bill.band)), is_free=fees.VEHICLE in window.freed())
            for fee in schedule.vehicles(bill.product)
        ),
        others=tuple(_cell(fee, bill.counts.get(fee.key, 0)) for fee in schedule.others(bill.product)),
        band=bill.band,
        plate=bill.plate,
        operator=bill.operator,
        institution=bill.institution,
        days=bill.days,
        nights=bill.nights,
        enter_on=bill.enter_on,
        today=desk.today(),
        visitors=bill.paying + bill.free_visitors,
        crew=bill.crew,
        free_count=bill.free_visitors,
        lines=priced.lines,
        total_minor=priced.total_minor,
        usd_minor=priced.usd_minor,
        kes_part_minor=priced.kes_part_minor,
        rate_e4=state.rate_e4,
        rate_month=state.rate,
        rate_is_old=desk.rate_is_old(),
        leave_by=desk.park.hours.leave_by,
        is_late=desk.now_ms() >= desk.park.hours.closes_ms(bill.last_day),
        warnings=warnings,
        number=window.number(),
        corrects=window.work.corrects.number if window.work.corrects else None,
        moved_minor=window.moved_minor(),
        replaces=window.work.replaces.number if window.work.replaces else None,
        may_pass=desk.outage() is not None or window.work.replaces is not None,
        is_on_foot=bill.is_on_foot,
        gates=tuple((gate.code, gate.name) for gate in desk.park.gates),
        exits=(desk.ledger.context.gate,) if bill.is_on_foot else window.work.exits,
        driver=phones.shown(window.work.driver),
        waiting=waiting,
        tenders=tenders(desk, window),
        asking=tuple(ground for ground in GROUNDS if age_of(ground) in dict(asking(window.work))),
        apart=tuple((ground, bill.free.get(ground, 0)) for ground in NOT_VISITORS),
        owes_nothing=bool(priced.lines or window.work.group)
        and not (window.total_minor() or window.work.corrects),
        group=_group(window),
        group_minor=window.total_minor() - priced.total_minor,
    )


def _group(window: Window) -> tuple[views.VehicleView, ...]:
    """The other vehicles of the group, in their order."""
    return tuple(
        views.VehicleView(work.number, work.bill.plate, minor)
        for work, minor in zip(window.work.group, window.minor_each(), strict=False)
        if work.opened
    )


def asking(work: Work) -> tuple[tuple[str, int], ...]:
    """Adults and children whom a slip says to enter free, and whom nobody has looked at yet."""
    if work.slip is None:
        return ()
    free = work.bill.free
    seen = {age: sum(n for ground, n in free.items() if age_of(ground) == age) for age in work.slip.asks}
    return tuple((age, n - seen[age]) for age, n in work.slip.asks.items() if n > seen[age])


def pay(desk: Desk, window: Window, warnings: tuple[Said, ...]) -> views.PayView:
    """All that the pay panel shows; PayFirst before the bill is opened."""
    number = window.account()
    if number is None:
        raise PayFirst()
    rest_minor = window.rest_minor()
    spare = window.spare if window.spare and not _is_used_here(window) else None
    return views.PayView(
        kind=window.work.kind,
        account=number,
        paybill=window.paybill() if window.work.kind == "mpesa" else None,
        parts=payment.mpesa_parts(rest_minor) if rest_minor > 0 else (),
        paid=tuple(window.work.tenders),
        rest_minor=max(rest_minor, 0),
        change_minor=max(-rest_minor, 0),
        warnings=warnings,
        spare_minor=spare.amount_minor if spare else 0,
        spare_reference=spare.reference if spare else None,
        tenders=tenders(desk, window),
        seen=seen.of_window(desk, window) if rest_minor > 0 else (),
    )


def recorded(done: Recorded, before: Sequence[Recorded] = ()) -> views.RecordedView:
    """A sale, correction or void just recorded; `before` it those of the other vehicles of its group."""
    data = done.entry.data
    token = cast(str, data.get("token", ""))
    return views.RecordedView(
        seq=done.entry.seq,
        number=numbers.printed(cast(str, done.entry.number)),
        total_minor=sum(cast(int, one.entry.data["total_minor"]) for one in (*before, done)),
        change_minor=cast(int, data.get("change_minor", 0)),
        due_back_minor=cast(int, data.get("due_back_minor", data.get("held_minor", 0))),
        copies=min(one.copies for one in (*before, done)),
        qr=receipt.qr_text(done.entry) if token else "",
        is_owed=done.entry.kind in ("pass.issued", "pass.reissued"),
        due_minor=cast(int, data.get("due_minor", 0)),
        before=tuple(
            (numbers.printed(cast(str, one.entry.number)), receipt.qr_text(one.entry)) for one in before
        ),
    )


def left(desk: Desk, done: Recorded) -> views.LeftView:
    """Somebody just let out without paying, on an undertaking or on their story."""
    data = done.entry.data
    number, gate = cast("str | None", data.get("pass")), cast("str | None", data.get("entry_gate"))
    return views.LeftView(
        number=numbers.printed(number) if number else "",
        plate=cast(str, data["plate"]),
        people=cast(int, data["people"]),
        owed_minor=cast(int, data["owed_minor"]),
        reason=cast(str, data["reason"] if number else data["story"]),
        gate=desk.park.gate_name(gate) if gate else "",
        copies=done.copies,
        prints=number is not None,
        signs=data.get("how") == UNDERTAKING,
    )


def closed(done: Recorded) -> shift_views.ClosedView:
    """A shift just closed."""
    counted, expected = _sums(done.entry, "counted"), _sums(done.entry, "expected")
    return shift_views.ClosedView(
        number=numbers.printed(cast(str, done.entry.data["closes"])),
        counts=tuple(
            shift_views.CountView(
                *key, counted_minor=counted.get(key, 0), expected_minor=expected.get(key, 0)
            )
            for key in _sums(done.entry, "difference")
        ),
        drawers=tuple(drawer.of_data(row) for row in _rows(done.entry, "drawer")),
        late=tuple(drawer.late_of_data(row) for row in _rows(done.entry, "late")),
        unsent=cast(int, done.entry.data["unsent"] or 0),
        flagged=cast(int, done.entry.data["flagged"] or 0),
        handed_to=cast(str, done.entry.data["handed_to"] or ""),
        head_seq=cast(int, done.entry.data["head_seq"]),
        head=shift_paper.head_code(done.entry.data),
    )


def _rows(entry: Entry, name: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", entry.data[name])


def _sums(entry: Entry, name: str) -> dict[tuple[str, str], int]:
    return {
        (cast(str, row["tender"]), cast(str, row["currency"])): cast(int, row["amount_minor"])
        for row in _rows(entry, name)
    }


def _grid(schedule: Schedule, bill: Bill, freed: Freed) -> tuple[views.GridRow, ...]:
    """The schedule's categories; on a day that is free for Kenyans alone they have a row of their own."""

    def cell(category: str, age: str) -> views.Cell:
        key: FeeKey = (fees.PARK_ENTRY, category, age)
        fee = schedule.fees[bill.product].get(fees.priced_as(key))
        if fee is None:
            return views.Cell(key, 0, "", None, blocked=True)
        return _cell(replace(fee, category=category), bill.counts.get(key, 0), is_free=category in freed)

    is_kenyans = KENYAN in freed and EA_CITIZEN not in freed
    is_counted = any(category == KENYAN for _, category, _ in bill.counts)
    rows = [*schedule.categories(bill.product), *([KENYAN] if is_kenyans or is_counted else [])]
    return tuple(
        views.GridRow(category, tuple(cell(category, age) for age in schedule.ages(bill.product)))
        for category in rows
    )


def _cell(fee: Fee, count: int, *, is_free: bool = False) -> views.Cell:
    return views.Cell(fee.key, count, fee.currency, fee.amount_minor, not fee.is_sellable, is_free)


def tenders(desk: Desk, window: Window) -> tuple[views.TenderChoice, ...]:
    """The ways of paying, and whether policy allows each at the window."""
    outage = window.outage()
    return tuple(views.TenderChoice(kind, desk.allows(kind, outage)) for kind in TENDERS)


def _is_used_here(window: Window) -> bool:
    spare = window.spare
    return spare is not None and any(t.reference == spare.reference for t in window.work.tenders)

"""Fee schedules that central published, beside those that come with the program: heard, not in force by that.

Which one is in force is the journal's to say: people switch (`set_up.switch_schedule`).
"""

from collections.abc import Iterable
from dataclasses import replace

from gatepos.domain import fees, switch
from gatepos.domain.fees import BadSchedule, Schedule
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import feeds
from gatepos.till.desk import Desk
from gatepos.wire import schedules


class ScheduleDiffers(Refusal):
    """Another schedule under an id that stands on receipts already."""

    says = N_("Central's fee schedule {schedule} is not the one known here by that name. It was left alone.")


class ScheduleNewer(Refusal):
    """A schedule with fees that this program cannot name."""

    says = N_("Central's fee schedule {schedule} has fees unknown here: {fee}. Update the till.")


class ScheduleTooFar(Refusal):
    """A schedule with a price that no notice brings."""

    says = N_(
        "Central's fee schedule {schedule} has a price too far from the one in force: {fee}, {product}."
        " It was left alone."
    )


def know(desk: Desk, digests: Iterable[str]) -> Said | None:
    """Take schedules that were heard in whole into the desk's book; why one of them was left out."""
    refused: Said | None = None
    found: list[Schedule] = []
    for digest in digests:
        try:
            found.append(schedules.schedule(feeds.schedule(desk.ledger.conn, digest)))
        except (Refusal, BadSchedule) as why:
            refused = why
    # Prices are compared with those in force: these are known first.
    for one in sorted(found, key=lambda one: one.id != desk.ledger.state.schedule):
        try:
            _add(desk, one)
        except Refusal as why:
            refused = why
    return refused


def _add(desk: Desk, one: Schedule) -> None:
    known = desk.book.schedules
    if one.is_for(desk.park.code) and known.get(one.id) != one:
        _check(desk, one)
        desk.book = replace(desk.book, schedules={**known, one.id: one})


def _check(desk: Desk, found: Schedule) -> None:
    """ScheduleDiffers, ScheduleNewer, ScheduleTooFar."""
    if found.id in desk.book.schedules:
        raise ScheduleDiffers(schedule=found.id)
    if unknown := fees.unknown(found, desk.park.products, desk.book.titles):
        raise ScheduleNewer(schedule=found.id, fee=unknown[0])
    state = desk.ledger.state
    now = desk.book.schedules.get(state.schedule or "")
    changed = switch.changes(now, found, desk.park.products)
    for one in switch.too_far(changed, state.rate_e4):
        raise ScheduleTooFar(schedule=found.id, fee=one.key[0], product=one.product)

"""Fee schedules that central publishes: looked at for what they change, and told to tills (FORMATS.md §6).

A schedule's id is for ever: another one takes another id. No till puts one in force by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.central.store import feeds, people
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.domain import fees, moments, parks, switch
from gatepos.domain.fees import Schedule
from gatepos.domain.parks import Park
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import feed, forms, schedules

_MANY = 1_000


class ScheduleTaken(Refusal):
    """Another schedule has the id, on receipts perhaps."""

    says = N_("There is another fee schedule {schedule} already. Give this one an id of its own.")


class SchedulePublished(Refusal):
    """A schedule that tills have as it is."""

    says = N_("Tills know the fee schedule {schedule} as it stands here.")


class FeesUntitled(Refusal):
    """Fees of which nobody could read what they are."""

    says = N_("No title is known for: {fees}. Tills need a newer program before this schedule.")


class BeginsTogether(Refusal):
    """Two schedules of one moment: no till could say which is the later one."""

    says = N_("{schedule} begins at the same moment. Let this one begin a minute later.")


class ProductUnknown(Refusal):
    """A product that no park sells."""

    says = N_("{product} is neither a park nor a package.")


class PricesTooFar(Refusal):
    """Prices that every till would refuse."""

    says = N_("{count} prices are ten times those before, or a tenth. The first: {product}, {fee}, {who}.")


@dataclass(frozen=True, slots=True)
class Preview:
    """A schedule and the one that each of its parks has before it, with what a switch changes."""

    schedule: Schedule
    before: tuple[str, ...]
    changes: Sequence[switch.Change]

    @property
    def lost(self) -> list[switch.Change]:
        """What cannot be sold after the switch."""
        return [one for one in self.changes if one.is_lost]

    @property
    def others(self) -> list[switch.Change]:
        """What is new, and what costs something else."""
        return [one for one in self.changes if not one.is_lost]


def known(tx: Transaction) -> dict[str, Schedule]:
    """The schedules that tills have, shipped or published, by id."""
    found = fees.shipped()
    rows: dict[object, list[feed.Row]] = {}
    for row in _published(tx):
        rows.setdefault(row["digest"], []).append(row)
        if row["head"] is not None:
            made = schedules.schedule(sorted(rows[row["digest"]], key=_line))
            found.setdefault(made.id, made)
    return found


def preview(store: Store, schedule: Schedule) -> Preview:
    """What a schedule changes where it is put in force; every refusal of `publish`."""
    with store.reading() as tx:
        return _checked(tx, schedule)


def publish(store: Store, schedule: Schedule, who: str, at: str) -> Preview:
    """Tell every till of a schedule; what it changes.

    ScheduleTaken, SchedulePublished, BeginsTogether, UnknownPark, ProductUnknown, FeesUntitled,
    PricesTooFar, BadSchedule.
    """
    with store.writing() as tx:
        tx.alone()
        found = _checked(tx, schedule)
        bodies = [forms.dump({**row}).decode() for row in schedules.rows(schedule)]
        feeds.publish(tx, feed.SCHEDULES, feeds.EVERYBODY, bodies, at)
        begins = f"{moments.local(schedule.begins_ms):%Y-%m-%d %H:%M}"
        detail = f"{len(bodies) - 1} · {begins} · {' '.join(schedule.parks) or '*'}"
        people.changed(tx, Change(at, who, "schedule", schedule.id, detail))
    return found


def _checked(tx: Transaction, schedule: Schedule) -> Preview:
    shipped, have = parks.shipped(), known(tx)
    if (same := have.get(schedule.id)) is not None:
        raise SchedulePublished(schedule=same.id) if same == schedule else ScheduleTaken(schedule=same.id)
    meant = [shipped.park(code) for code in schedule.parks or shipped.parks]
    for product in schedule.fees:
        if product not in shipped.products:
            raise ProductUnknown(product=product)
    if untitled := fees.unknown(schedule, schedule.fees, fees.titles()):
        raise FeesUntitled(fees=", ".join(untitled[:5]))
    found = _changes(have, schedule, meant)
    if wild := switch.too_far(found.changes, _rate_e4(tx)):
        fee, *who = wild[0].key
        raise PricesTooFar(count=len(wild), product=wild[0].product, fee=fee, who=" ".join(who))
    return found


def _changes(have: Mapping[str, Schedule], schedule: Schedule, meant: Iterable[Park]) -> Preview:
    """Each park's own products beside the schedule that it has before this one begins."""
    found: dict[tuple[str, str, fees.FeeKey], switch.Change] = {}
    before: dict[str, None] = {}
    for park in meant:
        own = {id_: one for id_, one in have.items() if one.is_for(park.code)}
        old = fees.proposed(own, None, schedule.begins_ms)
        if old is not None and old.begins_ms == schedule.begins_ms:
            raise BeginsTogether(schedule=old.id)
        was = old.id if old else ""
        before[was] = None
        for one in switch.changes(old, schedule, park.products):
            found.setdefault((was, one.product, one.key), one)
    return Preview(schedule, tuple(filter(None, before)), tuple(found.values()))


def _published(tx: Transaction) -> Iterable[feed.Row]:
    after = 0
    while found := feeds.rows(tx, feed.SCHEDULES, feeds.EVERYBODY, after, _MANY):
        yield from (cast("feed.Row", row) for _, row in found)
        after = found[-1][0]


def _rate_e4(tx: Transaction) -> int | None:
    """The USD rate that central published last."""
    last = feeds.version(tx, feed.RATES, feeds.EVERYBODY)
    found = feeds.rows(tx, feed.RATES, feeds.EVERYBODY, last - 1, 1)
    return cast("dict[str, int]", found[0][1])["rate_e4"] if found else None


def _line(row: feed.Row) -> int:
    return cast(int, row["line"])

"""Central's list of staff at this till: who works here, and the start codes that central gave."""

from collections.abc import Sequence
from typing import cast

from gatepos.domain import staff
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal.pins import PinBook
from gatepos.till.desk import Desk
from gatepos.till.window import MoneyTaken, Window
from gatepos.wire.feed import Row


class OtherPerson(Refusal):
    """A number that central's list has in one role, and this till, where it was added, in another."""

    says = N_(
        "Central's list has staff number {number}, added at this till in another role. Nothing was changed:"
        " remove them here, or give the person at central another number; then a new start code there."
    )


class NotNow(Refusal):
    """Somebody who left central's list with a bill on which money was taken."""

    says = N_("Clerk {number} leaves once the bill is finished on which money was taken.")


class Listed:
    """What central's list says, as this till's own entries; PINs stay the till's."""

    def __init__(self, desk: Desk, pins: PinBook, windows: Sequence[Window]):
        self._desk = desk
        self._pins = pins
        self._windows = windows

    def set_person(self, row: Row, version: int) -> None:
        """Take one row, any number of times; OtherPerson, NotNow.

        Leaving always holds, even of the last who may set up this till: central can send another.
        """
        desk, new = self._desk, staff.of_fields(row)
        here = desk.staff.get(new.number)
        if new.number not in desk.of_central:
            if not new.roles:
                return  # they were never central's here
            if here is not None and here.roles and here.roles != new.roles:
                raise OtherPerson(number=new.number)
        if desk.person is not None and desk.person.number == new.number and not new.roles:
            self._check_no_money(new.number)
        if desk.of_central.get(new.number) != new or here != new:
            desk.employ(desk.note("staff.changed", new.as_fields(version)).entry)
        if row["start"] is not None:
            self._pins.take_start_code(new.number, cast(str, row["start"]), cast(str, row["start_until"]))

    def _check_no_money(self, number: str) -> None:
        try:
            for window in self._windows:
                window.check_no_money()
        except MoneyTaken as taken:
            raise NotNow(number=number) from taken

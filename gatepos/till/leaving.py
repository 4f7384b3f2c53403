"""Vehicles that leave with no paper to show: a receipt for what was seen, then the exit that names it."""

from collections.abc import Mapping
from typing import cast

from gatepos.domain.entry import Entry
from gatepos.ledger.ledger import Recorded
from gatepos.till.approvals import Second
from gatepos.till.desk import Desk
from gatepos.till.payments import Counter
from gatepos.till.selling import Selling
from gatepos.till.settling import Settling
from gatepos.till.window import Left, Window


class Leaving:
    """What the pay panel of the lane ends in where there is no pass: sold as at Sell, and gone."""

    def __init__(self, desk: Desk, window: Window, selling: Selling):
        self._desk = desk
        self._window = window
        self._selling = selling

    def check(self) -> None:
        """Whether what was seen may be sold; nothing is written."""
        self._selling.check()

    def open(self) -> None:
        """Write `bill.opened` unless it is."""
        self._selling.open()

    def record(self, second: Second | None, *, in_part: bool) -> Recorded:
        """The receipt, never in part; the same again, after a trouble, writes what is missing."""
        left = self._window.work.left
        done = self._selling.record(second, in_part=in_part)
        if left is not None:
            write_exit(self._desk, done.entry, left)
        return done


class AtLane:
    """What is paid for at a lane: passes, what was seen of somebody who has none, or what a ticket opened."""

    def __init__(self, window: Window, settling: Settling, leaving: Leaving):
        self._window = window
        self._settling = settling
        self._leaving = leaving

    def check(self) -> None:
        """Whether it may be paid for; nothing is written."""
        self._counter().check()

    def open(self) -> None:
        """From here on there is a number to pay to."""
        self._counter().open()

    def record(self, second: Second | None, *, in_part: bool) -> Recorded:
        """The one moment at which it happens."""
        return self._counter().record(second, in_part=in_part)

    def _counter(self) -> Counter:
        work = self._window.work
        return self._leaving if work.left is not None or work.ticket is not None else self._settling


def exit_of(sold: Mapping[str, object], left: Left, receipt: str | None = None) -> dict[str, object]:
    """The data of `exit.without_pass`, from what was seen as bills and receipts hold it."""
    people = sum(n for _, _, n in cast("list[list[int]]", sold["people"]))
    return {
        "plate": sold["plate"],
        "people": max(people, 1),
        "story": left.story,
        "entry_gate": left.entry_gate,
        "owed_minor": sold["total_minor"],
        "receipt": receipt,
    }


def exit_id(receipt_id: str) -> str:
    """The id of the exit that goes with a receipt: the receipt's own asks for both."""
    return f"{receipt_id}.1"


def write_exit(desk: Desk, receipt: Entry, left: Left) -> Recorded:
    """Write, once, that they left with a receipt; SameIdOtherContent with another story."""
    data = exit_of(receipt.data, left, receipt.number)
    return desk.write("exit.without_pass", data, id=exit_id(receipt.id))

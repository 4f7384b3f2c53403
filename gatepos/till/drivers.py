"""The driver's phone on a pass: in the erasable store of the till that took it, and in no entry."""

from gatepos.domain.entry import Entry
from gatepos.ledger.ledger import Recorded
from gatepos.till.desk import Desk

DRIVER = "driver"


def keep(desk: Desk, done: Recorded, phone: str, replaced: Entry | None = None) -> None:
    """Keep a phone beside the pass just recorded, and no longer beside the one that it replaces."""
    store = desk.ledger.personal
    if replaced is not None:
        store.erase_of(replaced.id)
    if phone and not done.repeated:
        store.put(done.entry.id, DRIVER, phone, desk.today())


def phone(desk: Desk, issued: Entry) -> str:
    """The phone that was given with a pass; empty when none was, or none is kept any more."""
    return desk.ledger.personal.get(issued.id, DRIVER) or ""

"""Does one action on a till and says so: the process that is killed at each of its calls to the disk."""

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path

from gatepos import app
from gatepos.domain import money, receipt, shift
from gatepos.errors import Said
from gatepos.rehearsal import park, selling, vans
from gatepos.till.shifts import Counted
from gatepos.till.till import Till

_PR_SET_PTRACER, _ANY = 0x59616D61, -1


def sell(till: Till) -> None:
    """A sale to the ordinary van."""
    van = vans.ordinary()
    selling.fill(till, van)
    till.payments.pay(van.tender)
    selling.pay(till, van)


def correct(till: Till) -> None:
    """One more citizen on the receipt sold before."""
    till.corrections.correct(till.history.find()[0].number, "one more adult")
    till.checkout.tap(("park_entry", "ea_citizen", "adult"))
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZZ")
    till.payments.record()


def close(till: Till) -> None:
    """The shift closed, counted to the shilling."""
    tendered = sum(row.total_minor for row in till.history.find())
    notes = (shift.denomination("KES", 1000, 2),)
    till.shifts.close(Counted(notes, {"mpesa": tendered}))


def issue(till: Till) -> None:
    """The ordinary van let in on a pass."""
    selling.fill(till, vans.ordinary())
    till.passes.issue()


def scan(till: Till) -> None:
    """The pass issued before, at its way in."""
    entry = till.desk.ledger.of_kind("pass.issued")[0]
    till.gate.scan(receipt.qr_text(entry))


def settle(till: Till) -> None:
    """The pass issued before, paid on its way out."""
    till.gate.turn()
    scan(till)
    till.settlements.pay("mpesa")
    till.settlements.mpesa("UA26X1Y2ZB", money.amount(till.gate.owed().owed_minor))
    till.settlements.record()


ACTIONS: dict[str, tuple[Callable[[Till], None], str]] = {
    "sell": (sell, "receipt.issued"),
    "correct": (correct, "receipt.corrected"),
    "close": (close, "shift.closed"),
    "issue": (issue, "pass.issued"),
    "scan": (scan, "pass.scanned"),
    "settle": (settle, "pass.settled"),
}
"""Each with the kind of the entry that records it."""


def main() -> None:
    """Open the till, say ready, wait for a line, act, say done."""
    folder, (action, _) = Path(sys.argv[1]), ACTIONS[sys.argv[2]]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANY, 0, 0, 0)
    till = app.open_till(folder)
    park.sign_in(till, park.CLERK)
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        action(till)
    except Said as said:
        print(said.name, flush=True)
    else:
        print("done", flush=True)


if __name__ == "__main__":
    main()

"""The same id is the same action: whether a command asks for what its id has recorded already."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import money, numbers, payment
from gatepos.domain.bill import Bill
from gatepos.domain.entry import Entry
from gatepos.domain.vocabulary import HELD
from gatepos.errors import Refusal
from gatepos.ledger import queries, refunds
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till.commands import asking, fields
from gatepos.till.commands.fields import BadCommand, Command, id_of
from gatepos.till.commands.window import begun
from gatepos.till.payments import Typed
from gatepos.till.till import Till

_Way = tuple[object, ...]
"""Kind, currency, reference folded, last four: what tells one way of paying from another."""
_Held = Mapping[str, object]
"""A tender as an entry holds it."""


def repeated(till: Till, command: Command, kind: str, **content: object) -> Entry | None:
    """The entry whose id this is, when it is in the journal already; SameIdOtherContent, Unknown.

    It is the same action only with the same content, by the same clerk if one is signed in.
    """
    ledger = till.desk.ledger
    entry = ledger.by_id(id_of(command))
    if entry is None:
        return None
    ledger.settle()
    person = till.desk.person
    is_anothers = person is not None and entry.by not in (None, person.number)
    if (
        is_anothers
        or entry.kind != kind
        or any(entry.data.get(name) != value for name, value in content.items())
    ):
        raise SameIdOtherContent()
    return entry


def check_sold(till: Till, command: Command, entry: Entry, begun: Bill) -> None:
    """SameIdOtherContent unless `entry` holds the bill that the command makes of `begun`, paid as it says."""

    def is_same() -> bool:
        sold = bills.from_data(entry.data)
        if _asked(command, begun, sold) != sold:
            return False
        return "tenders" not in entry.data or _is_paid(till, asking.tenders(command), entry)

    check(is_same)


def check_group(till: Till, command: Command, entries: Sequence[Entry]) -> None:
    """SameIdOtherContent unless `entries` hold the vehicles that the command makes, paid as it says.

    Where some are missing, because the till stopped between them, how they were paid is not compared.
    """
    vehicles = [command, *fields.inner(command, "add")]

    def is_same() -> bool:
        before = till.window.fresh().bill
        for vehicle, entry in zip(vehicles, entries, strict=False):
            sold = bills.from_data(entry.data)
            if _asked(vehicle, begun(till, vehicle) if "slip" in vehicle else before, sold) != sold:
                return False
            before = sold.after()
        is_paid = "tenders" in entries[0].data and len(entries) == len(vehicles)
        return not is_paid or _are_paid(till, asking.tenders(command), entries)

    check(is_same)


def check_settled(till: Till, command: Command, receipts: Sequence[Entry], passes: Sequence[str]) -> None:
    """SameIdOtherContent unless `receipts` are of these passes, in their order, and paid as it says.

    A tender may be shared by several receipts: each way of paying is compared by all that it paid.
    """

    def is_same() -> bool:
        of_passes = [entry.data["pass"] for entry in receipts]
        return of_passes == list(passes[: len(receipts)]) and _are_paid(
            till, asking.tenders(command), receipts
        )

    check(is_same)


def check_seen(till: Till, command: Command, receipt: Entry) -> None:
    """SameIdOtherContent unless a receipt is priced from what the command sees, or as it sees nothing."""

    def is_same() -> bool:
        held = cast("Mapping[str, object] | None", receipt.data.get("sight"))
        if held is None or "sight" not in command:
            return held is None and "sight" not in command
        seen, sold = fields.record(command, "sight"), bills.from_data(held)
        return _asked(seen, till.lane.fresh().bill, sold) == sold and seen.get("why") == held["why"]

    check(is_same)


def check_left(till: Till, command: Command, gone: Entry) -> None:
    """SameIdOtherContent unless those who left are whom the command sees."""

    def is_same() -> bool:
        seen = asking.bill(command, till.lane.fresh().bill)
        people = max(seen.paying + sum(seen.free.values()), 1)
        return (seen.plate, people) == (gone.data["plate"], gone.data["people"])

    check(is_same)


def check(is_same: Callable[[], bool]) -> None:
    """SameIdOtherContent unless it is the same; what could never have been recorded is not."""
    try:
        if is_same():
            return
    except BadCommand:
        raise
    except Refusal as refusal:
        raise SameIdOtherContent() from refusal
    raise SameIdOtherContent()


def _asked(command: Command, begun: Bill, sold: Bill) -> Bill:
    """The bill asked for; of what the till fills in, what it filled in: the day, a first night."""
    asked = asking.bill(command, begun)
    if "enter_on" not in command:
        asked = replace(asked, enter_on=sold.enter_on)
    if "days" not in command and "nights" not in command and (asked.nights, sold.nights) == (0, 1):
        asked = replace(asked, nights=1)
    return asked


def _is_paid(till: Till, typed: Sequence[Typed], entry: Entry) -> bool:
    held = _tenders(entry)
    return len(typed) == len(held) and all(
        _way(till, one) == _held_way(till, tender, [one])
        and _is_amount(till, entry, tender, _stated_minor(one))
        for one, tender in zip(typed, held, strict=True)
    )


def _are_paid(till: Till, typed: Sequence[Typed], receipts: Sequence[Entry]) -> bool:
    held = [(entry, tender) for entry in receipts for tender in _tenders(entry)]
    ways = {_way(till, one) for one in typed}
    return ways == {_held_way(till, tender, typed) for _, tender in held} and all(
        _is_way(till, way, typed, held) for way in ways
    )


def _is_way(till: Till, way: _Way, typed: Sequence[Typed], held: Sequence[tuple[Entry, _Held]]) -> bool:
    """Whether one way of paying has paid, over several receipts, what was typed for it."""
    stated = [_stated_minor(one) for one in typed if _way(till, one) == way]
    of_way = [(entry, tender) for entry, tender in held if _held_way(till, tender, typed) == way]
    if way[0] == "mpesa":
        return _is_amount(till, *of_way[0], stated[0])
    paid_minor = sum(cast(int, tender["amount_minor"]) for _, tender in of_way)
    return None in stated or paid_minor == sum(minor for minor in stated if minor is not None)


def _tenders(entry: Entry) -> list[_Held]:
    return cast("list[_Held]", entry.data["tenders"])


def _held_way(till: Till, tender: _Held, typed: Sequence[Typed]) -> _Way:
    """What is held on a receipt may have been named by the code that paid the receipt."""
    reference = cast(str, tender["reference"] or "")
    own: _Way = (tender["kind"], tender["currency"], payment.folded(reference), tender["last4"])
    if tender["kind"] != HELD:
        return own
    codes = refunds.codes(till.desk.ledger, reference)
    return next((way for way in (_way(till, one) for one in typed) if (way[0], way[2]) in codes), own)


def _way(till: Till, typed: Typed) -> _Way:
    kind, values = typed
    first, second = cast("tuple[str, str]", values[:2])
    match kind:
        case "cash":
            return kind, first, "", None
        case "card":
            card = payment.card(first, second, 0)
            return kind, card.currency, payment.folded(card.reference or ""), card.last4
        case "mpesa":
            return kind, money.KES, payment.folded(payment.typed(first).code), None
        case "held":
            return kind, money.KES, refunds.paper_of(till.desk.ledger, str(numbers.parse(first))), None
    return kind, money.KES, payment.folded(payment.ticket(first)), None


def _stated_minor(typed: Typed) -> int | None:
    """What was typed as the amount, or what a whole message says that it paid."""
    kind, values = typed
    if values[-1] is not None:
        return money.parse(values[-1])
    return payment.typed(cast(str, values[0])).amount_minor if kind == "mpesa" else None


def _is_amount(till: Till, entry: Entry, held: _Held, stated_minor: int | None) -> bool:
    if stated_minor is None or held["kind"] == HELD:
        return True
    if held["kind"] != "mpesa":
        return stated_minor == held["amount_minor"]
    # Of a code that paid elsewhere too, what it carried is known from there, whatever is typed here.
    used = queries.used(till.desk.ledger, "mpesa", cast(str, held["reference"]))
    return stated_minor == held["paid_minor"] or used.receipt != entry.number

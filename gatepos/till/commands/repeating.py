"""The same id is the same action: whether a command asks for what its id has recorded already."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import money, payment
from gatepos.domain.bill import Bill
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal
from gatepos.ledger import queries
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till.commands import asking
from gatepos.till.commands.fields import BadCommand, Command, id_of
from gatepos.till.payments import Typed
from gatepos.till.till import Till


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
    if is_anothers or entry.kind != kind or any(entry.data[name] != value for name, value in content.items()):
        raise SameIdOtherContent()
    return entry


def check_sold(till: Till, command: Command, entry: Entry, begun: Bill) -> None:
    """SameIdOtherContent unless `entry` holds the bill that the command makes of `begun`, paid as it says."""
    tenders = cast("list[Mapping[str, object]]", entry.data.get("tenders", []))

    def is_same() -> bool:
        sold = bills.from_data(entry.data)
        typed = asking.tenders(command) if "tenders" in entry.data else []
        return (
            _asked(command, begun, sold) == sold
            and len(typed) == len(tenders)
            and all(_is_tender(till, entry, *pair) for pair in zip(typed, tenders, strict=True))
        )

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


def _is_tender(till: Till, entry: Entry, typed: Typed, held: Mapping[str, object]) -> bool:
    kind, values = typed
    if kind != held["kind"]:
        return False
    if kind == "cash":
        currency, amount = cast("tuple[str, str]", values)
        return (currency, money.parse(amount)) == (held["currency"], held["amount_minor"])
    *words, amount_or_none = values
    reference, last4 = _written(kind, cast("list[str]", words))
    is_same = payment.folded(reference) == payment.folded(cast(str, held["reference"]))
    is_amount = _is_amount(till, entry, held, amount_or_none or _stated(kind, words[0]))
    return is_same and last4 == held["last4"] and is_amount


def _written(kind: str, words: list[str]) -> tuple[str, str | None]:
    """The reference and last four as entries hold them."""
    if kind == "mpesa":
        return payment.typed(words[0]).code, None
    if kind == "ecitizen":
        return payment.ticket(words[0]), None
    card = payment.card(words[0], words[1], 0)
    return card.reference or "", card.last4


def _stated(kind: str, typed: str | None) -> str | None:
    """What a whole message says that it paid."""
    minor = payment.typed(typed or "").amount_minor if kind == "mpesa" else None
    return None if minor is None else money.amount(minor)


def _is_amount(till: Till, entry: Entry, held: Mapping[str, object], amount: str | None) -> bool:
    if amount is None:
        return True
    if held["kind"] != "mpesa":
        return money.parse(amount) == held["amount_minor"]
    # Of a code that paid elsewhere too, what it carried is known from there, whatever is typed here.
    used = queries.used(till.desk.ledger, "mpesa", cast(str, held["reference"]))
    return money.parse(amount) == held["paid_minor"] or used.receipt != entry.number

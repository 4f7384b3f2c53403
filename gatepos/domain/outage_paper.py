"""The statement with which an outage is closed: all that was sold inside it, to the shilling."""

from collections.abc import Mapping
from typing import cast

from gatepos.domain import labels, moments, money, plates, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Centre, Columns, PaperLine, Rule, Small, ToFill
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words


def statement(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What was sold and issued, what became of it, and what was taken."""
    data = entry.data
    taken = cast("list[dict[str, object]]", data["tendered"])
    return (
        Centre(words(N_("OUTAGE STATEMENT")), 2, bold=True),
        Columns(words(N_("Cause")), words(labels.CAUSES[cast(str, data["cause"])])),
        Columns(words(N_("From")), words.moment(moments.from_text(cast(str, data["since"])))),
        Columns(words(N_("Until")), words.moment(moments.from_text(cast(str, data["until"])))),
        Columns(words(N_("Paybill")), cast(str, data["paybill"])),
        Columns(words(N_("Authority")), cast(str, data["authority"])),
        Columns(words(N_("Cash a receipt, KES")), _cash(cast(int, data["cash_max_minor"]), words)),
        Columns(words(N_("Opened by")), _opened_by(data, words)),
        *_agreed_by(data, words),
        *_staff(data, words),
        *receipt.served(entry, words),
        Rule(),
        Columns(_receipts(entry, words), _amount(entry, "receipts_minor"), bold=True),
        Columns(_passes(entry, words), _amount(entry, "passes_minor"), bold=True),
        *receipt.became_of(data, words),
        *_leaves(data, words),
        *_owed(data, words),
        Rule(),
        Columns(words(N_("Paid here on passes")), _amount(entry, "collected_minor"), bold=True),
        Columns(words(N_("Taken in the outage")), "", bold=True),
        *(_taken(one, words) for one in taken),
        *(() if taken else (Small(words(N_("Nothing was taken.")), indent=True),)),
        *_paybill(data, words),
        Small(words(N_("How long vehicles queued is not recorded."))),
        Rule(),
        ToFill(words(N_("Signature"))),
        receipt.checked(entry, words),
    )


def _cash(max_minor: int, words: Words) -> str:
    return words(N_("at most {amount}"), amount=money.amount(max_minor)) if max_minor else words(N_("none"))


def _opened_by(data: Mapping[str, object], words: Words) -> str:
    number = cast(str, data["opened_by"])
    return words(N_("{number}, by standing order"), number=number) if data["is_standing"] else number


def _agreed_by(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    """The second person; a supervisor who opened it needed none."""
    number = cast("str | None", data["agreed_by"])
    if number is None and not data["is_standing"]:
        return ()
    if number is not None and number == data.get("countersigned_by"):
        return (Columns(words(N_("Countersigned by")), number),)
    return (Columns(words(N_("Agreed by")), number or words(N_("nobody yet"))),)


def _staff(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    numbers = cast("list[str]", data.get("staff") or [])
    return (Columns(words(N_("Staff")), ", ".join(numbers)),) if numbers else ()


def _leaves(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    """What was written by hand; nothing where it was none, or the statement is older."""
    if not data.get("leaves"):
        return ()
    title = words.plural("{n} leaf by hand, KES", "{n} leaves by hand, KES", cast(int, data["leaves"]))
    return (Columns(title, money.amount(cast(int, data["leaves_minor"])), bold=True),)


def _owed(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    """By whom it is owed, those who owe the most."""
    debts = cast("list[dict[str, object]]", data.get("owed") or [])
    if not debts:
        return ()
    return (Columns(words(N_("Owed by, KES")), "", bold=True), *(_debt(debt, words) for debt in debts))


def _debt(debt: Mapping[str, object], words: Words) -> PaperLine:
    plate, operator = cast(str, debt["plate"]), cast("str | None", debt["operator"])
    who = " · ".join(filter(None, (plates.shown(plate) or words(N_("on foot")), operator)))
    return Columns(f"  {who}", money.amount(cast(int, debt["owed_minor"])))


def _paybill(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    minor = cast("int | None", data.get("paybill_minor"))
    if minor is None:
        return ()
    title = words(N_("Came to paybill {paybill}"), paybill=data["paybill"])
    return (Columns(title, money.shown(money.KES, minor)),)


def _receipts(entry: Entry, words: Words) -> str:
    return words.plural("{n} receipt, KES", "{n} receipts, KES", cast(int, entry.data["receipts"]))


def _passes(entry: Entry, words: Words) -> str:
    return words.plural("{n} pass, KES", "{n} passes, KES", cast(int, entry.data["passes"]))


def _amount(entry: Entry, name: str) -> str:
    return money.amount(cast(int, entry.data[name]))


def _taken(one: dict[str, object], words: Words) -> PaperLine:
    amount = money.shown(cast(str, one["currency"]), cast(int, one["amount_minor"]))
    return Columns(f"  {words(labels.TENDERS[cast(str, one['tender'])])}", amount)

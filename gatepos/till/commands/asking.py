"""What a command asks for: a bill, and how it is paid, as values that nothing was looked up for yet."""

from dataclasses import replace

from gatepos.domain import bill as bills
from gatepos.domain import money, plates, text
from gatepos.domain import slip as slips
from gatepos.domain.bill import Bill
from gatepos.domain.slip import SlipUnread
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, text_of
from gatepos.till.payments import Typed


def bill(command: Command, begun: Bill) -> Bill:
    """The bill that a command makes of `begun`; what it does not name stays as it is.

    Refusals of each field: BadCommand, NegativeCount, TooMany, UnknownGround, BadPlate, TooManyDays, NoDay …
    """
    asked = begun
    if "product" in command:
        asked = replace(asked, product=text_of(command, "product"), counts={})
    for fee, category, age, count in fields.rows(command, "lines", str, str, str, int):
        asked = asked.counted((fee, category, age), count)
    for ground, count in fields.by_name(command, "free", int).items():
        asked = asked.freed(ground, count)
    for ground, shown in fields.by_name(command, "evidence", str).items():
        asked = asked.shown(ground, shown)
    if "days" in command or "nights" in command:
        asked = asked.staying(fields.whole(command, "days", 1), fields.whole(command, "nights", 0))
    return _usual(_described(command, asked))


def slip(command: Command) -> str:
    """The slip that a command brings; SlipUnread."""
    found = slips.of_scan(text_of(command, "slip"))
    if found is None:
        raise SlipUnread()
    return found


def tenders(command: Command) -> list[Typed]:
    """How a command says that it is paid."""
    return [_tender(tender) for tender in fields.inner(command, "pay")]


def _described(command: Command, asked: Bill) -> Bill:
    asked = replace(asked, band=fields.whole(command, "band", asked.band))
    if "plate" in command:
        typed = text_of(command, "plate")
        asked = replace(asked, plate=plates.parse(typed) if typed.strip() else "")
    if "operator" in command:
        asked = replace(asked, operator=text.kept(text_of(command, "operator")) or None)
    if "institution" in command:
        asked = replace(asked, institution=text.kept(text_of(command, "institution")) or None)
    if "enter_on" in command:
        asked = replace(asked, enter_on=text.day(text_of(command, "enter_on")))
    return asked


def _usual(asked: Bill) -> Bill:
    """The bill without evidence that goes without saying, as entries are read back."""
    unusual = {
        ground: shown
        for ground, shown in asked.evidence.items()
        if ground in asked.free and shown != bills.EVIDENCE.get(ground)
    }
    return replace(asked, evidence=unusual)


def _tender(tender: Command) -> Typed:
    kind = text_of(tender, "kind")
    amount = text_of(tender, "amount", "") or None
    match kind:
        case "mpesa" | "ecitizen":
            return kind, (text_of(tender, "code"), amount)
        case "card":
            return kind, (text_of(tender, "approval"), text_of(tender, "last4"), amount)
        case "cash":
            return kind, (text_of(tender, "currency", money.KES), text_of(tender, "amount"))
        case "held":
            return kind, (text_of(tender, "receipt"), amount)
    raise fields.bad({"do": "pay"}, "kind")

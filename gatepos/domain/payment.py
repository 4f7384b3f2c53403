"""Tenders, and what clerks type for them: M-PESA codes and messages, approvals, tickets, cash."""

import re
from dataclasses import dataclass, replace
from datetime import date

from gatepos.domain import cards, money
from gatepos.domain.bill import NoRate
from gatepos.domain.vocabulary import HELD
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_, Words

MPESA_MOST_MINOR = 250_000 * money.MINOR
"""What one M-PESA payment may carry (source: Daraja, limits)."""
_SMS_MAX = 2_000
_BETWEEN = r"\s./_,-"  # what may stand between the digits of a card where no message is pasted
_FIRST_YEAR = 2017  # written L in a code
_DAYS = "123456789ABCDEFGHIJKLMNOPQRSTUV"
_FOLD = str.maketrans("OI", "01", "./-")

# A letter for the year, and somewhere a digit: no phone number, and no word of ten letters.
_FORM = r"(?=[A-Z0-9]{0,9}[0-9])[A-Z][A-Z0-9]{9}"
_CODE = re.compile(_FORM)
_TICKET = re.compile(r"[A-Z0-9./]{4,30}")
_APPROVAL = re.compile(r"[A-Z0-9]{4,8}")
_CONFIRMED = re.compile(rf"\b({_FORM})\s+(?:confirmed|imethibitishwa)\b", re.IGNORECASE | re.ASCII)
_AMOUNT = re.compile(r"(?:Ksh|KES|Kshs)\.?\s?([\d,]{1,12}(?:\.\d{2})?)", re.IGNORECASE)
_PAYEE = re.compile(
    r"(?:paid to|sent to|imelipwa kwa|imetumwa kwa|zimetumwa kwa)\s+(.{2,60}?)"
    r"(?:\.|\s+for account|\s+kwa akaunti|\s+akaunti|\s+on \d|\s+tarehe|\s+mnamo|$)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(r"(?:for account|akaunti(?: namba)?(?: ya)?)\s+([A-Za-z0-9-]{1,20})", re.IGNORECASE)


class BadMpesaCode(Refusal):
    """Text that holds no M-PESA code."""

    says = N_("That is not an M-PESA code. It has ten letters and digits, for example UA26X1Y2ZQ.")


class BadTicket(Refusal):
    """Text that holds no eCitizen or KWSPay reference."""

    says = N_("That is not a ticket reference: four to thirty letters and digits.")


class BadApproval(Refusal):
    """Not what a card terminal prints."""

    says = N_("Type the approval code (4 to 8 letters and digits) and the card's last four digits.")


class NotShillings(Refusal):
    """KES with cents, which no drawer could give change for."""

    says = N_("Amounts in KES are whole shillings.")


class NothingTendered(Refusal):
    """A tender that is worth nothing."""

    says = N_("That pays nothing. Type what was paid.")


class BeyondMpesa(Refusal):
    """An amount that no M-PESA payment can have carried."""

    says = N_("One M-PESA payment carries KES 1 to {most}. Type what this code paid.")


class CodeWithoutDate(Said):
    """A warning: the code does not begin as today's codes do."""

    says = N_("This code does not begin like a code of today. Look at the message again.")


class CodeNotToday(Said):
    """A warning: the code's own date is another day."""

    says = N_("The date in this code is {on}, not today. Look at the message again.")


class PayeeIsAnother(Said):
    """A warning: the message names somebody else."""

    says = N_("The message says it was paid to {payee}. Look whether that is the park.")


class AccountIsAnother(Said):
    """A warning: the message names another account."""

    says = N_("The message names account {account}, this bill is {expected}.")


@dataclass(frozen=True, slots=True)
class Tender:
    """One way in which a bill is paid, exactly as an entry holds it (kinds.TENDER)."""

    kind: str
    currency: str
    amount_minor: int
    kes_minor: int
    reference: str | None = None
    paid_minor: int | None = None
    paybill: str | None = None
    last4: str | None = None
    state: str = "taken"
    listed_at: str | None = None
    is_typed: bool | None = None

    def as_data(self) -> dict[str, object]:
        """The tender as an entry holds it; what only tickets have stands on these alone."""
        found = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in found.items() if name not in _OF_TICKETS or value is not None}


@dataclass(frozen=True, slots=True)
class Message:
    """What a clerk typed or pasted for an M-PESA payment."""

    code: str
    amount_minor: int | None = None
    payee: str | None = None
    account: str | None = None


_OF_TICKETS = ("listed_at", "is_typed")


def folded(reference: str) -> str:
    """The key under which references are compared: O is 0, I is 1, and what only divides them is left out."""
    return reference.translate(_FOLD)


def typed(text: str) -> Message:
    """A code, or the whole SMS in English or Swahili; BadMpesaCode, FullCardNumber."""
    if len(text) > _SMS_MAX:
        raise BadMpesaCode()
    cards.refuse_number(text)
    code = _joined(text)
    return Message(code) if _CODE.fullmatch(code) else _message(text)


def date_of(code: str, near: date) -> date | None:
    """The day that an M-PESA code's first three characters spell, when they spell one (undocumented)."""
    year = _FIRST_YEAR + ord(code[0]) - ord("L")
    month, day = ord(code[1]) - ord("A") + 1, _DAYS.find(code[2]) + 1
    try:
        on = date(year, month, day)
    except ValueError:
        return None
    return on if abs(on.year - near.year) < 10 else None


def warnings(message: Message, account: str | None, today: date, by_clock: date) -> tuple[Said, ...]:
    """What the clerk should look at again; nothing here refuses.

    A shift may go on past midnight: the code's day is the business day or that of the clock.
    """
    found: list[Said] = []
    # A zero may have been typed for the letter O, which is a day; a zero is none.
    on = date_of(message.code[:2] + message.code[2].replace("0", "O"), today)
    if on is None:
        found.append(CodeWithoutDate())
    elif on not in (today, by_clock):
        found.append(CodeNotToday(on=on.isoformat()))
    if message.payee and not re.search(r"KWS|WILDLIFE|E-?CITIZEN", message.payee, re.IGNORECASE):
        found.append(PayeeIsAnother(payee=message.payee))
    if message.account and account and folded(message.account.upper()) != folded(account):
        found.append(AccountIsAnother(account=message.account, expected=account))
    return tuple(found)


def carried(paid_minor: int) -> int:
    """What one M-PESA payment carried, KES minor units; BeyondMpesa when none can."""
    if not money.MINOR <= paid_minor <= MPESA_MOST_MINOR:
        raise BeyondMpesa(most=money.amount(MPESA_MOST_MINOR))
    return paid_minor


def mpesa(code: str, amount_minor: int, paid_minor: int, paybill: str) -> Tender:
    """A claimed M-PESA payment: `amount_minor` of the `paid_minor` that the code carries."""
    return Tender("mpesa", money.KES, amount_minor, amount_minor, code, paid_minor, paybill, state="claimed")


def card(approval: str, last4: str, amount_minor: int) -> Tender:
    """A card payment that the bank's terminal approved; BadApproval, FullCardNumber, NotShillings."""
    cards.refuse_number(approval, _BETWEEN)
    cards.refuse_number(last4, _BETWEEN)
    code, tail = _upper(approval.strip()), last4.strip()
    if not (_APPROVAL.fullmatch(code) and re.fullmatch("[0-9]{4}", tail)):
        raise BadApproval()
    return Tender("card", money.KES, amount_minor, _shillings(amount_minor), code, last4=tail)


def cash(currency: str, amount_minor: int, rate_e4: int | None) -> Tender:
    """Notes and coins handed over; USD counts at the bill's rate, rounded down to a shilling. NoRate."""
    if currency == money.USD:
        if rate_e4 is None:
            raise NoRate()
        return Tender("cash", currency, amount_minor, money.kes_of_usd(amount_minor, rate_e4))
    return Tender("cash", money.KES, amount_minor, _shillings(amount_minor))


def ticket(text: str) -> str:
    """A ticket's reference in its one form; BadTicket, FullCardNumber."""
    cards.refuse_number(text, _BETWEEN)
    reference = _joined(text) if len(text) < 100 else ""
    if not _TICKET.fullmatch(reference):
        raise BadTicket()
    return reference


def ecitizen(
    reference: str, amount_minor: int, listed_at: str | None = None, *, is_typed: bool = True
) -> Tender:
    """A claimed eCitizen or KWSPay ticket, `listed_at` of the list that vouches for it; NotShillings."""
    return Tender(
        "ecitizen", money.KES, amount_minor, _shillings(amount_minor), reference, state="claimed",
        listed_at=listed_at, is_typed=is_typed,
    )  # fmt: skip


def held(receipt: str, amount_minor: int) -> Tender:
    """What is owed back on a receipt pays: no new money."""
    return Tender(HELD, money.KES, amount_minor, amount_minor, receipt)


def parted(tender: Tender, kes_minor: int) -> tuple[Tender, Tender]:
    """The part of a tender that counts for `kes_minor`, and its rest; nothing is lost between them."""
    own = tender.amount_minor * kes_minor // tender.kes_minor
    first = replace(tender, amount_minor=own, kes_minor=kes_minor)
    rest = replace(tender, amount_minor=tender.amount_minor - own, kes_minor=tender.kes_minor - kes_minor)
    return first, rest


def mpesa_parts(total_minor: int) -> tuple[int, ...]:
    """The parts to pay when one M-PESA payment cannot carry it all."""
    whole, rest = divmod(total_minor, MPESA_MOST_MINOR)
    return (MPESA_MOST_MINOR,) * whole + ((rest,) if rest else ())


def parts_said(total_minor: int, words: Words) -> str:
    """The parts to pay as whoever pays is told; empty where one payment carries it all."""
    parts = mpesa_parts(total_minor)
    if len(parts) < 2:
        return ""
    shown = " + ".join(money.amount(part) for part in parts)
    return words(N_("One M-PESA payment carries KES 250,000: pay {parts}."), parts=shown)


def _shillings(minor: int) -> int:
    if minor % money.MINOR:
        raise NotShillings()
    return minor


def _joined(text: str) -> str:
    """The text in upper case without spaces and hyphens, or nothing where it is not ASCII."""
    return _upper(re.sub(r"[\s-]", "", text))


def _upper(text: str) -> str:
    # ASCII before folding: the long s would upper-case into A-Z.
    return text.upper() if text.isascii() else ""


def _message(text: str) -> Message:
    confirmed = _CONFIRMED.search(text)
    if confirmed is None:
        raise BadMpesaCode()
    amount, payee, account = _AMOUNT.search(text), _PAYEE.search(text), _ACCOUNT.search(text)
    return Message(
        confirmed[1].upper(),
        money.parse(amount[1]) if amount else None,
        payee[1].strip() if payee else None,
        account[1] if account else None,
    )

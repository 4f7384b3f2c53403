"""M-PESA payments as Daraja reports them: read, kept once, told to the park's tills (FORMATS.md §6)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

from gatepos.central.receiving import Place
from gatepos.central.store import feeds, groups, journal, payments, tills
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.payments import Kept, Paid
from gatepos.domain import accounts, canonical, moments, money, numbers
from gatepos.errors import Refusal
from gatepos.i18n import EAT, N_
from gatepos.seal import enrolment
from gatepos.wire import forms
from gatepos.wire.forms import BadBody

PAYMENTS = "payments"
SEEN, CONFIRMED, WITHDRAWN = "seen", "confirmed", "withdrawn"
TWICE, UNKNOWN = "payment_twice", "payment_unknown"
"""Matters: one code reported in two ways; money for an account that is no pass or bill of a known till."""
ACCEPTED, ACCOUNT, AMOUNT, SHORTCODE, OTHER = "0", "C2B00012", "C2B00013", "C2B00015", "C2B00016"
"""Daraja's result codes: taken, or what is wrong."""
_TEXT_MAX = 100
_PAYBILL = re.compile(r"[0-9]{5,9}", re.ASCII)
_TRANS_ID = re.compile(r"[A-Z0-9]{6,20}", re.ASCII)
_AMOUNT = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?", re.ASCII)
_TIME = re.compile(r"[0-9]{14}", re.ASCII)
_PAYABLE = numbers.PASS + numbers.BILL


class BadPaybill(Refusal):
    """Digits that no paybill has."""

    says = N_("A paybill has five to nine digits.")


class UnknownSecret(Refusal):
    """An address that central gave to nobody, or has given anew since."""

    says = N_("Central has no such address.")


class NotAPayment(Refusal):
    """A report that cannot be kept; `code` is Daraja's own name for why."""

    says = N_("This is no payment that central can keep: {why}.")


def new_secret(store: Store, paybill: str, at: str, *, is_strict: bool = False) -> str:
    """The secret in the addresses to which Daraja reports a paybill's payments; the one before ends.

    A strict paybill is the gates' alone: `check`. BadPaybill.
    """
    check_paybill(paybill)
    secret = enrolment.new_secret()
    with store.writing() as tx:
        payments.set_secret(tx, paybill, enrolment.hashed(secret), at)
        payments.set_strict(tx, paybill, is_strict=is_strict)
    return secret


def check_paybill(typed: str) -> None:
    """BadPaybill."""
    if not _PAYBILL.fullmatch(typed):
        raise BadPaybill()


def paybill_of(store: Store, secret: str) -> str:
    """The paybill whose payments are reported under a secret; UnknownSecret."""
    with store.reading() as tx:
        found = payments.paybill_of(tx, enrolment.hashed(secret))
    if found is None:
        raise UnknownSecret()
    return found


def read(data: bytes, paybill: str) -> Paid:
    """The payment in a report about a paybill; who paid is left out. BadBody, NotAPayment."""
    fields = parsed(data)
    if _text(fields, "BusinessShortCode") != paybill:
        _refuse(SHORTCODE, "it was paid to another shortcode")
    amount, trans_id = _text(fields, "TransAmount"), _text(fields, "TransID").upper()
    if not is_amount(amount):
        _refuse(AMOUNT, "its amount is none")
    if not is_trans_id(trans_id):
        _refuse(OTHER, "its code is none")
    paid_at = _moment(_text(fields, "TransTime"))
    return Paid(
        paybill, trans_id, accounts.kept(_text(fields, "BillRefNumber")), money.parse(amount), paid_at
    )


def check(store: Store, paid: Paid) -> None:
    """NotAPayment at a strict paybill for an account that no till can have printed; it is not paid then.

    A paybill may be shared: unless it was said that it is the gates' alone, every account is let be.
    """
    with store.reading() as tx:
        is_strict = payments.is_strict(tx, paid.paybill)
    if is_strict and number_of(paid.account) is None:
        _refuse(ACCOUNT, "its account is no pass or bill")


def number_of(account: str) -> numbers.Number | None:
    """The pass or the bill that an account is."""
    try:
        found = numbers.parse(account)
    except numbers.BadNumber:
        return None
    return found if found.series in _PAYABLE else None


def keep(store: Store, paid: Paid, at: str) -> None:
    """Take in a payment: the same again changes nothing, another under its code makes that neither counts.

    StorageFailed.
    """
    with store.writing() as tx:
        tx.alone()
        before = payments.reported(tx, paid.trans_id)
        if any(kept.paid == paid for kept in before):
            return
        kept = payments.keep(tx, paid, _park(tx, paid.account), at)
        if before:
            open_matter(tx, kept, TWICE, at)
            if len(before) == 1:
                _publish(tx, before[0], WITHDRAWN, at)
                groups.look_over(tx, [before[0].paid.account], at)
            return
        _publish(tx, kept, SEEN, at)
        if kept.park is None:
            open_matter(tx, kept, UNKNOWN, at)
        else:
            groups.look_over(tx, [paid.account], at)


@contextmanager
def telling(tx: Transaction, kept: Kept, at: str) -> Iterator[None]:
    """What is changed within of how a payment stands: tills hear once how it stands then, if it differs.

    What is shared out of it, and of the other payments for its group, is looked at again.
    """
    before = _state(tx, kept)
    yield
    if (state := _state(tx, kept)) != before:
        _publish(tx, kept, state, at)
        if kept.park is not None:
            groups.look_over(tx, [kept.paid.account], at)


def confirm(tx: Transaction, kept: Kept, source: str, at: str) -> None:
    """Another source holds a payment too: tills hear once that it is confirmed, where it counts."""
    with telling(tx, kept, at):
        payments.confirm(tx, kept.id, source, at)


def is_amount(text: str) -> bool:
    """Whether a text is an amount that somebody can have paid, as Daraja writes it."""
    return _AMOUNT.fullmatch(text) is not None and money.parse(text) > 0


def is_trans_id(text: str) -> bool:
    """Whether a text can be M-PESA's code."""
    return _TRANS_ID.fullmatch(text) is not None


def _park(tx: Transaction, account: str) -> str | None:
    """The park whose tills hear of money for an account; unknown accounts are for no park."""
    number = number_of(account)
    known = tills.of_code(tx, number.till) if number is not None else None
    return known.row.park if known is not None else None


def _state(tx: Transaction, kept: Kept) -> str:
    if not payments.counts(tx, kept.id):
        return WITHDRAWN
    return CONFIRMED if payments.is_confirmed(tx, kept.id) else SEEN


def _publish(tx: Transaction, kept: Kept, state: str, at: str) -> None:
    if kept.park is None:
        return
    whole, cents = divmod(kept.paid.amount_minor, money.MINOR)
    row = {
        "trans_id": kept.paid.trans_id,
        "account": kept.paid.account,
        "amount": f"{whole}.{cents:02d}",
        "at": kept.paid.paid_at,
        "state": state,
    }
    feeds.publish(tx, PAYMENTS, kept.park, [canonical.encode(row).decode()], at)


def open_matter(tx: Transaction, kept: Kept, what: str, at: str) -> None:
    """Let a person look into a payment."""
    journal.open_matter(tx, kept.paid.paybill, what, Place(kept.id, 0), at)


def parsed(data: bytes) -> dict[str, object]:
    """The fields of a report; numbers stay the text they came as, no float is made of an amount. BadBody."""
    if len(data) > forms.DECODED_MAX:
        raise BadBody(why="longer than 1 MiB")
    try:
        value = json.loads(data, parse_float=str, parse_int=str)
    except (ValueError, RecursionError) as error:
        raise BadBody(why="not JSON") from error
    if not isinstance(value, dict):
        raise BadBody(why="not an object")
    return value


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or len(value) > _TEXT_MAX:
        raise BadBody(why=f"{name} is no short text")
    return value.strip()


def _moment(text: str) -> str:
    """`2019-11-22T03:38:45.000Z` from Daraja's `20191122063845`, which is East Africa Time."""
    try:
        at = datetime.strptime(text if _TIME.fullmatch(text) else "", "%Y%m%d%H%M%S").replace(tzinfo=EAT)
    except ValueError:
        _refuse(OTHER, "its time is none")
    return moments.to_text(int(at.timestamp()) * 1000)


def _refuse(code: str, why: str) -> NoReturn:
    raise NotAPayment(code=code, why=why)

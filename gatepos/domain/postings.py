"""Double entry: each entry's money, debit positive, summing to zero per currency (FORMATS.md §2)."""

from collections.abc import Iterable, Sequence
from typing import cast

from gatepos.domain import fees, vocabulary
from gatepos.domain.bill import Line
from gatepos.domain.entry import Posting
from gatepos.domain.money import KES, USD
from gatepos.domain.payment import Tender
from gatepos.domain.sale import Settled
from gatepos.domain.vocabulary import HELD

FX = "equity:fx"
OVER_SHORT = "expense:over_short"
PAID_OUT = "expense:paid_out"
TRANSIT = "asset:transit"
WAIVER = "expense:waiver"
INCOME = "income:"
NEW_NUMBER = "{number}"
"""Stands in an account for the number that the entry is about to take."""


def cash(shift: str) -> str:
    """The drawer of a shift."""
    return f"asset:cash:{shift}"


def receivable(number: str) -> str:
    """What is owed on a paper; below zero, what is owed to the visitor."""
    return f"asset:receivable:{number}"


def income(line: Line) -> str:
    """The income account of a line."""
    if line.fee == fees.VEHICLE:
        return f"{INCOME}vehicle:{line.age}"
    return f"{INCOME}{line.fee}:{line.category}:{line.age}"


def of_receipt(lines: Sequence[Line], settled: Settled, shift: str) -> list[Posting]:
    """Tenders against income."""
    return merged([*_tendered(settled, shift), *_earned(lines, -1)])


def of_correction(old: Sequence[Line], new: Sequence[Line], settled: Settled, shift: str) -> list[Posting]:
    """The first receipt's income undone, the new one's earned, only the difference tendered or owed back."""
    owed_back: list[Posting] = [(receivable(NEW_NUMBER), KES, -settled.due_back_minor)]
    return merged([*_tendered(settled, shift), *owed_back, *_earned(old, 1), *_earned(new, -1)])


def of_void(lines: Sequence[Line], receipt: str, returned_minor: int, shift: str) -> list[Posting]:
    """Income undone; cash handed back now, the rest owed to the visitor."""
    total = sum(line.kes_minor for line in lines)
    out: list[Posting] = [
        (cash(shift), KES, -returned_minor),
        (receivable(receipt), KES, returned_minor - total),
    ]
    return merged([*out, *_earned(lines, 1)])


def of_refund(lines: Sequence[Line], number: str) -> list[Posting]:
    """The income of some lines undone: from here on it is owed to the visitor."""
    total = sum(line.kes_minor for line in lines)
    return merged([(receivable(number), KES, -total), *_earned(lines, 1)])


def of_refund_paid(number: str, kind: str, amount_minor: int, shift: str, paybill: str) -> list[Posting]:
    """What was owed to the visitor, paid back out of the drawer or by the provider."""
    asset = _asset(Tender(kind, KES, amount_minor, amount_minor, paybill=paybill), shift)
    return [(receivable(number), KES, amount_minor), (asset, KES, -amount_minor)]


def of_pass(lines: Sequence[Line]) -> list[Posting]:
    """Owed on the new pass against income: it is charged when it is issued."""
    total = sum(line.kes_minor for line in lines)
    return merged([(receivable(NEW_NUMBER), KES, total), *_earned(lines, -1)])


def of_reissue(old: Sequence[Line], new: Sequence[Line], replaced: str, owed_minor: int) -> list[Posting]:
    """The first pass's income and debt undone; the new one owes its price less what was paid already."""
    paid = sum(line.kes_minor for line in old) - owed_minor
    total = sum(line.kes_minor for line in new)
    moved: list[Posting] = [
        (receivable(replaced), KES, -owed_minor),
        (receivable(NEW_NUMBER), KES, total - paid),
    ]
    return merged([*moved, *_earned(old, 1), *_earned(new, -1)])


def of_settlement(number: str, overstay: Sequence[Line], settled: Settled, shift: str) -> list[Posting]:
    """Tenders against what is owed on the pass; days past its end are charged here."""
    charged = sum(line.kes_minor for line in overstay)
    paid = sum(tender.kes_minor for tender in settled.tenders) - settled.change_minor
    return merged(
        [*_tendered(settled, shift), (receivable(number), KES, charged - paid), *_earned(overstay, -1)]
    )


def of_revocation(lines: Sequence[Line], number: str, undone_minor: int) -> list[Posting]:
    """The income of a pass that nobody used, undone against what was owed on it."""
    return merged([(receivable(number), KES, -undone_minor), *_earned(lines, 1)]) if undone_minor else []


def of_waiver(number: str, amount_minor: int) -> list[Posting]:
    """What is let go, against what was owed."""
    return [(WAIVER, KES, amount_minor), (receivable(number), KES, -amount_minor)]


def of_float(shift: str, kes_minor: int, usd_minor: int) -> list[Posting]:
    """The counted float, from the safe to the drawer."""
    return merged(
        posting
        for currency, minor in ((KES, kes_minor), (USD, usd_minor))
        for posting in ((cash(shift), currency, minor), (TRANSIT, currency, -minor))
    )


def of_close(shift: str, expected: dict[str, int], counted: dict[str, int]) -> list[Posting]:
    """The drawer emptied into the safe; what differs from the books is over or short.

    `expected` and `counted` are drawer cash by currency, minor units.
    """
    return merged(
        posting
        for currency in (KES, USD)
        for posting in (
            (cash(shift), currency, -expected.get(currency, 0)),
            (TRANSIT, currency, counted.get(currency, 0)),
            (OVER_SHORT, currency, expected.get(currency, 0) - counted.get(currency, 0)),
        )
    )


def of_move(shift: str, how: str, currency: str, minor: int) -> list[Posting]:
    """Cash from the safe into the drawer, out of it into the safe, or spent."""
    into = minor if how == vocabulary.PAID_IN else -minor
    beside = PAID_OUT if how == vocabulary.PAID_OUT else TRANSIT
    return [(cash(shift), currency, into), (beside, currency, -into)]


def merged(postings: Iterable[Posting]) -> list[Posting]:
    """The same money with one posting an account and currency, in first order, none of them zero."""
    sums: dict[tuple[str, str], int] = {}
    for account, currency, amount in postings:
        sums[account, currency] = sums.get((account, currency), 0) + amount
    return [(account, currency, amount) for (account, currency), amount in sums.items() if amount]


def _earned(lines: Sequence[Line], sign: int) -> list[Posting]:
    return [(income(line), KES, sign * line.kes_minor) for line in lines]


def _tendered(settled: Settled, shift: str) -> list[Posting]:
    postings: list[Posting] = []
    for tender in settled.tenders:
        account = _asset(tender, shift)
        postings.append((account, tender.currency, tender.amount_minor))
        if tender.currency == USD:
            postings += [(FX, USD, -tender.amount_minor), (FX, KES, tender.kes_minor)]
    return [*postings, (cash(shift), KES, -settled.change_minor)]


def _asset(tender: Tender, shift: str) -> str:
    if tender.kind == "cash":
        return cash(shift)
    if tender.kind == "mpesa":
        return f"asset:mpesa:{tender.paybill}"
    if tender.kind == HELD:
        return receivable(cast(str, tender.reference))
    return f"asset:{tender.kind}"

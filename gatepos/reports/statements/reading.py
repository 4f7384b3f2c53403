"""A statement out of the bytes of a file, whichever of the known forms it has."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from gatepos.domain import text
from gatepos.domain.statements import Statement
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports.statements import card, cells, mpesa, tickets


class NoStatement(Refusal):
    """A file that is none of the statements that are known."""

    says = N_(
        "That is no M-PESA statement and no list of tickets. If it is what the bank settled of cards, say so."
    )


@dataclass(frozen=True, slots=True)
class Hints:
    """What the file may not say itself: today and the parks; the paybill; the columns of a card settlement.

    `is_card` where somebody said that it is one.
    """

    today: date
    parks: Collection[str]
    paybill: str = ""
    columns: Sequence[str] = ()
    is_card: bool = False


def read(data: bytes, hints: Hints) -> Statement:
    """The statement in a file; nothing of who paid is in it.

    What `cells.rows`, `mpesa.read`, `card.read` and `tickets.read` refuse; NoStatement.
    """
    rows, digest = cells.rows(data), hashlib.sha256(data).hexdigest()
    at = mpesa.heading_at(rows)
    if at is not None:
        return mpesa.read(rows, at, hints.paybill, digest)
    if tickets.is_list(rows[0]):
        return tickets.read(text.decoded(data), hints.today, hints.parks, digest)
    if hints.is_card or hints.columns or card.is_guessed(rows):
        return card.read(rows, hints.columns, digest)
    raise NoStatement()

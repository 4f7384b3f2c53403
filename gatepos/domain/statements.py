"""Statements of those who carry payments, as values: without anything of who paid."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from gatepos.domain import moments
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_

MPESA, CARD, ECITIZEN = "mpesa", "card", "ecitizen"
KINDS = (MPESA, CARD, ECITIZEN)
"""Whose statement it is; named as the tenders that it confirms."""
LINES_MAX = 200_000
"""Of one statement: a busy park's month is a twentieth of that."""
COLUMNS_MAX = 8
_DAY_APART_MS = moments.DAY_MS
_NAMED_MAX = 5
"""Codes that one sentence names."""


class Contradicts(Refusal):
    """A line that another statement tells otherwise: neither can be believed before somebody looked."""

    says = N_(
        "{code} stands in an earlier statement with another payment. Nothing was taken: export both again."
    )


class StrangePaybill(Refusal):
    """A statement of a paybill to which no till ever took payments."""

    says = N_(
        "That statement is of paybill {found}, which is not the park's and never was. Nothing was taken."
    )


class OneIsFalse(Said):
    """Payments that one statement has and another, which says that it is whole, lacks: told, not refused."""

    says = N_(
        "Of the same time, one statement has these and another, which says that it is whole, has not:"
        " {codes}. One of the two is false. Ask for both again before anything is decided, and withdraw the"
        " false one."
    )


def one_is_false(codes: Collection[str]) -> OneIsFalse | None:
    """What is told of payments of which statements tell otherwise, where there are any."""
    named = sorted(codes)
    more = ["…"] if len(named) > _NAMED_MAX else []
    return OneIsFalse(codes=", ".join(named[:_NAMED_MAX] + more)) if named else None


def days_of(from_at: str, to_at: str) -> tuple[date, date]:
    """From which day to which in Kenya something goes that is from one moment to another."""
    first, last = (moments.local_day(moments.from_text(at)) for at in (from_at, to_at))
    return first, last


@dataclass(frozen=True, slots=True)
class Line:
    """One payment that a statement holds, or one that was taken back: then its amount is below zero.

    `place` is the paybill, and empty where there is none. `amount_minor` is KES minor units, None on a list
    that names no amounts. `account` is what the payer typed, as `accounts.kept`; `reverses` the code of the
    payment that is taken back. `n` tells lines apart that are alike in all else.
    """

    kind: str
    place: str
    code: str
    at: str
    amount_minor: int | None
    account: str = ""
    reverses: str = ""
    n: int = 0

    @property
    def id(self) -> str:
        """What it is known by: M-PESA and tickets give a code once, banks again after weeks."""
        if self.kind != CARD:
            return f"{self.kind}:{self.code}"
        return f"{self.kind}:{self.code}:{self.at}:{self.amount_minor}:{self.n}"

    def check_same(self, known: "Line") -> None:
        """Contradicts unless it says what is known of it; it may say less, and its moment less finely."""
        is_same = (self.place, self.amount_minor, self.reverses) == (
            known.place, known.amount_minor, known.reverses,
        )  # fmt: skip
        is_same = is_same and (not self.account or not known.account or self.account == known.account)
        apart_ms = abs(moments.from_text(self.at) - moments.from_text(known.at))
        if not is_same or apart_ms >= _DAY_APART_MS:
            raise Contradicts(code=self.code)

    @property
    def pays(self) -> str:
        """The code of the payment that it is about."""
        return self.reverses or self.code

    @property
    def day(self) -> str:
        """The day in Kenya."""
        return moments.local_day(moments.from_text(self.at)).isoformat()

    @property
    def key(self) -> tuple[str, str, str, str, int, int]:
        """By which lines are put in one order, however they came."""
        return (self.kind, self.pays, self.code, self.at, self.amount_minor or 0, self.n)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a file said: from when to when, and each line that counts.

    `left` lines were left aside: failed payments, charges, money moved to the bank. Where it is not
    `is_whole` its lines do not add up to its own total, and nothing is unknown to it. `digest` is the SHA-256
    of the file, `columns` are those that somebody named; `names_place` where it says its paybill itself.
    """

    kind: str
    place: str
    from_at: str
    to_at: str
    lines: tuple[Line, ...]
    left: int
    is_whole: bool
    digest: str
    columns: tuple[str, ...] = ()
    names_place: bool = False

    def check_place(self, paybills: Collection[str]) -> None:
        """StrangePaybill where the file names a paybill that is none of these."""
        if self.names_place and self.place not in paybills:
            raise StrangePaybill(found=self.place)

    def contested(self, others: Iterable["Statement"]) -> frozenset[str]:
        """The codes of payments that others have and this ought to have, and the other way round."""
        return frozenset[str]().union(*(self._lacks(other) | other._lacks(self) for other in others))

    def _lacks(self, other: "Statement") -> set[str]:
        """The payments of another from between this one's beginning and its last line, where it is whole.

        Only M-PESA's have every payment of their time. Shorter forms name no seconds.
        """
        if (self.kind, other.kind) != (MPESA, MPESA) or self.place != other.place or not self.is_whole:
            return set()
        first = moments.to_text(moments.from_text(self.from_at) + moments.MINUTE_MS)
        last = max((line.at for line in self.lines), default="")
        own = {line.code for line in self.lines}
        return {
            line.code
            for line in other.lines
            if first <= line.at <= last and not line.reverses and line.code not in own
        }

    @property
    def days(self) -> tuple[str, str]:
        """From which day to which in Kenya; a line outside of its time counts too."""
        at = [self.from_at, self.to_at, *(line.at for line in self.lines)]
        first, last = days_of(min(at), max(at))
        return first.isoformat(), last.isoformat()

    @property
    def paid_minor(self) -> int:
        """KES minor units that came in."""
        return sum(line.amount_minor or 0 for line in self.lines if (line.amount_minor or 0) > 0)

    @property
    def back_minor(self) -> int:
        """KES minor units that were taken back."""
        return -sum(line.amount_minor or 0 for line in self.lines if (line.amount_minor or 0) < 0)

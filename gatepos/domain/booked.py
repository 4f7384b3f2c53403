"""What another till's entry adds to the books, which is nothing where it speaks for others."""

from collections.abc import Iterator
from dataclasses import dataclass

from gatepos.domain import entry as entries
from gatepos.domain.books import OWED, Row, inserts
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry, Unbalanced
from gatepos.domain.kinds import UnknownKind


def heard(raw: bytes, sig: bytes) -> list[Row]:
    """The rows that another till's entry adds: none when its form is not known here or it speaks for others.

    Only the bytes decide, so that every till and central have the same books.
    """
    found = judged(raw, sig)
    return [] if isinstance(found, str) else found.rows


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry of another till, and the rows that it adds."""

    entry: Entry
    rows: list[Row]


def judged(raw: bytes, sig: bytes, hash_: bytes | None = None) -> Booked | str:
    """What another till's entry adds to the books, or why nothing: one of DISLIKED."""
    try:
        entry = entries.read(raw, sig, hash_)
        rows = inserts(entry)
    except Unbalanced:
        return UNBALANCED
    except UnknownKind:
        return UNKNOWN_KIND
    except (BadForm, ValueError):  # a token that is no base32, too
        return BAD_FORM
    till, shift = entry.till, entry.shift
    is_in_own_shift = shift is None or shift.startswith(till)
    is_own = is_in_own_shift and _pays(entry) and not any(_is_of_another(till, rows))
    return Booked(entry, rows) if is_own else NOT_OWN


DISLIKED = BAD_FORM, UNKNOWN_KIND, UNBALANCED, NOT_OWN = "form", "kind", "unbalanced", "not_own"
"""Why an authentic entry is not for the books: NOT_OWN speaks for another till's numbers or drawer."""


def _pays(entry: Entry) -> bool:
    """Whether what another till's paper owes is moved by a payment alone."""
    own = OWED + entry.till
    is_moved = any(one.startswith(OWED) and not one.startswith(own) for one, _, _ in entry.postings)
    return not is_moved or (
        entry.kind == "pass.settled" and all(one.startswith(_PAYING) for one, _, _ in entry.postings)
    )


_PAYING = ("asset:", "income:", "equity:fx")


def _is_of_another(till: str, rows: list[Row]) -> Iterator[bool]:
    """Whether a till numbers, ends, waives or takes money for another, row by row."""
    drawer = _DRAWER + till
    for table, values in rows:
        named = str(values[_NAMED])
        if table == "posting":
            yield named.startswith(_DRAWER) and not named.startswith(drawer)
        else:
            yield table in _OWN and not named.startswith(till)


_NAMED = 3
"""The place of a row's first column after its key."""
_DRAWER = "asset:cash:"
_OWN = frozenset((
    "bill", "bill_ending", "charge", "confirmation", "receipt", "receipt_ending", "taken", "tender",
    "pass", "pass_ending", "settlement", "waiver", "shift", "shift_ending", "taken_over",
    "refund", "refund_decision", "refund_line", "refund_paid",
))  # fmt: skip
"""Books in which that column is a number of the till that writes."""

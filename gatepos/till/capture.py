"""Paper written by hand, entered later: pads given out by range, and what became of each leaf."""

import re

from gatepos.domain import cards, moments, numbers, text
from gatepos.domain.shapes import REFERENCE
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import custody
from gatepos.ledger.ledger import Recorded
from gatepos.till import views
from gatepos.till.checkout import Checkout
from gatepos.till.corrections import ReasonMissing
from gatepos.till.desk import Desk
from gatepos.till.window import Leaf, Window

_RANGE_MAX = 1_000
_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.h]?([0-5][0-9])")


class BadLeaf(Refusal):
    """A pad or a leaf that cannot be."""

    says = N_("A pad has a name of letters and digits, its leaves are numbers from 1 to 999,999.")


class PadTaken(Refusal):
    """Leaves that were given out before."""

    says = N_("Leaves {first}–{last} of {book} were given out before, to {keeper}.")


class NoSuchLeaf(Refusal):
    """A leaf that was never given out."""

    says = N_("Leaf {leaf} of {book} was never given out here.")


class LeafCaptured(Refusal):
    """A leaf that was entered before."""

    says = N_("Leaf {leaf} of {book} was entered before, as {number}.")


class LeafEnded(Refusal):
    """A leaf that was said to be spoilt or unused."""

    says = N_("Leaf {leaf} of {book} was said to be spoilt or unused.")


class BadTime(Refusal):
    """A time that is on no clock."""

    says = N_("Type the time on the leaf as 09:40.")


class Capture:
    """The pads of this till, and the leaf that is being entered."""

    def __init__(self, desk: Desk, window: Window, checkout: Checkout):
        self._desk = desk
        self._window = window
        self._checkout = checkout

    def give_out(self, book: str, first: int, last: int, to: str, id: str | None = None) -> Recorded:
        """Give a pad to a clerk, or some of its leaves; BadLeaf, PadTaken, UnknownClerk, NotAllowed."""
        self._desk.allowed("approve")
        name, keeper = book_name(book), self._desk.known(to)
        _check_range(first, last)
        for pad in custody.pads(self._desk.ledger):
            if pad.book == name and pad.first <= last and first <= pad.last:
                raise PadTaken(first=pad.first, last=pad.last, book=name, keeper=pad.keeper)
        data = {"book": name, "first": first, "last": last, "to": keeper.number}
        return self._desk.write("paper.issued", data, id=id)

    def begin(self, book: str, leaf: int, written_at: str, reason: str) -> views.SellView:
        """The bill at the window is a leaf written by hand: its payment records it as such.

        BadLeaf, NoSuchLeaf, LeafCaptured, LeafEnded, BadTime, ReasonMissing.
        """
        self._desk.shift()
        name, why = book_name(book), _reason(reason)
        self._check_free(name, leaf, leaf)
        self._window.work.leaf = Leaf(name, leaf, self._moment(written_at), why)
        return self._checkout.view()

    def leave(self) -> views.SellView:
        """The bill at the window is no leaf after all."""
        self._window.work.leaf = None
        return self._checkout.view()

    def end(self, book: str, first: int, last: int, how: str, reason: str, id: str | None = None) -> Recorded:
        """Leaves that are spoilt or stay unused, one or a range; the refusals of `begin`."""
        self._desk.shift()
        name, why = book_name(book), _reason(reason)
        if how not in ("spoilt", "unused"):
            raise BadLeaf()
        self._check_free(name, first, last)
        data = {"book": name, "first": first, "last": last, "how": how, "reason": why}
        return self._desk.write("paper.ended", data, id=id)

    def pads(self) -> tuple[views.PadView, ...]:
        """Each pad, with the leaves of which nobody has said what became of them."""
        found = []
        for pad in custody.pads(self._desk.ledger):
            ended = custody.leaves_ended(self._desk.ledger, pad.book)
            missing = tuple(n for n in range(pad.first, pad.last + 1) if n not in ended)
            found.append(views.PadView(pad.book, pad.first, pad.last, pad.keeper, missing))
        return tuple(found)

    def _check_free(self, book: str, first: int, last: int) -> None:
        _check_range(first, last)
        pads = [pad for pad in custody.pads(self._desk.ledger) if pad.book == book]
        for leaf in range(first, last + 1):
            if not any(pad.first <= leaf <= pad.last for pad in pads):
                raise NoSuchLeaf(leaf=leaf, book=book)
            ended = custody.leaf_ended(self._desk.ledger, book, leaf)
            if ended is None:
                continue
            if ended[1] is None:
                raise LeafEnded(leaf=leaf, book=book)
            raise LeafCaptured(leaf=leaf, book=book, number=numbers.printed(ended[1]))

    def _moment(self, typed: str) -> str:
        """The time written on the leaf, on the business day."""
        match = _TIME.fullmatch(typed.strip())
        if match is None:
            raise BadTime()
        return moments.to_text(moments.at_local(self._desk.today(), int(match[1]), int(match[2])))


def book_name(typed: str) -> str:
    """What stands on a pad, in its one form; BadLeaf, FullCardNumber."""
    cards.refuse_number(typed)
    name = re.sub(r"\s", "", typed).upper() if typed.isascii() and len(typed) <= 40 else ""
    if not name or not REFERENCE.holds(name):
        raise BadLeaf()
    return name


def _check_range(first: int, last: int) -> None:
    if not (1 <= first <= last <= numbers.LAST and last - first < _RANGE_MAX):
        raise BadLeaf()


def _reason(typed: str) -> str:
    reason = text.free(typed)
    if not reason:
        raise ReasonMissing()
    return reason

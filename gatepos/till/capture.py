"""Paper written by hand, entered later: pads given out by range, and what became of each leaf."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from gatepos.domain import bill as bills
from gatepos.domain import cards, labels, moments, money, numbers, plates, text
from gatepos.domain.bill import Bill, FeeKey, NothingInBill
from gatepos.domain.shapes import REFERENCE
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import custody
from gatepos.ledger.ledger import Recorded
from gatepos.till import list_views, views
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.payments import Payments, Typed
from gatepos.till.window import Leaf, Window

_RANGE_MAX = 1_000
_WATCHES_MS = 60 * moments.MINUTE_MS
"""How far two watches may be apart."""
_LEAVES = re.compile(r"([0-9]{1,6})(?: ?[-–] ?([0-9]{1,6}))?")
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


class NoSeats(Refusal):
    """A size of vehicle that the schedule does not know."""

    says = N_("Seats are 1 to 5: 1–5, 6–12, 13–24, 25–44, 45 and more; nothing on foot.")


@dataclass(frozen=True, slots=True)
class Written:
    """A leaf as it is typed off: counts, times and numbers as text, for the till to read.

    `kind` is how it was paid, `reference` its code or ticket, `last4` of a card; cash has none.
    """

    book: str
    leaf: str
    at: str
    reason: str
    plate: str
    band: str
    people: Mapping[FeeKey, str]
    free: Mapping[str, str]
    kind: str
    reference: str
    last4: str


class Capture:
    """The pads of this till, and the leaf that is being entered."""

    def __init__(self, desk: Desk, window: Window, checkout: Checkout, payments: Payments):
        self._desk = desk
        self._window = window
        self._checkout = checkout
        self._payments = payments

    def give_out(self, book: str, first: int, last: int, to: str, id: str | None = None) -> Recorded:
        """Give a pad to a clerk, or some of its leaves; BadLeaf, PadTaken, UnknownClerk, NotAllowed."""
        self._desk.allowed("approve")
        name, keeper = book_name(book), self._desk.known(to)
        _check_range(first, last)
        for pad in custody.pads_named(self._desk.ledger, name):
            if pad.first <= last and first <= pad.last:
                raise PadTaken(first=pad.first, last=pad.last, book=name, keeper=pad.keeper)
        data = {"book": name, "first": first, "last": last, "to": keeper.number}
        return self._desk.write("paper.issued", data, id=id)

    def begin(self, book: str, leaf: int, written_at: str, reason: str) -> views.SellView:
        """The bill at the window is a leaf written by hand: its payment records it as such.

        BadLeaf, NoSuchLeaf, LeafCaptured, LeafEnded, BadTime, ReasonMissing.
        """
        self._desk.shift()
        name, why = book_name(book), text.reason(reason)
        self._check_free(name, leaf, leaf)
        at = self._moment(written_at)
        self._window.work.leaf = Leaf(name, leaf, at, why, self._outage_at(at))
        return self._checkout.view()

    def total_minor(self, written: Written) -> int:
        """What a leaf comes to, KES, to be compared with it; the refusals of `enter`."""
        self._desk.shift()
        book = book_name(written.book)
        text.reason(written.reason)
        self._check_free(book, _leaf(written.leaf), _leaf(written.leaf))
        self._moment(written.at)
        bill = self._bill(written)
        total = bills.price(bill, self._desk.schedule(), self._desk.ledger.state.rate_e4).total_minor
        if not bill.counts and not bill.free:
            raise NothingInBill()
        return total

    def enter(self, written: Written, id: str | None = None) -> views.RecordedView:
        """A whole leaf in one step; a bill at the window is held first.

        The refusals of `begin`, of the bill and of the payment; after one nothing stands at the window.
        """
        self._checkout.make_room()
        work = self._window.work = self._window.fresh()
        work.pay_id = id or work.pay_id
        try:
            self.begin(written.book, _leaf(written.leaf), written.at, written.reason)
            self._checkout.take(self._bill(written))
            work.is_confirmed = True  # they went in long ago
            done, _ = self._payments.at_once([self._typed(written)])
        except Refusal:
            self._checkout.leave("left")
            raise
        return done

    def leave(self) -> views.SellView:
        """The bill at the window is no leaf after all."""
        self._window.work.leaf = None
        return self._checkout.view()

    def end(self, book: str, first: int, last: int, how: str, reason: str, id: str | None = None) -> Recorded:
        """Leaves that are spoilt or stay unused, one or a range; the refusals of `begin`."""
        self._desk.shift()
        name, why = book_name(book), text.reason(reason)
        if how not in ("spoilt", "unused"):
            raise BadLeaf()
        self._check_free(name, first, last)
        data = {"book": name, "first": first, "last": last, "how": how, "reason": why}
        return self._desk.write("paper.ended", data, id=id)

    def pads(self) -> tuple[list_views.PadView, ...]:
        """Each pad, with the leaves of which nobody has said what became of them."""
        found = []
        for pad in custody.pads(self._desk.ledger):
            ended = custody.leaves_ended(self._desk.ledger, pad.book)
            missing = tuple(n for n in range(pad.first, pad.last + 1) if n not in ended)
            found.append(list_views.PadView(pad.book, pad.first, pad.last, pad.keeper, missing))
        return tuple(found)

    def _outage_at(self, at: str) -> str | None:
        """The outage in which a leaf was written, open still or closed since."""
        ledger = self._desk.ledger
        ended = {entry.data["outage"]: str(entry.data["until"]) for entry in ledger.of_kind("outage.closed")}
        for opened in reversed(ledger.of_kind("outage.opened")):
            if str(opened.data["since"]) <= at <= ended.get(opened.id, at):
                return opened.id
        return None

    def _bill(self, written: Written) -> Bill:
        """What stands on a leaf; NotWhole, BadPlate, NoSeats and the refusals of a bill."""
        bill = replace(self._window.fresh().bill, band=_band(written.band))
        if written.plate.strip():
            bill = replace(bill, plate=plates.parse(written.plate))
        for key, typed in written.people.items():
            bill = bill.counted(key, _count(typed))
        for ground, typed in written.free.items():
            bill = bill.freed(ground, _count(typed))
        return bill

    def _typed(self, written: Written) -> Typed:
        """How it was paid; what was paid is what it comes to."""
        match written.kind:
            case "card":
                return "card", (written.reference, written.last4, None)
            case "cash":
                return "cash", (money.KES, money.amount(self._window.total_minor()))
        return written.kind, (written.reference, None)

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
        """The time written on the leaf, on the business day; the day before when it has yet to come."""
        match = _TIME.fullmatch(typed.strip())
        if match is None:
            raise BadTime()
        at_ms = moments.at_local(self._desk.today(), int(match[1]), int(match[2]))
        now_ms, is_known = self._desk.clock.wall_ms(), self._desk.ledger.state.clock == "ok"
        return moments.to_text(at_ms - moments.DAY_MS if is_known and at_ms > now_ms + _WATCHES_MS else at_ms)


def book_name(typed: str) -> str:
    """What stands on a pad, in its one form; BadLeaf, FullCardNumber."""
    cards.refuse_number(typed)
    name = re.sub(r"\s", "", typed).upper() if typed.isascii() and len(typed) <= 40 else ""
    if not name or not REFERENCE.holds(name):
        raise BadLeaf()
    return name


def leaves(typed: str) -> tuple[int, int]:
    """The first and last of leaves typed as 101-150, or as 101 alone; BadLeaf."""
    match = _LEAVES.fullmatch(typed.strip())
    if match is None:
        raise BadLeaf()
    return int(match[1]), int(match[2] or match[1])


def _leaf(typed: str) -> int:
    first, last = leaves(typed)
    _check_range(first, last)
    if first != last:
        raise BadLeaf()
    return first


def _count(typed: str) -> int:
    return text.whole(typed) if typed.strip() else 0


def _band(typed: str) -> int:
    band = _count(typed)
    if band and band not in labels.BANDS:
        raise NoSeats()
    return band


def _check_range(first: int, last: int) -> None:
    if not (1 <= first <= last <= numbers.LAST and last - first < _RANGE_MAX):
        raise BadLeaf()

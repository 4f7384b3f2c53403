"""Opening, switching and closing shifts: one clerk's own, one at the window, counted blind."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gatepos.domain import moments, money, numbers, policy, postings, shift, staff, text
from gatepos.domain.shift import Denomination
from gatepos.domain.shift_paper import Interim
from gatepos.domain.vocabulary import TENDERS
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import custody, drawers, totals
from gatepos.ledger.custody import Held
from gatepos.ledger.ledger import Recorded
from gatepos.till import cash, shift_sums, shift_views
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk, NoOpenShift
from gatepos.till.personal import Personal
from gatepos.till.shift_sums import Sums
from gatepos.till.window import Window

OTHERS = tuple(kind for kind in TENDERS if kind != "cash")
"""Ways of paying that are counted by their total, not by notes and coins."""


class ShiftIsOpen(Refusal):
    """A clerk has one shift at a time."""

    says = N_("Your shift {number} is open. Close it before you open another.")


class FloatTooLarge(Refusal):
    """A float that no drawer holds, typed by mistake; its drawer could never be closed."""

    says = N_("A float is at most {most}. Count it again.")


class DocumentsKept(Refusal):
    """Documents that the clerk keeps, neither listed nor handed on by name."""

    says = N_("You still keep the documents in {envelopes}. List each, or hand it on by name.")


class TakesNothing(Refusal):
    """Somebody who cannot take over what a shift leaves."""

    says = N_("Clerk {number} cannot take it over. Name somebody else who sells at this till.")


class NoteMissing(Refusal):
    """Over or short by more than policy lets pass without a word; the close alone says by how much."""

    says = N_("The count is over or short by more than the park lets pass: count again, or write a note.")


class UnknownTender(Refusal):
    """A count of something that is no way of paying, or is counted by notes."""

    says = N_("{tender} is not counted by its total. Count notes and coins, and of the rest: {tenders}.")


@dataclass(frozen=True, slots=True)
class Counted:
    """What the clerk counted before seeing what was expected."""

    denominations: tuple[Denomination, ...] = ()
    others: Mapping[str, int] = field(default_factory=dict)


class Shifts:
    """The shifts of this till."""

    def __init__(self, desk: Desk, personal: Personal, checkout: Checkout, filling: Checkout, lane: Window):
        self._desk = desk
        self._personal = personal
        self._checkout = checkout
        self._filling = filling
        self._lane = lane

    def open(self, float_kes: str = "0", float_usd: str = "0", id: str | None = None) -> Recorded:
        """Open the signed-in clerk's shift with a counted float; the business day is fixed here."""
        person = self._desk.allowed("sell")
        mine = self._mine()
        if mine is not None:
            raise ShiftIsOpen(number=numbers.printed(mine))
        kes_minor, usd_minor = money.parse(float_kes), money.parse(float_usd)
        if max(kes_minor, usd_minor) > cash.MOST_MINOR:
            raise FloatTooLarge(most=money.amount(cash.MOST_MINOR))
        data = {
            "staff": person.number,
            "day": self._desk.day_now().isoformat(),
            "float_kes_minor": kes_minor,
            "float_usd_minor": usd_minor,
        }
        return self._desk.write(
            "shift.opened",
            data,
            postings=postings.of_float(postings.NEW_NUMBER, kes_minor, usd_minor),
            series=numbers.SHIFT,
            id=id,
        )

    def to_window(self) -> Recorded | None:
        """Put the signed-in clerk's own open shift at the window; None when it is there, or there is none."""
        mine, now = self._mine(), self._desk.ledger.state.shift
        if mine is None or mine == now:
            return None
        return self._desk.write("shift.switched", {"was": now, "to": mine}, shift=mine)

    def view(self) -> shift_views.ShiftView:
        """All that the Shift screen shows."""
        desk = self._desk
        person, state = desk.signed_in(), desk.ledger.state
        mine = self._mine()
        opened = desk.ledger.by_number(mine) if mine else None
        owing = desk.ledger.receivables.of_till(desk.own.till)
        counts_usd = desk.policy.flag(policy.USD_CASH)
        return shift_views.ShiftView(
            staff=person.number,
            number=mine,
            opened_ms=moments.from_text(opened.at) if opened else 0,
            others=tuple((n, staff) for n, staff in sorted(state.shifts.items()) if n != mine),
            currencies=(money.KES, money.USD) if counts_usd else (money.KES,),
            may_telephone=staff.may(person.roles, "approve"),
            approvals=len(drawers.approvals(desk.ledger, person.number, desk.today().isoformat())),
            heirs=self.heirs(),
            bills=len(self._checkout.waiting()),
            documents=len(self._mine_kept()),
            passes=owing.count,
            open_minor=owing.minor,
        )

    def close(
        self,
        counted: Counted,
        note: str = "",
        id: str | None = None,
        listed: Sequence[str] = (),
        to: str = "",
    ) -> Recorded:
        """Close the shift at the window; NoteMissing when the difference is over policy's threshold.

        A bill opened there and not paid is abandoned; those put aside wait for the next clerk. UnknownTender.

        `listed` are the envelopes that the clerk found in their place; DocumentsKept names those that are
        neither listed nor handed on by name; MoneyTaken while a bill is paid in part. `to` is the number of
        who has bills, documents and open passes from here on; TakesNothing, UnknownClerk.
        """
        number = self._desk.own_shift()
        self._lane.check_no_money()
        kept, heir = self._kept(listed), self._heir(to)
        said = as_said(counted, note)
        expected, have = shift_sums.expected(self._desk, number), _sums(counted)
        difference = {key: have.get(key, 0) - expected.get(key, 0) for key in sorted({*expected, *have})}
        self._check_note(difference, said["note"])
        # Before the close, because afterwards no trouble may make it look as if it had not been recorded.
        self._leave_all(kept, heir)
        seq, head = self._desk.ledger.head
        data = {
            "closes": number,
            **said,
            "expected": shift_sums.as_money(expected),
            "difference": shift_sums.as_money(difference),
            **shift_sums.sold(self._desk, number),
            "documents": [one.envelope for one in kept],
            "passes": totals.of_day(self._desk.ledger, self._desk.today().isoformat()).as_fields(),
            **shift_sums.standing(self._desk, number, self._checkout.waiting()),
            "handed_to": heir,
            "head_seq": seq,
            "head_hash": head.hex(),
        }
        return self._desk.write(
            "shift.closed",
            data,
            postings=postings.of_close(number, _cash(expected), _cash(have)),
            id=id,
            prints=True,
        )

    def interim(self, number: str = "") -> Interim:
        """How far an open shift has come, the one at the window unless another is named; it writes nothing.

        Another's shift is for who may approve. One's own says nothing of what is expected: the count is
        blind. NoOpenShift, NotAllowed.
        """
        desk, state = self._desk, self._desk.ledger.state
        person = desk.signed_in()
        shown = number or desk.own_shift()
        opened = desk.ledger.by_number(shown)
        if opened is None or shown not in state.shifts:
            raise NoOpenShift()
        whose, day, place = state.shifts[shown], state.days[shown].isoformat(), desk.ledger.context
        is_own = whose == person.number
        if not is_own:
            staff.check(person, "approve")
        data = shift_sums.so_far(desk, shown, self._checkout.waiting(), is_blind=is_own)
        return Interim(
            place.till, place.gate, place.lane, shown, whose, person.number, day,
            moments.from_text(opened.at), desk.now_ms(), is_own, data,
        )  # fmt: skip

    def heirs(self) -> tuple[str, ...]:
        """Who may be handed what a shift leaves: everybody else who sells here, by number."""
        me, day = self._desk.signed_in().number, self._desk.day_now()
        people = sorted(self._desk.staff.items())
        return tuple(n for n, one in people if n != me and one.works(day) and staff.may(one.roles, "sell"))

    def _heir(self, to: str) -> str | None:
        if not to:
            return None
        person = self._desk.known(to)
        if person.number not in self.heirs():
            raise TakesNothing(number=person.number)
        return person.number

    def _leave_all(self, kept: Sequence[Held], heir: str | None) -> None:
        self._checkout.leave("shift_closed")
        if self._lane.work.opened is not None:
            self._filling.leave("shift_closed")
        self._personal.erase_due()
        for one in kept if heir else ():
            self._desk.write("document.moved", {"held": one.id, "to": heir})

    def _kept(self, listed: Sequence[str]) -> list[Held]:
        kept = self._mine_kept()
        missing = [one.envelope for one in kept if one.envelope not in listed]
        if missing:
            raise DocumentsKept(envelopes=", ".join(missing))
        return kept

    def _mine_kept(self) -> list[Held]:
        me, own = self._desk.signed_in().number, self._desk.own.till
        return [one for one in custody.held(self._desk.ledger) if (one.keeper, one.till) == (me, own)]

    def _mine(self) -> str | None:
        number = self._desk.signed_in().number
        return next((n for n, staff in self._desk.ledger.state.shifts.items() if staff == number), None)

    def _check_note(self, difference: Sums, note: object) -> None:
        worst = max((abs(minor) for minor in difference.values()), default=0)
        if note is None and worst > self._desk.policy.whole(policy.OVER_SHORT_NOTE_OVER) * money.MINOR:
            raise NoteMissing()


def counted(faces: Sequence[tuple[str, int, str]], others: Sequence[tuple[str, str]]) -> Counted:
    """A count as it was typed: (currency, face, how many) and (tender, total); NotWhole, BadAmount."""
    return Counted(
        tuple(shift.denomination(currency, face, text.whole(n)) for currency, face, n in faces),
        {tender: money.parse(typed) for tender, typed in others if typed.strip()},
    )


def as_said(counted: Counted, note: str) -> dict[str, object]:
    """What a clerk says at a close, as its entry holds it; UnknownTender."""
    return {
        "denominations": [d.as_data() for d in counted.denominations],
        "counted": shift_sums.as_money(_sums(counted)),
        "note": text.free(note) or None,
    }


def _sums(counted: Counted) -> Sums:
    sums: Sums = {("cash", c): m for c, m in shift.counted(counted.denominations).items()}
    for tender, minor in counted.others.items():
        if tender not in OTHERS:
            raise UnknownTender(tender=tender[:20], tenders=", ".join(OTHERS))
        sums[tender, money.KES] = minor
    return sums


def _cash(sums: Sums) -> dict[str, int]:
    return {currency: minor for (tender, currency), minor in sums.items() if tender == "cash"}

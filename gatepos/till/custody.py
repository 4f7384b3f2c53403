"""Custody: documents that were handed over, listed until they go back, whatever is paid or not.

Holding an identity card as security is an offence: nothing here asks for a document, and nothing keeps one
back.
"""

from gatepos.domain import moments, numbers, plates, policy, text
from gatepos.domain.vocabulary import DOCUMENTS
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import custody, passes
from gatepos.ledger.custody import Held
from gatepos.ledger.ledger import Recorded
from gatepos.till import list_views
from gatepos.till.desk import Desk
from gatepos.till.passes import NoSuchPass

HOLDER = "holder"
_INITIALS_MAX, _TAIL_MAX, _ENVELOPE_MAX = 6, 4, 40


class CustodyOff(Refusal):
    """The park keeps no documents."""

    says = N_(
        "This park keeps no documents. Give it back: to hold an identity card as security is an offence."
    )


class UnknownDocument(Refusal):
    """A kind of document that is not listed."""

    says = N_("The document is one of {documents}.")


class HolderMissing(Refusal):
    """A document without the initials of whoever it belongs to."""

    says = N_("Type the holder's initials and the last four characters of the document.")


class EnvelopeMissing(Refusal):
    """A document without a place."""

    says = N_("Say in which envelope it lies.")


class NotHeld(Refusal):
    """A document that is not kept, or not here."""

    says = N_("That document is not kept here.")


class LeavesElsewhere(Refusal):
    """A pass that may leave by a gate where its document does not lie."""

    says = N_(
        "The pass may leave by another gate than this, where the document lies. If so be it, say it again."
    )


class Custody:
    """The documents that this till keeps."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def hold(
        self,
        document: str,
        initials: str,
        last4: str,
        envelope: str,
        of_pass: str = "",
        plate: str = "",
        *,
        is_sure: bool = False,
        id: str | None = None,
    ) -> Recorded:
        """Keep a document that was handed over; whose it is goes to the erasable store alone.

        CustodyOff, UnknownDocument, HolderMissing, EnvelopeMissing, NoSuchPass, LeavesElsewhere once.
        """
        desk = self._desk
        desk.shift()
        if not desk.policy.flag(policy.CUSTODY):
            raise CustodyOff()
        if document not in DOCUMENTS:
            raise UnknownDocument(documents=", ".join(DOCUMENTS))
        who, tail = text.kept(initials, _INITIALS_MAX), text.kept(last4, _TAIL_MAX)
        if not (who and tail):
            raise HolderMissing()
        place = text.kept(envelope, _ENVELOPE_MAX)
        if not place:
            raise EnvelopeMissing()
        number = str(numbers.parse(of_pass)) if of_pass else None
        data = {
            "document": document,
            "pass": number,
            "plate": self._plate(number, plate, is_sure=is_sure),
            "envelope": place,
        }
        done = desk.write("document.held", data, id=id, prints=True)
        if not done.repeated:
            desk.ledger.personal.put(done.entry.id, HOLDER, f"{who} {tail}", desk.today())
        return done

    def give_back(self, held: str, id: str | None = None) -> Recorded:
        """It went back to its holder, paid or not; NotHeld where it lies elsewhere or went back before."""
        found = self._here(held)
        done = self._desk.write("document.returned", {"held": found.id}, id=id)
        self._desk.ledger.personal.erase_of(found.id)
        return done

    def hand_on(self, held: str, to: str, id: str | None = None) -> Recorded:
        """Another member of staff keeps it from now on, by name; NotHeld, UnknownClerk, NotAllowed."""
        self._desk.allowed("sell")
        found = self._here(held)
        keeper = self._desk.known(to)
        return self._desk.write("document.moved", {"held": found.id, "to": keeper.number}, id=id)

    def kept(self) -> tuple[list_views.HeldView, ...]:
        """Every document that is kept, oldest first; whose it is only where it lies."""
        return tuple(self._shown(one) for one in custody.held(self._desk.ledger))

    def mine(self) -> tuple[list_views.HeldView, ...]:
        """What whoever signed in keeps here: a shift's close lists each, or it is handed on."""
        me = self._desk.signed_in().number
        return tuple(one for one in self.kept() if one.keeper == me and one.is_here)

    def of_pass(self, number: str) -> tuple[list_views.HeldView, ...]:
        """What is kept beside a pass: here to be given back, or where it is to be collected."""
        return tuple(self._shown(one) for one in custody.held_of_pass(self._desk.ledger, number))

    def _shown(self, one: Held) -> list_views.HeldView:
        desk = self._desk
        is_here = one.gate == desk.ledger.context.gate
        return list_views.HeldView(
            id=one.id,
            document=one.document,
            holder=(desk.ledger.personal.get(one.id, HOLDER) or "") if is_here else "",
            number=numbers.printed(one.of_pass) if one.of_pass else "",
            plate=one.plate,
            envelope=one.envelope,
            gate=desk.park.gate_name(one.gate),
            is_here=is_here,
            keeper=one.keeper or "",
            at_ms=moments.from_text(one.at),
        )

    def _plate(self, number: str | None, typed: str, *, is_sure: bool) -> str:
        if number is None:
            return plates.parse(typed) if typed.strip() else ""
        found = passes.find(self._desk.ledger, number)
        if found is None:
            raise NoSuchPass(number=numbers.printed(number))
        entry = self._desk.ledger.by_number(number)
        exits = entry.data["exits"] if entry else []
        if exits != [self._desk.ledger.context.gate] and not is_sure:
            raise LeavesElsewhere()
        return found.plate

    def _here(self, held: str) -> Held:
        self._desk.signed_in()
        found = custody.held_by_id(self._desk.ledger, held[:64])
        if found is None or found.gate != self._desk.ledger.context.gate:
            raise NotHeld()
        return found

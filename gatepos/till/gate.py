"""The gate: a paper is scanned or its number typed, and the verdict is recorded before it is green."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from gatepos.domain import gatepass, keyring, moments, numbers, payment, policy, scanned, text
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import SEEN, Payload, Verdict
from gatepos.domain.keyring import KeyRow
from gatepos.domain.scanned import Kind
from gatepos.domain.ticket_codes import NoReference
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.seal.checking import NotOurs, Paper
from gatepos.till import judging, looking, owing, reading, repricing, seen, tickets, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.aside import PulledAside
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.heads import Heads
from gatepos.till.looking import Looked
from gatepos.till.owing import OtherPaybill
from gatepos.till.passes import NothingOwed
from gatepos.till.window import Owed, Window

_AGAIN_WITHIN_MS = moments.MINUTE_MS
_BOUNCE_MS = 2_000
"""A scanner reads a paper twice within so long: after it let somebody through that is no second use."""
_TAIL = 3
_OUT = ("let_out", "prepaid", "left_owing")
"""Verdicts with which somebody goes out at an exit."""
_AGAIN = ("already_inside", "already_left", "no_longer")
"""Verdicts after which somebody may be let in again on a ground."""


class NothingScanned(Refusal):
    """An action on a paper, and none was scanned."""

    says = N_("Scan a paper first, or type its number.")


class NotAnEntry(Refusal):
    """A ticket where people go out."""

    says = N_("This lane goes out: tickets are looked at where people go in.")


class TooManyPass(Refusal):
    """More people than the paper is for."""

    says = N_("At most {most} can go through on this paper.")


@dataclass(frozen=True, slots=True)
class Back:
    """Who went out and comes back: the ground, how many, until when, unix seconds."""

    ground: str
    people: int
    until_s: int


class Gate:
    """The scan at a lane; `window` holds the passes that are to be settled, `filling` its bill."""

    def __init__(self, desk: Desk, window: Window, filling: Checkout, approvals: Approvals, heads: Heads):
        self._desk = desk
        self._window = window
        self._filling = filling
        self._approvals = approvals
        self._heads = heads
        self._looked: Looked | None = None
        self._aside = PulledAside(desk)
        self._is_together = False
        self.direction = desk.policy.text(policy.DIRECTION)

    # What is looked at.

    def scan(self, typed: str, how: str = "wedge") -> views.ScanView:
        """Look at what a scanner read; several papers glued together are looked at one by one."""
        view: views.ScanView | None = None
        for piece in scanned.split(typed) or (typed,):
            view = self._scan(piece, how)
        return cast(views.ScanView, view)

    def number(self, typed: str) -> views.ScanView:
        """Look a number up that was typed: never green, and the plate's last three are asked. BadNumber.

        On foot there is no plate to ask for: what the paper says of its people is all there is to compare.
        """
        number = judging.named(self._desk, str(numbers.parse(typed)))
        if self._aside.holds(number):
            return self.take_up(number)
        payload = judging.remembered(self._desk, number)
        if payload is None:
            looked = Looked(Verdict("not_known"), "typed", issuer_gate="")
            return self._said(looked, subject=number)
        looked = Looked(Verdict("no_paper"), "typed", payload, asks_plate=True, issuer=number[:4])
        looked.issuer_gate = self._gate_of(number[:4])
        if not payload.plate:
            verdict, charge = self._judged(payload, looked.issuer_gate, None)
            looked = replace(looked, verdict=verdict, charge=charge, asks_plate=False)
        return self._said(looked)

    def ticket(self, typed: str) -> views.ScanView:
        """Look a ticket's reference up that was typed; BadTicket, NotAnEntry."""
        if self.direction != gatepass.IN:
            raise NotAnEntry()
        return self._said(self._presented(payment.ticket(typed), "typed", None))

    def finish_ticket(self, receipt: str) -> views.ScanView:
        """The ticket at the lane is a receipt now; to read it again at once is a bounce. NothingScanned."""
        if self._looked is None or self._looked.ticket is None:
            raise NothingScanned()
        self._looked = replace(self._looked, receipt=receipt, at_ms=self._desk.clock.mono_ms())
        return self.view()

    def plate(self, typed: str) -> views.ScanView:
        """The last three characters of the plate that stands there, compared with the paper's."""
        looked, payload = self._paper()
        if not looked.asks_plate:
            raise NothingScanned()
        tail = text.line(typed).upper().replace(" ", "")[-_TAIL:]
        if len(tail) < _TAIL or not payload.plate.endswith(tail):
            return self._said(replace(looked, verdict=Verdict("plate_differs")))
        verdict, charge = self._judged(payload, looked.issuer_gate, None)
        return self._said(replace(looked, verdict=verdict, charge=charge, asks_plate=False))

    # What is done about it.

    def accept(self) -> views.ScanView:
        """The clerk looked at a paper whose address is not ours, and takes it all the same."""
        self._desk.signed_in()
        looked, payload = self._paper()
        if not looked.is_sticker:
            raise NothingScanned()
        verdict, charge = self._judged(payload, looked.issuer_gate, looked.digest)
        return self._said(replace(looked, verdict=verdict, charge=charge, is_sticker=False))

    def only(self, people: int) -> views.ScanView:
        """So many went through, not all of them; the difference is appended. TooManyPass."""
        self._desk.signed_in()
        looked, payload = self._paper()
        if not looked.passed or not 0 <= people <= payload.heads:
            raise TooManyPass(most=payload.heads)
        before, looked.passed = looked.passed, people
        self._write(looked, people - before)
        return self.view()

    def readmit(self, ground: str, second: Second | None = None) -> views.ScanView:
        """Let somebody in again whose paper is used up, on a ground; NeedsSecond.

        Whoever is inside by the books already is not counted in again.
        """
        looked, payload = self._paper()
        if looked.verdict.word not in _AGAIN or self.direction != gatepass.IN:
            raise NothingScanned()
        reason = text.reason(ground)
        about = {"paper": payload.number, "reason": reason}
        also = self._approvals.also(second, "pass.scanned", about)
        past = judging.past_of(self._desk, payload, looked.digest)
        outside = gatepass.good(payload, past) - max(past.went_in - past.went_out, 0)
        again = replace(looked, verdict=Verdict("readmitted", people=max(outside, 0)))
        return self._said(again, reason=reason, also=also)

    def follow(self) -> views.ScanView:
        """Go on at an exit with the pass that took the place of the paper there; NothingScanned.

        Its price changed while it was inside: nobody had the newer paper to give.
        """
        looked, payload = self._paper()
        newer = self._newer(looked)
        if newer is None:
            raise NothingScanned()
        self._desk.signed_in()
        verdict, charge = self._judged(newer, looked.issuer_gate, None)
        return self._said(
            Looked(
                verdict, "typed", newer, issuer=payload.number[:4], issuer_gate=looked.issuer_gate,
                charge=charge,
            )
        )  # fmt: skip

    def _newer(self, looked: Looked) -> Payload | None:
        """The pass that took the place of a paper at an exit at another price, if its entry is known."""
        payload = looked.payload
        if payload is None or looked.verdict.word != "replaced" or self.direction != gatepass.OUT:
            return None
        number = self._desk.ledger.receivables.last(payload.number)
        entry = self._desk.ledger.known(number)
        if entry is None or not repricing.is_priced_anew(entry):
            return None
        return judging.remembered(self._desk, number)

    def coming_back(self, ground: str) -> views.ScanView:
        """Whoever just went out on a paper comes back on it, on a ground: once, until policy's end of that.

        NotOnThatGround, NothingScanned where nobody went out.
        """
        self._desk.signed_in()
        looked, payload = self._paper()
        if not self._may_come_back(looked):
            raise NothingScanned()
        until_s = judging.back_until_s(self._desk, payload, ground)
        people = looked.passed or looked.verdict.people
        self._write(looked, 0, back=Back(ground, people, until_s))
        looked.back = ground
        return self.view()

    def waive_overstay(
        self, ground: str, second: Second | None = None, id: str | None = None
    ) -> views.ScanView:
        """Charge no overstay, on a ground; NothingScanned where none is charged, NeedsSecond, MoneyTaken."""
        looked, payload = self._paper()
        if not looked.charge:
            raise NothingScanned()
        self._window.check_no_money()
        data = {
            "pass": payload.number,
            "amount_minor": 0,
            "overstay_minor": sum(line.kes_minor for line in looked.charge),
            "ground": text.reason(ground),
        }
        also = self._approvals.also(second, "pass.waived", data)
        self._desk.write("pass.waived", data, id=id, also=also)
        verdict, charge = self._judged(payload, looked.issuer_gate, looked.digest)
        return self._said(replace(looked, verdict=verdict, charge=charge))

    def settle(self, typed: Sequence[str]) -> None:
        """Put passes at the window, to be paid together by one payer.

        NothingOwed, OtherPaybill, MoneyTaken.
        """
        self._window.check_no_money()
        wanted = dict.fromkeys(str(numbers.parse(one)) for one in typed)
        settles = tuple(owing.of_number(self._desk, one, self.direction) for one in wanted)
        owing.check_together(settles)
        self._filling.leave("left")
        self._window.work.settles = settles

    def collect(self, *typed: str) -> views.ScanView:
        """Take what is owed on passes whose papers nobody shows, by one payer; nobody leaves by them.

        Nothing was looked at, so nothing is recorded before it is paid. NothingOwed, OtherPaybill,
        MoneyTaken.
        """
        self.leave()
        wanted = dict.fromkeys(str(numbers.parse(one)) for one in typed)
        settles = tuple(owing.of_number(self._desk, one, gatepass.IN) for one in wanted)
        owing.check_together(settles)
        owed = settles[0]
        found = passes.find(self._desk.ledger, owed.paper.number)
        is_gone = found is not None and found.went_out > 0 and found.went_out >= found.went_in
        issuer = owed.paper.number[:4]
        self._looked = Looked(
            Verdict("already_left" if is_gone else "not_paid", owed.owed_minor), "typed", owed.paper,
            issuer=issuer, issuer_gate=self._gate_of(issuer), charge=owed.overstay, is_recorded=True,
        )  # fmt: skip
        self._window.work.settles = settles
        return self.view()

    def together(self) -> None:
        """The next paper is paid together with those that are to be settled, by one payer; NothingOwed."""
        self.owed()
        self._is_together = True

    def look_again(self, typed: str) -> views.ScanView:
        """What became of a paper by a payment or by letting them out; nothing was scanned for it.

        NothingScanned when another paper stands at the lane by now.
        """
        looked, payload = self._paper()
        if payload.number != str(numbers.parse(typed)):
            raise NothingScanned()
        verdict = judging.after(self._desk, payload, looked.digest, looked.verdict)
        again = replace(looked, verdict=verdict, charge=(), is_recorded=True)
        self._looked = again
        self._to_collect(again, self._settles(again))
        return self.view()

    def pull_aside(self) -> tuple[views.Aside, ...]:
        """Let the next paper come first, and keep this one to be taken up again; TooManyAside, MoneyTaken."""
        looked, _ = self._paper()
        self._aside.check_room()
        self.leave()
        self._aside.add(looked)
        return self.waiting()

    def take_up(self, typed: str) -> views.ScanView:
        """Go on with a paper that was pulled aside, by what is known of it now; NotAside, MoneyTaken."""
        number = str(numbers.parse(typed))
        found = self._aside.find(number)
        self.leave()
        if found.payload is not None and found.verdict.owed_minor:
            verdict, charge = self._judged(found.payload, found.issuer_gate, found.digest)
            found = replace(found, verdict=verdict, charge=charge)
            if verdict.through:
                return self._said(found)
        self._aside.forget(number)
        self._heads.look(found.payload, found.digest, found.verdict, self.direction)
        self._looked = found
        self._to_collect(found, self._settles(found))
        return self.view()

    def owed(self) -> Owed:
        """What is to be collected on the paper that was looked at; NothingOwed, MoneyTaken."""
        self._window.check_no_money()
        settles = self._window.work.settles
        if not settles:
            raise NothingOwed(number="—")
        return settles[0]

    def owed_elsewhere(self) -> int:
        """What the paper that was looked at owes where another gate is to collect it, KES minor units."""
        looked = self._looked
        if looked is None or looked.payload is None or looked.verdict.word != "wrong_gate":
            return 0
        past = judging.past_of(self._desk, looked.payload, looked.digest)
        return gatepass.owed_minor(looked.payload, past)

    def turn(self) -> str:
        """The lane goes the other way now."""
        self.leave()
        self.direction = gatepass.OUT if self.direction == gatepass.IN else gatepass.IN
        return self.direction

    def leave(self) -> None:
        """Leave the paper; repeats of it that were only counted are written. MoneyTaken."""
        self._window.check_no_money()
        self._count_repeats()
        self._heads.leave()
        self._looked = None
        self._is_together = False
        self._filling.leave("left")

    # What is shown.

    def view(self) -> views.ScanView:
        """The paper that was looked at last; NothingScanned."""
        if self._looked is None:
            raise NothingScanned()
        may_readmit = self._looked.verdict.word in _AGAIN and self.direction == gatepass.IN
        may_follow = self._newer(self._looked) is not None
        return looking.view(
            self._desk, self._window, self._looked, self.direction,
            may_readmit=may_readmit, may_follow=may_follow,
            may_come_back=self._may_come_back(self._looked),
        )  # fmt: skip

    def _may_come_back(self, looked: Looked) -> bool:
        """Whether somebody went out on it, and nothing was said of their coming back."""
        is_out = self.direction == gatepass.OUT and looked.verdict.word in _OUT
        return is_out and looked.is_recorded and looked.verdict.people > 0 and not looked.back

    def seen(self) -> tuple[views.SeenPaid, ...]:
        """What central saw paid by now for the paper that is shown."""
        return seen.of_window(self._desk, self._window)

    def waiting(self) -> tuple[views.Aside, ...]:
        """The papers pulled aside, the first of them first."""
        return self._aside.view()

    # Deciding.

    def _scan(self, typed: str, how: str) -> views.ScanView:
        looked = self._read(typed, how)
        last = self._looked
        if last is not None and _is_repeat(last, looked, self._desk.clock.mono_ms() - last.at_ms):
            last.repeats += 1
            return self.view()
        return self._said(looked)

    def _read(self, typed: str, how: str) -> Looked:
        found = reading.paper_of(typed, self._desk.keyring)
        if not isinstance(found, Paper):
            is_ours = found is not NotOurs
            reference = None if is_ours else self._reference(typed)
            digest = hashlib.sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()
            if reference is not None:
                return self._presented(reference, how, digest)
            what = "" if is_ours else scanned.kind_of(typed)
            return Looked(Verdict(reading.VERDICTS[found]), how, digest=digest, what=what)
        payload, row = found.payload, found.signer
        looked = Looked(Verdict("does_not_verify"), how, payload, found.digest, row.till, row.gate)
        if self._is_distrusted(payload, row) and not self._was_heard(payload, row, found.digest):
            return looked
        verdict, charge = self._judged(payload, row.gate, found.digest)
        if judging.is_strange(self._desk, found.host) and verdict.through:
            return replace(looked, verdict=Verdict("sticker"), is_sticker=True)
        return replace(looked, verdict=verdict, charge=charge)

    def _reference(self, typed: str) -> str | None:
        """The reference in a ticket's code, where people go in."""
        try:
            return tickets.in_code(self._desk, typed) if self.direction == gatepass.IN else None
        except NoReference:
            return None

    def _presented(self, reference: str, how: str, digest: str | None) -> Looked:
        """A ticket paid elsewhere, and the bill that it opens."""
        is_typed = how == "typed"
        found = tickets.find(self._desk, reference, self._window.fresh().bill, is_typed=is_typed)
        return Looked(found.verdict, how, digest=digest, what=Kind.ECITIZEN_TICKET, ticket=found)

    def _is_distrusted(self, payload: Payload, signer: KeyRow) -> bool:
        """Whether the signer's key, or the key of whose pass central saw paid, is revoked."""
        issuer = keyring.of_till(self._desk.keyring, payload.number[:4])
        return signer.is_revoked or (payload.kind == SEEN and issuer is not None and issuer.is_revoked)

    def _was_heard(self, payload: Payload, signer: KeyRow, digest: str) -> bool:
        """Whether this paper is in the books; of what central signed, the pass that it lets out.

        Who copied a key of central could sign for any pass that is in the books.
        """
        ledger = self._desk.ledger
        if payload.kind == SEEN:
            return not signer.is_revoked and ledger.known(payload.number) is not None
        return passes.was_heard(ledger, payload.number, digest)

    def _judged(
        self, payload: Payload, issuer_gate: str, digest: str | None
    ) -> tuple[Verdict, tuple[Line, ...]]:
        return judging.judged(self._desk, payload, issuer_gate, self.direction, digest)

    # Recording.

    def _said(
        self,
        looked: Looked,
        subject: str | None = None,
        reason: str | None = None,
        also: Mapping[str, object] | None = None,
    ) -> views.ScanView:
        """Record a verdict and show it: whatever the ledger says, but on it where somebody goes through.

        MoneyTaken while another paper is paid in part; OtherPaybill beside passes that are paid elsewhere.
        """
        self._window.check_no_money()
        settles = self._settles(looked)
        self._count_repeats()
        looked.at_ms = self._desk.clock.mono_ms()
        looked.passed = looked.verdict.through
        looked.is_recorded = False
        try:
            self._heads.look(looked.payload, looked.digest, looked.verdict, self.direction)
            self._write(looked, looked.passed, subject=subject, reason=reason, also=also)
            looked.is_recorded = True
        except Trouble:
            if looked.verdict.through:
                raise
        self._looked = looked
        if looked.payload is not None:
            self._aside.forget(looked.payload.number)
        self._to_collect(looked, settles)
        return self.view()

    def _write(
        self,
        looked: Looked,
        people: int,
        count: int = 1,
        subject: str | None = None,
        reason: str | None = None,
        also: Mapping[str, object] | None = None,
        back: Back | None = None,
    ) -> None:
        payload = looked.payload
        data = {
            "subject": payload.number if payload else subject,
            "digest": looked.digest,
            "paper": payload.kind if payload and looked.digest else None,
            "issuer": looked.issuer if looked.digest else None,
            "due_minor": payload.due if payload and looked.digest else None,
            "plate": payload.plate if payload and looked.digest else None,
            "what": looked.what or None,
            "direction": self.direction,
            "how": looked.how,
            "verdict": looked.verdict.word,
            "people": people,
            "count": count,
            "reason": reason,
            "back": back.ground if back else None,
            "back_people": back.people if back else None,
            "back_until": moments.to_text(back.until_s * 1000) if back else None,
        }
        self._desk.write("pass.scanned", data, also=also)

    def _count_repeats(self) -> None:
        """Repeats within a minute become one entry with their count."""
        last = self._looked
        if last is not None and last.repeats:
            count, last.repeats = last.repeats, 0
            self._write(last, 0, count)

    def _settles(self, looked: Looked) -> tuple[Owed, ...]:
        """What is owed on it beside what is paid together with it; OtherPaybill, then it comes alone."""
        before = self._window.work.settles if self._is_together else ()
        payload, verdict = looked.payload, looked.verdict
        settles = tuple(o for o in before if payload is None or o.paper.number != payload.number)
        if payload is not None and verdict.owed_minor and self.direction == gatepass.OUT:
            settles += (owing.of_paper(self._desk, payload, looked.digest, verdict, looked.charge),)
        try:
            owing.check_together(settles)
        except OtherPaybill:
            self._is_together = False
            raise
        return settles

    def _to_collect(self, looked: Looked, settles: tuple[Owed, ...]) -> None:
        """It stands at the window; a bill opened there for somebody without a pass is left.

        Nobody else is to find that waiting.
        """
        self._is_together = self._is_together and looked.asks_plate
        self._filling.leave("left")
        self._window.work.settles = settles
        found = looked.ticket
        if found is not None and found.bill is not None:
            self._window.work.bill, self._window.work.ticket = found.bill, found.ticket

    def _paper(self) -> tuple[Looked, Payload]:
        if self._looked is None or self._looked.payload is None:
            raise NothingScanned()
        return self._looked, self._looked.payload

    def _gate_of(self, till: str) -> str:
        return next((row.gate for row in self._desk.keyring.values() if row.till == till), "")


def _is_repeat(last: Looked, now: Looked, after_ms: int) -> bool:
    """The same paper with the same verdict within a minute; only a bounce where somebody went through.

    Let through twice means that some went through and now the rest do.
    """
    if now.digest is None or now.digest != last.digest:
        return False
    if last.verdict.through or last.receipt:
        return after_ms < _BOUNCE_MS
    return now.verdict.word == last.verdict.word and after_ms < _AGAIN_WITHIN_MS

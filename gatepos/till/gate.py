"""The gate: a paper is scanned or its number typed, and the verdict is recorded before it is green."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from gatepos.domain import gatepass, moments, numbers, policy, scanned, text
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import Payload, Verdict
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.seal.checking import NotOurs, Paper
from gatepos.till import judging, looking, reading, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.checkout import Checkout
from gatepos.till.desk import Desk
from gatepos.till.looking import Looked
from gatepos.till.passes import NothingOwed
from gatepos.till.window import Owed, Window

_AGAIN_WITHIN_MS = moments.MINUTE_MS
_BOUNCE_MS = 2_000
"""A scanner reads a paper twice within so long: after it let somebody through that is no second use."""
_TAIL = 3
_AGAIN = ("already_inside", "already_left", "no_longer")
"""Verdicts after which somebody may be let in again on a ground."""
_ASIDE_MAX = 40


class NothingScanned(Refusal):
    """An action on a paper, and none was scanned."""

    says = N_("Scan a paper first, or type its number.")


class TooManyPass(Refusal):
    """More people than the paper is for."""

    says = N_("At most {most} can go through on this paper.")


class NotAside(Refusal):
    """A paper that was not pulled aside."""

    says = N_("{number} does not wait aside. Scan it, or type its number.")


class TooManyAside(Refusal):
    """More papers aside than anybody can keep in mind."""

    says = N_("{n} wait aside already. Take one of them first.")


class Gate:
    """The scan at a lane; `window` holds the passes that are to be settled, `filling` its bill."""

    def __init__(self, desk: Desk, window: Window, filling: Checkout, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._filling = filling
        self._approvals = approvals
        self._looked: Looked | None = None
        self._aside: list[Looked] = []
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
        """Look a number up that was typed: never green, and the plate's last three are asked. BadNumber."""
        number = judging.named(self._desk, str(numbers.parse(typed)))
        if self._found_aside(number) is not None:
            return self.take_up(number)
        payload = judging.remembered(self._desk, number)
        if payload is None:
            looked = Looked(Verdict("not_known"), "typed", issuer_gate="")
            return self._said(looked, subject=number)
        looked = Looked(Verdict("no_paper"), "typed", payload, asks_plate=True, issuer=number[:4])
        looked.issuer_gate = self._gate_of(number[:4])
        return self._said(looked)

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
        looked, payload = self._paper()
        if not looked.is_sticker:
            raise NothingScanned()
        verdict, charge = self._judged(payload, looked.issuer_gate, looked.digest)
        return self._said(replace(looked, verdict=verdict, charge=charge, is_sticker=False))

    def only(self, people: int) -> views.ScanView:
        """So many went through, not all of them; the difference is appended. TooManyPass."""
        looked, payload = self._paper()
        if not looked.passed or not 0 <= people <= payload.heads:
            raise TooManyPass(most=payload.heads)
        before, looked.passed = looked.passed, people
        self._write(looked, people - before)
        return self.view()

    def readmit(self, ground: str, second: Second | None = None) -> views.ScanView:
        """Let somebody in again whose paper is used up, on a ground; NeedsSecond."""
        looked, payload = self._paper()
        if looked.verdict.word not in _AGAIN or self.direction != gatepass.IN:
            raise NothingScanned()
        reason = text.reason(ground)
        about = {"paper": payload.number, "reason": reason}
        also = self._approvals.also(second, "pass.scanned", about)
        again = replace(looked, verdict=Verdict("readmitted", people=payload.heads))
        return self._said(again, reason=reason, also=also)

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
        """Put passes at the window to be paid together by one payer; NothingOwed, MoneyTaken."""
        self._window.check_no_money()
        owed = [self._owed_of(str(numbers.parse(one))) for one in typed]
        self._filling.leave("left")
        self._window.work.settles = tuple(owed)

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
        past = passes.past(self._desk.ledger, payload, looked.digest)
        owed_minor = gatepass.owed_minor(payload, past)
        inside = (past.went_in or payload.heads) - past.went_out
        people = looked.verdict.people
        verdict = Verdict("let_out", people=people)
        if owed_minor:
            is_out = inside <= 0
            verdict = (
                Verdict("left_owing", people=people) if is_out else Verdict("part_paid", owed_minor, people)
            )
        again = replace(looked, verdict=verdict, charge=(), is_recorded=True)
        self._looked = again
        self._to_collect(again)
        return self.view()

    def pull_aside(self) -> tuple[views.Aside, ...]:
        """Let the next paper come first, and keep this one to be taken up again; TooManyAside, MoneyTaken."""
        looked, payload = self._paper()
        if len(self._aside) >= _ASIDE_MAX:
            raise TooManyAside(n=_ASIDE_MAX)
        self.leave()
        self._forget_aside(payload.number)
        self._aside.append(looked)
        return self.waiting()

    def take_up(self, typed: str) -> views.ScanView:
        """Go on with a paper that was pulled aside, by what is known of it now; NotAside, MoneyTaken."""
        number = str(numbers.parse(typed))
        found = self._found_aside(number)
        if found is None or found.payload is None:
            raise NotAside(number=numbers.printed(number))
        self.leave()
        if found.verdict.owed_minor:
            verdict, charge = self._judged(found.payload, found.issuer_gate, found.digest)
            found = replace(found, verdict=verdict, charge=charge)
            if verdict.through:
                return self._said(found)
        self._forget_aside(number)
        self._looked = found
        self._to_collect(found)
        return self.view()

    def owed(self) -> Owed:
        """What is to be collected on the paper that was looked at; NothingOwed, MoneyTaken."""
        self._window.check_no_money()
        settles = self._window.work.settles
        if not settles:
            raise NothingOwed(number="—")
        return settles[0]

    def turn(self) -> str:
        """The lane goes the other way now."""
        self.leave()
        self.direction = gatepass.OUT if self.direction == gatepass.IN else gatepass.IN
        return self.direction

    def leave(self) -> None:
        """Leave the paper; repeats of it that were only counted are written. MoneyTaken."""
        self._window.check_no_money()
        self._count_repeats()
        self._looked = None
        self._is_together = False
        self._filling.leave("left")

    # What is shown.

    def view(self) -> views.ScanView:
        """The paper that was looked at last; NothingScanned."""
        if self._looked is None:
            raise NothingScanned()
        may_readmit = self._looked.verdict.word in _AGAIN and self.direction == gatepass.IN
        return looking.view(self._desk, self._window, self._looked, self.direction, may_readmit=may_readmit)

    def waiting(self) -> tuple[views.Aside, ...]:
        """The papers pulled aside, the first of them first."""
        return tuple(looking.aside(self._desk, one) for one in self._aside)

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
            digest = hashlib.sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()
            what = "" if is_ours else scanned.kind_of(typed)
            return Looked(Verdict(reading.VERDICTS[found]), how, digest=digest, what=what)
        payload, row = found.payload, found.signer
        looked = Looked(Verdict("does_not_verify"), how, payload, found.digest, row.till, row.gate)
        if row.is_revoked and not passes.was_heard(self._desk.ledger, payload.number, found.digest):
            return looked
        verdict, charge = self._judged(payload, row.gate, found.digest)
        if judging.is_strange(self._desk, found.host) and verdict.through:
            return replace(looked, verdict=Verdict("sticker"), is_sticker=True)
        return replace(looked, verdict=verdict, charge=charge)

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

        MoneyTaken while another paper is paid in part.
        """
        self._window.check_no_money()
        self._count_repeats()
        looked.at_ms = self._desk.clock.mono_ms()
        looked.passed = looked.verdict.through
        looked.is_recorded = False
        try:
            self._write(looked, looked.passed, subject=subject, reason=reason, also=also)
            looked.is_recorded = True
        except Trouble:
            if looked.verdict.through:
                raise
        self._looked = looked
        if looked.payload is not None:
            self._forget_aside(looked.payload.number)
        self._to_collect(looked)
        return self.view()

    def _write(
        self,
        looked: Looked,
        people: int,
        count: int = 1,
        subject: str | None = None,
        reason: str | None = None,
        also: Mapping[str, object] | None = None,
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
        }
        self._desk.write("pass.scanned", data, also=also)

    def _count_repeats(self) -> None:
        """Repeats within a minute become one entry with their count."""
        last = self._looked
        if last is not None and last.repeats:
            count, last.repeats = last.repeats, 0
            self._write(last, 0, count)

    def _to_collect(self, looked: Looked) -> None:
        """What is owed stands at the window, beside what is paid together with it.

        A bill opened there for somebody without a pass is left: nobody else is to find it waiting.
        """
        before = self._window.work.settles if self._is_together else ()
        self._is_together = self._is_together and looked.asks_plate
        self._filling.leave("left")
        work = self._window.work
        payload, verdict = looked.payload, looked.verdict
        work.settles = tuple(o for o in before if payload is None or o.paper.number != payload.number)
        if payload is not None and verdict.owed_minor and self.direction == gatepass.OUT:
            work.settles += (self._owed(payload, looked.digest, verdict, looked.charge),)

    def _found_aside(self, number: str) -> Looked | None:
        return next((one for one in self._aside if one.payload and one.payload.number == number), None)

    def _forget_aside(self, number: str) -> None:
        self._aside = [one for one in self._aside if one.payload and one.payload.number != number]

    def _owed(self, payload: Payload, digest: str | None, verdict: Verdict, charge: tuple[Line, ...]) -> Owed:
        desk = self._desk
        found = passes.find(desk.ledger, payload.number)
        issued = desk.ledger.known(payload.number)
        paybill = issued.data.get("paybill") if issued else None
        n_days = 0 if not charge else charge[0].times
        is_own = payload.kind == gatepass.OWED
        return Owed(
            paper=payload,
            owed_minor=verdict.owed_minor,
            paybill=str(paybill or desk.pass_paybill()),
            leaving=verdict.people if self.direction == gatepass.OUT else 0,
            digest=digest if is_own else None,
            overstay=charge,
            overstay_days=n_days,
            outage=found.outage if found else None,
        )

    def _owed_of(self, number: str) -> Owed:
        payload = judging.remembered(self._desk, number)
        if payload is None:
            raise NothingOwed(number=numbers.printed(number))
        past = passes.past(self._desk.ledger, payload, None)
        owed_minor = gatepass.owed_minor(payload, past)
        if not owed_minor:
            raise NothingOwed(number=numbers.printed(number))
        inside = (past.went_in or payload.heads) - past.went_out
        leaving = max(inside, 0) if self.direction == gatepass.OUT else 0
        return self._owed(payload, None, Verdict("not_paid", owed_minor, leaving), ())

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
    if last.verdict.through:
        return after_ms < _BOUNCE_MS
    return now.verdict.word == last.verdict.word and after_ms < _AGAIN_WITHIN_MS

"""The gate: a paper is scanned or its number typed, and the verdict is recorded before it is green."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from gatepos.domain import gatepass, moments, numbers, overstay, policy, scanned, text, verdicts
from gatepos.domain.bill import Line
from gatepos.domain.gatepass import Here, Payload, Verdict
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.seal import checking
from gatepos.seal.checking import NotOurs, Paper
from gatepos.till import reading, views
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk
from gatepos.till.passes import NothingOwed
from gatepos.till.window import Owed, Window

_AGAIN_WITHIN_MS = moments.MINUTE_MS
_BOUNCE_MS = 2_000
"""A scanner reads a paper twice within so long: after it let somebody through that is no second use."""
_TAIL = 3
_AGAIN = ("already_inside", "already_left", "no_longer")
"""Verdicts after which somebody may be let in again on a ground."""


class NothingScanned(Refusal):
    """An action on a paper, and none was scanned."""

    says = N_("Scan a paper first, or type its number.")


class TooManyPass(Refusal):
    """More people than the paper is for."""

    says = N_("At most {most} can go through on this paper.")


@dataclass(slots=True)
class _Looked:
    """The paper that was looked at last, and what came of it."""

    verdict: Verdict
    how: str
    payload: Payload | None = None
    digest: str | None = None
    issuer: str | None = None
    issuer_gate: str = ""
    what: str = ""
    asks_plate: bool = False
    is_sticker: bool = False
    charge: tuple[Line, ...] = ()
    is_recorded: bool = False
    passed: int = 0
    at_ms: int = 0
    repeats: int = 0


class Gate:
    """The scan at a lane; `window` holds the passes that are to be settled."""

    def __init__(self, desk: Desk, window: Window, approvals: Approvals):
        self._desk = desk
        self._window = window
        self._approvals = approvals
        self._looked: _Looked | None = None
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
        number = str(numbers.parse(typed))
        payload = self._remembered(number)
        if payload is None:
            looked = _Looked(Verdict("not_known"), "typed", issuer_gate="")
            return self._said(looked, subject=number)
        looked = _Looked(Verdict("no_paper"), "typed", payload, asks_plate=True, issuer=number[:4])
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
        verdict, charge = self._decided(payload, looked.issuer_gate, None)
        return self._said(replace(looked, verdict=verdict, charge=charge, asks_plate=False))

    # What is done about it.

    def accept(self) -> views.ScanView:
        """The clerk looked at a paper whose address is not ours, and takes it all the same."""
        looked, payload = self._paper()
        if not looked.is_sticker:
            raise NothingScanned()
        verdict, charge = self._decided(payload, looked.issuer_gate, looked.digest)
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

    def settle(self, typed: Sequence[str]) -> None:
        """Put passes at the window to be paid together by one payer; NothingOwed, MoneyTaken."""
        self._window.check_no_money()
        owed = [self._owed_of(str(numbers.parse(one))) for one in typed]
        self._window.work = replace(self._window.fresh(), settles=tuple(owed))

    def owed(self) -> Owed:
        """What is to be collected on the paper that was looked at; NothingOwed."""
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
        self._window.work = self._window.fresh()

    # What is shown.

    def view(self) -> views.ScanView:
        """The paper that was looked at last; NothingScanned."""
        looked = self._looked
        if looked is None:
            raise NothingScanned()
        payload, verdict = looked.payload, looked.verdict
        look = verdicts.LOOKS[verdict.word]
        is_typed_green = look.tone == verdicts.GREEN and looked.how == "typed"
        heard_ms = self._heard_ms(looked.issuer)
        old_ms = self._desk.policy.whole(policy.HEARD_OLD_AFTER_H) * 60 * moments.MINUTE_MS
        return views.ScanView(
            word=verdict.word,
            tone=verdicts.AMBER if is_typed_green else look.tone,
            direction=self.direction,
            what=looked.what,
            number=numbers.printed(payload.number) if payload else "",
            plate=payload.plate if payload else "",
            band=payload.band if payload else 0,
            people=payload.people if payload else (),
            issuer=looked.issuer or "",
            issuer_gate=self._desk.park.gate_name(looked.issuer_gate),
            issued_ms=payload.issued * 1000 if payload else 0,
            valid_until_ms=payload.valid_until * 1000 if payload else 0,
            leave_by=self._desk.park.hours.leave_by,
            story=self._story(payload),
            heard_ms=heard_ms,
            is_old=self._desk.clock.wall_ms() - heard_ms > old_ms,
            owed_minor=verdict.owed_minor,
            overstay_minor=sum(line.kes_minor for line in looked.charge),
            passing=looked.passed,
            paybill=self._window.paybill(),
            asks_plate=looked.asks_plate,
            may_accept=looked.is_sticker,
            may_readmit=verdict.word in _AGAIN and self.direction == gatepass.IN,
            is_recorded=looked.is_recorded,
        )

    # Deciding.

    def _scan(self, typed: str, how: str) -> views.ScanView:
        looked = self._read(typed, how)
        last = self._looked
        if last is not None and _is_repeat(last, looked, self._desk.clock.mono_ms() - last.at_ms):
            last.repeats += 1
            return self.view()
        return self._said(looked)

    def _read(self, typed: str, how: str) -> _Looked:
        found = reading.paper_of(typed, self._desk.keyring)
        if not isinstance(found, Paper):
            is_ours = found is not NotOurs
            digest = hashlib.sha256(typed.encode("utf-8", "surrogatepass")).hexdigest()
            what = "" if is_ours else scanned.kind_of(typed)
            return _Looked(Verdict(reading.VERDICTS[found]), how, digest=digest, what=what)
        payload, row = found.payload, found.signer
        looked = _Looked(Verdict("does_not_verify"), how, payload, found.digest, row.till, row.gate)
        if row.is_revoked and not passes.was_heard(self._desk.ledger, payload.number, found.digest):
            return looked
        verdict, charge = self._decided(payload, row.gate, found.digest)
        if self._is_strange(found.host) and verdict.through:
            return replace(looked, verdict=Verdict("sticker"), is_sticker=True)
        return replace(looked, verdict=verdict, charge=charge)

    def _decided(
        self, payload: Payload, issuer_gate: str, digest: str | None
    ) -> tuple[Verdict, tuple[Line, ...]]:
        past = passes.past(self._desk.ledger, payload, digest)
        charge = self._overstay(payload) if self.direction == gatepass.OUT else ()
        extra = sum(line.kes_minor for line in charge)
        verdict = gatepass.decide(payload, issuer_gate, self._here(payload), past, extra)
        return verdict, charge if verdict.owed_minor else ()

    def _here(self, payload: Payload) -> Here:
        """Where and when; by a wrong clock every paper of the business day is in its time."""
        desk = self._desk
        now = desk.clock.wall_ms() // 1000
        if desk.ledger.state.clock != "ok":
            begins = moments.at_local(desk.today(), 0) // 1000
            now = min(max(payload.valid_from, begins), begins + 86_399)
        return Here(desk.park.code, desk.ledger.context.gate, self.direction, now)

    def _overstay(self, payload: Payload) -> tuple[Line, ...]:
        """What the time past its end costs: nothing until policy names a regulation."""
        desk, ledger = self._desk, self._desk.ledger
        if not desk.policy.text(policy.OVERSTAY_UNDER) or not payload.is_pass:
            return ()
        first = passes.first_out_at(ledger, payload.number)
        until_s = (moments.from_text(first) if first else desk.clock.wall_ms()) // 1000
        n_days = overstay.days(payload, until_s)
        if not n_days or passes.was_charged_overstay(ledger, payload.number):
            return ()
        sold = (p for p in desk.park.products if desk.book.parks.product(p).parks == payload.parks)
        product = next(sold, desk.park.code)
        return overstay.charge(payload, desk.schedule(), product, ledger.state.rate_e4, n_days, desk.today())

    def _is_strange(self, host: str | None) -> bool:
        """Whether the code leads to a host that is not the park's, now or before."""
        if host is None:
            return False
        changes = self._desk.ledger.of_kind("config.changed")
        ours = {str(e.data["value"]).lower() for e in changes if e.data["key"] == policy.PASS_HOST}
        return host.lower() not in ours

    # Recording.

    def _said(
        self,
        looked: _Looked,
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
        self._to_collect(looked)
        return self.view()

    def _write(
        self,
        looked: _Looked,
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

    def _to_collect(self, looked: _Looked) -> None:
        """What is owed stands at the window; nothing when nothing is."""
        work = self._window.fresh()
        payload, verdict = looked.payload, looked.verdict
        if payload is not None and verdict.owed_minor and self.direction == gatepass.OUT:
            work.settles = (self._owed(payload, looked.digest, verdict, looked.charge),)
        self._window.work = work

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
        payload = self._remembered(number)
        if payload is None:
            raise NothingOwed(number=numbers.printed(number))
        past = passes.past(self._desk.ledger, payload, None)
        owed_minor = gatepass.owed_minor(payload, past)
        if not owed_minor:
            raise NothingOwed(number=numbers.printed(number))
        inside = (past.went_in or payload.heads) - past.went_out
        leaving = max(inside, 0) if self.direction == gatepass.OUT else 0
        return self._owed(payload, None, Verdict("not_paid", owed_minor, leaving), ())

    def _remembered(self, number: str) -> Payload | None:
        """What the paper of a number says, as its till wrote it, when this till has its entry or heard it."""
        entry = self._desk.ledger.known(number)
        if entry is None or "token" not in entry.data or entry.kind == "pass.settled":
            return None
        return checking.read("GP:" + cast(str, entry.data["token"]), self._desk.keyring).payload

    def _paper(self) -> tuple[_Looked, Payload]:
        if self._looked is None or self._looked.payload is None:
            raise NothingScanned()
        return self._looked, self._looked.payload

    # Telling.

    def _story(self, payload: Payload | None) -> tuple[views.Told, ...]:
        if payload is None:
            return ()
        events = passes.story(self._desk.ledger, payload.number)
        return tuple(
            views.Told(
                event.what,
                moments.from_text(event.at),
                self._desk.park.gate_name(event.gate) or event.till,
                event.people,
                event.minor,
                numbers.printed(event.number) if event.number else "",
            )
            for event in events
        )

    def _heard_ms(self, issuer: str | None) -> int:
        """The last moment that this till heard of from a paper's own, or from any where the paper is its own.

        Its own enrolment when it never did.
        """
        desk = self._desk
        told = {till: applied.to_at for till, applied in desk.heard.items()}
        if issuer not in (None, desk.own.till):
            told = {till: at for till, at in told.items() if till == issuer}
        return moments.from_text(max(told.values(), default=desk.ledger.entry(1).at))

    def _gate_of(self, till: str) -> str:
        return next((row.gate for row in self._desk.keyring.values() if row.till == till), "")


def _is_repeat(last: _Looked, now: _Looked, after_ms: int) -> bool:
    """The same paper with the same verdict within a minute; only a bounce where somebody went through.

    Let through twice means that some went through and now the rest do.
    """
    if now.digest is None or now.digest != last.digest:
        return False
    if last.verdict.through:
        return after_ms < _BOUNCE_MS
    return now.verdict.word == last.verdict.word and after_ms < _AGAIN_WITHIN_MS

"""The pages by which central is set: rates, policy, staff; and its lists of gates and keys."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from gatepos.central import agreeing, enrolling, publishing, staffing
from gatepos.central.managers import people
from gatepos.central.managers.frame import Visit
from gatepos.central.managers.pages import NoPark, Pages
from gatepos.central.staffing import Staffing
from gatepos.central.store import glance, proposals, tills
from gatepos.central.store.glance import TillSeen
from gatepos.domain import labels, moments, policy, rates, receipt
from gatepos.domain.parks import Gate, Park
from gatepos.domain.rates import Rate
from gatepos.errors import Refusal
from gatepos.seal import enrolment, keys

Fields = Mapping[str, str]
SURE = "sure"
"""The field of a form that was looked at with what it would change, and confirmed."""
_SET = tuple(setting for key, setting in policy.SETTINGS.items() if key not in policy.OF_TILL)


@dataclass(frozen=True, slots=True)
class AtGate:
    """A gate and the tills that stand there."""

    gate: Gate
    tills: Sequence[TillSeen]


@dataclass(frozen=True, slots=True)
class KeySeen:
    """A key as people compare it, and whose it is."""

    till: str
    place: str
    kid: str
    code: str
    is_revoked: bool


@dataclass(frozen=True, slots=True)
class Office:
    """Makes these pages with the frame of all others."""

    pages: Pages

    @property
    def staffing(self) -> Staffing:
        """Central's list of staff."""
        return Staffing(self.pages.store, self.pages.people.passwords)

    # Rates.

    def rates(self, request: Request, visit: Visit, fields: Fields, **shown: object) -> Response:
        """The USD rate in force, what waits, and a form for the next."""
        with self.pages.store.reading() as tx:
            found = publishing.rates(tx, self._now())
        may_set = visit.may("administer") and visit.person.park is None
        return self.pages.shown(
            request,
            visit,
            "rates.html",
            None,
            found=found,
            typed=fields,
            may_set=may_set,
            local=lambda at: moments.local_text(moments.from_text(at)),
            **shown,
        )

    def set_rate(self, request: Request, visit: Visit, fields: Fields) -> Response | None:
        """What a rate would change, and once that is confirmed None: it is published, or waits."""
        self._check(visit, None)
        try:
            rate = rates.parse(fields.get("month", ""), fields.get("rate", ""))
            from_at = publishing.moment(fields.get("from", ""), self.pages.clock.wall_ms())
            if SURE in fields:
                publishing.publish_rate(
                    self.pages.store, rate, from_at, visit.person.name, self._now(), fields.get("seen", "")
                )
                return None
            with self.pages.store.reading() as tx:
                before = publishing.check_rate(publishing.rates(tx, self._now()), rate, from_at)
        except Refusal as problem:
            return self.rates(request, visit, fields, problem=problem.said(visit.words))
        return self.rates(
            request, visit, fields, new=rate, before=before, step=_step(before, rate),
            from_at=from_at if fields.get("from", "").strip() else "",
        )  # fmt: skip

    def withdraw_rate(self, visit: Visit, fields: Fields) -> None:
        """Let a rate that waits be; MayNot, OtherPark, NotPlanned, ChangedMeanwhile."""
        self._check(visit, None)
        id_ = fields.get("id", "")
        number = int(id_) if id_.isascii() and id_.isdigit() and len(id_) < 10 else 0
        seen = fields.get("seen", "")
        publishing.withdraw_rate(self.pages.store, number, visit.person.name, self._now(), seen)

    # Policy.

    def policy(self, request: Request, visit: Visit, asked: str, **shown: object) -> Response:
        """What central set for a park, beside what tills have where it set nothing."""
        park = self._park(visit, asked)
        with self.pages.store.reading() as tx:
            found, waiting = publishing.policy_of(tx, park.code), proposals.waiting(tx, park.code)
        return self.pages.shown(
            request,
            visit,
            "policy.html",
            park,
            places=self.pages.places(visit),
            found=found,
            settings=_SET,
            waiting=waiting,
            setting_of=policy.SETTINGS.get,
            **shown,
        )

    def set_policy(self, request: Request, visit: Visit, fields: Fields) -> tuple[Response | None, str]:
        """What settings would change, and once that is confirmed None: they are published. The park, too."""
        park = self._park(visit, fields.get("park", ""))
        self._check(visit, park.code)
        typed = {setting.key: fields[setting.key] for setting in _SET if setting.key in fields}
        try:
            with self.pages.store.reading() as tx:
                changes = publishing.differences(publishing.policy_of(tx, park.code), typed)
            if SURE in fields:
                seen = fields.get("seen", "")
                publishing.publish_policy(
                    self.pages.store, park.code, typed, visit.person.name, self._now(), seen
                )
                return None, park.code
        except Refusal as problem:
            said = problem.said(visit.words)
            return self.policy(request, visit, park.code, typed=typed, problem=said), park.code
        return self.policy(request, visit, park.code, typed=typed, changes=changes), park.code

    def answer_policy(self, visit: Visit, fields: Fields) -> str:
        """Agree to a proposed setting, or withdraw it; the park. MayNot, OtherPark, as `agreeing`."""
        park = self._park(visit, fields.get("park", ""))
        self._check(visit, park.code)
        answer = agreeing.withdraw if fields.get("do") == "withdraw" else agreeing.agree
        key, value = fields.get("key", ""), fields.get("value", "")
        answer(self.pages.store, park.code, key, value, visit.person.name, self._now())
        return park.code

    # Staff.

    def staff(
        self, request: Request, visit: Visit, asked: str, number: str = "", **shown: object
    ) -> Response:
        """The staff of a park; one of them in the form."""
        park = self._park(visit, asked)
        with self.pages.store.reading() as tx:
            found = staffing.listed(tx, park.code)
        chosen = next((one for one in found if one.person.number == number and one.person.roles), None)
        return self.pages.shown(
            request, visit, "staff.html", park, places=self.pages.places(visit), staff=found,
            chosen=chosen, roles=labels.ROLES,
            today=moments.local_day(self.pages.clock.wall_ms()), now_at=self._now(), **shown,
        )  # fmt: skip

    def change_staff(self, request: Request, visit: Visit, fields: Fields) -> Response:
        """Register, change, start anew or end somebody; a code is shown once."""
        park = self._park(visit, fields.get("park", ""))
        self._check(visit, park.code)
        number = fields.get("number", "").strip()
        try:
            code = self._changed(park.code, number, visit.person.name, fields)
        except Refusal as problem:
            said = problem.said(visit.words)
            return self.staff(request, visit, park.code, number, problem=said, typed=fields)
        return self.staff(
            request, visit, park.code, given=staffing.grouped(code) if code else "", whom=number
        )

    def _changed(self, park: str, number: str, who: str, fields: Fields) -> str | None:
        now_ms = self.pages.clock.wall_ms()
        if fields.get("do") == "end":
            self.staffing.end(park, number, who, now_ms)
            return None
        if fields.get("do") == "code":
            return self.staffing.renew(park, number, who, now_ms)
        one = staffing.member(
            number, *(fields.get(name, "") for name in ("name", "role", "from_on", "until_on"))
        )
        return self.staffing.register(park, one, who, now_ms)

    # Gates and keys.

    def gates(self, request: Request, visit: Visit, asked: str) -> Response:
        """The gates of a park with the tills that stand there."""
        park = self._park(visit, asked)
        with self.pages.store.reading() as tx:
            found = glance.tills(tx, park.code)
        at = [AtGate(gate, [till for till in found if till.gate == gate.code]) for gate in park.gates]
        return self.pages.shown(request, visit, "gates.html", park, places=self.pages.places(visit), at=at)

    def keys(self, request: Request, visit: Visit) -> Response:
        """Central's key, and the keys of the tills that somebody sees."""
        with self.pages.store.reading() as tx:
            former, ended = enrolling.former(tx), enrolling.distrusted(tx)
            seen = [one.row for one in tills.every(tx) if visit.person.park in (None, one.row.park)]
        rows = [
            KeySeen(
                row.till, f"{row.park} · {self.pages.gate_name(row.park, row.gate)} · {row.lane}",
                keys.kid_of(row.public).hex(), receipt.check_code(hashlib.sha256(row.public).digest()),
                row.is_revoked,
            )
            for row in seen
        ]  # fmt: skip
        own = self.pages.public
        return self.pages.shown(
            request, visit, "keys.html", None, keys=rows, own=own.hex(), kid=keys.kid_of(own).hex(),
            code=_code(own),
            former=[(_code(one), keys.kid_of(one).hex(), one in ended) for one in reversed(former)],
        )  # fmt: skip

    # What all of them share.

    def _park(self, visit: Visit, asked: str) -> Park:
        park = self.pages.park_of(visit, asked)
        if park is None:
            raise NoPark()
        return park

    def _check(self, visit: Visit, park: str | None) -> None:
        people.check(visit.person, "administer")
        people.check_park(visit.person, park)

    def _now(self) -> str:
        return moments.to_text(self.pages.clock.wall_ms())


def _code(public: bytes) -> str:
    """The ten characters by which people compare central's key."""
    return enrolment.printed(enrolment.check_code(public))


def _step(before: Rate | None, new: Rate) -> str:
    """How far a rate goes from the one before it, in per cent."""
    if before is None:
        return ""
    return f"{(new.rate_e4 - before.rate_e4) * 100 / before.rate_e4:+.2f} %"

"""What each page shows, asked of the store in one transaction; and what its forms change."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response

from gatepos.central import announcing, enrolling
from gatepos.central.apart import Apart
from gatepos.central.managers import (
    cases,
    changed,
    coverage,
    frame,
    looks,
    outages,
    outside,
    passes,
    people,
    takings,
)
from gatepos.central.managers.frame import Visit
from gatepos.central.managers.people import People
from gatepos.central.store import cases as kept_cases
from gatepos.central.store import glance, spares, tills
from gatepos.central.store import looks as kept_looks
from gatepos.central.store import people as kept_people
from gatepos.central.store import takings as kept_takings
from gatepos.central.store.engine import Store, Transaction
from gatepos.domain import fees, keyring, moments, parks
from gatepos.domain.clock import Clock
from gatepos.domain.parks import Park
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports import export
from gatepos.seal import enrolment, passwords
from gatepos.seal.keys import TillKey

OPEN_MAX = 500
_LANE_MAX = 20
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2999, 12, 31)
"""Days outside are nobody's, and some have no day before or after."""


class NoPark(Refusal):
    """A central that no till has joined."""

    says = N_("No till has joined this central yet. Give one a code.")


class NotTyped(Refusal):
    """A till's code that does not stand in the field that confirms."""

    says = N_("Type the till's code, {till}, to say that you mean it. Nothing was changed.")


class NoNumber(Refusal):
    """A position that is no number."""

    says = N_("Type the number of the last entry that counts.")


class Pages:
    """Makes the pages over a store, by a clock."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        key: TillKey,
        clock: Clock,
        people: People,
        versions: Mapping[str, str],
        apart: Apart,
    ):
        self.store, self.folder, self.clock, self.people = store, folder, clock, people
        self.apart = apart
        self._key, self.public = key, key.public
        self.versions = versions
        self._parks, self._titles = parks.shipped(), fees.titles()
        self.templates: Environment = frame.templates()

    def visit(self, request: Request) -> Visit:
        """Who asks; NotSignedIn."""
        token = frame.token_of(request)
        is_live = frame.LIVE in request.headers
        now_ms = self.clock.wall_ms()
        person = self.people.of_token(token, now_ms, is_live=is_live)
        if request.method == "GET" and not is_live:  # a page that stands open looks by itself
            looks.keep(self.store, person, request.url.path, request.url.query, now_ms)
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Visit(person, token, frame.words_of(request), here)

    def shown(
        self, request: Request, visit: Visit, name: str, park: Park | None = None, /, **values: object
    ) -> Response:
        """A page, of a park or of all, that shows some values; with a `problem` among them it is a 400."""
        with self.store.reading() as tx:
            return self._page(request, tx, visit, name, park, **values)

    def has_park(self, visit: Visit) -> bool:
        """Whether there is a park whose takings somebody sees."""
        with self.store.reading() as tx:
            return self._park(tx, visit, "") is not None

    def takings(self, request: Request, visit: Visit, park: str, day: str) -> Response:
        """A park's day."""
        now_ms = self.clock.wall_ms()
        today = moments.local_day(now_ms)
        on = min(_day(day) or today, today)
        with self.store.reading() as tx:
            meant = self._park(tx, visit, park)
            if meant is None:
                raise NoPark()
            found = takings.of_day(tx, meant, on, now_ms, self._titles, visit.words)
            return self._page(
                request, tx, visit, "takings.html", meant, day=found,
                day_text=visit.words.day(on), before=on - timedelta(1),
                after=on + timedelta(1) if on < today else None, formats=export.FORMATS,
            )  # fmt: skip

    def outages(self, request: Request, visit: Visit, park: str) -> Response:
        """The outages of a park, those that overlap as one."""
        with self.store.reading() as tx:
            meant = self._park(tx, visit, park)
            if meant is None:
                raise NoPark()
            found = outages.listed(tx, meant.code, visit.words)
            return self._page(request, tx, visit, "outages.html", meant, outages=found)

    def announce(self, visit: Visit, fields: Mapping[str, str]) -> str:
        """Let a figure count that was told by telephone; its park and day.

        MayNot, OtherPark, and what `announcing.read` and `announcing.take` refuse.
        """
        people.check(visit.person, "decide")
        figure, code = announcing.read(fields)
        with self.store.reading() as tx:
            known = tills.of_code(tx, figure.till)
        park = known.row.park if known is not None else None
        people.check_park(visit.person, park)
        announcing.take(self.store, self._key, figure, code, visit.person.name, self.clock.wall_ms())
        return f"park={park}&day={figure.day}"

    def tills(self, request: Request, visit: Visit, park: str) -> Response:
        """The tills of a park, or of all."""
        now_ms = self.clock.wall_ms()
        with self.store.reading() as tx:
            meant = self._park(tx, visit, park)
            seen = glance.tills(tx, meant.code if meant else visit.person.park)
            fresh = moments.to_text(now_ms - coverage.FRESH_MS)
            today = moments.local_day(now_ms)
            covered = coverage.covered(seen, meant, today, now_ms) if meant else None
            return self._page(
                request, tx, visit, "tills.html", meant, tills=seen, fresh=fresh, coverage=covered,
                followed=spares.followed(tx, meant.code if meant else visit.person.park),
                short=coverage.short_of_spares(seen, meant) if meant else [],
            )  # fmt: skip

    def till(self, request: Request, visit: Visit, code: str, *, given: str = "") -> Response:
        """One till, with what an administrator may do to it; a code that was just given."""
        with self.store.reading() as tx:
            found = next((till for till in glance.tills(tx, None) if till.till == code), None)
            if found is None:
                raise enrolling.NoSuchTill(till=code[:4])
            people.check_park(visit.person, found.park)
            park = self._park(tx, visit, found.park)
            goes_on = spares.followed(tx, found.park).get(code)
            return self._page(request, tx, visit, "till.html", park, till=found, given=given, goes_on=goes_on)

    def passes(self, request: Request, visit: Visit, park: str) -> Response:
        """The open passes of a park."""
        now_ms = self.clock.wall_ms()
        with self.store.reading() as tx:
            meant = self._park(tx, visit, park)
            if meant is None:
                raise NoPark()
            found = kept_takings.open_passes(tx, meant.code, OPEN_MAX)
            listed = passes.listed(found.passes, now_ms, visit.words)
            return self._page(request, tx, visit, "passes.html", meant, found=found, passes=listed)

    def cases(self, request: Request, visit: Visit) -> Response:
        """What is to be decided, and what was."""
        with self.store.reading() as tx:
            return self._page(
                request, tx, visit, "cases.html", None,
                cases=kept_cases.open_cases(tx, visit.person.park),
                decided=kept_cases.decided(tx, visit.person.park),
                called=lambda case: cases.called(case, visit.words),
            )  # fmt: skip

    def changes(self, request: Request, visit: Visit) -> Response:
        """Who changed what; for those who see all parks."""
        people.check_park(visit.person, None)
        with self.store.reading() as tx:
            return self._page(
                request, tx, visit, "changes.html", None, changes=kept_people.changes(tx),
                looks=kept_looks.last(tx),
                page_name=lambda look: visit.words(looks.PAGES.get(look.page, look.page)),
                told=lambda change: changed.told(change, visit.words),
            )  # fmt: skip

    def administration(self, request: Request, visit: Visit, *, given: str = "", whom: str = "") -> Response:
        """Codes for tills and people; one that was just given."""
        people.check(visit.person, "administer")
        with self.store.reading() as tx:
            known = [one for one in kept_people.every(tx) if visit.person.park in (None, one.park)]
            places = self.places(visit)
            return self._page(
                request, tx, visit, "administration.html", None,
                people=known, roles=people.ROLES, places=places, given=given, whom=whom,
            )  # fmt: skip

    def outside(self, request: Request, visit: Visit) -> Response:
        """How M-PESA and the national platform stand, and by whose word."""
        with self.store.reading() as tx:
            return self._page(
                request, tx, visit, "outside.html", None, said=outside.seen(tx, visit.person),
                names=outside.NAMES, by=outside.BY,
            )  # fmt: skip

    def say_outside(self, visit: Visit, fields: Mapping[str, str]) -> None:
        """Keep how somebody says that one of them stands; what `outside.say` refuses."""
        outside.say(self.store, visit.person, fields, self.clock.wall_ms())

    def decide(self, visit: Visit, fields: Mapping[str, str]) -> None:
        """Close a case; what `cases.decide` refuses."""
        cases.decide(self.store, visit.person, fields.get("case", ""), fields.get("reason", ""), self._now())

    def revoke(self, visit: Visit, fields: Mapping[str, str]) -> str:
        """Revoke a till whose code was typed to confirm; MayNot, OtherPark, NotTyped, NoSuchTill."""
        till = self._administered(visit, fields)
        if fields.get("typed", "").strip().upper() != till:
            raise NotTyped(till=till)
        enrolling.revoke(self.store, till, self._now(), visit.person.name)
        return till

    def adopt(self, visit: Visit, fields: Mapping[str, str]) -> str:
        """Let a revoked till's entries count up to one; MayNot, OtherPark, NoNumber, NoSuchTill."""
        till = self._administered(visit, fields)
        seq = fields.get("seq", "").strip()
        if not (seq.isascii() and seq.isdigit() and len(seq) < 16):
            raise NoNumber()
        enrolling.adopt(self.store, till, int(seq), self._now(), visit.person.name)
        return till

    def till_code(self, visit: Visit, fields: Mapping[str, str]) -> tuple[str, str]:
        """A code by which a till joins at a place, printed, and the place; MayNot, OtherPark, UnknownPark,
        UnknownGate.
        """
        people.check(visit.person, "administer")
        park_code, _, gate_code = fields.get("place", "").partition(" ")
        gate = self._parks.park(park_code).gate(gate_code)
        people.check_park(visit.person, park_code)
        is_spare = bool(fields.get("spare"))
        lane = keyring.SPARE if is_spare else fields.get("lane", "").strip()[:_LANE_MAX] or "1"
        place = (park_code, gate.code, lane)
        made = enrolling.new_code(
            self.store, self._key, place, None, self.clock.wall_ms(), who=visit.person.name
        )
        where = visit.words(N_("spare")) if is_spare else lane
        return enrolment.printed(made), f"{park_code} · {gate.name} · {where}"

    def start_code(self, visit: Visit, fields: Mapping[str, str]) -> tuple[str, str]:
        """A start code for a person, printed, and their name.

        MayNot, OtherPark, UnknownPark, BadName, BadStaffNumber.
        """
        people.check(visit.person, "administer")
        park = fields.get("park") or None
        people.check_park(visit.person, park)
        if park is not None:
            self._parks.park(park)
        name = people.named(fields.get("name", ""))
        with self.store.reading() as tx:
            known = kept_people.of_name(tx, name)
        if known is not None:
            people.check_park(visit.person, known.park)
        role, number = fields.get("role", ""), fields.get("staff", "").strip() or None
        code = self.people.give_start(name, role, park, visit.person.name, self.clock.wall_ms(), number)
        return enrolment.printed(code), name

    def _administered(self, visit: Visit, fields: Mapping[str, str]) -> str:
        people.check(visit.person, "administer")
        code = fields.get("till", "")
        with self.store.reading() as tx:
            found = next((till for till in glance.tills(tx, None) if till.till == code), None)
        if found is None:
            raise enrolling.NoSuchTill(till=code[:4])
        people.check_park(visit.person, found.park)
        return code

    def _now(self) -> str:
        return moments.to_text(self.clock.wall_ms())

    def _park(self, tx: Transaction, visit: Visit, asked: str) -> Park | None:
        """The park that is asked for, else somebody's own, else the first with a till.

        OtherPark, UnknownPark.
        """
        if asked:
            people.check_park(visit.person, asked)
            return self._parks.park(asked)
        code = visit.person.park or next(iter(glance.parks(tx)), None)
        return self._parks.park(code) if code else None

    def park_of(self, visit: Visit, asked: str) -> Park | None:
        """The park that is meant, as on all pages; OtherPark, UnknownPark."""
        with self.store.reading() as tx:
            return self._park(tx, visit, asked)

    def places(self, visit: Visit) -> list[Park]:
        """The parks that somebody sees, with tills or without."""
        return [park for park in self._parks.parks.values() if visit.person.park in (None, park.code)]

    def _page(
        self, request: Request, tx: Transaction, visit: Visit, name: str, park: Park | None, **values: object
    ) -> Response:
        seen = [visit.person.park] if visit.person.park else glance.parks(tx)
        return frame.page(
            request,
            frame.rendered(
                self.templates, name, visit.words, self.clock.wall_ms(),
                visit=visit, park=park, form=passwords.form_token(visit.token), versions=self.versions,
                parks=[self._parks.park(code) for code in seen],
                gate_name=self.gate_name,
                open_cases=kept_cases.count_open(tx, visit.person.park), **values,
            ),
            400 if "problem" in values else 200,
        )  # fmt: skip

    def gate_name(self, park: str, gate: str) -> str:
        """What a gate of a park is called."""
        return self._parks.park(park).gate_name(gate)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_DAY <= day <= _LAST_DAY else None

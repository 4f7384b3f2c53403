"""The passes as lists: open, inside, settled today, on undertaking; found by number, plate or operator."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from gatepos.domain import moments, numbers, phones, plates, receipt, text
from gatepos.domain.entry import Entry
from gatepos.domain.paper_lines import PaperLine
from gatepos.i18n import N_
from gatepos.ledger import conflicts, passes
from gatepos.ledger.ledger import Ledger, Recorded
from gatepos.ledger.passes import PassFound
from gatepos.till import drivers, list_views, views
from gatepos.till.desk import Desk
from gatepos.till.passes import NoSuchPass, issued
from gatepos.till.printing import Printing

OPEN, INSIDE, SETTLED, UNDERTAKEN = "open", "inside", "settled", "undertaken"
WITHOUT, CONFLICTS = "without", "conflicts"
LISTS = {
    OPEN: N_("Open"),
    INSIDE: N_("Inside"),
    SETTLED: N_("Settled today"),
    UNDERTAKEN: N_("Undertakings"),
    WITHOUT: N_("No pass"),
    CONFLICTS: N_("Conflicts"),
}
_LISTED = 200
_INSIDE_DAYS, _WITHOUT_DAYS = 8, 31
"""Who went in, or left, before that is not looked for: the list would take too long on an old ledger."""


@dataclass(frozen=True, slots=True)
class OpenedPass:
    """A pass as it was printed, and the driver's phone; of another till's there is only the row.

    `conflicts` are what two tills say of it and cannot both be right.
    """

    row: views.PassRow
    paper: tuple[PaperLine, ...]
    qr: str
    is_ours: bool
    driver: str = ""
    conflicts: tuple[list_views.Conflict, ...] = ()


class PassLists:
    """The passes of this till and of those that it heard."""

    def __init__(self, desk: Desk, printing: Printing):
        self._desk = desk
        self._printing = printing
        self._lists: dict[str, Callable[[Ledger], list[PassFound]]] = {
            OPEN: lambda ledger: passes.open_passes(ledger, _LISTED),
            INSIDE: self._inside,
            SETTLED: lambda ledger: passes.settled_on(ledger, desk.today().isoformat(), _LISTED),
            UNDERTAKEN: lambda ledger: passes.undertaken(ledger, _LISTED),
        }

    def listed(self, which: str) -> tuple[views.PassRow, ...]:
        """One of LISTS, at most 200: settled, no pass and conflicts newest first, the others oldest."""
        if which == CONFLICTS:
            return self._in_conflict()
        if which == WITHOUT:
            return self._left_without()
        return self._rows(self._lists[which](self._desk.ledger))

    def find(self, typed: str = "") -> tuple[views.PassRow, ...]:
        """Those of a number, of plates that begin so, of operators whose name holds it; all open without."""
        ledger, wanted = self._desk.ledger, typed.strip()
        if not wanted:
            return self.listed(OPEN)
        try:
            found = passes.find(ledger, str(numbers.parse(wanted)))
            return self._rows([found] if found else [])
        except numbers.BadNumber:
            rows = passes.of_operators(ledger, text.line(wanted), _LISTED)
        with contextlib.suppress(plates.BadPlate):
            rows = passes.of_plate(ledger, plates.parse(wanted)) + rows
        return self._rows(list({one.number: one for one in rows}.values()))

    def open(self, typed: str) -> OpenedPass:
        """A pass with its paper, or who left without one, as listed; NoSuchPass."""
        ledger = self._desk.ledger
        if "." in typed or passes.find(ledger, str(numbers.parse(typed))) is None:
            for row in self._left_without():
                if row.number == typed:
                    return OpenedPass(row, (), "", is_ours=False)
        number = str(numbers.parse(typed))
        said = conflicts.said(ledger, number)
        row, known = self._subject(number, said), tuple(map(self._conflict, said))
        entry = ledger.by_number(number)
        if entry is None:
            return OpenedPass(row, (), "", is_ours=False, conflicts=known)
        paper, phone = self._printing.paper(entry), phones.shown(drivers.phone(self._desk, entry))
        return OpenedPass(row, paper, receipt.qr_text(entry), is_ours=True, driver=phone, conflicts=known)

    def owing_with(self, typed: str) -> tuple[views.PassRow, ...]:
        """The open passes of the operator of a pass that owe, oldest first; without one that pass alone."""
        ledger = self._desk.ledger
        found = passes.find(ledger, str(numbers.parse(typed)))
        if found is None:
            raise NoSuchPass(number=typed[:20])
        alike = passes.of_operator(ledger, found.operator, _LISTED) if found.operator else [found]
        return self._rows([one for one in alike if one.owed_minor > 0])

    def reprint(self, typed: str) -> Recorded:
        """Queue a copy of the same paper, marked and journaled; NoSuchPass."""
        return self._printing.reprint(issued(self._desk.ledger, typed))

    def _in_conflict(self) -> tuple[views.PassRow, ...]:
        by_subject: dict[str, list[Entry]] = {}
        for said in conflicts.said(self._desk.ledger):
            by_subject.setdefault(str(said.data["subject"]), []).append(said)
        return tuple(self._subject(*one) for one in list(by_subject.items())[:_LISTED])

    def _subject(self, number: str, said: list[Entry]) -> views.PassRow:
        """A pass; of one that nothing but a conflict tells, what that says; NoSuchPass."""
        found = passes.find(self._desk.ledger, number)
        if found is not None:
            return self._row(found)
        if not said:
            raise NoSuchPass(number=numbers.printed(number))
        first = self._conflict(said[0]).first
        return views.PassRow(
            numbers.printed(number), first.at_ms, first.gate, first.plate, "", 0, 0, 0, 0, 0, "unheard"
        )

    def _conflict(self, said: Entry) -> list_views.Conflict:
        first, second = (self._seen(said.data[name]) for name in ("first", "second"))
        return list_views.Conflict(str(said.data["what"]), first, second)

    def _seen(self, fact: object) -> list_views.Seen:
        seen = cast("dict[str, object]", fact)
        gate = self._desk.park.gate_name(str(seen["gate"]))
        at_ms = moments.from_text(str(seen["at"]))
        till, lane, staff, plate = (str(seen[name] or "") for name in ("till", "lane", "by", "plate"))
        return list_views.Seen(at_ms, till, gate, lane, staff, plate)

    def _left_without(self) -> tuple[views.PassRow, ...]:
        since_ms = moments.at_local(self._desk.today(), 0) - _WITHOUT_DAYS * moments.DAY_MS
        found = passes.without_pass(self._desk.ledger, moments.to_text(since_ms), _LISTED)
        return tuple(map(_without, found))

    def _inside(self, ledger: Ledger) -> list[PassFound]:
        since = self._desk.today() - timedelta(days=_INSIDE_DAYS)
        return passes.inside(ledger, since.isoformat(), _LISTED)

    def _rows(self, found: list[PassFound]) -> tuple[views.PassRow, ...]:
        return tuple(map(self._row, found))

    def _row(self, found: PassFound) -> views.PassRow:
        inside = max(found.went_in - found.went_out, 0)
        went_in = passes.went_in_at(self._desk.ledger, found.number) if inside else None
        since_ms = self._desk.clock.wall_ms() - moments.from_text(went_in) if went_in else 0
        return views.PassRow(
            number=numbers.printed(found.number),
            at_ms=moments.from_text(found.at),
            gate=found.gate,
            plate=found.plate,
            operator=found.operator or "",
            people=found.people,
            inside=inside,
            inside_min=max(since_ms, 0) // moments.MINUTE_MS,
            total_minor=found.total_minor,
            owed_minor=found.owed_minor,
            state=found.ended or ("open" if found.owed_minor else "paid"),
            is_gone=found.went_out > 0 and not inside,
        )


def _without(entry: Entry) -> views.PassRow:
    """What was seen of somebody with no pass, or with one of which nothing was heard."""
    data, is_story = entry.data, entry.kind == "exit.without_pass"
    people = data["people"]
    owed_minor = data["due_minor"] if entry.kind == "pass.settled" else data["owed_minor"]
    return views.PassRow(
        number=f"{entry.till}.{entry.seq}" if is_story else numbers.printed(str(data["pass"])),
        at_ms=moments.from_text(entry.at),
        gate=str(entry.fields["gate"]),
        plate=str(data["plate"]),
        operator=str(data.get("story") or data.get("operator") or ""),
        people=people if isinstance(people, int) else sum(n for *_, n in cast("list[list[int]]", people)),
        inside=0,
        inside_min=0,
        total_minor=cast(int, data["owed_minor"]),
        owed_minor=cast(int, owed_minor),
        state="story" if is_story else "unheard",
    )

"""The passes as lists: open, inside, settled today, on undertaking; found by number, plate or operator."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from gatepos.domain import moments, numbers, phones, plates, receipt, text
from gatepos.domain.receipt import PaperLine
from gatepos.i18n import N_
from gatepos.ledger import passes
from gatepos.ledger.ledger import Ledger, Recorded
from gatepos.ledger.passes import PassFound
from gatepos.till import drivers, views
from gatepos.till.desk import Desk
from gatepos.till.passes import NoSuchPass, issued
from gatepos.till.printing import Printing

OPEN, INSIDE, SETTLED, UNDERTAKEN = "open", "inside", "settled", "undertaken"
LISTS = {
    OPEN: N_("Open"),
    INSIDE: N_("Inside"),
    SETTLED: N_("Settled today"),
    UNDERTAKEN: N_("Undertakings"),
}
_LISTED = 200
_INSIDE_DAYS = 8
"""Who went in before that is not looked for: the list would take too long on an old ledger."""


@dataclass(frozen=True, slots=True)
class OpenedPass:
    """A pass as it was printed, and the driver's phone; of another till's there is only the row."""

    row: views.PassRow
    paper: tuple[PaperLine, ...]
    qr: str
    is_ours: bool
    driver: str = ""


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
        """One of LISTS: at most 200; the open, inside and undertaken oldest first, the settled newest."""
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
        """A pass with its paper; NoSuchPass."""
        number = str(numbers.parse(typed))
        found = passes.find(self._desk.ledger, number)
        if found is None:
            raise NoSuchPass(number=numbers.printed(number))
        entry = self._desk.ledger.by_number(number)
        if entry is None:
            return OpenedPass(self._row(found), (), "", is_ours=False)
        paper, phone = self._printing.paper(entry), drivers.phone(self._desk, entry)
        return OpenedPass(
            self._row(found), paper, receipt.qr_text(entry), is_ours=True, driver=phones.shown(phone)
        )

    def reprint(self, typed: str) -> Recorded:
        """Queue a copy of the same paper, marked and journaled; NoSuchPass."""
        return self._printing.reprint(issued(self._desk.ledger, typed))

    def _inside(self, ledger: Ledger) -> list[PassFound]:
        since = moments.to_text(self._desk.clock.wall_ms() - _INSIDE_DAYS * moments.DAY_MS)
        return passes.inside(ledger, since, _LISTED)

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
        )

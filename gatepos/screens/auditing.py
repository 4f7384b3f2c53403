"""An audit stick from the window: which folder, by which number, and written while others sell."""

from collections.abc import Callable
from pathlib import Path

from gatepos.domain import moments, text
from gatepos.i18n import N_, Words
from gatepos.reports import audit_stick
from gatepos.reports.export import Exported
from gatepos.reports.manifest import Signer
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys
from gatepos.till.station import Station

Then = Callable[[Exported], object]


def ask(page: Page, station: Station, then: Then) -> None:
    """Ask for the folder of the stick and for the auditor's number; `then` gets what was written."""
    page.ask_text(
        N_("Folder of the stick"), Keys.TEXT, "", lambda folder: _ask_number(page, station, folder, then)
    )


def _ask_number(page: Page, station: Station, folder: str, then: Then) -> None:
    words = page.kit.speech.words

    def write(typed: str) -> None:
        made = station.thread.ask(lambda: _write(station, words, folder, typed))
        page.bridge.follow(made, then)

    page.ask_text(N_("Your own number, by which 25 receipts are drawn"), Keys.DIGITS, "", write)


def _write(station: Station, words: Words, folder: str, typed: str) -> Exported:
    """On the ledger's thread, giving way to whoever sells; NotAllowed, NotWhole, what the medium says."""
    till = station.till
    till.desk.allowed("audit")
    ledger, seed = till.desk.ledger, text.whole(typed)
    audited = audit_stick.of(ledger, till.keys.rows(), till.desk.book.schedules.values(), seed)
    at = moments.to_text(till.desk.now_ms())
    signer = Signer.of(ledger, at)
    place, give_way = Path(text.line(folder)), station.thread.give_way
    return audit_stick.write(audited, place, words, signer, lambda _: give_way())

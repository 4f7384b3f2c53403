"""Opening the kiosk on a folder: its till, or a first run, or a spare where its till cannot go on."""

from functools import partial
from pathlib import Path

from gatepos import app, joining, settings, spares
from gatepos.errors import Said, Trouble
from gatepos.ledger.troubles import LedgerInUse
from gatepos.screens import running
from gatepos.spares import Offer, Start
from gatepos.sync.returning import TillForked, TwoMachines
from gatepos.till.set_up import Started
from gatepos.till.spare import Wish
from gatepos.till.station import Plan, Station

Size = tuple[int, int] | None


def run(folder: Path, size: Size = None) -> int:
    """Show the kiosk until it is closed, Qt's exit code; what keeps a till from opening, and no spare."""
    station = _station(folder, size)
    return running.run(station, size=size) if station is not None else 0


def _station(folder: Path, size: Size) -> Station | None:
    """The till to sell at; None where a window was closed before there was one."""
    if not (folder / app.IDENTITY).exists():
        return _first(folder, size)
    try:
        station = app.open_station(folder)
    except LedgerInUse:
        raise
    except Trouble as trouble:
        return _instead(folder, trouble, size)
    why = over(station)
    if why is None or not (offers := _of_its_park(folder)):
        return station
    station.close()
    return app.open_station(_started(offers, why, size) or folder)


def _first(folder: Path, size: Size) -> Station | None:
    offers = spares.offered(folder)
    if own := [offer for offer in offers if offer.folder == folder]:
        begun = _started(own, None, size)
        return app.open_station(begun) if begun else None
    shipped = app.book()
    ended = running.first_run(
        shipped.parks.parks, shipped.titles, partial(_make, folder), has_spare=bool(offers), size=size
    )
    if ended == running.SPARE:
        begun = _started(offers, None, size)
        return app.open_station(begun) if begun else _first(folder, size)
    return app.open_station(folder) if ended == running.MADE else None


def _instead(folder: Path, trouble: Trouble, size: Size) -> Station:
    """A spare in place of a till that does not open; the trouble where there is none, or nobody wants it."""
    offers = _of_its_park(folder)
    begun = _started(offers, trouble, size) if offers else None
    if begun is None:
        raise trouble
    return app.open_station(begun)


def over(station: Station) -> Said | None:
    """Why a till opens no other shift, once the last one is closed: its journal exists twice."""
    ledger = station.till.desk.ledger
    held, shifts = station.thread.ask(lambda: (ledger.held, ledger.state.shifts)).result()
    return held if isinstance(held, TillForked | TwoMachines) and not shifts else None


def _started(offers: list[Offer], why: Said | None, size: Size) -> Path | None:
    """The folder of the spare that somebody started."""
    folders = {offer.spare.row.till: offer.folder for offer in offers}
    starts: dict[str, Start] = {}

    def begin(till: str, wish: Wish) -> tuple[Started, ...]:
        if till not in starts:
            starts[till] = Start(folders[till])
        return starts[till].begin(wish).codes

    found = {offer.spare.row.till: offer.spare for offer in offers}
    looks = settings.load(offers[0].folder)
    opened = running.start_spare(found, app.book().parks.parks, begin, looks, why, size=size)
    return folders[opened] if opened else None


def _of_its_park(folder: Path) -> list[Offer]:
    """The spares of the park of a folder's till, its own first; all where it is unknown."""
    offers = spares.offered(folder)
    try:
        code, park = app.identity(folder)
    except Trouble:
        return offers
    found = [offer for offer in offers if offer.spare.row.park == park]
    return sorted(found, key=lambda offer: offer.spare.follows != code)


def _make(folder: Path, plan: Plan) -> None:
    joining.make(folder, plan).desk.ledger.close()

"""The demonstration: a park folder of its own, a kiosk on it, and a day that plays itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from gatepos import app
from gatepos.app import World
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_, Words
from gatepos.rehearsal import day, head_office, park
from gatepos.rehearsal.clock import PlayedClock, this_morning_ms
from gatepos.rehearsal.head_office import HeadOffice
from gatepos.screens import running
from gatepos.screens.playing import PATIENT_S, Hands
from gatepos.settings import Settings
from gatepos.till.station import Station

SIZE = (1366, 768)
_WATCHED_PAUSE_MS = 250


@dataclass(frozen=True, slots=True)
class Played:
    """What a replay left behind."""

    folder: Path
    pictures: int
    papers: int
    entries: int
    findings: tuple[str, ...]
    touches: int
    took_s: float


def open_kiosk(folder: Path, language: str, tell: Callable[[str], object]) -> int:
    """Open the demonstration till of a folder, made the first time, and its central; Qt's exit code."""
    if not (folder / app.IDENTITY).exists():
        park.make(folder, app.real_world(), language=language).desk.ledger.close()
    with _head_office(folder, tell):
        station = app.open_station(folder)
        station.hints = hints
        return running.run(station, size=SIZE)


@contextmanager
def _head_office(folder: Path, tell: Callable[[str], object]) -> Iterator[None]:
    """The demonstration's central while the kiosk is open; without it the till sells all the same."""
    office = None
    try:
        if head_office.is_installed():
            office = HeadOffice(folder / "head-office")
            head_office.follow(folder, office)
            tell(f"Central listens on {office.url}; its pages stand on {office.pages}")
            if office.start_code:
                tell(f"First time there: name {head_office.ADMINISTRATOR}, start code {office.start_code}")
    except (Refusal, Trouble) as said:
        tell(str(said))
    try:
        yield
    finally:
        if office is not None:
            office.stop()


def replay(folder: Path, language: str, tell: Callable[[str], object], *, is_watched: bool) -> Played:
    """Play the day in a new folder; pictures, papers and the ledger stay in it."""
    began_s = time.monotonic()
    clock = PlayedClock(this_morning_ms())
    world = replace(app.real_world(), clock=clock)
    tell(f"A day at the gate, in {folder}")
    screens = folder / "screens"
    _shoot_first_run(screens, language)
    till = park.make(folder / "park", world, language=language)
    till.desk.ledger.close()
    hands = _played(folder, world, clock, is_watched)
    pictures = len(list(screens.glob("*.png")))
    report = app.verified(folder / "park")
    papers = list((folder / "park" / "papers").glob("*.pdf"))
    took_s = time.monotonic() - began_s
    findings = tuple(map(str, report.findings))
    return Played(folder, pictures, len(papers), report.entries, findings, hands.touches, took_s)


def hints(words: Words) -> str:
    """The demonstration's PINs, which stand on its screen and nowhere else."""
    says = N_("{number}: PIN {pin}")
    told = words(N_("Demonstration: nothing here is real. Its PINs:"))
    pins = (words(says, number=one.number, pin=one.pin) for one in (*park.STAFF, park.MANAGER))
    return "\n".join((told, *pins))


def _shoot_first_run(screens: Path, language: str) -> None:
    """Where a till begins; this one is made without it, with the demonstration's own staff and PINs."""
    shipped = app.book()
    looks = Settings(language=language)
    page = running.first_page(shipped.parks.parks, shipped.titles, lambda plan: None, looks, size=SIZE)
    screens.mkdir(parents=True, exist_ok=True)
    page.grab().save(str(screens / "00-first-run.png"))
    running.end(page)


def _played(folder: Path, world: World, clock: PlayedClock, is_watched: bool) -> Hands:
    station = _station(folder / "park", world)
    kiosk = running.shown(station, SIZE)
    hands = Hands(kiosk, folder / "screens", _WATCHED_PAUSE_MS if is_watched else 0, PATIENT_S)
    try:
        day.play(hands, clock)
    finally:
        kiosk.close()
    return hands


def _station(folder: Path, world: World) -> Station:
    station = app.open_station(folder, world)
    station.hints = hints
    return station

"""Puts a till together from its folder and the machine's own clock, randomness, disk and printer."""

import os
import platform
import random
import time
import tomllib
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from gatepos import __version__, files, i18n, settings
from gatepos.devices import printer
from gatepos.devices.scanner import Plugged
from gatepos.domain import fees, keyring, numbers, parks, policy, staff
from gatepos.domain.clock import Clock
from gatepos.domain.keyring import KeyRow
from gatepos.domain.staff import Person
from gatepos.errors import Refusal, Said, Trouble
from gatepos.i18n import N_, Words
from gatepos.ledger import backup as backups
from gatepos.ledger import verification
from gatepos.ledger.beginning import Gap
from gatepos.ledger.checks import Finding
from gatepos.ledger.database import SQLITE_VERSION, Connect, connect
from gatepos.ledger.file import FILE
from gatepos.ledger.journal import Context
from gatepos.ledger.ledger import Ledger, Ports
from gatepos.ledger.tape import DiskSegment, OpenSegment
from gatepos.ledger.thread import LedgerThread
from gatepos.ledger.troubles import NotALedger
from gatepos.seal.box import PERSONAL, Box
from gatepos.seal.keys import TillKey
from gatepos.seal.pins import PinBook, Profile, check_form, start_anew
from gatepos.seal.radio import Secrets
from gatepos.settings import Settings
from gatepos.sync import address, background, returning, unsent
from gatepos.sync.background import Background
from gatepos.till import in_force
from gatepos.till.desk import Book
from gatepos.till.papers import PrinterThread
from gatepos.till.set_up import UnknownSchedule
from gatepos.till.sign_in import Proves
from gatepos.till.station import DEMO, TRAINING, Plan, Station, training_code
from gatepos.till.till import Till
from gatepos.wire.feed import Page

Ask = Callable[[Callable[[], Person]], Person]
IDENTITY, KEY, TRAINING_FOLDER = "till.toml", "till.key", "training"


class NoTillHere(Trouble):
    """A folder that holds no till."""

    says = N_("There is no till in {folder}. Make one with: gatepos init {folder}")


class BadIdentity(Trouble):
    """The file that names till and park does not."""

    says = N_("{file} does not say which till this is. Put it back as it was; nothing was changed.")


class TillHere(Refusal):
    """A folder that holds a till already."""

    says = N_("{folder} holds a till already. Nothing was changed.")


class BadTillCode(Refusal):
    """A till code of another form, or a real one before central gave it."""

    says = N_(
        "{code} cannot be this till's code: four letters and digits that begin with X until it is enrolled."
    )


class SettingsNotKept(Trouble):
    """A settings file that cannot be written."""

    says = N_("The settings could not be kept: {why}. They hold until the till is started again.")


@dataclass(frozen=True, slots=True)
class World:
    """The ports of a till: real in every real build, simulated only for X ledgers."""

    clock: Clock
    new_id: Callable[[], str]
    connect: Connect = connect
    open_segment: OpenSegment = DiskSegment
    pins: Profile = Profile()  # noqa: RUF009 - a frozen value


def _at_once(act: Callable[[], Person]) -> Person:
    return act()


class SystemClock:
    """The machine's clock."""

    def __init__(self) -> None:
        self._boot = _boot_id()

    @property
    def boot(self) -> str:
        """The kernel's id of this start of the machine."""
        return self._boot

    def wall_ms(self) -> int:
        """Milliseconds since 1970 UTC, as the machine believes."""
        return time.time_ns() // 1_000_000

    def mono_ms(self) -> int:
        """Milliseconds since the machine started, sleep included where the system counts it."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return (time.monotonic_ns() if clock is None else time.clock_gettime_ns(clock)) // 1_000_000


def new_id() -> str:
    """A UUID of version 7 (RFC 9562 §5.7)."""
    at = (time.time_ns() // 1_000_000).to_bytes(6, "big")
    tail = bytearray(os.urandom(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    digits = (at + tail).hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def real_world() -> World:
    """The machine as it is."""
    return World(SystemClock(), new_id)


def create_till(folder: Path, plan: Plan, world: World | None = None) -> Till:
    """Make a new till in a folder and open it; TillHere, and whatever is wrong with the plan."""
    check_plan(plan)
    if any((folder / name).exists() for name in (IDENTITY, KEY, FILE)):
        raise TillHere(folder=folder)
    return begin_till(folder, plan, new_key(folder), world)


def new_key(folder: Path) -> TillKey:
    """A new till's key in its folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    key = TillKey.generate()
    key.save(folder / KEY)
    return key


def begin_till(
    folder: Path, plan: Plan, key: TillKey, world: World | None = None, joined: KeyRow | None = None
) -> Till:
    """Make a key's ledger in its folder, by a plan that was checked; `joined` is central's certificate."""
    row = KeyRow(plan.code, key.public, plan.park, plan.gate, plan.lane)
    till = begun(folder, key, row, world or real_world(), joined)
    till.set_up.begin(plan.manager, plan.pin, plan.schedule)
    till.set_up.configure(policy.GATE, plan.gate)
    till.set_up.configure(policy.LANE, plan.lane)
    till.sign_in.sign_out()
    name(folder, till)
    return till


def begun(
    folder: Path,
    key: TillKey,
    row: KeyRow,
    world: World,
    joined: KeyRow | None = None,
    follows: Gap | None = None,
) -> Till:
    """A till on a new ledger at the place of a row; nothing is set up, and its folder does not name it yet.

    One that follows another and was interrupted goes on.
    """
    park = book().parks.park(row.park)
    context = _context(row.till, park.code, row.gate, row.lane)
    tapes, ports = _tapes(folder), _ports(world)
    if follows is not None and (folder / FILE).exists():
        return _till(Ledger(folder, key, context, tapes, ports), folder, key, park, world)
    ledger = Ledger.create(folder, key, context, tapes, ports, follows, joined)
    return _till(ledger, folder, key, park, world, is_new=True)


def name(folder: Path, till: Till) -> None:
    """From now on the folder is this till."""
    own = till.desk.own
    files.write_whole(folder / IDENTITY, f'till = "{own.till}"\npark = "{own.park}"\n'.encode())


def open_till(folder: Path, world: World | None = None, *, is_behind: bool = False) -> Till:
    """Open the till of a folder and record the start; what is long to recall may be left for `Feeds.go_on`.

    NoTillHere, BadIdentity, KeyMissing, WrongTill, LedgerInUse and others.
    """
    till = opened(folder, world or real_world())
    ledger = till.desk.ledger
    with ExitStack() as undo:
        undo.callback(ledger.close)
        ledger.hold(returning.standing(folder, ledger))
        if ledger.held is None or ledger.held.refuses:
            _begin(till, folder, is_behind=is_behind)
        undo.pop_all()
    return till


def opened(folder: Path, world: World) -> Till:
    """The till of a folder, its ledger checked and nothing recorded; as `open_till`."""
    code, park_code = identity(folder)
    park = book().parks.park(park_code)
    key = TillKey.load(folder / KEY)
    context = _context(code, park_code, park.gates[0].code, "1")
    with ExitStack() as undo:
        ledger = Ledger(folder, key, context, _tapes(folder), _ports(world), _backups(folder))
        undo.callback(ledger.close)
        till = _till(ledger, folder, key, park, world)
        undo.pop_all()
    return till


def _begin(till: Till, folder: Path, *, is_behind: bool) -> None:
    """Record the start, and what it ends."""
    _recall(till, folder, is_behind=is_behind)
    till.desk.write("boot", {"system": platform.platform()[:200], "sqlite": SQLITE_VERSION})
    till.training.end_left()
    till.reconciliation.go_on()
    till.personal.erase_due()


def _recall(till: Till, folder: Path, *, is_behind: bool) -> None:
    """What central said stands on the disk; without its key nothing there is believed, and the till sells."""
    try:
        known, ended = address.central_keys(folder), address.distrusted_keys(folder)
    except Trouble:
        return  # whoever asks central says so
    if known:
        till.desk.know(keyring.of_central(one, is_revoked=one in ended) for one in known)
        till.feeds.recall(*known, is_behind=is_behind)


def renew_pins(folder: Path, manager: str, world: World | None = None) -> str:
    """A start code for a manager whose till lost its PIN file or has it damaged; the journal keeps that.

    PinsWhole, NotAllowed for anybody else, and whatever keeps the till from opening.
    """
    world = world or real_world()
    ledger_file(folder)
    with backups.locked(folder):
        start_anew(folder)
    till = open_till(folder, world)
    try:
        person = till.desk.staff.get(manager, Person(manager, frozenset()))
        staff.check(person, "set_up")
        till.desk.write("staff.changed", {"staff": manager, "roles": sorted(person.roles)})
        return PinBook(folder, world.pins).set_start_code(manager)
    finally:
        till.desk.ledger.close()


def open_training(till: Till, folder: Path, world: World | None = None, ask: Ask = _at_once) -> Till:
    """The training till of a till, made the first time: a ledger of its own, the same people and PINs.

    `ask` does something on the thread of the real till, which alone knows the PINs and counts wrong ones.
    """
    world = world or real_world()
    own, context = folder / TRAINING_FOLDER, till.desk.ledger.context
    code = training_code(context.till)
    own.mkdir(exist_ok=True)
    at = _context(code, context.park, context.gate, context.lane)
    tapes, ports = (own / "tape",), _ports(world)
    is_new = not (own / KEY).exists()
    if not is_new:
        key = TillKey.load(own / KEY)
        ledger = Ledger(own, key, at, tapes, ports)
    else:
        key = TillKey.generate()
        key.save(own / KEY)
        ledger = Ledger.create(own, key, at, tapes, ports)
    training = _till(
        ledger, folder, key, till.desk.park, world, is_new=is_new,
        proves=lambda number, pin, purpose: ask(lambda: till.sign_in.proved(number, pin, purpose)),
    )  # fmt: skip
    training.desk.book = till.desk.book
    training.set_up.follow(in_force.at(till.desk), "training")
    training.personal.erase_due()
    return training


def open_station(folder: Path, world: World | None = None) -> Station:
    """A till on its thread with its printer, ready for a window."""
    world = world or real_world()
    found = settings.load(folder)
    scanner = Plugged(found.scanner)
    thread, till = _on_thread(lambda: open_till(folder, world, is_behind=True))
    thread.when_idle(lambda: till.feeds.go_on(thread.give_way))
    thread.when_idle(lambda: till.erasing.go_on(thread.give_way))
    thread.when_quiet(till.erasing.sweep)
    station = _station(till, thread, scanner, found, lambda new: save(folder, new))
    if numbers.is_demo(till.desk.ledger.context.till):
        station.practice = DEMO
    station.practise = lambda: _practise(station, folder, world)
    station.online = online = _online(station, folder, world)
    till.desk.phone_line = online.phones if online else None
    return station


def _online(station: Station, folder: Path, world: World) -> Background | None:
    """What goes on beside the window; what is wrong with it is a finding, and the till sells."""
    till, thread = station.till, station.thread
    ledger, chance = till.desk.ledger, random.SystemRandom().random

    def take(page: Page) -> Said | None:
        return till.feeds.take(page, thread.give_way)

    try:
        return background.begun(
            folder, ledger, thread.ask, take, lambda: till.desk.policy, world.clock, chance
        )
    except Trouble as trouble:
        ledger.findings.append(Finding(0, trouble.says, trouble.values))
        return None


def _practise(real: Station, folder: Path, world: World) -> Station:
    # The real till only hands over values that it does not change while nobody sells.
    thread, till = _on_thread(
        lambda: open_training(real.till, folder, world, lambda act: real.thread.ask(act).result())
    )
    station = _station(till, thread, real.scanner, real.settings, real.save)
    station.practice = TRAINING
    return station


def _on_thread(make: Callable[[], Till]) -> tuple[LedgerThread, Till]:
    """A till made on a thread of its own, which ends when it cannot be made."""
    with ExitStack() as undo:
        thread = LedgerThread()
        undo.callback(thread.stop)
        till = thread.ask(make).result()
        undo.pop_all()
    return thread, till


def _station(
    till: Till, thread: LedgerThread, scanner: Plugged, found: Settings, save: Callable[[Settings], None]
) -> Station:
    thread.when_idle(till.desk.ledger.upkeep)
    thread.when_quiet(till.desk.ledger.examine)
    papers = PrinterThread(thread.ask, till.printing, printer.of(found))
    return Station(till, thread, papers, scanner, found, save)


def save(folder: Path, new: Settings) -> None:
    """Keep the settings of a folder; SettingsNotKept."""
    try:
        files.write_whole(folder / settings.FILE, settings.dump(new).encode())
    except OSError as error:
        raise SettingsNotKept(why=error.strerror) from error


def verified(path: Path, anchors: Mapping[str, str] | None = None) -> verification.Report:
    """Check a till's folder with its tapes, key and till file, or a backup; LedgerInUse, NotALedger …"""
    if path.is_file():
        with backups.reading(path) as conn:
            backups.check_journal(conn, path)
            return verification.verify(conn, (), anchors)
    file, tapes, own = ledger_file(path), _tapes(path), identity(path)
    with backups.locked(path), backups.reading(file) as conn:
        report = verification.verify(conn, tapes, anchors)
    if report.public_key != TillKey.load(path / KEY).public:
        report.add(Finding(1, N_("the key in the folder is not the ledger's")))
    if own != (report.till, report.park):
        report.add(Finding(1, N_("till or park in the folder are not the ledger's")))
    return report


def ledger_file(folder: Path) -> Path:
    """The ledger file of a till's folder; NoTillHere, NotALedger."""
    if not (folder / IDENTITY).exists():
        raise NoTillHere(folder=folder)
    if not (folder / FILE).exists():
        raise NotALedger(file=FILE)
    return folder / FILE


def words_of(folder: Path) -> Words:
    """The words of a folder's language."""
    return i18n.words(settings.load(folder).language)


@cache
def book() -> Book:
    """The schedules, parks and titles that come with the program, and change only with it: read once."""
    return Book(fees.shipped(), parks.shipped(), fees.titles())


def identity(folder: Path) -> tuple[str, str]:
    """Till code and park of a folder, as its till file says; NoTillHere, BadIdentity."""
    path = folder / IDENTITY
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
        return str(found["till"]), str(found["park"])
    except FileNotFoundError as error:
        raise NoTillHere(folder=folder) from error
    except (OSError, KeyError, ValueError) as error:
        raise BadIdentity(file=path) from error


def check_plan(plan: Plan) -> None:
    """Refuse by name a plan that cannot be followed to its end: a till half made could not be made again."""
    if not numbers.is_till(plan.code) or not numbers.is_demo(plan.code):
        raise BadTillCode(code=plan.code[:8])
    park = book().parks.park(plan.park)
    park.gate(plan.gate)
    policy.parse(policy.LANE, plan.lane)
    if plan.schedule not in book().schedules:
        raise UnknownSchedule(schedule=plan.schedule[:20])
    staff.check_number(plan.manager)
    check_form(plan.manager, plan.pin)


def _till(
    ledger: Ledger,
    folder: Path,
    key: TillKey,
    park: parks.Park,
    world: World,
    *,
    is_new: bool = False,
    proves: Proves | None = None,
) -> Till:
    ledger.open_personal(Box.of_device(folder, PERSONAL), is_new=is_new)
    pins = PinBook(folder, world.pins)
    secrets = Secrets.of_device(folder, key, ledger.context.till)
    till = Till(ledger, book(), park, pins, secrets, world.clock, world.new_id, words_of(folder), proves)
    if proves is None:
        till.desk.backlog = partial(unsent.backlog, folder, ledger)
    return till


def _ports(world: World) -> Ports:
    return Ports(world.clock, world.new_id, world.connect, world.open_segment)


def _context(code: str, park: str, gate: str, lane: str) -> Context:
    return Context(code, park, gate, lane, __version__)


def _tapes(folder: Path) -> tuple[Path, ...]:
    return settings.load(folder).tape_folders(folder)


def _backups(folder: Path) -> tuple[Path, ...]:
    medium = settings.load(folder).backup
    return (Path(medium),) if medium else ()


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        started_s = int(time.time() - time.monotonic())
        return f"boot-{started_s // 10}"

"""Spare tills: joined in advance, kept empty in a folder that sells nothing, started where another cannot."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from gatepos import app, settings
from gatepos.domain import keyring, policy, staff
from gatepos.domain.keyring import KeyRow
from gatepos.domain.staff import Person
from gatepos.errors import Refusal, Said, Trouble
from gatepos.i18n import N_
from gatepos.ledger import keyring as keyrings
from gatepos.ledger import pages
from gatepos.ledger.file import FILE as LEDGER
from gatepos.seal import said
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.seal.pins import PinBook, check_form
from gatepos.seal.radio import Secrets
from gatepos.settings import Settings
from gatepos.sync import address, fetch
from gatepos.sync import enrol as enrolling
from gatepos.till import in_force
from gatepos.till import spare as spares
from gatepos.till.in_force import InForce
from gatepos.till.set_up import Started
from gatepos.till.spare import Spare, Starter, Wish
from gatepos.till.till import Till
from gatepos.wire import feed

MEDIA = (Path("/media"), Path("/run/media"), Path("/mnt"))
"""Where disks and sticks appear."""
_DEEP = ("*", "*/*", "*/*/*")
_REASON = "the till that this one follows"


class NotASpare(Refusal):
    """A code for a till that is to sell at once."""

    says = N_("This code is for lane {lane}, not for a spare. Ask central for a code of a spare.")


class SpareHere(Refusal):
    """A folder that holds a spare already."""

    says = N_("{folder} holds a spare till already. Nothing was changed.")


class CentralUnknown(Trouble):
    """A spare's folder that does not say which central it belongs to."""

    says = N_("{folder} does not say which central this spare belongs to. Use the other spare of the gate.")


@dataclass(frozen=True, slots=True)
class Offer:
    """A spare that could be started, and where it lies."""

    folder: Path
    spare: Spare


@dataclass(frozen=True, slots=True)
class Like:
    """The till that a spare would follow, empty where there is none; what is in force there, its devices.

    `authorities` are those of its central's TLS, where the organisation has its own.
    """

    follows: str
    in_force: InForce
    settings: Settings = Settings()  # noqa: RUF009 - a frozen value
    authorities: Path | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """A spare that is a till now, and the start codes for those who sell there."""

    till: str
    codes: tuple[Started, ...]


def join(
    folder: Path, joins: Joins, manager: str, pin: str, like: Like, world: app.World | None = None
) -> Spare:
    """Let a spare join and keep it in a folder, with a PIN for who may start it.

    SpareHere, TillHere, NotASpare, and what central or the PIN's form refuses.
    """
    staff.check_number(manager)
    check_form(manager, pin)
    check_free(folder)
    key = TillKey.load(folder / app.KEY) if (folder / app.KEY).exists() else app.new_key(folder)
    address.carry_authorities(like.authorities, folder)
    joined = enrolling.enrol(joins, key, authorities=address.authorities(folder))
    if not joined.row.is_spare:
        raise NotASpare(lane=joined.row.lane)
    address.save(folder, joined.address)
    _fetch(folder, joined.row)
    PinBook(folder, (world or app.real_world()).pins).set_pin(manager, pin)
    return _keep(folder, joined.row, like)


def check_free(folder: Path) -> None:
    """TillHere, SpareHere unless a folder may become a till or a spare."""
    if (folder / app.IDENTITY).exists() or (folder / LEDGER).exists():
        raise app.TillHere(folder=folder)
    if (folder / spares.FILE).exists():
        raise SpareHere(folder=folder)


def refresh(folder: Path, like: Like | None = None) -> Spare:
    """Fetch what central says by now, and what is in force at the till that it would follow; the spare."""
    found = spares.load(folder)
    if like is not None:
        address.carry_authorities(like.authorities, folder)
    _fetch(folder, found.row)
    return _keep(folder, found.row, like) if like is not None else found


def like(folder: Path, world: app.World | None = None) -> Like:
    """What a spare takes over of the till in a folder; what keeps it from opening."""
    till = app.open_till(folder, world)
    with closing(till.desk.ledger):
        found = replace(settings.load(folder), first_tape="", backup="")  # they may lie on the same disk
        authorities = address.authorities(folder)
        return Like(till.desk.own.till, in_force.at(till.desk), found, authorities)


def alone(manager: str, schedule: str) -> Like:
    """What is in force at a spare of a gate where there is no other till: its manager, a schedule."""
    return Like("", InForce({manager: Person(manager, frozenset({"manager", "supervisor"}))}, schedule))


def offered(folder: Path, media: Iterable[Path] = MEDIA) -> list[Offer]:
    """The spares that can be seen from the folder of a till: in it, beside it, on disks and sticks."""
    places = chain([folder], _below(folder.parent, ("*",)), *(_below(root, _DEEP) for root in media))
    found: dict[str, Offer] = {}
    for place in places:
        try:
            spare = spares.load(place)
        except Said:
            continue
        if not (place / app.IDENTITY).exists():
            found.setdefault(spare.row.till, Offer(place, spare))
    return [found[till] for till in sorted(found)]


class Start:
    """Starting the spare in a folder; one object from a question by radio to its answer."""

    def __init__(self, folder: Path, world: app.World | None = None):
        self._folder = folder
        self._world = world or app.real_world()
        self.spare = spares.load(folder)
        self._key = TillKey.load(folder / app.KEY)
        central = address.central_keys(folder)
        if not central:
            raise CentralUnknown(folder=folder)
        self._central = central
        self.known = _known(folder, central, self.spare.row)
        self._pins = PinBook(folder, self._world.pins)
        secrets = Secrets.of_device(folder, self._key, self.spare.row.till)
        self._starter = Starter(
            folder, self.spare, self._pins, secrets, self.known, self._world.clock, self._world.new_id
        )

    def allow(self, manager: str, pin: str, number: str, new_pin: str) -> None:
        """Keep the PIN of one more who may start it; as `Starter.proved`."""
        self._starter.proved(manager, pin)
        self._starter.may(number)
        self._pins.set_pin(number, new_pin)

    def begin(self, wish: Wish) -> Begun:
        """The spare is a till from now on, and goes on for another; what `Starter.agreed` refuses.

        Whatever interrupts it, the same wish again ends it.
        """
        agreed = self._starter.agreed(wish)
        row = self.spare.row
        till = app.begun(self._folder, self._key, row, self._world, row, agreed.gap)
        try:
            codes = self._set_up(till, wish, agreed.asked)
            app.name(self._folder, till)
            (self._folder / spares.FILE).unlink()
        finally:
            till.desk.ledger.close()
        return Begun(row.till, codes)

    def _set_up(self, till: Till, wish: Wish, asked: object) -> tuple[Started, ...]:
        desk, force = till.desk, self.spare.in_force
        desk.person = force.staff[wish.staff]
        if isinstance(asked, dict):
            desk.write("radio.asked", asked)
        till.set_up.follow(_placed(force, wish, self.known, self.spare.row.gate), _REASON)
        desk.know(map(keyring.of_central, self._central))
        till.feeds.recall(*self._central, settles=True)
        till.set_up.admit(wish.staff, wish.pin)
        codes = till.set_up.started() if wish.second is None else ()
        till.sign_in.sign_out()
        return codes


def _fetch(folder: Path, row: KeyRow) -> None:
    where = address.of(folder, row.till, row.public)
    if where is None:
        raise CentralUnknown(folder=folder)
    fetch.fetch(folder, where, row.park)


def _keep(folder: Path, row: KeyRow, like: Like) -> Spare:
    made = Spare(row, like.follows, like.in_force)
    app.save(folder, like.settings)
    spares.save(folder, made)
    return made


def _placed(force: InForce, wish: Wish, known: keyring.Keyring, gate: str) -> InForce:
    """What is in force, at the gate of the spare and the lane of the till that it follows."""
    followed = keyring.of_till(known, wish.follows)
    lane = followed.lane if followed is not None and not followed.is_spare else "1"
    placed = {policy.GATE: gate, policy.LANE: lane}
    return replace(force, policy={**placed, **(force.policy or {})})


def _known(folder: Path, central: Sequence[bytes], own: KeyRow) -> dict[bytes, KeyRow]:
    """The other tills that central named until it was last asked, by the pages in the folder."""
    rows: dict[bytes, KeyRow] = {}
    for _, data in pages.kept(folder, feed.KEYRING):
        try:
            page = said.page(said.signer(central, "feed", data), own.park, data)
        except Refusal:
            continue
        told = map(keyring.row, feed.of_tills(page.rows))
        keyrings.learn(rows, [row for row in told if row.till != own.till])
    return rows


def _below(root: Path, depths: Iterable[str]) -> Iterator[Path]:
    """The folders of spares below one, as far as they can be read."""
    try:
        for depth in depths:
            yield from (path.parent for path in sorted(root.glob(f"{depth}/{spares.FILE}")))
    except OSError:
        return

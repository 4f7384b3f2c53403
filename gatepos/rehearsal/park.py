"""The demonstration park: Nairobi National Park; its PINs are on the screen."""

from dataclasses import dataclass
from pathlib import Path

from gatepos import app, settings
from gatepos.app import World
from gatepos.domain import policy
from gatepos.settings import Settings
from gatepos.till.station import Plan
from gatepos.till.till import Till

PARK, CODE = "NNP", "XNM2"
PHONE = "0800 000 000"
RATE_MONTH, RATE = "2026-01", "129.50"


@dataclass(frozen=True, slots=True)
class Post:
    """Where a till of the demonstration stands."""

    code: str = CODE
    gate: str = "MAIN"
    lane: str = "2"
    park: str = PARK


@dataclass(frozen=True, slots=True)
class Player:
    """A member of the demonstration's staff."""

    number: str
    pin: str
    roles: tuple[str, ...]


MANAGER = Player("01", "482913", ("manager", "supervisor"))
SUPERVISOR = Player("03", "864209", ("supervisor",))
CLERK = Player("07", "246813", ("clerk",))
SECOND_CLERK = Player("11", "975310", ("clerk",))
STAFF = (SUPERVISOR, CLERK, SECOND_CLERK)


def make(
    folder: Path, world: World, *, language: str = "en", theme: str = "light", post: Post | None = None
) -> Till:
    """A new demonstration till in a folder, its papers printed to FOLDER/papers; nobody is signed in."""
    post = post or Post()
    folder.mkdir(parents=True, exist_ok=True)
    looks = Settings(language=language, theme=theme, printer=f"pdf:{folder / 'papers'}")
    (folder / settings.FILE).write_text(settings.dump(looks), encoding="utf-8")
    plan = Plan(post.code, post.park, post.gate, post.lane, MANAGER.number, MANAGER.pin, "CF2025")
    till = app.create_till(folder, plan, world)
    sign_in(till, MANAGER)
    till.set_up.switch_rate(RATE_MONTH, RATE)
    till.set_up.configure(policy.GATE_PHONE, PHONE)
    for player in STAFF:
        started = till.set_up.employ(player.number, player.roles)
        till.sign_in.choose_pin(player.number, started.start_code, player.pin)
        sign_in(till, MANAGER)
    till.sign_in.sign_out()
    return till


def sign_in(till: Till, player: Player) -> None:
    """Put a player at the window."""
    till.sign_in.sign_in(player.number, player.pin)

"""The commands before a till is taken away or updated: nothing that only it has goes with it."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import click

from gatepos import app, files
from gatepos.domain import moments, money
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger import media
from gatepos.spoken import Spoken
from gatepos.sync import unsent
from gatepos.sync.unsent import Unsent
from gatepos.till import carrying, spare
from gatepos.till.till import Till

_FOLDER = click.Path(path_type=Path, file_okay=False)
_BUNDLE = click.option(
    "--bundle",
    "medium",
    type=_FOLDER,
    help="Write what only this till has to a stick first.",
)


class SameDisk(Refusal):
    """A bundle that would go where the till goes."""

    says = N_("{medium} is on the disk of the till. Take a stick or another disk. Nothing was changed.")


class NotMoved(Trouble):
    """A folder that cannot get another name."""

    says = N_("{folder} could not be moved ({why}). Nothing was changed.")


@click.command(cls=Spoken)
@click.argument("folder", type=_FOLDER)
@_BUNDLE
def remove(folder: Path, medium: Path | None) -> None:
    """Take the till in FOLDER away: its folder gets another name beside it, and nothing is deleted.

    Refused while a shift is open or anything is not at central, unless it is written to a stick.
    """
    if not (folder / spare.FILE).exists() or (folder / app.IDENTITY).exists():
        _checked(folder, medium)
    place = moved(folder, app.SystemClock().wall_ms())
    click.echo(f"Moved to {place}. Keep it until the office says otherwise.")


@click.command("ready-to-update", cls=Spoken)
@click.argument("folder", type=_FOLDER)
@_BUNDLE
def ready_to_update(folder: Path, medium: Path | None) -> None:
    """Say whether the program under the till in FOLDER may be updated; exit code 0 where it may."""
    _checked(folder, medium)
    click.echo("Ready: all that this till has is elsewhere too.")


def moved(folder: Path, now_ms: int) -> Path:
    """Give a till's folder another name, its ledger and key with it; where it is then. NotMoved."""
    day = moments.local_day(now_ms).isoformat()
    names = (f"{folder.name}.removed-{day}{f'-{n}' if n else ''}" for n in count())
    place = next(path for name in names if not (path := folder.with_name(name)).exists())
    try:
        os.rename(folder, place)
        files.sync_folder(place.parent)
    except OSError as error:
        raise NotMoved(folder=folder, why=error.strerror) from error
    return place


def _checked(folder: Path, medium: Path | None) -> None:
    with _quiet(folder) as till:
        found = unsent.of(folder, till.desk.ledger)
        if medium is None:
            found.check()
        elif found.count:
            _carry(till, folder, medium, found)


def _carry(till: Till, folder: Path, medium: Path, found: Unsent) -> None:
    ledger = till.desk.ledger
    media.check(medium, folder)
    if _disk(medium) == _disk(folder):
        raise SameDisk(medium=medium)
    for place, to_seq in list(carrying.written(till.hearing, ledger, medium, found.after)):
        carrying.check(ledger, place, to_seq)
        click.echo(f"{place}: entries to {to_seq}, read back")
    click.echo(
        f"{found.count} entries, KES {money.amount(found.minor)} taken in them. Bring them to central."
    )


def _disk(path: Path) -> int:
    """Which disk a path is on."""
    return path.stat().st_dev


@contextmanager
def _quiet(folder: Path) -> Iterator[Till]:
    """The till of a folder, in which nothing is recorded."""
    till = app.opened(folder, app.real_world())
    with closing(till.desk.ledger):
        yield till

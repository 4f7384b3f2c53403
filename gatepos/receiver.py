"""The commands of central: make it, serve it, let a till join."""

from pathlib import Path

import click

from gatepos import app
from gatepos.domain import parks
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.seal import enrolment
from gatepos.spoken import Group

try:
    from gatepos.central import enrolling
    from gatepos.central import folder as places
except ModuleNotFoundError as error:  # a till needs none of its libraries
    if error.name is None or error.name.startswith("gatepos"):
        raise
    _IS_THERE = False
else:
    _IS_THERE = True

_FOLDER = click.Path(path_type=Path, file_okay=False)
_DATABASE = click.option(
    "--database", envvar="GATEPOS_DATABASE", help="postgresql://…; or GATEPOS_DATABASE  [default: in FOLDER]"
)


class NotInstalled(Trouble):
    """A program without central's libraries."""

    says = N_("Central is not installed here. Install it: pip install gatepos[central]")


@click.group(cls=Group)
def central() -> None:
    """Receive what tills wrote, and let tills hear each other."""
    if not _IS_THERE:
        raise click.ClickException(NotInstalled.says)


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
@click.option("--demo", is_flag=True, help="For demonstration tills, whose codes begin with X, alone.")
def init(folder: Path, database: str | None, demo: bool) -> None:
    """Make a central in FOLDER: its key, and its database there or at an address."""
    key = places.create(folder, database, is_demo=demo)
    click.echo(f"Central in {folder}, its key {enrolment.printed(enrolment.check_code(key.public))}.")
    click.echo(f"Keep a copy of {folder / places.KEY} in a safe: tills believe no other key.")


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
@click.option("--host", default="127.0.0.1", show_default=True, help="Others only behind TLS.")
@click.option("--port", default=8470, show_default=True)
def serve(folder: Path, database: str | None, host: str, port: int) -> None:
    """Answer tills from FOLDER until stopped."""
    click.echo(f"Central listens on http://{host}:{port}")
    places.serve(folder, app.SystemClock(), database, host, port)


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
@click.option("--park", required=True, help="Park code.")
@click.option("--gate", required=True, help="Gate code.")
@click.option("--lane", required=True)
@click.option("--till", help="The till's code  [default: its own, or a new one]")
def code(folder: Path, database: str | None, park: str, gate: str, lane: str, till: str | None) -> None:
    """Print a code by which one till joins within 15 minutes, for a place."""
    parks.shipped().park(park).gate(gate)
    key, store = places.key_of(folder), places.opened(folder, database)
    try:
        at = app.SystemClock().wall_ms()
        made = enrolling.new_code(store, key, (park, gate, lane), till, at)
    finally:
        store.close()
    click.echo(enrolment.printed(made))

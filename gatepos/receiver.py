"""The commands of central: make it, serve it, let a till join."""

import os
from contextlib import closing
from pathlib import Path

import click

from gatepos import app
from gatepos.central import c2b, daraja, enrolling, forwarding
from gatepos.central import folder as places
from gatepos.central.managers import people
from gatepos.domain import keyring, moments, parks
from gatepos.seal import enrolment
from gatepos.seal.passwords import Passwords
from gatepos.spoken import Group

_FOLDER = click.Path(path_type=Path, file_okay=False)
_DATABASE = click.option(
    "--database", envvar="GATEPOS_DATABASE", help="postgresql://…; or GATEPOS_DATABASE  [default: in FOLDER]"
)


@click.group(cls=Group)
def central() -> None:
    """Receive what tills wrote, and let tills hear each other."""


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
@click.option("--pages-port", type=int, help="The managers' pages too, on a port of their own.")
def serve(folder: Path, database: str | None, host: str, port: int, pages_port: int | None) -> None:
    """Answer tills from FOLDER until stopped, and managers' browsers."""
    pages = None if pages_port is None else (pages_port, _shows)
    mpesa = daraja.from_environment(os.environ)
    places.serve(folder, app.SystemClock(), database, (host, port), _listens, mpesa, pages)


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(people.ROLES))
@click.option("--park", help="The one park that they see  [default: all]")
@_DATABASE
def person(folder: Path, name: str, role: str, park: str | None, database: str | None) -> None:
    """Print a start code with which NAME, a name or number, chooses a password on the pages."""
    if park is not None:
        parks.shipped().park(park)
    with closing(places.opened(folder, database)) as store:
        known = people.People(store, Passwords())
        made = known.give_start(name, role, park, enrolling.COMMAND, app.SystemClock().wall_ms())
    click.echo(enrolment.printed(made))


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
@click.option("--park", required=True, help="Park code.")
@click.option("--gate", required=True, help="Gate code.")
@click.option("--lane", help="The lane where it sells.")
@click.option("--spare", is_flag=True, help="For a spare of the gate, at no lane.")
@click.option("--till", help="The till's code  [default: its own, or a new one]")
def code(
    folder: Path, database: str | None, park: str, gate: str, lane: str | None, spare: bool, till: str | None
) -> None:
    """Print a code by which one till joins within 15 minutes, for a place."""
    if spare == (lane is not None):
        raise click.UsageError("Say either --lane or --spare.")
    lane = lane or keyring.SPARE
    parks.shipped().park(park).gate(gate)
    key = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        made = enrolling.new_code(store, key, (park, gate, lane), till, app.SystemClock().wall_ms())
    click.echo(enrolment.printed(made))


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("till")
@_DATABASE
def revoke(folder: Path, till: str, database: str | None) -> None:
    """Trust TILL no longer: what it sent until now counts, what it sends from now on waits."""
    with closing(places.opened(folder, database)) as store:
        counts_to = enrolling.revoke(store, till, _now())
    click.echo(f"{till} is revoked; its entries to {counts_to} count.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("till")
@click.argument("seq", type=int)
@_DATABASE
def adopt(folder: Path, till: str, seq: int, database: str | None) -> None:
    """Let the entries of TILL, which is revoked, count up to SEQ."""
    with closing(places.opened(folder, database)) as store:
        enrolling.adopt(store, till, seq, _now())
    click.echo(f"The entries of {till} to {seq} count.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.option("--paybill", required=True, help="The shortcode as Safaricom knows it.")
@_DATABASE
def shortcode(folder: Path, paybill: str, database: str | None) -> None:
    """Print the addresses to which Daraja reports the payments to a paybill; those before no longer hold."""
    with closing(places.opened(folder, database)) as store:
        secret = c2b.new_secret(store, paybill, _now())
    for what in ("confirmation", "validation"):
        click.echo(f"https://HOST/v1/c2b/{secret}/{what}")
    click.echo("Register them with Daraja, HOST being central's name, and keep them secret.", err=True)


@central.command()
@click.argument("folder", type=_FOLDER)
@click.option("--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="Append lines to it.")
@click.option("--url", help="Post there; a token stands in GATEPOS_FORWARD_TOKEN.")
@_DATABASE
def forward(folder: Path, path: Path | None, url: str | None, database: str | None) -> None:
    """Hand on what tills wrote to another platform, as much as it lacks; a timer runs this again."""
    if (path is None) == (url is None):
        raise click.UsageError("Say either --file or --url.")
    to = (
        forwarding.ToFile(path)
        if path is not None
        else forwarding.ToWebhook(str(url), os.environ.get("GATEPOS_FORWARD_TOKEN", ""))
    )
    with closing(places.opened(folder, database)) as store:
        taken = forwarding.forward_all(store, str(path.resolve() if path is not None else url), to)
    click.echo(f"{taken} entries forwarded.")


def _now() -> str:
    return moments.to_text(app.SystemClock().wall_ms())


def _shows(address: str) -> None:
    click.echo(f"The pages are at {address}")


def _listens(address: str) -> None:
    click.echo(f"Central listens on {address}")

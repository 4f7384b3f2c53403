"""The commands of central: make it, serve it, let a till join."""

import os
from contextlib import closing
from pathlib import Path

import click

from gatepos import app, office
from gatepos.central import (
    c2b,
    carrying,
    daraja,
    enrolling,
    forwarding,
    reporting,
    serving,
)
from gatepos.central import folder as places
from gatepos.central.central import Central
from gatepos.central.driver import slips
from gatepos.central.managers import people
from gatepos.central.reporting import Order
from gatepos.devices import poster as posters
from gatepos.domain import keyring, parks
from gatepos.office import FOLDER, now, on_database
from gatepos.reports.asked import Typed
from gatepos.seal import enrolment
from gatepos.seal.passwords import Passwords
from gatepos.spoken import Group, asks_for_report


@click.group(cls=Group)
def central() -> None:
    """Receive what tills wrote, and let tills hear each other."""


@central.command()
@click.argument("folder", type=FOLDER)
@on_database
@click.option("--demo", is_flag=True, help="For demonstration tills, whose codes begin with X, alone.")
def init(folder: Path, database: str | None, demo: bool) -> None:
    """Make a central in FOLDER: its key, and its database there or at an address."""
    key = places.create(folder, database, is_demo=demo)
    click.echo(f"Central in {folder}, its key {enrolment.printed(enrolment.check_code(key.public))}.")
    click.echo(f"Keep a copy of {folder / places.KEY} in a safe: tills believe no other key.")


@central.command()
@click.argument("folder", type=FOLDER)
@on_database
@click.option("--host", default="127.0.0.1", show_default=True, help="Others only behind TLS.")
@click.option("--port", default=8470, show_default=True)
@click.option("--pages-port", type=int, help="The managers' pages too, on a port of their own.")
def serve(folder: Path, database: str | None, host: str, port: int, pages_port: int | None) -> None:
    """Answer tills from FOLDER until stopped, and managers' browsers."""
    pages = None if pages_port is None else (pages_port, _shows)
    mpesa = daraja.from_environment(os.environ)
    serving.serve(folder, app.SystemClock(), database, (host, port), _listens, mpesa, pages)


@central.command("import")
@click.argument("folder", type=FOLDER)
@click.argument(
    "paths", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True
)
@on_database
def import_bundles(folder: Path, paths: tuple[Path, ...], database: str | None) -> None:
    """Take in bundles that were carried here on a stick, each as often as anybody likes."""
    key = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        for path in paths:
            brought = carrying.take(Central(store, key, app.SystemClock()), path.read_bytes())
            click.echo(f"{brought.till}: entries to {brought.to_seq} are here")


@central.command()
@click.argument("folder", type=FOLDER)
@click.argument("medium", type=FOLDER)
def backup(folder: Path, medium: Path) -> None:
    """Copy the database file in FOLDER to MEDIUM, also while it is served, and read it back.

    The key is not in it: keep that in a safe. PostgreSQL is backed up with pg_dump.
    """
    place, entries = places.back_up(folder, medium, now())
    click.echo(f"{place}: {entries} entries, read back and whole.")


@central.command()
@click.argument("copy", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=FOLDER)
def restore(copy: Path, folder: Path) -> None:
    """Put the backup COPY in place of the database in FOLDER; tills send again what it lacks."""
    entries = places.restore(copy, folder, now())
    click.echo(f"{entries} entries are back in {folder}; what was there lies aside.")


@central.command()
@click.argument("host")
@click.argument("out", type=click.Path(path_type=Path, dir_okay=False, writable=True))
@click.option("--park", help="The park at whose gate it hangs  [default: any]")
def poster(host: str, out: Path, park: str | None) -> None:
    """Write OUT, a PDF to hang where vehicles queue: a code that opens HOST's page to fill in a slip."""
    if park is not None:
        parks.shipped().park(park)
    said = slips.poster(host, park)
    with out.open("wb") as file:
        posters.write(*said, file)
    click.echo(f"{out}: opens {said[1]}")


@central.command()
@click.argument("folder", type=FOLDER)
@click.argument("name")
@click.option("--role", required=True, type=click.Choice(people.ROLES))
@click.option("--park", help="The one park that they see  [default: all]")
@click.option("--staff", help="Their staff number there: what was taken under it they do not decide.")
@on_database
def person(
    folder: Path, name: str, role: str, park: str | None, staff: str | None, database: str | None
) -> None:
    """Print a start code with which NAME, a name or number, chooses a password on the pages."""
    if park is not None:
        parks.shipped().park(park)
    with closing(places.opened(folder, database)) as store:
        known = people.People(store, Passwords())
        made = known.give_start(name, role, park, enrolling.COMMAND, app.SystemClock().wall_ms(), staff)
    click.echo(enrolment.printed(made))


@central.command()
@click.argument("folder", type=FOLDER)
@on_database
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
@click.argument("folder", type=FOLDER)
@click.argument("till")
@on_database
def revoke(folder: Path, till: str, database: str | None) -> None:
    """Trust TILL no longer: what it sent until now counts, what it sends from now on waits."""
    with closing(places.opened(folder, database)) as store:
        counts_to = enrolling.revoke(store, till, now())
    click.echo(f"{till} is revoked; its entries to {counts_to} count.")


@central.command()
@click.argument("folder", type=FOLDER)
@click.argument("till")
@click.argument("seq", type=int)
@on_database
def adopt(folder: Path, till: str, seq: int, database: str | None) -> None:
    """Let the entries of TILL, which is revoked, count up to SEQ."""
    with closing(places.opened(folder, database)) as store:
        enrolling.adopt(store, till, seq, now())
    click.echo(f"The entries of {till} to {seq} count.")


@central.command()
@click.argument("folder", type=FOLDER)
@on_database
@click.option("--park", help="Park code  [default: all parks]")
@asks_for_report
def takings(
    folder: Path,
    database: str | None,
    park: str | None,
    typed: Typed,
) -> None:
    """Write the takings and all papers of a day or a range of a park's tills, or of all, as central has them.

    Central signs them; `gatepos verify-export` checks that anywhere.
    """
    order = Order(park, typed, enrolling.COMMAND, now())
    with closing(places.opened(folder, database)) as store:
        done = reporting.write(store, places.key_of(folder), folder, order)
    click.echo(f"{done.folder}: {len(done.files)} files, read back.")


@central.command()
@click.argument("folder", type=FOLDER)
@click.option("--paybill", required=True, help="The shortcode as Safaricom knows it.")
@click.option("--strict", is_flag=True, help="Refuse payments for no pass or bill: it is the gates' alone.")
@on_database
def shortcode(folder: Path, paybill: str, strict: bool, database: str | None) -> None:
    """Print the addresses to which Daraja reports the payments to a paybill; those before no longer hold."""
    with closing(places.opened(folder, database)) as store:
        secret = c2b.new_secret(store, paybill, now(), is_strict=strict)
    for what in ("confirmation", "validation"):
        click.echo(f"https://HOST/v1/c2b/{secret}/{what}")
    click.echo("Register them with Daraja, HOST being central's name, and keep them secret.", err=True)


@central.command()
@click.argument("folder", type=FOLDER)
@click.option("--file", "path", type=click.Path(path_type=Path, dir_okay=False), help="Append lines to it.")
@click.option("--url", help="Post there; a token stands in GATEPOS_FORWARD_TOKEN.")
@on_database
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


@central.command()
@click.argument("folder", type=FOLDER)
@on_database
def rekey(folder: Path, database: str | None) -> None:
    """Give the central in FOLDER, stopped, a new key; the old one tells the tills, and stays beside it."""
    key = places.succeed(folder, database, now(), enrolling.COMMAND)
    click.echo(f"Central's key is {enrolment.printed(enrolment.check_code(key.public))} from now on.")
    click.echo(f"Keep copies of {folder / places.KEY} and of {places.KEY}.* in a safe.")


@central.command()
@click.argument("folder", type=FOLDER)
@click.argument("key")
@on_database
def distrust(folder: Path, key: str, database: str | None) -> None:
    """Let KEY, one that the central in FOLDER had before, count no more: somebody may have copied it.

    KEY is its ten characters or its id, as rekey and the page of keys show them.
    """
    own = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        old = enrolling.distrust(store, own, key, now())
    click.echo(f"{enrolment.printed(enrolment.check_code(old))} counts no more where tills have heard it.")
    click.echo("Keep its file beside the new one: by it central tells tills that know no other key yet.")


def _shows(address: str) -> None:
    click.echo(f"The pages are at {address}")


def _listens(address: str) -> None:
    click.echo(f"Central listens on {address}")


for command in (
    office.rate,
    office.policy,
    office.agree,
    office.staff,
    office.schedule,
    office.prepaid,
    office.withdraw,
):
    central.add_command(command)

"""The commands of central: make it, serve it, let a till join."""

import os
from contextlib import closing
from pathlib import Path

import click

from gatepos import app
from gatepos.central import (
    agreeing,
    c2b,
    carrying,
    daraja,
    enrolling,
    forwarding,
    publishing,
    reporting,
    schedules,
    serving,
    staffing,
)
from gatepos.central import folder as places
from gatepos.central import prepaid as tickets
from gatepos.central.central import Central
from gatepos.central.driver import slips
from gatepos.central.managers import people
from gatepos.central.reporting import Order
from gatepos.central.schedules import Preview
from gatepos.devices import poster as posters
from gatepos.domain import fees, keyring, moments, money, parks, rates, text, vocabulary
from gatepos.domain.fees import Fee
from gatepos.domain.tickets import BadTicketList
from gatepos.reports.asked import Typed
from gatepos.seal import enrolment
from gatepos.seal.passwords import Passwords
from gatepos.spoken import Group, asks_for_report, secret

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_PARKS = frozenset(parks.shipped().parks)
_DATABASE = click.option(
    "--database", envvar="GATEPOS_DATABASE", help="postgresql://…; or GATEPOS_DATABASE  [default: in FOLDER]"
)

_PUBLISH = click.option(
    "--publish", "is_meant", is_flag=True, help="Tell every till; else it is only looked at."
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
    serving.serve(folder, app.SystemClock(), database, (host, port), _listens, mpesa, pages)


@central.command("import")
@click.argument("folder", type=_FOLDER)
@click.argument(
    "paths", type=click.Path(path_type=Path, exists=True, dir_okay=False), nargs=-1, required=True
)
@_DATABASE
def import_bundles(folder: Path, paths: tuple[Path, ...], database: str | None) -> None:
    """Take in bundles that were carried here on a stick, each as often as anybody likes."""
    key = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        for path in paths:
            brought = carrying.take(Central(store, key, app.SystemClock()), path.read_bytes())
            click.echo(f"{brought.till}: entries to {brought.to_seq} are here")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("medium", type=_FOLDER)
def backup(folder: Path, medium: Path) -> None:
    """Copy the database file in FOLDER to MEDIUM, also while it is served, and read it back.

    The key is not in it: keep that in a safe. PostgreSQL is backed up with pg_dump.
    """
    place, entries = places.back_up(folder, medium, _now())
    click.echo(f"{place}: {entries} entries, read back and whole.")


@central.command()
@click.argument("copy", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=_FOLDER)
def restore(copy: Path, folder: Path) -> None:
    """Put the backup COPY in place of the database in FOLDER; tills send again what it lacks."""
    entries = places.restore(copy, folder, _now())
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
@click.argument("month")
@click.argument("rate")
@click.option("--from", "from_", default="", help="Its moment in Kenya, 2026-02-01 00:00  [default: now]")
@_PUBLISH
@_DATABASE
def rate(folder: Path, month: str, rate: str, from_: str, is_meant: bool, database: str | None) -> None:
    """Publish the USD rate of MONTH, as 2026-01, RATE in KES, to every till."""
    now_ms = app.SystemClock().wall_ms()
    new, from_at, at = rates.parse(month, rate), publishing.moment(from_, now_ms), moments.to_text(now_ms)
    with closing(places.opened(folder, database)) as store:
        with store.reading() as tx:
            found = publishing.rates(tx, at)
        before = publishing.check_rate(found, new, from_at)
        click.echo(f"{before.text if before else 'none'} -> {new.text} for {month}, from {from_ or 'now'}")
        if is_meant:
            publishing.publish_rate(store, new, from_at, enrolling.COMMAND, at, found.seen)


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("park")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@_PUBLISH
@_DATABASE
def policy(folder: Path, park: str, settings: tuple[str, ...], is_meant: bool, database: str | None) -> None:
    """Publish settings of PARK to its tills, as allow_cash=yes."""
    parks.shipped().park(park)
    typed = dict(one.partition("=")[::2] for one in settings)
    with closing(places.opened(folder, database)) as store:
        with store.reading() as tx:
            found = publishing.policy_of(tx, park)
        for one in publishing.differences(found, typed):
            was = "as each till has it" if one.was is None else one.was
            waits = ", once another administrator agrees" if one.needs_second else ""
            click.echo(f"{one.key}: {was} -> {one.value}{waits}")
        if is_meant:
            publishing.publish_policy(store, park, typed, enrolling.COMMAND, _now(), found.seen)


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("park")
@click.argument("setting", metavar="KEY=VALUE")
@click.argument("name")
@click.option("--withdraw", "is_withdrawn", is_flag=True, help="Let it be instead.")
@_DATABASE
def agree(folder: Path, park: str, setting: str, name: str, is_withdrawn: bool, database: str | None) -> None:
    """Let NAME, another administrator, agree to a setting of PARK that was proposed: it is published.

    The password of NAME is GATEPOS_PASSWORD, or asked for.
    """
    key, _, value = setting.partition("=")
    now_ms = app.SystemClock().wall_ms()
    with closing(places.opened(folder, database)) as store:
        known = people.People(store, Passwords())
        who = known.proved(name, secret("GATEPOS_PASSWORD", f"Password of {name}"), now_ms)
        people.check(who, "administer")
        people.check_park(who, park)
        answer = agreeing.withdraw if is_withdrawn else agreeing.agree
        answer(store, park, key, value, who.name, moments.to_text(now_ms))
    click.echo(f"{setting} of {park} is {'withdrawn' if is_withdrawn else 'published'}.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("park")
@click.argument("number", required=False)
@click.option(
    "--role", type=click.Choice(vocabulary.ROLES), help="Put NUMBER on the list, or change what they do."
)
@click.option("--name", default="", help="Kept at central alone.")
@click.option("--from", "from_", default="", help="First day, 2026-01-31.")
@click.option("--to", default="", help="Last day.")
@click.option("--code", "is_anew", is_flag=True, help="A new start code; the PIN ends.")
@click.option("--left", is_flag=True, help="NUMBER has left.")
@_DATABASE
def staff(
    folder: Path,
    park: str,
    number: str | None,
    role: str | None,
    name: str,
    from_: str,
    to: str,
    is_anew: bool,
    left: bool,
    database: str | None,
) -> None:
    """List the staff of PARK, or change NUMBER on it; a start code is printed once."""
    parks.shipped().park(park)
    if bool(number) != (bool(role) + is_anew + left == 1):
        raise click.UsageError("With NUMBER say one of --role, --code and --left.")
    now_ms, who = app.SystemClock().wall_ms(), enrolling.COMMAND
    with closing(places.opened(folder, database)) as store:
        listed = staffing.Staffing(store, Passwords())
        made = None
        if number and role:
            made = listed.register(park, staffing.member(number, name, role, from_, to), who, now_ms)
        elif number and is_anew:
            made = listed.renew(park, number, who, now_ms)
        elif number:
            listed.end(park, number, who, now_ms)
        if made:
            click.echo(f"{number} chooses a PIN with the start code {staffing.grouped(made)}")
        with store.reading() as tx:
            for one in staffing.listed(tx, park):
                click.echo(
                    f"{one.person.number}  {', '.join(sorted(one.person.roles)) or 'left'}  {one.name}"
                )


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
@click.argument("header", type=_FILE)
@_PUBLISH
@_DATABASE
def schedule(folder: Path, header: Path, is_meant: bool, database: str | None) -> None:
    """Show what the fee schedule of HEADER, a TOML file with its CSV beside it, changes; then publish it."""
    made = fees.parse(header.stem, _text_of(header), _text_of(header.with_suffix(".csv")))
    with closing(places.opened(folder, database)) as store:
        _show(schedules.preview(store, made))
        if is_meant:
            schedules.publish(store, made, enrolling.COMMAND, _now())
    click.echo(f"{made.id} is published." if is_meant else "Nothing is published yet: add --publish.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("list_", metavar="LIST", type=_FILE)
@_DATABASE
def prepaid(folder: Path, list_: Path, database: str | None) -> None:
    """Tell tills of the prepaid tickets in LIST: a CSV file of reference,day,park,people,band,plate."""
    rows = _text_of(list_)
    with closing(places.opened(folder, database)) as store:
        try:
            counts = tickets.load(store, rows, _PARKS, enrolling.COMMAND, app.SystemClock().wall_ms())
        except BadTicketList as wrong:
            for one in wrong.wrong:
                click.echo(f"line {one.line}: {one.why}", err=True)
            raise
    for park, count in sorted(counts.items()):
        click.echo(f"{park}: {count} tickets")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("reference")
@_DATABASE
def withdraw(folder: Path, reference: str, database: str | None) -> None:
    """Take the prepaid ticket REFERENCE off its list."""
    with closing(places.opened(folder, database)) as store:
        now_ms = app.SystemClock().wall_ms()
        park = tickets.withdraw(store, reference, _PARKS, enrolling.COMMAND, now_ms)
    click.echo(f"{park} has it no more.")


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
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
    order = Order(park, typed, enrolling.COMMAND, _now())
    with closing(places.opened(folder, database)) as store:
        done = reporting.write(store, places.key_of(folder), folder, order)
    click.echo(f"{done.folder}: {len(done.files)} files, read back.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.option("--paybill", required=True, help="The shortcode as Safaricom knows it.")
@click.option("--strict", is_flag=True, help="Refuse payments for no pass or bill: it is the gates' alone.")
@_DATABASE
def shortcode(folder: Path, paybill: str, strict: bool, database: str | None) -> None:
    """Print the addresses to which Daraja reports the payments to a paybill; those before no longer hold."""
    with closing(places.opened(folder, database)) as store:
        secret = c2b.new_secret(store, paybill, _now(), is_strict=strict)
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


def _text_of(path: Path) -> str:
    try:
        return text.decoded(path.read_bytes())
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from error


def _show(found: Preview) -> None:
    made = found.schedule
    click.echo(f"{made.id} · {made.title} · {made.legal}")
    at = ", ".join(made.parks) or "all parks"
    click.echo(
        f"from {moments.local(made.begins_ms):%d.%m.%Y %H:%M} for {at}, after {', '.join(found.before)}"
    )
    for title, changes in (("other", found.others), ("no longer sold", found.lost)):
        click.echo(f"{title}: {len(changes)}")
        for one in changes:
            click.echo(f"  {one.product} {' '.join(one.key)}: {_price(one.before)} → {_price(one.after)}")


def _price(fee: Fee | None) -> str:
    if fee is None or fee.amount_minor is None:
        return "–"
    unsure = "" if fee.is_sellable else f" ({fee.status})"
    return f"{money.shown(fee.currency, fee.amount_minor)} {fee.per}{unsure}"


def _now() -> str:
    return moments.to_text(app.SystemClock().wall_ms())


@central.command()
@click.argument("folder", type=_FOLDER)
@_DATABASE
def rekey(folder: Path, database: str | None) -> None:
    """Give the central in FOLDER, stopped, a new key; the old one tells the tills, and stays beside it."""
    key = places.succeed(folder, database, _now(), enrolling.COMMAND)
    click.echo(f"Central's key is {enrolment.printed(enrolment.check_code(key.public))} from now on.")
    click.echo(f"Keep copies of {folder / places.KEY} and of {places.KEY}.* in a safe.")


@central.command()
@click.argument("folder", type=_FOLDER)
@click.argument("key")
@_DATABASE
def distrust(folder: Path, key: str, database: str | None) -> None:
    """Let KEY, one that the central in FOLDER had before, count no more: somebody may have copied it.

    KEY is its ten characters or its id, as rekey and the page of keys show them.
    """
    own = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        old = enrolling.distrust(store, own, key, _now())
    click.echo(f"{enrolment.printed(enrolment.check_code(old))} counts no more where tills have heard it.")
    click.echo("Keep its file beside the new one: by it central tells tills that know no other key yet.")


def _shows(address: str) -> None:
    click.echo(f"The pages are at {address}")


def _listens(address: str) -> None:
    click.echo(f"Central listens on {address}")

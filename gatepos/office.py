"""The commands by which the office says what holds at the tills: rates, policy, staff, schedules, tickets."""

from contextlib import closing
from pathlib import Path

import click

from gatepos import app
from gatepos.central import agreeing, enrolling, publishing, schedules, staffing
from gatepos.central import folder as places
from gatepos.central import prepaid as tickets
from gatepos.central.managers import people
from gatepos.central.schedules import Preview
from gatepos.domain import fees, moments, money, parks, rates, text, vocabulary
from gatepos.domain.fees import Fee
from gatepos.domain.tickets import BadTicketList
from gatepos.seal.passwords import Passwords
from gatepos.spoken import Spoken, secret

FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_PARKS = frozenset(parks.shipped().parks)
on_database = click.option(
    "--database", envvar="GATEPOS_DATABASE", help="postgresql://…; or GATEPOS_DATABASE  [default: in FOLDER]"
)
_LOOKED = "Nothing is published yet: add --publish."
_PUBLISH = click.option(
    "--publish", "is_meant", is_flag=True, help="Tell every till; else it is only looked at."
)


def now() -> str:
    """The moment by the machine's clock, as text."""
    return moments.to_text(app.SystemClock().wall_ms())


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("month")
@click.argument("rate")
@click.option("--from", "from_", default="", help="Its moment in Kenya, 2026-02-01 00:00  [default: now]")
@_PUBLISH
@on_database
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
    if not is_meant:
        click.echo(_LOOKED)


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("park")
@click.argument("settings", nargs=-1, required=True, metavar="KEY=VALUE...")
@_PUBLISH
@on_database
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
            publishing.publish_policy(store, park, typed, enrolling.COMMAND, now(), found.seen)
    if not is_meant:
        click.echo(_LOOKED)


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("park")
@click.argument("setting", metavar="KEY=VALUE")
@click.argument("name")
@click.option("--withdraw", "is_withdrawn", is_flag=True, help="Let it be instead.")
@on_database
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


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
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
@on_database
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


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("header", type=_FILE)
@_PUBLISH
@on_database
def schedule(folder: Path, header: Path, is_meant: bool, database: str | None) -> None:
    """Show what the fee schedule of HEADER, a TOML file with its CSV beside it, changes; then publish it."""
    made = fees.parse(header.stem, _text_of(header), _text_of(header.with_suffix(".csv")))
    with closing(places.opened(folder, database)) as store:
        _show(schedules.preview(store, made))
        if is_meant:
            schedules.publish(store, made, enrolling.COMMAND, now())
    click.echo(f"{made.id} is published." if is_meant else _LOOKED)


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("list_", metavar="LIST", type=_FILE)
@on_database
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


@click.command(cls=Spoken)
@click.argument("folder", type=FOLDER)
@click.argument("reference")
@on_database
def withdraw(folder: Path, reference: str, database: str | None) -> None:
    """Take the prepaid ticket REFERENCE off its list."""
    with closing(places.opened(folder, database)) as store:
        now_ms = app.SystemClock().wall_ms()
        park = tickets.withdraw(store, reference, _PARKS, enrolling.COMMAND, now_ms)
    click.echo(f"{park} has it no more.")


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

"""The commands by which tills know and hear each other: certificates and bundles, carried by people."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import gatepass, moments, money
from gatepos.domain import keyring as keyrings
from gatepos.domain.numbers import printed
from gatepos.domain.verdicts import LOOKS, next_of
from gatepos.domain.vocabulary import AGES, CATEGORIES
from gatepos.spoken import FOUND, Group, Spoken, secret
from gatepos.till import carrying, reading
from gatepos.till.approvals import Second
from gatepos.till.keys import check_code
from gatepos.till.till import Till

_FOLDER = click.Path(path_type=Path, file_okay=False)
_READ = click.Path(path_type=Path, exists=True, dir_okay=False)
_MANAGER = click.option(
    "--manager", default="01", show_default=True, help="Who does this; PIN in GATEPOS_PIN or asked for."
)
_SECOND = click.option("--second", required=True, help="Who agrees; PIN in GATEPOS_SECOND_PIN or asked for.")


@click.group(cls=Group)
def keyring() -> None:
    """Exchange certificates with other tills: none knows another's papers before."""


@keyring.command("export")
@click.argument("folder", type=_FOLDER)
def export_certificate(folder: Path) -> None:
    """Write the certificate of the till in FOLDER, one line, and on the error stream the code of its key."""
    with _opened(folder) as till:
        click.echo(till.keys.certificate().decode())
        click.echo(f"Key of {till.desk.own.till}: {check_code(till.desk.own)}", err=True)


@keyring.command("add")
@click.argument("folder", type=_FOLDER)
@click.argument("file", type=_READ)
@_MANAGER
@_SECOND
def add(folder: Path, file: Path, manager: str, second: str) -> None:
    """Let the till in FOLDER know the till whose certificate is FILE, by a manager and a second person."""
    row = keyrings.read(file.read_bytes())
    with _opened(folder) as till:
        till.keys.trust(row, _two(till, manager, second))
    click.echo(f"{row.till} of {row.park}, gate {row.gate}, is known. Compare its key: {check_code(row)}")


@keyring.command()
@click.argument("folder", type=_FOLDER)
@click.argument("code")
@_MANAGER
@_SECOND
def revoke(folder: Path, code: str, manager: str, second: str) -> None:
    """Trust the till CODE no longer: its papers count only where they were heard of before."""
    with _opened(folder) as till:
        till.keys.revoke(code.upper(), _two(till, manager, second))
    click.echo(f"{code.upper()} is revoked at this till. Do the same at the others.")


@click.group(cls=Group)
def bundle() -> None:
    """Carry what tills wrote from one to the other, where no network does."""


@bundle.command("export")
@click.argument("folder", type=_FOLDER)
@click.argument("medium", type=_FOLDER)
@click.option("--after", default=0, show_default=True, help="Only the entries after this one.")
def export_bundle(folder: Path, medium: Path, after: int) -> None:
    """Write the entries of the till in FOLDER to MEDIUM, as one file or, when there are many, several."""
    with _opened(folder) as till:
        for place, to_seq in carrying.written(till.hearing, till.desk.ledger, medium, after):
            click.echo(f"{place}: entries to {to_seq}")


@bundle.command("import")
@click.argument("folder", type=_FOLDER)
@click.argument("paths", type=_READ, nargs=-1, required=True)
def import_bundle(folder: Path, paths: tuple[Path, ...]) -> None:
    """Let the till in FOLDER hear what other tills wrote: each file once, in any order of tills."""
    with _opened(folder) as till:
        for path in paths:
            brought = till.hearing.read_file(path)
            click.echo(f"{brought.till}: {brought.new} new entries, heard to {brought.to_seq}")
            for number, what in brought.conflicts:
                click.echo(f"  {printed(number)}: {what}")


@click.command("check-pass", cls=Spoken)
@click.argument("token")
@click.option("--keyring", "rows", type=_READ, required=True, help="Certificates of tills, one a line.")
@click.option("--park", default="", help="The park where it is shown; else its own.")
@click.option("--gate", default="", help="The gate where it is shown; else its own.")
@click.option("--out", "direction", flag_value=gatepass.OUT, help="They want to leave, not to enter.")
def check_pass(token: str, rows: Path, park: str, gate: str, direction: str | None) -> None:
    """Say what a gate that heard of nothing says of TOKEN: the text of a paper's code, or a file with it.

    Exit code 0 when it lets them through, 1 when it does not.
    """
    known = [keyrings.read(line) for line in rows.read_bytes().splitlines() if line.strip()]
    text = Path(token).read_text("utf-8", "replace") if _is_file(token) else token
    now = app.SystemClock().wall_ms() // 1000
    found = reading.checked(text, known, direction or gatepass.IN, now, gate.upper(), park.upper())
    word, paper = found.verdict.word, found.payload
    click.echo(f"{LOOKS[word].title}. {next_of(word, direction or gatepass.IN)}")
    if paper is not None and found.signer is not None:
        people = " + ".join(f"{n} {CATEGORIES[category]} {AGES[age]}" for category, age, n in paper.people)
        click.echo(f"{printed(paper.number)}, signed by {found.signer.till} of {found.signer.park}")
        click.echo(f"{paper.plate or 'on foot'}: {people or 'nobody'}")
        until = moments.to_text(paper.valid_until * 1000)
        click.echo(f"{', '.join(paper.parks)} until {until}, owed KES {money.amount(paper.due)}")
    sys.exit(0 if found.verdict.people and not found.verdict.owed_minor else FOUND)


def _is_file(text: str) -> bool:
    """Whether a text names a file; a token is too long for some systems to ask."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _two(till: Till, manager: str, second: str) -> Second:
    """The manager signed in, and the one who agrees."""
    till.sign_in.sign_in(manager, secret("GATEPOS_PIN", "PIN of the manager"))
    return Second(second, secret("GATEPOS_SECOND_PIN", "PIN of the second person"))


@contextmanager
def _opened(folder: Path) -> Iterator[Till]:
    till = app.open_till(folder)
    try:
        yield till
    finally:
        till.desk.ledger.close()

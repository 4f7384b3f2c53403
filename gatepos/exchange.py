"""The commands by which tills know and hear each other: certificates and bundles, carried by people."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import keyring as keyrings
from gatepos.till.approvals import Second
from gatepos.till.keys import check_code
from gatepos.till.till import Till

_FOLDER = click.Path(path_type=Path, file_okay=False)
_READ = click.Path(path_type=Path, exists=True, dir_okay=False)
_MANAGER = click.option(
    "--manager", default="01", show_default=True, help="Who does this; PIN in GATEPOS_PIN or asked for."
)
_SECOND = click.option("--second", required=True, help="Who agrees; PIN in GATEPOS_SECOND_PIN or asked for.")


def secret(variable: str, prompt: str) -> str:
    """A PIN from the environment, or asked for."""
    given = os.environ.get(variable)
    return given if given else str(click.prompt(prompt, hide_input=True))


@click.group()
def keyring() -> None:
    """Exchange certificates with other tills: none knows another's papers before."""


@keyring.command("export")
@click.argument("folder", type=_FOLDER)
def export_certificate(folder: Path) -> None:
    """Write the certificate of the till in FOLDER, one line, and on the error stream the code of its key."""
    with _opened(folder) as till:
        click.echo(till.keys.certificate())
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

"""The commands of reports."""

import re
import sys
from datetime import date
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import keyring as keyrings
from gatepos.domain import money, vocabulary
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports import manifest
from gatepos.reports import reconcile as reconciliations
from gatepos.reports.statements import reading
from gatepos.reports.statements.reading import Hints
from gatepos.spoken import FOUND, Spoken, secret
from gatepos.till.keys import check_code


class BadKey(Refusal):
    """Something else than a public key."""

    says = N_("{key} is no public key: 64 digits and letters a to f.")


@click.command("verify-export", cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--keyring",
    "rows",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates of tills, one a line.",
)
@click.option("--central", help="Central's public key, 64 hex.")
def verify_export(folder: Path, rows: Path | None, central: str | None) -> None:
    """Check the export in FOLDER: who signed it, and every file; exit 1 on a finding.

    Without keys it is checked by the key that it names, whose code is then to be compared at the till.
    """
    known = _known(rows, central)
    found = manifest.check(folder, known)
    days = found.first if found.first == found.last else f"{found.first} to {found.last}"
    click.echo(f"{found.by}: {days}, version {found.version}, made {found.at}, {len(found.files)} files")
    for head in found.heads:
        click.echo(f"  {head.till}: entries to {head.seq}, {head.hash}")
    for finding in found.findings:
        click.echo(f"  {finding}")
    if known is None:
        code = check_code(KeyRow(found.by, found.public, "", "", ""))
        click.echo(f"signed by a key with the code {code}: compare it at {found.by}")
    click.echo("altered" if found.findings else "whole")
    sys.exit(FOUND if found.findings else 0)


@click.command("reconcile", cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("statement", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--paybill", default="", help="Where the statement does not say it.")
@click.option("--columns", help="Of a card settlement: approval code, amount, date, divided by commas.")
@click.option(
    "--manager", default="01", show_default=True, help="Who reads it; PIN in GATEPOS_PIN or asked for."
)
def reconcile(folder: Path, statement: Path, paybill: str, columns: str | None, manager: str) -> None:
    """Read STATEMENT into the till of FOLDER and say how its claims stand; exit 1 when any is to look at.

    M-PESA's of a paybill (XLSX, CSV), a bank's of cards, a list of tickets.
    """
    till = app.open_till(folder)
    try:
        till.sign_in.sign_in(manager, secret("GATEPOS_PIN", "PIN of the manager"))
        rooms = till.reconciliation
        named = tuple(columns.split(",")) if columns else rooms.columns()
        hints = Hints(till.desk.day_now(), (till.desk.park.code,), paybill, named, is_card=bool(columns))
        read = reading.read(statement.read_bytes(), hints)
        done = rooms.take(read)
        first, last = map(date.fromisoformat, read.days)
        matches = rooms.asked(first, last).matches()
    finally:
        till.desk.ledger.close()
    click.echo(
        f"{len(read.lines)} payments, {done.new} new, {read.left} lines left aside,"
        f" {done.confirmed} claims confirmed"
    )
    if not read.is_whole:
        click.echo("The lines do not add up to the statement's own total: nothing counts as unknown to it.")
    for total in reconciliations.totals(matches, *read.days):
        click.echo(
            f"{total.kind} {total.place} {total.state}: {total.claims} claims, {total.lines} payments,"
            f" taken KES {money.amount(total.used_minor)}, paid KES {money.amount(total.paid_minor)}"
        )
    waiting = sum(match.is_open for match in matches)
    click.echo(f"{waiting} to look at")
    sys.exit(FOUND if waiting else 0)


def _known(rows: Path | None, central: str | None) -> dict[str, bytes] | None:
    """The keys that were given, by who holds them; BadCertificate, BadKey."""
    if rows is None and central is None:
        return None
    lines = rows.read_bytes().splitlines() if rows else []
    known = {row.till: row.public for row in map(keyrings.read, filter(bytes.strip, lines))}
    if central is not None:
        if not re.fullmatch("[0-9a-f]{64}", central):
            raise BadKey(key=central[:80])
        known[vocabulary.CENTRAL] = bytes.fromhex(central)
    return known

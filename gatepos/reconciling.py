"""The command by which a till reads a statement."""

import sys
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import money
from gatepos.domain.statements import OneIsFalse, one_is_false
from gatepos.reports import reconcile as reconciliations
from gatepos.reports.statements import reading
from gatepos.reports.statements.reading import Hints
from gatepos.spoken import FOUND, Spoken, secret
from gatepos.till.approvals import Second


@click.command("reconcile", cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("statement", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--paybill", default="", help="Where the statement does not say it.")
@click.option("--columns", help="Of a card settlement: approval code, amount, date, divided by commas.")
@click.option(
    "--manager", default="01", show_default=True, help="Who reads it; PIN in GATEPOS_PIN or asked for."
)
@click.option("--withdraw", help="Why STATEMENT, which was read before, is to count no more.")
@click.option("--second", help="Who agrees to that; PIN in GATEPOS_SECOND_PIN or asked for.")
def reconcile(
    folder: Path,
    statement: Path,
    paybill: str,
    columns: str | None,
    manager: str,
    withdraw: str | None,
    second: str | None,
) -> None:
    """Read STATEMENT into the till of FOLDER and say how its claims stand.

    Exit 1 when any is to look at, or another statement of the same time tells otherwise.

    M-PESA's of a paybill (XLSX, CSV), a bank's of cards, a list of tickets.
    """
    told: OneIsFalse | None = None
    agreed = Second(second, secret("GATEPOS_SECOND_PIN", "PIN of the second person")) if second else None
    till = app.open_till(folder)
    try:
        till.sign_in.sign_in(manager, secret("GATEPOS_PIN", "PIN of the manager"))
        rooms = till.reconciliation
        named = tuple(columns.split(",")) if columns else rooms.columns()
        hints = Hints(till.desk.day_now(), (till.desk.park.code,), paybill, named, is_card=bool(columns))
        read = reading.read(statement.read_bytes(), hints)
        if withdraw is None:
            taken = rooms.take(read)
            did, told = f"{taken.new} new, {read.left} lines left aside", one_is_false(taken.contested)
        else:
            rooms.withdraw(rooms.of_body(read).id, withdraw, agreed)
            did = "withdrawn"
        matches = rooms.around(read).matches()
        confirmed = rooms.confirm(matches)
    finally:
        till.desk.ledger.close()
    click.echo(f"{len(read.lines)} payments, {did}, {confirmed} claims confirmed")
    if not read.is_whole:
        click.echo("The lines do not add up to the statement's own total: nothing counts as unknown to it.")
    if told is not None:
        click.echo(str(told))
    for total in reconciliations.totals(matches, *read.days):
        click.echo(
            f"{total.kind} {total.place} {total.state}: {total.claims} claims, {total.lines} payments,"
            f" taken KES {money.amount(total.used_minor)}, paid KES {money.amount(total.paid_minor)}"
        )
    waiting = sum(match.is_open for match in matches)
    click.echo(f"{waiting} to look at")
    sys.exit(FOUND if waiting or told is not None else 0)

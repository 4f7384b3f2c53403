"""The command by which an auditor takes the whole ledger away."""

import hashlib
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import moments
from gatepos.reports import audit_stick
from gatepos.reports.audit_stick import PAGE
from gatepos.reports.manifest import Signer
from gatepos.spoken import Spoken, secret, words_of
from gatepos.till.keys import check_code


@click.command("audit", cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("stick", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--auditor",
    default="01",
    show_default=True,
    help="Who does this, an auditor or a manager; PIN in GATEPOS_PIN or asked for.",
)
@click.option("--seed", type=click.IntRange(0, 10**9), help="The auditor's number to draw 25 receipts by.")
def audit(folder: Path, stick: Path, auditor: str, seed: int | None) -> None:
    """Write the whole ledger of FOLDER to STICK, with check.html, which checks it in any browser."""
    till = app.open_till(folder)
    ledger = till.desk.ledger
    try:
        till.sign_in.sign_in(auditor, secret("GATEPOS_PIN", "PIN of the auditor"))
        till.desk.allowed("audit")
        audited = audit_stick.of(ledger, till.keys.rows(), till.desk.book.schedules.values(), seed)
        signer = Signer.of(ledger, moments.to_text(till.desk.now_ms()))
        made = audit_stick.write(audited, stick, words_of(folder), signer, lambda _: None)
    finally:
        ledger.close()
    click.echo(f"{made.folder}: {len(made.files)} files, {made.size} bytes, read back. Open {PAGE} there.")
    click.echo(f"Receipts are drawn by {audited.seed}; key of the till: {check_code(till.desk.own)}")
    page = hashlib.sha256(audit_stick.page()).hexdigest()
    click.echo(f"SHA-256 of {PAGE}, the same on every stick of this version: {page}")

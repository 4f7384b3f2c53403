"""The commands of reports."""

import hashlib
import re
import sys
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import keyring as keyrings
from gatepos.domain import moments, vocabulary
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports import audit_stick, manifest
from gatepos.reports.audit_stick import PAGE
from gatepos.reports.manifest import Signer
from gatepos.spoken import FOUND, Spoken
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


@click.command("audit", cls=Spoken)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("stick", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--seed", type=click.IntRange(0, 10**9), help="The auditor's number to draw 25 receipts by.")
def audit(folder: Path, stick: Path, seed: int | None) -> None:
    """Write the whole ledger of FOLDER to STICK, with check.html, which checks it in any browser."""
    till = app.open_till(folder)
    ledger = till.desk.ledger
    try:
        audited = audit_stick.of(ledger, till.keys.rows(), till.desk.book.schedules.values(), seed)
        signer = Signer(
            till.desk.own.till, ledger.public_key, moments.to_text(till.desk.now_ms()), ledger.say
        )
        made = audit_stick.write(audited, stick, app.words_of(folder), signer, lambda _: None)
    finally:
        ledger.close()
    click.echo(f"{made.folder}: {len(made.files)} files, {made.size} bytes, read back. Open {PAGE} there.")
    click.echo(f"Receipts are drawn by {audited.seed}; key of the till: {check_code(till.desk.own)}")
    page = hashlib.sha256(audit_stick.page()).hexdigest()
    click.echo(f"SHA-256 of {PAGE}, the same on every stick of this version: {page}")


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

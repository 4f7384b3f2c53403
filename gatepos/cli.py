"""The commands without a screen, through the same till as the screen."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click
import orjson

from gatepos import __version__, app, i18n
from gatepos.devices import printer
from gatepos.domain import numbers
from gatepos.errors import Refusal, Said, Trouble
from gatepos.ledger import backup as backups
from gatepos.ledger import verification
from gatepos.ledger.checks import Finding
from gatepos.ledger.ledger import FILE
from gatepos.ledger.troubles import LedgerInUse, NotALedger
from gatepos.seal.keys import TillKey
from gatepos.settings import FILE as SETTINGS_FILE
from gatepos.settings import Settings, dump, load
from gatepos.till.commands import Commands

FOUND, REFUSED, IN_USE = 1, 2, 3
_FOLDER = click.Path(path_type=Path, file_okay=False)
_EXISTING = click.Path(path_type=Path, exists=True)


@click.group()
@click.version_option(__version__)
def commands() -> None:
    """gatepos: the till of a park gate.

    PINs come from the environment (GATEPOS_PIN, GATEPOS_NEW_PIN) or are asked for, never from arguments.
    Exit codes: 0 done, 1 something was found, 2 refused, 3 the till is running already.
    """


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.option("--code", default="XNM1", show_default=True, help="Till code; begins with X until enrolled.")
@click.option("--park", default="NNP", show_default=True, help="Park code.")
@click.option("--gate", default="MAIN", show_default=True, help="Gate code.")
@click.option("--lane", default="1", show_default=True)
@click.option("--manager", default="01", show_default=True, help="The first manager's staff number.")
@click.option("--schedule", default="CF2025", show_default=True, help="Fee schedule in force.")
@click.option(
    "--printer", "printer_", default="none", show_default=True, help="network:ADDRESS:9100, pdf:FOLDER …"
)
@click.option("--language", default="en", show_default=True, type=click.Choice(list(i18n.LANGUAGES)))
def init(
    folder: Path,
    code: str,
    park: str,
    gate: str,
    lane: str,
    manager: str,
    schedule: str,
    printer_: str,
    language: str,
) -> None:
    """Make a till in FOLDER; the manager's PIN is GATEPOS_PIN, or asked for."""
    printer.named(printer_)
    pin = _secret("GATEPOS_PIN", "PIN of the manager")
    plan = app.Plan(code, park, gate, lane, manager, pin, schedule)
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / SETTINGS_FILE).exists():
        (folder / SETTINGS_FILE).write_text(
            dump(Settings(language=language, printer=printer_)), encoding="utf-8"
        )
    till = app.create_till(folder, plan)
    till.desk.ledger.close()
    click.echo(f"Till {code} of {park}, gate {gate}, lane {lane}, in {folder}.")
    click.echo("Next: set the USD rate in Set-up, then open a shift.")


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--manager", default="01", show_default=True, help="Who does this; PIN in GATEPOS_PIN or asked for."
)
@click.option("--add", "number", help="Staff number to add or start anew; prints a one-time start code.")
@click.option("--role", "roles", multiple=True, default=("clerk",), show_default=True)
@click.option("--remove", help="Staff number that may no longer sign in.")
def staff(folder: Path, manager: str, number: str | None, roles: tuple[str, ...], remove: str | None) -> None:
    """List the staff of the till in FOLDER, add or remove somebody."""
    till = app.open_till(folder)
    try:
        if number or remove:
            till.sign_in.sign_in(manager, _secret("GATEPOS_PIN", "PIN of the manager"))
        if number:
            started = till.set_up.employ(number, roles)
            click.echo(f"{number} chooses a PIN with the start code {started.start_code}")
        if remove:
            till.set_up.dismiss(remove)
        for person in till.sign_in.people():
            click.echo(f"{person.number}  {', '.join(sorted(person.roles))}")
    finally:
        till.desk.ledger.close()


@commands.group()
def till() -> None:
    """Run a till without a screen."""


@till.command()
@click.argument("folder", type=_FOLDER)
def run(folder: Path) -> None:
    """Read one JSON command a line, answer one JSON line each.

    `{"do":"sell","id":…,"lines":[["park_entry","non_resident","adult",3]],"band":2,"plate":"KDA 412M",
    "free":{"tra_crew":1},"pay":[{"kind":"mpesa","code":"UA26X1Y2ZQ","amount":"43940"}]}` … Commands: sign_in
    choose_pin sign_out open_shift close_shift sell hold waiting correct void receipt receipts reprint totals
    set_rate configure. `recorded` is said only when both files are on the disk. Papers go to the printer of
    the folder's settings after the answer.
    """
    opened = app.open_till(folder)
    settings = load(folder)
    paper = printer.named(settings.printer, settings.paper_mm)
    answers = Commands(opened)
    ledger = opened.desk.ledger
    _say({"ready": True, "till": ledger.context.till, "seq": ledger.head[0], "findings": ledger.findings})
    try:
        for line in sys.stdin:
            if line.strip():
                _say(_answer(answers, line))
                while settings.printer != "none" and app.print_next(_at_once, opened, paper):
                    pass
                ledger.upkeep()
    finally:
        ledger.close()


@commands.command()
@click.argument("path", type=_EXISTING)
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON object.")
@click.option(
    "--anchor", "anchors", multiple=True, help="SHIFT:HASH, a shift's number and the code on its paper."
)
def verify(path: Path, as_json: bool, anchors: tuple[str, ...]) -> None:
    """Check chain, signatures, tape, numbers and books of a folder or a backup; exit 1 on a finding."""
    report = _verified(path, _anchors(anchors))
    findings = sorted(report.findings, key=lambda finding: (not finding.seq, finding.seq))
    if as_json:
        found = [{"seq": finding.seq, "what": finding.what} for finding in findings]
        head = {"till": report.till, "entries": report.entries, "head": report.head}
        click.echo(json.dumps({**head, "whole": report.is_whole, "findings": found}))
    else:
        click.echo(f"{report.till}: {report.entries} entries, chain read at {report.rate_mb_s:.0f} MB/s")
        for finding in findings:
            click.echo(f"  {finding}")
        click.echo("whole" if report.is_whole else f"first bad: {findings[0]}")
    sys.exit(0 if report.is_whole else FOUND)


@commands.group()
def journal() -> None:
    """Look at the journal."""


@journal.command()
@click.argument("path", type=_EXISTING)
def export(path: Path) -> None:
    """Write the till's public key, then each entry as `{"raw":…,"sig":…}`, a line each."""
    if path.is_file():
        _export(path)
    else:
        file = _ledger(path)
        with backups.locked(path):
            _export(file)


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.argument("number")
@click.option("--out", type=click.Path(path_type=Path), help="Write the paper as PDF or PNG.")
def receipt(folder: Path, number: str, out: Path | None) -> None:
    """Show a receipt of the till in FOLDER, or write its paper to a file."""
    from gatepos.devices import layout, pdf, picture
    from gatepos.domain.receipt import Qr

    till = app.open_till(folder)
    try:
        opened = till.history.open(number)
        paper_mm = load(folder).paper_mm
        if out is not None:
            make = pdf.render if out.suffix == ".pdf" else picture.png
            out.write_bytes(make(opened.paper, paper_mm))
        for row in layout.rows(opened.paper, paper_mm):
            click.echo(f"[{row.text}]" if isinstance(row, Qr) else row.text)
    finally:
        till.desk.ledger.close()


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.argument("medium", type=_FOLDER)
def backup(folder: Path, medium: Path) -> None:
    """Copy the ledger of FOLDER to MEDIUM, read it back and check it."""
    till = app.open_till(folder)
    try:
        made = till.set_up.backup(medium)
    finally:
        till.desk.ledger.close()
    click.echo(f"{made.path}: entries to {made.seq}, read back and whole.")


@commands.command()
@click.argument("copy", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("folder", type=_FOLDER)
def restore(copy: Path, folder: Path) -> None:
    """Put the backup COPY into FOLDER, whose ledger file is gone, when its tape confirms the head."""
    report = backups.restore(copy, folder, FILE, list(load(folder).tape_folders(folder)))
    click.echo(f"{report.till}: {report.entries} entries restored; the tape confirms the head.")


def main() -> None:
    """Run a command; a refusal is a sentence and exit code 2, a till in use exit code 3."""
    try:
        commands(standalone_mode=False)
    except LedgerInUse as trouble:
        _stop(trouble, IN_USE)
    except (Refusal, Trouble) as said:
        _stop(said, REFUSED)
    except click.ClickException as error:
        error.show()
        sys.exit(REFUSED)
    except click.Abort:
        sys.exit(REFUSED)


def _export(file: Path) -> None:
    with backups.reading(file) as conn:
        for place, (raw, sig) in enumerate(backups.entries(conn)):
            if not place:
                first = orjson.loads(raw)
                _say({"till": first["till"], "public_key": first["data"]["public_key"]})
            _say({"raw": raw.decode(), "sig": sig.hex()})


def _stop(said: Said, code: int) -> NoReturn:
    click.echo(str(said), err=True)
    sys.exit(code)


def _at_once(action: Callable[[], object]) -> object:
    return action()


def _answer(answers: Commands, line: str) -> dict[str, object]:
    try:
        command = orjson.loads(line)
    except orjson.JSONDecodeError:
        return {"error": "BadCommand", "says": "not JSON"}
    if not isinstance(command, dict):
        return {"error": "BadCommand", "says": "not an object"}
    try:
        return {**answers.run(command), "id": command.get("id")}
    except (Refusal, Trouble) as said:
        return {"error": said.name, "says": str(said), "recorded": False, "id": command.get("id")}
    except (ValueError, TypeError, KeyError) as error:
        return {"error": "BadCommand", "says": str(error)[:200], "recorded": False, "id": command.get("id")}


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(orjson.dumps(answer).decode() + "\n")
    sys.stdout.flush()


def _secret(variable: str, prompt: str) -> str:
    given = os.environ.get(variable)
    return given if given else str(click.prompt(prompt, hide_input=True))


def _anchors(given: tuple[str, ...]) -> dict[str, str]:
    anchors = {}
    for text in given:
        shift, _, code = text.partition(":")
        anchors[str(numbers.parse(shift))] = code.replace(" ", "").upper()
    return anchors


def _ledger(folder: Path) -> Path:
    """The ledger file of a till's folder; NoTillHere, NotALedger."""
    if not (folder / app.IDENTITY).exists():
        raise app.NoTillHere(folder=folder)
    if not (folder / FILE).exists():
        raise NotALedger(file=FILE)
    return folder / FILE


def _verified(path: Path, anchors: dict[str, str]) -> verification.Report:
    if path.is_file():
        with backups.reading(path) as conn:
            return verification.verify(conn, (), anchors)
    file = _ledger(path)
    with backups.locked(path), backups.reading(file) as conn:
        report = verification.verify(conn, load(path).tape_folders(path), anchors)
    if report.public_key != TillKey.load(path / app.KEY).public:
        report.add(Finding(1, "the key in the folder is not the ledger's"))
    return report

"""The commands without a screen, through the same till as the screen."""

import importlib.util
import itertools
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click
import orjson
import platformdirs
from click.exceptions import NoArgsIsHelpError

from gatepos import (
    __version__,
    app,
    auditing,
    checking,
    exchange,
    i18n,
    joining,
    reconciling,
    removing,
    reporting,
    starting,
)
from gatepos.devices import printer
from gatepos.domain import numbers
from gatepos.domain.receipt import CHECK_LENGTH
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import backup as backups
from gatepos.ledger.file import FILE
from gatepos.settings import load
from gatepos.spoken import FOUND, REFUSED, STOPPED, Group, secret, words_of
from gatepos.till.approvals import Second
from gatepos.till.commands.run import Commands, listing
from gatepos.till.papers import print_next
from gatepos.till.station import Plan

_T = TypeVar("_T")
_FOLDER = click.Path(path_type=Path, file_okay=False)
_EXISTING = click.Path(path_type=Path, exists=True)


class BadAnchor(Refusal):
    """An anchor of another form than papers show."""

    says = N_("{anchor} is no anchor: a shift's number, a colon, and the twelve characters on its paper.")


@click.group(cls=Group)
@click.version_option(__version__)
def commands() -> None:
    """gatepos: the till of a park gate.

    PINs come from the environment (GATEPOS_PIN, GATEPOS_NEW_PIN) or are asked for, never from arguments.
    Exit codes: 0 done, 1 something was found, 2 refused, 3 the till is running already, 130 Ctrl-C.
    Refusals and reports are in the language of the environment (LANGUAGE, LANG), else in the till's own.
    """


class Central(Group):
    """The commands of central, whose libraries take their time and need not be there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return self._loaded().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._loaded().get_command(ctx, cmd_name)

    def _loaded(self) -> click.Group:
        if importlib.util.find_spec("fastapi") is None:
            raise click.ClickException("Central is not installed. Use: pip install gatepos[central]")
        from gatepos import receiver

        return receiver.central


@commands.group(cls=Central)
def central() -> None:
    """Receive what tills wrote, and let tills hear each other."""


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.option("--code", help="Till code; begins with X until enrolled  [default: of park, gate, lane]")
@click.option("--park", default="NNP", show_default=True, help="Park code.")
@click.option("--gate", default="MAIN", show_default=True, help="Gate code.")
@click.option("--lane", default="1", show_default=True)
@click.option("--manager", default="01", show_default=True, help="The first manager's staff number.")
@click.option("--schedule", default="CF2025", show_default=True, help="Fee schedule in force.")
@click.option("--printer", "printer_", help="network:ADDRESS:9100, pdf:FOLDER …  [default: none]")
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), help="[default: en]")
def init(
    folder: Path,
    code: str | None,
    park: str,
    gate: str,
    lane: str,
    manager: str,
    schedule: str,
    printer_: str | None,
    language: str | None,
) -> None:
    """Make a till in FOLDER; the manager's PIN is GATEPOS_PIN, or asked for."""
    before = load(folder)
    settings = replace(before, printer=printer_ or before.printer, language=language or before.language)
    printer.of(settings)
    pin = secret("GATEPOS_PIN", "PIN of the manager")
    code = code or numbers.proposed_till(park, gate, lane)
    app.create_till(folder, Plan(code, park, gate, lane, manager, pin, schedule)).desk.ledger.close()
    app.save(folder, settings)
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
@click.option("--second", help="Who agrees, where one may not alone; PIN in GATEPOS_SECOND_PIN or asked for.")
def staff(
    folder: Path,
    manager: str,
    number: str | None,
    roles: tuple[str, ...],
    remove: str | None,
    second: str | None,
) -> None:
    """List the staff of the till in FOLDER, add or remove somebody."""
    till = app.open_till(folder)
    try:
        if number or remove:
            till.sign_in.sign_in(manager, secret("GATEPOS_PIN", "PIN of the manager"))
        pin = secret("GATEPOS_SECOND_PIN", "PIN of the second person") if second else ""
        agreed = Second(second, pin) if second else None
        if number:
            started = till.set_up.employ(number, roles, agreed)
            click.echo(f"{number} chooses a PIN with the start code {started.start_code}")
        if remove:
            till.set_up.dismiss(remove, agreed)
        for person in till.sign_in.people():
            click.echo(f"{person.number}  {', '.join(sorted(person.roles))}")
    finally:
        till.desk.ledger.close()


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.option("--manager", default="01", show_default=True, help="Who gets the start code.")
def pins(folder: Path, manager: str) -> None:
    """Set PINs anew in FOLDER, whose PIN file is lost or damaged: prints a start code for a manager."""
    code = app.renew_pins(folder, manager)
    click.echo(f"{manager} chooses a PIN with the start code {code} and gives the others theirs in Set-up.")
    click.echo("The journal says that PINs were set anew.")


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.option("--window", is_flag=True, help="In a window of 1366 × 768, not over the whole screen.")
def kiosk(folder: Path, window: bool) -> None:
    """Open the kiosk on the till in FOLDER; make it where there is none yet, or start its spare."""
    from gatepos import opening  # Qt takes its time, and no other command needs it

    if not _has_display():
        raise click.ClickException("There is no display here. Use: gatepos till run")
    sys.exit(opening.run(folder, (1366, 768) if window else None))


@commands.command()
@click.argument("folder", type=_FOLDER, required=False)
@click.option("--replay", is_flag=True, help="Play a day at the gate instead of waiting for a clerk.")
@click.option("--language", type=click.Choice(list(i18n.LANGUAGES)), help="[default: the environment's]")
def demo(folder: Path | None, replay: bool, language: str | None) -> None:
    """Open the demonstration: a till of Nairobi National Park, in FOLDER or the user's own data folder.

    Without a display, or with --replay, a whole day is played; its screens, papers and ledger stay in a
    folder that is named at the end.
    """
    language = words_of(None, language).language
    has_display = _has_display()
    if not has_display:
        click.echo("There is no display here: the demonstration plays offscreen.")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gatepos.rehearsal import demo as demonstration  # Qt reads the platform when it is loaded

    base = platformdirs.user_data_path("gatepos")
    if has_display and not replay:
        sys.exit(demonstration.open_kiosk(folder or base / "demo", language, click.echo))
    place = folder or _next_folder(base, "replay")
    played = demonstration.replay(place, language, click.echo, is_watched=has_display)
    click.echo(
        f"Played in {played.took_s:.1f} s with {played.touches} touches: {played.pictures} screens in"
        f" {place / 'screens'}, {played.papers} papers (PDF and PNG) in {place / 'park' / 'papers'},"
        f" the ledger with {played.entries} entries in {place / 'park'}."
    )
    for finding in played.findings:
        click.echo(f"Found: {finding}")
    sys.exit(FOUND if played.findings else 0)


@commands.group()
def till() -> None:
    """Run a till without a screen."""


@till.command(
    help="Read one JSON command a line, answer one JSON line each.\n\n"
    "`recorded` is said only when both files are on the disk; what writes money carries an `id`, made before"
    " its first attempt. Papers go to the printer of the folder's settings after the answer.\n\n"
    f"\b\nCommands:\n{listing()}"
)
@click.argument("folder", type=_FOLDER)
def run(folder: Path) -> None:
    """Answer the commands of standard input until it ends."""
    opened = app.open_till(folder)
    settings = load(folder)
    paper = printer.of(settings)
    answers = Commands(opened, app.words_of(folder))
    ledger = opened.desk.ledger
    _say(
        {
            "ready": True,
            "till": ledger.context.till,
            "seq": ledger.head[0],
            "findings": [str(f) for f in ledger.findings],
        }
    )
    try:
        for line in sys.stdin.buffer:
            if line.strip():
                _say(answers.answer(line))
                while settings.printer != "none" and print_next(_at_once, opened.printing, paper):
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
    report = app.verified(path, _anchors(anchors))
    findings = sorted(report.findings, key=lambda finding: (not finding.seq, finding.seq))
    if as_json:
        found = [{"seq": finding.seq, "what": finding.what} for finding in findings]
        head = {"till": report.till, "entries": report.entries, "head": report.head}
        answer = {**head, "whole": report.is_whole, "older": report.is_older, "findings": found}
        click.echo(json.dumps(answer))
    else:
        click.echo(f"{report.till}: {report.entries} entries, chain read at {report.rate_mb_s:.0f} MB/s")
        if report.is_older:
            click.echo("  books of an older program: not compared, made anew at the next start")
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
        file = app.ledger_file(path)
        with backups.locked(path):
            _export(file)


@commands.command()
@click.argument("folder", type=_FOLDER)
@click.argument("number")
@click.option("--out", type=click.Path(path_type=Path), help="Write the paper as PDF or PNG.")
def receipt(folder: Path, number: str, out: Path | None) -> None:
    """Show a receipt of the till in FOLDER, or write its paper to a file."""
    from gatepos.devices import layout, pdf, picture
    from gatepos.domain.paper_lines import Qr

    till = app.open_till(folder)
    try:
        opened = till.history.open(number)
        paper_mm = load(folder).paper_mm
        if out is not None:
            make = pdf.render if out.suffix == ".pdf" else picture.png
            out.write_bytes(make(opened.paper, paper_mm))
        for row in layout.rows(opened.paper, paper_mm):
            click.echo(f"[{row.text}]" if isinstance(row, Qr) else str(row))
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


for command in (
    exchange.keyring,
    exchange.bundle,
    exchange.check_pass,
    joining.enrol,
    starting.spare,
    removing.remove,
    removing.ready_to_update,
    reporting.takings,
    reporting.difference,
    checking.verify_export,
    reconciling.reconcile,
    auditing.audit,
):
    commands.add_command(command)


def main() -> None:
    """Run a command; what is wrong with it is one line, and the exit code says of what kind it is."""
    try:
        commands(standalone_mode=False)
    except NoArgsIsHelpError as error:
        error.show()
        sys.exit(REFUSED)
    except click.ClickException as error:
        click.echo(_told(error), err=True)
        sys.exit(REFUSED)
    except click.Abort:
        click.echo(words_of(None)(N_("Stopped.")), err=True)
        sys.exit(STOPPED)


def _told(error: click.ClickException) -> str:
    """What is wrong with how a command was typed, and where its help is."""
    said, at = error.format_message(), error.ctx if isinstance(error, click.UsageError) else None
    return f"{said} Try: {at.command_path} --help" if at else said


def _export(file: Path) -> None:
    with backups.reading(file) as conn:
        for place, (raw, sig) in enumerate(backups.entries(conn)):
            if not place:
                first = orjson.loads(raw)
                _say({"till": first["till"], "public_key": first["data"]["public_key"]})
            _say({"raw": raw.decode(), "sig": sig.hex()})


def _has_display() -> bool:
    """Whether Qt can show a window here; on Windows and macOS always."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _next_folder(base: Path, name: str) -> Path:
    """The first of `name`-1, `name`-2 … that does not exist yet."""
    return next(base / f"{name}-{n}" for n in itertools.count(1) if not (base / f"{name}-{n}").exists())


def _at_once(action: Callable[[], _T]) -> _T:
    return action()


def _say(answer: dict[str, object]) -> None:
    sys.stdout.write(orjson.dumps(answer).decode() + "\n")
    sys.stdout.flush()


def _anchors(given: tuple[str, ...]) -> dict[str, str]:
    """Shift numbers and codes as their papers show them; BadNumber, BadAnchor."""
    anchors = {}
    for text in given:
        shift, _, typed = text.partition(":")
        code = re.sub(r"[\s-]", "", typed).upper()
        if not re.fullmatch(rf"[A-Z2-7]{{{CHECK_LENGTH}}}", code):
            raise BadAnchor(anchor=text[:60])
        anchors[str(numbers.parse(shift))] = code
    return anchors

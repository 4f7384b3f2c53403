"""The commands of reports: made of a till's folder or of a backup, and checked anywhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import click

from gatepos import app, i18n
from gatepos.domain import fees, moments, parks
from gatepos.domain.fees import BadSchedule, Schedule
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_, Words
from gatepos.ledger import backup as backups
from gatepos.ledger import source as sources
from gatepos.ledger.source import Source, Standing
from gatepos.reports import daily
from gatepos.reports import difference as differences
from gatepos.reports.asked import asked, exported, written
from gatepos.reports.manifest import Signer
from gatepos.reports.scope import Prices, Scope
from gatepos.reports.sheet import Note
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.spoken import Spoken, asks_for_report
from gatepos.sync import address
from gatepos.sync.cursor import Cursor
from gatepos.till.set_up import UnknownSchedule
from gatepos.wire import schedules as wired
from gatepos.wire.feed import Row

_UNSIGNED = N_("NOT SIGNED: made of a backup, which holds no key. Compare it with what the till signed.")


class BadMoment(Refusal):
    """A moment of another form."""

    says = N_("{typed} is no moment: 2026-01-02 10:00, as clocks in Kenya show it.")


class NobodySigns(Refusal):
    """A report that no key could sign."""

    says = N_("A backup holds no key, so nobody could sign this. Say --unsigned, and its papers say so too.")


@click.command("takings", cls=Spoken)
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@asks_for_report
@click.option("--alone", is_flag=True, help="This till alone, without those that it heard.")
@click.option("--unsigned", is_flag=True, help="Of a backup, which holds no key: the papers say so.")
def takings(
    path: Path,
    day: str | None,
    month: str | None,
    first: str | None,
    last: str | None,
    formats: str,
    out: Path,
    language: str | None,
    alone: bool,
    unsigned: bool,
) -> None:
    """Write the takings and all papers of a day or a range of the till in PATH, a folder or a backup.

    The till signs them; `gatepos verify-export` checks that anywhere. Beside a running kiosk use a backup.
    """
    words = i18n.words(language) if language else _words_of(path)
    wanted = asked(day, month, first, last, formats, out, words)
    is_backup = path.is_file()
    if is_backup and not unsigned:
        raise NobodySigns()
    now = moments.to_text(app.SystemClock().wall_ms())
    with _reading(path) as (source, standings, found, park):
        tills = [one.till for one in standings][: 1 if alone else None]
        standings = [one for one in standings if one.till in tills]
        scope = Scope(
            source, wanted.span(tills), now, tuple(standings), Prices(found, fees.titles()),
            parks.shipped().parks.get(park), words, is_own=True,
        )  # fmt: skip
        made = daily.made(scope)
    if is_backup:
        done = written(wanted, made.versioned(1, (Note(_UNSIGNED),)), None)
    else:
        signer = _signer(path, standings[0].till, now)
        done = exported(path, wanted, made, scope.span, signer)
    click.echo(f"{done.folder}: {len(done.files)} files, read back.")


@click.command("difference", cls=Spoken)
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--since", required=True, help="Since when the schedule is stayed, 2026-01-02 10:00 in Kenya.")
@click.option("--schedule", required=True, help="The schedule that should have held.")
@asks_for_report
@click.option("--unsigned", is_flag=True, help="Of a backup, which holds no key.")
def difference(
    path: Path,
    since: str,
    schedule: str,
    day: str | None,
    month: str | None,
    first: str | None,
    last: str | None,
    formats: str,
    out: Path,
    language: str | None,
    unsigned: bool,
) -> None:
    """Write what each receipt and pass of the till in PATH paid since a schedule was stayed, and is due."""
    words = i18n.words(language) if language else _words_of(path)
    wanted = asked(day, month, first, last, formats, out, words)
    since_at = moments.to_text(_moment(since))
    if path.is_file() and not unsigned:
        raise NobodySigns()
    now = moments.to_text(app.SystemClock().wall_ms())
    with _reading(path) as (source, standings, found, park):
        if schedule not in found:
            raise UnknownSchedule(schedule=schedule[:20])
        scope = Scope(
            source, wanted.span([standings[0].till]), now, (standings[0],), Prices(found, fees.titles()),
            parks.shipped().parks.get(park), words, is_own=True,
        )  # fmt: skip
        report = differences.report(scope, since_at, found[schedule])
    signer = None if path.is_file() else _signer(path, standings[0].till, now)
    done = written(wanted, report, signer)
    click.echo(f"{done.folder}: {len(done.files)} files, read back.")


def _signer(folder: Path, till: str, at: str) -> Signer:
    key = TillKey.load(folder / app.KEY)
    return Signer(till, key.public, at, partial(said.say, key))


def _moment(typed: str) -> int:
    try:
        return moments.parse_local(typed)
    except ValueError as error:
        raise BadMoment(typed=typed[:20]) from error


@contextmanager
def _reading(path: Path) -> Iterator[tuple[Source, list[Standing], dict[str, Schedule], str]]:
    """The books of a till's folder or of a backup, the tills in them, the schedules known there, its park.

    NoTillHere, NotALedger, LedgerInUse, LedgerNewer.
    """
    with ExitStack() as opened:
        file = path if path.is_file() else app.ledger_file(path)
        if not path.is_file():
            opened.enter_context(backups.locked(path))
        conn = opened.enter_context(backups.in_present_form(opened.enter_context(backups.reading(file))))
        till, park, _ = sources.owner(conn)
        source = sources.of_ledger(conn, till)
        acked = None if path.is_file() else _acked(path, till, source)
        known = _known_schedules(sources.schedules(conn))
        yield source, sources.standings(conn, till, acked), known, park


def _acked(folder: Path, till: str, source: Source) -> int | None:
    """Up to where central has the till's own entries; None where no central is known."""
    keys = address.central_keys(folder)
    if not keys:
        return None
    last = Cursor(folder / "tape", till, keys[0], former=keys[1:]).last()
    if last is None:
        return 0
    own = next(iter(source.entries(till, [last.seq])), None)
    return last.seq if own is not None and own.hash == last.hash else 0


def _known_schedules(heard: Iterator[list[Row]]) -> dict[str, Schedule]:
    """The schedules that come with the program, and those heard that can be read."""
    known = dict(fees.shipped())
    for rows in heard:
        try:
            found = wired.schedule(rows)
        except (Refusal, BadSchedule):
            continue
        known.setdefault(found.id, found)
    return known


def _words_of(path: Path) -> Words:
    try:
        return app.words_of(path) if path.is_dir() else i18n.words(i18n.ENGLISH)
    except (Refusal, Trouble):
        return i18n.words(i18n.ENGLISH)

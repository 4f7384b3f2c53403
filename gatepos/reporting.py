"""The commands of reports: made of a till's folder or of a backup, and checked anywhere."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from gatepos import app
from gatepos.domain import fees, moments, parks
from gatepos.domain.fees import BadSchedule, Schedule
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import backup as backups
from gatepos.ledger import media
from gatepos.ledger import source as sources
from gatepos.ledger.source import Source, Standing
from gatepos.reports import daily
from gatepos.reports import difference as differences
from gatepos.reports.asked import Asked, Typed, asked, exported, written
from gatepos.reports.manifest import Signer
from gatepos.reports.scope import Prices, Scope
from gatepos.reports.sheet import Note
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.spoken import Spoken, asks_for_report, words_of
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
    typed: Typed,
    alone: bool,
    unsigned: bool,
) -> None:
    """Write the takings and all papers of a day or a range of the till in PATH, a folder or a backup.

    The till signs them; `gatepos verify-export` checks that anywhere. Beside a running kiosk use a backup.
    """
    wanted = _asked(path, typed)
    _check_signs(path, unsigned)
    now = moments.to_text(app.SystemClock().wall_ms())
    with _reading(path) as read:
        scope = read.scope(wanted, now, 1 if alone else None)
        made = daily.made(scope)
    if path.is_file():
        done = written(wanted, made.versioned(1, (Note(_UNSIGNED),)), None)
    else:
        done = exported(path, wanted, made, scope.span, _signer(path, scope.standings[0].till, now))
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
    typed: Typed,
    unsigned: bool,
) -> None:
    """Write what each receipt and pass of the till in PATH paid since a schedule was stayed, and is due."""
    wanted = _asked(path, typed)
    since_at = moments.to_text(_moment(since))
    _check_signs(path, unsigned)
    now = moments.to_text(app.SystemClock().wall_ms())
    with _reading(path) as read:
        if schedule not in read.schedules:
            raise UnknownSchedule(schedule=schedule[:20])
        scope = read.scope(wanted, now, 1)
        report = differences.report(scope, since_at, read.schedules[schedule])
    if not path.is_file():
        media.check(wanted.out, path)
    signer = None if path.is_file() else _signer(path, scope.standings[0].till, now)
    done = written(wanted, report, signer)
    click.echo(f"{done.folder}: {len(done.files)} files, read back.")


def _asked(path: Path, typed: Typed) -> Asked:
    return asked(typed, words_of(path, typed.language))


def _check_signs(path: Path, unsigned: bool) -> None:
    """NobodySigns for a backup, unless somebody said that they know."""
    if path.is_file() and not unsigned:
        raise NobodySigns()


@dataclass(frozen=True, slots=True)
class _Read:
    """The books of a till's folder or of a backup, the tills in them, the schedules known there, its park."""

    source: Source
    standings: tuple[Standing, ...]
    schedules: dict[str, Schedule]
    park: str

    def scope(self, wanted: Asked, at: str, most: int | None) -> Scope:
        """What was asked for, of so many of its tills, itself the first; None: of all."""
        standings = self.standings[:most]
        return Scope(
            self.source, wanted.span([one.till for one in standings]), at, standings,
            Prices(self.schedules, fees.titles()), parks.shipped().parks.get(self.park), wanted.words,
            is_own=True,
        )  # fmt: skip


def _signer(folder: Path, till: str, at: str) -> Signer:
    key = TillKey.load(folder / app.KEY)
    return Signer(till, key.public, at, partial(said.say, key))


def _moment(typed: str) -> int:
    try:
        return moments.parse_local(typed)
    except ValueError as error:
        raise BadMoment(typed=typed[:20]) from error


@contextmanager
def _reading(path: Path) -> Iterator[_Read]:
    """A till's folder or a backup; NoTillHere, NotALedger, LedgerInUse, LedgerNewer."""
    with ExitStack() as opened:
        file = path if path.is_file() else app.ledger_file(path)
        if not path.is_file():
            opened.enter_context(backups.locked(path))
        conn = opened.enter_context(backups.in_present_form(opened.enter_context(backups.reading(file))))
        till, park, _ = sources.owner(conn)
        source = sources.of_ledger(conn, till)
        acked = None if path.is_file() else _acked(path, till, source)
        known = _known_schedules(sources.schedules(conn))
        yield _Read(source, tuple(sources.standings(conn, till, acked)), known, park)


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

"""Opening a ledger's file: as it is when all agrees, upgraded, or rebuilt from what holds its entries."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from gatepos import files
from gatepos.domain import entry as entries
from gatepos.domain.canonical import FORBIDDEN, BadForm
from gatepos.i18n import N_
from gatepos.ledger import building, database, recent, recovery, returned
from gatepos.ledger.checks import Finding
from gatepos.ledger.database import Connect
from gatepos.ledger.recovery import Plan, Report
from gatepos.ledger.tape import OpenSegment, Reel
from gatepos.ledger.troubles import UNREADABLE, LedgerDamaged, NoLedger, WrongKey, WrongTill, is_damage, named
from gatepos.seal import entries as entry_seal

_FOUND = "ledger.damaged"
"""A finding of the check behind, kept so that the next start rebuilds."""


def open_ledger(plan: Plan, connect: Connect) -> tuple[sqlite3.Connection, Report | None]:
    """The ledger's connection, and what was rebuilt when it had to be.

    NoLedger, LedgerNewer, WrongKey, WrongTill, StorageProfile; LedgerGap, LedgerForked when it cannot be
    whole; DiskFull, ReadOnly, DiskFault for the disk's own errors.
    """
    try:
        found = _tried(plan, connect)
        if isinstance(found, sqlite3.Connection):
            noted = _noted(plan.folder)
            if noted is None:
                return found, _interrupted(found, plan)
            found.close()
            found = noted
        report = recovery.rebuild(plan, found)
        again = _tried(plan, connect)
    except (OSError, sqlite3.Error) as error:
        raise named(error, str(plan.folder)) from error
    if isinstance(again, Finding):
        raise LedgerDamaged(finding=again)
    return again, report


def open_reels(
    folder: Path, tapes: Sequence[Path], till: str, public: bytes, open_segment: OpenSegment
) -> list[Reel]:
    """The tapes of a ledger in `folder`, in order of preference."""
    for one in tapes:
        # A folder on another medium is not made: without its medium it would be on this disk.
        if one.parent == folder:
            with suppress(OSError):  # the reel itself says so
                one.mkdir(exist_ok=True)
    return [Reel(one, till, public, open_segment) for one in tapes]


def of_reels(reels: Sequence[Reel]) -> list[Finding]:
    """What is to be said of the tapes as they are found."""
    broken = N_("the tape in {folder} cannot be read")
    damaged = N_("the tape in {folder} has a damaged piece; a new one is begun")
    return [
        Finding(0, broken if reel.is_broken else damaged, {"folder": reel.folder.name})
        for reel in reels
        if reel.is_broken or reel.is_damaged
    ]


def note(folder: Path, finding: Finding) -> None:
    """Keep a finding for the next start; a disk that takes nothing more lets the check find it again."""
    told = {"seq": finding.seq, "says": finding.says, "values": dict(finding.values)}
    try:
        files.write_whole(folder / _FOUND, json.dumps(told, default=str).encode())
    except OSError:
        return


def finish(plan: Plan, report: Report) -> None:
    """The rebuilt ledger works and says so in its journal: what was found is settled."""
    try:
        returned.set_aside(plan.folder, report.aside)
        building.mark_finished(plan.folder, report.as_data())
        (plan.folder / _FOUND).unlink(missing_ok=True)
        files.sync_folder(plan.folder)
    except OSError as error:
        raise named(error, str(plan.folder)) from error


def unreadable(error: Exception) -> Finding:
    """The finding that SQLite's own words mean."""
    return Finding(0, N_("the ledger file cannot be read ({error})"), {"error": _seen(str(error))})


def of_pages(found: str) -> Finding:
    """The finding of SQLite's check of the file's pages."""
    return Finding(0, N_("the file: {found}"), {"found": _seen(found)})


def _seen(told: str) -> str:
    """SQLite quotes bytes of the damaged file, and the journal takes no character that cannot be seen."""
    return FORBIDDEN.sub("?", told.replace("\n", " "))[:200]


def _noted(folder: Path) -> Finding | None:
    try:
        told = json.loads((folder / _FOUND).read_bytes())
        return Finding(int(told["seq"]), str(told["says"]), dict(told["values"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return Finding(0, N_("the check found something, and its note cannot be read"))


def _tried(plan: Plan, connect: Connect) -> sqlite3.Connection | Finding:
    """The connection when nothing is wrong, the finding otherwise."""
    path = plan.folder / plan.name
    if not path.exists():
        return _missing(plan)
    if not path.stat().st_size:
        # SQLite deletes the WAL of an empty file, so it must not open this one.
        return Finding(0, N_("the ledger file is empty"))
    try:
        return _checked(plan, connect)
    except (*UNREADABLE, BadForm) as error:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            raise
        return unreadable(error)


def _missing(plan: Plan) -> Finding:
    holds_some = any(reel.head for reel in plan.reels) or building.unfinished(plan.folder)
    if not holds_some and not recovery.backups(plan):
        raise NoLedger(folder=plan.folder)
    return Finding(0, N_("the ledger file is missing"))


def _checked(plan: Plan, connect: Connect) -> sqlite3.Connection | Finding:
    path = plan.folder / plan.name
    conn = database.open_profiled(path, connect)
    try:
        version = database.version(conn)
        _check_owner(conn, plan)
        if version not in (0, database.VERSION):
            _upgrade(conn, version, plan)
            conn = database.open_profiled(path, connect)
        finding = _look(conn, plan)
    except BaseException:
        conn.close()
        raise
    if finding is not None:
        conn.close()
        return finding
    return conn


def _upgrade(conn: sqlite3.Connection, version: int, plan: Plan) -> None:
    """The present form of an older program's ledger takes its place; the old file stays aside."""
    building.upgrade(conn, version, building.new_path(plan.folder, plan.name))
    conn.close()
    building.set_aside(plan.folder, plan.name)
    building.put_in_place(plan.folder, plan.name)
    building.mark_finished(plan.folder, {"upgraded_from": version})


def _look(conn: sqlite3.Connection, plan: Plan) -> Finding | None:
    if not database.version(conn) or not database.has_form(conn):
        return Finding(0, N_("its tables are not those of a ledger"))
    return (
        recent.check(conn, plan.till, plan.public)
        or _beside_tapes(conn, plan)
        or _beside_backup(conn, plan)
        or _beside_central(conn, plan)
    )


def _check_owner(conn: sqlite3.Connection, plan: Plan) -> None:
    """WrongKey, WrongTill when the first entry is authentic, but another's; a damaged one is not."""
    row = conn.execute("SELECT raw, sig FROM journal WHERE seq = 1").fetchone()
    if row is None or type(row[0]) is not bytes or type(row[1]) is not bytes:
        return
    raw, sig = row
    try:
        first = entries.read(raw, sig)
        public, park = bytes.fromhex(str(first.data["public_key"])), str(first.data["park"])
    except (BadForm, KeyError, ValueError):
        return
    if not entry_seal.holds(public, first.hash, sig):
        return
    if public != plan.public:
        raise WrongKey(folder=plan.folder)
    if (first.till, park) != (plan.till, plan.park):
        raise WrongTill(till=plan.till, park=plan.park, other=first.till, other_park=park)


def _beside_tapes(conn: sqlite3.Connection, plan: Plan) -> Finding | None:
    """What the tapes hold must stand in the journal."""
    seq = conn.execute("SELECT max(seq) FROM journal").fetchone()[0]
    for reel in plan.reels:
        if reel.head > seq:
            return Finding(seq + 1, N_("only the tape holds it"))
        row = conn.execute("SELECT hash FROM journal WHERE seq = ?", (reel.head,)).fetchone()
        if reel.head and row != (reel.head_hash,):
            return Finding(reel.head, N_("journal and tape differ"))
    return None


def _beside_central(conn: sqlite3.Connection, plan: Plan) -> Finding | None:
    """What central gave back must stand in the journal."""
    reel = plan.returned()
    if not reel.head or conn.execute("SELECT hash FROM journal WHERE seq = ?", (reel.head,)).fetchone() == (
        reel.head_hash,
    ):
        return None
    return Finding(reel.head, N_("only central holds it: an older copy of the disk was put back"))


def _beside_backup(conn: sqlite3.Connection, plan: Plan) -> Finding | None:
    """What the newest backup holds must stand in the journal: older copies of all files agree among them."""
    seq, hash_ = recovery.newest_backup(plan)
    if not seq:
        return None
    row = conn.execute("SELECT hash FROM journal WHERE seq = ?", (seq,)).fetchone()
    if row is None:
        return Finding(seq, N_("only a backup holds it"))
    return None if row == (hash_,) else Finding(seq, N_("journal and backup differ"))


def _interrupted(conn: sqlite3.Connection, plan: Plan) -> Report | None:
    """A rebuild that ended after its file stood in place, and before the journal said so."""
    left = building.unfinished(plan.folder)
    if not left:
        return None
    seq = conn.execute("SELECT max(seq) FROM journal").fetchone()[0]
    finding = Finding(0, N_("a rebuild was interrupted after its last step"))
    return Report(finding, seq, seq, 0, 0, 0, (), left[-1])

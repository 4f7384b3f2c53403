"""The full check of a ledger at rest: what an auditor runs, and what every backup passes."""

import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain import numbers
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry
from gatepos.domain.receipt import check_code
from gatepos.i18n import N_
from gatepos.ledger import checks, database, heard, mirrors, tape
from gatepos.ledger.checks import Finding, Link
from gatepos.ledger.troubles import UNREADABLE
from gatepos.seal import entries as entry_seal
from gatepos.seal import keys

_MOST = 100
"""Findings listed; past that the ledger is damaged enough."""
_SLICE = 500


@dataclass(slots=True)
class Report:
    """What a check found; `rate_mb_s` is the chain's own, megabytes of raw a second.

    The books of an older program (`is_older`) are not compared: they are made anew from the journal at the
    next start.
    """

    till: str = ""
    park: str = ""
    entries: int = 0
    head: str = ""
    rate_mb_s: float = 0.0
    public_key: bytes = b""
    is_older: bool = False
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def add(self, finding: Finding | None) -> None:
        """Note a finding."""
        if finding is not None and len(self.findings) < _MOST:
            self.findings.append(finding)


def verify(
    conn: sqlite3.Connection, tapes: Sequence[Path] = (), anchors: Mapping[str, str] | None = None
) -> Report:
    """Check chain, signatures, form, columns, numbers, books, and the tape folders given.

    `anchors` are shift numbers with the twelve characters of the head printed on their paper.
    """
    report = Report()
    try:
        public = _identity(conn, report)
        if public is None:
            return report
        report.is_older = database.version(conn) not in (0, database.VERSION)
        _chain(conn, report, public)
        _entries(conn, report, public)
        _numbers(conn, report)
        if not report.is_older:
            _form(conn, report)
            _heard(conn, report)
            _books(conn, report)
        _pages(conn, report)
        _anchors(conn, report, anchors or {})
        for folder in tapes:
            _tape(conn, report, folder)
    except UNREADABLE as error:
        report.add(Finding(0, N_("the file cannot be read ({error})"), {"error": error}))
    return report


def _identity(conn: sqlite3.Connection, report: Report) -> bytes | None:
    row = conn.execute("SELECT raw, sig FROM journal WHERE seq = 1").fetchone()
    try:
        first = entries.read(*row) if row else None
    except BadForm as error:
        first = None
        report.add(Finding(1, "{why}", {"why": error}))
    if first is None or first.kind != "till.enrolled":
        report.add(Finding(1, N_("the first entry does not say whose ledger this is")))
        return None
    public = bytes.fromhex(str(first.data["public_key"]))
    keys.check_public(public)
    report.till, report.park, report.public_key = first.till, str(first.data["park"]), public
    return public


def _chain(conn: sqlite3.Connection, report: Report, public: bytes) -> None:
    started = time.perf_counter()
    size = conn.execute("SELECT coalesce(sum(length(raw)), 0) FROM journal").fetchone()[0]
    link = checks.chain(conn, Link(0, entries.genesis(report.till, public)))
    report.entries, report.head = link.seq, link.hash.hex()
    report.add(link.finding)
    report.rate_mb_s = size / 1e6 / max(time.perf_counter() - started, 1e-9)


def _rows(conn: sqlite3.Connection) -> Iterator[tuple[int, str, str, str | None, bytes, bytes]]:
    yield from conn.execute("SELECT seq, id, kind, number, raw, sig FROM journal ORDER BY seq")


def _entries(conn: sqlite3.Connection, report: Report, public: bytes) -> None:
    for seq, id_, kind, number, raw, sig in _rows(conn):
        try:
            entry = entries.read(raw, sig)
        except BadForm as error:
            report.add(Finding(seq, "{why}", {"why": error}))
            continue
        if not entry_seal.holds(public, entry.hash, sig):
            report.add(Finding(seq, N_("its signature does not hold")))
        if entry.kind == "shift.closed" and _head_of(entry) != (seq - 1, entry.prev.hex()):
            report.add(Finding(seq, N_("the head that its paper shows is not the entry before it")))
        if entry.till != report.till or not mirrors.says(entry, seq, id_, kind, number):
            report.add(Finding(seq, N_("its index differs from its bytes")))


def _heard(conn: sqlite3.Connection, report: Report) -> None:
    for finding in heard.checked(conn, every_signature=True):
        report.add(finding)


def _numbers(conn: sqlite3.Connection, report: Report) -> None:
    last: dict[str, int] = {}
    for seq, text in conn.execute("SELECT seq, number FROM journal WHERE number IS NOT NULL ORDER BY seq"):
        try:
            number = numbers.parse(text)
        except numbers.BadNumber:
            report.add(Finding(seq, N_("{number} is no number"), {"number": text}))
            continue
        expected = last.get(number.series, 0) + 1
        if number.n != expected or number.till != report.till:
            report.add(
                Finding(
                    seq,
                    N_("{number} where {other} belongs"),
                    {
                        "number": numbers.printed(text),
                        "other": numbers.printed(numbers.make(report.till, number.series, expected)),
                    },
                )
            )
        last[number.series] = number.n


def _form(conn: sqlite3.Connection, report: Report) -> None:
    """A file whose triggers are gone takes changes that a ledger refuses."""
    if not database.has_form(conn):
        report.add(Finding(0, N_("its tables, indexes or triggers are not those of a ledger")))


def _books(conn: sqlite3.Connection, report: Report) -> None:
    """Every row that the journal makes stands in the books, and no other."""
    for after in range(0, report.entries, _SLICE):
        to = after + _SLICE
        for finding in mirrors.books(conn, report.till, _readable(conn, after, to), after, to):
            report.add(finding)
    for finding in mirrors.strangers(conn, report.till):
        report.add(finding)


def _readable(conn: sqlite3.Connection, after_seq: int, to_seq: int) -> Iterator[Entry]:
    rows = conn.execute(
        "SELECT raw, sig FROM journal WHERE seq > ? AND seq <= ? ORDER BY seq", (after_seq, to_seq)
    )
    for row in rows:
        yield from _whole(row)


def _whole(row: tuple[bytes, bytes]) -> Iterator[Entry]:
    with suppress(BadForm):  # it is a finding already
        yield entries.read(*row)


def _pages(conn: sqlite3.Connection, report: Report) -> None:
    for (found,) in conn.execute("PRAGMA integrity_check(5)").fetchall():
        if found != "ok":
            report.add(Finding(0, N_("the file: {found}"), {"found": found}))


def _head_of(closed: Entry) -> tuple[object, object]:
    return closed.data["head_seq"], closed.data["head_hash"]


def _anchors(conn: sqlite3.Connection, report: Report, anchors: Mapping[str, str]) -> None:
    """What stands on a paper is what the chain says, and not what an entry says of it."""
    rows = conn.execute("SELECT raw, sig FROM journal WHERE kind = 'shift.closed'")
    closed = [entry for row in rows for entry in _whole(row)]
    heads = {str(entry.data["closes"]): check_code(entry.prev).replace(" ", "") for entry in closed}
    for shift, printed in anchors.items():
        if shift not in heads:
            report.add(
                Finding(
                    0, N_("no shift {shift} was closed in this ledger"), {"shift": numbers.printed(shift)}
                )
            )
        elif heads[shift] != printed:
            report.add(
                Finding(
                    0,
                    N_("the head printed on {shift} is not in this ledger"),
                    {"shift": numbers.printed(shift)},
                )
            )


def _tape(conn: sqlite3.Connection, report: Report, folder: Path) -> None:
    held: set[bytes] = set()
    try:
        for path in tape.segments(folder, report.till):
            data = path.read_bytes()
            if not tape.is_whole(data):
                report.add(Finding(0, N_("tape {file} has a damaged piece"), {"file": path.name}))
            held.update(entries.hash_of(found.raw) for found in tape.frames(data))
    except OSError:
        report.add(Finding(0, N_("the tape in {folder} cannot be read"), {"folder": folder.name}))
        return
    for seq, hash_ in conn.execute("SELECT seq, hash FROM journal ORDER BY seq"):
        if hash_ not in held:
            report.add(Finding(seq, N_("missing on the tape in {folder}"), {"folder": folder.name}))
        held.discard(hash_)
    if held:
        report.add(
            Finding(
                0,
                N_("the tape in {folder} holds {n} entries that the journal lacks"),
                {"folder": folder.name, "n": len(held)},
            )
        )

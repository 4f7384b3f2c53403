"""Print jobs: the only rows of a ledger that change, because paper is not the ledger."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from gatepos.ledger.troubles import is_worldly, named

QUEUED, SENDING, SENT, FAILED, ASK = "QUEUED", "SENDING", "SENT", "FAILED", "ASK"
BEGUN = "ASK_BEGUN"
"""In doubt, and bytes had been sent."""


@dataclass(frozen=True, slots=True)
class Job:
    """A paper to print: the entry and which copy of it, 0 the original."""

    id: int
    entry_seq: int
    copy: int
    was_begun: bool = False


class Prints:
    """The queue of papers. A job is SENDING, committed, before its first byte."""

    def __init__(self, conn: sqlite3.Connection):
        self._conn = conn

    def queue(self, entry_seq: int, copy: int = 0) -> None:
        """Queue a paper, in the caller's transaction or one of its own."""
        self._conn.execute(
            "INSERT INTO print_job(entry_seq, copy, state) VALUES (?, ?, ?)", (entry_seq, copy, QUEUED)
        )

    def take(self) -> Job | None:
        """The oldest queued paper, marked SENDING."""
        with _naming():
            row = self._conn.execute(
                "SELECT id, entry_seq, copy FROM print_job WHERE state = ? ORDER BY id LIMIT 1", (QUEUED,)
            ).fetchone()
        if row is None:
            return None
        self._set(row[0], SENDING)
        return Job(*row)

    def sent(self, job: Job) -> None:
        """The printer took it."""
        self._set(job.id, SENT)

    def failed(self, job: Job) -> None:
        """The printer refused before the first byte."""
        self._set(job.id, FAILED)

    def doubt(self, job: Job) -> None:
        """Bytes were sent and nobody knows what became of them: ask."""
        self._set(job.id, BEGUN)

    def again(self, job: Job) -> None:
        """Print it after all: a begun paper as the next copy, one that never began as it was."""
        copy = self.copies(job.entry_seq) + 1 if job.was_begun else job.copy
        self._conn.execute("UPDATE print_job SET state = ?, copy = ? WHERE id = ?", (QUEUED, copy, job.id))

    def retry(self) -> None:
        """Queue what failed."""
        self._conn.execute("UPDATE print_job SET state = ? WHERE state = ?", (QUEUED, FAILED))

    def after_stop(self) -> None:
        """At start: whatever was queued or being sent is asked about."""
        self._conn.execute("UPDATE print_job SET state = ? WHERE state = ?", (BEGUN, SENDING))
        self._conn.execute("UPDATE print_job SET state = ? WHERE state IN (?, ?)", (ASK, QUEUED, FAILED))

    def unresolved(self) -> tuple[Job, ...]:
        """The papers to ask about, oldest first."""
        rows = self._conn.execute(
            "SELECT id, entry_seq, copy, state FROM print_job WHERE state IN (?, ?) ORDER BY id",
            (ASK, BEGUN),
        )
        return tuple(Job(id_, seq, copy, state != ASK) for id_, seq, copy, state in rows)

    def waiting(self) -> int:
        """How many papers wait for the printer, the one in its hands not counted."""
        states = (QUEUED, FAILED)
        row = self._conn.execute("SELECT count(*) FROM print_job WHERE state IN (?, ?)", states).fetchone()
        return int(row[0])

    def copies(self, entry_seq: int) -> int:
        """The highest copy of an entry's paper so far."""
        row = self._conn.execute(
            "SELECT max(copy) FROM print_job WHERE entry_seq = ?", (entry_seq,)
        ).fetchone()
        return int(row[0] or 0)

    def _set(self, id_: int, state: str) -> None:
        with _naming():
            self._conn.execute("UPDATE print_job SET state = ? WHERE id = ?", (state, id_))


@contextmanager
def _naming() -> Iterator[None]:
    """A disk that fails beside the journal is a trouble of the world, not the end of a thread."""
    try:
        yield
    except sqlite3.Error as error:
        if not is_worldly(error):
            raise
        raise named(error, "ledger.db") from error

"""Paper after the ledger: what to print next, what became of it, and what nobody knows.

A job is SENDING, committed, before its first byte; so whatever a crash leaves behind is asked about at
the next start, and nothing prints twice by itself.
"""

from dataclasses import dataclass
from typing import cast

from gatepos.domain import moments, papers
from gatepos.domain.entry import Entry
from gatepos.domain.paper_lines import PaperLine
from gatepos.domain.receipt import Copy
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words
from gatepos.ledger import queries
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.prints import Job
from gatepos.till import tickets
from gatepos.till.corrections import RECEIPTS
from gatepos.till.desk import Desk


class NothingToAsk(Refusal):
    """A print job that is not in doubt."""

    says = N_("That paper is not in doubt any more.")


@dataclass(frozen=True, slots=True)
class Page:
    """A paper ready for the printer."""

    job: Job
    lines: tuple[PaperLine, ...]


class Printing:
    """The print queue, in front of the printer's own thread."""

    def __init__(self, desk: Desk, words: Words):
        self._desk = desk
        self._words = words

    def speak(self, words: Words) -> None:
        """Papers are in these words from now on."""
        self._words = words

    def next(self) -> Page | None:
        """The next paper to print, marked SENDING and committed; None when there is none."""
        job = self._desk.ledger.prints.take()
        if job is None:
            return None
        return Page(job, self.paper(self._desk.ledger.entry(job.entry_seq), job.copy))

    def printed(self, job: Job) -> None:
        """The printer took all of it."""
        self._desk.ledger.prints.sent(job)
        self._desk.write("print.done", {"of": job.entry_seq, "copy": job.copy})

    def failed(self, job: Job, cause: str) -> None:
        """The printer refused before the first byte: the paper waits and can be sent again."""
        self._desk.ledger.prints.failed(job)
        self._desk.write("print.failed", {"of": job.entry_seq, "copy": job.copy, "cause": cause})

    def doubted(self, job: Job) -> None:
        """The printer stopped half way: only a person can see what came out."""
        self._desk.ledger.prints.doubt(job)

    def in_doubt(self) -> tuple[Job, ...]:
        """Papers that a stop left queued or half sent: ask the clerk about each before selling."""
        return self._desk.ledger.prints.unresolved()

    def doubted_papers(self) -> tuple[Page, ...]:
        """The papers in doubt as they would have come out."""
        ledger = self._desk.ledger
        return tuple(Page(job, self.paper(ledger.entry(job.entry_seq), job.copy)) for job in self.in_doubt())

    def resolve(self, job: Job, *, was_printed: bool) -> None:
        """What the clerk found in the printer: done, or print it again, marked a copy if it was begun."""
        if job not in self.in_doubt():
            raise NothingToAsk()
        if was_printed:
            self.printed(job)
        else:
            self._desk.ledger.prints.again(job)

    def retry(self) -> None:
        """Queue what failed, after the clerk mended the printer."""
        self._desk.ledger.prints.retry()

    def reprint(self, entry: Entry) -> Recorded:
        """Journal a copy and queue it; its entry says which copy it is."""
        copy = self._desk.ledger.prints.copies(entry.seq) + 1
        self._desk.allowed("sell")
        done = self._desk.write("reprint", {"of": entry.seq, "copy": copy})
        self._desk.ledger.prints.queue(entry.seq, copy)
        return done

    def paper(self, entry: Entry, copy: int = 0) -> tuple[PaperLine, ...]:
        """The lines of an entry's paper, the same at every reprint; of a receipt what became of it since."""
        schedule = self._desk.book.schedules.get(cast(str, entry.fields["schedule"] or ""))
        marked = Copy(copy, moments.from_text(entry.at)) if copy else None
        lines = papers.paper(entry, schedule, self._desk.park, self._words, marked, self._desk.book.titles)
        verified_at = tickets.verified_at(self._desk, entry) if entry.kind in RECEIPTS else None
        if verified_at is not None:
            lines = papers.verified(lines, moments.from_text(verified_at), self._words)
        ending = queries.receipt_ending(self._desk.ledger, entry.number) if entry.number else None
        return papers.ended(lines, ending.how, ending.ended_by, self._words) if ending else lines

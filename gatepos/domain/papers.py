"""The paper of an entry, by its kind: the same at every reprint but for the copy's mark."""

from collections.abc import Callable

from gatepos.domain import cash_paper, numbers, outage_paper, pass_papers, receipt, refund_papers, shift_paper
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Banner, Centre, PaperLine, Small
from gatepos.domain.parks import Park
from gatepos.domain.receipt import Copy
from gatepos.i18n import N_, Words

Body = Callable[[Entry, Schedule | None, Park, Words, Titles], tuple[PaperLine, ...]]
BODIES: dict[str, Body] = {
    "receipt.issued": receipt.sold,
    "receipt.corrected": receipt.sold,
    "receipt.voided": receipt.voided,
    "refund.requested": refund_papers.requested,
    "refund.decided": refund_papers.decided,
    "refund.paid": refund_papers.paid,
    "shift.closed": shift_paper.closed,
    "cash.moved": cash_paper.moved,
    "pass.issued": pass_papers.issued,
    "pass.reissued": pass_papers.issued,
    "pass.settled": pass_papers.settled,
    "pass.let_out": pass_papers.let_out,
    "outage.closed": outage_paper.statement,
    "document.held": pass_papers.held,
}


def paper(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, copy: Copy | None, titles: Titles
) -> tuple[PaperLine, ...]:
    """The lines of an entry's paper."""
    marks = receipt.marks(entry.till, words, copy)
    head = receipt.head(entry, park, words)
    return _framed(marks, (*head, *BODIES[entry.kind](entry, schedule, park, words, titles)))


def ended(lines: tuple[PaperLine, ...], how: str, by: str, words: Words) -> tuple[PaperLine, ...]:
    """The paper of a receipt that no longer counts: `how` of its ending, the number that ended it."""
    says = {"voided": N_("VOIDED"), "corrected": N_("REPLACED"), "refunded": N_("REFUNDED")}
    why = words(N_("No longer counts: {number}"), number=numbers.printed(by))
    return _framed((Banner(words(says[how])), Small(why, centred=True)), lines)


def verified(lines: tuple[PaperLine, ...], listed_at_ms: int, words: Words) -> tuple[PaperLine, ...]:
    """The paper of a receipt whose ticket came on a list after it was printed first."""
    says = words(N_("Verified: the ticket is on the list of {time}"), time=words.moment(listed_at_ms))
    return _framed((Small(says, centred=True),), lines)


def _framed(marks: tuple[PaperLine, ...], lines: tuple[PaperLine, ...]) -> tuple[PaperLine, ...]:
    """The same marks first and last, the last ones set off from what may be a line to sign on."""
    return (*marks, *lines, Centre(""), *marks) if marks else lines

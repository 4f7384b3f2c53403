"""A list of codes on paper: what a second person carries, to agree by radio where they have no till."""

from collections.abc import Sequence
from itertools import zip_longest

from gatepos.domain.paper_lines import Banner, Centre, Columns, PaperLine, Rule, Small
from gatepos.i18n import N_, Words


def paper(codes: Sequence[str], till: str, staff: str, words: Words) -> tuple[PaperLine, ...]:
    """Numbered codes in two columns, with how they are used."""
    half = -(-len(codes) // 2)
    numbered = [f"{line:02d}  {code}" for line, code in enumerate(codes)]
    pairs = zip_longest(numbered[:half], numbered[half:], fillvalue="")
    return (
        Banner(words(N_("SECRET"))),
        Centre(words(N_("Codes by radio")), 2, bold=True),
        Columns(words(N_("Clerk {number}"), number=staff), words(N_("Till {code}"), code=till)),
        Rule(),
        Small(words(N_("A question begins with the number of a line. Ask what it is for. If you agree, read"
                       " out the code on that line and cross it out. A lost list ends when you print"
                       " another."))),
        Rule(),
        *(Columns(left, right) for left, right in pairs),
    )  # fmt: skip

"""What became of passes, in the words and the order of every paper and screen that sums them up."""

from collections.abc import Iterator, Mapping
from typing import cast

from gatepos.i18n import N_, Words

BECAME = (
    (N_("Paid, in whole + in part"), ("settled", "part"), "settled_minor"),
    (N_("Waived"), ("waived",), "waived_minor"),
    (N_("Revoked"), ("revoked",), "undone_minor"),
    (N_("On undertaking"), ("undertaken",), "undertaken_minor"),
    (N_("Still open"), ("open",), "open_minor"),
)
"""Its words, its counts and its KES among *pass sums* (FORMATS.md §3)."""


def lines(sums: Mapping[str, object], words: Words) -> Iterator[tuple[str, int]]:
    """`Paid, in whole + in part: 3 + 1` and its KES minor units, and so on: together what was issued.

    What was paid too much is taken off at the end, where there is some.
    """
    for says, states, name in BECAME:
        counts = " + ".join(str(sums[state]) for state in states).replace(" ", "\N{NO-BREAK SPACE}")
        yield f"{words(says)}: {counts}", cast(int, sums[name])
    owed_back_minor = cast("int | None", sums.get("owed_back_minor"))
    if owed_back_minor:
        yield words(N_("To be refunded")), -owed_back_minor

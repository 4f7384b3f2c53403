"""The paper of cash that moved without a sale: who, how much, why, and lines for two to sign."""

from typing import cast

from gatepos.domain import labels, money, numbers, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Centre, Columns, PaperLine, Rule, Small, ToFill
from gatepos.domain.parks import Park
from gatepos.domain.vocabulary import DROPPED, PAID_IN, PAID_OUT
from gatepos.i18n import N_, Words

_OTHER = {
    PAID_IN: N_("Handed over from the safe"),
    PAID_OUT: N_("Received by"),
    DROPPED: N_("Received for the safe"),
}


def moved(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    data, how = entry.data, cast(str, entry.data["how"])
    amount = money.shown(cast(str, data["currency"]), cast(int, data["amount_minor"]))
    return (
        Centre(words(labels.MOVES[how]).upper(), 2, bold=True),
        Columns(words(N_("Shift")), numbers.printed(cast(str, entry.shift)), bold=True),
        *receipt.served(entry, words),
        *_agreed(entry, words),
        Rule(),
        Columns(words(N_("Amount")), amount, bold=True, size=2),
        Small(cast(str, data["reason"])),
        Rule(),
        ToFill(words(N_("Signature"))),
        ToFill(words(_OTHER[how])),
        Small(words(N_("Entry {seq}"), seq=entry.seq), centred=True),
        receipt.checked(entry, words),
    )


def _agreed(entry: Entry, words: Words) -> tuple[PaperLine, ...]:
    also = cast("dict[str, str] | None", entry.fields["also"])
    if also is None:
        return ()
    return (Columns(words(N_("Agreed by")), words(N_("Clerk {number}"), number=also["staff"])),)

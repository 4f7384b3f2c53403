"""The papers of a refund, for the visitor: as it was asked for, as it was refused, as it was paid back."""

from collections.abc import Mapping
from typing import cast

from gatepos.domain import labels, money, numbers, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Columns, PaperLine, Rule, Small
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words


def requested(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What is asked for, by which ways it goes back, how long that takes and what to do."""
    data = entry.data
    days = words.plural("{n} day", "{n} days", cast(int, data["days"]))
    return (
        *receipt.numbered(words(N_("REFUND")), entry, cast(str, data["number"]), words),
        _subject(data, words),
        *receipt.lines_of(data, words, titles),
        Rule(),
        _amount(words(N_("ASKED BACK KES")), data),
        *(_way(way, words) for way in cast("list[dict[str, object]]", data["ways"])),
        Small(cast(str, data["reason"])),
        Rule(),
        Small(words(N_("It is paid back within {days}, when a second person has agreed."), days=days)),
        Small(words(N_("Keep this paper. Ask at this gate with its number, and bring the first receipt."))),
        *_less(data, words),
        receipt.checked(entry, words),
    )


def decided(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What was decided; where nothing goes back, why."""
    data = entry.data
    is_approved = bool(data["is_approved"])
    title = N_("REFUND AGREED") if is_approved else N_("REFUND REFUSED")
    why: tuple[PaperLine, ...] = (Small(cast(str, data["reason"])),) if data["reason"] else ()
    return (
        *receipt.numbered(words(title), entry, cast(str, data["refund"]), words),
        _subject(data, words),
        _amount(words(N_("ASKED BACK KES")), data),
        *why,
        Rule(),
        receipt.checked(entry, words),
    )


def paid(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What was paid back, and what of it is still to come."""
    data = entry.data
    left_minor = cast(int, data["left_minor"])
    name = words(labels.TENDERS[cast(str, data["tender"])])
    way = " ".join(filter(None, (name, cast("str | None", data["reference"]))))
    left = (Columns(words(N_("Still to be refunded")), money.amount(left_minor), bold=True),)
    return (
        *receipt.numbered(words(N_("REFUND PAID")), entry, cast(str, data["refund"]), words),
        _subject(data, words),
        _amount(words(N_("PAID BACK KES")), data),
        Columns(words(N_("By")), way),
        *(left if left_minor else ()),
        Rule(),
        receipt.checked(entry, words),
    )


def _subject(data: Mapping[str, object], words: Words) -> PaperLine:
    subject = cast(str, data["subject"])
    title = N_("Of pass") if subject[4] == numbers.PASS else N_("Of receipt")
    return Columns(words(title), numbers.printed(subject), bold=True)


def _amount(title: str, data: Mapping[str, object]) -> PaperLine:
    return Columns(title, money.amount(cast(int, data["amount_minor"])), bold=True, size=2)


def _way(way: Mapping[str, object], words: Words) -> PaperLine:
    name = words(labels.TENDERS[cast(str, way["tender"])])
    return Columns(words(N_("Back by {way}"), way=name), money.amount(cast(int, way["amount_minor"])))


def _less(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    """That whoever got their money back does not go in."""
    says = N_("The first receipt then lets in only those who are not refunded.")
    return (Small(words(says)),) if data["lines"] else ()

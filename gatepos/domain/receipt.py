"""The papers of sales and voids, made purely from an entry and what it names, and what other papers share."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from gatepos.domain import became, labels, moments, money, numbers, plates, vocabulary
from gatepos.domain.bill import last_day
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Banner, Centre, Columns, PaperLine, Qr, Rule, Small
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words

CHECK_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Copy:
    """Which copy this is, and when the first was issued."""

    n: int
    issued_at_ms: int


def test_page(park: Park, words: Words) -> tuple[PaperLine, ...]:
    """What a printer test prints."""
    return (
        Centre(park.organisation, bold=True),
        Centre(words(N_("PRINTER TEST")), 2, bold=True),
        Columns(words(N_("Amounts stand at the right")), "43,940"),
        Qr("GP:TEST"),
    )


def check_code(hash_: bytes) -> str:
    """Twelve base32 characters of a hash in groups of four: the paper is a witness of the ledger."""
    text = base64.b32encode(hash_).decode()[:CHECK_LENGTH]
    return " ".join(text[i : i + 4] for i in range(0, CHECK_LENGTH, 4))


def checked(entry: Entry, words: Words) -> PaperLine:
    """The check code of the entry that a paper prints."""
    return Small(words(N_("check {code}"), code=check_code(entry.hash)), centred=True)


def qr_text(entry: Entry) -> str:
    """What the QR of a paper says: the pass host's address, or the bare token."""
    token, host = cast(str, entry.data["token"]), cast(str, entry.data["host"])
    return f"HTTPS://{host.upper()}/P/{token}" if host else f"GP:{token}"


def marks(till: str, words: Words, copy: Copy | None) -> tuple[PaperLine, ...]:
    found: list[PaperLine] = []
    if numbers.is_demo(till):
        is_training = numbers.is_training(till)
        found.append(Banner(words(N_("TRAINING")) if is_training else words(N_("DEMO"))))
    if copy is not None:
        found.append(Banner(words(N_("COPY {n}"), n=copy.n)))
        found.append(Small(words(N_("first issued {at}"), at=words.moment(copy.issued_at_ms)), centred=True))
    return tuple(found)


def head(entry: Entry, park: Park, words: Words) -> tuple[PaperLine, ...]:
    return heading(park, cast(str, entry.fields["gate"]), cast(str, entry.fields["lane"]), words)


def heading(park: Park, gate: str, lane: str, words: Words) -> tuple[PaperLine, ...]:
    """Whose paper it is, and of which place."""
    says = N_("{park} · {gate}, lane {lane}")
    place = words(says, park=park.name, gate=park.gate_name(gate), lane=lane)
    return Centre(park.organisation, 1, bold=True), Centre(place), Rule()


def gate(entry: Entry, park: Park) -> str:
    """The name of the gate where it was done."""
    return park.gate_name(str(entry.fields["gate"]))


def numbered(title: str, entry: Entry, number: str, words: Words) -> tuple[PaperLine, ...]:
    return (
        Centre(title, 2, bold=True),
        Columns(words(N_("No.")), numbers.printed(number), bold=True),
        *served(entry, words),
        Rule(),
    )


def served(entry: Entry, words: Words) -> tuple[PaperLine, ...]:
    """When it was done, and by whom."""
    at = moments.local(moments.from_text(entry.at))
    return (
        Columns(words.day(at.date()), f"{at:%H:%M}"),
        clerk(entry, words),
    )


def clerk(entry: Entry, words: Words) -> PaperLine:
    """By whom it was done."""
    return Columns(words(N_("Served by")), words(N_("Clerk {number}"), number=entry.by or "—"))


def sold(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    data = entry.data
    return (
        *numbered(words(N_("FEE RECEIPT")), entry, cast(str, data["number"]), words),
        *_replacing(data, words),
        *lines_of(data, words, titles),
        Rule(),
        *rate(entry, words),
        Columns(words(N_("TOTAL KES")), money.amount(cast(int, data["total_minor"])), bold=True, size=2),
        *tenders_of(data, words),
        Rule(),
        Small(_validity(entry, park, words)),
        Small(legal(entry, schedule, words)),
        Qr(qr_text(entry)),
        checked(entry, words),
        Small(words(N_("Scan to verify. Thank you, welcome again.")), centred=True),
    )


def _replacing(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    if "replaces" not in data:
        return ()
    old = numbers.printed(cast(str, data["replaces"]))
    return (Small(words(N_("Takes the place of {number}, which no longer counts."), number=old)), Rule())


def lines_of(data: Mapping[str, object], words: Words, titles: Titles) -> list[PaperLine]:
    shown: list[PaperLine] = []
    free = 0
    for line in cast("list[dict[str, object]]", data["lines"]):
        count = cast(int, line["count"])
        title = labels.line(line, words, titles)
        if line["ground"] in vocabulary.GROUNDS:
            free += count
            continue
        shown.append(Columns(f"{count} {title}", money.amount(cast(int, line["kes_minor"]))))
        note = unit(line, words)
        if note:
            shown.append(Small(note, indent=True))
        if line.get("notice"):
            shown.append(Small(by_notice(line, words), indent=True))
    if free:
        shown.append(Columns(words(N_("{n} free"), n=free), "0"))
    return shown


def by_notice(line: Mapping[str, object], words: Words) -> str:
    """By which notice some days are free, or all."""
    return words(N_("Free by notice {reference}"), reference=line["notice"])


def unit(line: Mapping[str, object], words: Words) -> str:
    """`3 × USD 80.00 × 2 days`, or nothing when the line says it all."""
    count, times, currency = cast(int, line["count"]), cast(int, line["times"]), cast(str, line["currency"])
    if line["ground"] is not None or (currency == money.KES and count == times == 1):
        return ""
    unit = money.shown(currency, cast(int, line["unit_minor"]))
    parts = [str(count)] if count > 1 else []
    parts.append(unit)
    if times > 1:
        parts.append(str(times))
    return " × ".join(parts)


def rate(entry: Entry, words: Words) -> tuple[PaperLine, ...]:
    rate_e4 = cast("int | None", entry.data["rate_e4"])
    if rate_e4 is None:
        return ()
    text = words(
        N_("{usd} at {rate} ({month})"),
        usd=money.shown(money.USD, cast(int, entry.data["usd_minor"])),
        rate=money.rate_text(rate_e4),
        month=words.month(cast(str, entry.fields["rate"])),
    )
    return (Small(text),)


def tenders_of(data: Mapping[str, object], words: Words) -> list[PaperLine]:
    shown: list[PaperLine] = []
    if "replaces" in data and data["moved_minor"]:
        moved = money.amount(cast(int, data["moved_minor"]))
        shown.append(Columns(words(N_("Paid before")), moved))
    for tender in cast("list[dict[str, object]]", data["tenders"]):
        shown += _tender(tender, words)
    if data["change_minor"]:
        shown.append(Columns(words(N_("Change")), money.amount(cast(int, data["change_minor"]))))
    if data.get("due_back_minor"):
        back = money.amount(cast(int, data["due_back_minor"]))
        shown.append(Columns(words(N_("To be refunded")), back, bold=True))
    return shown


def _tender(tender: Mapping[str, object], words: Words) -> list[PaperLine]:
    kind, currency = cast(str, tender["kind"]), cast(str, tender["currency"])
    name = words(labels.PAID_BY[kind])
    reference = tender["reference"] or ""
    amount = money.amount(cast(int, tender["kes_minor"]))
    shown: list[PaperLine] = [Columns(f"{name} {reference}".strip(), amount)]
    if currency == money.USD:
        shown.append(Small(money.shown(currency, cast(int, tender["amount_minor"])), indent=True))
    if tender["last4"]:
        shown.append(Small(words(N_("card ending {last4}"), last4=tender["last4"]), indent=True))
    if kind == "ecitizen":
        shown.append(Small(_ticket(cast("str | None", tender.get("listed_at")), words), indent=True))
    elif tender["state"] == "claimed":
        note = words(N_("claimed, not yet confirmed"))
        if tender["paybill"]:
            note += " · " + words(N_("paybill {paybill}"), paybill=tender["paybill"])
        shown.append(Small(note, indent=True))
    return shown


def _ticket(listed_at: str | None, words: Words) -> str:
    """Whether a list vouched for a ticket when the paper was made."""
    if listed_at is None:
        return words(N_("prepaid, not verified"))
    time = words.moment(moments.from_text(listed_at))
    return words(N_("prepaid, on the list of {time}"), time=time)


def _validity(entry: Entry, park: Park, words: Words) -> str:
    data = entry.data
    first, last = stay(data)
    parts = [vehicle(data, words), words(N_("one entry"))]
    if first != issued_on(entry):
        parts.append(words(N_("enter on {day}"), day=words.day(first)))
    says = N_("after closing, {time} {day}") if is_late(entry, last, park) else N_("leave by {time} {day}")
    leave = words(says, time=closing(park), day=day_of(entry, last, words))
    return " · ".join([*parts, leave]) + "."


def vehicle(data: Mapping[str, object], words: Words) -> str:
    """The plate as on the vehicle, or *on foot*."""
    return plates.shown(cast(str, data["plate"])) or words(N_("on foot"))


def stay(data: Mapping[str, object]) -> tuple[date, date]:
    """The first and the last day that a paper is for."""
    first = date.fromisoformat(cast(str, data["enter_on"]))
    return first, last_day(first, cast(int, data["days"]), cast(int, data["nights"]))


def issued_on(entry: Entry) -> date:
    """The day that the gate's clock showed."""
    return moments.local_day(moments.from_text(entry.at))


def closing(park: Park) -> str:
    """The time of day by which everybody has left."""
    return f"{park.hours.leave_by:%H:%M}"


def is_late(entry: Entry, last: date, park: Park) -> bool:
    """Whether a paper was made when the gates had closed on its last day: nobody can leave by then."""
    return moments.from_text(entry.at) >= park.hours.closes_ms(last)


def day_of(entry: Entry, day: date, words: Words) -> str:
    """*today*, or the day."""
    return words(N_("today")) if day == issued_on(entry) else words.day(day)


def legal(entry: Entry, schedule: Schedule | None, words: Words) -> str:
    name = cast("str | None", entry.fields["schedule"]) or "—"
    legal = f"{name} ({schedule.legal})" if schedule else name
    return words(N_("Fees: {schedule}. Not a tax invoice."), schedule=legal)


def voided(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    data = entry.data
    returned = sum(cast(int, m["amount_minor"]) for m in cast("list[dict[str, object]]", data["returned"]))
    return (
        *numbered(words(N_("VOID")), entry, cast(str, data["number"]), words),
        Columns(words(N_("Receipt voided")), numbers.printed(cast(str, data["receipt"])), bold=True),
        Columns(words(N_("TOTAL KES")), money.amount(cast(int, data["total_minor"])), bold=True, size=2),
        Columns(words(N_("Handed back in cash")), money.amount(returned)),
        Columns(words(N_("To be refunded")), money.amount(cast(int, data["held_minor"]))),
        Small(cast(str, data["reason"])),
        Rule(),
        checked(entry, words),
    )


def became_of(sums: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    """What became of passes, under the line that says how many were issued."""
    return tuple(Columns(f"  {title}", money.amount(minor)) for title, minor in became.lines(sums, words))

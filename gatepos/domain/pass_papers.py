"""The papers of gate passes: the pass itself, what was paid on it, an undertaking."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from gatepos.domain import labels, moments, money, numbers, payment, plates, postings, receipt, vocabulary
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.labels import Titles
from gatepos.domain.paper_lines import Banner, Box, Centre, Columns, Named, PaperLine, Qr, Rule, Small, ToFill
from gatepos.domain.parks import Park
from gatepos.domain.vocabulary import UNDERTAKING
from gatepos.i18n import N_, Words

_PLATE = 3
"""Times as large as text: a ranger reads it through a windscreen."""


def issued(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """NOT PAID: what is owed, where to pay it, and by when to leave."""
    data = entry.data
    account = postings.receivable(cast(str, data["number"]))
    owed = sum(minor for name, _, minor in entry.postings if name == account)
    return (
        Banner(words(N_("TEMPORARY GATE PASS"))),
        _banner(owed, words),
        Centre(receipt.vehicle(data, words), _PLATE, bold=True),
        Columns(words(N_("Pass")), numbers.printed(cast(str, data["number"])), bold=True),
        *_replacing(data, words),
        *_stay(entry, park, words),
        Columns(words(N_("Exit")), _exits(entry, park, words)),
        receipt.clerk(entry, words),
        Rule(),
        Small(_who(data, words) + "."),
        *_lines(data, words, titles),
        *receipt.rate(entry, words),
        Rule(),
        *_before(cast(int, data["total_minor"]) - owed, words),
        Columns(words(N_("OWED KES")), money.amount(owed), bold=True, size=2),
        Qr(receipt.qr_text(entry)),
        *(_pay(data, owed, words) if owed > 0 else ()),
        *(Small(note, centred=True) for note in _notes(entry, schedule, words)),
        receipt.checked(entry, words),
    )


def settled(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """What was paid on a pass, and what is still owed."""
    data = entry.data
    due = cast(int, data["due_minor"])
    return (
        *receipt.numbered(words(N_("PASS RECEIPT")), entry, cast(str, data["number"]), words),
        Columns(words(N_("For pass")), numbers.printed(cast(str, data["pass"])), bold=True),
        Columns(words(N_("Vehicle")), receipt.vehicle(data, words), bold=True),
        Small(labels.people(cast("list[list[int]]", data["people"]), words) + "."),
        *_sight(data, words, titles),
        Rule(),
        Columns(words(N_("Owed before")), money.amount(cast(int, data["owed_minor"]))),
        *_overstay(data, words, titles),
        *_usd(entry, words),
        Columns(words(N_("PAID KES")), money.amount(cast(int, data["total_minor"])), bold=True, size=2),
        *receipt.tenders_of(data, words),
        Rule(),
        Columns(words(N_("STILL OWED KES")), money.amount(due), bold=True, size=2),
        *(_rest(data, due, words) if due else (_leave(entry, _last(data), park, words),)),
        Small(receipt.legal(entry, schedule, words)),
        Qr(receipt.qr_text(entry)),
        receipt.checked(entry, words),
        Small(words(N_("Scan to verify. Thank you, welcome again.")), centred=True),
    )


def let_out(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """The gate's copy, which the driver signs when they leave on an undertaking."""
    data = entry.data
    is_undertaken = data["how"] == UNDERTAKING
    title = words(N_("UNDERTAKING") if is_undertaken else N_("LET OUT OWING"))
    operator = cast("str | None", data["operator"])
    also = cast("Mapping[str, object] | None", entry.fields["also"])
    return (
        Centre(title, 2, bold=True),
        Small(words(N_("Gate's copy")), centred=True),
        Centre(receipt.vehicle(data, words), _PLATE, bold=True),
        Columns(words(N_("For pass")), numbers.printed(cast(str, data["pass"])), bold=True),
        *((Columns(words(N_("Operator")), operator),) if operator else ()),
        Columns(words(N_("People")), str(data["people"])),
        *receipt.served(entry, words),
        *((Columns(words(N_("Agreed by")), str(also["staff"])),) if also else ()),
        Rule(),
        Columns(words(N_("OWED KES")), money.amount(cast(int, data["owed_minor"])), bold=True, size=2),
        Small(cast(str, data["reason"])),
        Rule(),
        *(_undertaking(words) if is_undertaken else ()),
        receipt.checked(entry, words),
    )


def held(
    entry: Entry, schedule: Schedule | None, park: Park, words: Words, titles: Titles
) -> tuple[PaperLine, ...]:
    """The holder's slip: which document lies where. Whose it is stands on no paper."""
    data = entry.data
    pass_ = cast("str | None", data["pass"])
    plate = plates.shown(cast(str, data["plate"]))
    return (
        Centre(words(N_("DOCUMENT KEPT")), 2, bold=True),
        Box(
            (
                Centre(words(labels.DOCUMENTS[cast(str, data["document"])]), bold=True),
                Named(words(N_("Envelope")), cast(str, data["envelope"])),
                Centre(receipt.gate(entry, park)),
            )
        ),
        *((Columns(words(N_("For pass")), numbers.printed(pass_), bold=True),) if pass_ else ()),
        *((Columns(words(N_("Vehicle")), plate),) if plate else ()),
        *receipt.served(entry, words),
        Small(words(N_("Ask for it whenever you leave: documents are returned paid or not."))),
        receipt.checked(entry, words),
    )


# Of the pass.


def _banner(owed: int, words: Words) -> PaperLine:
    says = (N_("NOT PAID"), N_("PAY ON EXIT")) if owed > 0 else (N_("PAID"),)
    return Box(tuple(Centre(words(text), 2, bold=True) for text in says))


def _replacing(data: Mapping[str, object], words: Words) -> tuple[PaperLine, ...]:
    if "replaces" not in data:
        return ()
    old = numbers.printed(cast(str, data["replaces"]))
    return (Small(words(N_("Takes the place of {number}, which no longer counts."), number=old)),)


def _stay(entry: Entry, park: Park, words: Words) -> tuple[PaperLine, ...]:
    first, last = receipt.stay(entry.data)
    at = moments.local(moments.from_text(entry.at))
    issued = Columns(words(N_("Issued")), f"{words.day(at.date())} {at:%H:%M}")
    enter = Columns(words(N_("Enter on")), words.day(first), bold=True)
    leave = _leave(entry, last, park, words)
    return (issued, leave) if first == at.date() else (issued, enter, leave)


def _leave(entry: Entry, last: date, park: Park, words: Words) -> PaperLine:
    by = f"{receipt.closing(park)} {receipt.day_of(entry, last, words)}"
    says = N_("After closing") if receipt.is_late(entry, last, park) else N_("Leave by")
    return Columns(words(says), by, bold=True)


def _exits(entry: Entry, park: Park, words: Words) -> str:
    """On foot the gate by which they came in; no other accepts the paper."""
    if not entry.data["plate"]:
        return receipt.gate(entry, park)
    exits = cast("list[str]", entry.data["exits"])
    return ", ".join(gate.name for gate in park.gates if gate.code in exits) or words(N_("any gate"))


def _who(data: Mapping[str, object], words: Words) -> str:
    """`3 non-resident adults, 1 EA citizen adult, vehicle 6–12 seats, 2 free`."""
    band = cast(int, data["band"])
    seats = words(N_("vehicle {seats}"), seats=words(labels.BANDS[band])) if band else ""
    return labels.people(cast("list[list[int]]", data["people"]), words, seats)


def _lines(data: Mapping[str, object], words: Words, titles: Titles) -> list[PaperLine]:
    """A row for each priced line: how many, its fee, its name."""
    shown: list[PaperLine] = []
    for line in cast("list[dict[str, object]]", data["lines"]):
        if line["ground"] not in vocabulary.GROUNDS:
            count = cast(int, line["count"])
            fee = receipt.unit(line, words)
            title = labels.line(line, words, titles)
            left = f"{count} {title}"
            if fee:
                left = f"{fee if count > 1 else f'1 × {fee}'}  {title}"
            shown.append(Columns(left, money.amount(cast(int, line["kes_minor"])), small=True))
            if line.get("notice"):
                shown.append(Small(receipt.by_notice(line, words), indent=True))
    return shown


def _before(paid: int, words: Words) -> tuple[PaperLine, ...]:
    return (Columns(words(N_("Paid before")), money.amount(paid)),) if paid else ()


def _pay(data: Mapping[str, object], owed: int, words: Words) -> tuple[PaperLine, ...]:
    return (
        Box(
            (
                Centre(words(N_("PAY BY M-PESA, ONLY TO")), bold=True),
                Named(words(N_("Paybill")), cast(str, data["paybill"])),
                Named(words(N_("Account")), cast(str, data["number"])),
                Named(words(N_("Amount KES")), money.amount(owed)),
            )
        ),
        *_parts(owed, words),
    )


def _parts(owed: int, words: Words) -> tuple[PaperLine, ...]:
    said = payment.parts_said(owed, words)
    return (Small(said),) if said else ()


def _notes(entry: Entry, schedule: Schedule | None, words: Words) -> list[str]:
    data = entry.data
    notes = [words(N_("Scan with any phone to see what is owed."))] if data["host"] else []
    notes.append(words(N_("Keep the M-PESA message: it opens the gate.")))
    since = cast("str | None", data["outage_since"])
    if since is not None:
        at = words.moment(moments.from_text(since))
        order = data["authority"] or "—"
        notes.append(words(N_("Outage since {at}, authority {order}."), at=at, order=order))
    notes.append(words(N_("Documents are returned paid or not.")))
    if data["phone"]:
        notes.append(words(N_("This gate: {phone}."), phone=data["phone"]))
    notes.append(words(N_("A name or phone that you gave is erased after {n} days."), n=data["kept_days"]))
    notes.append(receipt.legal(entry, schedule, words))
    return notes


# Of what was paid on it.


def _sight(data: Mapping[str, object], words: Words, titles: Titles) -> tuple[PaperLine, ...]:
    """Where nobody could read the pass: why, and what was priced here."""
    sight = cast("Mapping[str, object] | None", data.get("sight"))
    if sight is None:
        return ()
    return (Small(words(labels.UNREAD[cast(str, sight["why"])]) + "."), *_lines(sight, words, titles))


def _seen_lines(data: Mapping[str, object]) -> list[dict[str, object]]:
    sight = cast("Mapping[str, object] | None", data.get("sight"))
    return cast("list[dict[str, object]]", sight["lines"]) if sight else []


def _overstay(data: Mapping[str, object], words: Words, titles: Titles) -> tuple[PaperLine, ...]:
    if not data["overstay_days"]:
        return ()
    lines = cast("list[dict[str, object]]", data["overstay"])
    charged = sum(cast(int, line["kes_minor"]) for line in lines)
    n_days = cast(int, data["overstay_days"])
    title = words.plural("in it, {n} day past its end", "in it, {n} days past its end", n_days)
    return (
        Columns(title, money.amount(charged), small=True),
        *(
            Small(f"{receipt.unit(line, words)} {labels.line(line, words, titles)}".strip(), indent=True)
            for line in lines
        ),
    )


def _usd(entry: Entry, words: Words) -> tuple[PaperLine, ...]:
    """The rate, where something was priced or paid in USD."""
    rate_e4 = cast("int | None", entry.data["rate_e4"])
    priced = [*_seen_lines(entry.data), *cast("list[dict[str, object]]", entry.data["overstay"])]
    parts = [*priced, *cast("list[dict[str, object]]", entry.data["tenders"])]
    if rate_e4 is None or not any(part["currency"] == money.USD for part in parts):
        return ()
    month = words.month(cast(str, entry.fields["rate"]))
    return (Small(words(N_("USD at {rate} ({month})"), rate=money.rate_text(rate_e4), month=month)),)


def _rest(data: Mapping[str, object], due: int, words: Words) -> tuple[PaperLine, ...]:
    says = N_("Pay the rest to account {number}, before you leave.")
    return (Small(words(says, number=data["pass"])), *_parts(due, words))


def _last(data: Mapping[str, object]) -> date:
    return date.fromisoformat(cast(str, data["leave_on"]))


# Of an undertaking.


def _undertaking(words: Words) -> tuple[PaperLine, ...]:
    return (
        Small(words(N_("I drive this vehicle and undertake to pay what is owed on its pass."))),
        ToFill(words(N_("Signature"))),
    )

"""The driver's page in words: what stands where, in the reader's language, and nothing of layout."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from gatepos.central.driver.standing import HELD, PAYABLE, SEEN, Standing
from gatepos.central.driver.together import OTHERS_MAX, Together
from gatepos.domain import gatepass, labels, moments, money, numbers, payment, plates
from gatepos.domain.gatepass import Payload
from gatepos.domain.labels import Titles
from gatepos.domain.parks import Parks
from gatepos.domain.verdicts import AMBER, GREEN, LOOKS
from gatepos.i18n import LANGUAGES, N_, Words

_STATES = {
    "not_paid": (AMBER, "⧗", N_("Not paid yet"), N_("Pay before the exit gate.")),
    "part_paid": (AMBER, "◐", N_("Part paid"), N_("Pay the rest before the exit gate.")),
    SEEN: (GREEN, "✓", N_("Payment has arrived"), N_("Any gate lets you out by this code.")),
    HELD: (
        AMBER,
        "⧗",
        N_("Payment has arrived, not confirmed"),
        N_("Show your M-PESA message at the exit gate, or open this page again in a while."),
    ),
    "let_out": (GREEN, "✓", N_("Paid"), N_("Nothing is owed on this paper.")),
    "overstayed": (AMBER, "⧗", N_("Paid"), N_("Nothing is owed on this paper; its time is over.")),
    "prepaid": (AMBER, "⧗", LOOKS["prepaid"].title, N_("The gate looks at the ticket.")),
}
"""Tone, sign, title and what to do of a paper that counts."""
_REFUSED = {
    "revoked": N_("This paper no longer counts. Ask at any gate."),
    "replaced": N_("Use the newer paper; this one no longer counts."),
    "two_papers": N_("Another paper bears this number. Ask at any gate, and pay nothing on this one."),
    "no_entry": N_("The till named on it never wrote it. Ask at any gate, and pay nothing on it."),
    "does_not_verify": N_("No till of the park signed this paper. Pay nothing on it; ask at a gate."),
    "unknown_till": N_("Central does not know the till that signed it. Ask at a gate before you pay."),
    "update_needed": N_("This paper is newer than this page. Ask at a gate."),
    "unreadable": N_("The address is not whole. Scan the code on the paper again."),
    "not_ours": N_("The address is not whole. Scan the code on the paper again."),
}
"""What a driver does with a paper that does not count, by the till's own name for why."""


_ALONE = Together()


@dataclass(frozen=True, slots=True)
class Row:
    """A name and its value; `copied` is what the button copies, none without."""

    name: str
    value: str
    copied: str = ""


@dataclass(frozen=True, slots=True)
class Pay:
    """What one payment needs, or a part of that which all need; `name` is the pass where each has its own."""

    name: str
    rows: tuple[Row, ...]
    parts: str = ""


@dataclass(frozen=True, slots=True)
class Van:
    """One of the passes on one page, by its token's `text`; `value` is to be paid, or how it stands."""

    text: str
    number: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class View:
    """The words of the page; an empty one is not shown.

    `vans` are those on one page, the paper itself first, and `how` they are paid; `beside` is what names the
    others in an address, `cut` says that more were named.
    """

    language: str
    other: tuple[str, str]
    organisation: str
    place: str
    tone: str
    sign: str
    title: str
    says: str
    leave: str
    owed: str
    who: str
    lines: tuple[Row, ...]
    pays: tuple[Pay, ...]
    answer: str
    foot: str
    takes_note: bool
    words: Mapping[str, str]
    is_open: bool = False
    vans: tuple[Van, ...] = ()
    how: tuple[str, str] = ("", "")
    beside: tuple[str, ...] = ()
    cut: str = ""


def of(
    standing: Standing,
    now_ms: int,
    is_check: bool,
    parks: Parks,
    titles: Titles,
    words: Words,
    group: Together = _ALONE,
) -> View:
    """The page of a paper at a moment; `is_check` when somebody asked whether the payment has arrived.

    With `group` one total stands for all of them, and one account where one payment reaches them all.
    """
    tone, sign, title, says = _state(standing)
    payload, at = standing.payload, f"{moments.local(now_ms):%H:%M}"
    is_open = payload is not None and standing.word in PAYABLE
    left_minor = standing.left_minor + group.left_minor
    other = next(code for code in LANGUAGES if code != words.language)
    park = parks.parks.get(payload.parks[0]) if payload else None
    return View(
        language=words.language,
        other=(other, LANGUAGES[other]),
        organisation=next(iter(parks.parks.values())).organisation.title(),
        place=" · ".join((*((park.name,) if park else ()), words(N_("gate pass")))),
        tone=tone,
        sign=sign,
        title=words(title),
        says=words(says),
        leave=_leave(payload, now_ms, parks, words)
        if payload and standing.word in (*PAYABLE, SEEN, HELD)
        else "",
        owed=f"KES {money.amount(left_minor)}" if is_open else "",
        who=_who(payload, words) if payload else "",
        lines=_lines(standing, titles, words) if is_open else (),
        pays=_pays(standing, group, words) if is_open else (),
        answer=_answer(standing, is_check, at, words),
        foot=_foot(standing, at, parks, words),
        takes_note=payload is not None and standing.is_asked,
        words={name: words(text) for name, text in _WORDS.items()},
        is_open=is_open,
        vans=_vans(standing, group, words),
        how=_how(group, words),
        beside=tuple(text for text, _ in group.joined),
        cut=words(_CUT, n=OTHERS_MAX + 1) if group.is_cut else "",
    )


_WORDS = {
    "owe": N_("You owe"),
    "pay": N_("Pay by M-PESA — only to this paybill"),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "keep": N_("Keep the M-PESA message:"),
    "opens": N_("it opens the gate even without network."),
    "check": N_("Check whether my payment has arrived"),
    "turn": N_("Turn my M-PESA message into a code to scan"),
    "paste": N_("Paste the whole message. It is not kept."),
    "make": N_("Make the code"),
    "show": N_("Show this code at the exit gate."),
    "made_of": N_("What it is made of"),
    "with": N_("Pay with the other passes that this phone scanned"),
    "leave_out": N_("Leave out"),
    "wrong": N_("Something is wrong…"),
    "write": N_("Write to the park's manager what is wrong. No name and no phone number, please."),
    "send": N_("Send to the manager"),
}
"""What never changes, by its place."""
_HOW = {
    True: (
        N_("Paid together, to one account"),
        N_("What is over pays the open passes that were sold together with this one, the oldest first."),
    ),
    False: (
        N_("Each is paid under its own account"),
        N_("What is over under one account goes to the oldest open pass sold with it, on this page or not."),
    ),
}
"""How several passes on one page are paid, and where money beyond one of them goes, by `is_one`."""
_CUT = N_("Only {n} passes are shown on one page. Open the others by the codes on their papers.")


def _state(standing: Standing) -> tuple[str, str, str, str]:
    word = standing.word
    if word in _REFUSED:
        look = LOOKS[word]
        return look.tone, look.sign, look.title, _REFUSED[word]
    return _STATES[word]


def _leave(payload: Payload, now_ms: int, parks: Parks, words: Words) -> str:
    park, last = parks.parks.get(payload.parks[0]), gatepass.last_day(payload)
    if park is None:
        return ""
    day = words(N_("today")) if last == moments.local_day(now_ms) else words.day(last)
    says = N_("Leave by {time} {day}.")
    if gatepass.is_late(payload, park.hours):
        says = N_("Made out after closing, {time} {day}: ask at the gate when to leave.")
    return words(says, time=f"{park.hours.leave_by:%H:%M}", day=day)


def _who(payload: Payload, words: Words) -> str:
    """`KDA 412M · 6–12 seats · 3 non-resident adults, 2 free`."""
    plate = plates.shown(payload.plate) or words(N_("on foot"))
    seats = words(labels.BANDS[payload.band]) if payload.band else ""
    people = labels.people([list(group) for group in payload.people], words)
    return " · ".join(part for part in (plate, seats, people) if part)


def _lines(standing: Standing, titles: Titles, words: Words) -> tuple[Row, ...]:
    """The priced lines, where the books have the pass."""
    if standing.entry is None:
        return ()
    priced = cast("list[dict[str, object]]", standing.entry.data["lines"])
    return tuple(
        Row(
            f"{line['count']} × {labels.line(line, words, titles)}",
            money.amount(cast(int, line["kes_minor"])),
        )
        for line in priced
        if line["ground"] is None
    )


def _how(group: Together, words: Words) -> tuple[str, str]:
    """A title over those on one page, and where money goes where more than one is to be paid."""
    if not group.open:
        return words(N_("Passes on this page")), ""
    title, over = _HOW[group.is_one]
    return words(title), words(over)


def _vans(standing: Standing, group: Together, words: Words) -> tuple[Van, ...]:
    """Those paid together, where there are several; each of the others can be left out."""
    if not group.joined:
        return ()
    return (_van("", standing, words), *(_van(text, one, words) for text, one in group.joined))


def _van(text: str, standing: Standing, words: Words) -> Van:
    number = standing.payload.number if standing.payload else ""
    is_open = standing.word in PAYABLE
    value = f"KES {money.amount(standing.left_minor)}" if is_open else words(_state(standing)[2])
    return Van(text, number, _name(standing), value)


def _name(standing: Standing) -> str:
    """The plate of a pass; its number where there is none."""
    payload = standing.payload
    return (plates.shown(payload.plate) or numbers.printed(payload.number)) if payload else ""


def _pays(standing: Standing, group: Together, words: Words) -> tuple[Pay, ...]:
    """One payment under the paper's own number where that reaches all; else one for each."""
    if group.is_one:
        left_minor = standing.left_minor + group.left_minor
        rows = (_paybill(standing, words), *_account(standing, left_minor, words))
        return (Pay("", rows, payment.parts_said(left_minor, words)),)
    each = (standing, *group.open)
    paybills = [_paybill(one, words) for one in each]
    is_shared = len(set(paybills)) == 1
    pays = [
        Pay(
            _name(one),
            (*(() if is_shared else (paybill,)), *_account(one, one.left_minor, words)),
            payment.parts_said(one.left_minor, words),
        )
        for one, paybill in zip(each, paybills, strict=True)
    ]
    return (*((Pay("", (paybills[0],)),) if is_shared else ()), *pays)


def _paybill(standing: Standing, words: Words) -> Row:
    paybill = cast(str, standing.entry.data["paybill"]) if standing.entry else ""
    return Row(words(N_("Paybill")), paybill or words(N_("on your paper")), paybill)


def _account(standing: Standing, left_minor: int, words: Words) -> tuple[Row, Row]:
    number = standing.payload.number if standing.payload else ""
    amount = money.amount(left_minor)
    return (
        Row(words(N_("Account")), number, number),
        Row(words(N_("Amount")), amount, amount.replace(",", "")),
    )


def _answer(standing: Standing, is_check: bool, at: str, words: Words) -> str:
    """What M-PESA reported; none is only said to who asks."""
    if standing.payload is None:
        return ""
    if not standing.is_asked:
        return words(N_("Central cannot ask now. Keep the M-PESA message."))
    if standing.seen_minor:
        return words(N_("M-PESA reported KES {amount}."), amount=money.amount(standing.seen_minor))
    if is_check and standing.word in PAYABLE:
        return words(N_("Not yet: no payment has arrived, as of {time}."), time=at)
    return ""


def _foot(standing: Standing, at: str, parks: Parks, words: Words) -> str:
    payload, signer = standing.payload, standing.signer
    if payload is None or signer is None or standing.word in _REFUSED:
        return words(N_("As of {time}."), time=at)
    park = parks.parks.get(signer.park)
    gate = park.gate_name(signer.gate) if park else signer.gate
    number = numbers.printed(payload.number)
    genuine = N_("✓ Genuine: {number}, signed by {till}, {gate}.")
    return " ".join(
        (
            words(genuine, number=number, till=signer.till, gate=gate),
            words(N_("This page is not a proof of payment; the gate scans.")),
            words(N_("As of {time}."), time=at),
        )
    )

"""A verdict in words: its title and its next action, with the amounts, times and places of this paper."""

from collections.abc import Callable

from gatepos.domain import gatepass, labels, moments, money, plates, policy, ticket_codes, verdicts
from gatepos.domain.vocabulary import UNDERTAKING
from gatepos.i18n import N_, Words
from gatepos.screens.heard_money import BEYOND
from gatepos.screens.look import unbroken
from gatepos.till.views import ScanView, TicketView, Told

Says = Callable[[ScanView, Words], str]
_BEFORE_PLATE = ("no_paper", "plate_differs")
"""Verdicts on a typed number that themselves ask for the plate."""


def title(view: ScanView, words: Words) -> str:
    """`Overstayed 2 h 10 min`."""
    says = words(_title(view))
    if view.ticket is not None:
        return _ticket_title(view, view.ticket, words)
    if view.word == "coming_back":
        return words(N_("Re-admit until {time}"), time=_when(view.back_until_ms, view, words))
    if view.word == "overstayed":
        return f"{says} {over(view, words)}"
    ended = _last(view, "revoked") if view.word == "revoked" else None
    return f"{says} {_when(ended.at_ms, view, words)}" if ended else says


def next_(view: ScanView, words: Words) -> str:
    """What to do, or what it rests on."""
    says = _NEXT.get(view.word)
    said = (says(view, words) if says else "") or _plain(view, words)
    if view.how == "typed" and view.number and view.word not in _BEFORE_PLATE:
        goes_on = verdicts.lets_through(view.word) or view.owed_minor > 0
        warns = (
            N_("Typed, not scanned: compare the plate yourself.") if goes_on else N_("Typed, not scanned.")
        )
        return f"{words(warns)} {said}"
    return said


def onward(ticket: TicketView, words: Words) -> tuple[str, str]:
    """To which lane a prepaid vehicle goes on, and the rule that says so."""
    return words(N_("Lane {lane}"), lane=ticket.lane), words(policy.CHOICES["arrow"][ticket.rule])


def over(view: ScanView, words: Words) -> str:
    """`2 h 10 min` past its end; empty where it has not ended."""
    minutes = (view.now_ms - view.valid_until_ms) // moments.MINUTE_MS
    if not view.valid_until_ms or minutes <= 0:
        return ""
    return words.age(minutes)


def _title(view: ScanView) -> str:
    if view.what == verdicts.TICKET and view.word == "not_ours":
        return N_("eCitizen ticket")
    if _is_seen(view):
        return N_("Payment seen at central")
    look = verdicts.LOOKS[view.word]
    return verdicts.TYPED.get(view.word, look.title) if view.how == "typed" else look.title


def _ticket_title(view: ScanView, ticket: TicketView, words: Words) -> str:
    """`On the list of 20:00 — admit`, `Used 06:41 at lane 1`."""
    if view.word == "ticket_listed":
        time = _when(ticket.listed_ms, view, words)
        return words(N_("On the list of {time} — admit"), time=time)
    if view.word == "ticket_other_day" and ticket.day is not None:
        return words(N_("On the list for {day}"), day=words.day(ticket.day))
    if view.word == "ticket_used" and ticket.used_at is not None:
        time = _when(ticket.used_ms, view, words)
        return words(N_("Used {time} at {place}"), time=time, place=ticket.used_at)
    return words(_title(view))


def _ticket_listed(view: ScanView, words: Words) -> str:
    people = sum(n for _, _, n in view.people)
    parts = (
        view.ticket.reference if view.ticket else "",
        unbroken(plates.shown(view.plate)) or words(N_("on foot")),
        words.plural("{n} person", "{n} people", people) if people else "",
    )
    return " · ".join(part for part in parts if part)


def _ticket_claimed(view: ScanView, words: Words) -> str:
    known_ms = view.ticket.known_ms if view.ticket else 0
    if not known_ms:
        return f"{words(N_('No list has come here.'))} {_plain(view, words)}"
    says = words(N_("The last list here is of {time}."), time=_when(known_ms, view, words))
    return f"{says} {_plain(view, words)}"


def _plain(view: ScanView, words: Words) -> str:
    """The next action as it is of every paper."""
    return words(verdicts.next_of(view.word, view.direction))


def _let_out(view: ScanView, words: Words) -> str:
    if view.back:
        says = N_("Coming back ({ground}) until {time}: recorded.")
        ground = words(labels.COMING_BACK[view.back])
        return words(says, ground=ground, time=_when(view.back_until_ms, view, words))
    paid = _last(view, "paid")
    if paid is None:
        return ""
    ways = ", ".join(words(labels.PAID_BY[kind]) for kind in paid.tenders)
    parts = (
        words(N_("Receipt {number}"), number=unbroken(paid.number)), ways, _when(paid.at_ms, view, words)
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def _admit(view: ScanView, words: Words) -> str:
    what = N_("Pass {number}") if view.number[5:6] == "P" else N_("Receipt {number}")
    plate = unbroken(plates.shown(view.plate)) or words(N_("on foot"))
    people = words.plural("{n} person", "{n} people", view.passing) if view.passing else ""
    parts = words(what, number=unbroken(view.number)), plate, people
    return " · ".join(part for part in parts if part)


def _prepaid(view: ScanView, words: Words) -> str:
    """No list has its ticket: they go through all the same, by the plate."""
    says = _admit(view, words)
    return says if view.how == "typed" else f"{says}. {_plain(view, words)}"


def _seen_minor(view: ScanView) -> int:
    """What central saw paid of what is to be collected, KES minor units."""
    seen = view.pay.seen if view.pay and view.word in _COLLECTED else ()
    return sum(one.left_minor for one in seen)


def _is_seen(view: ScanView) -> bool:
    """Whether central saw all of that paid."""
    seen_minor = _seen_minor(view)
    return view.pay is not None and 0 < seen_minor >= view.pay.rest_minor


_COLLECTED = ("not_paid", "part_paid")


def _to_collect(view: ScanView, words: Words) -> str:
    seen_minor = _seen_minor(view)
    if view.pay and seen_minor:
        may_take, rest_minor = all(one.may_take for one in view.pay.seen), view.pay.rest_minor - seen_minor
        if rest_minor <= 0:
            return words(N_("Take it, then let them out.") if may_take else BEYOND)
        if may_take:
            rest = unbroken(money.shown(money.KES, rest_minor))
            return words(N_("Take it, then collect {amount} and let them out."), amount=rest)
    owed_minor = view.owed_minor
    says = N_("{amount} to collect, then let them out.")
    if view.word == "part_paid":
        says = N_("{amount} still to collect, then let them out.")
    if view.pay and len(view.settles) > 1:
        says, owed_minor = N_("{amount} to collect for {n} passes, then let them out."), view.pay.rest_minor
    amount = unbroken(money.shown(money.KES, owed_minor))
    return words(says, amount=amount, n=len(view.settles))


def _used(view: ScanView, words: Words) -> str:
    """When and where it was used, and what to do."""
    is_left = view.word == "already_left"
    used = _last(view, "out" if is_left else "in")
    says = _still_owed(view, words) or _plain(view, words)
    if used is None:
        return says
    when, place = _when(used.at_ms, view, words), used.place
    what = N_("Went out {time} at {place}.") if is_left else N_("Went in {time} at {place}.")
    return f"{words(what, time=when, place=place)} {says}"


def _still_owed(view: ScanView, words: Words) -> str:
    """What is owed on a paper that lets nobody through; whoever is inside with it is not kept in."""
    if not view.owed_minor:
        return ""
    says = N_("{amount} still owed: collect, or let out.")
    if view.word == "already_left":
        says = N_("{amount} still owed: collect.")
    return words(says, amount=unbroken(money.shown(money.KES, view.owed_minor)))


def _left_owing(view: ScanView, words: Words) -> str:
    if view.back:
        return _let_out(view, words)
    if _last(view, UNDERTAKING) is None:
        return ""
    return words(N_("First the driver signs the gate's copy. What they owe is recorded."))


def _overstayed(view: ScanView, words: Words) -> str:
    if view.owed_minor:
        return _to_collect(view, words)
    return words(N_("Nothing to charge under this policy. Let them out; it is recorded."))


def _two_papers(view: ScanView, words: Words) -> str:
    used = _last(view, "in") or _last(view, "out")
    if used is None:
        return ""
    says = N_("Another paper with this number was used {time}. Hold, call the supervisor.")
    return words(says, time=_when(used.at_ms, view, words))


def _unknown_till(view: ScanView, words: Words) -> str:
    says = words(N_("Keys of {time}."), time=words.moment(view.keys_ms))
    return f"{says} {_plain(view, words)}"


def _not_yet(view: ScanView, words: Words) -> str:
    says = words(N_("Valid from {time}."), time=words.moment(view.valid_from_ms))
    return f"{says} {_plain(view, words)}"


def _no_longer(view: ScanView, words: Words) -> str:
    says = words(N_("It ended {time}."), time=words.moment(view.valid_until_ms))
    return f"{says} {_plain(view, words)}"


def _wrong_gate(view: ScanView, words: Words) -> str:
    if not view.exits:
        return ""
    return words(N_("It leaves by {gates}. Send them, or call."), gates=", ".join(view.exits))


def _not_ours(view: ScanView, words: Words) -> str:
    if view.what == verdicts.TICKET and view.direction == gatepass.IN:
        return words(ticket_codes.NoReference.says)
    what = "" if view.what == verdicts.TICKET else words(verdicts.NOT_OURS.get(view.what, ""))
    return f"{what} {_plain(view, words)}".strip()


_NEXT: dict[str, Says] = {
    "let_out": _let_out,
    "admit": _admit,
    "prepaid": _prepaid,
    "coming_back": _admit,
    "not_paid": _to_collect,
    "part_paid": _to_collect,
    "already_inside": _used,
    "already_left": _used,
    "overstayed": _overstayed,
    "revoked": _still_owed,
    "left_owing": _left_owing,
    "two_papers": _two_papers,
    "unknown_till": _unknown_till,
    "not_yet": _not_yet,
    "no_longer": _no_longer,
    "wrong_gate": _wrong_gate,
    "not_ours": _not_ours,
    "ticket_listed": _ticket_listed,
    "ticket_claimed": _ticket_claimed,
}


def _last(view: ScanView, what: str) -> Told | None:
    return next((told for told in reversed(view.story) if told.what == what), None)


def _when(at_ms: int, view: ScanView, words: Words) -> str:
    """`10:33`, with its day where it was another."""
    if moments.local_day(at_ms) == moments.local_day(view.now_ms):
        return f"{moments.local(at_ms):%H:%M}"
    return words.moment(at_ms)

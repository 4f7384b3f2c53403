"""What somebody changed, in words: audits keep it in the same few words whoever reads them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from gatepos.central.managers import outside
from gatepos.central.store.people import Change
from gatepos.domain import labels, moments, policy, shapes
from gatepos.i18n import N_, Words
from gatepos.wire import forms

_WHAT = {
    "person": N_("Gave a start code to"),
    "password": N_("Chose a password"),
    "sign.in": N_("Signed in"),
    "case": N_("Closed a case"),
    "code": N_("Gave a code for a till"),
    "figure": N_("Typed a figure told by telephone"),
    "till.revoked": N_("Revoked a till"),
    "till.adopted": N_("Let entries of a revoked till count"),
    "outside": N_("Said how this stands:"),
    "schedule": N_("Published a fee schedule"),
    "prepaid": N_("Loaded prepaid tickets"),
    "statement": N_("Imported a statement"),
    "statement.withdrawn": N_("Withdrew a statement"),
    "claim": N_("Decided on a claim or a payment"),
    "claim.own": N_("Decided, and nobody can tell whether they took it themselves"),
    "prepaid.withdrawn": N_("Took a prepaid ticket off its list"),
    "rate": N_("Published a USD rate"),
    "rate.withdrawn": N_("Withdrew a USD rate"),
    "policy": N_("Changed policy"),
    "policy.proposed": N_("Proposed a change of policy"),
    "policy.withdrawn": N_("Withdrew a proposed change of policy"),
    "staff": N_("Changed somebody on the staff list"),
    "staff.code": N_("Gave a start code to staff"),
    "staff.left": N_("Took somebody off the staff list"),
    "key": N_("Gave central a new key"),
    "key.distrusted": N_("Ended an old key of central"),
}
"""What somebody changed, by its kind in the audit."""
_EVERY = "*"
_WORDS: Mapping[str, str] = {
    **labels.ROLES,
    _EVERY: N_("All parks"),
    "yes": N_("yes"),
    "no": N_("no"),
    forms.WORKS: N_("works"),
    forms.DOWN: N_("down"),
}
"""What stands for a word of a detail."""


@dataclass(frozen=True, slots=True)
class Told:
    """A change as its reader has it: what was done, to whom or what, and how."""

    what: str
    about: str
    detail: str


def told(change: Change, words: Words) -> Told:
    """A change in somebody's words."""
    what = words(_WHAT.get(change.what, change.what))
    detail = _DETAILS.get(change.what, _as_kept)(change.detail, words)
    return Told(what, _about(change, words), detail)


def _about(change: Change, words: Words) -> str:
    if change.what == "outside":
        return words(outside.NAMES.get(change.about, change.about))
    return "–" if change.about == _EVERY else change.about


def _as_kept(detail: str, _: Words) -> str:
    return detail


def _word_by_word(detail: str, words: Words) -> str:
    return " ".join(_one(one, words) for one in detail.split(" "))


def _one(one: str, words: Words) -> str:
    if shapes.MOMENT.holds(one):
        return words.moment(moments.from_text(one))
    return words(_WORDS[one]) if one in _WORDS else one


def _setting(detail: str, words: Words) -> str:
    """A setting by its sentence, as its key stands on no page."""
    key, colon, values = detail.partition(": ")
    if not colon or key not in policy.SETTINGS:
        return detail
    return f"{words(policy.SETTINGS[key].sentence)}: {_word_by_word(values, words)}"


def _decision(detail: str, words: Words) -> str:
    decision, _, reason = detail.partition(": ")
    return f"{words(labels.DECISIONS.get(decision, decision))}: {reason}"


_DETAILS: Mapping[str, Callable[[str, Words], str]] = {
    "person": _word_by_word,
    "staff": _word_by_word,
    "staff.code": _word_by_word,
    "outside": _word_by_word,
    "claim": _decision,
    "statement.withdrawn": _word_by_word,
    "policy": _setting,
    "policy.proposed": _setting,
    "policy.withdrawn": _setting,
}
"""How what stands beside a change is read, by its kind; the rest is shown as it was kept."""

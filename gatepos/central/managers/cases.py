"""Cases to work through: what each is called, and the decision that closes it."""

from gatepos.central.managers import people
from gatepos.central.store import cases
from gatepos.central.store import people as kept
from gatepos.central.store.cases import Case
from gatepos.central.store.engine import Store
from gatepos.central.store.people import Change, Person
from gatepos.domain import labels
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words

REASON_MIN, REASON_MAX = 3, 200
_WHAT = {
    "fork": N_("The till's folder was copied: both went on"),
    "readmitted": N_("Known again by its certificate: central had forgotten it"),
    "revoked_before": N_(
        "Revoked before central was put back from a copy: it counts until it is revoked anew"
    ),
    "ledger.recovered": N_("The till took its entries back from central"),
    "chain": N_("Refused: an entry does not follow the one before it"),
    "signature": N_("Refused: an entry is not signed by the till"),
    "too_long": N_("Refused: an entry is longer than any till writes"),
    "not_own_till": N_("Refused: an entry says that it is another till's"),
    "branches": N_("Refused: too many copies of one folder"),
    "payment_twice": N_("M-PESA reported one code in two ways: neither counts"),
    "payment_used_elsewhere": N_("A payment for which central let out one pass was counted for another"),
    "payment_differs": N_("M-PESA says another amount or paybill than it reported first"),
    "payment_not_completed": N_("M-PESA says that a payment it reported did not stand"),
    "payment_over": N_("More was paid than is owed, and no open pass that was sold with it takes the rest"),
    "payment_unknown": N_("Money for an account that is no pass or bill"),
    "figure_differs": N_("The entries say another figure than the till said by telephone"),
    "note": N_("A driver writes that something is wrong"),
    "schedules_differ": N_("Two tills of a park sell by two schedules"),
    "form": N_("Not in the books: entries of an unknown form"),
    "kind": N_("Not in the books: entries of an unknown kind"),
    "unbalanced": N_("Not in the books: their money does not add up"),
    "not_own": N_("Not in the books: they speak for another till"),
}
"""What happened, by what a case is about; conflicts have the tills' own words."""


class NoSuchCase(Refusal):
    """A case that is not there any more, or never was."""

    says = N_("This case is not open. Somebody may have decided it.")


class NoReason(Refusal):
    """A decision without a reason."""

    says = N_("Write what was found and done, in 3 to 200 characters.")


def called(case: Case, words: Words) -> str:
    """What a case is about, in words."""
    return words(labels.CONFLICTS.get(case.what) or _WHAT.get(case.what, case.what))


def decide(store: Store, who: Person, case_id: str, reason: str, at: str) -> None:
    """Close a case with what was found and done; MayNot, OtherPark, NoReason, NoSuchCase."""
    people.check(who, "decide")
    reason = " ".join(reason.split())
    if not REASON_MIN <= len(reason) <= REASON_MAX:
        raise NoReason()
    with store.writing() as tx:
        tx.alone()
        case = cases.of_id(tx, case_id)
        if case is None or case.who is not None:
            raise NoSuchCase()
        people.check_park(who, case.park)
        cases.decide(tx, case.id, reason, who.name, at)
        kept.changed(tx, Change(at, who.name, "case", case.id, reason))

"""A person's word about M-PESA or the national platform, which every till of their parks hears."""

import re
from collections.abc import Mapping

from gatepos.central.managers import people
from gatepos.central.store import outside as kept
from gatepos.central.store import people as kept_people
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.outside import EVERYWHERE, Spoken
from gatepos.central.store.people import Change, Person
from gatepos.domain import moments
from gatepos.domain.outside import MPESA, PLATFORM, TOLD, By
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import forms

NAMES = {MPESA: N_("M-PESA"), PLATFORM: N_("Payment platform")}
BY = {By.TRAFFIC.value: N_("by central's own dealings"), By.OFFICE.value: N_("said at central")}
_STATES = (forms.WORKS, forms.DOWN)
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class NothingSaid(Refusal):
    """A form that says nothing of anything known."""

    says = N_("Say whether M-PESA or the payment platform works or is down.")


class NotATime(Refusal):
    """A time of day that is none."""

    says = N_("Type since when as hours and minutes, 05:50, or leave it empty.")


def seen(tx: Transaction, who: Person) -> list[Spoken]:
    """The words that somebody sees, the newest first."""
    return kept.every(tx) if who.park is None else kept.heard(tx, who.park)


def say(store: Store, who: Person, fields: Mapping[str, str], now_ms: int) -> None:
    """Keep somebody's word, for their park or for all, and that it was theirs.

    MayNot, NothingSaid, NotATime.
    """
    people.check(who, "decide")
    what, state = fields.get("what", ""), fields.get("state", "")
    if what not in TOLD or state not in _STATES:
        raise NothingSaid()
    since = moments.to_text(_since_ms(fields.get("since", "").strip(), now_ms))
    at = moments.to_text(now_ms)
    with store.writing() as tx:
        kept.keep(tx, Spoken(what, who.park or EVERYWHERE, By.OFFICE.value, state, since, at, who.name))
        kept_people.changed(tx, Change(at, who.name, "outside", what, f"{state} {since}"))


def _since_ms(typed: str, now_ms: int) -> int:
    """The last time that a clock in Kenya showed what was typed; now where nothing was."""
    if not typed:
        return now_ms
    found = _TIME.fullmatch(typed)
    if found is None:
        raise NotATime()
    at_ms = moments.at_local(moments.local_day(now_ms), int(found[1]), int(found[2]))
    return at_ms if at_ms <= now_ms else at_ms - moments.DAY_MS

"""Figures by telephone: typed by a manager, checked by their code, compared once the entries are here."""

from collections.abc import Mapping
from datetime import date

from gatepos.central.store import announced, people, tills
from gatepos.central.store.announced import Announced
from gatepos.central.store.engine import Store, Transaction
from gatepos.domain import moments, money, staff
from gatepos.domain.figures import Figure
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import digits, telephone
from gatepos.seal.keys import TillKey

_WHOLE_MAX = 15


class NotAFigure(Refusal):
    """Something typed in a figure's place that is none."""

    says = N_("{field} is not right. Let the till read it out once more.")


class WrongCode(Refusal):
    """A figure that the till did not say."""

    says = N_("The check code does not fit these figures. Let the till read all of them out once more.")


class CodesWait(Refusal):
    """Too many wrong codes for one till."""

    says = N_("Too many wrong check codes for this till. Wait until {at} and try again.")


def read(fields: Mapping[str, str]) -> tuple[Figure, str]:
    """The figure and the code that a manager typed; NotAFigure, BadAmount."""
    day = fields.get("day", "").strip()
    try:
        date.fromisoformat(day)
    except ValueError as error:
        raise NotAFigure(field=day[:20] or "?") from error
    figure = Figure(
        till=fields.get("till", "").strip().upper()[:4],
        day=day,
        seq=_whole(fields, "seq"),
        papers=_whole(fields, "papers"),
        kes_minor=money.parse(fields.get("kes", "")),
        usd_minor=money.parse(fields.get("usd", "").strip() or "0"),
    )
    return figure, fields.get("code", "")


def take(store: Store, key: TillKey, figure: Figure, code: str, who: str, now_ms: int) -> None:
    """Let a figure count until its entries are here; WrongCode, CodesWait.

    A wrong code counts until a right one comes, so that many at once gain nothing.
    """
    at = moments.to_text(now_ms)
    with store.writing() as tx:
        tx.alone()
        known = tills.of_code(tx, figure.till)
        slot = f"figure {figure.till}" if known else "figure"
        _try(tx, slot, now_ms)
    if known is None or not digits.is_right(code, telephone.code(key, known.row.public, figure)):
        raise WrongCode()
    with store.writing() as tx:
        people.forget_tries(tx, slot)
        announced.keep(tx, Announced(figure, who, at))
        people.changed(tx, people.Change(at, who, "figure", figure.till, f"{figure.day} {figure.shown()}"))
        if figure.seq <= announced.booked(tx, figure.till):
            announced.compare(tx, figure, at)


def _try(tx: Transaction, slot: str, now_ms: int) -> None:
    """CodesWait after too many wrong codes; this one counts as wrong until it was right."""
    count, last = people.wrong_tries(tx, slot)
    until_ms = moments.from_text(last) + staff.wait_s(count) * 1000 if last else 0
    if now_ms < until_ms:
        raise CodesWait(at=f"{moments.local(until_ms):%H:%M:%S}")
    people.add_wrong_try(tx, slot, moments.to_text(now_ms))


def _whole(fields: Mapping[str, str], name: str) -> int:
    typed = fields.get(name, "").replace(",", "").strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _WHOLE_MAX):
        raise NotAFigure(field=typed[:20] or "?")
    return int(typed)

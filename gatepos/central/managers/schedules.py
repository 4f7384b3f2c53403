"""Fee schedules on the pages: those that tills know, and a new one, looked at before it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response

from gatepos.central import schedules
from gatepos.central.managers import frame, people, uploads
from gatepos.central.managers.frame import Visit
from gatepos.central.managers.pages import Pages
from gatepos.domain import fees, labels, moments, money, parks, switch
from gatepos.domain.fees import EVERYWHERE, Fee, Schedule
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words

_SHOWN_MAX = 300
_FILE = "CSV"
_PARK = "park_"


class NoMoment(Refusal):
    """A schedule without the moment from which it may be put in force."""

    says = N_("Choose the day and time from which it may be put in force.")


@dataclass(frozen=True, slots=True)
class Row:
    """A change in words."""

    where: str
    fee: str
    before: str
    after: str


def add(app: FastAPI, pages: Pages) -> None:
    """The addresses of these pages."""
    signed = Annotated[Visit, Depends(pages.visit)]
    form = Annotated[uploads.Fields, Depends(uploads.checked(pages.visit))]

    @app.get("/schedules")
    def known(request: Request, visit: signed) -> Response:
        people.check(visit.person, "administer")
        with pages.store.reading() as tx:
            found = sorted(schedules.known(tx).values(), key=lambda one: -one.begins_ms)
        seen = [one for one in found if visit.person.park is None or one.is_for(visit.person.park)]
        return pages.shown(request, visit, "schedules.html", schedules=seen, places=_places(visit))

    @app.post("/schedules/preview")
    def preview(request: Request, visit: signed, fields: form) -> Response:
        people.check(visit.person, "administer")
        meant = {**fields, "parks": _parks(visit, fields)}
        found = schedules.preview(pages.store, _made(visit, meant))
        return pages.shown(
            request, visit, "schedule.html", found=found, fields=meant, most=_SHOWN_MAX,
            lost=_rows(found.lost, visit.words), others=_rows(found.others, visit.words),
        )  # fmt: skip

    @app.post("/schedules/publish")
    def publish(visit: signed, fields: form) -> Response:
        people.check(visit.person, "administer")
        at = moments.to_text(pages.clock.wall_ms())
        schedules.publish(pages.store, _made(visit, fields), visit.person.name, at)
        return frame.moved("/schedules")


def _places(visit: Visit) -> list[parks.Park]:
    return [one for one in parks.shipped().parks.values() if visit.person.park in (None, one.code)]


def _parks(visit: Visit, fields: Mapping[str, str]) -> str:
    """The parks that were ticked; where none was, the one that somebody sees, or all."""
    ticked = [name.removeprefix(_PARK) for name in fields if name.startswith(_PARK)]
    return " ".join(ticked) or visit.person.park or ""


def _made(visit: Visit, fields: Mapping[str, str]) -> Schedule:
    """The schedule of a form; NoMoment, BadSchedule, OtherPark."""
    meant = tuple(fields.get("parks", "").split())
    for park in meant or (None,):
        people.check_park(visit.person, park)
    try:
        begins_ms = moments.of_local(datetime.fromisoformat(fields.get("begins", "")))
    except (ValueError, OverflowError) as error:
        raise NoMoment() from error
    id_, title, legal = (" ".join(fields.get(name, "").split()) for name in ("id", "title", "legal"))
    head = Schedule(id_.upper(), title, legal, begins_ms, None, {}, meant)
    return fees.filled(head, fees.read(_FILE, fields.get("rows", "")), _FILE)


def _rows(changes: list[switch.Change], words: Words) -> list[Row]:
    products, titles = parks.shipped().products, fees.titles()
    return [
        Row(
            words(N_("All parks")) if one.product == EVERYWHERE else products[one.product].name,
            labels.fee(*one.key, words, titles),
            _price(one.before, words),
            _price(one.after, words),
        )
        for one in changes[:_SHOWN_MAX]
    ]


def _price(fee: Fee | None, words: Words) -> str:
    if fee is None:
        return "–"
    price = money.shown(fee.currency, fee.amount_minor) if fee.amount_minor is not None else ""
    return price if fee.is_sellable else f"{price} ({fee.status.said(words)})".strip()

"""Prepaid tickets on the pages: how many stand on lists, a list loaded, a ticket taken off."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response

from gatepos.central import prepaid
from gatepos.central.managers import frame, people, uploads
from gatepos.central.managers.frame import Visit
from gatepos.central.managers.pages import Pages
from gatepos.central.store import tickets as kept
from gatepos.domain import moments, parks, tickets
from gatepos.domain.tickets import BadTicketList, Wrong


def add(app: FastAPI, pages: Pages) -> None:
    """The addresses of these pages."""
    signed = Annotated[Visit, Depends(pages.visit)]
    form = Annotated[uploads.Fields, Depends(uploads.checked(pages.visit))]

    def page(request: Request, visit: Visit, wrong: list[Wrong]) -> Response:
        today = moments.local_day(pages.clock.wall_ms())
        with pages.store.reading() as tx:
            days = kept.days(tx, visit.person.park, today)
        return pages.shown(
            request, visit, "prepaid.html", days=days, columns=",".join(tickets.COLUMNS),
            wrong=wrong[: tickets.WRONG_MAX], wrong_count=len(wrong),
        )  # fmt: skip

    @app.get("/prepaid")
    def listed(request: Request, visit: signed) -> Response:
        people.check(visit.person, "administer")
        return page(request, visit, [])

    @app.post("/prepaid/load")
    def load(request: Request, visit: signed, fields: form) -> Response:
        people.check(visit.person, "administer")
        who, at_ms = visit.person.name, pages.clock.wall_ms()
        try:
            prepaid.load(pages.store, fields.get("rows", ""), _parks(visit), who, at_ms)
        except BadTicketList as refused:
            return page(request, visit, refused.wrong)
        return frame.moved("/prepaid")

    @app.post("/prepaid/withdraw")
    def withdraw(visit: signed, fields: form) -> Response:
        people.check(visit.person, "administer")
        who, at_ms = visit.person.name, pages.clock.wall_ms()
        prepaid.withdraw(pages.store, fields.get("reference", ""), _parks(visit), who, at_ms)
        return frame.moved("/prepaid")


def _parks(visit: Visit) -> frozenset[str]:
    """Whose tickets somebody may load."""
    every = parks.shipped().parks
    return frozenset(code for code in every if visit.person.park in (None, code))

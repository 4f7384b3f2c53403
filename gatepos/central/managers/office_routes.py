"""The addresses of the pages by which central is set."""

from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response

from gatepos.central.managers import frame
from gatepos.central.managers.frame import Form, Visit
from gatepos.central.managers.office import Office
from gatepos.central.managers.pages import Pages


def add(app: FastAPI, pages: Pages, checked: Form) -> None:
    """Add them; `checked` are the fields of a form that a page of this sign-in made."""
    office = Office(pages)
    signed = Annotated[Visit, Depends(pages.visit)]
    form = Annotated[dict[str, str], Depends(checked)]
    _add_lists(app, office, pages)

    @app.post("/rates")
    def set_rate(request: Request, visit: signed, fields: form) -> Response:
        return office.set_rate(request, visit, fields) or frame.moved("/rates")

    @app.post("/rates/withdraw")
    def withdraw_rate(visit: signed, fields: form) -> Response:
        office.withdraw_rate(visit, fields)
        return frame.moved("/rates")

    @app.post("/policy")
    def set_policy(request: Request, visit: signed, fields: form) -> Response:
        answer, park = office.set_policy(request, visit, fields)
        return answer or frame.moved(f"/policy?park={park}")

    @app.post("/policy/answer")
    def answer_policy(visit: signed, fields: form) -> Response:
        return frame.moved(f"/policy?park={office.answer_policy(visit, fields)}")

    @app.post("/staff")
    def change_staff(request: Request, visit: signed, fields: form) -> Response:
        return office.change_staff(request, visit, fields)


def _add_lists(app: FastAPI, office: Office, pages: Pages) -> None:
    signed = Annotated[Visit, Depends(pages.visit)]

    @app.get("/rates")
    def rates(request: Request, visit: signed) -> Response:
        return office.rates(request, visit, {})

    @app.get("/policy")
    def policy(request: Request, visit: signed, park: str = "") -> Response:
        return office.policy(request, visit, park)

    @app.get("/staff")
    def staff(request: Request, visit: signed, park: str = "", number: str = "") -> Response:
        return office.staff(request, visit, park, number)

    @app.get("/gates")
    def gates(request: Request, visit: signed, park: str = "") -> Response:
        return office.gates(request, visit, park)

    @app.get("/keys")
    def keys(request: Request, visit: signed) -> Response:
        return office.keys(request, visit)

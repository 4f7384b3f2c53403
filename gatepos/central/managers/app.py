"""The managers' pages as an ASGI application: routes, and what an error is to a browser."""

import hashlib
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from starlette.exceptions import HTTPException

from gatepos import resources
from gatepos.central import bodies
from gatepos.central.apart import Apart, WorkEnded, WorkWaits
from gatepos.central.bodies import BodyTooLarge
from gatepos.central.managers import (
    downloads,
    frame,
    office_routes,
    prepaid,
    reconciliation,
    schedules,
    sheets,
)
from gatepos.central.managers.frame import NotFromHere, Visit
from gatepos.central.managers.pages import NoPark, Pages
from gatepos.central.managers.people import (
    MayNot,
    NotSignedIn,
    OtherPark,
    People,
    TriesElsewhere,
    TriesWait,
    WrongPassword,
    WrongStartCode,
)
from gatepos.central.store.engine import StorageFailed, Store
from gatepos.domain.clock import Clock
from gatepos.errors import Refusal, Said, Trouble
from gatepos.i18n import N_
from gatepos.seal.keys import TillKey
from gatepos.seal.passwords import Passwords

STATUS: dict[type[Said], int] = {
    NotFromHere: 403, MayNot: 403, OtherPark: 403, NoPark: 404, BodyTooLarge: 413, StorageFailed: 503,
    WrongPassword: 403, WrongStartCode: 403, TriesWait: 429,
    TriesElsewhere: 429, WorkWaits: 503, WorkEnded: 503,
}  # fmt: skip
"""What an error is over HTTP; any other refusal is a 400."""
_KINDS = {
    "managers.css": "text/css; charset=utf-8",
    "live.js": "text/javascript; charset=utf-8",
    "inter.otf": "font/otf",
    "inter-bold.otf": "font/otf",
}
_FONTS = {"inter.otf": "Inter-Regular.otf", "inter-bold.otf": "Inter-SemiBold.otf"}


class NoPage(Refusal):
    """An address that is no page."""

    says = N_("There is no such page.")


_Body = Annotated[bytes, Depends(bodies.received)]


def application(
    store: Store,
    folder: Path,
    key: TillKey,
    clock: Clock,
    passwords: Passwords | None = None,
    apart: Apart | None = None,
) -> FastAPI:
    """The pages over central's store and folder, by a clock.

    `passwords` says what a hash costs, `apart` does what keeps a core busy.
    """
    files = {name: _file(name) for name in _KINDS}
    versions = {name: hashlib.sha256(data).hexdigest()[:12] for name, data in files.items()}
    known = People(store, passwords or Passwords())
    pages = Pages(store, folder, key, clock, known, versions, apart or Apart())
    app = FastAPI(title="gatepos pages", openapi_url=None, docs_url=None, redoc_url=None)
    _add_pages(app, pages)
    _add_forms(app, pages)
    _add_doors(app, pages)
    schedules.add(app, pages)
    prepaid.add(app, pages)
    sheets.add(app, pages)
    _add_errors(app, pages)

    @app.get("/static/{name}")
    def static(name: str) -> Response:
        if name not in files:
            raise NoPage()
        headers = {**frame.HEADERS, "Cache-Control": "public, max-age=86400"}
        return Response(files[name], headers=headers, media_type=_KINDS[name])

    return app


def _add_pages(app: FastAPI, pages: Pages) -> None:
    signed = Annotated[Visit, Depends(pages.visit)]

    @app.get("/")
    def first(visit: signed) -> Response:
        return frame.moved("/takings" if pages.has_park(visit) else "/tills")

    @app.get("/takings")
    def takings(request: Request, visit: signed, park: str = "", day: str = "") -> Response:
        return pages.takings(request, visit, park, day)

    @app.get("/tills")
    def tills(request: Request, visit: signed, park: str = "") -> Response:
        return pages.tills(request, visit, park)

    @app.get("/till")
    def till(request: Request, visit: signed, code: str = "") -> Response:
        return pages.till(request, visit, code)

    @app.get("/outages")
    def outages(request: Request, visit: signed, park: str = "") -> Response:
        return pages.outages(request, visit, park)

    @app.get("/passes")
    def passes(request: Request, visit: signed, park: str = "") -> Response:
        return pages.passes(request, visit, park)

    @app.get("/cases")
    def cases(request: Request, visit: signed) -> Response:
        return pages.cases(request, visit)

    @app.get("/outside")
    def outside(request: Request, visit: signed) -> Response:
        return pages.outside(request, visit)

    @app.get("/changes")
    def changes(request: Request, visit: signed) -> Response:
        return pages.changes(request, visit)

    @app.get("/administration")
    def administration(request: Request, visit: signed) -> Response:
        return pages.administration(request, visit)


def _add_forms(app: FastAPI, pages: Pages) -> None:
    signed = Annotated[Visit, Depends(pages.visit)]

    def checked(request: Request, visit: signed, data: _Body) -> dict[str, str]:
        fields = frame.fields_of(data)
        frame.check_form(request, visit, fields)
        return fields

    form = Annotated[dict[str, str], Depends(checked)]
    office_routes.add(app, pages, checked)
    downloads.add(app, pages, checked)
    reconciliation.add(app, pages, checked)

    @app.post("/cases")
    def decide(visit: signed, fields: form) -> Response:
        pages.decide(visit, fields)
        return frame.moved("/cases")

    @app.post("/outside")
    def say_outside(visit: signed, fields: form) -> Response:
        pages.say_outside(visit, fields)
        return frame.moved("/outside")

    @app.post("/figure")
    def announce(visit: signed, fields: form) -> Response:
        return frame.moved(f"/takings?{pages.announce(visit, fields)}")

    @app.post("/till/revoke")
    def revoke(visit: signed, fields: form) -> Response:
        return frame.moved(f"/till?code={pages.revoke(visit, fields)}")

    @app.post("/till/adopt")
    def adopt(visit: signed, fields: form) -> Response:
        return frame.moved(f"/till?code={pages.adopt(visit, fields)}")

    @app.post("/till/code")
    def till_code(request: Request, visit: signed, fields: form) -> Response:
        given, whom = pages.till_code(visit, fields)
        return pages.administration(request, visit, given=given, whom=whom)

    @app.post("/person")
    def person(request: Request, visit: signed, fields: form) -> Response:
        given, whom = pages.start_code(visit, fields)
        return pages.administration(request, visit, given=given, whom=whom)

    @app.post("/sign-out")
    def sign_out(request: Request, visit: signed, _: form) -> Response:
        pages.people.sign_out(visit.token)
        answer = frame.moved("/sign-in")
        frame.drop_token(request, answer)
        return answer


def _add_doors(app: FastAPI, pages: Pages) -> None:
    def door(request: Request, name: str, problem: Said | None = None, typed: str = "") -> Response:
        words = frame.words_of(request)
        said = problem.said(words) if problem else ""
        html = frame.rendered(
            pages.templates, name, words, pages.clock.wall_ms(), problem=said, typed=typed,
            here=request.url.path, versions=pages.versions,
        )  # fmt: skip
        return frame.page(request, html, STATUS.get(type(problem), 400) if problem else 200)

    def signed_in(request: Request, token: str) -> Response:
        answer = frame.moved("/")
        frame.set_token(request, answer, token)
        return answer

    @app.get("/sign-in")
    def sign_in_page(request: Request) -> Response:
        return door(request, "sign_in.html")

    @app.get("/start")
    def start_page(request: Request) -> Response:
        return door(request, "start.html")

    @app.post("/sign-in")
    def sign_in(request: Request, data: _Body) -> Response:
        frame.check_origin(request)
        fields = frame.fields_of(data)
        name = fields.get("name", "")
        try:
            token = pages.people.sign_in(
                name, fields.get("password", ""), pages.clock.wall_ms(), frame.source_of(request)
            )
        except (WrongPassword, TriesWait, TriesElsewhere) as problem:
            return door(request, "sign_in.html", problem, name)
        return signed_in(request, token)

    @app.post("/start")
    def start(request: Request, data: _Body) -> Response:
        frame.check_origin(request)
        fields = frame.fields_of(data)
        name, code, password, again = (fields.get(one, "") for one in ("name", "code", "password", "again"))
        try:
            token = pages.people.start(
                name, code, password, again, pages.clock.wall_ms(), frame.source_of(request)
            )
        except Refusal as problem:
            return door(request, "start.html", problem, name)
        return signed_in(request, token)

    @app.get("/language/{language}")
    def language(language: str, to: str = "/") -> Response:
        answer = frame.moved(frame.within(to))
        frame.set_language(answer, language)
        return answer


def _add_errors(app: FastAPI, pages: Pages) -> None:
    def problem(request: Request, error: Said, status: int) -> Response:
        words = frame.words_of(request)
        html = frame.rendered(
            pages.templates, "problem.html", words, pages.clock.wall_ms(), problem=error.said(words),
            here="/", versions=pages.versions,
        )  # fmt: skip
        return frame.page(request, html, status)

    async def said(request: Request, error: Exception) -> Response:
        if isinstance(error, NotSignedIn):
            return frame.moved("/sign-in")
        if not isinstance(error, Said):
            raise error
        return problem(request, error, STATUS.get(type(error), 400))

    async def none(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return problem(request, NoPage(), status)

    for cause in (Refusal, Trouble):
        app.add_exception_handler(cause, said)
    app.add_exception_handler(HTTPException, none)


def _file(name: str) -> bytes:
    if name in _FONTS:
        return (resources.folder() / "fonts" / _FONTS[name]).read_bytes()
    return (frame.HERE / "static" / name).read_bytes()

"""Central's calls over HTTP; all that is said is signed, errors too (FORMATS.md §6)."""

import asyncio
import base64
import binascii
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Annotated, cast

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from gatepos.central import bodies, c2b, confirming, daraja, enrolling
from gatepos.central.bodies import BodyTooLarge
from gatepos.central.central import (
    ANYBODY,
    Central,
    NotAuthentic,
    NotThisTill,
    OtherAccount,
    TillBehind,
    TillRevoked,
    UnknownFeed,
    UnknownToken,
)
from gatepos.central.daraja import Daraja
from gatepos.central.driver import routes
from gatepos.central.outside import Dealings
from gatepos.central.pace import CentralFull, Pace
from gatepos.central.store import following
from gatepos.central.store.engine import StorageFailed, Store
from gatepos.central.store.tills import KnownTill
from gatepos.domain import shapes
from gatepos.domain.clock import Clock
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Said as Error
from gatepos.seal import enrolment
from gatepos.seal.keys import TillKey
from gatepos.seal.said import Said
from gatepos.wire import forms, push
from gatepos.wire.forms import BadBody

JSON = "application/json"
RETRY_S: dict[type[Error], int] = {StorageFailed: 5, CentralFull: 1}
"""How long an error asks a till to wait."""
FOLLOW_S = 30
SEQ_MAX = 2**50
STATUS: dict[type[Error], tuple[int, str]] = {
    UnknownToken: (401, "unknown_token"),
    NotThisTill: (403, "not_this_till"),
    TillRevoked: (403, "revoked"),
    OtherAccount: (403, "other_account"),
    TillBehind: (409, forms.BEHIND),
    NotAuthentic: (422, "not_authentic"),
    UnknownFeed: (404, "unknown_feed"),
    c2b.UnknownSecret: (404, "unknown_address"),
    BadBody: (400, "form"),
    BodyTooLarge: (413, "too_large"),
    daraja.NoDaraja: (404, "no_daraja"),
    daraja.OtherPaybill: (409, "other_paybill"),
    daraja.DarajaRefuses: (409, "daraja_refuses"),
    daraja.DarajaSilent: (502, "daraja_silent"),
    StorageFailed: (503, "storage"),
    CentralFull: (503, "full"),
    **{cause: (403, name) for name, cause in enrolment.NAMED.items()},
}
"""What an error is over HTTP: its status and its name. Only 422 stops a till from sending."""
_log = logging.getLogger(__name__)


def application(
    store: Store, key: TillKey, clock: Clock, mpesa: Daraja | None = None, former: tuple[TillKey, ...] = ()
) -> FastAPI:
    """Central as an ASGI application over a store, under its key, by a clock; `mpesa` asks phones to pay.

    `former` are its keys before, with which it answers tills that believe no other yet.
    """
    central, pace = Central(store, key, clock, former), Pace()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await _follow_all(central, pace)
        going_on = [
            asyncio.create_task(_follow_on(central, pace)),
            asyncio.create_task(_ask_on(central, mpesa)),
        ]
        yield
        for task in going_on:
            task.cancel()

    app = FastAPI(title="gatepos central", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=4)
    app.state.central = central
    _add_errors(app, central)
    _add_calls(app, central, pace)
    dealings = Dealings(store)
    _add_c2b(app, central, dealings)
    _add_stk(app, central, mpesa, dealings)
    routes.add(app, central)
    return app


def _add_calls(app: FastAPI, central: Central, pace: Pace) -> None:
    known, own = _asking(central)

    # Who asks is checked before the body is read: the order of the parameters below is the order of both.

    @app.post("/v1/enrol")
    def enrol(request: Request, data: Annotated[bytes, Depends(bodies.received)]) -> Response:
        asked = forms.parsed(forms.ENROL, bodies.unpacked(data, _encoding(request)))
        return _answer(central.enrol(asked))

    @app.post("/v1/tills/{till}/entries")
    async def receive(request: Request, asking: Annotated[KnownTill, Depends(own)]) -> Response:
        async with pace.inside():
            data = await bodies.received(request)
            work = partial(_received, _believed(central, request), asking.row, data, _encoding(request))
            answer, has_more = await pace.push(work)
        if has_more:  # who has more waiting sends it now: the books can wait
            pace.expect()
        else:
            answer.background = BackgroundTask(pace.books, partial(_follow, central, asking.row.till))
        return answer

    @app.get("/v1/tills/{till}/entries")
    def entries_of(asking: Annotated[KnownTill, Depends(own)], after: int = 0) -> Response:
        return Response(central.entries_of(asking.row.till, _seq(after)), media_type=JSON)

    @app.get("/v1/feeds/{feed}")
    def feed(
        request: Request,
        feed: str,
        asking: Annotated[KnownTill, Depends(known)],
        after: int = 0,
        heard: str | None = None,
    ) -> Response:
        request.state.till = asking.row.till
        return _answer(_believed(central, request).feed(asking, feed, _seq(after), _moment(heard)))

    @app.post("/v1/feeds/keyring")
    def remind(
        request: Request,
        asking: Annotated[KnownTill, Depends(known)],
        data: Annotated[bytes, Depends(bodies.received)],
        after: int = 0,
        heard: str | None = None,
    ) -> Response:
        request.state.till = asking.row.till
        central.remind(asking, bodies.unpacked(data, _encoding(request)))
        speaking = _believed(central, request)
        return _answer(speaking.feed(asking, enrolling.KEYRING, _seq(after), _moment(heard)))

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        with central.store.reading() as tx:
            return {"well": True, "behind": following.behind(tx)}


Asking = Callable[..., KnownTill]


def _asking(central: Central) -> tuple[Asking, Asking]:
    """Who asks: a till that central knows, and one that asks for itself."""

    def known(
        authorization: Annotated[str, Header()] = "",
        certificate: Annotated[str, Header(alias=forms.CERTIFICATE_HEADER)] = "",
    ) -> KnownTill:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise UnknownToken()
        return central.till_of(token.strip(), _decoded(certificate))

    def own(request: Request, asking: Annotated[KnownTill, Depends(known)]) -> KnownTill:
        if request.path_params["till"] != asking.row.till:
            raise NotThisTill()
        request.state.till = asking.row.till
        return asking

    return known, own


def _add_stk(app: FastAPI, central: Central, mpesa: Daraja | None, dealings: Dealings) -> None:
    _, own = _asking(central)

    def asked() -> Daraja:
        if mpesa is None:
            raise daraja.NoDaraja()
        return mpesa

    def trusted(asking: Annotated[KnownTill, Depends(own)]) -> KnownTill:
        central.check_trusted(asking)
        return asking

    def said(request: Request, till: str, asked_for: str, state: str) -> Response:
        return _answer(_believed(central, request).say("stk", till, request=asked_for, state=state))

    @app.post("/v1/tills/{till}/stk")
    def stk(
        request: Request,
        asking: Annotated[KnownTill, Depends(trusted)],
        mpesa: Annotated[Daraja, Depends(asked)],
        data: Annotated[bytes, Depends(bodies.received)],
    ) -> Response:
        fields = forms.parsed(forms.STK, bodies.unpacked(data, _encoding(request)))
        phone, account, amount_minor = str(fields["phone"]), str(fields["account"]), fields["amount_minor"]
        central.check_account(asking, account)
        mpesa.check_paybill(str(fields["paybill"]))
        now_ms = central.clock.wall_ms()
        request_id = dealings.asked(
            lambda: mpesa.request(phone, cast(int, amount_minor), account, now_ms), now_ms
        )
        return said(request, asking.row.till, request_id, daraja.WAITING)

    @app.get("/v1/tills/{till}/stk/{asked_for}")
    def stk_state(
        request: Request,
        asked_for: str,
        asking: Annotated[KnownTill, Depends(trusted)],
        mpesa: Annotated[Daraja, Depends(asked)],
    ) -> Response:
        name, now_ms = asked_for[: daraja.REQUEST_MAX], central.clock.wall_ms()
        state = dealings.asked(lambda: mpesa.state(name, now_ms), now_ms)
        return said(request, asking.row.till, name, state)


def _add_c2b(app: FastAPI, central: Central, dealings: Dealings) -> None:
    def paybill(secret: str) -> str:
        return c2b.paybill_of(central.store, secret)

    @app.post("/v1/c2b/{secret}/confirmation")
    def confirmation(
        paybill: Annotated[str, Depends(paybill)], data: Annotated[bytes, Depends(bodies.received)]
    ) -> Response:
        try:
            paid = c2b.read(data, paybill)
            c2b.keep(central.store, paid, central.now())
            confirming.by_statements(central.store, [paid.trans_id], central.now())
            dealings.worked(central.clock.wall_ms())
        except (BadBody, c2b.NotAPayment) as refused:
            _log.warning("a payment to %s could not be kept: %s", paybill, refused)
            return _daraja(str(refused.values.get("code", c2b.OTHER)), 400)
        return _daraja(c2b.ACCEPTED)

    @app.post("/v1/c2b/{secret}/stk")
    def stk_said(_: Annotated[str, Depends(paybill)]) -> Response:
        return _daraja(
            c2b.ACCEPTED
        )  # it names the payer: the till asks for the state, the money is confirmed

    @app.post("/v1/c2b/{secret}/status")
    def status(
        paybill: Annotated[str, Depends(paybill)], data: Annotated[bytes, Depends(bodies.received)]
    ) -> Response:
        try:
            found = confirming.read(data)
        except BadBody as refused:
            _log.warning("an answer about a payment to %s could not be read: %s", paybill, refused)
            return _daraja(c2b.OTHER, 400)
        if found is not None:
            confirming.take(central.store, paybill, found, central.now())
        return _daraja(c2b.ACCEPTED)

    @app.post("/v1/c2b/{secret}/timeout")
    def timed_out(_: Annotated[str, Depends(paybill)]) -> Response:
        return _daraja(c2b.ACCEPTED)  # it is asked for again

    @app.post("/v1/c2b/{secret}/validation")
    def validation(
        paybill: Annotated[str, Depends(paybill)], data: Annotated[bytes, Depends(bodies.received)]
    ) -> Response:
        try:
            c2b.check(central.store, c2b.read(data, paybill))
        except (BadBody, c2b.NotAPayment) as refused:
            return _daraja(str(refused.values.get("code", c2b.OTHER)))
        return _daraja(c2b.ACCEPTED)


def _daraja(code: str, status: int = 200) -> Response:
    """An answer in Daraja's own form."""
    says = {"ResultCode": code, "ResultDesc": "Accepted" if code == c2b.ACCEPTED else "Rejected"}
    return Response(forms.dump({**says}), status, {"Cache-Control": "no-store"}, media_type=JSON)


def _add_errors(app: FastAPI, central: Central) -> None:
    async def said(request: Request, error: Exception) -> Response:
        if not isinstance(error, Error):
            raise error
        status, name = STATUS[type(error)]
        values = {field: error.values.get(field) for field in ("head", "head_hash")}
        answer = _refused(central, request, status, name, str(error)[: shapes.FREE_MAX], values)
        if type(error) in RETRY_S:
            answer.headers["Retry-After"] = str(RETRY_S[type(error)])
        return answer

    async def http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 400
        return _refused(central, request, status, f"http_{status}", "Central has no such call.")

    async def broken(request: Request, _: Exception) -> Response:
        return _refused(central, request, 500, "broken", "Central could not answer. Try again later.")

    for cause in STATUS:
        app.add_exception_handler(cause, said)
    app.add_exception_handler(RequestValidationError, http)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(Exception, broken)


def _refused(
    central: Central,
    request: Request,
    status: int,
    name: str,
    says: str,
    values: dict[str, object] | None = None,
) -> Response:
    to = getattr(request.state, "till", ANYBODY)
    fields = {"head": None, "head_hash": None, **(values or {})}
    return _answer(_believed(central, request).say("error", to, error=name, says=says, **fields), status)


def _believed(central: Central, request: Request) -> Central:
    """Central with the key that whoever asks believes."""
    return central.believed(request.headers.get(forms.CENTRAL_HEADER, ""))


def _answer(said: Said, status: int = 200) -> Response:
    return Response(said.body(), status, {"Cache-Control": "no-store"}, media_type=JSON)


def _received(central: Central, row: KeyRow, data: bytes, encoding: str) -> tuple[Response, bool]:
    """The answer to a push, and whether its body had no room for what the till may have besides."""
    body = bodies.unpacked(data, encoding)
    sent = push.read(body)
    return _answer(central.receive(row, sent)), push.is_full(sent, len(body))


def _follow(central: Central, till: str) -> bool:
    """A batch of the books, once the till has its answer; what fails is tried again with the next push."""
    try:
        return central.follow(till)
    except StorageFailed:
        _log.warning("the books of %s wait: the database failed", till)
        return False


async def _follow_all(central: Central, pace: Pace) -> None:
    try:
        tills = await run_in_threadpool(central.unfollowed)
    except StorageFailed:
        _log.warning("the books wait: the database failed")
        return
    for till in tills:
        await pace.books(partial(_follow, central, till))


async def _follow_on(central: Central, pace: Pace) -> None:
    """Books that wait for more of a till do not wait for ever: its line may have ended."""
    while True:
        await asyncio.sleep(FOLLOW_S)
        await _follow_all(central, pace)


async def _ask_on(central: Central, mpesa: Daraja | None) -> None:
    """What M-PESA reported is asked for anew until it is confirmed."""
    while mpesa is not None:
        await asyncio.sleep(FOLLOW_S)
        await run_in_threadpool(_ask, central, mpesa)


def _ask(central: Central, mpesa: Daraja) -> None:
    try:
        confirming.ask(central.store, mpesa, central.clock.wall_ms())
    except StorageFailed:
        _log.warning("payments wait to be confirmed: the database failed")


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", bodies.PLAIN).strip().lower()


def _decoded(certificate: str) -> bytes | None:
    try:
        return base64.b64decode(certificate, validate=True) if certificate else None
    except (binascii.Error, ValueError):  # what is no ASCII, too
        return None


def _seq(after: int) -> int:
    return min(max(after, 0), SEQ_MAX)


def _moment(text: str | None) -> str | None:
    if text is not None and not shapes.MOMENT.holds(text):
        raise BadBody(why="heard")
    return text

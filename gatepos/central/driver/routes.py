"""The driver's page over HTTP: `GET /P/<base32>`; nothing of who looks is kept (FORMATS.md §6)."""

import base64
import hashlib
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import Depends, FastAPI, Request, Response
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup
from starlette.responses import RedirectResponse

from gatepos import i18n
from gatepos.central import bodies
from gatepos.central.central import Central
from gatepos.central.driver import message, slips, standing, together, view
from gatepos.central.driver.notes import Notes, NotesFull, NotesWait
from gatepos.central.driver.standing import SEEN, Standing
from gatepos.central.driver.view import View
from gatepos.central.store.engine import StorageFailed
from gatepos.central.store.groups import Sharing
from gatepos.devices import qr
from gatepos.domain import fees, parks
from gatepos.domain.keyring import Keyring
from gatepos.errors import Refusal
from gatepos.i18n import ENGLISH, LANGUAGES, N_, Words

HTML = "text/html; charset=utf-8"
STATUS = {
    "not_ours": 400, "unreadable": 400, "does_not_verify": 400, "update_needed": 400, "unknown_till": 404,
}  # fmt: skip
"""What a paper that is none of ours is over HTTP; every other has its page."""
_HERE = Path(__file__).parent
_SCRIPTS = ("page.js", "worker.js")
_MESSAGE_MAX = 8_000
_TAKEN = N_("Thank you. The park's manager has your note on this paper.")
_NOT_TAKEN = N_("Your note was not taken: central cannot keep it now. Ask at any gate.")


class Pages:
    """Makes the driver's page; remembers the last keyring for when the database is down."""

    def __init__(self, central: Central):
        self._central = central
        self._parks, self._titles = parks.shipped(), fees.titles()
        self._template = _template()
        self._style = (_HERE / "page.css").read_text("utf-8")
        self._known: Keyring | None = None
        self._notes = Notes()
        digest = base64.b64encode(hashlib.sha256(self._style.encode()).digest()).decode()
        self.headers = {
            "Cache-Control": "no-store",  # the worker keeps it on the phone alone
            "Content-Language": "",
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self';"
            " worker-src 'self'; connect-src 'self'; img-src data:; form-action 'self';"
            " base-uri 'none'; frame-ancestors 'none'",
            **_QUIET,
        }

    def page(
        self,
        text: str,
        words: Words,
        *,
        is_check: bool = False,
        pasted: str = "",
        beside: Sequence[str] = (),
        out: str = "",
    ) -> Response:
        """The page of a token's text; those `beside` it, but for `out`, are paid by the same payment.

        With the code for an M-PESA message that was pasted.
        """
        now_ms = self._central.clock.wall_ms()
        each = [one for one in dict.fromkeys(beside) if one != text]
        shown_beside = each[: together.OTHERS_MAX]
        (found, *others), owing = self._standings((text, *shown_beside), now_ms // 1000)
        code, problem = self._code(found, text, pasted, now_ms // 1000, words)
        is_cut = len(each) > len(shown_beside)
        paired = list(zip(shown_beside, others, strict=True))
        group = together.of(found, paired, owing, out, is_cut=is_cut)
        status = 200 if found.is_asked or found.payload else 503
        shown = view.of(found, now_ms, is_check, self._parks, self._titles, words, group)
        return self._answer(found, shown, status, text=text, code=Markup(code), problem=problem)

    def with_note(self, text: str, words: Words, note: str, source: str) -> Response:
        """The page once its driver wrote that something is wrong; only a genuine paper takes a note."""
        now_ms = self._central.clock.wall_ms()
        (found,), _ = self._standings((text,), now_ms // 1000)
        shown = view.of(found, now_ms, False, self._parks, self._titles, words)
        if found.payload is None:
            return self._answer(found, shown, 200, text=text)
        try:
            with self._central.store.writing() as tx:
                self._notes.take(tx, found.payload.number, note, source, now_ms)
        except Refusal as refusal:
            status = 429 if isinstance(refusal, NotesWait | NotesFull) else 400
            return self._answer(found, shown, status, text=text, problem=refusal.said(words))
        except StorageFailed:
            return self._answer(found, shown, 503, text=text, problem=words(_NOT_TAKEN))
        return self._answer(found, shown, 200, text=text, noted=words(_TAKEN))

    def _answer(self, found: Standing, shown: View, status: int, **values: object) -> Response:
        body = self._template.render(view=shown, style=Markup(self._style), **values)
        headers = {**self.headers, "Content-Language": shown.language}
        return Response(body, STATUS.get(found.word, status), headers, media_type=HTML)

    def _standings(self, texts: Sequence[str], now_s: int) -> tuple[list[Standing], Collection[str]]:
        """How some papers stand, all at one moment; what the first is let out for is kept.

        Of several also which passes sold together with the first are open.
        """
        owing: Collection[str] = ()
        try:
            with self._central.store.reading() as tx:
                known = self._known = standing.keyring_of(tx, self._central.publics)
                sharing = Sharing(tx)
                found = [standing.asked(tx, known, text, now_s, sharing) for text in texts]
                if len(texts) > 1 and found[0].payload is not None:
                    owing = sharing.open(found[0].payload.number)
            if found[0].is_to_sign:
                with self._central.store.writing() as tx:
                    found[0] = standing.asked_to_sign(tx, known, texts[0], now_s)
            return found, owing
        except StorageFailed:
            if self._known is None:
                raise
            return [standing.unasked(self._known, text, now_s) for text in texts], ()

    def _code(self, found: Standing, text: str, pasted: str, now_s: int, words: Words) -> tuple[str, str]:
        """The picture of a code and what is wrong with a message, either of them or none."""
        if found.word == SEEN:
            is_new = found.is_to_sign or found.is_to_renew(now_s)
            return svg(f"GP:{self._signed(found, now_s) if is_new else text}"), ""
        if not pasted:
            return "", ""
        try:
            return svg(message.read(pasted)), ""
        except Refusal as refusal:
            return "", refusal.said(words)

    def _signed(self, found: Standing, now_s: int) -> str:
        if found.payload is None:
            raise ValueError("no paper to sign for")
        with self._central.store.reading() as tx:
            key = self._central.signer_for(tx, found.payload.parks[0])
        return standing.let_out(key, found, now_s)


@cache
def _template() -> Template:
    """The page, compiled once however often a central starts in this process."""
    made = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("page.html")


_QUIET = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def add(app: FastAPI, central: Central) -> None:
    """The pages and the two scripts that they may load; and the page of slips."""
    pages = Pages(central)
    slips.add(app)

    def script(name: str) -> None:
        text = (_HERE / name).read_bytes()
        headers = {**_QUIET, "Cache-Control": "max-age=3600"}
        app.get(f"/P/{name}")(lambda: Response(text, headers=headers, media_type="text/javascript"))

    for name in _SCRIPTS:
        script(name)

    @app.get("/P/{text}")
    def page(request: Request, text: str, check: str = "", out: str = "") -> Response:
        beside = request.query_params.getlist("with")
        return pages.page(text, _words(request), is_check=bool(check), beside=beside, out=out)

    @app.post("/P/{text}")
    def with_message(
        request: Request, text: str, data: Annotated[bytes, Depends(bodies.received)]
    ) -> Response:
        fields = parse_qs(data[:_MESSAGE_MAX].decode("utf-8", "replace"))
        if "wrong" in fields:
            source = request.client.host if request.client else ""
            return pages.with_note(text, _words(request), fields["wrong"][0], source)
        return pages.page(text, _words(request), pasted=fields.get("message", [""])[0])

    @app.get("/p/{text}")
    def folded(text: str) -> Response:
        return RedirectResponse(f"/P/{text.upper()}", 308, _QUIET)


def svg(text: str) -> str:
    """A code as the shortest SVG: one stroke, dark runs drawn and light ones skipped."""
    modules = qr.matrix(text)
    size = len(modules)
    strokes: list[str] = []
    for y, row in enumerate(modules):
        at = x = 0
        while True in row[x:]:
            x = row.index(True, x)
            end = row.index(False, x)  # the quiet zone ends every row
            move = f"M{x} {y}.5" if not at else f"m{x - at} 0"
            strokes.append(f"{move}h{end - x}")
            at = x = end
    return (
        f'<svg role="img" aria-label="QR" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="none" stroke="#000" d="{"".join(strokes)}"/></svg>'
    )


def _words(request: Request) -> Words:
    """The language asked for at the top of the page, else the first that the reader's browser names."""
    asked = request.query_params.get("lang", "")
    accepted = request.headers.get("accept-language", "")
    named = [part.split(";")[0].strip().lower()[:2] for part in accepted.split(",")]
    return i18n.words(next((code for code in (asked, *named) if code in LANGUAGES), ENGLISH))

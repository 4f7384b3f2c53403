"""What every page has in common: who asks, in which language, the frame around it, what a browser may do."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gatepos import i18n
from gatepos.central.managers import people
from gatepos.central.store.people import Person
from gatepos.domain import moments, money, numbers, plates
from gatepos.errors import Refusal
from gatepos.i18n import ENGLISH, LANGUAGES, N_, Words, plural
from gatepos.seal import passwords

HERE = Path(__file__).parent
Form = Callable[..., dict[str, str]]
"""Says what stands in a form that a page of somebody's sign-in made."""
LIVE = "gatepos-live"
"""The header of a page that asks for news by itself."""
_COOKIE, _LANGUAGE, _YEAR_S = "gatepos", "language", 365 * 86_400
_FIELDS_MAX = 60
_WITHIN = re.compile(r"/[a-z][a-z/-]*(\?[A-Za-z0-9=&:.-]*)?", re.ASCII)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self';"
    " img-src data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class NotFromHere(Refusal):
    """A form that no page of this sign-in sent."""

    says = N_("This form is too old, or came from elsewhere. Open the page again.")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and how: their words, the token of the sign-in, where they are."""

    person: Person
    token: str
    words: Words
    here: str

    def may(self, action: str) -> bool:
        """Whether their role includes an action."""
        return people.may(self.person, action)


@cache
def templates() -> Environment:
    """The pages' templates, each compiled once a process; all that they show is escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "kes": lambda minor: money.shown(money.KES, minor),
        "amount": money.amount,
        "usd": lambda minor: money.shown(money.USD, minor),
        "printed": numbers.printed,
        "plate": plates.shown,
        "day": lambda at: moments.local_day(moments.from_text(at)).isoformat(),
        "hour": lambda at_ms: f"{moments.local(at_ms):%H:%M}",
        "role": lambda role, words: words(_ROLES[role]),
    }
    return made


_ROLES = {"manager": N_("manager"), "auditor": N_("auditor"), "administrator": N_("administrator")}
_COUNTED = {
    "papers": plural("{n} paper", "{n} papers"),
    "codes": plural("{n} code", "{n} codes"),
    "tickets": plural("{n} ticket", "{n} tickets"),
    "passes": plural("{n} pass", "{n} passes"),
    "entries": plural("{n} entry", "{n} entries"),
}


def rendered(templates: Environment, name: str, words: Words, now_ms: int, **values: object) -> str:
    """A page in somebody's words."""
    return templates.get_template(name).render(
        _=words,
        language=words.language,
        languages=LANGUAGES,
        now=words.moment(now_ms),
        moment=lambda at: words.moment(moments.from_text(at)),
        on_day=words.day,
        month=words.month,
        counted=lambda what, n: words.plural(*_COUNTED[what], n),
        **values,
    )


def page(request: Request, html: str, status: int = 200) -> Response:
    """A page, or 304 where the browser has it as it is."""
    tag = f'"{hashlib.sha256(html.encode()).hexdigest()[:32]}"'
    if status == 200 and request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={**HEADERS, "ETag": tag})
    return Response(html, status, {**HEADERS, "ETag": tag}, media_type="text/html")


def moved(to: str) -> Response:
    """Go on to another page."""
    return RedirectResponse(to, 303, HEADERS)


def within(typed: str) -> str:
    """A page of this application to go back to; the first one where that is no such."""
    return typed if _WITHIN.fullmatch(typed) else "/"


def words_of(request: Request) -> Words:
    """The words of the language that was chosen, or that the browser prefers."""
    asked = request.headers.get("accept-language", "")[:2].lower()
    chosen = request.cookies.get(_LANGUAGE, asked)
    return i18n.words(chosen if chosen in LANGUAGES else ENGLISH)


def source_of(request: Request) -> str:
    """The address from which somebody asks; behind a proxy on this machine, as the proxy says."""
    return request.client.host if request.client else ""


def set_language(answer: Response, language: str) -> None:
    """Keep the language that was chosen."""
    answer.set_cookie(
        _LANGUAGE, language if language in LANGUAGES else ENGLISH, _YEAR_S, httponly=True, samesite="strict"
    )


def token_of(request: Request) -> str:
    """The token of a sign-in that a browser shows."""
    return request.cookies.get(_cookie(request), "")


def set_token(request: Request, answer: Response, token: str) -> None:
    """Let a browser keep a sign-in until it is closed; behind TLS for this host and nowhere else."""
    answer.set_cookie(
        _cookie(request), token, httponly=True, samesite="strict", path="/", secure=_is_https(request)
    )


def drop_token(request: Request, answer: Response) -> None:
    """Let a browser forget a sign-in."""
    answer.delete_cookie(
        _cookie(request), httponly=True, samesite="strict", path="/", secure=_is_https(request)
    )


def fields_of(data: bytes) -> dict[str, str]:
    """The fields of a form as a browser sends them; of several under one name, the last."""
    try:
        fields = dict(parse_qsl(data.decode("ascii"), keep_blank_values=True, max_num_fields=_FIELDS_MAX))
    except ValueError as error:
        raise NotFromHere() from error
    if any("\0" in value for value in fields.values()):  # nobody types it, and PostgreSQL takes no such text
        raise NotFromHere()
    return fields


def check_origin(request: Request) -> None:
    """NotFromHere when a browser says that another place sends this."""
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in ("same-origin", "none") or (origin is not None and origin.partition("://")[2] != host):
        raise NotFromHere()


def check_form(request: Request, visit: Visit, fields: dict[str, str]) -> None:
    """NotFromHere unless a page of this sign-in made the form."""
    check_origin(request)
    if not passwords.is_form_token(visit.token, fields.get("form", "")):
        raise NotFromHere()


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie(request: Request) -> str:
    return f"__Host-{_COOKIE}" if _is_https(request) else _COOKIE

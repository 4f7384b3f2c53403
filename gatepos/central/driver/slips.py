"""The page on which a driver fills in the slip while queueing: the same bytes for everybody (FORMATS.md §9).

It needs nothing from outside, works without network once seen, and sends nothing: the phone makes the code.
"""

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from fastapi import FastAPI, Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.responses import RedirectResponse

from gatepos import i18n
from gatepos.domain import labels, slip
from gatepos.domain.vocabulary import AGES, CATEGORIES
from gatepos.errors import Refusal
from gatepos.i18n import LANGUAGES, N_

PAGE = "/S"
_HOST = re.compile(r"[A-Za-z0-9.-]{1,100}(:[0-9]{1,5})?")
_HERE = Path(__file__).parent
_ORDER = ("non_resident", "african_citizen", "kenya_resident", "ea_citizen")
_AGED = {
    "adult": labels.AGES["adult"],
    "child": labels.AGES["child"],
    "student": N_("Student with a letter"),
}
_PUPILS = {"adult": N_("School adult"), "student": N_("School pupil")}
_POSTER = N_("Scan, fill in, and show the code at the window.")
_WORDS = {
    "title": N_("Fill in your vehicle while you wait"),
    "says": N_("Nothing is sent. The clerk scans the code and looks at your documents."),
    "people": N_("Who is in the vehicle?"),
    "free": N_("Free entry"),
    "looked_at": N_("The clerk looks at each of them."),
    "under_6": N_("Child of 5 or under"),
    "others": N_("Kenyan 70+, disability, driver or guide"),
    "school": N_("School trip, with its letter"),
    "vehicle": N_("Vehicle"),
    "on_foot": N_("On foot"),
    "plate": N_("Plate"),
    "operator": N_("Operator, if any"),
    "show": N_("Show the code"),
    "nobody": N_("First tap who is in the vehicle."),
    "scan": N_("Show this code to the clerk."),
    "change": N_("Change something"),
    "empty": N_("Empty the page"),
    "more": N_("one more"),
    "fewer": N_("one fewer"),
    "script": N_("This page needs JavaScript. Tell the clerk at the window who is in the vehicle."),
}


class BadHost(Refusal):
    """What cannot stand in an address."""

    says = N_("The host is a name such as pass.kws.go.ke.")


def add(app: FastAPI) -> None:
    """The page, its two scripts, and the worker that keeps them on the phone."""
    page, headers = _page()
    app.get(PAGE)(lambda: Response(page, headers=headers, media_type="text/html; charset=utf-8"))

    app.get(PAGE.lower())(lambda: RedirectResponse(PAGE, 308, _QUIET))

    def script(name: str) -> None:
        text = (_HERE / f"slip_{name}").read_bytes()
        app.get(f"{PAGE}/{name}")(lambda: Response(text, headers=_QUIET, media_type="text/javascript"))

    for name in ("page.js", "qrcode.js", "worker.js"):
        script(name)


_QUIET = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Service-Worker-Allowed": PAGE,
}


def poster(host: str, park: str | None) -> tuple[list[str], str, list[str]]:
    """What stands above the code of a poster, its address, and what stands below; BadHost."""
    if _HOST.fullmatch(host) is None:
        raise BadHost()
    address = f"https://{host.lower()}{PAGE}#{park}" if park else f"HTTPS://{host.upper()}{PAGE}"
    spoken = [i18n.words(code) for code in LANGUAGES]
    above, below = ([words(text) for words in spoken] for text in (_WORDS["title"], _POSTER))
    return above, address, [*below, f"{host.lower()}{PAGE}"]


@cache
def _page() -> tuple[bytes, dict[str, str]]:
    """The page in every language at once, because without network no other can be fetched."""
    style = "".join((_HERE / name).read_text("utf-8") for name in ("page.css", "slip.css"))
    env = Environment(loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    spoken = {code: i18n.words(code) for code in LANGUAGES}

    def said(text: str) -> Markup:
        parts = (f'<span lang="{code}">{{}}</span>' for code in spoken)
        return Markup("".join(parts)).format(*(words(text) for words in spoken.values()))

    def plain(text: str) -> str:
        return " / ".join(dict.fromkeys(words(text) for words in spoken.values()))

    body = env.get_template("slip.html").render(
        t={name: said(text) for name, text in _WORDS.items()},
        plain={name: plain(text) for name, text in _WORDS.items()},
        categories=[(CATEGORIES.index(name), said(labels.CATEGORIES[name])) for name in _ORDER],
        ages=[(AGES.index(age), said(text)) for age, text in _AGED.items()],
        exempt=slip.EXEMPT,
        school=CATEGORIES.index("school"),
        pupils=[(AGES.index(age), said(text)) for age, text in _PUPILS.items()],
        bands=[(band, said(text)) for band, text in labels.BANDS.items()],
        operator_max=slip.OPERATOR_MAX,
        languages=LANGUAGES,
        style=Markup(style),
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; script-src 'self'; worker-src 'self';"
        " connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return body.encode(), {**_QUIET, "Content-Security-Policy": policy}

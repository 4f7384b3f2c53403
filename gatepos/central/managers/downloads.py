"""Takings to take away: the papers of a park, or of all that somebody sees, in one file."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, TypeVar

from fastapi import Depends, FastAPI
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from gatepos.central import reporting
from gatepos.central.managers import frame, people
from gatepos.central.managers.frame import Form, Visit
from gatepos.central.managers.pages import Pages
from gatepos.central.reporting import Order
from gatepos.domain import moments, parks
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports import export
from gatepos.reports.asked import Typed, asked

_T = TypeVar("_T")
EVERY = "*"
"""In place of a park: all of them."""
_FORMAT = "format_"


class NoFormat(Refusal):
    """A report in no format."""

    says = N_("Tick at least one format.")


def add(app: FastAPI, pages: Pages, checked: Form) -> None:
    """The address of these files; `checked` are the fields of a form that a page of this sign-in made."""
    signed = Annotated[Visit, Depends(pages.visit)]
    form = Annotated[dict[str, str], Depends(checked)]

    @app.post("/takings/download", response_model=None)
    def download(visit: signed, fields: form) -> FileResponse:
        at = moments.to_text(pages.clock.wall_ms())
        return answered(pages, reporting.zipped, lambda out: _order(visit, fields, out, at))


def answered(
    pages: Pages, make: Callable[[str, Path, _T], Path], ordered: Callable[[Path], _T]
) -> FileResponse:
    """The file that is made, in another process, of what is ordered into a folder; gone once it is sent."""
    place = tempfile.TemporaryDirectory(prefix="gatepos-report-")
    try:
        path = pages.apart.do(make, pages.store.address, pages.folder, ordered(Path(place.name)))
    except BaseException:
        place.cleanup()
        raise
    return FileResponse(path, 200, frame.HEADERS, "application/zip", BackgroundTask(place.cleanup), path.name)


def _order(visit: Visit, fields: Mapping[str, str], out: Path, at: str) -> Order:
    """What a form orders; OtherPark, UnknownPark, NoFormat, BadRange."""
    named = fields.get("park", "")
    park = None if named == EVERY else parks.shipped().park(named).code
    people.check_park(visit.person, park)
    formats = [name for name in export.FORMATS if f"{_FORMAT}{name}" in fields]
    if not formats:
        raise NoFormat()
    first, last = fields.get("first", ""), fields.get("last", "")
    typed = Typed(None, None, first, last, ",".join(formats), out, visit.words.language)
    asked(typed, visit.words)
    return Order(park, typed, visit.person.name, at)

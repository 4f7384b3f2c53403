"""Forms with files, as browsers send them."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from gatepos.central import bodies
from gatepos.central.managers import frame
from gatepos.central.managers.frame import NotFromHere, Visit
from gatepos.domain import text

_MULTIPART = "multipart/form-data"
_BOUNDARY = re.compile(rf'{_MULTIPART}; ?boundary="?([0-9A-Za-z_-]{{1,70}})"?')
_NAME = re.compile(rb'content-disposition: form-data; name="([a-zA-Z_]{1,40})"', re.IGNORECASE)
_PARTS_MAX = 200
Fields = dict[str, str]


def checked(visit: Callable[[Request], Visit]) -> Callable[..., Fields]:
    """The fields of a form that a page of this sign-in made, its files as text; NotFromHere, NotText.

    Who asks is known before the body is read.
    """

    def fields(
        request: Request,
        asking: Annotated[Visit, Depends(visit)],
        data: Annotated[bytes, Depends(bodies.received)],
    ) -> Fields:
        kind = request.headers.get("content-type", "")
        found = _parts(kind, data) if kind.startswith(_MULTIPART) else frame.fields_of(data)
        frame.check_form(request, asking, found)
        return found

    return fields


def _parts(kind: str, data: bytes) -> Fields:
    """The fields of a form (RFC 7578), each once, in the one way in which browsers write them."""
    boundary = _BOUNDARY.fullmatch(kind)
    if boundary is None:
        raise NotFromHere()
    before, *parts = (b"\r\n" + data).split(b"\r\n--" + boundary[1].encode(), _PARTS_MAX)
    if before or not parts or parts.pop() not in (b"--", b"--\r\n"):
        raise NotFromHere()
    return dict(map(_part, parts))


def _part(part: bytes) -> tuple[str, str]:
    """The name of a field and what was sent in it; NotFromHere, NotText."""
    head, _, said = part.partition(b"\r\n\r\n")
    name = _NAME.search(head)
    if name is None:
        raise NotFromHere()
    return name[1].decode(), text.decoded(said)

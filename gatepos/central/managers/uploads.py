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
_Asks = Callable[[Request], Visit]


def checked(visit: _Asks) -> Callable[..., Fields]:
    """The fields of a form that a page of this sign-in made, its files as text; NotFromHere, NotText.

    Who asks is known before the body is read.
    """

    def fields(
        request: Request,
        asking: Annotated[Visit, Depends(visit)],
        data: Annotated[bytes, Depends(bodies.received)],
    ) -> Fields:
        found = _as_text(_parts_of(request, data))
        frame.check_form(request, asking, found)
        return found

    return fields


def with_file(visit: _Asks, name: str) -> Callable[..., tuple[Fields, bytes]]:
    """The same of a form with one large file in the field `name`: the other fields, and its bytes."""

    def fields(
        request: Request,
        asking: Annotated[Visit, Depends(visit)],
        data: Annotated[bytes, Depends(bodies.received_file)],
    ) -> tuple[Fields, bytes]:
        found = _parts_of(request, data)
        file = found.pop(name, b"")
        others = _as_text(found)
        frame.check_form(request, asking, others)
        return others, file

    return fields


def _as_text(parts: dict[str, bytes]) -> Fields:
    return {name: text.decoded(said) for name, said in parts.items()}


def _parts_of(request: Request, data: bytes) -> dict[str, bytes]:
    kind = request.headers.get("content-type", "")
    if kind.startswith(_MULTIPART):
        return _parts(kind, data)
    return {name: said.encode() for name, said in frame.fields_of(data).items()}


def _parts(kind: str, data: bytes) -> dict[str, bytes]:
    """The fields of a form (RFC 7578), each once, in the one way in which browsers write them."""
    boundary = _BOUNDARY.fullmatch(kind)
    if boundary is None:
        raise NotFromHere()
    before, *parts = (b"\r\n" + data).split(b"\r\n--" + boundary[1].encode(), _PARTS_MAX)
    if before or not parts or parts.pop() not in (b"--", b"--\r\n"):
        raise NotFromHere()
    return dict(map(_part, parts))


def _part(part: bytes) -> tuple[str, bytes]:
    """The name of a field and what was sent in it; NotFromHere."""
    head, _, said = part.partition(b"\r\n\r\n")
    name = _NAME.search(head)
    if name is None:
        raise NotFromHere()
    return name[1].decode(), said

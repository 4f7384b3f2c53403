"""Forms with files, as browsers send them."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Annotated

from fastapi import Depends, Request

from gatepos.central import bodies
from gatepos.central.managers import frame
from gatepos.central.managers.frame import NotFromHere, Visit
from gatepos.domain import text

_MULTIPART = "multipart/form-data"
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
    if not kind.isascii() or not kind.isprintable():
        raise NotFromHere()
    parts = message_from_bytes(f"Content-Type: {kind}\r\n\r\n".encode() + data).get_payload()
    if not isinstance(parts, list) or len(parts) > _PARTS_MAX:
        raise NotFromHere()
    found: Fields = {}
    for part in parts:
        name, said = _part(part)
        found[name] = text.decoded(said)
    return found


def _part(part: object) -> tuple[str, bytes]:
    """The name of a field and what was sent in it; NotFromHere."""
    if isinstance(part, Message):
        name = part.get_param("name", header="content-disposition")
        said = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(said, bytes):
            return name, said
    raise NotFromHere()

"""What comes over HTTP, as bytes: capped before and after it is unpacked, so that none fills the memory."""

from starlette.requests import ClientDisconnect, Request

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.reports.statements.cells import FileTooLarge
from gatepos.wire import forms, gzipped
from gatepos.wire.forms import BadBody

GZIP, PLAIN = "gzip", "identity"


FILE_MAX = 16 * 1024 * 1024
"""Of a form with a file: a statement of 60,000 payments."""


class BodyTooLarge(Refusal):
    """A body of more than 1 MiB, packed or unpacked."""

    says = N_("What was sent is larger than 1 MiB. Send it in smaller pieces.")


async def received(request: Request) -> bytes:
    """The body as it came; BodyTooLarge before it is all here, BadBody when the line ended before."""
    return await _read(request, forms.DECODED_MAX, BodyTooLarge)


async def received_file(request: Request) -> bytes:
    """That of a form with a file, up to FILE_MAX; FileTooLarge, BadBody."""
    return await _read(request, FILE_MAX, FileTooLarge)


async def _read(request: Request, most: int, too_large: type[Refusal]) -> bytes:
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > most:
                raise too_large()
    except ClientDisconnect as error:
        raise BadBody(why="cut short") from error
    return bytes(found)


def unpacked(data: bytes, encoding: str) -> bytes:
    """The body itself; BodyTooLarge, BadBody."""
    if encoding == PLAIN:
        return data
    if encoding != GZIP:
        raise BadBody(why="neither gzip nor plain")
    try:
        return gzipped.unpacked(data, forms.DECODED_MAX)
    except gzipped.TooLarge as error:
        raise BodyTooLarge() from error
    except gzipped.NotWhole as error:
        raise BadBody(why="not whole gzip") from error

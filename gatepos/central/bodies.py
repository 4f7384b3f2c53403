"""What comes over HTTP, as bytes: capped before and after it is unpacked, so that none fills the memory."""

from starlette.requests import ClientDisconnect, Request

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import forms, gzipped
from gatepos.wire.forms import BadBody

GZIP, PLAIN = "gzip", "identity"


class BodyTooLarge(Refusal):
    """A body of more than 1 MiB, packed or unpacked."""

    says = N_("What was sent is larger than 1 MiB. Send it in smaller pieces.")


async def received(request: Request) -> bytes:
    """The body as it came; BodyTooLarge before it is all here, BadBody when the line ended before."""
    found = bytearray()
    try:
        async for piece in request.stream():
            found += piece
            if len(found) > forms.DECODED_MAX:
                raise BodyTooLarge()
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

"""What comes over HTTP, as bytes: capped before and after it is unpacked, so that none fills the memory."""

import zlib

from starlette.requests import ClientDisconnect, Request

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import forms
from gatepos.wire.forms import BadBody

GZIP, PLAIN = "gzip", "identity"
_GZIP_BITS = 31


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
    unpacking = zlib.decompressobj(_GZIP_BITS)
    try:
        found = unpacking.decompress(data, forms.DECODED_MAX + 1)
    except zlib.error as error:
        raise BadBody(why="not gzip") from error
    if len(found) > forms.DECODED_MAX:
        raise BodyTooLarge()
    if not unpacking.eof or unpacking.unused_data:
        raise BadBody(why="not whole gzip")
    return found

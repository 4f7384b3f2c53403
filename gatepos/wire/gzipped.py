"""What is sent gzipped, and unpacked with a limit, so that a small piece cannot fill the memory."""

import gzip
import zlib

_BITS = 16 + zlib.MAX_WBITS


class TooLarge(ValueError):
    """More than the limit, packed or unpacked."""


class NotWhole(ValueError):
    """No gzip, cut short, damaged, or with something after its end."""


def packed(data: bytes) -> bytes:
    """One gzip member, made as fast as it goes, the same for the same data."""
    return gzip.compress(data, compresslevel=1, mtime=0)


def unpacked(data: bytes, size_max: int) -> bytes:
    """What one gzip member holds, at most `size_max` bytes; TooLarge, NotWhole."""
    if len(data) > size_max:
        raise TooLarge
    unpacking = zlib.decompressobj(_BITS)
    try:
        found = unpacking.decompress(data, size_max + 1)
    except zlib.error as error:
        raise NotWhole(str(error)) from error
    if len(found) > size_max:
        raise TooLarge
    if not unpacking.eof or unpacking.unused_data:
        raise NotWhole("not one whole gzip member")
    return found

"""What came gzipped is unpacked whole, within its limit, or not at all."""

import gzip

import pytest

from gatepos.wire import gzipped
from gatepos.wire.gzipped import NotWhole, TooLarge

LIMIT = 4_096
PACKED = gzip.compress(b"x" * LIMIT, mtime=0)


def test_what_just_fits_is_unpacked() -> None:
    assert gzipped.unpacked(PACKED, LIMIT) == b"x" * LIMIT


def test_a_small_piece_that_holds_too_much_is_refused() -> None:
    with pytest.raises(TooLarge):
        gzipped.unpacked(gzip.compress(b"x" * (LIMIT + 1)), LIMIT)


def test_a_piece_that_is_too_large_packed_is_refused() -> None:
    with pytest.raises(TooLarge):
        gzipped.unpacked(b"x" * (LIMIT + 1), LIMIT)


@pytest.mark.parametrize(
    "data", [b"", b"no gzip", PACKED[:-1], PACKED[:-8], PACKED + b"x", PACKED + PACKED, b"\0" + PACKED[1:]]
)
def test_what_is_not_one_whole_member_is_refused(data: bytes) -> None:
    with pytest.raises(NotWhole):
        gzipped.unpacked(data, LIMIT)


def test_a_damaged_check_sum_is_refused() -> None:
    with pytest.raises(NotWhole):
        gzipped.unpacked(PACKED[:-8] + b"\0\0\0\0" + PACKED[-4:], LIMIT)

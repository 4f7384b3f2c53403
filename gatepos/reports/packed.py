"""The rows of a paper as bytes, some hundreds at a time: those of a year take little room and travel fast."""

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import overload

from gatepos.reports.sheet import Row

_CHUNK = 500
_FASTEST = 1


class Packed(Sequence[Row]):
    """Rows that are unpacked as they are read; of what is asked for by place the chunk around it is kept."""

    __slots__ = ("_chunks", "_count", "_held")

    def __init__(self, rows: Iterable[Row]):
        self._chunks: list[bytes] = []
        self._count = 0
        self._held: tuple[int, list[Row]] = (-1, [])
        given = iter(rows)
        while some := [*islice(given, _CHUNK)]:
            self._count += len(some)
            self._chunks.append(zlib.compress(marshal.dumps(some), _FASTEST))

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for chunk in self._chunks:
            yield from _unpacked(chunk)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> list[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | list[Row]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        chunk, rest = divmod(range(self._count)[place], _CHUNK)
        if self._held[0] != chunk:
            self._held = (chunk, _unpacked(self._chunks[chunk]))
        return self._held[1][rest]


def _unpacked(chunk: bytes) -> list[Row]:
    rows: list[Row] = marshal.loads(zlib.decompress(chunk))
    return rows

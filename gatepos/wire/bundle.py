"""A bundle: what a till wrote, as a file that people carry (FORMATS.md §5)."""

import gzip
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

from gatepos.domain import keyring, shapes
from gatepos.domain.keyring import BadCertificate, KeyRow
from gatepos.domain.shapes import Field, Table
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.wire import gzipped

DECODED_MAX = 256 * 1024 * 1024
ENTRIES_MAX = 200_000
_HEX_SIGNATURE, _HEX_ERASED = 128, 192
ERASED_MAX = DECODED_MAX + ENTRIES_MAX * (_HEX_ERASED - _HEX_SIGNATURE)
"""Of a bundle whose entries were erased: each has its hash besides."""

Pair = tuple[bytes, bytes]
"""raw, sig of an entry; at the till that erased it, its hash after its signature."""

_list = shapes.Type("list", lambda value: isinstance(value, list))
_object = shapes.Type("object", lambda value: isinstance(value, dict))
_BODY: Table = {
    "certificate": Field(_object, "the till's row of every keyring"),
    "from": Field(shapes.whole(0, 2**50), "the entry before the first one here, 0 for none"),
    "from_hash": Field(shapes.HASH, "its hash, or the genesis"),
    "entries": Field(_list, "raw and sig of each, in order"),
}


class BadBundle(Refusal):
    """A file that is no bundle, or is damaged."""

    says = N_("This file is not a bundle of a till, or it is damaged: {why}.")


class BundleTooLarge(Refusal):
    """A file that holds more than any till writes, packed or unpacked."""

    says = N_("This bundle holds more than a till writes at once. It was not read.")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle says, nothing of it checked but its form; the entries follow `from_seq`."""

    certificate: KeyRow
    from_seq: int
    from_hash: bytes
    entries: Sequence[Pair]

    @property
    def to_seq(self) -> int:
        """The last entry's position."""
        return self.from_seq + len(self.entries)


def pack(
    own: KeyRow, from_seq: int, from_hash: bytes, kept: Iterable[Pair], most: int = DECODED_MAX
) -> tuple[bytes, int]:
    """A bundle of entries in order, as many as `most` bytes hold, and the position of the last of them."""
    head = {"certificate": own.certificate(), "from": from_seq, "from_hash": from_hash.hex()}
    begun = orjson.dumps(head, option=orjson.OPT_SORT_KEYS)[:-1] + b',"entries":['
    size, count, packed = len(begun), 0, io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(begun)
        for raw, sig in kept:
            one = (b"," if count else b"") + orjson.dumps({"raw": raw.decode(), "sig": sig.hex()})
            size += len(one)
            if size > most - len(b"]}") or count >= ENTRIES_MAX:
                break
            file.write(one)
            count += 1
        file.write(b"]}")
    return packed.getvalue(), from_seq + count


def read(data: bytes, *, is_erased: bool = False) -> Bundle:
    """What a bundle's bytes say, where this till erased what it kept too; BadBundle, BundleTooLarge."""
    body = _parsed(_unpacked(data, ERASED_MAX if is_erased else DECODED_MAX))
    why = shapes.why_not(_BODY, body)
    if why is not None:
        raise BadBundle(why=why)
    fields = cast("dict[str, object]", body)
    found = cast("list[object]", fields["entries"])
    if len(found) > ENTRIES_MAX:
        raise BundleTooLarge()
    try:
        certificate = keyring.certified(fields["certificate"])
    except BadCertificate as error:
        raise BadBundle(why=error.values["why"]) from error
    from_hash = bytes.fromhex(cast(str, fields["from_hash"]))
    return Bundle(certificate, cast(int, fields["from"]), from_hash, list(pairs(found, is_erased=is_erased)))


def _unpacked(data: bytes, most: int) -> bytes:
    try:
        return gzipped.unpacked(data, most)
    except gzipped.TooLarge as error:
        raise BundleTooLarge() from error
    except gzipped.NotWhole as error:
        raise BadBundle(why="not whole gzip") from error


def _parsed(found: bytes) -> object:
    if found.count(b'"raw"') > ENTRIES_MAX:
        raise BundleTooLarge()
    try:
        return orjson.loads(found)
    except orjson.JSONDecodeError as error:
        raise BadBundle(why="not JSON") from error


def pairs(found: Sequence[object], *, is_erased: bool = False) -> Iterator[Pair]:
    """raw and sig of each of a list of entries, some of which this till erased or not; BadBundle."""
    lengths = (_HEX_SIGNATURE, _HEX_ERASED) if is_erased else (_HEX_SIGNATURE,)
    for one in found:
        if not isinstance(one, dict) or one.keys() != {"raw", "sig"}:
            raise BadBundle(why="an entry is not raw and sig")
        raw, sig = one["raw"], one["sig"]
        if not isinstance(raw, str) or not isinstance(sig, str) or len(sig) not in lengths:
            raise BadBundle(why="an entry is not raw and sig")
        try:
            yield raw.encode(), bytes.fromhex(sig)
        except ValueError as error:  # of a surrogate too
            raise BadBundle(why="an entry is not raw and sig") from error

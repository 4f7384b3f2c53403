"""An entry of the journal: its envelope, its bytes, its hash (source: FORMATS.md §2)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import orjson

from gatepos.domain import canonical, kinds, shapes
from gatepos.domain.canonical import BadForm
from gatepos.domain.gatepass import Payload
from gatepos.domain.shapes import Field

SIGNATURE = 64
"""Bytes of a signature; where an entry was erased the hash follows, which its bytes no longer give."""
Posting = tuple[str, str, int]
"""Account, currency, signed minor units."""

_ALSO = {
    "staff": Field(shapes.STAFF, "the second person"),
    "how": Field(shapes.one_of("pin", "radio"), "at the till, or by question and answer"),
}
ENVELOPE: shapes.Table = {
    "also": Field(shapes.record("approval", _ALSO), "who approved it", null=True),
    "app": Field(shapes.TEXT, "version of the program"),
    "at": Field(shapes.MOMENT, "wall clock"),
    "boot": Field(shapes.TEXT, "id of this start of the machine"),
    "by": Field(shapes.STAFF, "who did it; null for the till itself", null=True),
    "clock": Field(shapes.one_of("ok", "unset", "back", "jump"), "what the till thinks of its clock"),
    "data": Field(shapes.Type("the kind's fields", lambda v: isinstance(v, dict)), ""),
    "day": Field(shapes.DAY, "business day"),
    "gate": Field(shapes.CODE, ""),
    "id": Field(shapes.TEXT, "UUID, made before the first attempt"),
    "kind": Field(shapes.WORD, ""),
    "lane": Field(shapes.TEXT, ""),
    "mono_ms": Field(shapes.whole(0, 2**52), "since the machine started"),
    "postings": Field(
        shapes.Type("list of [account, currency, amount]", lambda v: _are_postings(v)), "sum to zero"
    ),
    "prev": Field(shapes.HASH, "hash of the entry before"),
    "rate": Field(shapes.MONTH, "USD rate in force", null=True),
    "schedule": Field(shapes.SCHEDULE, "in force", null=True),
    "seq": Field(shapes.whole(1, 2**50), "1, 2, 3 …"),
    "shift": Field(shapes.number("Z"), "", null=True),
    "till": Field(shapes.TILL, ""),
    "v": Field(shapes.whole(1, 1), "version of this form"),
}


class Unbalanced(BadForm):
    """Postings that would create or lose money."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a till action asks the journal to write; the journal adds number, token, chain and signature.

    `series` asks for the next number of that series, put into data["number"]; `token` is signed under
    that number, unless it names another, and put into data["token"]. `prints` queues a print job in the
    same transaction.
    """

    kind: str
    id: str
    data: Mapping[str, object]
    postings: Sequence[Posting] = ()
    series: str | None = None
    token: Payload | None = None
    by: str | None = None
    also: Mapping[str, object] | None = None
    shift: str | None = None
    prints: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A recorded entry: the bytes are the truth, `fields` is what they say."""

    raw: bytes
    sig: bytes
    hash: bytes
    fields: Mapping[str, object] = field(repr=False)

    @property
    def is_erased(self) -> bool:
        """Whether another till's plates, names and words are gone from it (FORMATS.md §6)."""
        return is_erased(self.sig)

    @property
    def seq(self) -> int:
        """Position in the journal, from 1."""
        return cast(int, self.fields["seq"])

    @property
    def id(self) -> str:
        """UUID of the person's action."""
        return cast(str, self.fields["id"])

    @property
    def kind(self) -> str:
        """One of KINDS."""
        return cast(str, self.fields["kind"])

    @property
    def till(self) -> str:
        """Till code."""
        return cast(str, self.fields["till"])

    @property
    def at(self) -> str:
        """Wall-clock moment as written."""
        return cast(str, self.fields["at"])

    @property
    def day(self) -> str:
        """Business day, ISO."""
        return cast(str, self.fields["day"])

    @property
    def by(self) -> str | None:
        """Staff number."""
        return cast("str | None", self.fields["by"])

    @property
    def shift(self) -> str | None:
        """Shift number."""
        return cast("str | None", self.fields["shift"])

    @property
    def prev(self) -> bytes:
        """Hash of the entry before."""
        return bytes.fromhex(cast(str, self.fields["prev"]))

    @property
    def data(self) -> Mapping[str, object]:
        """The kind's own fields."""
        return cast("Mapping[str, object]", self.fields["data"])

    @property
    def number(self) -> str | None:
        """The number this entry took, when it took one."""
        return cast("str | None", self.data.get("number"))

    @property
    def postings(self) -> list[Posting]:
        """Account, currency, amount."""
        return [tuple(p) for p in cast("list[list[object]]", self.fields["postings"])]  # type: ignore[misc]


def hash_of(raw: bytes) -> bytes:
    """SHA-256 over the domain-separated bytes."""
    return hashlib.sha256(b"gatepos/entry/1\x00" + raw).digest()


def genesis(till: str, public_key: bytes) -> bytes:
    """The `prev` of a ledger's first entry."""
    return hashlib.sha256(b"gatepos/genesis/1\x00" + till.encode() + b"\x00" + public_key).digest()


def write(fields: Mapping[str, object]) -> bytes:
    """The bytes of an entry whose envelope, kind and postings are right; BadForm otherwise."""
    value = canonical.normal(fields)
    _check(value)
    return canonical.dump(value)


def read(raw: bytes, sig: bytes, hash_: bytes | None = None) -> Entry:
    """The entry that `raw` writes; BadForm when it is not in the written form. Checks no signature.

    `hash_` is that of the bytes where it has been made already.
    """
    fields = canonical.decode(raw)
    _check(fields)
    return Entry(raw, sig, signed_hash(raw, sig) if hash_ is None else hash_, fields)


def known(raw: bytes, sig: bytes, hash_: bytes | None = None) -> Entry:
    """The entry of bytes whose form was checked before, such as a till's own; BadForm unless an object.

    `hash_` is theirs where it has been made already: it costs as much as all the rest.
    """
    try:
        fields = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadForm(why="not JSON") from error
    if not isinstance(fields, dict):
        raise BadForm(why="not an object")
    return Entry(raw, sig, signed_hash(raw, sig) if hash_ is None else hash_, fields)


def is_erased(sig: bytes) -> bool:
    """Whether what stands in place of a signature is that of an entry that was erased."""
    return len(sig) > SIGNATURE


def signed_hash(raw: bytes, sig: bytes) -> bytes:
    """The hash that an entry's till signed: of its bytes, or the one that is kept where they were erased."""
    return sig[SIGNATURE:] if is_erased(sig) else hash_of(raw)


def prev_of(raw: bytes) -> bytes:
    """The `prev` of canonical bytes without parsing them: after it only short scalars can stand."""
    at = raw.rfind(b',"prev":"')
    try:
        return bytes.fromhex(raw[at + 9 : at + 73].decode("ascii")) if at >= 0 else b""
    except ValueError:
        return b""


def _check(fields: Mapping[str, object]) -> None:
    why = shapes.why_not(ENVELOPE, fields)
    if why is not None:
        raise BadForm(why=why)
    kinds.check(cast(str, fields["kind"]), fields["data"])
    sums: dict[str, int] = {}
    for _, currency, amount in cast("list[tuple[str, str, int]]", fields["postings"]):
        sums[currency] = sums.get(currency, 0) + amount
    if any(sums.values()):
        raise Unbalanced(why=f"postings do not sum to zero: {sums}")


def _are_postings(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(p, list)
        and len(p) == 3
        and shapes.ACCOUNT.holds(p[0])
        and shapes.CURRENCY.holds(p[1])
        and shapes.SIGNED.holds(p[2])
        for p in value
    )


def seq_of(raw: bytes) -> int:
    """The `seq` of canonical bytes without parsing them; 0 when there is none."""
    at = raw.rfind(b',"seq":')
    digits = raw[at + 7 : raw.find(b",", at + 7)] if at >= 0 else b""
    return int(digits) if len(digits) <= 16 and digits.isdigit() else 0


def day_of(raw: bytes) -> str:
    """The `day` of canonical bytes without parsing them: after it no other can stand; "" if none."""
    at = raw.rfind(b',"day":"')
    return raw[at + 8 : at + 18].decode("ascii", "replace") if at >= 0 else ""


def till_of(raw: bytes) -> str:
    """The `till` of canonical bytes without parsing them, which costs more than their hash; "" if none."""
    at = raw.rfind(b',"till":"')
    return raw[at + 9 : raw.find(b'"', at + 9)].decode("ascii", "replace") if at >= 0 else ""

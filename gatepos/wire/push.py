"""What a till sends of its journal, 500 entries or 1 MiB at a time (FORMATS.md §6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from gatepos.domain import canonical
from gatepos.wire import forms
from gatepos.wire.bundle import BadBundle, Pair, pairs
from gatepos.wire.forms import BadBody

_ENVELOPE = 200
"""More than the names and the rest of a body take."""
_AROUND = 20
"""What stands around raw and signature of one entry."""
_ENTRY_MAX = 2 * canonical.RAW_MAX + forms.HEX_SIGNATURE + _AROUND + _ENVELOPE
"""No entry takes more of a body."""


@dataclass(frozen=True, slots=True)
class Push:
    """A stretch of a journal, nothing of it checked but its form; the entries follow `from_seq`."""

    from_seq: int
    from_hash: bytes
    entries: Sequence[Pair]

    @property
    def to_seq(self) -> int:
        """The last entry's position."""
        return self.from_seq + len(self.entries)


def taken(kept: Iterable[Pair]) -> list[Pair]:
    """As many entries, in order, as one body holds."""
    found: list[Pair] = []
    size = _ENVELOPE
    for raw, sig in kept:
        # A quote or a backslash of raw takes two bytes in the body.
        size += len(raw) + raw.count(b'"') + raw.count(b"\\") + forms.HEX_SIGNATURE + _AROUND
        if size > forms.DECODED_MAX or len(found) >= forms.ENTRIES_MAX:
            break
        found.append((raw, sig))
    return found


def is_full(push: Push, size: int) -> bool:
    """Whether a body of so many bytes may have had no room for one more entry."""
    return len(push.entries) >= forms.ENTRIES_MAX or size > forms.DECODED_MAX - _ENTRY_MAX


def body(push: Push) -> bytes:
    """The JSON of a push."""
    entries = [{"raw": raw.decode(), "sig": sig.hex()} for raw, sig in push.entries]
    return forms.dump({"from": push.from_seq, "from_hash": push.from_hash.hex(), "entries": entries})


def read(data: bytes) -> Push:
    """What a body says; BadBody."""
    fields = forms.parsed(forms.PUSH, data)
    found = cast("list[object]", fields["entries"])
    if len(found) > forms.ENTRIES_MAX:
        raise BadBody(why="more than 500 entries")
    try:
        entries = list(pairs(found))
    except BadBundle as error:
        raise BadBody(why=error.values["why"]) from error
    return Push(cast(int, fields["from"]), bytes.fromhex(cast(str, fields["from_hash"])), entries)

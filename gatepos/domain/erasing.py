"""What is left of an entry of another till once its time has passed (FORMATS.md §6).

Numbers, references, money and the digest of its paper stay, so that nothing is used twice; plates, names and
what somebody said go. Its hash is kept with its signature: the chain can be checked as before.
"""

import base64
from collections.abc import Mapping, Set
from typing import cast

from gatepos.domain import canonical, gatepass
from gatepos.domain import entry as entries
from gatepos.domain.canonical import BadForm
from gatepos.domain.entry import Entry

_GONE: Mapping[str, object] = {
    "plate": "", "story": "", "reason": "", "note": "", "operator": None, "institution": None, "slip": None,
}  # fmt: skip
"""What stands in place of the fields that say who it was, wherever in an entry they are."""
_TOKEN = "token"
_WORDED = {"bill.abandoned": {"reason"}}
"""By kind the fields that hold one of a few words, and nobody's own."""


def is_due(raw: bytes, before: str) -> bool:
    """Whether an entry is of a day before a day, "" being before all; one without a day is."""
    return entries.day_of(raw) < before


def erased(raw: bytes, sig: bytes) -> tuple[bytes, bytes]:
    """An entry without what is personal, and its signature with the hash that it is of; once, for ever."""
    if entries.is_erased(sig):
        return raw, sig
    return _bytes(raw, sig), sig + entries.hash_of(raw)


def paper_digest(entry: Entry) -> str:
    """The digest of the paper that an entry printed, also where its token is gone; ValueError."""
    token = cast(str, entry.data[_TOKEN])
    if not entry.is_erased:
        return gatepass.digest(token)
    return base64.b32decode(token + "=" * (-len(token) % 8)).hex()


def _bytes(raw: bytes, sig: bytes) -> bytes:
    try:
        fields = entries.known(raw, sig).fields
        stays = _WORDED.get(str(fields.get("kind")), frozenset[str]())
        return canonical.dump(cast("dict[str, object]", _without(fields, stays)))
    except BadForm:
        # Nobody can read it: what it is linked by is all that anybody needs of it.
        place = {"day": entries.day_of(raw), "prev": entries.prev_of(raw).hex(), "seq": entries.seq_of(raw)}
        return canonical.dump({**place, "till": entries.till_of(raw)})


def _without(value: object, stays: Set[str], name: str = "") -> object:
    if isinstance(value, dict):
        return {key: _without(item, stays, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_without(item, stays) for item in value]
    if not isinstance(value, str) or name in stays:
        return value
    return _named_by(value) if name == _TOKEN else _GONE.get(name, value)


def _named_by(token: str) -> str:
    """The digest of a token, in its place and in its letters."""
    try:
        digest = bytes.fromhex(gatepass.digest(token))
    except ValueError:
        return ""
    return base64.b32encode(digest).decode().rstrip("=")

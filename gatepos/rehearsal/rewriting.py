"""A till's acts as another till would have written them, its own code, numbers, chain and key on them."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import orjson

from gatepos.domain import canonical, numbers
from gatepos.domain import entry as entries
from gatepos.seal import entries as entry_seal
from gatepos.seal.keys import TillKey
from gatepos.wire.bundle import Pair

A_DAY = 2_000
"""What a busy lane writes in a day."""
_NUMBER, _DATE = 12, 10


def rewritten(
    kept: Iterable[Pair], code: str, key: TillKey, first: date | None = None, a_day: int = A_DAY
) -> Iterator[Pair]:
    """The acts of a journal in order; from a first day on so many a day, where one is given."""
    prev = entries.genesis(code, key.public)
    for seq, (raw, _) in enumerate(kept, 1):
        was = orjson.loads(raw)
        fields = _renamed(was, str(was["till"]), code) | {"seq": seq, "prev": prev.hex()}
        if first is not None:
            day = (first + timedelta(seq // a_day)).isoformat()
            fields |= {"day": day, "at": day + str(was["at"])[_DATE:]}
        made = canonical.dump(fields)
        prev = entries.hash_of(made)
        yield made, entry_seal.sign(key, prev)


def _renamed(value: dict[str, object], was: str, code: str) -> dict[str, object]:
    return {name: _named(item, was, code) for name, item in value.items()}


def _named(value: object, was: str, code: str) -> object:
    if isinstance(value, dict):
        return _renamed(value, was, code)
    if isinstance(value, list):
        return [_named(item, was, code) for item in value]
    if not isinstance(value, str) or was not in value:
        return value
    head, _, number = value.rpartition(":")
    if len(number) == _NUMBER and number.startswith(was):
        number = numbers.make(code, number[4], numbers.ordinal(number))
    return f"{head}:{number}" if head else number.replace(was, code)

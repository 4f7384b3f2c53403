"""What a till writes that holds a true key and means harm, or whose program has gone wrong."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import orjson

from gatepos.domain import canonical, numbers
from gatepos.domain import entry as entries
from gatepos.seal import entries as entry_seal
from tests.central.place import Sender

Fields = dict[str, object]
NUMBERS = (
    numbers.make("XNM1", "P", 1), numbers.make("XNE1", "R", 1), numbers.make("XNM1", "Z", 1),
    numbers.make("XNM1", "B", 1), numbers.make("XNM2", "P", 1), numbers.make("XNM2", "R", 99),
)  # fmt: skip
TEXTS: Sequence[object] = (
    "", "0", "x" * 500, "Ω" * 200, "<script>alert(1)</script>", "'; DROP TABLE journal; --", "%s%n",
    "0001-01-01", "9999-12-31", "1970-01-01", "2026-02-30", "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z", "1970-01-01T00:00:00.000Z", "XNM1", "XNE1", "central", "teleported",
    "pass.settled", "pass.waived", *NUMBERS, "asset:cash:XNM1",
    *("asset:receivable:" + number for number in NUMBERS),
)  # fmt: skip
WHOLE: Sequence[object] = (0, -1, 1, 2, 500, 2**31, 2**53 - 1, 10**12 - 1, -(10**12) + 1)
OTHERS: Sequence[object] = (None, True, False, [], {}, [[]], [None], 1.5)


class Rogue:
    """A till that joined as every other, and signs whatever it likes."""

    def __init__(self, sender: Sender):
        self.sender = sender

    def sign(self, raw: bytes) -> None:
        """Write bytes under the till's own true key."""
        self.sender.kept.append((raw, entry_seal.sign(self.sender.key, entries.hash_of(raw))))

    def say(self, fields: Mapping[str, object]) -> None:
        """An entry of its own chain with any fields, in the form that entries are written in."""
        own = {
            "till": self.sender.till,
            **fields,
            "seq": self._seq,
            "prev": self._prev,
            "id": f"r{self._seq}",
        }
        raw = orjson.dumps(own, option=orjson.OPT_SORT_KEYS)
        if len(raw) <= canonical.RAW_MAX:
            self.sign(raw)

    def babble(self, inside: bytes) -> None:
        """Anything at all, where only the chain is right."""
        self.sign(
            b'{"data":%s,"prev":"%s","seq":%d,"till":"%s"}'
            % (inside, self._prev.encode(), self._seq, self.sender.till.encode())
        )

    @property
    def _seq(self) -> int:
        return len(self.sender.kept) + 1

    @property
    def _prev(self) -> str:
        return self.sender.hash_at(len(self.sender.kept)).hex()


def babbled() -> Iterator[bytes]:
    """What is no entry at all."""
    yield from (b"1", b"{}", b"[]", b"null", b"1.5", b"-0", b"1e999", b"NaN", b'{"a":1,"a":2}', b' {"a": 1 }')
    yield from (b"[" * 5_000 + b"]" * 5_000, b"[" * 5_000, b'"' + b"x" * 60_000 + b'"', b"9" * 5_000)
    yield from (b'"\\u0000"', b'"\\ud800"', '"\u202e"'.encode(), b'{"prev":"00","seq":1}', b"")


def altered(fields: Mapping[str, object], chance: random.Random, own: str) -> Fields:
    """An entry as some till wrote it, under the rogue's name, with one to three things odd in it."""
    text = orjson.dumps(fields).replace(str(fields["till"]).encode(), own.encode())
    made = cast(Fields, json.loads(text if chance.random() < 0.5 else orjson.dumps({**fields, "till": own})))
    for _ in range(chance.randrange(4)):
        _spoil(made, chance)
    return made


def _spoil(node: object, chance: random.Random) -> None:
    """One thing somewhere below becomes another, most often of its own type."""
    where: Sequence[object] = [*node] if isinstance(node, dict) else range(len(cast("list[object]", node)))
    where = [key for key in where if key not in _CHAIN]
    if not where:
        return
    held, place = cast("dict[object, object]", node), chance.choice(where)
    if chance.random() < 0.5 and "data" in held:
        place = chance.choice(("data", "postings"))
    if isinstance(held[place], dict | list) and chance.random() < 0.95:
        _spoil(held[place], chance)
    else:
        held[place] = chance.choice(_like(held[place]) if chance.random() < 0.9 else OTHERS)


_CHAIN = ("seq", "prev", "till", "v")


def _like(value: object) -> Sequence[object]:
    return TEXTS if isinstance(value, str) else WHOLE if isinstance(value, int) else OTHERS

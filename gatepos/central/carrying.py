"""Bundles that people carry to central on a stick: taken in as if the till had sent them (FORMATS.md §5)."""

from dataclasses import dataclass

from gatepos.central.central import Central
from gatepos.domain import entry as entries
from gatepos.wire import bundle as bundles
from gatepos.wire import forms
from gatepos.wire.push import Push


@dataclass(frozen=True, slots=True)
class Carried:
    """What a bundle brought: whose, and its last entry."""

    till: str
    to_seq: int


def take(central: Central, data: bytes) -> Carried:
    """Store what a bundle holds and central lacks; the same again changes nothing.

    BadBundle, BundleTooLarge; UnknownToken for a till that central does not know, TillBehind where one of its
    bundles before is missing, NotAuthentic for what the till did not write; StorageFailed.
    """
    bundle = bundles.read(data)
    till, prev = central.known(bundle.certificate.till), bundle.from_hash
    for at in range(0, len(bundle.entries), forms.ENTRIES_MAX):
        stretch = bundle.entries[at : at + forms.ENTRIES_MAX]
        central.receive(till.row, Push(bundle.from_seq + at, prev, stretch))
        prev = entries.hash_of(stretch[-1][0])
    while central.follow(till.row.till):
        pass
    return Carried(till.row.till, bundle.to_seq)

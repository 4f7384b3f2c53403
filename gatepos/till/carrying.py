"""Bundles onto a medium: written whole, and read back where they must be all that is left of something."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from gatepos import files
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger import bodies, media
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import named
from gatepos.till.hearing import Hearing
from gatepos.wire import bundle as bundles


class NotWhole(Trouble):
    """A bundle that is another once it is read back."""

    says = N_("{file} is not what was written. Take another stick; nothing was changed.")


def written(hearing: Hearing, ledger: Ledger, medium: Path, after: int) -> Iterator[tuple[Path, int]]:
    """Write the entries after one to a medium, in one file or several: each, and the last entry in it.

    NothingAfter, NoMedium, MediumInside; what the medium says.
    """
    media.check(medium, ledger.folder)
    last = ledger.head[0]
    while True:
        data, after = hearing.bundle(after)
        place = medium / bodies.name(ledger.context.till, after)
        try:
            files.write_whole(place, data)
        except OSError as error:
            raise named(error, str(medium)) from error
        yield place, after
        if after >= last:
            return


def check(ledger: Ledger, place: Path, to_seq: int) -> None:
    """NotWhole unless a file holds these very entries of the journal, the last one at `to_seq`."""
    try:
        found = bundles.read(place.read_bytes())
    except (OSError, Refusal) as error:
        raise NotWhole(file=place) from error
    own = list(islice(ledger.told(found.from_seq), len(found.entries)))
    if (
        own != list(found.entries)
        or found.to_seq != to_seq
        or found.from_hash != ledger.hash_at(found.from_seq)
    ):
        raise NotWhole(file=place)

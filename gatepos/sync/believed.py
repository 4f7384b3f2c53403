"""Which keys of central a till believes, as central's own rows change that."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import said
from gatepos.sync.address import Address
from gatepos.wire.feed import Row


class KeyDistrusted(Refusal):
    """An answer under a key that central said to believe no more."""

    says = N_(
        "Somebody answers with an old key of central that counts no more. It was left alone; tell the office."
    )


class Believed:
    """Central as a till believes it; `keep` has a change on the disk before it counts."""

    def __init__(self, address: Address, keep: Callable[[Address], None] = lambda _: None):
        self.address = address
        self._keep = keep

    @property
    def key(self) -> bytes:
        """The one with which central speaks now."""
        return self.address.key

    def follow(self, rows: Iterable[Row]) -> None:
        """Take the rows of `keyring` that are about central's keys; AddressNotKept."""
        told, made = list(rows), self.address
        for key in said.successors(made.key, told):
            made = replace(made, key=key, former=(made.key, *made.former))
        before = [key for key in said.predecessors(made.key, told) if key not in made.former]
        made = replace(made, former=(*made.former, *before))
        for key in said.distrusted((made.key, *made.former), told):
            if key not in made.distrusted:
                made = replace(made, distrusted=(*made.distrusted, key))
        if made != self.address:
            self._keep(made)
            self.address = made

    def check(self, data: bytes) -> None:
        """KeyDistrusted where a key that counts no more signed the page of a feed; BadBody."""
        if said.is_by(self.address.distrusted, "feed", data):
            raise KeyDistrusted()

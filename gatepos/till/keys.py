"""The keyring: which other tills this one knows, by the certificates that people carry from till to till."""

import hashlib

from gatepos.domain import canonical, keyring, numbers, receipt, vocabulary
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger.ledger import Recorded
from gatepos.seal import keys
from gatepos.till.approvals import Approvals, Second
from gatepos.till.desk import Desk


class KeyGiven(Refusal):
    """A till or a key that this ledger knows, or knew: a code has one key for life, and a kid one till."""

    says = N_("{till} or its key is in the keyring already. A till with a new key needs a new code.")


class NoSuchKey(Refusal):
    """A till that is not in the keyring, is revoked already, or is this one."""

    says = N_("{till} is not a till that this one trusts.")


class Keys:
    """The tills that this one knows."""

    def __init__(self, desk: Desk, approvals: Approvals):
        self._desk = desk
        self._approvals = approvals

    def certificate(self) -> bytes:
        """This till's row of every keyring, one line of canonical JSON."""
        return canonical.encode(self._desk.own.certificate())

    def rows(self) -> tuple[KeyRow, ...]:
        """All tills that are known, this one first, revoked ones with them."""
        return tuple(row for row in self._desk.keyring.values() if row.till != vocabulary.CENTRAL)

    def trust(self, row: KeyRow, second: Second | None = None) -> Recorded:
        """Know another till from now on: a manager, with a second person.

        ForeignKey, WeakKey, KeyGiven, UnknownPark, UnknownGate, NotAllowed, NeedsSecond.
        """
        desk = self._desk
        desk.allowed("set_up")
        keyring.check_kind(desk.own.till, row.till)
        keys.check_public(row.public)
        desk.book.parks.park(row.park).gate(row.gate)
        if keys.kid_of(row.public) in desk.keyring or keyring.of_till(desk.keyring, row.till):
            raise KeyGiven(till=row.till)
        return self._changed(row, False, second)

    def revoke(self, till: str, second: Second | None = None) -> Recorded:
        """Papers of that till count from now on only where they were heard of before; NoSuchKey."""
        desk = self._desk
        desk.allowed("set_up")
        row = next((row for row in self.rows() if row.till == till), None)
        if row is None or row.is_revoked or row.till == desk.own.till:
            raise NoSuchKey(till=till if numbers.is_till(till) else till[:4])
        return self._changed(row, True, second)

    def _changed(self, row: KeyRow, is_revoked: bool, second: Second | None) -> Recorded:
        data = {**row.certificate(), "is_revoked": is_revoked}
        also = self._approvals.also(second, "keyring.changed", data)
        recorded = self._desk.write("keyring.changed", data, also=also)
        self._desk.trust(recorded.entry)
        return recorded


def check_code(row: KeyRow) -> str:
    """Twelve characters by which two people compare a key at two tills."""
    return receipt.check_code(hashlib.sha256(row.public).digest())

"""The spares of gates: which wait, which have begun, and for which till each goes on."""

from gatepos.central.store.engine import Transaction
from gatepos.domain import entry as entries
from gatepos.domain.canonical import BadForm
from gatepos.domain.keyring import SPARE

GAP = "ledger.gap"


def followed(tx: Transaction, park: str | None) -> dict[str, str]:
    """The tills of a park, or of all, for which a spare of their own park goes on, each with that spare.

    A spare says so in its second entry; of several the last that joined holds.
    """
    found = tx.rows(
        "SELECT j.till, t.park, j.raw, j.sig FROM till t JOIN journal j ON j.till = t.till"
        " WHERE t.lane = :lane AND j.branch = 0 AND j.seq = 2"
        " AND (CAST(:park AS TEXT) IS NULL OR t.park = :park) ORDER BY t.enrolled_at",
        lane=SPARE, park=park,
    )  # fmt: skip
    parks: dict[str, str] = dict(map(tuple, tx.rows("SELECT till, park FROM till")))
    named = {_followed(bytes(raw), bytes(sig)): (spare, its) for spare, its, raw, sig in found}
    return {till: spare for till, (spare, its) in named.items() if till and parks.get(till) == its}


def _followed(raw: bytes, sig: bytes) -> str | None:
    try:
        second = entries.read(raw, sig)
    except BadForm:
        return None
    return str(second.data["of_till"]) if second.kind == GAP else None

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
    spares = tx.rows(
        "SELECT till, park FROM till WHERE lane = :lane"
        " AND (CAST(:park AS TEXT) IS NULL OR park = :park) ORDER BY enrolled_at",
        lane=SPARE, park=park,
    )  # fmt: skip
    parks: dict[str, str] = dict(map(tuple, tx.rows("SELECT till, park FROM till")))
    begun = _begun(tx, [spare for spare, _ in spares])
    named = {begun[spare]: (spare, its) for spare, its in spares if spare in begun}
    return {till: spare for till, (spare, its) in named.items() if till and parks.get(till) == its}


def _begun(tx: Transaction, spares: list[str]) -> dict[str, str | None]:
    """By spare that began, the till its second entry names; asked by name, or the whole journal is read."""
    if not spares:
        return {}
    found = tx.rows_among(
        "SELECT till, raw, sig FROM journal WHERE till IN :among AND branch = 0 AND seq = 2", spares
    )
    return {till: _followed(bytes(raw), bytes(sig)) for till, raw, sig in found}


def _followed(raw: bytes, sig: bytes) -> str | None:
    try:
        second = entries.read(raw, sig)
    except BadForm:
        return None
    return str(second.data["of_till"]) if second.kind == GAP else None

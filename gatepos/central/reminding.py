"""What tills heard of this central before it was put back from a copy, and that it has forgotten."""

from collections.abc import Iterator, Sequence

from gatepos.central.receiving import Place
from gatepos.central.store import journal, tills
from gatepos.central.store.engine import Store, Transaction
from gatepos.domain import keyring
from gatepos.domain.keyring import KeyRow
from gatepos.seal import said
from gatepos.seal.said import NotSaid
from gatepos.wire import feed as wire
from gatepos.wire.forms import BadBody

REVOKED_BEFORE = "revoked_before"


def take(store: Store, publics: Sequence[bytes], park: str, data: bytes, at: str) -> None:
    """Open a matter for each till that a page of the keyring says is revoked, and that counts here.

    Central's own signature vouches for the page; what none of `publics` said changes nothing. Nothing is
    revoked by it: a person looks whether the till was given back since. BadBody.
    """
    try:
        page = said.page(said.signer(publics, "feed", data), park, data)
    except NotSaid:
        return
    if page.feed != wire.KEYRING:
        raise BadBody(why=f"{page.feed} is not the keyring")
    revoked = [row for row in map(keyring.row, wire.of_tills(page.rows)) if row.is_revoked]
    with store.reading() as tx:
        forgotten = list(_forgotten(tx, revoked))
    if forgotten:
        with store.writing() as tx:
            for till in forgotten:
                journal.open_matter(tx, till, REVOKED_BEFORE, Place(0, 0), at)


def _forgotten(tx: Transaction, revoked: Sequence[KeyRow]) -> Iterator[str]:
    """Those that this central trusts, or does not know: they show their certificate, and it lets them in."""
    for row in revoked:
        known = tills.of_code(tx, row.till)
        if known is None or (known.row.public == row.public and not known.row.is_revoked):
            yield row.till

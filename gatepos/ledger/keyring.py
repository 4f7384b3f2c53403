"""The one place that says which other tills are trusted: those that people added and those central named."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from gatepos.domain import entry as entries
from gatepos.domain import keyring, vocabulary
from gatepos.domain.keyring import KeyRow
from gatepos.ledger import feeds
from gatepos.seal.keys import kid_of


def known(conn: sqlite3.Connection) -> dict[bytes, KeyRow]:
    """The rows of all other tills by kid, revoked ones with them."""
    changed = conn.execute("SELECT raw, sig FROM journal WHERE kind = 'keyring.changed' ORDER BY seq")
    found: dict[bytes, KeyRow] = {}
    learn(found, [keyring.row(entries.known(*row).data) for row in changed.fetchall()])
    learn(found, feeds.keys(conn))
    return found


def learn(found: dict[bytes, KeyRow], rows: Iterable[KeyRow]) -> None:
    """Add rows: a code has one key for life and a kid one till, and what anybody revoked stays revoked."""
    for row in rows:
        kid = kid_of(row.public)
        # Central alone has one key after another; what it signed with the one before still counts.
        before = found.get(kid) or (
            None if row.till == vocabulary.CENTRAL else keyring.of_till(found, row.till)
        )
        if before is None:
            found[kid] = row
        elif (before.till, before.public) == (row.till, row.public):
            found[kid] = replace(row, is_revoked=before.is_revoked or row.is_revoked)

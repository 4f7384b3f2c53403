"""Central's database when the world fails it: by name, and nothing of it stays."""

from collections.abc import Callable, Iterator

import pytest

from gatepos.central.store import engine
from gatepos.central.store.engine import StorageFailed, Store, Transaction
from gatepos.rehearsal.postgresql import Cluster


@pytest.fixture
def store(cluster: Cluster) -> Iterator[Store]:
    """Over a PostgreSQL that can be told to drop a connection."""
    store = engine.by_url(cluster.new_database())
    yield store
    store.close()


def copy(tx: Transaction) -> None:
    tx.insert_all("shortcode", ("paybill", "secret_hash", "at"), [("600000", "a", "")])


def copied_from_a_connection_that_ends(store: Store) -> None:
    with store.writing() as tx:
        copy(tx)
        row = tx.row("SELECT pg_backend_pid()")
        assert row is not None
        with store.reading() as beside:
            beside.row("SELECT pg_terminate_backend(:pid, 5000)", pid=row[0])
        copy(tx)


def copied_into_a_table_that_stays_locked(store: Store) -> None:
    with store.writing() as beside, store.writing() as tx:
        tx.write("SET LOCAL lock_timeout = 1")
        beside.write("LOCK TABLE shortcode")
        copy(tx)


@pytest.mark.parametrize(
    "copied", [copied_from_a_connection_that_ends, copied_into_a_table_that_stays_locked]
)
def test_a_database_that_fails_while_rows_are_copied_is_named_and_keeps_none(
    store: Store, copied: Callable[[Store], None]
) -> None:
    with pytest.raises(StorageFailed):
        copied(store)
    with store.reading() as tx:
        assert tx.rows("SELECT * FROM shortcode") == []

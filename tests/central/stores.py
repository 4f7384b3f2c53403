"""Central's databases for tests: made once a process, then copied or emptied."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gatepos.central.store import engine
from gatepos.central.store.engine import Store
from gatepos.rehearsal.postgresql import Cluster

_EMPTY = """
DO $$
DECLARE
  name text;
  is_filled boolean;
BEGIN
  SET LOCAL lock_timeout = '10s';
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'form' LOOP
    EXECUTE 'SELECT EXISTS (SELECT FROM ' || name || ')' INTO is_filled;
    IF is_filled THEN
      EXECUTE 'TRUNCATE ' || name || ' RESTART IDENTITY';
    END IF;
  END LOOP;
END $$
"""


def in_folder(folder: Path) -> Store:
    """A new embedded database in a folder."""
    shutil.copy(Path(_embedded().name) / engine.FILE, folder)
    return engine.in_folder(folder)


def on(cluster: Cluster) -> Store:
    """The database of a server for one test at a time, empty: a new one takes a third of a second."""
    store = engine.by_url(_served(cluster))
    with store.writing() as tx:
        tx.write(_EMPTY)
    return store


@cache
def _embedded() -> "TemporaryDirectory[str]":
    folder = TemporaryDirectory(prefix="central-")
    engine.in_folder(Path(folder.name)).close()
    return folder


@cache
def _served(cluster: Cluster) -> str:
    return cluster.new_database()

"""A folder that is a central: its key, and its database unless that stands elsewhere."""

from pathlib import Path

import uvicorn

from gatepos import files
from gatepos.central import api
from gatepos.central.store import engine, tills
from gatepos.central.store.engine import Store
from gatepos.domain.clock import Clock
from gatepos.errors import Refusal
from gatepos.files import FolderLock, InUse
from gatepos.i18n import N_
from gatepos.seal.keys import TillKey

KEY, LOCK = "central.key", "central.lock"
LOOPBACK = "127.0.0.1"


class CentralHere(Refusal):
    """A folder that is a central already."""

    says = N_("There is a central in {folder} already.")


class NoCentral(Refusal):
    """A folder without central's key."""

    says = N_("There is no central in {folder}: make it first.")


class CentralRuns(Refusal):
    """A central that another process serves."""

    says = N_("The central in {folder} is running already.")


def create(folder: Path, database: str | None = None, *, is_demo: bool = False) -> TillKey:
    """Make a central: its key, last, and its database; CentralHere, NoDatabase, StorageFailed."""
    if (folder / KEY).exists():
        raise CentralHere(folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    store = opened(folder, database)
    try:
        with store.writing() as tx:
            if is_demo and not tills.is_demo(tx):
                tills.make_demo(tx)
    finally:
        store.close()
    key = TillKey.generate()
    key.save(folder / KEY)
    files.sync_folder(folder)
    return key


def key_of(folder: Path) -> TillKey:
    """Central's key; NoCentral, KeyDamaged, KeyUnreadable."""
    if not (folder / KEY).exists():
        raise NoCentral(folder=folder)
    return TillKey.load(folder / KEY)


def opened(folder: Path, database: str | None = None) -> Store:
    """The database of a folder, or the one at an address; NoDatabase, StorageFailed, DatabaseNewer."""
    return engine.by_url(database) if database else engine.in_folder(folder)


def serve(folder: Path, clock: Clock, database: str | None, host: str, port: int) -> None:
    """Answer tills until told to stop; NoCentral, CentralRuns, and what `opened` raises."""
    key = key_of(folder)
    try:
        lock = FolderLock(folder / LOCK)
    except InUse as error:
        raise CentralRuns(folder=folder) from error
    store = opened(folder, database)
    try:
        # No access log: addresses and headers of calls are nobody's business.
        uvicorn.run(
            api.application(store, key, clock), host=host, port=port, access_log=False, log_level="warning"
        )
    finally:
        store.close()
        lock.release()

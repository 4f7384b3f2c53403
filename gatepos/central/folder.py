"""A folder that is a central: its key, and its database unless that stands elsewhere."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from gatepos import files
from gatepos.central import enrolling
from gatepos.central.store import copying, engine, tills
from gatepos.central.store.engine import Store
from gatepos.errors import Refusal
from gatepos.files import FolderLock, InUse
from gatepos.i18n import N_
from gatepos.ledger import media
from gatepos.seal.keys import TillKey

KEY, LOCK, NEXT = "central.key", "central.lock", "central.next"


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
    with contextlib.closing(_database(folder, database)) as store, store.writing() as tx:
        if is_demo and not tills.is_demo(tx):
            tills.make_demo(tx)
    key = TillKey.generate()
    key.save(folder / KEY)
    files.sync_folder(folder)
    return key


def key_of(folder: Path) -> TillKey:
    """Central's key; NoCentral, KeyDamaged, KeyUnreadable."""
    if not (folder / KEY).exists():
        raise NoCentral(folder=folder)
    return TillKey.load(folder / KEY)


def former_keys(folder: Path) -> tuple[TillKey, ...]:
    """The keys that central had before, in no order."""
    return tuple(TillKey.load(path) for path in sorted(folder.glob(f"{KEY}.{'[0-9a-f]' * 8}")))


def succeed(folder: Path, database: str | None, at: str, who: str) -> TillKey:
    """A new key for a central that does not run; the old one names it to the tills.

    It can be asked again after a stop at any point: the coming key is the same until it is the key.
    CentralRuns, and what `opened` raises.
    """
    old, coming = key_of(folder), folder / NEXT
    with alone(folder), contextlib.closing(opened(folder, database)) as store:
        if not coming.exists():
            TillKey.generate().save(coming)
        new = TillKey.load(coming)
        enrolling.succeed(store, old, new.public, at, who)
        kept = folder / f"{KEY}.{old.kid.hex()}"
        if not kept.exists():
            old.save(kept)
        os.replace(coming, folder / KEY)
        files.sync_folder(folder)
    return new


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """CentralRuns while another process serves this central."""
    try:
        lock = FolderLock(folder / LOCK)
    except InUse as error:
        raise CentralRuns(folder=folder) from error
    try:
        yield
    finally:
        lock.release()


def opened(folder: Path, database: str | None = None) -> Store:
    """The database of a central; NoCentral, NoDatabase, StorageFailed, DatabaseNewer."""
    key_of(folder)
    return _database(folder, database)


def _database(folder: Path, database: str | None) -> Store:
    return engine.by_url(database) if database else engine.in_folder(folder)


def back_up(folder: Path, medium: Path, at: str) -> tuple[Path, int]:
    """Copy the database in a folder to a medium, also while it is served; the copy, and its entries.

    The key is not in it: that lies in a safe. NoCentral, NoMedium, MediumInside, NotOneFile, StorageFailed,
    CopyDamaged.
    """
    key_of(folder)
    media.check(medium, folder)
    place = medium / f"central-{_stamp(at)}.db"
    return place, copying.copy(folder, place)


def restore(copy: Path, folder: Path, at: str) -> int:
    """Put a copy in place of the database in a folder, which goes aside; how many entries it holds.

    Tills send what it lacks. NoCentral, CentralRuns, CopyDamaged, StorageFailed.
    """
    key_of(folder)
    with alone(folder):
        return copying.put_back(copy, folder, folder / f"aside-{_stamp(at)}")


def _stamp(at: str) -> str:
    return at.partition(".")[0].replace("-", "").replace(":", "") + "Z"

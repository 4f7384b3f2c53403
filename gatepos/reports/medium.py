"""The folder or stick that an export goes to: nothing has its name there before it was read back."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from gatepos import files
from gatepos.errors import Trouble
from gatepos.i18n import N_

UNFINISHED = ".unfinished"


class MediumFull(Trouble):
    """No space left on the medium."""

    says = N_("There is no room left on {folder}. Nothing was kept there: free some, or use another stick.")


class MediumReadOnly(Trouble):
    """A medium that may not be written."""

    says = N_("{folder} cannot be written. Move the stick's lock, or choose another folder.")


class MediumGone(Trouble):
    """A medium that does not answer any more."""

    says = N_(
        "{folder} is not there any more ({code}). Nothing whole was written: put it in again and repeat."
    )


class MediumFault(Trouble):
    """A medium that answers with errors, or reads back what was not written."""

    says = N_("{folder} answers with errors ({code}). Do not trust this stick: use another.")


_BY_ERRNO: dict[int, type[Trouble]] = {
    errno.ENOSPC: MediumFull,
    errno.EDQUOT: MediumFull,
    errno.EFBIG: MediumFull,
    errno.EROFS: MediumReadOnly,
    errno.EACCES: MediumReadOnly,
    errno.EPERM: MediumReadOnly,
    errno.ENOENT: MediumGone,
    errno.ENODEV: MediumGone,
    errno.ENXIO: MediumGone,
    errno.ENOTDIR: MediumGone,
    errno.ENOTCONN: MediumGone,
    errno.ESTALE: MediumGone,
}


@contextmanager
def staged(folder: Path, name: str) -> Iterator[Path]:
    """A folder to write to, in `folder`, under a name that says it is unfinished; taken away on any error.

    Raises MediumFull, MediumReadOnly, MediumGone, MediumFault for what the disk says.
    """
    place = folder / f"{name}{UNFINISHED}"
    try:
        with named(folder):
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            yield place
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def finish(place: Path) -> Path:
    """Give a staged folder the first free name of its own, for good; the folder under that name."""
    name = place.name.removesuffix(UNFINISHED)
    free = (place.with_name(name if n == 1 else f"{name}-{n}") for n in count(1))
    final = next(path for path in free if not path.exists())
    files.sync_folder(place)
    os.rename(place, final)
    files.sync_folder(final.parent)
    return final


@contextmanager
def named(folder: Path) -> Iterator[None]:
    """What the disk says, as the trouble that it means."""
    try:
        yield
    except OSError as error:
        code = errno.errorcode.get(error.errno or 0, "?")
        raise _BY_ERRNO.get(error.errno or 0, MediumFault)(folder=folder, code=code) from error

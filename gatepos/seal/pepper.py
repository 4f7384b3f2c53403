"""The device's own secret: it never leaves the device, nor this package."""

import os
from collections.abc import Callable
from pathlib import Path

from gatepos import files
from gatepos.errors import Trouble
from gatepos.i18n import N_

FILE = "pepper"
LENGTH = 32


class PepperDamaged(Trouble):
    """The file of the secret does not hold one."""

    says = N_("The pepper file of this till is damaged: {file}. No PIN works; start the spare ledger.")


def load(folder: Path, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """The secret of the device whose till is in `folder`, made the first time; PepperDamaged."""
    path = folder / FILE
    if not path.exists():
        files.write_whole(path, random(LENGTH), files.PRIVATE)
    try:
        pepper = path.read_bytes()
    except OSError as error:
        raise PepperDamaged(file=path) from error
    if len(pepper) != LENGTH:
        raise PepperDamaged(file=path)
    return pepper

"""The folder or stick that a copy goes to: it must be there, and lie apart from what is copied."""

from pathlib import Path

from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_


class NoMedium(Trouble):
    """A folder that is not there, as where a stick was taken out: made anew it would be on this disk."""

    says = N_("There is no folder {medium}. Put the stick in, or make the folder first; nothing was written.")


class MediumInside(Refusal):
    """A folder that would be lost together with what is copied."""

    says = N_("{medium} lies in {folder} itself. Take a stick or another disk; nothing was written.")


def check(medium: Path, folder: Path) -> None:
    """NoMedium, MediumInside for what is to be copied out of a till's or central's folder."""
    if not medium.is_dir():
        raise NoMedium(medium=medium)
    if medium.resolve().is_relative_to(folder.resolve()):
        raise MediumInside(medium=medium, folder=folder)

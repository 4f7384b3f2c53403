"""The two kinds of error that a clerk may read; anything else is a bug and is not caught.

Each cause is a class of its own beside the rule or the device that raises it, and its `says` is the
sentence the clerk reads: what is wrong, and what to do next.
"""

from collections.abc import Callable
from typing import ClassVar

from gatepos.i18n import N_, Words


class Said(Exception):
    """An error with a sentence for the clerk; `values` fill the braces of `says`."""

    says: ClassVar[str] = N_("Something is wrong. Call the supervisor.")

    def __init__(self, **values: object) -> None:
        super().__init__(values)
        self.values = values

    def __reduce__(self) -> tuple[Callable[..., "Said"], tuple[object, ...]]:
        # Between processes: a cause may ask for its values in a way of its own.
        return _again, (type(self), self.__dict__)

    @property
    def name(self) -> str:
        """The cause, as commands and tests name it."""
        return type(self).__name__

    def __str__(self) -> str:
        return self.says.format(**self.values)

    def said(self, words: Words, /) -> str:
        """The sentence in the reader's language."""
        return words(self.says, **self.values)


def _again(cause: type[Said], known: dict[str, object]) -> Said:
    made = cause.__new__(cause)
    made.__dict__.update(known)
    return made


class Refusal(Said):
    """A rule said no; nothing was written."""


class Trouble(Said):
    """The world failed: a disk, a key, a printer."""

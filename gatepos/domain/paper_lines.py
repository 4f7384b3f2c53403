"""What a paper is made of: lines that every printer and the screen lay out alike."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Centre:
    """A line in the middle; size 1 is text, 2 twice as large, 3 the plate of a pass."""

    text: str
    size: int = 1
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Words at the left, an amount at the right."""

    left: str
    right: str
    bold: bool = False
    size: int = 1
    small: bool = False


@dataclass(frozen=True, slots=True)
class Small:
    """A note in small type, wrapped; indented or centred."""

    text: str
    indent: bool = False
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A dashed line."""


@dataclass(frozen=True, slots=True)
class Banner:
    """A large line in a black bar."""

    text: str


@dataclass(frozen=True, slots=True)
class Qr:
    """A QR code."""

    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """In a box: a name in text, and beside it, large, what is to be typed on a phone."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Box:
    """A few lines in a frame."""

    lines: tuple[Centre | Named, ...]


@dataclass(frozen=True, slots=True)
class ToFill:
    """Words, and a line to write on with a pen, with room above it."""

    text: str


PaperLine = Centre | Columns | Small | Rule | Banner | Qr | Box | ToFill

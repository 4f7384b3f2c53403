"""QR codes: version as small as fits, alphanumeric, whole dots a module, as large as the paper lets."""

from dataclasses import dataclass

from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4
LINE_DOTS = {80: 512, 58: 384}
"""Dots of a line that every printer of a paper width has, those of 180 dpi as well."""
DOTS_MIN, DOTS_GOOD, DOTS_MOST = 4, 5, 7
"""Dots a module: below the second, worn paper is read too seldom; above the third nothing is won."""
_MASK = 3  # fixed: choosing the best mask costs five times as long and reads no better

Matrix = list[list[bool]]


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is printed: its modules with their quiet zone, the dots of each, whether it is level L."""

    modules: Matrix
    dots: int
    is_low: bool


def matrix(text: str, *, is_low: bool = False) -> Matrix:
    """The modules of a code at level M, or L, quiet zone included."""
    level = ERROR_CORRECT_L if is_low else ERROR_CORRECT_M
    code = QRCode(error_correction=level, border=QUIET, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def printed(text: str, width_dots: int) -> Code:
    """The code for a line of so many dots; its quiet zone may reach into the paper's margin.

    Level M, but L where only that brings DOTS_GOOD: larger modules then save more than the correction.
    """
    code = _fitted(matrix(text), width_dots, is_low=False)
    if code.dots >= DOTS_GOOD:
        return code
    low = _fitted(matrix(text, is_low=True), width_dots, is_low=True)
    return low if low.dots > code.dots else code


def _fitted(modules: Matrix, width_dots: int, *, is_low: bool) -> Code:
    dots = width_dots // (len(modules) - 2 * QUIET)
    return Code(modules, max(min(dots, DOTS_MOST), DOTS_MIN), is_low)

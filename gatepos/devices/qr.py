"""QR codes: version as small as fits, level M, alphanumeric, whole dots a module."""

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

QUIET = 4
DOTS_MIN = 4
_MASK = 3  # fixed: choosing the best mask costs five times as long and reads no better

Matrix = list[list[bool]]


def matrix(text: str) -> Matrix:
    """The modules of a code, quiet zone included."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET, mask_pattern=_MASK)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def dots(modules: int, width_dots: int, most: int = 8) -> int:
    """The largest whole number of dots a module that fits a width, at least four."""
    return max(min(width_dots // modules, most), DOTS_MIN)

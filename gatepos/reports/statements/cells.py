"""The rows of a file that somebody chose, XLSX or CSV, as text; nothing larger than a statement is read."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from xml.etree.ElementTree import ParseError

from gatepos.domain import text
from gatepos.domain.statements import LINES_MAX
from gatepos.errors import Refusal
from gatepos.i18n import N_

FILE_MAX = 64 * 1024 * 1024
"""Bytes of the file itself."""
_UNPACKED_MAX = 256 * 1024 * 1024
_PARTS_MAX = 2_000
_ROWS_MAX = LINES_MAX + 100
_COLUMNS_MAX, _CELL_MAX = 80, 2_000
_ZIP, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DIVIDERS = ",;\t|"
_SNIFFED = 40
_BROKEN = (
    zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, TypeError,
    AttributeError, ArithmeticError, EOFError, OSError, RuntimeError,
)  # fmt: skip
"""What the library trips over in a broken file."""
Row = tuple[str, ...]


class FileTooLarge(Refusal):
    """More than any statement holds."""

    says = N_("That file is too large for a statement. Export a shorter time.")


class FileEmpty(Refusal):
    """A file with nothing in it."""

    says = N_("That file is empty. Export the statement again.")


class BadWorkbook(Refusal):
    """An Excel file that cannot be read."""

    says = N_("That workbook cannot be read. Export the statement again, as XLSX or CSV.")


class OldWorkbook(Refusal):
    """An Excel file of the old form, or one with a password."""

    says = N_("That is an old or locked Excel file. Save it as XLSX without a password, or as CSV.")


def rows(data: bytes) -> list[Row]:
    """The rows of a file, each cell as text, trimmed; the empty ones at the ends left off.

    FileEmpty, FileTooLarge, BadWorkbook, OldWorkbook, NotText.
    """
    if len(data) > FILE_MAX:
        raise FileTooLarge()
    if data.startswith(_OLD_EXCEL):
        raise OldWorkbook()
    found = _of_workbook(data) if data.startswith(_ZIP) else _of_text(data)
    kept = [row for row in map(_trimmed, _bounded(found)) if row]
    if not kept:
        raise FileEmpty()
    return kept


def named(row: Iterable[str]) -> dict[str, int]:
    """Where each column of a heading stands, by its name without case and spaces; the first of a name."""
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        if name := plain(cell):
            found.setdefault(name, place)
    return found


def plain(title: str) -> str:
    """A column's name as it is compared."""
    return re.sub(r"[^a-z0-9]", "", title.lower())


def _bounded(found: Iterable[Iterable[str]]) -> Iterator[Iterable[str]]:
    for place, row in enumerate(found):
        if place > _ROWS_MAX:
            raise FileTooLarge()
        yield row


def _trimmed(row: Iterable[str]) -> Row:
    cells = [cell.strip()[:_CELL_MAX] for cell in islice(row, _COLUMNS_MAX)]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _of_text(data: bytes) -> Iterator[Iterable[str]]:
    decoded = _decoded(data)
    if "\0" in decoded:
        raise text.NotText()
    divider = _divider(decoded)
    try:
        yield from csv.reader(io.StringIO(decoded, newline=""), delimiter=divider)
    except csv.Error as error:
        raise text.NotText() from error


def _decoded(data: bytes) -> str:
    if not data.startswith(_WIDE):
        return text.decoded(data).removeprefix("\ufeff")
    try:
        return data.decode("utf-16")
    except UnicodeDecodeError as error:
        raise text.NotText() from error


def _divider(decoded: str) -> str:
    """What divides the cells: of the first lines, the one that divides a line into most."""
    first = decoded.split("\n", _SNIFFED)[:_SNIFFED]
    most = {divider: max((line.count(divider) for line in first), default=0) for divider in _DIVIDERS}
    return max(_DIVIDERS, key=lambda divider: most[divider])


def _of_workbook(data: bytes) -> Iterator[Iterable[str]]:
    from openpyxl import load_workbook  # a tenth of a second, for which no window waits

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
        if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > _UNPACKED_MAX:
            raise FileTooLarge()
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what the file says of its size may be wrong
            for row in sheet.iter_rows(values_only=True, max_col=_COLUMNS_MAX):
                yield map(_said, row)
        finally:
            book.close()
    except _BROKEN as error:
        raise BadWorkbook() from error


def _said(value: object) -> str:
    """A cell as text: a number without an exponent, a moment as `2026-01-02 10:31:00`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    if isinstance(value, datetime):
        return value.replace(microsecond=0, tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)

"""A report as one JSON document in minor units, a row a line (source: FORMATS.md §7)."""

from typing import BinaryIO

import orjson

from gatepos import __version__
from gatepos.reports import names
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import Report, Sheet

NAME = "report.json"


def write(report: Report, outlet: Outlet) -> None:
    """`report.json`; row by row, so that a year takes no more memory than a day."""
    with outlet.file(NAME) as file:
        file.write(orjson.dumps(_heading(report, outlet))[:-1] + b',"papers":[')
        for place, sheet in enumerate(report.sheets):
            file.write(b",\n" if place else b"\n")
            _write_sheet(sheet, file, outlet)
        file.write(b"\n]}\n")


def _heading(report: Report, outlet: Outlet) -> dict[str, object]:
    return {
        "kind": "report",
        "v": 1,
        "program": __version__,
        **report.about(),
        "coverage": [note.said(outlet.words) for note in report.coverage],
        "identities": [
            {"says": one.note.said(outlet.words), "left": one.left, "right": one.right, "unit": one.kind}
            for one in report.identities
        ],
    }


def _write_sheet(sheet: Sheet, file: BinaryIO, outlet: Outlet) -> None:
    keys = [names.minor(column) for column in sheet.columns]
    heading = {
        "name": sheet.name,
        "title": outlet.words(sheet.title),
        "columns": [
            {"name": key, "title": outlet.words(column.title), "kind": column.kind}
            for key, column in zip(keys, sheet.columns, strict=True)
        ],
        "totals": {key: total for key, total in zip(keys, sheet.totals, strict=True) if total is not None},
        "notes": [note.said(outlet.words) for note in sheet.notes],
    }
    file.write(orjson.dumps(heading)[:-1] + b',"rows":[')
    for place, row in enumerate(outlet.rows(sheet)):
        file.write(b",\n" if place else b"\n")
        file.write(orjson.dumps(dict(zip(keys, row, strict=True))))
    file.write(b"\n]}")

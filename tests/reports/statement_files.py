"""Statements as providers export them, made of rows: with a heading or without, as XLSX or CSV."""

import csv
import io
from collections.abc import Sequence

import openpyxl

COLUMNS = (
    "Receipt No.", "Completion Time", "Initiation Time", "Details", "Transaction Status", "Paid In",
    "Withdrawn", "Balance", "Balance Confirmed", "Reason Type", "Other Party Info", "Linked Transaction ID",
    "A/C No.",
)  # fmt: skip
SHORTER = ("Receipt No.", "Completion Time", "Transaction Status", "Paid In", "Withdrawn", "A/C No.")
Row = Sequence[object]


def heading(
    paybill: str = "600000", day: str = "02-01-2026", paid_in: str = "", until: str | None = None
) -> list[Row]:
    """The six rows above the columns."""
    period = f"From {day} 00:00:00 To {until or day} 23:59:59"
    return [
        ("Account Holder:", "KENYA WILDLIFE SERVICE"),
        ("Short Code:", paybill),
        ("Account:", "Utility Account"),
        ("Time Period:", period),
        ("Operator:", "wanjiku", "Date of Report:", f"{day} 23:59:59"),
        ("Opening Balance:", "0.00", "Closing Balance:", "0.00", "Total Paid In:", paid_in),
    ]


def paid(code: str, kes: object, account: str = "", at: str = "02-01-2026 08:00:00", **other: object) -> Row:
    """A payment, with who paid it as the portal shows it."""
    cells: dict[str, object] = {
        "Receipt No.": code,
        "Completion Time": at,
        "Initiation Time": at,
        "Details": f"Pay Bill from 25472****108 - ATIENO OCHIENG Acc. {account}",
        "Transaction Status": "Completed",
        "Paid In": kes,
        "Withdrawn": "",
        "Balance": "1,000,000.00",
        "Balance Confirmed": "true",
        "Reason Type": "Pay Utility",
        "Other Party Info": "254722000108 - ATIENO OCHIENG",
        "Linked Transaction ID": "",
        "A/C No.": account,
    }
    return tuple((cells | {name.replace("_", " "): value for name, value in other.items()}).values())


def taken_back(code: str, kes: object, of: str, at: str = "02-01-2026 09:00:00") -> Row:
    """The reversal of a payment, as a negative withdrawal."""
    row = dict(zip(COLUMNS, paid(code, "", "", at), strict=True))
    row |= {"Details": "Reversal", "Reason Type": "Pay Utility Reversal", "Withdrawn": kes}
    return tuple((row | {"Linked Transaction ID": of}).values())


def settled(code: str, kes: str, at: str = "02-01-2026 20:00:00") -> Row:
    """Money that went to the bank."""
    row = dict(zip(COLUMNS, paid(code, "", "", at), strict=True))
    reason = "Utility Account to Organization Settlement Account"
    return tuple((row | {"Details": reason, "Reason Type": reason, "Withdrawn": kes}).values())


def only(columns: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """The rows with these of the columns, their names above them."""
    places = [COLUMNS.index(name) for name in columns]
    return [columns, *(tuple(row[place] for place in places) for row in rows)]


def as_csv(rows: Sequence[Row], encoding: str = "utf-8", divider: str = ",") -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=divider).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Sequence[Row]) -> bytes:
    """The rows as a workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""Statements as they come: the right lines or a named error, and nothing of who paid."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import pytest

from gatepos.domain.statements import CARD, ECITIZEN, MPESA, Statement
from gatepos.domain.text import NotText
from gatepos.domain.tickets import BadTicketList
from gatepos.errors import Refusal
from gatepos.reports.statements import cells, values
from gatepos.reports.statements.card import NoSuchColumn, WhichColumns
from gatepos.reports.statements.cells import BadWorkbook, FileEmpty, FileTooLarge, OldWorkbook
from gatepos.reports.statements.mpesa import (
    ColumnMissing,
    NoPaybill,
    NothingThere,
    OtherPaybill,
    TwoStories,
)
from gatepos.reports.statements.reading import Hints, NoStatement, read
from gatepos.reports.statements.values import BadLine, NotAValue
from tests.reports.statement_files import (
    COLUMNS,
    SHORTER,
    Row,
    as_csv,
    as_xlsx,
    heading,
    only,
    paid,
    settled,
    taken_back,
)

HINTS = Hints(date(2026, 1, 5), ("NNP",))
EIGHT = "2026-01-02T05:00:00.000Z"
ROWS = [
    paid("UA26X1Y2ZQ", "43,940.00", "xnm2-b000001-1"),
    paid("UA26X1Y2ZR", "1,000.00", "KDA 412M", "02-01-2026 09:15:30"),
    paid("UA26X1Y2ZS", "500.00", "0722 000 108", Transaction_Status="Failed"),
    taken_back("UA26X1Y2ZT", "-1,000.00", "UA26X1Y2ZR"),
    settled("UA26X1Y2ZU", "-43,940.00"),
]


def whole(rows: Sequence[Row] = ROWS, **head: str) -> list[Row]:
    return [*heading(**head), COLUMNS, *rows]


def of(data: bytes, **hints: object) -> Statement:
    known = {"today": HINTS.today, "parks": HINTS.parks, **hints}
    return read(data, Hints(**known))  # type: ignore[arg-type]


def facts(statement: Statement) -> list[tuple[object, ...]]:
    return [(one.code, one.at, one.amount_minor, one.account, one.reverses) for one in statement.lines]


EXPECTED = [
    ("UA26X1Y2ZQ", EIGHT, 4_394_000, "XNM2B0000011", ""),
    ("UA26X1Y2ZR", "2026-01-02T06:15:30.000Z", 100_000, "KDA412M", ""),
    ("UA26X1Y2ZT", "2026-01-02T06:00:00.000Z", -100_000, "", "UA26X1Y2ZR"),
]


@pytest.mark.parametrize(
    "data",
    [
        as_csv(whole()),
        as_csv(whole(), "utf-8-sig"),
        as_csv(whole(), "utf-16"),
        as_csv(whole(), divider=";"),
        as_csv(whole(), divider="\t"),
        as_xlsx(whole()),
    ],
    ids=["csv", "bom", "utf-16", "semicolons", "tabs", "xlsx"],
)
def test_the_portals_export_is_read_in_every_form(data: bytes) -> None:
    found = of(data)
    assert (found.kind, found.place, found.left, found.is_whole) == (MPESA, "600000", 2, True)
    assert (found.from_at, found.to_at) == ("2026-01-01T21:00:00.000Z", "2026-01-02T20:59:59.000Z")
    assert facts(found) == EXPECTED


def test_nothing_of_who_paid_is_in_it() -> None:
    found = repr(of(as_csv(whole())))
    for private in ("ATIENO", "OCHIENG", "722", "25472", "wanjiku"):
        assert private not in found


def test_a_workbook_with_real_moments_and_numbers_says_the_same() -> None:
    rows = [
        paid("UA26X1Y2ZQ", 43940, "XNM2B0000011", datetime(2026, 1, 2, 8, 0)),  # type: ignore[arg-type]
        paid("UA26X1Y2ZR", 1000.0, "KDA412M", datetime(2026, 1, 2, 9, 15, 30)),  # type: ignore[arg-type]
        taken_back("UA26X1Y2ZT", -1000, "UA26X1Y2ZR", datetime(2026, 1, 2, 9)),  # type: ignore[arg-type]
    ]
    assert facts(of(as_xlsx(whole(rows)))) == EXPECTED


def test_a_shorter_form_without_a_heading_needs_the_paybill_said() -> None:
    data = as_csv(only(SHORTER, ROWS[:2]))
    with pytest.raises(NoPaybill):
        of(data)
    found = of(data, paybill="600000")
    assert facts(found) == EXPECTED[:2]
    assert (found.from_at, found.to_at) == (EIGHT, "2026-01-02T06:15:30.000Z")


def test_without_an_account_column_the_details_say_it() -> None:
    columns = [name for name in COLUMNS if name != "A/C No."]
    assert facts(of(as_csv(only(columns, ROWS)), paybill="600000")) == EXPECTED


def test_without_reasons_a_linked_withdrawal_is_a_reversal_and_one_that_is_not_is_left() -> None:
    columns = (*SHORTER, "Linked Transaction ID")
    found = of(as_csv(only(columns, ROWS)), paybill="600000")
    assert (facts(found), found.left) == (EXPECTED, 2)


def test_a_reversal_that_names_no_payment_stands_for_a_person_to_look_at() -> None:
    found = of(as_csv(whole([taken_back("UA26X1Y2ZT", "1,000.00", "")])))
    assert facts(found) == [("UA26X1Y2ZT", "2026-01-02T06:00:00.000Z", -100_000, "", "UA26X1Y2ZT")]


def test_a_charge_linked_to_a_payment_takes_nothing_back() -> None:
    charge = dict(zip(COLUMNS, taken_back("UA26X1Y2ZQ", "-23.00", "UA26X1Y2ZQ"), strict=True))
    charge |= {"Details": "Pay Bill Charge", "Reason Type": "Pay Bill Charge"}
    found = of(as_csv(whole([ROWS[0], tuple(charge.values())])))
    assert (facts(found), found.left) == (EXPECTED[:1], 1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("02-01-2026 08:00:00", EIGHT),
        ("2-1-2026 8:00", EIGHT),
        ("02/01/2026 08:00:00", EIGHT),
        ("02.01.2026 08:00", EIGHT),
        ("2026-01-02 08:00:00", EIGHT),
        ("2026-01-02T08:00:00.000", EIGHT),
        ("2026/01/02 08:00:00", EIGHT),
        ("02/01/2026 8:00:00 AM", EIGHT),
        ("02/01/2026 12:30 am", "2026-01-01T21:30:00.000Z"),
        ("2026-01-02 08:00:00 EAT", EIGHT),
        ("2026-01-02", "2026-01-01T21:00:00.000Z"),
    ],
)
def test_moments_are_read_as_kenya_writes_them(at: str, expected: str) -> None:
    assert values.moment(at) == expected


@pytest.mark.parametrize(
    "at",
    ["", "01/13/2026 08:00", "2026-13-01", "30-02-2026", "2-1-26", "08:00", "02-01-2026 25:00",
     "02-01-2026 13:00 PM", "46024.33", "2026-01-02T08:00:00Z", "02-01-1899", "02-01-2026 08:00 next"],
)  # fmt: skip
def test_what_is_no_moment_is_refused(at: str) -> None:
    with pytest.raises(NotAValue):
        values.moment(at)


@pytest.mark.parametrize(
    ("cell", "minor"),
    [("43,940.00", 4_394_000), ("43940", 4_394_000), ("43940.5", 4_394_050), ("-1,000.00", -100_000),
     ("KES 1,000", 100_000), ("Ksh. 50.00", 5_000), ("KES -50.00", -5_000), ("", 0), ("0.00", 0), ("-", 0),
     ("1,234,567.89", 123_456_789), ("100.0000", 10_000)],
)  # fmt: skip
def test_amounts_are_read_in_every_form(cell: str, minor: int) -> None:
    assert values.amount(cell) == minor


@pytest.mark.parametrize(
    "cell", ["1.000,00", "43,94.00", "1e5", "12.345", "--5", "five", "1 000", "٤٥", "9" * 13, "=1+1"]
)
def test_what_is_no_amount_is_refused(cell: str) -> None:
    with pytest.raises(NotAValue):
        values.amount(cell)


def test_lines_that_are_less_than_the_total_are_read_and_the_rest_is_unknown_to_nobody() -> None:
    assert of(as_csv(whole(ROWS[:2], paid_in="44,940.00"))).is_whole
    assert not of(as_csv(whole(ROWS[:1], paid_in="44,940.00"))).is_whole
    assert not of(as_csv(whole([paid("UA26X1Y2ZQ", "5", at="05-01-2026 08:00:00")]))).is_whole


def test_a_day_without_payments_is_a_statement_and_a_file_without_a_day_is_not() -> None:
    assert of(as_csv(whole([]))).lines == ()
    with pytest.raises(NothingThere):
        of(as_csv([COLUMNS, ()]), paybill="600000")


def test_what_stands_below_the_lines_is_no_line() -> None:
    below = [("Total", "", "", "", "", "44,940.00"), ("", "", "", "", "", "44,940.00"), ("Disclaimer: …",)]
    assert facts(of(as_csv([*whole(), *below]))) == EXPECTED


def test_the_same_line_twice_is_one_and_another_under_its_code_is_refused() -> None:
    assert facts(of(as_csv(whole([ROWS[0], ROWS[0]])))) == EXPECTED[:1]
    with pytest.raises(TwoStories):
        of(as_csv(whole([ROWS[0], paid("UA26X1Y2ZQ", "1.00")])))


@pytest.mark.parametrize("column", ["Transaction Status", "Withdrawn"])
def test_without_a_column_that_decides_nothing_is_taken(column: str) -> None:
    columns = [name for name in COLUMNS if name != column]
    with pytest.raises(ColumnMissing, match=column):
        of(as_csv(only(columns, ROWS)), paybill="600000")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (paid("UA26X1Y2ZQ", "1.000,00"), "Paid In"),
        (paid("UA26 X1Y", "1,000"), "Receipt No."),
        (paid("UA26X1Y2ZQ", "1,000", at="13/13/2026"), "Completion Time"),
        (paid("UA26X1Y2ZQ", "-5"), "Paid In"),
        (paid("UA26X1Y2ZQ", "5", Withdrawn="5"), "Paid In"),
        (paid("", "5"), "Receipt No."),
    ],
)
def test_a_line_that_cannot_be_read_is_named(row: Row, why: str) -> None:
    with pytest.raises(BadLine) as told:
        of(as_csv(whole([*ROWS, row])))
    assert (told.value.values["line"], told.value.values["column"]) == (13, why)


def test_a_statement_of_another_paybill_is_refused() -> None:
    with pytest.raises(OtherPaybill):
        of(as_csv(whole()), paybill="222222")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b" " * (300 << 20))
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FileEmpty),
        (b"\n\n,,\n", FileEmpty),
        (b"PK\x03\x04 not a workbook", BadWorkbook),
        (as_xlsx(whole())[:2_000], BadWorkbook),
        (_bomb(), FileTooLarge),
        (b"\xd0\xcf\x11\xe0 an old workbook", OldWorkbook),
        ("Wanjikũ,é".encode("latin-1", "replace") + b"\xff", NotText),
        (b"\xff\xfe\x00", NotText),
        (b"a\0b,c\n", NotText),
        (b"a,b\n1,2\n", NoStatement),
        (b"%PDF-1.7\n\x80", NotText),
        (b"x" * (cells.FILE_MAX + 1), FileTooLarge),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "file",
)
def test_what_is_no_statement_is_refused_by_name(data: bytes, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        of(data)


def test_a_hundred_thousand_lines_are_read() -> None:
    rows = [(f"UA2{n:07d}", "02-01-2026 08:00", "Completed", "100.00", "", "") for n in range(100_000)]
    assert len(of(as_csv([*heading(), SHORTER, *rows])).lines) == 100_000


CARDS = [
    ("Terminal", "Txn Date", "Auth Code", "Card", "Gross Amount"),
    ("T1", "02/01/2026 08:00", "012345", "****1234", "5,000.00"),
    ("T1", "02/01/2026 08:00", "012345", "****1234", "5,000.00"),
    ("T1", "02/01/2026 09:00", "A1B2C3", "****9999", "-700.00"),
    ("", "", "", "", "9,300.00"),
]  # fmt: skip


def test_a_card_settlement_is_read_by_common_names_and_two_alike_are_two() -> None:
    found = of(as_csv(CARDS))
    assert (found.kind, found.columns) == (CARD, ("Auth Code", "Gross Amount", "Txn Date"))
    assert [(one.code, one.amount_minor, one.n) for one in found.lines] == [
        ("012345", 500_000, 0), ("012345", 500_000, 1), ("A1B2C3", -70_000, 0),
    ]  # fmt: skip


def test_columns_that_nobody_guesses_are_asked_for_and_named() -> None:
    rows = [("Wann", "Nummer", "Betrag"), ("02-01-2026", "012345", "5,000.00")]
    with pytest.raises(WhichColumns, match="Nummer"):
        of(as_csv(rows), is_card=True)
    found = of(as_csv(rows), columns=("nummer", "BETRAG", "wann"))
    assert [(one.code, one.amount_minor, one.day) for one in found.lines] == [
        ("012345", 500_000, "2026-01-02")
    ]
    with pytest.raises(NoSuchColumn, match="Summe"):
        of(as_csv(rows), columns=("Nummer", "Summe", "Wann"))


def test_a_list_of_tickets_has_no_amounts_and_days_that_are_past() -> None:
    rows = [
        ("reference", "day", "park", "people", "band", "plate"),
        ("KWS-26/77", "2026-01-02", "NNP", "2 non_resident adult", "2", "KDA 412M"),
    ]
    found = of(as_csv(rows))
    assert (found.kind, found.from_at, found.to_at) == (
        ECITIZEN, "2026-01-01T21:00:00.000Z", "2026-01-02T20:59:59.000Z",
    )  # fmt: skip
    assert facts(found) == [("KWS26/77", "2026-01-01T21:00:00.000Z", None, "KDA412M", "")]
    with pytest.raises(BadTicketList):
        of(as_csv([rows[0], ("KWS-26/77", "2026-01-02", "NNP", "some", "", "")]))

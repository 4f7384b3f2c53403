"""The papers of a day say what the entries of its tills say, number by number and to the shilling."""

import json
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from gatepos import app, cli, spoken
from gatepos.domain import moments
from gatepos.till.till import Till
from tests.gate import Gate, counted_ids, selling
from tests.reports import day, second
from tests.till.test_free_entry import KENYAN, noticed

DAY = "2026-01-02"
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a till with a day in it that nobody has open."""
    gate = Gate(tmp_path_factory.mktemp("lived") / "park")
    till = selling(gate.built(), float_kes="2000")
    day.played(till)
    day.closed(till)
    till.desk.ledger.close()
    return gate.folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(lived, tmp_path / "park"))


def asked(path: Path, out: Path, *more: str) -> Result:
    """What the command does."""
    out.mkdir(exist_ok=True)
    return CliRunner().invoke(cli.commands, ["takings", str(path), "--out", str(out), *more])


def made(path: Path, out: Path, *more: str, formats: str = "json") -> Path:
    """The folder of an export of the day."""
    result = asked(path, out, "--day", DAY, "--format", formats, *more)
    assert result.exit_code == 0, result.output
    return Path(result.output.rpartition(": ")[0])


def document(export: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((export / "report.json").read_bytes())
    return found


def papers(export: Path) -> dict[str, Rows]:
    return {paper["name"]: paper["rows"] for paper in document(export)["papers"]}


def test_every_total_of_every_paper_is_that_of_a_second_reader(folder: Path, tmp_path: Path) -> None:
    found = document(made(folder, tmp_path / "out"))
    reader = second.Reader(second.journal(folder / "ledger.db"), DAY, DAY, {"XNM2"})
    assert {paper["name"]: paper["totals"] for paper in found["papers"]} == reader.totals()
    assert [one["left"] for one in found["identities"]] == [one["right"] for one in found["identities"]]


def test_a_free_day_reports_what_it_let_go_and_counts_who_is_no_visitor_apart(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "park")
    till = selling(gate.built())
    noticed(till)
    till.checkout.count(KENYAN, 30)
    till.checkout.stay(2, 0)
    till.checkout.plate("KCX 350A")
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZA")
    for ground in ("staff", "police"):
        till.checkout.free(ground)
        till.checkout.plate("GKB 100C")
        till.payments.at_once(())
    day.sold(till, code="UA26X1Y2ZB")
    till.desk.ledger.close()
    found = document(made(gate.folder, tmp_path / "out"))
    reader = second.Reader(second.journal(gate.folder / "ledger.db"), DAY, DAY, {"XNM2"})
    totals = {paper["name"]: paper["totals"] for paper in found["papers"]}
    assert totals == reader.totals()
    assert totals["exemptions"] == {"people": 30, "foregone_minor": 3_000_000}
    assert (totals["visitors"]["people"], totals["not_visitors"]["people"]) == (31, 2)
    rows = {paper["name"]: paper["rows"] for paper in found["papers"]}
    assert [row["evidence"] for row in rows["exemptions"]] == ["KWS/FE/1/2026"]
    assert {(row["ground"], row["plate"]) for row in rows["not_visitors"]} == {
        ("Staff", "GKB 100C"), ("Police", "GKB 100C")
    }  # fmt: skip


def test_the_second_reader_imports_nothing_of_the_program() -> None:
    assert "import gatepos" not in Path(second.__file__).read_text("utf-8")
    assert "from gatepos" not in Path(second.__file__).read_text("utf-8")


def test_what_stands_beside_each_other_is_never_one_sum(folder: Path, tmp_path: Path) -> None:
    found = {row["figure"]: row for row in papers(made(folder, tmp_path / "out"))["figures"]}
    assert found["Collected here"] == {
        "figure": "Collected here", "count": 11, "kes_minor": 9_000_500, "usd_minor": 5_000
    }  # fmt: skip
    assert (found["Prepaid elsewhere"]["count"], found["Prepaid elsewhere"]["kes_minor"]) == (1, 100_000)
    assert found["Of this on no list"]["count"] == 1
    assert found["Claimed and not confirmed"]["count"] == 7
    assert (found["Owed on open passes"]["count"], found["Owed on open passes"]["kes_minor"]) == (4, 580_000)


def test_the_register_has_each_number_with_its_end_its_reason_and_who_agreed(
    folder: Path, tmp_path: Path
) -> None:
    rows = {row["number"]: row for row in papers(made(folder, tmp_path / "out"))["receipts"]}
    assert len(rows) == 14
    voided, void = rows["XNM2-R000008-C"], rows["XNM2-V000001-W"]
    assert (voided["state"], voided["ended_by"], voided["ended_on"]) == ("voided", "XNM2-V000001-W", DAY)
    assert (voided["reason"], voided["second"]) == ("turned back", "01")
    assert (void["what"], void["of"], void["total_minor"]) == ("Void", "XNM2-R000008-C", -100_000)
    corrected, anew = rows["XNM2-R000006-G"], rows["XNM2-R000007-E"]
    assert (corrected["state"], corrected["ended_by"]) == ("corrected", "XNM2-R000007-E")
    assert (anew["what"], anew["total_minor"], anew["taken_minor"]) == ("Correction", 300_000, 100_000)
    assert rows["XNM2-R000011-M"]["of"] == "XNM2-P000001-N"


def test_a_number_between_that_is_of_another_business_day_is_accounted_for(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "park")
    till = selling(gate.built())
    day.sold(till, code="UA26X1Y2ZA")
    gate.clock.pass_by(moments.DAY_MS)
    other_day(till)
    till.sign_in.sign_in("07", "246813")
    till.shifts.to_window()
    day.sold(till, code="UA36X1Y2ZC")
    till.desk.ledger.close()
    found = document(made(gate.folder, tmp_path / "out"))
    rows = next(paper["rows"] for paper in found["papers"] if paper["name"] == "receipts")
    assert [(row["number"][5:11], row["state"]) for row in rows] == [
        ("R00000", "counts"), ("R00000", "of another business day"), ("R00000", "counts")
    ]  # fmt: skip
    assert any("still open" in note for note in found["coverage"])


def other_day(till: Till) -> None:
    """Another clerk opens a shift on the next day and sells."""
    till.sign_in.sign_in("08", "975310")
    till.shifts.open("0")
    till.shifts.to_window()
    day.sold(till, code="UA36X1Y2ZB")


def test_an_open_pass_of_an_earlier_day_is_carried_over(folder: Path, tmp_path: Path) -> None:
    result = asked(folder, tmp_path / "out", "--day", "2026-01-03", "--format", "json")
    assert result.exit_code == 0, result.output
    rows = papers(Path(result.output.rpartition(": ")[0]))["passes"]
    assert [(row["owed_minor"], row["before"]) for row in rows] == [
        (100_000, 1), (160_000, 1), (160_000, 1), (160_000, 1)
    ]  # fmt: skip


def test_a_workbook_adds_up_by_formula_to_the_same(folder: Path, tmp_path: Path) -> None:
    export = made(folder, tmp_path / "out", formats="xlsx,json")
    totals = {paper["title"]: paper["totals"] for paper in document(export)["papers"]}
    book = openpyxl.load_workbook(export / "report.xlsx")
    page = book["Receipt register"]
    column = next(cell.column for cell in page[4] if cell.value == "Taken, KES")
    cells = [page.cell(row, column).value for row in range(5, page.max_row + 1)]
    formula = next(cell for cell in cells if str(cell).startswith("=SUM("))
    assert formula is not None
    summed = sum(cell for cell in cells if isinstance(cell, int | float))
    assert round(summed * 100) == totals["Receipt register"]["taken_minor"]


def test_no_two_columns_of_a_file_have_one_name(folder: Path, tmp_path: Path) -> None:
    export = made(folder, tmp_path / "out", formats="csv")
    for path in export.glob("*.csv"):
        names = path.read_text("utf-8-sig").splitlines()[0].split(",")
        assert len({*names}) == len(names), path.name


# Versions.


def test_the_same_again_is_the_same_version(folder: Path, tmp_path: Path) -> None:
    first, again = (document(made(folder, tmp_path / "out")) for _ in range(2))
    assert (first["version"], again["version"]) == (1, 1)


def test_a_version_says_what_changed_since_the_one_before(folder: Path, tmp_path: Path) -> None:
    made(folder, tmp_path / "out")
    confirm(folder)
    after = document(made(folder, tmp_path / "out"))
    assert after["version"] == 2
    assert any("codes confirmed 0 → 1" in note for note in after["coverage"])
    assert any("codes claimed 7 → 6" in note for note in after["coverage"])
    assert document(made(folder, tmp_path / "out"))["version"] == 2


def confirm(folder: Path) -> None:
    """M-PESA says that a code paid what it paid."""
    till = app.open_till(folder, Gate(folder, new_id=counted_ids("conf")).world())
    receipt = till.history.find("XNM2-R000001-Q")[0].number.replace("-", "")
    till.desk.note(
        "payment.confirmed",
        {"reference": "UA26X1Y2ZA", "receipt": receipt, "account": "XNM2B000001", "amount_minor": 100_000,
         "paid_at": "2026-01-02T07:30:00.000Z"},
    )  # fmt: skip
    till.desk.ledger.close()


def test_a_record_of_versions_that_was_altered_counts_for_nothing(folder: Path, tmp_path: Path) -> None:
    made(folder, tmp_path / "out")
    (record,) = (folder / "exported").iterdir()
    record.write_bytes(record.read_bytes().replace(b'\\"version\\":1', b'\\"version\\":7'))
    found = document(made(folder, tmp_path / "out"))
    assert found["version"] == 1
    assert any("altered" in note for note in found["coverage"])


# What does not add up.


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE taken SET amount_minor = amount_minor + 100 WHERE line = 0 AND kind = 'card'",
        "UPDATE charge SET kes_minor = kes_minor - 100 WHERE fee = 'vehicle'",
        "DELETE FROM posting WHERE account LIKE 'asset:receivable:%' AND seq IN (SELECT seq FROM settlement)",
    ],
)
def test_books_that_do_not_add_up_are_not_reported(folder: Path, tmp_path: Path, harm: str) -> None:
    conn = sqlite3.connect(folder / "ledger.db")
    assert conn.execute(harm).rowcount > 0
    conn.commit()
    conn.close()
    result = asked(folder, tmp_path / "out", "--day", DAY)
    assert result.exit_code == spoken.REFUSED
    assert "does not add up" in result.output
    assert [*(tmp_path / "out").iterdir()] == []


def test_every_number_is_written_as_its_paper_shows_it(folder: Path, tmp_path: Path) -> None:
    export = made(folder, tmp_path / "out", formats="csv,json")
    bare = re.compile(r"\b[A-Z][A-Z0-9]{3}[BRPVZM]\d{6}[A-Z0-9]\b")
    files = {path.name: path.read_text("utf-8") for path in export.iterdir() if path.name != "manifest.json"}
    assert {name: bare.findall(text) for name, text in files.items() if bare.search(text)} == {}
    assert re.search(r"\bXNM2-R000001-\w\b", files["receipts.csv"])


def test_what_was_counted_is_compared_with_what_was_expected_at_one_look(
    folder: Path, tmp_path: Path
) -> None:
    found = papers(made(folder, tmp_path / "out"))
    figures = {row["figure"]: row for row in found["figures"]}
    names = [row["figure"] for row in found["figures"]]
    begins = names.index("Expected in closed shifts")
    assert names[begins + 1 : begins + 4] == ["Counted in closed shifts", "Over or short", "Of this cash"]
    for currency, ending in (("kes_minor", "_minor"), ("usd_minor", "_usd_minor")):
        expected, counted, over, cash = (figures[name][currency] for name in names[begins : begins + 4])
        sums = [sum(row[f"{name}{ending}"] for row in found["counts"]) for name in ("expected", "counted")]
        assert [expected, counted] == sums
        assert over == counted - expected == sum(row[f"difference{ending}"] for row in found["counts"])
        assert cash == sum(row[f"difference{ending}"] for row in found["counts"] if row["tender"] == "Cash")
    assert figures["Over or short"]["kes_minor"] != figures["Of this cash"]["kes_minor"]
    assert figures["Counted in closed shifts"]["count"] == 1

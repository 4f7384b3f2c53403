"""The JSON document has every figure in minor units, under the names that say so."""

from pathlib import Path

import orjson

from tests.reports import papers
from tests.reports.papers import NASTY


def test_the_document_is_the_report(tmp_path: Path) -> None:
    sheet = papers.register(1203)
    made = papers.written(tmp_path, papers.report(sheet, papers.texts(*NASTY)), "json")
    document = orjson.loads((made.folder / "report.json").read_bytes())
    register, texts = document["papers"]
    assert document["heads"] == [{"till": "NMG2", "seq": 4812, "hash": "ab" * 32}]
    assert [tuple(row.values()) for row in register["rows"]] == list(sheet.rows)
    assert list(register["rows"][0])[5:] == ["rate_e4", "paid_minor", "usd_minor"]
    assert register["totals"]["paid_minor"] == sheet.totals[6]
    assert [row["text"] for row in texts["rows"]] == list(NASTY)
    assert [one["left"] for one in document["identities"]] == [80_000]

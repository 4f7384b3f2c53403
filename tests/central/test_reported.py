"""Central reports a park as the entries of its tills say it, on both databases, and signs it."""

import json
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner

from gatepos import cli
from gatepos.central import enrolling
from gatepos.central import folder as places
from gatepos.central.store import following, looks
from gatepos.reports import manifest
from tests.central.managers.conftest import Heard, heard
from tests.central.managers.test_takings import a_morning, day_of
from tests.central.place import CENTRAL_KEY, Place, journal_of
from tests.reports import second

__all__ = ["heard"]  # what it is to the pages, it is here
DAY = "2026-01-02"


@pytest.fixture
def told(heard: Heard, place: Place, tmp_path: Path) -> Heard:
    """A morning of three tills that central has, its key in a folder."""
    a_morning(heard)
    heard.sent()
    following.catch_up_all(place.store, place.central.now())
    CENTRAL_KEY.save(tmp_path / places.KEY)
    return heard


def asked(place: Place, folder: Path, *more: str) -> dict[str, object]:
    """The document that the command writes."""
    out = folder.with_name(f"{folder.name}-out")
    out.mkdir(exist_ok=True)
    url = place.store.url.render_as_string(hide_password=False)
    command = ["central", "takings", str(folder), "--database", url, "--day", DAY, "--out", str(out), *more]
    result = CliRunner().invoke(cli.commands, command)
    assert result.exit_code == 0, result.output
    export = Path(result.output.rpartition(": ")[0])
    checked = manifest.check(export, {"central": CENTRAL_KEY.public})
    assert (checked.by, checked.findings) == ("central", ())
    found: dict[str, object] = json.loads((export / "report.json").read_bytes())
    return found


def totals(found: dict[str, object]) -> dict[str, object]:
    papers: list[dict[str, object]] = found["papers"]  # type: ignore[assignment]
    return {str(paper["name"]): paper["totals"] for paper in papers}


def test_the_command_reports_a_park_as_its_tills_wrote_it(told: Heard, place: Place, tmp_path: Path) -> None:
    known = [json.loads(raw) for till in told.tills for raw, _ in journal_of(till)]
    reader = second.Reader(known, DAY, DAY, {till.desk.own.till for till in told.tills})
    found = asked(place, tmp_path, "--park", "NNP", "--format", "json")
    assert totals(found) == reader.totals()
    assert found["park"] == "NNP"
    assert [head["till"] for head in found["heads"]] == ["XNE1", "XNM1", "XNM2"]  # type: ignore[attr-defined]


def test_all_parks_are_reported_together(told: Heard, place: Place, tmp_path: Path) -> None:
    found = asked(place, tmp_path, "--format", "json,xlsx,pdf,csv")
    assert (found["park"], found["version"]) == ("", 1)
    assert totals(found) == totals(asked(place, tmp_path, "--park", "NNP", "--format", "json"))


def test_the_page_shows_the_same_as_the_report(told: Heard, place: Place, tmp_path: Path) -> None:
    page, found = day_of(place), asked(place, tmp_path, "--park", "NNP", "--format", "json")
    papers = cast("list[dict[str, list[dict[str, object]]]]", found["papers"])
    rows = next(one["rows"] for one in papers if str(one["name"]) == "figures")
    figures = {str(row["figure"]): row for row in rows}
    tenders = next(one["rows"] for one in papers if str(one["name"]) == "tenders")
    here = {str(row["tender"]): row["papers"] for row in tenders if "eCitizen" not in str(row["tender"])}
    assert {row.label: row.count for row in page.tenders} == here
    assert figures["Collected here"]["count"] == page.papers
    assert figures["Prepaid elsewhere"]["count"] == page.prepaid_count
    assert figures["Claimed and not confirmed"]["count"] == page.claimed_count
    held = figures["Held, to be refunded or to pay the next bill"]
    assert (held["count"], held["kes_minor"]) == (page.held.papers, page.held.minor)
    assert figures["Collected here"]["kes_minor"] == page.collected_kes_minor
    assert figures["Claimed and not confirmed"]["kes_minor"] == page.claimed_minor
    owed = figures["Owed on open passes"]
    assert (owed["count"], owed["kes_minor"]) == (page.open.count, page.open.minor)
    assert figures["Charged"]["kes_minor"] == page.charged_minor


def test_an_export_by_command_is_kept_among_the_looks_with_what_it_was_of(
    told: Heard, place: Place, tmp_path: Path
) -> None:
    asked(place, tmp_path, "--park", "NNP", "--format", "json")
    asked(place, tmp_path, "--format", "json")
    with place.store.reading() as tx:
        kept = [(look.who, look.page, look.about) for look in looks.last(tx)]
    of_day = f"{DAY}–{DAY}"
    assert sorted(kept) == [
        (enrolling.COMMAND, looks.EXPORT, f"* {of_day}"),
        (enrolling.COMMAND, looks.EXPORT, f"NNP {of_day}"),
    ]

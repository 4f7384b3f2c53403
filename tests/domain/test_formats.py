"""FORMATS.md and the code that checks entries say the same."""

import re
from pathlib import Path

import pytest

from gatepos.domain import entry, kinds, records, shapes
from gatepos.domain.gatepass import Payload
from gatepos.domain.kinds import KINDS
from gatepos.domain.shapes import Field, Table
from gatepos.wire import feed, schedules

TEXT = (Path(kinds.__file__).parents[1] / "FORMATS.md").read_text(encoding="utf-8")
Rows = dict[str, tuple[str, bool]]
"""Type and whether it may be null, by field."""


def section(title: str) -> str:
    """What stands under a heading, up to the next."""
    found = re.search(rf"^#+ {re.escape(title)}\n(.*?)(?=^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, f"FORMATS.md has no {title}"
    return found[1]


def written(title: str) -> Rows:
    """The fields under a heading, with those that it takes from another."""
    text = section(title)
    taken = re.search(r"has the fields of `([a-z.]+)`", text)
    rows: Rows = written(f"`{taken[1]}`") if taken else {}
    for name, type_, null in re.findall(r"^\| `(\w+)` \| (.+?) \| (yes)? ?\|", text, re.MULTILINE):
        rows[name] = (type_, null == "yes")
    return rows


def meant(table: Table) -> Rows:
    """The fields of a table of the code."""
    return {name: (field.type.name, field.null) for name, field in table.items()}


def test_the_envelope_is_as_written() -> None:
    assert written("Envelope") == meant(entry.ENVELOPE)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_as_written(kind: str) -> None:
    assert written(f"`{kind}`") == meant(KINDS[kind])


def test_no_kind_is_written_that_does_not_exist() -> None:
    assert re.findall(r"^#### `(.+)`$", TEXT.split("### Kinds\n")[1], re.MULTILINE) == list(KINDS)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("approval", entry._ALSO),
        ("line", records.LINE),
        ("tender", records.TENDER),
        ("money", records.MONEY),
        ("denomination", records.COUNTED),
        ("drawer", records.DRAWER),
        ("late", records.LATER),
        ("aside", records.ASIDE),
        ("debt", records.DEBT),
        ("pass sums", records.PASS_SUMS),
        ("sight", records.SIGHT),
        ("seen", records.SEEN),
        ("limit", records.LIMIT),
    ],
)
def test_a_record_within_entries_is_as_written(name: str, table: Table) -> None:
    assert written(f"`{name}`") == meant(table)


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("Feed `schedules`", feed.ROWS["schedules"]),
        ("Feed `schedules`: fee", schedules.FEE),
        ("Feed `schedules`: head", schedules.HEAD),
        ("Feed `prepaid`", feed.ROWS["prepaid"]),
        ("Feed `prepaid`: people", feed.PEOPLE),
    ],
)
def test_a_row_of_a_feed_is_as_written(title: str, table: Table) -> None:
    assert written(title) == meant(table)


def test_every_field_has_its_meaning_in_words() -> None:
    assert not re.findall(r"^\| `\w+` \| .* \| *\|$", TEXT, re.MULTILINE)


def test_the_tokens_fields_are_all_written() -> None:
    fields = re.findall(r"^\| \d+ \| `(\w+)` \|", section("4. The pass token"), re.MULTILINE)
    assert set(fields) - {"version"} == set(Payload.__slots__)


def test_the_code_refers_only_to_sections_that_exist() -> None:
    code = Path(kinds.__file__).parents[1]
    named = {
        n for path in code.rglob("*.py") for n in re.findall(r"FORMATS\.md §(\d)", path.read_text("utf-8"))
    }
    assert named
    assert named <= set(re.findall(r"^## (\d)\. ", TEXT, re.MULTILINE))


def test_a_field_too_many_or_too_few_is_no_entry() -> None:
    table = {"a": Field(shapes.CODE, ""), "b": Field(shapes.FLAG, "", null=True)}
    assert shapes.why_not(table, {"a": "NNP", "b": None}) is None
    assert shapes.why_not(table, {"a": "NNP"}) == "field b is missing or unknown"
    assert shapes.why_not(table, {"a": "NNP", "b": True, "c": 1}) == "field c is missing or unknown"
    assert shapes.why_not(table, {"a": None, "b": True}) == "a is not code"


def test_entries_from_before_a_field_was_added_still_hold() -> None:
    table = {"a": Field(shapes.CODE, ""), "b": Field(shapes.FLAG, "", null=True, is_added=True)}
    for whole in ({"a": "NNP", "b": True}, {"a": "NNP", "b": None}, {"a": "NNP"}):
        assert shapes.why_not(table, whole) is None
    later = {**table, "d": Field(shapes.FLAG, "", null=True, is_added=True)}
    assert shapes.why_not(later, {"a": "NNP", "b": True}) is None
    assert shapes.why_not(table, {"b": True}) == "field a is missing or unknown"
    assert shapes.why_not(table, {"a": "NNP", "c": 1}) == "field c is missing or unknown"
    assert shapes.why_not(table, {"a": "NNP", "b": 1}) == "b is not true or false"


def test_every_field_that_was_added_says_so() -> None:
    added = {
        name for table in (*KINDS.values(), records.LINE) for name, field in table.items() if field.is_added
    }
    assert set(re.findall(r"^\| `(\w+)` \|.*; added later \|$", TEXT, re.MULTILINE)) == added

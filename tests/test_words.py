"""Every word that is shown has its Swahili; scripts/translate makes the catalogue fresh."""

import ast
import gettext
import re
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from string import Formatter
from typing import cast

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from gatepos import i18n, resources
from gatepos.domain.fees import PriceNotSet, Status
from gatepos.ledger.checks import ALTERED, Finding
from gatepos.ledger.troubles import DiskFull, LedgerDamaged, NotRecorded

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "gatepos"
LOCALE = resources.folder() / "locale"
SWAHILI = LOCALE / "sw" / "LC_MESSAGES"
SHOWN = {
    "label": 0, "say": 1, "set_note": 0, "set_text": 0, "setAccessibleDescription": 0, "setAccessibleName": 0,
    "setPlaceholderText": 0, "setText": 0, "setToolTip": 0, "setWindowTitle": 0, "TouchButton": 1, "words": 0,
}  # fmt: skip
"""What shows a text, and which of its arguments that is."""
WHERE = [("**.py", "python"), ("**/managers/templates/**.html", "jinja2")]
"""Where words stand, and in which language around them, as scripts/translate has it."""
_LIKE_WORDS = re.compile(r"[A-Za-z]{2}")

Forms = tuple[str, ...]
"""A message or its translation: one text, or its singular and plural."""


@pytest.fixture(scope="module")
def swahili() -> Catalog:
    return _catalog(SWAHILI / "gatepos.po")


def test_the_catalogue_holds_the_words_of_the_program(swahili: Catalog) -> None:
    found = extract_from_dir(PACKAGE, WHERE, keywords={"N_": None, "plural": (1, 2), "_": None})
    marked = {_forms(message) for _, _, message, _, _ in found}
    for catalog in (_catalog(LOCALE / "gatepos.pot"), swahili):
        listed = set(_messages(catalog))
        _none("Not listed, run scripts/translate", marked - listed)
        _none("Listed but gone, run scripts/translate", listed - marked)
    _none("Obsolete, run scripts/translate", swahili.obsolete)


def test_every_message_is_translated(swahili: Catalog) -> None:
    _none("Untranslated", (ids[0] for ids, said in _messages(swahili).items() if not all(said)))
    _none("Fuzzy", (message.id for message in swahili if message.id and message.fuzzy))


def test_plurals_have_both_forms(swahili: Catalog) -> None:
    assert swahili.num_plurals == 2
    _none("Other forms", (ids[0] for ids, said in _messages(swahili).items() if len(ids) != len(said)))


def test_a_translation_fills_the_same_braces(swahili: Catalog) -> None:
    pairs = ((ids[-1], form) for ids, said in _messages(swahili).items() for form in said if form)
    _none("Other braces", (message for message, form in pairs if _braces(message) != _braces(form)))


def test_the_program_reads_what_was_translated(swahili: Catalog) -> None:
    with (SWAHILI / "gatepos.mo").open("rb") as file:
        compiled = _messages(read_mo(file))
    written = {ids: said for ids, said in _messages(swahili).items() if all(said)}
    _none("Compiled otherwise, run scripts/translate", compiled.items() ^ written.items())


def test_kiswahili_is_shown() -> None:
    words = i18n.words("sw")
    assert isinstance(words.catalog, gettext.GNUTranslations)
    assert words("Cash") == "Taslimu"
    assert words.plural("{n} visitor", "{n} visitors", 1) == "Mgeni 1"
    assert words.plural("{n} visitor", "{n} visitors", 7) == "Wageni 7"
    assert words.day(date(2026, 8, 1)) == "Jmo 1 Ago 2026"


def test_the_trouble_behind_a_trouble_is_shown_in_kiswahili_too() -> None:
    words = i18n.words("sw")
    full = DiskFull()
    assert words(full.says) in NotRecorded(why=full).said(words)
    assert full.says in str(NotRecorded(why=full))
    damaged = LedgerDamaged(finding=Finding(3, ALTERED))
    assert "ingizo 3: limebadilishwa" in damaged.said(words)
    assert "entry 3: altered" in str(damaged)
    assert "haijathibitishwa" in PriceNotSet(status=Status.UNVERIFIED, schedule="2025-10").said(words)


def test_no_text_is_shown_unmarked() -> None:
    """A text on a screen, and what a refusal says, stands in `N_("…")`."""
    _none("Unmarked", (place for path in sorted(PACKAGE.rglob("*.py")) for place in _unmarked(path)))


def _catalog(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="sw")


def _messages(catalog: Catalog) -> dict[Forms, Forms]:
    return {_forms(message.id): _forms(message.string or "") for message in catalog if message.id}


def _forms(text: object) -> Forms:
    return (text,) if isinstance(text, str) else tuple(cast("Iterable[str]", text))


def _none(what: str, found: Iterable[object]) -> None:
    listed = sorted(map(str, found))
    if listed:
        pytest.fail("\n  ".join([f"{what}:", *listed]), pytrace=False)


def _braces(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _unmarked(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        shown = None
        if isinstance(node, ast.Call):
            place = SHOWN.get(_name(node.func), -1)
            shown = node.args[place] if 0 <= place < len(node.args) else None
        elif isinstance(node, ast.Assign) and [_name(target) for target in node.targets] == ["says"]:
            shown = node.value
        if shown is not None and any(map(_LIKE_WORDS.search, _literals(shown))):
            yield f"{path.relative_to(ROOT)}:{shown.lineno}"


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _literals(node: ast.expr) -> Iterator[str]:
    """The texts written in an expression itself, but not those it hands to a call."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            yield from _literals(part)
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)

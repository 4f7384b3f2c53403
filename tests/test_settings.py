"""A settings file that cannot be followed is named with its line; none is no trouble."""

from pathlib import Path

import pytest

from gatepos import settings
from gatepos.settings import BadSettings, Settings


@pytest.mark.parametrize(
    ("content", "line", "why"),
    [
        (b'printer = "none"\nlanguage = "\xff"\n', 2, "not UTF-8"),
        (b"\xff\xfel\x00", 1, "not UTF-8"),
        (b'theme = "dark"\nfirst_tape = "a\\u0000b"\n', 2, "first_tape"),
        (b'theme = "dark"\n\nfrob = 1\n', 3, "frob"),
        (b'theme = "dark"\n"frob" = 1\n', 2, "frob"),
        (b"theme = \"dark\"\n'frob' = 1\n", 2, "frob"),
        (b'theme = "dark"\n\n[frob]\nx = 1\n', 3, "frob"),
        (b'theme = "dark"\n[[frob]]\nx = 1\n', 2, "frob"),
        (b'theme = "dark"\nfrob.x = 1\n', 2, "frob"),
        (b'theme = "dark"\n"paper_mm" = 70\n', 2, "paper_mm"),
        (b'theme = "dark"\nlanguage = 5\n', 2, "language"),
        (b'theme = "dark"\nvisitor_display = "on"\n', 2, "visitor_display"),
        (b'theme = "dark"\nlanguage =\n', 2, "nvalid"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, content: bytes, line: int, why: str) -> None:
    (tmp_path / settings.FILE).write_bytes(content)
    with pytest.raises(BadSettings, match=f"settings.toml, line {line}: .*{why}"):
        settings.load(tmp_path)


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).mkdir()
    with pytest.raises(BadSettings, match=r"settings\.toml"):
        settings.load(tmp_path)


def test_without_a_file_all_is_as_it_ships(tmp_path: Path) -> None:
    assert settings.load(tmp_path) == Settings()


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    kept = Settings(theme="dark", first_tape='/media/a "b" \\ c', backup="/media/é")
    (tmp_path / settings.FILE).write_text(settings.dump(kept), encoding="utf-8")
    assert settings.load(tmp_path) == kept

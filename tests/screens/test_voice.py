"""Reading out to the visitor: with a voice of this machine, and by name without one."""

import stat
from pathlib import Path

import pytest

from gatepos import i18n
from gatepos.rehearsal import day, vans
from gatepos.screens import set_up
from gatepos.screens.playing import Hands
from gatepos.screens.voice import ENGINE
from tests.gate import MANAGER, MANAGER_PIN
from tests.screens.conftest import Opened, at_work


@pytest.fixture(params=["en sw"])
def spoken(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An engine that writes down what it is asked to say, with voices for these languages."""
    folder, said = tmp_path / "bin", tmp_path / "said"
    folder.mkdir()
    engine = folder / ENGINE
    engine.write_text(
        '#!/bin/sh\ncase "$1" in --voices=*) echo head;'
        f' for v in {request.param}; do [ "--voices=$v" = "$1" ] && echo "5 $v"; done; exit 0;; esac\n'
        f'echo "$2: $6" >> "{said}"\n'
    )
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return said


def lines(hands: Hands, said: Path, n: int) -> list[str]:
    """The first `n` things that were said."""
    hands.until(lambda: said.exists() and said.read_text("utf-8").count("\n") >= n)
    return said.read_text("utf-8").splitlines()


def test_people_by_category_and_the_amount_are_read_out_at_one_touch(spoken: Path, opened: Opened) -> None:
    hands = at_work(opened())
    readers = hands.floor.sell.bill.readers
    assert not any(reader.isVisible() for reader in readers.values())
    day.fill(hands, vans.ordinary())
    hands.touches = 0
    hands.touch(readers["en"])
    (said,) = lines(hands, spoken, 1)
    assert said.startswith("en: ")
    assert "3 Non-resident adult" in said
    assert said.endswith("To pay: 43940 shillings.")
    hands.touch(readers["sw"])
    assert lines(hands, spoken, 2)[1].startswith("sw: ")
    assert hands.touches == 2


@pytest.mark.parametrize("spoken", ["en"], indirect=True)
def test_a_language_without_a_voice_has_no_touch(spoken: Path, opened: Opened) -> None:
    hands = at_work(opened())
    day.fill(hands, vans.ordinary())
    assert list(hands.floor.sell.bill.readers) == ["en"]
    assert hands.floor.visitor.voice.lacking(i18n.words("en")) == f"{ENGINE} has no voice for Kiswahili."


def test_set_up_names_what_is_missing(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    hands = at_work(opened(), MANAGER, MANAGER_PIN)
    assert hands.floor.sell.bill.readers == {}
    hands.touch(hands.floor.bar.tabs["set_up"])
    hands.touch(hands.floor.set_up.tabs[set_up.LOOK])
    field = next(one for one in hands.floor.set_up.fields if one.caption == "Read out to the visitor")
    assert field.value == "no voice"
    hands.touch(field)
    assert ENGINE in hands.floor.set_up.panel.told.text()

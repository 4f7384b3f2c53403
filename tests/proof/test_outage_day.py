"""The day with an outage in small: every sum of three tills equal to a tally kept beside them."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from gatepos.rehearsal import outage_day
from gatepos.rehearsal.morning import Morning
from tests.proof.conftest import Rounds

pytestmark = pytest.mark.proof


def test_every_shilling_of_an_outage_is_accounted_for(tmp_path: Path, seed: int, rounds: Rounds) -> None:
    vehicles = rounds(40, 320)
    day = Morning(tmp_path, vehicles, seed)
    day.play()
    day.night()
    print(f"\n{vehicles} vehicles, {len(day.tally.issued)} passes; seed {seed}")
    assert len(day.tally.issued) > vehicles // 2
    assert [*outage_day.stated(day), *outage_day.verified(day)] == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "takings.txt"
    kept.write_text("KES 43,940")
    told = CliRunner().invoke(outage_day.main, [str(tmp_path)])
    assert (told.exit_code, f"{tmp_path} is not empty" in told.output) == (2, True)
    assert list(tmp_path.iterdir()) == [kept]

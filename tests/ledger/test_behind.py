"""The check behind: what lies too far back to be checked before selling, found while selling."""

import pytest

from gatepos.ledger import recent
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.troubles import LedgerDamaged
from tests.ledger.desk import Desk, alter, kept


@pytest.fixture
def old(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A ledger of which only the last twenty entries are checked before selling."""
    monkeypatch.setattr(recent, "RECENT_MAX", 20)
    desk.made(100)
    return desk


def checked(ledger: Ledger) -> None:
    """The check behind, to its end."""
    while ledger.upkeep():
        pass


def test_a_whole_ledger_is_checked_to_its_end(old: Desk) -> None:
    ledger = old.open()
    assert not ledger.is_checked
    checked(ledger)
    assert ledger.is_checked
    assert ledger.findings == []
    ledger.close()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("UPDATE journal SET raw = CAST(replace(raw, 'lane', 'lame') AS BLOB) WHERE seq = 7", "7: altered"),
        ("UPDATE journal SET kind = 'boot' WHERE seq = 7", "7: its index differs"),
        ("DELETE FROM journal WHERE seq = 7", "7: missing"),
        ("UPDATE journal SET sig = zeroblob(64) WHERE seq = 7", "7: its signature does not hold"),
    ],
)
def test_an_altered_old_row_stops_selling_and_the_next_start_mends_it(
    old: Desk, change: str, says: str
) -> None:
    alter(old.file, change)
    ledger = old.open()
    old.write(ledger)
    checked(ledger)
    assert says in str(ledger.damage)
    with pytest.raises(LedgerDamaged, match=says):
        old.write(ledger)
    ledger.close()

    ledger = old.open()
    assert says in str(ledger.of_kind("ledger.recovered")[0].data["finding"])
    old.write(ledger)
    checked(ledger)
    assert ledger.is_checked
    ledger.close()


def test_what_only_the_tape_holds_stops_selling(old: Desk) -> None:
    ledger = old.open()
    rows = kept(ledger)
    ledger.close()
    for table in ("journal", "act"):
        alter(old.file, f"DELETE FROM {table} WHERE seq > 95")
    for path in old.segments():
        path.rename(path.with_name("kept"))
    ledger = old.open()
    old.write(ledger, "another")
    ledger.close()
    (old.tape / "kept").rename(old.tape / "XNM2-000000.tape")
    assert len(rows) == 100
    ledger = old.open()
    checked(ledger)
    assert "only the tape holds it" in str(ledger.damage)
    ledger.close()


def test_upkeep_after_closing_touches_nothing(old: Desk) -> None:
    ledger = old.open()
    ledger.close()
    assert not ledger.upkeep()
    again = old.open()
    assert again.findings == []
    again.close()

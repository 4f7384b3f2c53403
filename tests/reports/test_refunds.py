"""Refunds in the papers of a day: the register says how a receipt ended, and everything still adds up."""

import shutil
from pathlib import Path

import pytest

from gatepos.domain.staff import NeedsSecond
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, Gate, selling
from tests.reports import day
from tests.reports.test_daily import Rows, document, made, papers
from tests.till.test_passes import SECOND


def agreed(till: Till, receipt: str, n: int) -> str:
    """The number of a refund of so many citizens."""
    done = till.refunds.request(receipt, {EA_CITIZEN: n}, "never came", knows_used=True)
    till.refunds.approve(str(done.entry.number), SECOND)
    return str(done.entry.number)


def refunded(till: Till) -> tuple[str, str]:
    """One receipt refunded whole in cash, one in part by card and in part not yet; money held reused."""
    whole, part = day.sold(till, "cash", n=2), day.sold(till, "card", "AB12CE", n=3)
    till.refunds.pay(agreed(till, whole, 2), "cash")
    till.refunds.pay(agreed(till, part, 1), "card", "ZZ12CE")
    agreed(till, part, 1)
    refused = till.refunds.request(part, {EA_CITIZEN: 1}, "never came", knows_used=True).entry.number
    till.refunds.refuse(str(refused), "they went in", SECOND)
    till.corrections.void(day.sold(till, code="UA26X1Y2ZM", n=2), "turned back", SECOND)
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        till.payments.mpesa("UA26X1Y2ZM")
    till.payments.record(SECOND)
    return whole, part


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """A till's folder with a day of refunds in it, and the receipts that were refunded."""
    gate = Gate(tmp_path_factory.mktemp("refunds") / "park")
    till = selling(gate.built(), float_kes="20000")
    day.played(till)
    whole, part = refunded(till)
    till.shifts.close(Counted(), "short")
    till.desk.ledger.close()
    return gate.folder, whole, part


@pytest.fixture
def export(lived: tuple[Path, str, str], tmp_path: Path) -> Path:
    """The papers of that day."""
    return made(Path(shutil.copytree(lived[0], tmp_path / "park")), tmp_path / "out")


def of(rows: Rows, number: str) -> dict[str, object]:
    return next(row for row in rows if row["number"] == number)


def test_a_day_of_refunds_adds_up(export: Path) -> None:
    same = document(export)["identities"]
    assert len(same) >= 4
    assert [one for one in same if one["left"] != one["right"]] == []


def test_the_register_says_what_was_refunded_whole(export: Path, lived: tuple[Path, str, str]) -> None:
    rows = papers(export)["receipts"]
    _, whole, part = lived
    assert of(rows, whole)["state"] == "refunded"
    assert of(rows, part)["state"] == "counts"
    assert [row["what"] for row in rows if row["number"] == of(rows, whole)["ended_by"]] == [
        "Refund",
        "Refund paid",
    ]


def test_every_decision_is_among_what_was_overridden(export: Path) -> None:
    rows = [row for row in papers(export)["changes"] if row["what"] == "Decide on a refund"]
    assert [row["detail"] for row in rows] == ["KES 2,000", "KES 1,000", "KES 1,000", "KES 1,000"]
    assert [row["reason"] for row in rows] == [None, None, None, "they went in"]

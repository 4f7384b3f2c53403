"""What is to be looked at names shifts, conflicts and codes, each with the entries that it is of."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.domain import moments
from gatepos.ledger import source as sources
from gatepos.reports import practice, to_look
from gatepos.reports.practice import ToLook
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests import park
from tests.gate import Gate, permit, selling
from tests.reports import day
from tests.reports.looked import scope
from tests.reports.statement_files import paid
from tests.till.test_passes import outage, token, van_in
from tests.till.test_reconciliation import AT, CODE, THIRD, managing, only, sold, statement

DAY, LIMIT = "2026-01-02", 10_000


def looks(till: Till, first: str = DAY, last: str = "") -> dict[str, ToLook]:
    found = to_look.of(scope(till, first, last), LIMIT)
    return {one.measure: one for one in found}


def kinds(till: Till, one: ToLook) -> list[str]:
    return [entry.kind for place in one.entries if (entry := till.desk.ledger.at(*place))]


@pytest.mark.parametrize(("typed_minor", "said"), [(0, "M-PESA KES −1,000"), (100_000, "")])
def test_a_shift_is_named_that_was_short_by_more_than_the_policy_lets(
    sell: Till, typed_minor: int, said: str
) -> None:
    day.sold(sell, code="UA26X1Y2ZA")
    short = {"mpesa": typed_minor}
    sell.shifts.close(Counted(others=short), "counted twice")
    found = to_look.over_short(scope(sell, DAY), LIMIT)
    assert [(one.n, kinds(sell, one)) for one in found] == ([(1, ["shift.closed"])] if said else [])
    assert [str(one.note) for one in found] == (
        [f"Over or short by more than KES 100: {said}"] if said else []
    )


def test_a_pass_used_at_two_gates_is_named_with_both_uses(tmp_path: Path) -> None:
    main, second, east = park.built(park.gates(tmp_path))
    outage(main)
    paper = token(main, van_in(main).number)
    for till in (second, east):
        till.gate.scan(paper)
    park.tell(east, second)
    (one,) = to_look.conflicts(scope(second, DAY))
    assert (one.measure, one.n) == ("two_admissions", 1)
    assert sorted({till for till, _ in one.entries}) == ["XNE1", "XNM2"]
    assert kinds(second, one)[-1] == "pass.conflict"
    park.tell(second, main)
    assert [found.n for found in to_look.conflicts(scope(main, DAY))] == [1], "said twice, it is one"
    assert to_look.conflicts(scope(main, "2026-01-03")) == ()
    for till in (main, second, east):
        till.desk.ledger.close()


def test_a_code_is_unknown_once_a_statement_covers_it_and_until_somebody_decides(sell: Till) -> None:
    sold(sell, CODE)
    (receipt,) = sell.desk.ledger.of_kind("receipt.issued")
    assert "unknown_code" not in looks(sell)
    managing(sell).reconciliation.take(statement(paid(THIRD, "5.00", "", AT)))
    one = looks(sell)["unknown_code"]
    assert (one.n, one.entries) == (1, ((receipt.till, receipt.seq),))
    sell.reconciliation.decide(only(sell, CODE), "explained", "the bank wrote")
    assert "unknown_code" not in looks(sell)


def test_a_code_that_a_statement_has_is_not_looked_at(sell: Till) -> None:
    account = sold(sell, CODE)
    managing(sell).reconciliation.take(statement(paid(CODE, "1,000.00", account, AT)))
    assert to_look.unknown_codes(scope(sell, DAY)) == ()


def test_what_people_did_is_the_same_in_one_go_and_question_by_question(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "park")
    till = selling(gate.built())
    day.played(till)
    gate.clock.pass_by(9 * moments.DAY_MS)
    permit(till, "allow_cash", "no")
    questions = 0

    def ask(action):  # type: ignore[no-untyped-def]
        nonlocal questions
        questions += 1
        return action()

    of_days = scope(till, DAY, "2026-01-11")
    whole = practice.counted(of_days)
    assert practice.counted(replace(of_days, source=sources.between(of_days.source, ask))) == whole
    assert whole == practice.counted(scope(till, DAY))
    assert questions > 5
    till.desk.ledger.close()

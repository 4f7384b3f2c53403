"""The paper of what somebody may be asked about says what two people agreed to."""

from gatepos.domain import claims as states
from gatepos.reports.papers import changes
from gatepos.till.till import Till
from tests.gate import MANAGER, OTHER
from tests.reports.looked import scope
from tests.reports.statement_files import paid
from tests.till.test_reconciliation import (
    AT,
    CODE,
    FALSE,
    NEXT,
    managing,
    only,
    sold,
    statement,
    supervisor,
    withdrawn,
)


def test_what_two_said_beside_a_statement_is_told_with_its_code_decision_and_amount(sell: Till) -> None:
    sold(sell, CODE, 60)
    managing(sell)
    second = supervisor(sell)
    sell.reconciliation.take(FALSE)
    withdrawn(sell, FALSE, second)
    sell.reconciliation.take(statement(paid(NEXT, "5.00", "", AT)))
    sell.reconciliation.decide(only(sell, CODE), states.WRITTEN_OFF, "left the country", second=second)
    told = [row[5:] for row in changes.sheet(scope(sell, "2026-01-02")).rows]
    assert told[-2:] == [
        (
            MANAGER, "Statement of payments", "222222",
            "Withdrawn: M-PESA, 2.1.2026 – 2.1.2026, 3 payments, KES 1,014", "forged", OTHER,
        ),
        (
            MANAGER, "Code of a payment decided on", CODE,
            "Written off · Not on the statement · KES −60,000", "left the country", OTHER,
        ),
    ]  # fmt: skip

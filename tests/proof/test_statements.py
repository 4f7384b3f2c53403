"""A park's statement, in the long form of 100,000 lines: each is in one state, and no match is wrong."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest

from gatepos.domain import claims as states
from gatepos.reports.statements.reading import Hints, read
from gatepos.till.till import Till
from tests.proof.conftest import Rounds
from tests.reports.statement_files import COLUMNS, Row, as_csv, as_xlsx, heading, paid
from tests.till.test_reconciliation import managing, sold

pytestmark = pytest.mark.proof
DAY = date(2026, 1, 2)
OWN = {"UA26X1Y2ZQ": 1, "UA26X1Y2ZR": 2, "UA26X1Y2ZS": 3}
"""The codes of this till's sales, and how many citizens paid KES 1,000 by each."""
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def code(n: int) -> str:
    """A code that only other tills took."""
    made = ""
    for _ in range(5):
        n, rest = divmod(n, len(_LETTERS))
        made = _LETTERS[rest] + made
    return f"UB2{made}ZZ"


def rows(count: int, accounts: dict[str, str]) -> list[Row]:
    """So many payments to other tills, this till's own spread among them, the last of them short."""
    others = [
        paid(code(n), f"{1_000 + n % 977:,}.00", f"NMG2B{n:06d}", f"02-01-2026 {7 + n % 10:02d}:25:00")
        for n in range(count)
    ]
    for place, (own, people) in enumerate(OWN.items()):
        kes = people * 1_000 - (100 if people == max(OWN.values()) else 0)
        line = paid(own, f"{kes:,}.00", accounts[own], "02-01-2026 10:25:00")
        others.insert(place * count // len(OWN), line)
    return [*heading("222222"), COLUMNS, *others]


@pytest.mark.parametrize("form", [as_csv, as_xlsx], ids=["csv", "xlsx"])
def test_every_claim_finds_its_line_among_a_hundred_thousand(
    sell: Till, rounds: Rounds, form: Callable[[list[Row]], bytes]
) -> None:
    accounts = {own: sold(sell, own, people) for own, people in OWN.items()}
    count = rounds(5_000, 100_000)
    data = form(rows(count, accounts))
    till = managing(sell)
    began_s = time.process_time()
    statement = read(data, Hints(DAY, ("NNP",)))
    read_s = time.process_time() - began_s
    imported = till.reconciliation.take(statement)
    matches = till.reconciliation.around(statement).matches()
    took_s = time.process_time() - began_s
    print(f"\n{count:,} lines: read in {read_s:.1f} s, all {took_s:.1f} s of CPU")
    assert (imported.new, len(statement.lines)) == (count + len(OWN), count + len(OWN))
    judged = {claim.code: match.judged for match in matches for claim in match.claims}
    assert judged == dict(zip(OWN, (states.CONFIRMED, states.CONFIRMED, states.SHORT), strict=True))
    lines = Counter(line.code for match in matches for line in match.lines)
    assert set(lines.values()) == {1}, "no line is in two"
    assert len(lines) == count + len(OWN)
    assert till.reconciliation.confirm(matches) == 2
    again = till.reconciliation.take(read(data, Hints(DAY, ("NNP",))))
    assert (again.new, again.is_known) == (0, True)

"""What two tills know of one paper and cannot both be right stands in a list, with who, where and when."""

from pathlib import Path

from gatepos.till.pass_lists import CONFLICTS
from tests import park
from tests.till.test_passes import outage, token, van_in


def test_a_pass_that_was_used_at_two_gates_names_both(tmp_path: Path) -> None:
    main, second, east = park.built(park.gates(tmp_path))
    outage(main)
    van = van_in(main).number
    paper = token(main, van)
    for till in (second, east):
        assert till.gate.scan(paper).word == "admit"
    assert second.pass_lists.listed(CONFLICTS) == ()
    park.tell(east, second)
    (row,) = second.pass_lists.listed(CONFLICTS)
    assert (row.number, row.plate, row.state, row.total_minor) == (van, "KDA412M", "unheard", 0)
    (said,) = second.pass_lists.open(van).conflicts
    assert said.what == "two_admissions"
    assert {seen.gate for seen in (said.first, said.second)} == {"Main Gate", "East Gate"}
    assert {seen.staff for seen in (said.first, said.second)} == {"07"}
    park.tell_all((main, second, east))
    for till in (main, second, east):
        (row,) = till.pass_lists.listed(CONFLICTS)
        assert (row.number, row.state, row.people) == (van, "open", 8)
        assert till.pass_lists.open(van).conflicts == (said,)
    main.desk.ledger.close()
    second.desk.ledger.close()
    east.desk.ledger.close()

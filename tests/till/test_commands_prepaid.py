"""Commands of tickets paid elsewhere: the whole lane without a screen."""

from pathlib import Path
from typing import Any

from gatepos.till.till import Till
from tests.lists import TICKETS, VAN
from tests.till.test_commands import CITIZEN, SECOND, Answer, mpesa, told
from tests.till.test_prepaid import CODE, PEOPLE_MINOR


def prepaid(till: Till, id: str = "tick-0001", **fields: Any) -> Answer:
    """A ticket, recorded or refused."""
    return told(till, "prepaid", **{"id": id, "text": CODE, **fields})


def loaded(till: Till, folder: Path, rows: str = VAN) -> Answer:
    """A list of tickets on a stick."""
    (folder / "tickets.csv").write_text(TICKETS + rows, encoding="utf-8")
    return told(till, "load_tickets", id="list-0001", path=str(folder / "tickets.csv"), second=SECOND)


def test_a_listed_ticket_is_recorded_whole_and_once(sell: Till, tmp_path: Path) -> None:
    assert loaded(sell, tmp_path)["tickets"] == 1
    assert loaded(sell, tmp_path)["repeated"]
    scanned = told(sell, "scan", text=CODE)
    assert (scanned["verdict"], scanned["ticket"]["covered_minor"]) == (
        "ticket_listed",
        PEOPLE_MINOR + 150_000,
    )
    done = prepaid(sell)
    assert (done["recorded"], done["verdict"]) == (True, "ticket_listed")
    assert done["total_minor"] == PEOPLE_MINOR + 150_000
    assert prepaid(sell)["repeated"]
    assert prepaid(sell, text="KWSPAY:OTHER-1")["error"] == "SameIdOtherContent"
    again = prepaid(sell, "tick-0002")
    assert again["error"] == "TicketUsed"
    assert again["says"] == "Ticket WQBGPWRR was used 10:31 at lane 2."


def test_a_claimed_ticket_says_whom_it_is_for_and_what_is_paid_here(sell: Till) -> None:
    van: dict[str, Any] = {"lines": [CITIZEN], "band": 2, "plate": "KDA 412M"}
    assert prepaid(sell, **van)["error"] == "ShortTender"
    assert prepaid(sell)["error"] == "NothingInBill"
    done = prepaid(sell, **van, pay=[mpesa("UA26X1Y2ZQ")])
    assert (done["recorded"], done["verdict"]) == (True, "ticket_claimed")
    other = prepaid(sell, "tick-0002", text="KWSPAY:AB-1001", **van, vehicle_covered=True)
    assert other["recorded"] is True


def test_a_typed_reference_is_typed_and_a_code_without_one_is_refused_by_name(sell: Till) -> None:
    assert told(sell, "prepaid", id="tick-0001", reference="AB-1001", lines=[CITIZEN])["recorded"] is True
    nothing = prepaid(sell, "tick-0002", text="https://ecitizen.go.ke/verify")
    assert nothing["error"] == "NoReference"
    assert prepaid(sell, "tick-0003", text="KWSPAY:AB-1002", lines=[CITIZEN])["recorded"] is True

"""Papers that no longer count are told to the park by number and digest."""

import pytest

from gatepos.central.store import engine, following
from gatepos.domain import gatepass, numbers
from gatepos.till.till import Till
from tests.central.place import Fields, Place, Sender, journal_of
from tests.gate import EA_CITIZEN
from tests.till.test_corrections import sold
from tests.till.test_passes import SECOND, outage, token, van_in


def heard(till: Sender) -> list[Fields]:
    """What the tills of the park hear of papers that ended."""
    body = till.place.feed(till.token, "revocations")["body"]
    assert isinstance(body, list)
    return body


def ended(sell: Till, number: str, at: str) -> Fields:
    """The row about a paper of this till."""
    plain = number.replace("-", "")
    digest = gatepass.digest(token(sell, plain).removeprefix("GP:"))
    return {"number": plain, "digest": digest, "state": "revoked", "at": at}


@pytest.fixture
def written(till: Sender, sell: Till) -> tuple[Sender, list[Fields]]:
    """A pass printed anew and revoked, a receipt voided and one refunded whole; what is to be heard."""
    outage(sell)
    first = van_in(sell).number
    second = sell.passes.reissue(first, "torn", SECOND).number
    sell.passes.revoke(second, "never came in", SECOND)
    receipt = sold(sell)
    sell.corrections.void(receipt, "turned back", SECOND)
    gone = sold(sell, 2)
    for _ in range(2):
        refund = sell.refunds.request(gone, {EA_CITIZEN: 1}, "never came", knows_used=True).entry.number
        sell.refunds.approve(str(refund), SECOND)
    till.kept = journal_of(sell)
    at = "2026-01-02T07:31:00.000Z"
    return till, [ended(sell, number, at) for number in (first, second, receipt, gone)]


def test_a_pass_replaced_or_revoked_and_a_receipt_voided_or_refunded_whole_are_told_once(
    written: tuple[Sender, list[Fields]],
) -> None:
    till, rows = written
    till.drain(7)
    assert heard(till) == rows
    till.acked = 0
    till.drain()
    assert heard(till) == rows


def test_books_made_anew_tell_nothing_again(place: Place, written: tuple[Sender, list[Fields]]) -> None:
    till, rows = written
    till.drain()
    with place.store.writing() as tx:
        tx.write("UPDATE form SET version = version - 1 WHERE name = 'books'")
    again = engine.opened(place.store.url)
    following.catch_up_all(again, place.central.now())
    again.close()
    assert place.count("pass") == 2
    assert heard(till) == rows


def test_a_till_that_ends_anothers_paper_is_not_believed(till: Sender) -> None:
    foreign: Fields = {
        "pass": numbers.make("XNE1", "P", 1),
        "digest": "00" * 32,
        "undone_minor": 0,
        "kept_minor": 0,
    }
    till.write(kind="pass.revoked", data={**foreign, "reason": "no"})
    assert [flag["why"] for flag in till.drain()] == ["not_own"]
    assert heard(till) == []

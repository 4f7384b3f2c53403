"""The spares of a gate on the pages: which wait, which has begun and for whom, and when one is lacking."""

import re

import pytest

from gatepos.central.managers import coverage
from gatepos.domain import clock, parks
from gatepos.domain.keyring import SPARE, KeyRow
from gatepos.ledger import beginning
from gatepos.ledger.beginning import Gap
from gatepos.ledger.journal import Context
from gatepos.seal.keys import TillKey
from tests.central.managers.conftest import Office
from tests.central.place import Place, Sender
from tests.gate import counted_ids


def joined(place: Place, till: str, lane: str = SPARE, gate: str = "MAIN", park: str = "NNP") -> Sender:
    """A till or a spare that joined, with nothing sent."""
    key = TillKey(till.encode() * 8)
    row = KeyRow(till, key.public, park, gate, lane)
    return Sender(place, row, key, place.joined(row, key), [])


def begin(spare: Sender, follows: str) -> None:
    """It begins, for another, and sends."""
    row = spare.row
    context = Context(row.till, row.park, row.gate, "1", "1.0.0")
    now = clock.read(spare.place.clock)
    gap = Gap(follows, 0, 0, "disk", "01", None)
    made = beginning.entries(spare.key, context, now, counted_ids(row.till), gap, row)
    spare.kept += [(entry.raw, entry.sig) for entry in made]
    spare.drain()


def state(page: str, till: str) -> str:
    """What a row of the table says in its last column."""
    found = re.search(rf'code={till}">.*?data-label="State">(.*?)</td></tr>', page, re.DOTALL)
    assert found is not None
    return re.sub("<[^>]+>", "", found[1]).strip()


@pytest.fixture
def gate(place: Place) -> tuple[Sender, Sender, Sender]:
    """A till of the Main Gate and its two spares."""
    return joined(place, "XNM2", "2"), joined(place, "XNS1"), joined(place, "XNS2")


def test_two_spares_wait_and_nothing_is_warned_of(office: Office, gate: tuple[Sender, ...]) -> None:
    page = office.signed_in("one").see("/tills")
    assert state(page, "XNS1") == "waits in the safe"
    assert 'id="short"' not in page


def test_a_spare_that_waits_leaves_no_gap_in_the_figures(office: Office, gate: tuple[Sender, ...]) -> None:
    gate[0].send(0)
    assert "1 of 1 gates" in office.signed_in("one").see("/tills")


def test_a_spare_in_use_names_the_till_and_the_gate_lacks_one(
    office: Office, gate: tuple[Sender, ...]
) -> None:
    begin(gate[1], "XNM2")
    browser = office.signed_in("one", "administrator")
    page = browser.see("/tills")
    assert state(page, "XNM2") == "XNS1 goes on for it"
    assert state(page, "XNS1") == "well"
    assert state(page, "XNS2") == "waits in the safe"
    assert "Main Gate: 1 of 2 spares wait" in page
    assert "The spare XNS1 goes on for it" in browser.see("/till?code=XNM2")


def test_a_spare_that_names_another_parks_till_says_nothing_of_it(
    office: Office, gate: tuple[Sender, ...], place: Place
) -> None:
    other = joined(place, "XAM1", "1", park="AMB", gate="KIMA")
    begin(gate[1], other.till)
    assert 'id="goes-on"' not in office.signed_in("one").see("/till?code=XAM1")


def test_a_revoked_spare_is_none(office: Office, gate: tuple[Sender, ...]) -> None:
    browser = office.signed_in("one", "administrator")
    assert browser.post("/till/revoke", {"till": "XNS2", "typed": "XNS2"}).status_code == 200
    assert "1 of 2 spares wait" in browser.see("/tills")


def test_the_page_gives_codes_for_spares(office: Office) -> None:
    browser = office.signed_in("one", "administrator")
    given = browser.post("/till/code", {"place": "NNP MAIN", "lane": "1", "spare": "yes"})
    code = re.search(r'class="given">([A-Z2-7-]+)<', given.text)
    assert code is not None
    assert "NNP · Main Gate · spare" in given.text
    answer = office.place.enrol(code[1], TillKey(b"\x09" * 32))
    assert '"lane\\":\\"SPARE\\"' in answer.text, answer.text


def test_the_codes_of_spares_say_s_and_leave_the_lanes_theirs(place: Place) -> None:
    given = []
    for n, lane in enumerate((SPARE, SPARE, "1"), 1):
        code = place.code(place=("NNP", "MAIN", lane))
        answer = place.enrol(code, TillKey(bytes([n]) * 32))
        given.append(re.search(r'\\"till\\":\\"(\w{4})', answer.text)[1])  # type: ignore[index]
    assert given == ["XNS1", "XNS2", "XNM1"]


def test_a_gate_where_no_till_sells_needs_no_spare() -> None:
    assert coverage.short_of_spares([], parks.shipped().park("NNP")) == []

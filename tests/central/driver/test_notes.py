"""*Something is wrong*: what a driver writes is kept with the paper's number, and no stranger fills it."""

import httpx2 as httpx
import pytest

from gatepos.central.driver import notes
from tests.central.driver.phone import Driver, said
from tests.central.place import Place

WRONG = "We were five people and not six; the clerk was gone <quickly>."


def write(driver: Driver, text: str = WRONG, query: str = "", token: str | None = None) -> httpx.Response:
    """Send a note from the page of a paper."""
    return driver.place.http.post(f"/P/{token or driver.token}{query}", data={"wrong": text})


def test_the_page_of_a_genuine_paper_asks_for_it_in_both_languages(driver: Driver) -> None:
    assert "Something is wrong" in said(driver.opened())
    assert 'name="wrong"' in driver.opened("?lang=sw").text
    assert 'name="wrong"' not in driver.opened(text="NONSENSE").text


def test_the_same_note_sent_twice_is_one_case(driver: Driver) -> None:
    for _ in range(2):
        assert write(driver).status_code == 200
    assert driver.place.count("note") == 1


def test_a_paper_takes_few_notes_until_they_are_decided(driver: Driver) -> None:
    sent = [write(driver, f"It is wrong {n}").status_code for n in range(notes.OF_PAPER_MAX + 1)]
    assert sent == [200] * notes.OF_PAPER_MAX + [429]
    assert "notes on this paper already" in said(write(driver, "and once more"))


def test_one_address_writes_only_so_often_in_an_hour(place: Place) -> None:
    taken = notes.Notes()

    def take(n: int, source: str) -> None:
        with place.store.writing() as tx:
            taken.take(tx, f"XNM1P{n:06d}", "It is wrong", source, place.clock.wall_ms())

    for n in range(notes.FROM_ADDRESS_MAX):
        take(n, f"2001:db8::{n}")
    take(0, "2001:db8::1")  # said already: it keeps nothing, and counts for nothing
    with pytest.raises(notes.NotesWait):
        take(99, "2001:db8::99")
    take(99, "2001:db8:0:1::99")
    assert place.count("note") == notes.FROM_ADDRESS_MAX + 1


def test_a_form_of_many_fields_is_answered_by_the_page(driver: Driver) -> None:
    answer = driver.place.http.post(f"/P/{driver.token}", content="a=1&" * 20)
    assert answer.status_code == 200


@pytest.mark.parametrize("text", ["", " ", "no", "x" * 501, "call 0712345678", "a\x00b", "\u202eturned"])
def test_what_says_nothing_or_too_much_is_refused_by_name_and_not_kept(driver: Driver, text: str) -> None:
    answer = write(driver, text)
    assert answer.status_code == 400 or not text
    assert 'role="alert"' in answer.text or not text
    assert driver.place.count("note") == 0


def test_nobody_without_a_genuine_paper_leaves_a_note(driver: Driver) -> None:
    assert write(driver, token="NONSENSE").status_code == 400
    assert driver.place.count("note") == 0

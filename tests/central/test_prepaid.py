"""Lists of prepaid tickets: whole or not at all, each wrong line by name."""

import pytest

from gatepos.central import prepaid
from gatepos.central.store import people
from gatepos.central.store import tickets as kept
from gatepos.domain import moments, tickets
from gatepos.domain.tickets import BadTicketList
from tests.central.place import Place
from tests.lists import NOW_MS, TICKETS, VAN

PARKS = ("NNP", "TSE")
DAY = moments.local_day(NOW_MS)


def load(place: Place, rows: str, parks: tuple[str, ...] = PARKS) -> dict[str, int]:
    return prepaid.load(place.store, rows, parks, "boss", NOW_MS)


def wrong(place: Place, rows: str, parks: tuple[str, ...] = PARKS) -> list[tuple[int, str]]:
    """The wrong lines and why; nothing may have changed."""
    before = place.count("ticket"), place.count("feed_row"), place.count("audit")
    with pytest.raises(BadTicketList) as told:
        load(place, rows, parks)
    assert (place.count("ticket"), place.count("feed_row"), place.count("audit")) == before
    return [(one.line, one.why.name) for one in told.value.wrong]


def test_a_list_is_told_to_each_park_and_who_loaded_it_is_kept(place: Place) -> None:
    rows = (
        TICKETS + VAN + "A-1,3.1.2026,TSE,62 school student,,\nKWS 1,2026-01-02,TSE,1 ea_citizen adult,1,\n"
    )
    rows = rows.replace("A-1", "ABC-1")
    assert load(place, rows) == {"NNP": 1, "TSE": 2}
    with place.store.reading() as tx:
        assert [(one.what, one.about, one.detail) for one in reversed(people.changes(tx))] == [
            ("prepaid", "NNP", "1"),
            ("prepaid", "TSE", "2"),
        ]
        assert kept.days(tx, "TSE", DAY) == [("2026-01-02", "TSE", 1), ("2026-01-03", "TSE", 1)]
        assert len(kept.days(tx, None, DAY)) == 3


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("WQBGPWRR,2026-01-02,NNP,2 non_resident adult,2", "BadColumns"),
        ("W,2026-01-02,NNP,2 non_resident adult,2,", "BadTicket"),
        ("4111 1111 1111 1111,2026-01-02,NNP,2 non_resident adult,2,", "FullCardNumber"),
        ("WQBGPWRR,tomorrow,NNP,2 non_resident adult,2,", "NoDay"),
        ("WQBGPWRR,2026-01-01,NNP,2 non_resident adult,2,", "DayOver"),
        ("WQBGPWRR,2062-01-02,NNP,2 non_resident adult,2,", "DayOver"),
        ("WQBGPWRR,2026-01-02,AMB,2 non_resident adult,2,", "NotThatPark"),
        ("WQBGPWRR,2026-01-02,NNP,,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,two non_resident adult,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,0 non_resident adult,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,501 non_resident adult,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,2 martian adult,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,1 non_resident adult; 1 non_resident adult,2,", "BadPeople"),
        ("WQBGPWRR,2026-01-02,NNP,2 non_resident adult,6,", "BadBand"),
        ("WQBGPWRR,2026-01-02,NNP,2 non_resident adult,²,", "BadBand"),
        ("WQBGPWRR,2026-01-02,NNP,2 non_resident adult,2,K!", "BadPlate"),
        ("wqbg-pwrr,2026-01-02,NNP,2 non_resident adult,2,", "ListedTwice"),
        ("", "BadColumns"),
    ],
)
def test_one_wrong_line_is_named_and_nothing_is_loaded(place: Place, line: str, why: str) -> None:
    assert wrong(place, TICKETS + VAN + line + "\n") == [(3, why)]


def test_every_wrong_line_is_named(place: Place) -> None:
    rows = TICKETS + "W,2026-01-02,NNP,1 ea_citizen adult,,\n" + VAN + "ABCD,2026-01-02,AMB,1 x y,,\n"
    assert wrong(place, rows) == [(2, "BadTicket"), (4, "NotThatPark")]


@pytest.mark.parametrize("rows", ["", "reference;day\n", '"', "\0", TICKETS.replace("plate", "name")])
def test_what_is_no_list_is_refused(place: Place, rows: str) -> None:
    assert wrong(place, rows) == [(1, "BadColumns")]


def test_a_list_has_an_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tickets, "TICKETS_MAX", 1)
    assert wrong(place, TICKETS + VAN * 2) == [(3, "TooManyTickets")]


def test_a_reference_is_for_one_park_until_it_is_taken_off(place: Place) -> None:
    load(place, TICKETS + VAN)
    moved = TICKETS + VAN.replace("NNP", "TSE")
    assert wrong(place, moved) == [(2, "ListedElsewhere")]
    with pytest.raises(prepaid.NotListed):
        prepaid.withdraw(place.store, "WQBGPWRR", ("TSE",), "boss", NOW_MS)
    assert prepaid.withdraw(place.store, "wqbg pwrr", PARKS, "boss", NOW_MS) == "NNP"
    with pytest.raises(prepaid.NotListed):
        prepaid.withdraw(place.store, "WQBGPWRR", PARKS, "boss", NOW_MS)
    assert load(place, moved) == {"TSE": 1}

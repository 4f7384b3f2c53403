"""What a manager sees of a day beside its sums: visitors, outages, confirmed money, figures by telephone."""

import re

import pytest

from gatepos.central.store import cases
from gatepos.domain import keyring
from gatepos.seal.keys import kid_of
from gatepos.till.shift_views import FigureView
from gatepos.till.till import Till
from tests.central.driver.phone import Driver
from tests.central.managers.conftest import Browser, Heard, Office
from tests.central.managers.test_cases import case_of
from tests.central.managers.test_takings import day_of
from tests.central.place import CENTRAL_KEY, Place, Sender, journal_of
from tests.central.test_c2b import Daraja
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN
from tests.till.test_corrections import sold
from tests.till.test_hearing import paid_at
from tests.till.test_passes import OWED, SECOND, at_exit, outage, token, van_in
from tests.till.test_seen import told


def words(page: str) -> str:
    """The words of a page, as one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_visitors_and_vehicles_are_those_of_the_papers_that_count(heard: Heard, place: Place) -> None:
    entry, _, far = heard.tills
    sold(entry, 3)
    entry.corrections.void(sold(entry, 5), "turned back", SECOND)
    outage(entry)
    van_in(entry)
    sold(far, 2)
    heard.sent()
    day = day_of(place)
    assert {row.label: row.count for row in day.visitors} == {
        "EA citizen adult": 6, "Non-resident adult": 3, "Non-resident student": 1, "African citizen adult": 1,
        "5 and under": 1, "TRA crew": 1,
    }  # fmt: skip
    assert [(row.label, row.count) for row in day.vehicles] == [("6–12 seats", 1)]


def test_outages_of_several_tills_are_one_with_what_came_of_their_passes(
    heard: Heard, office: Office
) -> None:
    entry, beside, far = heard.tills
    outage(entry)
    outage(far)
    code = token(entry, van_in(entry).number)
    van_in(far)
    beside.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ", "43,940")
    entry.outages.close(SECOND)
    heard.sent()
    browser = office.signed_in("warden", "manager", "NNP")
    for page in ("/outages", "/takings"):
        text = words(browser.see(page))
        assert "XNM1, XNE1" in text or "XNE1, XNM1" in text, page
        assert "2 87,880 43,940" in text, "two passes, their price, and what is still owed"
    assert words(browser.see("/outages")).count("The national platform") == 1


# Payments.


def test_a_case_about_a_payment_names_its_account_and_amount(office: Office, till: Sender) -> None:
    daraja = Daraja(office.place)
    daraja.confirm(BillRefNumber="HOUSE 7", TransAmount="1200")
    text = words(office.signed_in("a").see("/cases"))
    assert "KES 1,200 · UA26X1Y2ZQ · account HOUSE7 · paybill 600000" in text


def test_whoever_sees_a_park_alone_decides_on_money_for_its_passes(
    office: Office, till: Sender, sell: Till
) -> None:
    outage(sell)
    driver = Driver(office.place, till, sell, van_in(sell).number.replace("-", ""))
    driver.tell()
    driver.pay(f"{OWED // 100 + 500}")
    elsewhere, here = office.signed_in("a", "manager", "TSE"), office.signed_in("b", "manager", "NNP")
    assert "Nothing to decide" in elsewhere.see("/cases")
    page = here.see("/cases")
    assert "no open pass that was sold with it takes the rest" in page
    assert driver.number in page
    here.post("/cases", {"case": case_of(page), "reason": "Refunded 500 by M-PESA."})
    with office.place.store.reading() as tx:
        assert cases.count_open(tx, "NNP") == 0


def test_what_is_confirmed_is_no_longer_only_claimed(office: Office, till: Sender, sell: Till) -> None:
    outage(sell)
    number = van_in(sell).number
    paid_at(at_exit(sell), token(sell, number), "UA26X1Y2ZQ", "43,940")
    driver = Driver(office.place, till, sell, number.replace("-", ""))
    driver.tell()
    assert day_of(office.place).claimed_minor == OWED
    told(sell, ("UA26X1Y2ZQ", number, "43940.00", "confirmed"))
    driver.tell()
    day = day_of(office.place)
    assert (day.claimed_count, day.claimed_minor, day.confirmed_minor) == (0, 0, OWED)
    assert "confirmed: KES 43,940" in words(office.signed_in("a").see("/takings"))


# By telephone.


def figure_of(till: Till) -> FigureView:
    """What the manager at the gate reads out."""
    till.desk.keyring[kid_of(CENTRAL_KEY.public)] = keyring.of_central(CENTRAL_KEY.public)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    told = till.telephone.figure()
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.to_window()
    return told


def typed(told: FigureView, **changes: str) -> dict[str, str]:
    """What a manager at headquarters types."""
    figure = told.figure
    return {
        "till": figure.till, "day": figure.day, "kes": f"{figure.kes_minor // 100:,}", "usd": "",
        "papers": str(figure.papers), "seq": str(figure.seq), "code": f"{told.code[:4]} {told.code[4:]}",
        **changes,
    }  # fmt: skip


@pytest.fixture
def warden(office: Office) -> Browser:
    return office.signed_in("warden", "manager", "NNP")


def test_a_figure_by_telephone_counts_apart_until_the_entries_come(
    warden: Browser, till: Sender, sell: Till, office: Office
) -> None:
    sold(sell, 2)
    till.kept = journal_of(sell)
    till.drain()
    sold(sell, 4)
    answer = warden.post("/figure", typed(figure_of(sell)))
    assert answer.status_code == 200, answer.text
    page = words(warden.see("/takings"))
    assert "XNM2, Main Gate: announced by telephone 2 Jan 10:31: KES 6,000 – entries not here yet" in page
    assert "with what was announced: KES 6,000" in page
    assert "Collected here KES 2,000" in page
    till.kept = journal_of(sell)
    till.drain()
    page = words(warden.see("/takings"))
    assert "announced" not in page.replace("A figure told by telephone", "")
    assert "Collected here KES 6,000" in page
    assert office.place.matters() == []
    assert "Typed a figure told by telephone" in office.signed_in("all").see("/changes")


@pytest.mark.parametrize("change", [{"kes": "6,001"}, {"papers": "3"}, {"seq": "2"}, {"day": "2026-01-01"}])
def test_a_figure_that_the_till_did_not_say_is_refused(
    warden: Browser, till: Sender, sell: Till, change: dict[str, str]
) -> None:
    till.drain()
    sold(sell, 6)
    answer = warden.post("/figure", typed(figure_of(sell), **change))
    assert (answer.status_code, "does not fit these figures" in answer.text) == (400, True)
    assert "announced by telephone" not in warden.see("/takings")


@pytest.mark.parametrize(
    "change",
    [{"seq": "x"}, {"papers": ""}, {"day": "yesterday"}, {"kes": "1.234"}, {"till": ""}, {"code": "é"}],
)
def test_what_is_no_figure_is_refused_by_name(
    warden: Browser, till: Sender, sell: Till, change: dict[str, str]
) -> None:
    assert warden.post("/figure", typed(figure_of(sell), **change)).status_code in (400, 403)


def test_after_wrong_codes_the_next_waits(warden: Browser, till: Sender, sell: Till, office: Office) -> None:
    told = typed(figure_of(sell))
    answers = [warden.post("/figure", {**told, "code": f"{n:08d}"}) for n in range(6)]
    assert "Too many wrong check codes" in answers[-1].text
    assert "Too many wrong check codes" in warden.post("/figure", told).text, "the right one, too"
    office.place.clock.pass_by(300_000)
    assert warden.post("/figure", told).status_code == 200


def test_entries_that_say_another_figure_are_a_case(
    warden: Browser, till: Sender, sell: Till, office: Office
) -> None:
    told = figure_of(sell)
    with office.place.store.writing() as tx:
        tx.write(
            "INSERT INTO announced(till, day, seq, papers, kes_minor, usd_minor, who, at)"
            " VALUES ('XNM2', '2026-01-02', :seq, 0, 41200000, 0, 'warden', '2026-01-02T07:31:00.000Z')",
            seq=told.figure.seq,
        )
    till.kept = journal_of(sell)
    till.drain()
    assert office.place.matters() == [("XNM2", "figure_differs", told.figure.seq)]
    assert "another figure than the till said by telephone" in warden.see("/cases")


def test_a_manager_of_another_park_and_an_auditor_announce_nothing(
    office: Office, till: Sender, sell: Till
) -> None:
    told = typed(figure_of(sell))
    for browser in (office.signed_in("a", "manager", "TSE"), office.signed_in("b", "auditor", "NNP")):
        assert browser.post("/figure", told).status_code == 403
    assert office.place.count("announced") == 0

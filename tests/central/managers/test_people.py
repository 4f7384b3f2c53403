"""Who gets in to the pages, how, and for how long."""

import pytest

from gatepos.central.managers import people
from gatepos.central.store import looks
from gatepos.domain import moments
from tests.central.managers.conftest import PASSWORD, Office
from tests.central.place import Sender


def test_a_start_code_becomes_a_password_once(office: Office) -> None:
    code = office.start_code("Warden 7")
    fields = {"name": " WARDEN 7 ", "code": code.lower(), "password": PASSWORD, "again": PASSWORD}
    browser = office.browser()
    assert browser.get("/tills").url.path == "/sign-in"
    assert browser.http.post("/start", data=fields).url.path == "/tills"
    assert browser.get("/tills").status_code == 200
    assert office.browser().http.post("/start", data=fields).status_code == 403
    assert office.browser().sign_in("warden 7").url.path == "/tills"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"code": "AAAA BBBB CCCC DDDD"}, "start code is not right"),
        ({"name": "nobody"}, "start code is not right"),
        ({"password": "short", "again": "short"}, "12 characters"),
        ({"password": "aaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaa"}, "easy to guess"),
        ({"password": "warden 7123456", "again": "warden 7123456"}, "easy to guess"),
        ({"again": PASSWORD + "!"}, "not the same"),
    ],
)
def test_what_is_no_start_is_refused_in_a_sentence(
    office: Office, changes: dict[str, str], says: str
) -> None:
    fields = {
        "name": "warden 7",
        "code": office.start_code("warden 7"),
        "password": PASSWORD,
        "again": PASSWORD,
    }
    answer = office.browser().http.post("/start", data={**fields, **changes})
    assert answer.status_code in (400, 403)
    assert says in answer.text
    assert PASSWORD not in answer.text


def test_a_start_code_ends_after_a_week_and_with_the_next_one(office: Office) -> None:
    first, second = office.start_code("warden 7"), office.start_code("warden 7")
    fields = {"name": "warden 7", "code": first, "password": PASSWORD, "again": PASSWORD}
    assert office.browser().http.post("/start", data=fields).status_code == 403
    office.place.clock.pass_by(8 * moments.DAY_MS)
    assert office.browser().http.post("/start", data={**fields, "code": second}).status_code == 403


def test_a_new_start_code_ends_the_password_and_the_sign_ins(office: Office) -> None:
    browser = office.signed_in("warden 7")
    office.start_code("warden 7")
    assert browser.get("/tills").url.path == "/sign-in"
    assert office.browser().sign_in("warden 7").status_code == 403


def test_wrong_passwords_wait_longer_each_time_and_a_new_program_remembers(office: Office) -> None:
    office.signed_in("warden 7")
    for _ in range(5):
        assert office.browser().sign_in("warden 7", "wrong").status_code == 403
    waits = office.browser().sign_in("warden 7")
    assert waits.status_code == 429
    assert "10:31:30" in waits.text
    office.place.clock.pass_by(31_000)
    assert office.browser().sign_in("warden 7").url.path == "/tills"
    assert office.browser().sign_in("warden 7", "wrong").status_code == 403


def test_a_name_that_nobody_has_is_answered_like_a_wrong_password(office: Office) -> None:
    office.signed_in("warden 7")
    wrong, nobody = office.browser().sign_in("warden 7", "wrong"), office.browser().sign_in("nobody")
    assert (wrong.status_code, wrong.text.replace("warden 7", "nobody")) == (nobody.status_code, nobody.text)
    for _ in range(5):
        nobody = office.browser().sign_in("nobody")
    assert nobody.status_code == 429


def test_wrong_tries_from_elsewhere_do_not_keep_anybody_out_where_they_signed_in(office: Office) -> None:
    office.signed_in("warden 7")
    for n in range(people.ELSEWHERE_MAX + 5):
        answer = office.browser(source=f"198.51.100.{n}").sign_in("warden 7", "wrong")
        assert answer.status_code == (403 if n < people.ELSEWHERE_MAX else 429)
    assert "start code" in answer.text
    assert office.browser().sign_in("warden 7").url.path == "/tills"


def test_who_is_somewhere_new_waits_ten_minutes_at_most(office: Office) -> None:
    office.signed_in("warden 7")
    for n in range(people.ELSEWHERE_MAX):
        office.browser(source=f"198.51.100.{n}").sign_in("warden 7", "wrong")
    assert office.browser(source="192.0.2.9").sign_in("warden 7").status_code == 429
    office.place.clock.pass_by(people.ELSEWHERE_MS)
    assert office.browser(source="192.0.2.9").sign_in("warden 7").url.path == "/tills"


def test_many_addresses_guess_no_faster_together(office: Office) -> None:
    office.signed_in("warden 7")
    tried = 0
    for n in range(200):
        office.place.clock.pass_by(18_000)
        answer = office.browser(source=f"2001:db8:{n:x}::1").sign_in("warden 7", "wrong")
        tried += answer.status_code == 403
    assert tried <= 7 * people.ELSEWHERE_MAX  # an hour touches seven spans of ten minutes


def test_the_addresses_of_one_line_are_one_place(office: Office) -> None:
    for n in range(6):
        answer = office.browser(source=f"2001:db8:0:1::{n + 1:x}").sign_in("nobody", "wrong")
    assert answer.status_code == 429


def test_a_start_code_works_while_others_guess_the_name(office: Office) -> None:
    code = office.start_code("warden 7")
    for n in range(people.ELSEWHERE_MAX + 5):
        office.browser(source=f"198.51.100.{n}").sign_in("warden 7", "wrong")
    fields = {"name": "warden 7", "code": code, "password": PASSWORD, "again": PASSWORD}
    assert office.browser(source="192.0.2.9").http.post("/start", data=fields).url.path == "/tills"


def test_a_sign_in_ends_when_nobody_touches_the_page_however_often_it_asks_for_news(office: Office) -> None:
    browser = office.signed_in("warden 7")
    for _ in range(4):
        office.place.clock.pass_by(10 * moments.MINUTE_MS)
        last = browser.get("/tills", **{"gatepos-live": "1"})
    assert last.url.path == "/sign-in"


def test_a_sign_in_ends_after_a_days_work(office: Office) -> None:
    browser = office.signed_in("warden 7")
    for _ in range(36):
        office.place.clock.pass_by(20 * moments.MINUTE_MS)
        assert browser.get("/tills").url.path == "/tills"
    office.place.clock.pass_by(20 * moments.MINUTE_MS)
    assert browser.get("/tills").url.path == "/sign-in"


def test_who_signed_out_is_out(office: Office) -> None:
    browser = office.signed_in("warden 7")
    cookie = browser.http.cookies["gatepos"]
    browser.post("/sign-out", {})
    browser.http.cookies.set("gatepos", cookie)
    assert browser.get("/tills").url.path == "/sign-in"


def test_behind_tls_the_cookie_is_for_this_host_alone(office: Office) -> None:
    fields = {"name": "w", "code": office.start_code("w"), "password": PASSWORD, "again": PASSWORD}
    browser = office.browser("https://pages.test")
    browser.http.follow_redirects = False
    cookie = browser.http.post("/start", data=fields).headers["set-cookie"]
    assert cookie.startswith("__Host-gatepos=")
    for word in ("HttpOnly", "Secure", "SameSite=strict", "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie


def test_no_secret_stands_in_the_database(office: Office) -> None:
    code = office.start_code("other")
    browser = office.signed_in("warden 7")
    kept = ""
    with office.place.store.reading() as tx:
        for table in ("person", "signed_in", "wrong_try", "audit"):
            kept += repr([tuple(row) for row in tx.rows(f"SELECT * FROM {table}")])
    assert "argon2id" in kept
    for secret in (PASSWORD, code, browser.http.cookies["gatepos"]):
        assert secret not in kept


def test_each_look_of_an_auditor_is_kept_once_a_minute_and_of_others_what_is_delicate(
    office: Office, till: Sender
) -> None:
    till.drain()
    auditor, manager = office.signed_in("auditor 3", "auditor"), office.signed_in("warden 7")

    def kept() -> list[tuple[str, str, str]]:
        with office.place.store.reading() as tx:
            return [(one.who, one.page, one.about) for one in looks.last(tx)]

    before = len(kept())
    office.place.clock.pass_by(moments.MINUTE_MS)
    for _ in range(3):
        auditor.see("/takings?park=NNP")
        manager.see("/takings?park=NNP")
        manager.get("/passes?park=NNP", **{"gatepos-live": "1"})
    assert kept()[: len(kept()) - before] == [("auditor 3", "/takings", "park=NNP")]
    office.place.clock.pass_by(moments.MINUTE_MS)
    manager.see("/passes?park=NNP")
    auditor.see("/takings?park=NNP")
    added = kept()[: len(kept()) - before]
    assert sorted(added) == [
        ("auditor 3", "/takings", "park=NNP"), ("auditor 3", "/takings", "park=NNP"),
        ("warden 7", "/passes", "park=NNP"),
    ]  # fmt: skip
    page = office.signed_in("chief", "administrator").see("/changes")
    shown = page.split("Who looked at what")[1]
    assert "auditor 3" in shown
    assert "Open passes" in shown

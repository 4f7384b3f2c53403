"""What pages show to whom, and that nothing changes but by a form of a page, by who may."""

import re

import pytest

from gatepos.central import publishing
from gatepos.central.store import people
from tests.central.managers.conftest import Heard, Office
from tests.central.place import Sender
from tests.till.test_passes import outage, van_in

PAGES = ("/takings", "/tills", "/till?code=XNM2", "/passes", "/cases", "/outside")


@pytest.mark.parametrize("language", ["en", "sw"])
def test_every_page_is_there_in_both_languages(office: Office, till: Sender, language: str) -> None:
    till.drain()
    browser = office.signed_in("boss", "administrator")
    assert browser.get(f"/language/{language}?to=/tills").url.path == "/tills"
    for path in (*PAGES, "/changes", "/administration"):
        assert f'<html lang="{language}">' in browser.see(path)


def test_nobody_sees_a_page_without_signing_in(office: Office, till: Sender) -> None:
    for path in (*PAGES, "/changes", "/administration"):
        assert office.browser().get(path).url.path == "/sign-in"


def test_a_page_lets_no_script_style_or_frame_in_from_elsewhere(office: Office, till: Sender) -> None:
    browser = office.signed_in("boss", "administrator")
    for path in (*PAGES, "/changes", "/administration", "/sign-in", "/nowhere"):
        answer = browser.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "style=" not in answer.text
        assert not re.search(r"<[^>]*\son\w+=", answer.text)
        assert "http://" not in answer.text
        assert "https://" not in answer.text


def test_who_sees_one_park_sees_no_other(office: Office, till: Sender) -> None:
    till.drain()
    elsewhere = office.signed_in("warden", "manager", "TSE")
    for path in ("/takings?park=NNP", "/tills?park=NNP", "/passes?park=NNP", "/till?code=XNM2", "/changes"):
        assert elsewhere.get(path).status_code == 403
    assert "XNM2" not in elsewhere.see("/tills")
    here = office.signed_in("other", "manager", "NNP")
    assert "XNM2" in here.see("/tills")


def test_an_auditor_looks_at_all_and_changes_nothing(office: Office, till: Sender) -> None:
    till.drain()
    browser = office.signed_in("auditor", "auditor")
    for path in (*PAGES, "/changes"):
        forms = re.findall('<form [^>]*action="([^"]*)"', browser.see(path))
        assert {*forms} <= {"/sign-out", "/takings/download"}, path
    for path in ("/cases", "/outside", "/till/revoke", "/till/adopt", "/till/code", "/person"):
        assert browser.post(path, {"till": "XNM2", "typed": "XNM2"}).status_code == 403


def test_a_manager_administers_nothing(office: Office, till: Sender) -> None:
    browser = office.signed_in("warden", "manager", "NNP")
    assert browser.get("/administration").status_code == 403
    for path in ("/till/revoke", "/till/adopt", "/till/code", "/person"):
        assert browser.post(path, {"till": "XNM2", "typed": "XNM2", "place": "NNP MAIN"}).status_code == 403


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ("", {}),
        ("0" * 64, {}),
        (None, {"Origin": "http://elsewhere.test"}),
        (None, {"Origin": "null"}),
        (None, {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_a_form_from_elsewhere_changes_nothing(
    office: Office, till: Sender, form: str | None, headers: dict[str, str]
) -> None:
    till.drain()
    browser = office.signed_in("boss", "administrator")
    browser.http.headers.update(headers)
    answer = browser.post("/till/revoke", {"till": "XNM2", "typed": "XNM2"}, form=form)
    assert answer.status_code == 403
    assert "revoked" not in browser.see("/till?code=XNM2")


def test_an_administrator_revokes_a_till_and_lets_what_came_later_count(office: Office, till: Sender) -> None:
    till.drain()
    browser = office.signed_in("boss", "administrator")
    assert browser.post("/till/revoke", {"till": "XNM2", "typed": "yes"}).status_code == 400
    count = len(till.kept)
    page = browser.post("/till/revoke", {"till": "XNM2", "typed": "xnm2"})
    assert f"Its entries to {count} count" in page.text
    till.write(kind="sign.in", data={})
    till.drain()
    page = browser.post("/till/adopt", {"till": "XNM2", "seq": str(count + 1)})
    assert f"Its entries to {count + 1} count" in page.text
    changed = browser.see("/changes")
    assert changed.index("Let entries") < changed.index("Revoked a till") < changed.index("Chose a password")


def test_a_code_from_the_page_lets_a_till_join(office: Office) -> None:
    from gatepos.seal import enrolment
    from tests.central.place import CENTRAL_KEY

    browser = office.signed_in("boss", "administrator")
    page = browser.post("/till/code", {"place": "NNP EAST", "lane": "1"}).text
    code = page.split('class="given">')[1].split("<")[0]
    assert enrolment.names(code, CENTRAL_KEY.public)
    assert code not in browser.see("/administration")
    assert "NNP EAST 1" in browser.see("/changes")


def test_a_person_whom_the_page_lets_in_signs_in(office: Office) -> None:
    browser = office.signed_in("boss", "administrator")
    page = browser.post(
        "/person", {"name": "Auditor 3", "role": "auditor", "park": "NNP", "staff": "12"}
    ).text
    assert '<td data-label="Staff number">12</td>' in page
    assert browser.post("/person", {"name": "x", "role": "auditor", "staff": "1x"}).status_code == 400
    code = page.split('class="given">')[1].split("<")[0]
    fields = {"name": "auditor 3", "code": code, "password": "seven zebras crossing"}
    newcomer = office.browser()
    assert newcomer.http.post("/start", data={**fields, "again": fields["password"]}).url.path == "/takings"
    assert "auditor" in newcomer.get("/cases").text


def test_an_administrator_of_one_park_makes_nobody_for_others(office: Office, till: Sender) -> None:
    browser = office.signed_in("boss", "administrator", "NNP")
    office.signed_in("head", "auditor")
    for fields in (
        {"name": "friend", "park": ""},
        {"name": "head", "park": "NNP"},
        {"name": "x", "park": "TSE"},
    ):
        assert browser.post("/person", {"role": "administrator", **fields}).status_code == 403
    assert browser.post("/till/code", {"place": "TSE VOI", "lane": "1"}).status_code in (400, 403)


def test_a_page_that_did_not_change_is_not_sent_again(office: Office, till: Sender) -> None:
    browser = office.signed_in("warden")
    tag = browser.get("/tills").headers["etag"]
    again = browser.get("/tills", **{"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    till.drain()
    assert browser.get("/tills", **{"If-None-Match": tag}).status_code == 200


def test_the_language_page_goes_nowhere_else(office: Office) -> None:
    browser = office.browser()
    browser.http.follow_redirects = False
    for to in ("//elsewhere.test", "https://elsewhere.test", "/\\elsewhere.test", "javascript:alert(1)"):
        assert browser.http.get("/language/sw", params={"to": to}).headers["location"] == "/"


def test_when_the_database_is_down_the_page_says_so(office: Office, till: Sender) -> None:
    browser = office.signed_in("warden")
    office.place.clock.pass_by(120_000)
    office.place.break_storage()
    answer = browser.get("/tills")
    office.place.mend_storage()
    assert answer.status_code == 503
    assert "cannot use its database" in answer.text


def test_every_change_is_kept_with_who_and_when(office: Office) -> None:
    office.signed_in("warden 7")
    with office.place.store.reading() as tx:
        kept = [(one.who, one.what, one.about) for one in people.changes(tx)]
    assert kept == [("warden 7", "password", "warden 7"), ("test", "person", "warden 7")]


def test_changes_are_told_in_the_readers_own_words(office: Office, till: Sender) -> None:
    till.drain()
    at = office.place.central.now()
    with office.place.store.reading() as tx:
        seen = publishing.policy_of(tx, "NNP").seen
    publishing.publish_policy(
        office.place.store, "NNP", {"allow_cash": "yes", "lock_after_s": "240"}, "boss", at, seen
    )
    office.signed_in("warden 7", "manager", "NNP")
    browser = office.signed_in("boss", "administrator")
    browser.post("/outside", {"what": "platform", "state": "down", "since": ""})
    english = browser.see("/changes")
    for said in (
        "manager NNP", "administrator All parks", "Take cash: – → yes", "Payment platform",
        "Seconds without a touch before the screen locks: – → 240", "down 2 Jan 10:31",
    ):  # fmt: skip
        assert said in english, said
    browser.get("/language/sw")
    swahili = browser.see("/changes")
    for said in (
        "meneja NNP", "fundi wa mfumo Hifadhi zote", "Pokea taslimu: – → ndiyo",
        "Sekunde bila kuguswa kabla skrini kujifunga: – → 240",
    ):  # fmt: skip
        assert said in swahili, said
    for kept in ("allow_cash", "lock_after_s", "administrator", ">manager"):
        assert kept not in swahili, kept


def test_open_passes_stand_with_their_age(office: Office, heard: Heard) -> None:
    entry, *_ = heard.tills
    outage(entry)
    number = van_in(entry).number
    heard.sent()
    office.place.clock.pass_by(93 * 60_000)
    page = office.signed_in("warden").see("/passes")
    assert number in page
    assert "KDA 412M" in page
    assert "1 h 33 min" in page
    assert "KES 43,940" in page

"""What is set on the pages: looked at before it is published, refused by name, kept with who did it."""

import re
from html import unescape

import httpx2 as httpx
import pytest

from gatepos.central import publishing
from gatepos.central.store import feeds, people
from gatepos.domain import moments
from gatepos.domain.rates import Rate
from tests.central.managers.conftest import Browser, Office
from tests.central.place import Sender

PAGES = ("/rates", "/policy?park=NNP", "/staff?park=NNP", "/gates?park=NNP", "/keys")
FORMS = {
    "/rates": {"month": "2026-02", "rate": "130", "sure": "yes"},
    "/rates/withdraw": {"id": "1"},
    "/policy": {"park": "NNP", "allow_cash": "yes", "sure": "yes"},
    "/policy/answer": {"park": "NNP", "key": "allow_cash", "value": "yes"},
    "/staff": {"park": "NNP", "number": "31", "role": "clerk"},
}


@pytest.fixture
def boss(office: Office) -> Browser:
    """An administrator of all parks."""
    return office.signed_in("boss", "administrator")


def rows(office: Office, feed: str, audience: str = "NNP") -> list[dict[str, object]]:
    """What tills are told."""
    with office.place.store.reading() as tx:
        return feeds.bodies(tx, feed, audience)


def audit(office: Office) -> list[tuple[str, str, str, str]]:
    """Who changed what, newest first; without sign-ins."""
    with office.place.store.reading() as tx:
        found = people.changes(tx)
    return [
        (one.who, one.what, one.about, one.detail)
        for one in found
        if one.what not in ("sign.in", "password", "person", "code")
    ]


def preview(answer: httpx.Response) -> dict[str, str]:
    """The form by which a preview is confirmed."""
    assert answer.status_code == 200, answer.text
    form = answer.text.split('id="preview"')[1].split("</form>")[0]
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_who_may_not_administer_sees_every_page_and_no_form_but_the_choice_of_a_park(
    office: Office, till: Sender
) -> None:
    for role, park in (("auditor", None), ("manager", "NNP")):
        browser = office.signed_in(f"{role} 3", role, park)
        for path in PAGES:
            posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', browser.see(path))
            assert posts == ["/sign-out"], path
        for path, fields in FORMS.items():
            assert browser.post(path, fields).status_code == 403, path
    assert [rows(office, "rates", "*"), rows(office, "policy"), rows(office, "staff")] == [[], [], []]
    assert audit(office) == []


def test_nobody_sees_or_sends_without_signing_in_and_no_form_comes_from_elsewhere(
    office: Office, till: Sender, boss: Browser
) -> None:
    for path in PAGES:
        assert office.browser().get(path).url.path == "/sign-in"
    for path, fields in FORMS.items():
        assert office.browser().http.post(path, data=fields).url.path == "/sign-in"
        assert boss.post(path, fields, form="0" * 64).status_code == 403
    assert audit(office) == []


def test_an_administrator_of_one_park_sets_nothing_for_others(office: Office, till: Sender) -> None:
    browser = office.signed_in("boss", "administrator", "TSE")
    for path, fields in FORMS.items():
        assert browser.post(path, fields).status_code == 403, path
    for path in PAGES[1:4]:
        assert browser.get(path).status_code == 403
    assert "XNM2" not in browser.see("/keys")
    assert browser.post("/staff", {"park": "TSE", "number": "31", "role": "clerk"}).status_code == 200


# Rates.


def test_a_rate_is_looked_at_before_any_till_hears_of_it(office: Office, boss: Browser) -> None:
    fields = {"month": "2026-01", "rate": "129.50"}
    confirmed = preview(boss.post("/rates", fields))
    assert rows(office, "rates", "*") == []
    page = boss.post("/rates", confirmed)
    assert (page.url.path, page.history[0].status_code) == ("/rates", 303)
    assert rows(office, "rates", "*") == [{"rate": "2026-01", "rate_e4": 1_295_000}]
    seen = boss.post("/rates", {"month": "2026-02", "rate": "130.10"}).text
    assert "129.50 → <strong>130.10</strong> (+0.46 %)" in seen
    assert [one[:3] for one in audit(office)] == [("boss", "rate", "2026-01")]


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"rate": "1301"}, "no till takes such a step"),
        ({"rate": "13"}, "no till takes such a step"),
        ({"rate": "12,9"}, "Type the month as"),
        ({"rate": "9" * 10}, "Type the month as"),
        ({"month": "2026-13"}, "Type the month as"),
        ({"month": "2025-12"}, "no till takes an earlier month"),
        ({"month": "2026-01", "rate": "129.50"}, "already"),
        ({"from": "tomorrow"}, "Type the day and time"),
        ({"from": "2026-02-30 00:00"}, "Type the day and time"),
    ],
)
def test_what_no_till_would_take_is_refused_with_what_was_typed(
    office: Office, boss: Browser, fields: dict[str, str], says: str
) -> None:
    publishing.publish_rate(
        office.place.store,
        Rate("2026-01", 1_295_000),
        office.place.central.now(),
        "x",
        office.place.central.now(),
    )
    for sure in ({}, {"sure": "yes"}):
        answer = boss.post("/rates", {"month": "2026-02", "rate": "130", **fields, **sure})
        assert answer.status_code == 400
        assert sure or says in unescape(answer.text)
        for typed in fields.values():
            assert f'value="{typed}"' in answer.text
    assert len(audit(office)) == 1


def test_two_administrators_do_not_overwrite_each_other_unseen(office: Office, boss: Browser) -> None:
    first = preview(boss.post("/rates", {"month": "2026-01", "rate": "129.50"}))
    second = preview(boss.post("/rates", {"month": "2026-01", "rate": "129.60"}))
    boss.post("/rates", first)
    answer = boss.post("/rates", second)
    assert (answer.status_code, "Somebody changed this meanwhile" in answer.text) == (400, True)
    old = preview(boss.post("/policy", {"park": "NNP", "allow_card": "yes"}))
    boss.post("/policy", preview(boss.post("/policy", {"park": "NNP", "allow_card": "no"})))
    answer = boss.post("/policy", old)
    assert (answer.status_code, "Somebody changed this meanwhile" in answer.text) == (400, True)


def test_a_rate_that_waits_can_be_withdrawn_until_its_moment(office: Office, boss: Browser) -> None:
    for day in ("2026-02-01 00:00", "2026-03-01 00:00"):
        fields = {"month": day[:7], "rate": "130", "from": day}
        boss.post("/rates", preview(boss.post("/rates", fields)))
    page = boss.see("/rates")
    assert page.index("2026-02-01 00:00") < page.index("2026-03-01 00:00")
    ids = re.findall(r'name="id" value="(\d+)"', page)
    seen = re.findall(r'name="seen" value="([^"]*)"', page)[0]
    assert boss.post("/rates/withdraw", {"id": ids[1], "seen": seen}).url.path == "/rates"
    office.place.clock.pass_by(40 * moments.DAY_MS)
    boss.sign_in("boss")
    answer = boss.post("/rates/withdraw", {"id": ids[0], "seen": seen})
    assert "does not wait any more" in answer.text
    assert "130.00" in boss.see("/rates").split('id="rate"')[1].split("</section>")[0]
    assert [one[1] for one in audit(office)] == ["rate.withdrawn", "rate", "rate"]


# Policy.


def test_only_what_differs_is_shown_and_published(office: Office, boss: Browser, till: Sender) -> None:
    typed = {"park": "NNP", "pass_host": "KWS.KE", "allow_card": "yes", "pass_hard": "", "allow_mpesa": ""}
    confirmed = preview(boss.post("/policy", typed))
    assert {"pass_host", "allow_card"} == confirmed.keys() - {"form", "park", "seen", "sure"}
    assert rows(office, "policy") == []
    boss.post("/policy", confirmed)
    assert [row["key"] for row in rows(office, "policy")] == ["pass_host", "allow_card"]
    again = preview(boss.post("/policy", {**typed, "allow_card": "no"}))
    boss.post("/policy", again)
    assert audit(office)[0] == ("boss", "policy", "NNP", "allow_card: yes → no")
    assert "Nothing was changed" in boss.post("/policy", typed | {"allow_card": "no"}).text


def test_what_takes_two_people_at_a_till_takes_two_administrators(
    office: Office, boss: Browser, till: Sender
) -> None:
    answer = boss.post("/policy", {"park": "NNP", "paybill": "600000", "allow_card": "no"})
    assert answer.text.count("another administrator agrees first") == 1
    boss.post("/policy", preview(answer))
    assert [row["key"] for row in rows(office, "policy")] == ["allow_card"]
    asked = {"park": "NNP", "key": "paybill", "value": "600000", "do": "agree"}
    assert "Agree and publish" not in boss.see("/policy?park=NNP")
    refused = boss.post("/policy/answer", asked)
    assert "You proposed this yourself" in refused.text
    other = office.signed_in("chief", "administrator", "NNP")
    page = other.see("/policy?park=NNP")
    assert "Waits for another administrator" in page
    assert "Agree and publish" in page
    assert "does not wait any more" in other.post("/policy/answer", {**asked, "value": "600001"}).text
    far = office.signed_in("far", "administrator", "TSE")
    assert far.post("/policy/answer", asked).status_code == 403
    other.post("/policy/answer", asked)
    assert rows(office, "policy")[-1] == {"key": "paybill", "value": "600000"}
    assert audit(office)[0] == ("boss + chief", "policy", "NNP", "paybill: – → 600000")
    assert "Waits for another administrator" not in other.see("/policy?park=NNP")


def test_who_proposed_may_withdraw_and_what_changed_meanwhile_is_not_published(
    office: Office, boss: Browser, till: Sender
) -> None:
    other = office.signed_in("chief", "administrator")
    asked = {"park": "NNP", "key": "allow_cash", "value": "yes"}
    boss.post("/policy", preview(boss.post("/policy", {"park": "NNP", "allow_cash": "yes"})))
    boss.post("/policy/answer", {**asked, "do": "withdraw"})
    assert "does not wait any more" in other.post("/policy/answer", {**asked, "do": "agree"}).text
    assert rows(office, "policy") == []
    assert audit(office)[0] == ("boss", "policy.withdrawn", "NNP", "allow_cash: yes")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"allow_cash": "perhaps"}, "cannot be"),
        ({"paybill": "12"}, "cannot be"),
        ({"personal_days": "0"}, "cannot be"),
        ({"lane_direction": "out"}, "Nothing was changed"),
        ({"gate": "EAST"}, "Nothing was changed"),
        ({"nothing": "yes"}, "Nothing was changed"),
    ],
)
def test_a_setting_that_no_till_would_take_is_refused(
    office: Office, boss: Browser, fields: dict[str, str], says: str
) -> None:
    answer = boss.post("/policy", {"park": "NNP", **fields, "sure": "yes"})
    assert answer.status_code == 400
    assert says in answer.text
    assert rows(office, "policy") == []


# Staff.


def test_a_start_code_is_shown_once_and_stands_nowhere(office: Office, boss: Browser) -> None:
    page = boss.post("/staff", {"park": "NNP", "number": "31", "name": "A. Person", "role": "clerk"}).text
    code = page.split('class="given">')[1].split("<")[0]
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", code)
    assert code not in boss.see("/staff?park=NNP")
    assert "A. Person" in boss.see("/staff?park=NNP")
    kept = ""
    with office.place.store.reading() as tx:
        for table in ("staff", "feed_row", "audit"):
            kept += repr([tuple(row) for row in tx.rows(f"SELECT * FROM {table}")])
    assert code.replace(" ", "") not in kept
    assert "A. Person" not in repr(rows(office, "staff")) + repr(audit(office))


def test_a_number_changes_starts_anew_leaves_and_comes_back(office: Office, boss: Browser) -> None:
    def send(**fields: str) -> str:
        answer = boss.post("/staff", {"park": "NNP", "number": "31", **fields})
        assert answer.status_code == 200, answer.text
        return answer.text

    assert 'class="given"' in send(role="clerk")
    assert 'class="given"' not in send(role="supervisor", until_on="31.12.2026")
    assert 'class="given"' in send(do="code")
    assert '<span class="mark bad">left' in send(do="end")
    assert 'class="given"' in send(role="clerk")
    told = [(row["roles"], row["until_on"], row["start"] is not None) for row in rows(office, "staff")]
    assert told == [
        (["clerk"], None, True), (["supervisor"], "2026-12-31", False),
        (["supervisor"], "2026-12-31", True), ([], "2026-12-31", False), (["clerk"], None, True),
    ]  # fmt: skip
    assert [one[1] for one in audit(office)] == [
        "staff.code", "staff.left", "staff.code", "staff", "staff.code",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"number": "1"}, "two to four digits"),
        ({"number": "٣١"}, "two to four digits"),
        ({"role": "warden"}, "is not a role"),
        ({"from_on": "soon"}, "day"),
        ({"from_on": "2026-03-01", "until_on": "2026-02-01"}, "before the first"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"name": "x" * 61}, "60"),
        ({"do": "code"}, "Nobody with number"),
        ({"do": "end"}, "Nobody with number"),
    ],
)
def test_what_is_no_member_of_staff_is_refused_by_name(
    office: Office, boss: Browser, fields: dict[str, str], says: str
) -> None:
    answer = boss.post("/staff", {"park": "NNP", "number": "31", "role": "clerk", **fields})
    assert answer.status_code == 400
    assert says in unescape(answer.text)
    assert rows(office, "staff") == []


# Gates and keys.


def test_gates_stand_with_their_tills_and_keys_with_what_people_compare(
    office: Office, boss: Browser, till: Sender
) -> None:
    page = boss.see("/gates?park=NNP")
    assert "XNM2" in page
    assert page.count("no till") == 5
    keys = boss.see("/keys")
    assert "XNM2" in keys
    assert office.place.central.key.public.hex() in keys

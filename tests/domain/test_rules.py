"""Policy, staff, drawers and clocks: small tables that decide who may do what, and when."""

import pytest

from gatepos import i18n
from gatepos.domain import clock, labels, moments, policy, shift, staff
from gatepos.domain.clock import Reading
from gatepos.domain.fees import titles
from gatepos.domain.policy import SETTINGS, BadPolicyValue, Policy, UnknownPolicy
from gatepos.domain.shift import BadCount, NoSuchFace
from gatepos.domain.staff import NotAllowed, Person
from gatepos.domain.vocabulary import GROUNDS, NOT_VISITORS, NOTICE, ROLES, TENDERS
from gatepos.i18n import words

EN = words("en")


def test_without_a_word_from_the_park_cash_is_not_taken() -> None:
    unset = Policy({})
    assert [tender for tender in TENDERS if unset.allows(tender)] == ["mpesa", "card", "ecitizen"]
    assert not unset.flag(policy.USD_CASH)
    assert unset.text(policy.PAYBILL) == "222222"
    assert unset.having("allow_cash", "yes").allows("cash")
    assert not unset.allows("cheque")


def test_money_leaks_need_two_people() -> None:
    needed = {key for key, setting in SETTINGS.items() if setting.needs_second}
    limits = {key for key in SETTINGS if key.endswith(("_soft", "_hard", "_max"))}
    leaks = {"paybill", "allow_cash", "cash_usd", "order", "order_paybill", "overstay_under"}
    assert needed >= leaks | limits


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda s: s.key)
def test_every_default_is_a_value_that_may_be_set(setting: policy.Setting) -> None:
    assert policy.parse(setting.key, setting.default) == setting.default


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("paybill", "1234"),
        ("paybill", "1234567890"),
        ("paybill", "６０００００"),
        ("allow_cash", "Yes"),
        ("allow_cash", ""),
        ("lock_after_s", "-1"),
        ("lock_after_s", "0"),
        ("lock_after_s", "3601"),
        ("lock_after_s", "1.5"),
        ("lock_after_s", "999999999"),
        ("lock_after_s", "9" * 10),
        ("lane", "٤"),
        ("pass_host", "gate.example/path"),
        ("pass_host", "https://gate.example"),
        ("pass_host", "gate example"),
        ("pass_host", "h" * 101),
    ],
)
def test_a_value_of_another_form_is_refused(key: str, value: str) -> None:
    with pytest.raises(BadPolicyValue):
        policy.parse(key, value)


def test_a_refused_value_is_told_by_the_settings_own_sentence() -> None:
    with pytest.raises(BadPolicyValue) as told:
        policy.parse("lock_after_s", "1")
    assert told.value.said(i18n.words("en")) == "Seconds without a touch before the screen locks cannot be 1."
    assert "lock_after_s" not in told.value.said(i18n.words("sw"))


def test_an_unknown_policy_is_named_shortly() -> None:
    with pytest.raises(UnknownPolicy) as told:
        policy.parse("x" * 5_000, "yes")
    assert len(str(told.value)) < 100


@pytest.mark.parametrize(
    ("role", "actions"),
    [
        ("clerk", {"sell", "look"}),
        ("supervisor", {"sell", "approve", "switch", "outage", "takings", "look"}),
        (
            "manager",
            {"sell", "approve", "switch", "outage", "set_up", "reconcile", "takings", "audit", "look"},
        ),
        ("auditor", {"takings", "audit", "look"}),
        ("administrator", {"set_up", "look"}),
    ],
)
def test_what_each_role_may_do(role: str, actions: set[str]) -> None:
    person = Person("07", frozenset({role}))
    for action in staff.MAY:
        if action in actions:
            staff.check(person, action)
        else:
            with pytest.raises(NotAllowed):
                staff.check(person, action)


def test_the_table_of_roles_names_every_role_and_no_other() -> None:
    assert {role for roles in staff.MAY.values() for role in roles} == set(ROLES)
    assert not staff.may((), "look")


def test_wrong_pins_wait_longer_and_never_for_ever() -> None:
    assert [staff.wait_s(n) for n in range(8)] == [0, 0, 0, 0, 0, 30, 60, 120]
    assert staff.wait_s(10**6) == 300


def test_a_drawer_is_counted_by_note_and_coin() -> None:
    counted = [
        shift.denomination("KES", 1000, 3),
        shift.denomination("KES", 50, 2),
        shift.denomination("USD", 20, 1),
    ]
    assert shift.counted(counted) == {"KES": 310_000, "USD": 2_000}
    assert shift.counted([]) == {"KES": 0}


@pytest.mark.parametrize(("currency", "face"), [("KES", 3), ("KES", 2000), ("USD", 1000), ("EUR", 10)])
def test_a_note_that_does_not_exist_is_not_counted(currency: str, face: int) -> None:
    with pytest.raises(NoSuchFace):
        shift.denomination(currency, face, 1)


@pytest.mark.parametrize("count", [-1, 100_001, 10**30])
def test_a_count_that_cannot_be_is_refused(count: int) -> None:
    with pytest.raises(BadCount):
        shift.denomination("KES", 1000, count)


NOON = moments.from_text("2026-01-02T09:00:00.000Z")
LAST = Reading(NOON, 1_000_000, "one")


@pytest.mark.parametrize(
    ("now", "judged"),
    [
        (Reading(NOON + 5_000, 1_005_000, "one"), "ok"),
        (Reading(NOON - 60_000, 1_000_000, "one"), "ok"),
        (Reading(NOON - 121_000, 1_000_500, "one"), "back"),
        (Reading(NOON + 3_600_000, 1_001_000, "one"), "jump"),
        (Reading(NOON + 3_600_000, 4_600_000, "one"), "ok"),
        (Reading(NOON + 3_600_000, 1_000, "two"), "ok"),
        (Reading(NOON + 401 * moments.DAY_MS, 1_000, "two"), "jump"),
        (Reading(0, 1_000, "two"), "unset"),
        (Reading(moments.from_text("2024-11-19T00:00:00.000Z"), 1_000, "two"), "unset"),
    ],
)
def test_what_the_till_thinks_of_its_clock(now: Reading, judged: str) -> None:
    assert clock.judge(now, LAST) == judged


def test_the_first_reading_is_taken_as_it_is() -> None:
    assert clock.judge(LAST, None) == "ok"


@pytest.mark.parametrize(
    ("fee", "category", "age", "label"),
    [
        ("park_entry", "non_resident", "adult", "Non-resident adult"),
        ("park_entry_school", "school", "student", "School pupil"),
        ("vehicle", "vehicle", "2", "Vehicle 6–12 seats"),
        ("vehicle_recovery", "any", "any", "Vehicle recovery inside the park"),
        ("camping_public", "kenya_resident", "child", "Public campsite, Kenya resident child"),
    ],
)
def test_what_a_row_is_called(fee: str, category: str, age: str, label: str) -> None:
    assert labels.fee(fee, category, age, EN, titles()) == label


def test_every_ground_and_tender_has_a_name() -> None:
    assert set(labels.GROUNDS) == {*GROUNDS, NOTICE, *NOT_VISITORS}
    assert set(labels.TENDERS) == set(TENDERS)

"""The second person by radio: at one till a clerk asks, at another a supervisor answers."""

from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain.staff import NotAllowed
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.outage import NoOutage
from gatepos.till.radio import LIST, BadQuestion, NoCodes, QuestionAsked, UnknownTill, WrongAnswer
from gatepos.till.sign_in import LockedOut
from gatepos.till.station import Plan
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate, ordinary_van

OWN = "XEA1"
WHY = "turned back"


def trust(till: Till, other: Till) -> None:
    """Put another till's certificate into a till's keyring."""
    context = other.desk.ledger.context
    row = {
        "till": context.till,
        "public_key": other.desk.ledger.public_key.hex(),
        "park": context.park,
        "gate": context.gate,
        "lane": context.lane,
        "is_revoked": False,
    }
    till.desk.trust(till.desk.write("keyring.changed", row).entry)


@pytest.fixture
def own(gate: Gate, sell: Till, tmp_path: Path) -> Till:
    """The manager's own till at another gate, known to the clerk's till and knowing it."""
    plan = Plan(OWN, "NNP", "EAST", "1", MANAGER, MANAGER_PIN, "CF2025")
    till = app.create_till(tmp_path / "east", plan, gate.world())
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    trust(sell, till)
    trust(till, sell)
    return till


def sold(till: Till) -> str:
    """A van's receipt."""
    ordinary_van(till)
    till.payments.pay("card")
    till.payments.card("A7K29Q", "4242")
    return till.payments.recorded().number


def question(till: Till, receipt: str, radio: str = OWN, why: str = WHY) -> QuestionAsked:
    """What a clerk who would void a receipt reads out."""
    with pytest.raises(QuestionAsked) as asked:
        till.corrections.void(receipt, why, Second(MANAGER, radio=radio))
    return asked.value


def spoken(own: Till, asked: QuestionAsked) -> str:
    """What the supervisor answers from their own till."""
    return own.radio.answer("XNM2", str(asked.values["kind"]), str(asked.values["question"]))


def test_an_answer_from_another_till_agrees_to_one_action(sell: Till, own: Till) -> None:
    receipt = sold(sell)
    asked = question(sell, receipt)
    second = Second(MANAGER, radio=OWN, answer=spoken(own, asked))
    sell.corrections.void(receipt, WHY, second)
    (entry,) = sell.desk.ledger.of_kind("receipt.voided")
    assert entry.fields["also"] == {"staff": MANAGER, "how": "radio"}
    (said,) = sell.desk.ledger.of_kind("radio.asked")
    assert (said.data["staff"], said.data["answering"], said.data["action"]) == (MANAGER, OWN, entry.kind)
    (heard,) = own.desk.ledger.of_kind("radio.answered")
    assert (heard.by, heard.data["question"]) == (MANAGER, said.data["question"])


def test_the_answer_to_one_action_is_no_answer_to_another(sell: Till, own: Till) -> None:
    receipt = sold(sell)
    asked = question(sell, receipt)
    answer = spoken(own, asked)
    with pytest.raises(QuestionAsked) as again:
        sell.corrections.void(receipt, "another reason", Second(MANAGER, radio=OWN, answer=answer))
    assert again.value.values["question"] != asked.values["question"]
    assert sell.desk.ledger.of_kind("receipt.voided") == []


def test_an_answer_for_another_kind_of_action_is_wrong(sell: Till, own: Till) -> None:
    receipt = sold(sell)
    asked = question(sell, receipt)
    lied = own.radio.answer("XNM2", "pass.reissued", str(asked.values["question"]))
    with pytest.raises(WrongAnswer):
        sell.corrections.void(receipt, WHY, Second(MANAGER, radio=OWN, answer=lied))


def test_an_answer_is_used_once(sell: Till, own: Till) -> None:
    about = {"key": "allow_cash"}
    with pytest.raises(QuestionAsked) as first:
        sell.approvals.also(Second(MANAGER, radio=OWN), "config.changed", about)
    second = Second(MANAGER, radio=OWN, answer=spoken(own, first.value))
    sell.approvals.also(second, "config.changed", about)
    with pytest.raises(QuestionAsked) as again:
        sell.approvals.also(second, "config.changed", about)
    assert again.value.values["question"] != first.value.values["question"]


def test_wrong_answers_lock_out_like_wrong_pins_and_a_restart_forgets_nothing(
    gate: Gate, sell: Till, own: Till
) -> None:
    receipt = sold(sell)
    asked = question(sell, receipt)
    right = Second(MANAGER, radio=OWN, answer=spoken(own, asked))
    wrong = Second(MANAGER, radio=OWN, answer="0000 0000")
    for _ in range(4):
        with pytest.raises(WrongAnswer):
            sell.corrections.void(receipt, WHY, wrong)
    for tried in (wrong, right):
        with pytest.raises(LockedOut):
            sell.corrections.void(receipt, WHY, tried)
    again = selling_again(gate, sell)
    with pytest.raises(QuestionAsked):
        again.corrections.void(receipt, WHY, right)
    with pytest.raises(LockedOut):
        again.corrections.void(receipt, WHY, right)
    gate.clock.pass_by(31_000)
    with pytest.raises(LockedOut) as longer:  # the answer is to the question before the restart
        again.corrections.void(receipt, WHY, right)
    assert longer.value.values["seconds"] == 60


def selling_again(gate: Gate, till: Till) -> Till:
    """The till after a stop, with the clerk back at the window."""
    again = gate.reopened(till)
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    return again


def test_a_list_answers_line_by_line_each_once(gate: Gate, sell: Till) -> None:
    receipt = sold(sell)
    with pytest.raises(NoCodes):
        sell.corrections.void(receipt, WHY, Second(MANAGER, radio=LIST))
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    codes = sell.radio.make_codes()
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    first, second = question(sell, receipt, LIST), question(sell, receipt, LIST, "rain")
    assert [str(asked.values["question"])[:2] for asked in (first, second)] == ["00", "01"]
    with pytest.raises(WrongAnswer):
        sell.corrections.void(receipt, "rain", Second(MANAGER, radio=LIST, answer=codes[0]))
    sell.corrections.void(receipt, "rain", Second(MANAGER, radio=LIST, answer=codes[1]))
    again = selling_again(gate, sell)
    with pytest.raises(QuestionAsked) as third:
        again.approvals.also(Second(MANAGER, radio=LIST), "receipt.voided", {})
    assert str(third.value.values["question"])[:2] == "02", "a restart uses no line twice"


def test_a_new_list_ends_the_one_before(sell: Till) -> None:
    receipt = sold(sell)
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    lost, kept = sell.radio.make_codes(), sell.radio.make_codes()
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    question(sell, receipt, LIST)
    with pytest.raises(WrongAnswer):
        sell.corrections.void(receipt, WHY, Second(MANAGER, radio=LIST, answer=lost[0]))
    sell.corrections.void(receipt, WHY, Second(MANAGER, radio=LIST, answer=kept[0]))


def test_an_outage_is_opened_by_radio(sell: Till, own: Till) -> None:
    terms = ("platform", "KWS/OPS/2026/01", "600000")
    with pytest.raises(QuestionAsked) as asked:
        sell.outages.open(*terms, second=Second(MANAGER, radio=OWN))
    sell.outages.open(*terms, second=Second(MANAGER, radio=OWN, answer=spoken(own, asked.value)))
    assert sell.outages.view().is_open


def test_who_may_not_agree_at_the_till_may_not_by_radio(sell: Till, own: Till) -> None:
    with pytest.raises(SamePerson):
        sell.approvals.also(Second(CLERK, radio=OWN), "receipt.voided", {})
    with pytest.raises(NotAllowed):
        sell.approvals.also(Second("08", radio=OWN), "receipt.voided", {})
    for till in ("XNM2", "XABC", "?"):
        with pytest.raises(UnknownTill):
            sell.approvals.also(Second(MANAGER, radio=till), "receipt.voided", {})
    with pytest.raises(NotAllowed):
        sell.radio.answer(OWN, "receipt.voided", "1234 5678")
    with pytest.raises(BadQuestion):
        own.radio.answer("XNM2", "receipt.voided", "1234")


def test_nothing_is_asked_for_what_is_refused_anyhow(sell: Till, own: Till) -> None:
    sell.checkout.tap(NON_RESIDENT)
    with pytest.raises(NoOutage):
        sell.passes.issue(Second(MANAGER, radio=OWN))
    assert sell.desk.ledger.of_kind("radio.asked") == []

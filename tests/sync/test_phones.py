"""A phone asked to pay through the real central: asked once, said as it stands, recorded by the clerk."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

import pytest

from gatepos.domain.outside import MPESA
from gatepos.domain.phones import BadPhone
from gatepos.domain.prompts import CentralAsksNone, MpesaDown, NoMpesaPhone, NotReached, State
from gatepos.errors import Said
from gatepos.sync import phones
from gatepos.sync.phones import AnotherPaybill, RefusedByMpesa
from gatepos.till.prompts import NoLine, PaidAlready
from gatepos.till.station import Station
from gatepos.till.till import Till
from gatepos.till.views import PayView, PromptView, RecordedView
from gatepos.till.window import PayFirst
from tests.gate import Gate, ordinary_van, permit, selling
from tests.phoning import CODE, IN_HAND, Phoning, done, phoning, until

TYPED, PHONE, DIGITS = "0712 345 678", "254712345678", "712345678"
_T = TypeVar("_T")


@dataclass
class Window:
    """A clerk at a window with the van's bill open for M-PESA."""

    phoning: Phoning
    station: Station

    def asked(self, action: Callable[[Till], _T]) -> _T:
        """What the till answers, on its ledger's thread."""
        return self.station.thread.ask(lambda: action(self.station.till)).result()

    def pay(self) -> PayView:
        """The van's bill, to be paid by M-PESA; central is reached."""
        self.asked(selling)
        self.asked(ordinary_van)
        bill = self.asked(lambda till: till.payments.pay("mpesa"))
        until(lambda: self.view().barred is None)
        return bill

    def ask(self, typed: str = TYPED) -> PromptView:
        """Ask a phone."""
        return self.asked(lambda till: till.payments.prompts.ask(typed))

    def view(self) -> PromptView:
        """How it stands."""
        view = self.asked(lambda till: till.payments.prompts.view())
        assert view is not None
        return view

    def state(self) -> State | None:
        """What became of the phone."""
        prompt = self.view().prompt
        return prompt.state if prompt else None

    def reaches(self, state: State) -> None:
        """Wait until it stands so."""
        until(lambda: self.state() is state)

    def refused(self, action: Callable[[Till], object]) -> type[Said]:
        """By what the till refuses."""
        try:
            self.asked(action)
        except Said as error:
            return type(error)
        raise AssertionError("it was not refused")

    def typed(self, code: str = CODE) -> PayView | RecordedView:
        """The clerk takes a code."""
        return self.asked(lambda till: till.payments.mpesa(code))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits three seconds to look again."""
    monkeypatch.setattr(phones, "EVERY_S", 0.01)
    monkeypatch.setattr(phones, "LOOKS_MAX", 10_000)
    monkeypatch.setattr(phones, "HURRIES_S", (0.0, *(0.1,) * 100))


@pytest.fixture
def beside(gate: Gate, tmp_path: Path) -> Iterator[Phoning]:
    """A central that has credentials, and phones that are slow to answer."""
    with phoning(gate, tmp_path / "central") as made:
        made.answers(IN_HAND, 500)
        yield made


@pytest.fixture
def window(beside: Phoning) -> Iterator[Window]:
    """A clerk's window with that central in reach."""
    station = beside.opened()
    yield Window(beside, station)
    station.close()


@pytest.fixture
def apart(beside: Phoning) -> Iterator[Window]:
    """The same that reached its central at no time since it was opened."""
    beside.line.is_cut = True
    station = beside.opened()
    yield Window(beside, station)
    station.close()


def test_a_phone_is_asked_pays_and_the_clerk_records_its_code(window: Window) -> None:
    bill = window.pay()
    entries = window.asked(lambda till: till.desk.ledger.head[0])
    assert window.ask().prompt is not None
    window.reaches(State.WAITING)
    (asked,) = window.phoning.asked
    assert (asked["PhoneNumber"], asked["AccountReference"]) == (PHONE, bill.account)
    assert asked["Amount"] == bill.rest_minor // 100
    window.phoning.answers(done("0"))
    window.reaches(State.PAID)
    window.phoning.pays(bill.account, f"{bill.rest_minor // 100}.00")
    until(lambda: bool(window.view().seen))
    (seen,) = window.view().seen
    assert (seen.code, seen.amount_minor) == (CODE, bill.rest_minor)
    assert window.asked(lambda till: till.desk.ledger.head[0]) == entries  # a payment heard is not posted
    recorded = window.typed(seen.code)
    assert isinstance(recorded, RecordedView)
    receipt = window.asked(lambda till: till.desk.ledger.entry(recorded.seq))
    (tender,) = cast("list[dict[str, object]]", receipt.data["tenders"])
    assert (tender["reference"], tender["state"], tender["paybill"]) == (CODE, "claimed", "600000")


def test_a_second_tap_asks_no_second_phone(window: Window) -> None:
    window.pay()
    for typed in (TYPED, TYPED, "0733 111 222"):
        window.ask(typed)
    window.reaches(State.WAITING)
    window.ask()
    window.phoning.answers(done("0"))
    window.reaches(State.PAID)
    assert window.refused(lambda till: till.payments.prompts.ask(TYPED)) is PaidAlready
    assert len(window.phoning.asked) == 1


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("1032", State.CANCELLED), ("1", State.NO_MONEY), ("2001", State.WRONG_PIN), ("9999", State.FAILED),
        ("1037", State.NO_ANSWER),
    ],
)  # fmt: skip
def test_what_did_not_pay_is_said_and_a_person_may_ask_again(window: Window, code: str, state: State) -> None:
    window.pay()
    window.phoning.answers(done(code))
    window.ask()
    window.reaches(state)
    assert len(window.phoning.asked) == 1
    window.phoning.answers(IN_HAND, 500)
    window.ask("0733111222")
    window.reaches(State.WAITING)
    assert [asked["PhoneNumber"] for asked in window.phoning.asked] == [PHONE, "254733111222"]


def test_a_phone_that_never_answers_is_given_up(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "LOOKS_MAX", 3)
    window.pay()
    window.ask()
    window.reaches(State.NO_ANSWER)
    assert len(window.phoning.asked) == 1


def test_an_answer_that_is_lost_is_not_asked_for_again_by_itself(window: Window) -> None:
    window.pay()
    window.phoning.line.is_cut = True
    window.ask()
    window.reaches(State.SILENT)
    assert len(window.phoning.asked) == 1
    window.phoning.line.is_cut = False
    assert window.state() is State.SILENT
    assert isinstance(window.typed(), RecordedView)
    assert len(window.phoning.asked) == 1


def test_when_daraja_says_nothing_nobody_knows_whether_the_phone_was_asked(window: Window) -> None:
    window.pay()
    window.phoning.safaricom.answers["processrequest"] = (200, b"<html>")
    window.ask()
    window.reaches(State.SILENT)
    assert len(window.phoning.asked) == 1


def test_what_daraja_refuses_asked_nobody(window: Window) -> None:
    window.pay()
    window.phoning.safaricom.says("processrequest", {"errorCode": "400.002.02"}, 400)
    window.ask()
    window.reaches(State.REFUSED)
    prompt = window.view().prompt
    assert prompt is not None
    assert isinstance(prompt.why, RefusedByMpesa)


def test_a_look_that_fails_is_no_answer(window: Window) -> None:
    window.pay()
    window.phoning.safaricom.answers["query"] = (200, b"<html>")
    window.ask()
    window.reaches(State.WAITING)
    until(lambda: len(window.phoning.safaricom.asked) > 3)
    assert window.state() is State.WAITING
    window.phoning.answers(done("1032"))
    window.reaches(State.CANCELLED)


def test_the_clerk_goes_on_with_a_typed_code_while_the_phone_is_asked(window: Window) -> None:
    window.pay()
    window.ask()
    window.reaches(State.WAITING)
    assert isinstance(window.typed("UA26AAAAA1"), RecordedView)
    assert len(window.phoning.asked) == 1


def test_with_central_away_no_phone_is_asked_and_a_code_is_taken(apart: Window) -> None:
    apart.asked(selling)
    apart.asked(ordinary_van)
    apart.asked(lambda till: till.payments.pay("mpesa"))
    assert isinstance(apart.view().barred, NotReached)
    assert apart.refused(lambda till: till.payments.prompts.ask(TYPED)) is NotReached
    assert isinstance(apart.typed(), RecordedView)
    assert apart.phoning.asked == []


def test_what_is_said_to_be_down_is_not_asked(window: Window) -> None:
    window.pay()
    assert window.station.online is not None
    window.station.online.say(MPESA, works=False)
    assert isinstance(window.view().barred, MpesaDown)
    assert window.refused(lambda till: till.payments.prompts.ask(TYPED)) is MpesaDown
    window.station.online.say(MPESA, works=True)
    assert window.view().barred is None
    assert window.phoning.asked == []


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [("0712 345 67", BadPhone), ("", BadPhone), ("+44 7911 123456", NoMpesaPhone), ("PHONE", BadPhone)],
)
def test_what_is_no_kenyan_phone_is_not_asked(window: Window, typed: str, refusal: type[Said]) -> None:
    window.pay()
    assert window.refused(lambda till: till.payments.prompts.ask(typed)) is refusal
    assert window.view().prompt is None
    assert window.phoning.asked == []


def test_nothing_is_asked_for_before_there_is_something_to_pay(window: Window) -> None:
    window.asked(selling)
    assert window.refused(lambda till: till.payments.prompts.ask(TYPED)) is PayFirst
    assert window.asked(lambda till: till.payments.prompts.view()) is None


def test_a_central_without_credentials_says_so_once(gate: Gate, tmp_path: Path) -> None:
    with phoning(gate, tmp_path / "central", has_credentials=False) as made:
        station = made.opened()
        window = Window(made, station)
        window.pay()
        window.ask()
        window.reaches(State.REFUSED)
        assert isinstance(window.view().barred, CentralAsksNone)
        station.close()


def test_no_phone_is_asked_for_a_bill_of_another_paybill(gate: Gate, tmp_path: Path) -> None:
    with phoning(gate, tmp_path / "central", prepare=lambda till: permit(till, "paybill", "222222")) as made:
        station = made.opened()
        window = Window(made, station)
        window.pay()
        window.ask()
        window.reaches(State.REFUSED)
        prompt = window.view().prompt
        assert prompt is not None
        assert isinstance(prompt.why, AnotherPaybill)
        assert made.asked == []
        station.close()


def test_a_till_alone_speaks_of_no_phone(sell: Till) -> None:
    ordinary_van(sell)
    sell.payments.pay("mpesa")
    assert sell.payments.prompts.view() is None
    with pytest.raises(NoLine):
        sell.payments.prompts.ask(TYPED)


def test_the_phone_is_in_no_file_and_no_log(
    window: Window, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    bill = window.pay()
    window.ask()
    window.phoning.answers(done("0"))
    window.phoning.pays(bill.account, f"{bill.rest_minor // 100}.00")
    until(lambda: bool(window.view().seen))
    assert DIGITS not in repr(window.view())
    window.typed()
    assert DIGITS not in caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path.name for path in files if DIGITS.encode() in path.read_bytes()] == []

"""Asking a phone at the pay panel: what the clerk sees, and that nothing waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from gatepos.screens.payments import PaymentsPanel
from gatepos.screens.playing import Hands
from gatepos.settings import FILE, Settings, dump
from gatepos.sync import phones
from gatepos.till.station import Station
from tests.gate import Gate, ordinary_van
from tests.phoning import CODE, IN_HAND, Phoning, done, phoning
from tests.screens.conftest import Opened, asked, at_work


@pytest.fixture
def office(gate: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Phoning]:
    """A central that asks phones, which are slow to answer."""
    monkeypatch.setattr(phones, "EVERY_S", 0.01)
    monkeypatch.setattr(phones, "LOOKS_MAX", 10_000)
    monkeypatch.setattr(phones, "HURRIES_S", (0.0, *(0.1,) * 100))
    with phoning(gate, tmp_path / "central") as made:
        made.answers(IN_HAND, 500)
        settings = Settings(printer=f"file:{gate.folder / 'printed'}")
        (gate.folder / FILE).write_text(dump(settings), encoding="utf-8")
        yield made


@pytest.fixture
def station(office: Phoning) -> Station:
    """The till that joined it."""
    return office.opened()


def paying(hands: Hands) -> PaymentsPanel:
    """The van's bill, open for M-PESA."""
    at_work(hands)
    asked(hands, lambda: ordinary_van(hands.floor.till))
    hands.floor.sell.start()
    hands.settle()
    hands.press(Qt.Key.Key_F1)
    panel = hands.floor.sell.payments
    hands.until(panel.phone.ask.isVisible)
    return panel


def ask(hands: Hands, panel: PaymentsPanel, phone: str = "0712345678") -> None:
    """Ask a phone, once central is reached."""
    hands.until(lambda: not panel.phone.ask.note)
    hands.touch(panel.phone.ask)
    hands.type(phone)
    hands.enter()


def test_the_code_of_who_paid_comes_by_itself_and_the_clerk_records_it(
    office: Phoning, opened: Opened
) -> None:
    hands = opened()
    panel = paying(hands)
    ask(hands, panel)
    hands.until(lambda: "types the M-PESA PIN" in panel.phone.told.text())
    assert not panel.phone.ask.isVisible()
    bill = asked(hands, hands.floor.till.payments.view)
    office.answers(done("0"))
    hands.until(lambda: "it is paid" in panel.phone.told.text())
    office.pays(bill.account, f"{bill.rest_minor // 100}.00")
    hands.until(panel.seen.take.isVisible)
    assert CODE in panel.seen.told.text()
    assert not hands.floor.sell.is_recorded
    hands.touch(panel.seen.take)
    hands.until(lambda: hands.floor.sell.is_recorded)


def test_what_the_clerk_types_is_not_written_over_and_is_taken_at_any_time(
    office: Phoning, opened: Opened
) -> None:
    hands = opened()
    panel = paying(hands)
    ask(hands, panel)
    hands.until(lambda: "types the M-PESA PIN" in panel.phone.told.text())
    panel.form.needed[0].set_text("UA26AAAAA1")
    bill = asked(hands, hands.floor.till.payments.view)
    office.pays(bill.account, "10.00")
    office.answers(done("0"))
    hands.until(panel.seen.take.isVisible)
    assert panel.form.needed[0].text == "UA26AAAAA1"
    hands.touch(panel.take)
    hands.until(lambda: hands.floor.sell.is_recorded)


def test_a_refusal_on_the_phone_is_said_with_what_to_do_and_may_be_asked_again(
    office: Phoning, opened: Opened
) -> None:
    hands = opened()
    panel = paying(hands)
    office.answers(done("1032"))
    ask(hands, panel)
    hands.until(lambda: "They said no" in panel.phone.told.text())
    assert panel.phone.ask.text() == "Ask the phone again…"
    ask(hands, panel)
    hands.until(lambda: len(office.asked) == 2)


def test_with_central_away_the_button_says_why_and_the_code_is_taken(office: Phoning, opened: Opened) -> None:
    office.line.is_cut = True
    hands = opened()
    panel = paying(hands)
    assert panel.phone.ask.note == "no central now"
    hands.touch(panel.phone.ask)
    hands.until(hands.floor.banner.isVisible)
    assert "central is not reached" in hands.floor.banner.words.text()
    assert not hands.floor.sell.typing.is_asking
    panel.form.needed[0].set_text(CODE)
    hands.touch(panel.take)
    hands.until(lambda: hands.floor.sell.is_recorded)


def test_a_number_that_is_no_phone_is_refused_and_stands_nowhere(office: Phoning, opened: Opened) -> None:
    hands = opened()
    panel = paying(hands)
    ask(hands, panel, "0712345")
    hands.until(hands.floor.banner.isVisible)
    assert "0712" not in hands.floor.banner.words.text().replace("0712 345 678", "")
    assert office.asked == []

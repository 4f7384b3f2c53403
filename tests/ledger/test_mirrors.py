"""Indexes and books say what the journal says, or the till says that they do not."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from gatepos import app
from gatepos.ledger import recent, verification
from gatepos.ledger.troubles import LedgerDamaged
from gatepos.till import views
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, Gate, selling
from tests.ledger.desk import alter

IDS = ("id-0000000001", "id-0000000002", "id-0000000003")
CODES = ("UA26X1Y2ZQ", "UA26X1Y2ZR", "UA26X1Y2ZS")
BILL = "XNM2B000004"


def sold(till: Till, id_: str, code: str) -> str:
    """The number of a receipt sold to one citizen."""
    till.checkout.tap(EA_CITIZEN)
    till.window.work.pay_id = id_
    till.payments.pay("mpesa")
    done = till.payments.mpesa(code)
    assert isinstance(done, views.RecordedView)
    return done.number.replace("-", "")


@pytest.fixture
def day(gate: Gate) -> Gate:
    """A till at rest that sold three times, and whose fourth bill waits."""
    till = selling(gate.built())
    for id_, code in zip(IDS, CODES, strict=True):
        sold(till, id_, code)
    till.checkout.tap(EA_CITIZEN)
    till.checkout.hold()
    till.desk.ledger.close()
    return gate


@pytest.fixture
def long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the chain, nothing but the head is checked before selling."""
    monkeypatch.setattr(recent, "RECENT_MAX", 0)


def flips(gate: Gate, text: str) -> Iterator[Gate]:
    """A copy of a till for every place in its file where `text` stands, with one bit of it turned over."""
    data = (gate.folder / "ledger.db").read_bytes()
    at = data.find(text.encode())
    while at >= 0:
        copy = gate.folder.with_name(f"flipped-{at}")
        shutil.copytree(gate.folder, copy)
        damaged = bytearray(data)
        damaged[at + len(text) - 1] ^= 1
        (copy / "ledger.db").write_bytes(damaged)
        yield Gate(copy, gate.clock, gate.new_id)
        at = data.find(text.encode(), at + 1)


def started(gate: Gate) -> Till:
    """The till after as many starts as its check asks for, checked to its end."""
    for _ in range(3):
        try:
            till = app.open_till(gate.folder, gate.world())
        except LedgerDamaged:
            continue
        while till.desk.ledger.upkeep():
            pass
        if till.desk.ledger.damage is None:
            return till
        till.desk.ledger.close()
    raise AssertionError("it stops selling at every start")


@pytest.mark.parametrize("text", [IDS[1], "XNM2R000002", "XNM2R000003", "XNM2B000002", BILL, CODES[1]])
def test_one_bit_sells_nothing_twice_and_is_found(day: Gate, text: str) -> None:
    places = 0
    for gate in flips(day, text):
        till = app.open_till(gate.folder, gate.world())
        assert [bill.number[:11] for bill in till.checkout.waiting()] == [BILL]
        till.sign_in.sign_in(CLERK, CLERK_PIN)
        again = till.desk.ledger.by_id(IDS[1])
        assert again is not None
        assert again.seq == 21
        assert sold(till, "id-0000000009", "UA26X1Y2ZT")[:11] == "XNM2R000004"
        till.desk.ledger.close()
        till = started(gate)
        assert till.desk.ledger.of_kind("ledger.recovered")
        assert verification.verify(till.desk.ledger.conn, [gate.folder / "tape"]).findings == []
        till.desk.ledger.close()
        places += 1
    assert places > 2


@pytest.mark.parametrize("text", [IDS[1], "XNM2R000002", "XNM2B000002", BILL, CODES[1]])
def test_a_bit_that_lies_far_back_is_found_behind(day: Gate, long_ago: None, text: str) -> None:
    for gate in flips(day, text):
        till = started(gate)
        assert till.desk.ledger.of_kind("ledger.recovered"), gate.folder
        assert verification.verify(till.desk.ledger.conn, [gate.folder / "tape"]).findings == []
        till.desk.ledger.close()


def test_the_next_number_is_right_however_far_back_the_last_was_taken(day: Gate, long_ago: None) -> None:
    for gate in flips(day, "XNM2R000003"):
        with suppress(LedgerDamaged):
            app.open_till(gate.folder, gate.world()).desk.ledger.close()
        till = app.open_till(gate.folder, gate.world())
        till.sign_in.sign_in(CLERK, CLERK_PIN)
        assert sold(till, "id-0000000009", "UA26X1Y2ZT")[:11] == "XNM2R000004"
        till.desk.ledger.close()


def test_a_waiting_bill_that_its_index_hides_is_damage_and_waits_after_the_next_start(
    day: Gate, long_ago: None
) -> None:
    said = []
    for gate in flips(day, BILL):
        try:
            app.open_till(gate.folder, gate.world()).desk.ledger.close()
        except LedgerDamaged as trouble:
            said.append(str(trouble))
            till = app.open_till(gate.folder, gate.world())
            assert [bill.number[:11] for bill in till.checkout.waiting()] == [BILL]
            assert till.desk.ledger.of_kind("ledger.recovered")
            till.desk.ledger.close()
    assert any("the book bill does not find XNM2-B000004" in sentence for sentence in said)


CHANGES = [
    "DELETE FROM tender WHERE reference = 'UA26X1Y2ZR'",
    "DELETE FROM bill_ending WHERE ended_by LIKE 'XNM2R000002%'",
    "UPDATE receipt SET total_minor = 1 WHERE number LIKE 'XNM2R000002%'",
    "UPDATE tender SET folded = 'mpesa:UA26X1Y2Z0' WHERE reference = 'UA26X1Y2ZR'",
    "INSERT INTO tender SELECT till, seq, line + 1, receipt, kind, currency, amount_minor, kes_minor,"
    " 'UA26X1Y2ZV', 'mpesa:UA26X1Y2ZV', paid_minor, paybill, day, shift, is_typed FROM tender LIMIT 1",
    "INSERT INTO tender SELECT 'XNM9', seq, line, receipt, kind, currency, amount_minor, kes_minor,"
    " reference, folded, paid_minor, paybill, day, shift, is_typed FROM tender LIMIT 1",
    "INSERT INTO shift_ending SELECT till, 900, 0, number, NULL, at FROM shift",
]
POSTINGS = (
    "INSERT INTO posting SELECT till, seq, line + 10, account, currency, amount_minor, day, shift"
    " FROM posting WHERE seq = (SELECT min(seq) FROM receipt)"
)


@pytest.mark.parametrize("change", [*CHANGES, POSTINGS], ids=range(8))
def test_an_edited_book_stops_selling_and_is_made_anew_from_the_journal(day: Gate, change: str) -> None:
    alter(day.folder / "ledger.db", change)
    before = app.verified(day.folder).findings
    assert before
    till = app.open_till(day.folder, day.world())
    while till.desk.ledger.upkeep():
        pass
    assert str(till.desk.ledger.damage) in [str(finding) for finding in before]
    with pytest.raises(LedgerDamaged):
        till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.desk.ledger.close()


def test_after_an_edited_book_the_next_start_says_what_was_rebuilt(day: Gate) -> None:
    alter(day.folder / "ledger.db", CHANGES[0], CHANGES[2])
    till = started(day)
    ledger = till.desk.ledger
    (told,) = [str(finding) for finding in ledger.findings]
    assert "entry 21: the book receipt differs" in told
    assert "Lost: none" in told
    assert verification.verify(ledger.conn, [day.folder / "tape"]).findings == []
    ledger.close()


def test_the_code_of_a_deleted_tender_is_used_up_again_after_the_next_start(day: Gate) -> None:
    alter(day.folder / "ledger.db", CHANGES[0])
    till = started(day)
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    with pytest.raises(Exception, match="used up by XNM2-R000002"):
        till.payments.mpesa(CODES[1])
    till.desk.ledger.close()


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER journal_no_delete",
        "DROP INDEX tender_folded",
        "CREATE TRIGGER later AFTER INSERT ON journal BEGIN DELETE FROM tender WHERE seq < new.seq; END",
        "CREATE TABLE note(text TEXT)",
        "ALTER TABLE leaf ADD COLUMN other TEXT",
    ],
)
def test_a_changed_form_is_found_by_verify_and_rebuilt_at_the_start(day: Gate, change: str) -> None:
    file = day.folder / "ledger.db"
    alter_form(file, change)
    assert "tables, indexes or triggers" in str(app.verified(day.folder).findings[0])
    till = app.open_till(day.folder, day.world())
    assert till.desk.ledger.of_kind("ledger.recovered")
    assert verification.verify(till.desk.ledger.conn, [day.folder / "tape"]).findings == []
    till.desk.ledger.close()


def alter_form(file: Path, change: str) -> None:
    """One statement of somebody with a tool."""
    conn = sqlite3.connect(file, isolation_level=None)
    conn.execute(change)
    conn.close()

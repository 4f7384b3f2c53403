"""What a manager may ask about is what was done, by whom, in which entries, beside what the others do."""

import pytest

from gatepos import i18n
from gatepos.devices import printer
from gatepos.reports import practice
from gatepos.reports.practice import Counted, ToLook
from gatepos.reports.sheet import Sheet
from gatepos.settings import Settings
from gatepos.till.papers import print_next
from gatepos.till.sign_in import WrongPin
from gatepos.till.till import Till
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    NON_RESIDENT,
    OTHER,
    OTHER_PIN,
    Gate,
    permit,
    selling,
)
from tests.reports.looked import scope
from tests.till.test_passes import SECOND, at_exit, outage, token, van_in

DAY = "2026-01-02"
WORDS = i18n.words("en")


def sold(
    till: Till, code: str, *, adults: int = 2, free: int = 0, who: tuple[str, str, str] = EA_CITIZEN
) -> str:
    till.checkout.tap(who, adults)
    for _ in range(free):
        till.checkout.free("under_6")
    till.checkout.vehicle(1)
    till.checkout.plate("KDA 412M")
    till.payments.pay("mpesa")
    till.payments.mpesa(code, str(till.checkout.view().total_minor // 100))
    assert till.window.last is not None
    return str(till.window.last.entry.number)


def printed(till: Till) -> None:
    """All papers that wait come out."""
    paper = printer.of(Settings(printer=f"file:{till.desk.ledger.folder / 'printed'}"))
    while print_next(lambda action: action(), till.printing, paper):
        pass


def of(till: Till, measure: str) -> list[Counted]:
    return [one for one in practice.counted(scope(till, DAY)) if one.measure == measure]


def seqs(till: Till, kind: str) -> tuple[int, ...]:
    return tuple(entry.seq for entry in till.desk.ledger.of_kind(kind))


def looked(till: Till) -> dict[str, ToLook]:
    return {one.measure: one for one in practice.to_look_at(practice.counted(scope(till, DAY)))}


def seqs_of(line: ToLook) -> tuple[int, ...]:
    return tuple(seq for _, seq in line.entries)


def paper(till: Till) -> Sheet:
    of_day = scope(till, DAY)
    return practice.sheet(of_day, practice.counted(of_day))


def other_clerk(till: Till) -> Till:
    till.sign_in.sign_out()
    return selling(till, OTHER, OTHER_PIN)


def test_voids_after_print_are_counted_beside_the_other_clerks_median_and_open_their_entries(
    sell: Till,
) -> None:
    numbers = [sold(sell, f"UA26X1Y2Z{letter}") for letter in "ABC"]
    sell.corrections.void(numbers[0], "turned back", SECOND)
    printed(sell)
    for number in numbers[1:]:
        sell.corrections.void(number, "turned back", SECOND)
    other_clerk(sell)
    sold(sell, "UA26X1Y2ZD")
    (voided,) = of(sell, "voided")
    assert (voided.staff, voided.n, voided.median) == (CLERK, 2, 0), "the one before its paper is none"
    assert voided.minor == 2 * 260_000
    assert voided.seqs == seqs(sell, "receipt.voided")[1:]
    line = looked(sell)["voided"]
    assert (line.n, seqs_of(line)) == (2, voided.seqs)
    assert line.note.said(WORDS) == ("Voids after the paper was printed: clerk 07; the others' median 0")


def test_what_all_do_alike_stands_on_the_paper_and_is_not_held_up(sell: Till) -> None:
    for clerk, code in ((None, "UA26X1Y2ZA"), (OTHER, "UA26X1Y2ZB")):
        if clerk:
            other_clerk(sell)
        number = sold(sell, code)
        sell.history.reprint(number)
    assert [(one.staff, one.n, one.median) for one in of(sell, "reprint")] == [(CLERK, 1, 1), (OTHER, 1, 1)]
    assert "reprint" not in looked(sell)


def test_a_clerk_alone_is_compared_with_nobody(sell: Till) -> None:
    sell.history.reprint(sold(sell, "UA26X1Y2ZA"))
    (one,) = of(sell, "reprint")
    assert one.median is None
    assert "reprint" not in looked(sell)


def test_an_exit_without_a_pass_is_always_to_be_looked_at_by_the_gate_they_name(sell: Till) -> None:
    at_exit(sell)
    sell.sight.begin()
    sell.filling.tap(EA_CITIZEN)
    sell.sight.let_out("paper lost", "EAST", SECOND)
    line = looked(sell)["without_pass:EAST"]
    assert "went in at EAST" in line.note.said(WORDS)
    assert seqs_of(line) == seqs(sell, "exit.without_pass")


def test_waivers_undertakings_and_heads_are_counted(sell: Till) -> None:
    permit(sell, "heads_one_in", "1")
    outage(sell)
    number = van_in(sell).number
    at_exit(sell).gate.scan(token(sell, number))
    sell.heads.count([("non_resident", "adult", 8)])
    sell.passes.let_out(sell.gate.owed(), "M-PESA is silent", SECOND)
    sell.gate.leave()
    sell.passes.waive(number, "1,000", "KWS/W/1", SECOND)
    assert [(one.n, one.minor) for one in of(sell, "undertaking")] == [(1, 4_394_000)]
    assert [(one.n, one.minor) for one in of(sell, "waived")] == [(1, 100_000)]
    assert seqs_of(looked(sell)["heads_differ"]) == seqs(sell, "heads.counted")


def test_a_bill_left_after_it_had_a_number_to_pay_to_is_counted_and_one_that_was_changed_is_not(
    sell: Till,
) -> None:
    sell.checkout.tap(EA_CITIZEN)
    sell.payments.pay("mpesa")
    sell.checkout.tap(EA_CITIZEN)
    sell.checkout.hold()
    (waiting,) = sell.checkout.waiting()
    sell.checkout.resume(waiting.number)
    sell.checkout.clear()
    ended = {entry.data["reason"] for entry in sell.desk.ledger.of_kind("bill.abandoned")}
    assert ended == {"changed", "cleared"}
    assert [one.n for one in of(sell, "abandoned")] == [1]


def test_wrong_pins_are_of_whom_they_were_typed_for(sell: Till) -> None:
    sell.sign_in.sign_out()
    with pytest.raises(WrongPin):
        sell.sign_in.sign_in(OTHER, "000000")
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    assert [(one.staff, one.n) for one in of(sell, "wrong_pin")] == [(OTHER, 1)]


def test_leaves_that_nobody_named_are_of_whoever_has_the_pad(sell: Till) -> None:
    sell.sign_in.sign_in(MANAGER, MANAGER_PIN)
    sell.capture.give_out("A", 101, 110, CLERK)
    sell.sign_in.sign_in(CLERK, CLERK_PIN)
    sell.capture.end("A", 101, 101, "spoilt", "rain")
    sell.capture.end("A", 104, 104, "spoilt", "rain")
    (one,) = of(sell, "leaves")
    assert (one.staff, one.n, one.seqs) == (CLERK, 2, seqs(sell, "paper.issued")), "102 and 103"


def test_the_share_of_the_free_and_of_each_category_stands_beside_the_gates(sell: Till) -> None:
    sold(sell, "UA26X1Y2ZA", adults=6, free=2)
    sold(sell, "UA26X1Y2ZB", adults=2)
    other_clerk(sell)
    sold(sell, "UA26X1Y2ZC", adults=4, who=NON_RESIDENT)
    free = {one.staff: (one.n, one.median) for one in of(sell, "free")}
    assert free == {CLERK: (200, 0), OTHER: (0, 200)}
    mix = {one.staff: one.n for one in of(sell, "mix:non_resident")}
    assert mix == {CLERK: 0, OTHER: 1_000}
    (row,) = [one for one in of(sell, "free") if one.staff == CLERK]
    assert row.seqs == seqs(sell, "receipt.issued")[:1]


def test_codes_that_a_statement_does_not_know_come_from_whoever_compared_it(sell: Till) -> None:
    sold(sell, "UA26X1Y2ZA")
    unknown = seqs(sell, "receipt.issued")
    found = practice.counted(scope(sell, DAY), [("XNM2", seq) for seq in unknown])
    (line,) = [one for one in practice.to_look_at(found) if one.measure == "unknown_code"]
    assert (line.n, seqs_of(line)) == (1, unknown)


def test_another_day_has_its_own_counts(gate: Gate, sell: Till) -> None:
    sell.history.reprint(sold(sell, "UA26X1Y2ZA"))
    gate.clock.pass_by(24 * 3_600_000)
    other_clerk(sell)
    sell.history.reprint(sold(sell, "UA26X1Y2ZB"))
    assert [one.staff for one in of(sell, "reprint")] == [CLERK]
    later = practice.counted(scope(sell, "2026-01-03"))
    assert [one.staff for one in later if one.measure == "reprint"] == [OTHER]
    both = practice.counted(scope(sell, DAY, "2026-01-03"))
    assert sum(one.n for one in both if one.measure == "reprint") == 2


def test_the_paper_lists_the_entries_of_each_row(sell: Till) -> None:
    sell.history.reprint(sold(sell, "UA26X1Y2ZA"))
    sheet = paper(sell)
    (row,) = [row for row in sheet.rows if row[0] == "Reprints"]
    assert row[sheet.place("entries")] == str(seqs(sell, "reprint")[0])
    assert row[sheet.place("staff")] == CLERK

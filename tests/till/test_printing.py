"""Paper after the ledger: one original, a copy that says so, and a question about whatever is in doubt."""

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue

from gatepos.devices.printer import NoPrinter
from gatepos.domain.paper_lines import Banner
from gatepos.errors import Trouble
from gatepos.ledger.troubles import NotRecorded
from gatepos.till import views
from gatepos.till.papers import REFUSED, PrinterThread, Told
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, Gate


def sold(till: Till) -> str:
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    done = till.payments.mpesa(f"UA26X1Y2{till.desk.ledger.head[0]:02d}")
    assert isinstance(done, views.RecordedView)
    return done.number


def test_a_sale_queues_one_original(sell: Till) -> None:
    sold(sell)
    page = sell.printing.next()
    assert page is not None
    assert page.job.copy == 0
    assert sell.printing.next() is None


def test_a_printed_paper_is_journaled(sell: Till) -> None:
    sold(sell)
    page = sell.printing.next()
    assert page is not None
    sell.printing.printed(page.job)
    assert len(sell.desk.ledger.of_kind("print.done")) == 1


def test_a_reprint_is_marked_and_journaled(sell: Till) -> None:
    number = sold(sell)
    sell.printing.next()
    assert sell.history.reprint(number).entry.data["copy"] == 1
    page = sell.printing.next()
    assert page is not None
    assert Banner("COPY 1") in page.lines
    assert len(sell.desk.ledger.of_kind("reprint")) == 1


def test_after_a_stop_queued_and_half_sent_papers_are_asked_about_and_nothing_prints_by_itself(
    gate: Gate, sell: Till
) -> None:
    sold(sell)
    sell.printing.next()
    sold(sell)
    again = gate.reopened(sell)
    assert again.printing.next() is None
    begun, queued = again.printing.in_doubt()
    assert (begun.was_begun, queued.was_begun) == (True, False)
    again.printing.resolve(begun, was_printed=False)
    again.printing.resolve(queued, was_printed=False)
    first, second = again.printing.next(), again.printing.next()
    assert first is not None
    assert second is not None
    assert (first.job.copy, second.job.copy) == (1, 0)


def test_a_printer_that_failed_is_tried_again_only_when_asked(sell: Till) -> None:
    sold(sell)
    page = sell.printing.next()
    assert page is not None
    sell.printing.failed(page.job, "paperout")
    assert sell.printing.next() is None
    sell.printing.retry()
    again = sell.printing.next()
    assert again is not None
    assert again.job.copy == 0


def test_the_same_paper_at_every_reprint(gate: Gate, sell: Till) -> None:
    number = sold(sell)
    before = sell.history.open(number).paper
    sell.set_up._desk.person = sell.desk.staff["01"]
    sell.set_up.switch_rate("2026-02", "140")
    assert gate.reopened(sell).history.open(number).paper == before


def test_a_full_disk_while_printing_ends_no_printer_for_good(sell: Till) -> None:
    sold(sell)
    answers: list[object] = [None, sell.printing.next(), NotRecorded(why="disk full")]
    told: SimpleQueue[Told] = SimpleQueue()

    def ask(action: Callable[[], object]) -> Future[object]:
        answer, future = answers.pop() if answers else None, Future[object]()
        if isinstance(answer, Trouble):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        return future

    printing = PrinterThread(ask, sell.printing, NoPrinter())
    printing.start(told.put)
    assert told.get(timeout=10).outcome == ""
    printing.wake()
    assert told.get(timeout=10).outcome == REFUSED
    printing.stop()

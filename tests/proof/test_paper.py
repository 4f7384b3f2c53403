"""A crash at each place between a sale and its paper: one original at most, and the clerk is asked first."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from gatepos import app
from gatepos.domain.paper_lines import Banner
from gatepos.ledger import verification
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.tape import Tapes
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, EA_CITIZEN, Gate, selling

pytestmark = pytest.mark.proof


class Killed(BaseException):
    """The process ends here."""


def killed(*_: object, **__: object) -> bool:
    raise Killed


def sold(till: Till) -> None:
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.payments.mpesa("UA26X1Y2ZQ")


def between_commit_and_tape(till: Till, patch: pytest.MonkeyPatch) -> None:
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    patch.setattr(Tapes, "record", killed)
    with pytest.raises(Killed):
        till.payments.mpesa("UA26X1Y2ZQ")


def between_tape_and_screen(till: Till, patch: pytest.MonkeyPatch) -> None:
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    till.desk.ledger.subscribe(lambda entry: cast(None, killed()))
    with pytest.raises(Killed):
        till.payments.mpesa("UA26X1Y2ZQ")


def between_screen_and_sending(till: Till, patch: pytest.MonkeyPatch) -> None:
    sold(till)


def between_sending_and_paper(till: Till, patch: pytest.MonkeyPatch) -> None:
    sold(till)
    assert till.printing.next() is not None


def between_paper_and_word_of_it(till: Till, patch: pytest.MonkeyPatch) -> None:
    sold(till)
    page = till.printing.next()
    assert page is not None
    patch.setattr(Ledger, "append", killed)
    with pytest.raises(Killed):
        till.printing.printed(page.job)


BEFORE = (between_commit_and_tape, between_tape_and_screen, between_screen_and_sending)
"""No byte has been sent: what is printed after all is the original."""
Crash = Callable[[Till, pytest.MonkeyPatch], None]


def after_a_crash(gate: Gate, place: Path, crash: Crash) -> Till:
    """The till as the next start finds it, from the files as they lay."""
    till = selling(gate.built())
    with pytest.MonkeyPatch.context() as patch:
        crash(till, patch)
        shutil.copytree(gate.folder, place)
    till.desk.ledger.close()
    again = app.open_till(place, gate.world())
    again.sign_in.sign_in(CLERK, CLERK_PIN)
    return again


@pytest.mark.parametrize(
    "crash", [*BEFORE, between_sending_and_paper], ids=lambda crash: crash.__name__.replace("_", " ")
)
def test_the_paper_is_asked_about_and_comes_out_once(gate: Gate, tmp_path: Path, crash: Crash) -> None:
    till = after_a_crash(gate, tmp_path / "crashed", crash)
    assert len(till.history.find()) == 1
    assert till.printing.next() is None, "nothing prints by itself"
    (job,) = till.printing.in_doubt()
    till.printing.resolve(job, was_printed=False)
    page = till.printing.next()
    assert page is not None
    assert (Banner("COPY 1") in page.lines) == (crash not in BEFORE)
    till.printing.printed(page.job)
    assert till.printing.next() is None
    assert till.printing.in_doubt() == ()
    report = verification.verify(till.desk.ledger.conn, [tmp_path / "crashed" / "tape"])
    till.desk.ledger.close()
    assert report.findings == []


def test_a_paper_that_came_out_unnoticed_is_not_asked_about_twice(gate: Gate, tmp_path: Path) -> None:
    till = after_a_crash(gate, tmp_path / "crashed", between_paper_and_word_of_it)
    for job in till.printing.in_doubt():
        till.printing.resolve(job, was_printed=True)
    assert till.printing.next() is None
    assert till.printing.in_doubt() == ()
    till.desk.ledger.close()


def test_two_copies_of_a_paper_never_have_the_same_number(sell: Till) -> None:
    sold(sell)
    page = sell.printing.next()
    assert page is not None
    assert sell.history.reprint(sell.history.find()[0].number).entry.data["copy"] == 1
    sell.printing.doubted(page.job)
    sell.printing.resolve(sell.printing.in_doubt()[0], was_printed=False)
    copies = []
    while (page := sell.printing.next()) is not None:
        copies.append(page.job.copy)
    assert sorted(copies) == [1, 2]

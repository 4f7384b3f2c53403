"""A drawer's cash: whatever two clerks do in their shifts, each Z explains it as a careful hand would."""

import shutil
import tempfile
from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gatepos import app
from gatepos.domain import shift
from gatepos.errors import Refusal
from gatepos.ledger import queries, verification
from gatepos.till.approvals import Second
from gatepos.till.cash import NotInDrawer, NotToHandBack
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests.gate import (
    CLERK,
    CLERK_PIN,
    EA_CITIZEN,
    MANAGER,
    MANAGER_PIN,
    OTHER,
    OTHER_PIN,
    Gate,
    counted_ids,
    permit,
)
from tests.proof.conftest import Rounds
from tests.till.test_passes import outage, token

pytestmark = pytest.mark.proof
PINS = {CLERK: CLERK_PIN, OTHER: OTHER_PIN}
SECOND = Second(MANAGER, MANAGER_PIN)
FEE = 1_000
PARTS = ("float", "taken", "change", "returned", "dropped", "paid_out", "paid_in")
people = st.integers(1, 4)
picks = st.integers(0, 9)


@dataclass(slots=True)
class Hand:
    """What a careful hand writes down of one shift, in whole shillings and dollars."""

    parts: dict[str, Counter[str]] = field(
        default_factory=lambda: {"KES": Counter(), "USD": Counter()},
    )
    openings: int = 0

    def holds(self, currency: str) -> int:
        """What lies in the drawer."""
        parts = self.parts[currency]
        ins = parts["float"] + parts["taken"] + parts["paid_in"]
        return ins - parts["change"] - parts["returned"] - parts["dropped"] - parts["paid_out"]


@dataclass(frozen=True, slots=True)
class Sold:
    """A receipt that still counts: for how many, in whose shift, and the cash that it brought there."""

    number: str
    people: int
    shift: str
    cash: int


class Drawers(RuleBasedStateMachine):
    """Two clerks at one window, each with a drawer."""

    template: Path
    counts: Counter[str]

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        gate = Gate(self.folder / "park")
        shutil.copytree(self.template, gate.folder)
        self.till: Till = app.open_till(gate.folder, replace(gate.world(), new_id=counted_ids("+")))
        if self.till.gate.direction == "in":
            self.till.gate.turn()
        self.hands: dict[str, Hand] = {}
        self.sold: list[Sold] = []
        self.owing: list[tuple[str, int]] = []
        self.sign_in(CLERK)

    def teardown(self) -> None:
        till = getattr(self, "till", None)
        if till is not None:
            report = verification.verify(till.desk.ledger.conn, [self.folder / "park" / "tape"])
            till.desk.ledger.close()
            assert report.findings == []
        shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)

    @property
    def number(self) -> str:
        return self.till.desk.own_shift()

    @property
    def hand(self) -> Hand:
        return self.hands[self.number]

    # What clerks do.

    @rule(number=st.sampled_from(list(PINS)))
    def sign_in(self, number: str) -> None:
        """They come to the window, and open a shift where they have none."""
        self.till.sign_in.sign_in(number, PINS[number])
        self.till.shifts.to_window()
        if self.till.shifts.view().number is None:
            opened = self.till.shifts.open("2000", "10").entry.number
            hand = self.hands[str(opened)] = Hand()
            hand.parts["KES"]["float"], hand.parts["USD"]["float"] = 2_000, 10

    @rule(n=people, over=st.integers(0, 3))
    def sell(self, n: int, over: int) -> None:
        handed = n * FEE + over * 50
        number = self.recorded(n, "KES", handed)
        self.took(handed, over * 50)
        self.sold.append(Sold(number, n, self.number, n * FEE))

    @rule(n=st.integers(1, 2))
    def sell_for_dollars(self, n: int) -> None:
        """USD 20 at 129.50 are KES 2,590."""
        number = self.recorded(n, "USD", 20)
        self.hand.parts["USD"]["taken"] += 20
        self.hand.parts["KES"]["change"] += 2_590 - n * FEE
        self.sold.append(Sold(number, n, self.number, n * FEE))

    @rule(pick=picks)
    def void(self, pick: int) -> None:
        """Only the cash that this very drawer has of it goes back, and only while it holds as much."""
        if not self.sold:
            return
        gone = self.sold[pick % len(self.sold)]
        back = gone.cash if gone.shift == self.number else 0
        too_much = back > max(self.hand.holds("KES"), 0)
        with pytest.raises(NotToHandBack) if too_much else nullcontext():
            self.till.corrections.void(gone.number, "turned back", SECOND)
            self.sold.remove(gone)
            self.hand.parts["KES"]["returned"] += back
        self.counts["refused" if too_much else "voids"] += 1

    @rule(pick=picks, more=st.integers(1, 2))
    def correct(self, pick: int, more: int) -> None:
        """More went in than was paid for: the difference comes in cash."""
        if not self.sold:
            return
        old = self.sold.pop(pick % len(self.sold))
        self.till.corrections.correct(old.number, "one more in the back")
        number = self.recorded(old.people + more, "KES", more * FEE)
        self.took(more * FEE, 0)
        here = self.number
        kept = (old.cash if old.shift == here else 0) + more * FEE
        self.sold.append(Sold(number, old.people + more, here, kept))
        self.counts["corrections"] += 1

    @rule(n=people)
    def let_in(self, n: int) -> None:
        """On a pass: no cash moves."""
        self.till.checkout.count(EA_CITIZEN, n)
        paper = self.till.passes.issue(SECOND)
        self.owing.append((token(self.till, paper.number), n))

    @rule(over=st.integers(0, 2))
    def settle(self, over: int) -> None:
        if not self.owing:
            self.let_in(1)
        code, n = self.owing.pop()
        self.till.gate.scan(code)
        self.till.settlements.pay("cash")
        done = self.till.settlements.cash("KES", str(n * FEE + over * 50))
        assert isinstance(done, RecordedView)
        self.took(n * FEE + over * 50, over * 50)
        self.till.gate.leave()
        self.counts["settled"] += 1

    @rule(
        how=st.sampled_from(("paid_in", "paid_out", "dropped")), amount=st.integers(1, 60), usd=st.booleans()
    )
    def move(self, how: str, amount: int, usd: bool) -> None:
        currency, amount = ("USD", amount) if usd else ("KES", amount * 100)
        too_much = how != "paid_in" and amount > self.hand.holds(currency)
        with pytest.raises(NotInDrawer) if too_much else nullcontext():
            self.till.cash.move(how, str(amount), "as agreed", currency)
            self.hand.parts[currency][how] += amount
        self.counts["refused" if too_much else how] += 1

    @rule()
    def open_drawer(self) -> None:
        self.till.cash.open_drawer("to change a note")
        self.hand.openings += 1

    @precondition(lambda self: self.hand.holds("KES") >= 0)
    @rule(off=st.integers(-1, 1), to_other=st.booleans())
    def close(self, off: int, to_other: bool) -> None:
        """Counted to the shilling or one off, handed over by name or not; the next shift opens."""
        number, me = self.number, self.till.desk.signed_in().number
        hand = self.hands.pop(number)
        have = max(hand.holds("KES") + off, 0)
        counted = (shift.denomination("KES", 1, have), shift.denomination("USD", 1, hand.holds("USD")))
        heir = next(one for one in PINS if one != me) if to_other else ""
        data = self.till.shifts.close(Counted(counted), to=heir).entry.data
        assert [as_parts(row) for row in rows(data["drawer"])] == [
            {name: hand.parts[currency][name] * 100 for name in PARTS} for currency in ("KES", "USD")
        ]
        assert [row["amount_minor"] for row in rows(data["expected"])] == [
            hand.holds(currency) * 100 for currency in ("KES", "USD")
        ]
        assert rows(data["difference"])[0]["amount_minor"] == (have - hand.holds("KES")) * 100
        assert data["openings"] == hand.openings
        assert data["handed_to"] == (heir or None)
        self.counts["closes"] += 1
        self.sign_in(me)

    # What must hold after each step.

    @invariant()
    def every_drawer_holds_what_was_written_down(self) -> None:
        for number, hand in getattr(self, "hands", {}).items():
            held = {"KES": 0, "USD": 0, **queries.drawer(self.till.desk.ledger, number)}
            assert held == {currency: hand.holds(currency) * 100 for currency in ("KES", "USD")}

    def recorded(self, n: int, currency: str, handed: int) -> str:
        """A sale of `n` citizens for cash, with a second person where it needs one; its number."""
        self.till.checkout.count(EA_CITIZEN, n)
        self.till.payments.pay("cash")
        try:
            done = self.till.payments.cash(currency, str(handed))
        except Refusal:
            done = self.till.payments.record(SECOND)
        assert isinstance(done, RecordedView)
        return done.number

    def took(self, handed: int, change: int) -> None:
        self.hand.parts["KES"]["taken"] += handed
        self.hand.parts["KES"]["change"] += change


def rows(value: object) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", value)


def as_parts(row: dict[str, Any]) -> dict[str, int]:
    """The parts of a drawer by name, as the Z says them."""
    return {name: row[f"{name}_minor"] for name in PARTS}


def test_whatever_clerks_do_a_z_explains_its_cash(
    tmp_path: Path, seed: int, rounds: Rounds, is_long: bool
) -> None:
    counts: Counter[str] = Counter()
    at_rest = {"template": made(tmp_path), "counts": counts}
    machine = hypothesis.seed(seed)(type("SeededDrawers", (Drawers,), at_rest))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=rounds(10, 400),
            stateful_step_count=40,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if is_long else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"\ndrawers, seed {seed}: {dict(sorted(counts.items()))}, every Z explained")
    assert min(counts[name] for name in ("closes", "voids", "corrections", "settled", "dropped")) > 0


def made(tmp_path: Path) -> Path:
    """The folder of a till at rest that takes cash in both currencies, in an outage."""
    gate = Gate(tmp_path / "made")
    till = gate.built()
    for key in ("allow_cash", "cash_usd"):
        permit(till, key, "yes")
    for key in ("plate_hard", "operator_hard", "correct_within_min"):
        permit(till, key, "1000")
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    outage(till)
    till.desk.ledger.close()
    return gate.folder

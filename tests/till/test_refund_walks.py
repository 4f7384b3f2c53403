"""Whatever is sold, voided, asked for, decided and paid back, nobody gets more than was paid."""

import random
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from gatepos.domain import numbers
from gatepos.errors import Refusal
from gatepos.ledger import takings
from gatepos.ledger.takings import Span
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import AFRICAN, EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate, permit, selling

SECOND = Second(MANAGER, MANAGER_PIN)
KEYS = (EA_CITIZEN, AFRICAN, NON_RESIDENT)
DOES = ("sell", "sell", "void", "correct", "ask", "ask", "decide", "decide", "pay", "pay", "shift")
WAYS = ("cash", "mpesa", "card")
STEPS = 60


class Walk:
    """One till, and what came in and went out as somebody beside it would count."""

    def __init__(self, till: Till):
        self.till = till
        self.came_minor = 0
        self.went_minor = 0
        self.n = 0

    def step(self, what: str, which: int, count: int, kind: str) -> None:
        try:
            getattr(self, what)(which, count, kind)
        except Refusal:
            if self.till.window.work.tenders:
                self.till.payments.untender()
            self.till.checkout.leave("left")

    def sell(self, which: int, count: int, kind: str) -> None:
        self.till.checkout.count(KEYS[which % 3], count)
        self.pay_bill(kind)

    def pay_bill(self, kind: str) -> None:
        self.n += 1
        payments = self.till.payments
        payments.pay(kind)
        rest = max(self.till.window.rest_minor(), 0)
        if not rest:
            payments.record(SECOND)
            return
        if kind == "cash":
            payments.cash("KES", str(rest // 100))
        elif kind == "card":
            payments.card(f"A7K2{self.n:03d}", "4242")
        else:
            old = self.n > 3 and self.n % 3 == 0
            payments.mpesa(f"UA26X1Y{self.n - 3 if old else self.n:03d}")
        last = self.till.window.last
        assert last is not None
        tenders = last.entry.data["tenders"]
        assert isinstance(tenders, list)
        self.came_minor += sum(t["kes_minor"] for t in tenders if t["kind"] != "held")

    def void(self, which: int, count: int, kind: str) -> None:
        done = self.till.corrections.void(self.receipt(which), "turned back", SECOND)
        self.went_minor += done.total_minor - done.due_back_minor

    def correct(self, which: int, count: int, kind: str) -> None:
        self.till.corrections.correct(self.receipt(which), "one fewer")
        self.till.checkout.count(KEYS[count % 3], count)
        self.pay_bill(kind)

    def ask(self, which: int, count: int, kind: str) -> None:
        receipt = self.receipt(which)
        view = self.till.refunds.refundable(receipt)
        keys = {(line.fee, line.category, line.age): min(count, line.count) for line in view.lines[:1]}
        self.till.refunds.request(receipt, keys if count else {}, "never came", knows_used=True)

    def decide(self, which: int, count: int, kind: str) -> None:
        refund = self.refund(which, "requested", *(("refused", "approved") if count == 2 else ()))
        if count:
            self.till.refunds.approve(refund, SECOND)
        else:
            self.till.refunds.refuse(refund, "no", SECOND)

    def pay(self, which: int, count: int, kind: str) -> None:
        self.n += 1
        reference = "" if kind == "cash" else f"UA36X1Y{self.n:03d}"
        done = self.till.refunds.pay(self.refund(which, "approved", "paid"), kind, reference)
        self.went_minor += int(str(done.entry.data["amount_minor"]))

    def shift(self, which: int, count: int, kind: str) -> None:
        self.till.shifts.close(Counted(), "to the safe")
        self.till.shifts.open()

    def receipt(self, which: int) -> str:
        rows = self.till.history.find()
        return rows[which % len(rows)].number if rows else "XNM2-R000001-Q"

    def refund(self, which: int, *states: str) -> str:
        rows = [row for row in self.till.refund_list.listed() if row.state in states]
        return rows[which % len(rows)].number if rows else str(numbers.make("XNM2", "V", 900_000))

    def check(self) -> None:
        """Postings sum to zero, the assets are what came and did not go, and nothing is below zero."""
        conn = self.till.desk.ledger.conn
        totals = conn.execute("SELECT sum(amount_minor) FROM posting GROUP BY currency")
        assert all(minor == 0 for (minor,) in totals)
        day = self.till.desk.today().isoformat()
        span, ask = Span((self.till.desk.own.till,), day, day), takings.of_ledger(conn)
        taken = {one.by[0]: one.minor for one in takings.taken(ask, span, "kind")}
        assert sum(taken.values()) == self.came_minor - self.went_minor
        # Cash of a shift that is over goes back by M-PESA, which may so give more than came by it.
        assert all(minor >= 0 for kind, minor in taken.items() if kind != "mpesa"), taken
        income = "SELECT coalesce(-sum(amount_minor), 0) FROM posting WHERE account LIKE 'income:%'"
        (charged,) = takings.charged(ask, span)
        assert charged.kes_minor == conn.execute(income).fetchone()[0] >= 0
        by_fee = takings.charged(ask, span, "fee", "category", "age")
        assert all(one.count >= 0 and one.kes_minor >= 0 for one in by_fee)
        rows = self.till.refund_list.listed()
        open_minor = sum(row.left_minor for row in rows if row.state in ("approved", "held"))
        unasked = [row for row in rows if row.state == "requested" and self.is_owed(row.number)]
        open_minor += sum(row.left_minor for row in unasked)
        assert open_minor == self.came_minor - self.went_minor - charged.kes_minor

    def is_owed(self, refund: str) -> bool:
        entry = self.till.desk.ledger.by_number(refund)
        return entry is not None and not entry.data["lines"]


@settings(max_examples=12, deadline=None)
@given(st.randoms(use_true_random=False))
def test_refunds_in_any_order_give_back_no_more_than_was_paid(chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        till = selling(Gate(Path(folder) / "gate").built())
        permit(till, "allow_cash", "yes")
        walk = Walk(till)
        for _ in range(STEPS):
            does, way = chance.choice(DOES), chance.choice(WAYS)
            walk.step(does, chance.randrange(6), chance.randrange(4), way)
        walk.check()
        till.desk.ledger.close()

"""Money walks: clerks do whatever they like, and a second set of books agrees after each step."""

import random
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from gatepos.domain import money, shift
from gatepos.errors import Refusal
from gatepos.ledger import queries, takings, verification
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from tests.gate import (
    AFRICAN,
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
)
from tests.proof.conftest import Rounds

pytestmark = pytest.mark.proof
PINS = {CLERK: CLERK_PIN, OTHER: OTHER_PIN}
SECOND = Second(MANAGER, MANAGER_PIN)
KEYS = (EA_CITIZEN, AFRICAN, NON_RESIDENT)
CODES = [f"UA26X1Y2{n:02d}" for n in range(10, 90)]
AMOUNTS = ("500", "1000", "1500", "3000", "10000", "30000")


class Walker:
    """Does one thing after another, and keeps in its head what a careful observer would."""

    def __init__(self, gate: Gate, chance: random.Random) -> None:
        self.gate = gate
        self.chance = chance
        self.till = gate.built()
        for key in ("allow_cash", "cash_usd"):
            permit(self.till, key, "yes")
        self.drawers: dict[str, dict[str, int]] = {}
        self.counter: list[tuple[str, str, int]] = []
        self.carried: dict[str, int] = {}
        self.done = 0
        self.refused = 0
        self.steps: list[Callable[[], object]] = [
            *[self.serve] * 6, self.tap, self.pay, self.cash, self.mpesa, self.card, self.ticket, self.record,
            self.untender, self.empty, self.hold, self.resume, self.clear, self.correct, self.void, self.rate,
            self.sign_in, self.open, self.close, self.restart, self.wait,
        ]  # fmt: skip

    def step(self) -> None:
        """One thing, allowed or not."""
        try:
            self.chance.choice(self.steps)()
            self.done += 1
        except Refusal:
            self.refused += 1

    # What a clerk does.

    def sign_in(self) -> None:
        number = self.chance.choice(list(PINS))
        self.till.sign_in.sign_in(number, PINS[number])
        self.till.shifts.to_window()

    def open(self) -> None:
        usd = self.chance.choice((0, 20))
        number = self.till.shifts.open("2000", str(usd)).entry.number
        assert number is not None
        self.drawers[number] = {"KES": 200_000, "USD": usd * 100}

    def close(self) -> None:
        if self.chance.random() < 0.8:
            return
        notes = (shift.denomination("KES", 1000, self.chance.randrange(3)),)
        closed = self.till.shifts.close(Counted(notes), "as counted").entry.data
        del self.drawers[str(closed["closes"])]

    def serve(self) -> None:
        """A sale from its beginning to wherever it comes."""
        self.tap()
        self.pay()
        for _ in range(3):
            self.chance.choice((self.cash, self.mpesa, self.card, self.ticket))()

    def tap(self) -> None:
        self.till.checkout.tap(self.chance.choice(KEYS), self.chance.choice((1, 1, 2, -1)))

    def empty(self) -> None:
        """Every line taken away again, and whatever was paid still lies there."""
        for key in KEYS:
            self.till.checkout.count(key, 0)

    def pay(self) -> None:
        self.till.payments.pay(self.chance.choice(("mpesa", "cash")))

    def cash(self) -> None:
        """Notes handed over the counter: they lie there until the sale is recorded or they go back."""
        currency, amount = self.chance.choice(("KES", "KES", "USD")), self.chance.choice(AMOUNTS)
        typed = amount if currency == "KES" else self.chance.choice(("50", "50", "0.00"))
        self.counter.append((self.clerk(), currency, money.parse(typed)))
        try:
            self.till.payments.cash(currency, typed)
        except Refusal:
            if not self.is_taken():
                self.counter.pop()
            raise
        self.notice()

    def mpesa(self) -> None:
        code = self.chance.choice(CODES)
        code = self.chance.choice((code, code.lower(), code.replace("1", "I"), f"{code[:4]} {code[4:]}"))
        self.till.payments.mpesa(code, self.chance.choice((None, *AMOUNTS)))
        self.notice()

    def card(self) -> None:
        self.till.payments.card("A7K29Q", "4242", self.chance.choice((None, *AMOUNTS)))
        self.notice()

    def ticket(self) -> None:
        ticket = self.chance.choice(("EC-001", "EC.002", "EC/003", "ec004", self.chance.choice(CODES)))
        self.till.payments.ticket(ticket, self.chance.choice((None, *AMOUNTS)))
        self.notice()

    def record(self) -> None:
        self.till.payments.record(self.chance.choice((None, SECOND)))
        self.notice()

    def untender(self) -> None:
        last = self.till.window.work.tenders[-1:]
        self.till.payments.untender()
        if last and last[0].kind == "cash":
            self.counter.pop()

    def hold(self) -> None:
        self.till.checkout.hold()

    def resume(self) -> None:
        waiting = self.till.checkout.waiting()
        if waiting:
            self.till.checkout.resume(self.chance.choice(waiting).number)

    def clear(self) -> None:
        self.till.checkout.clear()

    def correct(self) -> None:
        self.till.corrections.correct(self.some_receipt(), "as the driver says")

    def void(self) -> None:
        done = self.till.corrections.void(
            self.some_receipt(), "turned back", self.chance.choice((None, SECOND))
        )
        self.drawer()["KES"] -= done.total_minor - done.due_back_minor

    def rate(self) -> None:
        rate_e4 = self.chance.choice((1_295_000, 1_301_234, 1_400_000))
        self.till.desk.write("rate.switched", {"rate": "2026-01", "rate_e4": rate_e4, "was": "2026-01"})

    def restart(self) -> None:
        if self.chance.random() < 0.2:
            self.till = self.gate.reopened(self.till)
            self.carried.clear()
            self.counter.clear()  # the screen asks anew, and the notes go back to the driver

    def wait(self) -> None:
        self.gate.clock.pass_by(self.chance.randrange(20 * 60_000))

    # What an observer remembers.

    def some_receipt(self) -> str:
        rows = self.till.history.find()
        return self.chance.choice(rows).number if rows else "XNM2-R000001-Q"

    def drawer(self) -> dict[str, int]:
        return self.drawers[self.till.desk.shift()]

    def clerk(self) -> str:
        return self.till.desk.person.number if self.till.desk.person else ""

    def is_taken(self) -> bool:
        """Whether the till took the last note: a refusal after it, as of a second person, keeps it."""
        tenders = [tender for tender in self.till.window.work.tenders if tender.kind == "cash"]
        return len(tenders) == len(self.counter)

    def notice(self) -> None:
        """What lay on the counter goes into the drawer of whoever took it, once a sale is recorded."""
        last = self.till.window.last
        if last is None or last.entry.id in self.carried:
            return
        self.carried[last.entry.id] = last.entry.seq
        if last.entry.kind == "receipt.voided":
            return
        drawer = self.drawer()
        for clerk, currency, minor in self.counter:
            assert clerk == last.entry.by
            drawer[currency] += minor
        self.counter.clear()
        drawer["KES"] -= int(str(last.entry.data["change_minor"]))

    # What must hold after each step.

    def check(self) -> None:
        conn = self.till.desk.ledger.conn
        taken = [t for t in self.till.window.work.tenders if t.kind == "cash"]
        assert [(t.currency, t.amount_minor) for t in taken] == [note[1:] for note in self.counter]
        sums = conn.execute("SELECT sum(amount_minor) FROM posting GROUP BY currency").fetchall()
        assert not any(total for (total,) in sums)
        for number, drawer in self.drawers.items():
            booked = {"KES": 0, "USD": 0, **queries.drawer(self.till.desk.ledger, number)}
            assert booked == drawer
        over = "SELECT folded FROM tender WHERE folded LIKE 'mpesa:%' GROUP BY folded"
        assert not conn.execute(f"{over} HAVING sum(kes_minor) > max(paid_minor)").fetchall()
        tickets = "SELECT folded FROM tender WHERE folded LIKE 'ecitizen:%' GROUP BY folded"
        assert not conn.execute(f"{tickets} HAVING count(*) > 1").fetchall()
        living = conn.execute(
            "SELECT coalesce(sum(total_minor), 0) FROM receipt WHERE NOT EXISTS"
            " (SELECT 1 FROM receipt_ending WHERE receipt_ending.receipt = receipt.number)"
        ).fetchone()[0]
        assert living == queries.income_since_minor(self.till.desk.ledger, 0)

    def check_takings(self) -> None:
        """What days are reported to have charged and taken is what their postings say."""
        conn = self.till.desk.ledger.conn
        ask = takings.of_ledger(conn)
        (first, last) = conn.execute("SELECT min(day), max(day) FROM posting").fetchone()
        span = takings.Span((self.till.desk.own.till,), first, last)
        charged = takings.charged(ask, span, "day", "fee", "category", "age")
        assert summed((one.by[0], one.kes_minor) for one in charged) == dict(
            conn.execute(
                "SELECT day, -sum(amount_minor) FROM posting WHERE account LIKE 'income:%'"
                " GROUP BY day HAVING sum(amount_minor) <> 0"
            )
        )
        taken = takings.taken(ask, span, "day", "kind", "currency")
        assert summed((one.by, one.minor) for one in taken if one.by[1] != "cash") == {
            (day, account.split(":")[1], currency): minor
            for day, account, currency, minor in conn.execute(
                "SELECT day, account, currency, sum(amount_minor) FROM posting WHERE account LIKE 'asset:%'"
                " AND account NOT LIKE 'asset:cash:%' AND account NOT LIKE 'asset:receivable:%'"
                " AND account <> 'asset:transit' GROUP BY 1, 2, 3 HAVING sum(amount_minor) <> 0"
            )
        }


def summed(found: Iterable[tuple[object, int]]) -> dict[object, int]:
    """Sums by key, without those that came to nothing."""
    sums = Counter[object]()
    for key, minor in found:
        sums[key] += minor
    return {key: minor for key, minor in sums.items() if minor}


def test_whatever_clerks_do_the_money_is_all_there(gate: Gate, seed: int, rounds: Rounds) -> None:
    walker = Walker(gate, random.Random(seed))
    for _ in range(rounds(1_500, 20_000)):
        walker.step()
        walker.check()
    walker.check_takings()
    ledger = walker.till.desk.ledger
    report = verification.verify(ledger.conn, [gate.folder / "tape"])
    receipts = len(ledger.of_kind("receipt.issued")) + len(ledger.of_kind("receipt.corrected"))
    voids = len(ledger.of_kind("receipt.voided"))
    ledger.close()
    print(
        f"\nmoney walk, seed {seed}: {walker.done} done, {walker.refused} refused,"
        f" {receipts} receipts, {voids} voids, 0 shillings lost"
    )
    assert report.findings == []
    assert receipts > 0

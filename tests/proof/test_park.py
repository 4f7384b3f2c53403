"""A park without a network: whatever clerks and clocks do, and in whatever order tills hear each other."""

import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from gatepos import app
from gatepos.domain import bill as bills
from gatepos.errors import Refusal
from gatepos.ledger import totals, verification
from gatepos.ledger.heard import BundleGap
from gatepos.ledger.receivables import Receivables
from gatepos.till.approvals import Second
from gatepos.till.passes import NobodyLeaves, NothingOwed, PassEnded
from gatepos.till.sight import PriceKnown, TookItsPlace
from gatepos.till.till import Till
from gatepos.till.views import RecordedView, ScanView
from tests import park
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, counted_ids, permit
from tests.proof.conftest import Rounds

pytestmark = pytest.mark.proof
SECOND = Second(MANAGER, MANAGER_PIN)
CODES = tuple(park.PLACES)
PLATES = ("KDA 412M", "KDB 111A", "KDC 900Z")
STEPS = 50

tills = st.sampled_from(CODES)
picks = st.integers(0, 10**6)


class PowerCut(Exception):
    """The machine stops in the middle of something."""


@dataclass(frozen=True)
class Fact:
    """Something that a clerk did with a paper, as an observer at that till writes it down."""

    till: str
    seq: int
    what: str
    number: str
    amount: int


@dataclass
class Pass:
    """A paper as it was handed out."""

    number: str
    till: str
    seq: int
    code: str
    heads: int
    due: int
    total: int
    replaces: str | None = None


@dataclass
class Notes:
    """All that an observer of the whole park would write down; no till sees it."""

    passes: dict[str, Pass] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    heard: Counter[tuple[str, str]] = field(default_factory=Counter)
    bundles: list[tuple[str, int, int, bytes]] = field(default_factory=list)

    def knows(self, till: str, fact: Fact | Pass) -> bool:
        """Whether a till wrote something or has heard of it."""
        return fact.till == till or fact.seq <= self.heard[till, fact.till]

    def chain(self, number: str) -> list[str]:
        """A pass and all that stand for the same visit, oldest first."""
        first = number
        while (older := self.passes[first].replaces) is not None:
            first = older
        found = [first]
        while newer := next((p.number for p in self.passes.values() if p.replaces == found[-1]), None):
            found.append(newer)
        return found

    def sum(self, numbers: list[str], what: str, till: str | None = None) -> int:
        """How much of something was done, or how much a till knows of."""
        return sum(
            fact.amount
            for fact in self.facts
            if fact.number in numbers and fact.what == what and (till is None or self.knows(till, fact))
        )

    def count(self, numbers: list[str], what: str) -> int:
        """How often something was done."""
        return sum(fact.number in numbers and fact.what == what for fact in self.facts)

    def credits(self, numbers: list[str], till: str | None = None) -> int:
        """What was paid, waived or undone."""
        return sum(self.sum(numbers, what, till) for what in ("paid", "waived", "undone"))


class Park(RuleBasedStateMachine):
    """Three tills, their clerks, and people who carry bundles between them."""

    template: Path
    counts: Counter[str]

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.gates = park.gates(self.folder)
        self.tills: dict[str, Till] = {}
        self.notes = Notes()
        self.references = itertools.count()
        for code, gate in self.gates.items():
            shutil.copytree(self.template / code, gate.folder)
            gate.new_id = counted_ids(code + "+")
            self.tills[code] = park.opened(gate)
        for code in CODES:
            self.issue(code, PLATES[0], 2, is_dear=True)

    def teardown(self) -> None:
        try:
            if getattr(self, "tills", None):
                self.settle_accounts()
        finally:
            for till in getattr(self, "tills", {}).values():
                till.desk.ledger.close()
            shutil.rmtree(getattr(self, "folder", ""), ignore_errors=True)

    # What clerks do.

    @rule(code=tills, plate=st.sampled_from(PLATES), people=st.integers(1, 3), is_dear=st.booleans())
    def issue(self, code: str, plate: str, people: int, *, is_dear: bool) -> None:
        till = self.tills[code]
        till.checkout.clear()
        till.checkout.tap(NON_RESIDENT if is_dear else EA_CITIZEN, people)
        till.checkout.vehicle(1)
        till.checkout.plate(plate)
        self.printed(code, till.passes.issue(SECOND).number)

    @rule(code=tills, pick=picks, only=st.none() | st.integers(0, 3))
    def scan_in(self, code: str, pick: int, only: int | None) -> None:
        """They go in, perhaps not all of them now; or again, on a ground."""
        paper, gate = self.some(pick), self.tills[code].gate
        if paper is None:
            return
        view = self.scan(code, paper, "in")
        if view.passing and only is not None and only <= view.passing:
            gate.only(only)
            self.note(code, "in", paper.number, only - view.passing)
        elif only and view.may_readmit:
            self.note(code, "again", paper.number, gate.readmit("flat tyre", SECOND).passing)
        gate.leave()

    @rule(code=tills, pick=picks, how=st.sampled_from(("pay", "pay", "part", "undertaking", "wait")))
    def scan_out(self, code: str, pick: int, how: str) -> None:
        paper = self.some(pick)
        if paper is None:
            return
        view = self.scan(code, paper, "out")
        if view.owed_minor:
            self.check_owed(code, paper, view.owed_minor)
            if how == "undertaking":
                self.undertake(code, paper)
            elif how != "wait":
                self.pay(code, view.owed_minor // 2 if how == "part" else view.owed_minor)
        self.leave(code)

    def undertake(self, code: str, paper: Pass) -> None:
        """They leave owing; who left already only pays."""
        owed, passes = self.tills[code].gate.owed(), self.tills[code].passes
        if owed.leaving:
            passes.let_out(owed, "no network to pay by", SECOND)
            self.note(code, "out", paper.number, owed.leaving)
        else:
            with pytest.raises(NobodyLeaves):
                passes.let_out(owed, "no network to pay by", SECOND)

    @rule(code=tills, picked=st.lists(picks, min_size=1, max_size=3))
    def settle_together(self, code: str, picked: list[int]) -> None:
        """Several passes by one payer, by number, where they are known."""
        found = {paper.number for pick in picked if (paper := self.some(pick))}
        self.turn(code, "out")
        with suppress(Refusal):
            self.tills[code].gate.settle(sorted(found))
            self.pay(code, self.tills[code].lane.rest_minor())
        self.leave(code)

    @rule(code=tills, pick=picks, is_part=st.booleans())
    def settle_from_sight(self, code: str, pick: int, *, is_part: bool) -> None:
        """Nobody can read the paper: they pay, under its number, for whom the clerk sees."""
        paper = self.some(pick)
        if paper is None:
            return
        issued = self.tills[paper.till].desk.ledger.by_number(paper.number)
        assert issued is not None
        self.turn(code, "out")
        till = self.tills[code]
        till.sight.begin()
        till.filling.take(replace(bills.from_data(issued.data), enter_on=till.desk.today()))
        with suppress(PriceKnown, NothingOwed, PassEnded, TookItsPlace):
            owed_minor = till.sight.from_sight(paper.number, "unreadable").owed_minor
            assert owed_minor <= max(paper.total - self.notes.credits([paper.number], code), 0)
            self.pay(code, owed_minor // 2 if is_part else owed_minor)
            self.count("from sight")
        self.leave(code)

    @rule(pick=picks, how=st.sampled_from(("reissue", "revoke", "waive")), share=st.integers(1, 3))
    def change(self, pick: int, how: str, share: int) -> None:
        """What only the till that issued a pass can do to it, when it still can."""
        paper = self.some(pick)
        if paper is None:
            return
        passes = self.tills[paper.till].passes
        with suppress(Refusal):
            if how == "reissue":
                self.printed(paper.till, passes.reissue(paper.number, "wet", SECOND).number, paper)
            elif how == "revoke":
                data = passes.revoke(paper.number, "turned back", SECOND).entry.data
                self.note(paper.till, "undone", paper.number, int(str(data["undone_minor"])))
            else:
                amount = str(max(paper.total // share // 100, 1))
                data = passes.waive(paper.number, amount, "Order 7", SECOND).entry.data
                self.note(paper.till, "waived", paper.number, int(str(data["amount_minor"])))

    # What clocks and machines do.

    @rule(code=tills, minutes=st.integers(1, 300), days=st.sampled_from((0, 0, 0, -400, -2, 1, 30, 400)))
    def wait(self, code: str, minutes: int, days: int) -> None:
        """Time goes by, and sometimes somebody sets the clock."""
        self.gates[code].clock.pass_by(minutes * 60_000)
        self.gates[code].clock.wall += days * 86_400_000

    @rule(code=tills, how=st.sampled_from(("closed", "cut", "file lost")))
    def restart(self, code: str, how: str) -> None:
        """A till is closed and opened, or its power goes, or its file is lost and made anew."""
        gate, folder = self.gates[code], self.gates[code].folder
        if how == "cut":  # the files as they are on the disk now are all that is left
            gate.folder = folder.with_name(folder.name + "+")
            shutil.copytree(folder, gate.folder)
        self.tills[code].desk.ledger.close()
        if how == "file lost":
            (folder / "ledger.db").unlink()
        gate.clock.restart()
        self.tills[code] = park.opened(gate)

    # What people carry.

    @rule(code=tills, to=tills, back=st.none() | st.integers(0, 20), pick=st.none() | picks)
    def carry(self, code: str, to: str, back: int | None, pick: int | None) -> None:
        """All that a till wrote, or its last few entries, or a bundle that was written long ago."""
        if pick is None or not self.notes.bundles:
            last = self.tills[code].desk.ledger.head[0]
            after = 0 if back is None else max(last - 1 - back, 0)
            data, to_seq = self.tills[code].hearing.bundle(after)
            self.notes.bundles.append((code, after, to_seq, data))
        self.hear(to, *self.notes.bundles[-1 if pick is None else pick % len(self.notes.bundles)], cut=back)

    @rule(code=tills, to=tills)
    def meet(self, code: str, to: str) -> None:
        """Two tills tell each other all they know."""
        self.carry(code, to, None, None)
        self.carry(to, code, None, None)

    def hear(self, code: str, source: str, after: int, to_seq: int, data: bytes, cut: int | None) -> None:
        """A bundle comes to a till, for the first time or again; the power may go while it is taken in."""
        if source == code:
            return
        known = self.notes.heard[code, source]
        try:
            self.tills[code].hearing.read_bundle(data, _cut(cut))
        except BundleGap:
            assert after > known
            return
        except PowerCut:
            self.restart(code, "cut")
            assert self.tills[code].hearing.read_bundle(data).to_seq == to_seq
        assert after <= known
        self.notes.heard[code, source] = max(known, to_seq)
        self.count("heard")

    # What must hold.

    @invariant()
    def sums_hold(self) -> None:
        for till in getattr(self, "tills", {}).values():
            conn = till.desk.ledger.conn
            sums = conn.execute("SELECT sum(amount_minor) FROM posting GROUP BY currency").fetchall()
            assert not any(total for (total,) in sums)
            fresh = Receivables.of(conn)
            owing = till.desk.ledger.receivables
            assert dict(fresh._owed) == dict(owing._owed)
            assert all(fresh.of_till(code) == owing.of_till(code) for code in CODES)

    def check_owed(self, code: str, paper: Pass, owed_minor: int) -> None:
        """Nobody is asked for more than their paper says, or for what this till knows to be paid."""
        assert owed_minor <= paper.due
        known = self.notes.credits([paper.number], code)
        assert owed_minor <= max(paper.due - known, 0)

    def settle_accounts(self) -> None:
        """Everybody hears everybody: the books are the same, and so is what went wrong."""
        park.tell_all(self.tills.values())
        books = {park.books_of(till) for till in self.tills.values()}
        assert len(books) == 1, "the books differ"
        for till in self.tills.values():
            assert verification.verify(till.desk.ledger.conn, []).findings == []
            self.check_sums(till)
            self.check_known(till)
        self.count("parks")

    def check_sums(self, till: Till) -> None:
        """What was issued has become something, to the shilling, by day and in all."""
        ledger = till.desk.ledger
        days = [day for (day,) in ledger.conn.execute("SELECT DISTINCT day FROM pass")]
        sums = [totals.of_day(ledger, day) for day in days]
        assert sum(each.passes for each in sums) == len({self.notes.chain(n)[-1] for n in self.notes.passes})
        for each in sums:
            became = each.settled_minor + each.waived_minor + each.undone_minor
            left = each.undertaken_minor + each.open_minor - each.owed_back_minor
            assert each.passes_minor == became + left
            assert each.open_minor >= 0
            assert set(each.states) <= set(totals.STATES)

    def check_known(self, till: Till) -> None:
        said = _conflicts(till)
        for numbers in {tuple(self.notes.chain(number)) for number in self.notes.passes}:
            chain = [*numbers]
            last, notes = self.notes.passes[chain[-1]], self.notes
            credits = notes.credits(chain)
            assert till.desk.ledger.receivables.owed(last.number) == last.total - credits
            heads = max(notes.passes[number].heads for number in chain)
            went_in, again = notes.sum(chain, "in"), notes.sum(chain, "again")
            went_out = notes.sum(chain, "out") if notes.count(chain, "out") > 1 else 0
            wrong = {
                "two_admissions": went_in > heads,
                "two_exits": went_out > heads + again,
                "paid_twice": credits > last.total,
                "used_and_revoked": notes.sum(chain, "undone") > 0
                and bool(went_in or notes.sum(chain, "out")),
            }
            found = {what for number in chain for what in said.get(number, ())}
            # What was said before the ground of a second entry was heard of stays said.
            early = {"two_exits"} if heads < went_out <= heads + again else set()
            assert found - early == {what for what, is_wrong in wrong.items() if is_wrong}, (
                chain,
                wrong,
                [fact for fact in notes.facts if fact.number in chain],
                [e.data for e in till.desk.ledger.of_kind("pass.conflict")],
            )
            for what in found:
                self.count(what)

    # Step by step.

    def printed(self, code: str, typed: str, replaces: Pass | None = None) -> None:
        number, till = typed.replace("-", ""), self.tills[code]
        entry = till.desk.ledger.by_number(number)
        assert entry is not None
        heads = sum(n for _, _, n in entry.data["people"])  # type: ignore[attr-defined]
        total = int(str(entry.data["total_minor"]))
        due = max(total - (self.notes.credits(self.notes.chain(replaces.number), code) if replaces else 0), 0)
        token = "GP:" + str(entry.data["token"])
        self.notes.passes[number] = Pass(
            number, code, entry.seq, token, heads, due, total, replaces.number if replaces else None
        )
        if entry.kind == "pass.issued" and entry.data["enters"]:
            self.note(code, "in", number, heads)
        self.count(entry.kind)

    def some(self, pick: int) -> Pass | None:
        passes = list(self.notes.passes.values())
        return passes[pick % len(passes)] if passes else None

    def turn(self, code: str, direction: str) -> None:
        gate = self.tills[code].gate
        if gate.direction != direction:
            gate.turn()

    def scan(self, code: str, paper: Pass, direction: str) -> ScanView:
        self.turn(code, direction)
        before = self.notes.sum([paper.number], "in", code) + self.notes.sum([paper.number], "again", code)
        view = self.tills[code].gate.scan(paper.code)
        if view.passing:
            self.note(code, direction, paper.number, view.passing)
        if view.word == "admit":
            assert view.passing + before <= paper.heads, "admitted twice at a till that knows of it"
        return view

    def leave(self, code: str) -> None:
        self.tills[code].gate.leave()

    def pay(self, code: str, amount_minor: int) -> None:
        till = self.tills[code]
        before = till.desk.ledger.head[0]
        till.settlements.pay("mpesa")
        reference = f"UA2{next(self.references):07d}"
        done = till.settlements.mpesa(reference, str(max(amount_minor // 100, 1)))
        if not isinstance(done, RecordedView):
            till.settlements.record(in_part=True)
        for entry in till.desk.ledger.of_kind("pass.settled", before):
            number = str(entry.data["pass"])
            self.note(code, "paid", number, int(str(entry.data["total_minor"])), entry.seq)
            self.note(code, "out", number, int(str(entry.data["leaving"])), entry.seq)

    def note(self, code: str, what: str, number: str, amount: int, seq: int = 0) -> None:
        if amount:
            seq = seq or self.tills[code].desk.ledger.head[0]
            self.notes.facts.append(Fact(code, seq, what, number, amount))
        self.count(what)

    def count(self, what: str) -> None:
        self.counts[what] += 1


def _conflicts(till: Till) -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for subject, what in till.desk.ledger.conn.execute("SELECT subject, what FROM conflict"):
        said.setdefault(subject, set()).add(what)
    return said


def _cut(after: int | None) -> Callable[[], None]:
    """The power goes when somebody is let in between two slices for the n-th time."""
    times = itertools.count()

    def give_way() -> None:
        if next(times) == after:
            raise PowerCut()

    return give_way


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three tills that know each other, each in an outage of its own; one lets in whoever buys.

    The fees that come with the program are read once, not at each start of a till.
    """
    book = app.book()
    monkeypatch.setattr(app, "book", lambda: book)
    opened = park.built(park.gates(tmp_path))
    permit(opened[0], "lane_checks_separately", "no")
    for till in opened:
        till.outages.open("platform", authority="KWS/OPS/2026/1", paybill="600000", second=SECOND)
        till.desk.ledger.close()
    return tmp_path


def test_whatever_order_tills_hear_each_other_in_they_know_the_same(
    template: Path, seed: int, rounds: Rounds, is_long: bool
) -> None:
    counts: Counter[str] = Counter()
    machine = hypothesis.seed(seed)(type("SeededPark", (Park,), {"template": template, "counts": counts}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=rounds(15, 1_000),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink) if is_long else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"\npark, seed {seed}: " + ", ".join(f"{n} {what}" for what, n in sorted(counts.items())))
    assert counts["heard"]
    assert counts["parks"]

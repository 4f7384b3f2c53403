"""A till that holds a true key and means harm: nobody else is stopped, what others wrote stays."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatepos.central.managers.people import People
from gatepos.domain import booked, keyring
from gatepos.domain import entry as entries
from gatepos.rehearsal import selling, vans
from gatepos.seal import checking
from gatepos.seal import entries as entry_seal
from gatepos.seal.passwords import Passwords
from gatepos.till.pass_lists import LISTS
from gatepos.till.shifts import Counted
from tests import park
from tests.central.managers.conftest import Office
from tests.central.place import journal_of
from tests.gate import CHEAP
from tests.ledger.test_heard import waiver
from tests.proof.conftest import Rounds
from tests.proof.poison import Rogue, altered, babbled
from tests.sync.test_pull import Joined, Park
from tests.sync.test_with_central import central_in, served
from tests.till.test_hearing import paid_at, van
from tests.till.test_passes import outage, token, van_in

pytestmark = pytest.mark.proof
ROGUE = "XNM2"
PAGES = ("/takings", "/tills", f"/till?code={ROGUE}", "/passes", "/cases", "/changes", "/administration")


@dataclass
class Harmed:
    """A park of two honest tills with a pass of the first, and a third that means harm."""

    nnp: Park
    entry: Joined
    far: Joined
    rogue: Rogue
    code: str

    @property
    def number(self) -> str:
        """Of the honest pass."""
        return checking.read(self.code, self.entry.till.desk.keyring).payload.number

    def kinds(self) -> dict[str, list[Mapping[str, object]]]:
        """What the tills of the park wrote, by kind."""
        found: dict[str, list[Mapping[str, object]]] = {}
        for one in self.nnp.joined:
            for pair in journal_of(one.till):
                entry = entries.known(*pair)
                found.setdefault(entry.kind, []).append(entry.fields)
        return found

    def sent(self) -> list[dict[str, object]]:
        """All that the rogue wrote goes to central, which has it all; what it dislikes."""
        disliked = self.rogue.sender.drain()
        assert self.rogue.sender.acked == len(self.rogue.sender.kept)
        return disliked

    def honest_rows(self) -> bytes:
        """The books of the honest tills at central."""
        return self.nnp.place.books("XNM1") + self.nnp.place.books("XNE1")

    def check_unharmed(self, before: bytes) -> None:
        """Central's books and both tills' are one, the honest part as it was; all goes on."""
        assert self.honest_rows() == before
        for one in (self.entry, self.far):
            one.push()
            one.pull()
        assert {one.trouble("passes") for one in (self.entry, self.far)} == {""}
        assert len({park.books_of(self.entry.till), park.books_of(self.far.till)}) == 1
        assert self.nnp.place.books() == park.books_of(self.far.till)
        self._check_day_goes_on()

    def _check_day_goes_on(self) -> None:
        office = Office(self.nnp.place, People(self.nnp.place.store, Passwords(CHEAP)))
        browser = office.signed_in("boss", "administrator")
        for page in PAGES:
            assert browser.get(page).status_code == 200, page
        van(self.entry.till, "KDC 900Z")
        for one in (self.entry, self.far):
            one.till.pass_lists.find()
            for which in LISTS:
                one.till.pass_lists.listed(which)
        self.far.till.gate.scan(self.code)
        self.far.till.gate.leave()
        self.far.restart(without_file=True)
        self.far.pull()
        self.far.till.shifts.close(Counted(), "nothing was counted")


def told(nnp: Park) -> None:
    """Every till tells central all, and hears all from it."""
    for one in nnp.joined:
        one.push()
    for one in nnp.joined:
        one.pull()


@pytest.fixture
def harmed(tmp_path: Path) -> Iterator[Harmed]:
    """Central on SQLite, three tills that joined it, a pass that all have heard of."""
    with central_in(tmp_path / "central") as place, served(place.beside()) as url:
        nnp = Park(place, url, park.gates(tmp_path))
        entry, far, bad = (nnp.join(code) for code in ("XNM1", "XNE1", ROGUE))
        outage(entry.till)
        outage(bad.till)
        code = token(entry.till, van_in(entry.till).number)
        van(bad.till, "KDZ 001Z")
        queue = vans.queue(1)
        for _ in range(4):
            selling.sell(far.till, next(queue))
        far.till.gate.turn()
        second = token(entry.till, van(entry.till))
        told(nnp)
        paid_at(far.till, second, "UA26X1Y2ZS", "1,000")
        told(nnp)
        yield Harmed(nnp, entry, far, Rogue(bad.sender), code)
        for one in nnp.joined:
            one.line.stop()
            one.till.desk.ledger.close()


def test_whatever_an_authentic_entry_says_only_its_till_is_disliked(
    harmed: Harmed, seed: int, rounds: Rounds
) -> None:
    chance, before, count = random.Random(seed), harmed.honest_rows(), rounds(300, 20_000)
    like = harmed.kinds()
    for inside in babbled():
        harmed.rogue.babble(inside)
    for _ in range(count):
        harmed.rogue.say(altered(chance.choice(like[chance.choice([*like])]), chance, ROGUE))
    harmed.rogue.say({**like["boot"][0], "till": ROGUE, "kind": "pass.teleported"})
    disliked = harmed.sent()
    whys = sorted({str(flag["why"]) for flag in disliked})
    print(f"\npoison: seed {seed}, {len(harmed.rogue.sender.kept)} entries, disliked as {whys}")
    assert set(whys) >= set(booked.DISLIKED)
    harmed.check_unharmed(before)


def speaking_for_others(harmed: Harmed) -> Iterator[dict[str, object]]:
    """What would end, lower, number or unlock something of another till."""
    kinds, theirs = harmed.kinds(), harmed.number
    plain = {**kinds["boot"][0], "till": ROGUE}
    yield {**plain, **waiver(theirs)}
    yield {**plain, **moving("asset:cash:XNM1", theirs)}
    for kind in ("pass.issued", "bill.opened", "shift.opened", "receipt.issued", "pass.settled"):
        for fields in kinds[kind]:
            if fields["till"] != ROGUE:
                yield {**fields, "till": ROGUE}


def of_no_effect(harmed: Harmed) -> Iterator[dict[str, object]]:
    """What each till decides for itself, or hears from central alone."""
    kinds = harmed.kinds()
    plain = {**kinds["boot"][0], "till": ROGUE}
    key = {**harmed.entry.till.desk.own.certificate(), "is_revoked": True}
    yield {**plain, "kind": "keyring.changed", "data": key}
    yield {**plain, "kind": "rate.switched", "data": {"rate": "2026-01", "rate_e4": 1, "was": None}}
    yield {**plain, "kind": "staff.changed", "data": {"staff": "07", "roles": []}}
    yield {**plain, "kind": "config.changed", "data": {"key": "paybill", "value": "666666", "was": None}}


def moving(account: str, number: str) -> dict[str, object]:
    """A change of a policy, which moves no money, with a shilling that it moves off a pass."""
    postings = [[account, "KES", 100], ["asset:receivable:" + number, "KES", -100]]
    return {
        "kind": "config.changed",
        "data": {"key": "lane", "value": "2", "was": None},
        "postings": postings,
    }


@pytest.mark.parametrize("said", [speaking_for_others, of_no_effect])
def test_an_entry_that_speaks_for_another_till_changes_nothing_there(
    harmed: Harmed, said: Callable[[Harmed], Iterator[dict[str, object]]]
) -> None:
    before, own = harmed.honest_rows(), harmed.entry.till.desk.own
    owed = harmed.far.till.desk.ledger.receivables.owed(harmed.number)
    first = len(harmed.rogue.sender.kept) + 1
    for fields in said(harmed):
        harmed.rogue.say(fields)
    disliked = {flag["seq"]: flag["why"] for flag in harmed.sent()}
    whys = {disliked.get(seq) for seq in range(first, len(harmed.rogue.sender.kept) + 1)}
    assert whys == ({"not_own"} if said is speaking_for_others else {None})
    harmed.check_unharmed(before)
    for one in (harmed.entry, harmed.far):
        assert one.till.desk.ledger.receivables.owed(harmed.number) == owed
        assert keyring.of_till(one.till.desk.keyring, "XNM1") == own
        assert one.till.desk.policy.text("paybill") == "222222"
    assert harmed.entry.till.outages.view().is_open


@pytest.mark.parametrize("account", ["expense:waiver", "asset:cash:XNM2", "income:park_entry"])
def test_what_moves_no_money_lowers_no_debt(harmed: Harmed, account: str) -> None:
    ledger = harmed.far.till.desk.ledger
    owed = ledger.receivables.owed(harmed.number)
    plain = {**harmed.kinds()["boot"][0], "till": ROGUE}
    harmed.rogue.say({**plain, **moving(account, harmed.number)})
    harmed.sent()
    harmed.far.pull()
    assert ledger.receivables.owed(harmed.number) == owed


def test_a_forged_or_foreign_signature_stops_the_one_who_sent_it_alone(harmed: Harmed) -> None:
    place, rogue, before = harmed.nnp.place, harmed.rogue.sender, harmed.honest_rows()
    good, theirs = rogue.kept[:], harmed.entry.sender
    forged = (good[-1][0], bytes(64))
    foreign = (good[-1][0], entry_seal.sign(theirs.key, entries.hash_of(good[-1][0])))
    for pair in (forged, foreign, (theirs.kept[-1][0], theirs.kept[-1][1])):
        rogue.kept = [*good, pair]
        answer = rogue.send(len(good))
        assert place.error(answer, ROGUE)["error"] == "not_authentic"
    rogue.kept = good
    for token_, till in ((rogue.token, theirs.till), (theirs.token, ROGUE)):
        assert place.push(till, token_, theirs.stretch(0)).status_code == 403
    assert place.push(ROGUE, rogue.token, theirs.stretch(0)).status_code == 409
    assert (rogue.drain(), place.count("evidence")) == ([], 3)
    harmed.check_unharmed(before)

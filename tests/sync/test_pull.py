"""What tills hear through the real central: known everywhere, once, and from the disk again."""

import gzip
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
from starlette.types import Receive, Scope, Send

from gatepos import app
from gatepos.central import enrolling
from gatepos.central.central import PARK_FEEDS
from gatepos.central.store import feeds as published
from gatepos.domain import gatepass, numbers
from gatepos.domain.entry import Entry
from gatepos.domain.keyring import of_till
from gatepos.ledger import conflicts, pages
from gatepos.ledger.keyring import known
from gatepos.seal import checking, said
from gatepos.seal import token as tokens
from gatepos.seal.keys import TillKey
from gatepos.sync import address as addresses
from gatepos.sync.address import Address
from gatepos.sync.background import Background
from gatepos.sync.believed import Believed
from gatepos.sync.client import Answer, Client
from gatepos.sync.pull import EVERY_MS, Puller
from gatepos.till.till import Till
from gatepos.wire import feed as wire
from gatepos.wire import forms
from tests import park
from tests.central.place import CENTRAL_KEY, Place, Sender, journal_of, sender
from tests.gate import CLERK, CLERK_PIN, Gate, permit, selling
from tests.phoning import until
from tests.sync.conftest import name
from tests.sync.test_with_central import central_in, served
from tests.till.test_hearing import conflicts_of, number_of, van
from tests.till.test_passes import OWED, outage, token, van_in

AT = "2026-01-02T07:31:00.000Z"
Fields = dict[str, object]


class Line(Client):
    """The way to central, on which an answer may become another."""

    def __init__(self, address: Address) -> None:
        super().__init__(address)
        self.believed = Believed(address, lambda made: self.believe(made.key))
        self.faults: dict[str, Callable[[Answer], Answer]] = {}
        self.asked: list[tuple[str, int]] = []

    def feed(self, feed: str, after: int, heard_ms: int = 0) -> Answer:
        self.asked.append((feed, after))
        answer = super().feed(feed, after, heard_ms)
        fault = self.faults.get(feed)
        return fault(answer) if fault else answer


def at_once(action: Callable[[], object]) -> "Future[object]":
    """The ledger's thread is this one."""
    answer: Future[object] = Future()
    answer.set_result(action())
    return answer


@dataclass
class Joined:
    """A till at a gate that joined central, its push and its pull."""

    gate: Gate
    till: Till
    sender: Sender
    line: Line
    puller: Puller = field(init=False)

    def __post_init__(self) -> None:
        self.puller = self._puller()

    def _puller(self) -> Puller:
        ledger, line = self.till.desk.ledger, self.line
        return Puller(
            ledger, at_once, self.till.feeds.take, line, line.believed, self.gate.clock, lambda: 0.5
        )

    def push(self) -> None:
        """All that waits goes to central."""
        self.sender.kept = journal_of(self.till)
        self.sender.drain()

    def pull(self) -> None:
        """Rounds until nothing more is new."""
        self.gate.clock.pass_by(300_000)
        while self.puller.round() == 0:
            pass

    def trouble(self, feed: str) -> str:
        """What is wrong with a feed, by name."""
        return {one.feed: name(one.trouble) for one in self.puller.health()}.get(feed, "")

    def version(self, feed: str) -> int:
        """How far a feed is known."""
        return self.till.desk.ledger.fed(feed).version

    def restart(self, *, without_file: bool = False) -> None:
        """The till stops and starts; its ledger's file may have gone meanwhile."""
        self.till.desk.ledger.close()
        if without_file:
            (self.gate.folder / "ledger.db").unlink()
        self.till = park.opened(self.gate)
        self.puller = self._puller()

    @property
    def folder(self) -> Path:
        """Where its pages are."""
        return self.gate.folder / pages.FOLDER


@dataclass
class Park:
    """A central on loopback and the tills that joined it."""

    place: Place
    url: str
    gates: dict[str, Gate]
    joined: list[Joined] = field(default_factory=list)

    def join(self, code: str) -> Joined:
        """A new till of the park joins central, its clerk at the window; no stick goes anywhere."""
        gate = self.gates[code]
        till = selling(gate.built())
        permit(till, "lane_checks_separately", "yes")
        sent = sender(self.place, till, TillKey.load(gate.folder / app.KEY))
        address = Address(self.url, CENTRAL_KEY.public, sent.token, sent.certificate, is_demo=True)
        addresses.save(gate.folder, address)
        self.joined.append(Joined(gate, till, sent, Line(address)))
        return self.joined[-1]

    def publish(self, feed: str, *rows: Fields) -> None:
        """Central has more to say."""
        audience = "NNP" if feed in PARK_FEEDS else published.EVERYBODY
        with self.place.store.writing() as tx:
            published.publish(tx, feed, audience, [forms.dump(row).decode() for row in rows], AT)


@pytest.fixture
def nnp(tmp_path: Path) -> Iterator[Park]:
    """A park with a central that no till joined yet."""
    with central_in(tmp_path / "central") as place, served(place.beside()) as url:
        made = Park(place, url, park.gates(tmp_path))
        yield made
        for one in made.joined:
            one.line.stop()
            one.till.desk.ledger.close()


@pytest.fixture
def two(nnp: Park) -> tuple[Joined, Joined]:
    """An entry till in an outage, and one at the exit of another gate."""
    entry, far = nnp.join("XNM1"), nnp.join("XNE1")
    outage(entry.till)
    far.till.gate.turn()
    return entry, far


def payment(code: str = "UA26X1Y2ZQ", account: str = "XNM1P000001", state: str = "seen") -> Fields:
    return {"trans_id": code, "account": account, "amount": "1234.00", "at": AT, "state": state}


def page(
    feed: str,
    after: int,
    version: int,
    rows: list[object],
    key: TillKey = CENTRAL_KEY,
    to: str = "NNP",
    kind: str = "feed",
    *,
    more: bool = False,
) -> bytes:
    """A page as central would sign it, but for what is said otherwise."""
    fields: Fields = {
        "kind": kind, "for": to, "feed": feed, "from": after, "version": version, "more": more, "body": rows,
        "at": AT,
    }  # fmt: skip
    return said.say(key, fields).body()


# Known at the other till.


def test_a_pass_and_its_till_are_known_at_the_other_with_no_stick(two: tuple[Joined, Joined]) -> None:
    entry, far = two
    code = token(entry.till, van_in(entry.till).number)
    assert far.till.gate.scan(code).word == "unknown_till"
    entry.push()
    far.pull()
    assert (far.till.gate.scan(code).word, far.till.gate.scan(code).owed_minor) == ("not_paid", OWED)
    assert [row.plate for row in far.till.pass_lists.find()] == ["KDA412M"]


def test_what_two_tills_did_with_one_pass_is_a_conflict_once_and_then_all_is_silent(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    beside = nnp.join("XNM2")
    far.till.gate.turn()
    for one in two:
        one.push()
        one.pull()
    beside.pull()
    code = token(entry.till, van_in(entry.till).number)
    entry.push()
    for one in (beside, far):
        one.pull()
        assert one.till.gate.scan(code).word == "admit"
    for _ in range(3):
        for one in nnp.joined:
            one.push()
            one.pull()
    assert [len(conflicts.said(one.till.desk.ledger)) for one in nnp.joined] == [1, 1, 1]
    assert max(len(conflicts_of(one.till)) for one in nnp.joined) == 1
    heads = [one.till.desk.ledger.head for one in nnp.joined]
    for _ in range(3):
        for one in nnp.joined:
            one.push()
            one.pull()
    assert [one.till.desk.ledger.head for one in nnp.joined] == heads
    assert len({park.books_of(one.till) for one in nnp.joined}) == 1


def test_a_bundle_of_what_was_pulled_adds_nothing_and_a_pull_of_what_a_bundle_brought_nothing_more(
    two: tuple[Joined, Joined],
) -> None:
    entry, far = two
    van_in(entry.till)
    entry.push()
    far.pull()
    head, books = far.till.desk.ledger.head, park.books_of(far.till)
    assert park.tell(entry.till, far.till)[0].new == 0
    assert (far.till.desk.ledger.head, park.books_of(far.till)) == (head, books)
    van(entry.till)
    assert park.tell(entry.till, far.till)[0].new == entry.till.desk.ledger.head[0] - len(entry.sender.kept)
    entry.push()
    far.pull()
    assert far.trouble("passes") == ""
    assert len(far.till.pass_lists.find()) == 2


def test_a_key_that_central_revokes_is_revoked_here_and_stays_so(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    far.pull()
    unknown = token(entry.till, van_in(entry.till).number)
    enrolling.revoke(nnp.place.store, "XNM1", AT)
    far.pull()
    assert far.till.gate.scan(unknown).word == "does_not_verify"
    nnp.publish("keyring", {**entry.till.desk.own.certificate(), "is_revoked": False})
    far.pull()
    far.restart(without_file=True)
    row = of_till(far.till.desk.keyring, "XNM1")
    assert row is not None
    assert row.is_revoked


def test_a_code_keeps_its_first_key_and_nobody_says_a_tills_own(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    far.pull()
    other = TillKey.generate().public.hex()
    for one in two:
        nnp.publish("keyring", {**one.till.desk.own.certificate(), "public_key": other, "is_revoked": True})
    nnp.publish("keyring", {**far.till.desk.own.certificate(), "is_revoked": True})
    far.pull()
    row = of_till(far.till.desk.keyring, "XNM1")
    assert row == entry.till.desk.own
    assert of_till(far.till.desk.keyring, "XNE1") == far.till.desk.own
    assert row in known(far.till.desk.ledger.conn).values()


def test_a_payment_that_central_saw_is_told_and_not_posted(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    nnp.publish("payments", payment(account="xnm1-p000001"), payment("UA26X1Y2ZR", "SOMEBODY ELSE"))
    head = far.till.desk.ledger.head
    far.pull()
    (seen,) = far.till.feeds.payments("XNM1P000001")
    assert (seen.trans_id, seen.amount_minor, seen.state) == ("UA26X1Y2ZQ", 123_400, "seen")
    nnp.publish("payments", payment(state="confirmed"))
    far.pull()
    assert [one.state for one in far.till.feeds.payments("XNM1P000001")] == ["confirmed"]
    assert far.till.desk.ledger.head == head


def test_a_paper_that_central_revokes_is_refused_until_it_is_reinstated(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    number = van_in(entry.till).number
    code = token(entry.till, number)
    entry.push()
    far.pull()
    row = {"number": number_of(number), "digest": digest_of(code), "at": AT}
    nnp.publish("revocations", {**row, "state": "revoked"})
    far.pull()
    far.restart(without_file=True)
    far.till.gate.turn()
    assert far.till.gate.scan(code).word == "revoked"
    nnp.publish("revocations", {**row, "state": "reinstated"})
    far.pull()
    assert far.till.gate.scan(code).word == "not_paid"


def test_a_revocation_under_another_tills_number_ends_no_paper(two: tuple[Joined, Joined], nnp: Park) -> None:
    entry, far = two
    number = van_in(entry.till).number
    code = token(entry.till, number)
    entry.push()
    row = {"digest": digest_of(code), "at": AT}
    nnp.publish("revocations", {**row, "number": numbers.make("XNM9", "P", 1), "state": "revoked"})
    far.pull()
    assert far.till.gate.scan(code).word == "not_paid"
    nnp.publish("revocations", {**row, "number": number_of(number), "state": "revoked"})
    nnp.publish("revocations", {**row, "number": numbers.make("XNM9", "P", 1), "state": "reinstated"})
    far.pull()
    assert far.till.gate.scan(code).word == "revoked"


def test_a_till_that_joined_lets_out_on_a_payment_that_central_signed(two: tuple[Joined, Joined]) -> None:
    entry, far = two
    number = number_of(van_in(entry.till).number)
    issued = checking.read(token(entry.till, number), entry.till.desk.keyring).payload
    seen = tokens.make(replace(issued, kind=gatepass.SEEN, due=0), CENTRAL_KEY)
    far.restart()
    far.till.gate.turn()
    assert far.till.gate.scan(f"GP:{seen}").word == "let_out"


# Long, cut short, and from the disk again.


def test_a_long_feed_comes_in_pages_and_goes_on_where_a_stop_came_between(
    two: tuple[Joined, Joined],
) -> None:
    entry, far = two
    while len(entry.sender.kept) < 1_200:
        entry.sender.write()
    entry.sender.drain()
    far.gate.clock.pass_by(300_000)
    assert far.puller.round() == 0
    assert 0 < far.version("passes") < 1_200
    far.restart()
    far.pull()
    assert far.version("passes") == 1_200
    assert far.line.asked.count(("passes", 0)) == 1
    heard = "SELECT count(*) FROM heard WHERE till = 'XNM1'"
    assert far.till.desk.ledger.conn.execute(heard).fetchone() == (1_200,)


@pytest.mark.parametrize("what", ["at the first page", "at a later page"])
def test_a_stop_between_file_and_rows_is_made_good_at_the_next_start(
    two: tuple[Joined, Joined], nnp: Park, what: str
) -> None:
    entry, far = two
    if what == "at a later page":
        entry.push()
        far.pull()
    number = van_in(entry.till).number
    entry.push()
    before = far.version("passes"), far.version("keyring")
    for feed, after in zip(("passes", "keyring"), before, strict=True):
        fields = nnp.place.feed(far.sender.token, feed, after)
        if fields["body"]:
            pages.keep(far.gate.folder, feed, said.say(CENTRAL_KEY, fields).body())
    far.restart()
    assert far.till.gate.number(number).word == "no_paper"
    assert far.version("passes") == len(entry.sender.kept)


def test_a_lost_ledger_file_recalls_what_was_heard_from_the_pages(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    van_in(entry.till)
    entry.push()
    nnp.publish("payments", payment())
    far.pull()
    van(entry.till)
    entry.push()
    far.pull()
    books, versions = park.heard_books_of(far.till), [far.version(feed) for feed in wire.ROWS]
    far.restart(without_file=True)
    assert park.heard_books_of(far.till) == books
    assert [far.version(feed) for feed in wire.ROWS] == versions
    assert far.till.feeds.payments("XNM1P000001") != []
    assert of_till(far.till.desk.keyring, "XNM1") == entry.till.desk.own


def test_what_other_tills_wrote_is_recalled_behind_page_by_page_and_says_how_much_is_left(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    for plate in ("KDB 111A", "KDB 112A", "KDB 113A"):
        van(entry.till, plate)
        entry.push()
        far.pull()
    books, pages_of = park.heard_books_of(far.till), len(list(far.folder.glob("passes-*")))
    far.till.desk.ledger.close()
    (far.gate.folder / "ledger.db").unlink()
    far.till = app.open_till(far.gate.folder, far.gate.world(), is_behind=True)
    far.puller = far._puller()
    assert far.till.desk.ledger.conn.execute("SELECT count(*) FROM heard").fetchone() == (0,)
    far.pull()
    assert far.trouble("passes") == "StillReading"
    assert far.till.feeds.go_on()
    (trouble,) = [one.trouble for one in far.puller.health() if one.feed == "passes"]
    assert trouble is not None
    assert trouble.values["left"] == pages_of
    while far.till.feeds.go_on():
        pass
    assert park.heard_books_of(far.till) == books
    far.gate.clock.pass_by(EVERY_MS)
    far.pull()
    assert far.trouble("passes") == ""


def test_what_is_done_at_the_window_while_pages_are_recalled_is_looked_at_beside_them(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    beside = nnp.join("XNM2")
    code = token(entry.till, van_in(entry.till).number)
    for one in (entry, beside):
        one.push()
        one.pull()
    assert beside.till.gate.scan(code).word == "admit"
    for one in (beside, far):
        one.push()
        one.pull()
    van(entry.till, "KDB 111A")
    entry.push()
    far.pull()
    far.till.desk.ledger.close()
    (far.gate.folder / "ledger.db").unlink()
    far.till = app.open_till(far.gate.folder, far.gate.world(), is_behind=True)
    far.till.sign_in.sign_in(CLERK, CLERK_PIN)
    far.till.shifts.to_window()
    assert far.till.gate.scan(code).word == "admit", "it does not know yet that they are in"
    while far.till.feeds.go_on():
        pass
    assert len(conflicts.said(far.till.desk.ledger)) == 1


def test_entries_of_a_till_that_nobody_knew_are_heard_once_its_key_comes(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    entry, far = two
    far.restart()
    far.till.gate.turn()
    code = token(entry.till, van_in(entry.till).number)
    entry.push()
    far.line.faults["keyring"] = lambda _: Answer(200, b"<html>")
    far.pull()
    assert far.trouble("passes") == "NotKnown"
    assert far.till.gate.scan(code).word == "unknown_till"
    far.line.faults.clear()
    far.gate.clock.pass_by(EVERY_MS)
    far.pull()
    assert far.till.gate.scan(code).word == "not_paid"
    assert [row.plate for row in far.till.pass_lists.find()] == ["KDA412M"]


def test_a_page_that_was_lost_or_altered_on_the_disk_is_asked_for_again(two: tuple[Joined, Joined]) -> None:
    entry, far = two
    for plate in ("KDB 111A", "KDB 112A", "KDB 113A"):
        van(entry.till, plate)
        entry.push()
        far.pull()
    books = park.heard_books_of(far.till)
    file = sorted(far.folder.glob("passes-*"))[1]
    file.write_bytes(file.read_bytes().replace(b"KDB112A", b"KDB119A"))
    far.restart(without_file=True)
    assert any("did not sign" in str(finding) for finding in far.till.desk.ledger.findings)
    far.pull()
    assert park.heard_books_of(far.till) == books


def test_many_small_pages_become_one_file_and_are_recalled_from_it(
    two: tuple[Joined, Joined], nnp: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PACK", 10)
    _, far = two
    for n in range(12):
        nnp.publish("payments", payment(f"UA26X1Y{n:03d}"))
        far.pull()
    assert sorted(path.name for path in far.folder.glob("payments-*")) == [
        "payments-000000010", "payments-000000011", "payments-000000012",
    ]  # fmt: skip
    far.restart(without_file=True)
    assert len(far.till.feeds.payments("XNM1P000001")) == 12


def test_a_central_restored_goes_on_from_what_it_has_and_nothing_heard_is_lost(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    nnp.publish("payments", payment("UA26X1Y2Z1"), payment("UA26X1Y2Z2"))
    far.pull()
    with nnp.place.store.writing() as tx:
        tx.write("DELETE FROM feed_row WHERE feed = 'payments' AND version > 1")
        tx.write("UPDATE feed SET version = 1 WHERE feed = 'payments'")
    far.pull()
    assert (far.version("payments"), far.trouble("payments")) == (1, "")
    nnp.publish("payments", payment("UA26X1Y2Z3"), payment("UA26X1Y2Z4"))
    far.pull()
    far.restart(without_file=True)
    assert far.version("payments") == 3
    assert len(far.till.feeds.payments("XNM1P000001")) == 4


def forget_keyring(place: Place, from_version: int) -> None:
    """Central is put back as it was before a version of the keyring, when it trusted every till."""
    with place.store.writing() as tx:
        tx.write("DELETE FROM feed_row WHERE feed = 'keyring' AND version >= :first", first=from_version)
        tx.write("UPDATE feed SET version = :last WHERE feed = 'keyring'", last=from_version - 1)
        tx.write("UPDATE till SET revoked_at = NULL, counts_to = NULL")


def test_a_central_restored_hears_from_any_till_whom_it_had_revoked_since(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    far.pull()
    before = far.version("keyring")
    enrolling.revoke(nnp.place.store, "XNM1", AT)
    far.pull()
    forget_keyring(nnp.place, before + 1)
    assert nnp.place.matters() == []
    for _ in range(2):
        far.pull()
    assert (far.version("keyring"), far.trouble("keyring")) == (before, "")
    assert nnp.place.matters() == [("XNM1", "revoked_before", 0)]
    enrolling.revoke(nnp.place.store, "XNM1", AT)
    far.pull()
    assert far.version("keyring") == before + 1


def test_a_line_that_fails_then_reminds_central_when_it_is_back(
    two: tuple[Joined, Joined], nnp: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, far = two
    far.pull()
    before = far.version("keyring")
    enrolling.revoke(nnp.place.store, "XNM1", AT)
    far.pull()
    forget_keyring(nnp.place, before + 1)
    with monkeypatch.context() as cut:
        cut.setattr(far.line, "remind", lambda *_: Answer(503, b""))
        far.gate.clock.pass_by(300_000)
        far.puller.round()
    assert nnp.place.matters() == []
    far.pull()
    assert nnp.place.matters() == [("XNM1", "revoked_before", 0)]


def test_a_central_that_knows_no_reminding_is_followed_all_the_same(
    two: tuple[Joined, Joined], nnp: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, far = two
    far.pull()
    before = far.version("keyring")
    enrolling.revoke(nnp.place.store, "XNM1", AT)
    far.pull()
    forget_keyring(nnp.place, before + 1)
    monkeypatch.setattr(far.line, "remind", lambda *_: Answer(405, b""))
    far.pull()
    assert (far.version("keyring"), far.trouble("keyring"), nnp.place.matters()) == (before, "", [])


# Refused.


def test_pages_that_are_old_foreign_unsigned_or_misshapen_are_refused_by_name_and_the_last_good_stays(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    nnp.publish("payments", payment(), payment("UA26X1Y2ZR"))
    far.pull()
    row: list[object] = [payment("UA26X1Y2ZS")]
    bad: dict[str, tuple[bytes, str]] = {
        "older": (page("payments", 1, 2, row), "OldPage"),
        "one left out": (page("payments", 3, 4, row), "OldPage"),
        "another feed": (page("revocations", 2, 2, []), "OldPage"),
        "other park": (page("payments", 2, 3, row, to="TSE"), "NotSaid"),
        "other key": (page("payments", 2, 3, row, TillKey.generate()), "NotSaid"),
        "unsigned": (said.parsed(page("payments", 2, 3, row)).raw, "BadBody"),
        "other kind": (page("payments", 2, 3, row, kind="ack"), "NotSaid"),
        "empty": (page("payments", 2, 3, []), "BadBody"),
        "without end": (page("payments", 2, 2, [], more=True), "BadBody"),
        "more than it says": (page("payments", 2, 3, row * 2), "BadBody"),
        "no rows": (page("payments", 2, 3, [7]), "BadBody"),
        "negative": (page("payments", 2, 3, [{**payment(), "amount": "-5.00"}]), "BadBody"),
        "a field more": (page("payments", 2, 3, [{**payment(), "name": "x"}]), "BadBody"),
        "too many rows": (page("payments", 2, 1_003, row * 1_001), "BadBody"),
        "not JSON": (b"<html>", "BadBody"),
    }
    found = {}
    for what, (data, _) in bad.items():
        far.line.faults["payments"] = lambda answer, data=data: Answer(200, data)  # type: ignore[misc]
        far.pull()
        found[what] = far.trouble("payments")
        assert len(far.till.feeds.payments("XNM1P000001")) == 2, what
        assert far.version("payments") == 2, what
    assert found == {what: named for what, (_, named) in bad.items()}
    far.line.faults.clear()
    far.pull()
    assert far.trouble("payments") == ""


def test_a_page_without_end_is_not_read_and_stops_no_other_feed(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two

    async def bomb(scope: Scope, receive: Receive, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-encoding", b"gzip")]}
        await send(start)
        await send({"type": "http.response.body", "body": gzip.compress(b" " * 2_000_000)})

    nnp.publish("payments", payment())
    with served(bomb) as url:
        bombs = Client(Address(url, CENTRAL_KEY.public, far.sender.token, is_demo=True))
        far.line.faults["revocations"] = lambda _: bombs.feed("revocations", 0)
        far.pull()
        bombs.stop()
    assert far.trouble("revocations") == "AnswerTooLarge"
    assert len(far.till.feeds.payments("XNM1P000001")) == 1


def test_entries_that_a_till_did_not_write_stop_no_other_till(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    beside = nnp.join("XNM2")
    far.pull()
    first = [{"till": "XNM1", "raw": raw.decode(), "sig": sig.hex()} for raw, sig in beside.sender.kept]
    rows: list[object] = [*first, *({**row, "till": "XNM2"} for row in first)]
    after = far.version("passes")
    far.line.faults["passes"] = lambda _: Answer(200, page("passes", after, after + len(rows), rows))
    far.pull()
    assert far.trouble("passes") == "BundleAltered"
    heard = "SELECT DISTINCT till FROM heard"
    assert far.till.desk.ledger.conn.execute(heard).fetchall() == [("XNM2",)]


def test_a_central_that_cannot_be_reached_is_let_be(two: tuple[Joined, Joined]) -> None:
    _, far = two
    far.pull()
    far.line.faults["keyring"] = lambda _: Answer(503, b"", asked_ms=120_000)
    far.gate.clock.pass_by(300_000)
    assert far.puller.round() == 120_000
    asked = len(far.line.asked)
    far.puller.round()
    assert len(far.line.asked) == asked
    far.line.faults.clear()
    far.gate.clock.pass_by(120_000)
    assert far.puller.round() == EVERY_MS


def test_the_age_of_each_feed_is_told(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    nnp.publish("payments", payment())
    far.pull()
    far.gate.clock.pass_by(3_600_000)
    ages = {one.feed: one.age for one in far.puller.health()}
    assert ages["payments"] is not None
    assert ages["payments"].ms >= 3_600_000


def test_an_old_page_that_is_sent_again_turns_no_feed_back(two: tuple[Joined, Joined], nnp: Park) -> None:
    _, far = two
    far.pull()
    kept: list[Answer] = []
    far.line.faults["payments"] = lambda answer: kept.append(answer) or answer  # type: ignore[func-returns-value]
    far.gate.clock.pass_by(60_000)
    far.pull()
    nnp.publish("payments", payment())
    nnp.place.clock.pass_by(60_000)
    far.line.faults["payments"] = lambda answer: answer
    far.gate.clock.pass_by(60_000)
    far.pull()
    assert far.version("payments") == 1
    far.line.faults["payments"] = lambda _: kept[0]
    far.gate.clock.pass_by(60_000)
    far.pull()
    assert (far.version("payments"), far.trouble("payments")) == (1, "OldPage")
    far.restart()
    far.line.faults["payments"] = lambda _: kept[0]
    far.pull()
    assert (far.version("payments"), far.trouble("payments")) == (1, "OldPage")


def test_what_is_pulled_counts_as_heard(two: tuple[Joined, Joined]) -> None:
    _, far = two
    assert far.puller.heard is None
    far.pull()
    far.gate.clock.pass_by(60_000)
    assert far.puller.heard is not None
    assert far.puller.heard.ms == 60_000
    far.pull()
    assert far.puller.heard.ms == 0


# Set by central.


def test_a_rate_of_central_is_this_tills_own_entry_once_it_differs(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    same: Fields = {"rate": "2026-01", "rate_e4": 1_295_000}
    nnp.publish("rates", same, {"rate": "2026-02", "rate_e4": 1_301_000})
    far.pull()
    last = far.till.desk.ledger.of_kind("rate.switched")[-1]
    assert last.data == {"rate": "2026-02", "rate_e4": 1_301_000, "was": "2026-01", "feed_version": 2}
    assert last.by is None
    head = far.till.desk.ledger.head[0]
    far.restart(without_file=True)
    far.pull()
    assert [e.seq for e in far.till.desk.ledger.of_kind("rate.switched")][-1] <= head


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ({"rate": "2026-02", "rate_e4": 129_500_000 // 10 * 2}, "RateTooFar"),
        ({"rate": "2026-02", "rate_e4": 12_950}, "RateTooFar"),
        ({"rate": "2025-12", "rate_e4": 1_301_000}, "RateBefore"),
    ],
)
def test_a_rate_too_far_or_from_before_is_refused_by_name(
    two: tuple[Joined, Joined], nnp: Park, row: Fields, named: str
) -> None:
    _, far = two
    nnp.publish("rates", row)
    far.pull()
    assert far.trouble("rates") == named
    assert far.till.desk.ledger.state.rate_e4 == 1_295_000


def test_a_policy_of_central_holds_here_and_where_the_till_stands_is_not_its_to_say(
    two: tuple[Joined, Joined], nnp: Park
) -> None:
    _, far = two
    nnp.publish("policy", {"key": "gate", "value": "MAIN"}, {"key": "personal_days", "value": "0"})
    nnp.publish("policy", {"key": "allow_cash", "value": "yes"})
    far.pull()
    assert far.trouble("policy") in ("UnknownPolicy", "BadPolicyValue")
    assert far.till.desk.policy.allows("cash")
    assert far.till.desk.ledger.context.gate == "EAST"
    last = far.till.desk.ledger.of_kind("config.changed")[-1]
    assert (last.data["key"], last.data["feed_version"]) == ("allow_cash", 3)


def test_a_running_kiosk_takes_what_central_says_without_being_asked(nnp: Park) -> None:
    one = nnp.join("XNM1")
    one.till.desk.ledger.close()
    station = app.open_station(one.gate.folder, one.gate.world())
    heard = threading.Event()

    def recorded(entry: Entry) -> None:
        if entry.kind == "config.changed":
            heard.set()

    station.thread.ask(lambda: station.till.desk.ledger.subscribe(recorded)).result()
    online = cast(Background, station.online)
    nnp.publish("policy", {"key": "allow_cash", "value": "yes"})
    online.try_now()
    assert heard.wait(20)
    until(lambda: [feed.feed for feed in online.health().feeds] == list(wire.ROWS))
    station.close()
    one.till = app.open_till(one.gate.folder, one.gate.world())
    assert one.till.desk.policy.allows("cash")


def digest_of(code: str) -> str:
    """By which a paper is known."""
    return gatepass.digest(code.removeprefix("GP:"))

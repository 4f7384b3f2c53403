"""The books of central are those of its tills, byte for byte, in whatever order the entries came."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from gatepos import app
from gatepos.central.store import engine, following
from gatepos.central.store.migrations import DatabaseNewer
from gatepos.domain import tables
from gatepos.domain.keyring import KeyRow
from gatepos.domain.staff import NeedsSecond
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from gatepos.wire.bundle import Pair
from tests import park
from tests.central.place import Place, Sender, journal_of
from tests.gate import EA_CITIZEN
from tests.till.test_corrections import SECOND, sold
from tests.till.test_hearing import paid_at, van
from tests.till.test_passes import outage, sold_together, token, van_in


@dataclass(frozen=True)
class Written:
    """What a till wrote in a morning, and its books when all was heard."""

    row: KeyRow
    key: TillKey
    kept: list[Pair]
    books: bytes


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> list[Written]:
    """Three tills: refunds and passes at one, paid in part or full at the others, all heard everywhere."""
    gates = park.gates(tmp_path_factory.mktemp("morning"))
    tills = park.built(gates)
    entry, beside, far = tills
    refunded(entry)
    outage(entry)
    code = token(entry, van_in(entry).number)
    other = token(entry, van(entry))
    of_group = sold_together(entry, "KDC 1A", "KDC 2A")
    entry.passes.reissue(of_group[0], "paper is wet", SECOND)
    for till in (beside, far):
        till.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ", "30,000")
    park.tell_all(tills)
    paid_at(far, code, "UA26X1Y2ZR")
    paid_at(far, other, "UA26X1Y2ZS")
    park.tell_all(tills)
    keys = [TillKey.load(gate.folder / app.KEY) for gate in gates.values()]
    made = [
        Written(till.desk.own, key, journal_of(till), park.books_of(till))
        for till, key in zip(tills, keys, strict=True)
    ]
    for till in tills:
        till.desk.ledger.close()
    return made


def refunded(till: Till) -> None:
    """A receipt refunded whole, in two parts, and money held that paid for another."""
    receipt = sold(till, 3)
    for n in (1, 2):
        number = till.refunds.request(receipt, {EA_CITIZEN: n}, "never came").entry.number
        till.refunds.approve(str(number), SECOND)
        till.refunds.pay(str(number), "mpesa", f"UA36X1Y2Z{n}")
    till.corrections.void(sold(till), "turned back", SECOND)
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    with pytest.raises(NeedsSecond):
        till.payments.mpesa("UA26X1Y2Z1")
    till.payments.record(SECOND)


def senders(place: Place, morning: list[Written]) -> list[Sender]:
    """The tills of the morning, each with its whole journal to send."""
    return [
        Sender(place, till.row, till.key, place.joined(till.row, till.key), till.kept) for till in morning
    ]


def test_central_has_the_books_of_its_tills(place: Place, morning: list[Written]) -> None:
    for sender in senders(place, morning):
        assert sender.drain() == []
    assert {till.books for till in morning} == {place.books()}
    assert place.behind() == 0


@pytest.mark.parametrize("seed", range(5))
def test_in_whatever_order_and_however_often_entries_come_the_books_are_the_same(
    place: Place, morning: list[Written], seed: int
) -> None:
    chance = random.Random(seed)
    tills = senders(place, morning)
    while left := [till for till in tills if till.acked < len(till.kept)]:
        till = chance.choice(left)
        start = chance.randint(0, till.acked)
        answer = till.send(start, start + chance.randint(1, 7))
        till.acked, acked_hash, flagged = place.ack(till.till, answer)
        assert (acked_hash, flagged) == (till.hash_at(till.acked).hex(), [])
    assert {till.books for till in morning} == {place.books()}


def test_books_that_could_not_follow_do_so_at_the_next_start(place: Place, morning: list[Written]) -> None:
    first, *_ = tills = senders(place, morning)
    place.central.receive(first.row, first.stretch(0))
    assert place.behind() == len(first.kept)
    for till in tills[1:]:
        till.drain()
    with place.http:
        assert place.behind() == 0
    assert place.books() == morning[0].books


def test_books_of_an_older_version_are_made_anew(place: Place, morning: list[Written]) -> None:
    for sender in senders(place, morning):
        sender.drain()
    told = place.count("feed_row")
    with place.store.writing() as tx:
        tx.write("UPDATE form SET version = version - 1 WHERE name = 'books'")
        tx.write("DELETE FROM posting")
    again = engine.opened(place.store.url)
    following.catch_up_all(again, place.central.now())
    again.close()
    assert place.books() == morning[0].books
    assert place.count("feed_row") == told


def test_a_database_of_a_newer_program_is_left_alone(place: Place) -> None:
    with place.store.writing() as tx:
        tx.write("UPDATE form SET version = :newer WHERE name = 'books'", newer=tables.VERSION + 1)
    with pytest.raises(DatabaseNewer):
        engine.opened(place.store.url)
    with place.store.writing() as tx:  # others use it after us
        tx.write("UPDATE form SET version = :present WHERE name = 'books'", present=tables.VERSION)


def test_every_till_hears_what_the_others_wrote_in_the_order_it_came(
    place: Place, morning: list[Written]
) -> None:
    tills = senders(place, morning)
    for after in range(0, 60, 20):
        for till in tills:
            till.send(min(after, len(till.kept)), after + 20)
    for till in tills:
        till.drain()
    rows = list(page_rows(place, tills[0].token))
    assert len(rows) == sum(len(till.kept) for till in tills)
    for till in tills:
        heard = [str(row["raw"]).encode() for row in rows if row["till"] == till.till]
        assert heard == [raw for raw, _ in till.kept]


def page_rows(place: Place, token: str, feed: str = "passes") -> Iterator[dict[str, object]]:
    """All rows of a feed, page by page."""
    after = 0
    for _ in itertools.count():
        page = place.feed(token, feed, after)
        assert page["from"] == after
        assert isinstance(page["body"], list)
        assert isinstance(page["version"], int)
        yield from page["body"]
        after = page["version"]
        if not page["more"]:
            return


def test_a_page_of_a_feed_holds_a_mebibyte_at_most(till: Sender) -> None:
    text = '"\\' * 100
    for n in range(40):
        till.write(kind="config.changed", data={str(i): text for i in range(60)}, id=str(n))
    till.drain()
    rows = list(page_rows(till.place, till.token))
    assert [str(row["raw"]).encode() for row in rows] == [raw for raw, _ in till.kept]

"""Entries of another till in a ledger: whatever an authentic one says, and whatever the disk does."""

import sqlite3
from collections.abc import Mapping

import pytest

from gatepos.domain import canonical
from gatepos.domain import entry as entries
from gatepos.domain.keyring import KeyRow
from gatepos.ledger import heard, verification
from gatepos.ledger.heard import BundleAltered
from gatepos.ledger.ledger import Ledger
from gatepos.ledger.tape import Kept
from gatepos.ledger.troubles import DiskFault, DiskFull
from gatepos.seal import entries as entry_seal
from gatepos.seal.keys import TillKey
from gatepos.wire import bundle as bundles
from tests.ledger.desk import Desk, Fault

OTHER = TillKey(bytes(range(32)))
ROW = KeyRow("XNE1", OTHER.public, "NNP", "EAST", "1")
OWN_PASS, OTHERS_PASS = "XNE1P0000016", "XNM2P000001N"
WAIVED = {"amount_minor": 100, "ground": "Order 7"}


def written(ledger: Ledger, *changes: Mapping[str, object]) -> list[Kept]:
    """A chain of authentic entries of the other till, each like this ledger's last but for its changes."""
    made: list[Kept] = []
    prev = entries.genesis(ROW.till, ROW.public)
    like = {**ledger.entry(ledger.head[0]).fields, "till": ROW.till, "gate": ROW.gate}
    for seq, change in enumerate(changes, 1):
        raw = canonical.dump(
            {
                **like,
                "till": ROW.till,
                "gate": "EAST",
                "seq": seq,
                "prev": prev.hex(),
                "id": str(seq),
                **change,
            }
        )
        prev = entries.hash_of(raw)
        made.append((seq, raw, entry_seal.sign(OTHER, prev)))
    return made


def waiver(number: str, minor: int = 100, currency: str = "KES") -> dict[str, object]:
    postings = [["expense:waiver", currency, minor], ["asset:receivable:" + number, currency, -minor]]
    data = {"pass": number, **WAIVED, "amount_minor": minor}
    return {"kind": "pass.waived", "data": data, "postings": postings}


def take(ledger: Ledger, kept: list[Kept]) -> None:
    """Hear what a bundle says."""
    data, _ = bundles.pack(
        ROW, 0, entries.genesis(ROW.till, ROW.public), [(raw, sig) for _, raw, sig in kept]
    )
    for batch in heard.batches(ledger.news(bundles.read(data), ROW)):
        ledger.hear(ROW, batch)


def count(ledger: Ledger, table: str) -> int:
    return int(ledger.conn.execute(f"SELECT count(*) FROM {table} WHERE till = 'XNE1'").fetchone()[0])


@pytest.fixture
def ledger(desk: Desk) -> Ledger:
    """A ledger with an entry of its own."""
    return desk.create(1)


def test_what_a_till_waives_of_its_own_counts(ledger: Ledger) -> None:
    take(ledger, written(ledger, waiver(OWN_PASS)))
    assert (count(ledger, "heard"), count(ledger, "waiver")) == (1, 1)
    assert ledger.receivables.owed(OWN_PASS) == -100


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "pass.teleported", "data": {"pass": OWN_PASS}},
        {"data": {"key": "lane", "value": "2", "was": None, "new_field": True}},
        waiver(OTHERS_PASS),
        {
            **waiver(OWN_PASS),
            "postings": [["asset:cash:XNM2Z000001L", "KES", 5], ["expense:waiver", "KES", -5]],
        },
        {**waiver(OWN_PASS), "postings": [["expense:waiver", "KES", 100]]},
        {**waiver(OWN_PASS), "shift": "XNM2Z000001L"},
        waiver(OWN_PASS, -100),
        {"v": 2},
        {"at": "soon"},
        {"more": 1},
        waiver(OWN_PASS, 10**12),
        waiver(OWN_PASS, 2**53 - 1),
        waiver(OWN_PASS, currency="XYZ"),
    ],
    ids=[
        "unknown kind",
        "unknown field",
        "another's pass",
        "another's drawer",
        "out of balance",
        "its shift",
        "less than nothing",
        "newer form",
        "no moment",
        "a field more",
        "too much",
        "beyond all bounds",
        "no money",
    ],
)
def test_an_authentic_entry_that_is_not_for_the_books_is_kept_and_adds_nothing(
    ledger: Ledger, change: Mapping[str, object]
) -> None:
    take(ledger, written(ledger, change, waiver(OWN_PASS)))
    assert (count(ledger, "heard"), count(ledger, "posting"), count(ledger, "waiver")) == (2, 2, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 1},
        {"seq": 7},
        {"prev": "00" * 32},
        {"till": "XNM2"},
    ],
    ids=["seq again", "seq jumps", "another chain", "another till"],
)
def test_an_entry_that_breaks_the_chain_is_refused_with_its_bundle(
    ledger: Ledger, change: Mapping[str, object]
) -> None:
    with pytest.raises(BundleAltered, match="Entry 2"):
        take(ledger, written(ledger, waiver(OWN_PASS), {**waiver(OWN_PASS), **change}))
    assert (count(ledger, "heard"), ledger.receivables.owed(OWN_PASS)) == (0, 0)


def test_one_commit_that_fails_leaves_nothing_and_the_next_try_all(desk: Desk, ledger: Ledger) -> None:
    kept = written(ledger, *[waiver(OWN_PASS)] * 3)
    for fault, named in (
        (Fault("INSERT INTO heard", sqlite3.SQLITE_FULL), DiskFull),
        (Fault("COMMIT", sqlite3.SQLITE_IOERR), DiskFault),
        (Fault("INSERT INTO waiver", sqlite3.SQLITE_FULL), DiskFull),
    ):
        desk.disk.faults = [fault]
        with pytest.raises(named):
            take(ledger, kept)
        assert (count(ledger, "heard"), count(ledger, "posting")) == (0, 0)
        assert ledger.receivables.owed(OWN_PASS) == 0
    take(ledger, kept)
    assert ledger.receivables.owed(OWN_PASS) == -300
    assert desk.write(ledger).copies == 2


def test_a_commit_that_was_done_all_the_same_is_not_done_twice(desk: Desk, ledger: Ledger) -> None:
    kept = written(ledger, waiver(OWN_PASS))
    desk.disk.faults = [Fault("COMMIT", sqlite3.SQLITE_IOERR, is_done=True)]
    with pytest.raises(DiskFault):
        take(ledger, kept)
    take(ledger, kept)
    assert (count(ledger, "heard"), ledger.receivables.owed(OWN_PASS)) == (1, -100)


def test_a_till_that_was_heard_without_a_key_is_a_finding(ledger: Ledger) -> None:
    take(ledger, written(ledger, waiver(OWN_PASS)))
    found = [str(finding) for finding in verification.verify(ledger.conn, []).findings]
    assert found == ["XNE1 was heard and is not in the keyring"]

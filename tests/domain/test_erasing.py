"""An entry that was erased says what it said, but for who it was; chain and paper are known as before."""

import re

import pytest

from gatepos.domain import booked, canonical, erasing, gatepass
from gatepos.domain import entry as entries
from gatepos.domain.kinds import KINDS
from gatepos.seal import entries as entry_seal
from gatepos.till.till import Till
from tests.central.place import journal_of
from tests.gate import Gate, selling
from tests.reports import day

GONE = {
    "plate": "",
    "story": "",
    "reason": "",
    "note": "",
    "operator": None,
    "institution": None,
    "slip": None,
}
SIG = bytes(64)
PLATES = re.compile(rb"KD[A-Z][0-9]{3}[A-Z]")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Till:
    """A till with a long day behind it."""
    till = selling(Gate(tmp_path_factory.mktemp("lived") / "park").built(), float_kes="2000")
    day.played(till)
    day.closed(till)
    return till


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_its_form(kind: str) -> None:
    for name, field in KINDS[kind].items():
        if name in GONE and (kind, name) != ("bill.abandoned", "reason"):
            assert field.holds(GONE[name]), f"{kind}.{name} cannot be erased"


def test_no_plate_of_a_day_is_left_and_each_entry_is_in_the_books_as_before(lived: Till) -> None:
    kept = journal_of(lived)
    assert any(PLATES.search(raw) for raw, _ in kept)
    for raw, sig in kept:
        left, seal = erasing.erased(raw, sig)
        assert not PLATES.search(left)
        was, now = booked.heard(raw, sig), booked.heard(left, seal)
        # A vehicle is remembered by its plate, and goes with it.
        assert now == [(table, tuple(map(blank, row))) for table, row in was if table != "vehicle"]


def blank(value: object) -> object:
    return "" if isinstance(value, str) and PLATES.fullmatch(value.encode()) else value


def test_the_chain_and_every_signature_hold_over_what_is_left(lived: Till) -> None:
    prev = entries.genesis(lived.desk.own.till, lived.desk.own.public)
    for n, (raw, sig) in enumerate(journal_of(lived)):
        kept = erasing.erased(raw, sig) if n % 3 else (raw, sig)
        assert (entries.seq_of(kept[0]), entries.prev_of(kept[0])) == (n + 1, prev)
        prev = entries.signed_hash(*kept)
        assert entries.known(*kept).hash == prev == entries.hash_of(raw)
        assert entry_seal.holds(lived.desk.own.public, prev, kept[1][: entries.SIGNATURE])
        assert erasing.erased(*kept) == erasing.erased(raw, sig), "once, for ever"


def test_a_paper_is_known_by_its_digest_when_its_token_is_gone(lived: Till) -> None:
    pairs = [(raw, sig) for raw, sig in journal_of(lived) if b'"token":"' in raw]
    assert pairs
    for raw, sig in pairs:
        entry, left = entries.known(raw, sig), entries.read(*erasing.erased(raw, sig))
        assert left.is_erased
        assert erasing.paper_digest(left) == gatepass.digest(str(entry.data["token"]))
        assert str(entry.data["token"]).encode() not in left.raw


def test_a_short_token_of_a_till_is_no_digest(lived: Till) -> None:
    raw, sig = next((raw, sig) for raw, sig in journal_of(lived) if b'"token":"' in raw)
    fields = dict(entries.known(raw, sig).fields)
    made = canonical.dump({**fields, "data": {**entries.known(raw, sig).data, "token": "A" * 52}})
    assert erasing.paper_digest(entries.known(made, SIG)) == gatepass.digest("A" * 52)


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"not JSON", b'{"data":{"plate":"KDA412M"}}', b'"KDA412M"', b"{\"plate\":\"KDA412M\"",
        b'{"data":{"token":"not base32","x":[{"y":{"plate":"KDA412M"}}]},"day":"2026-01-02","v":1}',
    ],
)  # fmt: skip
def test_what_nobody_can_read_is_erased_too(raw: bytes) -> None:
    left, seal = erasing.erased(raw, SIG)
    assert b"KDA412M" not in left
    assert (entries.signed_hash(left, seal), entries.day_of(left)) == (
        entries.hash_of(raw), entries.day_of(raw),
    )  # fmt: skip
    assert booked.heard(left, seal) == []


def test_the_day_of_an_entry_is_its_own_and_not_one_of_its_fields(lived: Till) -> None:
    for raw, sig in journal_of(lived):
        at = entries.known(raw, sig).day
        assert entries.day_of(raw) == at
        assert (erasing.is_due(raw, at), erasing.is_due(raw, "2027-01-01"), erasing.is_due(raw, "")) == (
            False, True, False,
        )  # fmt: skip

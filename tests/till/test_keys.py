"""The keyring: certificates are carried from till to till, and a manager with a second person adds them."""

from dataclasses import replace
from pathlib import Path

import pytest

from gatepos.domain import keyring
from gatepos.domain.keyring import BadCertificate, ForeignKey, KeyRow
from gatepos.domain.parks import UnknownGate
from gatepos.domain.staff import NeedsSecond, NotAllowed
from gatepos.seal.keys import TillKey, WeakKey
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.keys import KeyGiven, NoSuchKey
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, Gate

BOSS, BOSS_PIN = "02", "135790"
SECOND = Second(BOSS, BOSS_PIN)
EAST = KeyRow("XNE1", TillKey(bytes(32)).public, "NNP", "EAST", "1")


@pytest.fixture
def till(gate: Gate) -> Till:
    """A till with its manager at the window, and a supervisor to agree."""
    till = gate.built()
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    till.sign_in.choose_pin(BOSS, till.set_up.employ(BOSS, ["supervisor"]).start_code, BOSS_PIN)
    till.sign_in.sign_in(MANAGER, MANAGER_PIN)
    return till


def test_a_certificate_says_what_the_keyring_of_another_till_holds(till: Till) -> None:
    row = keyring.read(till.keys.certificate() + b"\n")
    assert row == KeyRow("XNM2", till.desk.ledger.public_key, "NNP", "MAIN", "2")


def test_a_till_is_known_once_two_people_added_it_and_after_a_restart(gate: Gate, till: Till) -> None:
    with pytest.raises(NeedsSecond):
        till.keys.trust(EAST)
    with pytest.raises(SamePerson):
        till.keys.trust(EAST, Second(MANAGER, MANAGER_PIN))
    entry = till.keys.trust(EAST, SECOND).entry
    assert entry.fields["also"] == {"staff": BOSS, "how": "pin"}
    again = gate.reopened(till)
    assert [row.till for row in again.keys.rows()] == ["XNM2", "XNE1"]
    assert again.keys.rows()[1] == EAST
    again.desk.ledger.close()


def test_only_a_manager_changes_the_keyring(till: Till) -> None:
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    with pytest.raises(NotAllowed):
        till.keys.trust(EAST, SECOND)
    with pytest.raises(NotAllowed):
        till.keys.revoke("XNE1", SECOND)


def test_a_code_and_a_key_are_given_once_for_ever(till: Till) -> None:
    till.keys.trust(EAST, SECOND)
    till.keys.revoke("XNE1", SECOND)
    for row in (
        EAST,
        replace(EAST, till="XNE2"),
        replace(EAST, public=TillKey(bytes(range(32))).public),
        till.desk.own,
    ):
        with pytest.raises(KeyGiven):
            till.keys.trust(row, SECOND)


def test_a_real_till_and_one_for_training_do_not_know_each_other(till: Till) -> None:
    with pytest.raises(ForeignKey):
        till.keys.trust(replace(EAST, till="NME1"), SECOND)


@pytest.mark.parametrize("public", ["00" * 32, "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "ff" * 32])
def test_a_key_with_which_anybody_could_sign_is_refused(till: Till, public: str) -> None:
    with pytest.raises(WeakKey):
        till.keys.trust(replace(EAST, public=bytes.fromhex(public)), SECOND)


def test_a_gate_that_the_park_does_not_have_is_refused(till: Till) -> None:
    with pytest.raises(UnknownGate):
        till.keys.trust(replace(EAST, gate="MOON"), SECOND)


def test_a_revoked_key_stays_in_the_keyring_as_revoked(till: Till) -> None:
    till.keys.trust(EAST, SECOND)
    till.keys.revoke("XNE1", SECOND)
    assert till.keys.rows()[1].is_revoked
    for code in ("XNE1", "XNM2", "XNE9"):
        with pytest.raises(NoSuchKey):
            till.keys.revoke(code, SECOND)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b'{"till":"XNE1"}',
        b'{"gate":"EAST", "lane":"1","park":"NNP","public_key":"' + b"0" * 64 + b'","till":"XNE1"}',
        b'{"gate":"EAST","lane":"1","park":"NNP","public_key":"0","till":"XNE1"}',
    ],
)
def test_what_is_no_certificate_is_named(line: bytes) -> None:
    with pytest.raises(BadCertificate):
        keyring.read(line)


def test_a_certificate_read_back_is_the_row_that_was_written(tmp_path: Path) -> None:
    assert keyring.certified(EAST.certificate()) == EAST

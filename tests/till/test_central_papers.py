"""What central signs lets out at any gate of the park, and nobody else may sign it."""

from dataclasses import replace

import pytest

from gatepos.domain import gatepass, keyring, numbers
from gatepos.domain.gatepass import Payload
from gatepos.seal import checking, token
from gatepos.seal.checking import DoesNotVerify, UnknownTill
from gatepos.seal.keys import TillKey, kid_of
from gatepos.till.keys import NoSuchKey
from gatepos.till.till import Till
from tests.gate import MANAGER, MANAGER_PIN, Gate
from tests.till.test_passes import SECOND, at_exit, outage, van_in
from tests.till.test_passes import token as text_of

CENTRAL = TillKey(b"\x51" * 32)


def seen(sell: Till, number: str) -> Payload:
    """What central says of a pass once it has seen its payment."""
    issued = checking.read(text_of(sell, number), sell.desk.keyring).payload
    return replace(issued, kind=gatepass.SEEN, due=0)


@pytest.fixture
def joined(sell: Till) -> Till:
    """A till that knows its central, with an outage open."""
    sell.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    outage(sell)
    return sell


def test_a_payment_that_central_saw_lets_out(joined: Till) -> None:
    number = van_in(joined).number.replace("-", "")
    joined.gate.scan(text_of(joined, number))
    at_exit(joined)
    view = joined.gate.scan("GP:" + token.make(seen(joined, number), CENTRAL))
    assert (view.word, view.owed_minor, view.issuer) == ("let_out", 0, "central")
    entry = joined.desk.ledger.of_kind("pass.scanned")[-1]
    assert (entry.data["issuer"], entry.data["paper"], entry.data["subject"]) == ("central", 3, number)


def test_a_till_that_did_not_join_does_not_believe_it(sell: Till) -> None:
    outage(sell)
    payload = seen(sell, van_in(sell).number.replace("-", ""))
    with pytest.raises(UnknownTill):
        checking.read("GP:" + token.make(payload, CENTRAL), sell.desk.keyring)


def test_no_till_signs_what_is_centrals_and_central_nothing_else(joined: Till, sell: Till) -> None:
    payload = seen(joined, van_in(joined).number.replace("-", ""))
    till_key = TillKey(b"\x07" * 32)
    row = replace(sell.desk.own, public=till_key.public)
    ring = {**joined.desk.keyring, kid_of(row.public): row}
    for forged, key in ((payload, till_key), *((replace(payload, kind=kind), CENTRAL) for kind in range(3))):
        with pytest.raises(DoesNotVerify):
            checking.read("GP:" + token.make(forged, key), ring)


def test_a_till_that_joined_knows_its_central_from_the_start_and_lists_tills_alone(
    gate: Gate, sell: Till
) -> None:
    outage(sell)
    number = van_in(sell).number.replace("-", "")
    payload = seen(sell, number)
    (gate.folder / "central.toml").write_text(f'url = "https://central"\nkey = "{CENTRAL.public.hex()}"\n')
    opened = gate.reopened(sell)
    opened.sign_in.sign_in(MANAGER, MANAGER_PIN)
    view = at_exit(opened).gate.scan("GP:" + token.make(payload, CENTRAL))
    assert view.word == "let_out"
    assert [row.till for row in opened.keys.rows()] == ["XNM2"]
    with pytest.raises(NoSuchKey):
        opened.keys.revoke("central", SECOND)
    opened.desk.ledger.close()


def test_when_the_till_that_issued_is_revoked_only_a_pass_that_was_heard_lets_out(joined: Till) -> None:
    number = van_in(joined).number.replace("-", "")
    at_exit(joined)
    row = replace(joined.desk.own, till="XNM7", public=TillKey(b"\x07" * 32).public, is_revoked=True)
    joined.desk.keyring[kid_of(row.public)] = row
    unheard = replace(seen(joined, number), number=numbers.make("XNM7", "P", 9))
    assert joined.gate.scan("GP:" + token.make(unheard, CENTRAL)).word == "does_not_verify"
    assert joined.gate.scan("GP:" + token.make(seen(joined, number), CENTRAL)).word == "let_out"


@pytest.mark.parametrize("is_known", [True, False])
def test_no_till_of_another_park_says_that_a_pass_is_paid(joined: Till, is_known: bool) -> None:
    number = van_in(joined).number.replace("-", "")
    key = TillKey(b"\x07" * 32)
    other = replace(joined.desk.own, till="XAM1", park="AMB", public=key.public)
    paid = replace(seen(joined, number), kind=gatepass.PAID, parks=("AMB", "NNP"))
    ring = {kid_of(key.public): other, **(joined.desk.keyring if is_known else {})}
    with pytest.raises(DoesNotVerify):
        checking.read("GP:" + token.make(paid, key), ring)

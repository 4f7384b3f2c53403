"""Words of central in `tests/vectors`: this program says them in those bytes, a second reader reads them."""

import json
from pathlib import Path
from typing import Any

import pytest

from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.wire import forms
from tests.ledger import reader

FOLDER = Path(__file__).parents[1] / "vectors"
KINDS = ("ack", "feed")


@pytest.fixture(params=KINDS)
def vector(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A key, the fields, and the bytes and signature that they become."""
    found: dict[str, Any] = json.loads((FOLDER / f"{request.param}.json").read_text("utf-8"))
    return found


def body_of(vector: dict[str, Any]) -> bytes:
    return forms.dump({"raw": vector["raw"], "sig": vector["sig"]})


def test_this_program_says_it_in_these_very_bytes(vector: dict[str, Any]) -> None:
    key = TillKey(bytes.fromhex(vector["private_key"]))
    assert key.public.hex() == vector["public_key"]
    assert said.say(key, vector["fields"]).body() == body_of(vector)


def test_both_readers_read_the_same_of_it(vector: dict[str, Any]) -> None:
    fields, public = vector["fields"], vector["public_key"]
    ours = said.read(bytes.fromhex(public), fields["kind"], fields["for"], body_of(vector))
    assert ours == fields
    assert reader.said(public, fields["kind"], body_of(vector)) == fields


def test_every_character_changed_is_refused_by_both(vector: dict[str, Any]) -> None:
    fields, public, raw = vector["fields"], vector["public_key"], vector["raw"]
    for at in range(len(raw)):
        changed = raw[:at] + ("0" if raw[at] != "0" else "1") + raw[at + 1 :]
        body = forms.dump({"raw": changed, "sig": vector["sig"]})
        assert not said.holds(bytes.fromhex(public), fields["kind"], said.parsed(body))
        assert reader.said(public, fields["kind"], body) is None


@pytest.mark.parametrize("kind", ["proof", "error", "certificate", *KINDS])
def test_it_was_said_as_its_own_kind_alone(vector: dict[str, Any], kind: str) -> None:
    found = reader.said(vector["public_key"], kind, body_of(vector))
    assert (found is not None) == (kind == vector["fields"]["kind"])

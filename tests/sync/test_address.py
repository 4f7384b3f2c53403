"""Where central is: a file that people may write, and a certificate that only the till may read."""

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gatepos.domain.keyring import KeyRow
from gatepos.ledger.ledger import Ledger
from gatepos.seal.keys import TillKey
from gatepos.sync import address
from gatepos.sync.address import CERTIFICATE, FILE, Address, BadAddress
from tests.ledger.desk import TILL, Desk
from tests.sync.central import TOKEN, Central

_KEY = f'key = "{TillKey(bytes([17] * 32)).public.hex()}"'


@pytest.fixture
def ledger(desk: Desk) -> Iterator[Ledger]:
    """The ledger of a till."""
    made = desk.create()
    yield made
    made.close()


def _certificate(ledger: Ledger, till: str = TILL, public: bytes = b"", token: str = TOKEN) -> bytes:
    row = KeyRow(till, public or ledger.public_key, "NNP", "MAIN", "2")
    return Central(TILL, ledger.public_key).certificate(row, token)


def _kept(ledger: Ledger) -> Address:
    central = Central(TILL, ledger.public_key)
    made = Address("https://central.example/gate", central.key.public, TOKEN, _certificate(ledger))
    address.save(ledger.folder, made)
    return made


@pytest.mark.parametrize("is_demo", [False, True])
def test_what_is_kept_is_read_again(ledger: Ledger, is_demo: bool) -> None:
    assert address.load(ledger.folder, ledger) is None
    made = replace(_kept(ledger), is_demo=is_demo)
    address.save(ledger.folder, made)
    assert address.load(ledger.folder, ledger) == made


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_token_is_its_owners_alone(ledger: Ledger) -> None:
    _kept(ledger)
    assert (ledger.folder / CERTIFICATE).stat().st_mode & 0o077 == 0
    assert TOKEN not in (ledger.folder / FILE).read_text()


@pytest.mark.parametrize(
    "text",
    [
        "url =", "", 'url = "https://a"', 'url = 1\nkey = "00"', 'url = "https://a"\nkey = "zz"',
        f'url = "https://a"\nkey = "{"00" * 32}"', f'url = "https://a"\n{_KEY}\ndemo = "yes"',
        *(f'url = "https://{rest}"\n{_KEY}' for rest in ("u:p@a", "a?b", "a#b", "[", "a:x", "/")),
    ],
)  # fmt: skip
def test_what_does_not_say_where_central_is_is_refused_by_name(ledger: Ledger, text: str) -> None:
    _kept(ledger)
    (ledger.folder / FILE).write_text(text)
    with pytest.raises(BadAddress):
        address.load(ledger.folder, ledger)


def test_a_certificate_of_another_till_key_or_central_is_refused(ledger: Ledger) -> None:
    made = _kept(ledger)
    other = TillKey(b"\x12" * 32)
    for certificate in (
        _certificate(ledger, till="XNM3"), _certificate(ledger, public=other.public),
        _certificate(ledger, token="a\r\nX: y"), b"", b"\xff", made.certificate.replace(b"NNP", b"NNQ"),
    ):  # fmt: skip
        address.save(ledger.folder, replace(made, certificate=certificate))
        with pytest.raises(BadAddress):
            address.load(ledger.folder, ledger)
    address.save(ledger.folder, replace(made, key=other.public))
    with pytest.raises(BadAddress):
        address.load(ledger.folder, ledger)


def test_a_missing_certificate_is_named(ledger: Ledger) -> None:
    _kept(ledger)
    (ledger.folder / CERTIFICATE).unlink()
    with pytest.raises(BadAddress, match=CERTIFICATE):
        address.load(ledger.folder, ledger)

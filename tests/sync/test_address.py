"""Where central is: a file that people may write, and a token that only the till may read."""

import os
from pathlib import Path

import pytest

from gatepos.seal.keys import TillKey
from gatepos.sync import address
from gatepos.sync.address import FILE, Address, BadAddress

CENTRAL = Address("https://central.example/gate", TillKey(b"\x01" * 32).public, "t0ken")
_KEY = f'key = "{CENTRAL.key.hex()}"'


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    assert address.load(tmp_path) is None
    address.save(tmp_path, CENTRAL)
    assert address.load(tmp_path) == CENTRAL


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_token_is_its_owners_alone(tmp_path: Path) -> None:
    address.save(tmp_path, CENTRAL)
    assert (tmp_path / address.TOKEN).stat().st_mode & 0o077 == 0
    assert CENTRAL.token not in (tmp_path / FILE).read_text()


@pytest.mark.parametrize(
    "text",
    [
        "url =", "", 'url = "https://a"', 'url = 1\nkey = "00"', 'url = "https://a"\nkey = "zz"',
        f'url = "https://a"\nkey = "{"00" * 32}"', f'url = "https://a"\n{_KEY}\ndemo = "yes"',
        *(f'url = "https://{rest}"\n{_KEY}' for rest in ("u:p@a", "a?b", "a#b", "[", "a:x", "/")),
    ],
)  # fmt: skip
def test_what_does_not_say_where_central_is_is_refused_by_name(tmp_path: Path, text: str) -> None:
    address.save(tmp_path, CENTRAL)
    (tmp_path / FILE).write_text(text)
    with pytest.raises(BadAddress):
        address.load(tmp_path)


@pytest.mark.parametrize("token", [None, b"", b"two words", b"a\r\nX: y", b"\xff", b"x" * 65])
def test_a_token_that_is_none_is_refused(tmp_path: Path, token: bytes | None) -> None:
    address.save(tmp_path, CENTRAL)
    (tmp_path / address.TOKEN).unlink()
    if token is not None:
        (tmp_path / address.TOKEN).write_bytes(token)
    with pytest.raises(BadAddress) as refused:
        address.load(tmp_path)
    assert "two words" not in str(refused.value)

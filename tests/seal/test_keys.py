"""Keys sign and never show themselves; weak ones are never trusted."""

import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gatepos.seal import entries, keys
from gatepos.seal.keys import KeyDamaged, KeyMissing, KeyUnreadable, TillKey, WeakKey

SEED = bytes(range(32))
KEY = TillKey(SEED)
ORDER = 2**252 + 27742317777372353535851937790883648493
SMALL = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
)  # fmt: skip


def test_the_same_seed_is_the_same_key_in_another_library() -> None:
    other = Ed25519PrivateKey.from_private_bytes(SEED)
    assert other.public_key().public_bytes_raw() == KEY.public
    assert other.sign(b"message") == KEY.sign(b"message")


def test_a_signature_holds_for_its_message_and_key_alone() -> None:
    sig = KEY.sign(b"message")
    assert keys.verify(KEY.public, b"message", sig)
    assert not keys.verify(KEY.public, b"messagf", sig)
    assert not keys.verify(TillKey(bytes(32)).public, b"message", sig)
    assert not keys.verify(KEY.public, b"message", sig[:-1])
    assert not keys.verify(KEY.public[:-1], b"message", sig)
    assert not keys.verify(b"", b"message", b"")


def test_an_entrys_signature_is_no_signature_of_anything_else() -> None:
    hash_ = bytes(32)
    sig = entries.sign(KEY, hash_)
    assert entries.holds(KEY.public, hash_, sig)
    assert not keys.verify(KEY.public, hash_, sig)
    Ed25519PublicKey.from_public_bytes(KEY.public).verify(sig, b"gatepos/entry-sig/1\x00" + hash_)
    with pytest.raises(InvalidSignature):
        Ed25519PublicKey.from_public_bytes(KEY.public).verify(sig, hash_)


def test_a_signature_has_one_form() -> None:
    sig = KEY.sign(b"message")
    s = int.from_bytes(sig[32:], "little")
    assert not keys.verify(KEY.public, b"message", sig[:32] + (s + ORDER).to_bytes(32, "little"))


@pytest.mark.parametrize("weak", SMALL)
def test_a_key_of_small_order_is_not_trusted_and_verifies_nothing(weak: str) -> None:
    public = bytes.fromhex(weak)
    with pytest.raises(WeakKey):
        keys.check_public(public)
    for sig in (public + bytes(32), bytes(32) + public, bytes.fromhex(SMALL[0]) + bytes(32)):
        assert not keys.verify(public, b"message", sig)


@pytest.mark.parametrize("public", [b"", bytes(31), b"\xff" * 32, (2**255 - 19 + 3).to_bytes(32, "little")])
def test_what_is_no_key_is_not_trusted(public: bytes) -> None:
    with pytest.raises(WeakKey):
        keys.check_public(public)


def test_an_ordinary_key_is_trusted() -> None:
    keys.check_public(KEY.public)


def test_a_key_comes_back_from_its_file_which_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "till.key"
    KEY.save(path)
    assert TillKey.load(path).public == KEY.public
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


def test_a_key_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "till.key"
    KEY.save(path)
    with pytest.raises(FileExistsError):
        TillKey.generate().save(path)
    assert TillKey.load(path).public == KEY.public


def test_a_missing_key_is_named_with_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyMissing) as told:
        TillKey.load(tmp_path / "till.key")
    assert str(tmp_path) in str(told.value)


@pytest.mark.parametrize("content", [b"", b"00", b"zz" * 32, b"00" * 33, b"\xff" * 64, b"\x00" * 4_096])
def test_a_damaged_key_is_named_and_not_used(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "till.key"
    path.write_bytes(content)
    with pytest.raises(KeyDamaged):
        TillKey.load(path)


def test_a_folder_in_the_keys_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "till.key").mkdir()
    with pytest.raises(KeyUnreadable, match="cannot be read"):
        TillKey.load(tmp_path / "till.key")


def test_a_key_shows_its_id_and_never_itself() -> None:
    shown = f"{KEY!r} {KEY} {vars(KEY)}"
    assert KEY.kid.hex() in shown
    assert SEED.hex() not in shown


def test_two_generated_keys_differ() -> None:
    assert TillKey.generate().public != TillKey.generate().public

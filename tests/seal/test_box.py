"""A box opens on the device that closed it, for what it was closed about, and nowhere else."""

from pathlib import Path

import pytest

from gatepos.seal.box import PERSONAL, Box
from gatepos.seal.pepper import PepperDamaged
from gatepos.seal.pins import PinBook
from tests.gate import CHEAP

TEXT, ABOUT = "Wanjirũ, 0712 345 678", "1/driver"


def test_a_text_comes_back_after_a_restart(tmp_path: Path) -> None:
    closed = Box.of_device(tmp_path, PERSONAL).close(TEXT, ABOUT)
    assert Box.of_device(tmp_path, PERSONAL).open(closed, ABOUT) == TEXT


def test_the_same_text_is_never_closed_alike(tmp_path: Path) -> None:
    box = Box.of_device(tmp_path, PERSONAL)
    assert box.close(TEXT, ABOUT) != box.close(TEXT, ABOUT)


def test_no_other_device_purpose_or_subject_opens_it(tmp_path: Path) -> None:
    box = Box(b"a" * 32, PERSONAL)
    closed = box.close(TEXT, ABOUT)
    assert Box(b"b" * 32, PERSONAL).open(closed, ABOUT) is None
    assert Box(b"a" * 32, b"something else").open(closed, ABOUT) is None
    assert box.open(closed, "2/driver") is None


def test_every_altered_byte_and_every_cut_is_noticed() -> None:
    box = Box(b"a" * 32, PERSONAL)
    closed = box.close(TEXT, ABOUT)
    for at in range(len(closed)):
        altered = bytearray(closed)
        altered[at] ^= 1
        assert box.open(bytes(altered), ABOUT) is None
        assert box.open(closed[:at], ABOUT) is None


def test_the_secret_and_the_text_are_in_no_word_about_it(tmp_path: Path) -> None:
    box = Box(b"SECRET!!" * 4, PERSONAL)
    assert "SECRET" not in repr(box)
    assert TEXT.encode() not in box.close(TEXT, ABOUT)


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_secret_is_named_and_never_used(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pepper").write_bytes(content)
    with pytest.raises(PepperDamaged) as told:
        Box.of_device(tmp_path, PERSONAL)
    assert "pepper" in str(told.value)
    with pytest.raises(PepperDamaged):
        PinBook(tmp_path, CHEAP)

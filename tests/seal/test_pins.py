"""PINs: six digits and more, bound to this device, and nothing learned from a wrong one."""

import json
import os
import shutil
from pathlib import Path

import pytest

from gatepos.seal import pins
from gatepos.seal.pins import (
    PinBook,
    PinsDamaged,
    PinsWhole,
    PinTooShort,
    PinTooSimple,
    Profile,
    StartCodeTooOld,
)
from tests.gate import CHEAP

AT_MS = 1_767_324_662_123
UNTIL = "2026-01-09T00:00:00.000Z"


@pytest.fixture
def book(tmp_path: Path) -> PinBook:
    return PinBook(tmp_path, CHEAP)


@pytest.mark.parametrize(
    "pin",
    ["", "1", "24681", "24681a", " 246813", "２４６８１３", "٢٤٦٨١٣", "24681-3", "2" * 33, "9" * 10_000],
)
def test_a_pin_is_six_digits_or_more(book: PinBook, pin: str) -> None:
    with pytest.raises(PinTooShort):
        book.set_pin("07", pin)
    assert not book.has("07")


@pytest.mark.parametrize("pin", ["000000", "111111", "123456", "654321", "2345678", "070707", "07070707"])
def test_what_anybody_would_try_first_is_refused(book: PinBook, pin: str) -> None:
    with pytest.raises(PinTooSimple):
        book.set_pin("07", pin)


def test_only_the_whole_pin_of_the_person_is_right(book: PinBook) -> None:
    book.set_pin("07", "246813")
    assert book.check("07", "246813")
    for staff, pin in (
        ("07", "246814"),
        ("07", "24681"),
        ("07", "2468133"),
        ("07", ""),
        ("08", "246813"),
        ("", ""),
    ):
        assert not book.check(staff, pin)


@pytest.mark.parametrize("typed", ["\ud800" * 6, "x" * 10_000, "\x00", "٢٤٦٨١٣"])
def test_whatever_is_typed_is_only_wrong(book: PinBook, typed: str) -> None:
    book.set_pin("07", "246813")
    assert not book.check("07", typed)
    assert not book.check(typed, "246813")
    assert not book.check_start_code("07", typed, AT_MS)


def test_pins_outlive_a_restart_and_stand_nowhere_in_clear(tmp_path: Path, book: PinBook) -> None:
    book.set_pin("07", "246813")
    code = book.set_start_code("08")
    again = PinBook(tmp_path, CHEAP)
    assert again.check("07", "246813")
    assert again.check_start_code("08", code, AT_MS)
    for path in tmp_path.iterdir():
        content = path.read_bytes()
        assert b"246813" not in content
        assert code.encode() not in content
        if os.name == "posix":
            assert path.stat().st_mode & 0o777 == 0o600


def test_pins_taken_to_another_device_open_nothing(tmp_path: Path, book: PinBook) -> None:
    book.set_pin("07", "246813")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(tmp_path / "pins.json", elsewhere)
    assert not PinBook(elsewhere, CHEAP).check("07", "246813")


def test_the_same_pin_of_two_people_is_kept_as_two(tmp_path: Path, book: PinBook) -> None:
    book.set_pin("07", "246813")
    book.set_pin("08", "246813")
    kept = json.loads((tmp_path / "pins.json").read_text())["pins"]
    assert kept["07"] != kept["08"]
    kept["07"] = kept["08"]
    (tmp_path / "pins.json").write_text(json.dumps({"pins": kept, "starts": {}}))
    assert not PinBook(tmp_path, CHEAP).check("07", "246813")


def test_a_start_code_is_used_once_and_ends_the_old_pin(book: PinBook) -> None:
    book.set_pin("07", "246813")
    code = book.set_start_code("07")
    assert not book.check("07", "246813")
    assert book.check_start_code("07", f" {code[:4]}-{code[4:]} ", AT_MS)
    assert not book.check_start_code("08", code, AT_MS)
    book.set_pin("07", "975310")
    assert not book.check_start_code("07", code, AT_MS)


def test_start_codes_differ_and_have_only_the_digits_of_the_pin_keys(book: PinBook) -> None:
    codes = {book.set_start_code("07") for _ in range(20)}
    assert len(codes) == 20
    assert set("".join(codes)) <= set("0123456789")
    assert {len(code) for code in codes} == {8}


_HASH = "$argon2id$v=19$m=64,t=1,p=1$AAAA$AAAA"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        b'{"pins": 5, "starts": {}}',
        b'{"pins": {"07": 5}, "starts": {}}',
        b'{"pins": {"07": "hello"}, "starts": {}}',
        b'{"pins": {}, "starts": {"07": null}}',
        json.dumps({"pins": {"07": _HASH.replace("id", "x")}, "starts": {}}).encode(),
    ],
)
def test_a_damaged_pin_file_is_named_and_lets_nobody_in(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pins.json").write_bytes(content)
    with pytest.raises(PinsDamaged) as told:
        PinBook(tmp_path, CHEAP).check("07", "246813")
    assert "pins.json" in str(told.value)


@pytest.mark.parametrize("hash_", [_HASH, "$argon2id$", "$argon2id$v=19$m=64,t=1,p=1$AAAA"])
def test_a_damaged_hash_is_named_and_lets_nobody_in(tmp_path: Path, hash_: str) -> None:
    (tmp_path / "pins.json").write_text(json.dumps({"pins": {"07": hash_}, "starts": {}}))
    with pytest.raises(PinsDamaged):
        PinBook(tmp_path, CHEAP).check("07", "246813")


def test_a_folder_in_the_files_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "pins.json").mkdir()
    with pytest.raises(PinsDamaged):
        PinBook(tmp_path, CHEAP)


def test_a_damaged_file_is_kept_aside_and_a_whole_one_left_alone(tmp_path: Path) -> None:
    for n in (1, 2):
        (tmp_path / "pins.json").write_bytes(b"{")
        pins.start_anew(tmp_path)
        assert (tmp_path / f"pins.damaged-{n}.json").read_bytes() == b"{"
        assert PinBook(tmp_path, CHEAP).is_empty
    PinBook(tmp_path, CHEAP).set_pin("07", "246813")
    with pytest.raises(PinsWhole):
        pins.start_anew(tmp_path)
    assert PinBook(tmp_path, CHEAP).check("07", "246813")


def test_a_real_till_pays_for_every_guess() -> None:
    assert Profile() == Profile(time_cost=1, memory_kib=46 * 1024, lanes=1)


def test_a_start_code_of_central_is_good_once_here_until_its_day_and_no_longer(tmp_path: Path) -> None:
    book, code = PinBook(tmp_path, CHEAP), pins.sent_code()
    known = pins.sent_hash("07", code, CHEAP)
    book.set_pin("07", "246813")
    book.take_start_code("07", known, UNTIL)
    assert not book.has("07")
    printed = " ".join(code[at : at + 4] for at in range(0, 16, 4))
    book = PinBook(tmp_path, CHEAP)
    assert book.check_start_code("07", printed, AT_MS)
    assert not book.check_start_code("08", code, AT_MS)
    with pytest.raises(StartCodeTooOld):
        book.check_start_code("07", code, AT_MS + 30 * 86_400_000)
    book.set_pin("07", "135792")
    book.take_start_code("07", known, UNTIL)
    assert book.check("07", "135792")
    assert not book.check_start_code("07", code, AT_MS)
    assert code not in (tmp_path / "pins.json").read_text()


def test_a_start_code_of_the_till_ends_the_one_of_central(book: PinBook) -> None:
    code = pins.sent_code()
    book.take_start_code("07", pins.sent_hash("07", code, CHEAP), UNTIL)
    own = book.set_start_code("07")
    assert not book.check_start_code("07", code, AT_MS)
    assert book.check_start_code("07", own, AT_MS)

"""The tapes: one of them in the path of a sale, the others when idle, and at most fifty entries without."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import entry as entries
from gatepos.ledger import database, tape, verification
from gatepos.ledger.ledger import ONE_COPY_MAX, Ledger
from gatepos.ledger.troubles import OneCopyLimit
from gatepos.till.approvals import Second
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, selling
from tests.ledger.desk import Desk, kept


@pytest.fixture
def two(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with a tape on another medium, and its own."""
    (tmp_path / "stick").mkdir()
    desk.folders = (tmp_path / "stick", desk.tape)
    return desk


def held(folder: Path) -> list[int]:
    """The positions of the entries that a tape folder holds."""
    frames = [one for path in sorted(folder.iterdir()) for one in tape.frames(path.read_bytes())]
    return [entries.seq_of(one.raw) for one in frames]


def idle(ledger: Ledger) -> None:
    """All upkeep that there is."""
    while ledger.upkeep():
        pass


def test_the_first_folder_is_written_at_once_and_the_second_when_idle(two: Desk) -> None:
    ledger = two.create(3)
    assert [held(folder) for folder in two.folders] == [[1, 2, 3, 4], []]
    idle(ledger)
    assert [held(folder) for folder in two.folders] == [[1, 2, 3, 4], [1, 2, 3, 4]]
    ledger.close()


def test_when_the_first_folder_fails_the_second_is_used(two: Desk) -> None:
    ledger = two.create(2)
    two.tapes.broken = {two.folders[0]}
    assert two.write(ledger).copies == 2
    assert held(two.tape) == [1, 2, 3, 4]
    ledger.close()


def test_a_folder_that_failed_rests_and_catches_up_when_it_is_back(two: Desk) -> None:
    ledger = two.create(2)
    two.tapes.broken = {two.folders[0]}
    two.write(ledger)
    two.tapes.broken.clear()
    idle(ledger)
    assert held(two.folders[0]) == [1, 2, 3]
    two.clock.pass_by(31_000)
    idle(ledger)
    assert held(two.folders[0]) == [1, 2, 3, 4]
    ledger.close()


def test_no_sale_waits_again_for_a_folder_that_rests(two: Desk) -> None:
    ledger = two.create(2)
    two.tapes.broken = {two.folders[0], two.tape}
    two.write(ledger)
    tried = two.tapes.refused
    assert two.write(ledger).copies == 1
    assert two.tapes.refused == tried
    two.clock.pass_by(31_000)
    two.tapes.broken.clear()
    assert two.write(ledger).copies == 2
    ledger.close()


def test_another_stick_in_its_place_is_filled_from_the_first_entry(two: Desk) -> None:
    ledger = two.create(3)
    idle(ledger)
    two.folders[0].rename(two.folders[0].with_name("old"))
    two.folders[0].mkdir()
    assert two.write(ledger).copies == 2
    idle(ledger)
    assert held(two.folders[0]) == [1, 2, 3, 4, 5]
    ledger.close()


def test_a_stick_that_is_not_there_is_not_made_up(two: Desk) -> None:
    two.folders[0].rmdir()
    ledger = two.create(3)
    assert not two.folders[0].exists()
    assert held(two.tape) == [1, 2, 3, 4]
    assert "the tape in stick cannot be read" in [str(f) for f in ledger.findings]
    ledger.close()


def test_after_a_failed_write_the_same_file_is_never_used_again(desk: Desk) -> None:
    ledger = desk.create(2)
    first = desk.segments()[-1]
    before = first.read_bytes()
    desk.tapes.broken = {desk.tape}
    assert desk.write(ledger).copies == 1
    desk.tapes.broken.clear()
    desk.clock.pass_by(31_000)
    assert desk.write(ledger).copies == 2
    assert first.read_bytes() == before
    assert held(desk.tape) == [1, 2, 3, 4, 5]
    ledger.close()


def test_a_tape_removed_under_the_open_till_is_begun_again(desk: Desk) -> None:
    ledger = desk.create(3)
    desk.segments()[-1].unlink()
    assert desk.write(ledger).copies == 2
    assert held(desk.tape) == [5]
    ledger.close()
    again = desk.open()
    idle(again)
    assert sorted(held(desk.tape)) == [1, 2, 3, 4, 5]
    assert "lacked 4 entries" in str(again.findings[-1])
    again.close()


def test_a_deleted_tape_folder_is_written_anew(desk: Desk) -> None:
    desk.made(4)
    shutil.rmtree(desk.tape)
    ledger = desk.open()
    idle(ledger)
    assert sorted(held(desk.tape)) == [1, 2, 3, 4]
    ledger.close()


def test_after_fifty_entries_on_one_copy_each_sale_needs_two_people_until_a_tape_is_back(gate: Gate) -> None:
    till = gate.built()
    till.desk.ledger.close()
    broken = Desk(gate.folder).tapes
    world = app.World(gate.clock, gate.new_id, pins=gate.world().pins, open_segment=broken.open)
    till = selling(app.open_till(gate.folder, world))
    broken.broken = {gate.folder / "tape"}
    ledger = till.desk.ledger
    while ledger.on_one_copy < ONE_COPY_MAX:
        till.desk.write("sign.in", {"staff": "07", "how": "unlock"})
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    with pytest.raises(OneCopyLimit):
        till.payments.mpesa("UA26X1Y2ZQ")
    assert till.payments.record(Second(MANAGER, MANAGER_PIN)).copies == 1
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("mpesa")
    with pytest.raises(OneCopyLimit):
        till.payments.mpesa("UA26X1Y2ZZ")
    broken.broken.clear()
    till.payments.record()
    assert ledger.on_one_copy == 0
    assert held(gate.folder / "tape") == [seq for seq, _, _ in kept(ledger)]
    ledger.close()


def test_nor_does_a_restart_that_cannot_read_the_tape(desk: Desk) -> None:
    ledger = desk.create(3)
    idle(ledger)
    desk.tapes.broken = {desk.tape}
    for _ in range(7):
        desk.write(ledger)
    ledger.close()
    desk.tape.rename(desk.folder / "taken out")
    desk.tape.write_bytes(b"")
    for _ in range(2):
        again = desk.open()
        assert again.on_one_copy == 7
        again.close()


def test_a_till_closed_before_it_was_ever_idle_knows_what_the_tape_held(desk: Desk) -> None:
    desk.made(4)
    desk.tape.rename(desk.folder / "taken out")
    desk.tape.write_bytes(b"")
    again = desk.open()
    assert again.on_one_copy == 0
    again.close()


def test_without_a_word_of_any_tape_all_of_it_is_on_one_copy(desk: Desk) -> None:
    desk.tapes.broken = {desk.tape}
    ledger = desk.create(6)
    ledger.close()
    desk.tape.rmdir()
    desk.tape.write_bytes(b"")
    again = desk.open()
    assert again.on_one_copy == 7
    again.close()


def test_an_empty_stick_is_filled_and_then_nothing_is_on_one_copy(desk: Desk) -> None:
    desk.made(60)
    shutil.rmtree(desk.tape)
    ledger = desk.open()
    assert ledger.on_one_copy == 0
    idle(ledger)
    assert sorted(held(desk.tape)) == list(range(1, 61))
    ledger.close()


STRAYS = ("XNM2-abc.tape", "XNM2-9abc.tape", "XNM2-1.tape", "XNM2-0000001.tape", "XNM2-٠٠٠٠٠٩.tape", "notes")


@pytest.mark.parametrize("name", STRAYS)
def test_whatever_else_lies_in_the_tapes_folder_is_left_alone(desk: Desk, name: str) -> None:
    desk.made(4)
    (desk.tape / name).write_bytes(b"hello")
    ledger = desk.open()
    assert desk.write(ledger).copies == 2
    assert ledger.findings == []
    idle(ledger)
    assert verification.verify(ledger.conn, [desk.tape]).findings == []
    ledger.close()


def test_a_folder_by_a_segments_name_is_no_segment_and_its_number_is_taken(desk: Desk) -> None:
    desk.made(4)
    (desk.tape / "XNM2-000007.tape").mkdir()
    ledger = desk.open()
    assert desk.write(ledger).copies == 2
    assert (desk.tape / "XNM2-000008.tape").is_file()
    idle(ledger)
    assert verification.verify(ledger.conn, [desk.tape]).findings == []
    ledger.close()


def test_verify_says_of_a_tape_folder_that_is_not_there(desk: Desk) -> None:
    desk.made(4)
    conn = database.open_reading(desk.file)
    found = verification.verify(conn, [desk.folder / "nowhere", desk.file]).findings
    conn.close()
    says = ["the tape in nowhere cannot be read", "the tape in ledger.db cannot be read"]
    assert [str(finding) for finding in found] == says


def test_a_restart_does_not_reset_the_fifty(desk: Desk) -> None:
    ledger = desk.create()
    desk.tapes.broken = {desk.tape}
    for _ in range(7):
        desk.write(ledger)
    ledger.close()
    again = desk.open()
    assert again.on_one_copy == 7
    again.close()


def frames_of(data: bytes) -> list[int]:
    """Where each frame of a segment ends."""
    lengths = [tape.length_of(one.raw) for one in tape.frames(data)]
    return [sum(lengths[: n + 1]) for n in range(len(lengths))]


CUTS: dict[str, Callable[[bytes], bytes]] = {
    "one byte": lambda data: data[:-1],
    "in the checksum": lambda data: data[:-3],
    "in the middle of the last entry": lambda data: data[: -tape_length(data) // 2],
    "the last entry": lambda data: data[: frames_of(data)[-2]],
    "the last two entries": lambda data: data[: frames_of(data)[-3]],
    "half of all": lambda data: data[: len(data) // 2],
    "all but a few bytes": lambda data: data[:5],
    "empty": lambda data: b"",
    "the last entry zeroed": lambda data: data[: frames_of(data)[-2]] + bytes(tape_length(data)),
    "all zeroed": lambda data: bytes(len(data)),
}


def tape_length(data: bytes) -> int:
    """How long the last frame of a segment is."""
    return len(data) - frames_of(data)[-2]


@pytest.mark.parametrize("cut", CUTS)
def test_a_tape_that_was_cut_short_is_named_at_the_start_and_by_verify(desk: Desk, cut: str) -> None:
    desk.made(6)
    segment = desk.segments()[-1]
    segment.write_bytes(CUTS[cut](segment.read_bytes()))
    assert named_twice(desk)


@pytest.mark.parametrize("what", ["segment", "folder"])
def test_a_tape_that_is_gone_is_named_at_the_start_and_by_verify(desk: Desk, what: str) -> None:
    desk.made(6)
    if what == "folder":
        shutil.rmtree(desk.tape)
    else:
        desk.segments()[-1].unlink()
    assert named_twice(desk)


def named_twice(desk: Desk) -> bool:
    """Whether verify and a start both name what is wrong with the tape; after that it is whole again."""
    conn = database.open_reading(desk.file)
    verified = verification.verify(conn, [desk.tape]).findings
    conn.close()
    ledger = desk.open()
    started = list(ledger.findings)
    idle(ledger)
    assert sorted(set(held(desk.tape))) == list(range(1, 7))
    ledger.close()
    return any("tape" in str(one) for one in verified) and any("tape" in str(one) for one in started)

"""Scanners on a real terminal device that can be pulled and put back."""

import os
import queue
import tty
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gatepos.devices import scanner
from gatepos.devices.scanner import BadScanner, Plugged, Scanner, ScannerAbsent, ScannerPulled, report_data
from gatepos.domain.scanned import SCANNED_MAX
from gatepos.errors import Trouble

OURS = "HTTPS://PASS.KWS.GO.KE/P/ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PATIENCE_S = 10


class Desk:
    """A place where a scanner is plugged in, and what a till hears from there."""

    def __init__(self, path: Path):
        self.path = path
        self.heard: queue.Queue[str] = queue.Queue()
        self.told: queue.Queue[Trouble | None] = queue.Queue()
        self._ends: tuple[int, int] | None = None

    def plug(self) -> None:
        """Put a scanner there."""
        self._ends = os.openpty()
        tty.setraw(self._ends[1])
        self.path.symlink_to(os.ttyname(self._ends[1]))

    def pull(self) -> None:
        """Take it away."""
        self.path.unlink(missing_ok=True)
        ends, self._ends = self._ends or (), None
        for end in ends:
            os.close(end)

    def scan(self, data: bytes) -> None:
        """The scanner sends."""
        assert self._ends is not None
        rest = data
        while rest:
            rest = rest[os.write(self._ends[0], rest) :]

    def hears(self) -> str:
        """The next scan that the till heard."""
        return self.heard.get(timeout=PATIENCE_S)

    def is_told(self) -> Trouble | None:
        """The next news of the scanner."""
        return self.told.get(timeout=PATIENCE_S)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "scanner")
    yield made
    made.pull()


@pytest.fixture
def listen(desk: Desk) -> Iterator[Callable[[str], Scanner]]:
    """Listens at the desk in one of the ways."""
    listening: list[Scanner] = []

    def listen_(way: str) -> Scanner:
        opened = scanner.named(f"{way}:{desk.path}")
        assert opened is not None
        made = Scanner(opened, desk.heard.put, desk.told.put, retry_s=0.01)
        listening.append(made)
        made.start()
        return made

    yield listen_
    for made in listening:
        made.stop()


Listen = Callable[[str], Scanner]
both = pytest.mark.parametrize("way", ["serial", "file"])


@both
def test_every_scan_is_heard_whatever_ends_it(desk: Desk, listen: Listen, way: str) -> None:
    desk.plug()
    listen(way)
    assert desk.is_told() is None
    for end in (b"\r\n", b"\r", b"\n", b"\n\n\r"):
        desk.scan(OURS.encode() + end)
        assert desk.hears() == OURS
    desk.scan(f"{OURS}\r\nGP:ABC\r\n".encode())
    assert (desk.hears(), desk.hears()) == (OURS, "GP:ABC")


@both
def test_a_scan_without_an_end_is_heard_in_time(desk: Desk, listen: Listen, way: str) -> None:
    desk.plug()
    listen(way)
    desk.is_told()
    desk.scan(OURS[:20].encode())
    assert desk.hears() == OURS[:20]
    desk.scan(OURS.encode() + b"\r")
    assert desk.hears() == OURS


@both
def test_a_flood_is_cut_and_the_next_scan_is_whole(desk: Desk, listen: Listen, way: str) -> None:
    desk.plug()
    listen(way)
    desk.is_told()
    desk.scan(b"9" * (3 * SCANNED_MAX) + b"\r" + OURS.encode() + b"\r")
    assert desk.hears() == "9" * SCANNED_MAX
    assert desk.hears() == OURS


@both
def test_bytes_that_are_no_text_are_heard_all_the_same(desk: Desk, listen: Listen, way: str) -> None:
    desk.plug()
    listen(way)
    desk.is_told()
    desk.scan(b"\x00\xff\xfe\x1b\r" + "مرحبا 🦁\r".encode())
    assert desk.hears() == "\x00\ufffd\ufffd\x1b"
    assert desk.hears() == "مرحبا 🦁"


@both
def test_a_scanner_that_is_pulled_is_said_once_and_is_heard_again_when_it_is_back(
    desk: Desk, listen: Listen, way: str
) -> None:
    desk.plug()
    listen(way)
    assert desk.is_told() is None
    desk.pull()
    assert isinstance(desk.is_told(), ScannerPulled)
    desk.plug()
    assert desk.is_told() is None
    desk.scan(OURS.encode() + b"\r")
    assert desk.hears() == OURS


@both
def test_a_scanner_that_is_not_there_is_said_and_is_found_when_it_comes(
    desk: Desk, listen: Listen, way: str
) -> None:
    listen(way)
    assert isinstance(desk.is_told(), ScannerAbsent)
    desk.plug()
    assert desk.is_told() is None


def test_what_is_no_serial_port_is_an_absent_scanner(desk: Desk, listen: Listen) -> None:
    desk.path.write_text("no port")
    listen("serial")
    assert isinstance(desk.is_told(), ScannerAbsent)


def test_it_is_looked_for_again_within_five_seconds() -> None:
    assert scanner.RETRY_S + scanner.QUIET_S < 5


def test_nothing_is_told_after_the_end(desk: Desk, listen: Listen) -> None:
    desk.plug()
    listening = listen("serial")
    desk.is_told()
    listening.stop()
    desk.scan(OURS.encode() + b"\r")
    desk.pull()
    assert desk.heard.empty()
    assert desk.told.empty()


def test_reports_of_a_hid_scanner_give_their_characters() -> None:
    text = OURS.encode()
    first = b"\x02\x38]Q1" + text[:56] + bytes(3)
    second = b"\x02\x01]Q1" + text[56:57] + bytes(58)
    assert report_data(first) + report_data(second) == text
    assert report_data(b"\x02\x05GP:AB" + bytes(57)) == b"GP:AB"
    assert [report_data(short) for short in (b"", b"\x02", b"\x02\x00", b"\x02\xff]")] == [b"", b"", b"", b""]


def test_a_hid_scanner_is_heard(desk: Desk, listen: Listen) -> None:
    desk.plug()
    listen("hid")
    desk.is_told()
    desk.scan(b"\x02\x06]Q1GP:ABC" + bytes(53))
    assert desk.hears() == "GP:ABC"


def test_a_scanner_that_types_is_not_opened() -> None:
    assert scanner.named("typing") is None


def test_another_scanner_takes_the_place_of_the_first_while_the_till_runs(desk: Desk) -> None:
    desk.plug()
    plugged = Plugged("typing")
    plugged.start(desk.heard.put, desk.told.put)
    with pytest.raises(BadScanner):
        plugged.use("serial:")
    plugged.use(f"serial:{desk.path}")
    assert (desk.is_told(), desk.is_told()) == (None, None)
    desk.scan(b"GP:ABC\r")
    assert desk.hears() == "GP:ABC"
    plugged.use("typing")
    plugged.stop()
    plugged.stop()


@pytest.mark.parametrize(
    "setting", ["", "none", "typing:", "serial", "serial:", "serial:COM3:fast", "hid:", "file:"]
)
def test_a_setting_that_names_no_scanner_is_refused(setting: str) -> None:
    with pytest.raises(BadScanner) as told:
        scanner.named(setting)
    assert "serial:PORT" in str(told.value)

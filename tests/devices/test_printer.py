"""Printers over a real connection to a printer that answers, is silent, or is not there."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatepos.devices import escpos, printer
from gatepos.devices.printer import (
    BadPrinter,
    CoverOpen,
    DrawerStays,
    NetworkPrinter,
    NoPrinter,
    PaperOut,
    PrintBroken,
    PrinterOffline,
    Status,
)
from gatepos.domain.paper_lines import Centre, Columns, PaperLine, Qr
from gatepos.settings import Settings

PAPER: tuple[PaperLine, ...] = (
    Centre("KWS", bold=True),
    Columns("TOTAL KES", "43,940", size=2),
    Qr("GP:ABC"),
)
READY = b"\x12"
SILENT = None


class FakePrinter:
    """A printer on a port: answers each status request with the next of its answers, keeps what it prints."""

    def __init__(self, answers: tuple[bytes | None, ...] = (READY, READY), then: str = "takes"):
        self._answers = answers
        self._then = then
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._done = threading.Event()
        self.port = self._listening.getsockname()[1]
        self.printed = b""
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> bytes:
        """End it; what it printed."""
        self._done.set()
        with socket.socket() as wake:
            wake.connect_ex(("127.0.0.1", self.port))
        self._thread.join()
        self._listening.close()
        return self.printed

    def _serve(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            with connection:
                if self._done.is_set():
                    return
                self._talk(connection)

    def _talk(self, connection: socket.socket) -> None:
        for answer in self._answers:
            if connection.recv(3)[:2] != b"\x10\x04":
                return
            if answer is SILENT:
                break
            if answer == b"":
                return
            connection.sendall(answer)
        if self._then == "hangs":
            self._done.wait()
        if self._then == "resets":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        if self._then != "takes":
            return
        while data := connection.recv(65_536):
            self.printed += data


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_S", "STATUS_S", "WRITE_S"):
        monkeypatch.setattr(printer, name, 0.2)


@pytest.fixture
def absent() -> Iterator[int]:
    """A port on which nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def at(fake: FakePrinter) -> NetworkPrinter:
    return NetworkPrinter("127.0.0.1", fake.port, 80)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((READY, READY), Status.OK),
        ((READY, b"\x1e"), Status.PAPER_LOW),
        ((READY, b"\x72"), Status.PAPER_OUT),
        ((b"\x32", READY), Status.PAPER_OUT),
        ((b"\x16", READY), Status.COVER_OPEN),
        ((SILENT,), Status.UNKNOWN),
        ((READY, SILENT), Status.UNKNOWN),
        ((b"",), Status.UNKNOWN),
        ((READY, b""), Status.UNKNOWN),
    ],
)
def test_what_a_printer_says_of_itself(answers: tuple[bytes | None, ...], status: Status) -> None:
    fake = FakePrinter(answers)
    assert at(fake).status() is status
    fake.stop()


@pytest.mark.parametrize(("offline", "paper"), [(b"", b""), (b"", READY), (READY, b"")])
def test_an_empty_answer_is_unknown_and_never_ready(offline: bytes, paper: bytes) -> None:
    assert printer.read_status(offline, paper) is Status.UNKNOWN


def test_a_ready_printer_gets_the_whole_paper() -> None:
    fake = FakePrinter()
    at(fake).print(PAPER, "1")
    assert fake.stop() == escpos.render(PAPER, 80)


def test_a_printer_that_never_says_a_word_is_printed_on_all_the_same() -> None:
    fake = FakePrinter((SILENT,))
    at(fake).print(PAPER, "1")
    assert fake.stop().endswith(escpos.render(PAPER, 80))


@pytest.mark.parametrize(
    ("answers", "trouble"), [((READY, b"\x72"), PaperOut), ((b"\x16", READY), CoverOpen)]
)
def test_a_printer_that_cannot_print_is_sent_not_a_byte(
    answers: tuple[bytes, ...], trouble: type[Exception]
) -> None:
    fake = FakePrinter(answers)
    with pytest.raises(trouble):
        at(fake).print(PAPER, "1")
    assert fake.stop() == b""


@pytest.mark.parametrize("then", ["resets", "hangs"])
def test_a_printer_that_stops_half_way_leaves_a_doubt(then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    more_than_the_network_holds = bytes(2**24)
    monkeypatch.setattr(escpos, "render", lambda *_, **__: more_than_the_network_holds)
    fake = FakePrinter(then=then)
    with pytest.raises(PrintBroken):
        at(fake).print(PAPER, "1")
    fake.stop()


def test_an_absent_printer_is_offline(absent: int) -> None:
    gone = NetworkPrinter("127.0.0.1", absent, 80)
    assert gone.status() is Status.OFFLINE
    with pytest.raises(PrinterOffline):
        gone.print(PAPER, "1")


def test_a_till_without_a_printer_says_so() -> None:
    assert NoPrinter().status() is Status.OFFLINE
    with pytest.raises(PrinterOffline):
        NoPrinter().print(PAPER, "1")


def test_a_folder_takes_papers_as_pdf_and_picture(tmp_path: Path) -> None:
    folder = printer.named(f"pdf:{tmp_path}/papers", 58)
    folder.print(PAPER, "0000042-0")
    assert (tmp_path / "papers" / "0000042-0.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "papers" / "0000042-0.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_cannot_be_written_is_offline(tmp_path: Path) -> None:
    (tmp_path / "papers").write_text("a file stands here")
    with pytest.raises(PrinterOffline):
        printer.named(f"pdf:{tmp_path}/papers").print(PAPER, "1")


def test_a_device_file_gets_the_bytes_and_is_never_said_to_be_ready(tmp_path: Path) -> None:
    device = tmp_path / "lp0"
    device.touch()
    raw = printer.named(f"file:{device}", 58)
    raw.print(PAPER, "1")
    assert device.read_bytes() == escpos.render(PAPER, 58)
    assert raw.status() is Status.UNKNOWN
    with pytest.raises(PrinterOffline):
        printer.named(f"file:{tmp_path}/gone/lp0").print(PAPER, "1")


def test_the_drawer_gets_its_pulse_through_the_printer(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        printer.named(f"network:127.0.0.1:{listening.getsockname()[1]}").kick()
        with listening.accept()[0] as connection:
            assert connection.makefile("rb").read() == escpos.KICK
    device = tmp_path / "lp0"
    printer.named(f"file:{device}").kick()
    assert device.read_bytes() == escpos.KICK


def test_a_drawer_that_no_printer_opens_is_said_to_stay_shut(tmp_path: Path, absent: int) -> None:
    for setting in ("none", f"pdf:{tmp_path}", f"file:{tmp_path}/gone/lp0", f"network:127.0.0.1:{absent}"):
        with pytest.raises(DrawerStays):
            printer.named(setting).kick()


@pytest.mark.parametrize(("code", "is_native"), [("native", True), ("raster", False)])
def test_a_code_is_drawn_by_the_printer_or_sent_as_dots_as_the_settings_say(
    tmp_path: Path, code: str, is_native: bool
) -> None:
    device = tmp_path / "lp0"
    printer.of(Settings(printer=f"file:{device}", qr=code)).print(PAPER, "1")
    assert device.read_bytes() == escpos.render(PAPER, 80, native_qr=is_native)
    fake = FakePrinter()
    printer.of(Settings(printer=f"network:127.0.0.1:{fake.port}", qr=code)).print(PAPER, "1")
    assert fake.stop() == escpos.render(PAPER, 80, native_qr=is_native)


@pytest.mark.parametrize(
    "setting",
    [
        "", "laser", "network", "network:", "network:host", "network:host:port", "network:host:99999",
        "usb:04b8", "usb:zz:zz", "serial:COM1:fast", "pdf:", "file:", "none of these",
    ],
)  # fmt: skip
def test_a_setting_that_names_no_printer_is_refused(setting: str) -> None:
    with pytest.raises(BadPrinter) as told:
        printer.named(setting)
    assert "network:ADDRESS:9100" in str(told.value)


def test_a_device_that_takes_a_few_bytes_at_a_time_gets_them_all() -> None:
    taken = bytearray()

    def write(data: bytes) -> int:
        taken.extend(data[:7])
        return len(data[:7])

    printer.write_whole(write, bytes(range(100)))
    assert taken == bytes(range(100))


@pytest.mark.parametrize(("whole", "trouble"), [(0, PrinterOffline), (1, PrintBroken)])
def test_a_device_that_fails_half_way_leaves_the_paper_in_doubt(whole: int, trouble: type[Exception]) -> None:
    answers = [5] * whole

    def write(data: bytes) -> int:
        if not answers:
            raise OSError("unplugged")
        return answers.pop()

    with pytest.raises(trouble):
        printer.write_whole(write, b"x" * 100)

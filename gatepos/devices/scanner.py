"""Scanners that do not type, as the settings name them, each read on a thread of its own.

`serial:/dev/ttyACM0:9600`, `hid:/dev/hidraw0` (USB HID point of sale), `file:/dev/PATH`; `typing` where the
scanner types like a keyboard. `hid` and `file` are read on Linux only. A scan ends with CR or LF, or when
nothing more comes for a tenth of a second.
"""

import os
import select
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

from gatepos.domain.scanned import SCANNED_MAX
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.settings import TYPING

QUIET_S = 0.1
"""A scan without an end is over when nothing has come for so long."""
RETRY_S = 2.0
_CHUNK_BYTES = 4_096
_ENDS = b"\r\n"


class ScannerAbsent(Trouble):
    """No scanner answers where the settings name one."""

    says = N_("The scanner is not connected. Use the camera, or type the number.")


class ScannerPulled(Trouble):
    """The scanner answered and went away."""

    says = N_("The scanner was unplugged. Plug it in again, or type the number.")


class BadScanner(Trouble):
    """A scanner setting that names no scanner."""

    says = N_("{scanner} is no scanner. Use typing, serial:PORT, hid:PATH or file:PATH.")


class Device(Protocol):
    """An open device."""

    def read(self) -> bytes:
        """What has come, nothing after QUIET_S without any; OSError when the device is gone."""

    def close(self) -> None:
        """Let go of it."""


Open = Callable[[], Device]
"""Opens a device; OSError when there is none."""


class Scanner:
    """Reads a device for as long as it is wanted, and looks for it again when it is gone.

    On the scanner's own thread `heard` gets each scan, and `told` the trouble when the device goes, None when
    it is there.
    """

    def __init__(
        self,
        open_device: Open,
        heard: Callable[[str], object],
        told: Callable[[Trouble | None], object],
        retry_s: float = RETRY_S,
    ):
        self._open = open_device
        self._heard = heard
        self._told = told
        self._retry_s = retry_s
        self._is_well: bool | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="scanner", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more; when this returns nothing is told any more."""
        self._stopped.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                device = self._open()
            except OSError:
                self._tell(ScannerAbsent())
            else:
                self._tell(None)
                self._follow(device)
            self._stopped.wait(self._retry_s)

    def _follow(self, device: Device) -> None:
        """Hear the device until it is gone or not wanted."""
        lines = Lines()
        while not self._stopped.is_set():
            try:
                data = device.read()
            except OSError:
                self._tell(ScannerPulled())
                break
            for text in lines.take(data):
                self._heard(text)
        device.close()

    def _tell(self, trouble: Trouble | None) -> None:
        """Once for every change; a scanner that was pulled is not called absent as well."""
        is_well = trouble is None
        if is_well != self._is_well:
            self._is_well = is_well
            self._told(trouble)


class Plugged:
    """The scanner that the settings name, exchanged for another while the till runs; BadScanner."""

    def __init__(self, setting: str):
        self._open = named(setting)
        self._scanner: Scanner | None = None
        self._listeners: tuple[Callable[[str], object], Callable[[Trouble | None], object]] | None = None

    def start(self, heard: Callable[[str], object], told: Callable[[Trouble | None], object]) -> None:
        """Begin to listen, as `Scanner` does."""
        self._listeners = heard, told
        if self._open is not None:
            self._scanner = Scanner(self._open, heard, told)
            self._scanner.start()

    def use(self, setting: str) -> None:
        """Listen to another one from now on; BadScanner, and then to the same."""
        opened, listeners = named(setting), self._listeners
        self.stop()
        self._open = opened
        if listeners is not None:
            listeners[1](None)
            self.start(*listeners)

    def stop(self) -> None:
        """Listen no more."""
        scanner, self._scanner, self._listeners = self._scanner, None, None
        if scanner is not None:
            scanner.stop()


class Lines:
    """Puts bytes together to scans; what is over the limit of one is dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def take(self, data: bytes) -> Iterator[str]:
        """The scans that end in `data`; no data ends the one that has begun."""
        for byte in data or _ENDS:
            if byte in _ENDS:
                yield from self._ended()
            elif len(self._rest) < SCANNED_MAX:
                self._rest.append(byte)

    def _ended(self) -> Iterator[str]:
        if self._rest:
            text = self._rest.decode("utf-8", "replace")
            self._rest.clear()
            yield text


def named(setting: str) -> Open | None:
    """How to open the scanner that a setting names, None for one that types; BadScanner."""
    if setting == TYPING:
        return None
    kind, _, rest = setting.partition(":")
    match kind:
        case "serial" if rest:
            port, _, baud = rest.partition(":")
            if not (baud or "9600").isdecimal():
                raise BadScanner(scanner=setting)
            return lambda: SerialPort(port, int(baud or 9600))
        case "hid" if rest:
            return lambda: HidReports(rest)
        case "file" if rest:
            return lambda: DeviceFile(rest)
    raise BadScanner(scanner=setting)


class SerialPort:
    """A serial port, or a USB scanner that shows itself as one."""

    def __init__(self, port: str, baud: int):
        from serial import Serial

        try:
            self._port = Serial(port, baud, timeout=QUIET_S)
        except ValueError as error:
            raise OSError("the port has no such speed") from error

    def read(self) -> bytes:
        """All that waits, or the first byte to come."""
        return bytes(self._port.read(min(self._port.in_waiting, _CHUNK_BYTES) or 1))

    def close(self) -> None:
        """Close the port."""
        self._port.close()


class DeviceFile:
    """A device file that gives the scanned characters."""

    def __init__(self, path: str):
        self._file = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0))

    def read(self) -> bytes:
        """One reading, which of a HID device is one report."""
        if not select.select([self._file], [], [], QUIET_S)[0]:
            return b""
        data = os.read(self._file, _CHUNK_BYTES)
        if not data:
            raise OSError("the device has ended")
        return data

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


class HidReports(DeviceFile):
    """A scanner in HID point-of-sale mode, which sends reports of up to 56 characters."""

    def read(self) -> bytes:
        """The characters of one report."""
        return report_data(super().read())


def report_data(report: bytes) -> bytes:
    """The scanned characters of a report: its id, their count, mostly three that name the code, then they."""
    if len(report) < 2:
        return b""
    start = 5 if report[2:3] == b"]" else 2
    return report[start : start + report[1]]

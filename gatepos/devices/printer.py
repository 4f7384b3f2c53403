"""Printers as the settings name them, with timeouts of our own: a silent printer is *unknown*, never ready.

`network:HOST:9100`, `usb:04b8:0e15`, `serial:/dev/ttyUSB0:9600`, `file:/dev/usb/lp0`,
`pdf:FOLDER`, `none`
"""

import socket
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Protocol

from gatepos.domain.paper_lines import PaperLine
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.settings import NATIVE, Settings

CONNECT_S, STATUS_S, WRITE_S = 1.0, 1.0, 5.0
_STATUS_OFFLINE, _STATUS_PAPER = b"\x10\x04\x02", b"\x10\x04\x04"
_COVER_OPEN, _PAPER_STOP = 0x04, 0x20
_PAPER_LOW, _PAPER_OUT = 0x0C, 0x60


class Status(StrEnum):
    """What a printer says of itself."""

    OK = "ok"
    UNKNOWN = "unknown"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"


class PrinterOffline(Trouble):
    """No printer answers; not a byte was sent."""

    says = N_("The printer does not answer. The sale stands; show the QR on the screen.")


class PaperOut(Trouble):
    """The printer has no paper."""

    says = N_("The printer is out of paper. The sale stands; show the QR on the screen.")


class CoverOpen(Trouble):
    """The printer's cover is open."""

    says = N_("The printer's cover is open. The sale stands; close it and print again.")


class PrintBroken(Trouble):
    """The printer stopped while the paper was being sent: nobody knows how much of it came out."""

    says = N_("The printer stopped half way. Look whether the paper came out.")


class DrawerStays(Trouble):
    """A drawer that no printer opened."""

    says = N_("The drawer did not open: use its key. What was recorded stands.")


class BadPrinter(Trouble):
    """A printer setting that names no printer."""

    says = N_(
        "{printer} is no printer. Use network:ADDRESS:9100, usb:ID:ID, serial:PORT, file:PATH or pdf:FOLDER."
    )


class Printer(Protocol):
    """A printer of papers."""

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        """Print a paper; PrinterOffline, PaperOut, CoverOpen before the first byte, PrintBroken after."""

    def kick(self) -> None:
        """Open the cash drawer that hangs on the printer; DrawerStays where there is none to ask."""

    def status(self) -> Status:
        """What the printer says now, within a second."""


class NoPrinter:
    """A till without paper: the screen shows the QR."""

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        """PrinterOffline, always."""
        raise PrinterOffline()

    def kick(self) -> None:
        """DrawerStays, always."""
        raise DrawerStays()

    def status(self) -> Status:
        """Offline."""
        return Status.OFFLINE


class PdfFolder:
    """Papers as PDF and PNG files in a folder."""

    def __init__(self, folder: Path, paper_mm: int):
        self._folder = folder
        self._paper_mm = paper_mm

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        """Write NAME.pdf and NAME.png."""
        from gatepos.devices import pdf, picture

        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{name}.png").write_bytes(picture.png(lines, self._paper_mm))
            (self._folder / f"{name}.pdf").write_bytes(pdf.render(lines, self._paper_mm))
        except OSError as error:
            raise PrinterOffline() from error

    def kick(self) -> None:
        """DrawerStays, always."""
        raise DrawerStays()

    def status(self) -> Status:
        """A folder is always ready."""
        return Status.OK


class NetworkPrinter:
    """An ESC/POS printer on a TCP port."""

    def __init__(self, host: str, port: int, paper_mm: int, *, native_qr: bool = True):
        self._address = (host, port)
        self._paper_mm = paper_mm
        self._native_qr = native_qr

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        """Ask, then send the whole paper within five seconds."""
        from gatepos.devices import escpos

        data = escpos.render(lines, self._paper_mm, native_qr=self._native_qr)
        with self._connected() as connection:
            refuse_unready(_asked(connection))
            connection.settimeout(WRITE_S)
            try:
                connection.sendall(data)
            except OSError as error:
                raise PrintBroken() from error

    def kick(self) -> None:
        """The pulse alone; also a printer without paper gives it."""
        from gatepos.devices import escpos

        try:
            with self._connected() as connection:
                connection.settimeout(WRITE_S)
                connection.sendall(escpos.KICK)
        except (OSError, PrinterOffline) as error:
            raise DrawerStays() from error

    def status(self) -> Status:
        """By real-time status; silence is unknown."""
        try:
            with self._connected() as connection:
                return _asked(connection)
        except PrinterOffline:
            return Status.OFFLINE

    def _connected(self) -> socket.socket:
        try:
            return socket.create_connection(self._address, CONNECT_S)
        except OSError as error:
            raise PrinterOffline() from error


class RawPrinter:
    """An ESC/POS printer behind a device file or port that only takes bytes."""

    def __init__(self, write: Callable[[bytes], None], paper_mm: int, *, native_qr: bool = True):
        self._write = write
        self._paper_mm = paper_mm
        self._native_qr = native_qr

    def print(self, lines: Sequence[PaperLine], name: str) -> None:
        """Send the paper; what came of it only people see."""
        from gatepos.devices import escpos

        self._write(escpos.render(lines, self._paper_mm, native_qr=self._native_qr))

    def kick(self) -> None:
        """The pulse alone; whether the drawer opened only people see."""
        from gatepos.devices import escpos

        try:
            self._write(escpos.KICK)
        except (PrinterOffline, PrintBroken) as error:
            raise DrawerStays() from error

    def status(self) -> Status:
        """A one-way port says nothing."""
        return Status.UNKNOWN


def of(settings: Settings) -> Printer:
    """The printer of a machine's settings; BadPrinter."""
    return named(settings.printer, settings.paper_mm, native_qr=settings.qr == NATIVE)


def named(setting: str, paper_mm: int = 80, *, native_qr: bool = True) -> Printer:
    """The printer that a setting names; BadPrinter."""
    raw = partial(RawPrinter, paper_mm=paper_mm, native_qr=native_qr)
    kind, _, rest = setting.partition(":")
    try:
        match kind:
            case "none":
                return NoPrinter()
            case "pdf" if rest:
                return PdfFolder(Path(rest), paper_mm)
            case "network" if rest:
                host, _, port = rest.rpartition(":")
                return NetworkPrinter(host, _port(port), paper_mm, native_qr=native_qr)
            case "file" if rest:
                return raw(partial(_write_file, Path(rest)))
            case "usb" if rest:
                vendor, product = (int(part, 16) for part in rest.split(":"))
                return raw(partial(_write_usb, vendor, product))
            case "serial" if rest:
                port, _, baud = rest.partition(":")
                return raw(partial(_write_serial, port, int(baud or 9600)))
    except ValueError as error:
        raise BadPrinter(printer=setting) from error
    raise BadPrinter(printer=setting)


def _port(text: str) -> int:
    port = int(text)
    if not 0 < port < 2**16:
        raise ValueError("no port")
    return port


def refuse_unready(status: Status) -> None:
    """The trouble of a printer that says it cannot print; silence is let through."""
    if status is Status.PAPER_OUT:
        raise PaperOut()
    if status is Status.COVER_OPEN:
        raise CoverOpen()
    if status is Status.OFFLINE:
        raise PrinterOffline()


def _asked(connection: socket.socket) -> Status:
    connection.settimeout(STATUS_S)
    try:
        connection.sendall(_STATUS_OFFLINE)
        offline = connection.recv(1)
        connection.sendall(_STATUS_PAPER)
        paper = connection.recv(1)
    except OSError:
        return Status.UNKNOWN
    return read_status(offline, paper)


def read_status(offline: bytes, paper: bytes) -> Status:
    """The answers to DLE EOT 2 and 4 in words; an empty answer is unknown."""
    if not offline or not paper:
        return Status.UNKNOWN
    if offline[0] & _COVER_OPEN:
        return Status.COVER_OPEN
    if paper[0] & _PAPER_OUT or offline[0] & _PAPER_STOP:
        return Status.PAPER_OUT
    return Status.PAPER_LOW if paper[0] & _PAPER_LOW else Status.OK


def _write_file(path: Path, data: bytes) -> None:
    try:
        device = path.open("ab", buffering=0)
    except OSError as error:
        raise PrinterOffline() from error
    with device:
        write_whole(device.write, data)


def write_whole(write: Callable[[bytes], int | None], data: bytes) -> None:
    """Write every byte, for a device may take a few at a time; PrinterOffline, or PrintBroken half way."""
    rest = data
    while rest:
        try:
            taken = write(rest)
        except OSError as error:
            raise (PrinterOffline if rest == data else PrintBroken)() from error
        if not taken:
            raise (PrinterOffline if rest == data else PrintBroken)()
        rest = rest[taken:]


def _write_usb(vendor: int, product: int, data: bytes) -> None:
    from escpos.exceptions import Error
    from escpos.printer import Usb

    try:
        printer = Usb(vendor, product, timeout=int(WRITE_S * 1000))
        printer.open()
    except (Error, OSError, RuntimeError, ValueError) as error:
        raise PrinterOffline() from error
    _send(printer, data)


def _write_serial(port: str, baud: int, data: bytes) -> None:
    from escpos.exceptions import Error
    from escpos.printer import Serial

    try:
        printer = Serial(port, baudrate=baud, timeout=WRITE_S)
        printer.open()
    except (Error, OSError, RuntimeError, ValueError) as error:
        raise PrinterOffline() from error
    _send(printer, data)


def _send(printer: object, data: bytes) -> None:
    from escpos.escpos import Escpos
    from escpos.exceptions import Error

    if not isinstance(printer, Escpos):
        raise TypeError(printer)
    try:
        printer._raw(data)
    except (Error, OSError) as error:
        raise PrintBroken() from error
    finally:
        printer.close()

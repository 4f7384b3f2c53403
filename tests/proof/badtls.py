"""A line under TLS whose certificate holds or does not, and what a till says into it."""

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
_DAY = timedelta(days=1)
_PEM = serialization.Encoding.PEM
_ELSEWHERE = b"HTTP/1.1 307 X\r\nContent-Length: 0\r\nConnection: close\r\nLocation: %s\r\n\r\n"
_IDLE_S = 10


class Authority:
    """Who signs the certificates of hosts; its own lies in `file`."""

    def __init__(self, folder: Path, name: str):
        self.file = folder / f"{name}.pem"
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        made = _certificate(self._name, self._name, self._key.public_key(), is_authority=True)
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(_PEM))

    def host(self, name: str = HERE, *, ended: timedelta = -_DAY) -> ssl.SSLContext:
        """What a server shows under a certificate for a name, which ended so long ago."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(_name(name), self._name, key.public_key(), ended=ended)
        alternative = x509.IPAddress(ipaddress.ip_address(name)) if name == HERE else x509.DNSName(name)
        made = made.add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        return _shown(self._folder, made.sign(self._key, hashes.SHA256()), key)


def alone(folder: Path) -> ssl.SSLContext:
    """A certificate that vouches for itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    made = _certificate(_name(HERE), _name(HERE), key.public_key())
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HERE))])
    return _shown(folder, made.add_extension(names, critical=False).sign(key, hashes.SHA256()), key)


@dataclass(slots=True)
class Secured:
    """Listens under TLS and passes on to central; `heard` is all that tills said, unpacked or not."""

    shown: ssl.SSLContext
    central: str = ""
    elsewhere: str = ""
    heard: bytearray = field(default_factory=bytearray)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its address, for as long as it listens."""
        with socket.create_server((HERE, 0)) as listening:
            threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
            try:
                yield f"https://{HERE}:{listening.getsockname()[1]}"
            finally:
                listening.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                sock, _ = listening.accept()
                threading.Thread(target=self._carry, args=(sock,), daemon=True).start()

    def _carry(self, sock: socket.socket) -> None:
        sock.settimeout(_IDLE_S)
        with contextlib.suppress(OSError), self.shown.wrap_socket(sock, server_side=True) as till:
            if self.elsewhere:
                self.heard += till.recv(1 << 20)
                till.sendall(_ELSEWHERE % self.elsewhere.encode())
                while till.recv(1 << 16):  # to close before all is read would reset the line
                    pass
                return
            parts = urlsplit(self.central)
            with socket.create_connection((str(parts.hostname), int(parts.port or 0))) as central:
                back = threading.Thread(target=_pass_on, args=(central, till), daemon=True)
                back.start()
                while data := till.recv(1 << 16):
                    self.heard += data
                    central.sendall(data)


def _pass_on(central: socket.socket, till: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        while data := central.recv(1 << 16):
            till.sendall(data)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    public: ec.EllipticCurvePublicKey,
    *,
    ended: timedelta = -_DAY,
    is_authority: bool = False,
) -> x509.CertificateBuilder:
    until = datetime.now(UTC) - ended
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - 3 * _DAY)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )


def _shown(folder: Path, made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> ssl.SSLContext:
    file = folder / "shown.pem"
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(made.public_bytes(_PEM) + key.private_bytes(_PEM, *plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

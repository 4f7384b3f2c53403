"""A server on loopback that proves itself by TLS, under an authority of its own."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests import loopback


class Secure(ThreadingHTTPServer):
    """Answers a GET with its `status`; `context` believes it, and no machine's own list does."""

    daemon_threads = True

    def __init__(self, folder: Path, host: str = "localhost"):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = 200
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.shaken = 0
        self.shook = threading.Semaphore(0)
        file = folder / f"{host}.pem"
        file.write_bytes(certificate(host))
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(file)
        self.context = ssl.create_default_context(cafile=file)
        self._own = own

    @property
    def name(self) -> str:
        """Its host and port."""
        return f"localhost:{self.server_port}"

    def finish_request(self, request: object, client_address: object) -> None:
        assert not isinstance(request, tuple)
        with self._own.wrap_socket(request, server_side=True) as sock:  # type: ignore[arg-type]
            self.shaken += 1
            self.shook.release()
            super().finish_request(sock, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever leaves in the middle is no trouble."""


class _Handler(BaseHTTPRequestHandler):
    server: Secure

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.send_response_only(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()


@contextmanager
def secure(folder: Path, host: str = "localhost") -> Iterator[Secure]:
    """Such a server whose certificate names a host, for as long as it listens."""
    server = Secure(folder, host)
    with loopback.at_work(server):
        yield server


def certificate(host: str) -> bytes:
    """Key and certificate, one after the other; it signed itself, and is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)

"""Daraja on loopback, in its documented shapes; and whatever else is posted to."""

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.central.place import Fields

SECRET = "secretcanary"
NAME = "ws_CO_191220191020363925"
TAKEN: Fields = {
    "MerchantRequestID": "29115-34620561-1", "CheckoutRequestID": NAME, "ResponseCode": "0",
    "ResponseDescription": "Success. Request accepted for processing", "CustomerMessage": "Success",
}  # fmt: skip


class Safaricom(ThreadingHTTPServer):
    """Daraja's documented shapes on loopback, and what was asked of it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, Fields]] = []
        self.tokens = 0
        self.answers: dict[str, tuple[int, bytes]] = {"processrequest": (200, json.dumps(TAKEN).encode())}

    def says(self, call: str, fields: Fields, status: int = 200) -> None:
        """What it answers from now on."""
        self.answers[call] = (status, json.dumps(fields).encode())


class _Handler(BaseHTTPRequestHandler):
    server: Safaricom

    def do_GET(self) -> None:
        basic = base64.b64encode(f"key:{SECRET}".encode()).decode()
        assert self.headers["Authorization"] == f"Basic {basic}"
        self.server.tokens += 1
        self._answer(200, json.dumps({"access_token": "access", "expires_in": "3599"}).encode())

    def do_POST(self) -> None:
        assert self.headers["Authorization"] == "Bearer access"
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((self.path, json.loads(body)))
        self._answer(*self.server.answers[self.path.rsplit("/", 1)[-1]])

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing on the terminal."""

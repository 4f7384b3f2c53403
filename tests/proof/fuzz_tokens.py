"""A fuzzer that follows the branches of the code: `python fuzz_tokens.py CORPUS -runs=N -seed=N`.

Ends with an error at the first text that is read though nobody signed it, or that raises more than a refusal.
"""

import base64
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["gatepos.seal", "gatepos.domain"]):
    from gatepos.domain import numbers
    from gatepos.domain.gatepass import Payload
    from gatepos.domain.keyring import KeyRow
    from gatepos.errors import Refusal
    from gatepos.seal import checking, token
    from gatepos.seal.keys import TillKey

KEY = TillKey(bytes(range(32)))
KEYRING = {KEY.kid: KeyRow("XNM2", KEY.public, "NNP", "MAIN", "2")}
PEOPLE = ((0, 0, 1), (3, 0, 3), (4, 1, 1))


def genuine(n: int) -> bytes:
    """A pass of this till."""
    number = numbers.make("XNM2", "P", n)
    payload = Payload(0, n, n, n + 86_400, ("NNP",), ("MAIN",), "KDA412M", 2, PEOPLE, 100 * n, number)
    text = token.make(payload, KEY)
    return base64.b32decode(text + "=" * (-len(text) % 8))


SIGNED = [genuine(n) for n in range(1, 21)]


def look(data: bytes) -> None:
    """Read one text, or the text of these bytes, or a paper with this signed content."""
    way, rest = data[:1], data[1:]
    if way == b"t":
        text = rest.decode("latin-1")
    else:
        text = f"GP:{_base32(_signed(rest[:255]) if way == b's' else rest)}"
    try:
        paper = checking.read(text, KEYRING)
    except Refusal:
        return
    is_said_so = way == b"s" and token.encode(paper.payload) == rest[:255]
    if not is_said_so and paper.digest not in DIGESTS:
        raise AssertionError(f"accepted, and nobody signed it: {text}")


def _signed(body: bytes) -> bytes:
    sig = KEY.sign(token.to_be_signed(KEY.kid, body))
    return token.HEAD + KEY.kid + token.PAYLOAD_MARK + bytes([len(body)]) + body + token.SIGNATURE_MARK + sig


def _base32(whole: bytes) -> str:
    return base64.b32encode(whole).decode().rstrip("=")


DIGESTS = {checking.read(f"GP:{_base32(whole)}", KEYRING).digest for whole in SIGNED}

if __name__ == "__main__":
    corpus = Path(sys.argv[1])
    for i, whole in enumerate(SIGNED):
        (corpus / f"bytes-{i}").write_bytes(b"b" + whole)
        (corpus / f"content-{i}").write_bytes(b"s" + whole[14:-66])
        (corpus / f"text-{i}").write_bytes(b"tHTTPS://GATE.EXAMPLE/P/" + _base32(whole).encode())
    atheris.Setup([sys.argv[0], *sys.argv[2:], str(corpus)], look)
    atheris.Fuzz()

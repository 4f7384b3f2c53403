"""A second reader of ledgers and central's words, by FORMATS.md alone: nothing of gatepos is imported."""

import hashlib
import json
import sqlite3
import struct
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(slots=True)
class Read:
    """What the file says, and the first entry of which something is wrong (0: none)."""

    till: str = ""
    entries: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""
    first_bad: int = 0
    why: str = ""

    def bad(self, seq: int, why: str) -> None:
        """Note what is wrong, when it is the first."""
        if not self.first_bad or seq < self.first_bad:
            self.first_bad, self.why = seq, why


def read(file: Path) -> Read:
    """Check a ledger file: form, chain, signatures, numbers, postings, and the columns."""
    found = Read()
    conn = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    rows = conn.execute("SELECT seq, id, kind, number, raw, hash, sig FROM journal ORDER BY seq").fetchall()
    conn.close()
    first = json.loads(rows[0][4])
    found.till = first["till"]
    key = bytes.fromhex(first["data"]["public_key"])
    prev = hashlib.sha256(b"gatepos/genesis/1\0" + found.till.encode() + b"\0" + key).hexdigest()
    public, last = Ed25519PublicKey.from_public_bytes(key), Counter[str]()
    for place, (seq, id_, kind, number, raw, hash_, sig) in enumerate(rows, start=1):
        if seq != place:
            found.bad(place, "missing")
            break
        digest = hashlib.sha256(b"gatepos/entry/1\0" + raw).digest()
        try:
            entry = json.loads(raw)
            public.verify(sig, b"gatepos/entry-sig/1\0" + digest)
        except ValueError:
            found.bad(seq, "not JSON")
            break
        except InvalidSignature:
            found.bad(seq, "signature")
        if canonical(entry) != raw:
            found.bad(seq, "form")
        if entry["prev"] != prev or hash_ != digest:
            found.bad(seq, "chain")
        if (entry["seq"], entry["id"], entry["kind"], entry["till"]) != (seq, id_, kind, found.till):
            found.bad(seq, "columns")
        if entry["data"].get("number") != number:
            found.bad(seq, "number column")
        if number is not None:
            last[number[4]] += 1
            if number != made(found.till, number[4], last[number[4]]):
                found.bad(seq, "number")
        if entry["kind"] == "shift.closed":
            head = (entry["data"]["head_seq"], entry["data"]["head_hash"])
            if head != (seq - 1, prev):
                found.bad(seq, "head")
        if any(balances(entry).values()):
            found.bad(seq, "postings")
        found.entries.append(entry)
        prev = found.head = digest.hex()
    return found


def said(public: str, kind: str, body: bytes) -> dict[str, Any] | None:
    """What central says under a key as a kind; None where the key did not sign it as that."""
    whole = json.loads(body)
    raw = whole["raw"].encode()
    message = b"gatepos/" + kind.encode() + b"/1\0" + hashlib.sha256(raw).digest()
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(whole["sig"]), message)
    except InvalidSignature:
        return None
    fields: dict[str, Any] = json.loads(raw)
    return fields if fields["kind"] == kind else None


def canonical(entry: dict[str, Any]) -> bytes:
    """The one way to write an entry."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def balances(entry: dict[str, Any]) -> Counter[str]:
    """The sum of an entry's postings by currency."""
    sums = Counter[str]()
    for _, currency, amount in entry["postings"]:
        sums[currency] += amount
    return sums


def made(till: str, series: str, n: int) -> str:
    """The n-th number of a series, with its check character by ISO 7064 MOD 37,36."""
    body = f"{till}{series}{n:06d}"
    rest = 36
    for character in body:
        rest = (rest + ALPHABET.index(character)) % 36 or 36
        rest = rest * 2 % 37
    return body + ALPHABET[(37 - rest) % 36]


def tape(folder: Path, till: str) -> list[tuple[bytes, bytes]]:
    """Raw and signature of every whole frame of a tape."""
    found = []
    for path in sorted(folder.glob(f"{till}-*.tape")):
        data, at = path.read_bytes(), 0
        while (at := data.find(b"GPT1", at)) >= 0:
            (length,) = struct.unpack_from("<I", data, at + 4)
            end = at + 8 + length + 64
            if zlib.crc32(data[at:end]) == struct.unpack_from("<I", data, end)[0]:
                found.append((data[at + 8 : at + 8 + length], data[at + 8 + length : end]))
                at = end + 4
            else:
                at += 1
    return found

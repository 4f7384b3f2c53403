"""What goes between a till and central, as tables of fields: nothing here is trusted for its form alone."""

import re
from typing import cast

import orjson

from gatepos.domain import outside, records, shapes
from gatepos.domain.shapes import Field, Table
from gatepos.errors import Refusal
from gatepos.i18n import N_

DECODED_MAX = 1024 * 1024
"""Bytes of one body or answer, unpacked."""
ENTRIES_MAX = 500
FEEDS = (
    "schedules", "rates", "staff", "keyring", "revocations", "passes", "payments", "prepaid", "policy",
)  # fmt: skip
HEX_SIGNATURE = 128
CERTIFICATE_HEADER = "Gatepos-Certificate"
"""The header in which a till shows its certificate, in base64, to a central that may have forgotten it."""
CENTRAL_HEADER = "Gatepos-Central"
"""The header in which a till says by its id which key of central it believes: that one signs the answer."""
BEHIND, FORK = "behind", "fork"
WORKS, DOWN = "works", "down"
"""The error by which central says that it has less, and the flag of an entry where two journals part."""

_list = shapes.Type("list", lambda value: isinstance(value, list))
_object = shapes.Type("object", lambda value: isinstance(value, dict))
_key = shapes.Type("64 hex", shapes.HASH.holds)
_signature = shapes.Type("128 hex", lambda value: _is_hex(value, HEX_SIGNATURE))
_code = shapes.Type("text of at most 64", lambda value: isinstance(value, str) and 0 < len(value) <= 64)
_to = shapes.Type("text of at most 12", lambda value: isinstance(value, str) and 0 < len(value) <= 12)
_paybill = shapes.Type(
    "5 to 9 digits", lambda value: isinstance(value, str) and re.fullmatch("[0-9]{5,9}", value) is not None
)
_phone = shapes.Type("254 and nine digits", lambda value: _is_phone(value))
SEQ = shapes.whole(0, 2**50)

FLAGGED: Table = {
    "seq": Field(SEQ, "which entry"),
    "why": Field(shapes.WORD, "what central dislikes about it; it is stored all the same"),
}
PUSH: Table = {
    "from": Field(SEQ, "the entry before the first one here, 0 for none"),
    "from_hash": Field(shapes.HASH, "its hash, or the genesis"),
    "entries": Field(_list, "raw and sig of each, in order, at most 500"),
}
ENROL: Table = {
    "code": Field(_code, "single-use, from central"),
    "till": Field(shapes.TILL, "the code of a till that asks again", null=True),
    "public_key": Field(_key, "the till's"),
    "proof": Field(_signature, "that it holds the private one"),
}
TOLD: Table = {
    "what": Field(shapes.one_of(*outside.TOLD), "M-PESA or the national platform"),
    "state": Field(shapes.one_of(WORKS, DOWN), "how it stands"),
    "by": Field(shapes.one_of(outside.By.TRAFFIC, outside.By.OFFICE), "its dealings, or a person there"),
    "since": Field(shapes.MOMENT, "since when, by central's clock"),
    "at": Field(shapes.MOMENT, "when that was found or said, by central's clock"),
}
ACK: Table = {
    "kind": Field(shapes.one_of("ack"), "what is said"),
    "for": Field(_to, "the till"),
    "acked": Field(SEQ, "the highest entry up to which all are stored"),
    "acked_hash": Field(shapes.HASH, "its hash"),
    "flagged": Field(shapes.many(shapes.record("flag", FLAGGED), ENTRIES_MAX), "stored, and disliked"),
    "outside": Field(
        shapes.many(shapes.record("word", TOLD), len(outside.TOLD)),
        "the newest word of each",
        null=True,
        is_added=True,
    ),
    "at": Field(shapes.MOMENT, "by central's clock"),
}
ERROR: Table = {
    "kind": Field(shapes.one_of("error"), "what is said"),
    "for": Field(_to, "the till, or `*` where central does not know which"),
    "error": Field(shapes.WORD, "its name"),
    "says": Field(shapes.FREE, "in words"),
    "head": Field(SEQ, "central's last entry of the till", null=True),
    "head_hash": Field(shapes.HASH, "its hash", null=True),
    "at": Field(shapes.MOMENT, "by central's clock"),
}
FEED: Table = {
    "kind": Field(shapes.one_of("feed"), "what is said"),
    "for": Field(_to, "the till or its park"),
    "feed": Field(shapes.one_of(*FEEDS), "which"),
    "from": Field(SEQ, "the version that this page follows"),
    "version": Field(SEQ, "the version after it"),
    "more": Field(shapes.FLAG, "whether there is another page"),
    "body": Field(_list, "the rows that were added since, each an object"),
    "at": Field(shapes.MOMENT, "by central's clock"),
}
CERTIFICATE: Table = {
    "kind": Field(shapes.one_of("certificate"), "what is said"),
    "for": Field(_to, "the till"),
    "certificate": Field(shapes.record("certificate", records.CERTIFICATE), "its row of every keyring"),
    "token": Field(_code, "what it shows at each call; central keeps its hash"),
    "central_key": Field(_key, "central's own"),
    "at": Field(shapes.MOMENT, "by central's clock"),
}
STK: Table = {
    "phone": Field(_phone, "who pays; kept nowhere"),
    "account": Field(shapes.number("BP"), "the bill or the pass"),
    "amount_minor": Field(shapes.MINOR, "whole shillings, as minor units"),
    "paybill": Field(_paybill, "to which the bill or pass is paid"),
}
STK_SAID: Table = {
    "kind": Field(shapes.one_of("stk"), "what is said"),
    "for": Field(_to, "the till"),
    "request": Field(_code, "Daraja's name for it, by which the till asks again"),
    "state": Field(
        shapes.one_of("waiting", "paid", "cancelled", "no_money", "no_answer", "wrong_pin", "failed"),
        "what became of it; the money itself comes as a payment",
    ),
    "at": Field(shapes.MOMENT, "by central's clock"),
}
SIGNED: Table = {
    "raw": Field(shapes.Type("text", lambda value: isinstance(value, str)), "the JSON of what is said"),
    "sig": Field(_signature, "over its kind and its SHA-256"),
}
ERASED, ERASED_FILE = "erased", "erased_file"
ERASED_PAGE_MAX = 2 * DECODED_MAX
KEPT: Table = {
    "kind": Field(shapes.one_of(ERASED_FILE), "what is said"),
    "for": Field(_to, "the till itself"),
    "of": Field(_code, "the file's name"),
    "digest": Field(shapes.HASH, "SHA-256 of what stands after it"),
}
SAID = {
    "ack": ACK,
    "error": ERROR,
    "feed": FEED,
    "certificate": CERTIFICATE,
    "stk": STK_SAID,
    ERASED: {**FEED, "kind": Field(shapes.one_of(ERASED), "what is said")},
    ERASED_FILE: KEPT,
}
"""What central signs, by its kind; and what a till does of what it kept and erased."""


class BadBody(Refusal):
    """Something of another form than was agreed."""

    says = N_("What came over the network has another form: {why}.")


def parsed(table: Table, data: bytes, most: int = DECODED_MAX) -> dict[str, object]:
    """The fields of a JSON object; BadBody unless they are exactly those of `table`."""
    if len(data) > most:
        raise BadBody(why=f"longer than {most >> 20} MiB")
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadBody(why="not JSON") from error
    why = shapes.why_not(table, value)
    if why is not None:
        raise BadBody(why=why)
    return cast("dict[str, object]", value)


def dump(fields: dict[str, object]) -> bytes:
    """A JSON object, its names in order."""
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


def _is_hex(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and not set(value) - set("0123456789abcdef")


def _is_phone(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch("254[17][0-9]{8}", value, re.ASCII) is not None

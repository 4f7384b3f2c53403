"""What a scanner typed: glued scans taken apart, other keyboards' letters read back, and what is not ours.

Nothing here decides whether a paper is good: the signature does.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import pairwise

SCANNED_MAX = 5_000
"""Characters kept of one scan: the largest QR code holds 4,296."""
READ_MAX = 700
"""The longest text that may be one of ours (FORMATS.md §4)."""
_PIECES_MAX = 20


class Kind(StrEnum):
    """What something that is not ours is."""

    ECITIZEN_TICKET = "ecitizen_ticket"
    MPESA_QR = "mpesa_qr"
    WEB_ADDRESS = "web_address"
    WIFI = "wifi"
    CONTACT = "contact"
    PHONE = "phone"
    EMAIL = "email"
    PLAIN_TEXT = "plain_text"
    NUMBER_ONLY = "number_only"
    BINARY = "binary"
    NOTHING = "nothing"


def split(text: str) -> tuple[str, ...]:
    """The scans that ran together in one text, in their order; one scan alone stays one."""
    text = _AIM.sub("", text[:SCANNED_MAX])
    for layout in (_FOLD, *_LAYOUTS):
        read = text.translate(layout)
        if _OURS.search(read):
            starts = [mark.start() for mark in _MARK.finditer(read)][:_PIECES_MAX]
            return _pieces(text, [0, *starts, len(text)])
    return _pieces(text, [0, len(text)])


def readings(text: str) -> Iterator[str]:
    """The text as scanned; then, where it begins like ours, as a US keyboard would have typed it.

    A scanner that plays a US keyboard to a till with QWERTZ or AZERTY keys, or whose Shift slips, types other
    characters on the same keys. Each reading is another text; over 700 characters there is only the first.
    """
    yield text
    if len(text) > READ_MAX:
        return
    text = text.strip()
    seen = {text.translate(_FOLD)}
    for layout in _LAYOUTS:
        read = text.translate(layout)
        if read not in seen and _MARK.match(read):
            seen.add(read)
            yield read


def begins_like_ours(text: str) -> bool:
    """Whether the first characters may be the beginning of one of ours, on any keyboard."""
    head = text[:4]
    return len(head) == 4 and any(
        head.translate(layout).startswith(("HTTP", "GP:", "GB:")) for layout in (_FOLD, *_LAYOUTS)
    )


def kind_of(text: str) -> Kind:
    """What a text that is not ours is, in a word; any text has one."""
    text = text[:SCANNED_MAX]
    if _UNPRINTED.search(text):
        return Kind.BINARY
    text = text.strip()
    if not text:
        return Kind.NOTHING
    return next((kind for kind, pattern in _KINDS if pattern.match(text)), Kind.PLAIN_TEXT)


def _pieces(text: str, cuts: list[int]) -> tuple[str, ...]:
    pieces = (text[start:end].strip() for start, end in pairwise(cuts))
    return tuple(piece for piece in pieces if piece)


def _layout(keys: Mapping[str, str]) -> dict[int, str]:
    """A keyboard: what it types, by the character that a US keyboard has on the same key."""
    read = {ord(small): small.upper() for small in "abcdefghijklmnopqrstuvwxyz"}
    read |= {ord(typed): ours for ours, all_typed in keys.items() for typed in all_typed}
    return read


# Each character of ours on the left, with Shift or without on the right: Caps Lock may turn either into the
# other. One character for one, so that a place in a reading is the same place in the text.
_FOLD = _layout({})
_SHIFT_SLIPPED = _layout(
    {":": ";", "/": "?", ".": ">", "-": "_"}
    | dict(zip("1234567890", ("!", '@"', "#£", *"$%^&*()"), strict=True))
)
_QWERTZ = _layout(
    {"Y": "Zz", "Z": "Yy", ":": "ÖöÉé", "/": "-_", ".": ":", "-": "ß?"}
    | dict(zip("1234567890", '!"§$%&/()=', strict=True))
)
_AZERTY = _layout(
    {"A": "Qq", "Q": "Aa", "W": "Zz", "Z": "Ww", "M": ",?", ":": "Mm", "/": "!§", ".": ":/", "-": ")°"}
    | dict(zip("1234567890", ("&", "éÉ", '"', "'", "(", "-", "èÈ", "_", "çÇ", "àÀ"), strict=True))
)
_LAYOUTS = (_QWERTZ, _AZERTY, _SHIFT_SLIPPED)

_SLIP = "GB:[0-9]{1,4}:[^:]{0,40}:[^:]{0,40}:[^:]{0,40}:[0-9]"
"""How a driver's slip begins (FORMATS.md §9); a plate that ends in GB does not stand before so much."""
_MARK = re.compile(rf"HTTPS://|GP:|{_SLIP}")
_OURS = re.compile(rf"(?:HTTPS://[A-Z0-9.:-]{{1,110}}/P/|GP:)[A-Z2-7]{{8}}|{_SLIP}")
_AIM = re.compile(r"\][A-Z][0-9A-Z](?=HTTPS://|G[PB]:)", re.IGNORECASE)
"""What many scanners can put before each scan: the kind of code."""

_UNPRINTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
_KINDS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE | re.DOTALL))
    for kind, pattern in (
        (Kind.WIFI, r"WIFI:"),
        (Kind.CONTACT, r"BEGIN:VCARD|MECARD:|BIZCARD:"),
        (Kind.EMAIL, r"(?:MAILTO|MATMSG|SMTP):|[^\s@:/]{1,64}@[a-z0-9.-]{1,250}\.[a-z]{2,24}\Z"),
        (Kind.PHONE, r"(?:TEL|SMS|SMSTO):|(?:\+|00)[1-9][0-9 ()-]{6,18}\Z|(?:0|254)[17][0-9]{8}\Z"),
        # The Kenya QR Code Standard 2023 is EMVCo's: fields of tag, length and value.
        (Kind.MPESA_QR, r"000201.{0,500}?(?:ke\.go\.qr|5802KE|m-?pesa|safaricom)"),
        (Kind.MPESA_QR, r"\{.{0,500}?\"(?:TrxCode|CPI)\""),
        (Kind.ECITIZEN_TICKET, r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){0,5}(?:ecitizen\.go\.ke|pesaflow\.com)(?=[:/?#]|\Z)"),
        (Kind.WEB_ADDRESS, r"[a-z][a-z0-9+.-]{1,15}://|www\.|(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?:[/?#:]\S*)?\Z"),
        (Kind.ECITIZEN_TICKET, r".{0,500}?\b(?:e-?citizen|kwspay)\b"),
        (Kind.NUMBER_ONLY, r"[0-9][0-9 .-]*\Z"),
    )
)  # fmt: skip

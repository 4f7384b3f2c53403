"""Where a till's central is: `central.toml` in its folder, and the token in a private file beside it."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from gatepos import files
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.seal import keys

FILE, TOKEN = "central.toml", "central.token"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,64}", re.ASCII)


class BadAddress(Trouble):
    """A file that should say where central is, and does not."""

    says = N_("{file} does not say where central is: {why}. Nothing is sent; selling goes on.")


class NotPrivate(Trouble):
    """An address to which a token would travel in the open."""

    says = N_("Central's address is not HTTPS. Nothing is sent; selling goes on.")


@dataclass(frozen=True, slots=True)
class Address:
    """Central's URL and public key, and what a till shows to it.

    `is_demo` where central only plays: then, and only then, a demonstration ledger may be sent to it.
    """

    url: str
    key: bytes
    token: str = field(repr=False)
    is_demo: bool = False


def load(folder: Path) -> Address | None:
    """The address in a till's folder; None where the till is not enrolled. BadAddress, NotPrivate."""
    try:
        found = tomllib.loads(_text(folder / FILE))
    except FileNotFoundError:
        return None
    except tomllib.TOMLDecodeError as error:
        raise BadAddress(file=FILE, why="it is not TOML") from error
    url, key, demo = found.get("url"), found.get("key"), found.get("demo", False)
    if not isinstance(url, str) or not isinstance(key, str) or not isinstance(demo, bool):
        raise BadAddress(file=FILE, why="url, key and demo are not what they should be")
    check_url(url)
    return Address(url.rstrip("/"), _key(key), _token(folder), demo)


def save(folder: Path, address: Address) -> None:
    """Keep an address, the token for its owner alone."""
    files.write_whole(folder / TOKEN, address.token.encode() + b"\n", files.PRIVATE)
    demo = "demo = true\n" if address.is_demo else ""
    text = f'url = "{address.url}"\nkey = "{address.key.hex()}"\n{demo}'
    files.write_whole(folder / FILE, text.encode())


def check_url(url: str) -> None:
    """HTTPS anywhere, HTTP to this machine alone; BadAddress, NotPrivate."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadAddress(file=FILE, why="url is none") from error
    is_plain = parts.username is None and not parts.query and not parts.fragment and url.isprintable()
    if not host or not is_plain or '"' in url or "\\" in url:
        raise BadAddress(file=FILE, why="url is none")
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(host)):
        raise NotPrivate()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
        keys.check_public(key)
    except (ValueError, keys.WeakKey) as error:
        raise BadAddress(file=FILE, why="key is no public key") from error
    return key


def _token(folder: Path) -> str:
    try:
        token = _text(folder / TOKEN).strip()
    except FileNotFoundError as error:
        raise BadAddress(file=TOKEN, why="it is missing") from error
    if not _TOKEN.fullmatch(token):
        raise BadAddress(file=TOKEN, why="it holds no token")
    return token


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise BadAddress(file=path.name, why="it cannot be read") from error

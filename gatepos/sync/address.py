"""Where a till's central is: `central.toml` in its folder, beside it the certificate that let it in."""

import re
import ssl
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from gatepos import files
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger.ledger import Ledger
from gatepos.seal import keys, said
from gatepos.wire import urls

FILE, CERTIFICATE = "central.toml", "central.certificate"
AUTHORITIES = "central.pem"
"""Certificates of the authorities that may vouch for central, where an organisation has its own."""
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,64}", re.ASCII)


class BadAddress(Trouble):
    """A file that should say where central is, and does not."""

    says = N_("{file} does not say where central is: {why}. Nothing is sent; selling goes on.")


class NotPrivate(Trouble):
    """An address to which a token would travel in the open."""

    says = N_("Central's address is not HTTPS. Nothing is sent; selling goes on.")


class AddressNotKept(Trouble):
    """Central has a new key, and the disk did not take it: it is told again."""

    says = N_("Central's new key could not be kept in {file}: {why}. It is asked for again.")


@dataclass(frozen=True, slots=True)
class Address:
    """Central's URL and public key, the token shown to it, and the signed certificate that holds it.

    `is_demo` where central only plays: then, and only then, a demonstration ledger may be sent to it.
    `authorities` are the only ones believed for its TLS; where None, those that every browser knows.
    """

    url: str
    key: bytes
    token: str = field(repr=False)
    certificate: bytes = field(default=b"", repr=False)
    is_demo: bool = False
    authorities: Path | None = None
    former: tuple[bytes, ...] = ()
    """Keys with which central spoke before: of what is kept they signed the older."""
    distrusted: tuple[bytes, ...] = ()
    """Of these, those that count for nothing new: somebody may have copied them."""


def load(folder: Path, ledger: Ledger) -> Address | None:
    """The address in a till's folder; None where the till is not enrolled. BadAddress, NotPrivate."""
    return of(folder, ledger.context.till, ledger.public_key)


def of(folder: Path, till: str, public: bytes) -> Address | None:
    """The address of a till by its code and key, whether or not its ledger has begun; as `load`."""
    found = _named(folder)
    if found is None:
        return None
    url, key, demo = found.get("url"), found.get("key"), found.get("demo", False)
    if not isinstance(url, str) or not isinstance(key, str) or not isinstance(demo, bool):
        raise BadAddress(file=FILE, why="url, key and demo are not what they should be")
    check_url(url)
    central, *former = _keys(found)
    certificate, token = _certificate(folder, till, public, (central, *former))
    return Address(
        url.rstrip("/"), central, token, certificate, demo, authorities(folder), tuple(former),
        _listed(found, "distrusted"),
    )  # fmt: skip


def authorities(folder: Path) -> Path | None:
    """The file of an organisation's own authorities, where it lies in a till's folder; BadAddress."""
    path = folder / AUTHORITIES
    if not path.exists():
        return None
    try:
        ssl.create_default_context(cafile=path)
    except OSError as error:
        raise BadAddress(file=AUTHORITIES, why="it holds no certificate that can be read") from error
    return path


def carry_authorities(authorities: Path | None, folder: Path) -> None:
    """Let another till's folder believe the same authorities, where an organisation has its own; OSError."""
    if authorities is not None:
        files.write_whole(folder / AUTHORITIES, authorities.read_bytes())


def distrusted_keys(folder: Path) -> tuple[bytes, ...]:
    """Those of the keys in a till's folder that count for nothing new; BadAddress."""
    found = _named(folder)
    return _listed(found, "distrusted") if found is not None else ()


def central_keys(folder: Path) -> tuple[bytes, ...]:
    """The keys of the central named in a till's folder, the present one first; none where none is named.

    BadAddress.
    """
    found = _named(folder)
    return _keys(found) if found is not None else ()


def save(folder: Path, address: Address) -> None:
    """Keep an address; the certificate first, and for its owner alone, because it holds the token."""
    files.write_whole(folder / CERTIFICATE, address.certificate, files.PRIVATE)
    _write(folder, address)


def keep(folder: Path, address: Address) -> None:
    """Central speaks with another key from now on, or one counts no more; AddressNotKept."""
    try:
        _write(folder, address)
    except OSError as error:
        raise AddressNotKept(file=FILE, why=error.strerror) from error


def _write(folder: Path, address: Address) -> None:
    demo = "demo = true\n" if address.is_demo else ""
    former = _line("former", address.former) + _line("distrusted", address.distrusted)
    text = f'url = "{address.url}"\nkey = "{address.key.hex()}"\n{former}{demo}'
    files.write_whole(folder / FILE, text.encode())


def _line(name: str, publics: Sequence[bytes]) -> str:
    quoted = ", ".join(f'"{key.hex()}"' for key in publics)
    return f"{name} = [{quoted}]\n" if quoted else ""


def move(folder: Path, url: str) -> None:
    """Central listens elsewhere; its key, and who it is to the till, stay. BadAddress, NotPrivate."""
    check_url(url)
    text = _read(folder / FILE).decode()
    moved = re.sub(r'(?m)^url = ".*"$', lambda _: f'url = "{url.rstrip("/")}"', text)
    files.write_whole(folder / FILE, moved.encode())


def check_url(url: str) -> None:
    """HTTPS anywhere, HTTP to this machine alone; BadAddress, NotPrivate."""
    parts = urls.parsed(url)
    if parts is None:
        raise BadAddress(file=FILE, why="url is none")
    if not urls.is_private(parts):
        raise NotPrivate()


def _named(folder: Path) -> dict[str, object] | None:
    try:
        return tomllib.loads(_read(folder / FILE).decode())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise BadAddress(file=FILE, why="it is not TOML") from error


def _keys(found: dict[str, object]) -> tuple[bytes, ...]:
    return _key(str(found.get("key"))), *_listed(found, "former")


def _listed(found: dict[str, object], name: str) -> tuple[bytes, ...]:
    listed = found.get(name, [])
    if not isinstance(listed, list):
        raise BadAddress(file=FILE, why=f"{name} is no list of keys")
    return tuple(_key(str(text)) for text in listed)


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
        keys.check_public(key)
    except (ValueError, keys.WeakKey) as error:
        raise BadAddress(file=FILE, why="key is no public key") from error
    return key


def _certificate(folder: Path, till: str, public: bytes, central: Sequence[bytes]) -> tuple[bytes, str]:
    """The certificate of this very till and key, and the token in it."""
    try:
        data = _read(folder / CERTIFICATE)
        signer = said.signer(central, "certificate", data)
        fields = said.read(signer, "certificate", till, data)
    except FileNotFoundError as error:
        raise BadAddress(file=CERTIFICATE, why="it is missing") from error
    except Refusal as error:
        raise BadAddress(file=CERTIFICATE, why="central did not sign it for this till") from error
    row, token = cast("dict[str, object]", fields["certificate"]), cast(str, fields["token"])
    if row["public_key"] != public.hex() or not _TOKEN.fullmatch(token):
        raise BadAddress(file=CERTIFICATE, why="it is for another key")
    return data, token


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError as error:
        raise BadAddress(file=path.name, why="it cannot be read") from error

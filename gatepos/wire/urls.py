"""Addresses to which secrets go: HTTPS anywhere, HTTP to this machine alone."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from gatepos.errors import Refusal
from gatepos.i18n import N_


class InTheOpen(Refusal):
    """An address to which a secret would go in the open."""

    says = N_("{url} is not HTTPS: what goes there could be read on the way. Nothing was sent.")


def parsed(url: str) -> SplitResult | None:
    """The parts of an address that names a host and holds nothing that could mean another; None otherwise."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    is_plain = parts.username is None and not parts.query and not parts.fragment and url.isprintable()
    return parts if host and is_plain and '"' not in url and "\\" not in url else None


def check_private(url: str) -> None:
    """InTheOpen."""
    try:
        is_safe = is_private(urlsplit(url))
    except ValueError:
        is_safe = False
    if not is_safe:
        raise InTheOpen(url=url.partition("?")[0][:100])


def is_private(parts: SplitResult) -> bool:
    """Whether nobody on the way can read what goes there."""
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts.hostname or ""))


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"

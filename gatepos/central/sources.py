"""Where a request comes from, as far as central counts by it."""

import ipaddress


def place(source: str) -> str:
    """What is counted as one for an address: a home's IPv6 is one place."""
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

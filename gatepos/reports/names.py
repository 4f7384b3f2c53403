"""What columns are called in files: amounts say `_minor` where they are in minor units, and only there."""

from gatepos.reports.sheet import Column, Kind

_SUFFIXES = {Kind.KES: "_minor", Kind.USD: "_minor", Kind.RATE: "_e4"}


def plain(column: Column) -> str:
    """The name where amounts have decimals: `paid` of `paid_minor`."""
    return column.name.removesuffix(_SUFFIXES.get(column.kind, ""))


def minor(column: Column) -> str:
    """The name where amounts are whole: `paid_minor`, `rate_e4`."""
    return plain(column) + _SUFFIXES.get(column.kind, "")

"""The columns that several papers have."""

from dataclasses import replace

from gatepos.i18n import N_
from gatepos.reports.sheet import Column, Kind

NUMBER = Column("number", N_("Number"))
TILL = Column("till", N_("Till"))
GATE = Column("gate", N_("Gate"))
SHIFT = Column("shift", N_("Shift"))
STAFF = Column("staff", N_("Clerk"))
SECOND = Column("second", N_("Second person"))
DAY = Column("day", N_("Business day"), Kind.DAY)
AT = Column("at", N_("At"), Kind.MOMENT)
PLATE = Column("plate", N_("Plate"))
REASON = Column("reason", N_("Reason"))
STATE = Column("state", N_("State"))
PAPERS = Column("papers", N_("Papers"), Kind.COUNT, is_summed=True)
PEOPLE = Column("people", N_("People"), Kind.COUNT, is_summed=True)


def unprinted(*columns: Column) -> tuple[Column, ...]:
    """The same columns, in files alone."""
    return tuple(replace(column, is_printed=False) for column in columns)


def kes(name: str, title: str, *, is_summed: bool = True) -> Column:
    """KES minor units, summed unless that says nothing."""
    return Column(f"{name}_minor", title, Kind.KES, is_summed)


def usd(name: str, title: str) -> Column:
    """USD minor units, summed."""
    return Column(f"{name}_minor", title, Kind.USD, is_summed=True)


def count(name: str, title: str) -> Column:
    """How many, summed."""
    return Column(name, title, Kind.COUNT, is_summed=True)


WRITTEN = (AT, *unprinted(DAY), TILL, *unprinted(GATE, SHIFT), STAFF)
"""When, where and by whom something was written."""

"""What a report is asked of: whose books, which days, as of when, in whose words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gatepos.domain import labels, money
from gatepos.domain.fees import FeeTitle, Schedule
from gatepos.domain.parks import Park
from gatepos.i18n import Words
from gatepos.ledger.registers import Outage
from gatepos.ledger.source import Source, Standing
from gatepos.ledger.takings import Rows, Span


@dataclass(frozen=True, slots=True)
class Prices:
    """The fee schedules that are known, by id, and what their fees are called."""

    schedules: Mapping[str, Schedule]
    titles: Mapping[str, FeeTitle]


@dataclass(frozen=True, slots=True)
class Scope:
    """`span` of the books of `source` as they stand at the moment `at`; `park` None where it is of all parks.

    `standings` are the tills of the span, as far as they are known.
    """

    source: Source
    span: Span
    at: str
    standings: tuple[Standing, ...]
    prices: Prices
    park: Park | None
    words: Words

    @property
    def rows(self) -> Rows:
        """The books."""
        return self.source.rows

    def gate(self, code: str | None) -> str:
        """What a gate is called; its code where it is a gate of some park."""
        return self.park.gate_name(code) if self.park is not None and code else code or ""

    def fee(self, fee: str, category: str, age: str) -> str:
        """What a fee is called."""
        return labels.fee(fee, category, age, self.words, self.prices.titles)

    def tender(self, kind: str, paybill: str | None = None) -> str:
        """What a way of paying is called, with the paybill of M-PESA."""
        label = self.words(labels.TENDERS.get(kind, kind))
        return f"{label} {paybill}" if paybill else label

    def during(self, outage: Outage) -> Span:
        """What of the span was written inside an outage."""
        last = outage.to_seq if outage.to_seq is not None else 2**50
        return replace(self.span, tills=(outage.till,), entries=(outage.seq, last))


def in_kes(amounts: Sequence[tuple[str, int]]) -> tuple[int, int]:
    """The sums of (currency, minor units): KES, USD."""
    return (
        sum(minor for currency, minor in amounts if currency == money.KES),
        sum(minor for currency, minor in amounts if currency == money.USD),
    )

"""What a till took on a business day up to one of its entries: the figure that somebody says by telephone."""

from dataclasses import dataclass

from gatepos.domain import money


@dataclass(frozen=True, slots=True)
class Figure:
    """Whose, of which business day, up to which entry; for how many papers, and what was taken, minor units.

    What was paid elsewhere before, by a ticket, is none of it.
    """

    till: str
    day: str
    seq: int
    papers: int
    kes_minor: int
    usd_minor: int

    @property
    def fields(self) -> tuple[str, ...]:
        """As texts, in the order in which they are read out."""
        return (
            self.till, self.day, str(self.kes_minor), str(self.usd_minor), str(self.papers), str(self.seq),
        )  # fmt: skip

    def shown(self) -> str:
        """`KES 412,000 + USD 30`."""
        kes = money.shown(money.KES, self.kes_minor)
        return f"{kes} + {money.shown(money.USD, self.usd_minor)}" if self.usd_minor else kes

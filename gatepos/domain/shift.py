"""Counting a drawer: notes and coins, before anybody sees what was expected."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from gatepos.domain import money
from gatepos.errors import Refusal
from gatepos.i18n import N_

KES_FACES = (1000, 500, 200, 100, 50, 40, 20, 10, 5, 1)
USD_FACES = (100, 50, 20, 10, 5, 2, 1)
FACES = {money.KES: KES_FACES, money.USD: USD_FACES}
_COUNT_MAX = 100_000


class NoSuchFace(Refusal):
    """A note or coin that does not exist."""

    says = N_("There is no note or coin of {currency} {value}.")


class BadCount(Refusal):
    """A count of notes that cannot be."""

    says = N_("Count each note and coin: a number from 0 to 100,000.")


@dataclass(frozen=True, slots=True)
class Denomination:
    """So many notes or coins of one face value."""

    currency: str
    value_minor: int
    count: int

    def as_data(self) -> dict[str, object]:
        """As an entry holds it."""
        return asdict(self)


def denomination(currency: str, face: int, count: int) -> Denomination:
    """`count` notes or coins of `face` whole shillings or dollars; NoSuchFace, BadCount."""
    if face not in FACES.get(currency, ()):
        raise NoSuchFace(currency=currency[:3], value=face)
    if not 0 <= count <= _COUNT_MAX:
        raise BadCount()
    return Denomination(currency, face * money.MINOR, count)


def counted(denominations: Iterable[Denomination]) -> dict[str, int]:
    """Minor units per currency; KES always stands in it."""
    sums = {money.KES: 0}
    for one in denominations:
        sums[one.currency] = sums.get(one.currency, 0) + one.value_minor * one.count
    return sums

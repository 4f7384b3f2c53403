"""The check code of a figure that somebody reads out by telephone: central knows by it that the till said so.

Eight digits of BLAKE2b under the secret that only the till's key and central's can make (X25519, as for an
answer by radio), over the till, its business day, the amounts, the papers and the last entry. Nobody without
one of the two keys makes a code, and beside a true one none of these can be read out otherwise; a guess is
right once in 100 million, and central lets wrong ones wait. It vouches that the till reckoned so, not that
its journal is whole: that the entries alone show, and central compares when they come.
"""

from gatepos.domain.figures import Figure
from gatepos.seal import digits
from gatepos.seal.keys import TillKey

_TELEPHONE = b"telephone/figure"


def code(own: TillKey, other: bytes, figure: Figure) -> str:
    """The eight digits, the same by the one's key and the other's public one either way. WeakKey."""
    return digits.keyed(own.shared_with(other), _TELEPHONE, figure.fields)

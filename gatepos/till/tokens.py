"""What the token on a paper says, from what was sold."""

from collections.abc import Mapping
from datetime import date
from typing import cast

from gatepos.domain import gatepass, moments
from gatepos.domain.gatepass import Payload
from gatepos.till.desk import Desk

_DAY_S = 86_400


def receipt(desk: Desk, sold: Mapping[str, object]) -> Payload:
    """The kind-1 token of a receipt: paid, nothing owed; 24 h a day from now, or from the day of entry.

    A clock that is wrong cannot say when now is: the business day, from the gate's opening, stands for it.
    """
    opens = desk.park.hours.enter_from
    issued = desk.clock.wall_ms() // 1000
    if desk.ledger.state.clock != "ok":
        issued = moments.at_local(desk.today(), opens.hour, opens.minute) // 1000
    enter_on = date.fromisoformat(cast(str, sold["enter_on"]))
    valid_from = issued
    if enter_on > desk.today():
        valid_from = moments.at_local(enter_on, opens.hour, opens.minute) // 1000
    return Payload(
        kind=gatepass.PAID,
        issued=issued,
        valid_from=valid_from,
        valid_until=valid_from + cast(int, sold["days"]) * _DAY_S,
        parks=desk.book.parks.product(cast(str, sold["product"])).parks,
        exits=(),
        plate=cast(str, sold["plate"]),
        band=cast(int, sold["band"]),
        people=tuple((category, age, n) for category, age, n in cast("list[list[int]]", sold["people"])),
        due=0,
    )

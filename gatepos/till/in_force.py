"""What is in force at a till, as another can take it over: its people, schedule, rate and policy."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain.staff import Person
from gatepos.till.desk import Desk


@dataclass(frozen=True, slots=True)
class InForce:
    """People by staff number, policy by key, fees confirmed there; nothing secret, and no name of anybody."""

    staff: Mapping[str, Person]
    schedule: str | None = None
    rate: str | None = None
    rate_e4: int | None = None
    policy: Mapping[str, str] | None = None
    confirmed: tuple[Mapping[str, object], ...] = ()


def at(desk: Desk) -> InForce:
    """What is in force at a till now."""
    state = desk.ledger.state
    values = dict(desk.policy.values)
    return InForce(dict(desk.staff), state.schedule, state.rate, state.rate_e4, values, desk.confirmations())

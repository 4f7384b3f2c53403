"""How much may be owed: on a pass, by a plate or an operator, at a till; above it a word, or two people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gatepos.domain import money, numbers, policy
from gatepos.errors import Said
from gatepos.i18n import N_


class MuchOwed(Said):
    """A warning: one pass over more than policy likes."""

    says = N_("This pass owes KES {value}; above KES {most} look twice.")


class MuchOwedHere(Said):
    """A warning: more is owed at this till than policy likes."""

    says = N_("KES {value} is owed at this till; the limit is KES {most}.")


class ManyOpenHere(Said):
    """A warning: more passes of this till are open than policy likes."""

    says = N_("{value} passes of this till are open; the limit is {most}.")


class ManyOfOperator(Said):
    """A warning: more passes of one operator are open than policy likes."""

    says = N_("This operator has {value} open passes; the limit is {most}.")


class OpenOfPlate(Said):
    """A warning: the vehicle has passes that are not paid."""

    says = N_("This vehicle has not paid {passes}.")


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open before one more pass: at this till, of its operator, of its plate.

    `of_plate` are the numbers of the plate's open passes; `seen_paid` says that a receipt for each of them
    was scanned here.
    """

    till_count: int = 0
    till_minor: int = 0
    operator_count: int = 0
    of_plate: tuple[str, ...] = ()
    seen_paid: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """A limit, by its policy key, that one more pass would pass; a hard one needs a second person."""

    key: str
    is_hard: bool
    said: Said


def passed(owed_minor: int, standing: Standing, limits: Mapping[str, int]) -> tuple[Passed, ...]:
    """What one more pass over `owed_minor` KES would pass; `limits` in shillings or passes by policy key."""
    till_kes = (standing.till_minor + owed_minor) // money.MINOR
    rows = (
        (MuchOwed, owed_minor // money.MINOR, policy.PASS_SOFT, policy.PASS_HARD),
        (MuchOwedHere, till_kes, policy.TILL_OWED_SOFT, policy.TILL_OWED_HARD),
        (ManyOpenHere, standing.till_count + 1, policy.TILL_PASSES_SOFT, policy.TILL_PASSES_HARD),
        (ManyOfOperator, standing.operator_count + 1, policy.OPERATOR_SOFT, policy.OPERATOR_HARD),
    )
    found = [one for said, value, soft, hard in rows for one in _over(said, value, soft, hard, limits)]
    return (*found, *_of_plate(standing, limits))


def _over(
    warning: type[Said], value: int, soft: str, hard: str, limits: Mapping[str, int]
) -> Iterator[Passed]:
    key = hard if value > limits[hard] else soft
    if value > limits[key]:
        yield Passed(key, key == hard, warning(value=f"{value:,}", most=f"{limits[key]:,}"))


def _of_plate(standing: Standing, limits: Mapping[str, int]) -> tuple[Passed, ...]:
    if len(standing.of_plate) < limits[policy.PLATE_HARD]:
        return ()
    passes = ", ".join(map(numbers.printed, standing.of_plate))
    return (Passed(policy.PLATE_HARD, not standing.seen_paid, OpenOfPlate(passes=passes)),)

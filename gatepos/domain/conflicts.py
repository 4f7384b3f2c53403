"""Facts about one paper that cannot both be right: used twice, paid twice (source: FORMATS.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """An entry about a paper, in the order of its till's clock; how many people or KES minor units."""

    at: str
    till: str
    seq: int
    amount: int = 0


Pair = tuple[Fact, Fact]


def pair(one: Fact, other: Fact) -> Pair:
    """Two facts, the earlier first."""
    return min(one, other), max(one, other)


def total(facts: Iterable[Fact]) -> int:
    """All of them together."""
    return sum(fact.amount for fact in facts)


def beyond(facts: Iterable[Fact], most: int) -> list[Pair]:
    """Each fact by which the sum comes to more than `most`, after the one before it."""
    pairs: list[Pair] = []
    so_far, before = 0, None
    for fact in sorted(facts):
        so_far += fact.amount
        if fact.amount <= 0:
            continue
        if before is not None and so_far > most:
            pairs.append((before, fact))
        before = fact
    return pairs


def net(facts: Iterable[Fact]) -> list[Fact]:
    """Who went through after all: what a till took back is off what it said before, by its own order."""
    said: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.till, fact.seq)):
        if fact.amount < 0 and said and said[-1].till == fact.till:
            said[-1] = replace(said[-1], amount=said[-1].amount + fact.amount)
        else:
            said.append(fact)
    return [fact for fact in said if fact.amount > 0]


def first_of_each(facts: Iterable[tuple[Fact, str]]) -> list[Fact]:
    """The first fact about each of several papers, told apart by their digests, as they come."""
    found: dict[str, Fact] = {}
    for fact, digest in facts:
        found.setdefault(digest, fact)
    return list(found.values())

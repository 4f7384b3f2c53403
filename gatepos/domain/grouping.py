"""Claims and lines of statements that belong together: by code, by a person's word, by account and amount."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from gatepos.domain.claims import BY_ACCOUNT, BY_CODE, BY_PERSON, Claim, Decision
from gatepos.domain.statements import CARD, MPESA, Line

_T = TypeVar("_T")
_CARD_DAYS = 3
"""A bank's day is the shop's, or one a little later; approval codes come again after weeks."""


@dataclass(frozen=True, slots=True)
class Group:
    """What belongs together: claims, lines, or both; `how` it came to."""

    claims: tuple[Claim, ...]
    lines: tuple[Line, ...]
    how: str

    @property
    def minor(self) -> int:
        """KES minor units that were taken, or paid where nothing was taken."""
        if self.claims:
            return sum(claim.used_minor for claim in self.claims)
        return sum(line.amount_minor or 0 for line in self.lines)

    @property
    def accounts(self) -> set[str]:
        """The bills and passes that it paid, as tills or as payers say."""
        of_claims = {account for claim in self.claims for account in claim.accounts}
        return of_claims | {line.account for line in self.lines if line.account}

    @property
    def is_alone(self) -> bool:
        """Whether nothing of the other side is in it."""
        return not self.claims or not self.lines


def grouped(claims: Iterable[Claim], lines: Iterable[Line], links: Iterable[Decision]) -> list[Group]:
    """Every claim and every line in one group, whatever order they come in; `links` say which line one is."""
    found: list[Claim | Line] = [*sorted(claims, key=lambda one: one.key)]
    found += sorted(lines, key=lambda one: one.key)
    sets = _Sets(len(found))
    buckets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for n, one in enumerate(found):
        buckets[one.kind, _code(one)].append(n)
    said = {(one.kind, one.code): one.line for one in links}
    by_person: set[int] = set()
    for (kind, code), members in buckets.items():
        for run in runs(members, lambda n: found[n].day) if kind == CARD else [members]:
            sets.join(run)
        line = said.get((kind, code))
        if line is not None and (kind, line) in buckets:
            sets.join([members[0], buckets[kind, line][0]])
            by_person.add(members[0])
    persons = {sets.find(n) for n in by_person}
    groups = [
        _group([found[n] for n in members], BY_PERSON if root in persons else BY_CODE)
        for root, members in sets.all().items()
    ]
    return _by_account(groups)


def _by_account(groups: Sequence[Group]) -> list[Group]:
    """With what was paid to a bill or a pass and claimed by another code, where the amounts are the same."""
    alone = [n for n, group in enumerate(groups) if group.is_alone and _first(group).kind == MPESA]
    near, at = _Sets(len(groups)), defaultdict[str, list[int]](list)
    for n in alone:
        for account in groups[n].accounts:
            at[account].append(n)
    for members in at.values():
        near.join(members)
    found: list[Group] = []
    for members in near.all().values():
        found += _by_amount([groups[n] for n in members])
    return found


def _by_amount(near: list[Group]) -> list[Group]:
    """All of them together when their sums are the same; else each pair whose amount no other has."""
    claimed = [group for group in near if not group.lines]
    paid = [group for group in near if not group.claims]
    if not claimed or not paid:
        return near
    if sum(group.minor for group in claimed) == sum(group.minor for group in paid) > 0:
        return [_whole([*claimed, *paid])]
    pairs: list[tuple[Group, Group]] = []
    for claim in claimed:
        same = [one for one in paid if one.minor == claim.minor > 0]
        alike = [one for one in claimed if one.minor == claim.minor]
        if len(same) == len(alike) == 1 and claim.accounts & same[0].accounts:
            pairs.append((claim, same[0]))
    taken = [id(one) for pair in pairs for one in pair]
    return [*map(_whole, pairs), *(group for group in near if id(group) not in taken)]


def _whole(groups: Iterable[Group]) -> Group:
    parts = list(groups)
    claims = tuple(claim for group in parts for claim in group.claims)
    return Group(claims, tuple(line for group in parts for line in group.lines), BY_ACCOUNT)


def _group(members: Sequence[Claim | Line], how: str) -> Group:
    claims = tuple(one for one in members if isinstance(one, Claim))
    return Group(claims, tuple(one for one in members if isinstance(one, Line)), how)


def _first(group: Group) -> Claim | Line:
    return group.claims[0] if group.claims else group.lines[0]


def _code(one: Claim | Line) -> str:
    return one.code if isinstance(one, Claim) else one.pays


def runs(members: Iterable[_T], day: Callable[[_T], str]) -> list[list[_T]]:
    """What has one approval code, apart where its days are not close to each other."""
    found: list[list[_T]] = []
    before = 0
    for one in sorted(members, key=day):
        now = date.fromisoformat(day(one)).toordinal()
        if not found or now - before > _CARD_DAYS:
            found.append([])
        found[-1].append(one)
        before = now
    return found


class _Sets:
    """Numbers in sets that grow together."""

    def __init__(self, count: int):
        self._root = list(range(count))

    def join(self, members: Sequence[int]) -> None:
        """These are in one set."""
        roots = {self.find(n) for n in members}
        for root in roots:
            self._root[root] = min(roots)

    def find(self, n: int) -> int:
        """The least of its set."""
        while self._root[n] != n:
            self._root[n] = self._root[self._root[n]]
            n = self._root[n]
        return n

    def all(self) -> dict[int, list[int]]:
        """All sets by the least in each."""
        found: dict[int, list[int]] = defaultdict(list)
        for n in range(len(self._root)):
            found[self.find(n)].append(n)
        return found

"""The count of heads: the lot falls on a vehicle that leaves, and the clerk counts who is in it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gatepos.domain import gatepass, policy, text
from gatepos.domain.gatepass import Payload, Verdict
from gatepos.domain.vocabulary import AGES, CATEGORIES, PEOPLE_MAX
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import headcounts, passes
from gatepos.ledger.ledger import Recorded
from gatepos.seal.radio import Secrets
from gatepos.till.desk import Desk

Group = tuple[str, str, int]
"""Category, age, how many."""


class NothingToCount(Refusal):
    """A count that nobody asked for, or that was given already."""

    says = N_("No vehicle at this lane is to be counted.")


class BadCount(Refusal):
    """A count of people that cannot be."""

    says = N_("Count people by category: from 0 to {most}.")


@dataclass(frozen=True, slots=True)
class _Asked:
    paper: Payload
    digest: str | None


class Heads:
    """The vehicle whose people are to be counted; nobody waits for it, and silence is written too."""

    def __init__(self, desk: Desk, secrets: Secrets):
        self._desk = desk
        self._secrets = secrets
        self._asked: _Asked | None = None

    @property
    def plate(self) -> str:
        """The plate of the vehicle to count, or empty."""
        return self._asked.paper.plate if self._asked else ""

    def look(self, paper: Payload | None, digest: str | None, verdict: Verdict, direction: str) -> None:
        """A paper stands at the lane: whether its people are to be counted."""
        if paper is not None and self._asked is not None and paper.number == self._asked.paper.number:
            return
        self.leave()
        is_leaving = direction == gatepass.OUT and verdict.people > 0
        if paper is not None and paper.plate and is_leaving and self._falls(paper):
            self._asked = _Asked(paper, digest)

    def count(self, groups: Sequence[Group]) -> Recorded:
        """Write who was counted; NothingToCount, BadCount."""
        counted: Counter[tuple[int, int]] = Counter()
        for category, age, n in groups:
            if category not in CATEGORIES or age not in AGES or not 0 <= n <= PEOPLE_MAX:
                raise BadCount(most=PEOPLE_MAX)
            counted[CATEGORIES.index(category), AGES.index(age)] += n
        return self._say([[*who, n] for who, n in sorted(counted.items()) if n], None)

    def skip(self, why: str) -> Recorded:
        """Write why nobody counts; NothingToCount, ReasonMissing."""
        return self._say(None, text.reason(why))

    def leave(self) -> None:
        """The paper leaves the lane: where they went out uncounted and nothing was said, that is written.

        Whoever did not go out is asked for again when they come back.
        """
        asked = self._asked
        if asked is not None and passes.past(self._desk.ledger, asked.paper, asked.digest).went_out > 0:
            self._say(None, None)
        self._asked = None

    def _falls(self, paper: Payload) -> bool:
        desk, day = self._desk, self._desk.today().isoformat()
        one_in = desk.policy.whole(policy.HEADS_ONE_IN)
        is_drawn = self._secrets.falls(day, paper.number, one_in)
        return is_drawn and not headcounts.is_answered(desk.ledger, paper.number, day)

    def _say(self, counted: list[list[int]] | None, reason: str | None) -> Recorded:
        asked = self._asked
        if asked is None:
            raise NothingToCount()
        data = {
            "subject": asked.paper.number,
            "digest": asked.digest,
            "plate": asked.paper.plate,
            "people": [list(group) for group in asked.paper.people],
            "counted": counted,
            "reason": reason,
        }
        done = self._desk.write("heads.counted", data)
        self._asked = None
        return done

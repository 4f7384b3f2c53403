"""The papers that were pulled aside at a lane: they wait, in the order in which they came."""

from gatepos.domain import numbers
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till import looking, views
from gatepos.till.desk import Desk
from gatepos.till.looking import Looked

_PAPERS_MAX = 40


class NotAside(Refusal):
    """A paper that was not pulled aside."""

    says = N_("{number} does not wait aside. Scan it, or type its number.")


class TooManyAside(Refusal):
    """More papers aside than anybody can keep in mind."""

    says = N_("{n} wait aside already. Take one of them first.")


class PulledAside:
    """Papers whose people look for money, so that the next vehicle comes first."""

    def __init__(self, desk: Desk):
        self._desk = desk
        self._papers: list[Looked] = []

    def check_room(self) -> None:
        """TooManyAside when there is no room for one more."""
        if len(self._papers) >= _PAPERS_MAX:
            raise TooManyAside(n=_PAPERS_MAX)

    def add(self, looked: Looked) -> None:
        """Let one wait, once."""
        if looked.payload is not None:
            self.forget(looked.payload.number)
        self._papers.append(looked)

    def find(self, number: str) -> Looked:
        """The one of this number; NotAside."""
        for one in self._papers:
            if one.payload is not None and one.payload.number == number:
                return one
        raise NotAside(number=numbers.printed(number))

    def holds(self, number: str) -> bool:
        """Whether one of this number waits."""
        return any(one.payload is not None and one.payload.number == number for one in self._papers)

    def forget(self, number: str) -> None:
        """It waits no more."""
        self._papers = [one for one in self._papers if one.payload and one.payload.number != number]

    def view(self) -> tuple[views.Aside, ...]:
        """Those that wait, the first of them first."""
        return tuple(looking.aside(self._desk, one) for one in self._papers)

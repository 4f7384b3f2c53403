"""What was owed and what became of it, counted beside the tills and compared with them to the shilling."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Tally:
    """KES minor units: by the pass's number; `sold` by till code, `taken` by till code and tender.

    `wrong` are prices that a till said otherwise than somebody counting by hand.
    """

    issued: dict[str, int] = field(default_factory=dict)
    settled: Counter[str] = field(default_factory=Counter)
    waived: Counter[str] = field(default_factory=Counter)
    undone: Counter[str] = field(default_factory=Counter)
    undertaken: set[str] = field(default_factory=set)
    sold: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def left(self, number: str) -> int:
        """What is still owed on a pass."""
        return self.issued[number] - self.settled[number] - self.waived[number] - self.undone[number]

    def compare(self, number: str, said_minor: int, owed_minor: int) -> None:
        """Note a price that the till says and nobody else does."""
        if said_minor != owed_minor:
            self.wrong.append(f"{number}: the till says {said_minor}, by hand it is {owed_minor}")

    def pays(self, till: str, tender: str, minor: int) -> None:
        """So much came to a till."""
        if minor:
            self.taken[till, tender] += minor

    def moves(self, old: str, new: str, priced_anew_minor: int | None = None) -> None:
        """A pass printed or priced anew counts under its new number, and only there."""
        was_minor = self.issued.pop(old)
        self.issued[new] = was_minor if priced_anew_minor is None else priced_anew_minor

    def by_tender(self, till: str) -> dict[str, int]:
        """What came to a till."""
        return {tender: minor for (code, tender), minor in self.taken.items() if code == till}

    def charged(self, till: str) -> int:
        """What a till charged: its receipts, and its passes as they are priced now."""
        return self.sold[till] + sum(n for number, n in self.issued.items() if number.startswith(till))

    def of(self, till: str) -> dict[str, int]:
        """The sums of a till's passes, under the names of an outage's statement."""
        mine = [number for number in self.issued if number.startswith(till)]
        return {
            "passes": len(mine),
            "passes_minor": sum(self.issued[number] for number in mine),
            "settled_minor": sum(self.settled[number] for number in mine),
            "waived_minor": sum(self.waived[number] for number in mine),
            "undone_minor": sum(self.undone[number] for number in mine),
            "undertaken_minor": sum(max(self.left(n), 0) for n in mine if n in self.undertaken),
            "open_minor": sum(max(self.left(n), 0) for n in mine if n not in self.undertaken),
            "owed_back_minor": sum(max(-self.left(number), 0) for number in mine),
        }

    def differences(self, till: str, statement: Mapping[str, object]) -> Iterator[str]:
        """Where a till's statement says something else, or does not add up in itself."""
        for name, counted in self.of(till).items():
            if statement[name] != counted:
                yield f"{till} {name}: the till says {statement[name]}, the tally {counted}"
        parts = ("settled_minor", "waived_minor", "undone_minor", "undertaken_minor", "open_minor")
        total = sum(int(str(statement[name])) for name in parts) - int(str(statement["owed_back_minor"]))
        if total != statement["passes_minor"]:
            yield f"{till}: issued {statement['passes_minor']} is not {total}, the sum of what became of it"

"""Parks, packages, gates and hours, as data."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

from gatepos import resources
from gatepos.domain import moments
from gatepos.errors import Refusal
from gatepos.i18n import N_


class UnknownPark(Refusal):
    """A park code that does not exist."""

    says = N_("There is no park {code}.")


class UnknownGate(Refusal):
    """A gate that the park does not have."""

    says = N_("{park} has no gate {code}. Its gates: {gates}.")


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of a park."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Hours:
    """When one may enter and must have left."""

    enter_from: time
    enter_until: time
    leave_by: time

    def closes_ms(self, on: date) -> int:
        """The moment on a day by which everybody has left."""
        return moments.at_local(on, self.leave_by.hour, self.leave_by.minute)


@dataclass(frozen=True, slots=True)
class Product:
    """A destination or package; a paper for it opens `parks`."""

    code: str
    name: str
    parks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Park:
    """A park: its gates, its hours, and the products its gates sell (its own first)."""

    code: str
    name: str
    category: str
    gates: tuple[Gate, ...]
    hours: Hours
    products: tuple[str, ...]
    organisation: str

    def gate(self, code: str) -> Gate:
        """A gate by code; UnknownGate."""
        for gate in self.gates:
            if gate.code == code:
                return gate
        raise UnknownGate(park=self.name, code=code[:4], gates=", ".join(g.code for g in self.gates))

    def gate_name(self, code: str) -> str:
        """What a gate is called, or its code where the park has no such gate any more."""
        for gate in self.gates:
            if gate.code == code:
                return gate.name
        return code


@dataclass(frozen=True, slots=True)
class Parks:
    """All parks and products by code."""

    parks: Mapping[str, Park]
    products: Mapping[str, Product]

    def park(self, code: str) -> Park:
        """A park; UnknownPark."""
        found = self.parks.get(code)
        if found is None:
            raise UnknownPark(code=code[:4])
        return found

    def product(self, code: str) -> Product:
        """A product; UnknownPark."""
        found = self.products.get(code)
        if found is None:
            raise UnknownPark(code=code[:4])
        return found


def shipped() -> Parks:
    """The parks that come with the program."""
    return parse(resources.text("parks.toml"))


def parse(text: str) -> Parks:
    """Parks from TOML; a fault in it is a fault of the program."""
    data = tomllib.loads(text)
    packages = {
        code: Product(code, package["name"], tuple(package["parks"]))
        for code, package in data["packages"].items()
    }
    own = {code: Product(code, park["name"], (code,)) for code, park in data["parks"].items()}
    parks = {code: _park(code, park, data, packages) for code, park in data["parks"].items()}
    return Parks(parks, {**own, **packages})


def _park(
    code: str, park: dict[str, object], data: dict[str, object], packages: Mapping[str, Product]
) -> Park:
    gates = park.get("gates", {"MAIN": "Main Gate"})
    hours = park.get("hours", data["hours"])
    sold = (package.code for package in packages.values() if code in package.parks)
    if not isinstance(gates, dict) or not isinstance(hours, dict):
        raise TypeError(f"gates or hours of {code} are no table")
    return Park(
        code,
        str(park["name"]),
        str(park["category"]),
        tuple(Gate(gate, name) for gate, name in gates.items()),
        Hours(hours["enter_from"], hours["enter_until"], hours["leave_by"]),
        (code, *sold),
        str(data["organisation"]),
    )

"""The pages of a central, and people who look at them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import ParamSpec, TypeVar

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from gatepos import app as apps
from gatepos.central.apart import Apart
from gatepos.central.managers import app
from gatepos.central.managers.people import People
from gatepos.seal.keys import TillKey
from gatepos.seal.passwords import Passwords
from gatepos.till.till import Till
from tests import park
from tests.central.place import CENTRAL_KEY, Place, Sender, sender
from tests.gate import CHEAP, Gate

_P = ParamSpec("_P")
_T = TypeVar("_T")
PASSWORD = "rhino grazing at dusk"
FORM = re.compile(r'name="form" value="([0-9a-f]{64})"')


@dataclass
class Browser:
    """Somebody's browser, which keeps cookies and sends forms as pages hold them."""

    http: httpx.Client

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page."""
        return self.http.get(path, headers=headers)

    def see(self, path: str) -> str:
        """The text of a page that is there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def post(self, path: str, fields: dict[str, str], *, form: str | None = None) -> httpx.Response:
        """A form, with the hidden word of this sign-in's pages unless another is given."""
        if form is None:
            form = found.group(1) if (found := FORM.search(self.get("/tills").text)) else ""
        return self.http.post(path, data={**fields, "form": form})

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in."""
        return self.http.post("/sign-in", data={"name": name, "password": password})


class AtOnce(Apart):
    """Does it here: a process of its own takes a second to begin, and is seen in few tests."""

    def do(self, work: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        return work(*args, **kwargs)


@dataclass
class Office:
    """A central's pages and its people."""

    place: Place
    people: People
    apart: Apart = field(default_factory=AtOnce)

    def browser(self, url: str = "http://pages.test", source: str = "203.0.113.7") -> Browser:
        """A browser that nobody used yet, at an address."""
        return Browser(TestClient(self.served, base_url=url, client=(source, 50_000)))

    @cached_property
    def served(self) -> FastAPI:
        """The pages."""
        place, passwords = self.place, Passwords(CHEAP)
        return app.application(place.store, place.folder, CENTRAL_KEY, place.clock, passwords, self.apart)

    def start_code(
        self, name: str, role: str = "manager", park: str | None = None, number: str | None = None
    ) -> str:
        """A start code as the command gives it."""
        return self.people.give_start(name, role, park, "test", self.place.clock.wall_ms(), number)

    def signed_in(
        self, name: str, role: str = "manager", park: str | None = None, number: str | None = None
    ) -> Browser:
        """Somebody new, at a browser of their own."""
        browser = self.browser()
        answer = browser.http.post(
            "/start",
            data={
                "name": name,
                "code": self.start_code(name, role, park, number),
                "password": PASSWORD,
                "again": PASSWORD,
            },
        )
        assert answer.status_code == 200, answer.text
        return browser


@pytest.fixture
def office(place: Place) -> Office:
    """The pages of a new central."""
    return Office(place, People(place.store, Passwords(CHEAP)))


@dataclass
class Heard:
    """Three tills of a park that know each other, and what sends each one's journal to central."""

    tills: list[Till]
    gates: dict[str, Gate]
    place: Place

    def sent(self) -> list[Sender]:
        """Everything that they wrote is sent."""
        senders = []
        for till, gate in zip(self.tills, self.gates.values(), strict=True):
            one = sender(self.place, till, TillKey.load(gate.folder / apps.KEY))
            one.drain()
            senders.append(one)
        return senders


@pytest.fixture
def heard(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    """Three tills that sold nothing yet."""
    gates = park.gates(tmp_path_factory.mktemp("park"))
    tills = park.built(gates)
    yield Heard(tills, gates, place)
    for till in tills:
        till.desk.ledger.close()

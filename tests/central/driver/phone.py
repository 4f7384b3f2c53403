"""What a driver sees on a phone, as words and as what a scanner reads."""

import re
from dataclasses import dataclass

import httpx2 as httpx
from playwright.sync_api import Page

from gatepos.devices import decoder
from gatepos.devices.decoder import Frame
from gatepos.till.till import Till
from tests.central.place import Place, Sender, journal_of
from tests.central.test_c2b import Daraja
from tests.till.test_passes import outage, sold_together, token

_KEPT = """async ([name, files]) => {
  const kept = await caches.open(name);
  const isKept = async () =>
    (await kept.match(location.href)) && (await kept.keys()).length >= files &&
    navigator.serviceWorker.controller;
  for (let asked = 0; asked < 3000 && !(await isKept()); asked++)
    await new Promise((go) => setTimeout(go, 10));
  if (!(await isKept())) throw new Error("the page is not kept");
}"""


def wait_until_kept(page: Page, cache: str = "gatepos", files: int = 2) -> None:
    """Until a page works without network; bounded here, because what a page is asked has no other bound."""
    page.evaluate(_KEPT, [cache, files])


@dataclass
class Driver:
    """Who holds a pass, and a phone."""

    place: Place
    till: Sender
    sell: Till
    number: str

    @property
    def token(self) -> str:
        """The base32 in the code on the paper."""
        return token(self.sell, self.number).removeprefix("GP:")

    def tell(self) -> None:
        """The till tells central what it wrote."""
        self.till.kept = journal_of(self.sell)
        self.till.drain()

    def opened(self, query: str = "", text: str | None = None) -> httpx.Response:
        """The page."""
        return self.place.http.get(f"/P/{text or self.token}{query}")

    def pay(self, amount: str = "43940", code: str = "UA26X1Y2ZQ") -> None:
        """Pay to the account on the paper; Daraja tells central."""
        Daraja(self.place).confirm(BillRefNumber=self.number, TransAmount=amount, TransID=code)


def four(till: Sender, sell: Till, *plates: str) -> list[Driver]:
    """Drivers of three vans sold together and of one that names the same operator, as central knows."""
    outage(sell)
    drivers = [Driver(till.place, till, sell, number) for number in sold_together(sell, *plates[:3])]
    drivers += [Driver(till.place, till, sell, number) for number in sold_together(sell, *plates[3:])]
    drivers[0].tell()
    return drivers


def said(answer: httpx.Response) -> str:
    """The words of a page, as one line."""
    body = answer.text.partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]*>", " ", body).split())


def scanned(answer: httpx.Response) -> str:
    """What a scanner reads of the code on a page."""
    view = re.search(r'viewBox="0 0 (\d+) \1".*? d="([^"]*)"', answer.text)
    assert view is not None
    (text,) = decoder.texts(_drawn(int(view[1]), view[2]))
    return text


def _drawn(size: int, path: str, dots: int = 6) -> Frame:
    """The picture of a path that draws runs to the right."""
    grey = [[255] * size for _ in range(size)]
    x = y = 0
    for move, jump, line, run in re.findall(r"([Mm])(\d+) (\d+)(?:\.5)?h(\d+)", path):
        x, y = (int(jump), int(line)) if move == "M" else (x + int(jump), y)
        grey[y][x : x + int(run)] = [0] * int(run)
        x += int(run)
    rows = (bytes(grey[at // dots][to // dots] for to in range(size * dots)) for at in range(size * dots))
    return Frame(b"".join(rows), size * dots, size * dots)

"""Passes through the real till as fast as it goes, and how long a scan of one takes: the load of benches."""

import random
from pathlib import Path

from PIL import Image, ImageFilter

from gatepos import app
from gatepos.devices import decoder, picture, qr
from gatepos.devices.decoder import Frame
from gatepos.domain import numbers, receipt
from gatepos.ledger.ledger import Ledger
from gatepos.rehearsal import park, selling, vans
from gatepos.rehearsal.timing import Figure, asked, figure, timed
from gatepos.rehearsal.vans import Van
from gatepos.till import outage
from gatepos.till.approvals import Second
from gatepos.till.station import Station
from gatepos.till.till import Till

ENTRIES_A_PASS = 5
"""A sale (its bill and its receipt), then a pass issued, scanned at the exit and paid."""
STILL_INSIDE = 10
"""One pass of so many is neither scanned nor paid."""
_WIDE, _HIGH = 1_280, 720
_TABLE = 200
_UPKEEP_EVERY = 400
_NO_LIMIT = 10**9


def make(folder: Path, n: int, seed: int) -> None:
    """A till in an outage with so many passes, each fifth entry one."""
    till = park.make(folder, app.real_world())
    selling.begin(till)
    limits = dict.fromkeys(outage.LIMITS, _NO_LIMIT)
    second = Second(park.MANAGER.number, park.MANAGER.pin)
    till.outages.open("platform", authority="BENCH", paybill="600000", limits=limits, second=second)
    till.gate.turn()
    queue = vans.queue(seed)
    for i in range(n):
        selling.sell(till, next(queue))
        _through(till, next(queue), is_leaving=i % STILL_INSIDE > 0)
        if i % _UPKEEP_EVERY == 0:
            till.desk.ledger.upkeep()
    till.desk.ledger.close()


def codes(station: Station, n: int, scans: int, seed: int) -> list[str]:
    """What the codes of so many of the passes say, by lot."""
    picked = random.Random(seed).sample(range(1, n + 1), scans)
    ledger = station.till.desk.ledger
    numbered = [numbers.make(ledger.context.till, numbers.PASS, i) for i in picked]
    return station.thread.ask(lambda: [_code(ledger, number) for number in numbered]).result()


def scanned(station: Station, texts: list[str]) -> Figure:
    """From the text to the verdict on the ledger, across the ledger's thread."""
    return figure(_decided_ms(station, text) for text in texts)


def framed(station: Station, texts: list[str], seed: int) -> tuple[Figure, Figure]:
    """From a camera's picture of a paper to its text, and on to the verdict."""
    lot = random.Random(seed)
    frames = [_frame(text, lot) for text in texts]
    read_ms = [_read_ms(frame, text) for frame, text in zip(frames, texts, strict=True)]
    decided_ms = [_decided_ms(station, text) for text in texts]
    return figure(read_ms), figure(map(sum, zip(read_ms, decided_ms, strict=True)))


def _read_ms(frame: Frame, text: str) -> float:
    read: list[tuple[str, ...]] = []
    took_ms = timed(lambda: read.append(decoder.texts(frame)))
    if read != [(text,)]:
        raise RuntimeError("a paper before the camera is not read")
    return took_ms


def _decided_ms(station: Station, text: str) -> float:
    return timed(lambda: asked(station, lambda: station.till.gate.scan(text, "camera")))


def _through(till: Till, van: Van, *, is_leaving: bool) -> None:
    """Let a van in on a pass, and out again when it has paid."""
    selling.fill(till, van)
    issued = till.passes.issue()
    if not is_leaving:
        return
    till.gate.scan(issued.qr)
    rest_minor = till.settlements.pay(van.tender).rest_minor
    selling.taken(till.settlements, van, rest_minor)


def _code(ledger: Ledger, number: str) -> str:
    entry = ledger.by_number(number)
    if entry is None:
        raise RuntimeError(f"{number} is in no entry")
    return receipt.qr_text(entry)


def _frame(text: str, lot: random.Random) -> Frame:
    """A paper of 80 mm on a table, turned and not quite sharp."""
    table = Image.new("L", (_WIDE, _HIGH), _TABLE)
    paper = picture.qr_image(text, qr.LINE_DOTS[80])
    turned = paper.rotate(lot.uniform(-30, 30), Image.Resampling.BICUBIC, expand=True, fillcolor=_TABLE)
    table.paste(turned, ((_WIDE - turned.width) // 2, (_HIGH - turned.height) // 2))
    return Frame(table.filter(ImageFilter.GaussianBlur(1)).tobytes(), _WIDE, _HIGH)

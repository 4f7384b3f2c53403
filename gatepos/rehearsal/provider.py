"""M-PESA's side of a rehearsed day: the statement that its portal exports, and what went wrong on it.

Most of what tills took came in as they say; a few payments did not, and one came that nobody recorded.
"""

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from gatepos.domain import moments, money
from gatepos.domain.claims import Claim
from gatepos.rehearsal import vans

_COLUMNS = ("Receipt No.", "Completion Time", "Transaction Status", "Paid In", "Withdrawn", "A/C No.")
_LODGE_MINOR = 250_000
_LESS_MINOR = 50_000


def export(claims: Sequence[Claim], folder: Path, seed: int) -> list[Path]:
    """A statement of each paybill to which something was paid, as CSV, in a new folder.

    On each one payment is missing, one is smaller than what was taken, and one is for somebody else.
    """
    folder.mkdir(parents=True)
    chance, made = random.Random(seed), []
    for paybill in sorted({claim.place for claim in claims}):
        paid = sorted((one for one in claims if one.place == paybill), key=lambda one: (one.at, one.code))
        path = folder / f"mpesa-{paybill}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(_rows(paybill, paid, chance))
        made.append(path)
    return made


def _rows(paybill: str, claims: Sequence[Claim], chance: random.Random) -> Iterator[Sequence[str]]:
    day = moments.local_day(moments.from_text(claims[0].at))
    yield ("Account Holder:", "KENYA WILDLIFE SERVICE")
    yield ("Short Code:", paybill)
    yield ("Time Period:", f"From {day:%d-%m-%Y} 00:00:00 To {day:%d-%m-%Y} 23:59:59")
    yield _COLUMNS
    missing, smaller = chance.sample(range(len(claims)), 2) if len(claims) > 2 else (-1, -1)
    for place, claim in enumerate(claims):
        if place != missing:
            yield _row(claim, claim.used_minor - (_LESS_MINOR if place == smaller else 0))
    nobodys = vans.code_of(day, f"{paybill[0]}L0DGE7")
    yield _row(replace(claims[-1], code=nobodys, accounts=("LODGE 7",)), _LODGE_MINOR)


def _row(claim: Claim, paid_minor: int) -> Sequence[str]:
    at = f"{moments.local(moments.from_text(claim.at)):%d-%m-%Y %H:%M:%S}"
    account = claim.accounts[0] if claim.accounts else ""
    return (claim.code, at, "Completed", money.amount(paid_minor, cents=True), "", account)

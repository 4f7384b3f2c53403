"""A second reader of takings, over raw entries alone: nothing of gatepos is imported here.

It is told what the papers of a report are called and of what each total is; it adds entries up by itself.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reports import second_outages

Entry = dict[str, Any]
Totals = dict[str, int]

_TAKING = (
    "receipt.issued",
    "receipt.corrected",
    "paper.captured",
    "pass.settled",
    "receipt.voided",
    "refund.paid",
)
_CHARGING = ("receipt.issued", "receipt.corrected", "paper.captured", "pass.issued", "pass.reissued")
_PASSES = ("pass.issued", "pass.reissued")
_LEAST = {"under_6": 50_000}
"""What East Africans of an age pay in the park of the tests, in minor units; all others as adults."""
_ADULT = 100_000


def journal(file: Path) -> list[Entry]:
    """The entries of a ledger that nobody has open."""
    conn = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    rows = conn.execute("SELECT raw FROM journal ORDER BY seq").fetchall()
    conn.close()
    return [json.loads(raw) for (raw,) in rows]


@dataclass
class Reader:
    """All that is known of some tills, and of which days of which of them the totals are."""

    known: list[Entry]
    first: str
    last: str
    tills: set[str]
    by_number: dict[str, Entry] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbered = (entry for entry in self.known if entry["data"].get("number"))
        self.by_number = {entry["data"]["number"]: entry for entry in numbered}

    def totals(self) -> dict[str, Totals]:
        """Every total of every paper."""
        return {name: make(self) for name, make in _PAPERS.items()}

    def own(self, *kinds: str) -> Iterator[Entry]:
        """The entries of the days."""
        for entry in self.known:
            is_own = entry["till"] in self.tills and self.first <= entry["day"] <= self.last
            if is_own and (not kinds or entry["kind"] in kinds):
                yield entry

    def taken(self) -> Iterator[tuple[Entry, str, str, int]]:
        """Entry, way of paying, currency, minor units."""
        for entry in self.own(*_TAKING):
            for account, currency, minor in entry["postings"]:
                if account.startswith("asset:") and not account.startswith("asset:receivable:"):
                    yield entry, account.split(":")[1], currency, minor

    def here(self, currency: str) -> int:
        """What was collected here."""
        return sum(minor for _, kind, c, minor in self.taken() if kind != "ecitizen" and c == currency)

    def lines(self) -> Iterator[tuple[dict[str, Any], int]]:
        """What was charged, line by line, and −1 where it is taken off."""
        for entry in self.own():
            data = entry["data"]
            if entry["kind"] in _CHARGING:
                yield from ((line, 1) for line in data["lines"])
            if entry["kind"] == "pass.settled":
                yield from ((line, 1) for line in data["overstay"])
            if entry["kind"] == "refund.decided":
                yield from ((self.undone(data["subject"], line), -1) for line in data["lines"])
            for ended in self.ended(entry):
                yield from ((line, -1) for line in self.by_number[ended]["data"]["lines"])

    def undone(self, number: str, line: dict[str, Any]) -> dict[str, Any]:
        """The part of a line that a refund takes off."""
        names = ("fee", "category", "age")
        for charged in self.by_number[number]["data"]["lines"]:
            if charged["ground"] is None and all(charged[name] == line[name] for name in names):
                return {**charged, **line}
        raise KeyError(number)

    def ended(self, entry: Entry) -> Iterator[str]:
        """The papers that an entry ends, so that they charge no longer."""
        data = entry["data"]
        if entry["kind"] in ("receipt.corrected", "pass.reissued"):
            yield data["replaces"]
        elif entry["kind"] == "receipt.voided":
            yield data["receipt"]
        elif entry["kind"] == "pass.revoked" and data["undone_minor"]:
            yield data["pass"]

    def charged(self) -> Totals:
        """Lines, people, vehicles, dollars and shillings."""
        sums = Counter[str]()
        for line, sign in self.lines():
            sums["count"] += sign * line["count"]
            sums["kes"] += sign * line["kes_minor"]
            sums["usd"] += sign * line["amount_minor"] * (line["currency"] == "USD")
            sums["people"] += sign * line["count"] * line["fee"].startswith("park_entry")
            sums["vehicles"] += sign * line["count"] * (line["fee"] == "vehicle")
        return sums

    def tenders(self, kind: str) -> Iterator[tuple[Entry, dict[str, Any], str]]:
        """The codes of a way of paying, each with its folded form."""
        for entry in self.own("receipt.issued", "receipt.corrected", "paper.captured", "pass.settled"):
            for tender in entry["data"]["tenders"]:
                if tender["kind"] == kind and tender["reference"]:
                    yield entry, tender, folded(tender["reference"])

    def owed(self, number: str) -> int:
        """What is owed on a pass: too much that was paid on the one before it counts for it."""
        if any(
            entry["kind"] == "pass.reissued" and entry["data"]["replaces"] == number for entry in self.known
        ):
            return 0
        return self._weighed(number)

    def _weighed(self, number: str) -> int:
        issued = self.by_number[number]
        before = issued["data"].get("replaces")
        carried = min(self._weighed(before), 0) if before else 0
        account = f"asset:receivable:{number}"
        posted = (m for e in self.known for a, c, m in e["postings"] if a == account and c == "KES")
        total: int = carried + sum(posted)
        return total


def folded(reference: str) -> str:
    """A code as it is compared."""
    return reference.translate(str.maketrans("OI", "01", "-/."))


def _papers(entries: Iterable[Entry]) -> int:
    return len({_number(entry) for entry in entries})


def _number(entry: Entry) -> str:
    """The paper that an entry takes money for, or hands it back."""
    return str(entry["data"]["refund" if entry["kind"] == "refund.paid" else "number"])


def _tenders(of: Reader) -> Totals:
    groups: dict[tuple[object, ...], set[str]] = {}
    for entry, kind, _, _ in of.taken():
        paybills = [a.split(":")[2] for a, _, _ in entry["postings"] if a.startswith("asset:mpesa:")]
        for paybill in paybills if kind == "mpesa" else [None]:
            groups.setdefault((kind, paybill), set()).add(_number(entry))
    return {
        "papers": sum(map(len, groups.values())),
        "kes_minor": sum(minor for _, _, currency, minor in of.taken() if currency == "KES"),
        "usd_minor": sum(minor for _, _, currency, minor in of.taken() if currency == "USD"),
    }


def _fees(of: Reader) -> Totals:
    sums = of.charged()
    return {"count": sums["count"], "amount_minor": sums["usd"], "kes_minor": sums["kes"]}


def _places(of: Reader) -> Totals:
    sums = of.charged()
    return {
        "papers": _papers(entry for entry, kind, _, _ in of.taken() if kind != "ecitizen"),
        "kes_minor": of.here("KES"), "usd_minor": of.here("USD"), "charged_minor": sums["kes"],
        "people": sums["people"], "vehicles": sums["vehicles"],
    }  # fmt: skip


def _by_time(of: Reader) -> Totals:
    sums = Counter[str]()
    for entry, kind, currency, minor in of.taken():
        place = {"receipt.voided": "back", "refund.paid": "back", "pass.settled": "exit"}.get(
            entry["kind"], "entry"
        )
        if kind != "ecitizen":
            sums["usd" if currency == "USD" else place] += minor
    return {f"{name}_minor": sums[name] for name in ("entry", "exit", "back", "usd")}


def _outages(of: Reader) -> Totals:
    sums = Counter[str]({"papers": 0, "kes_minor": 0, "usd_minor": 0, "charged_minor": 0, "people": 0})
    for opened in (entry for entry in of.known if entry["kind"] == "outage.opened"):
        ended = [
            entry for entry in of.known
            if entry["kind"] == "outage.closed" and entry["data"]["outage"] == opened["id"]
        ]  # fmt: skip
        last = ended[0]["seq"] if ended else 2**50
        inside = [
            entry for entry in of.known if entry["till"] == opened["till"]
            and opened["seq"] <= entry["seq"] <= last and entry["till"] in of.tills
        ]  # fmt: skip
        part = Reader(inside, of.first, of.last, of.tills)
        part.by_number = of.by_number
        papers = _places(part)
        for name in sums:
            sums[name] += papers[name]
    return sums


def _receipts(of: Reader) -> Totals:
    numbered = [e for e in of.own() if e["data"].get("number", "    B")[4] in "RVM"]
    between = 0
    for till in of.tills:
        for series in "RVM":
            own = [int(e["data"]["number"][5:11]) for e in numbered
                   if e["till"] == till and e["data"]["number"][4] == series]  # fmt: skip
            between += max(own) - min(own) + 1 if own else 0
    prepaid = sum(minor for _, kind, _, minor in of.taken() if kind == "ecitizen")
    return {
        "numbers": between, "taken_minor": of.here("KES"), "taken_usd_minor": of.here("USD"),
        "prepaid_minor": prepaid,
    }  # fmt: skip


def _shifts(of: Reader) -> Totals:
    opened, closed = [*of.own("shift.opened")], [*of.own("shift.closed")]
    over = {"KES": 0, "USD": 0}
    for entry in closed:
        for money in entry["data"]["difference"]:
            over[money["currency"]] += money["amount_minor"] * (money["tender"] == "cash")
    moved = sum(
        minor for entry in of.own("cash.moved") for account, currency, minor in entry["postings"]
        if account.startswith("asset:cash:") and currency == "KES"
    )  # fmt: skip
    return {
        "receipts": sum(entry["data"]["receipts"] for entry in closed),
        "sold_minor": sum(entry["data"]["sold_minor"] for entry in closed),
        "float_minor": sum(entry["data"]["float_kes_minor"] for entry in opened),
        "float_usd_minor": sum(entry["data"]["float_usd_minor"] for entry in opened),
        "moved_minor": moved,
        "over_minor": over["KES"], "over_usd_minor": over["USD"],
        "documents": sum(len(entry["data"]["documents"]) for entry in closed),
    }  # fmt: skip


def _counts(of: Reader) -> Totals:
    sums = Counter[str]()
    for entry in of.own("shift.closed"):
        for name in ("expected", "counted", "difference"):
            for money in entry["data"][name]:
                sums[name, money["currency"]] += money["amount_minor"]  # type: ignore[index]
    names = [
        (name, currency) for currency in ("KES", "USD") for name in ("expected", "counted", "difference")
    ]
    return {f"{n}{'_usd' if c == 'USD' else ''}_minor": sums[n, c] for n, c in names}  # type: ignore[index]


def _paybills(of: Reader) -> Totals:
    sure = {
        (entry["till"], folded(entry["data"]["reference"]))
        for entry in of.known if entry["kind"] == "payment.confirmed"
    }  # fmt: skip
    codes: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    minor = {True: 0, False: 0}
    for entry, tender, code in of.tenders("mpesa"):
        is_sure = (entry["till"], code) in sure
        codes[is_sure].add((tender["paybill"], entry["till"], code))
        minor[is_sure] += tender["kes_minor"]
    return {
        "codes": len(codes[True]) + len(codes[False]), "counted_minor": minor[True] + minor[False],
        "codes_confirmed": len(codes[True]), "confirmed_minor": minor[True],
        "codes_claimed": len(codes[False]), "claimed_minor": minor[False],
    }  # fmt: skip


def _counted(kind: str) -> Callable[[Reader], Totals]:
    return lambda of: {"counted_minor": sum(tender["kes_minor"] for _, tender, _ in of.tenders(kind))}


def _passes(of: Reader) -> Totals:
    known = [entry for entry in of.known if entry["kind"] in _PASSES and entry["till"] in of.tills]
    shown = [
        entry for entry in known if of.first <= entry["day"] <= of.last
        or (entry["day"] < of.first and of.owed(entry["data"]["number"]) > 0)
    ]  # fmt: skip
    numbers = {entry["data"]["number"] for entry in shown}
    sums = Counter[str](
        {"people": 0, "issued_minor": 0, "paid_minor": 0, "waived_minor": 0, "undone_minor": 0}
    )
    for entry in shown:
        sums["people"] += sum(n for _, _, n in entry["data"]["people"])
        sums["issued_minor"] += entry["data"]["total_minor"]
    for entry in of.known:
        data = entry["data"]
        if data.get("pass") not in numbers:
            continue
        if entry["kind"] == "pass.settled":
            overstay = sum(line["kes_minor"] for line in data["overstay"])
            sums["paid_minor"] += data["total_minor"] - overstay
        elif entry["kind"] == "pass.waived":
            sums["waived_minor"] += data["amount_minor"]
        elif entry["kind"] == "pass.revoked":
            sums["undone_minor"] += data["undone_minor"]
    return {**sums, "owed_minor": sum(max(of.owed(number), 0) for number in numbers)}


def _waivers(of: Reader) -> Totals:
    found = [entry["data"] for entry in of.own("pass.waived")]
    return {
        "waived_minor": sum(data["amount_minor"] for data in found),
        "overstay_minor": sum(data.get("overstay_minor") or 0 for data in found),
    }


def _exemptions(of: Reader) -> Totals:
    free = [
        (line, sign) for line, sign in of.lines()
        if (line["ground"] or line["notice"]) and line["fee"] != "not_visitor"
    ]  # fmt: skip
    return {
        "people": sum(sign * line["count"] for line, sign in free),
        "foregone_minor": sum(
            sign * line["foregone_minor"]
            if line["notice"]
            else sign * line["count"] * line["times"] * _LEAST.get(line["ground"], _ADULT)
            for line, sign in free
        ),
    }


def _not_visitors(of: Reader) -> Totals:
    return {"people": sum(sign * line["count"] for line, sign in of.lines() if line["fee"] == "not_visitor")}


def _visitors(of: Reader) -> Totals:
    sums = of.charged()
    charged = sum(
        sign * line["kes_minor"]
        for line, sign in of.lines()
        if line["fee"].startswith("park_entry") or line["fee"] == "vehicle"
    )
    return {"people": sums["people"], "vehicles": sums["vehicles"], "charged_minor": charged}


def _banking(of: Reader) -> Totals:
    into = Counter[str]()
    for entry in of.own():
        for account, currency, minor in entry["postings"]:
            into[currency] += minor * (account == "asset:transit")
    return {"safe_minor": into["KES"], "safe_usd_minor": into["USD"]}


def _leaves(of: Reader) -> Totals:
    pads = [entry["data"] for entry in of.own("paper.issued")]
    return {"leaves": sum(pad["last"] - pad["first"] + 1 for pad in pads)}


def _nothing(_: Reader) -> Totals:
    return {}


_PAPERS: dict[str, Callable[[Reader], Totals]] = {
    "figures": _nothing, "tenders": _tenders, "fees": _fees, "places": _places, "hours": _by_time,
    "outages": _outages, "receipts": _receipts, "shifts": _shifts, "counts": _counts, "paybills": _paybills,
    "mpesa": _counted("mpesa"), "tickets": _counted("ecitizen"), "passes": _passes, "waivers": _waivers,
    "documents": _nothing, "leaves": _leaves, "exemptions": _exemptions, "in_force": _nothing,
    "changes": _nothing, "visitors": _visitors, "not_visitors": _not_visitors,
    "banking": _banking, "sync": _nothing,
    **second_outages.PAPERS, "practice": _nothing,
}  # fmt: skip

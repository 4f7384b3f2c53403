"""The second reader of the statement of outages, over raw entries alone: nothing of gatepos is imported."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

Entry = dict[str, Any]
Totals = dict[str, int]
_SOLD = ("receipt.issued", "receipt.corrected")
_PASSES = ("pass.issued", "pass.reissued")
_TAKING = (*_SOLD, "paper.captured", "pass.settled", "receipt.voided", "refund.paid")


class Known(Protocol):
    """What is known of some tills, and of which days of which of them the totals are."""

    known: list[Entry]
    first: str
    last: str
    tills: set[str]

    def owed(self, number: str) -> int:
        """What is owed on a pass."""


class Outage:
    """An outage of a till, by what it wrote and what others wrote of it."""

    def __init__(self, of: Known, opened: Entry):
        self.of, self.id, self.paybill = of, opened["id"], opened["data"]["paybill"]
        ended = [e for e in of.known if e["kind"] == "outage.closed" and e["data"]["outage"] == self.id]
        self.closed = ended[0] if ended else None
        self.end = self.closed["seq"] if self.closed else 2**50
        self.own = [e for e in of.known if e["till"] == opened["till"]]
        self.after = [e for e in self.own if e["seq"] > opened["seq"]]
        self.inside = [e for e in self.after if e["seq"] < self.end]

    def sold(self) -> Iterator[tuple[Entry, int | None]]:
        """Each receipt, and what of it still counts; None where it ended."""
        ended, undone = set(), Counter[str]()
        for entry in self.own:
            data = entry["data"]
            if entry["kind"] == "receipt.voided":
                ended.add(data["receipt"])
            if entry["kind"] == "receipt.corrected":
                ended.add(data["replaces"])
            if entry["kind"] == "refund.decided":
                undone[data["subject"]] += sum(line["kes_minor"] for line in data["lines"])
                ended |= {data["subject"]} if data["digest"] else set()
        for entry in self.inside:
            number = entry["data"].get("number")
            if entry["kind"] in _SOLD:
                left = entry["data"]["total_minor"] - undone[number]
                yield entry, None if number in ended else left

    def leaves(self) -> list[Entry]:
        """Those that were written inside."""
        return [e for e in self.after if e["kind"] == "paper.captured" and e["data"]["outage"] == self.id]

    def settled(self) -> list[Entry]:
        """What was paid on passes inside."""
        return [e for e in self.inside if e["kind"] == "pass.settled"]

    def paid(self) -> Iterator[tuple[Entry, Entry]]:
        """Entry and tender of what came to its paybill."""
        own = {
            e["data"]["number"] for e in self.own if e["kind"] in _PASSES and e["data"]["outage"] == self.id
        }
        by_hand = {e["data"]["number"] for e in self.leaves()}
        for entry in self.after:
            data = entry["data"]
            is_late = data.get("pass") in own or data.get("number") in by_hand
            if entry["kind"] in _TAKING and (entry["seq"] < self.end or is_late):
                for tender in data.get("tenders", []):
                    if tender["kind"] == "mpesa" and tender["paybill"] == self.paybill:
                        yield entry, tender

    def passes(self) -> Iterator[tuple[Entry, Totals]]:
        """Each pass as it was printed last, and what became of it."""
        issued = {e["data"]["number"]: e for e in self.of.known if e["kind"] in _PASSES}
        newer = {e["data"]["replaces"]: n for n, e in issued.items() if e["kind"] == "pass.reissued"}
        for entry in self.own:
            if entry["kind"] != "pass.issued" or entry["data"]["outage"] != self.id:
                continue
            chain = [entry["data"]["number"]]
            while chain[-1] in newer:
                chain.append(newer[chain[-1]])
            yield issued[chain[-1]], self._became(chain, issued[chain[-1]]["data"]["total_minor"])

    def _became(self, chain: list[str], total: int) -> Totals:
        paid = waived = undone = 0
        for entry in self.of.known:
            data = entry["data"]
            if entry["kind"] == "refund.paid" and data["subject"] in chain:
                paid -= data["amount_minor"]
            elif data.get("pass") not in chain:
                continue
            elif entry["kind"] == "pass.settled":
                paid += data["total_minor"] - sum(line["kes_minor"] for line in data["overstay"])
            elif entry["kind"] == "pass.waived":
                waived += data["amount_minor"]
            elif entry["kind"] == "pass.revoked":
                undone += data["undone_minor"]
        owed, over = self.of.owed(chain[-1]), max(-paid, 0)
        rest = min(over, max(owed, 0))
        return {
            "total_minor": total, "paid_minor": paid + over, "waived_minor": waived - (over - rest),
            "undone_minor": undone, "owed_minor": max(owed - rest, 0),
            "owed_back_minor": max(rest - owed, 0),
        }  # fmt: skip


def _outages(of: Known) -> Iterator[Outage]:
    for entry in of.known:
        if entry["kind"] == "outage.opened" and entry["till"] in of.tills and entry["day"] <= of.last:
            made = Outage(of, entry)
            if made.closed is None or made.closed["day"] >= of.first:
                yield made


def _heads(entry: Entry) -> int:
    return sum(n for _, _, n in entry["data"]["people"])


def _whole(one: Outage) -> Totals:
    sold = [left for _, left in one.sold() if left is not None]
    passes = [became for _, became in one.passes()]
    return {
        "receipts": len(sold), "sold_minor": sum(sold),
        "leaves_minor": sum(e["data"]["total_minor"] for e in one.leaves()),
        "passes": len(passes), "issued_minor": sum(p["total_minor"] for p in passes),
        "collected_minor": sum(e["data"]["total_minor"] for e in one.settled()),
        "to_paybill_minor": sum(tender["kes_minor"] for _, tender in one.paid()),
        "owed_minor": sum(p["owed_minor"] for p in passes),
    }  # fmt: skip


def _receipts(one: Outage) -> Totals:
    return {
        "people": sum(_heads(entry) for entry, _ in one.sold()),
        "counts_minor": sum(left or 0 for _, left in one.sold()),
    }


def _passes(one: Outage) -> Totals:
    sums = Counter[str]({"people": 0})
    for entry, became in one.passes():
        sums["people"] += _heads(entry)
        sums.update(became)
    names = (
        "people",
        "total_minor",
        "paid_minor",
        "waived_minor",
        "undone_minor",
        "owed_minor",
        "owed_back_minor",
    )
    return {name: sums[name] for name in names}


def _collected(one: Outage) -> Totals:
    return {
        "paid_minor": sum(e["data"]["total_minor"] for e in one.settled()),
        "overstay_minor": sum(line["kes_minor"] for e in one.settled() for line in e["data"]["overstay"]),
    }


def _leaves(one: Outage) -> Totals:
    return {
        "people": sum(map(_heads, one.leaves())),
        "total_minor": sum(e["data"]["total_minor"] for e in one.leaves()),
    }


def _paybill(one: Outage) -> Totals:
    sure = {_folded(e["data"]["reference"]) for e in one.own if e["kind"] == "payment.confirmed"}
    return {
        "kes_minor": sum(tender["kes_minor"] for _, tender in one.paid()),
        "is_inside": sum(entry["seq"] < one.end for entry, _ in one.paid()),
        "is_confirmed": sum(_folded(tender["reference"]) in sure for _, tender in one.paid()),
    }


def _debts(one: Outage) -> Totals:
    owed = [became["owed_minor"] for _, became in one.passes()]
    return {"passes": sum(minor > 0 for minor in owed), "owed_minor": sum(owed)}


def _staff(one: Outage) -> Totals:
    papers, sums = set(), Counter[str]()
    for entry in one.inside:
        if entry["kind"] not in _TAKING:
            continue
        for account, currency, minor in entry["postings"]:
            if account.startswith("asset:") and not account.startswith("asset:receivable:"):
                sums[currency] += minor
                number = entry["data"]["refund" if entry["kind"] == "refund.paid" else "number"]
                papers.add((entry["by"], number))
    return {
        "papers": len(papers), "kes_minor": sums["KES"], "usd_minor": sums["USD"],
        "passes": sum(entry["kind"] in _PASSES for entry in one.inside),
    }  # fmt: skip


def _folded(reference: str) -> str:
    return reference.translate(str.maketrans("OI", "01", "-/."))


def _summed(make: Callable[[Outage], Totals], *names: str) -> Callable[[Known], Totals]:
    def summed(of: Known) -> Totals:
        sums = Counter[str](dict.fromkeys(names, 0))
        for one in _outages(of):
            sums.update(make(one))
        return dict(sums)

    return summed


PAPERS: Mapping[str, Callable[[Known], Totals]] = {
    "outage_statement": _summed(
        _whole, "receipts", "sold_minor", "leaves_minor", "passes", "issued_minor", "collected_minor",
        "to_paybill_minor", "owed_minor",
    ),
    "outage_receipts": _summed(_receipts, "people", "counts_minor"),
    "outage_passes": _summed(
        _passes, "people", "total_minor", "paid_minor", "waived_minor", "undone_minor", "owed_minor",
        "owed_back_minor",
    ),
    "outage_collected": _summed(_collected, "paid_minor", "overstay_minor"),
    "outage_leaves": _summed(_leaves, "people", "total_minor"),
    "outage_paybill": _summed(_paybill, "kes_minor", "is_inside", "is_confirmed"),
    "outage_owed": _summed(_debts, "passes", "owed_minor"),
    "outage_staff": _summed(_staff, "papers", "kes_minor", "usd_minor", "passes"),
    "outage_seconds": lambda _: {},
}  # fmt: skip

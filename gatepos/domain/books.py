"""The books, defined once: from an entry to rows, at the till and at central alike.

Rows are only ever inserted, keyed (till, seq, line). State is a sum or an EXISTS over them, so that the
same entries in any order give the same books.
"""

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import cast

from gatepos.domain import erasing, gatepass, sale
from gatepos.domain.entry import Entry
from gatepos.domain.payment import folded
from gatepos.domain.vocabulary import REFUNDED

Row = tuple[str, tuple[object, ...]]

OWED = "asset:receivable:"
"""The accounts of what is owed on a pass begin so, its number after it."""


def inserts(entry: Entry) -> list[Row]:
    """The rows that an entry adds, as (table, values in the order of its columns)."""
    make = _ROWS.get(entry.kind)
    made = make(entry, entry.data) if make else []
    till, seq, day, shift = entry.till, entry.seq, entry.day, entry.shift
    money = [("posting", (*posting, day, shift)) for posting in entry.postings]
    lines: dict[str, int] = {}
    rows: list[Row] = []
    for table, values in [*money, *_taken(entry), *_act(entry), *_come(entry), *made]:
        line = lines[table] = lines.get(table, -1) + 1
        rows.append((table, (till, seq, line, *values)))
    return rows


_Data = Mapping[str, object]

ENTRY, EXIT, BACK = "entry", "exit", "back"
"""Where money was taken: for going in, on a pass, or it was handed back."""
_PLACES = {
    "receipt.issued": ENTRY,
    "receipt.corrected": ENTRY,
    "paper.captured": ENTRY,
    "pass.settled": EXIT,
    "receipt.voided": BACK,
    "refund.paid": BACK,
}
_ASSET = "asset:"


def _taken(entry: Entry) -> list[Row]:
    """What came into the till for a paper, change taken off, by the asset it went to."""
    place = _PLACES.get(entry.kind)
    if place is None:
        return []
    number = entry.data["refund" if entry.kind == "refund.paid" else "number"]
    head = (number, entry.at, entry.day, entry.fields["gate"], entry.shift, entry.by, place)
    return [
        ("taken", (*head, *_asset(account), currency, amount))
        for account, currency, amount in entry.postings
        if account.startswith(_ASSET) and not account.startswith(OWED)
    ]


def _asset(account: str) -> tuple[str, str | None]:
    """The way of paying that an account is of, and its paybill."""
    kind, _, rest = account.removeprefix(_ASSET).partition(":")
    return kind, rest if kind == "mpesa" else None


ACTS = frozenset((
    "shift.opened", "shift.closed", "cash.moved", "drawer.opened",
    "receipt.corrected", "receipt.voided", "refund.requested", "refund.decided", "refund.paid",
    "pass.reissued", "pass.revoked", "pass.waived", "pass.let_out", "exit.without_pass",
    "paper.issued", "paper.captured", "paper.ended", "document.held", "document.moved", "document.returned",
    "outage.opened", "outage.countersigned", "outage.closed",
    "schedule.switched", "rate.switched", "free_entry.noticed", "config.changed", "staff.changed",
    "reprint", "clock.anomaly",
    "auth.failed", "auth.locked", "bill.abandoned",
    "sync.paused", "training.begun", "training.ended", "ledger.recovered", "ledger.gap",
))  # fmt: skip
"""Kinds that papers list one by one, or count, beside all that a second person agreed to."""


def _act(entry: Entry) -> list[Row]:
    also = cast("dict[str, object] | None", entry.fields["also"])
    if also is None and entry.kind not in ACTS:
        return []
    where = (entry.fields["gate"], entry.shift, entry.by)
    agreed = (also["staff"], also["how"]) if also else (None, None)
    return [("act", (entry.kind, entry.number, entry.at, entry.day, *where, *agreed))]


_CAME = frozenset(("receipt.issued", "receipt.corrected", "pass.issued", "pass.reissued", "paper.captured"))
HEAD = 3
"""Characters of a plate by which vehicles are looked up."""


def _come(entry: Entry) -> list[Row]:
    """The vehicle that came, and how long it stood at the window."""
    if entry.kind not in _CAME:
        return []
    data, rows = entry.data, list[Row]()
    plate, served_ms = cast(str, data["plate"]), data.get("served_ms")
    if plate and data["band"]:
        rows.append(("vehicle", (plate, plate[:HEAD], data["band"], data["operator"], entry.at)))
    if served_ms is not None:
        rows.append(("served", (data["number"], entry.at, entry.day, entry.fields["gate"], served_ms)))
    return rows


def _charges(entry: Entry, number: object, lines: object, product: object = None) -> list[Row]:
    """What each line of a paper charges, and for how many; an overstay is of no product."""
    fields = entry.fields
    head = (number, entry.at, entry.day, fields["gate"], entry.shift, entry.by, fields["schedule"])
    return [
        (
            "charge",
            (
                *head,
                *_of_line(line),
                product,
                line.get("notice") or line["evidence"],
                line.get("foregone_minor"),
            ),
        )
        for line in cast("list[dict[str, object]]", lines)
    ]


_of_line = itemgetter(
    "fee", "category", "age", "ground", "count", "times", "currency", "amount_minor", "kes_minor"
)


def _bill(entry: Entry, data: _Data) -> list[Row]:
    account = data.get("group") or data["number"]
    values = (data["plate"], data["total_minor"], data["corrects"], account)
    return [("bill", (data["number"], entry.at, entry.day, entry.shift, *values))]


def _abandoned(entry: Entry, data: _Data) -> list[Row]:
    return [("bill_ending", (data["bill"], "abandoned", None))]


def _receipt(entry: Entry, data: _Data) -> list[Row]:
    number = data["number"]
    digest = erasing.paper_digest(entry)
    head = (number, data["bill"], entry.at, entry.day, entry.shift, entry.by, data["plate"])
    rows: list[Row] = [
        ("receipt", (*head, data["total_minor"], digest, data.get("replaces"))),
        ("bill_ending", (data["bill"], "receipt", number)),
    ]
    if data["enters"]:
        rows.append(_passage(entry, number, "in", max(_heads(data), 1)))
    return [*rows, *_tenders(entry, data), *_charges(entry, number, data["lines"], data["product"])]


def _tenders(entry: Entry, data: _Data) -> list[Row]:
    rows: list[Row] = []
    for tender in cast("list[dict[str, object]]", data["tenders"]):
        reference = cast("str | None", tender["reference"])
        values = (
            data["number"], tender["kind"], tender["currency"], tender["amount_minor"], tender["kes_minor"],
            reference, _folded(tender["kind"], reference), tender["paid_minor"], tender["paybill"],
            entry.day, entry.shift, _is_typed(tender),
        )  # fmt: skip
        rows.append(("tender", values))
    return rows


def _is_typed(tender: _Data) -> int | None:
    """Whether a ticket's reference was typed, as all were before entries said so; None of other tenders."""
    return int(tender.get("is_typed") is not False) if tender["kind"] == "ecitizen" else None


def _passage(entry: Entry, subject: object, direction: str, people: int) -> Row:
    fields = entry.fields
    values = (subject, direction, people, entry.at, fields["gate"], fields["lane"], entry.by)
    return ("passage", values)


def _heads(data: _Data) -> int:
    return sum(n for _, _, n in cast("list[list[int]]", data["people"]))


def _pass(entry: Entry, data: _Data) -> list[Row]:
    number = data["number"]
    digest = erasing.paper_digest(entry)
    head = (number, digest, entry.at, entry.day, entry.shift, entry.by, entry.fields["gate"])
    what = (data["plate"], data["operator"], _heads(data), data["total_minor"], data["valid_until"])
    together = gatepass.together(data)
    rows: list[Row] = [("pass", (*head, *what, data["outage"], together))]
    if data["bill"] is not None:
        rows.append(("bill_ending", (data["bill"], "pass", number)))
    if data["enters"]:
        rows.append(_passage(entry, number, "in", max(_heads(data), 1)))
    return [*rows, *_charges(entry, number, data["lines"], data["product"])]


def _reissued(entry: Entry, data: _Data) -> list[Row]:
    ending = (data["replaces"], "reissued", data["number"], data["replaces_digest"], entry.at, 0, entry.day)
    return [*_pass(entry, data), ("pass_ending", ending)]


def _revoked(entry: Entry, data: _Data) -> list[Row]:
    what = (data["pass"], "revoked", None, data["digest"], entry.at, data["undone_minor"], entry.day)
    return [("pass_ending", what)]


def _scanned(entry: Entry, data: _Data) -> list[Row]:
    fields = entry.fields
    seen = (data["subject"], data["digest"], data["paper"], data["direction"], data["verdict"])
    rows: list[Row] = [
        ("scan", (*seen, data["due_minor"], entry.at, fields["gate"], fields["lane"], data["count"]))
    ]
    if data["people"]:
        rows.append(_passage(entry, data["subject"], cast(str, data["direction"]), cast(int, data["people"])))
    if data.get("back"):
        back = (data["subject"], data["back"], data["back_people"], data["back_until"])
        rows.append(("coming_back", (*back, entry.at, fields["gate"])))
    return rows


def _headcount(entry: Entry, data: _Data) -> list[Row]:
    paper = cast("list[list[int]]", data["people"])
    counted = cast("list[list[int]] | None", data["counted"])
    heads = None if counted is None else sum(n for _, _, n in counted)
    differs = int(counted is not None and sorted(counted) != sorted(paper))
    who = (data["subject"], entry.at, entry.day, entry.shift, entry.by)
    return [("headcount", (*who, sum(n for _, _, n in paper), heads, differs))]


def _settled(entry: Entry, data: _Data) -> list[Row]:
    digest = erasing.paper_digest(entry)
    when = (entry.at, entry.day, entry.shift)
    overstay = cast("list[dict[str, int]]", data["overstay"])
    charged = sum(line["kes_minor"] for line in overstay)
    paid = (cast(int, data["total_minor"]) - charged, charged, data["due_minor"], digest, data["outage"])
    is_seen, payment = int(data.get("sight") is not None), sale.payment_of(entry.id)
    rows: list[Row] = [("settlement", (data["number"], data["pass"], *when, *paid, is_seen, payment))]
    if data["leaving"]:
        rows.append(_passage(entry, data["pass"], "out", cast(int, data["leaving"])))
    return [*rows, *_tenders(entry, data), *_charges(entry, data["number"], overstay)]


def _waived(entry: Entry, data: _Data) -> list[Row]:
    overstay_minor = data.get("overstay_minor") or 0
    return [("waiver", (data["pass"], data["amount_minor"], overstay_minor, entry.day, entry.at))]


def _let_out(entry: Entry, data: _Data) -> list[Row]:
    values = (data["pass"], data["how"], data["owed_minor"], data["plate"], data["operator"], entry.at)
    return [("let_out", values), _passage(entry, data["pass"], "out", cast(int, data["people"]))]


def _left(entry: Entry, data: _Data) -> list[Row]:
    if data["receipt"] is None:
        return [("let_out", ("", "story", data["owed_minor"], data["plate"], None, entry.at))]
    return [_passage(entry, data["receipt"], "out", cast(int, data["people"]))]


def _conflict(entry: Entry, data: _Data) -> list[Row]:
    first, second = cast("dict[str, object]", data["first"]), cast("dict[str, object]", data["second"])
    places = (first["till"], first["seq"], second["till"], second["seq"])
    return [("conflict", (data["subject"], data["what"], *places))]


def _outage(entry: Entry, data: _Data) -> list[Row]:
    values = (
        entry.id,
        entry.at,
        data["since"],
        data["cause"],
        data["paybill"],
        int(cast(bool, data["is_standing"])),
    )
    return [("outage", values)]


def _outage_over(entry: Entry, data: _Data) -> list[Row]:
    return [("outage_ending", (data["outage"], entry.at))]


def _held(entry: Entry, data: _Data) -> list[Row]:
    what = (data["document"], data["pass"], data["plate"], data["envelope"])
    return [("document", (entry.id, *what, entry.fields["gate"], entry.shift, entry.by, entry.at))]


def _moved_on(entry: Entry, data: _Data) -> list[Row]:
    return [("document_moved", (data["held"], data["to"], entry.at))]


def _returned(entry: Entry, data: _Data) -> list[Row]:
    return [("document_ending", (data["held"], entry.at, entry.fields["gate"]))]


def _pad(entry: Entry, data: _Data) -> list[Row]:
    return [("pad", (data["book"], data["first"], data["last"], data["to"], entry.at))]


def _captured(entry: Entry, data: _Data) -> list[Row]:
    rows: list[Row] = [("leaf", (data["book"], data["leaf"], "captured", data["number"], entry.at))]
    if data["bill"] is not None:
        rows.append(("bill_ending", (data["bill"], "paper", data["number"])))
    return [*rows, *_tenders(entry, data), *_charges(entry, data["number"], data["lines"], data["product"])]


def _leaves(entry: Entry, data: _Data) -> list[Row]:
    first, last = cast(int, data["first"]), cast(int, data["last"])
    return [("leaf", (data["book"], n, data["how"], None, entry.at)) for n in range(first, last + 1)]


def _folded(kind: object, reference: str | None) -> str | None:
    return f"{kind}:{folded(reference)}" if reference else None


def _corrected(entry: Entry, data: _Data) -> list[Row]:
    ending = (data["replaces"], "corrected", data["number"], data["replaces_digest"], entry.day)
    return [*_receipt(entry, data), ("receipt_ending", ending)]


def _voided(entry: Entry, data: _Data) -> list[Row]:
    return [("receipt_ending", (data["receipt"], "voided", data["number"], data["digest"], entry.day))]


def _refund(entry: Entry, data: _Data) -> list[Row]:
    head = (data["number"], data["subject"], entry.at, entry.day, entry.shift, entry.by)
    return [("refund", (*head, data["amount_minor"], data["used"], int(bool(data["lines"]))))]


def _refund_decided(entry: Entry, data: _Data) -> list[Row]:
    refund, subject, is_approved = data["refund"], data["subject"], int(cast(bool, data["is_approved"]))
    rows: list[Row] = [("refund_decision", (refund, subject, is_approved, entry.at, entry.day))]
    for line in cast("list[dict[str, object]]", data["lines"]):
        undone = (line[name] for name in ("fee", "category", "age", "count", "amount_minor", "kes_minor"))
        rows.append(("refund_line", (subject, refund, *undone, entry.day)))
    if data["digest"] is not None:
        rows.append(("receipt_ending", (subject, REFUNDED, refund, data["digest"], entry.day)))
    return rows


def _refund_paid(entry: Entry, data: _Data) -> list[Row]:
    reference = cast("str | None", data["reference"])
    paid = (data["tender"], data["amount_minor"], reference, _folded(data["tender"], reference))
    return [("refund_paid", (data["refund"], data["subject"], *paid, entry.at, entry.day, entry.shift))]


def _confirmed(entry: Entry, data: _Data) -> list[Row]:
    reference = cast(str, data["reference"])
    head = (data["receipt"], reference, _folded("mpesa", reference))
    counts = -1 if data.get("undone") else 1
    return [("confirmation", (*head, data["amount_minor"], data["paid_at"], entry.day, counts))]


def _disputed(entry: Entry, data: _Data) -> list[Row]:
    reference = cast(str, data["reference"])
    head = (data["receipt"], reference, _folded("mpesa", reference))
    return [("dispute", (*head, data["why"], data["reason"], entry.by, entry.at, entry.day))]


def _decided(entry: Entry, data: _Data) -> list[Row]:
    what = (data["tender"], data["subject"], data["code"], data["decision"], data["line"])
    stood = (data["state"], data["difference_minor"], data["reason"])
    alone_minor = data.get("alone_minor") or 0
    return [("claim_decision", (*what, *stood, entry.by, entry.at, entry.day, alone_minor))]


def _schedule(entry: Entry, data: _Data) -> list[Row]:
    return [("in_force", (data["schedule"], entry.at))]


def _shift(entry: Entry, data: _Data) -> list[Row]:
    return [("shift", (data["number"], data["staff"], data["day"], entry.at))]


def _closed(entry: Entry, data: _Data) -> list[Row]:
    return [("shift_ending", (data["closes"], data.get("handed_to"), entry.at))]


def _signed_in(entry: Entry, data: _Data) -> list[Row]:
    taken = cast("list[str] | None", data.get("takes")) or []
    return [("taken_over", (shift, data["staff"], entry.at)) for shift in taken]


def _moved(entry: Entry, data: _Data) -> list[Row]:
    what = (data["how"], data["currency"], data["amount_minor"])
    return [("cash_moved", (*_at_drawer(entry), *what))]


def _drawer_opened(entry: Entry, data: _Data) -> list[Row]:
    return [("drawer_opened", _at_drawer(entry))]


def _at_drawer(entry: Entry) -> tuple[object, ...]:
    return (entry.shift, entry.day, entry.by, entry.at, entry.fields["gate"])


_ROWS: dict[str, Callable[[Entry, _Data], list[Row]]] = {
    "bill.opened": _bill,
    "bill.abandoned": _abandoned,
    "receipt.issued": _receipt,
    "receipt.corrected": _corrected,
    "receipt.voided": _voided,
    "refund.requested": _refund,
    "refund.decided": _refund_decided,
    "refund.paid": _refund_paid,
    "pass.issued": _pass,
    "pass.reissued": _reissued,
    "pass.revoked": _revoked,
    "pass.scanned": _scanned,
    "heads.counted": _headcount,
    "pass.settled": _settled,
    "pass.waived": _waived,
    "pass.let_out": _let_out,
    "pass.conflict": _conflict,
    "exit.without_pass": _left,
    "payment.confirmed": _confirmed,
    "payment.disputed": _disputed,
    "claim.decided": _decided,
    "document.held": _held,
    "document.moved": _moved_on,
    "document.returned": _returned,
    "paper.issued": _pad,
    "paper.captured": _captured,
    "paper.ended": _leaves,
    "outage.opened": _outage,
    "outage.closed": _outage_over,
    "schedule.switched": _schedule,
    "shift.opened": _shift,
    "shift.closed": _closed,
    "sign.in": _signed_in,
    "cash.moved": _moved,
    "drawer.opened": _drawer_opened,
}

"""The papers on an audit stick: staff, shifts, what was in force, keys, receipts to compare."""

import hashlib
from collections.abc import Sequence
from typing import cast

from gatepos.domain import money, numbers, receipt
from gatepos.domain.entry import Entry
from gatepos.domain.fees import Schedule
from gatepos.domain.keyring import KeyRow
from gatepos.i18n import N_
from gatepos.ledger.ledger import Ledger
from gatepos.reports.sheet import Cell, Column, Kind, Note, Sheet

DRAWN = 25
"""Receipts that are compared with paper."""
_NAMES = N_("Names stand nowhere in a ledger: the park has a register of who has which number.")
_DRAWN = N_("Drawn by {seed}: the {n} whose SHA-256 of that number, a space and the receipt's is the lowest.")
_SEQ = Column("seq", N_("Entry"), Kind.COUNT)


def staff(ledger: Ledger) -> Sheet:
    """Each number with its roles, since when and until when another entry said otherwise."""
    said = ledger.of_kind("staff.changed")
    rows = tuple(_employed(entry, said[place + 1 :]) for place, entry in enumerate(said))
    columns = (
        Column("staff", N_("Staff number")),
        Column("roles", N_("Roles")),
        Column("from_on", N_("From"), Kind.DAY),
        Column("until_on", N_("Until"), Kind.DAY),
        Column("said_at", N_("Said at"), Kind.MOMENT),
        Column("changed_at", N_("Changed at"), Kind.MOMENT),
        Column("by", N_("By")),
        Column("agreed", N_("Agreed by")),
        _SEQ,
    )
    return Sheet("staff", N_("Staff"), columns, rows, (Note(_NAMES),))


def shifts(ledger: Ledger) -> Sheet:
    """Each shift by its number, and what its close printed; one that is open has no close."""
    closes = {entry.data["closes"]: entry for entry in ledger.of_kind("shift.closed")}
    opened = ledger.of_kind("shift.opened")
    columns = (
        Column("shift", N_("Shift")),
        Column("staff", N_("Staff number")),
        Column("day", N_("Business day"), Kind.DAY),
        Column("opened_at", N_("Opened"), Kind.MOMENT),
        Column("closed_at", N_("Closed"), Kind.MOMENT),
        Column("receipts", N_("Receipts"), Kind.COUNT, is_summed=True),
        Column("sold_minor", N_("Sold KES"), Kind.KES, is_summed=True),
        Column("over_short_minor", N_("Over or short"), Kind.KES, is_summed=True),
        Column("perpetual_minor", N_("Perpetual total KES"), Kind.KES),
        Column("head_seq", N_("Ledger to entry"), Kind.COUNT),
        Column("code", N_("Code on its paper")),
        _SEQ,
    )
    rows = tuple(_shift(entry, closes.get(entry.number)) for entry in opened)
    return Sheet("shifts", N_("Shifts"), columns, rows)


def in_force(ledger: Ledger) -> Sheet:
    """Each switch of the fee schedule, of the rate and of a policy, in order."""
    kinds = ("schedule.switched", "rate.switched", "config.changed")
    entries = sorted((one for kind in kinds for one in ledger.of_kind(kind)), key=lambda one: one.seq)
    columns = (
        Column("kind", N_("What")),
        Column("key", N_("Which")),
        Column("value", N_("Set to")),
        Column("was", N_("Was")),
        Column("rate_e4", N_("KES for a dollar"), Kind.RATE),
        Column("at", N_("At"), Kind.MOMENT),
        Column("by", N_("By")),
        Column("agreed", N_("Agreed by")),
        Column("reason", N_("Reason")),
        _SEQ,
    )
    return Sheet("in_force", N_("What was in force"), columns, tuple(map(_switch, entries)))


def keys(rows: Sequence[KeyRow]) -> Sheet:
    """The certificates of the tills that are known, the till's own first."""
    columns = (
        Column("till", N_("Till")),
        Column("park", N_("Park")),
        Column("gate", N_("Gate")),
        Column("lane", N_("Lane")),
        Column("public_key", N_("Public key")),
        Column("code", N_("Code to compare")),
        Column("is_revoked", N_("Revoked"), Kind.COUNT),
    )
    return Sheet("keys", N_("Keys"), columns, tuple(map(_key, rows)))


def schedule(one: Schedule) -> Sheet:
    """Every fee of a schedule."""
    columns = (
        Column("product", N_("Product")),
        Column("fee", N_("Fee")),
        Column("category", N_("Category")),
        Column("age", N_("Age")),
        Column("currency", N_("Currency")),
        Column("amount_kes_minor", N_("KES"), Kind.KES),
        Column("amount_usd_minor", N_("USD"), Kind.USD),
        Column("per", N_("Per")),
        Column("status", N_("Status")),
        Column("note", N_("Note")),
    )
    fees = {id(fee): fee for product in one.fees.values() for fee in product.values()}
    rows = tuple(
        (
            fee.product, fee.fee, fee.category, fee.age, fee.currency,
            *(fee.amount_minor if fee.currency == currency else None for currency in (money.KES, money.USD)),
            str(fee.per), str(fee.status), fee.note,
        )
        for fee in fees.values()
    )  # fmt: skip
    title = N_("Schedule {id}: {title}, {legal}")
    values = {"id": one.id, "title": one.title, "legal": one.legal}
    return Sheet(f"schedule_{one.id.lower()}", N_("Fee schedule"), columns, rows, (Note(title, values),))


def sample(ledger: Ledger, seed: int) -> Sheet:
    """The receipts to compare with paper."""
    columns = (
        Column("number", N_("Receipt")),
        Column("at", N_("At"), Kind.MOMENT),
        Column("by", N_("By")),
        Column("plate", N_("Plate")),
        Column("total_minor", N_("Total KES"), Kind.KES, is_summed=True),
        Column("tenders", N_("Paid by")),
        Column("code", N_("Check code on its paper")),
        _SEQ,
    )
    taken = ledger.journal.of_series("R", ledger.context.till)
    seqs = sorted(seq for _, seq in drawn([(number, seq) for number, seq in taken], seed))
    note = Note(_DRAWN, {"seed": seed, "n": DRAWN})
    return Sheet(
        "sample", N_("Receipts to compare"), columns, tuple(_receipt(ledger.entry(s)) for s in seqs), (note,)
    )


def drawn(receipts: Sequence[tuple[str, int]], seed: int) -> list[tuple[str, int]]:
    """DRAWN of these (number, seq), by a seed that the auditor chooses; `check.html` draws the same."""
    return sorted(receipts, key=lambda one: hashlib.sha256(f"{seed} {one[0]}".encode()).hexdigest())[:DRAWN]


def _employed(entry: Entry, later: Sequence[Entry]) -> tuple[Cell, ...]:
    data = entry.data
    after = next((one.at for one in later if one.data["staff"] == data["staff"]), None)
    roles = ", ".join(cast("list[str]", data["roles"]))
    days = (cast("str | None", data.get(name)) for name in ("from_on", "until_on"))
    return (cast(str, data["staff"]), roles, *days, entry.at, after, entry.by, _agreed(entry), entry.seq)


def _shift(opened: Entry, closed: Entry | None) -> tuple[Cell, ...]:
    data = opened.data
    head = (
        numbers.printed(cast(str, opened.number)),
        cast(str, data["staff"]),
        cast(str, data["day"]),
        opened.at,
    )
    if closed is None:
        return (*head, None, None, None, None, None, None, None, opened.seq)
    said = closed.data
    over = sum(
        cast(int, one["amount_minor"])
        for one in cast("list[dict[str, object]]", said["difference"])
        if one["currency"] == money.KES
    )
    sums = (cast(int, said["receipts"]), cast(int, said["sold_minor"]), over)
    code = receipt.check_code(bytes.fromhex(cast(str, said["head_hash"])))
    last = (cast(int, said["perpetual_minor"]), cast(int, said["head_seq"]), code)
    return (*head, closed.at, *sums, *last, closed.seq)


def _switch(entry: Entry) -> tuple[Cell, ...]:
    data = entry.data
    what = entry.kind.split(".")[0]
    key = data.get("key", what)
    value = data.get("value", data.get("schedule", data.get("rate")))
    cells = (key, value, data["was"], data.get("rate_e4"), entry.at, entry.by)
    return (
        what,
        *cast("tuple[Cell, ...]", cells),
        _agreed(entry),
        cast("str | None", data.get("reason")),
        entry.seq,
    )


def _key(row: KeyRow) -> tuple[Cell, ...]:
    code = receipt.check_code(hashlib.sha256(row.public).digest())
    return (row.till, row.park, row.gate, row.lane, row.public.hex(), code, int(row.is_revoked))


def _receipt(entry: Entry) -> tuple[Cell, ...]:
    data = entry.data
    tenders = cast("list[dict[str, str | None]]", data["tenders"])
    paid = ", ".join(" ".join(filter(None, (one["kind"], one["reference"]))) for one in tenders)
    total, plate = cast(int, data["total_minor"]), cast(str, data["plate"])
    code = receipt.check_code(entry.hash)
    return (numbers.printed(cast(str, entry.number)), entry.at, entry.by, plate, total, paid, code, entry.seq)


def _agreed(entry: Entry) -> str | None:
    also = cast("dict[str, str] | None", entry.fields["also"])
    return also["staff"] if also else None

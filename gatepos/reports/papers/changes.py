"""What somebody may be asked about: reprints, what a second person agreed to, switches, clock changes."""

from collections.abc import Callable, Mapping

from gatepos.domain import labels, money, text
from gatepos.domain.statements import days_of
from gatepos.i18n import N_, Words
from gatepos.ledger import registers
from gatepos.reports.papers import columns
from gatepos.reports.scope import Scope
from gatepos.reports.sheet import Cell, Column, Note, Sheet

_NO_PRICE = N_(
    "Prices come from the schedule, and where it has none from what two persons confirmed. No clerk sets one."
)
_ALWAYS = frozenset((
    "reprint", "clock.anomaly", "sync.paused", "training.begun", "training.ended", "ledger.recovered",
    "ledger.gap", "drawer.opened", "schedule.switched", "rate.switched", "config.changed", "staff.changed",
    "receipt.corrected", "receipt.voided", "pass.reissued", "pass.revoked", "pass.waived", "pass.let_out",
    "exit.without_pass", "outage.opened", "outage.countersigned", "refund.decided",
))  # fmt: skip
_COLUMNS = (
    *columns.WRITTEN,
    Column("what", N_("What")), Column("of", N_("Of")), Column("detail", N_("Detail")),
    columns.REASON, columns.SECOND,
)  # fmt: skip


def sheet(scope: Scope) -> Sheet:
    """Each in its order; what belongs to a shift's own paper is not here."""
    acts = [act for act in registers.acts(scope.rows, scope.span) if act.also or act.kind in _ALWAYS]
    entries = scope.of(acts)
    rows: list[tuple[Cell, ...]] = []
    for act in acts:
        data = entries[act.till, act.seq].data
        rows.append((
            act.at, act.day, act.till, scope.gate(act.gate), scope.printed(act.shift), act.staff,
            scope.words(labels.ENTRIES.get(act.kind, act.kind)), scope.printed(_of(data)),
            _detail(act.kind, data, scope.words),
            next((str(data[name]) for name in _REASONS if data.get(name)), None), act.also,
        ))  # fmt: skip
    return Sheet("changes", N_("Reprints, overrides and switches"), _COLUMNS, tuple(rows), (Note(_NO_PRICE),))


Data = Mapping[str, object]
_REASONS = ("reason", "legal", "ground", "note", "finding", "story", "authority")
_OF = (
    "code", "receipt", "replaces", "pass", "subject", "number", "of", "plate", "key", "staff",
    "training_till", "reference", "paybill",
)  # fmt: skip


def _of(data: Data) -> str | None:
    """What it is about: a paper, an entry, a setting, somebody."""
    return next((str(data[name]) for name in _OF if data.get(name)), None)


def _detail(kind: str, data: Data, words: Words) -> str | None:
    say = _DETAILS.get(kind)
    return say(data, words) if say else None


def _withdrawn(data: Data, words: Words) -> str:
    """Of which payments a statement counts no more; only where two agreed to it is one here."""
    first, last = map(text.shown_day, days_of(str(data["from_at"]), str(data["to_at"])))
    return words(
        N_("Withdrawn: {tender}, {first} – {last}, {n} payments, {amount}"),
        tender=words(labels.TENDERS[str(data["statement"])]), first=first, last=last, n=data["lines"],
        amount=money.shown(money.KES, int(str(data["paid_minor"]))),
    )  # fmt: skip


def _decided(data: Data, words: Words) -> str:
    """What was said, how it stood, and what was paid less what was taken."""
    decision, state = labels.DECISIONS[str(data["decision"])], labels.CLAIM_STATES[str(data["state"])]
    said = " · ".join((words(decision), words(state), str(data["line"] or ""))).rstrip(" ·")
    return f"{said} · {money.shown(money.KES, int(str(data['difference_minor'])))}"


_DETAILS: dict[str, Callable[[Data, Words], str | None]] = {
    "reprint": lambda data, _: str(data["copy"]),
    "clock.anomaly": lambda data, _: f"{data['state']} {data['last_at'] or ''}".strip(),
    "schedule.switched": lambda data, _: f"{data['was'] or '–'} → {data['schedule']}",
    "fee.confirmed": lambda data, _: (
        f"{data['product']} {data['fee']} {data['category']} {data['age']}"
        f" {money.shown(str(data['currency']), int(str(data['amount_minor'])))}"
    ),
    "rate.switched": lambda data, _: f"{data['rate']} {money.rate_text(int(str(data['rate_e4'])))}",
    "free_entry.noticed": lambda data, _: (
        f"{data['title']}, {data['first_on']} – {data['last_on']}{' ✕' if data['is_ended'] else ''}"
    ),
    "config.changed": lambda data, _: f"{data['was'] or '–'} → {data['value']}",
    "staff.changed": lambda data, _: ", ".join(map(str, data["roles"])) or "–",  # type: ignore[call-overload]
    "receipt.voided": lambda data, _: money.shown(money.KES, int(str(data["total_minor"]))),
    "receipt.corrected": lambda data, _: money.shown(money.KES, int(str(data["total_minor"]))),
    "refund.decided": lambda data, _: money.shown(money.KES, int(str(data["amount_minor"]))),
    "statement.imported": _withdrawn,
    "claim.decided": _decided,
    "pass.waived": lambda data, _: money.shown(money.KES, int(str(data["amount_minor"]))),
    "pass.let_out": lambda data, _: money.shown(money.KES, int(str(data["owed_minor"]))),
    "exit.without_pass": lambda data, _: money.shown(money.KES, int(str(data["owed_minor"]))),
}

"""A park's day as its page shows it: sums of what the books say, with what they do not cover."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gatepos.central.managers import chart, outages
from gatepos.central.managers.chart import Column
from gatepos.central.managers.coverage import Coverage, covered
from gatepos.central.store import announced, glance, takings
from gatepos.central.store.announced import Announced
from gatepos.central.store.engine import Transaction
from gatepos.central.store.glance import TillSeen
from gatepos.central.store.takings import Open, Papers
from gatepos.domain import labels, moments, money
from gatepos.domain.books import BACK, ENTRY
from gatepos.domain.fees import FeeTitle
from gatepos.domain.parks import Park
from gatepos.domain.postings import INCOME
from gatepos.domain.vocabulary import CATEGORIES
from gatepos.i18n import Words
from gatepos.ledger import takings as books
from gatepos.ledger.takings import HOUR, Charged, Held, Span, Taken

OPEN_MAX = 200
_BY = ("till", "kind", "currency", "place", HOUR)
_TENDERS = ("mpesa", "card", "cash")
PREPAID = "ecitizen"
"""Paid elsewhere before."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: amounts by currency, minor units."""

    label: str
    count: int
    kes_minor: int
    usd_minor: int = 0


@dataclass(frozen=True, slots=True)
class TillRow:
    """What one till did that day; KES and USD collected, minor units."""

    till: str
    gate: str
    receipts: int
    payments: int
    people: int
    kes_minor: int
    usd_minor: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of a category, or of a band of vehicles, papers were written for."""

    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Told:
    """What a till said by telephone, and how much of its KES is beyond what is here of it."""

    announced: Announced
    gate: str
    beyond_minor: int


@dataclass(frozen=True, slots=True)
class Day:
    """The figures of a park's day; amounts minor units, those in KES unless they say USD."""

    park: str
    on: date
    papers: int
    receipts: int
    back_minor: int
    payments: int
    people: int
    collected_kes_minor: int
    collected_usd_minor: int
    prepaid_count: int
    prepaid_minor: int
    claimed_count: int
    claimed_minor: int
    confirmed_minor: int
    open: Open
    held: Held
    tenders: list[Row]
    tills: list[TillRow]
    gates: list[TillRow]
    fees: list[Row]
    charged_minor: int
    hours: list[Column]
    coverage: Coverage
    visitors: list[Counted]
    vehicles: list[Counted]
    outages: list[outages.Row]
    told: list[Told]

    @property
    def told_minor(self) -> int:
        """KES that tills said by telephone beyond what is here."""
        return sum(one.beyond_minor for one in self.told)


def of_day(
    tx: Transaction, park: Park, on: date, now_ms: int, titles: Mapping[str, FeeTitle], words: Words
) -> Day:
    """All figures of a park's business day, as far as its tills have been heard."""
    day = on.isoformat()
    seen = glance.tills(tx, park.code)
    ask, span = announced.rows_of(tx), Span(tuple(one.till for one in seen), day, day)
    all_taken = books.taken(ask, span, *_BY)
    taken = [one for one in all_taken if _tender(one) != PREPAID]
    receipts, payments = (asks(tx, park.code, day) for asks in (takings.receipts, takings.settlements))
    people = takings.people_in(tx, park.code, *_bounds(on))
    tickets = books.tickets(ask, span)
    codes = books.claimed(ask, span)
    claims = [one for one in codes if not one.is_confirmed]
    charged = takings.charged(tx, park.code, day)
    owed = takings.receivables(tx, span.tills)
    tills = _tills(seen, park, taken, receipts, payments, people)
    counted = books.charged(ask, span, "category", "age", "ground")
    return Day(
        park=park.code,
        on=on,
        papers=sum(one.papers for one in books.taken(ask, span, "place", but=PREPAID) if one.by[0] != BACK),
        receipts=sum(one.count for one in receipts),
        back_minor=-sum(one.minor for one in all_taken if _of(one, "place") == BACK),
        payments=sum(one.count for one in payments),
        people=sum(people.values()),
        collected_kes_minor=_sum(taken, money.KES),
        collected_usd_minor=_sum(taken, money.USD),
        prepaid_count=len(tickets),
        prepaid_minor=sum(tickets.values()),
        claimed_count=len(claims),
        claimed_minor=sum(one.minor for one in claims),
        confirmed_minor=sum(one.minor for one in codes if one.is_confirmed),
        open=takings.opened(tx, span.tills, owed, OPEN_MAX),
        held=books.held(ask, owed, span.tills, day),
        tenders=_by_tender(ask, span, words),
        tills=tills,
        gates=_by_gate(tills),
        fees=[Row(_fee(account, titles, words), 0, minor) for account, minor in charged.items()],
        charged_minor=sum(charged.values()),
        hours=_hours(taken),
        coverage=covered(seen, park, on, now_ms),
        visitors=_visitors(counted, words),
        vehicles=_vehicles(counted, words),
        outages=outages.between(tx, park.code, *_bounds(on), words),
        told=_told(announced.ahead(tx, park.code, day), tills, seen, park),
    )


def _visitors(counted: Sequence[Charged], words: Words) -> list[Counted]:
    """People by category and age in the order of the fee table, and who enters free by the ground."""
    people: Counter[tuple[str, str, str]] = Counter()
    for one in counted:
        category, age, ground = (str(name or "") for name in one.by)
        people[("", "", ground) if ground else (category, age, "")] += one.people
    order = {category: place for place, category in enumerate(CATEGORIES)}
    named = sorted(people, key=lambda who: (who[2], order.get(who[0], len(order)), who[1]))
    return [Counted(_person(*who, words), people[who]) for who in named if people[who]]


def _person(category: str, age: str, ground: str, words: Words) -> str:
    return words(labels.GROUNDS[ground]) if ground else labels.person(category, age, words)


def _vehicles(counted: Sequence[Charged], words: Words) -> list[Counted]:
    bands: Counter[str] = Counter()
    for one in counted:
        bands[str(one.by[1])] += one.vehicles
    return [Counted(words(labels.BANDS[int(band)]), bands[band]) for band in sorted(bands) if bands[band]]


def _told(
    told: Sequence[Announced], tills: Sequence[TillRow], seen: Sequence[TillSeen], park: Park
) -> list[Told]:
    here = {row.till: row.kes_minor for row in tills}
    gates = {one.till: park.gate_name(one.gate) for one in seen}
    return [
        Told(one, gates[one.figure.till], one.figure.kes_minor - here.get(one.figure.till, 0)) for one in told
    ]


def _bounds(on: date) -> tuple[str, str]:
    first = moments.at_local(on, 0)
    return moments.to_text(first), moments.to_text(first + moments.DAY_MS)


def _of(one: Taken, name: str) -> str:
    return str(one.by[_BY.index(name)])


def _tender(one: Taken) -> str:
    return _of(one, "kind")


def _sum(taken: Iterable[Taken], currency: str) -> int:
    return sum(one.minor for one in taken if _of(one, "currency") == currency)


def _by_tender(ask: books.Rows, span: Span, words: Words) -> list[Row]:
    """By way of paying, and M-PESA by paybill: for how many papers."""
    by = ("kind", "paybill")
    minor = {one.by: one.minor for one in books.taken(ask, span, *by, "currency", but=PREPAID)}
    found = sorted(books.taken(ask, span, *by, but=PREPAID), key=_in_order)
    return [
        Row(
            " ".join(filter(None, (words(labels.TENDERS.get(str(one.by[0]), str(one.by[0]))), one.by[1]))),
            one.papers,
            minor.get((*one.by, money.KES), 0),
            minor.get((*one.by, money.USD), 0),
        )
        for one in found
    ]


def _in_order(one: Taken) -> tuple[int, str, str]:
    tender, paybill = (str(name or "") for name in one.by)
    return (_TENDERS.index(tender) if tender in _TENDERS else len(_TENDERS), tender, paybill)


def _tills(
    seen: Sequence[TillSeen],
    park: Park,
    taken: Sequence[Taken],
    receipts: Sequence[Papers],
    payments: Sequence[Papers],
    people: Mapping[str, int],
) -> list[TillRow]:
    issued, paid = ({one.till: one.count for one in papers} for papers in (receipts, payments))
    rows = []
    for till in seen:
        own = [one for one in taken if _of(one, "till") == till.till]
        rows.append(
            TillRow(
                till.till, park.gate_name(till.gate), issued.get(till.till, 0), paid.get(till.till, 0),
                people.get(till.till, 0), _sum(own, money.KES), _sum(own, money.USD),
            )
        )  # fmt: skip
    return rows


def _by_gate(tills: Sequence[TillRow]) -> list[TillRow]:
    rows = []
    for gate in dict.fromkeys(row.gate for row in tills):
        own = [row for row in tills if row.gate == gate]
        sums = (
            sum(getattr(row, name) for row in own)
            for name in ("receipts", "payments", "people", "kes_minor", "usd_minor")
        )
        rows.append(TillRow("", gate, *sums))
    return rows


def _fee(account: str, titles: Mapping[str, FeeTitle], words: Words) -> str:
    fee, *rest = account.removeprefix(INCOME).split(":")
    category, age = rest if len(rest) == 2 else ("any", *rest)
    return labels.fee(fee, category, age, words, titles)


def _hours(taken: Iterable[Taken]) -> list[Column]:
    """KES by the hour in which they came in: at entry and on exit."""
    entry: Counter[int] = Counter()
    leaving: Counter[int] = Counter()
    for one in taken:
        place = _of(one, "place")
        if place != BACK and _of(one, "currency") == money.KES:
            hour = moments.local(moments.from_text(f"{_of(one, HOUR)}:00:00.000Z")).hour
            (entry if place == ENTRY else leaving)[hour] += one.minor
    hours = [*entry, *leaving]
    between = range(min(hours), max(hours) + 1) if hours else range(0)
    return chart.columns([(str(hour), (entry[hour], leaving[hour])) for hour in between])

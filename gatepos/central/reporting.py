"""Takings of a park, or of all, with all their papers: as central's books have them, under its signature."""

import zipfile
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gatepos import i18n
from gatepos.central import folder as places
from gatepos.central import schedules
from gatepos.central.store import glance, looks, reported, statements
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.looks import Look
from gatepos.domain import fees, parks, vocabulary
from gatepos.domain.parks import Park
from gatepos.i18n import Words
from gatepos.ledger import reconciliation
from gatepos.ledger.takings import Span
from gatepos.reports import daily, export, reconcile
from gatepos.reports.asked import Typed, asked, exported
from gatepos.reports.export import Exported
from gatepos.reports.manifest import Signer
from gatepos.reports.scope import Prices, Scope
from gatepos.reports.sheet import Head, Report
from gatepos.seal import said
from gatepos.seal.keys import TillKey

RECONCILIATION = "reconciliation"
"""What a sheet is, in the name of its folder."""


def scope(tx: Transaction, park: Park | None, days: tuple[str, str], at: str, words: Words) -> Scope:
    """What a report of a park, or of all, is asked of: from one business day to another."""
    standings = reported.standings(tx, park.code if park else None)
    span = Span(tuple(one.till for one in standings), *days)
    source = reported.source(tx, span.tills, [park.code] if park else glance.parks(tx))
    prices = Prices(schedules.known(tx), fees.titles())
    return Scope(source, span, at, tuple(standings), prices, park, words)


def signer(key: TillKey, at: str) -> Signer:
    """Central, as who signs what is exported."""
    return Signer(vocabulary.CENTRAL, key.public, at, partial(said.say, key))


@dataclass(frozen=True, slots=True)
class Order:
    """A report that somebody ordered: of which park, None for all, as they typed it, who and when."""

    park: str | None
    typed: Typed
    who: str
    at: str


def write(store: Store, key: TillKey, folder: Path, order: Order) -> Exported:
    """Write what was ordered; that it was is kept, and its version in central's folder.

    What `asked`, `Parks.park` and `export.write` raise.
    """
    typed, at = order.typed, order.at
    wanted = asked(typed, i18n.words(typed.language or i18n.ENGLISH))
    park = parks.shipped().park(order.park) if order.park is not None else None
    with store.reading() as tx:
        of = scope(tx, park, (wanted.first, wanted.last), at, wanted.words)
        made = daily.made(of)
    with store.writing() as tx:
        about = f"{order.park or '*'} {wanted.first}–{wanted.last}"
        looks.keep(tx, Look(at, order.who, looks.EXPORT, about))
    return exported(folder, wanted, made, of.span, signer(key, at))


def zipped(database: str, folder: Path, order: Order) -> Path:
    """The same of the central in a folder and its database, in one file beside the folder that it holds."""
    key = places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        return _zip(write(store, key, folder, order).folder)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The sheet of a park's reconciliation that somebody ordered, of which days, where to, in which words."""

    park: str
    first: str
    last: str
    out: Path
    language: str
    who: str
    at: str


def sheet_zipped(database: str, folder: Path, order: Sheet) -> Path:
    """The sheet of a reconciliation, signed, in one file beside the folder that it holds."""
    words, key = i18n.words(order.language), places.key_of(folder)
    with closing(places.opened(folder, database)) as store:
        with store.reading() as tx:
            report = _reconciliation(tx, order, words)
        with store.writing() as tx:
            about = f"{order.park} {order.first}–{order.last} {RECONCILIATION}"
            looks.keep(tx, Look(order.at, order.who, looks.EXPORT, about))
    signs = signer(key, order.at)
    made = export.write(report, order.out, export.FORMATS, words, signs, lambda _: None)
    return _zip(made.folder)


def _reconciliation(tx: Transaction, order: Sheet, words: Words) -> Report:
    days, park = (order.first, order.last), parks.shipped().park(order.park)
    of = scope(tx, park, days, order.at, words)
    matches = reconciliation.asked(statements.kept(tx, order.park), *days, order.at).matches()
    heads = tuple(Head(one.till, one.seq, one.hash) for one in of.standings if one.seq)
    return Report(
        order.park, *days, order.at, 1, heads, tuple(daily.coverage(of)),
        reconcile.sheets(matches, *days, words), reconcile.identities(matches, *days), RECONCILIATION,
    )  # fmt: skip


def _zip(made: Path) -> Path:
    place = made.with_name(f"{made.name}.zip")
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(made.iterdir()):
            file.write(path, f"{made.name}/{path.name}")
    return place

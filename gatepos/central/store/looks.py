"""Who looked at what on the pages, and when: each look once a minute."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction
from gatepos.domain import moments

AGAIN_MS = moments.MINUTE_MS
SHOWN_MAX = 200
EXPORT = "export"
"""In place of a page: the papers of a report were written."""


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody's look at a page; `about` is what they asked it for, as `park=NNP`."""

    at: str
    who: str
    page: str
    about: str


def keep(tx: Transaction, look: Look) -> None:
    """Keep a look, for ever."""
    tx.write(
        "INSERT INTO look(who, page, about, at) VALUES (:who, :page, :about, :at) ON CONFLICT DO NOTHING",
        who=look.who, page=look.page, about=look.about, at=look.at,
    )  # fmt: skip


def is_kept(tx: Transaction, look: Look) -> bool:
    """Whether the same look was kept within a minute before."""
    since = moments.to_text(moments.from_text(look.at) - AGAIN_MS)
    found = tx.row(
        "SELECT 1 FROM look WHERE who = :who AND page = :page AND about = :about AND at > :since",
        who=look.who, page=look.page, about=look.about, since=since,
    )  # fmt: skip
    return found is not None


def last(tx: Transaction) -> list[Look]:
    """The last looks, newest first."""
    found = tx.rows("SELECT at, who, page, about FROM look ORDER BY at DESC LIMIT :most", most=SHOWN_MAX)
    return [Look(*row) for row in found]

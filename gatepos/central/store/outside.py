"""How M-PESA and the national platform stand: the last word of each speaker, for all parks or for one."""

from dataclasses import dataclass

from gatepos.central.store.engine import Transaction

EVERYWHERE = "*"
"""The park of a word that counts in all of them."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word about one thing: how it stands since when, whose word, said when; `who` is a person or nobody.

    `spoken` is `outside.By`, `state` `forms.WORKS` or `forms.DOWN`.
    """

    what: str
    park: str
    spoken: str
    state: str
    since: str
    at: str
    who: str = ""


def keep(tx: Transaction, word: Spoken) -> None:
    """The last word of its speaker, in place of the one before."""
    tx.write(
        "INSERT INTO outside(what, park, spoken, state, since, at, who)"
        " VALUES (:what, :park, :spoken, :state, :since, :at, :who)"
        " ON CONFLICT(what, park, spoken) DO UPDATE SET state = excluded.state, since = excluded.since,"
        " at = excluded.at, who = excluded.who",
        what=word.what, park=word.park, spoken=word.spoken, state=word.state, since=word.since, at=word.at,
        who=word.who,
    )  # fmt: skip


def heard(tx: Transaction, park: str) -> list[Spoken]:
    """The words that count in a park, the newest first."""
    return [word for word in every(tx) if word.park in (EVERYWHERE, park)]


def every(tx: Transaction) -> list[Spoken]:
    """All words, the newest first: a few for each park at most."""
    found = tx.rows(
        "SELECT what, park, spoken, state, since, at, who FROM outside ORDER BY at DESC, park, spoken"
    )
    return [Spoken(*row) for row in found]

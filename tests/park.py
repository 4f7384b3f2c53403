"""A park for tests: three tills at two gates that know each other's keys and hear each other by bundles."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from gatepos import app
from gatepos.domain import tables
from gatepos.till.hearing import Heard
from gatepos.till.till import Till
from tests.gate import CLERK, CLERK_PIN, FixedClock, Gate, counted_ids, permit, selling

PLACES = {"XNM1": "MAIN", "XNM2": "MAIN", "XNE1": "EAST"}
"""Two tills at the Main Gate, one at another gate."""


def gates(folder: Path) -> dict[str, Gate]:
    """The park's gates, each till in a folder of its own, each with a clock of its own."""
    return {
        code: Gate(folder / code, FixedClock(), counted_ids(code), code, place)
        for code, place in PLACES.items()
    }


def built(gates: Mapping[str, Gate]) -> list[Till]:
    """New tills that know each other; a clerk sells at each, and lanes check separately."""
    tills = [selling(gate.built()) for gate in gates.values()]
    for till in tills:
        for other in tills:
            if other is not till:
                row = {**other.desk.own.certificate(), "is_revoked": False}
                till.desk.trust(till.desk.write("keyring.changed", row).entry)
        permit(till, "lane_checks_separately", "yes")
    return tills


def opened(gate: Gate) -> Till:
    """A till after a stop, its clerk at the window again."""
    till = app.open_till(gate.folder, gate.world())
    till.sign_in.sign_in(CLERK, CLERK_PIN)
    till.shifts.to_window()
    return till


def tell(source: Till, *others: Till, after: int = 0) -> list[Heard]:
    """What a till wrote after an entry is carried to others."""
    data, _ = source.hearing.bundle(after)
    return [other.hearing.read_bundle(data) for other in others]


def tell_all(tills: Iterable[Till]) -> None:
    """Every till hears every other, until nothing more is found."""
    every, is_news = list(tills), True
    while is_news:
        brought = [tell(source, *(till for till in every if till is not source)) for source in every]
        is_news = any(heard.conflicts for each in brought for heard in each)


def books_of(till: Till) -> bytes:
    """All books of a till in order of their keys, byte for byte."""
    return _books_of(till, "")


def heard_books_of(till: Till) -> bytes:
    """The same of what others wrote: a start adds to a till's own."""
    return _books_of(till, till.desk.own.till)


def _books_of(till: Till, but: str) -> bytes:
    lines: list[str] = []
    for table in tables.TABLES:
        rows = till.desk.ledger.conn.execute(
            f"SELECT * FROM {table.name} WHERE till <> ? ORDER BY till, seq, line", (but,)
        )
        lines += [f"{table.name} {row!r}" for row in rows]
    return "\n".join(lines).encode()

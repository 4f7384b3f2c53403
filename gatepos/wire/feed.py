"""A page of a feed: the rows that central added between two versions (FORMATS.md §6)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from gatepos.domain import erasing, fees, kinds, shapes, tickets, vocabulary
from gatepos.domain.shapes import Field, Table
from gatepos.wire import schedules
from gatepos.wire.bundle import BadBundle, Pair, pairs
from gatepos.wire.forms import BadBody

KEYRING, REVOCATIONS, PAYMENTS, RATES, POLICY, STAFF, SCHEDULES, PREPAID, PASSES = (
    "keyring", "revocations", "payments", "rates", "policy", "staff", "schedules", "prepaid", "passes",
)  # fmt: skip
ROWS_MAX = 1_000
_AMOUNT = re.compile(r"[0-9]{1,10}\.[0-9]{2}", re.ASCII)
_amount = shapes.Type(
    "decimal text", lambda value: isinstance(value, str) and _AMOUNT.fullmatch(value) is not None
)
_START = re.compile(
    r"\$argon2id\$v=19\$m=[0-9]{1,5},t=[0-9],p=[0-9]\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}", re.ASCII
)
_start = shapes.Type(
    "argon2id hash", lambda value: isinstance(value, str) and _START.fullmatch(value) is not None
)
_SIGNATURE = re.compile(r"[0-9a-f]{128}", re.ASCII)
_signature = shapes.Type(
    "128 hex", lambda value: isinstance(value, str) and _SIGNATURE.fullmatch(value) is not None
)
_text = shapes.Type("text", lambda value: isinstance(value, str))

PEOPLE: Table = {
    "category": Field(shapes.one_of(*vocabulary.CATEGORIES), "who they are"),
    "age": Field(shapes.one_of(*vocabulary.AGES), "how old"),
    "count": Field(shapes.whole(1, vocabulary.PEOPLE_MAX), "how many"),
}
ROWS: Mapping[str, Table] = {
    KEYRING: kinds.KINDS["keyring.changed"],
    REVOCATIONS: {
        "number": Field(shapes.number("PR"), "the paper's"),
        "digest": Field(shapes.HASH, "by which that very paper is known"),
        "state": Field(shapes.one_of("revoked", "reinstated"), "revoked until it is reinstated"),
        "at": Field(shapes.MOMENT, "when"),
    },
    PAYMENTS: {
        "trans_id": Field(shapes.REFERENCE, "the M-PESA code"),
        "account": Field(shapes.TEXT, "as the payer typed it"),
        "amount": Field(_amount, "KES"),
        "at": Field(shapes.MOMENT, "when it was paid"),
        "state": Field(shapes.one_of("seen", "confirmed", "withdrawn"), "the last row about a code holds"),
    },
    RATES: {
        "rate": Field(shapes.MONTH, "the published month"),
        "rate_e4": Field(shapes.RATE, "KES per USD × 10,000"),
    },
    POLICY: {
        "key": Field(shapes.WORD, "a policy id"),
        "value": Field(shapes.FREE, "from now on"),
    },
    SCHEDULES: schedules.ROW,
    PREPAID: {
        "reference": Field(tickets.REFERENCE, "of the ticket, upper case, without spaces and hyphens"),
        "day": Field(shapes.DAY, "of the visit"),
        "people": Field(shapes.many(shapes.record("people", PEOPLE), tickets.GROUPS_MAX), "who has paid"),
        "band": Field(shapes.whole(0, len(fees.BANDS)), "of the vehicle; 0 for none"),
        "plate": Field(shapes.PLATE, "empty where the list names none"),
        "listed_at": Field(shapes.MOMENT, "of the list that it stands on"),
        "state": Field(shapes.one_of("listed", "withdrawn"), "the last row about a reference holds"),
    },
    STAFF: {
        "staff": Field(shapes.STAFF, "a number of the park's"),
        "roles": Field(shapes.many(shapes.one_of(*vocabulary.ROLES), len(vocabulary.ROLES)), "empty: left"),
        "from_on": Field(shapes.DAY, "works from this day on", null=True),
        "until_on": Field(shapes.DAY, "works to this day", null=True),
        "start": Field(_start, "argon2id of a new start code; null: nothing new", null=True),
        "start_until": Field(shapes.MOMENT, "how long that code is good", null=True),
    },
    PASSES: {
        "till": Field(shapes.TILL, "whose entry it is"),
        "raw": Field(_text, "the entry"),
        "sig": Field(_text, "its signature"),
    },
}
"""The feeds that a till takes, in the order of asking: keys before what they signed, the long one last."""

PERSONAL = (PASSES, PREPAID)
"""The feeds whose rows say who it was."""

SUCCESSION: Table = {
    "central": Field(shapes.HASH, "the public key with which central speaks from now on"),
    "was": Field(shapes.HASH, "the one before it"),
    "sig": Field(_signature, "by the one before it, over the new one"),
}
"""The row of `keyring` that names central's next key."""
DISTRUST: Table = {
    "distrusted": Field(shapes.HASH, "a public key that central had, and that counts no more"),
    "by": Field(shapes.HASH, "one that came after it"),
    "sig": Field(_signature, "by that one, over the first"),
}
"""The row of `keyring` by which a key that somebody may have copied ends."""

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands between two versions of a feed; `data` is the page as central signed it, one line."""

    feed: str
    from_version: int
    version: int
    has_more: bool
    rows: Sequence[Row]
    at: str
    data: bytes = field(repr=False)
    is_erased: bool = False
    """Whether this till erased what it kept of it, and signed it in central's place."""

    def follows(self, version: int) -> bool:
        """Whether it goes on from a version, or says that central, restored, goes on from an earlier one."""
        return self.from_version == version or (self.from_version < version and not self.rows)


def page(fields: Mapping[str, object], data: bytes, *, is_erased: bool = False) -> Page:
    """The page of a feed that this till takes, every row in its form; BadBody."""
    feed, rows = cast(str, fields["feed"]), cast("list[object]", fields["body"])
    from_version, version = cast(int, fields["from"]), cast(int, fields["version"])
    has_more = cast(bool, fields["more"])
    if feed not in ROWS:
        raise BadBody(why=f"{feed} is not asked for")
    if len(rows) > ROWS_MAX or len(rows) != version - from_version or (has_more and not rows):
        raise BadBody(why="a page without its rows")
    why = next((why for row in rows if (why := _why_not(feed, row))), None)
    if why is not None:
        raise BadBody(why=why)
    typed = cast("list[Row]", rows)
    found = Page(feed, from_version, version, has_more, typed, cast(str, fields["at"]), data, is_erased)
    if feed == PASSES:
        stretches(found)
    return found


def is_succession(row: Row) -> bool:
    """Whether a row of `keyring` is central's own new key, and not a till's."""
    return "central" in row


def is_distrust(row: Row) -> bool:
    """Whether a row of `keyring` ends one of central's own keys."""
    return "distrusted" in row


def of_tills(rows: Sequence[Row]) -> list[Row]:
    """The rows of `keyring` that are tills'."""
    return [row for row in rows if not is_succession(row) and not is_distrust(row)]


def _why_not(feed: str, row: object) -> str | None:
    table = ROWS[feed]
    if feed == KEYRING and isinstance(row, dict):
        table = SUCCESSION if is_succession(row) else DISTRUST if is_distrust(row) else table
    return shapes.why_not(table, row)


def stretches(page: Page) -> dict[str, list[Pair]]:
    """Rows of `passes` by till, each till's in order; BadBody."""
    found: dict[str, list[Pair]] = {}
    told = [{"raw": row["raw"], "sig": row["sig"]} for row in page.rows]
    try:
        for row, pair in zip(page.rows, pairs(told, is_erased=page.is_erased), strict=True):
            found.setdefault(cast(str, row["till"]), []).append(pair)
    except BadBundle as error:
        raise BadBody(why=error.values["why"]) from error
    return found


def erased(feed: str, row: Row, before: str) -> Row:
    """A row of one of PERSONAL, without what is personal where it is of a day before a day."""
    if feed == PREPAID:
        return {**row, "plate": ""} if cast(str, row["day"]) < before else row
    raw, sig = cast(str, row["raw"]).encode(), bytes.fromhex(cast(str, row["sig"]))
    if not erasing.is_due(raw, before):
        return row
    left, seal = erasing.erased(raw, sig)
    return {**row, "raw": left.decode(), "sig": seal.hex()}


def minor(amount: str) -> int:
    """KES minor units of an amount as `payments` writes it."""
    return int(amount.replace(".", ""))

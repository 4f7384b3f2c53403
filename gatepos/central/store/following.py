"""The books follow the journal, in order, in transactions of their own; how far behind they are."""

from gatepos.central.receiving import Place
from gatepos.central.store import announced, feeds, groups, journal, papers, tills
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.tills import KnownTill
from gatepos.domain import booked, canonical, tables
from gatepos.domain.books import OWED
from gatepos.domain.entry import Entry

BATCH = 1_000
PASSES, REVOCATIONS = "passes", "revocations"
RECOVERED = "ledger.recovered"
"""The kind by which a till says that it took its own entries back from central."""
USED_ELSEWHERE = "payment_used_elsewhere"
"""The matter of a payment by which central let out one pass, and that a till counted for something else."""
_COLUMNS = {table.name: (*(column.name for column in table.columns), "branch") for table in tables.TABLES}
_ACCOUNT_AT = _COLUMNS["posting"].index("account")
_ENDS = {
    "pass.revoked": ("pass", "digest"),
    "pass.reissued": ("replaces", "replaces_digest"),
    "receipt.voided": ("receipt", "digest"),
    "receipt.corrected": ("replaces", "replaces_digest"),
    "refund.decided": ("subject", "digest"),
}
"""What ends a paper, by kind: the fields with its number and its digest."""
_Entry = tuple[int, bytes, bytes, bytes]
"""seq, hash, raw, sig."""


def catch_up(store: Store, till: str, at: str) -> None:
    """Bring the books of a till to its last entry that counts; StorageFailed."""
    while catch_up_some(store, till, at):
        pass


def catch_up_some(store: Store, till: str, at: str) -> bool:
    """Bring the books of a till one batch further; whether there was any. StorageFailed."""
    with store.writing() as tx:
        return _follow(tx, till, at)


def catch_up_all(store: Store, at: str) -> None:
    """Bring all books up to date; StorageFailed."""
    for till in waiting(store):
        catch_up(store, till, at)


def waiting(store: Store) -> list[str]:
    """The tills whose books may lack something; StorageFailed."""
    with store.reading() as tx:
        found = tx.rows("SELECT DISTINCT till FROM branch WHERE booked_seq < head_seq ORDER BY till")
    return [till for (till,) in found]


def behind(tx: Transaction) -> int:
    """How many stored entries that count the books do not have yet."""
    row = tx.row(
        "SELECT sum(b.head_seq - b.booked_seq) FROM branch b JOIN till t ON t.till = b.till"
        " WHERE t.counts_to IS NULL"
    )
    return int(row[0] or 0) if row else 0


def _follow(tx: Transaction, till: str, at: str) -> bool:
    """One batch of a branch of a till; whether there was any."""
    tx.lock_till(till)
    known = tills.of_code(tx, till)
    if known is None:
        return False
    found = tx.rows(
        "SELECT branch, booked_seq, told_seq FROM branch"
        " WHERE till = :till AND booked_seq < head_seq ORDER BY branch",
        till=till,
    )
    return any(_follow_branch(tx, known, branch, booked, told, at) for branch, booked, told in found)


def _follow_branch(tx: Transaction, known: KnownTill, branch: int, booked: int, told: int, at: str) -> bool:
    till = known.row.till
    stretch = [
        (seq, bytes(hash_), bytes(raw), bytes(sig))
        for seq, hash_, raw, sig in tx.rows(
            "SELECT seq, hash, raw, sig FROM journal WHERE till = :till AND branch = :branch"
            " AND seq > :after AND seq <= :to ORDER BY seq LIMIT :most",
            till=till, branch=branch, after=booked, most=BATCH,
            to=2**53 if known.counts_to is None else known.counts_to,
        )
    ]  # fmt: skip
    if not stretch:
        return False
    ends = _book(tx, till, branch, stretch, at)
    last = stretch[-1][0]
    news = [hash_ for seq, hash_, _, _ in stretch if seq > told]
    ended = [row for entry in ends if entry.seq > told and (row := _revocation(entry)) is not None]
    if ended:
        feeds.publish(tx, REVOCATIONS, known.row.park, ended, at)
    if branch == 0 and news:  # who hears of a till knows one chain of it
        feeds.publish_entries(tx, PASSES, known.row.park, till, news, at)
    for figure in announced.between(tx, till, booked, last) if branch == 0 else ():
        announced.compare(tx, figure, at)
    tx.write(
        "UPDATE branch SET booked_seq = :last, told_seq = :told WHERE till = :till AND branch = :branch",
        till=till, branch=branch, last=last, told=max(last, told),
    )  # fmt: skip
    return True


def _book(tx: Transaction, till: str, branch: int, stretch: list[_Entry], at: str) -> list[Entry]:
    """Book a stretch; its entries that end a paper."""
    ends: list[Entry] = []
    made: dict[str, list[tuple[object, ...]]] = {}
    disliked: dict[Place, str] = {}
    for seq, hash_, raw, sig in stretch:
        found = booked.judged(raw, sig, hash_)
        if isinstance(found, str):
            disliked[Place(seq, branch)] = found
            continue
        for table, values in found.rows:
            made.setdefault(table, []).append((*values, branch))
        if found.entry.kind in _ENDS:
            ends.append(found.entry)
        if found.entry.kind == RECOVERED:
            journal.open_matter(tx, till, RECOVERED, Place(seq, branch), at)
    for table, rows in made.items():
        tx.insert_all(table, _COLUMNS[table], rows)
    if "tender" in made:
        for seq in papers.used_elsewhere(tx, till, branch, stretch[0][0], stretch[-1][0]):
            journal.open_matter(tx, till, USED_ELSEWHERE, Place(seq, branch), at)
    accounts = (str(row[_ACCOUNT_AT]) for row in made.get("posting", ()))
    owed_on = {one.removeprefix(OWED) for one in accounts if one.startswith(OWED)}
    groups.look_over(tx, sorted(owed_on), at)
    journal.flag(tx, till, disliked)
    return ends


def _revocation(entry: Entry) -> str | None:
    """The row by which tills hear that the paper which an entry ends no longer counts."""
    number, digest = (entry.data[name] for name in _ENDS[entry.kind])
    if digest is None:
        return None  # nobody could read the paper, or it ends in part: no scan of it is to be refused
    row = {"number": number, "digest": digest, "state": "revoked", "at": entry.at}
    return canonical.encode(row).decode()

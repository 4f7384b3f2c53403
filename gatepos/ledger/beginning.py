"""The first entries of a new ledger, in its file before the file has its name: whole, or not there."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gatepos.domain import entry as entry_forms
from gatepos.domain import moments
from gatepos.domain.clock import Reading
from gatepos.domain.entry import Draft, Entry
from gatepos.domain.keyring import KeyRow
from gatepos.ledger import building, database, journal
from gatepos.ledger.journal import Context, Moment
from gatepos.ledger.state import State
from gatepos.seal.keys import TillKey

GAP = "ledger.gap"


@dataclass(frozen=True, slots=True)
class Gap:
    """What a new ledger says of the one it follows; who began it, and who agreed."""

    of_till: str
    from_seq: int
    to_seq: int
    cause: str
    by: str | None = None
    also: Mapping[str, object] | None = None

    def data(self) -> dict[str, object]:
        """The fields of `ledger.gap`."""
        return {
            "of_till": self.of_till,
            "from_seq": self.from_seq,
            "to_seq": self.to_seq,
            "cause": self.cause,
        }


def entries(
    key: TillKey,
    context: Context,
    now: Reading,
    new_id: Callable[[], str],
    follows: Gap | None,
    joined: KeyRow | None,
) -> list[Entry]:
    """`till.enrolled`, and `ledger.gap` when the ledger follows another."""
    certificate = joined.certificate() if joined else None
    enrolled = {"public_key": key.public.hex(), "park": context.park, "certificate": certificate}
    drafts = [Draft("till.enrolled", new_id(), enrolled)]
    if follows is not None:
        drafts.append(Draft(GAP, new_id(), follows.data(), by=follows.by, also=follows.also))
    state, moment = State(day=moments.local_day(now.wall_ms)), Moment(now, "ok")
    head, made = (0, entry_forms.genesis(context.till, key.public)), list[Entry]()
    for draft in drafts:
        made.append(journal.compose(draft, None, context, state, moment, head, key))
        head = (made[-1].seq, made[-1].hash)
    return made


def begin(folder: Path, name: str, first: Sequence[Entry]) -> None:
    """A ledger file with these entries; FileExistsError rather than replace one."""
    for suffix in database.SIDE_FILES:
        if (there := folder / f"{name}{suffix}").exists():
            raise FileExistsError(there)
    building.build(building.new_path(folder, name), first)
    building.put_in_place(folder, name)

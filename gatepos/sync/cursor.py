"""How far central has acknowledged, as it signed it: `<till>.ack` beside the tape, and what it flagged."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from gatepos import files
from gatepos.domain import shapes
from gatepos.errors import Said, Trouble
from gatepos.i18n import N_
from gatepos.sync import answers
from gatepos.sync.answers import Ack, Flag
from gatepos.wire import forms

FLAGGED_MAX = 10_000
"""So many flags are kept, the newest: a till that has more needs a person, not a list."""
_flags = shapes.many(shapes.record("flag", forms.FLAGGED), FLAGGED_MAX)


class AckNotKept(Trouble):
    """Central acknowledged, and the disk did not take it: after a start it is asked again."""

    says = N_("Central has what was sent, but that could not be kept here: {why}.")


@dataclass(slots=True)
class Cursor:
    """The last entry that central has, and its hash; 0 and the genesis when nothing is known."""

    folder: Path
    till: str
    key: bytes
    seq: int = 0
    flags: tuple[Flag, ...] = field(default=())

    @property
    def is_forked(self) -> bool:
        """Whether central knows another journal of this till."""
        return any(flag.why == answers.FORK for flag in self.flags)

    def last(self) -> Ack | None:
        """The acknowledgement that is kept; None when it is missing, damaged or another's."""
        try:
            return answers.ack(self.key, self.till, self.path.read_bytes())
        except (OSError, Said):
            return None

    def recall(self) -> None:
        """The flags that are kept; none when their file is missing or damaged: central sends them again."""
        try:
            found = orjson.loads(self.flagged_path.read_bytes())
        except (OSError, orjson.JSONDecodeError):
            return
        if _flags.holds(found):
            self.flags = tuple(Flag(int(one["seq"]), str(one["why"])) for one in found)

    def keep(self, ack: Ack) -> None:
        """Move to an acknowledgement that was weighed, then keep it, its flags first; AckNotKept."""
        self.seq = ack.seq
        try:
            if set(ack.flags) - set(self.flags):
                self._keep_flags(ack.flags)
            files.write_whole(self.path, ack.data)
        except OSError as error:
            raise AckNotKept(why=error.strerror) from error

    @property
    def path(self) -> Path:
        """The file of the acknowledgement."""
        return self.folder / f"{self.till}.ack"

    @property
    def flagged_path(self) -> Path:
        """The file of what central dislikes."""
        return self.folder / f"{self.till}.flagged"

    def _keep_flags(self, new: Iterable[Flag]) -> None:
        every = sorted({*self.flags, *new}, key=lambda flag: (flag.seq, flag.why))
        self.flags = tuple(every[-FLAGGED_MAX:])
        rows = [{"seq": flag.seq, "why": flag.why} for flag in self.flags]
        files.write_whole(self.flagged_path, orjson.dumps(rows))

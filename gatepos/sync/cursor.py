"""How far central has acknowledged, as it signed it: `<till>.ack` beside the tape, with what it flagged."""

from dataclasses import dataclass, field
from pathlib import Path

from gatepos import files
from gatepos.domain.health import Flag
from gatepos.errors import Said, Trouble
from gatepos.i18n import N_
from gatepos.seal import said
from gatepos.sync import answers
from gatepos.sync.answers import Ack
from gatepos.wire import forms


class AckNotKept(Trouble):
    """Central acknowledged, and the disk did not take it: after a start it is asked again."""

    says = N_("Central has what was sent, but that could not be kept here: {why}.")


@dataclass(slots=True)
class Cursor:
    """The last entry that central has, 0 when nothing is known, and the entries it dislikes."""

    folder: Path
    till: str
    key: bytes
    seq: int = 0
    flags: tuple[Flag, ...] = field(default=())
    former: tuple[bytes, ...] = ()
    """Keys of central before `key`: an acknowledgement that is kept may be of theirs."""

    @property
    def path(self) -> Path:
        """The file of the acknowledgement."""
        return self.folder / f"{self.till}.ack"

    @property
    def is_forked(self) -> bool:
        """Whether central knows another journal of this till."""
        return any(flag.why == forms.FORK for flag in self.flags)

    @property
    def is_doubled(self) -> bool:
        """Whether it was found that two machines hold this till's disk."""
        return self._doubled.exists()

    def last(self) -> Ack | None:
        """The acknowledgement that is kept; None when it is missing, damaged or another's."""
        try:
            data = self.path.read_bytes()
            return answers.ack(said.signer((self.key, *self.former), "ack", data), self.till, data)
        except (OSError, Said):
            return None

    def move(self, ack: Ack) -> None:
        """Go on after an acknowledgement that was weighed; its flags replace those before."""
        self.seq, self.flags = ack.seq, ack.flags

    def keep(self, ack: Ack) -> None:
        """Move, and keep it over the next start; AckNotKept."""
        self.move(ack)
        self.note(ack)

    def note(self, ack: Ack) -> None:
        """Keep what central said, be it of entries that are not here; AckNotKept."""
        self._write(self.path, ack.data)

    def note_doubled(self) -> None:
        """Keep for good that two machines hold this till's disk; AckNotKept."""
        self._write(self._doubled, b"")

    @property
    def _doubled(self) -> Path:
        return self.folder / f"{self.till}.doubled"

    def _write(self, path: Path, data: bytes) -> None:
        try:
            files.write_whole(path, data)
        except OSError as error:
            raise AckNotKept(why=error.strerror) from error

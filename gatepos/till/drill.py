"""The outage drill of a training: ten minutes with the cable pulled by software, scored and printed.

All of it stands in the training's ledger; of the real one nothing is read and nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain import labels
from gatepos.domain.entry import Entry
from gatepos.domain.kinds import PAUSED
from gatepos.domain.paper_lines import Banner, Centre, Columns, PaperLine, Rule, Small
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words
from gatepos.ledger import custody
from gatepos.till.capture import Capture
from gatepos.till.desk import Desk
from gatepos.till.offline import Offline
from gatepos.till.outage import Outages

LIMIT_S = 600
PAD = "DRILL"
_VEHICLES = 3
_NAMES = (
    ("pass.issued", N_("Vehicles let in on a pass"), _VEHICLES),
    ("pass.settled", N_("Passes paid on the way out"), 1),
    ("paper.captured", N_("Hand-written leaves entered"), 1),
)
"""What is to be played: the kind of the entry that does it, its name, and how often."""
_MISTAKES = ("bill.abandoned", "receipt.voided", "pass.revoked", "pass.reissued", "auth.failed")


class NoTraining(Refusal):
    """A drill at a till where money counts."""

    says = N_("A drill is played in a training: begin one in Set-up.")


class NoDrill(Refusal):
    """A drill that nobody began."""

    says = N_("No drill is under way.")


@dataclass(frozen=True, slots=True)
class Step:
    """How often something was done, of how often, and the seconds until all of it was, None before."""

    name: str
    done: int
    of: int
    after_s: int | None


@dataclass(frozen=True, slots=True)
class DrillView:
    """How a drill stands; `leaf` of the pad DRILL is the one to be entered."""

    leaf: int
    seconds: int
    steps: tuple[Step, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything was played."""
        return all(step.after_s is not None for step in self.steps)

    @property
    def is_over(self) -> bool:
        """Whether everything was played, or the ten minutes are past."""
        return self.is_whole or self.seconds >= LIMIT_S


@dataclass(frozen=True, slots=True)
class Score:
    """How a drill came out; `mistakes` by name, with how many."""

    view: DrillView
    touches: int
    mistakes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class _Begun:
    seq: int
    mono_ms: int
    leaf: int


class Drill:
    """One drill at a time."""

    def __init__(self, desk: Desk, offline: Offline, outages: Outages, capture: Capture):
        self._desk = desk
        self._offline = offline
        self._outages = outages
        self._capture = capture
        self._begun: _Begun | None = None

    def begin(self) -> DrillView:
        """Pull the cable, open the outage, give out a leaf, and count from here; NoTraining, NotAllowed."""
        desk, person = self._desk, self._desk.allowed("outage")
        if not desk.is_training:
            raise NoTraining()
        self._offline.pause("outage drill")
        if desk.outage() is None:
            self._outages.open("platform", authority=PAD)
        leaf = 1 + max((pad.last for pad in custody.pads_named(desk.ledger, PAD)), default=0)
        self._capture.give_out(PAD, leaf, leaf, person.number)
        self._begun = _Begun(desk.ledger.head[0], desk.clock.mono_ms(), leaf)
        return self.view()

    def view(self) -> DrillView:
        """How it stands; NoDrill."""
        begun = self._of_now()
        seconds = (self._desk.clock.mono_ms() - begun.mono_ms) // 1_000
        return DrillView(begun.leaf, seconds, tuple(self._step(begun, *named) for named in _NAMES))

    def end(self, touches: int, refused: Mapping[str, int], words: Words) -> Score:
        """Plug the cable in again; the score, with what was refused by its name. NoDrill."""
        view, begun = self.view(), self._of_now()
        self._begun = None
        self._desk.note(PAUSED, {"is_paused": False, "reason": ""})
        taken_back = {
            words(labels.ENTRIES[kind]): len(self._desk.ledger.of_kind(kind, begun.seq)) for kind in _MISTAKES
        }
        return Score(view, touches, tuple((name, n) for name, n in {**refused, **taken_back}.items() if n))

    def _step(self, begun: _Begun, kind: str, name: str, of: int) -> Step:
        found = self._desk.ledger.of_kind(kind, begun.seq)
        if kind == "pass.issued":
            firsts: dict[object, Entry] = {}
            for entry in found:
                firsts.setdefault(entry.data["plate"], entry)
            found = list(firsts.values())
        after_s = _seconds(found[of - 1], begun) if len(found) >= of else None
        return Step(name, len(found), of, after_s)

    def _of_now(self) -> _Begun:
        if self._begun is None:
            raise NoDrill()
        return self._begun


def paper(score: Score, words: Words) -> tuple[PaperLine, ...]:
    """The score, to be printed."""
    view, count = score.view, sum(n for _, n in score.mistakes)
    whole = N_("All of it played in {time}") if view.is_whole else N_("Not all of it was played in {time}")
    return (
        Banner(words(N_("TRAINING"))),
        Centre(words(N_("OUTAGE DRILL")), 2, bold=True),
        Centre(words(whole, time=clock(view.seconds)), bold=True),
        Rule(),
        *(
            Columns(f"{words(step.name)} {step.done}/{step.of}",
                    "–" if step.after_s is None else clock(step.after_s))
            for step in view.steps
        ),
        Rule(),
        Columns(words(N_("Touches")), str(score.touches)),
        Columns(words(N_("Mistakes")), str(count), bold=True),
        *(Small(f"{n} × {name}", indent=True) for name, n in score.mistakes),
    )  # fmt: skip


def clock(seconds: int) -> str:
    """`3:07` of 187 seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


def _seconds(entry: Entry, begun: _Begun) -> int:
    return (int(str(entry.fields["mono_ms"])) - begun.mono_ms) // 1_000

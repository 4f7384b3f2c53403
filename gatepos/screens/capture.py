"""Leaves written by hand, typed off one after another; pads given out, leaves spoilt or not used."""

from PySide6.QtCore import Signal

from gatepos.domain import numbers
from gatepos.i18n import N_
from gatepos.screens.bridge import Bridge
from gatepos.screens.choosing import Choice
from gatepos.screens.kit import Kit
from gatepos.screens.leaf_form import LeafForm
from gatepos.screens.pads import PadsPanel
from gatepos.screens.page import Page
from gatepos.screens.widgets.entry import Keys
from gatepos.till import capture
from gatepos.till.capture import Written
from gatepos.till.list_views import PadView
from gatepos.till.till import Till
from gatepos.till.views import RecordedView, SellView

_ENDS = {"spoilt": N_("Spoilt"), "unused": N_("Not used")}


class CaptureScreen(Page):
    """The leaf at the left, the pads at the right; Enter says what it comes to, once more records it."""

    left_over = Signal()

    def __init__(self, kit: Kit, bridge: Bridge, till: Till):
        form, panel = LeafForm(kit), PadsPanel(kit)
        super().__init__(kit, bridge, till, form, panel)
        self.form = form
        self.panel = panel
        self._compared: Written | None = None
        form.submitted.connect(self.submit)
        form.changed.connect(self._on_changed)
        panel.give_out.clicked.connect(self._ask_pad)
        panel.end.clicked.connect(self._ask_end)
        panel.back.clicked.connect(self.left_over)

    def start(self) -> None:
        """The next leaf that nobody has said anything about."""
        self.go_home()
        self._on_changed()
        self.bridge.ask(self.till.checkout.view, self._show_view)

    def submit(self) -> None:
        """Say what the leaf comes to; the same leaf once more is recorded."""
        written = self.form.written()
        room = self.till.capture
        if written == self._compared:
            id_ = self.till.desk.new_id()
            self.act(lambda: room.enter(written, id_), self._entered)
        else:
            self.act(lambda: room.total_minor(written), lambda total: self._compare(written, total))

    def _show_view(self, view: SellView) -> None:
        if self.form.show_view(view):
            self.follow_lines(self.form)
        self._refresh()

    def _refresh(self) -> None:
        self.bridge.ask(self.till.capture.pads, self._show_pads)

    def _show_pads(self, pads: tuple[PadView, ...]) -> None:
        self.panel.show_pads(pads)
        self.form.begin(pads)

    def _compare(self, written: Written, total_minor: int) -> None:
        self._compared = written
        self.form.show_total(total_minor)

    def _entered(self, view: RecordedView) -> None:
        words, leaf = self.kit.speech.words, self.form.written().leaf
        self._on_changed()
        says = N_("Leaf {leaf} is RECORDED as {number}.")
        self.panel.tell(words(says, leaf=leaf, number=numbers.printed(view.number.replace("-", ""))))
        self.form.empty()
        self._refresh()

    def _on_changed(self) -> None:
        self._compared = None
        self.form.show_total(None)

    # Pads.

    def _ask_pad(self) -> None:
        self.ask_text(N_("What stands on the pad, such as A"), Keys.CODE, "", self._ask_leaves)

    def _ask_leaves(self, book: str) -> None:
        self.ask_text(
            N_("Its leaves, as 101-150"), Keys.CODE, "", lambda typed: self._ask_keeper(book, typed)
        )

    def _ask_keeper(self, book: str, leaves: str) -> None:
        room = self.till.capture
        self.ask_text(
            N_("Who gets it? Staff number"), Keys.DIGITS, "",
            lambda to: self.act(
                lambda: room.give_out(book, *capture.leaves(leaves), to), lambda _: self._refresh()
            ),
        )  # fmt: skip

    def _ask_end(self) -> None:
        book = self.form.book.text
        self.ask_choice(
            lambda words: words(N_("What became of the leaves of pad {book}?"), book=book),
            [Choice(name, "", how) for how, name in _ENDS.items()],
            lambda how: self._ask_ended(str(how)),
        )

    def _ask_ended(self, how: str) -> None:
        self.ask_text(
            N_("Which? As 102-105"), Keys.CODE, self.form.leaf.text, lambda typed: self._ask_why(how, typed)
        )

    def _ask_why(self, how: str, leaves: str) -> None:
        room, book = self.till.capture, self.form.book.text
        self.ask_text(
            N_("Why?"), Keys.TEXT, "",
            lambda why: self.act(
                lambda: room.end(book, *capture.leaves(leaves), how, why), lambda _: self._refresh()
            ),
        )  # fmt: skip

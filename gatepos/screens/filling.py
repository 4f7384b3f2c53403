"""Filling a bill by touch: the people's grid and the other fees over one window of the till."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from gatepos.domain import labels, plates, text
from gatepos.domain.bill import FeeKey
from gatepos.i18n import N_, Words
from gatepos.ledger.vehicles import Vehicle
from gatepos.screens.choosing import Choice
from gatepos.screens.more import MoreSheet
from gatepos.screens.page import Page
from gatepos.screens.people import DAYS, ENTER_ON, NIGHTS, OPERATOR, PLATE, PeoplePanel
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.typing import Offer
from gatepos.till.checkout import Checkout
from gatepos.till.views import SellView

_DAYS_OFFERED = 13
_SCHOOL = "school"

Tap = Callable[[], SellView]


class Filling(QObject):
    """Asks `checkout` what is touched on `people` and `more` of `page`; `shown` gives each SellView.

    After the plate comes what `pays` gives, the payment. `run` runs each action on the ledger's thread.
    """

    shown = Signal(object)

    def __init__(
        self,
        page: Page,
        people: PeoplePanel,
        checkout: Checkout,
        pays: Callable[[], QWidget],
        run: Callable[[Tap], SellView] = lambda tap: tap(),
    ):
        super().__init__(page)
        self.people = people
        self.more = MoreSheet(page.kit)
        self.view: SellView | None = None
        self._page = page
        self._checkout = checkout
        self._pays = pays
        self._run = run
        page.add_sheet(self.more)
        self._wire()

    def ask(self, action: Tap) -> None:
        """Run an action on the bill and show what came of it."""
        self._ask(action, self.shown.emit)

    def show_view(self, view: SellView) -> None:
        """Show what the bill holds."""
        self.view = view
        self.people.show_view(view)
        self.more.show_view(view)

    def open_more(self) -> None:
        """The other fees, with search."""
        self._open_more("")

    def _ask(self, action: Tap, then: Callable[[SellView], object]) -> None:
        self._page.bridge.ask(lambda: self._run(action), then)

    def _wire(self) -> None:
        people, more, checkout = self.people, self.more, self._checkout
        for counts in (people, more):
            counts.stepped.connect(lambda key, by: self.ask(lambda: checkout.tap(key, by)))
            counts.counted.connect(lambda key, n: self.ask(lambda: checkout.count(key, n)))
            counts.keypad_wanted.connect(self._ask_count)
        people.freed.connect(lambda ground, by: self.ask(lambda: checkout.free(ground, by)))
        people.free_counted.connect(lambda ground, n: self.ask(lambda: checkout.count_free(ground, n)))
        people.evidence_wanted.connect(self._ask_evidence)
        people.vehicle_touched.connect(self._on_vehicle)
        people.field_touched.connect(self._on_field)
        people.school_touched.connect(self._on_school)
        people.apart_touched.connect(self._ask_apart)
        people.more_touched.connect(self.open_more)
        people.product_touched.connect(self._ask_product)
        more.institution_touched.connect(self._ask_institution)

    # Questions.

    def _ask_count(self, key: FeeKey) -> None:
        titles = self._page.kit.titles
        self._page.ask_text(
            lambda words: labels.fee(*key, words, titles), Keys.DIGITS, "",
            lambda typed: self.ask(lambda: self._checkout.count(key, text.whole(typed))),
        )  # fmt: skip

    def _ask_evidence(self, ground: str) -> None:
        name = labels.GROUNDS[ground]
        self._page.ask_choice(
            lambda words: words(N_("What was shown for {ground}?"), ground=words(name)),
            [Choice(says, "", code) for code, says in labels.EVIDENCE.items()],
            lambda code: self.ask(lambda: self._checkout.evidence(ground, str(code))),
        )

    def _on_vehicle(self, band: int) -> None:
        """A vehicle needs its plate: ask for it at once."""
        self._ask(lambda: self._checkout.vehicle(band), self._show_vehicle)

    def _show_vehicle(self, view: SellView) -> None:
        self.shown.emit(view)
        if (view.band or any(n for _, n in view.apart)) and not view.plate:
            # After the touch that chose the vehicle has ended, so that it does not close the question.
            QTimer.singleShot(0, lambda: self._on_field(PLATE))

    def _on_field(self, name: str) -> None:
        view, checkout, page = self.view, self._checkout, self._page
        if view is None:
            return
        if name == PLATE:
            offers = (self._look_for_plates, self._on_offered)
            page.ask_text(N_("Plate"), Keys.CODE, plates.shown(view.plate), self._on_plate, offers)
        elif name == OPERATOR:
            page.ask_text(
                N_("Operator"), Keys.TEXT, view.operator or "",
                lambda typed: self.ask(lambda: checkout.operator(typed)),
            )  # fmt: skip
        elif name == DAYS:
            nights = view.nights
            page.ask_text(
                N_("Days"), Keys.DIGITS, str(view.days),
                lambda typed: self.ask(lambda: checkout.stay(text.whole(typed), nights)),
            )  # fmt: skip
        elif name == NIGHTS:
            days = view.days
            page.ask_text(
                N_("Nights"), Keys.DIGITS, str(view.nights),
                lambda typed: self.ask(lambda: checkout.stay(days, text.whole(typed))),
            )  # fmt: skip
        elif name == ENTER_ON:
            self._ask_day(view)

    def _on_plate(self, typed: str) -> None:
        """After the plate the next thing is the payment."""
        self.ask(lambda: self._checkout.plate(typed))
        self._pays().setFocus()

    def _look_for_plates(self, typed: str) -> None:
        """Offer the vehicles that came before and whose plate begins so."""
        checkout, page = self._checkout, self._page
        page.bridge.ask(
            lambda: checkout.like(typed),
            lambda found: page.typing.offer(typed, list(map(self._offer, found))),
        )

    def _offer(self, vehicle: Vehicle) -> Offer:
        seats = self._page.kit.speech.words(labels.BANDS[vehicle.band])
        below = " · ".join(filter(None, (seats, vehicle.operator)))
        return Offer(plates.shown(vehicle.plate), below, vehicle.plate)

    def _on_offered(self, plate: str) -> None:
        self.ask(lambda: self._checkout.come_again(plate))
        self._pays().setFocus()

    def _ask_day(self, view: SellView) -> None:
        days = [view.today + timedelta(days=n) for n in range(_DAYS_OFFERED)]
        choices = [
            Choice(
                partial(Words.day, on=on),
                N_("today") if on == view.today else "",
                on,
                is_chosen=on == view.enter_on,
            )
            for on in days
        ]
        choices.append(Choice(N_("A later day…"), "", None))
        self._page.ask_choice(N_("Enter on"), choices, self._on_day)

    def _on_day(self, value: object) -> None:
        checkout = self._checkout
        if value is not None:
            on = cast(date, value)
            self.ask(lambda: checkout.enter_on(on))
            return
        self._page.ask_text(
            N_("Enter on"), Keys.AMOUNT, "",
            lambda typed: self.ask(lambda: checkout.enter_on(text.day(typed))),
        )  # fmt: skip

    def _ask_product(self) -> None:
        view = self.view
        if view is None:
            return
        products = self._page.till.desk.book.parks.products
        choices = [
            Choice(products[code].name, code, code, is_chosen=code == view.product) for code in view.products
        ]
        self._page.ask_choice(
            N_("Other park or package"), choices,
            lambda code: self.ask(lambda: self._checkout.product(str(code))),
        )  # fmt: skip

    def _on_school(self) -> None:
        """A school trip: the letter once a bill, then its pupils and adults."""
        self._open_more(_SCHOOL)
        if self.view is not None and not self.view.institution:
            self._ask_institution()

    def _ask_apart(self) -> None:
        """Who goes in and is no visitor: one more on a ground at each touch, or none after all."""
        view = self.view
        if view is None:
            return
        choices = [
            Choice(labels.GROUNDS[ground], str(n) if n else "", ground, is_chosen=n > 0)
            for ground, n in view.apart
        ]
        if any(n for _, n in view.apart):
            choices.append(Choice(N_("None of these"), "", None))
        self._page.ask_choice(N_("Not a visitor"), choices, self._on_apart)

    def _on_apart(self, ground: object) -> None:
        """They go in by their plate: ask for it at once."""
        checkout = self._checkout
        if ground is None:
            self.ask(checkout.none_apart)
        else:
            self._ask(lambda: checkout.free(str(ground)), self._show_vehicle)

    def _ask_institution(self) -> None:
        self._page.ask_text(
            N_("School whose letter was seen"), Keys.TEXT, "",
            lambda typed: self.ask(lambda: self._checkout.institution(typed)),
        )  # fmt: skip

    def _open_more(self, category: str) -> None:
        if self.view is not None:
            self._page.show_sheet(self.more)
            self.more.open(category, self.view)

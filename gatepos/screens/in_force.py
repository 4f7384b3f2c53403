"""Sections of Set-up that are entries: schedule and rate, gate and lane, the park's policy."""

from gatepos.domain import money, policy
from gatepos.i18n import N_
from gatepos.screens.choosing import Choice
from gatepos.screens.notices import NoticeQuestions
from gatepos.screens.sections import Field, Section
from gatepos.screens.tariff import CONFIRMED, TariffSteps
from gatepos.screens.widgets.entry import Keys
from gatepos.till.views import SettingView, SetUpView

_KEYS = {"text": Keys.TEXT, "host": Keys.TEXT}
"""By the form of a policy; figures for the others."""


class FeesSection(Section):
    """The schedule and the rate: put in force from the next line on."""

    @property
    def _tariff(self) -> TariffSteps:
        return TariffSteps(self._page, self._station.till, self._done)

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        month = words.month(view.rate_month) if view.rate_month else ""
        rate = f"{money.rate_text(view.rate_e4)} · {month}" if view.rate_e4 is not None else ""
        found = [
            Field(words(N_("Fee schedule in force")), view.schedule, lambda: self._ask_schedule(view)),
            Field(words(N_("Published rate, KES for a dollar")), rate, self._ask_month, words(N_("not set"))),
        ]
        if view.unsold or view.confirmed:
            caption = words(N_("Not sold under {schedule}"), schedule=view.schedule)
            unsold = words.plural("{n} fee", "{n} fees", view.unsold)
            confirmed = [words.plural(*CONFIRMED, view.confirmed)] if view.confirmed else []
            shown = " · ".join((unsold, *confirmed))
            found.append(Field(caption, shown, lambda: self._tariff.show(view.schedule)))
        notices = NoticeQuestions(self._page, self._station.till, self._done)
        found.append(
            Field(
                words(N_("Free-entry notices")),
                ", ".join(one.title for one in view.notices),
                lambda: notices.ask(view.notices),
                words(N_("none")),
            )
        )
        if view.proposed:
            proposed = view.proposed
            caption = words(N_("A newer schedule begins: accept it"))
            found.append(Field(caption, proposed, lambda: self._tariff.show(proposed)))
        return found

    def _ask_schedule(self, view: SetUpView) -> None:
        schedules = self._station.till.desk.book.schedules
        choices = [
            Choice(code, schedules[code].title, code, is_chosen=code == view.schedule)
            for code in view.schedules
        ]
        title = N_("Fee schedule in force")
        self._page.ask_choice(title, choices, lambda code: self._tariff.show(str(code)))

    def _ask_month(self) -> None:
        question = N_("Month of the rate, as 2026-01")
        self._page.ask_text(question, Keys.CODE, "", self._ask_rate)

    def _ask_rate(self, month: str) -> None:
        question = N_("KES for a dollar, as published")
        self._page.ask_text(question, Keys.AMOUNT, "", lambda rate: self._apply(month, rate))

    def _apply(self, month: str, rate: str) -> None:
        set_up, named = self._set_up, month.strip()
        self._page.with_second(lambda second: set_up.switch_rate(named, rate, second), self._done)


class PolicySection(Section):
    """What the park decides, each setting a field; some need a second person."""

    def fields(self, view: SetUpView) -> list[Field]:
        return [self._field(setting) for setting in view.policy]

    def _field(self, setting: SettingView) -> Field:
        words = self._words
        caption = words(setting.sentence)
        if setting.form in policy.CHOICES:
            named = words(policy.CHOICES[setting.form][setting.value])
            return Field(caption, named, lambda: self._ask_word(setting))
        if setting.form != "flag":
            return Field(
                caption, setting.value, lambda: self._ask(setting.key, setting.value, setting.sentence)
            )
        is_on = setting.value == "yes"
        shown = words(N_("yes")) if is_on else words(N_("no"))
        return Field(caption, shown, lambda: self._configure(setting.key, "no" if is_on else "yes"))

    def _ask_word(self, setting: SettingView) -> None:
        """One of a few words, by a touch."""
        choices = [
            Choice(says, "", word, is_chosen=word == setting.value)
            for word, says in policy.CHOICES[setting.form].items()
        ]
        self._page.ask_choice(setting.sentence, choices, lambda word: self._configure(setting.key, str(word)))

    def _ask(self, key: str, value: str, sentence: str) -> None:
        keys = _KEYS.get(policy.SETTINGS[key].form, Keys.DIGITS)
        self._page.ask_text(sentence, keys, value, lambda typed: self._configure(key, typed))

    def _configure(self, key: str, value: str) -> None:
        set_up = self._set_up
        self._page.with_second(lambda second: set_up.configure(key, value, second), self._done)


class PlaceSection(PolicySection):
    """Where this till stands: two settings of the policy."""

    def fields(self, view: SetUpView) -> list[Field]:
        words = self._words
        gate = dict(view.gates).get(view.gate, view.gate)
        return [
            Field(words(N_("Gate")), gate, lambda: self._ask_gate(view)),
            Field(words(N_("Lane")), view.lane, lambda: self._ask(policy.LANE, view.lane, N_("Lane"))),
        ]

    def _ask_gate(self, view: SetUpView) -> None:
        choices = [Choice(name, code, code, is_chosen=code == view.gate) for code, name in view.gates]
        title = N_("Gate")
        self._page.ask_choice(title, choices, lambda code: self._configure(policy.GATE, str(code)))

"""Asking the phone of whoever pays: central asks it, and what comes of it is shown; the clerk records."""

from gatepos.domain import payment
from gatepos.domain import prompts as domain
from gatepos.domain.prompts import Asked, State
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.till import seen
from gatepos.till.desk import Desk
from gatepos.till.views import PromptView
from gatepos.till.window import PayFirst, Window

_KEPT_MAX = 50


class NoLine(Refusal):
    """A till that has joined no central."""

    says = N_("This till has joined no central, which alone asks phones.")


class PaidAlready(Refusal):
    """A phone that is to be asked once more for what M-PESA says it has paid."""

    says = N_("M-PESA says that this is paid. Take the code, do not ask again.")


class Prompts:
    """What phones were asked for the bill or the passes at a window.

    Nothing here writes, and nothing here is an entry: a payment heard is not posted.
    """

    def __init__(self, desk: Desk, window: Window):
        self._desk = desk
        self._window = window
        self._asked_minor: dict[str, int] = {}

    def ask(self, typed: str) -> PromptView:
        """Ask a phone for what is left to pay, or as much as one payment carries; a second tap asks once.

        PayFirst, NothingTendered where nothing is left, PaidAlready, NoLine, BadPhone, NoMpesaPhone, and what
        the line refuses.
        """
        self._desk.shift()
        line, account, rest_minor = self._desk.phone_line, self._window.account(), self._window.rest_minor()
        if line is None:
            raise NoLine()
        if account is None or rest_minor <= 0:
            raise PayFirst()
        phone = domain.phone(typed)
        before = line.prompt(account)
        if before and before.state is State.PAID and self._asked_minor.get(account) == rest_minor:
            raise PaidAlready()
        amount_minor = min(rest_minor, payment.MPESA_MOST_MINOR)
        line.ask(Asked(phone, account, amount_minor, self._window.paybill()))
        self._keep(account, rest_minor)
        return self._view(account)

    def view(self) -> PromptView | None:
        """How it stands, and what central saw paid; None where no phone is ever asked."""
        account = self._window.account()
        return self._view(account) if account and self._desk.phone_line else None

    def _view(self, account: str) -> PromptView:
        line = self._desk.phone_line
        prompt = line.prompt(account) if line else None
        if prompt and prompt.state is State.PAID and not self._is_open(account):
            prompt = None  # its code is taken
        barred = line.barred() if line else None
        return PromptView(barred, prompt, seen.of_window(self._desk, self._window))

    def _keep(self, account: str, rest_minor: int) -> None:
        self._asked_minor.pop(account, None)
        self._asked_minor[account] = rest_minor
        if len(self._asked_minor) > _KEPT_MAX:
            del self._asked_minor[next(iter(self._asked_minor))]

    def _is_open(self, account: str) -> bool:
        return self._asked_minor.get(account, 0) == self._window.rest_minor()

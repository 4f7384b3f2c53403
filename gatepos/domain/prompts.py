"""A phone that was asked to pay: whom central is to ask, and what became of it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Protocol

from gatepos.domain import phones
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_

_MPESA = re.compile(r"\+(254[17][0-9]{8})")


class NoMpesaPhone(Refusal):
    """A phone that M-PESA cannot ask; it is not repeated, because it is somebody's."""

    says = N_("M-PESA asks Kenyan phones alone: type 0712 345 678.")


class Barred(Refusal):
    """Why no phone can be asked now; `note` says it in a few words."""

    note: ClassVar[str]


class NotReached(Barred):
    """Central does not answer."""

    note = N_("no central now")
    says = N_("No phone can be asked: central is not reached. Let them pay by paybill, and type the code.")


class MpesaDown(Barred):
    """By the word that counts, M-PESA is down."""

    note = N_("M-PESA is down")
    says = N_("M-PESA is said to be down. If you see that it works, say so under Central (F10).")


class CentralAsksNone(Barred):
    """A central without credentials of Safaricom's."""

    note = N_("central asks no phones")
    says = N_("Central cannot ask phones to pay. Let them pay by paybill, and type the code.")


class State(StrEnum):
    """What became of it, by M-PESA's word through central.

    ASKING: on its way to central. SILENT: nobody said whether the phone was asked. REFUSED: it was not asked.
    """

    ASKING = "asking"
    WAITING = "waiting"
    PAID = "paid"
    CANCELLED = "cancelled"
    NO_MONEY = "no_money"
    WRONG_PIN = "wrong_pin"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    SILENT = "silent"
    REFUSED = "refused"


SAYS = {
    State.ASKING: N_("Asking the phone…"),
    State.WAITING: N_("The phone is asked. The visitor types the M-PESA PIN there."),
    State.PAID: N_("M-PESA says that it is paid. The code comes by itself; or type it from the SMS."),
    State.CANCELLED: N_("They said no on the phone. Ask again, or let them pay by paybill."),
    State.NO_MONEY: N_("There is not enough on that phone. Ask another, or take another payment."),
    State.WRONG_PIN: N_("The M-PESA PIN was wrong. Ask again, or let them pay by paybill."),
    State.FAILED: N_("M-PESA could not take the payment. Ask again, or let them pay by paybill."),
    State.NO_ANSWER: N_("No answer came in time. If the phone did pay, take the code from the SMS."),
    State.SILENT: N_("It may have been asked: look at the phone. If it paid, take the code from the SMS."),
    State.REFUSED: N_("The phone was not asked. Let them pay by paybill, and type the code."),
}
"""What the clerk reads, and does next."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom to ask for how much, KES minor units; the phone goes to central alone and is kept nowhere."""

    phone: str = field(repr=False)
    account: str
    amount_minor: int
    paybill: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """How a phone stands that was asked for a bill or pass; `why` where there is more to say of it."""

    state: State
    why: Said | None = None

    @property
    def is_running(self) -> bool:
        """Whether an answer is still to come."""
        return self.state in (State.ASKING, State.WAITING)

    @property
    def may_ask_again(self) -> bool:
        """Whether a person may ask once more: never while it runs, nor for what is paid."""
        return not self.is_running and self.state is not State.PAID


class PhoneLine(Protocol):
    """The way to phones, at once and from any thread; nobody waits for what comes of it."""

    def barred(self) -> Barred | None:
        """Why no phone can be asked now."""

    def ask(self, asked: Asked) -> None:
        """Have a phone asked, unless one is being asked for that account; Barred, TooManyAsked."""

    def prompt(self, account: str) -> Prompt | None:
        """What became of the last phone that was asked for an account."""


def phone(typed: str) -> str:
    """`254712345678` as M-PESA names a phone; BadPhone, NoMpesaPhone."""
    found = _MPESA.fullmatch(phones.parse(typed))
    if found is None:
        raise NoMpesaPhone()
    return found[1]

"""An M-PESA message as a code that a till's scanner types: what it says of the payment, and of nobody."""

from gatepos.domain import money, payment
from gatepos.domain.payment import Message


def text_of(message: Message) -> str:
    """The shortest message that a till reads as the same; its letters keep the code small."""
    amount = (
        f" KSH{money.amount(message.amount_minor, cents=True).replace(',', '')}"
        if message.amount_minor
        else ""
    )
    payee = f" PAID TO {message.payee.upper()}" if message.payee else ""
    account = f" FOR ACCOUNT {message.account.upper()}" if message.account else ""
    return f"{message.code} CONFIRMED.{amount}{payee}{account}"


def read(pasted: str) -> str:
    """The text for the code of a pasted message, or of its code alone; BadMpesaCode, FullCardNumber."""
    found = payment.typed(pasted)
    return text_of(found) if found.amount_minor or found.account else found.code

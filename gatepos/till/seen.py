"""What central saw paid: what that says of a code that is typed, and when it opens a barrier by itself."""

from collections.abc import Iterator, Sequence

from gatepos.domain import gatepass, moments, money, numbers, policy
from gatepos.domain.gatepass import Payload
from gatepos.errors import Said
from gatepos.i18n import N_
from gatepos.ledger import claims, feeds
from gatepos.ledger.claims import CONFIRMED, WITHDRAWN
from gatepos.ledger.feeds import Payment
from gatepos.till import spilled, views
from gatepos.till.desk import Desk
from gatepos.till.window import Window


class SeenFits(Said):
    """Central saw what is due."""

    says = N_("Seen at central: {code} paid KES {amount}. It is enough.")


class SeenDiffers(Said):
    """Central saw another amount."""

    says = N_("Seen at central: {code} paid KES {amount}, not KES {stated}.")


class SeenElsewhere(Said):
    """Central saw it paid to another account."""

    says = N_("Seen at central: {code} was paid to account {account}. Look whose it is.")


class SeenWithdrawn(Said):
    """A payment that counts no more: taken back, or reported with another under its code."""

    says = N_(
        "Central does not count {code}: M-PESA took it back, or reported it in two ways. Call the supervisor."
    )


def of_window(desk: Desk, window: Window) -> tuple[views.SeenPaid, ...]:
    """What central saw paid to the account at the window, as far as something is left of it here.

    For a pass also what was paid to the account of its bill or group, and too much for others sold with it.
    """
    here = {tender.reference for tender in window.work.tenders}
    own = (one for account in _accounts(desk, window) for one in feeds.payments(desk.ledger.conn, account))
    found = dict.fromkeys((*own, *_spilled(desk, window)))
    payments = [one for one in found if one.trans_id not in here]
    may_open = bool(payments) and is_within_limit(desk)
    seen = (_view(desk, one, may_open=may_open) for one in payments)
    return tuple(one for one in seen if one.left_minor)


def is_within_limit(desk: Desk) -> bool:
    """Whether what this park was paid in a day, and nothing confirms, still opens its barriers.

    By a clock that is ahead nothing of the business day is left out.
    """
    since_ms = min(desk.clock.wall_ms() - moments.DAY_MS, moments.at_local(desk.today(), 0))
    unconfirmed_minor = claims.unconfirmed_minor(desk.ledger, moments.to_text(since_ms))
    return unconfirmed_minor <= desk.policy.whole(policy.SEEN_MAX) * money.MINOR


def of_code(desk: Desk, window: Window, code: str, stated_minor: int | None) -> Iterator[Said]:
    """What contradicts a code that was typed: `stated_minor` is what was said to have been paid by it."""
    payment = claims.of_code(desk.ledger, code)
    if payment is None:
        return
    if payment.state == WITHDRAWN:
        yield SeenWithdrawn(code=payment.trans_id)
        return
    if stated_minor is not None and stated_minor != payment.amount_minor:
        yield _differs(payment, stated_minor)
    if payment.account not in _accounts(desk, window) and payment not in _spilled(desk, window):
        yield SeenElsewhere(code=payment.trans_id, account=_printed(payment.account))


def paid_minor(desk: Desk, code: str) -> int | None:
    """What central saw paid by a code; None where it saw nothing, or stands by nothing."""
    payment = claims.of_code(desk.ledger, code)
    return None if payment is None or payment.state == WITHDRAWN else payment.amount_minor


def told(desk: Desk, window: Window, code: str) -> tuple[Said, ...]:
    """All that central's word says of a code before it is taken; nothing where central has not seen it."""
    payment = claims.of_code(desk.ledger, code)
    if payment is None or payment.state == WITHDRAWN:
        return tuple(of_code(desk, window, code, None))
    due_minor = max(window.rest_minor(), 0)
    left_minor = spilled.left_minor(desk, payment)
    is_enough = left_minor >= due_minor
    says = SeenFits(code=payment.trans_id, amount=money.amount(payment.amount_minor))
    return (says if is_enough else _differs(payment, due_minor), *of_code(desk, window, code, None))


def holds(desk: Desk, payload: Payload, now_s: int) -> bool:
    """Whether central's word that a pass is paid still opens a barrier (FORMATS.md §4).

    It is hours old at most, unless this till heard of the payment itself; and it ends where it heard that
    the payment is withdrawn.
    """
    rows = [
        row
        for account in spilled.accounts(desk, payload.number)
        for row in claims.of_account(desk.ledger, account)
    ]
    if any(row.state != WITHDRAWN for row in rows):
        return True
    return not rows and now_s - payload.issued <= gatepass.SEEN_FOR_S


def _view(desk: Desk, payment: Payment, *, may_open: bool) -> views.SeenPaid:
    is_confirmed = payment.state == CONFIRMED
    return views.SeenPaid(
        code=payment.trans_id,
        amount_minor=payment.amount_minor,
        left_minor=spilled.left_minor(desk, payment),
        at_ms=moments.from_text(payment.at),
        is_confirmed=is_confirmed,
        may_take=is_confirmed or may_open,
    )


def _accounts(desk: Desk, window: Window) -> Sequence[str]:
    """The accounts to which what stands at the window may have been paid."""
    if window.work.settles:
        return [one for owed in window.work.settles for one in spilled.chain(desk, owed.paper.number)]
    numbers = [window.work.account, *(work.number for work in window.works)]
    return list(dict.fromkeys(filter(None, numbers)))


def _spilled(desk: Desk, window: Window) -> tuple[Payment, ...]:
    """Payments for others sold together with what is settled that make it whole with its own.

    Those to the account of the bill or the group that it was issued from also where they pay a part.
    """
    settles, due_minor = window.work.settles, window.rest_minor()
    if not settles or due_minor <= 0:
        return ()
    here = {tender.reference for tender in window.work.tenders if tender.reference}
    numbers = [owed.paper.number for owed in settles]
    alone_minor = due_minor if len(numbers) == 1 else None
    found = [spilled.onto(desk, number, alone_minor, here) for number in numbers]
    payments = dict.fromkeys(payment for one in found for payment in one.payments)
    if sum(one.minor for one in found) >= due_minor:
        return tuple(payments)
    accounts = {account for number in numbers for account in spilled.account(desk, number)}
    return tuple(one for one in payments if one.account in accounts)


def _differs(payment: Payment, stated_minor: int) -> SeenDiffers:
    return SeenDiffers(
        code=payment.trans_id,
        amount=money.amount(payment.amount_minor),
        stated=money.amount(stated_minor),
    )


def _printed(account: str) -> str:
    try:
        return numbers.printed(str(numbers.parse(account)))
    except numbers.BadNumber:
        return account

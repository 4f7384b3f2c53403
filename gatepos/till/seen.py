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


class SeenShared(Said):
    """Central saw it paid for a group, and a part of it is for what is settled here."""

    says = N_("Seen at central: {code} paid KES {amount} for several passes. KES {share} of it is for here.")


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

    For passes also what is theirs of the payments for others sold with them, and no more of it.
    """
    here = {tender.reference for tender in window.work.tenders}
    own = (one for account in _accounts(desk, window) for one in feeds.payments(desk.ledger.conn, account))
    rest_minor = window.rest_minor()
    found = {one: spilled.left_minor(desk, one) for one in own}
    found |= {one: min(minor, rest_minor) for one, minor in _spilled(desk, window).items()}
    left = {one: minor for one, minor in found.items() if minor > 0 and one.trans_id not in here}
    may_open = bool(left) and is_within_limit(desk)
    return tuple(_view(one, minor, may_open=may_open) for one, minor in left.items())


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


def share_minor(desk: Desk, window: Window, code: str) -> int | None:
    """How much of a code is for the passes at the window, KES minor units, where it was paid for others
    sold with them; None where it is for them alone, or none of it is.
    """
    payment = claims.of_code(desk.ledger, code)
    return None if payment is None else _spilled(desk, window).get(payment)


def told(desk: Desk, window: Window, code: str) -> tuple[Said, ...]:
    """All that central's word says of a code before it is taken; nothing where central has not seen it."""
    payment = claims.of_code(desk.ledger, code)
    if payment is None or payment.state == WITHDRAWN:
        return tuple(of_code(desk, window, code, None))
    due_minor = max(window.rest_minor(), 0)
    share_minor = _spilled(desk, window).get(payment)
    if share_minor is not None and share_minor < due_minor:
        return (_shared(payment, share_minor),)
    is_enough = spilled.left_minor(desk, payment) >= due_minor
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


def _view(payment: Payment, left_minor: int, *, may_open: bool) -> views.SeenPaid:
    is_confirmed = payment.state == CONFIRMED
    return views.SeenPaid(
        code=payment.trans_id,
        amount_minor=payment.amount_minor,
        left_minor=left_minor,
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


def _spilled(desk: Desk, window: Window) -> dict[Payment, int]:
    """Payments for others sold together with what is settled, and how much of each is for that.

    Whatever was tendered here: each is counted once, so that none is limited by another.
    """
    return spilled.onto(desk, {owed.paper.number: owed.owed_minor for owed in window.work.settles})


def _differs(payment: Payment, stated_minor: int) -> SeenDiffers:
    return SeenDiffers(
        code=payment.trans_id,
        amount=money.amount(payment.amount_minor),
        stated=money.amount(stated_minor),
    )


def _shared(payment: Payment, minor: int) -> SeenShared:
    return SeenShared(
        code=payment.trans_id,
        amount=money.amount(payment.amount_minor),
        share=money.amount(minor),
    )


def _printed(account: str) -> str:
    try:
        return numbers.printed(str(numbers.parse(account)))
    except numbers.BadNumber:
        return account

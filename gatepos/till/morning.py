"""How the till stands at a day's first sign-in: what has to be in order before the first vehicle comes."""

from dataclasses import dataclass

from gatepos.domain import moments, policy
from gatepos.ledger import feeds, queries
from gatepos.till.central_pages import CentralPages
from gatepos.till.desk import Desk
from gatepos.till.radio import Radio
from gatepos.wire import feed


@dataclass(frozen=True, slots=True)
class MorningView:
    """What is in force and known here; `radio` are who may agree by radio, by a list or another till.

    `heard_ms` is how long ago central said which papers no longer count, None where it never did.
    """

    rate_month: str
    rate_e4: int
    rate_is_old: bool
    schedule: str
    proposed: str
    papers_waiting: int
    tickets: int
    heard_ms: int | None
    heard_is_old: bool
    radio: tuple[str, ...]


class Morning:
    """Looks at a till as a day begins."""

    def __init__(self, desk: Desk, pages: CentralPages, radio: Radio):
        self._desk = desk
        self._pages = pages
        self._radio = radio

    def begins(self) -> MorningView | None:
        """The view, where whoever signed in last is the first of the day; None else, and in training."""
        if self._desk.is_training or not self._is_first():
            return None
        return self.view()

    def view(self) -> MorningView:
        """How it stands now."""
        desk, state = self._desk, self._desk.ledger.state
        proposed, heard_ms = desk.proposed(), self._heard_ms()
        old_ms = desk.policy.whole(policy.HEARD_OLD_AFTER_H) * 60 * moments.MINUTE_MS
        return MorningView(
            rate_month=state.rate or "",
            rate_e4=state.rate_e4 or 0,
            rate_is_old=desk.rate_is_old(),
            schedule=state.schedule or "",
            proposed=proposed.id if proposed else "",
            papers_waiting=desk.ledger.prints.waiting(),
            tickets=feeds.tickets_on(desk.ledger.conn, desk.day_now().isoformat()),
            heard_ms=heard_ms,
            heard_is_old=bool(self._pages.keys) and (heard_ms is None or heard_ms > old_ms),
            radio=self._radio.answering(),
        )

    def _is_first(self) -> bool:
        days = [moments.local_day(at_ms) for at_ms in queries.sign_ins(self._desk.ledger, 2)]
        return len(days) == 1 or (len(days) > 1 and days[0] != days[1])

    def _heard_ms(self) -> int | None:
        at_ms = feeds.known(self._desk.ledger.conn, feed.REVOCATIONS).at_ms
        return max(0, self._desk.clock.wall_ms() - at_ms) if at_ms else None

"""What this till does with a page that central signed: keep it, then put it into use (FORMATS.md §6)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import cast

from gatepos.domain import keyring, payment, policy
from gatepos.domain.rates import Rate
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import claims, feeds, pages, returned
from gatepos.ledger.checks import Finding
from gatepos.ledger.feeds import Payment, Prepaid
from gatepos.seal import keys
from gatepos.till import schedules
from gatepos.till.central_pages import CentralPages
from gatepos.till.confirmations import Confirmations
from gatepos.till.desk import Desk
from gatepos.till.hearing import GiveWay, Hearing
from gatepos.till.listed import Listed, NotNow
from gatepos.wire import feed
from gatepos.wire.feed import Page, Row

_FEW = 50
"""What a till writes by itself at a start is less."""


class RateTooFar(Refusal):
    """A rate that no month brings."""

    says = N_("Central's USD rate for {month} is too far from the one in force. It was left alone.")


class RateBefore(Refusal):
    """A rate of a month before the one in force."""

    says = N_("Central's USD rate is for {month}, before the month in force. It was left alone.")


class StillReading(Refusal):
    """Entries of other tills that come before those on the disk were read."""

    says = N_("What other tills wrote is first read from this till's disk: {left} pages are left.")


class Feeds:
    """The feeds as this till takes them; no page is an entry, or tills would answer each other for ever.

    A setting that central publishes is this till's own entry once it differs. Everything else is heard: the
    pages on the disk are its only source.
    """

    def __init__(
        self, desk: Desk, hearing: Hearing, listed: Listed, pages: CentralPages, confirmations: Confirmations
    ):
        self._desk = desk
        self._confirmations = confirmations
        self._hearing = hearing
        self._pages = pages
        self._sets: dict[str, Callable[[Row, int], None]] = {
            feed.RATES: self._set_rate,
            feed.POLICY: self._set_policy,
            feed.STAFF: listed.set_person,
        }
        self._is_behind = False
        self._give_way: GiveWay = lambda: None
        self._read_from = 0
        self._reading: Iterator[Said | None] | None = None
        self._find(schedules.know(desk, feeds.schedules(desk.ledger.conn)))

    def payments(self, account: str) -> list[Payment]:
        """What central has seen paid to a bill or pass; nothing of it is posted here."""
        return feeds.payments(self._desk.ledger.conn, account)

    def prepaid(self, typed: str) -> Prepaid | None:
        """The ticket of a reference, if a list that central told has it; BadTicket, FullCardNumber."""
        return feeds.prepaid(self._desk.ledger.conn, payment.ticket(typed))

    def listed_at(self) -> str | None:
        """The moment of the last list of prepaid tickets that was heard: *not on the list of 20:00*."""
        return feeds.listed_at(self._desk.ledger.conn)

    def take(self, page: Page, give_way: GiveWay = lambda: None) -> Said | None:
        """Put a page into use; why something in it was left out, such as an entry that a till did not write.

        Everything else in the page is taken all the same, and the next page can come. What the disk says, or
        NotNow, and then the page comes again.
        """
        ledger = self._desk.ledger
        if page.feed == feed.PASSES and self._reading is not None:
            return StillReading(left=self._left())
        if page.feed in self._sets:
            # Settled before it is kept: the journal alone says what is in force.
            try:
                refused = self._settle(page)
            except NotNow as busy:
                return busy
            ledger.note(*self._pages.keep(page))
            return refused
        return self._hear(*self._pages.keep(page), give_way)

    def recall(self, *central: bytes, settles: bool = False, is_behind: bool = False) -> None:
        """Take again what pages on the disk say and the ledger's file lacks; what is wrong is a finding.

        `central` are its keys. It `settles` at a till that has just begun: what central sets was fetched for
        it, and never taken. Where it `is_behind`, what other tills wrote is left for `go_on`: it may be years
        of them.
        """
        self._is_behind, self._pages.keys = is_behind, central
        for name in feed.ROWS:
            if name == feed.PASSES:
                self._read_again()
                continue
            for refused in self._recalled(name, settles=settles):
                self._find(refused)
            if name == feed.KEYRING:
                self._desk.ledger.hear_again()

    def go_on(self, give_way: GiveWay = lambda: None) -> bool:
        """Read the next page of what other tills wrote; whether there is another."""
        if self._reading is None:
            return False
        self._give_way = give_way
        try:
            self._find(next(self._reading))
        except StopIteration:
            self._reading = None
        return self._reading is not None

    def _read_again(self) -> None:
        """The pages of other tills' entries that are not wholly in the books, now or behind."""
        if not self._pages.keys or not self._left():
            return
        self._read_from = self._desk.ledger.head[0]
        self._reading = self._recalled(feed.PASSES)
        while not self._is_behind and self.go_on():
            pass

    def _is_idle(self) -> bool:
        """Whether nothing was done at the window since the pages began to be read."""
        written = self._desk.ledger.journal.after(self._read_from, _FEW)
        return len(written) < _FEW and returned.is_idle(written)

    def _left(self) -> int:
        ledger = self._desk.ledger
        return pages.last(ledger.folder, feed.PASSES) - ledger.fed(feed.PASSES).page

    def _find(self, refused: Said | None) -> None:
        if refused is not None:
            self._desk.ledger.findings.append(Finding(0, refused.says, refused.values))

    def _recalled(self, name: str, *, settles: bool = False) -> Iterator[Said | None]:
        """Page by page; what is wrong with it."""
        ledger = self._desk.ledger
        before = ledger.fed(name)
        is_anew, version = not before.version, 0 if not before.page else before.version
        last = pages.last(ledger.folder, name)
        for number, data in pages.kept(ledger.folder, name, before.page):
            try:
                page = self._pages.read(data)
            except Refusal as refusal:
                yield refusal
                continue
            if page.from_version > version:
                continue  # a page before it is gone: central tells it again from there, and then this one
            version = page.version
            if name in self._sets:
                if settles and (refused := self._settle(page)) is not None:
                    yield refused
                ledger.note(page, number)
                continue
            # Each page was looked through before the next one came; what was done here since, was not.
            is_looked = is_anew and number != last and self._is_idle()
            yield self._hear(page, number, self._give_way, is_looked=is_looked)

    # What is heard.

    def _hear(self, page: Page, number: int, give_way: GiveWay, *, is_looked: bool = False) -> Said | None:
        if page.feed == feed.PASSES:
            return self._hear_entries(page, number, give_way, is_looked=is_looked)
        if page.feed == feed.KEYRING:
            return self._hear_keys(page, number)
        if page.feed == feed.PAYMENTS:
            self._say_confirmed(page, give_way)
        self._desk.ledger.take(page, number)
        if page.feed == feed.SCHEDULES:
            named = (cast(str, row["digest"]) for row in page.rows if row["head"] is not None)
            return schedules.know(self._desk, named)
        return None

    def _say_confirmed(self, page: Page, give_way: GiveWay) -> None:
        """Write of each payment that is confirmed by now, and that this till claimed, that it is.

        Before the page is taken: what is cut off here comes again with it. What was claimed after it was
        confirmed is said with the next page. What central confirmed, and by now only sees or withdrew, is
        undone, unless a statement that was read here holds it.
        """
        ledger = self._desk.ledger
        told = {one.trans_id: one for one in map(feeds.as_payment, page.rows)}.values()
        confirmed = [one for one in told if one.state == claims.CONFIRMED]
        head = ledger.head[0]
        for seen in (*confirmed, *claims.since(ledger, ledger.looked(feed.PAYMENTS))):
            if self._confirmations.say(seen):
                give_way()
        for state in (claims.SEEN, claims.WITHDRAWN):
            codes = [one.trans_id for one in told if one.state == state and self._is_confirmed(one.trans_id)]
            doubted = [entry for code in codes if (entry := claims.said(ledger, code)) is not None]
            self._confirmations.undo(doubted, state, give_way)
        ledger.look(feed.PAYMENTS, head)

    def _is_confirmed(self, code: str) -> bool:
        """Whether central said so until now."""
        before = claims.of_code(self._desk.ledger, code)
        return before is not None and before.state == claims.CONFIRMED

    def _hear_keys(self, page: Page, number: int) -> Said | None:
        """The keys that this till may trust; one that it may not hides no other."""
        refused: Said | None = None
        rows: list[Row] = []
        self._pages.follow(page.rows)
        for row in feed.of_tills(page.rows):
            try:
                keyring.check_kind(self._desk.own.till, cast(str, row["till"]))
                keys.check_public(keyring.row(row).public)
                rows.append(row)
            except Refusal as refusal:
                refused = refusal
        self._desk.ledger.take(replace(page, rows=rows), number)
        before = len(self._desk.keyring)
        self._desk.know(map(keyring.row, rows))
        if len(self._desk.keyring) > before and self._reading is None:
            self._read_again()  # what a till wrote that nobody here knew can be heard now
        return refused

    def _hear_entries(self, page: Page, number: int, give_way: GiveWay, *, is_looked: bool) -> Said | None:
        """The entries of each till; those of one that cannot be heard now stop no other's.

        They are tried again when the keyring grows: until then no later page counts as wholly in the books.
        """
        refused: Said | None = None
        for till, found in feed.stretches(page).items():
            if till == self._desk.own.till:
                continue
            try:
                self._hearing.hear(till, found, give_way, is_looked=is_looked)
            except Refusal as refusal:
                refused = refusal
        before = self._desk.ledger.fed(page.feed).page
        is_whole = refused is None and before == number - 1
        self._desk.ledger.note(page, number if is_whole else before)
        return refused

    # What central sets.

    def _settle(self, page: Page) -> Said | None:
        refused: Said | None = None
        for version, row in enumerate(page.rows, page.from_version + 1):
            try:
                self._sets[page.feed](row, version)
            except NotNow:
                raise
            except Refusal as refusal:
                refused = refusal
        return refused

    def _set_rate(self, row: Row, version: int) -> None:
        state = self._desk.ledger.state
        new = Rate(cast(str, row["rate"]), cast(int, row["rate_e4"]))
        now = Rate(state.rate or new.month, state.rate_e4 or new.rate_e4)
        if (new.month, new.rate_e4) == (state.rate, state.rate_e4):
            return
        if new.is_before(now):
            raise RateBefore(month=new.month)
        if new.is_far_from(now):
            raise RateTooFar(month=new.month)
        data = {"rate": new.month, "rate_e4": new.rate_e4, "was": state.rate, "feed_version": version}
        self._desk.note("rate.switched", data)

    def _set_policy(self, row: Row, version: int) -> None:
        key, desk = cast(str, row["key"]), self._desk
        value, was = policy.parse(key, cast(str, row["value"])), desk.policy.values.get(key)
        if key in policy.OF_TILL:
            raise policy.UnknownPolicy(key=key)  # what is another at each till is said there
        if value == was:
            return
        desk.note("config.changed", {"key": key, "value": value, "was": was, "feed_version": version})
        desk.policy = desk.policy.having(key, value)

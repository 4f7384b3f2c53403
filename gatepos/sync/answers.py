"""What central's answer to a push means for the till: pure, a value or a named error (FORMATS.md §6)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import cast

from gatepos.domain import moments
from gatepos.domain.breaker import State
from gatepos.domain.health import Flag
from gatepos.domain.outside import By
from gatepos.errors import Refusal, Trouble
from gatepos.i18n import N_
from gatepos.ledger.troubles import Held
from gatepos.seal import said
from gatepos.seal.said import NotSaid
from gatepos.sync.client import Answer
from gatepos.sync.lookout import Told
from gatepos.wire import forms
from gatepos.wire.feed import Page
from gatepos.wire.forms import BadBody


class OldAnswer(Refusal):
    """A signed acknowledgement of less than central had acknowledged before."""

    says = N_("Central acknowledged less than before. It was left alone, and everything waits.")


class CentralAhead(Held):
    """Central has entries of this till that this disk has not: an older copy of it was put back."""

    says = N_(
        "Entries of this till up to {seq} are missing on this disk: an older copy was put back. Selling stops"
        " until central gave them back; use the spare till until then."
    )


class NotAuthentic(Trouble):
    """Central says that chain or signature of what was sent do not hold: the one case that stops sending."""

    says = N_("Central could not check what this till sent. Nothing more is sent; call the office.")


class NotAdmitted(Trouble):
    """Central does not know this till by its token."""

    says = N_("Central does not let this till in. What is recorded waits; call the office.")


class CentralBusy(Trouble):
    """Central, or something before it, asks to come again later."""

    says = N_("Central cannot take anything now ({status}). What is recorded waits.")


class NotCentral(Trouble):
    """Somebody else answered: a page to sign in to a network, a proxy, another address."""

    says = N_("Something else than central answered ({status}). What is recorded waits.")


class OldPage(Refusal):
    """A page of a feed that does not go on from what is known."""

    says = N_("Central sent a page of {feed} that does not follow. What was heard last stays in use.")


@dataclass(frozen=True, slots=True)
class Ack:
    """Up to where central has everything, and what it says of the outside; `data` are the signed bytes."""

    seq: int
    hash: bytes
    flags: tuple[Flag, ...]
    data: bytes = field(repr=False)
    told: tuple[Told, ...] = ()

    @property
    def is_forked(self) -> bool:
        """Whether central knows another journal of this till."""
        return any(flag.why == forms.FORK for flag in self.flags)


@dataclass(frozen=True, slots=True)
class Behind:
    """Central has less than was taken for granted."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Span:
    """What was sent: the entries after `from_seq` up to `to_seq`, and the till's own head."""

    from_seq: int
    to_seq: int
    head: int


def read(key: bytes, till: str, answer: Answer) -> Ack | Behind:
    """What central said; NotSaid, BadBody and the errors above by what it did not."""
    status = answer.status
    if status == HTTPStatus.OK:
        return ack(key, till, answer.data)
    if status == HTTPStatus.UNPROCESSABLE_ENTITY and _error(key, till, answer):
        raise NotAuthentic()
    if status == HTTPStatus.CONFLICT and (fields := _error(key, till, answer)) is not None:
        return _behind(fields)
    raise refused(status)


def page(key: bytes, park: str, answer: Answer, feed: str, after: int, heard_ms: int = 0) -> Page:
    """The page of a feed after a version, or one by which central, restored, goes on from an earlier one.

    One that central signed before the last that was heard, at `heard_ms` by its clock, is an old one again.
    OldPage, NotSaid, BadBody, NotAdmitted, CentralBusy, NotCentral.
    """
    if answer.status != HTTPStatus.OK:
        raise refused(answer.status)
    found = said.page(key, park, answer.data)
    is_older = moments.from_text(found.at) < heard_ms
    if found.feed != feed or not found.follows(after) or is_older:
        raise OldPage(feed=feed)
    return found


def ack(key: bytes, till: str, data: bytes) -> Ack:
    """A signed acknowledgement; NotSaid, BadBody."""
    fields = said.read(key, "ack", till, data)
    flags = cast("list[dict[str, object]]", fields["flagged"])
    return Ack(
        cast(int, fields["acked"]),
        bytes.fromhex(cast(str, fields["acked_hash"])),
        tuple(Flag(cast(int, flag["seq"]), cast(str, flag["why"])) for flag in flags),
        data,
        tuple(_told(fields)),
    )


def weigh(found: Ack | Behind, span: Span, own_hash: bytes | None) -> int:
    """Where to go on, beside the till's own hash at the position found, None past its head.

    CentralAhead, OldAnswer: then nothing moves.
    """
    if found.seq > span.head:
        raise CentralAhead(seq=found.seq)
    if isinstance(found, Behind):
        if found.seq >= span.from_seq:  # so each one goes further back, and there is an end
            raise OldAnswer()
        # Of a fork central hears everything from the start: it keeps both branches.
        return found.seq if found.hash == own_hash else 0
    if found.hash != own_hash:
        raise CentralAhead(seq=found.seq)
    if found.seq < span.from_seq or (found.seq == span.from_seq and span.to_seq > span.from_seq):
        raise OldAnswer()
    return found.seq


def refused(status: int) -> Trouble:
    """What an answer of neither form means."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return NotAdmitted()
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return CentralBusy(status=status)
    return NotCentral(status=status)


def _behind(fields: dict[str, object]) -> Behind:
    if fields["error"] != forms.BEHIND or fields["head"] is None or fields["head_hash"] is None:
        raise BadBody(why="409 without a head")
    return Behind(cast(int, fields["head"]), bytes.fromhex(cast(str, fields["head_hash"])))


def _told(fields: dict[str, object]) -> Iterator[Told]:
    """What central says of M-PESA and the platform, how long ago by its own clock."""
    at_ms = moments.from_text(cast(str, fields["at"]))
    for row in cast("list[dict[str, str]]", fields.get("outside") or []):
        yield Told(
            row["what"],
            State.CLOSED if row["state"] == forms.WORKS else State.OPEN,
            By(row["by"]),
            max(0, at_ms - moments.from_text(row["since"])),
            max(0, at_ms - moments.from_text(row["at"])),
        )


def _error(key: bytes, till: str, answer: Answer) -> dict[str, object] | None:
    """A signed error for this very till; None when somebody else said it."""
    try:
        return said.read(key, "error", till, answer.data)
    except (NotSaid, BadBody):
        return None

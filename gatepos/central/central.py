"""Central without HTTP: takes in journals, says what is on its disk, serves feeds, under its signature."""

import hmac
from dataclasses import dataclass, replace

from gatepos.central import c2b, enrolling, outside, prepaid, publishing, receiving, reminding
from gatepos.central.receiving import Behind, Place, Taken
from gatepos.central.store import feeds, following, journal, tills
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.tills import KnownTill
from gatepos.domain import moments
from gatepos.domain.clock import Clock
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import enrolment, said
from gatepos.seal.keys import TillKey
from gatepos.seal.said import NotSaid, Said
from gatepos.wire import feed as pages
from gatepos.wire import feed as wire
from gatepos.wire import forms, push
from gatepos.wire.forms import BadBody
from gatepos.wire.push import Push

ANYBODY = "*"
PARK_FEEDS = (
    following.PASSES, following.REVOCATIONS, c2b.PAYMENTS, prepaid.PREPAID, wire.POLICY, wire.STAFF,
)  # fmt: skip
"""The feeds that are another in each park."""
_PULLED_MS = moments.MINUTE_MS
_ENVELOPE = 4096
"""More than the fields of a feed's page take beside its rows."""


class UnknownToken(Refusal):
    """A token that no till has."""

    says = N_("Central does not know this till. It shows its certificate, or is enrolled again.")


class NotThisTill(Refusal):
    """A till that asks for another."""

    says = N_("This is the token of another till.")


class TillRevoked(Refusal):
    """A revoked till that asks for more than what it has itself to send."""

    says = N_("This till is revoked: it sends what it has, and hears nothing more.")


class OtherAccount(Refusal):
    """A phone that is to be asked to pay for a paper of another park, or for none."""

    says = N_("That account is no bill or pass of this park.")


class TillBehind(Refusal):
    """A push that begins after what central has; `head` and `head_hash` say from where it is wanted."""

    says = N_("Central has entries up to {head} only. The till sends from there.")


class NotAuthentic(Refusal):
    """Bytes that the till did not write; they are kept as evidence."""

    says = N_("Entry {seq} is not what {till} wrote ({why}). It was not taken; tell the manager.")


class UnknownFeed(Refusal):
    """A feed that does not exist."""

    says = N_("There is no such feed.")


@dataclass(frozen=True, slots=True)
class Central:
    """The receiving service over its store; moments come from its clock."""

    store: Store
    key: TillKey
    clock: Clock
    former: tuple[TillKey, ...] = ()
    """Its keys before, for tills that did not hear of the one after."""

    def now(self) -> str:
        """The moment by this clock, as text."""
        return moments.to_text(self.clock.wall_ms())

    def say(self, kind: str, to: str, **fields: object) -> Said:
        """A signed answer."""
        return said.say(self.key, {"kind": kind, "for": to, "at": self.now(), **fields})

    @property
    def publics(self) -> list[bytes]:
        """All its public keys."""
        return [one.public for one in (self.key, *self.former)]

    def believed(self, kid: str) -> "Central":
        """The same, speaking with the key that a till believes by its own word; else with the present one."""
        found = next((one for one in self.former if one.kid.hex() == kid), None)
        return self if found is None else replace(self, key=found, former=(self.key, *self.former))

    def signer_for(self, tx: Transaction, park: str) -> TillKey:
        """The key by which every till of a park knows a paper of central's.

        The oldest that a till there still believes: one that heard nothing since knows no other. One that is
        distrusted signs nothing.
        """
        ended, believed = enrolling.distrusted(tx), tills.believed(tx, park)
        held = {one.public: one for one in self.former}
        oldest_first = (held[one] for one in enrolling.former(tx) if one in held and one not in ended)
        is_unsaid = None in believed
        return next((one for one in oldest_first if is_unsaid or one.kid.hex() in believed), self.key)

    def till_of(self, token: str, certificate: bytes | None = None) -> KnownTill:
        """The till that shows a token; UnknownToken.

        One that this central has forgotten shows its certificate: a backup that was restored may be older,
        and central's own signature says that it was known.
        """
        hashed = enrolment.hashed(token)
        with self.store.reading() as tx:
            found = tills.of_token(tx, hashed)
        if found is None and certificate is not None:
            found = self._readmitted(token, certificate)
        if found is None or not hmac.compare_digest(found.token_hash, hashed):
            raise UnknownToken()
        return found

    def enrol(self, asked: dict[str, object]) -> Said:
        """Let a till join by a code; the same answer to who asks again. What `enrolling.enrol` refuses."""
        fields = enrolling.enrol(self.store, self.key, asked, self.now())
        return said.say(self.key, fields)

    def known(self, till: str) -> KnownTill:
        """A till by its code; UnknownToken, StorageFailed."""
        with self.store.reading() as tx:
            return _known(tx, till)

    def receive(self, row: KeyRow, sent: Push) -> Said:
        """Take in a push of a known till; the acknowledgement when it is on the disk.

        UnknownToken, TillBehind, NotAuthentic, StorageFailed.
        """
        till, checked, at = row.till, receiving.checked(row, sent), self.now()
        with self.store.writing() as tx:
            tx.lock_till(till)
            known = _known(tx, till)
            tills.heard(tx, till, at)
            tree = journal.tree(tx, till)
            places = journal.places(tx, till, tree, sent.from_seq, sent.to_seq)
            found = receiving.received(row, sent, checked, places, tree)
            if isinstance(found, Taken):
                _keep(tx, known, found, at)
                acked = found.acked()
                acked_hash = _hash_at(tx, known, found, acked)
                flagged = journal.flagged(tx, till)
                told = outside.told(tx, known.row.park)
        if isinstance(found, Behind):
            raise TillBehind(head=found.head, head_hash=found.head_hash.hex())
        if found.refused is not None:
            raise NotAuthentic(seq=found.refused.seq, till=till, why=found.refused.why)
        return self.say(
            "ack", till, acked=acked.seq, acked_hash=acked_hash.hex(), flagged=flagged, outside=told
        )

    def follow(self, till: str) -> bool:
        """Let the books follow what a till sent, a batch of it; whether there was any. StorageFailed."""
        return following.catch_up_some(self.store, till, self.now())

    def unfollowed(self) -> list[str]:
        """The tills of which the books may lack something; StorageFailed."""
        return following.waiting(self.store)

    def entries_of(self, till: str, after: int) -> bytes:
        """A till's own entries back, in the form of a push, as many as one body holds."""
        with self.store.reading() as tx:
            known = _known(tx, till)
            head = next(iter(journal.tree(tx, till)), receiving.trunk(known.row))
            after = min(after, head.head_seq)
            before = journal.hash_at(tx, till, Place(after, 0)) or receiving.genesis(known.row)
            found = push.taken(journal.stretch(tx, till, after, forms.ENTRIES_MAX))
        return push.body(Push(after, before, found))

    def check_trusted(self, known: KnownTill) -> None:
        """TillRevoked."""
        if known.row.is_revoked:
            raise TillRevoked()

    def check_account(self, known: KnownTill, account: str) -> None:
        """OtherAccount unless a till of the same park wrote the bill or pass to pay for."""
        with self.store.reading() as tx:
            issuer = tills.of_code(tx, account[:4])
        if issuer is None or issuer.row.park != known.row.park:
            raise OtherAccount()

    def feed(self, known: KnownTill, feed: str, after: int, heard_at: str | None = None) -> Said:
        """A page of a feed after a version that was heard at a moment; UnknownFeed, TillRevoked.

        Where a till has heard what this central does not know, the page says from where it goes on.
        """
        if feed not in forms.FEEDS:
            raise UnknownFeed()
        if feed == enrolling.KEYRING:  # which is asked for first
            self._note_pulled(known)
        else:
            self.check_trusted(known)
        audience = known.row.park if feed in PARK_FEEDS else feeds.EVERYBODY
        now = self.now()
        publishing.publish_due(self.store, feed, audience, now)
        with self.store.reading() as tx:
            last = feeds.version(tx, feed, audience)
            version = feeds.heard(tx, feed, audience, after, heard_at or now, now)
            is_known = version == after
            found = feeds.rows(tx, feed, audience, after, pages.ROWS_MAX) if is_known else []
        body: list[object] = []
        size, start = _ENVELOPE, version
        for version_, row in found:
            size += 2 * len(forms.dump({"row": row}))  # quoted once more under the signature
            if size > forms.DECODED_MAX and body:
                break
            body.append(row)
            version = version_
        return self.say(
            "feed",
            known.row.park,
            feed=feed,
            **{"from": start},
            version=version,
            more=is_known and version < last,
            body=body,
        )

    def remind(self, known: KnownTill, data: bytes) -> None:
        """Hear from a till what this central said, and may have forgotten; BadBody."""
        with self.store.reading() as tx:
            ended = enrolling.distrusted(tx)
        publics = [one for one in self.publics if one not in ended]
        reminding.take(self.store, publics, known.row.park, data, self.now())

    def _note_pulled(self, known: KnownTill) -> None:
        """Keep that a till asked for news, and by which key: now and then, because many ask all the time."""
        now_ms, kid = self.clock.wall_ms(), self.key.kid.hex()
        is_fresh = known.pulled_at is not None and now_ms - moments.from_text(known.pulled_at) < _PULLED_MS
        if known.believes == kid and is_fresh:
            return
        with self.store.writing() as tx:
            tills.pulled(tx, known.row.till, kid, moments.to_text(now_ms))

    def _readmitted(self, token: str, certificate: bytes) -> KnownTill | None:
        with self.store.reading() as tx:
            ended = enrolling.distrusted(tx)
        try:
            fields = forms.parsed(forms.CERTIFICATE, said.parsed(certificate).raw)
            trusted = [one for one in self.publics if one not in ended]
            signer = said.signer(trusted, "certificate", certificate)
            fields = said.read(signer, "certificate", str(fields["for"]), certificate)
        except (BadBody, NotSaid):
            return None
        return enrolling.readmit(self.store, fields, self.now()) if fields["token"] == token else None


def _known(tx: Transaction, till: str) -> KnownTill:
    """A till by its code; UnknownToken."""
    found = tills.of_code(tx, till)
    if found is None:
        raise UnknownToken()
    return found


def _keep(tx: Transaction, known: KnownTill, taken: Taken, at: str) -> None:
    """Store what was taken of a push, and what there is to say of it."""
    till = known.row.till
    if taken.new:
        journal.store(tx, till, taken.new, taken.branches.values(), at)
    for place in taken.forks:
        journal.flag(tx, till, {place: forms.FORK})
        journal.open_matter(tx, till, forms.FORK, place, at)
    if known.counts_to is not None:
        late = [one.place for one in taken.new if one.place.seq > known.counts_to]
        journal.flag(tx, till, dict.fromkeys(late, journal.REVOKED))
    if taken.refused is not None:
        journal.keep_evidence(tx, till, taken.refused, at)
        journal.open_matter(tx, till, taken.refused.why, Place(taken.refused.seq, 0), at)


def _hash_at(tx: Transaction, known: KnownTill, taken: Taken, acked: Place) -> bytes:
    branch = taken.branches[acked.branch]
    if acked.seq == branch.head_seq:
        return branch.head_hash
    return journal.hash_at(tx, known.row.till, acked) or receiving.genesis(known.row)

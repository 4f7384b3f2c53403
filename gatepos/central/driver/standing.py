"""How a paper stands: what it says itself, what the books know of it, what M-PESA reported for it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from gatepos.central import enrolling, publishing
from gatepos.central.store import papers, payments, tills
from gatepos.central.store.engine import Transaction
from gatepos.central.store.groups import Sharing
from gatepos.central.store.papers import Issued, Part
from gatepos.domain import gatepass, keyring, moments, money, policy
from gatepos.domain.entry import Entry
from gatepos.domain.gatepass import OUT, Here, Past, Payload
from gatepos.domain.keyring import Keyring, KeyRow
from gatepos.domain.policy import Policy
from gatepos.seal import token
from gatepos.seal.checking import Paper
from gatepos.seal.keys import TillKey, kid_of
from gatepos.till import reading

SEEN = "seen"
"""The word for a pass whose payment M-PESA reported whole, beside those of `verdicts.LOOKS`."""
HELD = "held"
"""The same above what the park lets out on before it is confirmed."""
RENEWED_AFTER_S = gatepass.SEEN_FOR_S // 2
PAYABLE = ("not_paid", "part_paid")


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is to say of a paper; amounts KES minor units, without a payload it is none of ours.

    `left_minor` is still to be paid, `seen` what M-PESA reported for it that no till has counted, of which
    `base_minor` was owed; `entry` is what wrote it, `is_asked` whether the books could be asked at all.
    """

    word: str
    payload: Payload | None = None
    signer: KeyRow | None = None
    left_minor: int = 0
    seen: tuple[Part, ...] = ()
    base_minor: int = 0
    entry: Entry | None = None
    is_asked: bool = True

    @property
    def seen_minor(self) -> int:
        """The sum of what M-PESA reported."""
        return sum(part.amount_minor for part in self.seen)

    @property
    def is_to_sign(self) -> bool:
        """Whether central has a code to sign: what it signed itself is only shown again."""
        return self.word == SEEN and self.payload is not None and self.payload.kind != gatepass.SEEN

    @property
    def pays(self) -> tuple[Part, ...]:
        """What of the payments pays what was owed, and no more: the rest may be another pass's."""
        found: list[Part] = []
        left_minor = self.base_minor
        for part in self.seen:
            if (minor := min(part.amount_minor, left_minor)) > 0:
                found.append(replace(part, amount_minor=minor))
                left_minor -= minor
        return tuple(found)

    def is_to_renew(self, now_s: int) -> bool:
        """Whether central's own word is old enough to be said anew: gates believe it for hours."""
        is_seen = self.word == SEEN and self.payload is not None and self.payload.kind == gatepass.SEEN
        return is_seen and self.payload is not None and now_s - self.payload.issued > RENEWED_AFTER_S


def keyring_of(tx: Transaction, own: Sequence[bytes]) -> Keyring:
    """All keys that sign papers: the tills' and central's own, those before with it."""
    ended = enrolling.distrusted(tx)
    centrals = [keyring.of_central(one, is_revoked=one in ended) for one in own]
    rows = [*(known.row for known in tills.every(tx)), *centrals]
    return {kid_of(row.public): row for row in rows}


def asked(tx: Transaction, known: Keyring, text: str, now_s: int, sharing: Sharing | None = None) -> Standing:
    """How the paper of a token's base32 stands by all that central has.

    Papers that are asked for in one transaction have one `sharing`, so that their group is read once.
    """
    found = reading.paper_of(f"GP:{text}", known)
    if not isinstance(found, Paper):
        return Standing(reading.VERDICTS[found])
    payload = found.payload
    if payload.kind == gatepass.SEEN and found.signer.is_revoked:
        return Standing("does_not_verify")
    issued = papers.issued(tx, payload.number)
    if _issuer(known, found).is_revoked and not _is_heard_of(tx, found, issued):
        return Standing("does_not_verify")
    past = papers.past(tx, payload, found.digest, issued)
    standing = _said(found, known, past, now_s)
    base_minor = _base_minor(tx, payload, past)
    if base_minor is not None and (standing.word in PAYABLE or _is_by_payment(standing)):
        seen = _seen(tx, payload.number, base_minor, sharing or Sharing(tx))
        standing = _paid(standing, base_minor, seen)
    if standing.word == SEEN and not _may_sign(standing):
        standing = replace(standing, word="let_out")
    if standing.is_to_sign and not _is_within_limit(tx, standing, now_s):
        standing = replace(standing, word=HELD)
    return replace(standing, entry=issued.entry if issued else None)


def unasked(known: Keyring, text: str, now_s: int) -> Standing:
    """How the paper stands by its own word, while the books cannot be asked."""
    found = reading.paper_of(f"GP:{text}", known)
    if not isinstance(found, Paper):
        return Standing(reading.VERDICTS[found], is_asked=False)
    return replace(_said(found, known, Past(), now_s), is_asked=False)


def asked_to_sign(tx: Transaction, known: Keyring, text: str, now_s: int) -> Standing:
    """How it stands, as `asked`; what it is let out for is kept before central signs that."""
    tx.alone()
    found = asked(tx, known, text, now_s)
    if found.is_to_sign and found.payload is not None:
        papers.give(tx, found.payload.number, found.pays, moments.to_text(now_s * 1000))
    return found


def let_out(key: TillKey, standing: Standing, now_s: int) -> str:
    """The token by which central says that a pass is paid: at any gate, however long it heard of nothing."""
    payload, signer = standing.payload, standing.signer
    if payload is None or signer is None:
        raise ValueError("no paper to sign for")
    exits = payload.exits or (() if payload.plate else (signer.gate,))
    signed = replace(payload, kind=gatepass.SEEN, issued=now_s, parks=payload.parks[:1], exits=exits, due=0)
    return token.make(signed, key)


def _said(found: Paper, known: Keyring, past: Past, now_s: int) -> Standing:
    """The verdict of an exit through which it may leave."""
    payload = found.payload
    signer = _issuer(known, found)
    gate = payload.exits[0] if payload.exits else signer.gate
    verdict = gatepass.decide(payload, signer.gate, Here(payload.parks[0], gate, OUT, now_s), past)
    return Standing(verdict.word, payload, signer, verdict.owed_minor)


def _issuer(known: Keyring, found: Paper) -> KeyRow:
    """The till whose number it bears, also where central signed."""
    return keyring.of_till(known, found.payload.number[:4]) or found.signer


def _is_heard_of(tx: Transaction, found: Paper, issued: Issued | None) -> bool:
    """Whether this very paper is in the books, or the pass for which central signed."""
    if found.payload.kind == gatepass.SEEN:
        return issued is not None
    return papers.is_known(tx, found.payload.number, found.digest)


def _may_sign(standing: Standing) -> bool:
    """Whether central signs for its till: one that it trusts, for the park where that till stands."""
    payload, signer = standing.payload, standing.signer
    if payload is None or signer is None or signer.is_revoked:
        return False
    return signer.park == payload.parks[0]


def _is_by_payment(standing: Standing) -> bool:
    """Whether only what M-PESA reported lets it out: that may have been withdrawn since central signed."""
    is_seen = standing.payload is not None and standing.payload.kind == gatepass.SEEN
    return is_seen and standing.word in ("let_out", "overstayed")


def _base_minor(tx: Transaction, payload: Payload, past: Past) -> int | None:
    """What was owed before what M-PESA reported; None where nobody knows.

    A receipt for a part of it says what is left after a payment that may be among those reported. For what
    central signed, it is what that was signed for.
    """
    if past.is_known:
        return past.owed_minor
    if payload.kind == gatepass.SEEN:
        return papers.given_minor(tx, payload.number)
    return payload.due if payload.kind == gatepass.OWED else None


def _paid(standing: Standing, base_minor: int, seen: tuple[Part, ...]) -> Standing:
    """The same with what M-PESA reported."""
    is_signed = _is_by_payment(standing)
    if not seen and not is_signed:
        return standing
    seen_minor = sum(part.amount_minor for part in seen)
    left_minor = max(base_minor - seen_minor, 0)
    if not is_signed:
        left_minor = min(standing.left_minor, left_minor)
    word = SEEN if not left_minor else "part_paid" if seen else "not_paid"
    return replace(standing, word=word, left_minor=left_minor, seen=seen, base_minor=base_minor)


def _seen(tx: Transaction, number: str, base_minor: int, sharing: Sharing) -> tuple[Part, ...]:
    """What M-PESA reported for a pass and no till has counted yet, and what central signed for.

    Where that is less than what was owed, what was paid beyond others that were sold together with it.
    """
    accounts = papers.accounts(tx, number)
    own = [kept for account in accounts for kept in payments.counting(tx, account)]
    codes = {kept.paid.trans_id for kept in own}
    given = (code for account in accounts for code in papers.given_parts(tx, account) if code not in codes)
    signed = [kept for code in given for kept in payments.reported(tx, code) if payments.counts(tx, kept.id)]
    found = [
        Part(
            kept.paid.trans_id, papers.left_minor(tx, kept.paid, accounts), payments.is_confirmed(tx, kept.id)
        )
        for kept in (*own, *signed)
    ]
    parts = [part for part in found if part.amount_minor > 0]
    if sum(part.amount_minor for part in parts) < base_minor:
        counted = {part.trans_id for part in found}
        parts += [
            Part(share.trans_id, share.minor, share.is_confirmed)
            for share in sharing.of(number)
            if share.number == number and share.trans_id not in counted
        ]
    return tuple(parts)


def _is_within_limit(tx: Transaction, standing: Standing, now_s: int) -> bool:
    """Whether the payments are confirmed, or the park still lets out on what is only seen."""
    if all(part.is_confirmed for part in standing.pays) or standing.payload is None:
        return True
    park = standing.payload.parks[0]
    most_minor = Policy(publishing.policy_of(tx, park).values).whole(policy.SEEN_MAX) * money.MINOR
    since = moments.to_text(now_s * 1000 - moments.DAY_MS)
    return payments.unconfirmed_minor(tx, park, since) <= most_minor

"""How tills join central, are revoked, and come back after central was restored (FORMATS.md §6)."""

import os
from collections.abc import Callable, Iterator
from typing import cast

from gatepos.central.receiving import Place
from gatepos.central.store import feeds, following, journal, people, tills
from gatepos.central.store.engine import Store, Transaction
from gatepos.central.store.people import Change
from gatepos.central.store.tills import Code, KnownTill
from gatepos.domain import canonical, keyring, moments, numbers
from gatepos.domain.keyring import ForeignKey, KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.seal import enrolment, keys, said
from gatepos.seal.enrolment import CodeTooOld, CodeUnknown, CodeUsed, NotProved, TillTaken
from gatepos.seal.keys import TillKey
from gatepos.wire import feed as wire

KEYRING = "keyring"
CODE_MS = 15 * moments.MINUTE_MS
READMITTED = "readmitted"
COMMAND = "gatepos central"
"""Who changed something where no person signed in: whoever may run central's commands."""
_LAST = "123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_GATE_LETTER, _SPARE_LETTER = "G", "S"


class NoSuchTill(Refusal):
    """A till that central does not know, or that is not revoked where that is needed."""

    says = N_("Central knows no such till: {till}.")


class NoSuchKey(Refusal):
    """A key that central did not have before its present one."""

    says = N_(
        "Central had no key {key} before this one: its page of keys lists them. The present key is first"
        " replaced with rekey."
    )


def new_code(
    store: Store,
    key: TillKey,
    place: tuple[str, str, str],
    till: str | None,
    at_ms: int,
    random: Callable[[int], bytes] = os.urandom,
    who: str = COMMAND,
) -> str:
    """A single-use code for a park, gate and lane, good for 15 minutes; ForeignKey, NoSuchTill."""
    code = enrolment.new_code(key.public, random)
    expires_at = moments.to_text(at_ms + CODE_MS)
    with store.writing() as tx:
        if till is not None:
            if not numbers.is_till(till):
                raise NoSuchTill(till=till[:4])
            _check_kind(tx, till)
        tills.add_code(tx, Code(enrolment.hashed(code), *place, till, expires_at))
        _changed(tx, moments.to_text(at_ms), who, "code", till or "*", " ".join(place))
    return code


def enrol(store: Store, key: TillKey, asked: dict[str, object], at: str) -> dict[str, object]:
    """The certificate that a till gets for a code, as it is said.

    CodeUnknown, CodeTooOld, CodeUsed, NotProved, WeakKey, TillTaken, ForeignKey, StorageFailed.
    """
    typed, public = cast(str, asked["code"]), bytes.fromhex(cast(str, asked["public_key"]))
    if not said.is_proved(public, typed, bytes.fromhex(cast(str, asked["proof"]))):
        raise NotProved()
    code_hash = enrolment.hashed(enrolment.folded(typed))
    token = enrolment.token(key, typed, public)
    with store.writing() as tx:
        tx.alone()
        code = tills.code(tx, code_hash)
        if code is None:
            raise CodeUnknown()
        if code.used_by is not None:
            known = tills.of_code(tx, code.used_by)
            if known is None or known.token_hash != enrolment.hashed(token):
                raise CodeUsed()
            return _said(key, known.row, token, str(code.used_at))
        if at > code.expires_at:
            raise CodeTooOld()
        wanted = cast("str | None", asked["till"])
        row = _row(tx, code, wanted, public)
        _join(tx, row, enrolment.hashed(token), at, at)
        tills.set_believes(tx, row.till, key.kid.hex())
        tills.use_code(tx, code_hash, row.till, at)
    return _said(key, row, token, at)


def readmit(store: Store, fields: dict[str, object], at: str) -> KnownTill | None:
    """Know a till again by the certificate that this central signed and has forgotten; None where it has not.

    A later enrolment is not undone by an older certificate, nor a revocation by any.
    """
    row = keyring.certified(fields["certificate"])
    hashed = enrolment.hashed(cast(str, fields["token"]))
    with store.writing() as tx:
        tx.alone()
        known = tills.of_code(tx, row.till)
        if known is not None and known.enrolled_at >= cast(str, fields["at"]):
            return None
        try:
            _join(tx, row, hashed, cast(str, fields["at"]), at)
        except (TillTaken, ForeignKey):
            return None
        journal.open_matter(tx, row.till, READMITTED, Place(0, 0), at)
        return tills.of_code(tx, row.till)


def revoke(store: Store, till: str, at: str, who: str = COMMAND) -> int:
    """Trust a till no longer: what it sent until now counts, what comes waits; how far. NoSuchTill."""
    with store.writing() as tx:
        tx.alone()
        tx.lock_till(till)
        known = tills.of_code(tx, till)
        if known is None or known.row.is_revoked:
            raise NoSuchTill(till=till[:4])
        counts_to = _head(tx, till)
        tills.revoke(tx, till, counts_to, at)
        _publish(tx, known.row, at, is_revoked=True)
        _changed(tx, at, who, "till.revoked", till, str(counts_to))
    return counts_to


def adopt(store: Store, till: str, to_seq: int, at: str, who: str = COMMAND) -> None:
    """Let what a revoked till has sent since count up to a position; NoSuchTill."""
    with store.writing() as tx:
        tx.alone()
        tx.lock_till(till)
        known = tills.of_code(tx, till)
        if known is None or known.counts_to is None:
            raise NoSuchTill(till=till[:4])
        to_seq = min(to_seq, _head(tx, till))
        tills.adopt(tx, till, to_seq)
        journal.unflag(tx, till, journal.REVOKED, to_seq)
        _changed(tx, at, who, "till.adopted", till, str(to_seq))
    following.catch_up(store, till, at)


def succeed(store: Store, old: TillKey, new: bytes, at: str, who: str = COMMAND) -> None:
    """Let central's old key name the one after it to every till; once, however often it is asked."""
    row = said.succession(old, new)
    with store.writing() as tx:
        tx.alone()
        if row in successions(tx):
            return
        feeds.publish(tx, KEYRING, feeds.EVERYBODY, [canonical.encode(row).decode()], at)
        _changed(tx, at, who, "key", enrolment.printed(enrolment.check_code(new)), "")


def distrust(store: Store, key: TillKey, typed: str, at: str, who: str = COMMAND) -> bytes:
    """Let central's present key say that one before it counts no more; the one that was typed.

    By its kid or its ten characters; said once, however often it is asked. NoSuchKey.
    """
    with store.writing() as tx:
        tx.alone()
        old = next((one for one in former(tx) if _is_named(one, typed) and one != key.public), None)
        if old is None:
            raise NoSuchKey(key=typed[:16])
        if old not in distrusted(tx):
            row = said.distrust(key, old)
            feeds.publish(tx, KEYRING, feeds.EVERYBODY, [canonical.encode(row).decode()], at)
            _changed(tx, at, who, "key.distrusted", enrolment.printed(enrolment.check_code(old)), "")
    return old


def distrusted(tx: Transaction) -> set[bytes]:
    """The keys that central had and said to believe no more."""
    rows = feeds.bodies(tx, KEYRING, feeds.EVERYBODY)
    return {bytes.fromhex(str(row["distrusted"])) for row in rows if wire.is_distrust(row)}


def former(tx: Transaction) -> list[bytes]:
    """The keys that central had before, the first of them first."""
    return [bytes.fromhex(str(row["was"])) for row in successions(tx)]


def successions(tx: Transaction) -> list[dict[str, object]]:
    """Central's keys after one another, as tills are told them."""
    return [row for row in feeds.bodies(tx, KEYRING, feeds.EVERYBODY) if wire.is_succession(row)]


def _is_named(public: bytes, typed: str) -> bool:
    kid = keys.kid_of(public).hex()
    return typed.strip().lower() == kid or enrolment.folded(typed) == enrolment.check_code(public)


def _changed(tx: Transaction, at: str, who: str, what: str, about: str, detail: str) -> None:
    people.changed(tx, Change(at, who, what, about, detail))


def _head(tx: Transaction, till: str) -> int:
    """The last position that any branch of a till reaches."""
    return max((branch.head_seq for branch in journal.tree(tx, till)), default=0)


def _row(tx: Transaction, code: Code, wanted: str | None, public: bytes) -> KeyRow:
    """The row of a till that joins: by the code set aside for it, its own, or a new one."""
    if code.till is not None and wanted not in (None, code.till):
        raise TillTaken(till=wanted)
    till = code.till or wanted or _free_code(tx, code)
    _check_kind(tx, till)
    return KeyRow(till, public, code.park, code.gate, code.lane)


def _join(tx: Transaction, row: KeyRow, token_hash: str, enrolled_at: str, at: str) -> None:
    """A new till, or a new token for one that has this key and stands at this place; TillTaken."""
    _check_kind(tx, row.till)
    known, same = tills.of_code(tx, row.till), tills.of_key(tx, row.public)
    if known is None and same is None:
        tills.add(tx, row, token_hash, enrolled_at)
        _publish(tx, row, at, is_revoked=False)
    elif known is None or known.row.certificate() != row.certificate():
        raise TillTaken(till=row.till)
    else:
        tills.set_token(tx, row.till, token_hash, enrolled_at)


def _publish(tx: Transaction, row: KeyRow, at: str, *, is_revoked: bool) -> None:
    data = canonical.encode({**row.certificate(), "is_revoked": is_revoked})
    feeds.publish(tx, KEYRING, feeds.EVERYBODY, [data.decode()], at)


def _check_kind(tx: Transaction, till: str) -> None:
    """ForeignKey for a demonstration's till at a real central, and the other way round."""
    if numbers.is_demo(till) != tills.is_demo(tx):
        raise ForeignKey()


def _free_code(tx: Transaction, code: Code) -> str:
    return next(till for till in _proposed(tx, code) if tills.of_code(tx, till) is None)


def _proposed(tx: Transaction, code: Code) -> Iterator[str]:
    """Till codes that tell park, gate and lane, or S and which spare, then ever less."""
    demo = numbers.proposed_till(code.park, code.gate, code.lane)
    first = demo if tills.is_demo(tx) else f"{demo[1:3]}{_GATE_LETTER}{demo[3]}"
    if code.lane == keyring.SPARE:
        first = f"{first[:2]}{_SPARE_LETTER}{_LAST[0]}"
    if not tills.is_demo(tx) and (not first[0].isalpha() or first[0] == "X"):
        first = f"G{first[1:]}"
    yield first
    for third in (first[2], *_LAST):
        for last in _LAST:
            yield f"{first[:2]}{third}{last}"


def _said(key: TillKey, row: KeyRow, token: str, at: str) -> dict[str, object]:
    return {
        "kind": "certificate",
        "for": row.till,
        "certificate": row.certificate(),
        "token": token,
        "central_key": key.public.hex(),
        "at": at,
    }

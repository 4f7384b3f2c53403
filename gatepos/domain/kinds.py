"""The kinds of entries and the fields of each: the contract that FORMATS.md prints, as data.

The same check runs at the till before COMMIT and wherever entries are read.
"""

from gatepos.domain import claims, fees, money, numbers, shapes, statements
from gatepos.domain.canonical import BadForm
from gatepos.domain.records import (
    ASIDE,
    BILL,
    BILL_NUMBER,
    CERTIFICATE,
    COUNTED,
    COUNTS,
    CREDIT,
    DEBT,
    DEBTS_MAX,
    DRAWER,
    FED,
    LATER,
    LIMIT,
    LINES,
    MOVED,
    NOTICE_SAID,
    PASS,
    PASS_NUMBER,
    PASS_SUMS,
    PEOPLE,
    RECEIPT,
    RECEIPT_NUMBER,
    REFUND_DECIDED,
    REFUND_PAID,
    REFUND_REQUESTED,
    SEEN,
    SERVED_MAX,
    SHIFT_NUMBER,
    SIGHT,
    SIGNER,
    SOLD,
    SUBJECT,
    SUMS,
    TENDERED,
)
from gatepos.domain.shapes import Field, Table
from gatepos.domain.vocabulary import (
    CAUSES,
    COMING_BACK,
    CONFLICTS,
    DAYS_MAX,
    DOCUMENTS,
    GROUND,
    MOVES,
    ROLES,
    SCANNED_BY,
    UNDERTAKING,
    UNPAID,
)


class UnknownKind(BadForm):
    """A kind that this version does not know."""


PAUSED = "sync.paused"
"""The kind by which somebody stops and begins what goes on with central."""

KINDS: dict[str, Table] = {
    "till.enrolled": {
        "public_key": Field(shapes.HASH, "the till's Ed25519 key"),
        "park": Field(shapes.CODE, ""),
        "certificate": Field(
            shapes.record("certificate", CERTIFICATE),
            "by which central let it join; null where none did",
            null=True,
        ),
    },
    "boot": {
        "system": Field(shapes.TEXT, "operating system"),
        "sqlite": Field(shapes.TEXT, "SQLite version"),
    },
    "sign.in": {
        "staff": Field(shapes.STAFF, ""),
        "how": Field(shapes.one_of("pin", "start_code", "unlock"), ""),
        "takes": Field(
            shapes.many(SHIFT_NUMBER, 20),
            "closed shifts that were handed over to them",
            null=True,
            is_added=True,
        ),
    },
    "auth.failed": {
        "staff": Field(shapes.STAFF, "as typed, when known", null=True),
        "purpose": Field(shapes.one_of("sign_in", "unlock", "approve"), ""),
    },
    "auth.locked": {
        "staff": Field(shapes.STAFF, ""),
        "wait_s": Field(shapes.whole(1, 300), "seconds until the next try counts"),
    },
    "radio.asked": {
        "staff": Field(shapes.STAFF, "who is asked to agree"),
        "answering": Field(shapes.TILL, "their own till; null: a list of codes", null=True),
        "codes": Field(shapes.TEXT, "id of the entry by which the list was made; null: a till", null=True),
        "action": Field(shapes.WORD, "kind of the entry that waits"),
        "digest": Field(shapes.HASH, "of the action with a word used once; the question is made of it"),
        "question": Field(shapes.QUESTION, "as it was read out"),
    },
    "radio.answered": {
        "asking": Field(shapes.TILL, "the till whose clerk asked"),
        "action": Field(shapes.WORD, "kind of the entry that waits there"),
        "question": Field(shapes.QUESTION, "as it was heard"),
    },
    "codes.made": {
        "count": Field(shapes.COUNT, "codes on the list; whose it is, `by` says"),
    },
    "staff.changed": {
        "staff": Field(shapes.STAFF, ""),
        "roles": Field(shapes.many(shapes.one_of(*ROLES), len(ROLES)), "empty: may no longer sign in"),
        "from_on": Field(shapes.DAY, "works from this day on", null=True, is_added=True),
        "until_on": Field(shapes.DAY, "works to this day", null=True, is_added=True),
        "feed_version": FED,
    },
    "config.changed": {
        "key": Field(shapes.WORD, "a policy id"),
        "value": Field(shapes.FREE, ""),
        "was": Field(shapes.FREE, "", null=True),
        "feed_version": FED,
    },
    "schedule.switched": {
        "schedule": Field(shapes.SCHEDULE, "in force from here on"),
        "was": Field(shapes.SCHEDULE, "", null=True),
        "reason": Field(shapes.FREE, "the order or notice"),
        "ordered_at": Field(shapes.MOMENT, "from when the order holds", null=True, is_added=True),
        "unpaid": Field(
            shapes.one_of(*UNPAID), "what policy said of what was owed since then", null=True, is_added=True
        ),
    },
    "fee.confirmed": {
        "park": Field(shapes.CODE, "where it counts, and nowhere else"),
        "schedule": Field(shapes.SCHEDULE, "the schedule that does not name it"),
        "product": Field(shapes.CODE, "what it is sold for, or `ALL`"),
        "fee": Field(shapes.WORD, ""),
        "category": Field(shapes.WORD, ""),
        "age": Field(shapes.WORD, "for a vehicle its band"),
        "currency": Field(shapes.CURRENCY, ""),
        "amount_minor": Field(shapes.whole(1, money.AMOUNT_MAX), "the price"),
        "per": Field(shapes.one_of(*fees.Per), "what it is charged by"),
        "legal": Field(shapes.TEXT, "the law or order that names the price"),
    },
    "rate.switched": {
        "rate": Field(shapes.MONTH, "the published month"),
        "rate_e4": Field(shapes.RATE, ""),
        "was": Field(shapes.MONTH, "", null=True),
        "feed_version": FED,
    },
    "free_entry.noticed": NOTICE_SAID,
    "shift.opened": {
        "number": Field(SHIFT_NUMBER, ""),
        "staff": Field(shapes.STAFF, "whose shift it is"),
        "day": Field(shapes.DAY, "the business day"),
        "float_kes_minor": Field(shapes.MINOR, "counted"),
        "float_usd_minor": Field(shapes.MINOR, "counted"),
    },
    "shift.switched": {
        "was": Field(SHIFT_NUMBER, "", null=True),
        "to": Field(SHIFT_NUMBER, "the shift now at the window"),
    },
    "shift.closed": {
        "closes": Field(SHIFT_NUMBER, ""),
        "denominations": Field(
            shapes.many(shapes.record("denomination", COUNTED), 40), "notes and coins counted"
        ),
        "counted": Field(SUMS, "per tender, before expected was shown"),
        "expected": Field(SUMS, ""),
        "difference": Field(SUMS, "counted − expected"),
        "note": Field(shapes.FREE, "", null=True),
        "receipts": Field(shapes.COUNT, "receipts of this shift"),
        "sold_minor": Field(shapes.SIGNED, "KES of income in this shift"),
        "perpetual_minor": Field(shapes.SIGNED, "KES of income over the life of the ledger"),
        "documents": Field(shapes.many(shapes.TEXT, 200), "envelopes of the documents that it still holds"),
        "passes": Field(
            shapes.record("pass sums", PASS_SUMS), "of its day, of all tills heard", null=True, is_added=True
        ),
        "drawer": Field(
            shapes.many(shapes.record("drawer", DRAWER), 2),
            "what cash is expected of",
            null=True,
            is_added=True,
        ),
        "openings": Field(shapes.COUNT, "of the drawer without a sale", null=True, is_added=True),
        "late": Field(
            shapes.many(shapes.record("late", LATER), 200), "of earlier shifts", null=True, is_added=True
        ),
        "approvals": Field(shapes.COUNT, "given that day in its clerk's name", null=True, is_added=True),
        "unsent": Field(shapes.COUNT, "entries that central lacks", null=True, is_added=True),
        "flagged": Field(shapes.COUNT, "entries that central dislikes", null=True, is_added=True),
        "aside": Field(
            shapes.many(shapes.record("aside", ASIDE), 100), "bills put aside", null=True, is_added=True
        ),
        "open_passes": Field(shapes.COUNT, "of this till", null=True, is_added=True),
        "open_minor": Field(shapes.MINOR, "KES owed on them", null=True, is_added=True),
        "handed_to": Field(shapes.STAFF, "who has all this from here on", null=True, is_added=True),
        "head_seq": Field(shapes.COUNT, "the entry before this one"),
        "head_hash": Field(shapes.HASH, ""),
    },
    "cash.moved": {
        "how": Field(shapes.one_of(*MOVES), ""),
        "currency": Field(shapes.CURRENCY, ""),
        "amount_minor": Field(shapes.MINOR, "counted"),
        "reason": Field(shapes.FREE, ""),
    },
    "drawer.opened": {"reason": Field(shapes.FREE, "")},
    "bill.opened": BILL,
    "bill.abandoned": {
        "bill": Field(BILL_NUMBER, ""),
        "reason": Field(shapes.one_of("cleared", "changed", "shift_closed", "left", "handed_over"), ""),
        "slip": Field(shapes.TEXT, "by which it was handed to another till", null=True, is_added=True),
    },
    "receipt.issued": RECEIPT,
    "receipt.corrected": {**RECEIPT, **CREDIT},
    "receipt.voided": {
        "number": Field(shapes.number(numbers.VOID), ""),
        "receipt": Field(RECEIPT_NUMBER, "the receipt that no longer counts"),
        "digest": Field(shapes.HASH, "its token's SHA-256"),
        "total_minor": Field(shapes.MINOR, "KES"),
        "returned": Field(SUMS, "handed back now"),
        "held_minor": Field(shapes.MINOR, "KES that stays with the payment provider: refund or reuse"),
        "reason": Field(shapes.FREE, ""),
    },
    "refund.requested": REFUND_REQUESTED,
    "refund.decided": REFUND_DECIDED,
    "refund.paid": REFUND_PAID,
    "pass.issued": PASS,
    "pass.reissued": {
        **PASS,
        "replaces": Field(PASS_NUMBER, "the pass that no longer counts"),
        "replaces_digest": Field(shapes.HASH, "its token's SHA-256", null=True),
        "moved_minor": Field(shapes.SIGNED, "KES still owed on it, undone here"),
        "reason": Field(shapes.FREE, ""),
        "priced_anew": Field(
            shapes.FLAG, "after an order; nobody has its paper yet", null=True, is_added=True
        ),
    },
    "pass.scanned": {
        "subject": Field(SUBJECT, "the number on the paper; null when it is none of ours", null=True),
        "digest": Field(shapes.HASH, "SHA-256 of the token, or of a text that is not ours", null=True),
        "paper": Field(shapes.whole(0, 3), "kind of the token (§4)", null=True),
        "issuer": Field(SIGNER, "whose key signed it", null=True),
        "due_minor": Field(shapes.MINOR, "KES owed, as the paper says", null=True),
        "plate": Field(shapes.PLATE, "on the paper", null=True),
        "what": Field(shapes.WORD, "what a text is that is not ours", null=True),
        "direction": Field(shapes.one_of("in", "out"), ""),
        "how": Field(shapes.one_of(*SCANNED_BY), ""),
        "verdict": Field(shapes.WORD, ""),
        "people": Field(MOVED, "how many went through now; below zero: they did not after all"),
        "count": Field(shapes.whole(1, 10_000), "so often within a minute"),
        "reason": Field(shapes.FREE, "the ground on which somebody is let in again", null=True),
        "back": Field(
            shapes.one_of(*COMING_BACK), "why who went out may come back", null=True, is_added=True
        ),
        "back_people": Field(COUNTS, "how many of them may", null=True, is_added=True),
        "back_until": Field(shapes.MOMENT, "until when", null=True, is_added=True),
    },
    "heads.counted": {
        "subject": Field(SUBJECT, "the number on the paper"),
        "digest": Field(shapes.HASH, "of its token; null when its number was typed", null=True),
        "plate": Field(shapes.PLATE, "on the paper"),
        "people": Field(PEOPLE, "as the paper says, [category, age, count] as in the token (§4)"),
        "counted": Field(PEOPLE, "as counted; null: nobody counted them", null=True),
        "reason": Field(shapes.FREE, "why nobody did; null where it was counted or nothing said", null=True),
    },
    "pass.settled": {
        "number": Field(RECEIPT_NUMBER, ""),
        "pass": Field(PASS_NUMBER, "the pass that is paid"),
        "digest": Field(shapes.HASH, "its token's SHA-256; null when nobody could read it", null=True),
        "plate": Field(shapes.PLATE, "empty on foot"),
        "band": Field(shapes.whole(0, 5), "0 none, 1-5 by seats"),
        "people": Field(PEOPLE, "[category, age, count] as in the token (§4)"),
        "owed_minor": Field(shapes.MINOR, "KES owed before, as this till knew it"),
        "sight": Field(
            shapes.record("sight", SIGHT), "what was seen, and priced here", null=True, is_added=True
        ),
        "overstay_days": Field(shapes.whole(0, DAYS_MAX), "days charged past the pass's end"),
        "overstay": Field(LINES, "what they are charged; part of owed_minor"),
        "rate_e4": Field(shapes.RATE, "KES per USD × 10,000", null=True),
        "tenders": Field(TENDERED, ""),
        "change_minor": Field(shapes.MINOR, "KES handed back in cash"),
        "total_minor": Field(shapes.MINOR, "KES paid here"),
        "due_minor": Field(shapes.MINOR, "KES still owed after it"),
        "leaving": Field(COUNTS, "how many left with it"),
        "leave_on": Field(shapes.DAY, "by which day they leave, printed when nothing is owed"),
        "outage": Field(shapes.TEXT, "id of the outage in which it was paid", null=True),
        "token": Field(shapes.TOKEN, "the paper's token, base32; it names the pass"),
        "host": Field(shapes.TEXT, "pass host printed in the QR, or empty"),
    },
    "pass.revoked": {
        "pass": Field(PASS_NUMBER, ""),
        "digest": Field(shapes.HASH, "its token's SHA-256"),
        "undone_minor": Field(shapes.MINOR, "KES of income undone: they never went in"),
        "kept_minor": Field(shapes.SIGNED, "KES that stays owed"),
        "reason": Field(shapes.FREE, ""),
    },
    "pass.waived": {
        "pass": Field(PASS_NUMBER, ""),
        "amount_minor": Field(shapes.MINOR, "KES no longer owed"),
        "overstay_minor": Field(
            shapes.MINOR, "KES of an overstay that is not charged", null=True, is_added=True
        ),
        "ground": Field(shapes.FREE, "the law or order"),
    },
    "pass.let_out": {
        "pass": Field(PASS_NUMBER, ""),
        "digest": Field(shapes.HASH, "", null=True),
        "how": Field(shapes.one_of(UNDERTAKING, GROUND), ""),
        "owed_minor": Field(shapes.MINOR, "KES that they left owing"),
        "plate": Field(shapes.PLATE, "empty on foot"),
        "operator": Field(shapes.TEXT, "tour operator", null=True),
        "people": Field(COUNTS, "how many left"),
        "reason": Field(shapes.FREE, ""),
    },
    "pass.conflict": {
        "subject": Field(SUBJECT, "number of the paper"),
        "what": Field(shapes.one_of(*CONFLICTS), ""),
        "first": Field(shapes.record("seen", SEEN), ""),
        "second": Field(shapes.record("seen", SEEN), ""),
    },
    "payment.confirmed": {
        "reference": Field(shapes.REFERENCE, "the M-PESA code that this till claimed"),
        "receipt": Field(shapes.number(numbers.RECEIPT + numbers.PAPER), "the first that it paid here"),
        "account": Field(shapes.TEXT, "to which it was paid"),
        "amount_minor": Field(shapes.MINOR, "KES, all that it paid"),
        "paid_at": Field(shapes.MOMENT, "by M-PESA's clock"),
        "undone": Field(
            shapes.FREE, "why it is confirmed no more, as it was said to be", null=True, is_added=True
        ),
    },
    "payment.disputed": {
        "reference": Field(shapes.REFERENCE, "the code that this till claimed"),
        "receipt": Field(shapes.number(numbers.RECEIPT + numbers.PAPER), "the first that it paid here"),
        "why": Field(shapes.one_of(*claims.DISPUTED), "how it stands beside the statement"),
        "claimed_minor": Field(shapes.MINOR, "KES that tills took"),
        "paid_minor": Field(shapes.SIGNED, "KES that the statement holds"),
        "reason": Field(shapes.FREE, ""),
    },
    "claim.decided": {
        "tender": Field(shapes.one_of(*statements.KINDS), "how it was paid"),
        "subject": Field(shapes.one_of(claims.CLAIM, claims.LINE), "what is decided about"),
        "code": Field(shapes.REFERENCE, "of the claim or of the line"),
        "decision": Field(shapes.one_of(*claims.DECISIONS), ""),
        "line": Field(shapes.REFERENCE, "code of the line that this claim is", null=True),
        "state": Field(shapes.one_of(*claims.STATES), "as it stood"),
        "difference_minor": Field(shapes.SIGNED, "KES, paid − taken, as it stood"),
        "reason": Field(shapes.FREE, ""),
        "alone_minor": Field(
            shapes.MINOR, "KES for which one person answers alone who says it", null=True, is_added=True
        ),
    },
    "statement.imported": {
        "statement": Field(shapes.one_of(*statements.KINDS), "whose it is"),
        "paybill": Field(shapes.REFERENCE, "null where it has none", null=True),
        "from_at": Field(shapes.MOMENT, "from when"),
        "to_at": Field(shapes.MOMENT, "to when"),
        "lines": Field(shapes.COUNT, "payments, and those taken back"),
        "new": Field(shapes.COUNT, "of them those that no statement before had"),
        "left": Field(shapes.COUNT, "lines left aside: failed ones, charges, money moved to the bank"),
        "paid_minor": Field(shapes.MINOR, "KES that came in"),
        "back_minor": Field(shapes.MINOR, "KES that was taken back"),
        "is_whole": Field(shapes.FLAG, "false where its lines do not add up to its own total"),
        "columns": Field(shapes.many(shapes.TEXT, statements.COLUMNS_MAX), "that somebody named in it"),
        "file": Field(shapes.HASH, "SHA-256 of the file"),
        "digest": Field(shapes.HASH, "SHA-256 of the body, which is kept beside the ledger"),
        "withdraws": Field(
            shapes.TEXT,
            "id of the import that counts no more; this one has no lines",
            null=True,
            is_added=True,
        ),
        "reason": Field(shapes.FREE, "why it is withdrawn", null=True, is_added=True),
    },
    "exit.without_pass": {
        "plate": Field(shapes.PLATE, "empty on foot"),
        "people": Field(COUNTS, ""),
        "story": Field(shapes.FREE, "what the driver says"),
        "entry_gate": Field(shapes.CODE, "where they say they went in", null=True),
        "owed_minor": Field(shapes.MINOR, "KES, what was seen priced here"),
        "receipt": Field(RECEIPT_NUMBER, "what they were charged; null: let out", null=True),
    },
    "outage.opened": {
        "cause": Field(shapes.one_of(*CAUSES), ""),
        "since": Field(shapes.MOMENT, "when it began"),
        "paybill": Field(shapes.REFERENCE, "the paybill to pay to inside it"),
        "authority": Field(shapes.FREE, "the order under which it is used"),
        "cash_max_minor": Field(shapes.MINOR, "KES of cash a receipt may take, 0 none"),
        "is_standing": Field(shapes.FLAG, "opened by a clerk under the standing order"),
        "limits": Field(shapes.many(shapes.record("limit", LIMIT), 20), "limits of its own"),
    },
    "outage.countersigned": {
        "outage": Field(shapes.TEXT, "id of its opening"),
        "note": Field(shapes.FREE, "", null=True),
    },
    "outage.closed": {
        "outage": Field(shapes.TEXT, "id of its opening"),
        "cause": Field(shapes.one_of(*CAUSES), "as it was opened"),
        "authority": Field(shapes.FREE, "the order under which it was opened"),
        "paybill": Field(shapes.REFERENCE, "the paybill inside it"),
        "since": Field(shapes.MOMENT, "when it began"),
        "cash_max_minor": Field(shapes.MINOR, "KES of cash that a receipt could take, 0 none"),
        "is_standing": Field(shapes.FLAG, "opened by a clerk under the standing order"),
        "opened_by": Field(shapes.STAFF, ""),
        "agreed_by": Field(shapes.STAFF, "the second person, then or later", null=True),
        "until": Field(shapes.MOMENT, "when it ended"),
        "receipts": Field(shapes.COUNT, "sold inside it"),
        "receipts_minor": Field(shapes.MINOR, "KES"),
        "collected_minor": Field(shapes.MINOR, "KES paid here on passes of any till, overstay in it"),
        **PASS_SUMS,
        "tendered": Field(SUMS, "what was taken, per tender"),
        "countersigned_by": Field(
            shapes.STAFF, "who agreed after a clerk opened it alone", null=True, is_added=True
        ),
        "leaves": Field(shapes.COUNT, "written by hand inside it and captured by then", is_added=True),
        "leaves_minor": Field(shapes.MINOR, "KES", is_added=True),
        "paybill_minor": Field(
            shapes.MINOR, "KES that M-PESA codes brought to its paybill inside it", is_added=True
        ),
        "owed": Field(
            shapes.many(shapes.record("debt", DEBT), DEBTS_MAX), "who owes the most", is_added=True
        ),
        "staff": Field(
            shapes.many(shapes.STAFF, SERVED_MAX), "who took money or issued passes", is_added=True
        ),
    },
    "document.held": {
        "document": Field(shapes.one_of(*DOCUMENTS), "what was handed over; whose it is stands elsewhere"),
        "pass": Field(PASS_NUMBER, "the pass beside which it was handed over", null=True),
        "plate": Field(shapes.PLATE, "empty on foot"),
        "envelope": Field(shapes.TEXT, "where it lies"),
    },
    "document.moved": {
        "held": Field(shapes.TEXT, "id of the entry by which it is held"),
        "to": Field(shapes.STAFF, "who keeps it now"),
    },
    "document.returned": {
        "held": Field(shapes.TEXT, "id of the entry by which it was held"),
    },
    "paper.issued": {
        "book": Field(shapes.REFERENCE, "what stands on the pad of hand-written leaves"),
        "first": Field(shapes.whole(1, 999_999), "its first leaf"),
        "last": Field(shapes.whole(1, 999_999), "its last leaf"),
        "to": Field(shapes.STAFF, "who has it"),
    },
    "paper.captured": {
        "number": Field(shapes.number(numbers.PAPER), ""),
        "book": Field(shapes.REFERENCE, "the pad"),
        "leaf": Field(shapes.whole(1, 999_999), "its leaf"),
        "written_at": Field(shapes.MOMENT, "the time written on it"),
        "reason": Field(shapes.FREE, "why it was written by hand"),
        "outage": Field(shapes.TEXT, "id of the outage in which it was written", null=True),
        "bill": Field(BILL_NUMBER, "the bill that ends here", null=True),
        **SOLD,
        "people": Field(PEOPLE, "[category, age, count] as in the token (§4)"),
        "tenders": Field(TENDERED, ""),
        "change_minor": Field(shapes.MINOR, "KES handed back in cash"),
    },
    "paper.ended": {
        "book": Field(shapes.REFERENCE, "the pad"),
        "first": Field(shapes.whole(1, 999_999), "first of the leaves"),
        "last": Field(shapes.whole(1, 999_999), "last of the leaves"),
        "how": Field(shapes.one_of("spoilt", "unused"), "what became of them"),
        "reason": Field(shapes.FREE, ""),
    },
    "keyring.changed": {
        **CERTIFICATE,
        "is_revoked": Field(shapes.FLAG, "its papers count only when they were heard of before"),
    },
    "feed.applied": {
        "feed": Field(shapes.one_of("bundle", "prepaid"), "how it came; prepaid: a list loaded here"),
        "from_till": Field(shapes.TILL, "whose entries were heard; of a list this till"),
        "to_seq": Field(shapes.COUNT, "the last of them; of a list how many tickets"),
        "to_at": Field(shapes.MOMENT, "that entry's moment, by its till's clock; of a list when it came"),
        "digest": Field(shapes.HASH, "SHA-256 of the body, which is kept beside the ledger"),
    },
    "print.done": {
        "of": Field(shapes.COUNT, "seq of the entry printed"),
        "copy": Field(shapes.whole(0, 99), "0 the original"),
    },
    "print.failed": {
        "of": Field(shapes.COUNT, ""),
        "copy": Field(shapes.whole(0, 99), ""),
        "cause": Field(shapes.WORD, ""),
    },
    "reprint": {
        "of": Field(shapes.COUNT, ""),
        "copy": Field(shapes.whole(1, 99), "which copy this will be"),
    },
    PAUSED: {
        "is_paused": Field(shapes.FLAG, "true while the till works offline by somebody's choice"),
        "reason": Field(shapes.FREE, "why"),
    },
    "training.begun": {"training_till": Field(shapes.TILL, "the X ledger used")},
    "training.ended": {"training_till": Field(shapes.TILL, "")},
    "clock.anomaly": {
        "state": Field(shapes.one_of("unset", "back", "jump"), ""),
        "last_at": Field(shapes.MOMENT, "of the entry before", null=True),
    },
    "personal.erased": {
        "count": Field(shapes.COUNT, "texts erased; a whole file put aside counts as one"),
        "before": Field(shapes.DAY, "what is older was erased"),
        "plates_before": Field(
            shapes.DAY, "of other tills, what is older is erased", null=True, is_added=True
        ),
    },
    "ledger.recovered": {
        "entries": Field(shapes.COUNT, "in the rebuilt journal"),
        "from_tape": Field(shapes.COUNT, "of them only on the tape"),
        "from_backup": Field(shapes.COUNT, "of them only in a backup"),
        "from_central": Field(shapes.COUNT, "of them only at central", is_added=True),
        "left": Field(shapes.COUNT, "written on a disk that was put back, and left aside", is_added=True),
        "finding": Field(shapes.FREE, "what was found wrong"),
    },
    "ledger.gap": {
        "of_till": Field(shapes.TILL, "the ledger that this one follows"),
        "from_seq": Field(shapes.COUNT, "first entry that no source holds"),
        "to_seq": Field(shapes.COUNT, "last one, 0 when unknown"),
        "cause": Field(shapes.FREE, ""),
    },
}


def check(kind: str, data: object) -> None:
    """BadForm unless `data` has exactly the fields of its kind."""
    if kind not in KINDS:
        raise UnknownKind(why=f"unknown kind {kind}")
    why = shapes.why_not(KINDS[kind], data)
    if why is not None:
        raise BadForm(why=f"{kind}: {why}")

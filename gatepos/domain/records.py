"""What stands inside the entries of several kinds: a line, a tender, what was sold, a certificate."""

from gatepos.domain import numbers, shapes
from gatepos.domain.shapes import Field, Table
from gatepos.domain.vocabulary import (
    CENTRAL,
    CODES_MAX,
    DAYS_KEPT_MAX,
    DAYS_MAX,
    GROUNDS,
    HELD,
    LATE,
    LINES_MAX,
    NOT_VISITORS,
    NOTICE,
    NOTICED,
    PEOPLE_MAX,
    TENDERS,
    UNREAD,
)

COUNTS = shapes.whole(0, LINES_MAX * PEOPLE_MAX)
MOVED = shapes.whole(-LINES_MAX * PEOPLE_MAX, LINES_MAX * PEOPLE_MAX)

LINE: Table = {
    "fee": Field(shapes.WORD, "the fee's id in its schedule"),
    "category": Field(shapes.WORD, "who it is for: a category, `vehicle`, or `any`"),
    "age": Field(shapes.WORD, "adult, child, student, any; for a vehicle its band, 1 to 5"),
    "count": Field(shapes.whole(1, PEOPLE_MAX), "how many"),
    "times": Field(shapes.whole(1, DAYS_MAX), "days or nights that multiply the fee, else 1"),
    "currency": Field(shapes.CURRENCY, "of the gazetted fee"),
    "unit_minor": Field(shapes.MINOR, "the gazetted fee"),
    "amount_minor": Field(shapes.MINOR, "unit × count × times"),
    "kes_minor": Field(shapes.MINOR, "the line's share of the total, whole shillings"),
    "ground": Field(
        shapes.one_of(*GROUNDS, NOTICE, *NOT_VISITORS),
        "why it is free, or why they are no visitors",
        null=True,
    ),
    "evidence": Field(shapes.WORD, "what was shown for the ground or the letter", null=True),
    "notice": Field(shapes.TEXT, "free-entry notice by which some days are free", null=True, is_added=True),
    "foregone_minor": Field(shapes.MINOR, "KES that these days would have cost", null=True, is_added=True),
}
TENDER: Table = {
    "kind": Field(shapes.one_of(*TENDERS, HELD), "how it was paid; held: by what is owed back on a receipt"),
    "currency": Field(shapes.CURRENCY, "of what was handed over"),
    "amount_minor": Field(shapes.MINOR, "handed over; of a code, what counts for this receipt"),
    "kes_minor": Field(shapes.MINOR, "the same in KES at the bill's rate"),
    "reference": Field(shapes.REFERENCE, "M-PESA code, approval code, ticket, receipt", null=True),
    "paid_minor": Field(shapes.MINOR, "all that the reference paid, KES", null=True),
    "paybill": Field(shapes.REFERENCE, "paybill of an M-PESA payment", null=True),
    "last4": Field(shapes.REFERENCE, "last four of a card", null=True),
    "state": Field(shapes.one_of("taken", "claimed"), "taken at the gate, or claimed and to be confirmed"),
    "listed_at": Field(
        shapes.MOMENT, "of the list on which a ticket stood for that day", null=True, is_added=True
    ),
    "is_typed": Field(
        shapes.FLAG, "whether a ticket's reference was typed, not scanned", null=True, is_added=True
    ),
}
MONEY: Table = {
    "tender": Field(shapes.one_of(*TENDERS), "how it was paid"),
    "currency": Field(shapes.CURRENCY, ""),
    "amount_minor": Field(shapes.SIGNED, "may be below zero where it is a difference"),
}
DEBT: Table = {
    "plate": Field(shapes.PLATE, "empty on foot"),
    "operator": Field(shapes.TEXT, "tour operator", null=True),
    "passes": Field(shapes.COUNT, "of them on which it is owed"),
    "owed_minor": Field(shapes.MINOR, "KES"),
}
DEBTS_MAX, SERVED_MAX = 30, 40
PASS_SUMS: Table = {
    "passes": Field(shapes.COUNT, "first issued in that time, one printed anew counted as the last"),
    "settled": Field(shapes.COUNT, "of these, paid"),
    "part": Field(shapes.COUNT, "of these, paid in part"),
    "waived": Field(shapes.COUNT, "of these, waived"),
    "revoked": Field(shapes.COUNT, "of these, revoked"),
    "undertaken": Field(shapes.COUNT, "of these, let out on an undertaking and still owed on"),
    "open": Field(shapes.COUNT, "of these, still to be paid"),
    "passes_minor": Field(shapes.MINOR, "KES issued"),
    "settled_minor": Field(shapes.MINOR, "KES paid"),
    "waived_minor": Field(shapes.MINOR, "KES waived"),
    "undone_minor": Field(shapes.MINOR, "KES undone by revoking: they never went in"),
    "undertaken_minor": Field(shapes.MINOR, "KES on undertaking"),
    "open_minor": Field(shapes.SIGNED, "KES open"),
    "owed_back_minor": Field(
        shapes.MINOR, "KES paid too much; without it, off what is open", null=True, is_added=True
    ),
}
COUNTED: Table = {
    "currency": Field(shapes.CURRENCY, ""),
    "value_minor": Field(shapes.MINOR, "face value of the note or coin"),
    "count": Field(shapes.whole(0, 100_000), ""),
}
DRAWER: Table = {
    "currency": Field(shapes.CURRENCY, ""),
    "float_minor": Field(shapes.MINOR, "counted at the opening"),
    "taken_minor": Field(shapes.MINOR, "cash handed over for papers"),
    "change_minor": Field(shapes.MINOR, "given back on it"),
    "returned_minor": Field(shapes.SIGNED, "handed back for papers that no longer count"),
    "dropped_minor": Field(shapes.MINOR, "to the safe"),
    "paid_out_minor": Field(shapes.MINOR, "spent"),
    "paid_in_minor": Field(shapes.MINOR, "from the safe"),
}
LATER: Table = {
    "what": Field(shapes.one_of(*LATE), ""),
    "day": Field(shapes.DAY, "to which it belongs"),
    "count": Field(shapes.COUNT, "how many"),
    "income_minor": Field(shapes.SIGNED, "KES that it adds to this shift's income"),
}
ASIDE: Table = {
    "bill": Field(shapes.number(numbers.BILL), ""),
    "plate": Field(shapes.PLATE, "empty on foot"),
    "total_minor": Field(shapes.MINOR, "KES"),
}
SEEN: Table = {
    "till": Field(shapes.TILL, "whose entry it is"),
    "seq": Field(shapes.COUNT, ""),
    "at": Field(shapes.MOMENT, "by that till's clock"),
    "gate": Field(shapes.CODE, ""),
    "lane": Field(shapes.TEXT, ""),
    "by": Field(shapes.STAFF, "", null=True),
    "plate": Field(shapes.PLATE, ""),
}
LIMIT: Table = {
    "key": Field(shapes.WORD, "a policy id"),
    "value": Field(shapes.COUNT, ""),
}

LINES = shapes.many(shapes.record("line", LINE), LINES_MAX)
PEOPLE = shapes.many(shapes.many(COUNTS, 3), 20)
TENDERED = shapes.many(shapes.record("tender", TENDER), 10)
SUMS = shapes.many(shapes.record("money", MONEY), 10)
RECEIPT_NUMBER = shapes.number(numbers.RECEIPT)
BILL_NUMBER = shapes.number(numbers.BILL)
PASS_NUMBER = shapes.number(numbers.PASS)
SUBJECT = shapes.number(numbers.PASS + numbers.RECEIPT)
SHIFT_NUMBER = shapes.number(numbers.SHIFT)
REFUND_NUMBER = shapes.number(numbers.VOID)
PAID_NUMBER = shapes.number(numbers.PASS + numbers.RECEIPT + numbers.PAPER)
SIGNER = shapes.Type(f"till code or {CENTRAL}", lambda value: value == CENTRAL or shapes.TILL.holds(value))
FED = Field(
    shapes.COUNT, "of the feed by which central set it; null where a person did", null=True, is_added=True
)

SOLD: Table = {
    "park": Field(shapes.CODE, "the park of the gate"),
    "product": Field(shapes.CODE, "destination or package whose fees these are"),
    "enter_on": Field(shapes.DAY, "the day it is for"),
    "days": Field(shapes.whole(1, DAYS_MAX), ""),
    "nights": Field(shapes.whole(0, DAYS_MAX), ""),
    "plate": Field(shapes.PLATE, "empty on foot"),
    "band": Field(shapes.whole(0, 5), "0 none, 1-5 by seats"),
    "operator": Field(shapes.TEXT, "tour operator", null=True),
    "institution": Field(shapes.TEXT, "of a school trip", null=True),
    "lines": Field(LINES, ""),
    "usd_minor": Field(shapes.MINOR, "sum of the USD lines"),
    "rate_e4": Field(shapes.RATE, "KES per USD × 10,000", null=True),
    "total_minor": Field(shapes.MINOR, "KES"),
}
SIGHT: Table = {
    "why": Field(shapes.one_of(*UNREAD), "why nobody could read the pass"),
    **SOLD,
}
BILL: Table = {
    "number": Field(BILL_NUMBER, "also the M-PESA account"),
    **SOLD,
    "corrects": Field(RECEIPT_NUMBER, "the receipt that this bill corrects", null=True),
    "group": Field(
        BILL_NUMBER, "the account, where one payer pays for several vehicles", null=True, is_added=True
    ),
}
SERVED = Field(
    shapes.whole(0, 86_400_000), "milliseconds from the first touch to here", null=True, is_added=True
)
RECEIPT: Table = {
    "number": Field(RECEIPT_NUMBER, ""),
    "bill": Field(BILL_NUMBER, "the bill that ends here"),
    **SOLD,
    "tenders": Field(TENDERED, ""),
    "change_minor": Field(shapes.MINOR, "KES handed back in cash"),
    "people": Field(PEOPLE, "[category, age, count] as in the token (§4)"),
    "token": Field(shapes.TOKEN, "the paper's token, base32"),
    "host": Field(shapes.TEXT, "pass host printed in the QR, or empty"),
    "enters": Field(shapes.FLAG, "whether they went in with it: the lane does not check separately"),
    "served_ms": SERVED,
}
PASS: Table = {
    "number": Field(PASS_NUMBER, "also the M-PESA account"),
    "bill": Field(BILL_NUMBER, "the bill that ends here", null=True),
    **SOLD,
    "people": Field(PEOPLE, "[category, age, count] as in the token (§4)"),
    "exits": Field(shapes.many(shapes.CODE, CODES_MAX), "gates through which they may leave; none: any"),
    "valid_from": Field(shapes.MOMENT, ""),
    "valid_until": Field(shapes.MOMENT, "24 h a day"),
    "paybill": Field(shapes.REFERENCE, "to pay to"),
    "outage": Field(shapes.TEXT, "id of the outage in which it was issued", null=True),
    "outage_since": Field(shapes.MOMENT, "when that outage began", null=True),
    "authority": Field(shapes.FREE, "the order under which it is open", null=True),
    "phone": Field(shapes.TEXT, "phone of the gate, printed; or empty"),
    "kept_days": Field(shapes.whole(1, DAYS_KEPT_MAX), "days that a name or phone given is kept, printed"),
    "passed": Field(shapes.many(shapes.WORD, 10), "limits that it passed; of the hard ones `also` knows"),
    "enters": Field(shapes.FLAG, "whether they went in with it: the lane does not check separately"),
    "token": Field(shapes.TOKEN, "the paper's token, base32"),
    "host": Field(shapes.TEXT, "pass host printed in the QR, or empty"),
    "served_ms": SERVED,
    "group": Field(
        BILL_NUMBER, "of what was sold together to one payer; without it `bill`", null=True, is_added=True
    ),
}
CREDIT: Table = {
    "replaces": Field(RECEIPT_NUMBER, "the receipt that no longer counts"),
    "replaces_digest": Field(shapes.HASH, "its token's SHA-256"),
    "moved_minor": Field(shapes.MINOR, "KES paid on it that moves over"),
    "due_back_minor": Field(shapes.MINOR, "KES to refund, when the new total is lower"),
    "reason": Field(shapes.FREE, ""),
}

REFUND_OF: Table = {
    "refund": Field(REFUND_NUMBER, ""),
    "subject": Field(PAID_NUMBER, "what was paid"),
}
REFUND_REQUESTED: Table = {
    "number": Field(REFUND_NUMBER, ""),
    "subject": Field(PAID_NUMBER, "what was paid"),
    "lines": Field(LINES, "of the receipt, as many as are refunded; none: what is owed back already"),
    "amount_minor": Field(shapes.MINOR, "KES"),
    "ways": Field(SUMS, "by which ways it is to go back, as printed"),
    "days": Field(shapes.whole(1, DAYS_KEPT_MAX), "within which, as printed"),
    "used": Field(COUNTS, "people who had gone in on it"),
    "reason": Field(shapes.FREE, ""),
}
REFUND_DECIDED: Table = {
    **REFUND_OF,
    "is_approved": Field(shapes.FLAG, "false: refused"),
    "amount_minor": Field(shapes.MINOR, "KES, as it was requested"),
    "lines": Field(LINES, "whose income is undone here"),
    "digest": Field(shapes.HASH, "its token's SHA-256, where nothing of it is left to use", null=True),
    "reason": Field(shapes.FREE, "why it is refused", null=True),
}
REFUND_PAID: Table = {
    **REFUND_OF,
    "tender": Field(shapes.one_of(*TENDERS), "how it was paid back"),
    "amount_minor": Field(shapes.MINOR, "KES"),
    "reference": Field(shapes.REFERENCE, "of the payment back; null for cash", null=True),
    "paybill": Field(shapes.REFERENCE, "from which M-PESA paid it back", null=True),
    "left_minor": Field(shapes.MINOR, "KES still to be paid back after it"),
}

CERTIFICATE: Table = {
    "till": Field(shapes.TILL, "whose key it is"),
    "public_key": Field(shapes.HASH, "Ed25519"),
    "park": Field(shapes.CODE, "where it stands"),
    "gate": Field(shapes.CODE, "its gate"),
    "lane": Field(shapes.TEXT, "its lane"),
}

NOTICE_SAID: Table = {
    "reference": Field(shapes.TEXT, "by which the notice is known; the last word about it holds"),
    "title": Field(shapes.TEXT, ""),
    "first_on": Field(shapes.DAY, "its first day"),
    "last_on": Field(shapes.DAY, "its last day"),
    "from_time": Field(shapes.TIME, "from when on each day"),
    "until_time": Field(shapes.TIME, "until when"),
    "parks": Field(shapes.many(shapes.CODE, 200), "where; none: everywhere"),
    "categories": Field(shapes.many(shapes.one_of(*NOTICED), len(NOTICED)), "who enters free"),
    "vehicles": Field(shapes.FLAG, "whether their vehicles do"),
    "is_ended": Field(shapes.FLAG, "true: it stands no more"),
}

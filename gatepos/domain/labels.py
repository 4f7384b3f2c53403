"""What things are called on screens and paper, in the language of whoever reads."""

from collections.abc import Mapping, Sequence
from typing import cast

from gatepos.domain import vocabulary
from gatepos.domain.fees import PARK_ENTRY, VEHICLE, FeeTitle
from gatepos.i18n import N_, Words, plural

CATEGORIES = {
    "non_resident": N_("Non-resident"),
    "african_citizen": N_("African citizen"),
    "kenya_resident": N_("Kenya resident"),
    "ea_citizen": N_("EA citizen"),
    "kenyan_citizen": N_("Kenyan citizen"),
    "school": N_("School"),
    "exempt": N_("Free"),
    "any": N_("Any visitor"),
}
AGES = {
    "adult": N_("Adult"),
    "child": N_("Child 6–17"),
    "student": N_("Student, letter seen"),
    "any": "",
}
_PERSONS = {
    ("non_resident", "adult"): N_("Non-resident adult"),
    ("non_resident", "child"): N_("Non-resident child"),
    ("non_resident", "student"): N_("Non-resident student"),
    ("african_citizen", "adult"): N_("African citizen adult"),
    ("african_citizen", "child"): N_("African citizen child"),
    ("african_citizen", "student"): N_("African citizen student"),
    ("kenya_resident", "adult"): N_("Kenya resident adult"),
    ("kenya_resident", "child"): N_("Kenya resident child"),
    ("kenya_resident", "student"): N_("Kenya resident student"),
    ("ea_citizen", "adult"): N_("EA citizen adult"),
    ("ea_citizen", "child"): N_("EA citizen child"),
    ("ea_citizen", "student"): N_("EA citizen student"),
    ("kenyan_citizen", "adult"): N_("Kenyan adult"),
    ("kenyan_citizen", "child"): N_("Kenyan child"),
    ("kenyan_citizen", "student"): N_("Kenyan student"),
    ("school", "adult"): N_("School adult"),
    ("school", "student"): N_("School pupil"),
}
_COUNTED = {
    ("non_resident", "adult"): plural("{n} non-resident adult", "{n} non-resident adults"),
    ("non_resident", "child"): plural("{n} non-resident child", "{n} non-resident children"),
    ("non_resident", "student"): plural("{n} non-resident student", "{n} non-resident students"),
    ("african_citizen", "adult"): plural("{n} African citizen adult", "{n} African citizen adults"),
    ("african_citizen", "child"): plural("{n} African citizen child", "{n} African citizen children"),
    ("african_citizen", "student"): plural("{n} African citizen student", "{n} African citizen students"),
    ("kenya_resident", "adult"): plural("{n} Kenya resident adult", "{n} Kenya resident adults"),
    ("kenya_resident", "child"): plural("{n} Kenya resident child", "{n} Kenya resident children"),
    ("kenya_resident", "student"): plural("{n} Kenya resident student", "{n} Kenya resident students"),
    ("ea_citizen", "adult"): plural("{n} EA citizen adult", "{n} EA citizen adults"),
    ("ea_citizen", "child"): plural("{n} EA citizen child", "{n} EA citizen children"),
    ("ea_citizen", "student"): plural("{n} EA citizen student", "{n} EA citizen students"),
    ("school", "adult"): plural("{n} school adult", "{n} school adults"),
    ("school", "student"): plural("{n} school pupil", "{n} school pupils"),
}
"""People in words."""
CAUSES = {
    "platform": N_("The national platform"),
    "internet": N_("The internet"),
    "mpesa": "M-PESA",
    "central": N_("Central"),
    "power": N_("Power"),
    "other": N_("Something else"),
}
"""What may be down in an outage."""
DOWN = {"platform": N_("platform down"), "mpesa": N_("M-PESA down")}
"""What is down for which an outage is proposed."""
BANDS = {
    1: N_("1–5 seats"),
    2: N_("6–12 seats"),
    3: N_("13–24 seats"),
    4: N_("25–44 seats"),
    5: N_("45+ seats"),
}
BAND_KEYS = {1: N_("1–5 seats"), 2: "6–12", 3: "13–24", 4: "25–44", 5: "45+"}
"""The bands on narrow keys beside each other: the first says what is counted."""
GROUNDS = {
    "under_6": N_("5 and under"),
    "kenyan_70": N_("Kenyan 70+"),
    "disability": N_("Disability"),
    "tra_crew": N_("TRA crew"),
    vocabulary.NOTICE: N_("Free-entry notice"),
    "staff": N_("Staff"),
    "lodge_supply": N_("Lodge supply"),
    "police": N_("Police"),
    "contractor": N_("Contractor"),
}
COMING_BACK = {
    vocabulary.CAMPING: N_("Camping"),
    vocabulary.LODGE: N_("Lodge"),
    vocabulary.MEDICAL: N_("Medical"),
    vocabulary.OTHER_GATE: N_("Sent to another gate"),
}
"""Why who leaves comes back."""
EVIDENCE = {
    "age_stated": N_("age stated"),
    "birth_certificate": N_("birth certificate"),
    "passport": N_("passport"),
    "national_id": N_("national ID"),
    "ncpwd_card": N_("NCPWD card"),
    "medical_letter": N_("medical letter"),
    "visible": N_("visible"),
    "tra_badge": N_("TRA badge"),
    "tra_list": N_("name on the TRA list"),
}
"""What may be noted as shown for a ground."""
ROLES = {
    "clerk": N_("clerk"),
    "supervisor": N_("supervisor"),
    "manager": N_("manager"),
    "auditor": N_("auditor"),
    "administrator": N_("administrator"),
}
ACTIONS = {
    "receipt.issued": N_("Record a sale"),
    "receipt.corrected": N_("Correct a receipt"),
    "receipt.voided": N_("Void a receipt"),
    "refund.decided": N_("Decide on a refund"),
    "pass.issued": N_("Issue a pass above a limit"),
    "pass.reissued": N_("Print a pass anew"),
    "pass.revoked": N_("Revoke a pass"),
    "pass.waived": N_("Waive what is owed"),
    "pass.let_out": N_("Let somebody out owing"),
    "pass.scanned": N_("Let somebody in again"),
    "pass.settled": N_("Take a payment on a pass"),
    "exit.without_pass": N_("Let somebody out without a pass"),
    "cash.moved": N_("Move cash in or out of the drawer"),
    "outage.opened": N_("Open an outage"),
    "outage.countersigned": N_("Countersign an outage"),
    "outage.closed": N_("Close an outage"),
    "config.changed": N_("Change a policy"),
    "schedule.switched": N_("Switch the fee schedule"),
    "free_entry.noticed": N_("Begin or end free entry"),
    "rate.switched": N_("Go back to an earlier rate"),
    "fee.confirmed": N_("Confirm a fee that the schedule lacks"),
    "staff.changed": N_("Change who works here"),
    "ledger.gap": N_("Start a spare till"),
}
"""What a second person may be asked to agree to, by the kind of the entry that waits."""

ENTRIES = {
    **ACTIONS,
    "reprint": N_("Reprint"),
    "clock.anomaly": N_("Clock changed"),
    "sync.paused": N_("Work offline"),
    "training.begun": N_("Training begun"),
    "training.ended": N_("Training ended"),
    "ledger.recovered": N_("Ledger recovered"),
    "drawer.opened": N_("Drawer opened without a sale"),
    "rate.switched": N_("Switch the USD rate"),
    "shift.closed": N_("Shift closed"),
    "pass.conflict": N_("Found to contradict each other"),
    "auth.failed": N_("Wrong PIN"),
    "auth.locked": N_("Sign-in locked"),
    "bill.abandoned": N_("Bill left unpaid"),
    "heads.counted": N_("Heads counted"),
    "paper.issued": N_("Pad given out"),
    "paper.captured": N_("Hand-written leaf"),
    "statement.imported": N_("Statement of payments"),
    "claim.decided": N_("Code of a payment decided on"),
}
"""What entries that people look at did, by their kind."""

UNREAD = {
    "unreadable": N_("Priced from the paper: its code could not be read"),
    "lost": N_("Priced from sight: the paper is lost"),
    "unknown_till": N_("Priced from the paper: its till is not known at this gate"),
}
"""Why a pass is paid from what is seen of it, on its receipt."""

UNREAD_KEYS = {
    "unreadable": N_("Code unreadable"),
    "lost": N_("Paper lost"),
    "unknown_till": N_("Till not known here"),
}
"""Why a pass is paid from what is seen of it, to choose from."""

CONFLICTS = {
    "two_admissions": N_("Admitted twice"),
    "two_exits": N_("Let out twice"),
    "two_papers": N_("Two papers, one number"),
    "paid_twice": N_("Paid twice"),
    "code_twice": N_("One payment code counted twice"),
    "used_and_revoked": N_("Used, and revoked as never used"),
}
"""Two facts about one paper that cannot both be right."""

DOCUMENTS = {
    "national_id": N_("National identity card"),
    "passport": N_("Passport"),
    "driving_licence": N_("Driving licence"),
    "other": N_("Other document"),
}
TENDERS = {
    "mpesa": N_("M-PESA"),
    "card": N_("Card"),
    "cash": N_("Cash"),
    "ecitizen": N_("eCitizen ticket"),
}
MOVES = {
    "paid_in": N_("Paid in"),
    "paid_out": N_("Paid out"),
    "dropped": N_("Safe drop"),
}
"""Cash that moved without a sale."""
LATE = {
    "captured": N_("Late leaves of {day}: {n}"),
    "corrected": N_("Late corrections of {day}: {n}"),
    "voided": N_("Late voids of {day}: {n}"),
    "refunded": N_("Late refunds of {day}: {n}"),
}
"""What was written in one shift and belongs to an earlier one."""
HELD = N_("Held, to be refunded or to pay the next bill")
PAID_BY = {**TENDERS, vocabulary.HELD: N_("Money held on")}
"""The ways in which a receipt was paid, its reference after them."""
TENDER_KEYS = {**TENDERS, "ecitizen": N_("eCitizen")}
"""The ways of paying on narrow keys."""
STORY = {
    "issued": N_("Issued"),
    "in": N_("Went in"),
    "out": N_("Went out"),
    "paid": N_("Paid"),
    "refunded": N_("Refunded"),
    "undertaking": N_("Left on undertaking"),
    "ground": N_("Let out on a ground"),
    "revoked": N_("Revoked"),
    "reissued": N_("Printed anew"),
    "seen": N_("Seen at central"),
    "confirmed": N_("Confirmed by M-PESA"),
    "withdrawn": N_("Withdrawn at central"),
}
"""What is told of a paper that was heard of beside it."""
PASS_STATES = {
    "settled": N_("paid"),
    "part": N_("paid in part"),
    "open": N_("open"),
    "waived": N_("waived"),
    "revoked": N_("revoked"),
    "reissued": N_("printed anew"),
    "undertaken": N_("on undertaking"),
}
"""What became of a pass."""

CLAIM_STATES = {
    "confirmed": N_("Confirmed"),
    "short": N_("Paid too little"),
    "over": N_("Paid too much"),
    "reused": N_("Used more than once"),
    "unknown": N_("Not on the statement"),
    "reversed": N_("Paid and taken back"),
    "refund_due": N_("Refund due"),
    "waiting": N_("No statement yet"),
    "unmatched": N_("Paid, and nobody took it"),
    "not_ours": N_("Not for this park"),
    "other_park": N_("Used in another park"),
    "elsewhere": N_("Other day or paybill"),
}
"""How claims, and lines that nobody claimed, stand beside a statement."""
DECISIONS = {
    "is_line": N_("It is that payment"),
    "not_ours": N_("Not for this park"),
    "refund_due": N_("To be refunded"),
    "written_off": N_("Written off"),
    "explained": N_("Explained"),
    "reopened": N_("Opened again"),
}
DECIDING = {
    "not_ours": N_("Not for this park…"),
    "refund_due": N_("To be refunded…"),
    "written_off": N_("Write off…"),
    "explained": N_("Explained…"),
    "reopened": N_("Open it again…"),
}
"""What somebody touches to decide so."""
ALIKE = {
    "alike": N_("O and 0, or I and 1"),
    "slip": N_("one character differs"),
    "account": N_("paid to this bill or pass"),
    "plate": N_("plate typed as the account"),
}
"""Why a payment may be the one that was meant."""
Titles = Mapping[str, FeeTitle]


def person(category: str, age: str, words: Words) -> str:
    """`Non-resident adult`."""
    text = _PERSONS.get((category, age))
    if text is not None:
        return words(text)
    parts = (words(CATEGORIES.get(category, category)), words(AGES.get(age, age)))
    return " ".join(part for part in parts if part)


def people(groups: Sequence[Sequence[int]], words: Words, vehicle: str = "") -> str:
    """`3 non-resident adults, VEHICLE, 2 free` in the order of the fee table, no count parted from its word.

    The groups are [category, age, count] codes as in a token (FORMATS.md §4).
    """
    counted = [((vocabulary.CATEGORIES[category], vocabulary.AGES[age]), n) for category, age, n in groups]
    paying = sorted((one for one in counted if one[0][0] != "exempt"), key=lambda one: _place(one[0]))
    free = sum(n for who, n in counted if who[0] == "exempt")
    shown = [_bound(_count(*who, n, words)) for who, n in paying]
    last = [_bound(words(N_("{n} free"), n=free))] if free else []
    return ", ".join([*shown, *([vehicle] if vehicle else []), *last])


def _place(who: tuple[str, str]) -> int:
    return list(_COUNTED).index(who) if who in _COUNTED else len(_COUNTED)


def _count(category: str, age: str, n: int, words: Words) -> str:
    both = _COUNTED.get((category, age))
    return words.plural(*both, n) if both else f"{n} {person(category, age, words)}"


def _bound(counted: str) -> str:
    """No line's end parts a count from the word beside it."""
    return counted.replace(" ", "\N{NO-BREAK SPACE}", 1)


def fee(fee_id: str, category: str, age: str, words: Words, titles: Titles) -> str:
    """What a row of a schedule is called: `Non-resident adult`, `Vehicle 6–12 seats`, `Cycling …`."""
    if fee_id == VEHICLE:
        return f"{words(N_('Vehicle'))} {words(BANDS[int(age)])}"
    if fee_id == PARK_ENTRY or category == "school":
        return person(category, age, words)
    title = titles[fee_id].in_language(words.language) if fee_id in titles else fee_id
    who = "" if category == "any" and age == "any" else person(category, age, words)
    return f"{title}, {who}" if who else title


def line(data: Mapping[str, object], words: Words, titles: Titles) -> str:
    """What a priced line is called; a free one by its ground, unless a notice makes it free."""
    ground = cast("str | None", data["ground"])
    if ground not in (None, vocabulary.NOTICE):
        return words(GROUNDS[ground])
    return fee(cast(str, data["fee"]), cast(str, data["category"]), cast(str, data["age"]), words, titles)

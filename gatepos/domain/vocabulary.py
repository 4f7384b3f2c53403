"""The closed words of what is written, and how much of each may stand in one entry."""

LINES_MAX = 50
PEOPLE_MAX = 500
DAYS_MAX = 60
DAYS_KEPT_MAX = 3_650

CATEGORIES = ("ea_citizen", "kenya_resident", "african_citizen", "non_resident", "exempt", "school")
AGES = ("adult", "child", "student")
GROUNDS = ("under_6", "kenyan_70", "disability", "tra_crew")
NOTICE = "free_entry"
"""The ground of whom a free-entry notice lets in."""
EA_CITIZEN, KENYAN = "ea_citizen", "kenyan_citizen"
NOTICED = ("non_resident", "african_citizen", "kenya_resident", EA_CITIZEN, KENYAN)
"""Whom a notice may let in free; Kenyan citizens alone are of the East African citizens' row."""
NOTICE_DAYS_MAX = 31
NOT_VISITORS = ("staff", "lodge_supply", "police", "contractor")
"""Why somebody goes in who is no visitor: recorded with the plate, and counted apart."""
CAMPING, LODGE, MEDICAL, OTHER_GATE = "camping", "lodge", "medical", "other_gate"
COMING_BACK = (CAMPING, LODGE, MEDICAL, OTHER_GATE)
"""The grounds on which who leaves may come back on the same paper."""
TENDERS = ("mpesa", "card", "cash", "ecitizen")
HELD = "held"
"""A tender that is no new money: what is owed back on a receipt pays for another."""
ROLES = ("clerk", "supervisor", "manager", "auditor", "administrator")

PAID_IN, PAID_OUT, DROPPED = "paid_in", "paid_out", "dropped"
MOVES = (PAID_IN, PAID_OUT, DROPPED)
"""Why cash goes into or out of a drawer without a sale: from the safe, spent, or into the safe."""
CAPTURED, CORRECTED, VOIDED, REFUNDED = "captured", "corrected", "voided", "refunded"
LATE = (CAPTURED, CORRECTED, VOIDED, REFUNDED)
"""What is written in one shift and belongs to an earlier one."""

SCANNED_BY = ("wedge", "serial", "camera", "typed")
DOCUMENTS = ("national_id", "passport", "driving_licence", "other")
CAUSES = ("platform", "internet", "mpesa", "central", "power", "other")
UNDERTAKING, GROUND = "undertaking", "ground"
UNREAD = ("unreadable", "lost", "unknown_till")
"""Why nobody could read a pass that is paid from what is seen."""
KEEP, ASK, REPRICE = "keep", "ask", "reprice"
UNPAID = (KEEP, ASK, REPRICE)
"""What is done with what was priced, and not paid, after an order that was entered late."""
CONFLICTS = ("two_admissions", "two_exits", "two_papers", "paid_twice", "code_twice", "used_and_revoked")
CODES_MAX = 8
"""Parks and exits of a token, each: its longest payload is then 255 bytes, until the year 36812."""

CENTRAL = "central"
"""Who signed what central signs, in the place of a till's code."""

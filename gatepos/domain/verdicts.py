"""What a gate says of a paper: for each verdict its colour, its sign, its words, the next action."""

from dataclasses import dataclass

from gatepos.domain import gatepass
from gatepos.i18n import N_

GREEN, AMBER, RED, GREY = "green", "amber", "red", "grey"


@dataclass(frozen=True, slots=True)
class Look:
    """How a verdict looks and reads; its sound goes with its tone."""

    tone: str
    sign: str
    title: str
    next: str


LOOKS = {
    "admit": Look(GREEN, "✓", N_("Admit — first entry"), N_("Compare the plate, let them in.")),
    "let_out": Look(GREEN, "✓", N_("Paid — let them out"), N_("Compare the plate, open the barrier.")),
    "left_owing": Look(
        AMBER, "⧗", N_("Let them out — still owing"), N_("It is recorded what they owe and why they left.")
    ),
    "coming_back": Look(GREEN, "✓", N_("Re-admit"), N_("Compare the plate, let them in.")),
    "readmitted": Look(GREEN, "✓", N_("Admit again"), N_("The ground is recorded.")),
    "not_paid": Look(AMBER, "⧗", N_("Genuine pass — not paid"), N_("Collect the fees, then let them out.")),
    "part_paid": Look(AMBER, "◐", N_("Part paid"), N_("Collect the rest, then let them out.")),
    "already_inside": Look(
        AMBER, "↻", N_("Already inside"),
        N_("Coming back? Ask the gate they left by, then re-admit. Else sell a new entry."),
    ),
    "already_left": Look(
        AMBER, "↻", N_("Already left"),
        N_("Coming back? Ask the gate they left by, then re-admit. Else sell a new entry."),
    ),
    "overstayed": Look(AMBER, "⧗", N_("Overstayed"), N_("Let them out; it is recorded.")),
    "prepaid": Look(AMBER, "⧗", N_("Prepaid, not verified"), N_("Compare the plate, let them in.")),
    "sticker": Look(
        AMBER, "⚑", N_("Sticker over the code?"),
        N_("The pass is ours, the address is not. Look at the paper, warn the driver."),
    ),
    "unreadable": Look(AMBER, "?", N_("Unreadable"), N_("Scan again, or type the number under the code.")),
    "no_paper": Look(AMBER, "?", N_("No paper"), N_("Ask for the last three characters of the plate.")),
    "plate_differs": Look(RED, "✕", N_("The plate differs"), N_("Look at the vehicle; call the supervisor.")),
    "not_known": Look(AMBER, "?", N_("Not known here"), N_("No till heard of wrote it. Settle from sight.")),
    "update_needed": Look(AMBER, "⚑", N_("Update needed"), N_("The paper is newer than this program. Call.")),
    "not_yet": Look(AMBER, "⧗", N_("Not valid yet"), N_("Sell a new entry, or ask them to come back.")),
    "seen_stale": Look(
        AMBER, "⧗", N_("The payment code holds no more"),
        N_("Ask the driver to open the pass page again, scan the pass itself, or settle from sight."),
    ),
    "no_longer": Look(AMBER, "⧗", N_("No longer valid"), N_("Sell a new entry.")),
    "wrong_park": Look(RED, "✕", N_("Wrong park"), N_("It is for another park. Sell a new entry.")),
    "wrong_gate": Look(RED, "✕", N_("Wrong gate"), N_("It leaves by another gate. Send them, or call.")),
    "revoked": Look(RED, "✕", N_("Revoked"), N_("Sell a new entry or call the supervisor.")),
    "replaced": Look(RED, "✕", N_("Another paper took its place"), N_("Ask for the newer paper.")),
    "does_not_verify": Look(
        RED, "✕", N_("Does not verify"),
        N_("No till of ours signed this. Do not accept it; take payment or call."),
    ),
    "two_papers": Look(
        RED, "✕", N_("Two papers, one number"),
        N_("Another paper bears this number. Hold, call the supervisor.")
    ),
    "no_entry": Look(
        RED, "✕", N_("Paper without an entry"), N_("Its till never wrote it. Hold, call the supervisor.")
    ),
    "unknown_till": Look(
        RED, "✕", N_("Signed by a till not known here"), N_("Treat as not paid: collect, or call.")
    ),
    "ticket_listed": Look(
        GREEN, "✓", N_("On the list — admit"), N_("Compare the plate, record, let them in.")
    ),
    "ticket_other_day": Look(
        AMBER, "⧗", N_("On the list for another day"),
        N_("Look at the ticket's day. Record it, or sell a new entry."),
    ),
    "ticket_claimed": Look(
        AMBER, "⧗", N_("Not on the list — claimed"),
        N_("Look at the ticket, tap who it is for, then record."),
    ),
    "ticket_used": Look(
        RED, "✕", N_("Used before"), N_("Do not let them in on it: sell a new entry, or call.")
    ),
    "not_ours": Look(GREY, "i", N_("Not a gate pass"), N_("Nothing to do here.")),
}  # fmt: skip
TYPED = {
    "not_paid": N_("No paper — not paid"),
    "part_paid": N_("No paper — part paid"),
    "let_out": N_("No paper — paid, let them out"),
    "admit": N_("No paper — first entry"),
}
"""Titles where a number was typed: nothing that was seen vouches for it."""
AT_EXIT = {
    "prepaid": N_("Compare the plate, open the barrier."),
    "already_left": N_("Nothing is owed on it. Compare the plate; call the supervisor."),
    "revoked": N_("Nothing is known to be owed on it. Call the supervisor, or touch No pass."),
    "wrong_park": N_("It is for another park. Ask for theirs, settle from sight, or touch No pass."),
    "does_not_verify": N_("No till of ours signed this. Do not accept it: settle from sight, or No pass."),
    "unknown_till": N_("Treat as not paid: settle from sight, or call."),
    "not_ours": N_("Ask for the paper of a gate, settle from sight, or touch No pass."),
}
"""The next action where people go out, where it is another than at an entry."""
_AT_ENTRY = {"not_known": N_("No till heard of wrote it. Sell a new entry, or call.")}
_OPEN_AMBER = ("prepaid", "left_owing")
TICKET = "ecitizen_ticket"
NOT_OURS = {
    TICKET: N_("An eCitizen ticket."),
    "mpesa_qr": N_("An M-PESA code to pay with."),
    "web_address": N_("A web address."),
    "wifi": N_("A Wi-Fi network."),
    "contact": N_("A contact."),
    "phone": N_("A phone number."),
    "email": N_("An e-mail address."),
    "number_only": N_("A number."),
    "plain_text": N_("A text."),
    "binary": N_("Bytes that are no text."),
    "nothing": N_("Nothing."),
}
"""What a scan is that is not ours."""


def next_of(word: str, direction: str) -> str:
    """The next action where people go this way."""
    there = AT_EXIT if direction == gatepass.OUT else _AT_ENTRY
    return there.get(word, LOOKS[word].next)


def lets_through(word: str) -> bool:
    """Whether a verdict opens the barrier, be it amber for what is owed or not verified."""
    return LOOKS[word].tone == GREEN or word in _OPEN_AMBER

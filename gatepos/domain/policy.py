"""Policy: what a park decides, each setting once, with its type, its default and its sentence."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from gatepos.domain import text
from gatepos.domain.vocabulary import (
    CAMPING,
    COMING_BACK,
    DAYS_KEPT_MAX,
    DAYS_MAX,
    LODGE,
    MEDICAL,
    OTHER_GATE,
)
from gatepos.domain.vocabulary import UNPAID as UNPAID_WAYS
from gatepos.errors import Refusal
from gatepos.i18n import N_, Words

PAYBILL = "paybill"
PASS_HOST = "pass_host"
GATE = "gate"
LANE = "lane"
USD_CASH = "cash_usd"
LOCK_AFTER_S = "lock_after_s"
CORRECT_WITHIN_MIN = "correct_within_min"
RATE_OLD_AFTER_DAYS = "rate_old_after_days"
OVER_SHORT_NOTE_OVER = "over_short_note_over"
CASH_MOVED_MAX = "cash_moved_max"
EXPLAINED_MAX = "explained_max"
DIRECTION = "lane_direction"
CHECKS_SEPARATELY = "lane_checks_separately"
GATE_PHONE = "gate_phone"
HEARD_OLD_AFTER_H = "heard_old_after_h"
OVERSTAY_UNDER = "overstay_under"
UNDERTAKING_MAX = "undertaking_max"
ORDER, ORDER_PAYBILL, ORDER_CASH_MAX = "order", "order_paybill", "order_cash_max"
ORDER_AFTER_MIN, ORDER_FROM, ORDER_UNTIL = "order_after_min", "order_from", "order_until"
PASS_SOFT, PASS_HARD = "pass_soft", "pass_hard"
TILL_PASSES_SOFT, TILL_PASSES_HARD = "till_passes_soft", "till_passes_hard"
TILL_OWED_SOFT, TILL_OWED_HARD = "till_owed_soft", "till_owed_hard"
OPERATOR_SOFT, OPERATOR_HARD = "operator_soft", "operator_hard"
PLATE_HARD = "plate_hard"
CUSTODY = "custody"
PERSONAL_DAYS, PLATES_DAYS = "personal_days", "plates_days"
SEEN_MAX = "seen_max"
REFUND_DAYS, REFUND_USED = "refund_days", "refund_used"
HEADS_ONE_IN = "heads_one_in"
UNPAID = "unpaid_after_switch"
BACK_TODAY, BACK_STAYING = "back_today", "back_staying"
INTERNET_HOST, MPESA_PROBE, PLATFORM_PROBE = "internet_host", "mpesa_probe", "platform_probe"
LANE_USE, PREPAID_ARROW = "lane_use", "prepaid_arrow"
TICKETS_TYPED_MAX = "tickets_typed_max"
ANY, PREPAID = "any", "prepaid"
"""What a lane is for."""
NONE, ALTERNATE, BY_PLATE = "none", "alternate", "plate"
"""By which rule a prepaid vehicle is sent on to lane 1 or lane 2."""
OF_TILL = (GATE, LANE, DIRECTION, CHECKS_SEPARATELY, GATE_PHONE, LANE_USE, PREPAID_ARROW)
"""What is another at each till: said there, and never by central for a whole park."""

WAIT_LEAST_S, WAIT_MOST_S = 15, 3_600
"""A screen that locked sooner could not be used to change this again."""
_HOST = re.compile(r"[A-Za-z0-9.-]{0,100}")  # what readers of a QR take for one
_SERVER = r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,98}[A-Za-z0-9])?(?::[0-9]{1,5})?"
_ADDRESS = re.compile(rf"https://{_SERVER}(?:/[A-Za-z0-9._~/-]{{0,90}})?", re.ASCII)


class UnknownPolicy(Refusal):
    """A policy that does not exist."""

    says = N_("There is no policy called {key}.")


class BadPolicyValue(Refusal):
    """A value of the wrong form."""

    says = N_("{key} cannot be {value}.")

    def said(self, words: Words, /) -> str:
        """The setting by its sentence: its key stands on no screen."""
        setting = SETTINGS.get(str(self.values["key"]))
        key = words(setting.sentence) if setting else self.values["key"]
        return words(self.says, key=key, value=self.values["value"])


@dataclass(frozen=True, slots=True)
class Setting:
    """One policy, limits in whole shillings: `form` is one of those below; some need a second person."""

    key: str
    form: str
    default: str
    sentence: str
    needs_second: bool = False


SETTINGS = {
    setting.key: setting
    for setting in (
        Setting(PAYBILL, "digits", "222222", N_("M-PESA paybill to pay to"), needs_second=True),
        Setting(PASS_HOST, "host", "", N_("Host of the drivers' pass page, printed in the QR")),
        Setting(GATE, "text", "", N_("Gate where this till stands")),
        Setting(LANE, "text", "1", N_("Lane where this till stands")),
        Setting("allow_mpesa", "flag", "yes", N_("Take M-PESA")),
        Setting("allow_card", "flag", "yes", N_("Take cards on the bank's terminal")),
        Setting("allow_cash", "flag", "no", N_("Take cash"), needs_second=True),
        Setting("allow_ecitizen", "flag", "yes", N_("Take eCitizen and KWSPay tickets")),
        Setting(USD_CASH, "flag", "no", N_("Take cash in USD"), needs_second=True),
        Setting(LOCK_AFTER_S, "seconds", "180", N_("Seconds without a touch before the screen locks")),
        Setting(CORRECT_WITHIN_MIN, "whole", "10", N_("Minutes in which a clerk corrects alone")),
        Setting(RATE_OLD_AFTER_DAYS, "whole", "35", N_("Days after which the USD rate is shown as old")),
        Setting(OVER_SHORT_NOTE_OVER, "whole", "100", N_("KES over or short that need a note")),
        Setting(
            CASH_MOVED_MAX, "whole", "20000", N_("KES that a clerk moves alone in or out of a drawer"), True
        ),
        Setting(
            EXPLAINED_MAX, "whole", "5000", N_("KES of claims that one person alone explains in a day"), True
        ),
        Setting(DIRECTION, "direction", "in", N_("Which way this lane goes")),
        Setting(CHECKS_SEPARATELY, "flag", "no", N_("Papers are checked at the barrier after the sale")),
        Setting(LANE_USE, "lane_use", ANY, N_("What this lane is for")),
        Setting(PREPAID_ARROW, "arrow", NONE, N_("Prepaid vehicles are sent on to lane 1 or 2")),
        Setting(
            TICKETS_TYPED_MAX,
            "whole",
            "10",
            N_("Ticket references typed in a shift without a second person"),
            True,
        ),
        Setting(GATE_PHONE, "text", "", N_("Phone of this gate, printed on passes")),
        Setting(HEARD_OLD_AFTER_H, "whole", "6", N_("Hours after which what was heard is shown as old")),
        Setting(OVERSTAY_UNDER, "text", "", N_("Regulation that charges an overstay; none: nothing"), True),
        Setting(UNDERTAKING_MAX, "whole", "60000", N_("KES of undertaking that a clerk takes alone"), True),
        Setting(ORDER, "text", "", N_("Standing order for an outage: its reference"), True),
        Setting(ORDER_PAYBILL, "digits", "600000", N_("Standing order: the paybill inside it"), True),
        Setting(ORDER_CASH_MAX, "whole", "0", N_("Standing order: KES of cash a receipt may take"), True),
        Setting(ORDER_AFTER_MIN, "whole", "15", N_("Standing order: minutes down before it holds"), True),
        Setting(ORDER_FROM, "time", "05:00", N_("Standing order: from this time of day"), True),
        Setting(ORDER_UNTIL, "time", "19:00", N_("Standing order: until this time of day"), True),
        Setting(PASS_SOFT, "whole", "150000", N_("KES owed on one pass: above it a warning"), True),
        Setting(PASS_HARD, "whole", "500000", N_("KES owed on one pass: above it a second person"), True),
        Setting(TILL_PASSES_SOFT, "whole", "300", N_("Open passes of this till: a warning"), True),
        Setting(TILL_PASSES_HARD, "whole", "1000", N_("Open passes of this till: a second person"), True),
        Setting(TILL_OWED_SOFT, "whole", "10000000", N_("KES owed at this till: a warning"), True),
        Setting(TILL_OWED_HARD, "whole", "25000000", N_("KES owed at this till: a second person"), True),
        Setting(OPERATOR_SOFT, "whole", "20", N_("Open passes of one operator: a warning"), True),
        Setting(OPERATOR_HARD, "whole", "60", N_("Open passes of one operator: a second person"), True),
        Setting(PLATE_HARD, "whole", "1", N_("Open passes of one plate: above it a second person"), True),
        Setting(
            SEEN_MAX,
            "whole",
            "5000000",
            N_("KES seen in a day and not confirmed that let out; 0: none"),
            True,
        ),
        Setting(HEADS_ONE_IN, "whole", "20", N_("One vehicle in how many is counted at the exit; 0: none")),
        Setting(CUSTODY, "flag", "no", N_("Documents handed over are kept and listed"), True),
        Setting(REFUND_DAYS, "days", "7", N_("Days within which a refund is paid back, as printed")),
        Setting(REFUND_USED, "flag", "yes", N_("Refund what people went in on, after asking"), True),
        Setting(
            UNPAID, "unpaid", "ask", N_("Unpaid passes after a schedule's order: keep, ask or reprice"), True
        ),
        Setting(PERSONAL_DAYS, "days", "30", N_("Days after which names and phones are erased")),
        Setting(PLATES_DAYS, "long", "365", N_("Days after which plates heard of other tills are erased")),
        Setting(
            BACK_TODAY,
            "grounds",
            f"{LODGE} {MEDICAL} {OTHER_GATE}",
            N_("Grounds of coming back until the gate closes: camping lodge medical other_gate"),
            True,
        ),
        Setting(BACK_STAYING, "grounds", CAMPING, N_("Grounds of coming back until the stay's end"), True),
        Setting(INTERNET_HOST, "server", "", N_("Host by which the internet is known to work")),
        Setting(MPESA_PROBE, "address", "", N_("HTTPS address that answers while M-PESA works")),
        Setting(PLATFORM_PROBE, "address", "", N_("HTTPS address that answers while the platform works")),
    )
}


CHOICES = {
    "direction": {"in": N_("Entry lane"), "out": N_("Exit lane")},
    "lane_use": {ANY: N_("Everything"), PREPAID: N_("Prepaid: Scan first")},
    "arrow": {
        NONE: N_("no"),
        ALTERNATE: N_("by turns"),
        BY_PLATE: N_("last digit of the plate: odd 1, even 2"),
    },
}
"""The forms that are one of a few words, with what these are called."""


def paybills(changes: Iterable[tuple[object, object]]) -> set[str]:
    """All that were ever set, as shipped too: of the park, and of its standing order."""
    keys = (PAYBILL, ORDER_PAYBILL)
    return {SETTINGS[key].default for key in keys} | {str(value) for key, value in changes if key in keys}


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy in force: what was set, and the defaults for the rest."""

    values: Mapping[str, str]

    def text(self, key: str) -> str:
        """The value as written."""
        return self.values.get(key, SETTINGS[key].default)

    def flag(self, key: str) -> bool:
        """A yes or a no."""
        return self.text(key) == "yes"

    def whole(self, key: str) -> int:
        """A whole number."""
        return int(self.text(key))

    def grounds(self, key: str) -> tuple[str, ...]:
        """The grounds that it names."""
        return tuple(self.text(key).split())

    def allows(self, tender: str) -> bool:
        """Whether a way of paying is taken here."""
        key = f"allow_{tender}"
        return key in SETTINGS and self.flag(key)

    def having(self, key: str, value: str) -> "Policy":
        """The policy with one setting changed."""
        return replace(self, values={**self.values, key: value})


def parse(key: str, typed: str) -> str:
    """The value as it is recorded; UnknownPolicy, BadPolicyValue."""
    setting = SETTINGS.get(key)
    if setting is None:
        raise UnknownPolicy(key=key[:40])
    value = text.kept(typed)
    if not _FORMS[setting.form](value):
        raise BadPolicyValue(key=key, value=value[:40])
    return value


def _is_whole(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 9


def _is_wait(value: str) -> bool:
    return _is_whole(value) and WAIT_LEAST_S <= int(value) <= WAIT_MOST_S


def _is_time(value: str) -> bool:
    return re.fullmatch("([01][0-9]|2[0-3]):[0-5][0-9]", value, re.ASCII) is not None


def _is_days(value: str) -> bool:
    return _is_whole(value) and 1 <= int(value) <= DAYS_KEPT_MAX


def _is_long(value: str) -> bool:
    """Longer than any paper holds."""
    return _is_days(value) and int(value) > DAYS_MAX + 1


def _is_paybill(value: str) -> bool:
    return _is_whole(value) and len(value) >= 5


_FORMS: dict[str, Callable[[str], bool]] = {
    "flag": lambda value: value in ("yes", "no"),
    "whole": _is_whole,
    "days": _is_days,
    "long": _is_long,
    "seconds": _is_wait,
    "digits": _is_paybill,
    "direction": lambda value: value in CHOICES["direction"],
    "lane_use": lambda value: value in CHOICES["lane_use"],
    "arrow": lambda value: value in CHOICES["arrow"],
    "time": _is_time,
    "unpaid": lambda value: value in UNPAID_WAYS,
    "host": lambda value: _HOST.fullmatch(value) is not None,
    "server": lambda value: not value or re.fullmatch(_SERVER, value, re.ASCII) is not None,
    "address": lambda value: not value or _ADDRESS.fullmatch(value) is not None,
    "grounds": lambda value: set(value.split()) <= set(COMING_BACK),
    "text": str.isascii,
}

"""The commands of `gatepos till run`: JSON objects in and out, through the same rooms as the screen."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson

from gatepos.domain import bill as bills
from gatepos.domain import money, numbers, shift, text
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal, Said
from gatepos.i18n import N_
from gatepos.ledger import queries
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till import fields, views
from gatepos.till.fields import BadCommand, Command, id_of, second_of, text_of
from gatepos.till.shifts import Counted
from gatepos.till.till import Till

Answer = dict[str, object]


class UnknownCommand(Refusal):
    """A command that does not exist."""

    says = N_("There is no command {command}. Commands: {commands}.")


class Commands:
    """Answers one command at a time; every money command carries an `id`, made before its first attempt."""

    def __init__(self, till: Till):
        self._till = till
        self._known: dict[str, Callable[[Command], Answer]] = {
            "sign_in": self._sign_in,
            "choose_pin": self._choose_pin,
            "sign_out": self._sign_out,
            "open_shift": self._open_shift,
            "close_shift": self._close_shift,
            "sell": self._sell,
            "hold": self._hold,
            "waiting": self._waiting,
            "correct": self._correct,
            "void": self._void,
            "receipt": self._receipt,
            "receipts": self._receipts,
            "reprint": self._reprint,
            "totals": self._totals,
            "set_rate": self._set_rate,
            "configure": self._configure,
            "read_bundle": lambda command: read_bundle(till, command),
        }

    def answer(self, line: bytes) -> Answer:
        """The answer to one line of JSON; a refusal or a trouble is answered by its name."""
        try:
            command = orjson.loads(line)
        except orjson.JSONDecodeError:
            return {"error": BadCommand.__name__, "says": "not JSON"}
        if not isinstance(command, dict):
            return {"error": BadCommand.__name__, "says": "not an object"}
        try:
            return {**self.run(command), "id": command.get("id")}
        except Said as said:
            return {"error": said.name, "says": str(said), "recorded": False, "id": command.get("id")}

    def run(self, command: Command) -> Answer:
        """The answer to one command; its refusals are raised."""
        name = text_of(command, "do")
        if name not in self._known:
            raise UnknownCommand(command=name[:40], commands=", ".join(sorted(self._known)))
        return self._known[name](command)

    def _sign_in(self, command: Command) -> Answer:
        person = self._till.sign_in.sign_in(text_of(command, "staff"), text_of(command, "pin"))
        self._till.shifts.to_window()
        return {"signed_in": person.number, "roles": sorted(person.roles)}

    def _choose_pin(self, command: Command) -> Answer:
        person = self._till.sign_in.choose_pin(
            text_of(command, "staff"), text_of(command, "start_code"), text_of(command, "pin")
        )
        return {"signed_in": person.number, "roles": sorted(person.roles)}

    def _sign_out(self, command: Command) -> Answer:
        self._till.sign_in.sign_out()
        return {"signed_in": None}

    def _open_shift(self, command: Command) -> Answer:
        kes, usd = text_of(command, "float_kes", "0"), text_of(command, "float_usd", "0")
        before = self._repeated(command, "shift.opened", float_kes_minor=money.parse(kes))
        if before is not None:
            return _again(before)
        return _recorded(self._till.shifts.open(kes, usd, id_of(command)))

    def _close_shift(self, command: Command) -> Answer:
        before = self._repeated(command, "shift.closed")
        if before is not None:
            return _again(before)
        typed = fields.by_name(command, "counted", str)
        others = {tender: money.parse(amount) for tender, amount in typed.items()}
        notes = tuple(shift.denomination(*row) for row in fields.rows(command, "notes", str, int, int))
        recorded = self._till.shifts.close(
            Counted(notes, others), text_of(command, "note", ""), id_of(command)
        )
        data = recorded.entry.data
        shown = ("counted", "expected", "difference", "sold_minor", "perpetual_minor")
        return {**_recorded(recorded), **{name: data[name] for name in shown}}

    def _sell(self, command: Command) -> Answer:
        self._begin(command)
        before = self._sold_before(command, "receipt.issued")
        if before is not None:
            return before
        self._till.window.work.pay_id = id_of(command)
        return self._paid(command)

    def _hold(self, command: Command) -> Answer:
        self._begin(command)
        before = self._sold_before(command, "bill.opened")
        if before is not None:
            return before
        self._till.checkout.open(id_of(command))
        number = self._till.window.number()
        self._till.checkout.hold()
        return {"recorded": True, "number": number}

    def _waiting(self, command: Command) -> Answer:
        rows = self._till.checkout.waiting()
        return {
            "waiting": [{"number": w.number, "plate": w.plate, "total_minor": w.total_minor} for w in rows]
        }

    def _correct(self, command: Command) -> Answer:
        before = self._repeated(
            command, "receipt.corrected", replaces=str(numbers.parse(text_of(command, "receipt")))
        )
        if before is not None:
            return _again(before)
        self._till.window.work.tenders.clear()
        self._till.corrections.correct(text_of(command, "receipt"), text_of(command, "reason"))
        self._fill(command)
        self._till.window.work.pay_id = id_of(command)
        return self._paid(command)

    def _void(self, command: Command) -> Answer:
        before = self._repeated(
            command, "receipt.voided", receipt=str(numbers.parse(text_of(command, "receipt")))
        )
        if before is not None:
            return _again(before)
        view = self._till.corrections.void(
            text_of(command, "receipt"),
            text_of(command, "reason"),
            second_of(command),
            id_of(command),
        )
        return _shown(view)

    def _receipt(self, command: Command) -> Answer:
        opened = self._till.history.open(text_of(command, "number"))
        return {"receipt": _row(opened.row), "qr": opened.qr}

    def _receipts(self, command: Command) -> Answer:
        on = text_of(command, "day", "")
        rows = self._till.history.find(text_of(command, "find", ""), text.day(on) if on else None)
        return {"receipts": [_row(row) for row in rows]}

    def _reprint(self, command: Command) -> Answer:
        return {"recorded": True, "copy": self._till.history.reprint(text_of(command, "number"))}

    def _totals(self, command: Command) -> Answer:
        ledger = self._till.desk.ledger
        number = self._till.desk.shift()
        opened_at = queries.opened_at(ledger, number)
        return {
            "shift": number,
            "receipts": queries.receipt_count(ledger, number),
            "sold_minor": queries.income_since_minor(ledger, opened_at, number),
            "drawer": queries.drawer(ledger, number),
            "tendered": queries.tendered(ledger, number),
        }

    def _set_rate(self, command: Command) -> Answer:
        self._till.set_up.switch_rate(text_of(command, "month"), text_of(command, "rate"))
        return {"recorded": True}

    def _configure(self, command: Command) -> Answer:
        self._till.set_up.configure(text_of(command, "key"), text_of(command, "value"), second_of(command))
        return {"recorded": True}

    def _begin(self, command: Command) -> None:
        """The bill of one command: whatever stood at the window is left, and its money was not taken."""
        self._till.window.work.tenders.clear()
        self._till.checkout.clear()
        self._fill(command)

    def _sold_before(self, command: Command, kind: str) -> Answer | None:
        """The answer to a bill whose id is in the journal already."""
        before = self._repeated(command, kind)
        if before is None:
            return None
        sold, window = bills.from_data(before.data), self._till.window
        asked, window.work = window.work.bill, window.fresh()
        if "enter_on" not in command:
            asked = replace(asked, enter_on=sold.enter_on)
        if asked != sold:
            raise SameIdOtherContent()
        return _again(before)

    def _repeated(self, command: Command, kind: str, **content: object) -> Entry | None:
        """The entry whose id this is, when it is in the journal already; SameIdOtherContent."""
        entry = self._till.desk.ledger.by_id(id_of(command))
        if entry is None:
            return None
        if entry.kind != kind or any(entry.data[name] != value for name, value in content.items()):
            raise SameIdOtherContent()
        return entry

    def _fill(self, command: Command) -> None:
        checkout = self._till.checkout
        if "product" in command:
            checkout.product(text_of(command, "product"))
        for fee, category, age, count in fields.rows(command, "lines", str, str, str, int):
            checkout.count((fee, category, age), count)
        for ground, count in fields.by_name(command, "free", int).items():
            checkout.count_free(ground, count)
        band = fields.whole(command, "band", self._till.window.work.bill.band)
        if band != self._till.window.work.bill.band:
            checkout.vehicle(band)
        if "plate" in command:
            checkout.plate(text_of(command, "plate"))
        if "operator" in command:
            checkout.operator(text_of(command, "operator"))
        if "days" in command or "nights" in command:
            checkout.stay(fields.whole(command, "days", 1), fields.whole(command, "nights", 0))
        if "enter_on" in command:
            checkout.enter_on(text.day(text_of(command, "enter_on")))
        self._till.window.work.is_confirmed = fields.flag(command, "confirm")

    def _paid(self, command: Command) -> Answer:
        tenders, second = fields.inner(command, "pay"), second_of(command)
        payments = self._till.payments
        payments.pay(text_of(tenders[0], "kind") if tenders else "mpesa")
        shown: views.PayView | views.RecordedView | None = None
        warned: list[str] = []
        for tender in tenders:
            shown = self._tender(tender)
            if isinstance(shown, views.PayView):
                warned += [warning.name for warning in shown.warnings]
        if not isinstance(shown, views.RecordedView):
            shown = payments.record(second)
        return {**_shown(shown), "warnings": warned}

    def _tender(self, tender: Command) -> views.PayView | views.RecordedView:
        payments, kind = self._till.payments, text_of(tender, "kind")
        amount = text_of(tender, "amount", "") or None
        match kind:
            case "mpesa":
                return payments.mpesa(text_of(tender, "code"), amount)
            case "card":
                return payments.card(text_of(tender, "approval"), text_of(tender, "last4"), amount)
            case "cash":
                return payments.cash(text_of(tender, "currency", money.KES), text_of(tender, "amount"))
            case "ecitizen":
                return payments.ticket(text_of(tender, "code"), amount)
        raise fields.bad({"do": "pay"}, "kind")


def _recorded(recorded: Recorded) -> Answer:
    entry = recorded.entry
    number = entry.number
    return {
        "recorded": True,
        "number": numbers.printed(number) if number else None,
        "seq": entry.seq,
        "hash": entry.hash.hex(),
        "copies": recorded.copies,
    }


def _again(entry: Entry) -> Answer:
    return {**_recorded(Recorded(entry, 2)), "repeated": True}


def _shown(view: views.RecordedView) -> Answer:
    return {
        "recorded": True,
        "number": view.number,
        "total_minor": view.total_minor,
        "change_minor": view.change_minor,
        "due_back_minor": view.due_back_minor,
        "copies": view.copies,
    }


def _row(row: views.ReceiptRow) -> Answer:
    return {
        "number": row.number,
        "plate": row.plate,
        "total_minor": row.total_minor,
        "state": row.state,
        "codes": list(row.codes),
    }


def read_bundle(till: Till, command: Command) -> Answer:
    """Let the till hear what another wrote: the bundle at `path`, once, however often it is read."""
    brought = till.hearing.read_file(Path(text_of(command, "path")))
    return {
        "till": brought.till,
        "heard_to": brought.to_seq,
        "new": brought.new,
        "conflicts": [[numbers.printed(number), what] for number, what in brought.conflicts],
    }

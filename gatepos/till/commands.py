"""The commands of `gatepos till run`: JSON objects in and out, through the same rooms as the screen."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from gatepos.domain import bill as bills
from gatepos.domain import money, numbers, shift
from gatepos.domain.entry import Entry
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import queries
from gatepos.ledger.ledger import Recorded
from gatepos.ledger.troubles import SameIdOtherContent
from gatepos.till import views
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.till import Till

Command = Mapping[str, object]
Answer = dict[str, object]


class UnknownCommand(Refusal):
    """A command that does not exist."""

    says = N_("There is no command {command}. Commands: {commands}.")


class BadCommand(Refusal):
    """A command with a field missing or of the wrong type."""

    says = N_("{command}: the field {field} is missing or of the wrong type.")


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
        }

    def run(self, command: Command) -> Answer:
        """The answer to one command; its refusals are raised."""
        name = _text(command, "do")
        if name not in self._known:
            raise UnknownCommand(command=name[:40], commands=", ".join(sorted(self._known)))
        return self._known[name](command)

    def _sign_in(self, command: Command) -> Answer:
        person = self._till.sign_in.sign_in(_text(command, "staff"), _text(command, "pin"))
        self._till.shifts.to_window()
        return {"signed_in": person.number, "roles": sorted(person.roles)}

    def _choose_pin(self, command: Command) -> Answer:
        person = self._till.sign_in.choose_pin(
            _text(command, "staff"), _text(command, "start_code"), _text(command, "pin")
        )
        return {"signed_in": person.number, "roles": sorted(person.roles)}

    def _sign_out(self, command: Command) -> Answer:
        self._till.sign_in.sign_out()
        return {"signed_in": None}

    def _open_shift(self, command: Command) -> Answer:
        kes, usd = _text(command, "float_kes", "0"), _text(command, "float_usd", "0")
        before = self._repeated(command, "shift.opened", float_kes_minor=money.parse(kes))
        if before is not None:
            return _again(before)
        return _recorded(self._till.shifts.open(kes, usd, _id(command)))

    def _close_shift(self, command: Command) -> Answer:
        before = self._repeated(command, "shift.closed")
        if before is not None:
            return _again(before)
        others = {tender: money.parse(typed) for tender, typed in _texts(command, "counted").items()}
        rows = cast("list[tuple[str, int, int]]", _rows(command, "notes", (str, int, int)))
        notes = tuple(shift.denomination(currency, face, count) for currency, face, count in rows)
        recorded = self._till.shifts.close(Counted(notes, others), _text(command, "note", ""), _id(command))
        data = recorded.entry.data
        shown = ("counted", "expected", "difference", "sold_minor", "perpetual_minor")
        return {**_recorded(recorded), **{name: data[name] for name in shown}}

    def _sell(self, command: Command) -> Answer:
        self._begin(command)
        before = self._sold_before(command, "receipt.issued")
        if before is not None:
            return before
        self._till.window.work.pay_id = _id(command)
        return self._paid(command)

    def _hold(self, command: Command) -> Answer:
        self._begin(command)
        before = self._sold_before(command, "bill.opened")
        if before is not None:
            return before
        self._till.checkout.open(_id(command))
        number = self._till.window.number()
        self._till.checkout.hold()
        return {"recorded": True, "number": number}

    def _waiting(self, command: Command) -> Answer:
        rows = self._till.checkout.waiting()
        return {
            "waiting": [{"number": w.number, "plate": w.plate, "total_minor": w.total_minor} for w in rows]
        }

    def _correct(self, command: Command) -> Answer:
        before = self._repeated(command, "receipt.corrected", replaces=_number(command, "receipt"))
        if before is not None:
            return _again(before)
        self._till.window.work.tenders.clear()
        self._till.corrections.correct(_text(command, "receipt"), _text(command, "reason"))
        self._fill(command)
        self._till.window.work.pay_id = _id(command)
        return self._paid(command)

    def _void(self, command: Command) -> Answer:
        before = self._repeated(command, "receipt.voided", receipt=_number(command, "receipt"))
        if before is not None:
            return _again(before)
        view = self._till.corrections.void(
            _text(command, "receipt"), _text(command, "reason"), _second(command), _id(command)
        )
        return _shown(view)

    def _receipt(self, command: Command) -> Answer:
        opened = self._till.history.open(_text(command, "number"))
        return {"receipt": _row(opened.row), "qr": opened.qr}

    def _receipts(self, command: Command) -> Answer:
        on = _text(command, "day", "")
        rows = self._till.history.find(_text(command, "find", ""), date.fromisoformat(on) if on else None)
        return {"receipts": [_row(row) for row in rows]}

    def _reprint(self, command: Command) -> Answer:
        return {"recorded": True, "copy": self._till.history.reprint(_text(command, "number"))}

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
        self._till.set_up.switch_rate(_text(command, "month"), _text(command, "rate"))
        return {"recorded": True}

    def _configure(self, command: Command) -> Answer:
        self._till.set_up.configure(_text(command, "key"), _text(command, "value"), _second(command))
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
        entry = self._till.desk.ledger.by_id(_id(command))
        if entry is None:
            return None
        if entry.kind != kind or any(entry.data[name] != value for name, value in content.items()):
            raise SameIdOtherContent()
        return entry

    def _fill(self, command: Command) -> None:
        checkout = self._till.checkout
        if "product" in command:
            checkout.product(_text(command, "product"))
        lines = cast("list[tuple[str, str, str, int]]", _rows(command, "lines", (str, str, str, int)))
        for fee, category, age, count in lines:
            checkout.count((fee, category, age), count)
        for ground, free in _object(command, "free").items():
            checkout.free(ground, _count(command, free))
        if "band" in command:
            band = command["band"]
            if type(band) is not int:
                raise BadCommand(command=command["do"], field="band")
            if band != self._till.window.work.bill.band:
                checkout.vehicle(band)
        if "plate" in command:
            checkout.plate(_text(command, "plate"))
        if "operator" in command:
            checkout.operator(_text(command, "operator"))
        if "days" in command or "nights" in command:
            checkout.stay(_count(command, command.get("days", 1)), _count(command, command.get("nights", 0)))
        if "enter_on" in command:
            checkout.enter_on(date.fromisoformat(_text(command, "enter_on")))
        self._till.window.work.is_confirmed = bool(command.get("confirm", False))

    def _paid(self, command: Command) -> Answer:
        tenders = cast("list[Command]", _list(command, "pay"))
        if not all(isinstance(tender, dict) for tender in tenders):
            raise BadCommand(command=command["do"], field="pay")
        second = _second(command)
        payments = self._till.payments
        payments.pay(_text(tenders[0], "kind") if tenders else "mpesa")
        shown: views.PayView | views.RecordedView | None = None
        for tender in tenders:
            shown = self._tender(tender)
        if not isinstance(shown, views.RecordedView):
            shown = payments.record(second)
        return _shown(shown)

    def _tender(self, tender: Command) -> views.PayView | views.RecordedView:
        payments, kind = self._till.payments, _text(tender, "kind")
        amount = _text(tender, "amount", "") or None
        match kind:
            case "mpesa":
                return payments.mpesa(_text(tender, "code"), amount)
            case "card":
                return payments.card(_text(tender, "approval"), _text(tender, "last4"), amount)
            case "cash":
                return payments.cash(_text(tender, "currency", money.KES), _text(tender, "amount"))
            case "ecitizen":
                return payments.ticket(_text(tender, "code"), amount)
        raise BadCommand(command="pay", field="kind")


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


def _text(command: Command, field: str, default: str | None = None) -> str:
    value = command.get(field, default)
    if not isinstance(value, str):
        raise BadCommand(command=command.get("do", "?"), field=field)
    return value


def _texts(command: Command, field: str) -> dict[str, str]:
    value = _object(command, field)
    if not all(isinstance(v, str) for v in value.values()):
        raise BadCommand(command=command.get("do", "?"), field=field)
    return cast("dict[str, str]", value)


def _object(command: Command, field: str) -> dict[str, object]:
    value = command.get(field, {})
    if not isinstance(value, dict):
        raise BadCommand(command=command.get("do", "?"), field=field)
    return value


def _list(command: Command, field: str) -> list[object]:
    value = command.get(field, [])
    if not isinstance(value, list):
        raise BadCommand(command=command.get("do", "?"), field=field)
    return value


def _rows(command: Command, field: str, types: tuple[type, ...]) -> list[list[object]]:
    """A list of rows whose values have these types exactly: true is no number."""
    rows = _list(command, field)
    if not all(isinstance(row, list) and tuple(map(type, row)) == types for row in rows):
        raise BadCommand(command=command.get("do", "?"), field=field)
    return cast("list[list[object]]", rows)


def _number(command: Command, field: str) -> str:
    return str(numbers.parse(_text(command, field)))


def _count(command: Command, value: object) -> int:
    if type(value) is not int:
        raise BadCommand(command=command.get("do", "?"), field="count")
    return value


def _id(command: Command) -> str:
    value = _text(command, "id")
    if not 8 <= len(value) <= 64:
        raise BadCommand(command=command.get("do", "?"), field="id")
    return value


def _second(command: Command) -> Second | None:
    given = command.get("second")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise BadCommand(command=command.get("do", "?"), field="second")
    return Second(_text(given, "staff"), _text(given, "pin"))

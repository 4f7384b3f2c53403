"""Commands that find receipts and print them again."""

from gatepos.domain import text
from gatepos.till import list_views
from gatepos.till.commands.fields import Command, text_of
from gatepos.till.commands.known import Answer, Known, recorded
from gatepos.till.till import Till


def _receipt(till: Till, command: Command) -> Answer:
    opened = till.history.open(text_of(command, "number"))
    return {"receipt": _row(opened.row), "qr": opened.qr}


def _receipts(till: Till, command: Command) -> Answer:
    on = text_of(command, "day", "")
    rows = till.history.find(text_of(command, "find", ""), text.day(on) if on else None)
    return {"receipts": [_row(row) for row in rows]}


def _reprint(till: Till, command: Command) -> Answer:
    done = till.history.reprint(text_of(command, "number"))
    return {**recorded(done), "copy": done.entry.data["copy"]}


def _row(row: list_views.ReceiptRow) -> Answer:
    return {
        "number": row.number,
        "plate": row.plate,
        "total_minor": row.total_minor,
        "state": row.state,
        "codes": list(row.codes),
    }


KNOWN = {
    "receipt": Known(_receipt, "one receipt, with its code", '{"do":"receipt","number":"XNM2-R000001-Q"}'),
    "receipts": Known(
        _receipts, "receipts of a day, or by number, plate, code, amount; at most 50, newest first",
        '{"do":"receipts","find":"KDA 412M","day":"2026-01-02"}',
    ),
    "reprint": Known(_reprint, "print a copy, marked as one", '{"do":"reprint","number":"XNM2-R000001-Q"}'),
}  # fmt: skip

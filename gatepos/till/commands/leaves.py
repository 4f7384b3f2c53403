"""Commands of paper written by hand: pads are given out, leaves entered, spoilt or left over."""

from gatepos.domain import text
from gatepos.till import capture
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import check_sold, repeated
from gatepos.till.commands.window import paid, whole
from gatepos.till.till import Till


def _give_out_pad(till: Till, command: Command) -> Answer:
    book, to = text_of(command, "book"), text_of(command, "to")
    first, last = fields.whole(command, "first"), fields.whole(command, "last")
    content = {"book": capture.book_name(book), "first": first, "last": last, "to": to}
    before = repeated(till, command, "paper.issued", **content)
    if before is not None:
        return again(till, before)
    return recorded(till.capture.give_out(book, first, last, to, id_of(command)))


def _capture_paper(till: Till, command: Command) -> Answer:
    book, leaf = text_of(command, "book"), fields.whole(command, "leaf")
    written_at, reason = text_of(command, "written_at"), text_of(command, "reason")
    content = {"book": capture.book_name(book), "leaf": leaf, "reason": text.free(reason)}
    before = repeated(till, command, "paper.captured", **content)
    if before is not None:
        check_sold(till, command, before, till.window.fresh().bill)
        return again(till, before)
    with whole(till):
        till.capture.begin(book, leaf, written_at, reason)
        return paid(till, command)


def _end_leaves(till: Till, command: Command) -> Answer:
    book, how, reason = text_of(command, "book"), text_of(command, "how"), text_of(command, "reason")
    first, last = fields.whole(command, "first"), fields.whole(command, "last")
    content = {"book": capture.book_name(book), "first": first, "last": last, "how": how}
    before = repeated(till, command, "paper.ended", **content)
    if before is not None:
        return again(till, before)
    return recorded(till.capture.end(book, first, last, how, reason, id_of(command)))


def _pads(till: Till, command: Command) -> Answer:
    return {
        "pads": [
            {
                "book": pad.book,
                "first": pad.first,
                "last": pad.last,
                "keeper": pad.keeper,
                "missing": list(pad.missing),
            }
            for pad in till.capture.pads()
        ]
    }


KNOWN = {
    "give_out_pad": Known(
        _give_out_pad, "give leaves of a pad to a clerk",
        '{"do":"give_out_pad","id":"pad-00001","book":"A","first":101,"last":150,"to":"07"}',
    ),
    "capture_paper": Known(
        _capture_paper, "enter a leaf written by hand; the bill and its payment as in sell",
        '{"do":"capture_paper","id":"leaf-0101","book":"A","leaf":101,"written_at":"06:40",'
        '"reason":"platform was down","lines":[["park_entry","ea_citizen","adult",2]],'
        '"pay":[{"kind":"mpesa","code":"UA26X1Y2ZR"}]}',
    ),
    "end_leaves": Known(
        _end_leaves, "say of leaves that they are spoilt or stay unused",
        '{"do":"end_leaves","id":"end-00001","book":"A","first":102,"last":150,"how":"unused",'
        '"reason":"the platform is back"}',
    ),
    "pads": Known(_pads, "the pads, with the leaves of which nothing is known yet", '{"do":"pads"}'),
}  # fmt: skip

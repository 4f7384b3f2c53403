"""Commands of documents in custody: kept where the park does so, and given back whatever is owed."""

from gatepos.domain import numbers, plates
from gatepos.till.commands import fields
from gatepos.till.commands.fields import Command, id_of, text_of
from gatepos.till.commands.known import Answer, Known, again, recorded
from gatepos.till.commands.repeating import repeated
from gatepos.till.till import Till


def _hold_document(till: Till, command: Command) -> Answer:
    of_pass, plate = text_of(command, "pass", ""), text_of(command, "plate", "")
    document, envelope = text_of(command, "document"), text_of(command, "envelope")
    content: dict[str, object] = {"document": document, "envelope": envelope.strip()}
    content["pass"] = str(numbers.parse(of_pass)) if of_pass else None
    if plate and not of_pass:
        content["plate"] = plates.parse(plate)
    before = repeated(till, command, "document.held", **content)
    if before is not None:
        return {**again(till, before), "held": before.id}
    done = till.custody.hold(
        document,
        text_of(command, "initials"),
        text_of(command, "last4"),
        envelope,
        of_pass,
        plate,
        is_sure=fields.flag(command, "confirm"),
        id=id_of(command),
    )
    return {**recorded(done), "held": done.entry.id}


def _return_document(till: Till, command: Command) -> Answer:
    held = text_of(command, "held")
    before = repeated(till, command, "document.returned", held=held)
    if before is not None:
        return again(till, before)
    return recorded(till.custody.give_back(held, id_of(command)))


def _documents(till: Till, command: Command) -> Answer:
    return {
        "documents": [
            {
                "held": one.id,
                "document": one.document,
                "envelope": one.envelope,
                "gate": one.gate,
                "is_here": one.is_here,
                "number": one.number,
                "plate": one.plate,
            }
            for one in till.custody.kept()
        ]
    }


KNOWN = {
    "hold_document": Known(
        _hold_document, "keep a document that was handed over, where the park keeps any",
        '{"do":"hold_document","id":"held-0001","document":"passport","initials":"J M","last4":"4471",'
        '"envelope":"17","pass":"XNM2-P000001-N","confirm":true}',
    ),
    "return_document": Known(
        _return_document, "give a document back, whatever is owed",
        '{"do":"return_document","id":"back-0001","held":"held-0001"}',
    ),
    "documents": Known(_documents, "the documents that are kept, and where", '{"do":"documents"}'),
}  # fmt: skip

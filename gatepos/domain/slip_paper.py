"""The slip of a bill that was handed to another till, on paper: whose it is, and the code that till scans."""

from gatepos.domain import labels, plates, receipt, slip
from gatepos.domain.paper_lines import Centre, Columns, PaperLine, Qr, Small
from gatepos.domain.parks import Park
from gatepos.i18n import N_, Words


def handed(
    text: str, number: str, park: Park, place: tuple[str, str], till: str, words: Words
) -> tuple[PaperLine, ...]:
    """The lines of a slip's text, of the bill `number` as printed; `place` is gate and lane."""
    said, _ = slip.read(text)
    band = words(labels.BANDS[said.band]) if said.band else ""
    marks = receipt.marks(till, words, None)
    return (
        *marks,
        *receipt.heading(park, *place, words),
        Centre(words(N_("Slip: not paid")), 2, bold=True),
        Columns(words(N_("Bill")), number, bold=True),
        Centre(plates.shown(said.plate) or words(N_("on foot")), 3, bold=True),
        Small(labels.people(said.people, words, band), centred=True),
        Qr(text),
        Small(
            words(N_("Show this code at the window. It pays for nothing and lets nobody in.")), centred=True
        ),
    )

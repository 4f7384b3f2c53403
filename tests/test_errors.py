"""An error comes from another process as it was raised there."""

import pickle

from gatepos import i18n
from gatepos.errors import Said
from gatepos.reports.asked import BadRange
from gatepos.reports.statements.card import WhichColumns


def sent(error: Said) -> Said:
    """As another process receives it."""
    received = pickle.loads(pickle.dumps(error))
    assert isinstance(received, type(error))
    return received


def test_it_says_the_same_in_every_language() -> None:
    error = BadRange(first="2026-01-03", last="2026-01-02", most=400)
    for language in i18n.LANGUAGES:
        assert sent(error).said(i18n.words(language)) == error.said(i18n.words(language))


def test_one_that_is_made_in_a_way_of_its_own_keeps_what_it_knows() -> None:
    error = WhichColumns(["A", "B"])
    received = sent(error)
    assert isinstance(received, WhichColumns)
    assert (received.names, str(received)) == (("A", "B"), str(error))

"""What a till wrote comes to central on a stick as it does over the network: once, whole, its own."""

import pytest

from gatepos.central import carrying
from gatepos.central.central import NotAuthentic, TillBehind, UnknownToken
from gatepos.domain import entry as entries
from gatepos.wire import bundle as bundles
from gatepos.wire import forms
from tests.central.place import Place, Sender
from tests.central.test_receiving import waived


def bundle(till: Sender, after: int = 0, to: int | None = None) -> bytes:
    """The entries after one, as the till packs them."""
    return bundles.pack(till.row, after, till.hash_at(after), till.kept[after:to])[0]


def test_a_bundle_is_stored_once_however_often_it_comes_and_beside_the_network(till: Sender) -> None:
    central, place = till.place.central, till.place
    for n in range(forms.ENTRIES_MAX + 3):
        till.write(**waived(n + 1))
    count = len(till.kept)
    till.send(0, 5)
    for _ in range(2):
        brought = carrying.take(central, bundle(till))
        assert (brought.till, brought.to_seq) == (till.till, count)
        assert (place.count("journal"), place.behind()) == (count, 0)
    assert till.drain() == []


def test_a_bundle_before_which_one_is_missing_waits_for_it(till: Sender) -> None:
    central = till.place.central
    with pytest.raises(TillBehind):
        carrying.take(central, bundle(till, 2))
    carrying.take(central, bundle(till, 0, 2))
    assert carrying.take(central, bundle(till, 2)).to_seq == len(till.kept)


def test_what_the_till_did_not_write_is_not_taken(till: Sender) -> None:
    raw, sig = till.kept[-1]
    till.kept[-1] = (raw, sig[::-1])
    with pytest.raises(NotAuthentic):
        carrying.take(till.place.central, bundle(till))
    assert till.place.count("evidence") == 1


def test_a_till_that_central_does_not_know_brings_nothing(till: Sender, place: Place) -> None:
    till.row = type(till.row)("XQQ9", till.row.public, "NNP", "MAIN", "1")
    with pytest.raises(UnknownToken):
        carrying.take(place.central, bundle(till))
    assert place.count("journal") == 0
    assert entries.seq_of(till.kept[0][0]) == 1

"""The table of FORMATS.md §6, row by row, on every database."""

from tests.central.place import Sender


def test_what_is_next_in_order_is_stored_and_acknowledged(till: Sender) -> None:
    acked, acked_hash, flagged = till.place.ack(till.till, till.send(0))
    assert (acked, acked_hash, flagged) == (len(till.kept), till.hash_at(acked).hex(), [])
    assert till.place.count("journal") == len(till.kept)

"""The table of FORMATS.md §6, row by row, on every database."""

import dataclasses
from collections.abc import Mapping

import pytest

from gatepos.central import enrolling
from gatepos.domain import canonical, numbers
from gatepos.domain import entry as entries
from gatepos.seal.keys import TillKey
from gatepos.wire.push import Push
from tests.central.place import Place, Sender, bearer
from tests.ledger.test_heard import waiver

OTHER = TillKey(b"\x07" * 32)


def waived(n: int, till: str = "XNM2") -> Mapping[str, object]:
    """What a till waives of a pass."""
    return waiver(numbers.make(till, "P", n))


def test_what_is_next_in_order_is_stored_and_acknowledged(till: Sender) -> None:
    acked, acked_hash, flagged = till.place.ack(till.till, till.send(0, 3))
    assert (acked, acked_hash, flagged) == (3, till.hash_at(3).hex(), [])
    till.acked = acked
    assert till.drain() == []
    assert till.place.count("journal") == len(till.kept) == till.acked


def test_what_central_has_already_changes_nothing(till: Sender) -> None:
    till.drain()
    before = (till.place.books(), till.place.count("journal"), till.place.count("feed_row"))
    for after, to in ((0, None), (0, 3), (2, 5), (0, 0), (4, 4)):
        acked, acked_hash, flagged = till.place.ack(till.till, till.send(after, to))
        assert (acked, acked_hash, flagged) == (len(till.kept), till.hash_at(acked).hex(), [])
    assert (till.place.books(), till.place.count("journal"), till.place.count("feed_row")) == before


def test_a_copied_till_is_found_and_the_money_of_both_is_kept(till: Sender) -> None:
    copy = till.copied(len(till.kept))
    base = len(till.kept)
    till.write(**waived(1))
    copy.write(**waived(2))
    copy.write(**waived(3))
    assert till.drain() == []
    assert copy.drain() == [{"seq": base + 1, "why": "fork"}]
    assert (copy.acked, till.acked) == (base + 2, base + 1)
    assert till.drain() == [{"seq": base + 1, "why": "fork"}]
    assert till.place.count("waiver") == 3
    assert till.place.matters() == [(till.till, "fork", base + 1)]
    copy.write(**waived(4))
    till.write(**waived(5))
    copy.drain()
    till.drain()
    assert till.place.count("waiver") == 5


def test_two_copies_that_send_before_they_part_are_acknowledged_what_both_have(till: Sender) -> None:
    base = len(till.kept)
    copy, third = till.copied(base), till.copied(base)
    for one, number in ((till, 1), (copy, 2)):
        one.write(**waived(number))
        one.drain()
    third.acked = 0
    assert third.drain(3) == [{"seq": base + 1, "why": "fork"}]
    assert third.acked == base


def test_a_till_past_central_is_told_from_where_to_send(till: Sender) -> None:
    till.place.ack(till.till, till.send(0, 3))
    answer = till.send(5)
    error = till.place.error(answer, till.till)
    assert (answer.status_code, error["error"]) == (409, "behind")
    assert (error["head"], error["head_hash"]) == (3, till.hash_at(3).hex())
    assert till.place.count("journal") == 3


def test_a_till_that_parted_below_its_cursor_sends_from_the_beginning(till: Sender) -> None:
    """Central was restored to before this copy's entries, and heard the other copy first."""
    base = len(till.kept)
    copy = till.copied(base)
    for one, count in ((till, 3), (copy, 2)):
        for _ in range(count):
            one.write(**waived(1), lane="1" if one is copy else "2")
    till.drain()
    error = till.place.error(copy.send(base + 2), till.till)
    assert (error["error"], error["head"], error["head_hash"]) == ("behind", 0, copy.hash_at(0).hex())
    copy.drain()
    assert till.place.count("journal") == base + 5


def test_a_till_restored_from_a_backup_is_told_how_far_it_was(till: Sender) -> None:
    till.drain()
    old = till.copied(4)
    acked, acked_hash, _ = till.place.ack(till.till, old.send(4))
    assert (acked, acked_hash) == (len(till.kept), till.hash_at(acked).hex())
    back = till.place.own(till.token, till.till, 4)
    assert (back.from_seq, back.from_hash, list(back.entries)) == (4, old.hash_at(4), till.kept[4:])


def refused(till: Sender, sent: Push, why: str) -> None:
    """A push that blocks; what stood before the bad entry is kept, the bad one as evidence."""
    answer = till.place.push(till.till, till.token, sent)
    error = till.place.error(answer, till.till)
    assert (answer.status_code, error["error"]) == (422, "not_authentic")
    assert why in str(error["says"])
    assert till.place.count("journal") == 3
    assert till.place.count("evidence") == 1
    till.place.push(till.till, till.token, sent)
    assert till.place.count("evidence") == 1
    assert till.place.matters() == [(till.till, why, 4)]


def test_a_signature_that_does_not_hold_blocks_and_is_kept_as_evidence(till: Sender) -> None:
    till.kept[3] = (till.kept[3][0], till.kept[4][1])
    refused(till, till.stretch(0), "signature")


def test_a_changed_entry_blocks(till: Sender) -> None:
    raw, sig = till.kept[3]
    till.kept[3] = (raw.replace(b'"lane":"2"', b'"lane":"3"'), sig)
    refused(till, till.stretch(0), "signature")


def test_an_entry_left_out_blocks(till: Sender) -> None:
    sent = till.stretch(0)
    refused(till, dataclasses.replace(sent, entries=[*sent.entries[:3], *sent.entries[4:]]), "chain")


def test_another_chain_blocks(till: Sender) -> None:
    other = till.copied(3)
    other.write(prev="00" * 32)
    refused(till, other.stretch(0), "chain")


def test_an_entry_that_names_another_till_blocks(till: Sender) -> None:
    other = till.copied(3)
    other.write(till="XNE1")
    refused(till, other.stretch(0), "not_own_till")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "pass.teleported", "data": {}}, "kind"),
        ({"data": {"key": "lane", "value": "2", "was": None, "new_field": True}}, "form"),
        ({"v": 2}, "form"),
        ({"at": "soon"}, "form"),
        ({**waived(1), "postings": [["expense:waiver", "KES", 100]]}, "unbalanced"),
        (waived(1, "XNE1"), "not_own"),
        ({"shift": numbers.make("XNM1", "Z", 1)}, "not_own"),
    ],
    ids=["kind", "field", "version", "moment", "balance", "another's pass", "another's shift"],
)
def test_what_is_authentic_and_wrong_is_stored_flagged_and_not_booked(
    till: Sender, change: Mapping[str, object], why: str
) -> None:
    till.write(**change)
    bad = len(till.kept)
    till.write(**waived(1))
    assert till.drain() == [{"seq": bad, "why": why}]
    assert (till.place.count("journal"), till.place.count("waiver")) == (len(till.kept), 1)
    assert till.place.behind() == 0


def test_a_revoked_tills_entries_wait_until_a_person_adopts_them(till: Sender) -> None:
    till.drain()
    place, sold = till.place, till.place.books()
    enrolling.revoke(place.store, till.till, place.central.now())
    base = len(till.kept)
    for _ in range(3):
        till.write(**waived(1))
    assert till.drain() == [{"seq": base + n, "why": "revoked"} for n in (1, 2, 3)]
    assert (place.books(), place.count("journal"), place.behind()) == (sold, base + 3, 0)
    enrolling.adopt(place.store, till.till, base + 2, place.central.now())
    assert place.count("waiver") == 2
    assert till.drain() == [{"seq": base + 3, "why": "revoked"}]
    enrolling.adopt(place.store, till.till, base + 99, place.central.now())
    till.write(**waived(1))
    assert till.drain() == [{"seq": base + 4, "why": "revoked"}]
    assert place.count("waiver") == 3


def test_central_restored_from_a_backup_is_filled_again_by_its_tills(till: Sender, place: Place) -> None:
    till.drain()
    before = place.books()
    place.forget()
    assert place.error(till.send(5))["error"] == "unknown_token"
    assert place.push(till.till, till.token, till.stretch(5), till.certificate).status_code == 409
    till.acked = 0
    till.drain()
    assert place.books() == before
    assert place.matters() == [(till.till, "readmitted", 0)]


def test_a_certificate_of_another_central_or_with_another_token_readmits_nobody(till: Sender) -> None:
    place = till.place
    with place.store.writing() as tx:
        tx.write("DELETE FROM till")
    forged = till.certificate.replace(b"NNP", b"TSE")
    for token, certificate in (("00" * 32, till.certificate), (till.token, forged), (till.token, b"{}")):
        assert place.push(till.till, token, till.stretch(0), certificate).status_code == 401
    assert place.count("till") == 0


def test_an_old_certificate_undoes_neither_a_later_enrolment_nor_a_revocation(till: Sender) -> None:
    place, old, old_token = till.place, till.certificate, till.token
    place.clock.pass_by(1_000)
    enrolling.revoke(place.store, till.till, place.central.now())
    till.certificate = place.joined(till.row, till.key)
    till.drain()
    assert place.push(till.till, old_token, till.stretch(0), old).status_code == 401
    assert place.central.till_of(till.token).row.is_revoked


def test_a_storage_that_fails_acknowledges_nothing(till: Sender) -> None:
    till.drain()
    till.place.break_storage()
    till.write(**waived(1))
    answer = till.send(0)
    assert (answer.status_code, till.place.error(answer, till.till)["error"]) == (503, "storage")
    assert answer.headers["Retry-After"]
    till.place.mend_storage()
    assert till.place.count("journal") == len(till.kept) - 1
    till.drain()
    assert till.place.count("waiver") == 1


def test_the_chain_is_the_genesis_of_the_tills_own_key(till: Sender) -> None:
    foreign = dataclasses.replace(
        till.stretch(0), from_hash=entries.genesis(till.till, OTHER.public), entries=till.kept[:2]
    )
    answer = till.place.push(till.till, till.token, foreign)
    assert (answer.status_code, till.place.count("journal")) == (409, 0)


def test_a_revoked_till_hears_keys_and_nothing_else(till: Sender) -> None:
    place = till.place
    enrolling.revoke(place.store, till.till, place.central.now())
    for feed, status in (("keyring", 200), ("passes", 403), ("payments", 403)):
        assert place.http.get(f"/v1/feeds/{feed}?after=0", headers=bearer(till.token)).status_code == status


def test_an_entry_longer_than_tills_write_is_refused_and_stops_no_other_till(
    till: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    till.drain()
    monkeypatch.setattr(canonical, "RAW_MAX", canonical.RAW_MAX * 10)  # whoever writes it knows no limit
    till.write(data={"reason": '"' * 40_000})
    monkeypatch.undo()
    answer = till.send(len(till.kept) - 1)
    assert till.place.error(answer, till.till)["error"] == "not_authentic"
    assert till.place.feed(till.token, "passes")["more"] is False


def test_a_certificate_that_is_no_text_is_no_certificate(till: Sender) -> None:
    headers = {"Authorization": "Bearer nobody", "Gatepos-Certificate": b"\xff\xfe"}
    answer = till.place.quiet.get("/v1/feeds/keyring?after=0", headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 401

"""What tills hear of each other by bundles: whole or not at all, once, and known at the gate from then on."""

import gzip
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from gatepos.domain import keyring
from gatepos.domain.verdicts import GREEN
from gatepos.ledger import bodies, conflicts, passes, verification
from gatepos.ledger.heard import BundleAltered, BundleForked, BundleGap
from gatepos.seal.keys import kid_of
from gatepos.till.approvals import Second
from gatepos.till.hearing import NoBundleThere, NoLongerTrusted, NothingAfter, NotKnown, OwnBundle
from gatepos.till.payments import CodeUsedUp
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from gatepos.wire import bundle as bundles
from gatepos.wire.bundle import BadBundle, BundleTooLarge
from tests import park
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, NON_RESIDENT, Gate
from tests.till.conftest import Tills
from tests.till.test_central_papers import CENTRAL
from tests.till.test_passes import OWED, outage, sold_together, token, van_in
from tests.till.test_seen import told

SECOND = Second(MANAGER, MANAGER_PIN)


def number_of(printed: str) -> str:
    return printed.replace("-", "")


def van(till: Till, plate: str = "KDB 111A") -> str:
    """A small van, let in on a pass; its number."""
    till.checkout.tap(NON_RESIDENT)
    till.checkout.vehicle(1)
    till.checkout.plate(plate)
    return till.passes.issue().number


def paid_at(till: Till, code: str, reference: str, amount: str = "43,940") -> str:
    """What is owed on a paper is paid where it is scanned, in part when it is too little; the receipt."""
    till.gate.scan(code)
    till.settlements.pay("mpesa")
    done = till.settlements.mpesa(reference, amount)
    if not isinstance(done, RecordedView):
        done = till.settlements.record(in_part=True)
    till.gate.leave()
    return done.number


def conflicts_of(till: Till) -> list[object]:
    return [entry.data["what"] for entry in till.desk.ledger.of_kind("pass.conflict")]


def altered(data: bytes, where: Sequence[str | int], value: object) -> bytes:
    """The same bundle with one part of it changed."""
    body = orjson.loads(gzip.decompress(data))
    place, last = body, where[-1]
    for step in where[:-1]:
        place = place[step]
    place[last] = value
    return gzip.compress(orjson.dumps(body, option=orjson.OPT_SORT_KEYS), mtime=0)


# Known at the gate.


def test_a_pass_that_was_heard_is_known_by_its_number_and_story(tills: Tills) -> None:
    entry, _, far = tills
    number = van_in(entry).number
    assert far.gate.number(number).word == "not_known"
    park.tell(entry, far)
    view = far.gate.number(number)
    assert (view.word, view.plate, view.issuer, view.issuer_gate) == (
        "no_paper",
        "KDA412M",
        "XNM1",
        "Main Gate",
    )
    assert [told.what for told in view.story] == ["issued"]
    far.gate.plate("12M")
    assert far.gate.owed().owed_minor == OWED


def test_what_was_paid_elsewhere_is_not_collected_again(tills: Tills) -> None:
    entry, beside, far = tills
    code = token(entry, van_in(entry).number)
    beside.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ", "30,000")
    assert far.gate.scan(code).owed_minor == OWED
    park.tell(beside, far)
    assert (far.gate.scan(code).word, far.gate.scan(code).owed_minor) == ("part_paid", 1_394_000)


def test_a_copy_is_refused_where_the_first_use_was_heard(tills: Tills) -> None:
    entry, beside, far = tills
    code = token(entry, van_in(entry).number)
    far.gate.turn()
    assert beside.gate.scan(code).word == "admit"
    park.tell(beside, far)
    assert far.gate.scan(code).word == "already_inside"


def test_an_old_paper_is_refused_where_its_end_was_heard(tills: Tills) -> None:
    entry, _, far = tills
    far.gate.turn()
    first, second = van_in(entry).number, van(entry)
    codes = [token(entry, number) for number in (first, second)]
    entry.passes.revoke(first, "turned back", SECOND)
    entry.passes.reissue(second, "wet", SECOND)
    assert [far.gate.scan(code).word for code in codes] == ["admit", "admit"]
    far.gate.leave()
    park.tell(entry, far)
    assert [far.gate.scan(code).word for code in codes] == ["revoked", "replaced"]


def test_a_payment_of_the_old_paper_follows_to_the_new_one(tills: Tills) -> None:
    entry, beside, far = tills
    old = van_in(entry).number
    paid_at(far, token(entry, old), "UA26X1Y2ZQ")
    new = entry.passes.reissue(old, "wet", SECOND).number
    owing = entry.desk.ledger.receivables
    assert owing.owed(number_of(new)) == OWED
    park.tell(far, entry, beside)
    assert owing.owed(number_of(new)) == owing.owed(number_of(old)) == 0
    assert entry.pass_lists.find() == ()
    beside.gate.turn()
    assert beside.gate.scan(token(entry, new)).word == "not_paid"
    park.tell(entry, beside)
    assert beside.gate.scan(token(entry, new)).word == "already_left"


def test_what_the_issuer_knew_to_be_paid_is_off_the_new_paper_wherever_it_is_shown(tills: Tills) -> None:
    entry, beside, far = tills
    old = van_in(entry).number
    paid_at(far, token(entry, old), "UA26X1Y2ZQ", "30,000")
    park.tell(far, entry)
    new = entry.passes.reissue(old, "wet", SECOND).number
    park.tell(entry, beside)
    beside.gate.turn()
    assert beside.gate.scan(token(entry, new)).owed_minor == 1_394_000
    park.tell(far, beside)
    beside.gate.leave()
    assert beside.gate.scan(token(entry, new)).owed_minor == 1_394_000


def test_a_till_that_heard_a_group_shares_out_its_money_and_gives_none_to_who_only_names_it(
    tills: Tills,
) -> None:
    entry, beside, far = tills
    for till in (beside, far):
        till.desk.keyring[kid_of(CENTRAL.public)] = keyring.of_central(CENTRAL.public)
    first, second = sold_together(entry, "KDC 1A", "KDC 2A")
    group = entry.desk.ledger.of_kind("bill.opened")[0].number
    outage(beside)
    beside.checkout.plate("KDC 9Z")
    beside.window.work.account = str(group)  # what a till that lies could write
    beside.checkout.tap(NON_RESIDENT)
    liar = beside.passes.issue(SECOND).number
    assert beside.desk.ledger.of_kind("pass.issued")[-1].data["group"] == group
    park.tell_all(tills)
    told(far, ("UA26X1Y2ZQ", first, f"{3 * OWED // 100}.00", "confirmed"))
    assert passes.together(far.desk.ledger, second) == [first, second]
    for code, offered in ((token(entry, second), ["UA26X1Y2ZQ"]), (token(beside, liar), [])):
        view = far.gate.scan(code)
        assert view.pay is not None
        assert [one.code for one in view.pay.seen] == offered
        far.gate.leave()


def test_an_undertaking_is_shown_when_the_vehicle_comes_to_another_gate(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.scan(token(entry, van_in(entry).number))
    far.passes.let_out(far.gate.owed(), "no network to pay by", SECOND)
    beside.checkout.plate("KDA 412M")
    assert beside.passes.warnings() == ()
    park.tell(entry, beside)
    park.tell(far, beside)
    assert len(beside.passes.warnings()) == 1


def test_the_screen_says_how_old_what_is_known_of_the_issuer_is(tills: Tills) -> None:
    entry, _, far = tills
    code = token(entry, van_in(entry).number)
    enrolled = far.gate.scan(code).heard_ms
    park.tell(entry, far)
    far.gate.leave()
    entry_last = entry.desk.ledger.entry(entry.desk.ledger.head[0]).at
    view = far.gate.scan(code)
    assert view.heard_ms >= enrolled
    assert far.desk.heard["XNM1"].to_at == entry_last


def test_papers_of_a_key_revoked_later_count_where_they_were_heard(tills: Tills) -> None:
    entry, _, far = tills
    known = token(entry, van_in(entry).number)
    park.tell(entry, far)
    unknown = token(entry, van(entry))
    revoked = {**entry.desk.own.certificate(), "is_revoked": True}
    far.desk.trust(far.desk.write("keyring.changed", revoked).entry)
    assert far.gate.scan(known).word == "not_paid"
    assert far.gate.scan(unknown).word == "does_not_verify"
    with pytest.raises(NoLongerTrusted):
        park.tell(entry, far)


# What cannot both be right.


def test_two_admissions_are_written_with_both_clocks_clerks_and_plates(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.turn()
    number = van_in(entry).number
    code = token(entry, number)
    assert [beside.gate.scan(code).tone, far.gate.scan(code).tone] == [GREEN, GREEN]
    assert park.tell(beside, far)[0].conflicts == ((number_of(number), "two_admissions"),)
    (said,) = far.desk.ledger.of_kind("pass.conflict")
    assert (said.data["subject"], said.data["what"]) == (number_of(number), "two_admissions")
    sides = [said.data[name] for name in ("first", "second")]
    assert {(s["till"], s["gate"], s["by"], s["plate"]) for s in sides} == {  # type: ignore[index]
        ("XNM2", "MAIN", "07", "KDA412M"),
        ("XNE1", "EAST", "07", "KDA412M"),
    }
    assert all(s["at"].startswith("2026-01-02T07:31") for s in sides)  # type: ignore[index]


def test_a_party_that_goes_in_by_two_gates_is_no_conflict(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.turn()
    code = token(entry, van_in(entry).number)
    beside.gate.scan(code)
    beside.gate.only(5)
    park.tell(beside, far)
    assert far.gate.scan(code).passing == 3
    park.tell(far, entry)
    park.tell(beside, entry)
    assert conflicts_of(entry) == conflicts_of(far) == []


def test_whoever_is_let_in_again_on_a_ground_is_no_conflict(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.turn()
    code = token(entry, van_in(entry).number)
    beside.gate.scan(code)
    park.tell(beside, far)
    far.gate.scan(code)
    far.gate.readmit("flat tyre", SECOND)
    park.tell(far, entry)
    park.tell(beside, entry)
    assert conflicts_of(entry) == []


def test_paid_at_two_gates_is_found_once_the_pass_is_known(tills: Tills) -> None:
    entry, beside, far = tills
    number = van_in(entry).number
    beside.gate.turn()
    for till, reference in ((beside, "UA26X1Y2ZQ"), (far, "UA26X1Y2ZR")):
        paid_at(till, token(entry, number), reference)
    park.tell(beside, far)
    assert conflicts_of(far) == ["two_exits"]
    park.tell(entry, far)
    assert conflicts_of(far) == ["two_exits", "paid_twice"]
    assert far.desk.ledger.receivables.owed(number_of(number)) == -OWED


def test_the_old_paper_used_after_the_new_one_is_found(tills: Tills) -> None:
    entry, _, far = tills
    far.gate.turn()
    old = van_in(entry).number
    code = token(entry, old)
    new = entry.passes.reissue(old, "wet", SECOND).number
    assert far.gate.scan(code).word == "admit"
    assert entry.gate.scan(token(entry, new)).word == "admit"
    park.tell(far, entry)
    assert conflicts_of(entry) == ["two_admissions"]


def test_a_pass_revoked_as_unused_that_went_in_elsewhere_is_found(tills: Tills) -> None:
    entry, beside, _ = tills
    number = van_in(entry).number
    beside.gate.scan(token(entry, number))
    entry.passes.revoke(number, "turned back", SECOND)
    park.tell(beside, entry)
    assert conflicts_of(entry) == ["used_and_revoked"]


def test_a_receipt_that_was_voided_and_used_elsewhere_is_found(tills: Tills) -> None:
    entry, beside, far = tills
    entry.checkout.tap(EA_CITIZEN)
    entry.checkout.vehicle(1)
    entry.checkout.plate("KDB 111A")
    entry.payments.pay("mpesa")
    entry.payments.mpesa("UA26X1Y2ZQ", "1,600")
    done = entry.window.last
    assert done is not None
    code, number = "GP:" + str(done.entry.data["token"]), str(done.entry.number)
    entry.corrections.void(number, "wrong vehicle", SECOND)
    park.tell(entry, beside)
    assert conflicts_of(beside) == []
    assert beside.gate.scan(code).word == "revoked"
    far.gate.turn()
    assert far.gate.scan(code).word == "admit"
    park.tell(far, entry)
    assert conflicts_of(entry) == ["used_and_revoked"]


def test_a_pair_is_written_once_in_the_whole_park(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.turn()
    code = token(entry, van_in(entry).number)
    beside.gate.scan(code)
    far.gate.scan(code)
    park.tell_all(tills)
    assert sum(len(conflicts_of(till)) for till in tills) == 1
    found = "SELECT count(*) FROM conflict"
    assert [till.desk.ledger.conn.execute(found).fetchone()[0] for till in tills] == [1, 1, 1]


# Taken whole, once, or not at all.


def test_the_same_bundle_again_changes_nothing(tills: Tills) -> None:
    entry, _, far = tills
    van_in(entry)
    assert park.tell(entry, far)[0].new == entry.desk.ledger.head[0]
    head, books = far.desk.ledger.head, park.books_of(far)
    assert park.tell(entry, far)[0].new == 0
    assert (far.desk.ledger.head, park.books_of(far)) == (head, books)


def test_bundles_that_overlap_are_heard_on_and_one_that_leaves_a_gap_is_refused(tills: Tills) -> None:
    entry, _, far = tills
    van_in(entry)
    middle = entry.desk.ledger.head[0]
    whole = entry.hearing.bundle()[0]
    van(entry)
    later = entry.hearing.bundle(middle)[0]
    overlapping = entry.hearing.bundle(middle - 2)[0]
    with pytest.raises(BundleGap, match=f"1 to {middle} of XNM1"):
        far.hearing.read_bundle(later)
    assert b"XNM1" not in park.books_of(far)
    far.hearing.read_bundle(whole)
    assert far.hearing.read_bundle(overlapping).new == entry.desk.ledger.head[0] - middle
    assert far.hearing.read_bundle(later).new == 0
    assert len(far.pass_lists.find()) == 2


@pytest.mark.parametrize(
    "what", ["later entry", "earlier entry", "signature", "left out", "two changed places", "genesis"]
)
def test_a_bundle_that_somebody_changed_is_refused_whole(tills: Tills, what: str) -> None:
    entry, _, far = tills
    van_in(entry)
    data = entry.hearing.bundle()[0]
    told = orjson.loads(gzip.decompress(data))["entries"]
    last = len(told) - 1
    where, value = {
        "later entry": (("entries", last, "raw"), told[last]["raw"].replace("KDA412M", "KDA413M")),
        "earlier entry": (("entries", 3, "raw"), told[3]["raw"].replace('"at":"2026', '"at":"2027')),
        "signature": (("entries", last, "sig"), told[0]["sig"]),
        "left out": (("entries",), told[:4] + told[5:]),
        "two changed places": (("entries",), [*told[:-2], *told[:-3:-1]]),
        "genesis": (("from_hash",), "00" * 32),
    }[what]
    with pytest.raises((BundleAltered, BadBundle)):
        far.hearing.read_bundle(altered(data, where, value))
    assert b"XNM1" not in park.books_of(far)
    assert far.desk.heard == {}


def test_a_bundle_of_a_till_that_is_not_known_or_has_another_key_is_refused(
    tills: Tills, tmp_path: Path
) -> None:
    entry, _, far = tills
    stranger = Gate(tmp_path / "stranger", code="XNM9").built()
    with pytest.raises(NotKnown):
        park.tell(stranger, far)
    swapped = altered(
        entry.hearing.bundle()[0], ("certificate", "public_key"), stranger.desk.own.public.hex()
    )
    with pytest.raises(NotKnown):
        far.hearing.read_bundle(swapped)
    with pytest.raises(OwnBundle):
        park.tell(far, far)
    stranger.desk.ledger.close()


def test_entries_under_another_tills_certificate_are_refused(tills: Tills) -> None:
    entry, beside, far = tills
    stolen = altered(entry.hearing.bundle()[0], ("certificate",), beside.desk.own.certificate())
    with pytest.raises(BundleAltered):
        far.hearing.read_bundle(stolen)


def test_two_machines_under_one_code_are_named(gates: dict[str, Gate], tmp_path: Path) -> None:
    entry, beside, far = park.built(gates)
    outage(entry)
    entry.desk.ledger.close()
    copy = replace(gates["XNM1"], folder=tmp_path / "copy")
    shutil.copytree(gates["XNM1"].folder, copy.folder)
    first, second = park.opened(gates["XNM1"]), park.opened(copy)
    van_in(first)
    van_in(second)
    park.tell(first, far)
    before = park.books_of(far)
    with pytest.raises(BundleForked, match="XNM1"):
        park.tell(second, far)
    assert park.books_of(far) == before
    for till in (beside, far, first, second):
        till.desk.ledger.close()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GPT1",
        gzip.compress(b"", mtime=0),
        gzip.compress(b"[]", mtime=0),
        gzip.compress(b'{"entries":[]}', mtime=0),
        gzip.compress(b"{" * 100_000, mtime=0),
        gzip.compress(b'{"certificate":{},"entries":[],"from":0,"from_hash":"' + b"0" * 64 + b'"}', mtime=0),
        gzip.compress(b"{}", mtime=0)[:-3],
    ],
)
def test_what_is_no_bundle_is_named(tills: Tills, data: bytes) -> None:
    with pytest.raises(BadBundle):
        tills[0].hearing.read_bundle(data)


def test_a_small_file_that_unpacks_without_end_is_not_read(
    tills: Tills, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "DECODED_MAX", 100_000)
    with pytest.raises(BundleTooLarge):
        tills[0].hearing.read_bundle(gzip.compress(b" " * 1_000_000))


def test_a_file_that_is_not_there_is_named(tills: Tills, tmp_path: Path) -> None:
    with pytest.raises(NoBundleThere):
        tills[0].hearing.read_file(tmp_path / "nothing.gpb")


def test_there_is_no_bundle_after_the_last_entry(tills: Tills) -> None:
    with pytest.raises(NothingAfter):
        tills[0].hearing.bundle(tills[0].desk.ledger.head[0])


# Beside the ledger.


def test_what_was_heard_outlives_a_restart_and_the_ledgers_file(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, _, far = tills
    van_in(entry)
    park.tell(entry, far)
    books, folder = park.heard_books_of(far), far.desk.ledger.folder
    far.desk.ledger.close()
    (folder / "ledger.db").unlink()
    again = park.opened(gates["XNE1"])
    assert park.heard_books_of(again) == books
    assert [row.plate for row in again.pass_lists.find()] == ["KDA412M"]
    again.desk.ledger.close()
    (folder / "ledger.db").unlink()
    shutil.rmtree(folder / bodies.FOLDER)
    poorer = park.opened(gates["XNE1"])
    assert any("heard of XNM1 are gone" in str(finding) for finding in poorer.desk.ledger.findings)
    assert poorer.pass_lists.find() == ()
    park.tell(entry, poorer)
    assert [row.plate for row in poorer.pass_lists.find()] == ["KDA412M"]
    poorer.desk.ledger.close()


def test_a_ledger_that_heard_others_verifies_and_a_changed_heard_entry_is_found(tills: Tills) -> None:
    entry, _, far = tills
    van_in(entry)
    park.tell(entry, far)
    conn = far.desk.ledger.conn
    assert verification.verify(conn, []).findings == []
    conn.execute("DROP TRIGGER heard_no_update")
    (raw,) = conn.execute("SELECT raw FROM heard WHERE kind = 'pass.issued'").fetchone()
    conn.execute("UPDATE heard SET raw = ? WHERE raw = ?", (raw.replace(b"KDA412M", b"KDA413M"), raw))
    assert any("heard of XNM1" in str(finding) for finding in verification.verify(conn, []).findings)


def test_a_book_of_what_was_heard_that_lost_a_row_stops_selling_and_is_made_again(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, _, far = tills
    van_in(entry)
    park.tell(entry, far)
    far.desk.ledger.conn.execute("DELETE FROM pass")
    while far.desk.ledger.upkeep():
        pass
    assert "the book pass differs" in str(far.desk.ledger.damage)
    far.desk.ledger.close()
    again = park.opened(gates["XNE1"])
    assert again.desk.ledger.damage is None
    assert [row.plate for row in again.pass_lists.find()] == ["KDA412M"]
    again.desk.ledger.close()


def test_what_a_till_hears_is_not_its_own_takings_or_list(tills: Tills) -> None:
    entry, _, far = tills
    entry.outages.close()
    entry.checkout.tap(EA_CITIZEN)
    entry.payments.pay("mpesa")
    entry.payments.mpesa("UA26X1Y2ZS", "1,000")
    park.tell(entry, far)
    assert far.history.find() == ()
    assert far.shifts.view().others == ()
    closed = far.shifts.close(Counted(())).entry.data
    assert (closed["receipts"], closed["sold_minor"], closed["perpetual_minor"]) == (0, 0, 0)


def test_a_code_that_paid_elsewhere_does_not_pay_again(tills: Tills) -> None:
    entry, _, far = tills
    entry.outages.close()
    for till in (entry, far):
        till.checkout.tap(EA_CITIZEN)
        till.payments.pay("mpesa")
    total = entry.checkout.view().total_minor // 100
    entry.payments.mpesa("UA26X1Y2ZS", str(total))
    park.tell(entry, far)
    with pytest.raises(CodeUsedUp):
        far.payments.mpesa("UA26X1Y2ZS", str(total))


def test_nothing_is_found_where_all_is_right(tills: Tills) -> None:
    entry, beside, far = tills
    number = van_in(entry).number
    beside.gate.scan(token(entry, number))
    paid_at(far, token(entry, number), "UA26X1Y2ZQ")
    park.tell_all(tills)
    assert [list(conflicts.unsaid(till.desk.ledger, number_of(number))) for till in tills] == [[], [], []]
    assert entry.gate.scan(token(entry, number)).word == "already_left"

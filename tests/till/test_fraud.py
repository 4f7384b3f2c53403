"""Papers by which somebody would go through twice, or without paying: at gates that heard of it, and not."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gatepos import app
from gatepos.domain import gatepass, moments, numbers
from gatepos.domain.gatepass import Payload
from gatepos.domain.staff import NeedsSecond
from gatepos.domain.verdicts import AMBER, GREEN
from gatepos.seal import checking, token
from gatepos.seal.keys import TillKey
from gatepos.till.till import Till
from gatepos.till.views import RecordedView
from tests import park
from tests.gate import CLERK, EA_CITIZEN, OTHER, OTHER_PIN, Gate, permit
from tests.seal import test_token
from tests.till.conftest import Tills
from tests.till.test_hearing import SECOND, paid_at, van
from tests.till.test_passes import OWED, outage, van_in
from tests.till.test_passes import token as code_of

Clones = tuple[Till, Till, Till, Till]


@pytest.fixture
def clones(gates: dict[str, Gate], tmp_path: Path) -> Iterator[Clones]:
    """A till and a copy of its whole folder, both issuing passes; one beside them, one at another gate."""
    entry, beside, far = park.built(gates)
    outage(entry)
    entry.desk.ledger.close()
    copy = replace(gates["XNM1"], folder=tmp_path / "copy")
    shutil.copytree(gates["XNM1"].folder, copy.folder)
    made = park.opened(gates["XNM1"]), park.opened(copy), beside, far
    yield made
    for till in made:
        till.desk.ledger.close()


def sold(till: Till, plate: str = "KDA 412M") -> RecordedView:
    """The cheapest ticket for a vehicle, paid at once."""
    till.checkout.tap(EA_CITIZEN)
    if plate:
        till.checkout.vehicle(1)
        till.checkout.plate(plate)
    till.window.work.is_confirmed = True  # the same vehicle had more seats
    till.payments.pay("mpesa")
    done = till.payments.mpesa(f"UA2{till.desk.ledger.head[0]:07d}")
    if not isinstance(done, RecordedView):
        done = till.payments.record()
    return done


def paper_of(till: Till, code: str) -> Payload:
    return checking.read(code, till.desk.keyring).payload


def forged(gate: Gate, payload: Payload) -> str:
    """A paper by whoever has the folder of a till, and so its key."""
    return "GP:" + token.make(payload, TillKey.load(gate.folder / app.KEY))


def conflicts_of(till: Till, what: str) -> list[dict[str, object]]:
    return [e.data for e in till.desk.ledger.of_kind("pass.conflict") if e.data["what"] == what]  # type: ignore[misc]


# A paper that no longer counts.


def test_the_paper_of_a_voided_sale_goes_in_only_where_nobody_heard_of_it(tills: Tills) -> None:
    entry, beside, far = tills
    far.gate.turn()
    done = sold(entry)
    entry.corrections.void(done.number, "turned back", SECOND)
    park.tell(entry, beside)
    assert [till.gate.scan(done.qr).word for till in tills] == ["revoked", "revoked", "admit"]
    park.tell(entry, far)
    far.gate.leave()
    assert far.gate.scan(done.qr).word == "revoked"


def test_the_paper_of_a_corrected_sale_gives_way_to_the_new_one(tills: Tills) -> None:
    entry, beside, _ = tills
    old = sold(entry)
    entry.corrections.correct(old.number, "one more adult")
    new = sold(entry, "KDA 412M")
    park.tell(entry, beside)
    assert [beside.gate.scan(done.qr).word for done in (old, new)] == ["replaced", "admit"]


def test_an_old_paper_is_not_let_out_where_its_end_was_heard(tills: Tills) -> None:
    entry, _, far = tills
    first, second = van_in(entry).number, van(entry)
    codes = [code_of(entry, number) for number in (first, second)]
    entry.passes.revoke(first, "turned back", SECOND)
    new = entry.passes.reissue(second, "wet", SECOND)
    assert [far.gate.scan(code).word for code in codes] == ["not_paid", "not_paid"]
    park.tell(entry, far)
    far.gate.leave()
    assert [far.gate.scan(code).word for code in (*codes, new.qr)] == ["revoked", "replaced", "not_paid"]


# A paper of little money for a debt of much.


def test_a_small_receipt_lets_out_its_own_people_and_pays_no_pass(tills: Tills) -> None:
    entry, _, far = tills
    large = van_in(entry).qr
    small, on_foot = sold(entry), sold(entry, "")
    view = far.gate.scan(small.qr)
    assert (view.word, view.number, view.people, view.passing) == ("let_out", small.number, ((0, 0, 1),), 1)
    assert far.gate.scan(on_foot.qr).word == "wrong_gate"
    view = far.gate.scan(large)
    assert (view.word, view.owed_minor) == ("not_paid", OWED)
    park.tell_all(tills)
    far.gate.leave()
    assert far.gate.scan(large).owed_minor == OWED


def test_the_receipt_of_a_small_pass_pays_no_large_one(tills: Tills) -> None:
    entry, beside, far = tills
    beside.gate.turn()
    large, small = van_in(entry).qr, van(entry)
    paid = code_of(beside, paid_at(beside, code_of(entry, small), "UA26X1Y2ZQ", "13,000"))
    view = far.gate.scan(paid)
    assert (view.word, view.number, view.plate) == ("let_out", small, "KDB111A")
    assert far.gate.scan(large).owed_minor == OWED


def test_six_hundred_shillings_for_a_pass_leave_the_rest_owed_wherever_the_receipt_is_shown(
    tills: Tills,
) -> None:
    entry, beside, far = tills
    beside.gate.turn()
    code = van_in(entry).qr
    part = code_of(beside, paid_at(beside, code, "UA26X1Y2ZQ", "600"))
    view = far.gate.scan(part)
    assert (view.word, view.owed_minor) == ("part_paid", OWED - 60_000)
    assert far.gate.scan(code).owed_minor == OWED - 60_000


# Two papers, one number.


@pytest.mark.parametrize("is_copy_first", [False, True])
def test_the_second_of_two_papers_with_one_number_is_held(clones: Clones, *, is_copy_first: bool) -> None:
    one, copy, beside, _ = clones
    codes = [van_in(one).qr, code_of(copy, van(copy))]
    assert paper_of(one, codes[0]).number == paper_of(one, codes[1]).number
    codes = codes[::-1] if is_copy_first else codes
    assert [beside.gate.scan(code).word for code in codes] == ["admit", "two_papers"]
    beside.gate.leave()
    beside.gate.turn()
    assert beside.gate.scan(codes[1]).word == "two_papers"


def test_beside_the_paper_that_its_till_wrote_another_is_held(clones: Clones) -> None:
    one, copy, beside, _ = clones
    genuine, other = van_in(one).qr, code_of(copy, van(copy))
    park.tell(one, beside)
    assert [beside.gate.scan(code).word for code in (other, genuine)] == ["two_papers", "admit"]


@pytest.mark.parametrize("is_copy_first", [False, True])
def test_two_papers_at_two_gates_are_found_with_both_clocks_clerks_and_plates(
    clones: Clones, gates: dict[str, Gate], *, is_copy_first: bool
) -> None:
    one, copy, beside, far = clones
    codes = [van_in(one).qr, code_of(copy, van(copy))]
    number = paper_of(one, codes[0]).number
    far.sign_in.sign_in(OTHER, OTHER_PIN)
    gates["XNM2" if is_copy_first else "XNE1"].clock.pass_by(5 * moments.MINUTE_MS)
    assert [beside.gate.scan(codes[0]).tone, far.gate.scan(codes[1]).tone] == [GREEN, GREEN]
    park.tell_all([beside, far])
    (said,) = [*conflicts_of(beside, "two_papers"), *conflicts_of(far, "two_papers")]
    assert said["subject"] == number
    sides = [
        tuple(side[key] for key in ("till", "by", "plate", "at"))  # type: ignore[index]
        for side in (said["first"], said["second"])
    ]
    assert {side[:3] for side in sides} == {("XNM2", CLERK, "KDA412M"), ("XNE1", OTHER, "KDB111A")}
    assert sides[0][3] < sides[1][3]
    for till in (beside, far):
        till.gate.leave()
        assert till.desk.ledger.conn.execute("SELECT count(*) FROM conflict").fetchone()[0] >= 1


# A stolen key.


def test_a_revoked_key_may_choose_any_number_and_only_papers_heard_of_count(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, _, far = tills
    heard = van_in(entry).qr
    park.tell(entry, far)
    unheard = code_of(entry, van(entry))
    row = {**entry.desk.own.certificate(), "is_revoked": True}
    far.desk.trust(far.desk.write("keyring.changed", row).entry)
    paper = paper_of(entry, heard)
    yesterday = paper.issued - 86_400
    chosen = [
        replace(paper, due=0),
        replace(paper, plate="KDC900Z"),
        replace(paper, issued=yesterday, valid_from=yesterday),
        replace(paper, kind=gatepass.PAID, due=0),
        paper.numbered(numbers.make("XNM1", "P", 9)),
        replace(paper, kind=gatepass.PAID, due=0, number=numbers.make("XNM1", "R", 1)),
    ]
    for payload in chosen * 2:
        assert far.gate.scan(forged(gates["XNM1"], payload)).word == "does_not_verify", payload
    assert far.gate.scan(unheard).word == "does_not_verify"
    assert far.gate.scan(heard).word == "not_paid"


def test_before_it_is_revoked_a_stolen_key_is_found_by_the_numbers_it_uses(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, _, far = tills
    code = van_in(entry).qr
    lost = van(entry)
    paper = paper_of(entry, code)
    park.tell(entry, far)
    far.gate.turn()
    used = replace(paper, plate="KDC900Z")
    assert far.gate.scan(forged(gates["XNM1"], used)).word == "two_papers"
    skipped = replace(paper, kind=gatepass.PAID, due=0, number=numbers.make("XNM1", "R", 1))
    sold(entry)
    park.tell(entry, far)
    assert far.gate.scan(forged(gates["XNM1"], skipped)).word == "two_papers"
    later = paper.numbered(numbers.make("XNM1", "P", 9))
    assert far.gate.scan(forged(gates["XNM1"], later)).word == "admit"
    assert entry.gate.scan(forged(gates["XNM1"], later)).word == "no_entry"
    assert far.gate.scan(code_of(entry, lost)).word == "admit"


def test_the_number_of_a_payment_is_no_number_for_a_ticket(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, beside, far = tills
    code = van_in(entry).qr
    entry.gate.turn()
    number = paid_at(entry, code, "UA26X1Y2ZQ").replace("-", "")
    entry.gate.turn()
    far.gate.turn()
    ticket = replace(paper_of(entry, code), kind=gatepass.PAID, due=0, number=number)
    stolen = forged(gates["XNM1"], ticket)
    assert far.gate.scan(stolen).word == "admit"
    park.tell(entry, beside, far)
    assert len(conflicts_of(far, "two_papers")) == 1
    far.gate.leave()
    assert [till.gate.scan(stolen).word for till in tills] == ["two_papers"] * 3


# One paper in many forms, and other things.


def test_a_paper_in_another_form_is_the_same_paper(tills: Tills) -> None:
    entry, beside, _ = tills
    code = van_in(entry).qr
    bare = code.removeprefix("GP:")
    assert beside.gate.scan(code).word == "admit"
    beside.gate.leave()
    for form in (code.lower(), f"  {code}\r\n", f"https://pass.example/p/{bare}", f"HTTPS://X/P/{bare}"):
        assert beside.gate.scan(form).word == "already_inside", form
        beside.gate.leave()


def test_a_sticker_over_the_code_is_seen_and_its_paper_counts_once_somebody_looked(tills: Tills) -> None:
    entry, beside, _ = tills
    permit(beside, "pass_host", "pass.kws.go.ke")
    bare = van_in(entry).qr.removeprefix("GP:")
    view = beside.gate.scan(f"HTTPS://PASS.KWS.GO.KE.EXAMPLE/P/{bare}")
    assert (view.word, view.tone, view.passing, view.may_accept) == ("sticker", AMBER, 0, True)
    view = beside.gate.accept()
    assert (view.word, view.passing) == ("admit", 8)
    beside.gate.leave()
    second = code_of(entry, van(entry)).removeprefix("GP:")
    assert beside.gate.scan(f"HTTPS://PASS.KWS.GO.KE/P/{second}").word == "admit"


def test_a_paper_of_a_newer_program_asks_for_an_update_and_is_not_called_forged(tills: Tills) -> None:
    _, beside, far = tills
    stranger = test_token.KEY
    row = replace(far.desk.own, till="XNM3", public=stranger.public)
    beside.desk.trust(beside.desk.write("keyring.changed", {**row.certificate(), "is_revoked": False}).entry)
    newer = "GP:" + test_token.signed(test_token.changed(version=2), stranger)
    view = beside.gate.scan(newer)
    assert (view.word, view.tone, view.is_recorded) == ("update_needed", AMBER, True)


@pytest.mark.parametrize(
    ("scanned", "what"),
    [
        ("Q" * 4_296, "plain_text"),
        ("\x00\x01\xff", "binary"),
        ("KES\ud800", "binary"),
        ("🦁 مرحبا \u202e", "plain_text"),
        ("WIFI:T:WPA;S:Lodge;P:secret;;", "wifi"),
        ("https://kwspay.ecitizen.go.ke/ticket?id=12", "ecitizen_ticket"),
    ],
    ids=["largest", "bytes", "half a character", "other letters", "wifi", "ticket"],
)
def test_what_is_not_ours_is_named_and_only_its_kind_and_digest_are_kept(
    tills: Tills, scanned: str, what: str
) -> None:
    _, beside, _ = tills
    view = beside.gate.scan(scanned)
    assert (view.word, view.what, view.passing) == ("not_ours", what, 0)
    entry = beside.desk.ledger.of_kind("pass.scanned")[-1]
    assert (entry.data["what"], entry.data["subject"]) == (what, None)
    assert scanned.encode("utf-8", "surrogatepass")[:12] not in entry.raw


# Through once, whatever stops.


def test_after_a_power_cut_whoever_went_in_is_inside_and_comes_again_with_two(
    tills: Tills, gates: dict[str, Gate]
) -> None:
    entry, beside, _ = tills
    code = van_in(entry).qr
    went_ms = beside.desk.clock.wall_ms()
    assert beside.gate.scan(code).tone == GREEN
    beside.desk.ledger.close()
    gates["XNM2"].clock.pass_by(moments.MINUTE_MS)
    again = park.opened(gates["XNM2"])
    view = again.gate.scan(code)
    assert (view.word, view.may_readmit) == ("already_inside", True)
    assert [(told.what, told.at_ms, told.place) for told in view.story] == [("in", went_ms, "Main Gate")]
    with pytest.raises(NeedsSecond):
        again.gate.readmit("the barrier never opened")
    view = again.gate.readmit("the barrier never opened", SECOND)
    assert (view.word, view.passing) == ("readmitted", 0), "they are counted in already"
    again.desk.ledger.close()


def test_who_overstayed_and_owes_nothing_goes_out_once(tills: Tills, gates: dict[str, Gate]) -> None:
    entry, _, far = tills
    code = sold(entry).qr
    gates["XNE1"].clock.pass_by(26 * 60 * moments.MINUTE_MS)
    view = far.gate.scan(code)
    assert (view.word, view.tone, view.passing) == ("overstayed", AMBER, 1)
    far.gate.leave()
    assert far.gate.scan(code).word == "already_left"


@pytest.mark.parametrize("typed", ["KDA 412M", "kda412m", " KDA-412-M "])
def test_a_vehicle_has_one_open_pass_however_its_plate_is_typed(tills: Tills, typed: str) -> None:
    entry, *_ = tills
    van(entry, "KDA 412M")
    with pytest.raises(NeedsSecond):
        van(entry, typed)


@pytest.mark.parametrize("was_heard", [True, False])
def test_the_pass_of_a_till_that_never_came_back_is_good_and_who_left_owing_on_it_is_known(
    tills: Tills, *, was_heard: bool
) -> None:
    entry, beside, far = tills
    code = van_in(entry).qr
    if was_heard:
        park.tell(entry, beside)
    view = far.gate.scan(code)
    assert (view.word, view.owed_minor, view.issuer) == ("not_paid", OWED, "XNM1")
    far.passes.let_out(far.gate.owed(), "no network to pay by", SECOND)
    far.gate.leave()
    assert far.gate.scan(code).word == "already_left"
    park.tell(far, beside)
    assert [row.owed_minor for row in beside.pass_lists.find()] == [OWED] * was_heard
    beside.checkout.plate("KDA 412M")
    assert "LeftOwing" in {said.name for said in beside.passes.warnings()}


def test_who_left_owing_and_paid_at_another_gate_is_not_said_to_owe(tills: Tills) -> None:
    entry, beside, far = tills
    code = van_in(entry).qr
    far.gate.scan(code)
    far.passes.let_out(far.gate.owed(), "no network to pay by", SECOND)
    beside.gate.turn()
    paid_at(beside, code, "UA26X1Y2ZQ")
    far.checkout.plate("KDA 412M")
    assert [said.name for said in far.passes.warnings()] == ["LeftOwing"]
    park.tell(beside, far)
    assert far.passes.warnings() == ()

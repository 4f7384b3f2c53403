"""A spare waits, joined and empty; it is started by a supervisor or by radio, and sells a minute later."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from gatepos import app, cli, joining, settings, spares
from gatepos.central import api, enrolling
from gatepos.central.store import feeds
from gatepos.domain import keyring, policy
from gatepos.domain.staff import NotAllowed
from gatepos.errors import Said
from gatepos.seal.enrolment import Joins
from gatepos.seal.keys import TillKey
from gatepos.seal.pins import PinTooSimple
from gatepos.settings import Settings
from gatepos.sync import address
from gatepos.till import spare as places
from gatepos.till.approvals import SamePerson, Second
from gatepos.till.desk import UnknownClerk
from gatepos.till.radio import QuestionAsked, UnknownTill, WrongAnswer
from gatepos.till.sign_in import LockedOut, WrongPin
from gatepos.till.spare import NoSpare, NotFollowed, Wish
from gatepos.till.station import Plan
from gatepos.till.till import Till
from tests.central.place import CENTRAL_KEY
from tests.gate import CLERK, CLERK_PIN, MANAGER, MANAGER_PIN, OTHER, ordinary_van
from tests.spare_gate import SPARE_PLACE, SUPERVISOR, SUPERVISOR_PIN, Park, park_in
from tests.sync.secure import certificate
from tests.sync.test_with_central import served

NEW_PIN = "864209"
BY_PIN = Wish("NMG2", "disk", MANAGER, MANAGER_PIN)


@pytest.fixture
def park(tmp_path: Path) -> Iterator[Park]:
    """A central, and a till of the Main Gate that is stopped."""
    with park_in(tmp_path) as made:
        till = made.till()
        app.save(made.folder / "till", Settings(printer="network:10.0.0.20:9100", first_tape="/media/tape"))
        till.desk.policy = till.desk.policy.having(policy.PAYBILL, "654321")
        till.desk.write("config.changed", {"key": policy.PAYBILL, "value": "654321", "was": None})
        till.desk.ledger.close()
        yield made


def by_radio(answer: str = "", radio: str = "NEG1", staff: str = CLERK) -> Wish:
    """A clerk whom the supervisor at East Gate is to agree with."""
    return Wish("NMG2", "disk", staff, NEW_PIN, Second(SUPERVISOR, radio=radio, answer=answer))


def east(park: Park) -> Till:
    """A till of East Gate with its supervisor signed in, which knows every key by central."""
    till = park.till("east", "EAST", "1")
    found = address.load(park.folder / "east", till.desk.ledger)
    assert found is not None
    rows = park.place.feed(found.token, "keyring")["body"]
    assert isinstance(rows, list)
    till.desk.know(map(keyring.row, rows))
    till.sign_in.sign_in(SUPERVISOR, SUPERVISOR_PIN)
    return till


def refused(park: Park, wish: Wish) -> type[Said]:
    """Why a spare does not start; it is a spare still."""
    with pytest.raises(Said) as found:
        park.start().begin(wish)
    assert [offer.spare.row.till for offer in spares.offered(park.folder / "till", ())] == ["NMS1"]
    return type(found.value)


def sold(till: Till) -> str:
    """A van's receipt at a till that was just opened, by the clerk."""
    till.shifts.open("0")
    ordinary_van(till)
    till.payments.pay("card")
    till.payments.card("A7K29Q", "4242")
    return till.payments.recorded().number


def test_a_spare_waits_without_a_ledger_and_every_gate_knows_its_key(park: Park) -> None:
    made = park.spare()
    folder = park.folder / "spare"
    assert (made.row.till, made.row.lane, made.follows) == ("NMS1", "SPARE", "NMG2")
    assert not (folder / app.IDENTITY).exists()
    with pytest.raises(app.NoTillHere):
        app.open_till(folder, park.world())
    till = east(park)
    assert keyring.of_till(till.desk.keyring, "NMS1") == made.row
    till.desk.ledger.close()


def test_a_supervisor_starts_it_and_it_sells_as_the_dead_till_did(park: Park) -> None:
    park.spare()
    begun = park.start().begin(BY_PIN)
    assert begun.till == "NMS1"
    till = park.opened("spare")
    first, gap = till.desk.ledger.entry(1), till.desk.ledger.entry(2)
    assert (first.kind, gap.kind) == ("till.enrolled", "ledger.gap")
    assert gap.data == {"of_till": "NMG2", "from_seq": 0, "to_seq": 0, "cause": "disk"}
    assert (gap.by, gap.fields["also"]) == (MANAGER, None)
    assert till.desk.paybill() == "654321"
    assert settings.load(park.folder / "spare").printer == "network:10.0.0.20:9100", "of the till it is like"
    assert till.desk.ledger.context.lane == "2"
    assert till.desk.ledger.findings == []
    till.sign_in.choose_pin(CLERK, begun.codes[0].start_code, NEW_PIN)
    assert sold(till).startswith("NMS1-R000001")
    till.desk.ledger.close()
    assert app.verified(park.folder / "spare").is_whole


def test_no_start_code_is_shown_for_who_may_agree_to_anything(park: Park) -> None:
    park.spare()
    begun = park.start().begin(BY_PIN)
    assert [started.person.number for started in begun.codes] == [CLERK]


def test_it_is_started_by_radio_where_no_supervisor_is_and_the_clerk_sells(park: Park) -> None:
    till = east(park)
    park.spare()
    till.desk.know([places.load(park.folder / "spare").row])
    begins = park.start()
    with pytest.raises(QuestionAsked) as asked:
        begins.begin(by_radio())
    values = asked.value.values
    assert (values["staff"], values["till"], values["kind"]) == (SUPERVISOR, "NMS1", "ledger.gap")
    answer = till.radio.answer("NMS1", "ledger.gap", str(values["question"]))
    begun = begins.begin(by_radio(answer))
    assert begun.codes == (), "a clerk sees nobody else's code"
    at_work = park.opened("spare")
    gap, asking = at_work.desk.ledger.entry(2), at_work.desk.ledger.entry(3)
    assert (gap.by, gap.fields["also"]) == (CLERK, {"staff": SUPERVISOR, "how": "radio"})
    assert (asking.kind, asking.data["answering"]) == ("radio.asked", "NEG1")
    at_work.sign_in.sign_in(CLERK, NEW_PIN)
    assert sold(at_work).startswith("NMS1-R000001")
    for one in (till, at_work):
        one.desk.ledger.close()


def test_an_answer_is_for_this_start_alone(park: Park) -> None:
    till = east(park)
    park.spare()
    till.desk.know([places.load(park.folder / "spare").row])
    begins = park.start()
    with pytest.raises(QuestionAsked) as asked:
        begins.begin(by_radio())
    question = str(asked.value.values["question"])
    other = till.radio.answer("NMS1", "receipt.voided", question)
    with pytest.raises(WrongAnswer):
        begins.begin(by_radio(other))
    right = till.radio.answer("NMS1", "ledger.gap", question)
    with pytest.raises(QuestionAsked):
        begins.begin(replace(by_radio(right), cause="twice"))
    with pytest.raises(QuestionAsked):
        park.start().begin(by_radio(right))
    till.desk.ledger.close()


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (replace(BY_PIN, pin="482914"), WrongPin),
        (replace(BY_PIN, staff=SUPERVISOR, pin=SUPERVISOR_PIN), WrongPin),
        (replace(BY_PIN, staff=CLERK, pin=CLERK_PIN), NotAllowed),
        (replace(BY_PIN, staff="99"), UnknownClerk),
        (replace(BY_PIN, follows="NMS1"), NotFollowed),
        (replace(BY_PIN, follows=""), NotFollowed),
        (replace(BY_PIN, follows="XNM2"), NotFollowed),
        (replace(BY_PIN, cause="bored"), places.NoCause),
        (by_radio(staff=SUPERVISOR), SamePerson),
        (by_radio(staff=OTHER), UnknownClerk),
        (replace(by_radio(), pin="111111"), PinTooSimple),
        (replace(by_radio(), second=Second(CLERK, radio="NEG1")), SamePerson),
        (by_radio(radio="NMS1"), UnknownTill),
        (by_radio(radio="NQQ9"), UnknownTill),
    ],
)
def test_who_may_not_starts_nothing(park: Park, wish: Wish, why: type[Said]) -> None:
    park.spare()
    assert refused(park, wish) is why


def test_wrong_tries_wait_also_over_a_start_of_the_program(park: Park) -> None:
    park.spare()
    wrong = replace(BY_PIN, pin="482914")
    assert [refused(park, wrong) for _ in range(5)] == [WrongPin] * 5
    assert refused(park, BY_PIN) is LockedOut
    begins = park.start()
    park.clock.pass_by(31_000)
    begins.begin(BY_PIN)


def test_another_supervisor_gets_a_pin_by_who_has_one(park: Park) -> None:
    park.spare()
    with pytest.raises(WrongPin):
        park.start().allow(MANAGER, "482914", SUPERVISOR, SUPERVISOR_PIN)
    with pytest.raises(NotAllowed):
        park.start().allow(MANAGER, MANAGER_PIN, CLERK, CLERK_PIN)
    park.start().allow(MANAGER, MANAGER_PIN, SUPERVISOR, SUPERVISOR_PIN)
    assert park.start().begin(replace(BY_PIN, staff=SUPERVISOR, pin=SUPERVISOR_PIN)).till == "NMS1"


def test_a_start_that_was_interrupted_goes_on(park: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    park.spare()
    begins = park.start()
    monkeypatch.setattr(app, "name", _gone)
    with pytest.raises(OSError, match="gone"):
        begins.begin(BY_PIN)
    monkeypatch.undo()
    park.start().begin(BY_PIN)
    till = park.opened("spare")
    assert [entry.kind for entry in till.desk.ledger.journal.after(0, 3)][:2] == [
        "till.enrolled", "ledger.gap",
    ]  # fmt: skip
    assert len(till.desk.ledger.of_kind("ledger.gap")) == 1
    assert till.sign_in.sign_in(MANAGER, MANAGER_PIN).number == MANAGER
    till.desk.ledger.close()


def _gone(*_: object) -> None:
    raise OSError("gone")


def test_the_other_spare_remains_and_a_started_one_is_offered_no_more(park: Park) -> None:
    park.spare()
    park.spare("other")
    park.start().begin(BY_PIN)
    assert [offer.spare.row.till for offer in spares.offered(park.folder / "till", ())] == ["NMS2"]
    with pytest.raises(NoSpare):
        park.start()


def test_what_central_published_meanwhile_is_in_force_at_the_start(park: Park) -> None:
    park.spare()
    with park.place.store.writing() as tx:
        row = json.dumps({"rate": "2026-02", "rate_e4": 1_301_000})
        feeds.publish(tx, "rates", feeds.EVERYBODY, [row], park.place.central.now())
    assert spares.refresh(park.folder / "spare").row.till == "NMS1"
    park.start().begin(BY_PIN)
    till = park.opened("spare")
    assert (till.desk.ledger.state.rate, till.desk.ledger.state.rate_e4) == ("2026-02", 1_301_000)
    till.desk.ledger.close()


def test_a_spare_that_is_refreshed_follows_centrals_new_key_and_its_authorities(park: Park) -> None:
    park.spare()
    place, new, spare = park.place, TillKey(b"\x52" * 32), park.folder / "spare"
    enrolling.succeed(place.store, CENTRAL_KEY, new.public, place.central.now())
    enrolling.distrust(place.store, new, CENTRAL_KEY.kid.hex(), place.central.now())
    (park.folder / "till" / address.AUTHORITIES).write_bytes(certificate("localhost"))
    with served(api.application(place.store, new, place.clock, None, (CENTRAL_KEY,))) as url:
        address.move(spare, url)
        like = spares.like(park.folder / "till", park.world("like"))
        for _ in range(2):
            spares.refresh(spare, like)
    assert address.central_keys(spare) == (new.public, CENTRAL_KEY.public)
    assert address.distrusted_keys(spare) == (CENTRAL_KEY.public,)
    assert (spare / address.AUTHORITIES).read_bytes() == (
        park.folder / "till" / address.AUTHORITIES
    ).read_bytes()
    park.start().begin(BY_PIN)
    till = park.opened("spare")
    centrals = {row.public: row.is_revoked for row in till.desk.keyring.values() if row.till == "central"}
    assert centrals == {new.public: False, CENTRAL_KEY.public: True}
    till.desk.ledger.close()


def test_a_spare_joins_by_the_authorities_of_the_till_that_it_would_follow(park: Park) -> None:
    file = park.folder / "till" / address.AUTHORITIES
    file.write_bytes(certificate("localhost"))
    park.spare()
    assert (park.folder / "spare" / address.AUTHORITIES).read_bytes() == file.read_bytes()


def test_a_folder_holds_one_till_or_one_spare(park: Park) -> None:
    park.spare()
    with pytest.raises(spares.SpareHere):
        park.spare()
    with pytest.raises(app.TillHere):
        park.spare("till", None)
    plan = Plan("", "NNP", "MAIN", "1", MANAGER, MANAGER_PIN, "CF2025", Joins(park.url, park.place.code()))
    with pytest.raises(spares.SpareHere):
        joining.make(park.folder / "spare", plan, park.world())


def test_a_code_of_a_spare_makes_no_till_and_the_other_way_round(park: Park) -> None:
    code = park.place.code(place=SPARE_PLACE)
    plan = Plan("", "NNP", "MAIN", "1", MANAGER, MANAGER_PIN, "CF2025", Joins(park.url, code))
    with pytest.raises(joining.CodeOfSpare):
        joining.make(park.folder / "new", plan, park.world())
    takes_over = spares.alone(MANAGER, "CF2025")
    made = spares.join(
        park.folder / "new", Joins(park.url, code), MANAGER, MANAGER_PIN, takes_over, park.world()
    )
    assert made.row.till == "NMS1", "the same code with the same key gives the same till"
    joins = Joins(park.url, park.place.code())
    with pytest.raises(spares.NotASpare):
        spares.join(park.folder / "next", joins, MANAGER, MANAGER_PIN, takes_over, park.world())


def test_a_damaged_file_is_named_and_offers_nothing(park: Park) -> None:
    park.spare()
    (park.folder / "spare" / places.FILE).write_text('{"certificate": 7}')
    assert spares.offered(park.folder / "till", ()) == []
    with pytest.raises(places.SpareDamaged):
        park.start()


def test_the_commands_keep_look_at_and_start_a_spare(park: Park, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = park.folder / "spare"
    monkeypatch.setenv("GATEPOS_PIN", MANAGER_PIN)
    monkeypatch.setenv("GATEPOS_CODE", park.place.code(place=SPARE_PLACE))

    def done(*args: str) -> str:
        found = CliRunner().invoke(cli.commands, list(args), catch_exceptions=False)
        assert found.exit_code == 0, found.output
        return found.output

    like = str(park.folder / "till")
    assert "NMS1 of NNP" in done("enrol", str(folder), park.url, "--spare", "--like", like)
    assert "NMS1 of NNP, gate MAIN, would follow NMG2" in done("spare", "look", like)
    assert "3 people" in done("spare", "refresh", str(folder), "--like", like)
    started = done("spare", "start", str(folder))
    assert "NMS1 goes on" in started
    assert f"{CLERK} chooses a PIN" in started

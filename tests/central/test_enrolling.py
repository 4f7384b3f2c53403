"""How a till joins: once by a code, the same answer to who asks again, and nobody else."""

from pathlib import Path

from gatepos.central import enrolling
from gatepos.central.store import engine
from gatepos.domain import numbers
from gatepos.seal import enrolment, said
from gatepos.seal.keys import TillKey
from gatepos.wire import forms
from tests.central.place import CENTRAL_KEY, PLACE, Fields, Place, asked, bearer

KEY, OTHER = TillKey(b"\x01" * 32), TillKey(b"\x02" * 32)


def certificate(place: Place, code: str, key: TillKey = KEY, till: str | None = None) -> Fields:
    """What a till is given for a code."""
    answer = place.enrol(code, key, till)
    assert answer.status_code == 200, answer.text
    to = str(forms.parsed(forms.CERTIFICATE, said.parsed(answer.content).raw)["for"])
    return said.read(CENTRAL_KEY.public, "certificate", to, answer.content)


def refusal(place: Place, code: str, key: TillKey = KEY, till: str | None = None) -> object:
    """Why a till is not given one."""
    answer = place.enrol(code, key, till)
    assert answer.status_code == 403
    return place.error(answer)["error"]


def test_a_till_gets_its_code_its_place_its_token_and_centrals_key(place: Place) -> None:
    given = certificate(place, place.code())
    park, gate, lane = PLACE
    assert given["certificate"] == {
        "till": "XNM2", "public_key": KEY.public.hex(), "park": park, "gate": gate, "lane": lane,
    }  # fmt: skip
    assert given["central_key"] == CENTRAL_KEY.public.hex()
    answer = place.http.get("/v1/feeds/keyring", headers=bearer(str(given["token"])))
    assert answer.status_code == 200


def test_a_code_names_centrals_key_however_it_is_typed(place: Place) -> None:
    code = place.code()
    typed = enrolment.printed(code).lower()
    assert enrolment.names(typed, CENTRAL_KEY.public)
    assert not enrolment.names(typed, OTHER.public)
    assert not enrolment.names(code[10:], CENTRAL_KEY.public)
    assert not enrolment.names("é" * 26, CENTRAL_KEY.public)


def test_a_key_that_one_code_names_is_named_by_no_other_in_the_same_letters(place: Place) -> None:
    codes = [place.code() for _ in range(3)]
    assert len({code[16:] for code in codes}) == 3, "or a look-alike could be sought for years beforehand"
    swapped = codes[0][:16] + codes[1][16:]
    assert not enrolment.names(swapped, CENTRAL_KEY.public)


def test_who_asks_again_with_code_and_key_gets_the_same_answer(place: Place) -> None:
    code = place.code()
    first = place.enrol(code, KEY).content
    place.clock.pass_by(3_600_000)
    assert place.enrol(code, KEY).content == first
    assert refusal(place, code, OTHER) == "code_used"
    assert (place.count("till"), place.count("feed_row")) == (1, 1)


def test_a_code_is_good_for_fifteen_minutes(place: Place) -> None:
    code = place.code()
    place.clock.pass_by(enrolling.CODE_MS + 1)
    assert refusal(place, code) == "code_too_old"
    assert place.count("till") == 0


def test_another_code_is_none(place: Place) -> None:
    code = place.code()
    assert refusal(place, enrolment.new_code(CENTRAL_KEY.public)) == "code_unknown"
    assert refusal(place, code[:-1]) == "code_unknown"


def test_central_keeps_neither_codes_nor_tokens(place: Place) -> None:
    code = place.code()
    token = str(certificate(place, code)["token"])
    with place.store.reading() as tx:
        kept = repr([tx.rows(f"SELECT * FROM {table}") for table in ("code", "till")])
    assert code not in kept
    assert token not in kept


def test_who_does_not_hold_the_key_is_refused(place: Place) -> None:
    code = place.code()
    wrong = {**asked(code, KEY), "proof": said.prove(OTHER, code).hex()}
    answer = place.http.post("/v1/enrol", content=forms.dump(wrong))
    assert (answer.status_code, place.error(answer)["error"]) == (403, "not_proved")
    weak = place.http.post("/v1/enrol", content=forms.dump({**wrong, "public_key": "00" * 32}))
    assert (weak.status_code, place.error(weak)["error"]) == (403, "weak_key")
    assert certificate(place, code)["for"] == "XNM2"


def test_each_lane_gets_a_code_of_its_own(place: Place) -> None:
    keys = [TillKey(bytes([n]) * 32) for n in range(1, 6)]
    given = [str(certificate(place, place.code(), key)["for"]) for key in keys]
    assert given[0] == "XNM2"
    assert len(set(given)) == 5
    assert all(map(numbers.is_till, given))


def test_a_code_or_a_key_is_given_once_for_life(place: Place) -> None:
    certificate(place, place.code())
    assert refusal(place, place.code(), OTHER, "XNM2") == "till_taken"
    assert refusal(place, place.code(), KEY, "XNM3") == "till_taken"
    assert refusal(place, place.code(place=("NNP", "EAST", "2")), KEY, "XNM2") == "till_taken"
    assert refusal(place, place.code("XNM7"), OTHER, "XNM8") == "till_taken"


def test_a_till_that_lost_its_token_gets_another_and_the_old_one_ends(place: Place) -> None:
    first, second = place.code(), place.code()
    old = str(certificate(place, first)["token"])
    new = str(certificate(place, second, KEY, "XNM2")["token"])
    answers = [place.http.get("/v1/feeds/keyring", headers=bearer(token)) for token in (old, new)]
    assert [answer.status_code for answer in answers] == [401, 200]
    assert refusal(place, first) == "code_used"
    assert place.count("feed_row") == 1


def test_a_demonstration_and_a_real_till_do_not_meet(place: Place, tmp_path: Path) -> None:
    assert refusal(place, place.code(), KEY, "NMG2") == "foreign_key"
    (tmp_path / "real").mkdir()
    real = engine.in_folder(tmp_path / "real")
    made = enrolling.new_code(real, CENTRAL_KEY, PLACE, None, place.clock.wall_ms())
    assert enrolling.enrol(real, CENTRAL_KEY, asked(made, KEY), place.central.now())["for"] == "NMG2"
    real.close()


def test_the_keyring_tells_every_till_who_joined_and_who_is_revoked(place: Place) -> None:
    token = str(certificate(place, place.code())["token"])
    certificate(place, place.code(), OTHER, "XNM5")
    enrolling.revoke(place.store, "XNM5", place.central.now())
    page = place.feed(token, "keyring")
    assert (page["from"], page["version"], page["more"]) == (0, 3, False)
    rows = page["body"]
    assert isinstance(rows, list)
    assert [(row["till"], row["is_revoked"]) for row in rows] == [
        ("XNM2", False), ("XNM5", False), ("XNM5", True),
    ]  # fmt: skip
    assert place.feed(token, "keyring", 2)["body"] == rows[2:]
    beyond = place.feed(token, "keyring", 99)
    assert (beyond["from"], beyond["version"], beyond["body"]) == (3, 3, [])


def test_who_heard_what_this_central_added_later_is_told_from_where_both_know_the_same(place: Place) -> None:
    token = str(certificate(place, place.code())["token"])
    heard_at = place.central.now()
    place.clock.pass_by(60_000)
    certificate(place, place.code(), OTHER, "XNM5")
    page = place.feed(token, "keyring", 2, heard_at)
    assert (page["from"], page["version"], page["more"], page["body"]) == (1, 1, False, [])
    assert place.feed(token, "keyring", 1, heard_at)["version"] == 2
    assert place.feed(token, "keyring", 2, place.central.now())["from"] == 2


def test_a_row_of_a_clock_that_ran_ahead_takes_nobody_back(place: Place) -> None:
    token = str(certificate(place, place.code())["token"])
    place.clock.wall += 3_600_000
    certificate(place, place.code(), OTHER, "XNM5")
    place.clock.wall -= 3_600_000
    assert place.feed(token, "keyring", 2, place.central.now())["from"] == 2


def test_a_moment_that_is_none_is_refused(place: Place) -> None:
    token = str(certificate(place, place.code())["token"])
    answer = place.http.get("/v1/feeds/keyring?after=1&heard=yesterday", headers=bearer(token))
    assert (answer.status_code, place.error(answer, "XNM2")["error"]) == (400, "form")

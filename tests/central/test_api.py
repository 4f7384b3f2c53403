"""Central over HTTP: who may ask, how much, and what it never says."""

import gzip
import logging
import threading
import tracemalloc
from collections.abc import Iterator

import httpx2 as httpx
import pytest

from gatepos.central import bodies
from gatepos.central.bodies import BodyTooLarge
from gatepos.central.managers import coverage
from gatepos.central.store import glance
from gatepos.domain import moments, parks
from gatepos.seal.keys import TillKey
from gatepos.wire import forms, push
from tests.central.place import Place, Sender, bearer
from tests.central.place import served as serving
from tests.central.test_enrolling import certificate

MIB = 1024 * 1024
PACKED = gzip.compress(b"{}", mtime=0)
OTHER = TillKey(b"\x02" * 32)


def post(till: Sender, content: bytes, encoding: str = "gzip", **headers: str) -> httpx.Response:
    """Bytes where a push belongs."""
    return till.place.http.post(
        f"/v1/tills/{till.till}/entries",
        content=content,
        headers={**bearer(till.token), "Content-Encoding": encoding, **headers},
    )


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer ", "Basic abc", "Bearer 00", "Bearer \xe9"])
def test_who_shows_no_token_gets_nothing(till: Sender, token: str) -> None:
    headers = {b"Authorization": token.encode("latin-1")}
    for answer in (
        till.place.http.post(f"/v1/tills/{till.till}/entries", content=b"{}", headers=headers),
        till.place.http.get(f"/v1/tills/{till.till}/entries", headers=headers),
        till.place.http.get("/v1/feeds/keyring", headers=headers),
    ):
        assert (answer.status_code, till.place.error(answer)["error"]) == (401, "unknown_token")


def test_a_till_reads_and_writes_for_itself_alone(till: Sender) -> None:
    token = str(certificate(till.place, till.place.code(), OTHER, "XNM5")["token"])
    till.drain()
    answers = [
        till.place.push(till.till, token, till.stretch(0)),
        till.place.http.get(f"/v1/tills/{till.till}/entries", headers=bearer(token)),
        till.place.http.get("/v1/tills/XXXX/entries", headers=bearer(till.token)),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert [till.place.error(answer)["error"] for answer in answers] == ["not_this_till"] * 3


def test_entries_of_another_till_are_refused_under_ones_own_name(till: Sender) -> None:
    token = str(certificate(till.place, till.place.code(), OTHER, "XNM5")["token"])
    assert till.place.push("XNM5", token, till.stretch(0)).status_code == 409
    assert till.place.count("journal") == 0


def test_what_is_too_large_is_refused_packed_and_unpacked(till: Sender) -> None:
    bomb = gzip.compress(b" " * (200 * MIB), 9)
    assert len(bomb) < MIB
    large = b" " * (MIB + 1)
    for answer in (post(till, bomb), post(till, large, "identity"), post(till, gzip.compress(large, 0))):
        assert (answer.status_code, till.place.error(answer, till.till)["error"]) == (413, "too_large")


def test_a_bomb_is_not_unpacked_to_see_how_large_it_is() -> None:
    bomb = gzip.compress(b" " * (50 * MIB), 9)
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        bodies.unpacked(bomb, "gzip")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * MIB


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"", "gzip"), (b"{}", "gzip"), (PACKED[:-1], "gzip"), (PACKED * 2, "gzip"), (PACKED, "gzip"),
        (b"\xff\xfe", "identity"), (b"[" * 5000, "identity"), (b"{}", "br"),
        (b'{"from":-1,"from_hash":"","entries":[]}', "identity"), (b"null", "identity"),
    ],
)  # fmt: skip
def test_another_form_is_refused_by_name(till: Sender, content: bytes, encoding: str) -> None:
    answer = post(till, content, encoding)
    assert (answer.status_code, till.place.error(answer, till.till)["error"]) == (400, "form")


def test_a_push_is_taken_unpacked_too(till: Sender) -> None:
    assert post(till, push.body(till.stretch(0)), "identity").status_code == 200
    assert till.place.count("journal") == len(till.kept)


def test_every_error_is_signed_and_says_nothing_of_the_inside(
    till: Sender,
) -> None:
    place = till.place
    for answer, status in (
        (place.http.get("/v1/nothing"), 404),
        (place.http.delete("/v1/enrol"), 405),
        (place.http.get(f"/v1/tills/{till.till}/entries?after=x", headers=bearer(till.token)), 400),
        (place.http.get("/v1/feeds/nothing", headers=bearer(till.token)), 404),
    ):
        assert answer.status_code == status
        to = till.till if b'\\"for\\":\\"XNM2' in answer.content else "*"
        assert place.error(answer, to)["says"]
    with place.store.writing() as tx:
        tx.write("UPDATE till SET public_key = 'secret'")
    broken = place.quiet.post(
        f"/v1/tills/{till.till}/entries", content=push.body(till.stretch(0)), headers=bearer(till.token)
    )
    assert (broken.status_code, place.error(broken)["error"]) == (500, "broken")
    assert "Traceback" not in broken.text
    assert "secret" not in broken.text
    assert "fromhex" not in broken.text


def test_no_log_holds_a_token_a_code_or_what_was_sent(
    till: Sender, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    code = till.place.code()
    till.place.enrol(code, OTHER)
    till.drain()
    till.place.error(post(till, b"{"), till.till)
    till.place.break_storage()
    till.send(0)
    said = caplog.text + "".join(capfd.readouterr())
    for secret in (till.token, code, till.hash_at(1).hex(), "postings"):
        assert secret not in said


@pytest.fixture
def served(place: Place) -> Iterator[Place]:
    """The same central behind a real server on loopback."""
    with (
        serving(place.beside()) as url,
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        place.http = client
        yield place


def test_over_a_real_server_a_till_drains_and_hears(served: Place, till: Sender) -> None:
    assert till.drain(4) == []
    assert served.count("journal") == len(till.kept)
    assert forms.FEEDS
    assert isinstance(served.feed(till.token, "keyring")["body"], list)


def test_one_code_that_is_used_from_many_places_at_once_is_used_once(served: Place) -> None:
    code = served.code()
    answers: list[bytes] = []
    threads = [
        threading.Thread(
            target=lambda n=n: answers.append(served.enrol(code, TillKey(bytes([n // 2]) * 32)).content)
        )
        for n in range(2, 10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    given = [answer for answer in answers if b"certificate" in answer]
    assert (len(answers), len(given), len(set(given)), served.count("till")) == (8, 2, 1, 1)


def test_two_senders_of_one_till_at_once_leave_one_chain(served: Place, till: Sender) -> None:
    codes: list[int] = []

    def send() -> None:
        codes.extend(till.send(start, start + 5).status_code for start in range(0, len(till.kept), 5))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(codes) == {200}
    assert served.count("journal") == len(till.kept)
    assert served.count("branch") == 1
    till.drain()
    assert served.matters() == []


def test_the_books_follow_when_a_till_has_sent_all_that_waits(till: Sender) -> None:
    while len(till.kept) <= forms.ENTRIES_MAX:
        till.write()
    till.send(0, forms.ENTRIES_MAX)
    assert (till.place.count("journal"), till.place.behind()) == (forms.ENTRIES_MAX, forms.ENTRIES_MAX)
    till.send(forms.ENTRIES_MAX)
    assert (till.place.count("journal"), till.place.behind()) == (len(till.kept), 0)


def test_a_till_that_only_asks_for_news_is_heard_and_covers_no_sales(till: Sender) -> None:
    place, park = till.place, parks.shipped().park("NNP")
    till.drain()
    place.clock.pass_by(20 * moments.MINUTE_MS)
    now_ms = place.clock.wall_ms()
    place.feed(till.token, "keyring")

    def seen() -> tuple[str | None, int]:
        with place.store.reading() as tx:
            found = glance.tills(tx, None)
        covered = coverage.covered(found, park, moments.local_day(now_ms), now_ms)
        return found[0].heard_at, len(covered.missing)

    assert seen() == (moments.to_text(now_ms), 1)
    till.drain()
    assert seen() == (moments.to_text(now_ms), 0)

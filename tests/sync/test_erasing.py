"""What central told of other tills and of tickets: erased at a till with the pages that it keeps of it."""

import shutil

import pytest

from gatepos.ledger import pages, verification
from gatepos.ledger.file import FILE
from gatepos.seal import said
from gatepos.seal.keys import TillKey
from gatepos.sync.client import Answer
from gatepos.wire import forms
from tests import park
from tests.sync.test_pull import AT, Fields, Joined, Park, nnp, page, two
from tests.till.test_erasing import DAYS, OPERATOR, PLATE, finish, where
from tests.till.test_passes import SECOND, token, van_in
from tests.till.test_personal import DAY_MS

__all__ = ["nnp", "two"]
TICKET = b"KDC333C"


def ticket(reference: str = "WQBGPWRR", day: str = "2026-01-02", plate: bytes = TICKET) -> Fields:
    people = [{"category": "non_resident", "age": "adult", "count": 2}]
    return {
        "reference": reference, "day": day, "people": people, "band": 1, "plate": plate.decode(),
        "listed_at": AT, "state": "listed",
    }  # fmt: skip


@pytest.fixture
def heard(two: tuple[Joined, Joined], nnp: Park) -> tuple[Joined, str]:
    """A till that heard of a pass and of tickets of the days about it, and the token of the pass."""
    entry, far = two
    entry.till.checkout.operator(OPERATOR.decode())
    code = token(entry.till, van_in(entry.till).number)
    entry.push()
    nnp.publish("prepaid", ticket(), ticket("WQBGPWRS", "2027-01-03", b"KDD444D"))
    far.pull()
    return far, code


def year(far: Joined, days: int = DAYS) -> None:
    """The till stands still for so long, and starts."""
    far.gate.clock.pass_by(days * DAY_MS)
    far.restart()
    finish(far.till)


def test_a_year_later_no_page_and_no_table_has_the_plate(heard: tuple[Joined, str]) -> None:
    far, code = heard
    personal = (PLATE, OPERATOR, TICKET, code.removeprefix("GP:").encode())
    assert all(where(far.folder, text) for text in personal)
    books = park.heard_books_of(far.till)
    year(far)
    assert where(far.gate.folder, *personal) == []
    assert where(far.folder, b"KDD444D") == ["prepaid-000000001"], "its day is not so long ago"
    assert park.heard_books_of(far.till).replace(b"''", b"'KDA412M'") != books
    assert far.till.desk.ledger.findings == []
    assert verification.verify(far.till.desk.ledger.conn, []).findings == []
    first, later = (far.till.feeds.prepaid(reference) for reference in ("WQBGPWRR", "WQBGPWRS"))
    assert first is not None
    assert later is not None
    assert (first.plate, len(first.people), later.plate) == ("", 1, "KDD444D")


def test_a_file_made_again_from_the_pages_has_all_but_the_plate(heard: tuple[Joined, str]) -> None:
    far, code = heard
    year(far)
    books, versions = park.heard_books_of(far.till), [far.version(one) for one in ("passes", "prepaid")]
    far.restart(without_file=True)
    assert park.heard_books_of(far.till) == books
    assert [far.version(one) for one in ("passes", "prepaid")] == versions
    finish(far.till)
    assert where(far.gate.folder, PLATE, OPERATOR, TICKET) == []
    assert len(far.till.desk.ledger.findings) == 1, "that it was made again"
    far.till.gate.turn()
    assert far.till.gate.scan(code).word in ("not_paid", "overstayed")


def test_what_central_tells_again_comes_without_it(heard: tuple[Joined, str]) -> None:
    far, _ = heard
    year(far)
    books = park.heard_books_of(far.till)
    far.till.desk.ledger.close()
    (far.gate.folder / FILE).unlink()
    shutil.rmtree(far.folder)
    far.restart()
    assert park.heard_books_of(far.till) == b""
    far.pull()
    assert park.heard_books_of(far.till) == books
    assert where(far.gate.folder, PLATE, OPERATOR, TICKET) == []
    far.restart()
    assert (far.till.desk.ledger.findings, park.heard_books_of(far.till)) == ([], books)


def test_what_comes_late_of_so_long_ago_comes_without_it(
    heard: tuple[Joined, str], two: tuple[Joined, Joined]
) -> None:
    far, _ = heard
    year(far)
    entry = two[0]
    entry.till.passes.revoke(entry.till.pass_lists.find()[0].number, "turned back", SECOND)
    van_in(entry.till)
    entry.push()
    far.pull()
    assert far.trouble("passes") == ""
    assert len(far.till.pass_lists.find()) == 1
    assert where(far.gate.folder, PLATE) == []
    far.restart(without_file=True)
    assert len(far.till.pass_lists.find()) == 1


def test_pages_that_became_one_file_are_erased_in_it(
    heard: tuple[Joined, str], nnp: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PACK", 10)
    far, _ = heard
    for n in range(10):
        nnp.publish("prepaid", ticket(f"WQBGP{n:03d}"))
        far.pull()
    assert (far.folder / "prepaid-000000010").exists()
    year(far)
    assert where(far.gate.folder, TICKET, PLATE) == []
    far.restart(without_file=True)
    assert far.version("prepaid") == 12
    assert far.till.feeds.prepaid("WQBGP009") is not None


def test_a_page_that_another_key_says_is_erased_is_not_believed(heard: tuple[Joined, str]) -> None:
    far, _ = heard
    year(far)
    path = far.folder / "prepaid-000000001"
    raw = said.parsed(path.read_bytes().strip()).raw
    other = said.say(TillKey.generate(), {**forms.parsed(forms.SAID["erased"], raw)})
    path.write_bytes(other.body() + b"\n")
    far.restart(without_file=True)
    assert far.version("prepaid") == 0
    assert any("central did not sign" in str(finding) for finding in far.till.desk.ledger.findings)


def test_central_tells_no_entry_that_was_erased(heard: tuple[Joined, str]) -> None:
    far, _ = heard
    year(far)
    line = (far.folder / "passes-000000001").read_bytes().splitlines()[0]
    body = forms.parsed(forms.SAID["erased"], said.parsed(line, 2**21).raw, 2**21)["body"]
    rows = [row for row in body if len(row["sig"]) > 128]  # type: ignore[attr-defined]
    assert rows
    after = far.version("passes")
    far.line.faults["passes"] = lambda _: Answer(200, page("passes", after, after + len(rows), rows))
    far.pull()
    assert (far.version("passes"), far.trouble("passes")) == (after, "BadBody")


def test_without_centrals_address_the_pages_wait_and_are_erased_when_it_is_back(
    heard: tuple[Joined, str],
) -> None:
    far, _ = heard
    address = far.gate.folder / "central.toml"
    away = address.rename(far.gate.folder.parent / "central.toml")
    year(far)
    assert where(far.folder, PLATE)
    away.rename(address)
    far.restart()
    finish(far.till)
    assert where(far.gate.folder, PLATE, TICKET) == []

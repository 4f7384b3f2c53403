"""The commands of central, as a person at a terminal runs them."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest

from gatepos import app, resources
from gatepos.central import enrolling, publishing
from gatepos.central import folder as places
from gatepos.central.managers import people
from gatepos.domain import entry as entries
from gatepos.domain import moments
from gatepos.seal import enrolment, said
from gatepos.seal.keys import TillKey
from gatepos.seal.passwords import Passwords
from gatepos.till.till import Till
from gatepos.wire import forms, push
from gatepos.wire.push import Push
from tests.central.managers.conftest import PASSWORD
from tests.central.place import asked, bearer, journal_of
from tests.central.test_c2b import ACCEPTED, REPORT
from tests.lists import TICKETS
from tests.test_cli import DONE, REFUSED, ROOT, gatepos

KEY = TillKey(b"\x01" * 32)
NMG2 = ("--park", "NNP", "--gate", "MAIN", "--lane", "2")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A central just made."""
    assert gatepos("central", "init", tmp_path / "central").code == DONE
    return tmp_path / "central"


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """The address of that central, served by a process of its own."""
    serving, address = _serving(folder)
    yield address
    serving.terminate()
    serving.communicate()


def test_a_code_from_the_command_lets_a_till_join_the_served_central(folder: Path, served: str) -> None:
    made = gatepos("central", "code", folder, *NMG2)
    code = made.out.strip()
    key = places.key_of(folder)
    assert enrolment.names(code, key.public)
    assert len(enrolment.folded(code)) == 26
    with httpx.Client(base_url=served, trust_env=False) as client:
        answer = client.post("/v1/enrol", content=forms.dump(asked(code, KEY)))
        given = said.read(key.public, "certificate", "NMG2", answer.content)
        assert client.get("/v1/feeds/keyring", headers=bearer(str(given["token"]))).status_code == 200
        assert gatepos("central", "revoke", folder, "NMG2").code == DONE
        assert gatepos("central", "adopt", folder, "NMG2", "7").code == DONE
        assert client.get("/healthz").json() == {"well": True, "behind": 0}
    assert gatepos("central", "serve", folder).code == REFUSED


def test_the_addresses_for_daraja_are_printed_once_and_work(folder: Path, served: str) -> None:
    made = gatepos("central", "shortcode", folder, "--paybill", "600000")
    confirmation, validation = made.out.split()
    assert validation == confirmation.replace("confirmation", "validation")
    with httpx.Client(base_url=served, trust_env=False) as client:
        path = confirmation.removeprefix("https://HOST")
        assert client.post(path, json=REPORT).json() == ACCEPTED
        gatepos("central", "shortcode", folder, "--paybill", "600000")
        assert client.post(path, json=REPORT).status_code == 404


def test_forwarding_from_the_command_goes_to_one_receiver(folder: Path, tmp_path: Path) -> None:
    ran = gatepos("central", "forward", folder, "--file", tmp_path / "out.jsonl")
    assert (ran.code, ran.out) == (DONE, "0 entries forwarded.\n")
    assert gatepos("central", "forward", folder).code != DONE


def test_what_was_acknowledged_outlives_a_kill(tmp_path: Path, sell: Till) -> None:
    folder = tmp_path / "central"
    gatepos("central", "init", folder, "--demo")
    kept, key = journal_of(sell), TillKey.load(sell.desk.ledger.folder / app.KEY)
    code = gatepos("central", "code", folder, *NMG2, "--till", "XNM2").out.strip()
    serving, url = _serving(folder)
    with httpx.Client(base_url=url, trust_env=False) as client:
        answer = client.post("/v1/enrol", content=forms.dump(asked(code, key, "XNM2")))
        token = str(said.read(places.key_of(folder).public, "certificate", "XNM2", answer.content)["token"])
        sent = push.body(Push(0, entries.genesis("XNM2", key.public), kept))
        assert client.post("/v1/tills/XNM2/entries", content=sent, headers=bearer(token)).status_code == 200
    serving.kill()
    serving.communicate()
    serving, url = _serving(folder)
    with httpx.Client(base_url=url, trust_env=False) as client:
        answer = client.get("/v1/tills/XNM2/entries", headers=bearer(token))
        assert list(push.read(answer.content).entries) == kept
        assert client.get("/healthz").json()["behind"] == 0
    serving.terminate()
    serving.communicate()


def test_the_pages_are_on_a_port_of_their_own_and_let_in_whom_the_command_named(folder: Path) -> None:
    made = gatepos("central", "person", folder, "Warden 7", "--role", "manager", "--park", "NNP")
    assert len(enrolment.folded(made.out)) == 16
    numbered = ("central", "person", folder, "Warden 8", "--role", "manager", "--park", "NNP", "--staff")
    assert len(enrolment.folded(gatepos(*numbered, "12").out)) == 16
    assert gatepos(*numbered, "x").code == REFUSED
    assert gatepos("central", "person", folder, "<7>", "--role", "manager").code == REFUSED
    assert gatepos("central", "person", folder, "7", "--role", "manager", "--park", "XYZ").code == REFUSED
    serving, url = _serving(folder, "--pages-port", "0")
    assert serving.stdout is not None
    pages = serving.stdout.readline().strip().removeprefix("The pages are at ")
    fields = {"name": "warden 7", "code": made.out, "password": "rhino at dusk", "again": "rhino at dusk"}
    with httpx.Client(trust_env=False, follow_redirects=True) as client:
        assert client.get(f"{url}/sign-in").status_code == 404
        assert client.get(f"{pages}/healthz").status_code == 404
        assert client.post(f"{pages}/start", data=fields).status_code in (200, 404)
        assert "warden 7" in client.get(f"{pages}/tills").text
        secure = client.get(f"{pages}/tills", headers={"X-Forwarded-Proto": "https"})
        assert secure.url.path == "/sign-in", "behind TLS it is another cookie"
    serving.terminate()
    assert serving.wait(10) is not None


def _serving(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    """A process that serves a central, and where."""
    command = [sys.executable, "-m", "gatepos", "central", "serve", str(folder), "--port", "0", *more]
    serving = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert serving.stdout is not None
    return serving, serving.stdout.readline().strip().removeprefix("Central listens on ")


def test_the_key_is_for_its_owner_alone_and_never_replaced(folder: Path) -> None:
    key = folder / places.KEY
    before = key.read_bytes()
    assert os.stat(key).st_mode & 0o077 == 0
    again = gatepos("central", "init", folder)
    assert (again.code, key.read_bytes()) == (REFUSED, before)
    assert "already" in again.err


@pytest.mark.parametrize(
    "words",
    [
        ("code", "--park", "XYZ", "--gate", "MAIN", "--lane", "2"),
        ("code", "--park", "NNP", "--gate", "MOON", "--lane", "2"),
        ("code", *NMG2, "--till", "no"),
        ("code", *NMG2, "--till", "XNM2"),
        ("code", *NMG2, "--database", "mysql://host/name"),
        ("code", *NMG2, "--database", "nonsense"),
        ("code", *NMG2, "--database", "postgresql://nobody@127.0.0.1:1/none"),
        ("shortcode", "--paybill", "NMG2"),
        ("revoke", "NMG9"),
        ("adopt", "NMG9", "3"),
        ("serve", "--port", "1", "--host", "192.0.2.1"),
    ],
    ids=lambda words: "-".join(words[:1] + words[-1:]),
)
def test_what_cannot_be_done_is_refused_in_a_sentence(folder: Path, words: tuple[str, ...]) -> None:
    ran = gatepos("central", words[0], folder, *words[1:])
    assert (ran.code, ran.out) == (REFUSED, "")
    assert ran.err.endswith(".\n")
    assert "Error" not in ran.err.split("(")[0]


def test_a_folder_without_a_central_is_named(tmp_path: Path) -> None:
    for words in (("serve", tmp_path), ("code", tmp_path, *NMG2), ("revoke", tmp_path, "NMG2")):
        ran = gatepos("central", *words)
        assert (ran.code, ran.out) == (REFUSED, "")
        assert str(tmp_path) in ran.err
    assert not list(tmp_path.iterdir())


def test_rates_policy_and_staff_are_set_by_command_as_on_the_pages(folder: Path) -> None:
    looked = gatepos("central", "rate", folder, "2026-01", "129.50")
    assert looked.out.splitlines() == [
        "none -> 129.50 for 2026-01, from now", "Nothing is published yet: add --publish.",
    ]  # fmt: skip
    for _ in range(2):
        done = gatepos("central", "rate", folder, "2026-01", "129.50", "--publish")
    assert (done.code, "already" in done.err) == (REFUSED, True)
    assert gatepos("central", "rate", folder, "2026-02", "1301", "--publish").code == REFUSED
    set_ = gatepos("central", "policy", folder, "NNP", "allow_cash=yes", "--publish")
    assert set_.out == "allow_cash: as each till has it -> yes, once another administrator agrees\n"
    assert gatepos("central", "policy", folder, "NNP", "lane=2", "--publish").code == REFUSED
    code = gatepos("central", "staff", folder, "NNP", "31", "--role", "clerk").out
    assert re.search(r"31 chooses a PIN with the start code (\d{4} ){3}\d{4}\n", code)
    assert gatepos("central", "staff", folder, "NNP", "31", "--left").out == "31  left  \n"
    assert gatepos("central", "staff", folder, "NNP", "31", "--code").code == REFUSED
    assert gatepos("central", "staff", folder, "NNP", "31").code == REFUSED
    assert gatepos("central", "staff", folder, "NOT").code == REFUSED


def test_another_administrator_agrees_by_command_with_their_password(folder: Path) -> None:
    gatepos("central", "policy", folder, "NNP", "allow_cash=yes", "--publish")
    with closing(places.opened(folder)) as store:
        known = people.People(store, Passwords())
        for name, role in (("chief", "administrator"), ("warden 7", "manager")):
            code = known.give_start(name, role, None, "x", app.SystemClock().wall_ms())
            known.start(name, code, PASSWORD, PASSWORD, app.SystemClock().wall_ms(), "x")
    agree = ("central", "agree", folder, "NNP", "allow_cash=yes")
    assert gatepos(*agree, "chief", password="another password").code == REFUSED
    assert gatepos(*agree, "warden 7", password=PASSWORD).code == REFUSED
    done = gatepos(*agree, "chief", password=PASSWORD)
    assert done.out == "allow_cash=yes of NNP is published.\n"
    assert gatepos(*agree, "chief", password=PASSWORD).code == REFUSED
    with closing(places.opened(folder)) as store, store.reading() as tx:
        assert publishing.policy_of(tx, "NNP").values == {"allow_cash": "yes"}


def test_a_new_key_is_named_by_the_old_one_and_a_central_that_runs_keeps_its_own(folder: Path) -> None:
    old = places.key_of(folder)
    serving, _ = _serving(folder)
    assert gatepos("central", "rekey", folder).code == REFUSED
    serving.terminate()
    serving.communicate()
    assert gatepos("central", "rekey", folder).code == DONE
    new, former = places.key_of(folder), places.former_keys(folder)
    assert new.public != old.public
    assert [one.public for one in former] == [old.public]
    with closing(places.opened(folder)) as store, store.reading() as tx:
        assert said.successors(old.public, enrolling.successions(tx)) == [new.public]


def test_an_old_key_is_distrusted_once_and_the_present_one_never(folder: Path) -> None:
    old = enrolment.printed(enrolment.check_code(places.key_of(folder).public))
    assert gatepos("central", "distrust", folder, old).code == REFUSED
    gatepos("central", "rekey", folder)
    for _ in range(2):
        said_ = gatepos("central", "distrust", folder, old.lower())
        assert said_.code == DONE
        assert f"{old} counts no more" in said_.out
    new = places.key_of(folder)
    assert gatepos("central", "distrust", folder, new.kid.hex()).code == REFUSED
    with closing(places.opened(folder)) as store, store.reading() as tx:
        assert enrolling.distrusted(tx) == {one.public for one in places.former_keys(folder)}


def test_a_stop_while_the_key_is_changed_is_made_good_by_asking_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = places.key_of(folder)
    monkeypatch.setattr(os, "replace", _stop_at(places.KEY, os.replace))
    with pytest.raises(KeyboardInterrupt):
        places.succeed(folder, None, "2026-01-02T07:31:00.000Z", "x")
    monkeypatch.undo()
    assert places.key_of(folder).public == old.public
    new = places.succeed(folder, None, "2026-01-02T07:32:00.000Z", "x")
    with closing(places.opened(folder)) as store, store.reading() as tx:
        assert said.successors(old.public, enrolling.successions(tx)) == [new.public]
        assert len(enrolling.successions(tx)) == 1


def _stop_at(name: str, replace: Callable[[Path, Path], None]) -> Callable[[Path, Path], None]:
    def stop(source: Path, to: Path) -> None:
        if Path(to).name == name:
            raise KeyboardInterrupt
        replace(source, to)

    return stop


def test_a_schedule_from_the_command_is_looked_at_and_then_published(folder: Path, tmp_path: Path) -> None:
    header, rows = tmp_path / "CF2026.toml", tmp_path / "CF2026.csv"
    header.write_text(
        'id = "CF2026"\ntitle = "Fees"\nlegal = "LN 1/2026"\n'
        'effective_from = 2026-01-02T11:00:00\nparks = ["NNP"]\n'
    )
    rows.write_text(resources.text("fees/CF2025.csv").replace("adult,KES,1000,", "adult,KES,1100,"))
    seen = gatepos("central", "schedule", folder, header)
    assert "from 02.01.2026 11:00 for NNP, after CF2025" in seen.out
    assert "NNP park_entry ea_citizen adult: KES 1,000 access → KES 1,100 access" in seen.out
    assert "Nothing is published yet" in seen.out
    assert "CF2026 is published." in gatepos("central", "schedule", folder, header, "--publish").out
    assert gatepos("central", "schedule", folder, header, "--publish").code == REFUSED
    rows.unlink()
    assert gatepos("central", "schedule", folder, header).code != DONE


def test_tickets_from_the_command_are_loaded_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    tomorrow = moments.local_day(app.SystemClock().wall_ms()) + timedelta(1)
    good = f"WQBG-PWRR,{tomorrow},NNP,2 non_resident adult,2,KDA 412M\n"
    found = tmp_path / "list.csv"
    found.write_text(TICKETS + good + "W,,,,,\n")
    ran = gatepos("central", "prepaid", folder, found)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert "line 3: " in ran.err
    assert gatepos("central", "withdraw", folder, "WQBGPWRR").code == REFUSED
    found.write_text(TICKETS + good)
    assert gatepos("central", "prepaid", folder, found).out == "NNP: 1 tickets\n"
    assert gatepos("central", "withdraw", folder, "wqbg pwrr").out == "NNP has it no more.\n"

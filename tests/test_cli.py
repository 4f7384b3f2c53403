"""The commands without a screen, as a person at a terminal runs them."""

import io
import json
import os
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click import Command, Group, Option

from gatepos import cli, i18n, settings
from gatepos.domain.numbers import BadNumber
from gatepos.settings import Settings
from gatepos.till.commands.run import KNOWN, Commands
from gatepos.till.till import Till
from tests.ledger import reader

ROOT = Path(__file__).parents[1]
PIN, CLERK_PIN = "482913", "246813"
DONE, FOUND, REFUSED, IN_USE = 0, 1, 2, 3
LANGUAGE = {"LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"}


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str


def gatepos(
    *words: object,
    stdin: str = "",
    pin: str | None = PIN,
    password: str | None = None,
    second: str | None = None,
    **environment: str,
) -> Ran:
    """Run a command as its process would; PIN and password only ever travel in the environment."""
    secrets = {"GATEPOS_PIN": pin, "GATEPOS_PASSWORD": password, "GATEPOS_SECOND_PIN": second}
    code, out, err = DONE, io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["gatepos", *map(str, words)])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        for name in [name for name in os.environ if name.startswith("GATEPOS_") or name in LANGUAGE]:
            patch.delenv(name)
        for name, value in {**secrets, **environment}.items():
            if value is not None:
                patch.setenv(name, value)
        with redirect_stdout(out), redirect_stderr(err):
            try:
                cli.main()
            except SystemExit as stop:
                code = int(stop.code or DONE)
    return Ran(code, out.getvalue(), err.getvalue())


def told(folder: Path, *commands: dict[str, Any] | str) -> list[dict[str, Any]]:
    """The answers of `till run` to commands, after the first that says it is ready."""
    lines = [line if isinstance(line, str) else json.dumps(line) for line in commands]
    ran = gatepos("till", "run", folder, stdin="\n".join(lines) + "\n")
    assert ran.code == DONE
    ready, *answers = map(json.loads, ran.out.splitlines())
    assert ready["ready"]
    return answers


def sale(id_: str, code: str) -> dict[str, Any]:
    lines = [["park_entry", "ea_citizen", "adult", 2]]
    return {"do": "sell", "id": id_, "lines": lines, "pay": [{"kind": "mpesa", "code": code}]}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till that sold once."""
    folder = tmp_path_factory.mktemp("cli") / "park"
    made = gatepos("init", folder, "--code", "XNM2", "--lane", "2", "--printer", f"pdf:{folder}/papers")
    assert (made.code, made.err) == (DONE, "")
    assert "Till XNM2 of NNP, gate MAIN, lane 2" in made.out
    added = gatepos("staff", folder, "--add", "07")
    start_code = added.out.splitlines()[0].rsplit(" ", 1)[1]
    answers = told(
        folder,
        {"do": "sign_in", "staff": "01", "pin": PIN},
        {"do": "set_rate", "month": "2026-01", "rate": "129.50"},
        {"do": "choose_pin", "staff": "07", "start_code": start_code, "pin": CLERK_PIN},
        {"do": "open_shift", "id": "open-0001"},
        sale("sale-0001", "UA26X1Y2ZQ"),
    )
    assert answers[-1]["recorded"], answers
    return folder


def test_a_sale_is_recorded_printed_and_shown(folder: Path) -> None:
    found = reader.read(folder / "ledger.db")
    (receipt,) = [entry for entry in found.entries if entry["kind"] == "receipt.issued"]
    shown = gatepos("receipt", folder, receipt["data"]["number"])
    assert shown.code == DONE
    assert "TOTAL KES" in shown.out
    assert "2,000" in shown.out
    assert {path.suffix for path in (folder / "papers").iterdir()} == {".pdf", ".png"}


def test_a_receipts_paper_is_written_to_a_file(folder: Path, tmp_path: Path) -> None:
    for name, head in (("paper.pdf", b"%PDF-"), ("paper.png", b"\x89PNG")):
        number = reader.made("XNM2", "R", 1)
        assert gatepos("receipt", folder, number, "--out", tmp_path / name).code == DONE
        assert (tmp_path / name).read_bytes().startswith(head)


def test_a_number_that_no_till_printed_is_refused_in_a_sentence(folder: Path) -> None:
    ran = gatepos("receipt", folder, "XNM2R000001A")
    assert (ran.code, ran.out) == (REFUSED, "")
    assert "is not a gatepos number" in ran.err


def test_the_same_id_is_the_same_sale_and_nonsense_is_answered_by_name(folder: Path) -> None:
    before = reader.read(folder / "ledger.db")
    sign_in = {"do": "sign_in", "staff": "07", "pin": CLERK_PIN}
    answers = told(
        folder,
        sale("sale-0001", "UA26X1Y2ZQ"),
        "not json",
        "[]",
        "",
        {"do": "fly"},
        {"do": "sell"},
        sale("sale-0002", "UA26X1Y2ZR"),
        sign_in,
        {**sign_in, "pin": "000001"},
        {"do": "sell", "id": "sale-0003", "lines": [["park_entry", "ea_citizen", "adult", True]]},
        {"do": "sell", "id": "sale-0004", "lines": [["park_entry", "ea_citizen"]]},
        {"do": "sell", "id": "sale-0005", "lines": {"a": 1}},
        {"do": "sell", "id": "sale-0006", "free": [1]},
        {"do": "sell", "id": "sale-0007", "pay": ["mpesa"]},
        {"do": "sell", "id": "sale-0008", "enter_on": "some day"},
        {"do": "close_shift", "id": "close-0001", "notes": [["KES", "1000", 2]]},
        {"do": ["sell"]},
        "[" * 10_000,
    )
    assert answers[0]["recorded"]
    assert answers[0]["repeated"]
    errors = [answer.get("error") for answer in answers[1:]]
    assert errors == [
        "NotJson", "NotJson", "UnknownCommand", "BadCommand", "NotSignedIn", None, "WrongPin",
        "BadCommand", "BadCommand", "BadCommand",
        "BadCommand", "BadCommand", "NoDay", "BadCommand", "BadCommand", "NotJson",
    ]  # fmt: skip
    assert PIN not in json.dumps(answers)
    after = reader.read(folder / "ledger.db")
    sold = [sum(e["kind"] == "receipt.issued" for e in found.entries) for found in (before, after)]
    assert sold == [1, 1]
    assert after.first_bad == 0


def test_an_id_is_one_action_for_ever(folder: Path) -> None:
    once = sale("sale-0001", "UA26X1Y2ZQ")
    sign_in = {"do": "sign_in", "staff": "07", "pin": CLERK_PIN}
    answers = told(
        folder,
        sign_in,
        {**once, "lines": [["park_entry", "ea_citizen", "adult", 50]]},
        {**once, "do": "hold"},
        {"do": "void", "id": "sale-0001", "receipt": reader.made("XNM2", "R", 1), "reason": "x"},
        {"do": "open_shift", "id": "sale-0001"},
        once,
    )
    assert [answer.get("error") for answer in answers[1:5]] == ["SameIdOtherContent"] * 4
    assert (answers[5]["recorded"], answers[5]["repeated"]) == (True, True)


@pytest.mark.parametrize(
    "odd",
    [
        {"free": [1]},
        {"free": None},
        {"free": {"tra_crew": "1"}},
        {"free": {"tra_crew": True}},
        {"lines": [5]},
        {"lines": [[["x"], "y", "z", 1]]},
        {"lines": [["park_entry", "ea_citizen", "adult", 10**30]]},
        {"lines": [["park_entry", "ea_citizen", "adult", 1.0]]},
        {"pay": [5]},
        {"pay": {}},
        {"pay": [{"kind": ["mpesa"]}]},
        {"pay": [{"kind": "mpesa"}]},
        {"second": [1]},
        {"band": True},
        {"days": None},
        {"enter_on": 31},
        {"id": 7},
        {"id": "x" * 65},
    ],
    ids=str,
)
def test_an_odd_command_is_answered_by_name_and_sells_nothing(sell: Till, odd: dict[str, object]) -> None:
    answers = Commands(sell, i18n.words("en"))
    plain = sale("sale-0001", "UA26X1Y2ZQ")
    answer = answers.answer(json.dumps({**plain, **odd}).encode())
    assert (answer["error"], answer["recorded"]) == ("BadCommand", False)
    assert answers.answer(json.dumps(plain).encode())["number"] == "XNM2-R000001-Q"


@pytest.mark.parametrize("name", KNOWN)
def test_the_example_of_a_command_is_understood(sell: Till, name: str) -> None:
    example = KNOWN[name].example
    assert json.loads(example)["do"] == name
    answer = Commands(sell, i18n.words("en")).answer(example.encode())
    assert str(answer.get("error")) not in ("BadCommand", "UnknownCommand")


def test_help_shows_every_command_with_its_example() -> None:
    said = gatepos("till", "run", "--help").out
    for name, known in KNOWN.items():
        assert f"  {name}: {known.help}\n" in said
        assert known.example in said


def test_notes_are_counted_in_whole_numbers(sell: Till) -> None:
    answers = Commands(sell, i18n.words("en"))
    for note in (["KES", 1000, 2.5], ["KES", 1000, True], ["KES", [1], 1], [["KES"], 1000, 1], 5):
        close = {"do": "close_shift", "id": "close-001", "notes": [note], "note": "x"}
        assert answers.answer(json.dumps(close).encode())["error"] == "BadCommand"


def test_bytes_that_are_no_text_are_answered_too(folder: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "gatepos", "till", "run", str(folder)],
        input=b"\xff\xfe\n{\"do\":\"totals\"}\n", stdout=subprocess.PIPE, cwd=ROOT, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [answer.get("error") for answer in answers] == [None, "NotJson", "NotSignedIn"]


def test_a_whole_ledger_verifies_and_says_its_head(folder: Path) -> None:
    ran = gatepos("verify", folder, "--json")
    theirs = reader.read(folder / "ledger.db")
    said = json.loads(ran.out)
    assert ran.code == DONE
    assert (said["till"], said["head"], said["findings"]) == ("XNM2", theirs.head, [])
    assert gatepos("verify", folder).out.splitlines()[-1] == "whole"


def test_the_export_is_read_by_the_second_reader(folder: Path) -> None:
    lines = [json.loads(line) for line in gatepos("journal", "export", folder).out.splitlines()]
    found = reader.read(folder / "ledger.db")
    assert lines[0] == {"till": "XNM2", "public_key": found.entries[0]["data"]["public_key"]}
    assert [json.loads(line["raw"]) for line in lines[1:]] == found.entries


def test_a_backup_verifies_and_brings_back_a_lost_ledger(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    made = gatepos("backup", folder, tmp_path / "stick")
    assert (made.code, "read back and whole" in made.out) == (DONE, True)
    (copy,) = (tmp_path / "stick").glob("*.backup.db")
    manifest = json.loads(copy.with_suffix(".json").read_bytes())
    assert (manifest["till"], manifest["path"]) == ("XNM2", copy.name)
    assert gatepos("verify", copy).code == DONE
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (folder / name).unlink(missing_ok=True)
    restored = gatepos("restore", copy, folder)
    assert (restored.code, "the tape confirms the head" in restored.out) == (DONE, True), restored
    assert gatepos("verify", folder).code == DONE


def test_a_backup_behind_the_tape_is_not_restored(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert gatepos("backup", folder, tmp_path / "stick").code == DONE
    told(folder, {"do": "sign_out"})
    (copy,) = (tmp_path / "stick").glob("*.backup.db")
    (folder / "ledger.db").rename(tmp_path / "kept.db")
    ran = gatepos("restore", copy, folder)
    assert ran.code == REFUSED
    assert not (folder / "ledger.db").exists()
    (tmp_path / "kept.db").rename(folder / "ledger.db")
    assert gatepos("verify", folder).code == DONE


def test_a_changed_backup_is_found_and_named(folder: Path, tmp_path: Path) -> None:
    assert gatepos("backup", folder, tmp_path).code == DONE
    (copy,) = tmp_path.glob("*.backup.db")
    copy.write_bytes(copy.read_bytes().replace(b'"total_minor":200000', b'"total_minor":100000'))
    ran = gatepos("verify", copy)
    assert ran.code == FOUND
    assert ran.out.splitlines()[-1].startswith("first bad: entry ")


def test_a_running_till_is_left_alone(folder: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "gatepos", "till", "run", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["ready"]
    for words in (("verify", folder), ("till", "run", folder)):
        ran = gatepos(*words)
        assert (ran.code, ran.out) == (IN_USE, "")
        assert ran.err
    running.communicate(b"")
    assert running.returncode == DONE


def test_staff_are_listed_added_and_removed_by_a_manager_only(folder: Path) -> None:
    assert gatepos("staff", folder, "--add", "09", "--role", "auditor").code == DONE
    assert "09  auditor" in gatepos("staff", folder, pin=None).out
    assert "09  auditor" not in gatepos("staff", folder, "--remove", "09").out
    wrong = gatepos("staff", folder, "--add", "10", pin="000001")
    assert wrong.code == REFUSED
    clerk = gatepos("staff", folder, "--manager", "07", "--add", "10", pin=CLERK_PIN)
    assert (clerk.code, "You may not do this" in clerk.err) == (REFUSED, True)
    assert "10" not in gatepos("staff", folder).out.split()


def test_a_manager_sets_pins_anew_after_the_file_is_damaged_and_the_journal_says_so(
    folder: Path, tmp_path: Path
) -> None:
    park = Path(shutil.copytree(folder, tmp_path / "park"))
    whole = gatepos("pins", park)
    assert (whole.code, "can be read" in whole.err) == (REFUSED, True)
    (park / "pins.json").write_text("{")
    for words in (("till", "run"), ("staff",)):
        ran = gatepos(*words, park)
        assert (ran.code, f"gatepos pins {park}" in ran.err) == (REFUSED, True)
    clerk = gatepos("pins", park, "--manager", "07")
    assert (clerk.code, "You may not do this" in clerk.err) == (REFUSED, True)
    ran = gatepos("pins", park)
    assert ran.code == DONE
    code = ran.out.split("start code ")[1].split()[0]
    answers = told(
        park,
        {"do": "sign_in", "staff": "07", "pin": CLERK_PIN},
        {"do": "choose_pin", "staff": "01", "start_code": code, "pin": "135792"},
        {"do": "sign_in", "staff": "01", "pin": "135792"},
    )
    assert [answer.get("error") for answer in answers] == ["WrongPin", None, None]
    changed = [e for e in reader.read(park / "ledger.db").entries if e["kind"] == "staff.changed"][-1]
    assert (changed["by"], changed["data"]["staff"]) == (None, "01")
    assert (park / "pins.damaged-1.json").read_text() == "{"
    assert gatepos("pins", park).code == REFUSED


def test_a_lost_pin_file_is_set_anew_too(folder: Path, tmp_path: Path) -> None:
    park = Path(shutil.copytree(folder, tmp_path / "park"))
    (park / "pins.json").unlink()
    assert "start code" in gatepos("pins", park).out


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("till.toml", b'till = "\xff"', "till.toml does not say"),
        ("till.toml", b'till = "XNM2"', "till.toml does not say"),
        ("till.toml", None, "till.toml does not say"),
        ("till.toml", b'till = "XNM2"\npark = "NAO"', "the ledger is till XNM2 of NNP"),
        ("till.toml", b'till = "XNM9"\npark = "NNP"', "the ledger is till XNM2 of NNP"),
        ("till.key", None, "cannot be read"),
        ("settings.toml", None, "settings.toml, line 1"),
        ("settings.toml", b'printer = "\xff"', "settings.toml, line 1"),
        ("settings.toml", b'first_tape = "\\u0000"', "settings.toml, line 1"),
        ("pepper", None, "pepper file"),
        ("pins.json", None, "PIN file"),
    ],
)
def test_a_damaged_file_of_the_folder_is_named(
    folder: Path, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    park = Path(shutil.copytree(folder, tmp_path / "park"))
    (park / name).unlink()
    if content is None:
        (park / name).mkdir()
    else:
        (park / name).write_bytes(content)
    ran = gatepos("till", "run", park)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert says in ran.err
    if name in ("settings.toml", "till.key"):
        assert says in gatepos("verify", park).err
    if "XNM2 of NNP" in says:
        verified = gatepos("verify", park)
        assert (verified.code, "till or park in the folder" in verified.out) == (FOUND, True)


def test_no_command_takes_a_pin_as_an_argument() -> None:
    def options(command: Command) -> list[str]:
        own = [name for p in command.params if isinstance(p, Option) for name in p.opts]
        inner = command.commands.values() if isinstance(command, Group) else ()
        return own + [name for one in inner for name in options(one)]

    assert not [
        name for name in options(cli.commands) if "pin" in name or ("code" in name and name != "--code")
    ]


def test_a_pin_stands_in_no_file_of_the_till(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert PIN.encode() not in content, path
            assert CLERK_PIN.encode() not in content, path


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of Unix")
def test_only_its_owner_reads_the_ledger_the_key_and_the_pins(folder: Path) -> None:
    kept = [folder / name for name in ("ledger.db", "till.key", "pepper", "pins.json", "personal.db")]
    for path in [*kept, *(folder / "tape").iterdir()]:
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--code", "NMG2"), "begin with X"),
        (("--code", "X"), "begin with X"),
        (("--park", "ZZZ"), "There is no park ZZZ"),
        (("--gate", "NOWH"), "has no gate NOWH"),
        (("--printer", "laser"), "is no printer"),
        (("--schedule", "CF1999"), "no fee schedule CF1999"),
        (("--manager", "1"), "two to four digits"),
    ],
)
def test_a_till_that_cannot_be_made_is_not_begun(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    ran = gatepos("init", tmp_path / "park", *words)
    assert ran.code == REFUSED
    assert says in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_weak_pin_makes_no_till_and_a_good_one_then_does(tmp_path: Path) -> None:
    assert gatepos("init", tmp_path / "park", pin="123456").code == REFUSED
    assert gatepos("init", tmp_path / "park").code == DONE
    assert settings.load(tmp_path / "park") == Settings()
    again = gatepos("init", tmp_path / "park")
    assert (again.code, "holds a till already" in again.err) == (REFUSED, True)


def test_what_init_is_told_is_written_over_what_the_folder_says_and_the_rest_stays(tmp_path: Path) -> None:
    (tmp_path / settings.FILE).write_text('theme = "dark"\nlanguage = "en"\nbackup = "/media/stick"\n')
    made = gatepos("init", tmp_path, "--park", "TSE", "--gate", "VOI", "--lane", "3", "--language", "sw")
    assert (made.code, made.err) == (DONE, "")
    assert "Till XSV3 of TSE" in made.out
    kept = settings.load(tmp_path)
    assert (kept.theme, kept.language, kept.backup) == ("dark", "sw", "/media/stick")


@pytest.mark.parametrize(
    "words", [("till", "run"), ("staff",), ("verify",), ("journal", "export")], ids=lambda words: words[-1]
)
def test_a_folder_without_a_till_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = gatepos(*words, tmp_path)
    assert (ran.code, ran.out) == (REFUSED, "")
    assert str(tmp_path) in ran.err
    assert list(tmp_path.iterdir()) == []


def test_refusals_are_in_the_language_of_the_folder(tmp_path: Path) -> None:
    assert gatepos("init", tmp_path / "park", "--language", "sw").code == DONE
    ran = gatepos("receipt", tmp_path / "park", "XNM2R000001A")
    swahili = i18n.words("sw")
    assert (ran.code, ran.err) == (REFUSED, swahili(BadNumber.says, typed="XNM2R000001A") + "\n")
    assert swahili(BadNumber.says) != BadNumber.says
    (answer,) = told(tmp_path / "park", {"do": "totals"})
    assert answer["says"] == swahili("Sign in first.") != "Sign in first."


def test_something_else_than_a_backup_is_no_ledger(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello " * 500)
    (tmp_path / "empty.db").touch()
    for name in ("notes.txt", "empty.db"):
        ran = gatepos("verify", tmp_path / name)
        assert ran.code in (FOUND, REFUSED)


def test_a_command_that_does_not_exist_is_refused() -> None:
    ran = gatepos("fly")
    assert (ran.code, ran.out) == (REFUSED, "")
    assert "fly" in ran.err


def test_what_is_copied_off_a_till_goes_to_a_folder_that_is_there_and_not_its_own(
    folder: Path, tmp_path: Path
) -> None:
    unplugged, inside = tmp_path / "unplugged", folder / "copies"
    inside.mkdir(exist_ok=True)
    to = {
        "backup": ("backup", folder),
        "bundle": ("bundle", "export", folder),
        "audit": ("audit", folder),
        "takings": ("takings", folder, "--day", "2026-01-02", "--out"),
        "difference": (
            "difference", folder, "--since", "2026-01-02 10:00", "--schedule", "CF2016", "--day",
            "2026-01-02", "--out",
        ),
    }  # fmt: skip
    for name, words in to.items():
        gone, own = gatepos(*words, unplugged), gatepos(*words, inside)
        assert (gone.code, own.code) == (REFUSED, REFUSED), name
        assert str(unplugged) in gone.err, name
        assert (
            own.err
            == f"{inside} lies in {folder} itself. Take a stick or another disk; nothing was written.\n"
        )
    assert (unplugged.exists(), list(inside.iterdir())) == (False, [])

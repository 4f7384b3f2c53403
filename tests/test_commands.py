"""Every command, from the parser itself: what it is not given right is one line, never a traceback."""

import ctypes
import json
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import click
import pytest
from click import Command, Context, Group, Option, Parameter

from gatepos import app, cli, i18n, settings, spoken
from gatepos.central.store.engine import FILE as CENTRAL_FILE
from gatepos.domain.numbers import BadNumber
from gatepos.ledger.file import FILE
from gatepos.spoken import STOPPED
from tests.test_cli import DONE, PIN, REFUSED, ROOT, Ran, gatepos

_TYPED = {
    "park": "NNP", "gate": "MAIN", "number": "07", "till": "NMG2", "code": "NMG2", "month": "2026-01",
    "rate": "129.50", "setting": "allow_cash=yes", "settings": "allow_cash=yes", "url": "http://127.0.0.1:9",
    "paybill": "600000", "since": "2026-01-02 10:00", "schedule": "CF2016", "second": "07",
    "reference": "KWS-1", "host": "pass.example",
}  # fmt: skip
"""What is typed for a parameter by its name; another one's is made of its type."""
_MORE = {
    "central forward": ("--file", "{}/forwarded.jsonl"), "central code": ("--lane", "1"),
    "takings": ("--day", "2026-01-02"), "central takings": ("--day", "2026-01-02"),
    "difference": ("--day", "2026-01-02"), "staff": ("--add", "09"),
}  # fmt: skip
"""What a command wants beside its parameters."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command of the parser, by its words."""

    words: tuple[str, ...]
    command: Command

    @property
    def name(self) -> str:
        return " ".join(self.words)

    @property
    def place(self) -> Parameter | None:
        """The folder or file at which it works."""
        named = ("folder", "path", "out") if self.name == "central poster" else ("folder", "path")
        return next((one for one in self.command.params if one.name in named), None)

    def typed(self, place: Path, given: Path) -> list[object]:
        """The words of a whole command line at a place; other folders and files are in `given`."""
        line: list[object] = list(self.words)
        for one in self.command.params:
            if one is self.place:
                line.append(place / "poster.pdf" if one.name == "out" else place)
            elif one.required:
                option = [one.opts[0]] if isinstance(one, Option) else []
                line += [*option, _value(one, given)]
        return [*line, *(word.format(given) for word in _MORE.get(self.name, ()))]


def leaves(command: Command = cli.commands, words: tuple[str, ...] = ()) -> Iterator[Leaf]:
    """Every command below one."""
    if not isinstance(command, Group):
        yield Leaf(words, command)
        return
    at = Context(command)
    for name in command.list_commands(at):
        inner = command.get_command(at, name)
        assert inner is not None
        yield from leaves(inner, (*words, name))


def _value(one: Parameter, given: Path) -> object:
    if one.name in _TYPED:
        return _TYPED[one.name]
    if isinstance(one.type, click.Path):
        return given / "stick" if not one.type.file_okay else given / "notes.toml"
    if isinstance(one.type, click.Choice):
        return one.type.choices[0]
    return "1"


LEAVES = {leaf.name: leaf for leaf in leaves()}
PLACED = [name for name, leaf in LEAVES.items() if leaf.place is not None and name != "demo"]
MAKES = {"init", "central init"}
"""What makes a folder where there is none."""
READS = {"journal export", "spare look", "verify-export", "central poster", "central backup"}
"""What looks at no form of a ledger, and copies any."""


def is_one_line(ran: Ran) -> bool:
    """Whether a command refused in one line on the error stream."""
    return ran.code != DONE and len(ran.err.strip().splitlines()) == 1 and "Traceback" not in ran.err


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is given beside the folder at which a command works: a stick, and a file that is nothing."""
    given = tmp_path_factory.mktemp("given")
    (given / "stick").mkdir()
    (given / "notes.toml").write_text("hello")
    (given / "notes.csv").write_text("hello")
    return given


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """A central, and a till."""
    made = tmp_path_factory.mktemp("made")
    assert gatepos("init", made / "till").code == DONE
    assert gatepos("central", "init", made / "central").code == DONE
    return {True: made / "central", False: made / "till"}


def whole(made: dict[bool, Path], leaf: Leaf, to: Path) -> Path:
    """A copy of what a command works at."""
    return Path(shutil.copytree(made[leaf.words[0] == "central"], to))


@pytest.mark.parametrize("name", [name for name in LEAVES if name != "demo"])
def test_a_command_without_its_arguments_says_what_is_missing(name: str) -> None:
    ran = gatepos(*LEAVES[name].words)
    assert is_one_line(ran), ran
    assert "Missing " in ran.err
    assert ran.err.endswith(f" {name} --help\n")


@pytest.mark.parametrize("name", [name for name in PLACED if name not in MAKES])
def test_a_folder_that_is_missing_or_empty_is_said_in_one_line(
    name: str, given: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "none" / "at all", *(() if name == "central poster" else (tmp_path / "empty",))):
        ran = gatepos(*LEAVES[name].typed(place, given))
        assert is_one_line(ran), ran
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", PLACED)
@pytest.mark.parametrize("content", ["", "hello " * 500], ids=["empty", "text"])
def test_a_file_instead_of_a_folder_is_said_in_one_line(
    name: str, content: str, given: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text(content)
    ran = gatepos(*LEAVES[name].typed(tmp_path / "file", given))
    assert is_one_line(ran), ran


@pytest.mark.parametrize("name", PLACED)
def test_a_place_where_nothing_can_be_made_is_said_in_one_line(name: str, given: Path) -> None:
    ran = gatepos(*LEAVES[name].typed(Path("/proc/foo"), given))
    assert is_one_line(ran), ran


@pytest.mark.parametrize("name", [name for name in PLACED if name not in READS])
def test_a_folder_of_a_newer_program_is_said_in_one_line(
    name: str, made: dict[bool, Path], given: Path, tmp_path: Path
) -> None:
    place = whole(made, LEAVES[name], tmp_path / "newer")
    for file, sql in (
        (FILE, "UPDATE cursor SET value = 999999 WHERE name = 'version'"),
        (FILE, "PRAGMA user_version = 999999"),
        (CENTRAL_FILE, "UPDATE form SET version = 999999"),
    ):
        if (place / file).exists():
            with closing(sqlite3.connect(place / file)) as conn, conn:
                conn.execute(sql)
    ran = gatepos(*LEAVES[name].typed(place, given), password=PIN, second=PIN)
    assert is_one_line(ran), ran


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """What is run in the background ignores it, and so does whatever that runs."""
    was = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, was)


@pytest.mark.usefixtures("heeds_ctrl_c")
@pytest.mark.parametrize("name", list(LEAVES))
def test_ctrl_c_stops_a_command_in_one_line(
    name: str, made: dict[bool, Path], given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaf = LEAVES[name]
    line = leaf.typed(whole(made, leaf, tmp_path / "at"), given)
    monkeypatch.setattr(leaf.command, "callback", lambda **_: signal.raise_signal(signal.SIGINT))
    ran = gatepos(*line)
    assert (ran.code, ran.err.strip()) == (STOPPED, "Stopped.")


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are of Linux")
def test_a_folder_that_may_not_be_written_is_said_in_one_line(
    made: dict[bool, Path], given: Path, tmp_path: Path
) -> None:
    lines = {}
    for name in PLACED:
        if name not in READS - {"central poster", "central backup"}:
            place = whole(made, LEAVES[name], tmp_path / name)
            for path in (*place.rglob("*"), place):
                path.chmod(0o555 if path.is_dir() else 0o444)
            lines[name] = list(map(str, LEAVES[name].typed(place, given)))
    done = subprocess.run(
        [sys.executable, "-c", "from tests.test_commands import powerless; powerless()"],
        input=json.dumps(lines), stdout=subprocess.PIPE, cwd=ROOT, check=True, text=True,
    )  # fmt: skip
    said = {name: Ran(*ran) for name, ran in json.loads(done.stdout).items()}
    assert set(said) == set(lines)
    assert {name: ran for name, ran in said.items() if not is_one_line(ran)} == {}


@pytest.mark.usefixtures("heeds_ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="signals are of Unix")
def test_a_running_till_that_is_stopped_by_ctrl_c_says_so_and_is_whole(made: dict[bool, Path]) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "gatepos", "till", "run", str(made[False])], text=True, cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    assert json.loads(running.stdout.readline())["ready"]
    running.send_signal(signal.SIGINT)
    _, err = running.communicate()
    assert (running.returncode, err.strip()) == (STOPPED, "Stopped.")
    assert gatepos("verify", made[False]).code == DONE


def test_a_pin_for_which_nobody_can_be_asked_is_named_and_one_that_is_piped_in_is_taken(
    made: dict[bool, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "_is_terminal", lambda: False)  # of a developer who runs this at one
    nobody = gatepos("staff", made[False], "--add", "09", pin=None)
    assert (nobody.code, nobody.out) == (REFUSED, "")
    assert nobody.err == "Nobody is here to ask for it: put the PIN of the manager into GATEPOS_PIN.\n"
    piped = gatepos("staff", made[False], "--add", "09", pin=None, stdin=f"{PIN}\n")
    assert (piped.code, piped.err) == (DONE, "")


def test_takings_of_no_day_and_a_file_without_a_journal_are_said(
    made: dict[bool, Path], given: Path, tmp_path: Path
) -> None:
    ran = gatepos("takings", made[False], "--out", given / "stick")
    assert ran.err == "Say of which days: one day, one month, or the first and the last day.\n"
    (tmp_path / "empty.db").touch()
    assert gatepos("verify", tmp_path / "empty.db") == Ran(REFUSED, "", "empty.db is not a gatepos ledger.\n")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "sw_KE.UTF-8"}, "sw"),
        ({"LANGUAGE": "fr:sw:en", "LANG": "en_US.UTF-8"}, "sw"),
        ({"LC_ALL": "en_GB", "LANG": "sw_KE"}, "en"),
        ({"LC_MESSAGES": "sw@latin", "LANG": "en_US"}, "sw"),
        ({"LANGUAGE": "", "LANG": "C.UTF-8"}, None),
        ({}, None),
    ],
)
def test_refusals_are_in_the_language_of_the_environment_else_of_the_folder(
    environment: dict[str, str], language: str | None, made: dict[bool, Path], tmp_path: Path
) -> None:
    place = whole(made, LEAVES["receipt"], tmp_path / "at")
    for own in i18n.LANGUAGES:
        app.save(place, replace(settings.load(place), language=own))
        ran = gatepos("receipt", place, "XNM2R000001A", **environment)
        assert ran.err == i18n.words(language or own)(BadNumber.says, typed="XNM2R000001A") + "\n"


def test_a_language_that_is_named_goes_before_the_environments(made: dict[bool, Path], given: Path) -> None:
    line = ("takings", made[False], "--day", "2026-01-02", "--format", "json", "--out", given / "stick")
    for named, words in (((), i18n.words("sw")), (("--language", "en"), i18n.words("en"))):
        ran = gatepos(*line, *named, LANGUAGE="sw")
        assert ran.code == DONE, ran
        said = json.loads((Path(ran.out.split(": ")[0]) / "report.json").read_bytes())
        assert f'"{words("Receipts")}"' in json.dumps(said, ensure_ascii=False)
    assert i18n.words("sw")("Receipts") != "Receipts"


def powerless() -> None:
    """Run the command lines that are read, as somebody to whom the modes of files apply; root has none."""
    header, nothing = struct.pack("Ii", 0x20080522, 0), bytes(24)
    assert ctypes.CDLL(None).capset(header, nothing) == 0
    ran = {name: gatepos(*line, password=PIN, second=PIN) for name, line in json.load(sys.stdin).items()}
    json.dump({name: (one.code, one.out, one.err) for name, one in ran.items()}, sys.stdout)

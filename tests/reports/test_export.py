"""An export is whole and signed under its name, or has no name: whatever the medium does."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from gatepos.reports import apart, export, manifest
from gatepos.reports.apart import ExportEnded
from gatepos.reports.export import Exported, Make, Progress, Step
from gatepos.reports.manifest import (
    BadManifest,
    File,
    ManifestForged,
    NoManifest,
    SignerOther,
    SignerUnknown,
)
from gatepos.reports.medium import MediumFault, MediumFull, MediumGone, MediumReadOnly
from gatepos.reports.sheet import Report
from gatepos.seal.keys import TillKey
from tests.reports import papers
from tests.reports.papers import KEY, SIGNER, WORDS

_ALL = ("xlsx", "pdf", "csv", "json")
_FILES = ["columns.csv", "hours.csv", "receipts.csv", "report.json", "report.pdf", "report.xlsx"]
_SIZE_KIB = 300


def small() -> Report:
    return papers.report(papers.register(5), papers.hours())


def write(folder: Path, make: Make, *formats: str) -> Exported:
    return export.write(small(), folder, formats, WORDS, SIGNER, lambda _: None, make)


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """An export of every format."""
    return papers.written(tmp_path, small(), *_ALL).folder


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, small as none is; skipped where nobody may mount one."""
    folder = tmp_path / "stick"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={_SIZE_KIB}k"]
    if subprocess.run(["mount", *options, "none", str(folder)], capture_output=True).returncode:
        pytest.skip("nobody may mount a file system here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def said_of(folder: Path) -> list[str]:
    return [str(finding) for finding in manifest.check(folder, {"NMG2": KEY.public}).findings]


def test_an_export_has_its_files_and_a_manifest_that_its_till_signed(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == sorted([*_FILES, "manifest.json"])
    checked = manifest.check(made, {"NMG2": KEY.public})
    assert checked.findings == ()
    assert [head.seq for head in checked.heads] == [4812]
    assert (checked.by, checked.version) == ("NMG2", 2)


@pytest.mark.parametrize("name", _FILES)
def test_one_altered_byte_in_any_file_is_named(made: Path, name: str) -> None:
    data = bytearray((made / name).read_bytes())
    data[len(data) // 2] ^= 1
    (made / name).write_bytes(data)
    assert said_of(made) == [f"{name} was altered: its bytes are not those that were signed"]


def test_files_that_were_swapped_lost_or_brought_are_named(made: Path) -> None:
    (made / "hours.csv").rename(made / "swap")
    (made / "receipts.csv").rename(made / "hours.csv")
    (made / "swap").rename(made / "receipts.csv")
    (made / "report.pdf").unlink()
    (made / "more").mkdir()
    assert [line.split()[0] for line in said_of(made)] == ["hours.csv", "receipts.csv", "report.pdf", "more"]


def test_a_manifest_is_refused_when_a_byte_its_till_or_its_key_is_another(made: Path, tmp_path: Path) -> None:
    place = made / "manifest.json"
    good = place.read_bytes()
    place.write_bytes(good.replace(b'\\"version\\":2', b'\\"version\\":3'))
    with pytest.raises(ManifestForged, match="NMG2 did not sign"):
        manifest.check(made)
    place.write_bytes(good)
    with pytest.raises(SignerUnknown):
        manifest.check(made, {"NMG3": KEY.public})
    with pytest.raises(SignerOther):
        manifest.check(made, {"NMG2": TillKey(b"\x08" * 32).public})
    place.write_bytes(good[:100])
    with pytest.raises(BadManifest):
        manifest.check(made)
    place.write_bytes(b"\xff\xfe")
    with pytest.raises(BadManifest):
        manifest.check(made)
    place.unlink()
    with pytest.raises(NoManifest):
        manifest.check(made)


def test_a_manifest_cannot_name_files_outside_its_folder(made: Path, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_bytes(b"")
    outside = File("../other.csv", 0, "0" * 64)
    with pytest.raises(ValueError, match="files"):
        manifest.write(made, small(), [outside], SIGNER)


def test_the_same_again_stands_beside_the_first_and_never_over_it(made: Path) -> None:
    again = papers.written(made.parent, small(), "csv").folder
    assert (made.name, again.name) == ("nmg2-2026-01-02-v2", "nmg2-2026-01-02-v2-2")
    assert said_of(made) == []


def test_progress_goes_from_nothing_to_all_and_ends_with_reading_back(tmp_path: Path) -> None:
    steps: list[Step] = []
    report = papers.report(papers.register(1200))
    export.write(report, tmp_path, ("csv", "json"), WORDS, SIGNER, steps.append)
    assert [step.done for step in steps if step.what != export.READING_BACK] == [
        500, 1000, 1200, 1700, 2200, 2400,
    ]  # fmt: skip
    assert (steps[-1].what, steps[-1].done) == (export.READING_BACK, steps[-1].of)


def test_stopping_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    def stop(step: Step) -> None:
        raise KeyboardInterrupt

    for make in (export.make, apart.make):
        with pytest.raises(KeyboardInterrupt):
            export.write(small(), tmp_path, _ALL, WORDS, SIGNER, stop, make)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("make", [export.make, apart.make])
def test_a_full_stick_is_named_and_keeps_nothing(stick: Path, make: Make) -> None:
    report = papers.report(papers.register(9000))
    for name in _ALL:
        with pytest.raises(MediumFull, match="no room"):
            export.write(report, stick, (name,), WORDS, SIGNER, lambda _: None, make)
        assert list(stick.iterdir()) == []


def test_a_locked_stick_is_named(stick: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(stick)], check=True)
    with pytest.raises(MediumReadOnly, match="cannot be written"):
        write(stick, export.make, *_ALL)


def test_a_stick_that_is_pulled_is_named_and_what_is_on_it_is_no_export(stick: Path) -> None:
    def pull(
        report: Report, place: Path, formats: Sequence[str], language: str, progress: Progress
    ) -> list[File]:
        files = export.make(report, place, formats, language, progress)
        shutil.copytree(place, stick.parent / "as it was pulled")
        subprocess.run(["umount", "-l", str(stick)], check=True)
        return files

    with pytest.raises(MediumGone, match="not there any more"):
        write(stick, pull, "csv")
    with pytest.raises(NoManifest, match="never finished"):
        manifest.check(stick.parent / "as it was pulled")


def test_a_stick_that_does_not_keep_what_was_written_is_not_trusted(tmp_path: Path) -> None:
    def lies(
        report: Report, place: Path, formats: Sequence[str], language: str, progress: Progress
    ) -> list[File]:
        files = export.make(report, place, formats, language, progress)
        (place / "receipts.csv").write_bytes(b"0" * (place / "receipts.csv").stat().st_size)
        return files

    with pytest.raises(MediumFault, match=r"receipts\.csv.*another"):
        write(tmp_path, lies, "csv")
    assert list(tmp_path.iterdir()) == []


def test_another_process_writes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    assert manifest.hashed(write(tmp_path / "other", apart.make, *_ALL).folder / "receipts.csv") == (
        manifest.hashed(made / "receipts.csv")
    )
    assert (
        write(tmp_path / "other", apart.make, *_ALL).files
        == write(tmp_path / "other", export.make, *_ALL).files
    )


def test_a_process_that_dies_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportEnded, match="code 1"):
        write(tmp_path, apart.make, "csv", "no such format")
    assert list(tmp_path.iterdir()) == []

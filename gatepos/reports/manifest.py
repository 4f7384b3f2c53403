"""The signed list of what an export holds, and the check of an export against it (source: FORMATS.md §7)."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from gatepos import __version__, files
from gatepos.domain import shapes, vocabulary
from gatepos.domain.shapes import Field, Table
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger.ledger import Ledger
from gatepos.reports.sheet import Head, Note, Report
from gatepos.seal import said
from gatepos.seal.said import Said
from gatepos.wire import forms

NAME, KIND = "manifest.json", "export"
_FILES_MAX, _HEADS_MAX, _BLOCK = 200, 1000, 1 << 20
_FILE_NAME = re.compile(r"[a-z0-9_]{1,60}\.[a-z]{2,5}")

_BY = shapes.Type(
    "till code or central", lambda value: value == vocabulary.CENTRAL or shapes.TILL.holds(value)
)
_file_name = shapes.Type(
    "name of a file", lambda value: isinstance(value, str) and _FILE_NAME.fullmatch(value) is not None
)
FILE: Table = {
    "name": Field(_file_name, "in the folder"),
    "size": Field(shapes.whole(0, 2**40), "bytes"),
    "sha256": Field(shapes.HASH, "of its bytes"),
}
HEAD: Table = {
    "till": Field(shapes.TILL, "whose chain"),
    "seq": Field(shapes.whole(0, 2**50), "the last entry that was read"),
    "hash": Field(shapes.HASH, "its hash"),
}
MANIFEST: Table = {
    "kind": Field(shapes.one_of(KIND), "what is signed"),
    "by": Field(_BY, "who signed"),
    "public_key": Field(shapes.HASH, "with which key"),
    "at": Field(shapes.MOMENT, "when it was made"),
    "program": Field(shapes.TEXT, "version of gatepos"),
    "park": Field(shapes.TEXT, "of the report"),
    "first": Field(shapes.DAY, "business day"),
    "last": Field(shapes.DAY, "business day"),
    "as_of": Field(shapes.MOMENT, "until when the ledgers were read"),
    "version": Field(shapes.whole(1, 10**6), "how often this range was reported with other figures"),
    "heads": Field(
        shapes.many(shapes.record("head", HEAD), _HEADS_MAX), "the chains as far as they were read"
    ),
    "files": Field(shapes.many(shapes.record("file", FILE), _FILES_MAX), "all files beside the manifest"),
}

_ALTERED = N_("{name} was altered: its bytes are not those that were signed")
_MISSING = N_("{name} is missing")
_EXTRA = N_("{name} does not belong to this export")


class NoManifest(Refusal):
    """A folder that is no finished export."""

    says = N_("{folder} has no {name}: it is no export, or one that was never finished.")


class BadManifest(Refusal):
    """A manifest of another form."""

    says = N_("The manifest of {folder} cannot be read: {why}.")


class ManifestForged(Refusal):
    """A manifest that its key did not sign."""

    says = N_("The manifest was altered, or {by} did not sign it. Trust nothing in {folder}.")


class SignerUnknown(Refusal):
    """A manifest by a till whose key is not among those that are known."""

    says = N_("{by} signed this, and its key is not among those that were given.")


class SignerOther(Refusal):
    """A manifest by another key than the till's."""

    says = N_("This says that it is of {by}, and another key signed it. Trust nothing in {folder}.")


@dataclass(frozen=True, slots=True)
class File:
    """A file of an export; `size` in bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs an export: a till or central, its public key, the moment (UTC), the key behind `say`."""

    by: str
    public: bytes
    at: str
    say: Callable[[dict[str, object]], Said]

    @classmethod
    def of(cls, ledger: Ledger, at: str) -> "Signer":
        """The till itself, by the key of its open ledger."""
        return cls(ledger.context.till, ledger.public_key, at, ledger.say)


@dataclass(frozen=True, slots=True)
class Checked:
    """An export whose manifest its key signed; `findings` are empty when every file is as it was written."""

    by: str
    public: bytes
    at: str
    first: str
    last: str
    version: int
    heads: tuple[Head, ...]
    files: tuple[File, ...]
    findings: tuple[Note, ...]


def hashed(path: Path) -> File:
    """A file as it is on the disk."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return File(path.name, size, digest.hexdigest())


def write(place: Path, report: Report, made: Iterable[File], signer: Signer) -> None:
    """Sign what an export holds, and write it beside the files."""
    fields = {
        "kind": KIND,
        "by": signer.by,
        "public_key": signer.public.hex(),
        "at": signer.at,
        "program": __version__,
        **report.about(),
        "files": [asdict(file) for file in made],
    }
    why = shapes.why_not(MANIFEST, fields)
    if why is not None:
        raise ValueError(why)
    files.write_whole(place / NAME, signer.say(fields).body() + b"\n")


def check(folder: Path, known: Mapping[str, bytes] | None = None) -> Checked:
    """An export against its manifest, by the keys that are known, else by the key that it names itself.

    NoManifest, BadManifest, SignerUnknown, SignerOther, ManifestForged; a file that differs is a finding.
    """
    signed, fields = _read(folder)
    by, public = cast(str, fields["by"]), bytes.fromhex(cast(str, fields["public_key"]))
    if known is not None and by not in known:
        raise SignerUnknown(by=by)
    if known is not None and known[by] != public:
        raise SignerOther(by=by, folder=folder)
    if not said.holds(public, KIND, signed):
        raise ManifestForged(by=by, folder=folder)
    listed = tuple(File(**file) for file in cast("list[dict[str, object]]", fields["files"]))  # type: ignore[arg-type]
    return Checked(
        by,
        public,
        cast(str, fields["at"]),
        cast(str, fields["first"]),
        cast(str, fields["last"]),
        cast(int, fields["version"]),
        tuple(Head(**head) for head in cast("list[dict[str, object]]", fields["heads"])),  # type: ignore[arg-type]
        listed,
        tuple(findings(folder, listed)),
    )


def findings(folder: Path, listed: Iterable[File]) -> Iterable[Note]:
    """What differs between a folder and a list of its files, the manifest aside."""
    names = {NAME}
    for file in listed:
        names.add(file.name)
        path = folder / file.name
        if not path.is_file():
            yield Note(_MISSING, {"name": file.name})
        elif hashed(path) != file:
            yield Note(_ALTERED, {"name": file.name})
    for path in sorted(folder.iterdir()):
        if path.name not in names:
            yield Note(_EXTRA, {"name": path.name})


def _read(folder: Path) -> tuple[Said, dict[str, object]]:
    try:
        data = (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise NoManifest(folder=folder, name=NAME) from error
    try:
        signed = said.parsed(data)
        return signed, forms.parsed(MANIFEST, signed.raw)
    except (forms.BadBody, UnicodeDecodeError) as error:
        why = error.values["why"] if isinstance(error, forms.BadBody) else "not text"
        raise BadManifest(folder=folder, why=why) from error

"""An audit stick: a whole ledger, its registers, and a page that checks them in a browser (FORMATS.md §8)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import orjson

from gatepos import __version__
from gatepos.domain.fees import Schedule
from gatepos.domain.keyring import KeyRow
from gatepos.i18n import N_, Words
from gatepos.ledger import media
from gatepos.ledger.ledger import Ledger
from gatepos.reports import audit_sheets, csv_files, export, manifest, medium
from gatepos.reports.export import Exported, Progress, Step
from gatepos.reports.manifest import Signer
from gatepos.reports.outlet import Outlet
from gatepos.reports.sheet import Head, Note, Report

KIND, PAGE, JOURNAL = "audit", "check.html", "journal"
PART = 20_000
"""Entries of one file: a browser holds one at a time."""
_SLICE = 500
_WHOLE = N_("The whole ledger of {till}: {n} entries.")


@dataclass(frozen=True, slots=True)
class Audited:
    """A ledger, the certificates and schedules with it, and the number by which receipts are drawn."""

    ledger: Ledger
    rows: Sequence[KeyRow]
    schedules: Sequence[Schedule]
    seed: int


def write(audited: Audited, folder: Path, words: Words, signer: Signer, progress: Progress) -> Exported:
    """Write a stick into a new folder in `folder`, `nmg2-audit-1042` by the last entry; it reads back.

    On the ledger's thread; `progress` is called often enough to let others act, and what they write
    meanwhile is not on the stick. NoMedium, MediumInside, MediumFull, MediumReadOnly, MediumGone,
    MediumFault.
    """
    media.check(folder, audited.ledger.folder)
    report = _report(audited)
    with medium.staged(folder, f"{signer.by.lower()}-{KIND}-{report.heads[0].seq}") as place:
        outlet = Outlet(place, words, lambda _: None)
        parts = _write_journal(audited.ledger, report.heads[0], outlet, progress)
        _write_statement(report, parts, audited.seed, signer, outlet)
        with outlet.file(PAGE) as file:
            file.write(page())
        csv_files.write(report, outlet)
        made = [manifest.hashed(path) for path in sorted(place.iterdir())]
        manifest.write(place, report, made, signer)
        export.read_back(folder, place, made, progress, is_signed=True)
        return Exported(medium.finish(place), tuple(made))


def page() -> bytes:
    """The page that checks a stick, the same on every one of this version."""
    return Path(__file__).with_name(PAGE).read_bytes()


def of(ledger: Ledger, rows: Sequence[KeyRow], known: Iterable[Schedule], seed: int | None) -> Audited:
    """A ledger with those of the known schedules that were in force.

    Without a seed it is made of the last hash, which nobody at the till knew before.
    """
    used = {entry.data["schedule"] for entry in ledger.of_kind("schedule.switched")}
    in_force = tuple(one for one in known if one.id in used)
    return Audited(
        ledger, rows, in_force, int.from_bytes(ledger.head[1][:4], "big") if seed is None else seed
    )


def _report(audited: Audited) -> Report:
    ledger = audited.ledger
    seq, head = ledger.head
    first, last = ledger.entry(1), ledger.entry(seq)
    till = ledger.context.till
    sheets = (
        audit_sheets.staff(ledger),
        audit_sheets.shifts(ledger),
        audit_sheets.in_force(ledger),
        audit_sheets.keys(audited.rows),
        audit_sheets.sample(ledger, audited.seed),
        *map(audit_sheets.schedule, audited.schedules),
    )
    about = (Note(_WHOLE, {"till": till, "n": seq}),)
    # The business day does not go back, though a clock may.
    days = (min(first.day, last.day), last.day)
    return Report(ledger.context.park, *days, last.at, 1, (Head(till, seq, head.hex()),), about, sheets)


def _write_journal(ledger: Ledger, head: Head, outlet: Outlet, progress: Progress) -> int:
    """The entries up to the head, in files of PART; how many files."""
    told = islice(ledger.told(0), head.seq)
    done = parts = 0
    while done < head.seq:
        parts += 1
        with outlet.file(f"{JOURNAL}_{parts:03d}.js") as file:
            file.write(b"entries([\n")
            for lines in _slices(islice(told, PART)):
                file.write(b"".join(lines))
                done += len(lines)
                progress(Step(JOURNAL, done, head.seq))
            file.write(b"]);\n")
    return parts


def _slices(entries: Iterator[tuple[bytes, bytes]]) -> Iterator[list[bytes]]:
    while batch := list(islice(entries, _SLICE)):
        yield [orjson.dumps({"raw": raw.decode(), "sig": sig.hex()}) + b",\n" for raw, sig in batch]


def _write_statement(report: Report, parts: int, seed: int, signer: Signer, outlet: Outlet) -> None:
    """What the till signs of the stick, without which a journal cut short would look whole."""
    head = report.heads[0]
    said = signer.say({
        "kind": KIND, "till": head.till, "park": report.park, "public_key": signer.public.hex(),
        "at": signer.at, "program": __version__, "entries": head.seq, "head": head.hash,
        "parts": parts, "seed": seed,
    })  # fmt: skip
    with outlet.file("stick.js") as file:
        file.write(b"stick(" + said.body() + b");\n")

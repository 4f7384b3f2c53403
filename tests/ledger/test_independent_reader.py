"""A reader written from FORMATS.md alone and `gatepos verify` say the same of every ledger."""

import base64
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gatepos import cli, spoken
from gatepos.domain.numbers import printed
from gatepos.seal import entries as entry_seal
from gatepos.seal.keys import TillKey
from gatepos.till import views
from gatepos.till.approvals import Second
from gatepos.till.shifts import Counted
from gatepos.till.till import Till
from tests.gate import EA_CITIZEN, MANAGER, MANAGER_PIN, Gate, ordinary_van, permit, selling
from tests.ledger import reader

LEDGER = "ledger.db"


def mpesa(till: Till, code: str) -> str:
    till.payments.pay("mpesa")
    done = till.payments.mpesa(code)
    assert isinstance(done, views.RecordedView)
    return done.number


def sell_a_day(gate: Gate) -> None:
    """A van, a correction, a held bill paid in dollars, a void, a card, a close that is short."""
    till = selling(gate.built(), float_kes="3000")
    for key in ("allow_cash", "cash_usd"):
        permit(till, key, "yes")
    ordinary_van(till)
    van = mpesa(till, "UA26X1Y2ZQ")
    till.corrections.correct(van, "one more citizen")
    till.checkout.tap(EA_CITIZEN)
    mpesa(till, "UA26X1Y2ZR")
    till.checkout.tap(EA_CITIZEN)
    till.checkout.hold()
    till.checkout.resume(till.checkout.waiting()[0].number)
    till.payments.pay("cash")
    done = till.payments.cash("USD", "20")
    assert isinstance(done, views.RecordedView)
    till.corrections.void(done.number, "turned back", Second(MANAGER, MANAGER_PIN))
    till.checkout.operator("Ngũgĩ – Safaris")
    till.checkout.tap(EA_CITIZEN)
    till.payments.pay("card")
    till.payments.card("AB12CD", "4242")
    till.shifts.close(Counted((), {}), "nothing was counted")
    till.desk.ledger.close()


@pytest.fixture(scope="module")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a day in it."""
    gate = Gate(tmp_path_factory.mktemp("sold") / "park")
    sell_a_day(gate)
    return gate.folder


@pytest.fixture
def folder(sold: Path, tmp_path: Path) -> Path:
    """A copy of that folder, to be tampered with."""
    return Path(shutil.copytree(sold, tmp_path / "park"))


def verified(path: Path) -> dict[str, Any]:
    """What `gatepos verify --json` says."""
    result = CliRunner().invoke(cli.commands, ["verify", "--json", str(path)])
    report: dict[str, Any] = json.loads(result.output)
    assert result.exit_code == (0 if report["whole"] else 1)
    return report


def tamper(folder: Path, statement: str, *values: object) -> None:
    """Change the file as somebody would who may write to the disk."""
    conn = sqlite3.connect(folder / LEDGER)
    for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        conn.execute(f"DROP TRIGGER {name}")
    assert conn.execute(statement, values).rowcount > 0
    conn.commit()
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    conn.close()


def write_anew(folder: Path, first: int, change: Callable[[bytes], bytes]) -> None:
    """Change an entry and chain, sign and number it and all after it as the till itself would."""
    key, prev = TillKey.load(folder / "till.key"), b""
    for seq in range(first, len(reader.read(folder / LEDGER).entries) + 1):
        raw = raw_of(folder, seq)
        entry = json.loads(change(raw) if seq == first else raw)
        assert seq > first or change(raw) != raw
        entry["prev"] = prev.hex() if prev else entry["prev"]
        raw = reader.canonical(entry)
        prev = entry_hash(raw)
        tamper(
            folder,
            "UPDATE journal SET raw = ?, hash = ?, sig = ?, number = ? WHERE seq = ?",
            *(raw, prev, entry_seal.sign(key, prev), entry["data"].get("number"), seq),
        )


def raw_of(folder: Path, seq: int) -> bytes:
    conn = sqlite3.connect(folder / LEDGER)
    (raw,) = conn.execute("SELECT raw FROM journal WHERE seq = ?", (seq,)).fetchone()
    conn.close()
    return bytes(raw)


def seq_of(folder: Path, kind: str) -> int:
    entries = reader.read(folder / LEDGER).entries
    return next(place for place, entry in enumerate(entries, start=1) if entry["kind"] == kind)


def test_both_readers_find_an_honest_day_whole(sold: Path) -> None:
    ours, theirs = verified(sold), reader.read(sold / LEDGER)
    assert (theirs.first_bad, theirs.why) == (0, "")
    assert ours["whole"]
    assert (ours["till"], ours["entries"], ours["head"]) == (theirs.till, len(theirs.entries), theirs.head)
    kinds = {entry["kind"] for entry in theirs.entries}
    assert {"receipt.issued", "receipt.corrected", "receipt.voided", "shift.closed", "bill.opened"} <= kinds


def test_the_postings_of_the_day_are_the_cash_in_the_drawer(sold: Path) -> None:
    totals: dict[tuple[str, str], int] = {}
    for entry in reader.read(sold / LEDGER).entries:
        for account, currency, amount in entry["postings"]:
            totals[account, currency] = totals.get((account, currency), 0) + amount
    assert {sum(v for (_, c), v in totals.items() if c == currency) for currency in ("KES", "USD")} == {0}
    assert -sum(v for (a, _), v in totals.items() if a.startswith("income:")) == 4_494_000 + 100_000
    assert not any(v for (a, _), v in totals.items() if a.startswith("asset:cash:"))


def test_the_tape_holds_the_same_entries(sold: Path) -> None:
    raws = [raw for raw, _ in reader.tape(sold / "tape", "XNM2")]
    assert raws == [reader.canonical(entry) for entry in reader.read(sold / LEDGER).entries]


def test_the_reader_imports_nothing_of_the_program() -> None:
    code = Path(reader.__file__).read_text(encoding="utf-8")
    assert not re.findall(r"^\s*(?:import|from) gatepos", code, re.MULTILINE)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"exec(open({reader.__file__!r}).read());import sys;print('gatepos' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "False", done.stderr


def test_an_amount_changed_in_place_is_found_at_its_entry(folder: Path) -> None:
    seq = seq_of(folder, "receipt.issued")
    changed = raw_of(folder, seq).replace(b'"total_minor":4394000', b'"total_minor":4294000')
    tamper(folder, "UPDATE journal SET raw = ? WHERE seq = ?", changed, seq)
    assert_both_find(folder, seq)


def test_an_amount_changed_with_its_hash_is_found_at_its_entry(folder: Path) -> None:
    seq = seq_of(folder, "receipt.issued")
    changed = raw_of(folder, seq).replace(b'"total_minor":4394000', b'"total_minor":4294000')
    tamper(folder, "UPDATE journal SET raw = ?, hash = ? WHERE seq = ?", changed, entry_hash(changed), seq)
    assert_both_find(folder, seq)


def test_an_entry_signed_anew_with_the_tills_own_key_breaks_the_next_and_the_tape_names_it(
    folder: Path,
) -> None:
    seq = seq_of(folder, "receipt.issued")
    changed = raw_of(folder, seq).replace(b'"plate":"KDA412M"', b'"plate":"KDA413M"')
    sig = entry_seal.sign(TillKey.load(folder / "till.key"), entry_hash(changed))
    tamper(
        folder,
        "UPDATE journal SET raw = ?, hash = ?, sig = ? WHERE seq = ?",
        changed,
        entry_hash(changed),
        sig,
        seq,
    )
    assert reader.read(folder / LEDGER).first_bad == seq + 1
    (folder / "copy.db").write_bytes((folder / LEDGER).read_bytes())
    assert {"seq": seq + 1, "what": "does not follow the entry before it"} in verified(folder / "copy.db")[
        "findings"
    ]
    assert {"seq": seq, "what": "missing on the tape in tape"} in verified(folder)["findings"]


def test_a_signature_changed_is_found_at_its_entry(folder: Path) -> None:
    seq = seq_of(folder, "bill.opened")
    tamper(folder, "UPDATE journal SET sig = ? WHERE seq = ?", bytes(64), seq)
    assert_both_find(folder, seq)


def test_an_entry_taken_out_is_found_where_it_stood(folder: Path) -> None:
    seq = seq_of(folder, "receipt.voided")
    tamper(folder, "DELETE FROM journal WHERE seq = ?", seq)
    assert_both_find(folder, seq)


@pytest.mark.parametrize(
    "column", ["kind = 'bill.abandoned'", "id = 'another'", "number = 'XNM2R000009X'", "hash = zeroblob(32)"]
)
def test_a_column_that_differs_from_its_entry_is_found(folder: Path, column: str) -> None:
    seq = seq_of(folder, "receipt.issued")
    tamper(folder, f"UPDATE journal SET {column} WHERE seq = ?", seq)
    assert_both_find(folder, seq)


def test_a_number_left_out_by_the_holder_of_the_key_is_found(folder: Path) -> None:
    seq = seq_of(folder, "receipt.corrected")
    second, ninth = (reader.made("XNM2", "R", n).encode() for n in (2, 9))
    write_anew(folder, seq, lambda raw: raw.replace(b'"number":"' + second, b'"number":"' + ninth))
    assert_both_find(folder, seq)
    whats = [finding["what"] for finding in verified(folder)["findings"]]
    assert f"{printed(ninth.decode())} where {printed(second.decode())} belongs" in whats


def test_money_made_by_the_holder_of_the_key_is_found(folder: Path) -> None:
    seq = seq_of(folder, "receipt.issued")
    write_anew(
        folder,
        seq,
        lambda raw: raw.replace(b'["asset:mpesa:222222","KES",4394000]', b'["asset:mpesa:222222","KES",1]'),
    )
    assert_both_find(folder, seq)


def test_entries_cut_off_at_the_end_are_found_by_the_tape(folder: Path) -> None:
    head = verified(folder)["entries"]
    tamper(folder, "DELETE FROM journal WHERE seq = ?", head)
    assert reader.read(folder / LEDGER).first_bad == 0
    assert len(reader.tape(folder / "tape", "XNM2")) == head
    report = verified(folder)
    assert any("that the journal lacks" in finding["what"] for finding in report["findings"])


def test_a_book_that_says_otherwise_is_found(folder: Path) -> None:
    tamper(folder, "UPDATE receipt SET total_minor = total_minor - 100 WHERE line = 0")
    assert reader.read(folder / LEDGER).first_bad == 0
    assert any("the book receipt differs" in finding["what"] for finding in verified(folder)["findings"])


def test_a_chain_forged_with_the_key_does_not_have_the_head_on_the_paper(folder: Path) -> None:
    shift, code = closing_paper(folder)
    assert anchored(folder, f"{shift}:{code}") == []
    shutil.rmtree(folder / "tape")
    (folder / "tape").mkdir()
    write_anew(folder, seq_of(folder, "receipt.issued"), lambda raw: raw.replace(b"KDA412M", b"KDA413M"))
    close = seq_of(folder, "shift.closed")
    assert reader.read(folder / LEDGER).first_bad == close
    assert f"the head printed on {shift} is not in this ledger" in anchored(folder, f"{shift}:{code}")
    assert "the head that its paper shows is not the entry before it" in anchored(folder)

    prev = json.loads(raw_of(folder, close))["prev"].encode()
    write_anew(folder, close, lambda raw: re.sub(rb'"head_hash":"\w+"', b'"head_hash":"' + prev + b'"', raw))
    assert reader.read(folder / LEDGER).first_bad == 0
    assert "the head that its paper shows is not the entry before it" not in anchored(folder)
    assert f"the head printed on {shift} is not in this ledger" in anchored(folder, f"{shift}:{code}")


def test_an_anchor_of_a_shift_that_was_not_closed_here_is_found(folder: Path) -> None:
    _, code = closing_paper(folder)
    shift = printed(reader.made("XNM2", "Z", 9))
    assert anchored(folder, f"{shift}:{code}") == [f"no shift {shift} was closed in this ledger"]


@pytest.mark.parametrize("cut", [0, 1, 2, 11])
def test_a_part_of_a_printed_head_proves_nothing(folder: Path, cut: int) -> None:
    shift, code = closing_paper(folder)
    for typed in (code.replace(" ", "")[:cut], code + "A", code.replace(" ", "")[:11] + "1"):
        result = CliRunner().invoke(cli.commands, ["verify", str(folder), "--anchor", f"{shift}:{typed}"])
        assert result.exit_code == spoken.REFUSED
        assert "is no anchor" in result.output


def test_a_printed_head_is_typed_as_anybody_would(folder: Path) -> None:
    shift, code = closing_paper(folder)
    for typed in (code.lower(), code.replace(" ", "-"), code.replace(" ", "")):
        assert anchored(folder, f"{shift}:{typed}") == []


def closing_paper(folder: Path) -> tuple[str, str]:
    """The number and the code on the paper of the shift that was closed."""
    data = json.loads(raw_of(folder, seq_of(folder, "shift.closed")))["data"]
    code = base64.b32encode(bytes.fromhex(data["head_hash"])).decode()
    return printed(data["closes"]), f"{code[:4]} {code[4:8]} {code[8:12]}"


def anchored(folder: Path, *anchors: str) -> list[str]:
    """What verify finds beside the tape and the triggers that these tests took away."""
    words = [word for anchor in anchors for word in ("--anchor", anchor)]
    result = CliRunner().invoke(cli.commands, ["verify", "--json", str(folder), *words])
    whats = [finding["what"] for finding in json.loads(result.output)["findings"]]
    return [what for what in whats if "on the tape" not in what and "triggers" not in what]


def entry_hash(raw: bytes) -> bytes:
    return hashlib.sha256(b"gatepos/entry/1\0" + raw).digest()


def assert_both_find(folder: Path, seq: int) -> None:
    """Both name the same first bad entry."""
    assert reader.read(folder / LEDGER).first_bad == seq
    assert verified(folder)["findings"][0]["seq"] == seq

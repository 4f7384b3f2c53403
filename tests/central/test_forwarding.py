"""What tills wrote is handed on in order, and again until it was accepted."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gatepos.central import forwarding
from gatepos.central.forwarding import NotForwarded, ToFile, ToWebhook
from gatepos.central.store.outbox import Forwarded
from gatepos.wire.bundle import Pair
from gatepos.wire.urls import InTheOpen
from tests.central.place import Sender
from tests.central.safaricom import Safaricom
from tests.central.test_receiving import waived


@dataclass
class Receiver:
    """Another platform, which takes a few entries at a time."""

    at_once: int = 3
    kept: list[Pair] = field(default_factory=list)

    def __call__(self, entries: Sequence[Forwarded]) -> int:
        self.kept += [(entry.raw, entry.sig) for entry in entries[: self.at_once]]
        return min(self.at_once, len(entries))


def test_every_entry_is_forwarded_once_in_order(till: Sender) -> None:
    till.drain()
    receiver, base = Receiver(), len(till.kept)
    assert forwarding.forward_all(till.place.store, "a", receiver) == base
    assert receiver.kept == till.kept
    assert forwarding.forward_all(till.place.store, "a", receiver) == 0
    till.write(**waived(1))
    till.drain()
    assert forwarding.forward_all(till.place.store, "a", receiver) == 1
    assert receiver.kept == till.kept


def test_each_receiver_has_its_own_place(till: Sender) -> None:
    till.drain()
    first, second = Receiver(), Receiver(100)
    forwarding.forward_all(till.place.store, "a", first)
    forwarding.forward_all(till.place.store, "b", second)
    assert first.kept == second.kept == till.kept


def test_both_branches_of_a_copied_till_are_forwarded(till: Sender) -> None:
    copy = till.copied(len(till.kept))
    till.write(**waived(1))
    copy.write(**waived(2))
    till.drain()
    copy.drain()
    receiver = Receiver()
    forwarding.forward_all(till.place.store, "a", receiver)
    assert sorted(receiver.kept) == sorted([*till.kept, copy.kept[-1]])


def test_a_file_gets_a_line_for_each_entry(till: Sender, tmp_path: Path) -> None:
    till.drain()
    path = tmp_path / "entries.jsonl"
    forwarding.forward_all(till.place.store, "file", ToFile(path))
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["raw"].encode(), bytes.fromhex(line["sig"])) for line in lines] == till.kept
    assert [line["hash"] for line in lines] == [till.hash_at(n + 1).hex() for n in range(len(lines))]
    with pytest.raises(NotForwarded):
        ToFile(tmp_path)([])


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"{}"), (200, b"<html>"), (200, b'{"accepted":true}'), (200, b'{"accepted":9999}')],
)
def test_a_webhook_that_says_something_else_gets_it_all_again(
    till: Sender, safaricom: Safaricom, status: int, body: bytes
) -> None:
    till.drain()
    webhook = ToWebhook(f"http://127.0.0.1:{safaricom.server_port}/hook", "access")
    safaricom.answers["hook"] = (status, body)
    with pytest.raises(NotForwarded):
        forwarding.forward_all(till.place.store, "hook", webhook)
    count = len(till.kept)
    safaricom.says("hook", {"accepted": count})
    assert forwarding.forward_all(till.place.store, "hook", webhook) == count
    for _, sent in safaricom.asked:
        entries = sent["entries"]
        assert isinstance(entries, list)
        assert [entry["raw"].encode() for entry in entries] == [raw for raw, _ in till.kept]


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.example/hook",
        "HTTP://10.0.0.7/",
        "ftp://127.0.0.1/",
        "platform.example",
        "http://[::2/",
    ],
)
def test_nothing_is_forwarded_in_the_open(url: str) -> None:
    with pytest.raises(InTheOpen):
        ToWebhook(url, "access")


def test_on_this_machine_or_by_https_it_may_be(safaricom: Safaricom) -> None:
    for url in ("https://platform.example/hook?place=1", "http://localhost:1/", "http://[::1]:1/"):
        assert ToWebhook(url).url == url

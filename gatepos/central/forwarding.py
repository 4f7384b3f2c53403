"""What tills wrote, handed on to another platform: each entry at least once, in order (FORMATS.md §6)."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from gatepos.central.store import outbox
from gatepos.central.store.engine import Store
from gatepos.central.store.outbox import Forwarded
from gatepos.errors import Trouble
from gatepos.i18n import N_
from gatepos.wire import forms, urls

Forward = Callable[[Sequence[Forwarded]], int]
"""Takes entries in order and says how many of them, from the first, the receiver has for good."""
BATCH = 200
_DEADLINES_S = (5, 30)


class NotForwarded(Trouble):
    """A receiver that cannot be reached, or says something else than was agreed."""

    says = N_("{receiver} did not take what was forwarded ({why}). It is sent again next time.")


def forward_all(store: Store, receiver: str, forward: Forward) -> int:
    """Forward what a receiver lacks, a batch at a time; how many it took. NotForwarded, StorageFailed."""
    taken = 0
    while True:
        with store.reading() as tx:
            due = outbox.due(tx, receiver, BATCH)
        accepted = due[: forward(due)] if due else []
        if not accepted:
            return taken
        with store.writing() as tx:
            outbox.accepted(tx, receiver, accepted)
        taken += len(accepted)


def line(entry: Forwarded) -> dict[str, object]:
    """An entry as every adapter writes it."""
    return {
        "till": entry.till,
        "seq": entry.place.seq,
        "branch": entry.place.branch,
        "hash": entry.hash.hex(),
        "raw": entry.raw.decode(),
        "sig": entry.sig.hex(),
    }


@dataclass(frozen=True, slots=True)
class ToFile:
    """Appends a line of JSON for each entry to a file."""

    path: Path

    def __call__(self, entries: Sequence[Forwarded]) -> int:
        """All, once they are on the disk; NotForwarded."""
        data = b"".join(forms.dump(line(entry)) + b"\n" for entry in entries)
        try:
            with self.path.open("ab") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise NotForwarded(receiver=self.path, why=error.strerror) from error
        return len(entries)


@dataclass(frozen=True, slots=True)
class ToWebhook:
    """Posts entries to an address, HTTPS or on this machine, under a token when there is one."""

    url: str
    token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse an address where all that tills wrote could be read on the way; InTheOpen."""
        urls.check_private(self.url)

    def __call__(self, entries: Sequence[Forwarded]) -> int:
        """As many as the answer's `accepted` says; NotForwarded."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        try:
            with requests.Session() as session:
                session.trust_env = False  # no proxy, no .netrc
                answer = session.post(
                    self.url,
                    data=forms.dump({"entries": [line(entry) for entry in entries]}),
                    headers=headers,
                    timeout=_DEADLINES_S,
                    allow_redirects=False,
                )
                accepted = json.loads(answer.content)["accepted"] if answer.ok else None
        except (requests.RequestException, ValueError, KeyError, TypeError) as error:
            raise NotForwarded(receiver=self.url, why=type(error).__name__) from error
        if type(accepted) is not int or not 0 <= accepted <= len(entries):
            raise NotForwarded(receiver=self.url, why=f"HTTP {answer.status_code}")
        return accepted

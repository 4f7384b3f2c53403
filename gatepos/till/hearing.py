"""What this till hears of others: bundles of entries, carried by people, and what central tells."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gatepos.domain import entry as entries
from gatepos.domain import keyring
from gatepos.domain.keyring import KeyRow
from gatepos.errors import Refusal
from gatepos.i18n import N_
from gatepos.ledger import bodies, conflicts, heard
from gatepos.ledger.tape import Kept
from gatepos.till.desk import Desk
from gatepos.wire import bundle as bundles
from gatepos.wire.bundle import Bundle, Pair

GiveWay = Callable[[], object]
_SLICE = 20


class OwnBundle(Refusal):
    """A bundle that this till wrote itself."""

    says = N_("This bundle is this till's own. Take it to the other tills.")


class NotKnown(Refusal):
    """A bundle of a till that is not in the keyring, or whose key is another."""

    says = N_("{till} is not a till that this one knows, or its key is another. Nothing was taken.")


class NoLongerTrusted(Refusal):
    """A bundle of a till that was revoked."""

    says = N_("{till} is revoked at this till. Nothing was taken.")


class NoBundleThere(Refusal):
    """A file that cannot be read."""

    says = N_("{path} cannot be read: {why}.")


class NothingAfter(Refusal):
    """An export that would begin after this till's last entry."""

    says = N_("This till's last entry is {last}: there is nothing after {after}.")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a bundle brought: whose, up to which of its entries, how many of them were new.

    `conflicts` are the papers of which two things were found that cannot both be right, and which.
    """

    till: str
    to_seq: int
    new: int
    conflicts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lying:
    """The bundles of another till that lie somewhere, the oldest first, as their names say it.

    They reach to an entry, and the till is known here to another, 0 for none.
    """

    till: str
    files: tuple[Path, ...]
    to_seq: int
    known: int
    is_known: bool


class Hearing:
    """Bundles out and in; nobody's PIN is asked, because the entries' own signatures vouch for them."""

    def __init__(self, desk: Desk):
        self._desk = desk

    def bundle(self, after_seq: int = 0) -> tuple[bytes, int]:
        """A bundle of this till's entries after one, and the last that is in it; NothingAfter."""
        ledger = self._desk.ledger
        last = ledger.head[0]
        if not 0 <= after_seq < last:
            raise NothingAfter(last=last, after=after_seq)
        return bundles.pack(self._desk.own, after_seq, ledger.hash_at(after_seq), ledger.told(after_seq))

    def lying(self, files: Sequence[Path]) -> list[Lying]:
        """Of which other tills bundles are; nothing of them is read yet."""
        by_till: dict[str, dict[int, Path]] = {}
        for path in files:
            till, _, to_seq = path.stem.partition("-")
            if to_seq.isdecimal() and till != self._desk.own.till:
                by_till.setdefault(till, {})[int(to_seq)] = path
        return [self._lying(till, of) for till, of in sorted(by_till.items())]

    def _lying(self, till: str, of: dict[int, Path]) -> Lying:
        row = keyring.of_till(self._desk.keyring, till)
        known = heard.head(self._desk.ledger.conn, row)[0] if row else 0
        return Lying(till, tuple(of[seq] for seq in sorted(of)), max(of), known, row is not None)

    def read_file(self, path: Path, give_way: GiveWay = lambda: None) -> Heard:
        """Take in the bundle in a file; NoBundleThere, and what `read_bundle` refuses."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise NoBundleThere(path=path, why=error.strerror) from error
        return self.read_bundle(data, give_way)

    def read_bundle(self, data: bytes, give_way: GiveWay = lambda: None) -> Heard:
        """Take in what another till wrote, once, however often it is read.

        Refused whole: BadBundle, BundleTooLarge, OwnBundle, NotKnown, NoLongerTrusted, BundleGap,
        BundleAltered, BundleForked.
        """
        bundle = bundles.read(data)
        row = self._known(bundle.certificate)
        ledger = self._desk.ledger
        digest = hashlib.sha256(data).hexdigest()
        bundle, data = bodies.erased(bundle, self._desk.erased_before, ledger.own, give_way) or (bundle, data)
        found = ledger.news(bundle, row, give_way)
        before = self._looked(row.till)
        if not found and bundle.to_seq <= before:
            return Heard(row.till, before, 0, ())
        bodies.keep(ledger.folder, bundle, data)
        # Only after this is the bundle heard; until then it is taken in again, and finds the same.
        said = self._take(row, found, give_way)
        self._say_applied(row, bundle, digest)
        return Heard(row.till, bundle.to_seq, bundle.to_seq - before, said)

    def hear(
        self, till: str, found: Sequence[Pair], give_way: GiveWay = lambda: None, *, is_looked: bool = False
    ) -> None:
        """Take in what central told of another till; what it shares with bundles is heard once.

        A revoked till's too: central tells what counts of it. `is_looked` where conflicts were looked for
        before. NotKnown, BundleGap, BundleAltered, BundleForked.
        """
        row = keyring.of_till(self._desk.keyring, till)
        if row is None:
            raise NotKnown(till=till)
        first = found[0][0]
        stretch = Bundle(row, entries.seq_of(first) - 1, entries.prev_of(first), found)
        news = self._desk.ledger.news(stretch, row, give_way)
        if is_looked:
            self._desk.ledger.look(till, stretch.to_seq)
        self._take(row, news, give_way)

    def _take(self, row: KeyRow, news: Sequence[Kept], give_way: GiveWay) -> tuple[tuple[str, str], ...]:
        """Hear the entries of a till and say what they contradict."""
        ledger = self._desk.ledger
        for batch in heard.batches(news):
            ledger.hear(row, batch)
            give_way()
        last, before = heard.head(ledger.conn, row)[0], self._looked(row.till)
        if last <= before:
            return ()
        said = self._say_conflicts(row.till, before, give_way)
        ledger.look(row.till, last)
        return said

    def _looked(self, till: str) -> int:
        """The last entry of a till of which everything was said, by the ledger's file or by its journal."""
        applied = self._desk.heard.get(till)
        return max(self._desk.ledger.looked(till), applied.to_seq if applied else 0)

    def _known(self, certificate: KeyRow) -> KeyRow:
        desk = self._desk
        if certificate == desk.own:
            raise OwnBundle()
        row = keyring.of_till(desk.keyring, certificate.till)
        if row is None or replace(row, is_revoked=False) != certificate or row.till == desk.own.till:
            raise NotKnown(till=certificate.till)
        if row.is_revoked:
            raise NoLongerTrusted(till=row.till)
        return row

    def _say_conflicts(self, till: str, after_seq: int, give_way: GiveWay) -> tuple[tuple[str, str], ...]:
        said: list[tuple[str, str]] = []
        for n, number in enumerate(conflicts.touched(self._desk.ledger, till, after_seq)):
            for data in list(conflicts.unsaid(self._desk.ledger, number)):
                self._desk.write("pass.conflict", data)
                said.append((number, str(data["what"])))
            if n % _SLICE == 0:
                give_way()
        return tuple(said)

    def _say_applied(self, row: KeyRow, bundle: Bundle, digest: str) -> None:
        at = heard.last_at(self._desk.ledger.conn, row.till)
        if at is None:
            raise KeyError(row.till)
        data = {
            "feed": bodies.BUNDLE,
            "from_till": row.till,
            "to_seq": bundle.to_seq,
            "to_at": at,
            "digest": digest,
        }
        self._desk.hear(self._desk.write("feed.applied", data).entry)

"""Pages of feeds beside the ledger, as central signed them: what was heard is made again from these alone.

A file holds pages one a line, and bears the number of its last one; pages are numbered as they came.
"""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from gatepos import files
from gatepos.ledger.troubles import named

FOLDER = "feeds"
PACK = 100
"""So many small pages become one file: a till hears one every half minute."""
_PACKED_MAX = 4 * 1024 * 1024


def keep(folder: Path, feed: str, data: bytes) -> int:
    """Keep one more page, which is one line, and answer its number; DiskFull, ReadOnly, DiskFault."""
    place = folder / FOLDER
    try:
        place.mkdir(exist_ok=True)
        number = last(folder, feed)
        if number and data == _lines(_path(folder, feed, number))[-1]:
            return number  # it was kept, and a failure came between
        number += 1
        files.write_whole(_path(folder, feed, number), data + b"\n", files.PRIVATE)
        if number % PACK == 0:
            _pack(folder, feed, number)
    except OSError as error:
        raise named(error, str(place)) from error
    return number


def kept(folder: Path, feed: str, after: int = 0) -> Iterator[tuple[int, bytes]]:
    """The pages of a feed after one, in order, with their numbers; files that cannot be read are left out."""
    for last, path in sorted(_files(folder, feed).items()):
        if last <= after:
            continue
        try:
            lines = _lines(path)
        except OSError:
            continue
        for number, line in enumerate(lines, last - len(lines) + 1):
            if number > after:
                yield number, line


def rewrite(folder: Path, feed: str, change: Callable[[bytes], bytes]) -> Iterator[None]:
    """Put in place of each kept page what `change` makes of it, a page at a time; what the disk says.

    Files that come or are packed meanwhile have their turn.
    """
    done: dict[Path, tuple[int, ...]] = {}
    while todo := [path for path in _files(folder, feed).values() if done.get(path) != _stamp(path)]:
        for path in todo:
            if (yield from _rewrite(path, change)):
                done[path] = _stamp(path)


def last(folder: Path, feed: str) -> int:
    """The number of the last page of a feed, 0 when none was kept."""
    return max(_files(folder, feed), default=0)


def _pack(folder: Path, feed: str, number: int) -> None:
    """The pages up to a number, since the last pack, as one file in place of its last."""
    single = {n: path for n, path in _files(folder, feed).items() if number - PACK < n <= number}
    if sum(path.stat().st_size for path in single.values()) > _PACKED_MAX:
        return
    data = b"".join(single[n].read_bytes() for n in sorted(single))
    files.write_whole(_path(folder, feed, number), data, files.PRIVATE)
    for n, path in single.items():
        if n != number:
            path.unlink()


def _rewrite(path: Path, change: Callable[[bytes], bytes]) -> Generator[None, None, bool]:
    """Whether the file holds what was made of it: another may have been packed into it meanwhile."""
    try:
        before, after = path.read_bytes(), b""
        for line in before.splitlines():
            after += change(line) + b"\n"
            yield
        if path.read_bytes() != before:
            return False
        if after != before:
            files.write_whole(path, after, files.PRIVATE)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise named(error, str(path)) from error
    return True


def _stamp(path: Path) -> tuple[int, ...]:
    """What tells that a file is another now; nothing where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines()


def _path(folder: Path, feed: str, number: int) -> Path:
    return folder / FOLDER / f"{feed}-{number:09d}"


def _files(folder: Path, feed: str) -> dict[int, Path]:
    """The files of a feed by the number of the last page in each."""
    found = (folder / FOLDER).glob(f"{feed}-{'[0-9]' * 9}")
    return {int(path.name.rpartition("-")[2]): path for path in found}

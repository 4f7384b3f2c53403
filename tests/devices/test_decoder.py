"""Codes in the camera's picture: turned, blurred, small, two at once, none."""

import queue
import statistics
import threading
import time
from collections.abc import Iterator

import pytest
from PIL import Image, ImageFilter

from gatepos.devices import decoder, picture
from gatepos.devices.decoder import Decoder, Frame, texts
from tests.devices.test_paper import LARGEST, TOKEN

WIDE, HIGH = 1280, 720
PATIENCE_S = 10


def frame(*codes: str, turn: float = 0, blur: float = 0, size: int = 500, ground: int = 200) -> Frame:
    """What a camera sees of papers held side by side before it."""
    image = Image.new("L", (WIDE, HIGH), ground)
    for place, code in enumerate(codes):
        paper = picture.qr_image(code, size)
        turned = paper.rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=ground)
        middle = WIDE * (2 * place + 1) // (2 * len(codes))
        image.paste(turned, (middle - turned.width // 2, (HIGH - turned.height) // 2))
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    return Frame(image.tobytes(), WIDE, HIGH)


NOTHING = frame()


@pytest.mark.parametrize("code", [TOKEN, LARGEST, "GP:TEST"])
@pytest.mark.parametrize("turn", [0, 7, 30, 45, 90, 180, 261])
def test_a_code_is_read_however_the_paper_is_held(code: str, turn: float) -> None:
    assert texts(frame(code, turn=turn, blur=1)) == (code,)


@pytest.mark.parametrize(("size", "blur"), [(280, 0), (280, 1.5), (420, 2), (600, 0), (600, 3)])
def test_a_code_is_read_near_and_far_and_out_of_focus(size: int, blur: float) -> None:
    assert texts(frame(TOKEN, turn=12, size=size, blur=blur)) == (TOKEN,)


def test_two_papers_at_once_are_both_read() -> None:
    assert sorted(texts(frame("GP:ONE", "GP:TWO"))) == ["GP:ONE", "GP:TWO"]


def test_a_picture_of_nothing_says_nothing() -> None:
    assert texts(NOTHING) == ()
    assert texts(Frame(b"\x00", 1, 1)) == ()


def test_other_codes_are_read_as_they_are() -> None:
    for text in ("https://kwspay.ecitizen.go.ke/t?id=1", "WIFI:T:WPA;S:Lodge;;", "Ngũgĩ 🦁"):
        assert texts(frame(text)) == (text,)


@pytest.mark.parametrize(
    ("width", "height", "size"), [(2, 2, 3), (2, 2, 5), (0, 5, 0), (-1, -1, 1), (5_000, 1, 5_000)]
)
def test_a_frame_that_is_none_is_a_mistake(width: int, height: int, size: int) -> None:
    with pytest.raises(ValueError, match="frame"):
        Frame(bytes(size), width, height)


class Watcher:
    """Whoever is told what the decoder saw; it can be kept busy."""

    def __init__(self) -> None:
        self.seen: queue.Queue[str] = queue.Queue()
        self.is_free = threading.Event()
        self.is_free.set()

    def see(self, text: str) -> None:
        """One text, once there is time."""
        self.seen.put(text)
        self.is_free.wait(PATIENCE_S)

    def sees(self) -> str:
        """The next text."""
        return self.seen.get(timeout=PATIENCE_S)


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def looking(watcher: Watcher) -> Iterator[Decoder]:
    made = Decoder(watcher.see)
    made.start()
    yield made
    watcher.is_free.set()
    made.stop()


def test_frames_that_come_too_fast_are_dropped_and_the_newest_is_seen(
    looking: Decoder, watcher: Watcher
) -> None:
    watcher.is_free.clear()
    looking.show(frame("GP:FIRST"))
    assert watcher.sees() == "GP:FIRST"
    for n in range(2, 6):
        looking.show(frame(f"GP:{n}"))
    looking.show(frame("GP:NEWEST"))
    watcher.is_free.set()
    assert watcher.sees() == "GP:NEWEST"
    looking.stop()
    assert watcher.seen.empty()


def test_a_paper_that_stays_before_the_camera_is_told_once() -> None:
    told: list[str] = []
    looking = Decoder(told.append)
    one_by_one(looking, [frame(TOKEN), NOTHING] * 20)
    assert told == [TOKEN]


def test_a_paper_that_comes_back_is_told_again() -> None:
    told: list[str] = []
    looking = Decoder(told.append)
    one_by_one(looking, [frame(TOKEN), *[NOTHING] * (decoder.AGAIN_FRAMES + 1), frame(TOKEN)])
    assert told == [TOKEN, TOKEN]


def one_by_one(decoding: Decoder, frames: list[Frame]) -> None:
    """Every frame is looked at, on this thread."""
    for each in frames:
        decoding.look_at(each)


def test_the_time_a_frame_takes_is_printed() -> None:
    frames = [frame(TOKEN, turn=turn, blur=1) for turn in range(0, 360, 15)]
    for name, shown in (("a code", frames), ("nothing", [NOTHING] * 24)):
        took_ms = []
        for each in shown:
            start_s = time.perf_counter()
            texts(each)
            took_ms.append((time.perf_counter() - start_s) * 1_000)
        print(
            f"1280x720 with {name}: median {statistics.median(took_ms):.1f} ms, worst {max(took_ms):.1f} ms"
        )

"""QR codes found in the camera's frames, on a thread of its own that looks at the newest frame only."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image, ImageFilter

if TYPE_CHECKING:
    import zxingcpp

FRAME_MAX = 4_096
"""Pixels of a side."""
AGAIN_FRAMES = 15
"""A code that stays in the picture is told once; it is new after so many frames without it."""

_LARGER = 1.5


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture in grey, a byte a pixel, row after row without gaps."""

    grey: bytes
    width: int
    height: int

    def __post_init__(self) -> None:
        if not (0 < self.width <= FRAME_MAX and 0 < self.height <= FRAME_MAX):
            raise ValueError("a frame has no such size")
        if len(self.grey) != self.width * self.height:
            raise ValueError("a frame has a byte for every pixel")


def texts(frame: Frame) -> tuple[str, ...]:
    """What the QR codes in a frame say, at any angle, dark on light; worn and blurred ones as well."""
    import zxingcpp  # here, because a till without a camera never needs it

    image = Image.frombuffer("L", (frame.width, frame.height), frame.grey, "raw", "L", 0, 1)
    for view, binarizer in _views(image):
        found = zxingcpp.read_barcodes(
            view,
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
            try_rotate=False,  # QR codes are found at any angle without
            try_downscale=True,
            try_invert=False,
            binarizer=binarizer,
            text_mode=zxingcpp.TextMode.Plain,
        )
        if found:
            return tuple(str(code.text) for code in found)
    return ()


def _views(image: Image.Image) -> "Iterator[tuple[Image.Image, zxingcpp.Binarizer]]":
    """Ways to look at a frame, the next only when the one before found nothing.

    By local and by one threshold; then softened, which closes the specks of worn ink: a little, and larger,
    which small modules need after it; and more, for large ones.
    """
    import zxingcpp

    by_one, local = zxingcpp.Binarizer.GlobalHistogram, zxingcpp.Binarizer.LocalAverage
    yield image, local
    yield image, by_one
    soft = image.filter(ImageFilter.BoxBlur(1))
    larger = round(image.width * _LARGER), round(image.height * _LARGER)
    yield soft.resize(larger, Image.Resampling.BILINEAR), by_one
    yield soft, local
    yield image.filter(ImageFilter.BoxBlur(2)), by_one


class Decoder:
    """Takes frames as fast as they come and drops those it has no time for; `seen` gets each text once."""

    def __init__(self, seen: Callable[[str], object]):
        self._seen = seen
        self._newest: Frame | None = None
        self._is_stopped = False
        self._changed = threading.Condition()
        self._last: dict[str, int] = {}
        self._count = 0
        self._thread = threading.Thread(target=self._look, name="decoder", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def show(self, frame: Frame) -> None:
        """A newer frame; returns at once."""
        with self._changed:
            self._newest = frame
            self._changed.notify()

    def stop(self) -> None:
        """Look no more; when this returns nothing is told any more."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify()
        self._thread.join()

    def look_at(self, frame: Frame) -> None:
        """Tell what is new in a frame, here and now."""
        self._count += 1
        for text in texts(frame):
            self._tell(text)

    def _look(self) -> None:
        while (frame := self._next()) is not None:
            self.look_at(frame)

    def _next(self) -> Frame | None:
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopped or self._newest is not None)
            frame, self._newest = self._newest, None
            return None if self._is_stopped else frame

    def _tell(self, text: str) -> None:
        before = self._last.get(text)
        recent = {known: at for known, at in self._last.items() if self._count - at <= AGAIN_FRAMES}
        self._last = recent | {text: self._count}
        if before is None or self._count - before > AGAIN_FRAMES:
            self._seen(text)

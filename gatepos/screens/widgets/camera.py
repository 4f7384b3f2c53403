"""The camera's picture, and its frames in grey for the decoder; only where Qt Multimedia is installed."""

from typing import Any

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gatepos.devices.decoder import FRAME_MAX, Frame
from gatepos.errors import Trouble
from gatepos.i18n import N_

FRAME_MS = 50
"""Between two frames that are looked at; the picture itself runs as fast as the camera."""
WANTED = QSize(1280, 720)
_GREY_FIRST = (
    "NV12", "NV21", "YUV420P", "YUV422P", "YV12", "IMC1", "IMC2", "IMC3", "IMC4", "Y8",
)  # fmt: skip
"""Kinds of frames whose first plane is the picture in grey, a byte a pixel."""


class CameraNotInstalled(Trouble):
    """This till was installed without Qt Multimedia."""

    says = N_("This till was installed without the camera. Use the scanner, or type the number.")


class CameraAbsent(Trouble):
    """No camera is connected."""

    says = N_("No camera is connected. Use the scanner, or type the number.")


class CameraPulled(Trouble):
    """The camera went away, or another program took it."""

    says = N_("The camera stopped. Plug it in again, use the scanner, or type the number.")


class Camera(QWidget):
    """Shows the picture between `start` and `stop`; a camera that is plugged in meanwhile is taken.

    `framed` gives a `Frame`, `failed` the trouble when there is no picture, `begun` says that there is one.
    """

    framed = Signal(object)
    failed = Signal(object)
    begun = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._media: Any = None
        self._devices: Any = None
        self._session: Any = None
        self._camera: Any = None
        self._timer = QTimer(self, interval=FRAME_MS)
        self._timer.timeout.connect(self._on_time)
        self._is_wanted = False

    def start(self) -> None:
        """Show the picture, or tell why there is none."""
        self._is_wanted = True
        if self._session is None and not self._prepare():
            self.failed.emit(CameraNotInstalled())
        elif self._camera is None:
            self._begin()

    def stop(self) -> None:
        """Let go of the camera."""
        self._is_wanted = False
        self._let_go()

    def _prepare(self) -> bool:
        """Whether Qt Multimedia is here."""
        try:
            import PySide6.QtMultimedia as media
            import PySide6.QtMultimediaWidgets as widgets
        except ImportError:
            return False
        picture = widgets.QVideoWidget(self)
        self._layout.addWidget(picture)
        self._media = media
        self._session = media.QMediaCaptureSession(self)
        self._session.setVideoOutput(picture)
        self._devices = media.QMediaDevices(self)
        self._devices.videoInputsChanged.connect(self._on_inputs)
        return True

    def _begin(self) -> None:
        found = self._media.QMediaDevices.defaultVideoInput()
        if found.isNull():
            self.failed.emit(CameraAbsent())
            return
        self._camera = self._media.QCamera(found, self)
        self._camera.errorOccurred.connect(self._on_error)
        if found.videoFormats():
            self._camera.setCameraFormat(min(found.videoFormats(), key=_distance))
        self._session.setCamera(self._camera)
        self._camera.start()
        self._timer.start()
        self.begun.emit()

    def _let_go(self) -> None:
        self._timer.stop()
        camera, self._camera = self._camera, None
        if camera is not None:
            self._session.setCamera(None)
            camera.stop()
            camera.deleteLater()

    def _on_time(self) -> None:
        frame = grey(self._session.videoSink().videoFrame())
        if frame is not None:
            self.framed.emit(frame)

    def _on_inputs(self) -> None:
        if self._camera is None:
            if self._is_wanted and self._media.QMediaDevices.videoInputs():
                self._begin()
        elif self._camera.cameraDevice() not in self._media.QMediaDevices.videoInputs():
            self._on_error()

    def _on_error(self, *_: object) -> None:
        if self._camera is not None:
            self._let_go()
            self.failed.emit(CameraPulled())


def grey(video: Any) -> Frame | None:
    """A QVideoFrame in grey; None when it holds no picture of a size that is looked at."""
    wide, high = video.width(), video.height()
    if not video.isValid() or not (0 < wide <= FRAME_MAX and 0 < high <= FRAME_MAX):
        return None
    if video.pixelFormat().name.removeprefix("Format_") not in _GREY_FIRST:
        return of_image(video.toImage())
    if not video.map(type(video).MapMode.ReadOnly):
        return None
    try:
        return Frame(_without_gaps(video.bits(0), wide, high, video.bytesPerLine(0)), wide, high)
    finally:
        video.unmap()


def of_image(image: QImage) -> Frame | None:
    """Any picture in grey."""
    if image.isNull():
        return None
    flat = image.convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high = flat.width(), flat.height()
    return Frame(_without_gaps(memoryview(flat.constBits()), wide, high, flat.bytesPerLine()), wide, high)


def _without_gaps(rows: memoryview, wide: int, high: int, row_bytes: int) -> bytes:
    if row_bytes == wide:
        return bytes(rows[: wide * high])
    return b"".join(rows[y * row_bytes : y * row_bytes + wide] for y in range(high))


def _distance(each: Any) -> tuple[int, float]:
    """How far a way of the camera is from what is wanted; the faster of two alike first."""
    size = each.resolution()
    return abs(size.width() * size.height() - WANTED.width() * WANTED.height()), -each.maxFrameRate()

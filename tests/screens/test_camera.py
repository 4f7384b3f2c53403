"""The camera's frames become what they show; a till without a camera says so."""

import importlib

import pytest
from PIL import Image
from PySide6.QtCore import QSize
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from gatepos.devices import picture
from gatepos.devices.decoder import texts
from gatepos.screens.widgets import camera
from gatepos.screens.widgets.camera import Camera, CameraAbsent, CameraNotInstalled

CODE = "GP:ABCDEFGHIJKLMNOP"


def seen(width: int, height: int) -> Image.Image:
    """A paper before the camera."""
    image = Image.new("L", (width, height), 210)
    image.paste(picture.qr_image(CODE, 300), (100, 60))
    return image


def cameras() -> int | None:
    """How many cameras this machine has; None where Qt Multimedia is not installed."""
    try:
        media = importlib.import_module("PySide6.QtMultimedia")
    except ImportError:
        return None
    return len(media.QMediaDevices.videoInputs())


@pytest.mark.no_qt_log  # Qt Multimedia names every library that it looks for and does not need
@pytest.mark.skipif(bool(cameras()), reason="a camera is connected")
def test_a_till_without_a_camera_says_so(qtbot: QtBot) -> None:
    widget = Camera()
    qtbot.addWidget(widget)
    said: list[object] = []
    widget.failed.connect(said.append)
    widget.start()
    widget.start()
    widget.stop()
    assert len(said) == 2
    expected = CameraNotInstalled if cameras() is None else CameraAbsent
    assert all(isinstance(trouble, expected) for trouble in said)
    assert "type the number" in str(said[0])


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (643, 481)])
@pytest.mark.parametrize("form", [QImage.Format.Format_RGB32, QImage.Format.Format_Grayscale8])
def test_a_coloured_picture_is_read_in_grey(width: int, height: int, form: QImage.Format) -> None:
    data = seen(width, height).tobytes()
    image = QImage(data, width, height, width, QImage.Format.Format_Grayscale8).convertToFormat(form)
    frame = camera.of_image(image)
    assert frame is not None
    assert (frame.width, frame.height) == (width, height)
    assert texts(frame) == (CODE,)


def test_no_picture_is_no_frame() -> None:
    assert camera.of_image(QImage()) is None


@pytest.mark.parametrize("kind", ["Format_NV12", "Format_YUV420P", "Format_Y8"])
def test_a_frame_of_a_camera_is_read_from_its_grey_plane(qtbot: QtBot, kind: str) -> None:
    media = pytest.importorskip("PySide6.QtMultimedia", exc_type=ImportError)
    width, height = 1000, 480
    pixels = media.QVideoFrameFormat.PixelFormat[kind]
    video = media.QVideoFrame(media.QVideoFrameFormat(QSize(width, height), pixels))
    assert video.map(media.QVideoFrame.MapMode.ReadWrite)
    rows, gap = video.bits(0), video.bytesPerLine(0)
    data = seen(width, height).tobytes()
    for y in range(height):
        rows[y * gap : y * gap + width] = data[y * width : (y + 1) * width]
    video.unmap()
    frame = camera.grey(video)
    assert frame is not None
    assert texts(frame) == (CODE,)
    assert camera.grey(media.QVideoFrame()) is None

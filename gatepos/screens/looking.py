"""The camera and its decoder together: what is held to the camera is read while the picture is shown."""

from PySide6.QtCore import QObject, Qt, Signal

from gatepos.devices.decoder import Decoder, Frame
from gatepos.errors import Trouble
from gatepos.screens.widgets.camera import Camera


class CameraReader(QObject):
    """`read` gives each text once while it is in the picture; `failed` the trouble when there is none."""

    read = Signal(str)
    failed = Signal(object)
    _seen = Signal(str)

    def __init__(self, camera: Camera):
        super().__init__(camera)
        self._camera = camera
        self._decoder: Decoder | None = None
        camera.framed.connect(self.show)
        camera.failed.connect(self._on_failed)
        # The decoder's thread tells; whoever hears is on Qt's.
        self._seen.connect(self.read, Qt.ConnectionType.QueuedConnection)

    @property
    def is_on(self) -> bool:
        """Whether somebody wants to look."""
        return self._decoder is not None

    def start(self) -> None:
        """Show the picture and look at it."""
        if self._decoder is None:
            self._decoder = Decoder(self._seen.emit)
            self._decoder.start()
            self._camera.start()

    def stop(self) -> None:
        """Let go of the camera."""
        decoder, self._decoder = self._decoder, None
        self._camera.stop()
        if decoder is not None:
            decoder.stop()

    def show(self, frame: Frame) -> None:
        """One picture of the camera."""
        if self._decoder is not None:
            self._decoder.show(frame)

    def _on_failed(self, trouble: Trouble) -> None:
        self.failed.emit(trouble)

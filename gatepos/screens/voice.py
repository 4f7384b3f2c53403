"""The voice of this machine: espeak-ng, where it is installed; it speaks without any network."""

import subprocess
from functools import cache

from PySide6.QtCore import QObject, QProcess, QStandardPaths

from gatepos.i18n import LANGUAGES, N_, Words

ENGINE = "espeak-ng"
_ASKED_S_MAX = 2
_TEXT_MAX = 600
_NO_ENGINE = N_("No voice: {engine} is not installed on this machine.")
_NO_VOICE = N_("{engine} has no voice for {languages}.")


class Voice(QObject):
    """Reads a text out in a language that it has; what it was reading ends where something new begins."""

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._engine = QStandardPaths.findExecutable(ENGINE)
        self.languages = tuple(code for code in LANGUAGES if self._engine and _speaks(self._engine, code))
        self._process = QProcess(self)

    def say(self, text: str, language: str) -> None:
        """Begin to read; nothing where there is no voice for the language."""
        self.stop()
        if language in self.languages:
            self._process.start(self._engine, ["-v", language, "-s", "140", "--", text[:_TEXT_MAX]])

    def stop(self) -> None:
        """Be silent at once."""
        self._process.kill()
        self._process.waitForFinished()

    def lacking(self, words: Words) -> str:
        """What is missing by name; nothing where each language has its voice."""
        if not self._engine:
            return words(_NO_ENGINE, engine=ENGINE)
        missing = [name for code, name in LANGUAGES.items() if code not in self.languages]
        return words(_NO_VOICE, engine=ENGINE, languages=", ".join(missing)) if missing else ""


@cache
def _speaks(engine: str, language: str) -> bool:
    """Whether it lists a voice for the language below its head line; asked once, for a training too."""
    try:
        listed = subprocess.run(
            [engine, f"--voices={language}"], capture_output=True, text=True, check=False,
            timeout=_ASKED_S_MAX, errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return False
    return listed.returncode == 0 and len(listed.stdout.splitlines()) > 1

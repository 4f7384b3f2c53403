"""The language of the screens, switched while they stand: whoever shows words hears when they change."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from gatepos import i18n
from gatepos.errors import Said
from gatepos.i18n import LANGUAGES, Words


class Speech(QObject):
    """The words in force; `changed` when another language takes their place."""

    changed = Signal()

    def __init__(self, language: str):
        super().__init__()
        self.words: Words = i18n.words(language)

    def use(self, language: str) -> None:
        """Show everything in another language, at once."""
        self.words = i18n.words(language)
        self.changed.emit()

    @property
    def other(self) -> str:
        """The language that the bar offers."""
        return next(code for code in LANGUAGES if code != self.words.language)

    def say(self, show: Callable[[str], object], text: str) -> None:
        """Show a source text now, and again in every language chosen later."""

        def speak() -> None:
            show(self.words(text))

        self.follow(speak)

    def follow(self, speak: Callable[[], object]) -> None:
        """Call `speak` now and whenever the language changes; for what lives as long as the window."""
        self.changed.connect(speak)
        speak()

    def said(self, said: Said) -> str:
        """What a refusal or trouble tells the clerk."""
        return said.said(self.words)

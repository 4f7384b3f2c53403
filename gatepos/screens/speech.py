"""The language of the screens, switched while they stand: whoever shows words hears when they change."""

from collections.abc import Callable
from types import MethodType
from typing import cast

from PySide6.QtCore import QObject, Signal

from gatepos import i18n
from gatepos.errors import Said
from gatepos.i18n import LANGUAGES, Words

Text = str | Callable[[Words], str]
"""A source text, or what says it in the words given: what stands open is said anew in another language."""


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

    def text(self, text: Text) -> str:
        """A text in the language in force."""
        return text(self.words) if callable(text) else self.words(text)

    def say(self, show: Callable[[str], object], text: Text) -> None:
        """Show a text by a widget's method, now and in every language chosen while it lives."""
        owner = cast(QObject, cast(MethodType, show).__self__)
        self.follow(owner, lambda: show(self.text(text)))

    def follow(self, owner: QObject, speak: Callable[[], object]) -> None:
        """Call `speak` now and whenever the language changes, for as long as `owner` lives."""
        self.changed.connect(_Speaker(owner, speak).on_changed)
        speak()

    def said(self, said: Said) -> str:
        """What a refusal or trouble tells the clerk."""
        return said.said(self.words)


class _Speaker(QObject):
    """Goes with its owner, and Qt ends its connection: a bare function would speak for what is gone."""

    def __init__(self, owner: QObject, speak: Callable[[], object]):
        super().__init__(owner)
        self._speak = speak

    def on_changed(self) -> None:
        """Say it in the other language."""
        self._speak()

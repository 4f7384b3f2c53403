"""The colours of the screens, by meaning, in daylight and at night."""

from dataclasses import dataclass, fields

TEXT_LEAST, CONTROL_LEAST = 4.5, 3.0
"""WCAG 2.2 contrast: words on their ground, and the edges and signs of controls."""


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme: each colour is named by what it means, never by how it looks."""

    name: str
    paper: str
    card: str
    ink: str
    second: str
    muted: str
    border: str
    rule: str
    do: str
    do_words: str
    do_pressed: str
    chosen: str
    chosen_words: str
    owed: str
    owed_words: str
    owed_border: str
    refused: str
    refused_words: str
    refused_border: str
    told: str
    told_words: str
    strip: str
    strip_words: str
    strip_second: str
    strip_well: str
    strip_warns: str
    practice: str
    practice_words: str
    focus: str

    def colours(self) -> dict[str, str]:
        """Colour by meaning."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "name"}


LIGHT = Palette(
    name="light",
    paper="#f6f4ee",
    card="#fffefb",
    ink="#16211a",
    second="#4c5a50",
    muted="#5b665e",
    border="#8c8879",
    rule="#e2dfd5",
    do="#1f5b3a",
    do_words="#ffffff",
    do_pressed="#164229",
    chosen="#e4efe6",
    chosen_words="#1f5b3a",
    owed="#fdf0d8",
    owed_words="#8a5200",
    owed_border="#b5741a",
    refused="#fbe5e2",
    refused_words="#b3261e",
    refused_border="#c9483f",
    told="#e3ecf8",
    told_words="#1b3a6b",
    strip="#1f5b3a",
    strip_words="#ffffff",
    strip_second="#cfe2d6",
    strip_well="#7fe0a0",
    strip_warns="#f5a742",
    practice="#b3261e",
    practice_words="#ffffff",
    focus="#1d4ed8",
)

DARK = Palette(
    name="dark",
    paper="#101612",
    card="#18201b",
    ink="#eef3ee",
    second="#b9c6bc",
    muted="#98a69c",
    border="#6f7d73",
    rule="#2b352f",
    do="#3f9d6a",
    do_words="#06150c",
    do_pressed="#57b883",
    chosen="#1d3a2a",
    chosen_words="#a9e3c1",
    owed="#3a2a0c",
    owed_words="#f5c26b",
    owed_border="#c98a2b",
    refused="#421a17",
    refused_words="#ff9d94",
    refused_border="#d8625a",
    told="#172a45",
    told_words="#a9c8f7",
    strip="#0b1f14",
    strip_words="#eef6f0",
    strip_second="#a5c4b1",
    strip_well="#7fe0a0",
    strip_warns="#f5a742",
    practice="#c9302c",
    practice_words="#ffffff",
    focus="#7fb4ff",
)

THEMES = {palette.name: palette for palette in (LIGHT, DARK)}

WORDS_ON = (
    ("ink", "paper"), ("ink", "card"), ("ink", "chosen"), ("ink", "refused"),
    ("second", "paper"), ("second", "card"), ("second", "chosen"), ("second", "owed"), ("second", "refused"),
    ("muted", "paper"), ("muted", "card"), ("muted", "chosen"),
    ("do_words", "do"), ("do_words", "do_pressed"),
    ("chosen_words", "chosen"), ("chosen_words", "card"), ("chosen_words", "paper"),
    ("owed_words", "owed"), ("owed_words", "card"), ("owed_words", "paper"), ("owed_words", "chosen"),
    ("refused_words", "refused"), ("refused_words", "card"), ("refused_words", "paper"),
    ("told_words", "told"), ("strip_words", "strip"), ("strip_second", "strip"),
    ("practice_words", "practice"),
)  # fmt: skip
"""Every pair of words and ground that the screens use."""

CONTROLS_ON = (
    ("border", "paper"), ("border", "card"), ("do", "card"), ("do", "paper"), ("do", "chosen"),
    ("owed_border", "owed"), ("owed_border", "card"), ("refused_border", "refused"),
    ("refused_border", "card"), ("strip_well", "strip"), ("strip_warns", "strip"),
    ("focus", "card"), ("focus", "paper"), ("focus", "chosen"), ("focus", "owed"), ("focus", "refused"),
    ("focus", "told"), ("practice", "card"),
)  # fmt: skip
"""Every pair of a control's edge or sign and what lies beside it."""


def contrast(a: str, b: str) -> float:
    """The WCAG contrast ratio, 1 to 21, of two `#rrggbb` colours."""
    lighter, darker = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

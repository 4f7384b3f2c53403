"""What every screen and widget is made with: the look, the language, and what fees are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from gatepos.domain.fees import FeeTitle
from gatepos.screens.look import Look
from gatepos.screens.speech import Speech


@dataclass(frozen=True, slots=True)
class Kit:
    """Handed from the window to everything in it."""

    look: Look
    speech: Speech
    titles: Mapping[str, FeeTitle]

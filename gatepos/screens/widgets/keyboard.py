"""Keys on the screen: letters for plates and codes, figures for counts, amounts and PINs."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from gatepos.i18n import N_
from gatepos.screens.kit import Kit
from gatepos.screens.look import GAP, LARGE
from gatepos.screens.widgets.button import TouchButton
from gatepos.screens.widgets.entry import Keys
from gatepos.screens.widgets.tile import Ground

BACKSPACE, ENTER, SPACE, CASE = "⌫", "↵", " ", "abc"
_LETTERS = ("1234567890", "QWERTYUIOP", "ASDFGHJKL-", "ZXCVBNM./⌫")
_SIGNS = ":_,"
_FIGURES = ("123", "456", "789", "⌫0")
_KEY_HEIGHT = 54


class Keyboard(QWidget):
    """Types into one line as a keyboard would; Enter is the screen's to understand."""

    entered = Signal()

    def __init__(self, kit: Kit, keys: Keys):
        super().__init__()
        self._kit = kit
        self._into: QLineEdit | None = None
        self._is_small = False
        self.keys: dict[str, TouchButton] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP)
        if keys in (Keys.TEXT, Keys.CODE):
            self._lay(grid, _LETTERS)
            if keys == Keys.TEXT:
                self._text_row(grid)
            else:
                grid.addWidget(self._enter_key(), 4, 0, 1, 10)
        else:
            self._lay(grid, _FIGURES)
            grid.addWidget(self._key("." if keys == Keys.AMOUNT else ENTER), 3, 2)
            if keys == Keys.AMOUNT:
                grid.addWidget(self._enter_key(), 4, 0, 1, 3)

    def type_into(self, line: QLineEdit) -> None:
        """From now on the keys type into `line`."""
        self._into = line

    def press(self, key: str) -> None:
        """Do what a key does."""
        line = self._into
        if line is None:
            return
        if key == ENTER:
            self.entered.emit()
        elif key == BACKSPACE:
            line.backspace()
        elif key == CASE:
            self._turn_case()
        else:
            line.insert(self._cased(key))

    def _lay(self, grid: QGridLayout, rows: tuple[str, ...]) -> None:
        for y, keys in enumerate(rows):
            for x, key in enumerate(keys):
                grid.addWidget(self._key(key), y, x)

    def _text_row(self, grid: QGridLayout) -> None:
        """What addresses, paths and names need besides capitals."""
        space = self._key(SPACE)
        self._kit.speech.say(space.set_text, N_("space"))
        grid.addWidget(self._key(CASE), 4, 0)
        for x, sign in enumerate(_SIGNS, 1):
            grid.addWidget(self._key(sign), 4, x)
        grid.addWidget(space, 4, 4, 1, 3)
        grid.addWidget(self._enter_key(), 4, 7, 1, 3)

    def _turn_case(self) -> None:
        """Capitals or small letters, until turned again."""
        self._is_small = not self._is_small
        for key, made in self.keys.items():
            if len(key) == 1 and key.isalpha():
                made.set_text(self._cased(key))
        self.keys[CASE].set_text(CASE.upper() if self._is_small else CASE)

    def _cased(self, key: str) -> str:
        return key.lower() if self._is_small else key

    def _enter_key(self) -> TouchButton:
        made = self._key(ENTER)
        made.set_ground(Ground.DO)
        return made

    def _key(self, key: str) -> TouchButton:
        made = TouchButton(self._kit, key, height=_KEY_HEIGHT, px=LARGE)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.clicked.connect(lambda: self.press(key))
        self.keys[key] = made
        return made

"""One paper of a report on the screen: its rows below their heads, its sums, its notes."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gatepos.i18n import Words
from gatepos.reports import shown
from gatepos.reports.sheet import Kind
from gatepos.reports.sheet import Sheet as Paper
from gatepos.screens.kit import Kit
from gatepos.screens.look import REGULAR, SEMIBOLD, TEXT, font, label
from gatepos.screens.widgets.sheet import Sheet

_ROW = 34
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class PaperSheet(Sheet):
    """Scrolled by finger, wheel or arrows, both ways."""

    def __init__(self, kit: Kit):
        super().__init__(kit)
        self.notes = label("", TEXT, meaning="second", wraps=True)
        self.table = QTableView()
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setAlternatingRowColors(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(_ROW)
        self.body.addWidget(self.notes)
        self.body.addWidget(self.table, 1)

    def show_paper(self, paper: Paper) -> None:
        """Show a paper in the language in force."""
        words = self.kit.speech.words
        self.title.setText(words(paper.title))
        self.notes.setText(" ".join(note.said(words) for note in paper.notes))
        self.notes.setVisible(bool(paper.notes))
        self.table.setModel(PaperModel(paper, words, self.table))
        header = self.table.horizontalHeader()
        header.setResizeContentsPrecision(200)
        self.table.resizeColumnsToContents()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)


class PaperModel(QAbstractTableModel):
    """A paper's cells as text; below them, where a column has one, its sum."""

    def __init__(self, paper: Paper, words: Words, parent: QTableView):
        super().__init__(parent)
        self._paper, self._words = paper, words
        self._columns = [place for place, column in enumerate(paper.columns) if column.title]
        self._has_totals = any(total is not None for total in paper.totals) and bool(paper.rows)
        self._totals = paper.totals

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return len(self._paper.rows) + self._has_totals

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return len(self._columns)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._words(self._paper.columns[self._columns[section]].title)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        column = self._paper.columns[self._columns[index.column()]]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            is_text = column.kind in (Kind.TEXT, Kind.MOMENT, Kind.DAY)
            side = Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        is_total = index.row() >= len(self._paper.rows)
        if role == Qt.ItemDataRole.FontRole:
            return font(TEXT, SEMIBOLD if is_total else REGULAR)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        cells: Sequence[str | int | None] = self._totals if is_total else self._paper.rows[index.row()]
        return shown.cell(column, cells[self._columns[index.column()]], self._words)

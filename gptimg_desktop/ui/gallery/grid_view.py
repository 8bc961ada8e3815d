"""A list view whose layout is arithmetic: whatever happens costs as much as what can be seen."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QPainter, QRegion
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView

from gptimg_desktop.ui.gallery.anchor import Anchor
from gptimg_desktop.ui.gallery.grid import GAP, Grid
from gptimg_desktop.ui.gallery.steps import step
from gptimg_desktop.ui.gallery.stress import PLAIN, Stress
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel, QEvent, QPersistentModelIndex
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    Index = QModelIndex | QPersistentModelIndex

_log = logging.getLogger(__name__)

_SINGLE_STEP: Final = 6 * UNIT
_MOST_ANNOUNCED: Final = 64
"""Of more rows than that a screen reader is not told one by one that they were selected."""


class GridView(QListView):
    """Cells of one size in columns that fill the width.

    Qt's own layout, which looks at every row, never runs: all that asks for a place is answered by `Grid`. It
    stays a QListView, since Qt shows only such to screen readers as a list of all its rows. What is looked at
    stays where it is, whatever rows come and go above it and however the cells grow (`Anchor`).
    """

    moved = Signal()
    """The user, or a key, has moved the view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._rows: QAbstractItemModel | None = None
        self._grid = Grid()
        self._anchor = Anchor()
        self._tile_width = 200
        self._is_placing = False
        self._hovered = -1
        self._band_from: QPoint | None = None
        self._band = QRect()
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().setSingleStep(_SINGLE_STEP)
        self.verticalScrollBar().valueChanged.connect(self._note_scroll)

    # For subclasses

    def foot(self, width: int) -> int:  # noqa: ARG002
        """The height below the square of a tile that is so wide."""
        return 0

    def note_sight(self) -> None:
        """What is in sight may be another by now."""

    def begin_frame(self, painter: QPainter) -> None:
        """Tiles are going to be painted."""

    def paint_tile(self, tile: QRect, row: int, stress: Stress) -> None:
        """Paint a row's tile, a rectangle of the viewport."""

    # Where things are

    @property
    def grid(self) -> Grid:
        return self._grid

    def rows_in_sight(self) -> range:
        """The rows of which something is seen."""
        top = self.verticalScrollBar().value()
        rows = self._grid.rows_between(top, top + self.viewport().height() - 1)
        return range(rows.start, min(rows.stop, self._grid.count))

    def rows_whole_in_sight(self) -> range:
        """The rows whose tiles are seen to more than a half."""
        top, half = self.verticalScrollBar().value(), self._grid.cell_height // 2
        return self._grid.rows_between(top + half, top + self.viewport().height() - 1 - half)

    def selected_runs(self) -> list[tuple[int, int]]:
        """First and last of each run of selected rows, in their order."""
        return [] if self._rows is None else _runs_of(self.selectionModel().selection())

    def selected_count(self) -> int:
        """How many rows are selected, loaded or not."""
        return sum(last - first + 1 for first, last in self.selected_runs())

    def go_to(self, row: int, share: float | None = None, *, column: int | None = None) -> None:
        """Show a row so many heights of a cell below the upper edge, or right there; in its `column` where it
        had one, else the first line is full again."""
        height = self._grid.cell_height
        if 0 <= row < self._grid.count:
            below = GAP / 2 / height if share is None else share
            self._anchor.put(row, below, column=column, columns=self._grid.columns)
            self._lay_out()

    def set_tile_width(self, width: int, *, near: QPoint | None = None) -> None:
        """About how wide a cell is to be; what is `near` a point of the viewport stays there."""
        if width != self._tile_width:
            self._tile_width = width
            self.regrid(near=near)

    # Layout

    def regrid(self, *, near: QPoint | None = None) -> None:
        """Rows, width or cells are others: what is looked at (or what is `near` a point of the viewport)
        stays in its place."""
        offset = self.verticalScrollBar().value()
        if near is not None:
            self._anchor.drop()
            self._anchor.hold(self._grid, offset, near=near + QPoint(0, offset))
        else:
            self._anchor.hold(self._grid, offset)
        self._lay_out()

    def _lay_out(self) -> None:
        count = 0 if self._rows is None else self._rows.rowCount()
        self._hovered = min(self._hovered, count - 1)
        width = self.viewport().width()
        bare = Grid.fitting(width, self._tile_width, 0, count)
        grid = Grid.fitting(width, self._tile_width, self.foot(bare.cell_width - GAP), count)
        placed = self._anchor.place(grid)
        self._grid, offset = (grid, 0) if placed is None else placed
        self._move_to(offset)
        self.viewport().update()
        self.note_sight()

    def _move_to(self, offset: int) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        self._is_placing = True
        try:
            bar.setRange(0, max(0, self._grid.height - height))
            bar.setPageStep(max(1, height))
            bar.setValue(offset)
        finally:
            self._is_placing = False

    def _note_scroll(self) -> None:
        if not self._is_placing:
            self._anchor.drop()
            self.note_sight()
            self.moved.emit()
        self._hover(self._row_under_mouse())

    # Qt's side: layout

    def setModel(self, model: QAbstractItemModel | None) -> None:
        self._rows = model
        super().setModel(model)
        if model is not None:
            model.rowsRemoved.connect(self._lay_out)

    def reset(self) -> None:
        """Another list begins at its top."""
        super().reset()
        self._anchor.drop()
        self._hovered = -1
        self._lay_out()

    def doItemsLayout(self) -> None:
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:
        if self._rows is not None and self._grid.count != self._rows.rowCount():
            self.regrid()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.regrid()

    def rowsInserted(self, parent: Index, start: int, end: int) -> None:
        if self.verticalScrollBar().value() == 0:
            self._anchor.drop()  # held while cells grew: at the top what is new is to be seen
        self._anchor.hold(self._grid, self.verticalScrollBar().value())
        self._anchor.note_inserted(start, end - start + 1)
        self._lay_out()
        super().rowsInserted(parent, start, end)

    def rowsAboutToBeRemoved(self, parent: Index, start: int, end: int) -> None:
        """The current row may be another after this: no reason to go there."""
        self._anchor.hold(self._grid, self.verticalScrollBar().value())
        self.setAutoScroll(False)
        super().rowsAboutToBeRemoved(parent, start, end)
        self.setAutoScroll(True)
        self._anchor.note_removed(start, end)

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= self._grid.count:
            return QRect()
        return self._grid.tile(index.row(), -self.verticalScrollBar().value())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._row_at(point)
        return QModelIndex() if row is None or self._rows is None else self._rows.index(row, 0)

    def scrollTo(self, index: Index, hint: QListView.ScrollHint = QListView.ScrollHint.EnsureVisible) -> None:
        if not index.isValid() or index.row() >= self._grid.count:
            return
        bar, height = self.verticalScrollBar(), self.viewport().height()
        cell = self._grid.cell(index.row()).adjusted(0, -GAP // 2, 0, GAP // 2)
        above, below = cell.top(), cell.bottom() + 1 - height
        wanted = {
            QListView.ScrollHint.PositionAtTop: above,
            QListView.ScrollHint.PositionAtBottom: below,
            QListView.ScrollHint.PositionAtCenter: (above + below) // 2,
        }.get(hint)
        if wanted is None:
            value = bar.value()
            wanted = min(value, above) if value > above else max(value, min(below, above))
        bar.setValue(wanted)

    # Qt's side: keys and selection

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,  # noqa: ARG002
    ) -> QModelIndex:
        if self._rows is None or not self._grid.count:
            return QModelIndex()
        page = max(1, self.viewport().height() // self._grid.cell_height)
        return self._rows.index(step(self._grid, self.currentIndex().row(), action, page), 0)

    def selectAll(self) -> None:
        """As one range, however many there are."""
        self._select([(0, self._grid.count - 1)], QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def keyboardSearch(self, search: str) -> None:
        """Nothing: Qt would read every row, and letters are wishes here."""

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """A rubber band selects what it touches; keys and clicks all from one row to the other, of which the
        corners of `rect` are points."""
        offset = self._offset()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            runs = self._grid.runs_in(rect.normalized().translated(offset))
        else:
            ends = [self._grid.row_near(point + offset) for point in (rect.topLeft(), rect.bottomRight())]
            known = sorted(row for row in ends if row is not None)
            runs = [(known[0], known[-1])] if known else []
        self._select(runs, command)

    def _select(self, runs: list[tuple[int, int]], command: QItemSelectionModel.SelectionFlag) -> None:
        if self._rows is None or not self._grid.count:
            return
        chosen = QItemSelection()
        for first, last in runs:
            chosen.append(QItemSelectionRange(self._rows.index(first, 0), self._rows.index(last, 0)))
        self.selectionModel().select(chosen, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: ARG002
        """All that is seen: to tell more exactly would cost more than to paint it."""
        return QRegion(self.viewport().rect())

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Without Qt's own, which makes a list of every row that was selected."""
        self.viewport().update()
        for told, kind in (
            (selected, QAccessible.Event.SelectionAdd),
            (deselected, QAccessible.Event.SelectionRemove),
        ):
            self._announce(told, kind)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if QAccessible.isActive() and current.isValid() and self.hasFocus():
            self._tell(QAccessible.Event.Focus, current.row())

    def _announce(self, selection: QItemSelection, kind: QAccessible.Event) -> None:
        if not QAccessible.isActive():
            return
        runs = _runs_of(selection)
        if sum(last - first + 1 for first, last in runs) > _MOST_ANNOUNCED:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.SelectionWithin))
            return
        for first, last in runs:
            for row in range(first, last + 1):
                self._tell(kind, row)

    def _tell(self, kind: QAccessible.Event, row: int) -> None:
        event = QAccessibleEvent(self, kind)
        event.setChild(row)
        QAccessible.updateAccessibility(event)

    # Qt's side: mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a tile that is half seen leaves the view where it is."""
        at = event.position().toPoint()
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._band_from = at + self._offset() if is_left and self._row_at(at) is None else None
        self.setAutoScroll(False)
        super().mousePressEvent(event)
        self.setAutoScroll(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        at = event.position().toPoint()
        self._hover(-1 if event.buttons() else self._row_at(at))
        if self._band_from is not None and self.state() == QAbstractItemView.State.DragSelectingState:
            to = at + self._offset()
            self._band = QRect(self._band_from, QPoint(to.x(), to.y())).normalized()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._band_from, self._band = None, QRect()
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    # Qt's side: paint

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._paint(painter, event.region())
        except Exception:  # noqa: BLE001 - one that leaves a paint event can end the process
            _log.exception("grid not painted")
        finally:
            painter.end()

    def _paint(self, painter: QPainter, area: QRegion) -> None:
        tokens = tokens_for(self.palette())
        window, bounds = QColor(tokens.window), area.boundingRect()
        painter.fillRect(bounds, window)
        self.begin_frame(painter)
        offset = self.verticalScrollBar().value()
        rows = self._grid.rows_between(bounds.top() + offset, bounds.bottom() + offset)
        chosen = self._chosen_among(rows)
        current = self.currentIndex().row() if self.hasFocus() else -1
        for row in rows:
            tile = self._grid.tile(row, -offset)
            if area.intersects(tile):
                is_plain = row not in chosen and row not in (self._hovered, current)
                stress = PLAIN if is_plain else Stress(row in chosen, row == self._hovered, row == current)
                self.paint_tile(tile, row, stress)
        if not self._band.isNull():
            self._paint_band(painter, QColor(tokens.accent))

    def _paint_band(self, painter: QPainter, colour: QColor) -> None:
        soft = QColor(colour)
        soft.setAlpha(48)
        painter.setPen(colour)
        painter.setBrush(soft)
        painter.drawRect(self._band.translated(-self._offset()).adjusted(0, 0, -1, -1))

    def _chosen_among(self, rows: range) -> set[int]:
        chosen: set[int] = set()
        for first, last in self.selected_runs():
            chosen.update(range(max(first, rows.start), min(last + 1, rows.stop)))
        return chosen

    # Small

    def _offset(self) -> QPoint:
        return QPoint(0, self.verticalScrollBar().value())

    def _row_at(self, point: QPoint) -> int | None:
        return self._grid.row_at(point + self._offset())

    def _row_under_mouse(self) -> int | None:
        if not self.viewport().underMouse():
            return None
        return self._row_at(self.viewport().mapFromGlobal(self.cursor().pos()))

    def _hover(self, row: int | None) -> None:
        row = -1 if row is None else row
        if row == self._hovered:
            return
        for each in (self._hovered, row):
            if 0 <= each < self._grid.count:
                self.viewport().update(self._grid.tile(each, -self.verticalScrollBar().value()))
        self._hovered = row


def _runs_of(selection: QItemSelection) -> list[tuple[int, int]]:
    """First and last row of each range, in their order."""
    ranges = (selection.at(place) for place in range(selection.size()))
    return sorted((each.top(), each.bottom()) for each in ranges)

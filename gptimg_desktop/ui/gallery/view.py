"""The grid of tiles."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QItemSelectionModel, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QDrag
from PySide6.QtWidgets import QFrame, QListView

from gptimg_desktop.core.job import Job, JobState
from gptimg_desktop.ui.gallery.delegate import TileDelegate
from gptimg_desktop.ui.gallery.drag_picture import drag_picture
from gptimg_desktop.ui.gallery.silences import Silences
from gptimg_desktop.ui.key_presses import KeyPresses
from gptimg_desktop.ui.theme import UNIT, tokens_for

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex, SignalInstance
    from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent, QResizeEvent, QShowEvent
    from PySide6.QtWidgets import QWidget

    from gptimg_desktop.ui.gallery.model import JobListModel

_log = logging.getLogger(__name__)

_NARROWEST_TILE: Final = 200
_FRAME_MS: Final = 50
_WORKING: Final = frozenset({JobState.SENDING, JobState.ACCEPTED, JobState.READY})


class GalleryView(QListView):
    """Tiles in columns that fill the width. Wishes come as signals; what they are about is `selected_ids`.

    A tile that enters above the first visible row does not move what is looked at, and the light on working
    tiles moves only while one of them can be seen.
    """

    view_wanted = Signal()
    use_key_pressed = Signal()
    reference_key_pressed = Signal()
    next_key_pressed = Signal()
    pick_key_pressed = Signal()
    remove_key_pressed = Signal()
    restore_key_pressed = Signal()
    menu_wanted = Signal(object)
    current_job_changed = Signal(str)

    def __init__(self, model: JobListModel, parent: QWidget | None = None) -> None:
        self._jobs = model
        self._tiles: TileDelegate | None = None
        self._frames: QTimer | None = None
        self._anchor: tuple[str, int] | None = None
        self._presses = KeyPresses()
        self.silences = Silences()
        self._keys: Mapping[int, SignalInstance] = {}
        super().__init__(parent)
        self.setObjectName("galleryView")
        self.setAccessibleName(self.tr("Pictures"))
        self._keys = self._make_keys()
        self._set_up()
        self._tiles = TileDelegate(self, silences=self.silences)
        self.setItemDelegate(self._tiles)
        self._frames = QTimer(self)
        self._frames.setInterval(_FRAME_MS)
        self._frames.timeout.connect(self._show_next_frame)
        model.rowsAboutToBeInserted.connect(self._remember_place)
        self.setModel(model)
        model.job_changed.connect(self._note)
        model.dataChanged.connect(self._wake)
        model.rowsInserted.connect(self._wake)
        model.modelReset.connect(self._wake)
        self.verticalScrollBar().valueChanged.connect(self._wake)

    def _set_up(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setDragEnabled(True)
        self.setDragDropMode(QListView.DragDropMode.DragOnly)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)  # the window's own ground shows between tiles
        self.verticalScrollBar().setSingleStep(6 * UNIT)

    def _make_keys(self) -> Mapping[int, SignalInstance]:
        key = Qt.Key
        return {
            key.Key_Space: self.view_wanted,
            key.Key_Return: self.view_wanted,
            key.Key_Enter: self.view_wanted,
            key.Key_U: self.use_key_pressed,
            key.Key_R: self.reference_key_pressed,
            key.Key_N: self.next_key_pressed,
            key.Key_P: self.pick_key_pressed,
            key.Key_Delete: self.remove_key_pressed,
            key.Key_Backspace: self.remove_key_pressed,
        }

    # What is asked

    def selected_ids(self) -> tuple[str, ...]:
        """The selected jobs, newest first."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return tuple(job.id for job in map(self._jobs.job_at, rows) if job is not None)

    def select_only(self, index: QModelIndex) -> None:
        """Make one tile current and the only selected one; an invalid index clears both."""
        if index.isValid():  # not setCurrentIndex(), which adds to the selection while Ctrl is held
            only = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(index, only)
        else:
            self.selectionModel().clear()

    # Qt's side

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        job = self._jobs.job_at(current.row()) if current.isValid() else None
        self.current_job_changed.emit("" if job is None else job.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    def rowsInserted(self, parent: QModelIndex | QPersistentModelIndex, start: int, end: int) -> None:
        super().rowsInserted(parent, start, end)
        QTimer.singleShot(0, self, self._return_to_place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and event.key() in self._keys:
            self._once(event, self._keys[event.key()])
        elif event.keyCombination().toCombined() == (Qt.Modifier.CTRL | Qt.Key.Key_Z).toCombined():
            self._once(event, self.restore_key_pressed)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._presses.note_release(event)
        super().keyReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self.view_wanted.emit()

    def startDrag(self, supported_actions: Qt.DropAction) -> None:
        try:
            self._drag(supported_actions)
        except Exception:  # noqa: BLE001 - one that leaves a mouse event can end the process
            _log.exception("tiles not dragged")

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        at = event.globalPos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and index.isValid():
            at = self.viewport().mapToGlobal(self.visualRect(index).center())
        if self.selected_ids():
            self.menu_wanted.emit(at)
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._wake()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._frames is not None:
            self._frames.stop()

    # Drag

    def _drag(self, supported_actions: Qt.DropAction) -> None:
        """Carry the files of the selected tiles out of the window; they are copied, never moved."""
        drawn = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        rows = [row for row in drawn if self._jobs.index(row).flags() & Qt.ItemFlag.ItemIsDragEnabled]
        if not rows:
            return
        indexes = [self._jobs.index(row) for row in rows]
        mime = self._jobs.mimeData(indexes)
        jobs = [job for job in map(self._jobs.job_at, rows) if job is not None]
        picture, hot_spot = drag_picture(
            [self._jobs.thumbnail(job.id) for job in jobs[:3]],
            len(mime.urls()),
            tokens_for(self.palette()),
            self.devicePixelRatioF(),
        )
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.setPixmap(picture)
        drag.setHotSpot(hot_spot)
        drag.exec(supported_actions, Qt.DropAction.CopyAction)

    # Columns

    def _fit_columns(self) -> None:
        room = self.viewport().width() - 1
        columns = max(1, room // _NARROWEST_TILE)
        width = max(1, room // columns)
        cell = QSize(width, width + 2 * self.fontMetrics().lineSpacing() + UNIT)
        if cell != self.gridSize() and self._tiles is not None:
            self._tiles.set_cell(cell)
            self.setGridSize(cell)

    # Place

    def _remember_place(self) -> None:
        if self.verticalScrollBar().value() == 0:
            self._anchor = None
            return
        index = self.indexAt(QPoint(self.gridSize().width() // 2, self.gridSize().height() // 2))
        job = self._jobs.job_at(index.row())
        if self._anchor is None and job is not None:
            self._anchor = (job.id, self.visualRect(index).top())

    def _return_to_place(self) -> None:
        anchor, self._anchor = self._anchor, None
        index = self._jobs.index_of(anchor[0]) if anchor else self.rootIndex()
        if anchor is None or not index.isValid():
            return
        top = self.visualRect(index).top()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + top - anchor[1])

    # Patience

    def _note(self, job_id: str) -> None:
        job = self._jobs.job(job_id)
        if job is not None:
            self.silences.note(job)

    # Light

    def _wake(self) -> None:
        if self._frames is not None and self.isVisible() and not self._frames.isActive():
            self._frames.start()

    def _show_next_frame(self) -> None:
        working = [row for row in self._visible_rows() if self._is_working(self._jobs.job_at(row))]
        for row in working:
            self.update(self._jobs.index(row))
        if (not working or self.window().isMinimized()) and self._frames is not None:
            self._frames.stop()

    def _visible_rows(self) -> range:
        """The rows that the viewport shows, by the arithmetic of a uniform grid."""
        cell = self.gridSize()
        if cell.width() < 1 or cell.height() < 1:
            return range(0)
        columns = max(1, (self.viewport().width() - 1) // cell.width())
        above = self.verticalOffset() // cell.height()
        shown = self.viewport().height() // cell.height() + 2
        return range(above * columns, min(self._jobs.rowCount(), (above + shown) * columns))

    @staticmethod
    def _is_working(job: Job | None) -> bool:
        return job is not None and job.state in _WORKING

    def _once(self, event: QKeyEvent, wish: SignalInstance) -> None:
        """One wish for one press; a key that is held down wishes nothing more."""
        event.accept()
        if self._presses.is_new(event):
            wish.emit()

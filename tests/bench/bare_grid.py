"""The reference for the gallery: a list view of Qt over the same thumbnails, and nothing else.

Usage: python -m tests.bench.bare_grid STARTED DATA_DIR WIDTH HEIGHT CELL_WIDTH CELL_HEIGHT BOX

STARTED is the parent's time.monotonic() before it started us. The view has WIDTH × HEIGHT pixels, its tiles
have the cells of the gallery, and the pictures are read and decoded where they are painted, at the size of
BOX. Tells when the first screen was full, and what the process weighs after that.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QByteArray,
    QEvent,
    QModelIndex,
    QObject,
    QSize,
    Qt,
    QTimer,
)
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QListView

from tests.bench.child import tell
from tests.bench.effort import memory_mib

if TYPE_CHECKING:
    from PySide6.QtCore import QPersistentModelIndex

    Index = QModelIndex | QPersistentModelIndex

_NOWHERE: Final = QModelIndex()
CALM_MS: Final = 2_000


class Grid(QAbstractListModel):
    """A row for each thumbnail, newest first; a picture is kept once it was read."""

    def __init__(self, path: Path, box: int) -> None:
        super().__init__()
        self._box = box
        self._file = sqlite3.connect(path)
        newest_first = "SELECT rowid FROM thumbnail ORDER BY rowid DESC"
        self._rows = [row for (row,) in self._file.execute(newest_first)]
        self._pictures: dict[int, QPixmap] = {}

    def rowCount(self, parent: Index = _NOWHERE) -> int:  # noqa: N802 - Qt's name
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._picture(index.row()) if role == Qt.ItemDataRole.DecorationRole else None

    def _picture(self, row: int) -> QPixmap:
        if row not in self._pictures:
            question = "SELECT picture FROM thumbnail WHERE rowid = ?"
            (content,) = self._file.execute(question, (self._rows[row],)).fetchone()
            buffer = QBuffer()
            buffer.setData(QByteArray(content))
            reader = QImageReader(buffer)
            reader.setScaledSize(
                reader.size().scaled(self._box, self._box, Qt.AspectRatioMode.KeepAspectRatio)
            )
            self._pictures[row] = QPixmap.fromImage(reader.read())
        return self._pictures[row]


class FirstScreen(QObject):
    """Tells the seconds until the event loop is back from the first paint of the grid, and the memory some
    time later."""

    def __init__(self, view: QListView, started: float) -> None:
        super().__init__(view)
        self._view = view
        self._started = started
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Paint:
            self._view.viewport().removeEventFilter(self)
            QTimer.singleShot(0, self, self._note)
        return super().eventFilter(watched, event)

    def _note(self) -> None:
        self._took = time.monotonic() - self._started
        QTimer.singleShot(CALM_MS, self, self._tell)

    def _tell(self) -> None:
        tell({"first_screen_s": self._took, "memory_mib": memory_mib("VmRSS")})
        self._view.close()


def main(started: float, data_dir: Path, room: QSize, cell: QSize, box: int) -> int:
    application = QApplication(sys.argv[:1])
    view = QListView()
    view.setViewMode(QListView.ViewMode.IconMode)
    view.setMovement(QListView.Movement.Static)
    view.setResizeMode(QListView.ResizeMode.Adjust)
    view.setUniformItemSizes(True)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setGridSize(cell)
    view.setModel(Grid(data_dir / "thumbnails.sqlite3", box))
    view.resize(room)
    FirstScreen(view, started)
    view.show()
    return application.exec()


if __name__ == "__main__":
    started, data_dir, *numbers = sys.argv[1:]
    width, height, cell_width, cell_height, box = map(int, numbers)
    room, cell = QSize(width, height), QSize(cell_width, cell_height)
    sys.exit(main(float(started), Path(data_dir), room, cell, box))
